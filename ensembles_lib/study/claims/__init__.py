"""The article's 33 claims, in our words; the rule by which each is judged is named after it.

A rule (`claim_24_units_exist`, say) takes the evidence (see `open_all`) and an empty dict, writes
there the conditions that the claim comes down to, each with whether it is met, and returns the size
of the effect, and the control, in words and numbers. Thresholds stand in rules and nowhere else.
Beside the rules stand the experiments whose numbers they read.
"""

from . import borders, comparing, ensembles, neurons, pictures, synapses

CLAIMS = {  # by number: the claim, and the notebooks that show it
    1: ("37 neurons and 460 synapses, given (x, y), learn to paint a recognisable peacock", "01"),
    2: ("Mini-batch backprop with energy restriction suffices; better methods hardly help",
        "01, 06"),
    3: ("Some late neurons look like parts of the picture, others like a cacophony", "01"),
    4: ("What excites a neuron most is a poor guide to its meaning", "01"),
    5: ("The picture has more elements than the network has neurons to give them", "01"),
    6: ("One neuron compares two real numbers by two synapses of opposite sign", "02"),
    7: ("One neuron compares 4-bit numbers by 8:4:2:1; not every algorithm finds it", "02"),
    8: ("That neuron holds two ensembles of synapses; splitting it only complicates", "02"),
    9: ("An ensemble can span several neurons", "02, 03, 05"),
    10: ("Synapses that move borders unequally together control the gap between them", "03"),
    11: ("Of four borders the outer two depend on one neuron each, the inner need a concert", "03"),
    12: ("Every synapse touches the whole signal; weak ones spoil others before they help",
         "03, 05"),
    13: ("An ensemble works only in its environment, and hardly feels small changes of it",
         "03, 05"),
    14: ("Synapse 0 alone tilts the bird, and does nothing else", "04"),
    15: ("Under a huge move other properties change; the real working range is smaller", "04"),
    16: ("The neighbour of a synapse moves another property, against what the map suggests", "04"),
    17: ("Close synapses often move what looks like one property, but not in general", "04"),
    18: ("Synapse 418 belongs to the ensemble of the green balance", "04"),
    19: ("0 and 418 together move two properties side by side; mixing helps only close by", "04"),
    20: ("Two synapses both enlarge the area under a wing, and together spare its length", "05"),
    21: ("The neuron that holds a property need not show it: maps hide what synapses do", "05, 06"),
    22: ("Some 46 synapses in 7 neurons or more shape that area; all others leave it alone", "05"),
    23: ("The same holds for other areas, colours and shapes", "05"),
    24: ("Units of meaning exist: ensembles of synapses of different sizes, not neurons", "06"),
    25: ("Most neurons take part in several ensembles", "05, 06"),
    26: ("A neuron and a mixture of close ones are alike; in weights, only far mixing harms", "06"),
    27: ("The less there is to spare, the more a network separates properties", "06"),
    28: ("Which late neurons look meaningful is partly luck: those that gather geometry do", "06"),
    29: ("An algorithm finds the ensembles, and recovers known ones", "05"),
    30: ("A property can be moved by a chosen amount while the others stand still", "05, 07"),
    31: ("Energy restriction widens working ranges and makes ensembles robust, at no cost", "06"),
    32: ("The stiff directions of the network are its ensembles", "06"),
    33: ("The same measures tell networks that others trained or evolved apart", "08"),
}  # fmt: skip
RULES = {
    int(name.split("_")[1]): rule
    for module in (pictures, comparing, borders, synapses, ensembles, neurons)
    for name, rule in vars(module).items()
    if name.startswith("claim_")
}

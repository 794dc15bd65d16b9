"""The article's 33 claims, and the rule by which each is judged.

A rule (`claim_24_units_exist`, say) is described by its claim, in our words, and the notebooks that
show it. It takes the evidence (see `open_all`) and an empty dict, writes there the conditions that
the claim comes down to, each with whether it is met, and returns the size of the effect, and the
control, in words and numbers. Thresholds stand in rules and nowhere else. Beside the rules stand
the experiments whose numbers they read, dicts by what was measured.
"""

from . import borders, comparing, ensembles, neurons, pictures, synapses

RULES = {  # by the number of the claim
    int(name.split("_")[1]): rule
    for module in (pictures, comparing, borders, synapses, ensembles, neurons)
    for name, rule in vars(module).items()
    if name.startswith("claim_")
}

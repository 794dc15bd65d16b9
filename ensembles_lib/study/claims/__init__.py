"""The article's 33 claims, and the rule by which each is judged.

The docstring of a rule (`claim_24_units_exist`, say) is its claim, in our words, and the notebooks
that show it. A rule takes the evidence (see `open_all`) and an empty dict, writes there the
conditions that the claim comes down to, each with whether it is met, and returns effect and control
in words and numbers. Thresholds stand in rules alone; beside these, the experiments they read.
"""

from . import borders, comparing, ensembles, neurons, pictures, synapses

RULES = {  # by the number of the claim
    int(name.split("_")[1]): rule
    for module in (pictures, comparing, borders, synapses, ensembles, neurons)
    for name, rule in vars(module).items()
    if name.startswith("claim_")
}

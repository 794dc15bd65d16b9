"""The article's assertions and ours, 37 claims, and the rule by which each is judged.

The docstring of a rule (`claim_24_units_exist`, say) is its claim, in our words, and the notebooks
that show it. A rule takes the evidence of one cell of wiring and trainer (see `of_cell` of
`study.verdicts`) and an empty dict, writes there the conditions that the claim comes down to, each
with whether it is met (None where that cannot be told here), and returns effect and control in
words and numbers. Thresholds stand in rules alone; the experiments that they read the numbers of
lie in tools/data/measuring/.

A rule has at most one test, marked so: all eight networks must agree (sign test, p < 0.01).
Correcting for some twenty tests a cell would leave eight networks nothing to find; one in a hundred
by chance is what that leaves, and is said here instead. All else compares medians, and describes.
"""

from . import components, ensembles, neurons, pictures, planted, synapses, wirings

MODULES = pictures, planted, synapses, ensembles, neurons, wirings, components
RULES = {  # by the number of the claim
    int(name.split("_")[1]): rule
    for module in MODULES
    for name, rule in vars(module).items()
    if name.startswith("claim_")
}
# What was asked of networks of every wiring and trainer; the others have no such cells.
BY_CELL = (*range(1, 6), *range(14, 29), 30, 31, 32, 36, 37)

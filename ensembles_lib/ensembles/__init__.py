"""Which synapses hold a property, how it is moved alone, and bases of such moves.

In the order of reading:

- `sensitivities`: what each synapse does to each property or region, in working ranges; the leak
- `members`: sets of synapses made of these numbers
- `start`, `moves`: one property moved while all others stand still, by what steps, to any amount
  by a slider, and by one synapse; `smallest_ensembles`: by few
- `jitter`: what is left of a move when the rest of the network changes, at random or at worst
- `spectrum`: stiff and sloppy directions; `mixtures`: random ones, of synapses and of neurons
- `independent_components`: sets of synapses that nobody named, from the Jacobian alone;
  `patterns`: where one lies, and which ones the same synapses make
- `suggested_properties`: what can be moved in any picture with named regions
"""

from ..sweeps.ranges import linear_ranges
from .independent_components import Components, components
from .jitter import Robustness, robustness, worst_jitter
from .members import (
    compensating_pairs,
    f1_score,
    hidden_synapses,
    membership,
    overlaps,
    participants,
    towards,
)
from .mixtures import (
    equal_change_lengths,
    late_and_mixed,
    late_neurons,
    mixed_maps,
    random_bases,
    random_mixture,
)
from .moves import best_single_move, coordinated_move, property_slider
from .patterns import families, part_of, spill, spills, typical
from .sensitivities import (
    leak,
    selectivity,
    sensitivity,
    units,
)
from .smallest_ensembles import ensemble
from .spectrum import stiff_overlaps
from .suggested_properties import suggest_properties

__all__ = [
    "best_single_move", "compensating_pairs", "Components", "components", "coordinated_move",
    "ensemble", "equal_change_lengths", "f1_score", "families", "hidden_synapses", "late_and_mixed",
    "late_neurons", "leak", "linear_ranges", "membership", "mixed_maps", "overlaps", "part_of",
    "participants", "property_slider", "random_bases", "random_mixture", "Robustness", "robustness",
    "selectivity", "sensitivity", "spill", "spills", "stiff_overlaps", "suggest_properties",
    "towards", "typical", "units", "worst_jitter",
]  # fmt: skip

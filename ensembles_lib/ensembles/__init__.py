"""Which synapses hold a property, how it is moved alone, and bases of such moves.

In the order of reading:

- `sensitivities`: what each synapse does to each property, in working ranges; the leak
- `members`, `pairs`: sets of synapses made of these numbers; `moved_regions`: the same of a region
- `start`, `steps`, `moves`: one property moved while all others stand still, and by what steps;
  `slider` follows such a move to any amount
- `single_moves`, `control` (by `control_search`): the same with one synapse, or with few
- `jitter`: what is left of a move when the rest of the network changes
- `equal_moves`, `untangling`, `bases`: how many properties the directions of a basis move, at
  equal change of the picture; `spectrum`: stiff and sloppy directions; `mixtures` of neurons
- `suggested_properties`: what can be moved in any picture with named regions
"""

from .bases import compare_bases, random_bases
from .control import control_ensemble
from .equal_moves import equal_change_lengths
from .jitter import Robustness, robustness
from .members import f1_score, hidden_synapses, membership, overlaps, participation_ensemble
from .mixtures import late_neurons, mixed_maps
from .moved_regions import moved_by_region
from .moves import coordinated_move
from .pairs import compensating_pairs
from .sensitivities import leak, linear_ranges, property_gradients, selectivity, sensitivity
from .single_moves import best_single_move
from .slider import property_slider
from .spectrum import stiff_overlaps
from .suggested_properties import suggest_properties

__all__ = [
    "best_single_move", "compare_bases", "compensating_pairs", "control_ensemble",
    "coordinated_move", "equal_change_lengths", "f1_score", "hidden_synapses", "late_neurons",
    "leak", "linear_ranges", "membership", "mixed_maps", "moved_by_region", "overlaps",
    "participation_ensemble", "property_gradients", "property_slider", "random_bases", "Robustness",
    "robustness", "selectivity", "sensitivity", "stiff_overlaps", "suggest_properties",
]  # fmt: skip

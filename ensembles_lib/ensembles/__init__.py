"""Which synapses hold a property, how it is moved alone, and bases of such moves."""

from .bases import compare_bases, random_bases
from .control import control_ensemble
from .ensembles import (
    compensating_pairs,
    f1_score,
    hidden_synapses,
    membership,
    overlaps,
    participation_ensemble,
)
from .equal_moves import equal_change_lengths
from .jitter import Robustness, robustness
from .mixtures import late_neurons, mixed_maps
from .moves import coordinated_move
from .sensitivities import (
    leak,
    linear_ranges,
    moved_by_region,
    property_gradients,
    selectivity,
    sensitivity,
)
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

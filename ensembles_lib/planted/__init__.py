"""Part two of the article: networks built by hand, whose ensembles are known.

Read `comparators` first (the networks), then `rules` (whether they can be learnt), `borders` (where
an output switches, and what moves that place) and `border_moves` (one border moved alone).
`quilts` and `picture_moves` are ours: hundreds of synapses whose ensembles are known, since they
were sewn together, or since they move the whole picture.
"""

from .border_moves import best_single_synapse, frozen_move, move_border, move_borders
from .borders import (
    border_sensitivities,
    borders_with_own_neuron,
    find_borders,
    learn_borders,
    line,
    neuron_shares,
    signal_ranges,
)
from .comparators import (
    Planted,
    all_pairs,
    compare_binary,
    compare_binary_two_neurons,
    four_neurons,
    gap_between_borders,
    two_regions,
    what_numbers_add,
)
from .picture_moves import exact_moves
from .quilts import Quilt, quilt, sew
from .rules import (
    RULES,
    answers,
    gradient_descent,
    learn_to_compare,
    marquardt,
    mistakes,
    squared_error,
    unexplained,
)

__all__ = [
    "all_pairs", "answers", "best_single_synapse", "border_sensitivities",
    "borders_with_own_neuron", "compare_binary", "compare_binary_two_neurons", "exact_moves",
    "find_borders", "four_neurons", "frozen_move", "gap_between_borders", "gradient_descent",
    "learn_borders", "learn_to_compare", "line", "marquardt", "mistakes", "move_border",
    "move_borders", "neuron_shares", "Planted", "Quilt", "quilt", "RULES", "sew",
    "signal_ranges", "squared_error", "two_regions", "unexplained",
    "what_numbers_add",
]  # fmt: skip

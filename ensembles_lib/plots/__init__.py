"""Figures of the notebooks, all in one look.

Read `style` first, the colours; then `panels`, placed in inches and never fitted around their
labels: fonts differ between versions of matplotlib, and pictures should not move with them. Then
by kind: `strips` of pictures, their `changes`, `squares` for synapses, `rows` of dots, `curves`;
by subject: `comparisons`, `borders`, `verdicts`, `atlases`, `evolved`, `turns`.
Every function makes a figure of its own, and returns its axes if there is one panel, else the
figure.
"""

try:
    import matplotlib  # noqa: F401
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "figures and widgets need matplotlib and ipywidgets: pip install 'ensembles-lib[lab]'"
    ) from None

from .atlases import atlas_sheet, map_rows
from .borders import (
    border_map,
    line_network,
    neurons_and_signal,
    signals,
    signals_and_weights,
    strength_and_leak,
)
from .changes import change_over, change_picture
from .comparisons import (
    answer_maps,
    comparison_strip,
    error_and_mistakes,
    passes_to_solve,
    two_numbers,
)
from .curves import (
    bands,
    by_depth,
    by_neuron,
    by_size,
    geometry_shares,
    jitter_curves,
    stiff_and_sloppy,
)
from .evolved import evolved_and_learnt, left_like_right
from .rows import (
    bases_compared,
    dots,
    dots_and_controls,
    joined_dots,
    leak_dots,
    share_bars,
    spans,
    stacked_dots,
    trades,
)
from .squares import neuron_shares, quilt_sheet, share_matrix, synapse_columns, wiring_diagram
from .strips import (
    film_strip,
    neurons_and_mixtures,
    picture_grid,
    pulled_pattern,
    ranked_pictures,
    region_map,
    ringed,
)
from .style import ACTIVATION, BLUE, INK, OCHRE, QUIET, SIGNED, set_style
from .turns import moved_squares, turned_arrows
from .verdicts import verdict_board

__all__ = [
    "ACTIVATION", "answer_maps", "atlas_sheet", "bands", "bases_compared", "BLUE", "border_map",
    "by_depth", "by_neuron", "by_size", "change_over", "change_picture", "comparison_strip", "dots",
    "dots_and_controls", "error_and_mistakes", "evolved_and_learnt", "film_strip",
    "geometry_shares", "INK", "jitter_curves", "joined_dots", "leak_dots", "left_like_right",
    "line_network", "map_rows", "moved_squares", "neuron_shares", "neurons_and_mixtures",
    "neurons_and_signal", "OCHRE", "passes_to_solve", "picture_grid", "pulled_pattern", "QUIET",
    "quilt_sheet", "ranked_pictures", "region_map", "ringed", "set_style", "share_bars",
    "share_matrix", "signals", "signals_and_weights", "SIGNED", "spans", "stacked_dots",
    "stiff_and_sloppy", "strength_and_leak", "synapse_columns", "trades", "two_numbers",
    "verdict_board", "wiring_diagram",
]  # fmt: skip

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
from .borders import border_map, line_network, neurons_and_signal, signals, signals_and_weights
from .changes import change_over, change_picture
from .comparisons import answer_maps, comparison_strip, two_numbers
from .curves import geometry_shares, medians, stiff_and_sloppy
from .evolved import left_like_right
from .rows import dots, joined_dots, share_bars
from .squares import quilt_sheet, share_matrix, synapse_columns, wiring_diagram
from .strips import film_strip, picture_grid, pulled_patterns, ranked_pictures
from .style import BLUE, INK, OCHRE, QUIET, SIGNED, set_style
from .turns import moved_squares, turned_arrows
from .verdicts import verdict_board

__all__ = [
    "answer_maps", "atlas_sheet", "BLUE", "border_map", "change_over",
    "change_picture", "comparison_strip", "dots", "film_strip", "geometry_shares", "INK",
    "joined_dots", "left_like_right", "line_network", "map_rows", "medians", "moved_squares",
    "neurons_and_signal", "OCHRE", "picture_grid", "pulled_patterns", "QUIET", "quilt_sheet",
    "ranked_pictures", "set_style", "share_bars", "share_matrix", "signals",
    "signals_and_weights", "SIGNED", "stiff_and_sloppy", "synapse_columns", "turned_arrows",
    "two_numbers", "verdict_board", "wiring_diagram",
]  # fmt: skip

"""Figures: film strips, activation sheets, wiring and training, all in one look.

Functions that draw one panel take ``ax=None`` and return the axes; those that draw a sheet of
panels make their own figure and return it. Panels are placed in inches, never fitted around
their labels: fonts differ between versions of matplotlib, and pictures should not move with them.
"""

try:
    import matplotlib  # noqa: F401
except ModuleNotFoundError:
    raise ModuleNotFoundError(
        "figures and widgets need matplotlib and ipywidgets: pip install 'ensembles-lib[lab]'"
    ) from None

from .atlases import atlas_sheet
from .comparisons import (
    answer_maps,
    comparison_strip,
    error_and_mistakes,
    passes_to_solve,
    stacked_dots,
)
from .finding import jitter_curves, leak_dots, neuron_shares, region_strip, synapse_columns
from .lines import bands, border_map, signals, strength_and_leak
from .networks import activation_sheet, by_neuron, dots, training_curves, wiring_diagram
from .regions import region_map
from .style import (
    ACTIVATION,
    BLUE,
    COLOURS,
    FAINT,
    GREEN,
    INK,
    OCHRE,
    QUIET,
    RUST,
    SIGNED,
    film_strip,
    set_style,
    sheet,
)
from .summaries import by_size, evolved_and_learnt, trades, verdict_board
from .sweeping import (
    by_depth,
    change_curve,
    change_picture,
    change_strip,
    picture_grid,
    ranking,
    spans,
)
from .verdicts import bases_compared, neurons_and_mixtures, stiff_and_sloppy

__all__ = [
    "ACTIVATION", "activation_sheet", "answer_maps", "atlas_sheet", "bands", "bases_compared",
    "BLUE", "border_map", "by_depth", "by_neuron", "by_size", "change_curve", "change_picture",
    "change_strip", "COLOURS", "comparison_strip", "dots", "error_and_mistakes",
    "evolved_and_learnt", "FAINT", "film_strip", "GREEN", "INK", "jitter_curves", "leak_dots",
    "neuron_shares", "neurons_and_mixtures", "OCHRE", "passes_to_solve", "picture_grid", "QUIET",
    "ranking", "region_map", "region_strip", "RUST", "set_style", "sheet", "signals", "SIGNED",
    "spans", "stacked_dots", "stiff_and_sloppy", "strength_and_leak", "synapse_columns", "trades",
    "training_curves", "verdict_board", "wiring_diagram",
]  # fmt: skip

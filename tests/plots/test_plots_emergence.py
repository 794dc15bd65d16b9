"""Oracle: medians by hand, read back from the figure."""

import numpy as np
import pytest

from ensembles_lib import plots
from ensembles_lib.plots.emergence import KINDS, appearance_by_kind

HISTORY = {
    "rmse": [0.5, 0.3, 0.1],
    "appeared": [0, 1, 2, -1],
    "spread": [0.9, 0.8, 0.1, 0.9],
    "geometry": [0.0, 0.6, 0.5, 0.9],
    "colour": [0.5, 0.1, 0.1, 0.0],
    "share": [0.9, 0.5, 0.2],
    "first": [1.0, 0.8, 0.7],
}


def test_kinds_have_the_median_error_of_what_appeared():
    """By hand; what never appeared counts nowhere."""
    told = appearance_by_kind(HISTORY)
    wanted = {"whole": 0.4, "part": 0.1, "colour": 0.5, "geometry": 0.2}
    assert told == pytest.approx(wanted)
    none = appearance_by_kind(HISTORY | {"appeared": [-1] * 4})
    assert list(none) == [*KINDS] and np.isnan([*none.values()]).all()


def test_dots_and_bars_are_those_of_networks():
    late = HISTORY | {"rmse": [0.4, 0.2, 0.05]}
    figure = plots.emergence_by_kind({"narrow-backprop-0.001": [HISTORY, late, late]})
    left, *right = figure.axes
    assert [text.get_text() for text in left.get_yticklabels()] == [*KINDS]
    dots = [sorted(line.get_xdata().tolist()) for line in left.lines]
    for row, kind in enumerate(KINDS):
        wanted = sorted(appearance_by_kind(one)[kind] for one in (HISTORY, late, late))
        assert dots[row] == pytest.approx(wanted)
        assert left.collections[row].get_segments()[0][0, 0] == pytest.approx(wanted[1])
    assert left.xaxis_inverted() and "narrow\nbackprop" in [t.get_text() for t in left.texts]
    for ax, what in zip(right, ("share", "first"), strict=True):
        assert list(ax.lines[0].get_ydata()) == HISTORY[what]


def test_thick_lines_are_medians_at_like_errors():
    """Three networks that have the same error: the median of their shares."""
    rows = [HISTORY | {"share": [level, 0.5, 0.2]} for level in (0.6, 0.7, 0.95)]
    ax = plots.emergence_by_kind({"narrow": rows}).axes[1]
    x, y = ax.lines[3].get_data()
    np.testing.assert_allclose(x, [0.1, 0.3, 0.5])
    np.testing.assert_allclose(y, [0.2, 0.5, 0.7])

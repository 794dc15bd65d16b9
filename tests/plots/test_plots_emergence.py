"""Oracle: shares and medians by hand, read back from the figure."""

import numpy as np

from ensembles_lib import plots

HISTORY = {"rmse": [0.5, 0.3, 0.1], "share": [0.9, 0.5, 0.2], "first": [1.0, 0.8, 0.7]}


def test_thin_lines_are_histories():
    figure = plots.geometry_shares({"narrow": [HISTORY], "wide": [HISTORY | {"first": [0.5] * 3}]})
    for ax, what in zip(figure.axes, ("share", "first"), strict=True):
        assert list(ax.lines[0].get_xdata()) == HISTORY["rmse"] and ax.xaxis_inverted()
        assert list(ax.lines[0].get_ydata()) == HISTORY[what]
    assert list(figure.axes[1].lines[2].get_ydata()) == [0.5] * 3
    assert {ax.get_xlabel() for ax in figure.axes} == {"RMSE, falling to the right"}
    assert [text.get_text() for text in figure.axes[1].texts] == ["narrow", "wide"]


def test_thick_lines_are_medians_at_like_errors():
    """Three networks that have the same error: the median of their shares."""
    rows = [HISTORY | {"share": [level, 0.5, 0.2]} for level in (0.6, 0.7, 0.95)]
    ax = plots.geometry_shares({"narrow": rows}).axes[0]
    x, y = ax.lines[3].get_data()
    np.testing.assert_allclose(x, [0.1, 0.3, 0.5])
    np.testing.assert_allclose(y, [0.2, 0.5, 0.7])

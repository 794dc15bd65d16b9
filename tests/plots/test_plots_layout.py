"""Oracle: a reader sees all that is drawn. Nothing is cut off, and no words lie on other words.

Each figure of the room is drawn once, small where that is enough.
"""

import inspect
import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from ensembles_lib import (
    Network,
    Picture,
    Wiring,
    article_wiring,
    atlas,
    layered_wiring,
    plots,
    sweep_grid,
)
from ensembles_lib.ensembles import components
from ensembles_lib.planted import four_neurons
from ensembles_lib.study.verdicts import Verdict, VerdictTable

INCH = 100  # pixels
FUNCTIONS = [name for name in plots.__all__ if inspect.isfunction(getattr(plots, name))]
CELLS = [f"{wiring}-{how}" for wiring in ("narrow", "wide") for how in ("backprop-0.001", "lm-x-0")]
JUDGED = ("holds", "in part", "in part, its test failed", "does not hold")


def judged(n_claims):
    """Return a table of so many claims: each in four cells, but the last, which is of none."""
    words = "A claim that is told in so many words that they take two lines of the board, or three"
    found = [
        Verdict(n, words, verdict, "", "", "", {"so": n % 2 == 0, "and so": True}, cell)
        for n in range(1, n_claims)
        for cell, verdict in zip(CELLS, JUDGED, strict=True)
    ]
    last = Verdict(n_claims, "One.", "cannot be tested here", "", "", "", {"so": None}, "")
    return VerdictTable([*found, last])


LINES = {"trained": [0.2, 0.5, 0.1], "untrained": [0.1, 0.1, 0.2]}
HISTORY = {"rmse": [0.5, 0.3, 0.1], "share": [0.8, 0.4, 0.2], "first": [0.9, 0.9, 0.8]}
REPORT = {"values": np.geomspace(1, 1e-9, 54), "participation": np.linspace(1, 54, 54)}
REPORT |= dict.fromkeys(("noise", "elsewhere", "gradients", "moves"), np.ones((1, 54)))
COMPARED = Wiring([[0, 1, 2, 3]], n_inputs=4, n_outputs=1), [[2, 1, -2, -1], [2, 2, -2, -1]], 2
NETWORK, BUILT = Network.random(article_wiring(), seed=1), four_neurons().network
GREY, SETS = np.zeros((4, 4, 3)), np.array([0, 1])
FIGURES = {
    "answer_maps": lambda: plots.answer_maps([np.eye(5), -np.eye(5)], ["equal", "different"]),
    "border_map": lambda: plots.border_map(
        np.linspace(-1, 1, 2 * 27).reshape(2, 27), layered_wiring((2, 4, 3)), label="motion"
    ),
    "comparison_strip": lambda: plots.comparison_strip(*COMPARED, ["right", "bent"]),
    "dots": lambda: plots.dots(
        {"error": [[1, 2], [0, 9], [3, np.inf]], "range": [[5, 6], [2, 3], [9]]},
        ["narrow, backprop", "as steep", "wide"],
        (plots.BLUE, plots.QUIET),
        [(0, 1)],
    ),
    "film_strip": lambda: plots.film_strip(
        [GREY, GREY], ["grey", "-1 R"], 1, 4.5, "change", rows=["before", "random mixtures"]
    ),
    "geometry_shares": lambda: plots.geometry_shares({"narrow": [HISTORY]}),
    "joined_dots": lambda: plots.joined_dots(
        {"birds": [[5, 9], [6, 8]], "blots": [[3, 4]]}, ["near", "far"], "n", [1, 18], "one bird"
    ),
    "left_like_right": lambda: plots.left_like_right(
        {"apple": {"networks": [{"mirror": share} for share in (0.9, 0.6)]}}
    ),
    "line_network": lambda: plots.line_network(BUILT),
    "map_rows": lambda: plots.map_rows(
        atlas(NETWORK, size=8, steps=3, progress=False), {"hidden": range(4)}, columns=2
    ),
    "medians": lambda: plots.medians(
        [1, 10, 100], {"share": LINES, "error": LINES}, "passes", log=["passes", "error"]
    ),
    "moved_squares": lambda: plots.moved_squares(
        dict.fromkeys(("start", "leaning"), Picture(GREY)), {"leaning": [[1, 0.2, 0], [0, 1, 0]]}
    ),
    "neurons_and_signal": lambda: plots.neurons_and_signal({"built": BUILT}),
    "picture_grid": lambda: plots.picture_grid(
        sweep_grid(NETWORK, (0, 18), ([-1, 1], [-1, 1]), size=16),
        *(["-1", "+1"], ["-1", "+1"], ("synapse 0", "synapse 18")),
    ),
    "pulled_patterns": lambda: plots.pulled_patterns(
        {"a network": (NETWORK, components(NETWORK, count=4, size=16), 0)}
    ),
    "quilt_sheet": lambda: plots.quilt_sheet([GREY, GREY], ["quilt", "0"], SETS, SETS),
    "ranked_pictures": lambda: plots.ranked_pictures(
        {"taught": [NETWORK] * 2}, {"taught": [0.7, 0.3]}, size=8
    ),
    "share_bars": lambda: plots.share_bars(
        {"one": [0.9, 0.1], "many": [0.5, 0.5]}, ["tilt", "width"]
    ),
    "share_matrix": lambda: plots.share_matrix(
        np.eye(18, 37), [f"area under property {n}" for n in range(18)], range(37), "neuron"
    ),
    "signals": lambda: plots.signals({"two regions": BUILT}, BUILT, letters=True),
    "signals_and_weights": lambda: plots.signals_and_weights(
        {"synapse 8": BUILT.with_weight(8, -4.1)}, BUILT
    ),
    "stiff_and_sloppy": lambda: plots.stiff_and_sloppy(REPORT, REPORT),
    "synapse_columns": lambda: plots.synapse_columns(
        np.arange(460.0), article_wiring(), [3], "strength"
    ),
    "turned_arrows": lambda: plots.turned_arrows(NETWORK, NETWORK.with_weight(0, 1.0), [0]),
    "two_numbers": lambda: plots.two_numbers(*COMPARED, ["right", "bent"]),
    "verdict_board": lambda: plots.verdict_board(judged(5)),
    "wiring_diagram": lambda: plots.wiring_diagram(NETWORK, neuron=4),
}


def test_every_figure_is_looked_at():
    returned = {name: getattr(plots, name).__annotations__.get("return") for name in FUNCTIONS}
    assert {name for name, of in returned.items() if of in (plt.Axes, plt.Figure)} == set(FIGURES)


def words_of(figure, monkeypatch):
    """Return what is written in a figure and where: ticks out of view are not."""
    written, draw = [], Text.draw

    def note(text, renderer):
        written.append(text)
        draw(text, renderer)

    with monkeypatch.context() as patch:
        patch.setattr(Text, "draw", note)
        figure.canvas.draw()
    return [
        (text.get_text(), text.get_window_extent())
        for text in dict.fromkeys(written)
        if text.get_visible() and text.get_text().strip()
    ]


@pytest.mark.parametrize("name", FIGURES)
def test_all_that_is_drawn_can_be_seen(name, monkeypatch):
    plots.set_style()
    FIGURES[name]()
    for figure in map(plt.figure, plt.get_fignums()):
        words = words_of(figure, monkeypatch)
        width, height = figure.bbox.size
        seen = figure.get_tightbbox().extents * INCH
        outside = np.array([-seen[0], -seen[1], seen[2] - width, seen[3] - height]) / INCH
        assert outside.max() < 0.06, f"{outside.max():.2f} inches are cut off"
        for (one, a), (other, b) in itertools.combinations(words, 2):
            across = min(a.x1, b.x1) - max(a.x0, b.x0)
            along = min(a.y1, b.y1) - max(a.y0, b.y0)
            assert across < 1 or along < 2, f"{one!r} lies on {other!r}"
        for ax in figure.axes:
            assert in_view(ax), f"{ax.get_title()!r} does not show all that is in it"


def in_view(ax):
    """Do the limits of axes hold all points of their lines and all of their images?"""
    x, y = (sorted(limits) for limits in (ax.get_xlim(), ax.get_ylim()))
    points = [
        line.get_xydata()
        for line in ax.lines
        if line.get_transform().contains_branch_seperately(ax.transData) == (True, True)
        and line.get_clip_on()
    ]
    points += [np.reshape(image.get_extent(), (2, 2)).T for image in ax.images]
    for one in points:
        one = np.asarray(one, float)
        one = one[np.isfinite(one).all(axis=1)]
        slack = 1e-6 + 1e-9 * np.abs(one).max(initial=0)
        if (one < np.array([x[0], y[0]]) - slack).any():
            return False
        if (one > np.array([x[1], y[1]]) + slack).any():
            return False
    return True


def test_what_is_cut_off_or_hidden_is_noticed(monkeypatch):
    """Oracle: a figure spoilt on purpose."""
    figure = plots.share_bars({"one": [0.9, 0.1]}, ["tilt", "width"])
    assert isinstance(figure, Figure) and in_view(figure.axes[0])
    figure.axes[0].plot([1, 2], [5, 5])
    figure.axes[0].set_ylim(-1, 1)
    assert not in_view(figure.axes[0])
    figure.text(1.2, 0.5, "far away")
    assert "far away" in [word for word, _ in words_of(figure, monkeypatch)]
    assert figure.get_tightbbox().x1 * INCH > figure.bbox.width


def test_the_board_has_the_mark_of_each_verdict_in_the_column_of_its_cell():
    """Oracle: verdicts of the table, and the key; both are drawn with one colour and form."""
    board = plots.verdict_board(judged(4)).axes[0]
    forms = [
        (line.get_color(), line.get_marker(), line.get_markerfacecolor() == "none")
        for line in board.lines
    ]
    assert len(set(forms[:5])) == 5
    places = np.array([line.get_xydata()[0] for line in board.lines])
    assert len(set(places[:5, 0])) == 3 and len(set(places[:5, 1])) == 2  # a grid of the key
    kinds = [*JUDGED, "cannot be tested here"]
    for (x, y), form, kind in zip(places[:5], forms, kinds, strict=False):
        (word,) = [text for text in board.texts if text.get_text() == kind]
        assert word.get_color() == form[0] and word.get_position()[1] == y
        assert 0.1 < word.get_position()[0] - x < 0.3
    names = {text.get_text(): text.get_position() for text in board.texts}
    columns = [names[name][0] for name in ("narrow\nbackprop", "narrow\nLM")]
    columns += [names[name][0] for name in ("wide\nbackprop", "wide\nLM")]
    assert forms[5:] == [*forms[:4] * 3, forms[4]]
    marks = places[5:-1].reshape(3, 4, 2)
    assert (np.abs(marks[..., 0] + 0.12 - columns) < 1e-9).all()
    rows = [names[f"{n}"][1] for n in (1, 2, 3, 4)]
    assert np.array_equal(marks[..., 1], np.repeat(rows[:3], 4).reshape(3, 4))
    assert places[-1, 1] == rows[3] and columns[1] < places[-1, 0] + 0.12 < columns[2]
    sizes = {form: line.get_markersize() for form, line in zip(forms, board.lines, strict=True)}
    # An open mark has an edge of its own: it is as large as a filled one, to a point.
    assert 1 <= max(sizes.values()) - min(sizes.values()) < 2


def test_the_board_is_laid_out_in_inches_and_grows_by_a_row_a_claim():
    sizes = []
    for n_claims in (2, 3, 4):
        figure = plots.verdict_board(judged(n_claims))
        ax, size = figure.axes[0], figure.get_size_inches()
        shown = [np.ptp(ax.get_xlim()), np.ptp(ax.get_ylim())]
        np.testing.assert_allclose(size - shown, [0, 0.05], atol=0.02)
        sizes.append(size)
    steps = np.diff(sizes, axis=0)
    np.testing.assert_allclose(steps[0], steps[1], atol=0.02)
    assert steps[0][0] == 0 and 0.2 < steps[0][1] < 0.6

"""Oracle: medians and quantiles of what was given, read back from rows and curves."""

import numpy as np
import pytest

from ensembles_lib import plots

RNG = np.random.default_rng(0)


def test_spectrum_and_shares_are_those_of_the_report():
    report = {"values": np.geomspace(1, 1e-9, 54), "participation": RNG.uniform(1, 54, 54)}
    parts = ("noise", "elsewhere", "gradients", "moves")
    report |= {part: RNG.uniform(0, 1, (3, 54)) for part in parts}
    spectrum, involved, inside = plots.stiff_and_sloppy(report, report).axes
    np.testing.assert_array_equal(spectrum.lines[1].get_ydata(), report["values"])
    median = np.median(report["participation"][16:25])
    assert involved.lines[0].get_ydata()[20] == pytest.approx(median)
    shares = [line.get_ydata() for line in inside.lines]
    assert any(np.array_equal(share, np.median(report["moves"], axis=0)) for share in shares)


def test_dots_of_a_network_are_joined_over_the_groups_and_panels_share_one_axis():
    """Values and medians by hand, read back from the figure."""
    panels = {"taught": [[2.0, 7.0], [3.0, 9.0], [4.0, 8.0]], "blots": [[5.0, 2.0]]}
    figure = plots.joined_dots(panels, ["near", "far"], "n", [1, 5, 10])
    first, second = figure.axes
    assert [text.get_text() for text in first.texts] == ["3.0", "8.0"]
    assert [line.get_xydata().tolist() for line in first.lines[:3]] == [
        [[2, 0], [7, 1]],
        [[3, 0], [9, 1]],
        [[4, 0], [8, 1]],
    ]
    assert [bar.get_segments()[0][0, 0] for bar in first.collections] == [3, 8]
    assert second.lines[0].get_xydata().tolist() == [[5, 0], [2, 1]]
    assert first.get_xlim() == second.get_xlim() == (1, 10)
    assert [text.get_text() for text in second.get_yticklabels()] == ["", ""]
    assert first.lines[0].get_color() != second.lines[0].get_color()
    (key,) = figure.legends
    assert [text.get_text() for text in key.get_texts()] == ["one", "the middle one"]


def test_symmetric_shares_are_in_per_cent_and_named_once():
    """Shares in per cent and rows by hand, read back from the figure."""
    apple = {"networks": [{"mirror": share} for share in (0.9, 0.6, 0.61, 0.63, 0.7)]}
    skull = {"networks": [{"mirror": share} for share in (0.8, 0.55)]}
    alike = plots.left_like_right({"apple": apple, "skull": skull})
    drawn = [np.round(line.get_xdata(), 9).tolist() for line in alike.lines]
    assert drawn == [[90], [60, 61, 63, 70], [80], [55], [50, 50]]
    said = [text.get_text() for text in alike.get_legend().get_texts()]
    assert said == ["bred", "taught its picture, other wirings", "left and right unrelated"]


def dots_of(ax):
    """Return (x, y) of the dots of each row."""
    return [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]


def bars_of(ax):
    return [bar.get_segments()[0][0, 0] for bar in ax.collections]


def test_dots_of_pairs_are_joined_and_groups_may_differ_in_number():
    """Values and medians by hand, read back from the figure."""
    panels = {"error": [[0, 1, 2], [3, 4, 5], [6, 8]], "range": [[1, 2, 3], [1, 1, 1], [9]]}
    figure = plots.dots(panels, ["a", "b", "c"], joined=[(0, 1)])
    error, ranges = figure.axes
    assert dots_of(error) == [[[k + 3 * row, row] for k in range(3)] for row in (0, 1)] + [
        [[6, 2], [8, 2]]
    ]
    joined = [line.get_xydata().tolist() for line in error.lines if line.get_marker() != "o"]
    assert joined == [[[k, 0], [k + 3, 1]] for k in range(3)]
    assert bars_of(error) == [1, 4, 7] and bars_of(ranges) == [2, 1]  # of one number no bar
    names = [[text.get_text() for text in ax.get_yticklabels()] for ax in (error, ranges)]
    assert names == [["a", "b", "c"], ["", "", ""]]
    assert error.get_ylim() == ranges.get_ylim() and error.yaxis_inverted()
    assert [ax.get_xlabel() for ax in figure.axes] == ["error", "range"]


def test_a_group_stands_close_above_its_control_in_another_colour():
    groups = [[1.0, 3.0, 2.0], [7.0], [5.0], [0.0, 4.0]]
    (ax,) = plots.dots({"n": groups}, ["a", "chance", "b", "chance"], ("red", "grey")).axes
    (own, control, after, _) = rows = [line.get_ydata()[0] for line in ax.lines]
    assert control - own < after - control and rows == sorted(rows)
    assert [line.get_color() for line in ax.lines] == ["red", "grey"] * 2
    assert [[x for x, _ in row] for row in dots_of(ax)] == groups


def test_infinite_numbers_are_counted_beside_their_row_and_in_its_median():
    groups = {"good": [0.01, 0.02, 0.04], "bad": [1.0, np.inf, 3.0, np.inf, 2]}
    (ax,) = plots.dots({"leak": [*groups.values()]}, [*groups], log=["leak"]).axes
    assert [[x for x, _ in row] for row in dots_of(ax)] == [[0.01, 0.02, 0.04], [1, 3, 2]]
    assert [(text.get_text(), text.xy) for text in ax.texts] == [("2 × ∞", (1, 1))]
    assert bars_of(ax) == [0.02, 3] and ax.get_xscale() == "log"
    assert plots.dots({"leak": [[1, 2]]}, ["a"]).axes[0].get_xscale() == "linear"


def test_many_dots_are_paler_than_few():
    (ax,) = plots.dots({"n": [range(9), range(200)]}, ["few", "many"]).axes
    few, many = (line.get_alpha() for line in ax.lines)
    assert many < few / 2


def test_lines_go_through_medians_and_each_number_has_a_dot():
    panels = {"moved": {"x": [[1, 2], [3]], "y": [[5], [6]]}, "error": {"x": [1, 2], "y": [3, 4]}}
    moved, error = plots.medians([10, 100], panels, "synapses", log=["synapses", "error"]).axes
    assert moved.lines[0].get_xydata().tolist() == [[10, 1], [10, 2], [100, 3]]
    assert moved.lines[1].get_xydata().tolist() == [[10, 1.5], [100, 3]]
    assert error.lines[3].get_xydata().tolist() == [[10, 3], [100, 4]]
    assert [text.get_text() for text in error.texts] == ["x", "y"] and not moved.texts
    colours = [[line.get_color() for line in ax.lines] for ax in (moved, error)]
    assert colours[0] == colours[1] and len(set(colours[0])) == 2
    assert [text.get_color() for text in error.texts] == colours[0][::2]
    scales = [(ax.get_xscale(), ax.get_yscale()) for ax in (moved, error)]
    assert scales == [("log", "linear"), ("log", "log")]
    assert [text.get_text() for text in moved.get_xticklabels()] == ["10", "100"]
    assert [ax.get_ylabel() for ax in (moved, error)] == ["moved", "error"]


def test_a_band_lies_between_quartiles_and_infinite_numbers_are_no_error():
    leaks = np.array([[0.1, 0.3, 0.2, 0.4, 9], [0.1, 0.2, 0.3, np.inf, np.inf], [np.inf] * 5])
    with np.errstate(all="raise"):
        figure = plots.medians([1, 2, 4], {"leak": {"one": leaks}}, "jitter", band=True)
    (ax,) = figure.axes
    (line,), (band,) = ax.lines, ax.collections
    assert line.get_ydata().tolist() == [0.3, 0.3, np.inf]
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices.tolist()}
    assert {(1, 0.2), (1, 0.4), (2, 0.2), (2, 1e3)} <= corners


def test_panels_along_many_neurons_lie_below_each_other():
    series = {"mine": np.arange(40.0), "control": np.ones(40)}
    first, second = plots.medians(range(40), {"a": series, "b": series}, "neuron").axes
    assert first.get_position().y0 > second.get_position().y1
    np.testing.assert_array_equal(first.lines[1].get_ydata(), np.arange(40))


def test_more_lines_than_colours_are_refused():
    lines = {str(k): [[k]] for k in range(6)}
    with pytest.raises(ValueError, match="6 to draw: at most 5"):
        plots.medians([10], {"moved": lines}, "n")
    five = dict(list(lines.items())[:5])
    assert len(plots.medians([10], {"moved": five}, "n").axes[0].texts) == 5


def test_bars_are_shares_in_per_cent_on_one_axis():
    figure = plots.share_bars({"one": [0.9, 0.1], "many": [0.5, 0.5]}, ["tilt", "width"])
    assert [ax.get_title() for ax in figure.axes] == ["one", "many"]
    widths = [[bar.get_width() for bar in ax.patches] for ax in figure.axes]
    np.testing.assert_allclose(widths, [[90, 10], [50, 50]])
    assert len({ax.get_xlim() for ax in figure.axes}) == 1
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["tilt", "width"]

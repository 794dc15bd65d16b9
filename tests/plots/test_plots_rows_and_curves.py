"""Oracle: medians and quantiles of what was given, read back from rows and curves."""

import numpy as np
import pytest

from ensembles_lib import Network, layered_wiring, plots
from ensembles_lib.plots.rows import BESIDE, PREDICTED

RNG = np.random.default_rng(0)


def test_trades_join_the_networks_of_a_seed_and_groups_may_differ_in_number():
    figure = plots.trades({"error": [[0, 1, 2], [3, 4, 5], [6]]}, ["a", "b", "c"], [(0, 1)])
    ax = figure.axes[0]
    dots = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() == "o"]
    assert dots == [[[k + 3 * row, row] for k in range(3)] for row in (0, 1)] + [[[6, 2]]]
    joined = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() != "o"]
    assert joined == [[[k, 0], [k + 3, 1]] for k in range(3)]
    assert [bar.get_segments()[0][0, 0] for bar in ax.collections] == [1, 4, 6]


def test_lines_by_size_are_named_where_there_are_several():
    figure = plots.by_size([10, 100], {"moved": {"x": [[1, 2], [3]], "y": [[5], [6]]}})
    assert [text.get_text() for text in figure.axes[0].texts] == ["x", "y"]
    assert figure.axes[0].lines[0].get_xydata().tolist() == [[10, 1], [10, 2], [100, 3]]
    assert figure.axes[0].lines[1].get_ydata().tolist() == [1.5, 3]


def test_bases_stand_in_the_order_of_the_prediction_at_the_median_over_draws():
    bases = ["coordinated", *BESIDE, *PREDICTED]
    reports = [{"bases": bases, "moved": RNG.uniform(1, 9, (len(bases), 3))} for _ in range(2)]
    ax = plots.bases_compared(reports, controls=reports[:1])
    assert [text.get_text() for text in ax.get_yticklabels()] == [*PREDICTED, *BESIDE]
    rows = {
        line.get_ydata()[0]: line.get_xdata() for line in ax.lines if len(line.get_xdata()) == 2
    }
    places = [bases.index(name) for name in (*PREDICTED, *BESIDE)]
    drawn = [rows[row] for row in sorted(rows)]
    np.testing.assert_allclose(
        drawn, np.transpose([np.median(report["moved"][places], axis=1) for report in reports])
    )


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


def test_every_map_of_neurons_and_mixtures_is_on_its_own_scale():
    maps = Network.random(layered_wiring((2, 4, 3)), seed=1).activations(8)
    figure = plots.neurons_and_mixtures(maps[:3], 5 * maps[3:6], ["abc", "def"])
    titles = [ax.get_title() for ax in figure.axes if ax.images and ax.get_title()]
    assert titles == list("abcdef")
    shown = figure.axes[4].images[0].get_array()
    np.testing.assert_allclose(shown, maps[4] / np.abs(maps[4]).max(), rtol=1e-6)
    with pytest.raises(ValueError, match="give as many"):
        plots.neurons_and_mixtures(maps[:3], maps[:2], ["abc", "de"])


def test_spans_show_quantiles():
    ax = plots.spans({"trained": np.arange(101), "untrained": [5, 5]}, "likeness")
    assert ax.lines[0].get_xdata().tolist() == [10, 90]
    assert ax.lines[1].get_xdata().tolist() == [25, 75]
    assert ax.lines[2].get_xdata()[0] == 50
    assert ax.lines[0].get_color() != ax.lines[3].get_color()  # the control is grey
    assert [name.get_text() for name in ax.get_yticklabels()] == ["trained", "untrained"]
    assert not ax.figure.legends


def test_leaks_are_dots_and_those_that_fail_are_counted():
    groups = {"good": np.array([0.01, 0.02, 0.04]), "bad": np.array([1.0, np.inf, 3.0, np.inf, 2])}
    ax = plots.leak_dots(groups)
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [sorted(line.get_xdata()) for line in dots] == [[0.01, 0.02, 0.04], [1, 2, 3]]
    assert [set(line.get_ydata()) for line in dots] == [{0}, {1}]
    assert [text.get_text() for text in ax.texts] == ["0.1", "2 cannot"]
    low, high = ax.get_xlim()
    assert low < 0.01 and high > 3 and ax.get_xscale() == "log"
    medians = [bar.get_segments()[0][:, 0].tolist() for bar in ax.collections]
    assert medians == [[0.02, 0.02], [3, 3]]  # of all, also of those that fail


def test_jitter_curves_are_medians_and_infinite_leaks_are_no_error():
    etas = np.array([0.1, 0.2, 0.4])
    leaks = np.array([[0.1, 0.2, np.inf], [0.3, 0.4, np.inf], [0.2, 0.9, 1.0]])
    with np.errstate(all="raise"):
        figure = plots.jitter_curves(
            etas, {"leak": {"one": leaks}, "gain": {"one": 1 - leaks[:, :3]}}
        )
    left, right = figure.axes
    line = left.lines[0]
    assert list(line.get_xdata()) == etas.tolist() and list(line.get_ydata()) == [0.2, 0.4, np.inf]
    assert left.get_yscale() == "log" and right.get_yscale() == "linear"
    assert [text.get_text() for text in right.texts] == ["one"] and not left.texts


def test_dots_have_a_bar_at_their_median_and_neurons_their_number():
    ax = plots.dots({"a": [1, 2, 9]}, "x")
    assert ax.lines[0].get_xdata().tolist() == [1, 2, 9]
    assert {x for x, _ in ax.collections[0].get_segments()[0]} == {2}
    ax = plots.by_neuron({"mine": np.arange(4.0), "control": np.ones(4)}, "share", limit=0.5)
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), np.arange(4))
    assert list(ax.lines[-1].get_ydata()) == [0.5, 0.5]


def test_more_lines_than_colours_are_refused():
    lines = {str(k): [[k]] for k in range(6)}
    with pytest.raises(ValueError, match="6 to draw: at most 5"):
        plots.by_size([10], {"moved": lines})
    assert len(plots.by_size([10], {"moved": dict(list(lines.items())[:5])}).axes[0].texts) == 5


def test_each_group_stands_above_its_control():
    """Values and medians by hand, read back from the figure."""
    groups, controls = {"a": [1.0, 3.0, 2.0], "b": [5.0]}, {"b": [0.0, 4.0], "a": [7.0]}
    ax = plots.dots_and_controls(groups, controls, "chance", "bits")
    drawn = [list(line.get_xdata()) for line in ax.lines[1:]]
    assert drawn == [[1.0, 3.0, 2.0], [7.0], [5.0], [0.0, 4.0]]
    assert [bar.get_segments()[0][0, 0] for bar in ax.collections] == [2.0, 7.0, 5.0, 2.0]
    assert [text.get_text() for text in ax.get_yticklabels()] == ["a", "chance", "b", "chance"]


def test_dots_of_a_network_are_joined_over_the_groups_and_panels_share_one_axis():
    """Values and medians by hand, read back from the figure."""
    panels = {"taught": [[2.0, 7.0], [3.0, 9.0], [4.0, 8.0]], "blots": [[5.0, 2.0]]}
    figure = plots.joined_dots(panels, ["near", "far"], "n", 1)
    first, second = figure.axes
    assert [text.get_text() for text in first.texts] == ["3.0", "8.0"]
    assert [line.get_xydata().tolist() for line in first.lines[:3]] == [
        [[2, 0], [7, 1]],
        [[3, 0], [9, 1]],
        [[4, 0], [8, 1]],
    ]
    assert [bar.get_segments()[0][0, 0] for bar in first.collections] == [3, 8]
    assert second.lines[0].get_xydata().tolist() == [[5, 0], [2, 1]]
    assert first.get_xlim() == second.get_xlim() == (1, 9.4)
    assert [text.get_text() for text in second.get_yticklabels()] == ["", ""]
    assert first.lines[0].get_color() != second.lines[0].get_color()


def test_a_key_says_what_a_dot_is_where_it_is_asked_for():
    groups = {"a": [1.0, 2.0], "b": [3.0]}
    assert plots.dots_and_controls(groups, groups, "control", "x").get_legend() is None
    key = plots.dots_and_controls(groups, groups, "control", "x", "a network").get_legend()
    assert [text.get_text() for text in key.get_texts()] == ["a network", "the middle one"]


def test_symmetric_shares_are_in_per_cent_and_named_once():
    """Shares in per cent and rows by hand, read back from the figure."""
    apple = {"networks": [{"mirror": share} for share in (0.9, 0.6, 0.61, 0.63, 0.7)]}
    skull = {"networks": [{"mirror": share} for share in (0.8, 0.55)]}
    alike = plots.left_like_right({"apple": apple, "skull": skull})
    drawn = [np.round(line.get_xdata(), 9).tolist() for line in alike.lines]
    assert drawn == [[90], [60, 61, 63, 70], [80], [55], [50, 50]]
    said = [text.get_text() for text in alike.get_legend().get_texts()]
    assert said == ["bred", "taught its picture, other wirings", "left and right unrelated"]


def test_a_picture_is_a_row_of_its_evolved_network_and_those_that_learnt_it():
    networks = [("evolved", 0.9), ("ours, 460", 0.6), ("ours, 460", 0.5), ("theirs, layers", 0.7)]
    apple = {"networks": [{"who": who, "mirror": x, "moved": 1 - x} for who, x in networks]}
    figure = plots.evolved_and_learnt({"apple": apple}, {"moved": "moved", "mirror": "alike"})
    moved, alike = figure.axes
    assert [line.get_xdata().tolist() for line in alike.lines] == [[0.9], [0.6, 0.5], [0.7]]
    assert [line.get_ydata().tolist() for line in alike.lines] == [[0], [0.25, 0.25], [0.5]]
    assert len({line.get_color() for line in moved.lines}) == 3, "each way has its own colour"
    names = [text.get_text() for text in moved.get_legend().get_texts()]
    assert names == ["evolved", "ours", "theirs"]
    assert [label.get_text() for label in moved.get_yticklabels()] == ["apple"]

"""Oracle: the marks, lines and scales that a figure must show, read back from matplotlib."""

import matplotlib.pyplot as plt
import numpy as np
import pytest

from ensembles_lib import Network, article_wiring, plots
from ensembles_lib.planted import compare_binary, four_neurons
from ensembles_lib.plots.changes import LIMIT
from ensembles_lib.plots.style import DASHED

RNG = np.random.default_rng(0)


def bare(ax):
    """Have axes neither ticks nor a frame?"""
    return not ax.get_frame_on() and not len(ax.get_xticks()) and not len(ax.get_yticks())


@pytest.mark.parametrize("key", ["change", "even change"])
def test_the_key_of_changes_is_symmetric_and_ends_where_colours_do(key):
    figure = plots.film_strip([np.zeros((2, 2, 3))] * 2, ["a", "b"], key=key)
    bar = figure.axes[-1]
    changes = [float(label.get_text().replace("−", "-")) for label in bar.get_yticklabels()]
    assert changes == [-number for number in changes[::-1]]
    assert changes == sorted(changes) and changes[-1] == LIMIT
    gap = (bar.get_position().x0 - figure.axes[1].get_position().x1) * figure.get_size_inches()[0]
    assert 0 < gap < 0.3, "the key stands right beside the pictures"


def test_pictures_are_bare_and_fill_the_width_that_was_asked_for():
    figure = plots.film_strip([np.zeros((2, 3, 3))] * 5, list("abcde"), columns=3, width=7.0)
    assert figure.get_size_inches()[0] == pytest.approx(7, abs=0.02)
    assert all(bare(ax) for ax in figure.axes if ax.images)


def test_the_lines_of_a_dashed_style_can_be_seen_as_dashes():
    offset, (drawn, left) = DASHED["linestyle"]
    assert DASHED["linewidth"] > 0 and offset == 0 and drawn > left > 0
    with plt.rc_context():
        plots.set_style()
        boxed = [plt.rcParams[f"axes.spines.{side}"] for side in ("left", "bottom", "right", "top")]
        assert boxed == [True, True, False, False]
        assert plt.rcParams["figure.dpi"] == 100  # what `sheet` reckons with


def test_ranks_begin_at_the_first_and_the_band_of_chance_is_named():
    report = {"values": np.geomspace(1, 1e-9, 54), "participation": RNG.uniform(1, 54, 54)}
    report |= dict.fromkeys(("noise", "elsewhere", "gradients", "moves"), np.ones((1, 54)))
    figure = plots.stiff_and_sloppy(report, report)
    assert {ax.get_xlim()[0] for ax in figure.axes} == {1}
    names = {text.get_text(): text for text in figure.axes[2].texts}
    assert set(names) == {"random", "noise", "elsewhere", "gradients", "lone moves"}
    places = np.array([text.get_position() for text in names.values()])
    assert places.min() > 0 and places.max() < 1, "names stand within the panel"


def test_random_weights_in_the_evolved_wiring_have_a_line_for_each_kind():
    apple = {"networks": [{"mirror": 0.9}, {"mirror": 0.6}]}
    apple["mirror_untrained"] = {"any": [0.5, 0.55], "as_symmetric": [0.8]}
    ax = plots.left_like_right({"apple": apple})
    rows = {tuple(np.round(line.get_xdata(), 9)): line for line in ax.lines}
    alike, anyhow = rows[80.0,], rows[50.0, 55.0]
    assert 0 < anyhow.get_ydata()[0] < alike.get_ydata()[0] < 1
    assert anyhow.get_marker() != alike.get_marker()
    assert anyhow.get_markerfacecolor() == alike.get_markerfacecolor() == "none"


def test_a_quilt_and_its_patches_stand_in_a_row_above_two_strips_of_synapses():
    """Oracle: the pictures; sets in the order of the planted ones, and -1 is blank."""
    pictures = [RNG.uniform(-1, 1, (4, 4, 3)) for _ in range(3)]
    known, found = np.array([1, 0, 1, 0]), np.array([5, -1, 6, 7])
    figure = plots.quilt_sheet(pictures, ["quilt", "0", "1"], known, found)
    *shown, below, above = figure.axes
    assert [ax.get_title() for ax in shown] == ["quilt", "0", "1"]
    for ax, picture in zip(shown, pictures, strict=True):
        np.testing.assert_allclose(ax.images[0].get_array(), (picture + 1) / 2)
    assert all(bare(ax) for ax in figure.axes)
    boxes = [ax.get_position() for ax in shown]
    assert all(box.x1 <= after.x0 for box, after in zip(boxes, boxes[1:], strict=False))
    assert np.ptp([(box.y0, box.y1) for box in boxes], axis=0) == pytest.approx(0)
    width, height = figure.get_size_inches()
    for box in boxes:
        assert box.width * width == pytest.approx(box.height * height)
    assert below.get_position().y1 <= above.get_position().y0 < boxes[0].y0
    assert above.get_position().y1 <= boxes[0].y0
    np.testing.assert_array_equal(above.images[0].get_array(), [[0, 0, 1, 1]])
    strip = np.ma.filled(below.images[0].get_array().astype(float), -1)
    np.testing.assert_array_equal(np.nan_to_num(strip, nan=-1), [[-1, 7, 5, 6]])
    names = [ax.texts[0].get_text() for ax in (below, above)]
    assert names == ["found", "planted"]


def test_frames_leave_what_they_frame_to_be_seen():
    ax = plots.share_matrix(np.eye(3, 7), ["a", "b", "c"], range(7), "neuron")
    assert all(not patch.get_fill() for patch in ax.patches)
    assert [(patch.get_width(), patch.get_height()) for patch in ax.patches] == [(1, 1)] * 3
    network = Network.random(article_wiring(), seed=1)
    framed = plots.wiring_diagram(network, neuron=20)
    assert framed.patches and all(not patch.get_fill() for patch in framed.patches)
    columns = plots.synapse_columns(np.ones(460), article_wiring(), [3], "strength")
    assert columns.get_xticks()[0] == columns.get_yticks()[0] == 0


def test_wrong_answers_are_dotted_where_they_are():
    maps, wrong = [np.zeros((4, 4))] * 2, np.zeros((2, 4, 4), bool)
    wrong[1, 3, 0] = wrong[1, 1, 2] = True  # a is 3 and b 0; a is 1 and b 2
    figure = plots.answer_maps(maps, ["right", "wrong"], wrong=wrong)
    assert [ax.get_title() for ax in figure.axes[:2]] == ["right", "wrong"]
    dots = [ax.collections[0].get_offsets().tolist() for ax in figure.axes[:2]]
    assert dots[0] == [] and sorted(dots[1]) == [[0, 3], [2, 1]]


def test_dots_are_seen_on_dark_cells():
    said, wrong = np.array([[0.9, 0.0], [0.0, -0.9]]), np.array([[True, True], [False, True]])
    dots = plots.answer_maps([said], ["wrong"], wrong=[wrong]).axes[0].collections[0]
    light = (dots.get_facecolors()[:, :3] == 1).all(axis=1)
    assert light.tolist() == [True, False, True]


def test_comparators_in_rows_may_leave_equal_numbers_out():
    wiring = compare_binary(2).network.wiring
    # The second network takes equal 2 and 3 for unequal.
    weights = [[2.0, 1, -2, -1], [2.1, 1, -2, -1], [1, 0, 0, 0], [0, 0, 0, 1]]
    figure = plots.comparison_strip(wiring, weights, 2, list("abcd"), columns=2, equal=False)
    titles = [ax.get_title() for ax in figure.axes[:4]]
    assert titles[:2] == ["a\n0 wrong", "b\n0 wrong"]
    assert [ax.get_xlabel() for ax in figure.axes[:4]] == ["", "", "b", "b"]
    assert figure.axes[0].get_position().y0 > figure.axes[2].get_position().y1
    both = plots.comparison_strip(wiring, weights[:2], 2, list("ab"))
    assert both.axes[1].get_title() == "b\n2 wrong"


def test_a_signal_has_its_zero_and_round_ticks():
    ax = plots.signals({"built": four_neurons().network}).axes[0]
    assert ax.get_xticks().tolist() == [-1, -0.5, 0, 0.5, 1]
    level = [
        line for line in ax.lines if set(line.get_ydata()) == {0} and len(line.get_xdata()) > 1
    ]
    assert len(level) == 1 and level[0].get_xdata()[-1] == 1  # over the whole width

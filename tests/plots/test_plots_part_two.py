"""Oracle: what each number adds, summed by hand; changes of weights over their working ranges."""

import numpy as np

from ensembles_lib.planted import compare_binary, four_neurons, move_border, signal_ranges
from ensembles_lib.plots import (
    line_network,
    neurons_and_signal,
    signals,
    signals_and_weights,
    two_numbers,
)


def test_bars_are_what_each_number_adds():
    wiring, weights = compare_binary(2).network.wiring, np.array([[3.0, 1.0, 0.5, -2.0]])
    figure = two_numbers(wiring, weights, 2, ["odd"], before=[2, 1, -2, -1])
    of_a, of_b = figure.axes[0].child_axes
    assert [bar.get_width() for bar in of_a.patches] == [0, 1, 3, 4]
    assert [bar.get_height() for bar in of_b.patches] == [0, 2, 0.5, 1.5]
    assert [len(ax.collections[0].get_segments()) for ax in (of_a, of_b)] == [3, 3]
    assert [segment[0][0] for segment in of_a.collections[0].get_segments()] == [1, 2, 3]
    colours = [bar.get_facecolor() for bar in of_b.patches]
    assert colours[1] == colours[3] != colours[2]  # 1 and 3 speak for b, 2 for a


def test_bars_are_on_one_scale_with_a_round_length():
    wiring, weights = (
        compare_binary(2).network.wiring,
        np.array([[3.0, 1, 0.5, -2], [0.3, 0, 0, 1]]),
    )
    figure = two_numbers(wiring, weights, 2, ["large", "small"])
    for ax in figure.axes[:2]:
        of_a, of_b = ax.child_axes
        assert of_a.get_xlim()[0] == of_b.get_ylim()[0] == 1.05 * 4  # the longest of all
        assert (*of_a.get_xticks(), *of_b.get_yticks()) == (2, 2)


def test_each_comparator_may_have_marks_of_its_own():
    wiring, rows = compare_binary(2).network.wiring, np.array([[3, 1, -2, -1], [2, 1, -4, -1.0]])
    figure = two_numbers(wiring, rows, 2, ["one", "other"], before=rows[::-1])
    for ax, before in zip(figure.axes, rows[::-1], strict=False):
        of_a, of_b = (bars.collections[0].get_segments() for bars in ax.child_axes)
        assert [segment[0][0] for segment in of_a] == [before[1], before[0], before[:2].sum()]
        assert [segment[0][1] for segment in of_b] == [-before[3], -before[2], -before[2:].sum()]


def test_weights_stand_beside_their_signal():
    built = four_neurons().network
    moved = {f"border {b}": move_border(built, b, 0.1)[0] for b in (1, 2)}
    figure = signals_and_weights(moved, before=built)
    for ax, network in zip(figure.axes, moved.values(), strict=True):
        (side,) = ax.child_axes
        heights = np.array([bar.get_height() for bar in side.patches])
        change = (network.weights - built.weights) / signal_ranges(built)
        np.testing.assert_allclose(heights, change)
        assert side.get_ylim()[1] >= np.abs(change).max()
    first, second = (ax.child_axes[0] for ax in figure.axes)
    assert first.get_ylim() == second.get_ylim()
    assert [text.get_text() for text in first.texts][-1] == "output"


def test_neurons_are_drawn_as_they_speak():
    built = four_neurons().network
    top, bottom = neurons_and_signal({"": built}).axes
    for neuron, (x_weight, constant) in enumerate(built.weights[:6].reshape(3, 2)):
        x, adds = top.lines[neuron].get_data()
        np.testing.assert_allclose(
            adds, built.weights[7 + neuron] * np.tanh(x_weight * x + constant)
        )
    everything = np.sum([line.get_ydata() for line in top.lines[:4]], axis=0)  # with the constant
    np.testing.assert_allclose(np.tanh(everything), built.respond([x, np.ones_like(x)])[0])
    assert [text.get_text() for text in bottom.texts] == ["A", "B", "C", "D"]
    names = [text.get_text() for text in top.texts]
    assert names == ["neuron 0", "neuron 1", "neuron 2", "constant"]


def test_networks_beside_each_other_have_one_scale():
    built = four_neurons().network
    steep = built.with_weight(8, -9.0).with_weight(6, -1.0)
    axes = neurons_and_signal({"built": built, "steep": steep}).axes
    assert axes[0].get_ylim() == axes[1].get_ylim()
    assert axes[0].get_ylim()[1] > 9 * np.tanh(1.65)


def test_letters_tell_how_far_borders_have_moved():
    built = four_neurons().network
    moved, _ = move_border(built, 2, 0.1)
    figure = signals({"a": moved, "b": built, "c": moved}, built, letters=True, columns=2)
    told = [ax.get_title(loc="right") for ax in figure.axes]
    assert told == [
        "A 0   B +0.10   C 0   D 0", "A 0   B +0.10   C 0   D 0", "A 0   B 0   C 0   D 0", "",
    ]  # fmt: skip
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["a", "c", "b", ""]


def test_a_drawn_network_has_each_synapse_between_its_ends():
    wiring = four_neurons().network.wiring
    ax = line_network(four_neurons().network)
    lines = [line.get_xydata() for line in ax.lines if line.get_marker() == "None"]
    boxes = {text.get_text(): text.get_position() for text in ax.texts if text.get_bbox_patch()}
    names = ["neuron 0", "neuron 1", "neuron 2", "output"]
    for synapse, (start, end) in enumerate(lines):
        assert tuple(end) == boxes[names[wiring.target[synapse]]]
        source = wiring.source[synapse]
        if source == 0:
            assert tuple(start) == boxes["x"]
        elif source > 1:
            assert tuple(start) == boxes[names[source - 2]]
        middle = (start + end) / 2 - [0, 0.02]
        (number,) = [text for text in ax.texts if np.allclose(text.get_position(), middle)]
        assert number.get_text() == str(synapse)

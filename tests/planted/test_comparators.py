"""Oracle: subtraction of integers for all pairs, closed forms on a line, and counting."""

import numpy as np
import pytest

from ensembles_lib import Network
from ensembles_lib.planted.borders import find_borders, on_line
from ensembles_lib.planted.comparators import (
    all_pairs,
    border_ensembles,
    compare_binary,
    compare_binary_two_neurons,
    four_neurons,
    gap_between_borders,
    two_regions,
    what_numbers_add,
)

BITS = range(1, 9)


@pytest.mark.parametrize("bits", BITS)
def test_all_pairs_are_all_pairs_in_order(bits):
    inputs, a, b = all_pairs(bits)
    expected = [(p, q) for p in range(2**bits) for q in range(2**bits)]
    assert list(zip(a.tolist(), b.tolist(), strict=True)) == expected
    for pair in (0, 4**bits // 3, 4**bits - 1):
        text = "".join(str(int(bit)) for bit in inputs[:, pair])
        assert (int(text[:bits], 2), int(text[bits:], 2)) == expected[pair]


@pytest.mark.parametrize("bits", BITS)
def test_what_both_numbers_add_is_the_sum(bits):
    """Oracle: the neuron itself, asked about all pairs, for two networks at once."""
    weights = np.random.default_rng(bits).standard_normal((2, 2 * bits))
    of_a, of_b = np.moveaxis(what_numbers_add(weights, bits), 1, 0)
    inputs, a, b = all_pairs(bits)
    np.testing.assert_allclose(of_a[:, a] + of_b[:, b], weights @ inputs, atol=1e-12)


@pytest.mark.parametrize("build", [compare_binary, compare_binary_two_neurons])
@pytest.mark.parametrize("bits", BITS)
def test_truth_table_over_all_pairs_is_exact(build, bits):
    inputs, a, b = all_pairs(bits)
    output = build(bits).network.respond(inputs)[0]
    assert np.array_equal(np.sign(output), np.sign(a - b))


@pytest.mark.parametrize("bits", [1, 4, 8])
def test_binary_output_is_tanh_of_the_scaled_difference(bits):
    inputs, a, b = all_pairs(bits)
    output = compare_binary(bits).network.respond(inputs)[0]
    np.testing.assert_allclose(output, np.tanh(2.0 ** (1 - bits) * (a - b)), atol=1e-14)


@pytest.mark.parametrize("build", [compare_binary, compare_binary_two_neurons])
def test_scaling_an_ensemble_of_bits_scales_its_number(build):
    inputs, a, b = all_pairs(4)
    network, ensembles = build(4)
    bits_of_a = [k for k in ensembles["a"] if k < 8]
    weights = network.weights.copy()
    weights[bits_of_a] *= 1.25
    output = type(network)(network.wiring, weights).respond(inputs)[0]
    assert np.array_equal(np.sign(output)[a != b], np.sign(5 * a - 4 * b)[a != b])


def test_ensembles_are_disjoint_and_hold_all_synapses():
    for planted in (compare_binary(1), compare_binary(5), compare_binary_two_neurons(5)):
        synapses = sorted(k for ensemble in planted.ensembles.values() for k in ensemble)
        assert synapses == list(range(planted.network.wiring.n_synapses))


@pytest.mark.parametrize("left, right, sharpness", [(-0.4, 0.4, 10), (-0.9, 0.1, 30), (0, 0.05, 2)])
def test_gap_is_0_at_its_borders_and_positive_only_between(left, right, sharpness):
    network = gap_between_borders(left, right, sharpness).network
    np.testing.assert_allclose(network.respond(on_line([left, right])), 0, atol=1e-12)
    x = np.linspace(-1, 1, 997)
    x = x[(np.abs(x - left) > 1e-9) & (np.abs(x - right) > 1e-9)]
    assert np.array_equal(network.respond(on_line(x))[0] > 0, (left < x) & (x < right))


def test_two_regions_have_their_borders_where_they_should():
    network, borders = two_regions().network, (-0.75, -0.25, 0.25, 0.75)
    assert network.wiring.n_synapses == 11 and network.wiring.n_neurons == 4
    for border in borders:
        around = network.respond(on_line([border - 1e-9, border + 1e-9]))[0]
        assert np.sign(around[0]) == -np.sign(around[1]) != 0
    x = np.linspace(-1, 1, 2003)
    x = x[np.abs(x[:, None] - borders).min(axis=1) > 1e-9]
    b = borders
    inside = ((b[0] < x) & (x < b[1])) | ((b[2] < x) & (x < b[3]))
    assert np.array_equal(network.respond(on_line(x))[0] > 0, inside)


def test_two_regions_have_the_character_that_the_article_describes():
    ensembles = two_regions().ensembles
    assert (ensembles["border 1"], ensembles["border 4"]) == ((0, 1), (4, 5))
    for border in ("border 2", "border 3"):
        assert len(ensembles[border]) >= 4
        assert not set(ensembles[border]) & {0, 1, 4, 5}


def test_gap_ensembles_mirror_each_other():
    _, ensembles = gap_between_borders()
    assert ensembles["left border"] == (0, 1, 4, 6) and ensembles["right border"] == (2, 3, 4, 5)
    assert ensembles["gap"] == tuple(range(7))
    network = gap_between_borders().network
    held = {"border 1": (0, 1, 4, 6), "border 2": (2, 3, 4, 5)}
    assert border_ensembles(network, [-0.4, 0.4]) == held


@pytest.mark.parametrize("bits", [0, 17, -1, 4.0, "4", None])
@pytest.mark.parametrize("build", [compare_binary, compare_binary_two_neurons, all_pairs])
def test_impossible_widths(build, bits):
    with pytest.raises(ValueError, match="whole number from 1 to 16"):
        build(bits)


def test_too_many_pairs_for_the_memory():
    with pytest.raises(ValueError, match="GiB"):
        all_pairs(16)


@pytest.mark.parametrize("number", [0, -1, np.nan, np.inf, "1", None, [1.0]])
def test_impossible_numbers(number):
    for build in (
        lambda: gap_between_borders(sharpness=number),
        lambda: gap_between_borders(gain=number),
    ):
        with pytest.raises(ValueError, match="give a number above 0"):
            build()


@pytest.mark.parametrize(
    "build, says",
    [
        (lambda: gap_between_borders(0.4, -0.4), "ascend"),
        (lambda: gap_between_borders(-1.2, 0), "within"),
        (lambda: gap_between_borders(np.nan, 0), "ascend within"),
        (lambda: gap_between_borders(0, 0.01), "0.05 apart"),
    ],
)
def test_impossible_borders(build, says):
    with pytest.raises(ValueError, match=says):
        build()


def test_the_articles_network_is_built_to_the_letter():
    """Oracles: the text. Four neurons; who switches which border, in which direction."""
    letter = four_neurons().network
    assert letter.wiring.n_neurons == 4 and find_borders(letter).round(6).tolist() == [
        -0.7, -0.3, 0.1, 0.5
    ]  # fmt: skip
    x = np.array([-0.9, -0.5, -0.1, 0.3, 0.9])
    assert np.sign(letter.respond(np.stack([x, np.ones(5)]))[0]).tolist() == [-1, 1, -1, 1, -1]
    first, second, third = letter.weights[7:10]
    assert first > 0 > second and third > 0 and -second > max(first, third)
    weights = letter.weights.copy()
    weights[3] -= 0.1  # neuron 1's bias: borders 2 and 4 move, 1 and 3 do not
    moved_by = np.abs(find_borders(Network(letter.wiring, weights)) - find_borders(letter))
    assert moved_by[[1, 3]].min() > 0.05 and moved_by[[0, 2]].max() < 0.02

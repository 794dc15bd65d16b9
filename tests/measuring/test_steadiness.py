"""Oracles: searches done again at the sizes that were interpolated, moves that are planted."""

from types import SimpleNamespace

import numpy as np
import pytest
from measuring import steadiness

from ensembles_lib import Network, article_wiring
from ensembles_lib.ensembles import coordinated_move, linear_ranges, worst_jitter
from ensembles_lib.properties import colour_property
from ensembles_lib.properties.measurements import painted

PAINTER = Network.random(article_wiring("wide"), seed=5)
QUARTERS = np.arange(64).reshape(8, 8) // 16
PROPERTIES = [colour_property(np.equal(QUARTERS, n), (1, -1, 0.5), f"{n}") for n in range(4)]


@pytest.fixture(scope="module")
def spoilt():
    """A move in concert of a network that paints, and what jitters do to it."""
    measured, half = painted(PAINTER, PROPERTIES, 8, float), linear_ranges(PAINTER, 8)
    move = coordinated_move(PAINTER, measured, 0, 5, half=half)
    assert move.arrived
    change = move.network.weights - PAINTER.weights
    found = steadiness._worst_of(PAINTER, measured, 0, change, half)
    return (PAINTER, measured, 0, change), {"half": half, "jittered": range(460)}, found


def test_as_planned_is_what_it_is_elsewhere():
    gains = [0.79, 0.8, 1, 1.25, 1.26, -1, np.nan]
    assert steadiness.as_planned(gains).tolist() == [False, True, True, True, False, False, False]


def test_the_worst_jitter_of_the_size_found_does_that_harm(spoilt):
    """Sizes are interpolated: at each the worst jitter is sought anew."""
    move, ways, found = spoilt
    kept = worst_jitter(*move, found["kept_up_to"], **ways)
    assert abs(kept.gain - 1) == pytest.approx(0.2, rel=0.05)
    smaller = worst_jitter(*move, steadiness.ETA / found["times_gain"], **ways)
    assert abs(smaller.gain - 1) == pytest.approx(found["random_off"], rel=0.05)
    leaky = worst_jitter(*move, steadiness.ETA / found["times_leak"], spoils="leak", **ways)
    assert leaky.leak == pytest.approx(found["random_leak"], rel=0.1)


def test_shares_and_harms_are_those_of_the_sizes(spoilt):
    """Oracle: the searches done again, one by one."""
    move, ways, found = spoilt
    full, tenth = (worst_jitter(*move, eta, **ways).gain for eta in (0.05, 0.005))
    assert found["worst_off"] == pytest.approx(abs(full - 1))
    assert found["worst_as_planned"] == (0.8 <= full <= 1.25)
    assert found["worst_of_a_tenth_off"] == pytest.approx(abs(tenth - 1))
    assert found["worst_of_a_tenth_as_planned"] == (0.8 <= tenth <= 1.25)
    assert (full < 0.8 or full > 1.25) and 0.8 <= tenth <= 1.25, "tells one size from the other"
    assert 0 < found["random_off"] < found["worst_off"]
    assert 0 < found["worst_of_a_tenth_leak"] < found["worst_leak"]


def test_harm_beyond_the_sizes_that_were_tried():
    """Proportional below, the whole size above; what cannot be measured is beyond."""
    assert steadiness.part_with(0.01, [0.1, 0.5, 9]) == pytest.approx(0.002)
    assert steadiness.part_with(10, [0.1, 0.5, 9]) == 1
    fallen = 10 ** -(np.log(9 / 0.2) / np.log(90))  # of what was found, no larger size does less
    assert steadiness.part_with(0.2, [0.1, 0.05, 9]) == pytest.approx(fallen)
    assert 0.1 < steadiness.part_with(0.6, [0.1, 0.5, steadiness.UNMEASURED]) < 0.12


def test_a_move_that_does_not_arrive_is_not_as_planned(monkeypatch):
    """Of seven properties 0, 3 and 6 are moved; what arrives is planted."""
    arrived = {0: True, 3: False, 6: True}
    network = SimpleNamespace(weights=np.zeros(2))
    effects = np.ones((7, 2))
    monkeypatch.setattr(
        steadiness, "effects_of", lambda *_: ("measured", np.ones(2), effects, np.ones(7))
    )
    monkeypatch.setattr(
        steadiness,
        "coordinated_move",
        lambda network, measured, a, amount, half: SimpleNamespace(
            arrived=arrived[a], network=SimpleNamespace(weights=np.full(2, a + amount))
        ),
    )
    numbers = dict.fromkeys(steadiness.NUMBERS, 1.0)

    def planted(network, measured, a, change, half):
        return dict.fromkeys(steadiness.SHARES, 0.9) | numbers | {"random_off": change[0]}

    monkeypatch.setattr(steadiness, "_worst_of", planted)
    found = steadiness.measure_worst(network, None)
    assert found["worst_as_planned"] == pytest.approx(0.6)
    assert found["random_off"] == pytest.approx(3.5)  # the median of 0.5 and 6.5
    arrived.update(dict.fromkeys(arrived, False))
    none = steadiness.measure_worst(network, None)
    assert none["worst_as_planned"] == 0 and np.isnan(none["random_off"])
    assert none.keys() == found.keys()


def test_what_cannot_be_measured_is_a_number(spoilt):
    """Evidence is JSON, which knows no infinity: a measurement that fails off the start."""
    (network, measured, which, change), ways, _ = spoilt

    def values(weights, rows=None):
        if any(
            np.array_equal(weights, known) for known in (network.weights, network.weights + change)
        ):
            return measured.values(weights, rows)
        raise ValueError("gone")

    def slopes(weights, rows=None):
        return values(weights, rows), measured.slopes(weights, rows)[1]

    lost = measured._replace(values=values, slopes=slopes)
    found = steadiness._worst_of(network, lost, which, change, ways["half"])
    assert (
        found["worst_off"] == found["worst_leak"] == found["random_leak"] == steadiness.UNMEASURED
    )
    assert found["random_as_planned"] == found["worst_as_planned"] == 0
    assert np.isfinite(list(found.values())).all()

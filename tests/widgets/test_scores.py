"""Oracle: colours of a picture that is one layer of linear neurons, so that moves are known."""

import numpy as np
import pytest

from ensembles_lib import Network, colour_property
from ensembles_lib.widgets import WeightEditor, score

GREY = 127.5  # levels for a step of 1


@pytest.fixture
def bench():
    """Red and blue of the middle of nowhere: each is its own bias, synapses 2 and 8."""
    network = Network.from_layers([(np.zeros((3, 2)), np.zeros(3))], None)
    everywhere = np.ones((8, 8), bool)
    mixes = {"red": (1, 0, 0), "blue": (0, 0, 1)}
    properties = [colour_property(everywhere, mix, name) for name, mix in mixes.items()]
    return WeightEditor(network, properties=properties, half=np.ones(9), size=8, property_size=8)


def test_a_task_that_is_done(bench):
    bench.move(2, 0.2)
    found = score(bench, "red", 0.2 * GREY)
    assert found.moved == pytest.approx(0.2 * GREY, rel=1e-5)
    assert (found.leak, found.synapses) == (pytest.approx(0, abs=1e-5), 1)
    assert found.points == pytest.approx(100, rel=1e-4)
    assert str(found) == "moved by +25.5 with 1 synapse, leak 0.00: 100 of 100 points"


@pytest.mark.parametrize(("part", "points"), [(0.5, 50), (1.25, 75), (2, 0), (3, 0), (-1, 0)])
def test_half_way_and_too_far(bench, part, points):
    bench.move(2, 0.2 * part)
    assert score(bench, "red", 0.2 * GREY).points == pytest.approx(points, abs=0.01)


@pytest.mark.parametrize(("spilt", "points"), [(0.25, 100), (0.6, 50), (-0.6, 50)])
def test_a_leak_beyond_the_limit_costs(bench, spilt, points):
    """Both properties have one scale, since each has one synapse that moves it."""
    bench.move(2, -0.2)
    bench.move(8, 0.2 * spilt)
    found = score(bench, "red", -0.2 * GREY, leak=0.3)
    assert (found.leak, found.synapses) == (pytest.approx(abs(spilt), rel=1e-4), 2)
    assert found.points == pytest.approx(points, rel=1e-4)


def test_nothing_done_and_nothing_asked(bench):
    assert score(bench, "red", 5.0) == (0, 0, 0, 0)
    with pytest.raises(ValueError, match="there is no property 'green'"):
        score(bench, "green", 1.0)
    with pytest.raises(ValueError, match="amount 0: give how far red"):
        score(bench, "red", 0)
    with pytest.raises(ValueError, match="has no properties"):
        score(WeightEditor(bench.network, size=8), "red", 1.0)

"""Geometry of networks: oracles by differences, and networks that only move."""

import numpy as np
import pytest
from measuring.profiles import geometry_profile

from ensembles_lib import Network, Wiring, article_wiring, open_genome, samples
from ensembles_lib.core.passes import respond
from ensembles_lib.properties import geometry_share


def moved_pictures(network, step):
    """Return a network's colours (6, P·3) moved by a step in each of six ways, y up."""
    y, x = np.mgrid[1:-1:33j, -1:1:33j][:, :-1, :-1].reshape(2, -1) + [[-1 / 32], [1 / 32]]
    c, s = np.cos(step), np.sin(step)
    from_where = [
        (x - step, y),
        (x, y - step),
        (c * x + s * y, c * y - s * x),
        (x - step * y, y),
        (x * (1 - step), y),
        (x, y * (1 - step)),
    ]
    places = [[x, y, 1.4 * np.hypot(x, y), np.ones_like(x)] for x, y in from_where]
    return np.stack([respond(network.wiring, network.weights, np.array(at)) for at in places])


def test_geometry_of_an_evolved_network_by_differences():
    """Oracle: pictures painted at moved coordinates and with moved weights, a QR decomposition."""
    network, step = open_genome(samples.path("own/genome.zip")), 1e-6
    moves = moved_pictures(network, step) - moved_pictures(network, -step)
    basis, _ = np.linalg.qr(moves.reshape(6, -1).T)
    shares = []
    for synapse, weight in enumerate(network.weights):
        there, back = (network.with_weight(synapse, weight + s) for s in (step, -step))
        change = (moved_pictures(there, 0) - moved_pictures(back, 0))[0].ravel()
        energy = np.sum(change**2)
        shares.append(np.sum((basis.T @ change) ** 2) / energy if energy else np.nan)
    found = geometry_profile(network, 32)
    assert found["above_half"] == np.mean(np.array(shares) > 0.5) > 0
    assert found["first_six"] == pytest.approx(np.nanmean(shares[:6]), abs=1e-3)


def test_geometry_of_a_network_that_only_moves():
    """Oracle: two neurons hear x and y, nobody else does; blue hears no place at all."""
    wiring = Wiring([[0, 1, 2], [0, 1, 2], [2, 3], [4], [2]], 3, 3)
    network = Network(wiring, [0.9, 0.1, 0.2, -0.3, 1.1, 0.4, 0.5, 0.8, 0.7, 0.6])
    found = geometry_profile(network, 16)
    assert found["first_six"] == pytest.approx(1)
    recoloured = found["above_half"] * 10 - 6  # of the other four
    assert recoloured == pytest.approx(round(recoloured)) and recoloured < 4
    silent = network.with_weight(7, 0.0)  # red hears no place: 0 to 2 change nothing, and count
    shares = geometry_share(silent, 16)
    assert np.isnan(shares[:3]).all()
    assert geometry_profile(silent, 16)["above_half"] == np.sum(shares > 0.5) / 10 > 0


def test_above_half_is_above_one_half():
    """Oracle: the shares of a network that has many on both sides, and some just below."""
    network = Network.random(article_wiring(), seed=1)
    shares = geometry_share(network, 16)
    assert np.sum(shares > 0.4) > np.sum(shares > 0.5)
    assert geometry_profile(network, 16)["above_half"] == np.sum(shares > 0.5) / 460

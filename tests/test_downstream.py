"""Oracle: the whole network computed anew, in float64, for every moved weight."""

import numpy as np
import pytest
from wirings import WIRINGS

from ensembles_lib import Network, coordinates, downstream
from ensembles_lib.downstream import over_tiles
from ensembles_lib.passes import respond


@pytest.fixture(params=WIRINGS)
def network(request):
    return Network.random(WIRINGS[request.param], seed=3)


def values_for(network, n_values=4, seed=1):
    noise = np.random.default_rng(seed).normal(size=(len(network.weights), n_values))
    return network.weights[:, None] + noise


def by_the_book(network, values, inputs):
    """Return every change (S, V, n_outputs, P)."""
    weights = np.tile(network.weights, (*values.shape, 1))
    for synapse in range(len(values)):
        weights[synapse, :, synapse] = values[synapse]
    return respond(network.wiring, weights, inputs) - respond(
        network.wiring, network.weights, inputs
    )


def collected(network, values, inputs, dtype=float, threads=1):
    """Return the same by way of the tiles."""
    wiring = network.wiring

    def work(part, tile):
        found = np.zeros((*values.shape, wiring.n_outputs, tile.sent.shape[1]))
        for k, outputs, changed in tile.changes(np.arange(len(values)), values):
            found[k][:, outputs] = changed.swapaxes(0, 1)
        return found

    weights, inputs = network.weights.astype(dtype), inputs.astype(dtype)
    parts = over_tiles(work, wiring, weights, inputs, values.shape[1], threads)
    return np.concatenate(list(parts), axis=-1)


def test_every_change_is_that_of_the_whole_network(network):
    values, inputs = values_for(network), coordinates((9, 11))
    found = collected(network, values, inputs)
    np.testing.assert_allclose(found, by_the_book(network, values, inputs), atol=1e-13)


def test_in_single_precision_too(network):
    values, inputs = values_for(network), coordinates((9, 11))
    found = collected(network, values, inputs, np.float32)
    np.testing.assert_allclose(found, by_the_book(network, values, inputs), atol=2e-5)


def test_tiles_and_threads_change_nothing(network, monkeypatch):
    values, inputs = values_for(network), coordinates((20, 20))
    whole = collected(network, values, inputs)
    monkeypatch.setattr(downstream, "ROW", 64)  # tiles of 64 points, the last of 16
    np.testing.assert_allclose(collected(network, values, inputs), whole, atol=1e-14)
    in_one, in_three = (collected(network, values, inputs, threads=n) for n in (1, 3))
    np.testing.assert_array_equal(in_one, in_three)


def test_synapses_in_any_order_and_more_than_once():
    network = Network.random(WIRINGS["odd"], seed=3)
    values, inputs = values_for(network), coordinates((3, 4))
    book = by_the_book(network, values, inputs)
    order = np.array([9, 2, 2, 11, 0])

    def work(part, tile):
        return [
            (k, np.array(changed)[:, 0]) for k, _, changed in tile.changes(order, values[order])
        ]

    (found,) = over_tiles(work, network.wiring, network.weights, inputs, 4)
    assert [k for k, _ in found] == [0, 1, 2, 3, 4]
    outputs = {k: network.wiring.outputs for k in order}
    for (_, changed), synapse in zip(found, order, strict=True):
        reached = [o for o in range(3) if np.abs(book[synapse, 0, o]).max() > 0]
        assert len(outputs) and len(changed) >= len(reached)
        np.testing.assert_allclose(changed[-len(reached) :], book[synapse, 0, reached], atol=1e-13)


def test_an_error_in_a_thread_reaches_the_caller(network):
    def work(part, tile):
        raise ArithmeticError("from within")

    inputs = coordinates((20, 20))
    for threads in (1, 2):
        with pytest.raises(ArithmeticError, match="from within"):
            list(over_tiles(work, network.wiring, network.weights, inputs, 21, threads))

"""Oracle: the whole network computed anew, in float64, for every moved weight."""

import numpy as np
import pytest
from wirings import WIRINGS

import ensembles_lib.sweeps.downstream as downstream
from ensembles_lib import Network, coordinates
from ensembles_lib.core.passes import respond
from ensembles_lib.sweeps.downstream import blocks, tile_length, tiles


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


def collected(network, values, inputs, dtype=float):
    """Return the same by way of the tiles."""
    wiring = network.wiring
    found = np.zeros((*values.shape, wiring.n_outputs, inputs.shape[1]))
    weights, inputs = network.weights.astype(dtype), inputs.astype(dtype)
    for part, tile in tiles(wiring, weights, inputs, values.shape[1]):
        for k, outputs, changed in tile.changes(np.arange(len(values)), values):
            found[k][:, outputs, part] = changed.swapaxes(0, 1)
    return found


def test_every_change_is_that_of_the_whole_network(network):
    values, inputs = values_for(network), coordinates((9, 11))
    found = collected(network, values, inputs)
    np.testing.assert_allclose(found, by_the_book(network, values, inputs), atol=1e-13)


def test_in_single_precision_too(network):
    values, inputs = values_for(network), coordinates((9, 11))
    found = collected(network, values, inputs, np.float32)
    np.testing.assert_allclose(found, by_the_book(network, values, inputs), atol=2e-5)


def test_tiles_change_nothing(network, monkeypatch):
    values, inputs = values_for(network), coordinates((20, 20))
    whole = collected(network, values, inputs)
    monkeypatch.setattr(downstream, "ROW", 64)  # tiles of 64 points, the last of 16
    np.testing.assert_allclose(collected(network, values, inputs), whole, atol=1e-14)


def test_rows_are_begun_in_groups_that_are_small_or_hear_nothing_of_each_other(network):
    wiring = network.wiring
    for hears in (wiring.listens[:, wiring.n_inputs :], np.zeros((9, 9), bool), np.ones((1, 1))):
        groups = list(downstream._groups(hears))
        assert [row for start, stop in groups for row in range(start, stop)] == list(
            range(1, len(hears))
        )
        for start, stop in groups:
            assert stop - start <= downstream.GROUP or not hears[start:stop, start:stop].any()
        for (start, _), (_, stop) in zip(groups, groups[1:], strict=False):
            # Two neighbours are two because they are too long together.
            assert stop - start > downstream.GROUP


def test_synapses_in_any_order_and_more_than_once():
    network = Network.random(WIRINGS["odd"], seed=3)
    values, inputs = values_for(network), coordinates((3, 4))
    book = by_the_book(network, values, inputs)
    order = np.array([9, 2, 2, 11, 0])

    ((_, tile),) = tiles(network.wiring, network.weights, inputs, 4)
    changes = tile.changes(order, values[order])
    found = [(k, np.array(changed)[:, 0]) for k, _, changed in changes]
    assert [k for k, _ in found] == [0, 1, 2, 3, 4]
    outputs = {k: network.wiring.outputs for k in order}
    for (_, changed), synapse in zip(found, order, strict=True):
        reached = [o for o in range(3) if np.abs(book[synapse, 0, o]).max() > 0]
        assert len(outputs) and len(changed) >= len(reached)
        np.testing.assert_allclose(changed[-len(reached) :], book[synapse, 0, reached], atol=1e-13)


def test_blocks_hold_every_point_once_in_whole_tiles():
    for n_points, n_values, n_rows in ((1, 1, 1), (16384, 21, 1840), (9000, 3, 10**7)):
        found = blocks(n_points, n_values, n_rows)
        covered = [p for block in found for p in range(block.start, block.stop)]
        assert covered == list(range(n_points))
        lengths = [block.stop - block.start for block in found[:-1]]
        assert all(length % tile_length(n_values) == 0 for length in lengths)


@pytest.mark.parametrize("n_values, n_rows", [(1, 1), (21, 1840), (21, 5000), (3, 10**9)])
def test_blocks_bound_what_waits_in_memory(n_values, n_rows):
    """Oracle: their promise; a block is a tile, or has at most 2048 points and BLOCK numbers."""
    tile = tile_length(n_values)
    lengths = [block.stop - block.start for block in blocks(40000, n_values, n_rows)]
    longest = max(lengths)
    assert longest == tile or (longest <= 2048 and longest * n_rows <= downstream.BLOCK)
    assert longest + tile > min(2048, downstream.BLOCK // n_rows)  # one tile more would not fit

"""Oracles: sweeps one by one, and the maps and sums taken from their pictures."""

import json
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from wirings import WIRINGS

import ensembles_lib.sweeps.surveys as surveys
from ensembles_lib import (
    Atlas,
    FileFormatError,
    Network,
    Picture,
    Wiring,
    atlas,
    rmse,
    spread,
    sweep,
    working_ranges,
)
from ensembles_lib._files import read_arrays, write_arrays
from ensembles_lib.sweeps.atlases import FILE_FORMAT

SIZE = (9, 11)


@pytest.fixture(params=WIRINGS)
def network(request):
    return Network.random(WIRINGS[request.param], seed=3)


@pytest.fixture
def small():
    return Network.random(WIRINGS["odd"], seed=3)


@pytest.fixture
def target():
    return Picture(np.random.default_rng(5).uniform(-1, 1, (*SIZE, 3)))


def sweep_all(network, values, size, target=None, **options):
    """The atlas of given values, without working ranges."""
    return surveys.fill(surveys.empty_atlas(network, size, None, values), target, **options)


def make(network, **options):
    return atlas(network, SIZE, steps=5, progress=False, **options)


def assert_same(one, other):
    for name in ("values", "squares", "products", "energy", "signed"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.error == other.error and one.done == other.done and one.size == other.size
    assert one.network == other.network
    np.testing.assert_array_equal(one.ranges.high, other.ranges.high)
    assert one.ranges.epsilon == other.ranges.epsilon


def test_it_is_the_sweeps_one_by_one(network, target):
    found = make(network, target=target)
    assert found.done == SIZE[0] * SIZE[1] and "complete" in repr(found)
    for synapse in range(0, network.wiring.n_synapses, 9):
        alone = sweep(network, synapse, found.values[synapse], SIZE)
        np.testing.assert_allclose(found.change[synapse], alone.change, atol=2e-6)
        errors = [rmse(pixels, target) for pixels in alone.pixels]
        np.testing.assert_allclose(found.rmse[synapse], errors, atol=2e-6)
        energy = np.mean((alone.pixels - alone.still) ** 2, axis=(0, 3))
        np.testing.assert_allclose(found.energy[synapse], energy, atol=1e-5)


def test_the_signed_map_is_the_slope_of_the_change(network):
    found = sweep_all(network, make(network).values, SIZE, dtype=np.float64)
    for synapse in range(0, network.wiring.n_synapses, 9):
        values = found.values[synapse]
        swept = sweep(network, synapse, values, SIZE)
        maps = swept.pixels - swept.still
        position = (values - network.weights[synapse]) / ((values[-1] - values[0]) / 2)
        slope = np.linalg.lstsq(position[:, None], maps.reshape(5, -1), rcond=None)[0]
        np.testing.assert_allclose(found.signed_map(synapse).ravel(), slope[0], atol=2e-6)
        rest = maps.reshape(5, -1) - position[:, None] * slope
        explained = 1 - np.sum(rest**2) / max(np.sum(maps**2), 1e-30)
        if maps.any():
            assert found.linearity[synapse] == pytest.approx(explained, abs=1e-4)


def test_the_values_run_from_end_to_end_of_the_working_range(network):
    found, ranges = make(network), working_ranges(network, SIZE)
    bounded = np.isfinite(ranges.half)
    starts, ends = found.values[:, 0], found.values[:, -1]
    np.testing.assert_allclose((network.weights - starts)[bounded], ranges.low[bounded])
    np.testing.assert_allclose((ends - network.weights)[bounded], ranges.high[bounded])
    np.testing.assert_allclose(found.change[bounded][:, [0, -1]], 0.05, rtol=1e-3)
    assert np.isfinite(found.values).all() and (found.change < 0.0501).all()


def test_spread_is_that_of_the_mean_squared_change(small):
    found = make(small)
    for synapse in (0, 5, 9):
        swept = sweep(small, synapse, found.values[synapse], SIZE)
        maps = swept.pixels - swept.still
        energy = np.sqrt(np.sum(maps**2, axis=(0, 3)))[..., None]
        assert found.spread[synapse] == pytest.approx(spread(energy), rel=1e-3)


def test_in_double_precision_it_is_exact(small, target, monkeypatch):
    monkeypatch.setattr("ensembles_lib.sweeps.downstream.ROW", 64)  # two tiles
    values = make(small).values
    found = sweep_all(small, values, SIZE, target, dtype=np.float64)
    alone = sweep(small, 4, values[4], SIZE)
    np.testing.assert_allclose(found.change[4], alone.change, atol=1e-13)
    errors = [rmse(pixels, target) for pixels in alone.pixels]
    np.testing.assert_allclose(found.rmse[4], errors, atol=1e-13)


def test_maps_of_large_pictures_are_averaged_down(small, monkeypatch):
    whole = sweep_all(small, make(small).values, (20, 29), dtype=np.float64)
    monkeypatch.setattr(surveys, "MAP_SIDE", 10)  # cells of 3×3, cut at the edges
    coarse = sweep_all(small, whole.values, (20, 29), dtype=np.float64)
    assert coarse.energy.shape == (small.wiring.n_synapses, 7, 10)
    np.testing.assert_allclose(coarse.change, whole.change, atol=1e-12)
    for row, column in ((0, 0), (2, 5), (6, 9)):
        cell = np.s_[:, 3 * row : 3 * row + 3, 3 * column : 3 * column + 3]
        mean = whole.energy[cell].mean(axis=(1, 2))
        np.testing.assert_allclose(coarse.energy[:, row, column], mean, rtol=1e-5)
        mean = whole.signed[(slice(None), *cell)].mean(axis=(2, 3))
        np.testing.assert_allclose(coarse.signed[:, :, row, column], mean, atol=1e-6)


def test_the_work_can_be_shared_out(small, target):
    """Oracle: this process alone gives the same, bit by bit."""
    alone = atlas(small, (40, 60), 21, target, progress=False)
    for kind in (ProcessPoolExecutor, ThreadPoolExecutor):
        with kind(2) as pool:
            assert_same(atlas(small, (40, 60), 21, target, executor=pool, progress=False), alone)


def test_an_error_in_a_worker_reaches_the_caller(small, monkeypatch):
    def fails(*_):
        raise ArithmeticError("from within")

    monkeypatch.setattr(surveys, "_sweep", fails)
    with ThreadPoolExecutor(2) as pool, pytest.raises(ArithmeticError, match="from within"):
        sweep_all(small, make(small).values, (40, 60), executor=pool)


def test_any_number_of_outputs():
    wiring = Wiring([[0, 1, 2], [0, 3], [1, 3], [2, 4, 5]], 3, 2)
    found = make(Network.random(wiring, seed=1))
    assert found.signed_map(0).shape == (*SIZE, 2)
    with pytest.raises(ValueError, match="without a target"):
        _ = found.rmse


def test_it_comes_back_from_a_file(small, target, tmp_path):
    found = make(small, target=target)
    found.save(tmp_path / "atlas.npz")
    assert_same(Atlas.load(tmp_path / "atlas.npz"), found)
    np.testing.assert_array_equal(Atlas.load(tmp_path / "atlas.npz").rmse, found.rmse)


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.99])
def test_a_truncated_file_is_refused(small, tmp_path, keep):
    path = tmp_path / "atlas.npz"
    make(small).save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(FileFormatError, match="truncated or not a saved atlas"):
        Atlas.load(path)


def test_a_network_is_no_atlas(small, tmp_path):
    small.save(tmp_path / "network.npz")
    with pytest.raises(FileFormatError, match="format 'ensembles_lib network 1'"):
        Atlas.load(tmp_path / "network.npz")


@pytest.mark.parametrize(
    "wrong", [{"epsilon": "0.05"}, {"epsilon": None}, {"error": 1}, {"done": -1}, {"done": 1.0}]
)
def test_an_atlas_that_says_nonsense_of_itself_is_refused(small, tmp_path, wrong):
    path = tmp_path / "atlas.npz"
    atlas(small, size=4, steps=2, path=path, progress=False)
    arrays = read_arrays(path, FILE_FORMAT)
    del arrays["format"]
    told = json.loads(str(arrays["about"])) | wrong
    write_arrays(path, FILE_FORMAT, arrays | {"about": np.array(json.dumps(told))})
    with pytest.raises(FileFormatError, match=f"{next(iter(wrong.values()))}"):
        Atlas.load(path)


class Interrupted(KeyboardInterrupt):
    pass


def interrupt_after(monkeypatch, blocks):
    """Make the progress bar raise, as a press of Ctrl-C would, after some blocks."""
    bar = surveys.tqdm

    class Bar(bar):
        count = 0

        def update(self, n=1):
            Bar.count += 1
            if Bar.count == blocks:
                raise Interrupted
            return super().update(n)

    monkeypatch.setattr(surveys, "tqdm", Bar)


@pytest.mark.parametrize("size", [(40, 50), (40, 300)])  # the second with averaged maps
def test_what_was_interrupted_goes_on_from_there(small, tmp_path, monkeypatch, size):
    path = tmp_path / "atlas.npz"
    whole = atlas(small, size, steps=21, progress=False)
    interrupt_after(monkeypatch, 1)
    with pytest.raises(Interrupted):
        atlas(small, size, steps=21, path=path, progress=False)
    part = Atlas.load(path)
    assert 0 < part.done < size[0] * size[1] and "done" in repr(part)
    monkeypatch.undo()
    swept = []
    original = surveys._sweep

    def watched(wiring, weights, values, fit, counts, inputs, *rest):
        swept.append(inputs.shape[1])
        return original(wiring, weights, values, fit, counts, inputs, *rest)

    monkeypatch.setattr(surveys, "_sweep", watched)
    found = atlas(small, size, steps=21, path=path, progress=False)
    assert sum(swept) == size[0] * size[1] - part.done
    np.testing.assert_allclose(found.squares, whole.squares, rtol=1e-5)
    np.testing.assert_allclose(found.signed, whole.signed, atol=1e-6)
    assert_same(Atlas.load(path), found)
    assert_same(atlas(small, size, steps=21, path=path, progress=False), found)


def test_a_half_folded_block_is_not_saved(small, tmp_path, monkeypatch):
    path = tmp_path / "atlas.npz"

    class Sums(np.ndarray):
        def __iadd__(self, other):
            raise Interrupted

    empty = surveys.empty_atlas

    def broken(*args):
        started = empty(*args)
        started.products = started.products.view(Sums)
        return started

    monkeypatch.setattr(surveys, "empty_atlas", broken)
    with pytest.raises(Interrupted):
        atlas(small, (40, 50), path=path, progress=False)
    assert not path.exists()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"size": 10}, "size"),
        ({"steps": 6}, "steps 5, not 6"),
        ({"epsilon": 0.1}, "epsilon 0.05, not 0.1"),
        ({"target": "target"}, "target"),
        ({"network": "other"}, "another network"),
    ],
)
def test_a_file_of_another_call_is_not_taken_up(
    small, target, tmp_path, monkeypatch, options, says
):
    path, options = tmp_path / "atlas.npz", dict(options)
    make(small, path=path)
    monkeypatch.setattr(surveys, "EPSILON", options.pop("epsilon", 0.05))
    call = {"network": small, "size": SIZE, "steps": 5, **options}
    if "target" in options:
        call["target"] = target
    if "network" in options:
        call["network"] = small.with_weight(0, 0.1)
    with pytest.raises(ValueError, match=says):
        atlas(**call, path=path, progress=False)


@pytest.mark.parametrize("steps", [1, 0, 2.5, "many"])
def test_wrong_steps_are_said(small, steps):
    with pytest.raises(ValueError, match="from 2 up"):
        atlas(small, SIZE, steps=steps)


def test_wrong_targets_and_sizes_are_said(small):
    with pytest.raises(ValueError, match=r"give \(height, width, 3\)"):
        atlas(small, SIZE, target=np.zeros(SIZE))
    with pytest.raises(ValueError, match="size"):
        atlas(small, 0)


def test_what_would_not_fit_is_said_before_any_work(monkeypatch):
    network = Network.random(WIRINGS["article"], seed=1)
    monkeypatch.setattr("ensembles_lib.core.points.MAX_BYTES", 1 << 20)
    with pytest.raises(ValueError, match="GiB"):
        sweep_all(network, network.weights[:, None] + [[0, 0.1]], (128, 128))

"""Oracle: planted maps and orders, SciPy's rank correlation, and networks that never change."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from measuring.emergence import (
    appearances,
    components_of,
    emergence,
    kinds,
    likeness,
    orders,
    recolourings,
    share_within,
)
from measuring.trainings import start
from record_histories import thinned
from scipy.stats import rankdata, spearmanr

from ensembles_lib import History, Network, Picture, article_wiring, layered_wiring
from ensembles_lib.ensembles import Components, components
from ensembles_lib.properties import affine_generators, geometry_share
from ensembles_lib.study.evidence import EMERGENCE, HISTORIES
from ensembles_lib.study.results import StaleResultsError

DATA = Path(__file__).resolve().parents[2] / "data"
NETWORK = Network.random(layered_wiring((2, 4, 3)), seed=1)


def history_of(rows):
    rows = np.array(rows, float)
    steps = np.arange(len(rows))
    return History(steps, 0.5 / (1 + steps), np.mean(rows**2, axis=1), steps * 1.0, rows, "steps")


def test_a_component_appears_where_it_comes_to_stay():
    """Truth table, by hand: at once, late, gone in between, gone at the end, never."""
    alike = np.array([[9, 1, 9, 9, 1], [9, 1, 1, 9, 1], [9, 7, 7, 1, 6], [9, 9, 9, 1, 6]]) / 10
    assert appearances(alike).tolist() == [0, 2, 2, -1, -1]
    assert appearances(alike, same=0.9).tolist() == [0, 3, 3, -1, -1]


def test_likeness_knows_neither_sign_nor_scale_nor_order_nor_mean():
    rng = np.random.default_rng(0)
    maps, loadings = rng.standard_normal((3, 8, 8, 3)), rng.standard_normal((20, 3))
    one = Components(maps, loadings, *[np.ones(3)] * 2, np.ones(20))
    turned = one._replace(maps=5 - 2 * maps[[2, 0, 1]], loadings=-loadings[:, [2, 0, 1]])
    for found in likeness(turned, one):
        np.testing.assert_allclose(found.max(axis=1), 1)
        assert found.argmax(axis=1).tolist() == [2, 0, 1]
    flat = maps.reshape(3, -1)
    np.testing.assert_allclose(likeness(one, one)[0], np.abs(np.corrcoef(flat)))


def test_moves_are_geometry_and_recolourings_are_colour():
    """Oracle: what is built of either lies wholly within it, and not within the other."""
    rng = np.random.default_rng(1)
    moved = np.tensordot(rng.standard_normal(6), affine_generators(NETWORK, 16), 1)
    picture = NETWORK.paint(16)
    colours = picture.pixels @ rng.standard_normal((3, 3)) + rng.standard_normal(3)
    told = kinds(NETWORK, np.array([moved, colours]))
    assert told["geometry"][0] == pytest.approx(1) and told["geometry"][1] < 0.9
    assert told["colour"][1] == pytest.approx(1) and told["colour"][0] < 0.9
    assert len(recolourings(picture)) == 12


def test_the_share_of_a_mixture_is_what_went_into_it():
    """By hand: a grey picture moves in grey, so that 3 parts of a move and 4 of tint are 9/25."""
    layers = [([[3, 1], [1, 2]], [0.2, 0.1]), (np.ones((3, 1)) * [[2, -1]],)]
    grey = Network.from_layers(layers)
    ways, tint = affine_generators(grey, 24), grey.paint(24).pixels * [1, -0.5, -0.5]
    move = np.tensordot([1, -2, 0.5, 0.3, 1, 2], ways, 1)
    tint *= np.linalg.norm(move) / np.linalg.norm(tint)
    shares = share_within(ways, np.stack([1e-7 * move, 3 * move + 4 * tint, tint]))
    assert shares == pytest.approx([1, 9 / 25, 0], abs=1e-12)
    turn, shift = share_within(ways[[2]], ways[[2, 0]])
    assert turn == pytest.approx(1) and shift < 0.9


def test_a_picture_of_one_colour_has_fewer_ways_to_be_recoloured():
    """Three offsets remain of twelve: the shares must not count rounding as directions."""
    flat = recolourings(Picture(np.full((8, 8, 3), 0.3))).reshape(12, -1)
    assert np.linalg.matrix_rank(flat) == 3


def test_spread_is_the_part_of_the_area():
    """By hand: on a quarter alike, .25; everywhere alike, 1; in one pixel, 1 / P."""
    maps = np.zeros((3, 16, 16, 3))
    maps[0, :8, :8], maps[1], maps[2, 3, 4] = -2, 0.3, 1
    np.testing.assert_allclose(kinds(NETWORK, maps)["spread"], [0.25, 1, 1 / 256])


def test_orders_are_rank_correlations():
    """Oracle: SciPy's, and the partial one from residuals of ranks."""
    rng = np.random.default_rng(2)
    when, count = rng.integers(0, 12, 15), 15
    alike = np.arange(13)[:, None] >= when
    told = {"maps_alike": alike, "spread": rng.random(count), "geometry": rng.random(count)}
    told |= {"colour": rng.random(count)}
    found, tilt = orders(told), told["geometry"] - told["colour"]
    assert found["whole"] == pytest.approx(spearmanr(when, told["spread"])[0])
    assert found["geometry"] == pytest.approx(spearmanr(when, tilt)[0])
    ranks = [rankdata(row) for row in (when, tilt, told["spread"])]
    left = [row - np.polyval(np.polyfit(ranks[2], row, 1), ranks[2]) for row in ranks[:2]]
    assert found["geometry_at_one_spread"] == pytest.approx(np.corrcoef(left)[0, 1])


def test_what_is_never_found_again_is_left_out():
    """Oracle: the same without that component; too few components have no order."""
    alike = np.tri(6)
    alike[-1, 2] = 0
    told = {"maps_alike": alike, "spread": np.array([6, 5, 99, 3, 2, 1]), "geometry": np.zeros(6)}
    told |= {"colour": np.arange(6)}
    kept = [0, 1, 3, 4, 5]
    same = {name: row[..., kept] for name, row in told.items()}
    assert orders(told) == orders(same) and orders(told)["whole"] == -1
    few = {name: row[..., :2] for name, row in told.items()}
    assert np.isnan([*orders(few).values()]).all()


def test_shuffled_time_has_no_order_where_all_are_there_equally_often():
    """Each component misses one record of as many: real time orders them, shuffled time cannot."""
    alike = np.vstack([1 - np.eye(10), np.ones(10)])
    told = {"maps_alike": alike, "spread": -np.arange(10), "geometry": np.zeros(10)}
    found = orders(told | {"colour": np.zeros(10)})
    assert found["whole"] == pytest.approx(-1)
    assert abs(found["whole_shuffled"]) < 0.15  # 3 standard errors of 200 draws are .07


def test_a_network_that_never_changes_has_all_components_from_the_start():
    told = emergence(NETWORK.wiring, history_of([NETWORK.weights] * 3), 16, 4)
    assert appearances(told["maps_alike"], 0.99).tolist() == [0] * 4
    assert appearances(told["loadings_alike"], 0.99).tolist() == [0] * 4
    share = geometry_share(NETWORK, 16)
    np.testing.assert_allclose(told["share"], [np.nanmean(share)] * 3)
    np.testing.assert_allclose(told["first"], [np.nanmean(share[:6])] * 3)
    end = components(NETWORK, 4, 16)
    np.testing.assert_allclose(told["energy"], end.energy)
    np.testing.assert_allclose(told["spread"], kinds(NETWORK, end.maps)["spread"])


def test_what_another_network_becomes_appears_when_it_is_there():
    other = Network.random(NETWORK.wiring, seed=5)
    told = emergence(NETWORK.wiring, history_of([other.weights] * 2 + [NETWORK.weights] * 2), 16, 4)
    assert appearances(told["maps_alike"], 0.99).tolist() == [2] * 4


def test_where_there_are_fewer_directions_all_of_them_are_taken():
    """A network of few synapses: asked for a hundred components, it has its rank."""
    found = components_of(NETWORK, 100, 16)
    assert 4 < len(found.maps) <= 27
    assert found.energy.sum() == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("length, count", [(1501, 40), (401, 40), (40, 40), (12, 40), (9, 2)])
def test_thinned_histories_keep_both_ends(length, count):
    history = history_of(np.random.default_rng(3).standard_normal((length, 5)))
    few = thinned(history, count)
    assert len(few.step) == min(length, count) and few.step[[0, -1]].tolist() == [0, length - 1]
    assert (np.diff(np.diff(few.step)) >= -1).all()  # dense at the start, but for rounding
    np.testing.assert_array_equal(few.weights, history.weights[few.step].astype(np.float32))
    np.testing.assert_array_equal(few.rmse, history.rmse[few.step])
    assert few.weights.dtype == np.float32 and few.stopped == "steps"


def test_one_record_is_no_history():
    with pytest.raises(ValueError, match="count 1: give 2"):
        thinned(history_of(np.ones((5, 2))), 1)


def history_path(one, folder=DATA):
    return folder / "histories" / f"{one.name}.npz"


def open_histories():
    return {one: History.load(history_path(one)) for one in HISTORIES}


def test_the_stored_histories_are_whole():
    histories = open_histories()
    assert len(histories) == 32
    for one, history in histories.items():
        assert len(history.step) == 40 and history.step[0] == 0
        assert history.weights.shape == (40, article_wiring(one.wiring).n_synapses)
        assert history.rmse[-1] < 0.12 < history.rmse[0]
    assert sum(history_path(one).stat().st_size for one in HISTORIES) < 2.5e6


def test_the_stored_start_is_that_of_the_training():
    one = HISTORIES[9]
    first = start(one).weights.astype(np.float32)
    np.testing.assert_array_equal(History.load(history_path(one)).weights[0], first)


def test_the_stored_measurements_are_of_the_stored_histories():
    cells, histories = EMERGENCE.open(DATA), open_histories()
    for one, history in histories.items():
        told = cells[one.group][one.seed]
        assert told["seed"] == one.seed and told["step"] == history.step.tolist()
        np.testing.assert_allclose(told["rmse"], history.rmse, rtol=1e-3)
        assert len({len(told[name]) for name in ("appeared", "spread", "colour", "geometry")}) == 1
        # One network of the few measured again.
        if one in HISTORIES[::16]:
            network = Network(article_wiring(one.wiring), history.weights[-1].astype(float))
            assert told["share"][-1] == pytest.approx(np.nanmean(geometry_share(network, 64)), 1e-3)


def test_the_stored_orders_follow_from_the_stored_appearances():
    """Oracle: SciPy's rank correlation of what is stored beside them."""
    for histories in EMERGENCE.open(DATA).values():
        for told in histories:
            when = np.array(told["appeared"])
            kept = when >= 0
            rank = spearmanr(when[kept], np.array(told["spread"])[kept])[0]
            assert told["orders"]["whole"] == pytest.approx(rank, abs=0.01)


def test_measurements_of_other_histories_are_refused(tmp_path):
    shutil.copytree(DATA / "histories", tmp_path / "histories")
    (tmp_path / "study").mkdir()
    shutil.copy(DATA / "study" / "emergence.json", tmp_path / "study")
    shutil.copy(history_path(HISTORIES[0], tmp_path), history_path(HISTORIES[1], tmp_path))
    with pytest.raises(StaleResultsError, match="has histories"):
        EMERGENCE.open(tmp_path)

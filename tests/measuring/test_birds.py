"""Oracle: the rule read aloud, on tables made by hand; the theorem of the strict entry."""

import numpy as np
import pytest
from choose_birds import choose, purity, shows_the_pair
from measuring.birds import FITTED, far_moves

from ensembles_lib import Network, article_wiring
from ensembles_lib.properties import affine_fit
from ensembles_lib.sweeps import working_range


def moves(explained=0.9, tilt=0.0, lean=0.0, width=0.0, height=0.0):
    """Return moves of six synapses of which 0 tilts and leans, and 1 widens and grows."""
    made = {name: np.zeros((6, 2)) for name in ("tilt", "lean", "width", "height")}
    made["tilt"][0], made["lean"][0] = (-tilt, tilt), (lean, -lean)
    made["width"][1], made["height"][1] = (width, -width), (-height, height)
    return made | {"explained": np.full((6, 2), explained)}


@pytest.mark.parametrize(
    "how, shown",
    [
        (dict(tilt=5, width=5), True),
        (dict(lean=5, height=5), True),
        (dict(tilt=4.9, lean=4.9, width=9), False),
        (dict(tilt=9, width=4.9, height=4.9), False),
        (dict(width=9, height=9), False),
    ],
)
def test_the_pair_needs_both(how, shown):
    assert shows_the_pair(moves(**how)) is shown


def test_another_synapse_that_tilts_makes_no_pair():
    swapped = {name: rows[::-1] for name, rows in moves(tilt=9, width=9).items()}
    assert not shows_the_pair(swapped)


def test_both_signs_are_averaged_before_the_median():
    explained = [[1.0, 0.0], [0.6, 0.6], [0.7, 0.7], [0.2, 0.4], [0.9, 0.9], [0.1, 0.1]]
    assert purity({"explained": explained}) == pytest.approx(0.55)


def test_the_purest_with_the_pair_is_chosen():
    pair = dict(tilt=6, width=6)
    rows = [moves(0.99), moves(0.85, **pair), moves(0.9, **pair), moves(0.95, **pair)]
    assert choose([0.05, 0.05, 0.05, 0.056], rows) == 2


def test_without_a_pure_pair_the_purest_of_all_is_chosen():
    rows = [moves(0.7), moves(0.79, tilt=6, width=6), moves(0.75)]
    assert choose([0.05] * 3, rows) == 1
    assert choose([0.05, 0.06, 0.05], rows) == 2
    rows[1] = moves(0.8, tilt=6, width=6)
    assert choose([0.05] * 3, [moves(0.9), *rows[1:]]) == 1


def test_of_equally_pure_ones_the_most_exact_is_chosen():
    assert choose([0.05, 0.04, 0.045], [moves(1.0), moves(0.99999), moves(1.0)]) == 1


def test_a_network_of_which_nothing_can_be_told_is_not_chosen():
    """One of its synapses moves nothing, so that there is nothing to explain."""
    untold = moves(0.9, tilt=6, width=6)
    untold["explained"][4] = np.nan
    assert np.isnan(purity(untold))
    assert choose([0.04, 0.05], [untold, moves(0.3)]) == 1
    assert choose([0.05, 0.04], [moves(0.3), untold]) == 0


@pytest.mark.parametrize("errors, n_moves", [([], 0), ([0.05], 0), ([0.05], 2)])
def test_errors_and_moves_belong_together(errors, n_moves):
    with pytest.raises(ValueError, match=f"{len(errors)} errors, {n_moves} moves: give both"):
        choose(errors, [moves()] * n_moves)


def test_none_good_enough():
    with pytest.raises(ValueError, match="smallest error is 0.060: none is below 0.055"):
        choose([0.07, 0.06], [moves(), moves()])


def test_far_moves_are_those_of_single_fits():
    """Oracle: one of them, made by hand. In the strict entry every move is an affine map, which
    is found unless it mirrors the picture: where the entry's determinant changes its sign."""
    network = Network.random(article_wiring("strict"), seed=2)
    found = far_moves(network, 16, 24)
    reach = 10 * working_range(network, 3, 16).usable
    fit = affine_fit(network, network.with_weight(3, network.weights[3] - reach), 24)
    assert [found[name][3, 0] for name in FITTED] == [getattr(fit, name) for name in FITTED]
    assert found["half"][3] == pytest.approx(reach / 10)
    explained = np.array(found["explained"])
    mirrored = np.zeros((6, 2), bool)
    for k, reach in enumerate(10 * found["half"]):
        for side, step in enumerate((-reach, reach)):
            far = network.with_weight(k, network.weights[k] + step)
            before, after = (
                np.linalg.det(one.weights[:6].reshape(2, 3)[:, :2]) for one in (network, far)
            )
            mirrored[k, side] = before * after < 0
    assert explained[~mirrored].min() > 0.999 and mirrored.sum() == 3
    assert explained[mirrored].max() < 0.95

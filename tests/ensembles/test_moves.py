"""Oracles: closed forms and SciPy on linear networks, painted properties measured afterwards."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, brentq, minimize

from ensembles_lib import Network, Wiring, article_wiring, jacobian, layered_wiring
from ensembles_lib.ensembles import leak, linear_ranges
from ensembles_lib.ensembles.jitter import Robustness, robustness
from ensembles_lib.ensembles.moves import best_single_move, coordinated_move, property_slider
from ensembles_lib.ensembles.start import bounded_misfits, picture_metric, smallest_step, start_of
from ensembles_lib.properties.measurements import Measurement, painted
from ensembles_lib.properties.peacock import peacock_properties

RNG = np.random.default_rng(0)
LINEAR = RNG.standard_normal((3, 10))
HALF = RNG.uniform(0.2, 2, 10)
TEN = Network(Wiring([range(10)], 10, 1), RNG.standard_normal(10))
SIZE = (12, 16)
PAINTER = Network.random(article_wiring("wide"), seed=5)


def by_formula(matrix, bend=0.0, limit=np.inf):
    """Properties G w + bend (G w)³, which cannot be measured where one exceeds the limit."""

    def values(weights, which=None):
        found = matrix @ weights
        if np.abs(found - matrix @ TEN.weights).max() > limit:
            raise ValueError("nothing left to measure")
        found = found + bend * found**3
        return found if which is None else found[which]

    def slopes(weights, which=None):
        by_weight = matrix * (1 + 3 * bend * (matrix @ weights) ** 2)[:, None]
        return values(weights, which), by_weight if which is None else by_weight[which]

    return Measurement(tuple("abc"[: len(matrix)]), values, slopes)


class Made(NamedTuple):
    """A property, as far as measurements care."""

    name: str
    measure: object


def bent(name, seed):
    """A smooth property that is not linear in the pixels."""
    y, x = np.indices(SIZE) / 10
    waves = np.random.default_rng(seed).standard_normal((4, 3))
    mask = np.stack([np.sin(a * x + b * y + c) for a, b, c in waves[:3]], axis=-1)

    def measure(pixels):
        return np.mean(mask * (pixels + pixels**2 / 4)), mask * (1 + pixels / 2) / mask.size

    return Made(name, measure)


PROPERTIES = [bent(name, seed) for seed, name in enumerate(["tilt", "width", "area", "green"])]
PAINTED = painted(PAINTER, PROPERTIES, SIZE, np.float64)
RANGES = linear_ranges(PAINTER, SIZE)


def test_linear_move_in_closed_form():
    effects = LINEAR * HALF
    for which in range(3):
        wanted = 0.1 * np.eye(3)[which]
        z = effects.T @ np.linalg.solve(effects @ effects.T, wanted)
        move = coordinated_move(TEN, by_formula(LINEAR), which, 0.1, half=HALF)
        assert move.arrived and move.leak < 1e-9 and move.got == pytest.approx(0.1)
        assert move.network.weights - TEN.weights == pytest.approx(z * HALF)
        assert np.array_equal(move.path[-1], move.network.weights) and len(move.path) == 5
        assert move.amounts == pytest.approx(np.linspace(0, 0.1, 5))


def test_scales_of_properties_and_of_weights_do_not_matter():
    base = coordinated_move(TEN, by_formula(LINEAR, 0.1), "b", 0.1, half=HALF)
    other = coordinated_move(
        TEN, by_formula(LINEAR * [[1], [1], [1e5]], 0.0), "b", 0.1, half=3 * HALF
    )
    plain = coordinated_move(TEN, by_formula(LINEAR), "b", 0.1, half=HALF)
    assert other.network.weights == pytest.approx(plain.network.weights)
    assert not np.allclose(base.network.weights, plain.network.weights, atol=1e-6)


def test_bounds_against_scipy():
    rng, bitten = np.random.default_rng(1), 0
    effects = rng.standard_normal((3, 10))
    below, above = -rng.uniform(0.1, 0.6, 10), rng.uniform(0.1, 0.6, 10)
    for wanted in rng.standard_normal((30, 3)):
        step, met = smallest_step(effects, wanted, below, above)
        assert (step >= below).all() and (step <= above).all()
        best = minimize(
            lambda z: z @ z,
            np.zeros(10),
            jac=lambda z: 2 * z,
            bounds=list(zip(below, above, strict=True)),
            constraints={"type": "eq", "fun": lambda z, w=wanted: effects @ z - w},
            method="SLSQP",
        )
        assert met == best.success == (np.abs(effects @ step - wanted).max() < 1e-9)
        if met:
            # Those set to their bounds are never freed again: a little longer than the best.
            assert best.fun - 1e-6 <= step @ step <= 1.05 * best.fun
            bitten += (step == below).any() or (step == above).any()
    assert bitten > 5


def test_metric_against_lagrange_multipliers():
    effects, root = RNG.standard_normal((2, 5)), RNG.standard_normal((5, 5))
    metric, wanted = root @ root.T + np.eye(5), np.array([1.0, -2.0])
    system = np.block([[metric, effects.T], [effects, np.zeros((2, 2))]])
    expected = np.linalg.solve(system, [0, 0, 0, 0, 0, *wanted])[:5]
    far = np.full(5, 100.0)
    assert smallest_step(effects, wanted, -far, far, metric)[0] == pytest.approx(expected)
    # With synapse 0 at its end, the others make up for what it does in the metric, too.
    high = far.copy()
    high[0] = expected[0] / 2 if expected[0] > 0 else 100
    low = -far.copy()
    low[0] = expected[0] / 2 if expected[0] < 0 else -100
    system[0], right = np.eye(7)[0], np.array([expected[0] / 2, 0, 0, 0, 0, *wanted])
    step, met = smallest_step(effects, wanted, low, high, metric)
    assert met and step == pytest.approx(np.linalg.solve(system, right)[:5])


def test_picture_metric_against_the_jacobian_written_out(monkeypatch):
    monkeypatch.setattr("ensembles_lib.ensembles.start.RIDGE", 0.5)
    written = jacobian(PAINTER, SIZE).reshape(-1, 460) * RANGES / 0.05
    expected = written.T @ written / len(written)
    assert np.diag(expected) == pytest.approx(1, rel=1e-3)
    found = picture_metric(PAINTER, RANGES, SIZE)
    assert found - 0.5 * np.eye(460) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("which, amount", [("tilt", 0.03), ("width", -0.05), ("green", 0.08)])
def test_painted_property_moves_and_the_others_stand_still(which, amount):
    before = [one.measure(PAINTER.paint(SIZE).pixels)[0] for one in PROPERTIES]
    change = {}
    for metric in ("weights", "picture"):
        move = coordinated_move(
            PAINTER, PROPERTIES, which, amount, half=RANGES, size=SIZE, metric=metric
        )
        pixels = move.network.paint(SIZE).pixels
        after = np.array([one.measure(pixels)[0] for one in PROPERTIES])
        number = PAINTED.number(which)
        assert move.arrived and move.leak <= 0.01
        assert after[number] - before[number] == pytest.approx(amount, rel=5e-3)
        _, by_weight = PAINTED.slopes(PAINTER.weights)
        scales = np.sqrt(np.mean((by_weight * RANGES) ** 2, axis=1))
        assert leak((after - before) / scales, number) <= 0.01
        z = (move.network.weights - PAINTER.weights) / RANGES
        assert np.abs(z).max() <= 1 + 1e-9
        change[metric] = np.linalg.norm(z), np.std(pixels - PAINTER.paint(SIZE).pixels)
    assert change["weights"][0] < change["picture"][0]
    assert change["picture"][1] < change["weights"][1]


def test_only_chosen_synapses_move_and_working_ranges_hold():
    chosen = range(40, 90)
    half = 0.3 * RANGES
    move = coordinated_move(PAINTER, PAINTED, "tilt", 0.02, half=half, synapses=chosen)
    difference = move.network.weights - PAINTER.weights
    assert not difference[[k for k in range(460) if k not in chosen]].any() and difference.any()
    for weights in move.path:
        assert (np.abs(weights - PAINTER.weights) <= half + 1e-12).all()


def test_a_synapse_without_bounded_range_stays():
    half = np.where(np.arange(10) == 4, np.inf, HALF)
    move = coordinated_move(TEN, by_formula(LINEAR), "a", 0.1, half=half)
    assert move.arrived and move.network.weights[4] == TEN.weights[4]


def test_out_of_reach_says_how_far_it_got_and_why():
    far = coordinated_move(TEN, by_formula(LINEAR), "a", 50, half=HALF)
    assert not far.arrived and "at the end of their working range" in far.stopped
    # As far as a linear programme gets, nearly.
    z = (far.network.weights - TEN.weights) / HALF
    assert np.abs(z).max() <= 1 + 1e-9 and 0.3 * 50 > far.got > 0
    best = minimize(
        lambda x: -LINEAR[0] * HALF @ x,
        z,
        bounds=[(-1, 1)] * 10,
        constraints=LinearConstraint(LINEAR[1:] * HALF, 0, 0),
    )
    assert 0.6 * -best.fun < far.got <= -best.fun * (1 + 1e-6)
    assert far.leak < 1e-6 and far.got == pytest.approx(far.amounts[-1])
    assert LINEAR @ (far.network.weights - TEN.weights) == pytest.approx([far.got, 0, 0], abs=1e-6)
    lost = coordinated_move(TEN, by_formula(LINEAR, limit=0.2), "a", 0.5, half=HALF)
    assert "cannot be measured: nothing left" in lost.stopped and 0.19 < lost.got <= 0.2
    # a - a³/3 has its summit at 1.
    slack = Network(TEN.wiring, TEN.weights * 0)
    summit = coordinated_move(slack, by_formula(LINEAR, -1 / 3), "a", 0.8, half=99 * HALF)
    assert "saturates" in summit.stopped and 0.6 < summit.got < 2 / 3


def test_a_singular_step_stops_the_walk_with_a_reason(monkeypatch):
    def singular(*args):
        raise np.linalg.LinAlgError

    monkeypatch.setattr("ensembles_lib.ensembles.moves.smallest_step", singular)
    move = coordinated_move(TEN, by_formula(LINEAR), "a", 0.1, half=HALF)
    assert not move.arrived and "no longer be told apart" in move.stopped
    assert move.got == 0 and move.network == TEN


def test_no_move_is_no_step():
    move = coordinated_move(TEN, by_formula(LINEAR), "a", 0.0, half=HALF)
    assert move.arrived and move.network == TEN and move.got == 0 and len(move.path) == 1
    assert move.leak == 0


def test_impossible_moves_are_refused_by_name():
    tied = np.vstack([LINEAR[0], LINEAR[1], LINEAR[0] + LINEAR[1]])
    flat = np.vstack([LINEAR[:2], np.zeros(10)])
    for matrix, says in ((tied, "a.*b.*c|c.*a.*b|a.*c.*b"), (flat, "'c' is constant")):
        with pytest.raises(ValueError, match=says):
            coordinated_move(TEN, by_formula(matrix), "a", 0.1, half=HALF)
    for options, says in (
        ({"which": "z"}, "no property 'z'"),
        ({"amount": np.nan}, "finite"),
        ({"metric": "taste"}, "'weights' or 'picture'"),
        ({"synapses": [1, 2]}, "2 synapses that may move cannot hold 3"),
        ({"half": np.ones(9)}, r"\(10,\)|9 working ranges"),
        ({"half": -HALF}, "from 0 up"),
    ):
        given = {"which": "a", "amount": 0.1, "half": HALF, **options}
        with pytest.raises(ValueError, match=says):
            coordinated_move(TEN, by_formula(LINEAR), **given)
    with pytest.raises(IndexError, match="synapse 10 does not exist"):
        coordinated_move(TEN, by_formula(LINEAR), "a", 0.1, half=HALF, synapses=[10])


def test_slider_leaks_neither_at_its_knots_nor_between():
    slider = property_slider(PAINTER, PAINTED, "tilt", -0.04, 0.04, half=RANGES)
    assert slider.why == ("arrived", "arrived") and len(slider.between.x) == 33
    assert slider.low == pytest.approx(-0.04, rel=5e-3) and 0 in slider.between.x
    assert np.array_equal(slider.at(0.0), PAINTER.weights)
    between = np.linspace(slider.low, slider.high, 24)  # even: 0 is not among them
    start, by_weight = PAINTED.slopes(PAINTER.weights)
    scales = np.sqrt(np.mean((by_weight * RANGES) ** 2, axis=1))

    def done(amounts):
        return np.array([PAINTED.values(slider.at(amount)) - start for amount in amounts])

    leaks = leak((done(between) / scales).T, 0)
    assert done(between)[:, 0] == pytest.approx(between, abs=1e-4) and leaks.max() < 0.01
    at_knots = done(slider.between.x[slider.between.x != 0]) / scales
    assert leak(at_knots.T, 0).max() < 0.01
    # A straight line in the weights, the alternative, leaks more.
    end = slider.at(slider.high)
    values = np.array(
        [PAINTED.values(PAINTER.weights), PAINTED.values((PAINTER.weights + end) / 2)]
    )
    assert leak((values[1] - values[0]) / scales, 0) > 3 * leaks.max()


def test_slider_ends_where_the_way_ends():
    slider = property_slider(TEN, by_formula(LINEAR, limit=0.2), "a", -0.1, 1.0, half=HALF)
    assert slider.why[0] == "arrived" and "nothing left" in slider.why[1]
    assert slider.low == pytest.approx(-0.1) and 0.18 < slider.high <= 0.2
    with pytest.raises(ValueError, match="the slider goes from -0.1 to .*nothing left"):
        slider.at(0.5)
    with pytest.raises(ValueError, match="from -0.1 to"):
        slider.at(np.nan)
    for low, high in ((0.1, 0.2), (0, 0), (-1, -0.5)):
        with pytest.raises(ValueError, match="must hold 0"):
            property_slider(TEN, by_formula(LINEAR), "a", low, high, half=HALF)


def test_path_of_a_slider_has_both_ends_and_the_weights_of_the_start_at_0():
    slider = property_slider(TEN, by_formula(LINEAR), "a", -0.1, 0.4, half=HALF)
    amounts, weights = slider.path(steps=2)
    assert amounts == pytest.approx([slider.low, slider.low / 2, 0, slider.high / 2, slider.high])
    assert np.array_equal(weights, [slider.at(amount) for amount in amounts])
    assert np.array_equal(weights[amounts == 0], [TEN.weights])
    one_sided = property_slider(TEN, by_formula(LINEAR), "a", 0, 0.4, half=HALF)
    assert len(one_sided.path(steps=3)[0]) == 4


def test_best_single_move_against_brentq_on_every_synapse():
    amount = 0.5 * np.abs(PAINTED.slopes(PAINTER.weights)[1][0] * RANGES).max()
    found = best_single_move(PAINTER, PAINTED, "tilt", amount, half=RANGES, tries=460)
    start, by_weight = PAINTED.slopes(PAINTER.weights)
    scales = np.sqrt(np.mean((by_weight * RANGES) ** 2, axis=1))
    leaks = {}
    for k in np.flatnonzero(np.abs(by_weight[0] * RANGES) > 0.2 * amount):
        end = np.sign(by_weight[0, k]) * RANGES[k]

        def moved(step, k=k):
            weights = PAINTER.weights.copy()
            weights[k] += step
            return PAINTED.values(weights) - start

        if moved(end)[0] >= amount:
            root = brentq(lambda step, moved=moved: moved(step)[0] - amount, 0, end)
            leaks[k] = leak(moved(root) / scales, 0)
    best = min(leaks, key=leaks.get)
    assert found.synapse == best and found.leak == pytest.approx(leaks[best], rel=1e-2)
    nobody = best_single_move(PAINTER, PAINTED, "tilt", 100 * amount, half=RANGES)
    assert nobody.synapse == -1 and np.isinf(nobody.leak)


def test_robustness_of_a_linear_network_is_perfect():
    change = np.where(np.arange(10) < 3, 0.1, 0)
    found = robustness(
        TEN, by_formula(LINEAR), "a", change, [0.1, 0.2, 0.4, 0.6, 0.8], half=HALF, draws=4
    )
    assert found.etas[0] == 0 and found.gains.shape == found.leaks.shape == (6, 4)
    assert found.gains == pytest.approx(1) and np.ptp(found.leaks) < 1e-9
    assert found.eta_half == np.inf


def test_robustness_in_closed_form():
    # Properties w0·w1 and w2, moved by a step of w0: the gain is the jittered w1.
    def values(weights, which=None):
        found = np.array([weights[0] * weights[1], weights[2] + weights[0] * 0.1])
        return found if which is None else found[which]

    def slopes(weights, which=None):
        by_weight = np.array([[weights[1], weights[0], 0], [0.1, 0, 1]])
        return values(weights, which), by_weight if which is None else by_weight[which]

    network = Network(Wiring([range(3)], 3, 1), [0.5, 2.0, 1.0])
    half, etas = np.array([1.0, 0.3, 2.0]), [0.1, 0.5]
    found = robustness(
        network, Measurement(("a", "b"), values, slopes), "a", [0.2, 0, 0], etas, half=half, seed=4
    )
    noise = np.random.default_rng(4).standard_normal((20, 3))
    for row, eta in zip(found.gains, [0, *etas], strict=True):
        assert row == pytest.approx((2 + eta * 0.3 * noise[:, 1]) / 2)
    assert found.leaks[2] / found.leaks[0] == pytest.approx(1 / np.abs(found.gains[2]))
    measured = Measurement(("a", "b"), values, slopes)
    spared = robustness(network, measured, "a", [0.2, 0, 0], etas, half=half, jittered=[2])
    assert spared.gains == pytest.approx(1)  # w2 is no factor of the property


def test_eta_half_is_interpolated():
    leaks = np.array([[1.0, 1, 1], [1.5, 1, 9], [2.5, 3, 2], [np.inf] * 3])
    found = Robustness(np.array([0, 0.1, 0.2, 0.4]), leaks, leaks)
    assert found.eta_half == pytest.approx(0.15)
    for first, eta in ((0.5, 0), (1.5, 0.4)):  # at once; between the last but one and infinity
        leaks[0, 0] = first
        assert found.eta_half == eta
    leaks[0, 0] = 1
    assert Robustness(np.array([0, 0.1]), leaks[:2], leaks[:2]).eta_half == np.inf


def test_impossible_robustness():
    for change, says in ((np.zeros(10), "not all 0"), (np.ones(9), r"\(10,\)")):
        with pytest.raises(ValueError, match=says):
            robustness(TEN, by_formula(LINEAR), "a", change, [0.1], half=HALF)
    for etas, draws in (([-0.1], 20), ([0.1], 0)):
        with pytest.raises(ValueError, match="from 0 and at least 1"):
            robustness(TEN, by_formula(LINEAR), "a", np.ones(10), etas, half=HALF, draws=draws)


def test_bounded_misfits_against_brute_force_over_a_grid():
    root = RNG.standard_normal((6, 6))
    gram, pull = root @ root.T + 0.1 * np.eye(6), RNG.standard_normal(6)
    below, above = np.full(6, -0.3), np.full(6, 0.2)
    sets = np.array([[0, 1], [2, 5], [3, 4]])
    grid = np.stack(np.meshgrid(*[np.linspace(-0.3, 0.2, 201)] * 2), -1)
    for found, pair in zip(bounded_misfits(gram, pull, sets, below, above), sets, strict=True):
        h = gram[np.ix_(pair, pair)]
        misfit = 0.5 * np.einsum("...i,ij,...j", grid, h, grid) - grid @ pull[pair]
        assert found == pytest.approx(misfit.min(), abs=1e-4)


def test_every_property_of_the_peacock_moves_alone():
    """By as much as the strongest synapse reaches at the end of its linear working range."""
    data = Path(__file__).resolve().parents[2] / "data"
    network = Network.load(data / "peacock_wide.npz")
    measured = painted(network, peacock_properties(data / "peacock.png", size=48), 48)
    half = linear_ranges(network, 48)
    reached = np.abs(measured.slopes(network.weights)[1] * half).max(axis=1)
    reached[::2] *= -1
    for name, amount in zip(measured.names, reached, strict=True):
        move = coordinated_move(network, measured, name, amount, half=half)
        assert move.arrived and move.leak <= 0.01, name
        assert move.got == pytest.approx(amount, rel=5e-3)


def test_layered_networks_move_too():
    network = Network.random(layered_wiring((2, 12, 12, 3)), seed=2)
    move = coordinated_move(network, PROPERTIES, 1, 0.02, size=SIZE)
    assert move.arrived and move.leak <= 0.01


def test_a_step_that_fails_once_is_halved_and_the_end_is_not_overshot():
    """Oracle: shares of the way, an eighth (halved), then quarters, and what is left at the end."""
    linear, failed = by_formula(LINEAR), []

    def values(weights, which=None):
        if not failed:
            failed.append(True)
            raise ValueError("once")
        return linear.values(weights, which)

    measured = Measurement(linear.names, values, linear.slopes)
    move = coordinated_move(TEN, measured, "b", 0.4, half=9 * HALF)
    assert move.arrived and move.got == pytest.approx(0.4, rel=1e-9)
    assert move.amounts / 0.4 == pytest.approx([0, 0.125, 0.375, 0.625, 0.875, 1], rel=1e-9)


@pytest.mark.parametrize("amount", [0.02, 0.3])
def test_what_may_be_missing_is_a_share_of_the_move_however_short(amount, monkeypatch):
    """Oracle: the definition of `SETTLED`, where one step without correction would miss it."""
    monkeypatch.setattr("ensembles_lib.ensembles.moves.STEPS", 1)
    bent_one = by_formula(LINEAR, bend=300.0 / (1 + 1e3 * amount))
    start, by_weight = bent_one.slopes(TEN.weights)
    scales = np.sqrt(np.mean((by_weight * HALF) ** 2, axis=1))
    amount *= scales[1]
    move = coordinated_move(TEN, bent_one, 1, amount, half=99 * HALF)
    assert move.arrived
    off = (bent_one.values(move.network.weights) - start - [0, amount, 0]) / scales
    assert np.linalg.norm(off) <= 0.001 * amount / scales[1]


@pytest.mark.parametrize("count", [1, 9, 11])
def test_ranges_for_another_number_of_synapses_are_refused(count):
    """Oracle: the network has ten."""
    with pytest.raises(ValueError, match=rf"working ranges.*\({count},\)|{count} working"):
        coordinated_move(TEN, by_formula(LINEAR), 0, 0.1, half=np.ones(count))


def test_effects_that_cannot_be_told_apart_are_not_solved_for():
    """Oracle: the condition of the Gram matrix of unit rows, about 4 / angle² here."""
    row, other = RNG.standard_normal((2, 10))
    wide = np.full(10, 1e9)
    for angle, told_apart in ((1e-1, True), (1e-5, False)):
        effects = np.stack([row, row + angle * other])
        step, met = smallest_step(effects, np.array([1.0, -1.0]), -wide, wide)
        assert met is told_apart
        assert np.allclose(effects @ step, [1, -1]) is told_apart


def test_misfits_without_sweeps_solve_for_the_rest_with_one_at_its_bound(monkeypatch):
    """Oracle: the one fixed by hand and the others solved for, written out."""
    monkeypatch.setattr("ensembles_lib.ensembles.start.SWEEPS", 0)
    root = np.random.default_rng(2).standard_normal((4, 4))
    gram, pull = root @ root.T + np.eye(4), np.array([3.0, -1.0, 0.5, 2.0])
    free = np.linalg.solve(gram, pull)
    low, high = np.full(4, -1e9), np.full(4, 1e9)
    low[0], high[0] = sorted([free[0] / 2, free[0] / 4])
    z = np.full(4, free[0] / 2)
    z[1:] = np.linalg.solve(gram[1:, 1:], pull[1:] - gram[1:, 0] * z[0])
    found = bounded_misfits(gram, pull, np.arange(4)[None], low, high)
    assert found == pytest.approx([z @ gram @ z / 2 - pull @ z])


def test_the_bounds_of_a_move_are_working_ranges():
    half = np.linspace(0.3, 0.9, PAINTER.wiring.n_synapses)
    half[3] = 0  # which may not move
    start = start_of(PAINTER, PAINTED, "tilt", half=half)
    free = half > 0
    assert (start.below[free] == -1).all() and (start.above[free] == 1).all()
    assert start.below[3] == start.above[3] == 0

"""Oracles: closed forms, brute force over a circle, finite differences, the random ones."""

import numpy as np
import pytest

from ensembles_lib import Network, Wiring, article_wiring
from ensembles_lib.ensembles import linear_ranges, robustness, worst_jitter
from ensembles_lib.ensembles.jitter import _frozen, _leaking, _off
from ensembles_lib.ensembles.sensitivities import leak
from ensembles_lib.properties import colour_property
from ensembles_lib.properties.measurements import Measurement, painted

RNG = np.random.default_rng(0)
N, A = 7, 4
CURVED = RNG.standard_normal((A, N, N))
CURVED = CURVED + CURVED.swapaxes(1, 2)
LINEAR = RNG.standard_normal((A, N))
HALF = RNG.uniform(0.2, 2, N)
SEVEN = Network(Wiring([range(N)], N, 1), RNG.standard_normal(N))
CHANGE = 0.3 * RNG.standard_normal(N)
ETA = 0.1


def formula(curved=CURVED, straight=LINEAR, cubic=0.0, limit=np.inf):
    """Properties wQw / 2 + Lw + cubic (Lw)³, not measured where a weight exceeds the limit."""

    def values(weights, which=None):
        if np.abs(weights).max() > limit:
            raise ValueError("nothing left to measure")
        linear = straight @ weights
        found = (curved @ weights) @ weights / 2 + linear + cubic * linear**3
        return found if which is None else found[which]

    def slopes(weights, which=None):
        bend = 1 + 3 * cubic * (straight @ weights) ** 2
        by_weight = curved @ weights + straight * bend[:, None]
        return values(weights, which), by_weight if which is None else by_weight[which]

    return Measurement(tuple("abcd"), values, slopes)


def frozen(measured, **options):
    return _frozen(SEVEN, measured, "a", CHANGE, None, {"half": HALF} | options)


def off_and_leak(measured, jitters):
    """Return how far the gain is off and what leaks, in jitters (n, S), by the definition."""
    values = measured.values
    scales = np.sqrt(np.mean((measured.slopes(SEVEN.weights)[1] * HALF) ** 2, axis=1))
    done = [
        values(SEVEN.weights + HALF * j + CHANGE) - values(SEVEN.weights + HALF * j)
        for j in [np.zeros(N), *jitters]
    ]
    done = np.array(done).T / scales[:, None]
    return np.abs(done[0] / done[0, 0] - 1)[1:], leak(done, 0)[1:]


def test_the_worst_for_the_gain_in_closed_form():
    """Of quadratic properties the effect is linear in the jitter: cQ(w + Rj) and a constant."""
    worst = worst_jitter(SEVEN, formula(), "a", CHANGE, ETA, half=HALF)
    slope = CURVED[0] @ CHANGE * HALF
    still = formula().values(SEVEN.weights + CHANGE) - formula().values(SEVEN.weights)
    radius = ETA * np.sqrt(N)
    assert abs(worst.gain - 1) == pytest.approx(radius * np.linalg.norm(slope) / abs(still[0]))
    assert abs(worst.jitter @ slope) == pytest.approx(radius * np.linalg.norm(slope))


def test_the_worst_for_the_leak_in_closed_form():
    """Where the gain is fixed and nothing leaks from the start: the largest singular value."""
    curved = CURVED * (np.arange(A) > 0)[:, None, None]
    curved_only = formula(curved, np.zeros((A, N))).values
    leaks = curved_only(SEVEN.weights + CHANGE) - curved_only(SEVEN.weights) + LINEAR @ CHANGE
    leaks[0] = 0
    straight = LINEAR - np.outer(leaks, CHANGE) / (CHANGE @ CHANGE)
    scales = np.sqrt(np.mean(((straight + curved @ SEVEN.weights) * HALF) ** 2, axis=1))
    matrix = (curved @ CHANGE * HALF / scales[:, None])[1:]
    least = {"spoils": "leak", "half": HALF, "draws": 1, "steps": 1}  # the first start is the worst
    worst = worst_jitter(SEVEN, formula(curved, straight), "a", CHANGE, ETA, **least)
    own = abs(straight[0] @ CHANGE) / scales[0]
    assert worst.gain == pytest.approx(1)
    assert worst.leak == pytest.approx(ETA * np.sqrt(N) * np.linalg.norm(matrix, 2) / own)


@pytest.mark.parametrize("spoils", ["gain", "leak"])
@pytest.mark.parametrize("eta", [0.02, 0.2, 0.5])
def test_two_jittered_synapses_against_brute_force(spoils, eta):
    """All jitters of two synapses lie on a circle, which a fine grid of angles covers."""
    measured, pair = formula(cubic=0.1), [2, 5]
    jitters, angles = np.zeros((4001, N)), np.linspace(0, 2 * np.pi, 4001)
    jitters[:, pair] = eta * np.sqrt(2) * np.transpose([np.cos(angles), np.sin(angles)])
    best = off_and_leak(measured, jitters)[spoils == "leak"].max()
    worst = worst_jitter(SEVEN, measured, "a", CHANGE, eta, spoils=spoils, half=HALF, jittered=pair)
    assert not np.delete(worst.jitter, pair).any()
    found = abs(worst.gain - 1), worst.leak
    assert found == pytest.approx(np.ravel(off_and_leak(measured, [worst.jitter])))
    assert found[spoils == "leak"] == pytest.approx(best, rel=1e-4)


def test_the_worst_start_need_not_lead_to_the_worst_jitter():
    """A gain of 1 + h, h with a low peak at x = 1, where it starts, and a high one past x = -1."""

    def slopes(weights, _=None):
        x, y, z = weights
        h = x + 0.1 * x**2 - (y**2 - 0.1 * y) * (1 - x)
        by_weight = [1 + 0.2 * x + y**2 - 0.1 * y, -(2 * y - 0.1) * (1 - x)]
        return np.array([z * (1 + h)]), np.array([[*(z * np.array(by_weight)), 1 + h]])

    three = Network(Wiring([range(3)], 3, 1), [0, 0, 1])
    measured = Measurement(("a",), lambda weights, _=None: slopes(weights)[0], slopes)
    worst = worst_jitter(three, measured, "a", [0, 0, 1], np.sqrt(0.5), half=np.ones(3), draws=1)
    angles = np.linspace(0, 2 * np.pi, 4001)
    circle = zip(np.cos(angles), np.sin(angles), strict=True)
    best = max(abs(slopes([x, y, 1])[0][0] - 1) for x, y in circle)
    assert abs(worst.gain - 1) == pytest.approx(best, rel=1e-4)


@pytest.mark.parametrize("spoils", ["gain", "leak"])
def test_gradients_against_central_differences(spoils):
    around, rows = frozen(formula(cubic=0.1)), [0] if spoils == "gain" else range(A)
    rise = {"gain": lambda d: _off(around.still[0], d), "leak": lambda d: _leaking(0, d)}[spoils]
    where, step = RNG.standard_normal(N), 1e-6

    def harm(at):
        return rise(around.done(at, list(rows)))[0]

    done, by_jitter = around.slopes(where, list(rows))
    ways = step * np.eye(N)
    oracle = [(harm(where + way) - harm(where - way)) / (2 * step) for way in ways]
    assert rise(done)[1] @ by_jitter == pytest.approx(np.array(oracle), rel=1e-6)


@pytest.mark.parametrize("spoils", ["gain", "leak"])
def test_never_milder_than_any_random_jitter_of_the_same_size(spoils):
    """Of a real network, even after one step; its size is held, and the seed decides."""
    painter = Network.random(article_wiring("wide"), seed=5)
    masks = np.arange(64).reshape(8, 8) // 16
    measured = painted(
        painter, [colour_property(masks == n, (1, -1, 0.5), f"{n}") for n in range(4)], 8, float
    )
    half, change = linear_ranges(painter, 8), np.zeros(460)
    change[[3, 30, 300]] = half[[3, 30, 300]]
    jittered = np.arange(0, 460, 2)
    options = {"half": half, "jittered": jittered, "seed": 7}
    one, again, far = (
        worst_jitter(painter, measured, 1, change, 0.3, spoils=spoils, steps=n, **options)
        for n in (1, 1, 20)
    )
    assert (one.jitter == again.jitter).all()
    assert np.linalg.norm(far.jitter) == pytest.approx(0.3 * np.sqrt(len(jittered)))
    draws = np.random.default_rng(7).standard_normal((20, 460)) * np.isin(range(460), jittered)
    around = _frozen(painter, measured, 1, change, jittered, {"half": half})
    draws *= 0.3 * np.sqrt(len(jittered)) / np.linalg.norm(draws, axis=1)[:, None]
    done = np.transpose([around.done(draw) for draw in draws])
    harms = [abs(done[1] / around.still[1] - 1), leak(done, 1)]
    random = harms[spoils == "leak"].max()
    near, found = ((abs(w.gain - 1), w.leak)[spoils == "leak"] for w in (one, far))
    assert random < near < found


def test_the_same_numbers_as_random_jitter():
    """Draws are those of `robustness`: one draw of it, at its own size, is not worse."""
    random = robustness(SEVEN, formula(), "a", CHANGE, [ETA], half=HALF, draws=1, seed=3)
    draw = np.random.default_rng(3).standard_normal((1, N))
    assert frozen(formula()).draws(1, 3) == pytest.approx(draw)
    size = ETA * np.linalg.norm(draw) / np.sqrt(N)
    worst = worst_jitter(SEVEN, formula(), "a", CHANGE, size, half=HALF)
    assert abs(worst.gain - 1) > abs(random.gains[1, 0] - 1)


@pytest.mark.parametrize("spoils", ["gain", "leak"])
def test_what_cannot_be_measured_any_more_is_the_worst(spoils):
    limit = np.abs(np.append(SEVEN.weights, SEVEN.weights + CHANGE)).max() + 1e-9
    worst = worst_jitter(SEVEN, formula(limit=limit), "a", CHANGE, ETA, spoils=spoils, half=HALF)
    assert np.isnan(worst.gain) and worst.leak == np.inf
    assert np.linalg.norm(worst.jitter) == pytest.approx(ETA * np.sqrt(N))


def test_a_move_that_no_jitter_touches_stays():
    """Properties that are linear: whatever is tried, gain and leak are as before."""
    still = formula(CURVED * 0)
    worst = worst_jitter(SEVEN, still, "a", CHANGE, ETA, spoils="leak", half=HALF)
    assert worst.gain == pytest.approx(1)
    assert worst.leak == pytest.approx(off_and_leak(still, np.zeros((1, N)))[1][0])
    assert np.linalg.norm(worst.jitter) == pytest.approx(ETA * np.sqrt(N))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"eta": 0}, "above 0"),
        ({"eta": np.nan}, "finite"),
        ({"draws": 0}, "at least 1"),
        ({"steps": 0}, "at least 1"),
        ({"spoils": "both"}, "'both'"),
        ({"jittered": [0], "half": HALF * (np.arange(N) > 0)}, "left to jitter"),
        ({"change": np.zeros(N)}, "not all 0"),
    ],
)
def test_impossible_worst_jitters(wrong, says):
    options = {"change": CHANGE, "eta": ETA, "half": HALF} | wrong
    with pytest.raises(ValueError, match=says):
        worst_jitter(SEVEN, formula(), "a", **options)


def test_one_property_has_no_leak():
    one = Measurement(("a",), lambda w, _=None: w[:1], lambda w, _=None: (w[:1], np.eye(1, N)))
    with pytest.raises(ValueError, match="more than one property"):
        worst_jitter(SEVEN, one, "a", CHANGE, ETA, spoils="leak", half=HALF)


def test_where_nothing_leaks_or_all_does_there_is_no_way_up():
    for done, much in ([1.0, 0, 0], 0), ([0.0, 1, 0], np.inf), ([np.nan] * 3, np.inf):
        assert _leaking(0, np.array(done))[0] == much
        assert not _leaking(0, np.array(done))[1].any()

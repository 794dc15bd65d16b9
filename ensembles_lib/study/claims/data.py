"""Part one: what the network learns, and what its neurons show."""

import numpy as np

from .register import BACKPROP, LATE, MAIN, MEANINGFUL, claim, extremes, values


@claim(1, "37 neurons and 460 synapses, given (x, y), learn to paint a recognisable peacock", "01")
def _(e):
    error, few = values(e, "accuracy", "rmse"), e["pictures"]["thumbnail"]
    met = {"every seed beats a thumbnail of as many numbers": error.max() < few}
    return (
        met,
        f"RMSE {extremes(error, '.3f')}",
        f"thumbnail {few:.3f}, untrained "
        f"{np.median(values(e, 'accuracy', 'rmse', 'untrained')):.2f}",
    )


@claim(
    2, "Mini-batch backprop with energy restriction suffices; better methods hardly help", "01, 06"
)
def _(e):
    error, best = (values(e, "accuracy", "rmse", g) for g in (BACKPROP, MAIN))
    gain = 1 - np.median(best) / np.median(error)
    met = {
        "backprop beats the thumbnail from every seed": error.max() < e["pictures"]["thumbnail"],
        "the other trainer is less than 10 % better": gain < 0.1,
    }
    return (
        met,
        f"Levenberg–Marquardt's error is {gain:.0%} lower",
        f"same seeds: {extremes(error, '.3f')} and {extremes(best, '.3f')}",
    )


@claim(3, "Some late neurons look like parts of the picture, others like a cacophony", "01")
def _(e):
    meaningful = np.sum(values(e, "maps", "explained")[:, -LATE:] > MEANINGFUL, axis=1)
    turned = values(e, "maps", "turned") > MEANINGFUL
    untrained = values(e, "maps", "explained", "untrained") > MEANINGFUL
    met = {
        "each network has a meaningful late neuron": meaningful.min() > 0,
        "and one that is not": meaningful.max() < LATE,
        "a turned drawing makes fewer than 1 in 20 meaningful": turned.mean() < 0.05,
    }
    return (
        met,
        f"meaningful {extremes(meaningful, '.0f')} of {LATE} late neurons",
        f"by the drawing turned {turned.sum()} of {turned.size} hidden ones, untrained "
        f"{untrained.sum()} of {untrained.size}",
    )


@claim(4, "What excites a neuron most is a poor guide to its meaning", "01")
def _(e):
    found = e["pictures"]
    changed, n = sum(found["loudest_moves"]), len(found["loudest_moves"])
    met = {
        "a neuron turned inside out paints the same": max(found["twin_differs"]) < 1e-9,
        "and is loudest in another part": changed > n / 2,
    }
    return (
        met,
        f"loudest elsewhere in {changed} of {n} networks",
        f"pictures differ by {max(found['twin_differs']):.1g}",
    )


@claim(5, "The picture has more elements than the network has neurons to give them", "01")
def _(e):
    found = e["pictures"]
    hidden = max(found["hidden"])
    met = {
        "more elements than neurons": found["elements"] > hidden,
        "few have a neuron of their own": max(found["followed"]) < 0.25 * found["elements"],
    }
    return (
        met,
        f"{found['elements']} shapes, {hidden} hidden neurons; "
        f"{extremes(found['followed'], '.0f')} followed: "
        f"{', '.join(sorted({name for names in found['followed_names'] for name in names}))}",
        f"correlation {np.median(found['closest']):.2f}, turned drawing "
        f"{np.median(found['closest_turned']):.2f}",
    )

"""Part one: what the network learns, and what its neurons show."""

import numpy as np

from .register import BACKPROP, LATE, MAIN, MEANINGFUL, claim, spread, values


@claim(1, "37 neurons and 460 synapses, given (x, y), learn to paint a recognisable peacock", "01")
def _(e):
    error, few = values(e, "accuracy", "rmse"), e["pictures"]["thumbnail"]
    met = {"every seed beats a thumbnail of as many numbers": error.max() < few}
    return (
        met,
        f"RMSE {spread(error, '.3f')}",
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
        f"same seeds: {spread(error, '.3f')} and {spread(best, '.3f')}",
    )


@claim(3, "Some late neurons look like parts of the picture, others like a cacophony", "01")
def _(e):
    late = values(e, "maps", "explained")[:, -LATE:]
    chance = values(e, "maps", "turned").max()
    some, others = np.sum(late > MEANINGFUL, axis=1), np.sum(late < chance, axis=1)
    untrained = np.sum(values(e, "maps", "explained", "untrained") > MEANINGFUL)
    met = {
        "each network has a meaningful late neuron": some.min() > 0,
        "and a late one no better than a turned drawing": others.min() > 0,
    }
    return (
        met,
        f"meaningful {spread(some, '.0f')} of {LATE} late neurons",
        f"no better than a turned drawing {spread(others, '.0f')}; untrained {untrained}",
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
        f"{spread(found['followed'], '.0f')} followed",
        f"correlation {np.median(found['closest']):.2f}, turned drawing "
        f"{np.median(found['closest_turned']):.2f}",
    )

"""A property slider: a coordinated move made once, then followed to any amount at once."""

from typing import NamedTuple

import numpy as np
from scipy.interpolate import PchipInterpolator

from ..core.network import Network
from .moves import Walk
from .start import check_amount

FINE = 2e-4  # of the whole move, at every knot: small amounts beside 0 must not leak either


class PropertySlider(NamedTuple):
    """Weights for every amount of one property; made by `property_slider`.

    Attributes
    ----------
    name, amounts : str, (K,) array
        Of the property; knots, ascending, with 0 among them.
    why : (str, str)
        What ends the range below and above: "arrived" where it is as asked for.
    """

    name: str
    amounts: np.ndarray
    why: tuple
    between: PchipInterpolator

    @property
    def low(self):
        """The smallest amount."""
        return float(self.amounts[0])

    @property
    def high(self):
        """The largest amount."""
        return float(self.amounts[-1])

    def at(self, amount):
        """Return the weights (S,) at which the property has moved by `amount`.

        Monotone cubics between knots (Fritsch & Carlson 1980, *SIAM J. Numer. Anal.* 17, 238)
        never leave the weights of the knots beside them, and so no working range. A ValueError
        says why an amount is out of range.
        """
        if not self.low <= amount <= self.high:
            side = self.why[int(amount > 0)]
            reason = "" if side == "arrived" else f" ({side})"
            raise ValueError(
                f"{self.name!r} moved by {amount!r}: the slider goes from {self.low:.4g} to "
                f"{self.high:.4g}{reason}"
            )
        return self.between(amount)


def property_slider(
    network: Network, properties, which: str | int, low: float, high: float, knots=16, **options
) -> PropertySlider:
    """Return a slider that moves one property from `low` to `high`, the others standing still.

    Shorter than asked for where that is out of reach: its `why` says so.

    Parameters
    ----------
    properties, **options
        As in `coordinated_move`: half, size, metric and synapses.
    low, high
        Amounts, from below to above 0; one of them may be 0.
    knots : int
        Steps of a coordinated move on each side of 0, at least.

    Examples
    --------
    >>> red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")
    >>> slider = property_slider(network, [red], "red", -5, 5, knots=2, size=8)
    >>> reached = [Network(network.wiring, slider.at(amount)).paint(8) for amount in (0, 5)]
    >>> round(red.value(reached[1]) - red.value(reached[0]), 1)
    5.0
    """
    low, high = check_amount(low), check_amount(high)
    if not low <= 0 <= high or low == high:
        raise ValueError(f"a slider from {low} to {high}: its range must hold 0, and more")
    walk = Walk.of(network, properties, which, tolerance=FINE, **options)
    down, up = (walk.to(end, knots) for end in (low, high))
    amounts = np.concatenate([down.amounts[:0:-1], up.amounts])
    path = np.concatenate([down.path[:0:-1], up.path])
    name = walk.start.measured.names[walk.start.which]
    if len(amounts) < 2:
        raise ValueError(f"{name!r} cannot be moved: {down.stopped}; {up.stopped}")
    between = PchipInterpolator(amounts, path)
    return PropertySlider(name, amounts, (down.stopped, up.stopped), between)

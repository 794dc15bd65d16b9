"""A property slider: a coordinated move made once, then followed to any amount at once."""

from typing import NamedTuple

import numpy as np
from scipy.interpolate import PchipInterpolator

from ..properties.measurements import Measurement, as_measurement
from .moves import coordinated_move
from .sensitivities import effects_and_scales, leak, linear_ranges
from .steps import check_amount

FINE = 2e-4  # of the whole move, at every knot: small amounts beside 0 must not leak either


class PropertySlider(NamedTuple):
    """Weights for every amount of one property; made by `property_slider`.

    Attributes
    ----------
    name : str
        Of the property.
    amounts : (K,) array
        Knots, ascending, with 0 among them.
    why : (str, str)
        What ends the range below and above: "arrived" where it is as asked for.
    """

    name: str
    amounts: np.ndarray
    why: tuple
    between: PchipInterpolator
    measured: Measurement
    scales: np.ndarray

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
        never leave the weights of the knots beside them, and so no working range.

        Raises
        ------
        ValueError
            If the amount is out of range.
        """
        if not self.low <= amount <= self.high:
            side = self.why[int(amount > 0)]
            reason = "" if side == "arrived" else f" ({side})"
            raise ValueError(
                f"{self.name!r} moved by {amount!r}: the slider goes from {self.low:.4g} to "
                f"{self.high:.4g}{reason}"
            )
        return self.between(amount)

    def check(self, amounts):
        """Return the amounts that the property really moves by, and the leaks; both measured."""
        which = self.measured.number(self.name)
        start = self.measured.values(self.at(0.0))
        moved = np.array([self.measured.values(self.at(a)) - start for a in amounts])
        return moved[:, which], leak((moved / self.scales).T, which)


def property_slider(network, properties, which, low, high, knots=16, **options):
    """Return a slider that moves one property from `low` to `high`, the others standing still.

    Parameters
    ----------
    network : Network
    properties : sequence of Property, or Measurement
    which : str or int
    low, high : float
        Amounts, from below to above 0; one of them may be 0.
    knots : int
        Steps of a coordinated move on each side of 0, at least.
    **options
        As in `coordinated_move`: working ranges, metric, size and synapses.

    Returns
    -------
    PropertySlider
        Shorter than asked for where that is out of reach: `why` says so.

    Raises
    ------
    ValueError
        If 0 is not within the range, or nothing can be moved at all.

    Examples
    --------
    >>> everywhere = np.ones((8, 8), bool)
    >>> red = colour_property(everywhere, (1, 0, 0), "red")
    >>> slider = property_slider(network, [red], "red", -5, 5, knots=2, size=8)
    >>> moved = [Network(network.wiring, slider.at(amount)) for amount in (0, 5)]
    >>> reached = [red.measure(one.paint(8).pixels)[0] for one in moved]
    >>> round(reached[1] - reached[0], 1)
    5.0
    """
    low, high = check_amount(low), check_amount(high)
    if not low <= 0 <= high or low == high:
        raise ValueError(f"a slider from {low} to {high}: its range must hold 0, and more")
    size = options.get("size", 96)
    measured = as_measurement(network, properties, size)
    half = options.pop("half", None)
    half = linear_ranges(network, size) if half is None else half
    down, up = (
        coordinated_move(
            network, measured, which, end, half=half, steps=knots, tolerance=FINE, **options
        )
        for end in (low, high)
    )
    amounts = np.concatenate([down.amounts[:0:-1], up.amounts])
    path = np.concatenate([down.path[:0:-1], up.path])
    name = measured.names[measured.number(which)]
    if len(amounts) < 2:
        raise ValueError(f"{name!r} cannot be moved: {down.stopped}; {up.stopped}")
    _, scales = effects_and_scales(measured.slopes(network.weights)[1], half)
    why = (down.stopped, up.stopped)
    return PropertySlider(name, amounts, why, PchipInterpolator(amounts, path), measured, scales)

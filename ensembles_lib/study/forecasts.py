"""Forecasts: how well networks of several sizes will paint a picture, before time is spent."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from ..core import Network, Picture, rmse, scaled_wiring, train_levenberg_marquardt

SIZES = (150, 460, 1500)
SIDE = 48  # pixels of the longer side of the trial
ITERATIONS, FEWER, LARGE = 60, 30, 1000  # steps of the trial, and of networks beyond 1,000 synapses

# RMSE after 120 steps at 128 pixels, over that of the trial: geometric mean, least and largest of 8
# pictures with 150 and 460 synapses each (data/own/forecasts.json). Unknown for larger networks.
# Measured of wirings in which every neuron hears x and y, not anew of those with a narrow entry.
FULL = (1.20, 0.69, 1.73)


class Forecast(NamedTuple):
    """What a short trial tells about one size of network, and simple paintings beside it.

    Attributes
    ----------
    n_synapses : int
    trial, blurred, plain : float
        RMSE after the trial, at its size; of the picture from as many cosines, the slowest ones;
        of the best single colour.

    Examples
    --------
    >>> row = Forecast(n_synapses=460, trial=0.05, blurred=0.15, plain=0.42)
    >>> [round(times * row.trial, 2) for times in FULL]  # what to expect, at least and at most
    [0.06, 0.03, 0.09]
    """

    n_synapses: int
    trial: float
    blurred: float
    plain: float


def forecast(
    picture: Picture, sizes: Sequence[int] = SIZES, seed: int = 0, progress: bool = True
) -> list[Forecast]:
    """Try networks of several sizes for a few seconds on a small copy of the picture.

    Each is trained for 60 steps of Levenberg–Marquardt at 48 pixels of the longer side, or 30
    beyond 1,000 synapses, where steps take ten times as long. A full training at 128 mostly ends
    higher, since there is more to see (see `FULL`); what large networks reach is not foretold.
    Sizes are numbers of synapses: see `scaled_wiring`; ValueError if one is out of range.

    Examples
    --------
    A disc has a sharp border, which a network paints and as many cosines blur:

    >>> x, y = np.meshgrid(np.linspace(-1, 1, 16), np.linspace(1, -1, 16))
    >>> disc = np.where(np.hypot(x, y)[:, :, None] < 0.5, (0.8, 0.0, -0.6), -0.5)
    >>> (row,) = forecast(Picture(disc), [60], progress=False)
    >>> row.n_synapses, row.trial < row.blurred / 2 < row.plain / 2
    (59, True)
    """
    picture = Picture.open(picture)
    wirings = [scaled_wiring(size) for size in sizes]
    small = picture.resized(SIDE) if max(picture.size) > SIDE else picture
    rows = []
    for wiring in tqdm(wirings, desc="trying sizes", disable=not progress):
        start, n = Network.random(wiring, seed=seed), wiring.n_synapses
        steps = FEWER if n > LARGE else ITERATIONS
        trained, _ = train_levenberg_marquardt(start, small, steps, progress=False)
        trial = rmse(trained.paint(small.size), small)
        rows.append(Forecast(n, trial, blurred_error(picture, n), plain_error(picture)))
    return rows


def plain_error(picture):
    """Return the RMSE of the best single colour."""
    return float(np.sqrt(picture.pixels.astype(float).var(axis=(0, 1)).mean()))


def blurred_error(picture, count):
    """Return the RMSE of the picture made of so many cosines, a third of them per channel.

    The slowest terms of the cosine transform (Ahmed, Natarajan & Rao 1974, *IEEE Trans. Comput.*
    23, 90): the picture blurred until `count` numbers say it all.
    """
    from scipy.fft import dctn  # slow to import, and needed nowhere else

    powers = np.sum(dctn(picture.pixels.astype(float), axes=(0, 1), norm="ortho") ** 2, axis=2)
    height, width = picture.size
    waves = np.hypot(np.arange(height)[:, None] / height, np.arange(width) / width)
    order = np.argsort(waves, axis=None, kind="stable")
    lost = powers.ravel()[order[count // 3 :]].sum()
    return float(np.sqrt(lost / picture.pixels.size))

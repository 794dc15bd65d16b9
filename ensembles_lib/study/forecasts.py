"""Forecasts: how well networks of several sizes will paint a picture, before time is spent."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from tqdm.auto import tqdm

from ..core import Network, Picture, rmse, scaled_wiring, train_levenberg_marquardt

SIZES = (150, 460, 1500)
SIDE, STEPS = 48, 60  # of the trial: pixels of the longer side, steps of Levenberg–Marquardt
LARGE, TRIED = 1000, 460  # beyond so many synapses a trial of a smaller network stands in

# RMSE that 45 pictures reached at 64 pixels over that of the trial: median, and within what four
# of five lie (data/own/forecasts.json, from tools/data/calibrate_forecasts.py).
REACHED = {150: (0.91, 0.64, 1.08), 460: (0.86, 0.45, 1.08), 1500: (0.76, 0.27, 1.28)}


class Forecast(NamedTuple):
    """What a short trial tells about one size of network, and simple paintings beside it.

    Attributes
    ----------
    n_synapses : int
    expected, low, high : float
        RMSE at 64 pixels after 100 steps of Levenberg–Marquardt (60 beyond 1,000 synapses): what
        to expect, and within what four of five pictures end.
    blurred, plain : float
        RMSE of the picture from as many cosines, the slowest ones; of the best single colour.

    Examples
    --------
    >>> Forecast(n_synapses=460, expected=0.06, low=0.05, high=0.07, blurred=0.15, plain=0.42).low
    0.05
    """

    n_synapses: int
    expected: float
    low: float
    high: float
    blurred: float
    plain: float


def forecast(
    picture: Picture, sizes: Sequence[int] = SIZES, seed: int = 0, progress: bool = True
) -> list[Forecast]:
    """Try networks of several sizes for a few seconds on a small copy of the picture.

    Each is trained for 60 steps of Levenberg–Marquardt at 48 pixels of the longer side; beyond
    1,000 synapses, where steps take ten times as long, a trial of 460 stands in. What was reached
    by 45 pictures after such trials says what to expect; of sizes that were not among those, 150,
    460 and 1,500, the nearest does: with 5,000 synapses two of four pictures, those of few colours
    and clear borders, ended far below what it said. Sizes are numbers of synapses: see
    `scaled_wiring`; ValueError if one is out of range.

    Examples
    --------
    A disc has a sharp border, which a network paints and as many cosines blur:

    >>> x, y = np.meshgrid(np.linspace(-1, 1, 16), np.linspace(1, -1, 16))
    >>> disc = np.where(np.hypot(x, y)[:, :, None] < 0.5, (0.8, 0.0, -0.6), -0.5)
    >>> (row,) = forecast(Picture(disc), [60], progress=False)
    >>> row.n_synapses, row.expected < row.blurred / 2 < row.plain / 2
    (59, True)
    """
    picture = Picture.open(picture)
    small = picture.resized(SIDE) if max(picture.size) > SIDE else picture
    wirings, trials, rows = [scaled_wiring(size) for size in sizes], {}, []
    for wiring in tqdm(wirings, desc="trying sizes", disable=not progress):
        n = wiring.n_synapses
        tried = wiring if n <= LARGE else scaled_wiring(TRIED)
        if tried not in trials:
            start = Network.random(tried, seed=seed)
            trained, _ = train_levenberg_marquardt(start, small, STEPS, progress=False)
            trials[tried] = rmse(trained.paint(small.size), small)
        nearest = min(REACHED, key=lambda size: abs(np.log(size / n)))
        told = (times * trials[tried] for times in REACHED[nearest])
        rows.append(Forecast(n, *told, blurred_error(picture, n), blurred_error(picture, 3)))
    return rows


def blurred_error(picture: Picture, count: int) -> float:
    """Return the RMSE of the picture from so many cosines, a third of them per channel.

    The slowest terms of the cosine transform (Ahmed, Natarajan & Rao 1974, *IEEE Trans. Comput.*
    23, 90), not clipped to [-1, 1]: the picture blurred until so many numbers say it all.

    Examples
    --------
    >>> blurred_error(Picture(np.full((8, 8, 3), 0.5)), 3) < 1e-12  # one colour takes three numbers
    True
    """
    from scipy.fft import dctn  # slow to import, and seldom needed

    terms = dctn(picture.pixels.astype(float), axes=(0, 1), norm="ortho")
    height, width = picture.size
    waves = np.hypot(np.arange(height)[:, None] / height, np.arange(width) / width)
    rank = np.argsort(np.argsort(waves, axis=None, kind="stable")).reshape(waves.shape)
    # The energy of waves is that of pixels (Parseval): what is left out is the error.
    return float(np.sqrt(np.sum(terms[rank >= count // 3] ** 2) / terms.size))


def strongest_waves(picture: Picture, count: int) -> Picture:
    """Return a picture made of so many cosines, the strongest ones, much as a JPEG file is.

    They are taken of the whole picture at once, and of light, red against blue, and green against
    both, in which fewer say more than in red, green and blue.

    Examples
    --------
    >>> ramp = Picture(np.linspace(-1, 1, 8)[:, None, None] * np.full((8, 8, 3), 0.5))
    >>> [round(rmse(strongest_waves(ramp, count), ramp), 2) for count in (1, 2, 192)]
    [0.04, 0.01, 0.0]
    """
    from scipy.fft import dctn, idctn  # slow to import, and seldom needed

    tints = np.array([[1, 1, 1], [1, 0, -1], [1, -2, 1]]) / np.sqrt([[3], [2], [6]])
    terms = dctn(picture.pixels @ tints.T, axes=(0, 1), norm="ortho")
    terms[np.abs(terms) < np.sort(np.abs(terms), axis=None)[-count]] = 0
    return Picture(np.clip(idctn(terms, axes=(0, 1), norm="ortho") @ tints, -1, 1))

"""Rays: where a border of the picture crosses a straight line."""

import numpy as np
from scipy.sparse import csr_array

from .soft_figures import RIDGE, check_pixels

PER_PIXEL = 8  # samples of the ray; between two of them the signal is taken for straight
BLUR = 0.75  # pixels: deviation of the bell through which the ray sees them


class Ray:
    """A line from start to end, (x, y) in [-1, 1], and the border that crosses it."""

    def __init__(self, start, end, size, threshold, name):
        ends = np.array([start, end], float)
        if ends.shape != (2, 2) or not (np.abs(ends) <= 1).all():
            raise ValueError(f"{name}: a ray from {start} to {end} leaves the picture, [-1, 1]²")
        if not 0 < threshold < 1:
            raise ValueError(f"{name}: threshold {threshold}: the signal runs from 1 to 0")
        pixel_ends = (ends * [1, -1] + 1) / 2 * size[::-1] - 0.5
        length = np.linalg.norm(pixel_ends[1] - pixel_ends[0])
        if not length >= 2:
            raise ValueError(f"{name}: the ray is {length:.2g} pixels long, two is the least")
        n = int(np.ceil(PER_PIXEL * length)) + 1
        self.sampler = _sampler(np.linspace(*pixel_ends, n), size)
        self.size, self.threshold, self.name = size, threshold, name
        self.step, self.fifth = length / (n - 1) / max(size), n // 5

    def border(self, pixels):
        """Return the distance of the border from the start and its gradient (H, W, 3)."""
        pixels = check_pixels(pixels, self.size, self.name)
        colours = self.sampler @ pixels.reshape(-1, 3)
        first, last = colours[: self.fifth].mean(axis=0), colours[-self.fifth :].mean(axis=0)
        apart = first - last
        square = apart @ apart
        if not square > RIDGE:
            raise ValueError(
                f"{self.name}: no border, both ends of the ray have the colour {np.round(first, 3)}"
            )
        signal = (colours - last) @ apart / square
        above = signal > self.threshold
        crossings = np.flatnonzero(above[:-1] != above[1:])
        if len(crossings) != 1:
            places = ", ".join(f"{(k + 0.5) * self.step:.3f}" for k in crossings)
            raise ValueError(
                f"{self.name}: the ray crosses {len(crossings)} borders, at {places}: "
                "shorten it until it crosses one"
            )
        k = int(crossings[0])
        slope = signal[k + 1] - signal[k]
        part = (self.threshold - signal[k]) / slope
        # The derivative of the signal at the border, by what each sample sees.
        shares = np.array([1 - part, part])
        by_apart = (shares @ colours[k : k + 2] - last - 2 * self.threshold * apart) / square
        by_colour = np.zeros_like(colours)
        by_colour[k : k + 2] = shares[:, None] * apart / square
        by_colour[: self.fifth] += by_apart / self.fifth
        by_colour[-self.fifth :] -= (by_apart + apart / square) / self.fifth
        gradient = self.sampler.T @ by_colour * (-self.step / slope)
        return float((k + part) * self.step), gradient.reshape(pixels.shape)


def _sampler(points, size):
    """Return the matrix (samples, H·W) that sees pixels through a bell at each point (x, y)."""
    # A bell, unlike interpolation between neighbours, has no kinks where pixels meet.
    offsets = np.indices((7, 7)).reshape(2, -1).T - 3
    near = np.rint(points)[:, None, :].astype(int) + offsets
    squares = ((near - points[:, None, :]) ** 2).sum(axis=2)
    inside = ((near >= 0) & (near < size[::-1])).all(axis=2)
    weights = np.exp(-squares / (2 * BLUR**2)) * inside
    weights /= weights.sum(axis=1, keepdims=True)
    columns = np.where(inside, near[..., 1] * size[1] + near[..., 0], 0)
    rows = np.broadcast_to(np.arange(len(points))[:, None], columns.shape)
    places = rows.ravel(), columns.ravel()
    return csr_array((weights.ravel(), places), shape=(len(points), size[0] * size[1]))

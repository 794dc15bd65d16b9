"""Soft figures: how much each pixel belongs to a figure, and the figure's moments.

Recolouring the whole picture by an affine map of red, green and blue changes nothing.
"""

from functools import partial

import numpy as np

MARGIN = 0.025  # of the longer side: a border may move this far before it enters a colour zone
REACH = 0.06  # of the longer side: how far around a figure it is looked for
SHARPNESS = 4.0  # of the soft figure: 0 is linear in colour, infinity a step
RIDGE = 4e-4  # variance of colour that no discriminant may exploit: (2.5 grey levels)²
WEAKEST = 0.1  # separation of figure and ground, in standard deviations, that counts as none


class SoftFigure:
    """Where a figure may be (window), where it is for sure (inner), and its ground (outer).

    Places x, y are in units of the longer side.
    """

    def __init__(self, mask, ignore=None, about=None, name="region"):
        mask = check_mask(mask, name)
        for other in (ignore, about):
            if other is not None and np.shape(other) != mask.shape:
                raise ValueError(f"{name}: masks of shapes {mask.shape} and {np.shape(other)}")
        ignore = (np.zeros_like(mask) if ignore is None else np.asarray(ignore, bool)) & ~mask
        self.name, self.shape, side = name, mask.shape, max(mask.shape)
        away = _depths(~mask)
        window = mask | (away <= max(REACH * side, 2)) & ~ignore
        if ignore.any():
            # What is ignored may move, too: the ground beside it is left alone.
            window &= mask | (_depths(~ignore) > MARGIN * side)
        outer = window & (away > MARGIN * side)
        if not outer.any():
            raise ValueError(f"{name}: the mask leaves no ground around it to compare it with")
        # Deep inside there is no border, and what is painted there is no geometry: it counts
        # as figure whatever it looks like.
        deep = mask & (_depths(mask | ignore) > max(REACH * side, 2))
        inner = core(mask, ignore) & ~deep
        if not inner.any():
            raise ValueError(f"{name}: no part of the region with a border is thick enough")
        zones = (np.flatnonzero(zone[window]) for zone in (inner, outer, deep))
        self.inner, self.outer, self.deep = zones
        self.window, self.drawn = np.flatnonzero(window), mask[window].astype(float)
        self.pixel_area = 1 / mask.size
        rows, columns = np.indices(mask.shape)
        x, y = (columns + 0.5) / side, (mask.shape[0] - rows - 0.5) / side
        self.x, self.y = x[window], y[window]
        if about is not None:
            about = check_mask(about, name)
            radius = np.hypot(self.x - x[about].mean(), self.y - y[about].mean())
            radius = np.maximum(radius, 0.5 / side)
            # The angle filled on a soft ring at mid length, clear of the tips of a fan.
            radii = radius[mask[window]]
            middle, width = radii.mean(), max(radii.std() / 2, 0.5 / side)
            bell = np.exp(-(((radius - middle) / width) ** 2) / 2) / (np.sqrt(2 * np.pi) * width)
            self.ring = np.degrees(bell / radius) / side**2

    def look(self, pixels):
        """Return the membership (P,) of the window's pixels, and its derivative backwards.

        With d the difference of the mean colours of the two zones and C the mean of their
        covariances, membership is (colour - ground)·v / d·v, with Fisher's linear discriminant
        (1936) v = C⁻¹d. A tanh then flattens it at both ends.
        """
        seen, zones = pixels.reshape(-1, 3)[self.window], (self.inner, self.outer)
        means = [seen[zone].mean(axis=0) for zone in zones]
        scatter = [seen[zone] - mean for zone, mean in zip(zones, means, strict=True)]
        covariance = RIDGE * np.eye(3) + sum(s.T @ s / len(s) for s in scatter) / 2
        v = np.linalg.solve(covariance, means[0] - means[1])
        apart = v @ (means[0] - means[1])
        if not apart > WEAKEST**2:
            raise ValueError(
                f"{self.name}: figure and ground have the same colour, "
                f"{np.round(means[0], 3)} and {np.round(means[1], 3)}: there is nothing to measure"
            )
        from_ground = seen - means[1]
        bend = np.tanh(SHARPNESS * (from_ground @ v / apart - 0.5))
        scale = 2 * np.tanh(SHARPNESS / 2)
        membership = 0.5 + bend / scale
        membership[self.deep] = 1

        def back(by_member):
            by_mix = by_member * SHARPNESS * (1 - bend**2) / scale
            by_mix[self.deep] = 0
            by_pixel = by_mix[:, None] * v / apart
            by_v = by_mix @ from_ground
            w, along = np.linalg.solve(covariance, by_v), by_v @ v / apart
            by_apart = (w - 2 * along * v) / apart
            by_covariance = (along * np.outer(v, v) - np.outer(w, v)) / apart
            both = (by_covariance + by_covariance.T) / 2
            by_means = by_apart, -by_apart - by_mix.sum() * v / apart
            for zone, off, by_mean in zip(zones, scatter, by_means, strict=True):
                by_pixel[zone] += (by_mean + off @ both) / len(zone)
            return by_pixel

        return membership, back


def core(mask, ignore=False):
    """Return the inside of a mask, which the border does not reach when it moves a little."""
    depth = _depths(mask | ignore) * mask
    return depth > min(MARGIN * max(mask.shape), 0.6 * depth.max())


def _depths(mask):
    """Return how deep every place lies in a mask, in pixels."""
    from scipy.ndimage import distance_transform_edt  # slow to import

    return distance_transform_edt(mask)


# Readings: from the membership m (P,) of a figure's pixels to a value and its derivatives by m.


def _area(m, figure):
    return m.sum() * figure.pixel_area, np.full(len(m), figure.pixel_area)


def _mean(m, of, figure):
    """Return the mean of `of` (..., P) over the figure, and its derivatives."""
    total = m.sum()
    if not total > 0:
        raise ValueError(f"{figure.name}: no figure is left in its window")
    mean = of @ m / total
    return mean, (of - mean[..., None]) / total


def _second_moments(m, figure):
    """Return half the sum and half the difference of the variances, the covariance, derivatives."""
    x, y = (place - _mean(m, place, figure)[0] for place in (figure.x, figure.y))
    return _mean(m, np.stack([x * x + y * y, x * x - y * y, 2 * x * y]) / 2, figure)


def _axis(m, figure, sign):
    (half, stretch, shear), by_member = _second_moments(m, figure)
    long = np.hypot(stretch, shear)
    variance = half + sign * long
    if not (long > 0 and variance > 0):
        raise ValueError(f"{figure.name}: the figure is round or gone, it has no longer axis")
    axis = 4 * np.sqrt(variance)
    return axis, 8 / axis * (np.array([1, sign * stretch / long, sign * shear / long]) @ by_member)


def _tilt(m, figure):
    (_, stretch, shear), by_member = _second_moments(m, figure)
    long = stretch**2 + shear**2
    if not long > 0:
        raise ValueError(f"{figure.name}: the figure is round, it has no tilt")
    # Counted from the drawn tilt, so that a figure near the vertical does not jump by 180°.
    (_, drawn_stretch, drawn_shear), _ = _second_moments(figure.drawn, figure)
    drawn = np.arctan2(drawn_shear, drawn_stretch)
    turn = (np.arctan2(shear, stretch) - drawn + np.pi) % (2 * np.pi) - np.pi
    by_moments = np.array([0, -shear, stretch]) / long
    return np.degrees(drawn + turn) / 2, np.degrees(by_moments @ by_member) / 2


READINGS = {
    "area": (_area, "of picture"),
    "x": (lambda m, figure: _mean(m, figure.x, figure), "of side"),
    "y": (lambda m, figure: _mean(m, figure.y, figure), "of side"),
    "length": (partial(_axis, sign=1), "of side"),
    "spread": (partial(_axis, sign=-1), "of side"),
    "tilt": (_tilt, "°"),
    "opening": (lambda m, figure: (m @ figure.ring, figure.ring), "°"),
}


def check_mask(mask, name):
    """Return a mask as a bool array, or raise a ValueError that says what is wrong with it."""
    mask = np.asarray(mask)
    if mask.ndim != 2 or mask.dtype.kind not in "bui":
        raise ValueError(f"{name}: mask of shape {mask.shape}, type {mask.dtype}: give (H, W) bool")
    if not mask.any():
        raise ValueError(f"{name}: the region is empty")
    return mask.astype(bool)


def check_pixels(pixels, size, name):
    """Return pixels as floats, or raise a ValueError that says what is wrong with them."""
    pixels = np.ascontiguousarray(pixels, float)
    if pixels.shape != (*size, 3):
        raise ValueError(f"{name}: pixels of shape {pixels.shape}: it measures {(*size, 3)}")
    if not np.isfinite(pixels).all():
        wrong = tuple(int(i) for i in np.argwhere(~np.isfinite(pixels))[0])
        raise ValueError(f"{name}: pixel {wrong} is {pixels[wrong]}: it must be finite")
    return pixels

"""Regions suggested for any picture: areas of one colour that hang together, with names."""

import heapq
from collections import Counter

import numpy as np
from PIL import Image

from ..core import Picture
from .regions import Regions

FINEST = 128  # pixels of the longer side at which segments are looked for
SMALLEST = 0.004  # of the picture: smaller segments join a neighbour
NOTICEABLE = 2.3  # distance in CIELAB that the eye just notices (Mahy et al. 1994)
SPARE = 4  # times as many segments as asked for are left when the small ones are taken away
GREYS = ((18, "black"), (42, "dark grey"), (68, "grey"), (88, "light grey"), (np.inf, "white"))
HUES = (  # upper end in degrees of the CIELAB hue circle: name, and names if dark or light
    (15, "pink", "dark red", "pink"),
    (48, "red", "dark red", "pink"),
    (78, "orange", "brown", "apricot"),
    (112, "yellow", "olive", "light yellow"),
    (168, "green", "dark green", "light green"),
    (235, "turquoise", "dark turquoise", "light turquoise"),
    (308, "blue", "dark blue", "light blue"),
    (330, "violet", "dark violet", "light violet"),
    (360, "pink", "dark red", "pink"),
)
PLACES = (
    ("upper left", "top", "upper right"),
    ("left", "middle", "right"),
    ("lower left", "bottom", "lower right"),
)


def suggest_regions(picture: Picture, count: int = 8) -> Regions:
    """Return regions of a picture: at most `count` pieces of one colour each.

    They are numbered from the largest and named by colour and place, each name once.

    Neighbouring pieces are joined, beginning with single pixels, each time the cheapest pair. A
    pair costs what joining it adds to the sum of squared distances from the mean colours in
    CIELAB (Ward 1963, *J. Am. Stat. Assoc.* 58, 236), times the square of the mean contrast across
    their common border, so that a gradient stays whole. Pieces under 0.4 % of the picture join the
    neighbour of the nearest colour, and so do those that the eye can hardly tell apart. Pictures
    beyond 128 a side are segmented at that size.

    Examples
    --------
    >>> pixels = np.full((8, 12, 3), 1.0)
    >>> pixels[1:5, 1:5] = 0.9, -0.8, -0.8
    >>> numbers, names = suggest_regions(Picture(pixels))
    >>> names, numbers[3].tolist()
    (['white, middle', 'red, left'], [0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0])
    """
    picture = Picture.open(picture)
    check_count(count)
    small = picture.resized(FINEST) if max(picture.size) > FINEST else picture
    colours = lab(small.pixels)
    pieces = _Pieces(colours)
    pieces.join(SPARE * count)
    pieces.absorb(SMALLEST * colours[..., 0].size)
    pieces.join(count)
    pieces.join(1, NOTICEABLE)
    numbers = pieces.numbers()
    names = _names(numbers, colours)
    if small.size != picture.size:
        enlarged = Image.fromarray(numbers.astype(np.uint8))
        numbers = np.asarray(enlarged.resize(picture.size[::-1], Image.Resampling.NEAREST))
    return numbers.astype(int), names


def check_count(count):
    """Raise a ValueError unless so many regions can be suggested."""
    if not (isinstance(count, int | np.integer) and 1 <= count <= 255):
        raise ValueError(f"count {count!r}: give a whole number from 1 to 255")


def agreement(numbers: np.ndarray, others: np.ndarray) -> float:
    """Return how far two partitions (H, W) of a picture agree: 1 if equal, 0 on average by chance.

    The adjusted index of Rand (Hubert & Arabie 1985, *J. Classif.* 2, 193).

    Examples
    --------
    >>> rows, columns = np.indices((4, 4)) // 2
    >>> agreement(rows, 1 - rows), round(agreement(rows, columns), 2)
    (1.0, -0.07)
    """
    if np.shape(numbers) != np.shape(others):
        raise ValueError(f"regions of shapes {np.shape(numbers)} and {np.shape(others)} differ")
    table = np.zeros((np.max(numbers) + 1, np.max(others) + 1))
    np.add.at(table, (np.ravel(numbers), np.ravel(others)), 1)
    both, one, other, everything = (
        np.sum(counts * (counts - 1) / 2)
        for counts in (table, table.sum(axis=1), table.sum(axis=0), table.sum())
    )
    chance, most = one * other / max(everything, 1), (one + other) / 2
    return float((both - chance) / (most - chance)) if most > chance else 1.0


def lab(pixels):
    """Return pixels (..., 3) in [-1, 1], taken as sRGB under D65, in CIELAB (CIE 15, 2004)."""
    signal = (np.asarray(pixels, float) + 1) / 2
    linear = np.where(signal > 0.04045, ((signal + 0.055) / 1.055) ** 2.4, signal / 12.92)
    to_xyz = np.array(
        [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    )
    xyz = linear @ (to_xyz / to_xyz.sum(axis=1, keepdims=True)).T
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    x, y, z = np.moveaxis(f, -1, 0)
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


class _Pieces:
    """Pieces of a picture that are joined with their neighbours, the cheapest pair first."""

    def __init__(self, colours):
        self.shape = colours.shape[:2]
        places = np.arange(np.prod(self.shape)).reshape(self.shape)
        colours = colours.reshape(-1, 3)
        self.parent, self.means = list(range(len(colours))), colours.tolist()
        self.sizes = dict.fromkeys(self.parent, 1)  # of the pieces that are left
        self.borders = [{} for _ in colours]  # by neighbour: sum of the contrasts, length
        across, down = (places[:, :-1], places[:, 1:]), (places[:-1], places[1:])
        pairs = np.concatenate([np.reshape(ends, (2, -1)) for ends in (across, down)], axis=1)
        contrasts = np.linalg.norm(colours[pairs[0]] - colours[pairs[1]], axis=1)
        for a, b, contrast in zip(*pairs.tolist(), contrasts.tolist(), strict=True):
            self.borders[a][b] = self.borders[b][a] = (contrast, 1)
        self.queue = [(*self._cost(a, b), a, b) for a, b in pairs.T.tolist()]
        heapq.heapify(self.queue)

    def _distance(self, a, b):
        (u, v, w), (x, y, z) = self.means[a], self.means[b]
        return (u - x) ** 2 + (v - y) ** 2 + (w - z) ** 2

    def _cost(self, a, b):
        """What joining costs, and the sizes: an entry is stale if they changed."""
        (m, n), (contrast, length) = (self.sizes[a], self.sizes[b]), self.borders[a][b]
        return m * n / (m + n) * self._distance(a, b) * (contrast / length) ** 2, m, n

    def join(self, count, closer_than=np.inf):
        """Join until `count` pieces are left; only those whose colours are so close."""
        while len(self.sizes) > count and self.queue:
            _, m, n, a, b = heapq.heappop(self.queue)
            stale = (m, n) != (self.sizes.get(a), self.sizes.get(b))
            # A pair left out is not asked for again, unless one of them grows.
            if not stale and self._distance(a, b) < closer_than**2:
                self._unite(a, b)

    def absorb(self, smallest):
        """Join every piece under so many pixels with the neighbour of the nearest colour."""
        while len(self.sizes) > 1:
            size, a = min((size, a) for a, size in self.sizes.items())
            if size >= smallest:
                break
            _, b = min((self._distance(a, b), b) for b in self.borders[a])
            self._unite(a, b)

    def _unite(self, a, b):
        m, n = self.sizes[a], self.sizes.pop(b)
        pairs = zip(self.means[a], self.means[b], strict=True)
        self.means[a] = [(m * x + n * y) / (m + n) for x, y in pairs]
        self.sizes[a], self.parent[b] = m + n, a
        for c, (contrast, length) in self.borders[b].items():
            del self.borders[c][b]
            if c != a:
                more = self.borders[a].get(c, (0.0, 0))
                self.borders[a][c] = self.borders[c][a] = (contrast + more[0], length + more[1])
        for c in self.borders[a]:
            heapq.heappush(self.queue, (*self._cost(a, c), a, c))

    def numbers(self):
        """Return the piece of each pixel (H, W), from the largest, ties in order of appearance."""
        labels = np.array(self.parent)
        while (labels[labels] != labels).any():
            labels = labels[labels]
        _, first, numbers, sizes = np.unique(
            labels, return_index=True, return_inverse=True, return_counts=True
        )
        rank = np.lexsort((first, -sizes)).argsort()
        return rank[numbers].reshape(self.shape)


def _names(numbers, colours):
    names, times = [], Counter()
    for region in range(numbers.max() + 1):
        inside = numbers == region
        name = f"{_colour_name(colours[inside].mean(axis=0))}, {_place_name(inside)}"
        times[name] += 1
        names.append(f"{name} {times[name]}" if times[name] > 1 else name)
    return names


def _colour_name(colour):
    lightness, chroma = colour[0], np.hypot(*colour[1:])
    if lightness < 8 or chroma < max(9, 26 - lightness):  # the darker, the less tint is seen
        return next(name for top, name in GREYS if lightness < top)
    hue = np.degrees(np.arctan2(colour[2], colour[1])) % 360
    _, name, dark, light = next(row for row in HUES if hue < row[0])
    return dark if lightness < 40 else light if lightness > 78 else name


def _place_name(inside):
    centre = np.argwhere(inside).mean(axis=0) + 0.5
    row, column = (3 * centre / inside.shape).astype(int).clip(0, 2)
    return PLACES[row][column]

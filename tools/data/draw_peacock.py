"""Draw the flying peacock that the network learns to paint.

    python tools/data/draw_peacock.py

writes data/peacock.png, 256 x 256 pixels, the same bytes at every run. Beside it,
data/peacock_elements.png says for every pixel which shape it belongs to, as a number into the
list of names (part/element) in data/peacock_elements.json.

The bird is made of ribbons: Bezier spines that carry a width, rounded at both ends, and filled
with a soft gradient from root to tip.  The shapes are few, large and rounded, and the colours of
neighbours close, because a network of a few hundred weights has to find them all.
"""

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from ensembles_lib._files import replacing, write_json

SIZE = 256
SCALE = 4  # everything is drawn this much larger, then averaged: that is the antialiasing
ZOOM = 0.94  # of the bird about the centre, for a quiet margin around it
DATA = Path(__file__).resolve().parents[2] / "data"

SKY_TOP, SKY_BOTTOM = "#f7ead0", "#eaecdb"
BLUE, AZURE, NAVY, TEAL = "#2859ac", "#3383bd", "#1b3a78", "#3c9fb4"
RUST, OCHRE, AMBER, SAND = "#ab6a40", "#c98d50", "#d5a062", "#e2ba7f"
MOSS, EMERALD, LEAF = "#217068", "#60a96d", "#8ebd70"
GOLD, TURQUOISE, MIDNIGHT = "#c3c274", "#459f9c", "#30639c"
BEAK, WHITE = "#d9a54c", "#fbf4e4"

# Every feather is a spine of (x, y, half-width) control points, y pointing down.  A wing's
# feathers lie like roof tiles, each over the one before it, from the leading edge backwards.
FEATHERS = ((RUST, RUST), (RUST, OCHRE), (OCHRE, OCHRE), (OCHRE, AMBER), (AMBER, SAND))
FAR_WING = (
    ((104, 112, 8), (86, 70, 14), (108, 30, 14), (146, 20, 11)),
    ((106, 112, 8), (98, 80, 14), (124, 46, 14), (170, 38, 11)),
    ((108, 112, 8), (110, 84, 14), (138, 60, 14), (183, 60, 11)),
    ((112, 112, 8), (120, 92, 14), (146, 76, 14), (184, 83, 11)),
    ((116, 116, 8), (130, 104, 12), (150, 96, 13), (174, 104, 10)),
)
NEAR_WING = (
    ((112, 118, 8), (80, 122, 14), (42, 124, 14), (24, 163, 11)),
    ((112, 120, 8), (86, 130, 14), (54, 147, 14), (40, 188, 11)),
    ((114, 120, 8), (94, 140, 14), (68, 162, 14), (60, 204, 11)),
    ((114, 122, 8), (104, 144, 14), (88, 170, 14), (86, 207, 11)),
    ((112, 122, 8), (116, 146, 12), (106, 168, 13), (110, 197, 10)),
)
FAR_ARM = ((106, 116, 16), (88, 92, 16), (84, 62, 10), (108, 32, 1))
NEAR_ARM = ((132, 124, 12), (102, 112, 22), (74, 112, 14), (34, 132, 1))
TRAIN_ROOT = ((114, 112, 8), (150, 140, 10))
TRAIN = (  # from the outside inwards, so that the middle feathers lie on top
    (((158, 176, 16), (196, 184, 15), (240, 188, 12)), EMERALD),
    (((142, 176, 16), (140, 206, 15), (154, 230, 13)), EMERALD),
    (((160, 184, 16), (196, 210, 15), (238, 216, 13)), LEAF),
    (((148, 188, 16), (158, 226, 15), (184, 240, 13)), LEAF),
    (((154, 190, 16), (180, 224, 15), (214, 236, 13)), EMERALD),
)
TAIL = (
    ((112, 112, 6), (138, 140, 9), (129, 214, 9)),
    ((112, 112, 6), (132, 140, 9), (120, 206, 9)),
)
BODY = (
    (50, 57, 8),
    (84, 54, 6),
    (46, 90, 3),
    (64, 120, 18),
    (112, 106, 38),
    (124, 122, 18),
    (163, 153, 2),
)
CREST = ((50, 26), (62, 26), (73, 32))


def rgb(colour):
    """A "#rrggbb" colour as three floats from 0 to 255."""
    return np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)], dtype=np.float32)


def bezier(points, n=120):
    """n points along the Bezier curve of any degree, densest where a ribbon is rounded."""
    t = (0.5 - 0.5 * np.cos(np.linspace(0, np.pi, n)))[:, None, None]
    curve = np.array(points, dtype=float)[None]
    while curve.shape[1] > 1:
        curve = curve[:, :-1] * (1 - t) + curve[:, 1:] * t
    return curve[:, 0]


class Canvas:
    """An enlarged picture, filled shape by shape from back to front."""

    def __init__(self):
        pixel = (np.mgrid[: SIZE * SCALE, : SIZE * SCALE] + 0.5) / SCALE
        self.y, self.x = (pixel - SIZE / 2) / ZOOM + SIZE / 2
        self.pixels = self.gradient((0, 0), (0, SIZE), SKY_TOP, SKY_BOTTOM)
        self.names = ["background/sky"]
        self.elements = np.zeros((SIZE * SCALE, SIZE * SCALE), np.uint8)

    def gradient(self, start, end, first, last, where=...):
        (x0, y0), (x1, y1) = start, end
        dx, dy = x1 - x0, y1 - y0
        t = ((self.x[where] - x0) * dx + (self.y[where] - y0) * dy) / (dx * dx + dy * dy)
        t = np.clip(t, 0, 1)[..., None]
        return rgb(first) * (1 - t) + rgb(last) * t

    def fill(self, name, outline, first, last=None, start=(0, 0), end=(0, SIZE)):
        """Fill a closed outline with the gradient from first at start to last at end."""
        mask = Image.new("1", (SIZE * SCALE, SIZE * SCALE))
        corners = ((outline - SIZE / 2) * ZOOM + SIZE / 2) * SCALE
        ImageDraw.Draw(mask).polygon([tuple(corner) for corner in corners], fill=1)
        inside = np.array(mask)
        self.pixels[inside] = self.gradient(start, end, first, last or first, inside)
        self.elements[inside] = len(self.names)
        self.names.append(name)

    def ribbon(self, name, spine, first, last):
        """Fill a spine of (x, y, half-width) points, shaded along it and rounded at its ends."""
        line, width = np.split(bezier(spine), [2], axis=1)
        steps = np.diff(line, axis=0, prepend=line[:1])
        gone = np.hypot(*steps.T).cumsum()[:, None]
        near = np.clip(1 - gone / width[0], 0, 1)
        near += np.clip(1 - (gone[-1] - gone) / (1.3 * width[-1]), 0, 1)
        along = np.gradient(line, axis=0)
        along /= np.linalg.norm(along, axis=1, keepdims=True)
        across = along[:, ::-1] * (-1, 1) * width * np.sqrt(1 - near**2)
        outline = np.concatenate([line + across, (line - across)[::-1]])
        self.fill(name, outline, first, last, spine[0][:2], spine[-1][:2])

    def disc(self, name, centre, radius, colour):
        angle = np.linspace(0, 2 * np.pi, 90)
        circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
        self.fill(name, centre + radius * circle, colour)

    def image(self):
        tiles = self.pixels.reshape(SIZE, SCALE, SIZE, SCALE, 3)
        return Image.fromarray(np.round(tiles.mean(axis=(1, 3))).astype(np.uint8))

    def element_image(self):
        """The number of the shape at the centre of every pixel; no averages of numbers."""
        numbers = self.elements[SCALE // 2 :: SCALE, SCALE // 2 :: SCALE]
        return Image.fromarray(np.ascontiguousarray(numbers))


def train(canvas):
    for number, (spine, colour) in enumerate(TRAIN, 1):
        canvas.ribbon(f"train/feather {number}", (*TRAIN_ROOT, *spine), MOSS, colour)
    for number, (spine, _) in enumerate(TRAIN, 1):
        eye_spot(canvas, number, np.array(spine[-2][:2]), np.array(spine[-1][:2]))


def eye_spot(canvas, number, before, tip, radius=10):
    """The eye at the tip of a feather; its inner discs drift outwards, which makes it look."""
    outwards = (tip - before) / np.linalg.norm(tip - before)
    canvas.disc(f"train/eye-spot {number} ring", tip - 1.3 * radius * outwards, radius, GOLD)
    iris, pupil = tip - 1.26 * radius * outwards, tip - 1.18 * radius * outwards
    canvas.disc(f"train/eye-spot {number} iris", iris, 0.73 * radius, TURQUOISE)
    canvas.disc(f"train/eye-spot {number} pupil", pupil, 0.42 * radius, MIDNIGHT)


def wing(canvas, name, spines):
    for number, (spine, colours) in enumerate(zip(spines, FEATHERS, strict=True), 1):
        canvas.ribbon(f"{name} wing/feather {number}", spine, *colours)


def head(canvas):
    for number, (x, y) in enumerate(CREST, 1):
        plume = [(54, 56, 0.6), (57, 44, 0.6), (x, y, 5.5)]
        canvas.ribbon(f"head/crest plume {number}", plume, BLUE, TEAL)
    canvas.fill("head/beak", bezier([(46, 52), (32, 56), (28, 68), (48, 62)]), BEAK)
    canvas.disc("head/head", (53, 57), 8.5, BLUE)
    canvas.disc("head/eye", (50, 55), 2.5, WHITE)
    canvas.disc("head/pupil", (49.8, 55), 1.4, NAVY)


def draw():
    canvas = Canvas()
    wing(canvas, "far", FAR_WING)
    canvas.ribbon("body/far arm", FAR_ARM, BLUE, TEAL)
    for number, (spine, colour) in enumerate(zip(TAIL, (OCHRE, AMBER), strict=True), 1):
        canvas.ribbon(f"tail/feather {number}", spine, RUST, colour)
    train(canvas)
    wing(canvas, "near", NEAR_WING)
    # One blue sweep from the head through the arms, ending as a point on the train.
    canvas.ribbon("body/neck and back", BODY, BLUE, TEAL)
    canvas.ribbon("body/near arm", NEAR_ARM, TEAL, AZURE)
    head(canvas)
    return canvas


def main():
    DATA.mkdir(exist_ok=True)
    canvas = draw()
    with replacing(DATA / "peacock.png") as temporary:
        canvas.image().save(temporary)
    with replacing(DATA / "peacock_elements.png") as temporary:
        canvas.element_image().save(temporary)
    write_json(DATA / "peacock_elements.json", canvas.names)


if __name__ == "__main__":
    main()

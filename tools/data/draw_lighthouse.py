"""Draw the lighthouse at dusk, the reader's picture that comes with notebook 09.

    python tools/data/draw_lighthouse.py

writes data/own/lighthouse.png, 256 x 256 pixels, the same bytes at every run, and beside it
data/own/lighthouse_elements.png and .json: for every pixel the number of the shape that it belongs
to, and the names of the shapes, as part/element.
"""

import numpy as np
from draw_peacock import DATA, SCALE, SIZE, bezier, rgb
from PIL import Image, ImageDraw

from ensembles_lib._files import replacing, write_json

NIGHT, VIOLET, ROSE, APRICOT = "#2b3a6b", "#7d6a9c", "#dc8f86", "#f6cf96"
SUN, PATH, DEEP, SEA = "#fbe9b4", "#eeb489", "#22406a", "#4d7a96"
ROCK, MOSS, LAMP = "#39333f", "#55604f", "#fff3b0"
WHITE, SHADE, RED, DARK_RED = "#f3ead9", "#c5bbc0", "#b8473f", "#7f3038"
HULL, SAIL, JIB = "#7a3f35", "#f5e6cd", "#d9a27a"
HORIZON = 158


class Canvas:
    """An enlarged picture, filled shape by shape from back to front."""

    def __init__(self):
        self.y, self.x = (np.mgrid[: SIZE * SCALE, : SIZE * SCALE] + 0.5) / SCALE
        self.pixels = np.zeros((SIZE * SCALE, SIZE * SCALE, 3), np.float32)
        self.elements = np.zeros((SIZE * SCALE, SIZE * SCALE), np.uint8)
        self.names = []

    def fill(self, name, outline, colours, start=(0, 0), end=(0, SIZE)):
        """Fill a closed outline with a gradient through colours from start to end."""
        mask = Image.new("1", (SIZE * SCALE, SIZE * SCALE))
        corners = [tuple(point) for point in np.array(outline, float) * SCALE]
        ImageDraw.Draw(mask).polygon(corners, fill=1)
        inside = np.array(mask)
        (x0, y0), (dx, dy) = start, np.subtract(end, start)
        t = ((self.x[inside] - x0) * dx + (self.y[inside] - y0) * dy) / (dx * dx + dy * dy)
        stops = np.linspace(0, 1, len(colours))
        table = np.array([rgb(colour) for colour in colours])
        self.pixels[inside] = np.stack([np.interp(t, stops, c) for c in table.T], axis=1)
        if name not in self.names:
            self.names.append(name)
        self.elements[inside] = self.names.index(name)

    def image(self):
        tiles = self.pixels.reshape(SIZE, SCALE, SIZE, SCALE, 3)
        return Image.fromarray(np.round(tiles.mean(axis=(1, 3))).astype(np.uint8))

    def element_image(self):
        numbers = self.elements[SCALE // 2 :: SCALE, SCALE // 2 :: SCALE]
        return Image.fromarray(np.ascontiguousarray(numbers))


def disc(centre, radius):
    angle = np.linspace(0, 2 * np.pi, 120)
    return np.array(centre) + radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def box(left, top, right, bottom):
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def tower(canvas):
    """The tapering tower with its stripes; each is lit from the left, where the sun is."""
    top, bottom = 84, 190

    def edge(y):
        return 13 + 8 * (y - top) / (bottom - top)

    levels = np.linspace(top, bottom, 6)
    for number, (up, down) in enumerate(zip(levels, levels[1:], strict=False)):
        outline = [(190 - edge(up), up), (190 + edge(up), up),
                   (190 + edge(down), down), (190 - edge(down), down)]  # fmt: skip
        name, first, last = ("red", RED, DARK_RED) if number % 2 else ("white", WHITE, SHADE)
        canvas.fill(f"tower/{name}", outline, [first, last], (170, 0), (211, 0))
    canvas.fill("lantern/gallery", box(171, 78, 209, 85), [ROCK, NIGHT], (171, 0), (209, 0))
    canvas.fill("lantern/lamp", box(180, 60, 200, 78), [LAMP, SUN], (180, 0), (200, 0))
    canvas.fill(
        "lantern/roof", [(174, 60), (190, 42), (206, 60)], [RED, "#7f3038"], (174, 0), (206, 0)
    )


def boat(canvas):
    hull = [*bezier([(34, 178), (48, 197), (84, 199), (104, 176)]), (104, 176)]
    canvas.fill("boat/hull", hull, [HULL, "#4d2b30"], (34, 0), (104, 0))
    main = [*bezier([(70, 92), (112, 122), (104, 168)]), (70, 171)]
    canvas.fill("boat/mainsail", main, [SAIL, "#e3c4a6"], (70, 0), (108, 0))
    jib = [*bezier([(65, 102), (44, 132), (34, 168)]), *bezier([(34, 168), (52, 164), (65, 170)])]
    canvas.fill("boat/jib", jib, [JIB, "#b97862"], (34, 0), (66, 0))


def draw():
    canvas = Canvas()
    canvas.fill(
        "sky/sky", box(0, 0, SIZE, SIZE), [NIGHT, VIOLET, ROSE, APRICOT], (0, 0), (0, HORIZON)
    )
    beam = [(184, 66), (184, 72), (0, 66), (0, 16)]
    canvas.fill("sky/beam", beam, ["#8d83a6", "#e9d7a8"], (0, 0), (184, 0))
    canvas.fill("sky/sun", disc((112, 140), 25), [SUN, "#f8d79a"], (0, 115), (0, HORIZON))
    canvas.fill("sea/sea", box(0, HORIZON, SIZE, SIZE), [SEA, DEEP], (0, HORIZON), (0, SIZE))
    glitter = [(98, HORIZON), (126, HORIZON), (152, SIZE), (96, SIZE)]
    canvas.fill("sea/path of the sun", glitter, [PATH, "#5d6f8b"], (0, HORIZON), (0, SIZE))
    rock = [*bezier([(136, 214), (150, 178), (176, 186), (196, 182)]),
            *bezier([(196, 182), (230, 176), (244, 190), (256, 196)]), (256, 236),
            *bezier([(256, 236), (210, 250), (150, 232), (136, 214)])]  # fmt: skip
    tower(canvas)
    canvas.fill("rock/rock", rock, [MOSS, ROCK], (0, 180), (0, 226))
    boat(canvas)
    return canvas


def main():
    canvas, path = draw(), DATA / "own" / "lighthouse.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as temporary:
        canvas.image().save(temporary)
    with replacing(path.with_name("lighthouse_elements.png")) as temporary:
        canvas.element_image().save(temporary)
    write_json(path.with_name("lighthouse_elements.json"), canvas.names)


if __name__ == "__main__":
    main()

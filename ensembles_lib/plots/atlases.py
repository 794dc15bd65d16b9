"""The atlas as one sheet: the change maps of all synapses; and some of them, row by row."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import colormaps, get_data_path
from PIL import Image, ImageColor, ImageDraw, ImageFont

from ..sweeps import Atlas
from .changes import LIMIT, change_picture, main_colour, tone
from .panels import with_minus
from .strips import film_strip
from .style import ACTIVATION, INK, SIGNED

PAPER = tuple(int(255 * part) for part in SIGNED(0.5)[:3])


def atlas_sheet(atlas: Atlas, cell: int = 64) -> Image.Image:
    """Draw the change maps of all synapses on one sheet, a row to every neuron.

    At the left of each row stands its activation map. A map is `cell` pixels wide: for the wall
    take more and save the image, which has at most 256 colours, so that its file is small.

    Examples
    --------
    >>> sheet = atlas_sheet(atlas(network, size=8, steps=3, progress=False), cell=16)
    >>> sheet.mode
    'P'
    """
    network, wiring = atlas.network, atlas.network.wiring
    painting = Image.fromarray(network.paint(9 * cell).to_bytes())
    maps = main_colour(np.moveaxis(atlas.signed, 1, 3)).astype(np.float32)
    rows = [wiring.synapses_of(j) for j in range(wiring.n_neurons)]
    pitch, left, edge, height = cell + 3, 5 * cell // 2, cell // 2, 16 * cell  # of the legend
    width = max(left + pitch * max(map(len, rows)), painting.width + edge) + edge
    # The legend stands beside the short rows of the first neurons if they leave room for it.
    beside = max(map(len, rows[: height // pitch + 1]))
    fits = left + pitch * beside + edge + painting.width + edge <= width
    first = edge if fits and pitch * len(rows) > height else height + 2 * edge
    image = Image.new("RGB", (width, first + pitch * len(rows) + edge), PAPER)
    draw = ImageDraw.Draw(image)
    for neuron, (row, activation) in enumerate(zip(rows, network.activations(cell), strict=True)):
        y = first + neuron * pitch
        image.paste(_painted((activation + 1) / 2, colormaps[ACTIVATION]), (left - pitch - 4, y))
        place = (left - pitch - 12, y + cell // 2)
        draw.text(place, str(neuron), INK, _font(cell * 0.38), anchor="rm")
        for column, synapse in enumerate(row):
            x = left + column * pitch
            shown = Image.fromarray(maps[synapse]).resize((cell, cell), Image.Resampling.BOX)
            image.paste(_painted(tone(np.asarray(shown)), SIGNED), (x, y))
            halo = {"stroke_width": max(1, cell // 64), "stroke_fill": PAPER}
            draw.text((x + 2, y + 1), str(synapse), INK, _font(cell / 7), **halo)
    _explain(image, draw, painting, (width - edge - painting.width, edge), wiring.n_synapses)
    return image.quantize(palette=_palette(painting), dither=Image.Dither.NONE)


def _explain(image, draw, painting, corner, n_synapses):
    """Put the painting, a title, how to read the maps, and their scale below each other."""
    (x, y), cell = corner, painting.width // 9
    image.paste(painting, corner)
    title = f"What each of {n_synapses} synapses does"
    draw.text((x, y + 9.4 * cell), title, INK, _font(cell * 0.53))
    words = (
        "A row is a neuron: its number, where it\n"
        "is active (yellow) or not (dark), and the\n"
        "synapses that lead to it, numbered.\n"
        "A map is what one of them changes when\n"
        "its weight goes up by half its working\n"
        "range. Colours follow the square root."
    )
    draw.text((x, y + 10.4 * cell), words, INK, _font(cell * 0.38), spacing=cell // 8)
    y += 13.8 * cell
    bar = np.tile(np.linspace(0, 1, 9 * cell), (cell // 3, 1))
    image.paste(_painted(bar, SIGNED), (x, round(y)))
    names = f"{-LIMIT:g}", f"{-LIMIT / 4:g}", "0", f"{LIMIT / 4:g}", f"{LIMIT:g}"
    for place, name, anchor in zip((0, 0.25, 0.5, 0.75, 1), names, "lmmmr", strict=True):
        place = (x + 9 * cell * place, y + 0.45 * cell)
        draw.text(place, with_minus(name), INK, _font(cell * 0.38), anchor=anchor + "a")
    for place, name, anchor in ((0, "darker", "la"), (9, "lighter", "ra")):
        draw.text((x + cell * place, y + cell), name, INK, _font(cell * 0.38), anchor=anchor)


def _palette(painting):
    """Return an image whose palette has the colours of the maps and those of a painting."""
    maps = SIGNED(np.linspace(0, 1, 65)), colormaps[ACTIVATION](np.linspace(0, 1, 24))
    inks = np.linspace(ImageColor.getrgb(INK), PAPER, 9)
    own = np.concatenate([255 * np.concatenate(maps)[:, :3], inks])
    own = own.round().astype(np.uint8).tobytes()
    left = 256 - len(own) // 3
    palette = Image.new("P", (1, 1))
    palette.putpalette(own + bytes(painting.quantize(left, kmeans=2).getpalette()[: 3 * left]))
    return palette


def _painted(places, colours):
    """Return places on a colour map, 0 to 1, as an image."""
    return Image.fromarray((255 * colours(places)[..., :3]).round().astype(np.uint8))


def _font(size):
    file = f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf"
    return ImageFont.truetype(file, max(6, round(size)))


def map_rows(swept: Atlas, groups: dict, columns: int = 5) -> plt.Figure:
    """Draw change maps, a row for each group of neurons: of synapses evenly spaced by number.

    Groups hold neurons, by what stands beside the row. Colours are those of `change_picture`.

    Examples
    --------
    >>> swept = atlas(network, size=16, steps=3, progress=False)
    >>> figure = map_rows(swept, {"hidden": range(4), "outputs": range(4, 7)}, columns=2)
    >>> [ax.get_title() for ax in figure.axes[:2]]
    ['0, neuron 0', '11, neuron 3']
    """
    target, maps, labels = swept.network.wiring.target, [], []
    for neurons in groups.values():
        synapses = np.flatnonzero(np.isin(target, neurons))
        for synapse in synapses[np.linspace(0, len(synapses) - 1, columns).astype(int)]:
            maps.append(change_picture(swept.signed_map(synapse)))
            labels.append(f"{synapse}, neuron {target[synapse]}")
    return film_strip(maps, labels, columns, key="change", rows=[*groups])

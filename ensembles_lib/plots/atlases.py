"""The atlas as one sheet: the change maps of all synapses; and some of them, row by row."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib import colormaps, get_data_path
from PIL import Image, ImageDraw, ImageFont

from ..sweeps import Atlas
from .changes import LIMIT, change_picture, main_colour, tone
from .panels import with_minus
from .strips import film_strip
from .style import ACTIVATION, INK, SIGNED

PAPER = tuple(int(255 * part) for part in SIGNED(0.5)[:3])


def atlas_sheet(atlas: Atlas, cell: int = 64) -> Image.Image:
    """Draw the change maps of all synapses on one sheet, a row to every neuron.

    At the left of each row stands its activation map, and above all the scale of the changes. A map
    is `cell` pixels wide: for the wall take more and save the image, which has at most 256 colours,
    so that its file is small.
    """
    wiring, maps = atlas.network.wiring, main_colour(np.moveaxis(atlas.signed, 1, 3))
    rows = [wiring.synapses_of(neuron) for neuron in range(wiring.n_neurons)]
    pitch, left, first = cell + 3, 5 * cell // 2, 3 * cell // 2
    size = left + pitch * max(8, *map(len, rows)) + cell // 2, first + pitch * len(rows) + cell // 2
    image = Image.new("RGB", size, PAPER)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(f"{get_data_path()}/fonts/ttf/DejaVuSans.ttf", max(6, cell // 3))
    small = font.font_variant(size=max(6, cell // 7))
    halo = {"stroke_width": max(1, cell // 64), "stroke_fill": PAPER}
    activations = atlas.network.activations(cell)
    for neuron, row in enumerate(rows):
        y = first + neuron * pitch
        shown = _painted((activations[neuron] + 1) / 2, colormaps[ACTIVATION])
        image.paste(shown, (left - pitch - 4, y))
        draw.text((left - pitch - 12, y + cell // 2), str(neuron), INK, font, anchor="rm")
        for column, synapse in enumerate(row):
            x = left + column * pitch
            change = Image.fromarray(maps[synapse].astype(np.float32))
            change = change.resize((cell, cell), Image.Resampling.BOX)
            image.paste(_painted(tone(np.asarray(change)), SIGNED), (x, y))
            draw.text((x + 2, y + 1), str(synapse), INK, small, **halo)
    bar = np.tile(np.linspace(0, 1, 6 * cell), (cell // 3, 1))
    image.paste(_painted(bar, SIGNED), (left, cell // 3))
    for number in LIMIT * np.array([-1, -0.25, 0, 0.25, 1]):
        place = left + 6 * cell * tone(number), 0.7 * cell
        draw.text(place, with_minus(f"{number:g}"), INK, font, anchor="ma")
    draw.text((left - 8, cell / 2), "darker", INK, font, anchor="rm")
    draw.text((left + 6 * cell + 8, cell / 2), "lighter", INK, font, anchor="lm")
    return image.quantize(method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)


def _painted(places, colours):
    """Return places on a colour map, 0 to 1, as an image."""
    return Image.fromarray((255 * colours(places)[..., :3]).round().astype(np.uint8))


def map_rows(swept: Atlas, groups: dict, columns: int = 5) -> plt.Figure:
    """Draw change maps, a row for each group of neurons: of synapses evenly spaced by number.

    Groups hold neurons, by what stands beside the row. Colours are those of `change_picture`.
    """
    target, maps, labels = swept.network.wiring.target, [], []
    for neurons in groups.values():
        synapses = np.flatnonzero(np.isin(target, neurons))
        for synapse in synapses[np.linspace(0, len(synapses) - 1, columns).astype(int)]:
            maps.append(change_picture(swept.signed_map(synapse)))
            labels.append(f"{synapse}, neuron {target[synapse]}")
    return film_strip(maps, labels, columns, key="change", rows=[*groups])

"""What the editor shows of a network: its picture, and maps as PNG, fast enough to drag."""

import io

import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

from ..core.passes import colours_of
from ..core.picture import Picture
from ..core.points import pixels_of
from ..plots import ACTIVATION, SIGNED
from ..plots.changes import main_colour, tone


class Views:
    """Draws a network beside the one of the start.

    Parameters
    ----------
    start : Network
    size : int
    """

    def __init__(self, start, size):
        self._size, self._before = size, None
        self.pixels, self._maps = self.run(start)
        self.start_pixels, self._before = self.pixels, self._maps

    def run(self, network):
        """Paint a network: from now on the views are of it; returns pixels and activations."""
        wiring = network.wiring
        _, sent = network.sent(self._size, dtype=np.float32)
        self._maps = sent[wiring.n_inputs :]
        colours = colours_of(wiring, sent.reshape(len(sent), -1))
        self.pixels = pixels_of(colours, self._size)
        return self.pixels, self._maps

    @property
    def changed_by(self):
        """RMS over pixels and channels of the change since the start."""
        return float(np.sqrt(np.mean((self.pixels - self.start_pixels) ** 2, dtype=float)))

    def picture(self, outline=None, before=False):
        """Return the picture, or that of the start; the edge of a region is drawn into it."""
        pixels = self.start_pixels if before else self.pixels
        if outline is not None:
            pixels = pixels.copy()
            # Black and white in turn: seen on any ground.
            checks = np.indices(outline.shape).sum(axis=0) // 2 % 2
            edge = edge_of(outline)
            pixels[edge] = 2.0 * checks[edge, None] - 1
        return Picture(pixels)

    def change(self):
        """Return the signed change map since the start, as `plots.change_picture` draws it."""
        return _map_png(2 * tone(main_colour(self.pixels - self.start_pixels)) - 1, _SIGNED)

    def activation(self, neuron):
        """Return the activation map of a neuron."""
        return _map_png(self._maps[neuron], _ACTIVATION)

    def activation_change(self, neuron):
        """Return the signed change of an activation map since the start."""
        return _map_png(2 * tone(self._maps[neuron] - self._before[neuron]) - 1, _SIGNED)


def _table(colours):
    """Return 256 colours of a colour map as a palette of bytes."""
    return (plt.get_cmap(colours)(np.arange(256))[:, :3] * 255).round().astype("u1").tobytes()


def _map_png(values, table):
    """Return a map with values in [-1, 1] as a PNG with a palette."""
    image = Image.fromarray(np.rint((values.clip(-1, 1) + 1) * 127.5).astype(np.uint8), "P")
    image.putpalette(table)
    buffer = io.BytesIO()
    image.save(buffer, "png", compress_level=1)
    return buffer.getvalue()


_ACTIVATION, _SIGNED = _table(ACTIVATION), _table(SIGNED)


def edge_of(mask):
    """Return the pixels of a mask that touch pixels outside of it, or the border of the picture."""
    padded = np.pad(mask, 1)
    inner = padded[:-2, 1:-1] & padded[2:, 1:-1] & padded[1:-1, :-2] & padded[1:-1, 2:]
    return mask & ~inner

"""Sliders of a comparator's weights."""

import ipywidgets as widgets
import numpy as np

from ..core.passes import respond
from ..core.picture import Picture
from ..planted.comparators import all_pairs
from ..planted.rules import answers
from ..plots import SIGNED
from .parts import SHOWN, slider_around
from .turns import take_turns


class CompareSliders(widgets.VBox):
    """All pairs of numbers as a comparator answers them, with a slider for every synapse.

    Above the eight sliders stand two that scale a whole ensemble: all of a, or all of b.

    Parameters
    ----------
    planted : Planted
        From `compare_binary`, with up to 6 bits.

    Examples
    --------
    >>> from ensembles_lib.planted import compare_binary
    >>> CompareSliders(compare_binary(4)).reading
    '0 of 256 pairs wrong'
    """

    def __init__(self, planted):
        self._start, self._ensembles = planted
        self._bits = self._start.wiring.n_inputs // 2
        if self._start.wiring.n_neurons != 1 or self._bits > 6:
            raise ValueError(f"{self._start!r}: give compare_binary(bits) with up to 6 bits")
        _, a, b = all_pairs(self._bits)
        self._truth, self._said, self._moving = np.sign(a - b), "", False
        self.scales = {
            name: slider_around(
                1.0, 0.5, 0.01, f"all of {name} ×", f"scale the whole ensemble of {name}"
            )
            for name in self._ensembles
        }
        # A synapse alone may err by less than the least bit is worth before an answer turns.
        least = float(np.abs(self._start.weights).min())
        places = [(name, self._bits - 1 - k) for name in "ab" for k in range(self._bits)]
        self.sliders = [
            slider_around(
                float(weight),
                max(4 * least, abs(weight) / 2),
                abs(float(weight)) / 100,  # so that a scaled ensemble stays on the steps
                f"{name} bit {bit}",
                f"weight of bit {bit} of {name}",
            )
            for weight, (name, bit) in zip(self._start.weights, places, strict=True)
        ]
        for slider in self.sliders:
            slider.observe(lambda _: self._draw(), "value")
        for name, slider in self.scales.items():
            slider.observe(lambda change, name=name: self._scaled(name, change["new"]), "value")
        self.reset = widgets.Button(description="reset", tooltip="back to the weights of the start")
        self.reset.on_click(lambda _: self.back())
        self.image = widgets.Image(format="png", width=SHOWN)
        self.label = widgets.Label()
        half = [
            widgets.VBox([self.scales[name], *(self.sliders[k] for k in synapses)])
            for name, synapses in self._ensembles.items()
        ]
        super().__init__(
            [widgets.HBox([self.image, *half]), widgets.HBox([self.label, self.reset])]
        )
        take_turns(self)
        self._draw()

    @property
    def weights(self):
        """The weights as the sliders stand, (S,)."""
        return np.array([slider.value for slider in self.sliders])

    @property
    def wrong(self):
        """Which answers are wrong, (2**bits, 2**bits) bool; an output of 0 says equal."""
        said = answers(self._start.wiring, self.weights, self._bits)
        return (said != self._truth).reshape(2**self._bits, -1)

    @property
    def reading(self):
        """The words below the picture."""
        return f"{self.wrong.sum()} of {self.wrong.size} pairs wrong{self._said}"

    def move(self, synapse, weight):
        """Give a synapse a weight; what cannot be done is said in the reading."""
        if synapse not in range(len(self.sliders)):
            return self._say(f"there is no synapse {synapse}: give 0 to {len(self.sliders) - 1}")
        return self._set(self.sliders[synapse], weight, f"weight of synapse {synapse}")

    def scale(self, name, factor):
        """Scale the whole ensemble "a" or "b"; what cannot be done is said in the reading."""
        if name not in self.scales:
            return self._say(f"there is no ensemble {name!r}: give 'a' or 'b'")
        return self._set(self.scales[name], factor, f"scale of {name}")

    def back(self):
        """Put all sliders back to the start."""
        self._moving = True
        for slider, weight in zip(self.sliders, self._start.weights, strict=True):
            slider.value = weight
        for slider in self.scales.values():
            slider.value = 1.0
        self._moving = False
        self._draw()

    def _set(self, slider, value, what):
        if not isinstance(value, (int, float, np.number)) or not np.isfinite(value):
            return self._say(f"{what} cannot be {value!r}: give a number")
        if not slider.min <= value <= slider.max:
            return self._say(f"{what} can be {slider.min:g} to {slider.max:g}, not {value:g}")
        slider.value = float(value)
        return self._draw()  # even if nothing moved, to clear what was said before

    def _say(self, problem):
        self._said = f"; not moved: {problem}"
        self.label.value = self.reading

    def _scaled(self, name, factor):
        if self._moving:
            return
        self._moving = True
        for synapse in self._ensembles[name]:
            self.sliders[synapse].value = factor * self._start.weights[synapse]
        self._moving = False
        self._draw()

    def _draw(self):
        if self._moving:
            return
        self._said = ""
        n, cell = 2**self._bits, max(4, SHOWN // 2**self._bits)
        inputs = all_pairs(self._bits)[0]
        outputs = respond(self._start.wiring, self.weights, inputs).reshape(n, n)
        pixels = SIGNED((outputs[::-1] + 1) / 2)[..., :3].repeat(cell, axis=0).repeat(cell, axis=1)
        dotted = np.zeros((n, cell, n, cell), bool)
        dot = slice(cell // 3, cell - cell // 3)
        dotted[:, dot, :, dot] = self.wrong[::-1, None, :, None]
        pixels[dotted.reshape(n * cell, n * cell)] = 0.15
        self.image.value = Picture(2 * pixels - 1).to_png()
        self.label.value = self.reading

    def __repr__(self):
        return f"CompareSliders({self._bits} bits, {self.wrong.sum()} pairs wrong)"

"""Sliders of a comparator's weights."""

from functools import partial

import ipywidgets as widgets
import numpy as np

from ..core import Picture
from ..core.passes import respond
from ..planted import all_pairs, answers
from ..plots import SIGNED
from .controls import SHOWN, control, on_move, show
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
        self._bits = bits = self._start.wiring.n_inputs // 2
        if self._start.wiring.n_neurons != 1 or bits > 6:
            raise ValueError(f"{self._start!r}: give compare_binary(bits) with up to 6 bits")
        _, a, b = all_pairs(bits)
        self._truth, self._said = np.sign(a - b), ""
        self.scales = {
            name: _slider(f"all of {name} ×", f"scale the whole ensemble of {name}", 1.0, 0.5, 0.01)
            for name in self._ensembles
        }
        # A synapse alone may err by less than the least bit is worth before an answer turns; and
        # a hundredth of its weight is a step, so that a scaled ensemble stays on the steps: a
        # browser rounds what a kernel sets to them and sends it back.
        weights = self._start.weights.tolist()
        places = [(name, bit) for name in "ab" for bit in reversed(range(bits))]
        least = min(abs(weight) for weight in weights)
        self.sliders = [
            _slider(
                f"{name} bit {bit}", f"weight of bit {bit} of {name}", weight,
                max(4 * least, abs(weight) / 2), abs(weight) / 100,
            )
            for weight, (name, bit) in zip(weights, places, strict=True)
        ]  # fmt: skip
        for slider in self.sliders:
            on_move(slider, lambda _: self._draw())
        for name, slider in self.scales.items():
            on_move(slider, partial(self._scaled, name))
        self.reset = widgets.Button(description="reset", tooltip="back to the weights of the start")
        self.reset.on_click(self._back)
        self.image = widgets.Image(format="png", width=SHOWN)
        self.label = widgets.Label()
        columns = [
            widgets.VBox([self.scales[name], *(self.sliders[k] for k in synapses)])
            for name, synapses in self._ensembles.items()
        ]
        lower = widgets.HBox([self.label, self.reset])
        super().__init__([widgets.HBox([self.image, *columns]), lower])
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
        slider, what = self.sliders[synapse], f"weight of synapse {synapse}"
        if not isinstance(weight, (int, float, np.number)) or not np.isfinite(weight):
            return self._say(f"{what} cannot be {weight!r}: give a number")
        if not slider.min <= weight <= slider.max:
            return self._say(f"{what} can be {slider.min:g} to {slider.max:g}, not {weight:g}")
        slider.value = float(weight)
        self._draw()  # even if nothing moved, to clear what was said before

    def _say(self, problem):
        self._said = f"; not moved: {problem}"
        self.label.value = self.reading

    def _scaled(self, name, factor):
        for synapse in self._ensembles[name]:
            show(self.sliders[synapse], factor * self._start.weights[synapse])
        self._draw()

    def _back(self, _):
        for name, slider in self.scales.items():
            show(slider, 1.0)
            self._scaled(name, 1.0)

    def _draw(self):
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


def _slider(name, tooltip, value, reach, step):
    """Return a slider that reaches equally far to both sides of a value."""
    return control(
        widgets.FloatSlider, name, tooltip, 256,
        min=value - reach, max=value + reach, value=value, step=step,
        readout_format=".3f", style={"description_width": "75px"},
    )  # fmt: skip

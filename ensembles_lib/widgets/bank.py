"""A bank of sliders, one for each of a few synapses."""

from functools import partial

import ipywidgets as widgets
import numpy as np

from .controls import ToldSteps, on_move, show, two_columns

MOST = 24  # sliders: more would take seconds to appear
STEPS = 100  # of a slider, to either side of the start


class SliderBank(widgets.HBox):
    """Sliders for the weights of some synapses, in two columns, with their weights beside them.

    The sliders are made once and given to other synapses when others are shown. They count
    steps from the weights of the network `start`, so that all have the same range for good: a
    browser sends values back when it is given a new one. `half` are working ranges (S,);
    `moved(synapse, weight)` is called, and `say(words)` for a value beyond the ends.
    """

    def __init__(self, start, half, moved, say):
        self._wiring, self._start = start.wiring, start.weights
        self._half, self._moved = half, moved
        self._weights, self.synapses, self._reach = start.weights, [], 3.0
        shape = widgets.Layout(width="336px", height="28px", margin="0")
        narrow = widgets.Layout(width="68px", height="28px", margin="0")
        look = widgets.SliderStyle(description_width="118px")
        ends = {"min": -STEPS, "max": STEPS, "readout": False}
        self._pool = [ToldSteps(say, layout=shape, style=look, **ends) for _ in range(MOST)]
        self._labels = [widgets.Label(layout=narrow) for _ in range(MOST)]
        self._pairs = [widgets.HBox(pair) for pair in zip(self._pool, self._labels, strict=True)]
        for number, slider in enumerate(self._pool):
            on_move(slider, partial(self._slid, number))
        self._columns = two_columns(self._pairs)
        super().__init__([self._columns])

    @property
    def sliders(self):
        """The sliders in use, as {synapse: slider}."""
        return dict(zip(self.synapses, self._pool, strict=False))

    def show(self, synapses, weights):
        """Show sliders for at most 24 synapses."""
        self.synapses = [int(k) for k in synapses][:MOST]
        for synapse, slider in self.sliders.items():
            owner, heard = self._wiring.neuron_of(synapse), source_name(self._wiring, synapse)
            slider.description = f"{synapse}: {heard} → {owner}"
            slider.tooltip = f"weight of synapse {synapse}, from {heard} to neuron {owner}"
        self.update(weights)
        self._columns.children = self._pairs[: len(self.synapses)]

    def set_reach(self, reach):
        """Let the sliders go this many working ranges to either side of the start."""
        self._reach = reach
        self.update(self._weights)

    def update(self, weights):
        """Put the sliders to these weights, each to the nearest step."""
        self._weights = weights
        for (synapse, slider), label in zip(self.sliders.items(), self._labels, strict=False):
            away = (weights[synapse] - self._start[synapse]) / self._step(synapse)
            show(slider, int(np.rint(away.clip(-STEPS, STEPS))))
            label.value = f"{weights[synapse]:.{self._digits(synapse)}f}"

    def _step(self, synapse):
        return self._reach * self._half[synapse] / STEPS

    def _digits(self, synapse):
        return int(max(1, 1 - np.floor(np.log10(self._step(synapse)))))

    def _slid(self, number, steps):
        synapse = self.synapses[number]
        weight = self._start[synapse] + steps * self._step(synapse)
        # The start exactly, and else no more digits than there are steps.
        self._moved(synapse, round(weight, self._digits(synapse)) if steps else weight)


def source_name(wiring, synapse):
    """Return the name of what a synapse listens to: x, y, d, const, or the number of a neuron."""
    names = [*"xyd"[: wiring.n_inputs - 1], "const", *map(str, range(wiring.n_neurons))]
    return names[wiring.source[synapse]]

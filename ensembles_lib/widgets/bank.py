"""A bank of sliders, one for each of a few synapses."""

import ipywidgets as widgets
import numpy as np

from .told import ToldSteps
from .turns import take_turns

MOST = 24  # sliders: more would take seconds to appear
STEPS = 100  # of a slider, to either side of the start


class SliderBank(widgets.HBox):
    """Sliders for the weights of some synapses, in two columns, with their weights beside them.

    The sliders are made once and given to other synapses when others are shown. They count
    steps from the start, so that all have the same range for good: a browser sends values back
    when it is given a new one.

    Parameters
    ----------
    wiring : Wiring
    start : (S,) array
        Weights of the start, in the middle of the sliders.
    half : (S,) array
        Working ranges: half their width.
    moved : callable
        Is called with synapse and weight when a slider was moved.
    refused : callable
        Is called with a sentence when a slider was given a value beyond its ends.
    """

    def __init__(self, wiring, start, half, moved, refused):
        self._wiring, self._start, self._half = wiring, start, half
        self._moved, self._showing, self._weights = moved, False, start
        self.synapses, self._reach = [], 3.0
        shape = widgets.Layout(width="336px", height="28px", margin="0")
        narrow = widgets.Layout(width="68px", height="28px", margin="0")
        look = widgets.SliderStyle(description_width="118px")
        ends = {"min": -STEPS, "max": STEPS, "readout": False}
        self._pool = [ToldSteps(refused, layout=shape, style=look, **ends) for _ in range(MOST)]
        self._labels = [widgets.Label(layout=narrow) for _ in range(MOST)]
        self._pairs = [widgets.HBox(pair) for pair in zip(self._pool, self._labels, strict=True)]
        for number, slider in enumerate(self._pool):
            slider.observe(lambda c, number=number: self._slid(number, c["new"]), "value")
        self._columns = [widgets.VBox(), widgets.VBox()]
        super().__init__(self._columns)
        take_turns(*self._pool)

    @property
    def sliders(self):
        """The sliders in use, as {synapse: slider}."""
        return dict(zip(self.synapses, self._pool, strict=False))

    @property
    def dragged(self):
        """Is a slider being moved by a browser, rather than by Python?"""
        return any(slider.dragged for slider in self._pool)

    def show(self, synapses, weights):
        """Show sliders for at most 24 synapses."""
        self.synapses = [int(k) for k in synapses][:MOST]
        for synapse, slider in self.sliders.items():
            owner, heard = self._wiring.neuron_of(synapse), source_name(self._wiring, synapse)
            slider.description = f"{synapse}: {heard} → {owner}"
            slider.tooltip = f"weight of synapse {synapse}, from {heard} to neuron {owner}"
        self.update(weights)
        used = self._pairs[: len(self.synapses)]
        middle = (len(used) + 1) // 2
        self._columns[0].children, self._columns[1].children = used[:middle], used[middle:]

    def set_reach(self, reach):
        """Let the sliders go this many working ranges to either side of the start."""
        self._reach = reach
        self.update(self._weights)

    def update(self, weights):
        """Put the sliders to these weights."""
        self._showing, self._weights = True, weights
        for synapse, slider, label in zip(self.synapses, self._pool, self._labels, strict=False):
            slider.value = self._shown(synapse)
            label.value = f"{weights[synapse]:.{self._digits(synapse)}f}"
        self._showing = False

    def _step(self, synapse):
        return self._reach * self._half[synapse] / STEPS

    def _digits(self, synapse):
        return int(max(1, 1 - np.floor(np.log10(self._step(synapse)))))

    def _shown(self, synapse):
        """Return the step nearest to the weight; the last one, if it lies beyond."""
        away = (self._weights[synapse] - self._start[synapse]) / self._step(synapse)
        return int(np.rint(away.clip(-STEPS, STEPS)))

    def _slid(self, number, steps):
        if self._showing or number >= len(self.synapses):
            return
        synapse = self.synapses[number]
        if steps == self._shown(synapse):
            return  # the browser's echo of a weight between two steps
        weight = self._start[synapse] + steps * self._step(synapse)
        # The start exactly, and else no more digits than there are steps.
        self._moved(synapse, round(weight, self._digits(synapse)) if steps else weight)


def source_name(wiring, synapse):
    """Return the name of what a synapse listens to: x, y, 1, or the number of a neuron."""
    source = int(wiring.source[synapse])
    if source < wiring.n_inputs:
        names = {3: ("x", "y", "1"), 4: ("x", "y", "d", "1")}.get(wiring.n_inputs)
        return names[source] if names else f"input {source}"
    return str(source - wiring.n_inputs)

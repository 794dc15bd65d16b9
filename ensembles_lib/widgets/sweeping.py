"""One synapse at a time, dragged through its working range and beyond."""

import ipywidgets as widgets
import numpy as np
from traitlets import Float, HasTraits, validate

from ..core.picture import rmse
from ..plots import change_picture
from ..sweeps.ranges import working_ranges
from .parts import image_of
from .told import Told, ToldSteps
from .turns import take_turns

STEPS = 200  # of the slider, from its middle to either end


class SynapseSweeper(widgets.VBox):
    """A slider for any synapse of a network, with the picture that it paints and its change map.

    The slider's middle is the synapse's own weight, and it reaches as many working ranges to
    either side as was chosen, in two hundred steps. One synapse is moved at a time: choosing
    another puts the first one back.

    The slider itself counts steps, so that its range stays for good: a browser that is given a
    new range sends values back, maybe when another synapse has been chosen.

    Parameters
    ----------
    network : Network
        One that paints.
    ranges : WorkingRange, optional
        Of all its synapses, such as an atlas has; found anew unless given.
    target : Picture, optional
        What was to be painted: the reading then tells the error.
    size : int
        Of the picture.

    Attributes
    ----------
    synapse, reach : widgets
    weight : HasTraits
        Its `value` moves the synapse from Python, to the nearest step between `min` and `max`.
    slider : widget

    Examples
    --------
    >>> sweeper = SynapseSweeper(network, size=16)
    >>> sweeper.reading
    'synapse 0, from x to neuron 0; at its own weight; change 0.000'
    """

    REACHES = (1.5, 5.0, 30.0)  # in working ranges, the longer side of each

    def __init__(self, network, ranges=None, target=None, size=128):
        network.check_paints()
        self._start, self._size = network, size
        self._ranges = working_ranges(network, 64) if ranges is None else ranges
        if np.shape(self._ranges.low) != network.weights.shape:
            raise ValueError(
                f"ranges of {np.size(self._ranges.low)} synapses for a network of "
                f"{network.wiring.n_synapses}: give working_ranges(network)"
            )
        self._target = None if target is None else target.resized((size, size))
        self._still = network.paint(size, dtype=np.float32)
        self._note, self._setting = "", False
        self.synapse = _ToldInt(
            self._refuse,
            value=0,
            min=0,
            max=network.wiring.n_synapses - 1,
            description="synapse",
            tooltip="number of the synapse; the arrow keys go to the next",
            layout=widgets.Layout(width="180px"),
        )
        self.reach = widgets.Dropdown(
            options=[(f"{reach:g} working ranges", reach) for reach in self.REACHES],
            description="reach",
            tooltip="how far the slider goes to either side",
            layout=widgets.Layout(width="260px"),
        )
        self.weight = _Weight(self._refuse)
        self.slider = ToldSteps(
            self._refuse,
            min=-STEPS,
            max=STEPS,
            readout=False,
            description="weight",
            tooltip="weight of the synapse; the middle is what it was trained to",
            layout=widgets.Layout(width="510px"),
        )
        self._number = widgets.Label(layout=widgets.Layout(width="70px"))
        self.reset = widgets.Button(description="reset", tooltip="back to the trained weight")
        self.image, self.map = image_of(self._still), image_of(self._still)
        self.label = widgets.HTML()
        for control in (self.synapse, self.reach):
            control.observe(self._chosen, "value")
        self.weight.observe(self._moved, "value")
        self.slider.observe(self._slid, "value")
        self.reset.on_click(lambda _: self._chosen())
        self._chosen()
        chooser = widgets.HBox([self.synapse, self.reach, self.reset])
        pictures = widgets.HBox([self.image, self.map])
        mover = widgets.HBox([self.slider, self._number])
        super().__init__([pictures, chooser, mover, self.label])
        take_turns(self)

    @property
    def network(self):
        """The network as it is shown."""
        synapse, value = self.synapse.value, self.weight.value
        # The nearest step to its own weight may differ from it in the last digit.
        if abs(value - self._start.weights[synapse]) < self.weight.step / 1000:
            return self._start
        return self._start.with_weight(synapse, value)

    @property
    def reading(self):
        """The words below the slider."""
        return self.label.value

    def _chosen(self, _=None):
        """Lay the slider around the weight of the synapse, by the reach."""
        own = float(self._start.weights[self.synapse.value])
        reach = self.reach.value * (self._longer() or 1.0)
        weight, self._setting = self.weight, True
        weight.min, weight.max = own - reach, own + reach
        weight.step, weight.middle = reach / STEPS, own
        weight.value = own
        self._setting = False
        self._moved()

    def _longer(self):
        """Return the longer side of the working range, 0 if the synapse moves nothing."""
        sides = [side[self.synapse.value] for side in (self._ranges.low, self._ranges.high)]
        return float(max((side for side in sides if np.isfinite(side)), default=0.0))

    def _slid(self, change):
        weight = self.weight
        weight.value = weight.middle + change["new"] * weight.step

    def _moved(self, _=None):
        if self._setting:
            return
        weight, self._note = self.weight, ""
        self.slider.value = round((weight.value - weight.middle) / weight.step)
        self._number.value = f"{weight.value:+.4f}"
        painted = self.network.paint(self._size, dtype=np.float32)
        self._change = painted.pixels - self._still.pixels
        self._painted = painted
        self.image.value = painted.to_png()
        self.map.value = change_picture(self._change).to_png()
        self._tell()

    def _refuse(self, words):
        self._note = words
        self._tell()

    def _tell(self):
        synapse, wiring = self.synapse.value, self._start.wiring
        source = int(wiring.source[synapse])
        names = ("x", "y", *(["d"] if wiring.n_inputs == 4 else []), "the constant 1")
        source = names[source] if source < len(names) else f"neuron {source - len(names)}"
        by = float(self.network.weights[synapse] - self._start.weights[synapse])
        words = [self._note] if self._note else []
        words.append(f"synapse {synapse}, from {source} to neuron {wiring.neuron_of(synapse)}")
        words.append(f"moved by {by:+.4f}, {self._share(by)}" if by else "at its own weight")
        words.append(f"change {np.sqrt(np.mean(self._change.astype(float) ** 2)):.3f}")
        if self._target is not None:
            words.append(f"RMSE {rmse(self._painted, self._target):.3f}")
        self.label.value = "; ".join(words)

    def _share(self, by):
        """Say what part of its working range a move is."""
        side = self._ranges.high if by > 0 else self._ranges.low
        side = float(side[self.synapse.value])
        if not np.isfinite(side):
            return "its working range is unbounded to this side"
        if abs(by) <= side:
            return f"{abs(by) / side:.0%} of its working range to this side"
        return f"beyond its working range: {abs(by) / side:.2f} times as far"

    def __repr__(self):
        return f"SynapseSweeper({self._start.wiring.n_synapses} synapses)"


class _Told(Told):
    ENDS = "it goes from {:g} to {:g} here"


class _Weight(_Told, HasTraits):
    """A weight on the nearest of its steps, counted from the middle."""

    description = "weight"
    value, min, max, step, middle = Float(), Float(), Float(), Float(1.0), Float()

    @validate("value")
    def _validate_value(self, proposal):
        value = super()._validate_value(proposal)
        return float(self.middle + np.round((value - self.middle) / self.step) * self.step)


class _ToldInt(_Told, widgets.BoundedIntText):
    pass

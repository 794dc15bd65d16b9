"""One synapse at a time, dragged through its working range and beyond."""

import ipywidgets as widgets
import numpy as np

from ..core import Network, Picture, rmse
from ..sweeps.ranges import working_ranges
from .controls import ChangedPicture, Told, ToldSteps, control, on_move, show
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
    ranges : WorkingRange, optional
        Of all its synapses, such as an atlas has; found anew unless given.
    target : Picture, optional
        What was to be painted: the reading then tells the error.
    size
        Of the picture.

    Attributes
    ----------
    synapse, reach, slider : widgets

    Examples
    --------
    >>> sweeper = SynapseSweeper(network, size=16)
    >>> sweeper.reading
    'synapse 0, from x to neuron 0; at its own weight; change 0.000'
    """

    REACHES = (1.5, 5.0, 30.0)  # in working ranges, the longer side of each

    def __init__(self, network: Network, ranges=None, target=None, size: int = 128):
        network.check_paints()
        self._start, self._note = network, ""
        self._ranges = working_ranges(network, 64) if ranges is None else ranges
        if np.shape(self._ranges.low) != network.weights.shape:
            raise ValueError(
                f"ranges of {np.size(self._ranges.low)} synapses for a network of "
                f"{network.wiring.n_synapses}: give working_ranges(network)"
            )
        self._target = None if target is None else Picture.open(target, (size, size))
        self.synapse = control(
            _ToldInt, "synapse", "number of the synapse; the arrow keys go to the next", 180,
            refused=self._refuse, min=0, max=network.wiring.n_synapses - 1,
        )  # fmt: skip
        reaches = [(f"{reach:g} working ranges", reach) for reach in self.REACHES]
        tip = "how far the slider goes to either side"
        self.reach = control(widgets.Dropdown, "reach", tip, 260, options=reaches)
        tip = "weight of the synapse; the middle is what it was trained to"
        self.slider = control(
            ToldSteps, "weight", tip, 510,
            refused=self._refuse, min=-STEPS, max=STEPS, readout=False,
        )  # fmt: skip
        self._number = widgets.Label(layout=widgets.Layout(width="70px"))
        self.reset = widgets.Button(description="reset", tooltip="back to the trained weight")
        self._pictures, self.label = ChangedPicture(network, size), widgets.HTML()
        self.image, self.map = self._pictures.children
        for chooser in (self.synapse, self.reach):
            on_move(chooser, self._chosen)
        on_move(self.slider, self._moved)
        self.reset.on_click(self._chosen)
        self._chosen()
        chooser = widgets.HBox([self.synapse, self.reach, self.reset])
        mover = widgets.HBox([self.slider, self._number])
        super().__init__([self._pictures, chooser, mover, self.label])
        take_turns(self)

    @property
    def far(self):
        """How far the slider goes to either side of the synapse's own weight."""
        synapse = self.synapse.value
        # The longer side of the working range; a synapse that moves nothing has none.
        sides = np.array([self._ranges.low[synapse], self._ranges.high[synapse]])
        return self.reach.value * float(sides[np.isfinite(sides)].max(initial=0.0) or 1.0)

    @property
    def network(self):
        """The network as it is shown."""
        if not self.slider.value:
            return self._start
        synapse, by = self.synapse.value, self.slider.value * (self.far / STEPS)
        return self._start.with_weight(synapse, self._start.weights[synapse] + by)

    @property
    def reading(self):
        """The words below the slider."""
        return self.label.value

    def move(self, weight):
        """Move the synapse to the step nearest to a weight; beyond the ends this is refused."""
        own, far = self._start.weights[self.synapse.value], self.far
        if not own - far <= weight <= own + far:
            ends = f"it goes from {own - far:g} to {own + far:g} here"
            return self._refuse(f"weight cannot be {weight:g}: {ends}")
        show(self.slider, round((weight - own) / (far / STEPS)))
        self._moved()

    def _chosen(self, _=None):
        show(self.slider, 0)
        self._moved()

    def _moved(self, _=None):
        network, self._note = self.network, ""
        self._number.value = f"{network.weights[self.synapse.value]:+.4f}"
        self._pictures.show(network)
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
        words.append(f"change {self._pictures.change:.3f}")
        if self._target is not None:
            words.append(f"RMSE {rmse(self._pictures.painted, self._target):.3f}")
        self.label.value = "; ".join(words)

    def _share(self, by):
        """Say what part of its working range a move is."""
        side = float((self._ranges.high if by > 0 else self._ranges.low)[self.synapse.value])
        if not np.isfinite(side):
            return "its working range is unbounded to this side"
        if abs(by) <= side:
            return f"{abs(by) / side:.0%} of its working range to this side"
        return f"beyond its working range: {abs(by) / side:.2f} times as far"

    def __repr__(self):
        return f"SynapseSweeper({self._start.wiring.n_synapses} synapses)"


class _ToldInt(Told, widgets.BoundedIntText):
    ENDS = "it goes from {:g} to {:g} here"

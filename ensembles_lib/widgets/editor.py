"""The workbench: every weight, region, ensemble and property of a network in one place."""

import functools
import html
import time

import ipywidgets as widgets
import numpy as np

from ..core import Network
from ..core.points import fit
from ..ensembles import linear_ranges
from .bank import SliderBank
from .edits import Edits
from .panels import NONE, ButtonBar, FilesPanel, RegionPanel, WeightsPanel
from .property_bank import PropertyBank
from .turns import Follower, answering, take_turns
from .views import Views

FARTHEST = 100.0  # working ranges that a weight may go from its start
APART = 1.0  # seconds without motion of a slider after which the next one counts as another edit


def said(method):
    """Let an editor say in its message line what a method refuses."""

    @functools.wraps(method)
    def saying(self, *arguments, **options):
        try:
            method(self, *arguments, **options)
        except (ValueError, IndexError, OSError) as error:
            self.say(str(error))

    return saying


class WeightEditor(widgets.VBox):
    """A network's picture, painted anew while its weights are edited.

    All that the mouse can do the keyboard and Python can do, too. What cannot be done is said
    in the message line, and the network stays as it was.

    Parameters
    ----------
    picture : Picture, optional
        The target.
    properties : sequence of Property, optional
        To be read and moved, on pictures of `property_size`.
    regions : (numbers, names), optional
        Named regions of the picture as it is shown, from `open_regions`.
    half : (S,) array, optional
        Working ranges: half their width; a linear estimate unless given.
    ensembles : dict of str to sequence of int, optional
        Sets of synapses to choose from; those that hold 90 % of each property come on top.
    size : int
        Longer side of what is shown, in the shape of the target, or a square.
    property_size : int or (height, width)
        Of the picture that properties are measured on.

    Attributes
    ----------
    edits : Edits
        What was done, and the weights as they are.

    Examples
    --------
    >>> editor = WeightEditor(network, size=16)
    >>> editor.move(5, 0.5)
    >>> float(editor.network.weights[5])
    0.5
    """

    def __init__(
        self, network: Network, picture=None, properties=None, regions=None, half=None,
        ensembles=None, size=128, property_size=96,
    ):  # fmt: skip
        network.check_paints()
        self._note, self._neuron, self._slid_at = "", 0, -np.inf
        self._follower = Follower(self._follow)
        half = linear_ranges(network, property_size) if half is None else np.asarray(half, float)
        # A dead synapse may go anywhere; its slider has to end somewhere.
        self.half = np.where(np.isfinite(half) & (half > 0), half, 1.0).clip(1e-6, 2.0)
        self.edits = Edits(network, FARTHEST * self.half)
        shape = fit(size, (1, 1) if picture is None else picture.size)
        target = None if picture is None else picture.resized(shape)
        self.row = Views(network, shape, target, self._painted)
        self.ensembles, self.properties = dict(ensembles or {}), None
        if properties:
            self.properties = PropertyBank(
                network, properties, property_size, np.float32, self.half, self._moved, self.say
            )
            self.ensembles |= self.properties.ensembles
        self.bank = SliderBank(network, self.half, self._slid, self.say)
        self.choose = WeightsPanel(self)
        self.region = RegionPanel(self, regions, shape, self._show_picture)
        self.files = FilesPanel(self)
        self.message = widgets.HTML()
        panels = {"weights": [self.choose, self.bank], "region": [self.region, self.bank]}
        if self.properties is not None:
            panels["properties"] = [self.properties]
        self.bar = ButtonBar(self, panels | {"files": [self.files]})
        self.bar.panel.observe(lambda _: self._open(), "value")
        self.bar.before.observe(lambda _: self._show_picture(), "value")
        super().__init__([self.row, self.message, self.bar, self.bar.below])
        self.add_class("painted-canvas-root")
        take_turns(self, self.region, self.files)
        self.say("")
        self.show_neuron(0)
        self._draw()

    @property
    def network(self):
        """The network as it is now."""
        return self.edits.network

    @property
    def picture(self):
        """The picture as it is now, at the size of the editor."""
        return self.row.picture()

    @property
    def reading(self):
        """The message line and the numbers of the whole picture, in words."""
        count = len(self.edits.changed)
        words = f"{self.row.reading}; {count} weight{'' if count == 1 else 's'} moved"
        return f"{self._note}; {words}" if self._note else words

    def say(self, words):
        """Say something in the message line; it stands there until the next edit."""
        self._note = words
        self.message.value = f'<div role="status">{html.escape(words)}&nbsp;</div>'

    def move(self, synapse, weight):
        """Give a synapse a weight, up to 100 working ranges from its start."""
        self.apply(f"synapse {synapse}", {synapse: weight})

    @said
    def move_property(self, name, amount):
        """Move a property by some of its scales, in the way that is chosen beside its slider."""
        if self.properties is None:
            raise ValueError("no properties were given: there is nothing to move")
        self.properties.move(name, amount)

    @said
    def show_neuron(self, neuron, synapse=None):
        """Show the sliders of a neuron's synapses, and its map."""
        owned = self.network.wiring.synapses_of(neuron)
        self._neuron, self.bar.panel.value = neuron, "weights"
        text = "" if synapse is None else str(synapse)
        self.choose.show(neuron=neuron, ensemble=NONE, synapse=text, weight="")
        self.show_synapses(owned)

    @said
    def show_synapse(self, synapse):
        """Show the sliders of the neuron that a synapse leads to, and take it for `weight`."""
        self.show_neuron(self.network.wiring.neuron_of(synapse), synapse)
        self.choose.show(weight=f"{self.edits.weights[synapse]:.6g}")

    @said
    def show_ensemble(self, name):
        """Show the sliders of an ensemble's synapses, at most 24, in its order."""
        if name not in self.ensembles:
            known = ", ".join(self.ensembles) or "none"
            raise ValueError(f"there is no ensemble {name!r}: there are {known}")
        self.bar.panel.value = "weights"
        self.choose.show(ensemble=name)
        self.show_synapses(self.ensembles[name])

    def show_synapses(self, synapses):
        """Show the sliders of some synapses, at most 24."""
        self.bank.show(synapses, self.edits.weights)
        self.row.show_maps(self._neuron)

    @said
    def show_region(self, region):
        """Show the synapses that move a region most: a name, or a mask (H, W) of bool."""
        self.bar.panel.value = "region"
        if isinstance(region, str):
            self.region.choose(region)
        else:
            self.region.take(np.asarray(region))

    def undo(self):
        """Take the last edit back."""
        name = self.edits.undo()
        self._redraw(f"took back: {name}" if name else "there is nothing to take back")

    def redo(self):
        """Do again what was taken back last."""
        name = self.edits.redo()
        self._redraw(f"did again: {name}" if name else "there is nothing to do again")

    def reset(self):
        """Go back to the weights of the start; that can be undone."""
        self.edits.reset()
        self._redraw("back at the start")

    def load_log(self, path):
        """Play a log of edits again from the start; an error if it is not for this network."""
        self.edits = Edits.load(path, self.edits.start, self.edits.farthest)
        self._redraw(f"{len(self.edits)} edits played again")

    @said
    def apply(self, name, weights, merge=False):
        """Make an edit, as `Edits.apply` does; what cannot be is said in the message line."""
        self.edits.apply(name, weights, merge)
        self._redraw("")

    def _slid(self, synapse, weight):
        self.apply(f"synapse {synapse}", {synapse: weight}, self._goes_on())

    def _moved(self, name, weights):
        self.edits.apply(name, weights, self._goes_on())
        self._draw()

    def _goes_on(self):
        """Return whether a slider was moved less than `APART` ago, too."""
        before, self._slid_at = self._slid_at, time.monotonic()
        return self._slid_at - before < APART

    def _redraw(self, words):
        """Draw what was not done by a property slider: those start anew from here."""
        self.say(words)
        if self.properties is not None:
            self.properties.settle(self.edits.weights)
        self._draw()

    def _painted(self, points, ended):
        self.bar.panel.value = "region"
        self.region.paint(points, ended)

    def _open(self):
        if self.bar.panel.value == "files":
            self.files.show()
        self._show_picture()

    def _show_picture(self, passing=False):
        outline = self.region.mask if self.bar.panel.value == "region" else None
        self.row.canvas.show(self.row.picture(outline, self.bar.before.value), passing)

    def _draw(self):
        """Paint the network as it is; for a browser the rest follows in a pause."""
        self.row.run(self.network)
        self.bank.update(self.edits.weights)
        if answering():
            self._show_picture(passing=True)
            self._follower.soon()
        else:
            self._follower.now()

    def _follow(self):
        """Show what takes longer: the picture for good, maps, and all that is read off."""
        self._open()
        self.row.show_maps(self._neuron)
        self.row.show_readings(self.properties.read(self.edits.weights) if self.properties else [])

    def __repr__(self):
        count = len(self.edits.changed)
        return f"WeightEditor({self.edits.start!r}, {count} weights moved)"

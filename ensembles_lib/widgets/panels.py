"""Panels of the editor that choose: synapses of a neuron or an ensemble, a region."""

import ipywidgets as widgets
import numpy as np

from ..ensembles.moved_regions import moved_by_region
from .canvas import brush_mask
from .turns import take_turns

NONE = "–"
RANKED = 12  # synapses that are listed for a region


def control(kind, description, tooltip, width="270px", **options):
    """Return a control with a name, a tooltip and a width."""
    layout = widgets.Layout(width=width)
    return kind(description=description, tooltip=tooltip, layout=layout, **options)


class WeightsPanel(widgets.VBox):
    """Chooses synapses: those of a neuron, of an ensemble, or the one with a number.

    Parameters
    ----------
    editor : WeightEditor
        Its `show_neuron`, `show_ensemble`, `move` and `say` are called.
    """

    def __init__(self, editor):
        self._editor, self._showing = editor, False
        wiring = editor.edits.start.wiring
        neurons = [
            (f"{j}: synapses {owned[0]} to {owned[-1]}", j)
            for j, owned in ((j, wiring.synapses_of(j)) for j in range(wiring.n_neurons))
        ]
        reaches = [(f"{r} × working range", float(r)) for r in (1, 3, 10, 100)]
        menu = widgets.Dropdown
        self.neuron = control(menu, "neuron", "show its synapses and its map", options=neurons)
        self.ensemble = control(
            menu, "ensemble", "show the synapses of it", options=[NONE, *editor.ensembles]
        )
        self.reach = control(
            menu, "reach", "how far the sliders go from the start", options=reaches, value=3.0
        )
        typed = {"continuous_update": False, "width": "200px"}
        self.synapse = control(widgets.Text, "synapse", "number of a synapse to show", **typed)
        self.weight = control(widgets.Text, "weight", "exact weight of this synapse", **typed)
        self.neuron.observe(lambda c: self._unless(editor.show_neuron, c["new"]), "value")
        self.ensemble.observe(lambda c: self._unless(self._show_ensemble, c["new"]), "value")
        self.reach.observe(lambda c: editor.bank.set_reach(c["new"]), "value")
        self.synapse.observe(lambda c: self._unless(self._typed_synapse, c["new"]), "value")
        self.weight.observe(lambda c: self._unless(self._typed_weight, c["new"]), "value")
        upper = widgets.HBox([self.neuron, self.ensemble, self.reach])
        super().__init__([upper, widgets.HBox([self.synapse, self.weight])])
        take_turns(self)

    def show(self, **values):
        """Set controls to values without doing what they do."""
        self._showing = True
        for name, value in values.items():
            getattr(self, name).value = value
        self._showing = False

    def _unless(self, do, value):
        if not self._showing:
            do(value)

    def _show_ensemble(self, name):
        if name != NONE:
            self._editor.show_ensemble(name)

    def _typed_synapse(self, text):
        number = int(text) if text.isascii() and text.isdigit() else text
        self._editor.show_synapse(number)

    def _typed_weight(self, text):
        synapse = self.synapse.value
        if not synapse.isdigit():
            return self._editor.say("give the number of a synapse first")
        try:
            weight = float(text.replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            return self._editor.say(f"weight {text!r} is not a number")
        self._editor.move(int(synapse), weight)


class RegionPanel(widgets.VBox):
    """Chooses a region of the picture: by name, by a round window, or painted by the mouse.

    Parameters
    ----------
    editor : WeightEditor
        Its `show_synapses` and `say` are called.
    regions : (numbers, names) or None
        Named regions at the size of the picture.
    size : (height, width)
    chosen : callable
        Is called when there is another region, or none.

    Attributes
    ----------
    mask : (H, W) bool array or None
        The region.
    """

    def __init__(self, editor, regions, size, chosen):
        self._editor, self._size, self._chosen = editor, size, chosen
        self.mask, self._showing = None, False
        self._numbers, names = regions or (None, [])
        if names and self._numbers.shape != tuple(size):
            raise ValueError(f"regions of shape {self._numbers.shape}: give them at {size}")
        parts = dict.fromkeys(name.split("/")[0] for name in names)
        options = [NONE, *parts, *(name for name in names if "/" in name)]
        self._names = names
        self.element = control(
            widgets.Dropdown, "element", "a named region of the picture", options=options
        )
        window = {"min": -1.0, "max": 1.0, "step": 0.02, "readout_format": "+.2f"}
        self.x = control(widgets.FloatSlider, "x", "place of the round window, x", **window)
        self.y = control(widgets.FloatSlider, "y", "place of the round window, y", **window)
        self.radius = control(
            widgets.FloatSlider, "radius", "radius of the round window, and of the brush"
        )
        self.radius.min, self.radius.max, self.radius.step = 0.02, 0.6, 0.02
        self.radius.value = 0.1
        self._window = self._read()
        self.element.observe(self._named, "value")
        for slider in (self.x, self.y, self.radius):
            slider.observe(self._windowed, "value")
        hint = "Click or paint on the picture, or choose here; below are the synapses that move it."
        first = [self.element] if names else []
        super().__init__(
            [
                widgets.HBox([*first, widgets.Label(hint)]),
                widgets.HBox([self.x, self.y, self.radius]),
            ]
        )
        take_turns(self)

    def paint(self, points, ended):
        """Take the region that a stroke through points covers; rank synapses when it ended."""
        self._show(element=NONE, x=points[-1][0], y=points[-1][1])
        self.take(brush_mask(points, self.radius.value, self._size), ended)

    def choose(self, name):
        """Take a named region; raises a ValueError if there is none of this name."""
        if name not in self.element.options:
            known = ", ".join(self.element.options[1:8]) or "none"
            raise ValueError(f"there is no region {name!r}: there are {known} …")
        self.element.value = name

    def take(self, mask, rank=True):
        """Take a region (H, W) of bool, or None; show the synapses that move it most if `rank`."""
        self.mask = mask
        if mask is not None and rank:
            editor = self._editor
            try:
                ranked = moved_by_region(editor.network, mask, editor.half).movers[:RANKED]
            except ValueError as error:
                self.mask = None
                editor.say(str(error))
            else:
                editor.say(f"moved most by synapses {', '.join(map(str, ranked))}")
                editor.show_synapses(ranked)
        self._chosen(passing=not rank)

    def _show(self, **values):
        self._showing = True
        for name, value in values.items():
            where = getattr(self, name)
            where.value = value if isinstance(value, str) else round(value / 0.02) * 0.02
        self._window, self._showing = self._read(), False

    def _read(self):
        return [round(slider.value, 3) for slider in (self.x, self.y, self.radius)]

    def _named(self, change):
        if self._showing:
            return
        if change["new"] == NONE:
            return self.take(None)
        starts = change["new"]
        fits = [n == starts or n.startswith(f"{starts}/") for n in self._names]
        self.take(np.isin(self._numbers, np.flatnonzero(fits)))

    def _windowed(self, _):
        # A browser sends back what it was given, but for rounding: that is no choice.
        if not self._showing and self._read() != self._window:
            self._show(element=NONE)
            point = np.array([[self.x.value, self.y.value]])
            self.take(brush_mask(point, self.radius.value, self._size))

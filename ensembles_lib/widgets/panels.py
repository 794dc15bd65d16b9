"""Panels of the editor: which synapses or region, what to undo, and files."""

import html
from functools import partial
from pathlib import Path

import ipywidgets as widgets
import numpy as np

from ..core import Network
from ..ensembles import moved_by_region
from .canvas import brush_mask
from .controls import control, on_move, show
from .edits import wiring_name

NONE = "–"
RANKED = 12  # synapses that are listed for a region
STEP = 0.02  # of the sliders of a window
ENDINGS = {"log": ".json", "weights": ".npz", "picture": ".png"}
BACK = {
    "undo": "take the last edit back",
    "redo": "do the edit again that was taken back",
    "reset": "back to the weights of the start",
}
ACTIONS = {
    "save log": "write the log of edits, name.json",
    "load log": "play the log name.json again from the start",
    "save weights": "write the weights, name.npz",
    "load weights": "take the weights of name.npz, for the same wiring",
    "save picture": "write the picture, name.png",
}


class ButtonBar(widgets.HBox):
    """Undo, redo, reset, a look back, and the choice of a panel, which `below` then holds."""

    def __init__(self, editor, panels):
        self.panel = widgets.ToggleButtons(
            options=list(panels),
            tooltips=[f"show the panel of {name}" for name in panels],
            style={"button_width": "92px"},
        )
        self.buttons = {name: control(widgets.Button, name, tip, 76) for name, tip in BACK.items()}
        for name, button in self.buttons.items():
            button.on_click(lambda _, name=name: getattr(editor, name)())
        tip = "show the picture of the start"
        self.before = control(widgets.ToggleButton, "start", tip, 76)
        # The toggles come with a margin of their own, which would set the others lower.
        row = widgets.Layout(align_items="center")
        super().__init__([self.panel, *self.buttons.values(), self.before], layout=row)
        self.below = widgets.VBox(panels[self.panel.value])
        self.panel.observe(lambda _: self._open(panels), "value")

    def _open(self, panels):
        self.below.children = panels[self.panel.value]


class WeightsPanel(widgets.VBox):
    """Chooses synapses of an editor: those of a neuron, of an ensemble, or one by its number."""

    def __init__(self, editor):
        self._editor, wiring = editor, editor.network.wiring
        owned = [wiring.synapses_of(neuron) for neuron in range(wiring.n_neurons)]
        neurons = [(f"{j}: synapses {own[0]} to {own[-1]}", j) for j, own in enumerate(owned)]
        reaches = [(f"{r} × working range", float(r)) for r in (1, 3, 10, 100)]
        menu = partial(control, widgets.Dropdown, width=270)
        typed = partial(control, widgets.Text, width=200, continuous_update=False)
        names = [NONE, *editor.ensembles]
        self.neuron = menu("neuron", "show its synapses and its map", options=neurons)
        self.ensemble = menu("ensemble", "show the synapses of it", options=names)
        tip = "how far the sliders go from the start"
        self.reach = menu("reach", tip, options=reaches, value=3.0)
        self.synapse = typed("synapse", "number of a synapse to show")
        self.weight = typed("weight", "exact weight of this synapse")
        on_move(self.neuron, editor.show_neuron)
        on_move(self.ensemble, lambda name: name == NONE or editor.show_ensemble(name))
        on_move(self.reach, editor.bank.set_reach)
        on_move(self.synapse, self._typed_synapse)
        on_move(self.weight, self._typed_weight)
        upper = widgets.HBox([self.neuron, self.ensemble, self.reach])
        super().__init__([upper, widgets.HBox([self.synapse, self.weight])])

    def show(self, **values):
        """Set controls to values without doing what they do."""
        for name, value in values.items():
            show(getattr(self, name), value)

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

    `regions` are (numbers, names) at the size of the picture, or None. When there is another
    `mask`, (H, W) bool or None, `chosen(passing)` is called; it passes while a stroke goes on.
    """

    def __init__(self, editor, regions, size, chosen):
        self._editor, self._size, self._chosen, self.mask = editor, size, chosen, None
        self._numbers, self._names = regions or (None, [])
        if self._names and self._numbers.shape != tuple(size):
            raise ValueError(f"regions of shape {self._numbers.shape}: give them at {size}")
        parts = dict.fromkeys(name.split("/")[0] for name in self._names)
        options = [NONE, *parts, *(name for name in self._names if "/" in name)]
        tip = "a named region of the picture"
        self.element = control(widgets.Dropdown, "element", tip, 270, options=options)
        window = partial(control, widgets.FloatSlider, width=270, step=STEP)
        ends = {"min": -1.0, "max": 1.0, "readout_format": "+.2f"}
        self.x = window("x", "place of the round window, x", **ends)
        self.y = window("y", "place of the round window, y", **ends)
        tip = "radius of the round window, and of the brush"
        self.radius = window("radius", tip, min=STEP, max=0.6, value=0.1)
        on_move(self.element, self._named)
        for slider in (self.x, self.y, self.radius):
            on_move(slider, self._windowed)
        hint = "Click or paint on the picture, or choose here; below are the synapses that move it."
        upper = [self.element] if self._names else []
        lower = widgets.HBox([self.x, self.y, self.radius])
        super().__init__([widgets.HBox([*upper, widgets.Label(hint)]), lower])

    def paint(self, points, ended):
        """Take the region that a stroke through points covers; rank synapses when it ended."""
        for slider, place in zip((self.x, self.y), points[-1], strict=True):
            show(slider, round(place / STEP) * STEP)
        self._brush(points, ended)

    def choose(self, name):
        """Take a named region; raises a ValueError if there is none of this name."""
        if name not in self.element.options:
            known = ", ".join(self.element.options[1:8]) or "none"
            raise ValueError(f"there is no region {name!r}: there are {known} …")
        self.element.value = name

    def take(self, mask, rank=True):
        """Take a region (H, W) of bool, or None; show the synapses that move it most if `rank`."""
        self.mask, editor = mask, self._editor
        if mask is not None and rank:
            try:
                ranked = moved_by_region(editor.network, mask, editor.half).movers[:RANKED]
                editor.say(f"moved most by synapses {', '.join(map(str, ranked))}")
                editor.show_synapses(ranked)
            except ValueError as error:
                self.mask = None
                editor.say(str(error))
        self._chosen(passing=not rank)

    def _named(self, chosen):
        fits = [name == chosen or name.startswith(f"{chosen}/") for name in self._names]
        named = None if chosen == NONE else np.isin(self._numbers, np.flatnonzero(fits))
        self.take(named)

    def _windowed(self, _):
        self._brush(np.array([[self.x.value, self.y.value]]))

    def _brush(self, points, ended=True):
        show(self.element, NONE)
        self.take(brush_mask(points, self.radius.value, self._size), ended)


class FilesPanel(widgets.VBox):
    """Saves and loads what an editor has made; says in its message line what went wrong."""

    def __init__(self, editor):
        self._editor = editor
        tip = "of the file, without its ending"
        self.name = control(widgets.Text, "name", tip, 240, value="edited")
        buttons = [control(widgets.Button, name, tip, 108) for name, tip in ACTIONS.items()]
        for button in buttons:
            button.on_click(lambda button: self.do(button.description, self.name.value))
        copy = control(widgets.Button, "copy as Python", "onto the clipboard", 130)
        copy.add_class("painted-canvas-copy")
        copy.on_click(lambda _: editor.say("Python is on the clipboard, and below"))
        tip = "Python that makes these weights"
        self.python = control(widgets.Textarea, "as Python", tip, 820, rows=5)
        self.python.add_class("painted-canvas-python")
        self.last = widgets.HTML()
        upper, lower = widgets.HBox([self.name, *buttons]), widgets.HBox([copy, self.last])
        super().__init__([upper, lower, self.python])

    def do(self, what, name):
        """Do one of the `ACTIONS` with the file of this name; the message line tells."""
        if not name.strip():
            return self._editor.say("give the file a name")
        action, kind = what.split()
        path = Path(name.strip() + ENDINGS[kind])
        try:
            if action == "load":
                self._load(kind, path)
            else:
                editor = self._editor
                saved = {"log": editor.edits, "weights": editor.network, "picture": editor.picture}
                saved[kind].save(path)
                editor.say(f"saved as {path}")
        except FileNotFoundError:
            self._editor.say(f"there is no file {path}")
        except (OSError, ValueError) as error:
            self._editor.say(str(error))

    def _load(self, kind, path):
        if kind == "log":
            return self._editor.load_log(path)
        loaded = Network.load(path)
        if loaded.wiring != self._editor.network.wiring:
            theirs, ours = map(wiring_name, (loaded.wiring, self._editor.network.wiring))
            raise ValueError(f"{path} has another wiring: {theirs}; here is {ours}")
        self._editor.apply(f"weights of {path.name}", loaded.weights)

    def show(self):
        """Show the log and the Python of the edits as they are."""
        edits = self._editor.edits
        last = html.escape(", ".join(edit.name for edit in edits.done[-3:]))
        more = "… " if len(edits) > 3 else ""
        self.last.value = f"{len(edits)} edits: {more}{last}" if last else "no edits yet"
        self.python.value = edits.to_python()

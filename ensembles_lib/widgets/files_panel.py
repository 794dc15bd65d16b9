"""The editor's panel of files: the log of edits, weights, the picture, and Python to copy."""

from pathlib import Path

import ipywidgets as widgets

from ..core.network import Network
from .panels import control
from .turns import take_turns

ACTIONS = {
    "save log": "write the log of edits, name.json",
    "load log": "play the log name.json again from the start",
    "save weights": "write the weights, name.npz",
    "load weights": "take the weights of name.npz, for the same wiring",
    "save picture": "write the picture, name.png",
}


class FilesPanel(widgets.VBox):
    """Saves and loads what an editor has made; says in its message line what went wrong.

    Parameters
    ----------
    editor : WeightEditor
    """

    def __init__(self, editor):
        self._editor = editor
        self.name = control(widgets.Text, "name", "of the file, without its ending", "240px")
        self.name.value = "edited"
        self.buttons = {
            name: control(widgets.Button, name, tip, "108px") for name, tip in ACTIONS.items()
        }
        for name, button in self.buttons.items():
            button.on_click(lambda _, name=name: self.do(name, self.name.value))
        self.copy = control(widgets.Button, "copy as Python", "onto the clipboard", "130px")
        self.copy.add_class("painted-canvas-copy")
        self.copy.on_click(lambda _: editor.say("Python is on the clipboard, and below"))
        self.python = control(
            widgets.Textarea, "as Python", "Python that makes these weights", "820px", rows=5
        )
        self.python.add_class("painted-canvas-python")
        self.last = widgets.HTML()
        super().__init__(
            [
                widgets.HBox([self.name, *self.buttons.values()]),
                widgets.HBox([self.copy, self.last]),
                self.python,
            ]
        )
        take_turns(self)

    def do(self, what, name):
        """Do one of the `ACTIONS` with the file of this name; the message line tells."""
        editor = self._editor
        kind, endings = what.split()[1], {"log": ".json", "weights": ".npz", "picture": ".png"}
        if not name.strip():
            return editor.say("give the file a name")
        path = Path(name.strip() + endings[kind])
        try:
            if what == "load log":
                editor.load_log(path)
            elif what == "load weights":
                loaded, wiring = Network.load(path), editor.edits.start.wiring
                if loaded.wiring != wiring:
                    raise ValueError(f"{path} has another wiring: {loaded.wiring!r}")
                editor.apply(f"weights of {path.name}", loaded.weights)
            else:
                saved = {"log": editor.edits, "weights": editor.network, "picture": editor.picture}
                saved[kind].save(path)
                editor.say(f"saved as {path}")
        except FileNotFoundError:
            editor.say(f"there is no file {path}")
        except (OSError, ValueError) as error:
            editor.say(str(error))

    def show(self):
        """Show the log and the Python of the edits as they are."""
        edits = self._editor.edits
        last = ", ".join(edit.name for edit in edits.done[-3:])
        more = "… " if len(edits.done) > 3 else ""
        self.last.value = f"{len(edits.done)} edits: {more}{last}" if last else "no edits yet"
        self.python.value = edits.to_python()

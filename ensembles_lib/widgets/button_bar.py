"""The editor's row of buttons: its panels, undo, redo, reset, and a look back."""

import ipywidgets as widgets

from .turns import take_turns


class ButtonBar(widgets.HBox):
    """Buttons of an editor.

    Parameters
    ----------
    editor : WeightEditor
        Its `undo`, `redo` and `reset` are called.
    panels : dict of str to list of widgets
        By name, to choose from.

    Attributes
    ----------
    below : VBox
        Holds the panel that was chosen.
    """

    def __init__(self, editor, panels):
        narrow = widgets.Layout(width="76px")
        self._panels, self.below = panels, widgets.VBox()
        self.panel = widgets.ToggleButtons(
            options=list(panels),
            tooltips=[f"show the panel of {name}" for name in panels],
            style={"button_width": "92px"},
        )
        self.panel.observe(lambda _: self._open(), "value")
        actions = {
            "undo": ("take the last edit back", editor.undo),
            "redo": ("do the edit again that was taken back", editor.redo),
            "reset": ("back to the weights of the start", editor.reset),
        }
        self.buttons = {}
        for name, (tip, action) in actions.items():
            button = widgets.Button(description=name, tooltip=tip, layout=narrow)
            button.on_click(lambda _, action=action: action())
            self.buttons[name] = button
        self.before = widgets.ToggleButton(
            description="start", tooltip="show the picture of the start", layout=narrow
        )
        # The toggles come with a margin of their own, which would set the others lower.
        row = widgets.Layout(align_items="center")
        super().__init__([self.panel, *self.buttons.values(), self.before], layout=row)
        take_turns(self)
        self._open()

    def _open(self):
        self.below.children = self._panels[self.panel.value]

"""The editor's row of buttons: its panels, undo, redo, reset, and a look back."""

import ipywidgets as widgets


class ButtonBar(widgets.HBox):
    """Buttons of an editor.

    Parameters
    ----------
    panels : sequence of str
        Names of the panels to choose from.
    actions : dict of str to (str, callable)
        Tooltip and what to do, by the name of the button.
    """

    def __init__(self, panels, actions):
        narrow = widgets.Layout(width="76px")
        self.panel = widgets.ToggleButtons(
            options=list(panels),
            tooltips=[f"show the panel of {name}" for name in panels],
            style={"button_width": "92px"},
        )
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

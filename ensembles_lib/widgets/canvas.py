"""A picture on the screen that can be clicked and painted on, and names for all controls."""

import base64
import html
from pathlib import Path

import ipywidgets as widgets
import numpy as np

from ..core.points import check_size, coordinates

# Runs where an HTML widget that holds it is shown; ipywidgets has no mouse events, no alternative
# text for images, and no names for the handles of its sliders. Where inline scripts are not
# allowed, the sliders of the window do the same work.
SCRIPT = Path(__file__).with_suffix(".js")
MAX_POINTS = 10_000


def captioned(image, caption):
    """Return a box of an image and the words that say what it shows, which are its alt text."""
    box = widgets.VBox([widgets.HTML(html.escape(caption)), image])
    box.layout.width = f"{int(image.width) + 4}px"
    box.add_class("captioned")
    return box


class Canvas(widgets.VBox):
    """A picture on which a region can be painted with the mouse.

    Put it, at any depth, into a widget with the class `painted-canvas-root`: all sliders and
    captioned images in there get the names that a screen reader says.
    `painted(points, ended)` is called with the points of a stroke, (n, 2) places x, y in
    [-1, 1]. The shape is (height, width) in CSS pixels.
    """

    def __init__(self, caption, painted, shape):
        self._painted, self._draws = painted, False
        self.image = widgets.Image(format="png", height=shape[0], width=shape[1])
        self.image.add_class("painted-canvas")
        self.image.layout.cursor = "crosshair"
        self.stroke, self.passing = widgets.Text(), widgets.HTML()
        self.stroke.add_class("painted-canvas-stroke")
        self.stroke.observe(self._stroked, "value")
        self.passing.add_class("painted-canvas-passing")
        # An image that cannot be loaded is the one way in which HTML set by a widget runs.
        code = html.escape(SCRIPT.read_text(encoding="utf-8"))
        script = widgets.HTML(f'<img hidden alt="" src="data:," onerror="{code}">')
        hidden = [self.stroke, self.passing, script]
        for widget in hidden:
            widget.layout.display = "none"
        super().__init__([captioned(self.image, caption), *hidden])

    def show(self, picture, passing=False):
        """Show a picture; one that passes must soon be followed by one that does not.

        It is sent as plain pixels to a browser that has said that it draws those.
        """
        if passing and self._draws:
            pixels = base64.b64encode(picture.to_bytes().tobytes()).decode()
            self.passing.value = f"{picture.size[1]} {pixels}"
        else:
            self.image.value = picture.to_png()
            self.passing.value = ""

    def _stroked(self, change):
        if change["new"] == "draws":
            self._draws = True
            return
        points = parse_points(change["new"].removesuffix(" end"))
        if len(points):
            self._painted(points, change["new"].endswith(" end"))


def parse_points(text):
    """Return places written as "x y;x y" as an (n, 2) array; an empty one if they make no sense."""
    try:
        points = np.array([[float(v) for v in p.split()] for p in text.split(";")[:MAX_POINTS]])
    except ValueError:
        return np.empty((0, 2))
    fine = points.ndim == 2 and points.shape[1] == 2 and np.isfinite(points).all()
    return points.clip(-1, 1) if fine else np.empty((0, 2))


def brush_mask(points, radius, size):
    """Return which pixels lie within `radius` of a stroke through points (n, 2), (H, W) bool."""
    place = coordinates(size)[:2].T
    mask = np.zeros(len(place), bool)
    for start, stop in zip(points, np.concatenate([points[1:], points[-1:]]), strict=True):
        along = stop - start
        reach = along @ along
        share = ((place - start) @ along / reach).clip(0, 1) if reach else np.zeros(len(place))
        mask |= ((place - start - share[:, None] * along) ** 2).sum(axis=1) <= radius**2
    return mask.reshape(check_size(size))

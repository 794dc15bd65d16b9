"""A network while it learns."""

import time

import ipywidgets as widgets

from ..core import Picture
from ..core.points import Size
from .controls import image_of


class TrainingView(widgets.VBox):
    """The painting of a network while it learns: give it to a trainer as `callback`.

    Parameters
    ----------
    picture
        What is to be learnt, shown beside the painting of `size`.

    Examples
    --------
    >>> view = TrainingView(Picture(np.zeros((8, 8, 3))), size=16)
    >>> view(network, 0.5)
    >>> view.label.value
    'step 0: RMSE 0.500'
    """

    def __init__(self, picture: Picture, size: Size = 128):
        picture = Picture.open(picture)
        self._size, self._picture, self._painted, self._count = size, picture, 0.0, 0
        self.image, self.label = image_of(picture), widgets.Label("not trained yet")
        super().__init__([widgets.HBox([image_of(picture), self.image]), self.label])

    def __call__(self, network, rmse):
        """Show a network; paints at most 15 times a second, so that training is not held up."""
        self._count = self._count + 1 if self._painted else 0
        now = time.monotonic()
        if now - self._painted > 1 / 15:
            self._painted = now
            self.image.value = network.paint(self._size, dtype="float32").to_png()
            self.label.value = f"step {self._count}: RMSE {rmse:.3f}"

    def __repr__(self):
        return f"TrainingView(picture of {self._picture.size[0]}×{self._picture.size[1]})"

"""A network while it learns, and its history played back."""

import time

import ipywidgets as widgets

from ..core import History, Network, Picture, Wiring
from ..core.points import Size
from .controls import image_of
from .turns import take_turns


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


class HistoryPlayer(widgets.VBox):
    """A slider through the history of a training, with the painting, of `size`, at each record.

    Attributes
    ----------
    slider : widget

    Examples
    --------
    >>> trained, history = train_backprop(network, Picture(np.zeros((4, 4, 3))), 2, progress=False)
    >>> HistoryPlayer(network.wiring, history, size=16)
    HistoryPlayer(3 records)
    """

    def __init__(self, wiring: Wiring, history: History, size: Size = 128):
        self._wiring, self._history, self._size = wiring, history, size
        last = len(history.step) - 1
        tip = "record of the training"
        self.slider = widgets.IntSlider(last, 0, last, description="record", tooltip=tip)
        self.reset = widgets.Button(description="to the end", tooltip="show the trained network")
        self.image, self.label = image_of(self.network.paint(size)), widgets.Label(self.reading)
        self.slider.observe(self._moved, "value")
        self.reset.on_click(lambda _: setattr(self.slider, "value", last))
        super().__init__([self.image, widgets.HBox([self.slider, self.reset]), self.label])
        take_turns(self)

    @property
    def network(self):
        """The network at the chosen step."""
        return Network(self._wiring, self._history.weights[self.slider.value])

    @property
    def reading(self):
        """The words below the picture."""
        at, history = self.slider.value, self._history
        return f"step {history.step[at]}: RMSE {history.rmse[at]:.3f}"

    def _moved(self, _):
        self.image.value = self.network.paint(self._size, dtype="float32").to_png()
        self.label.value = self.reading

    def __repr__(self):
        return f"HistoryPlayer({len(self._history.step)} records)"

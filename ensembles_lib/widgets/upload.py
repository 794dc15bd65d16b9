"""An upload button: a picture of one's own, opened in memory."""

import html

import ipywidgets as widgets

from ..core import Picture, PictureError, open_square
from .controls import control, image_of
from .turns import take_turns

MAX_BYTES = 20 << 20  # of a file; larger ones would block the notebook's connection


class PictureUpload(widgets.VBox):
    """A button that takes an image file, and the middle square of it as a `Picture`.

    What is wrong with a file is said below the button; the picture before it stays.

    Attributes
    ----------
    picture : Picture
        `size` pixels wide and high; the one given until a file is uploaded.
    message : str
        What is said below the button.

    Examples
    --------
    >>> upload = PictureUpload(Picture(np.zeros((32, 32, 3))), size=32)
    >>> upload.take("mine.png", Picture(np.ones((20, 50, 3))).to_png())
    >>> upload, float(upload.picture.pixels.min())
    (PictureUpload(mine.png: middle square, 32×32), 1.0)
    """

    def __init__(self, picture: Picture, size: int = 128):
        self._size, self.picture, self.message = size, picture.resized((size, size)), ""
        tip = "an image file of any kind, of which the middle square is taken"
        self.button = control(
            widgets.FileUpload, "choose a picture", tip, 200, accept="image/*", multiple=False
        )
        self.image, self._line = image_of(self.picture), widgets.HTML()
        self.button.observe(self._uploaded, "value")
        super().__init__([self.image, self.button, self._line])
        take_turns(self)
        self._say("no file chosen yet")

    def take(self, name, content):
        """Take the bytes of an image file, as the button does."""
        try:
            if len(content) > MAX_BYTES:
                raise PictureError(
                    f"it has {len(content) / 2**20:.0f} MB, more than {MAX_BYTES >> 20}: "
                    "give its path instead"
                )
            self.picture = open_square(content, self._size)
        except PictureError as error:
            return self._say(f"{name}: {str(error).replace('the given file', 'it')}")
        self.image.value = self.picture.to_png()
        self._say(f"{name}: middle square, {self._size}×{self._size}")

    def _uploaded(self, change):
        for file in change["new"]:
            self.take(file["name"], bytes(file["content"]))

    def _say(self, words):
        self.message = words
        self._line.value = f'<div role="status">{html.escape(words)}</div>'

    def __repr__(self):
        return f"PictureUpload({self.message})"

"""Squares: the middle of any image."""

import io

from PIL import Image

from .picture import Picture, PictureError
from .points import check_size

SMALLEST = 16  # pixels of the shorter side


def open_square(path, size=128):
    """Open the middle square of any image.

    Parameters
    ----------
    path : path, binary file object or bytes
    size : int
        Of the square, in pixels a side.

    Returns
    -------
    Picture

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    PictureError
        If it is no image, or less than 16 pixels high or wide.

    Examples
    --------
    >>> wide = Network.random(article_wiring()).paint((32, 96))
    >>> open_square(wide.to_png(), size=32).size
    (32, 32)
    """
    size = check_size(size)[0]
    path = io.BytesIO(path) if isinstance(path, bytes | bytearray | memoryview) else path
    try:
        with Image.open(path) as image:  # reads no pixels yet
            short, long = sorted(image.size)
    except Exception:
        Picture.open(path)  # says what is wrong
        raise
    if short < SMALLEST:
        raise PictureError(f"{short} pixels are too few: give an image from {SMALLEST} up")
    # Pillow begins at the start of a file object whenever it opens one.
    pixels = Picture.open(path, -(-long * size // short)).pixels
    top, left = ((side - min(pixels.shape[:2])) // 2 for side in pixels.shape[:2])
    side = min(pixels.shape[:2])
    return Picture(pixels[top : top + side, left : left + side]).resized((size, size))

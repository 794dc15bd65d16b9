"""Pictures: any image as an array in [-1, 1]."""

import io
import sys
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from PIL import Image

from .._files import replacing
from .._images import ImageFile, PictureError, read_rgb
from .points import Size, check_size, fit

SMALLEST = 16  # pixels of the shorter side of an image whose middle is taken
FULL = {np.dtype(bool): 1, np.dtype(np.uint8): 255, np.dtype(np.uint16): 65535}


class Picture:
    """An RGB picture with values in [-1, 1], which shows itself in a notebook.

    Where NumPy expects an array, it is its `pixels`. Pictures of equal pixels are equal, whatever
    their type of number, and do not change, so that they can be keys of a dict.

    Parameters
    ----------
    pixels : (H, W, 3) array_like
        Red, green and blue from -1 (none) to 1 (full); row 0 is the top. Unsigned numbers of 8 or
        16 bits are levels, from 0 to 255 or 65535, and booleans off or on. PictureError if the
        shape is another, the picture is empty, or a value is not finite or out of range.

    Examples
    --------
    >>> picture = Picture([[[1, -1, -1], [-1, -1, 1]]])
    >>> picture
    Picture 1×2: mean red +0.000 green -1.000 blue +0.000, digest 7804e5e2
    >>> picture == Picture(picture.to_bytes()), np.asarray(picture).shape
    (True, (1, 2, 3))
    """

    def __init__(self, pixels: ArrayLike):
        pixels = np.asarray(pixels)
        if pixels.dtype.kind not in "fiub":
            raise PictureError(f"pixels of type {pixels.dtype}: give real numbers in [-1, 1]")
        if pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
            raise PictureError(f"pixels of shape {pixels.shape}: give (height, width, 3)")
        if pixels.dtype in FULL:
            pixels = pixels / (FULL[pixels.dtype] / 2) - 1
        pixels = pixels.astype(pixels.dtype if pixels.dtype.kind == "f" else float, order="C")
        low, high = pixels.min(), pixels.max()
        if not (low >= -1 and high <= 1):  # so written that NaN fails too
            raise PictureError(f"pixel values from {low} to {high}: they must lie in [-1, 1]")
        pixels.setflags(write=False)
        self.pixels = pixels

    @classmethod
    def open(cls, source: "Picture | ImageFile | ArrayLike", size: Size | None = None) -> "Picture":
        """Open whatever holds a picture: wherever the library asks for one, this may be given.

        PictureError if it is no picture, with what would be right.

        Parameters
        ----------
        source
            The path, the bytes or a file object of an image of any kind that Pillow reads (see
            `read_rgb` for what becomes of profiles, depths and transparency), a Pillow image, a
            `Picture`, or pixels as its constructor takes them.
        size
            (height, width), or one number for the longer side, to which it is resampled.

        Examples
        --------
        >>> picture = network.paint((2, 3))
        >>> Picture.open(picture.to_png()).size, Picture.open(picture.to_bytes(), size=6).size
        ((2, 3), (4, 6))
        """
        found = _opened(source)
        if isinstance(found, Picture):
            return found if size is None else found.resized(size)
        if size is not None:
            found = _resize(found, fit(size, found.size[::-1]))
        return cls(np.asarray(found))

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.pixels.shape[:2]

    def resized(self, size: Size) -> "Picture":
        """Return the picture at another size, as `open` does: averaged, or bicubic if larger."""
        size = fit(size, self.size)
        channels = [Image.fromarray(c.astype(np.float32)) for c in np.moveaxis(self.pixels, 2, 0)]
        resized = np.stack([np.asarray(_resize(c, size)) for c in channels], axis=2)
        return Picture(resized.clip(-1, 1))

    def to_bytes(self) -> np.ndarray:
        """Return the pixels as (H, W, 3) uint8, 0 to 255."""
        return np.rint((self.pixels.astype(float) + 1) * 127.5).astype(np.uint8)

    def to_png(self) -> bytes:
        """Return the picture as the bytes of a PNG file, packed for speed."""
        buffer = io.BytesIO()
        Image.fromarray(self.to_bytes()).save(buffer, "png", compress_level=1)
        return buffer.getvalue()

    def save(self, path: str | Path) -> None:
        """Write an image file of the kind that the ending of `path` names, whole or not at all.

        PictureError if the ending names no image format, OSError if writing fails.
        """
        if Path(path).suffix.lower() not in Image.registered_extensions():
            raise PictureError(f"cannot save {path}: end its name in .png, say")
        with replacing(path) as temporary:
            Image.fromarray(self.to_bytes()).save(temporary)

    def __array__(self, dtype: DTypeLike = None, copy: bool | None = None) -> np.ndarray:
        pixels = self.pixels
        # Colours that matplotlib shows are floats from 0 to 1, and it tells nobody that it asks.
        if sys._getframe(1).f_code.co_name == "safe_masked_invalid":
            pixels = (pixels + 1) / 2
        return np.array(pixels, dtype, copy=copy)

    def __eq__(self, other):
        if not isinstance(other, Picture):
            return NotImplemented
        return np.array_equal(self.pixels, other.pixels)

    def __hash__(self):
        return hash((self.size, self.to_bytes().tobytes()))

    def _repr_png_(self):
        # Small pictures are enlarged pixel by pixel, so that they can be seen.
        factor = max(1, 256 // max(self.size))
        return Picture(self.pixels.repeat(factor, axis=0).repeat(factor, axis=1)).to_png()

    def __repr__(self):
        red, green, blue = self.pixels.mean(axis=(0, 1), dtype=float)
        return (
            f"Picture {self.size[0]}×{self.size[1]}: mean red {red:+.3f} green {green:+.3f} "
            f"blue {blue:+.3f}, digest {zlib.crc32(self.to_bytes().tobytes()):08x}"
        )


def _opened(source):
    """Return what was given as a `Picture`, or as a Pillow image of 8-bit sRGB."""
    if isinstance(source, Picture):
        return source
    files = str | Path | bytes | bytearray | memoryview | Image.Image
    if isinstance(source, files) or hasattr(source, "read"):
        return read_rgb(source)
    return Picture(source)


def _resize(image, size):
    """Return a Pillow image resized to (height, width)."""
    shrinks = size[0] <= image.height and size[1] <= image.width
    method = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    return image.resize(size[::-1], method)


def rmse(a: ArrayLike, b: ArrayLike) -> float:
    """Return the root mean squared difference of two pictures or arrays of equal shape.

    Over all pixels and channels, in units of the [-1, 1] scale: 2 is black against white.
    ValueError if the shapes differ.

    Examples
    --------
    >>> rmse([0.0, 0.0], [0.3, 0.4])
    0.3535533905932738
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape} differ: compare pictures of one size")
    return float(np.sqrt(np.mean((a - b) ** 2)))


def open_square(source: "Picture | ImageFile | ArrayLike", size: int = 128) -> Picture:
    """Open the middle square of a picture, resampled to `size` pixels a side.

    PictureError if it is no picture, or less than 16 pixels high or wide.

    Examples
    --------
    >>> open_square(network.paint((32, 96)), size=32).size
    (32, 32)
    """
    found = _opened(source)
    short, long = sorted(found.size)
    if short < SMALLEST:
        raise PictureError(f"{short} pixels are too few: give an image from {SMALLEST} up")
    size, _ = check_size(size)
    pixels = Picture.open(found, -(-long * size // short)).pixels
    side = min(pixels.shape[:2])
    top, left = ((length - side) // 2 for length in pixels.shape[:2])
    return Picture(pixels[top : top + side, left : left + side]).resized((size, size))

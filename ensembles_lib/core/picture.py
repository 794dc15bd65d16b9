"""Pictures: any image as an array in [-1, 1]."""

import io
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import ArrayLike
from PIL import Image, ImageOps

from .._files import replacing
from .points import Size, check_size, fit

MAX_PIXELS = 100_000_000  # of an image file; more is refused before it is decoded
SMALLEST = 16  # pixels of the shorter side of an image whose middle is taken


class PictureError(ValueError):
    """An image that cannot be used, with the reason and what would be right."""


class Picture:
    """An RGB picture with values in [-1, 1], which shows itself in a notebook.

    Parameters
    ----------
    pixels : (H, W, 3) array_like
        Red, green and blue from -1 (none) to 1 (full); row 0 is the top. PictureError if the
        shape is another, the picture is empty, or a value is not finite or out of range.

    Examples
    --------
    >>> Picture([[[1, -1, -1], [-1, -1, 1]]])
    Picture 1×2: mean red +0.000 green -1.000 blue +0.000, digest 7804e5e2
    """

    def __init__(self, pixels: ArrayLike):
        pixels = np.asarray(pixels)
        if pixels.dtype.kind not in "fiub":
            raise PictureError(f"pixels of type {pixels.dtype}: give real numbers in [-1, 1]")
        if pixels.ndim != 3 or pixels.shape[2] != 3 or 0 in pixels.shape:
            raise PictureError(f"pixels of shape {pixels.shape}: give (height, width, 3)")
        pixels = pixels.astype(pixels.dtype if pixels.dtype.kind == "f" else float, order="C")
        low, high = pixels.min(), pixels.max()
        if not (low >= -1 and high <= 1):  # so written that NaN fails too
            raise PictureError(f"pixel values from {low} to {high}: they must lie in [-1, 1]")
        pixels.setflags(write=False)
        self.pixels = pixels

    @classmethod
    def open(cls, path: str | Path | BinaryIO, size: Size | None = None) -> "Picture":
        """Open an image file of any kind that Pillow reads.

        Transparency is put on white, the camera's rotation applied, the first frame of an
        animation taken, and grey, palette, CMYK and 16-bit images become RGB.

        Resampled to a size, if there is one: (height, width), or one number for the longer side.
        PictureError if the file is empty, broken, no image, or larger than `MAX_PIXELS`.
        """
        name = path if isinstance(path, str | Path) else getattr(path, "name", "the given file")
        if isinstance(path, str | Path) and Path(path).is_dir():
            raise PictureError(f"{name} is a folder: give the path of an image file")
        try:
            with Image.open(path) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise PictureError(
                        f"{name} has {image.width}×{image.height} pixels, more than "
                        f"{MAX_PIXELS:,}: shrink it first"
                    )
                image = _to_rgb(ImageOps.exif_transpose(image))
        except (FileNotFoundError, PictureError):
            raise
        except Image.UnidentifiedImageError:
            raise PictureError(f"{name} is not an image that can be read") from None
        # Broken files make Pillow's decoders raise almost anything: the cause is kept.
        except Exception as error:
            raise PictureError(f"{name} cannot be read as an image: {error}") from error
        if size is not None:
            image = _resize(image, fit(size, image.size[::-1]))
        return cls(np.asarray(image) / 127.5 - 1)

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


def _to_rgb(image):
    """Return a Pillow image of any mode as 8-bit RGB, transparency over white."""
    if image.mode.startswith("I;16"):
        image = Image.fromarray((np.asarray(image) / 257).round().astype(np.uint8))
    elif image.mode in ("I", "F"):
        values = np.asarray(image, float)
        if not np.isfinite(values).all():
            raise ValueError("it holds values that are not finite")
        # 32-bit files mostly hold 16-bit or 8-bit or 0-to-1 greys; take the first that fits.
        top = next((top for top in (1, 255, 65535) if values.max() <= top), values.max())
        image = Image.fromarray((values.clip(0) / top * 255).round().astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def _resize(image, size):
    """Return a Pillow image resized to (height, width)."""
    shrinks = size[0] <= image.height and size[1] <= image.width
    method = Image.Resampling.BOX if shrinks else Image.Resampling.BICUBIC
    return image.resize(size[::-1], method)


def rmse(a: Picture | ArrayLike, b: Picture | ArrayLike) -> float:
    """Return the root mean squared difference of two pictures or arrays of equal shape.

    Over all pixels and channels, in units of the [-1, 1] scale: 2 is black against white.
    ValueError if the shapes differ.

    Examples
    --------
    >>> rmse([0.0, 0.0], [0.3, 0.4])
    0.3535533905932738
    """
    a, b = (np.asarray(x.pixels if isinstance(x, Picture) else x, float) for x in (a, b))
    if a.shape != b.shape:
        raise ValueError(f"shapes {a.shape} and {b.shape} differ: compare pictures of one size")
    return float(np.sqrt(np.mean((a - b) ** 2)))


def psnr(a: Picture | ArrayLike, b: Picture | ArrayLike) -> float:
    """Return the peak signal-to-noise ratio of two pictures in decibels (infinite if equal).

    Examples
    --------
    >>> psnr([0.0, 0.0], [0.2, 0.2]), psnr([1.0], [1.0])
    (20.0, inf)
    """
    error = rmse(a, b)
    return float(20 * np.log10(2 / error)) if error else float("inf")


def open_square(path: str | Path | BinaryIO | bytes, size: int = 128) -> Picture:
    """Open the middle square of any image, resampled to `size` pixels a side.

    PictureError if it is no image, or less than 16 pixels high or wide.

    Examples
    --------
    >>> open_square(network.paint((32, 96)).to_png(), size=32).size
    (32, 32)
    """
    path = io.BytesIO(path) if isinstance(path, bytes | bytearray | memoryview) else path
    try:
        with Image.open(path) as image:  # reads no pixels yet
            short, long = sorted(image.size)
    except Exception:
        Picture.open(path)  # says what is wrong
        raise
    if short < SMALLEST:
        raise PictureError(f"{short} pixels are too few: give an image from {SMALLEST} up")
    size, _ = check_size(size)
    # Pillow begins at the start of a file object whenever it opens one.
    pixels = Picture.open(path, -(-long * size // short)).pixels
    side = min(pixels.shape[:2])
    top, left = ((length - side) // 2 for length in pixels.shape[:2])
    return Picture(pixels[top : top + side, left : left + side]).resized((size, size))

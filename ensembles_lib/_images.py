"""Images of any kind as 8-bit sRGB: what their numbers mean, or a refusal that says what to do."""

import io
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageCms, ImageOps

MAX_PIXELS = 100_000_000  # of an image; more is refused before it is decoded
SHOOT = 0.1  # of the range, by which resampled floating-point greys may leave it
# Of 32-bit greys, what white may be; which it is must be seen from the brightest.
WHITES = 1, 2**8 - 1, 2**16 - 1, 2**32 - 1
ImageFile = str | Path | bytes | BinaryIO | Image.Image
SRGB = ImageCms.createProfile("sRGB")
OTHERS = {  # what no photograph of a phone or drawing of a browser says of itself
    b"<svg": "an SVG drawing, made of curves and not of pixels: export it as PNG first",
    b"%PDF": "a PDF document, made of curves and not of pixels: export it as PNG first",
    b"ftyp": "a HEIC photograph or a film, which Pillow cannot read: save it as JPEG or PNG first "
    "(on a phone choose the 'most compatible' camera format), or register pillow-heif",
}


class PictureError(ValueError):
    """An image that cannot be used, with the reason and what would be right."""


def read_rgb(source: ImageFile) -> Image.Image:
    """Return a Pillow image, or an image file (path, bytes or file object), as 8-bit sRGB.

    Colours are those that the embedded profile means, transparency is put on white, the camera's
    rotation applied, and the first frame of an animation taken. PictureError if it is empty,
    broken, no image, larger than `MAX_PIXELS`, wholly transparent, or does not tell what is white.

    Examples
    --------
    >>> read_rgb(Image.new("LA", (2, 1), (0, 128))).getpixel((0, 0))
    (127, 127, 127)
    """
    is_open, name = isinstance(source, Image.Image), "the given image"
    if not is_open:
        if isinstance(source, bytes | bytearray | memoryview):
            source = io.BytesIO(source)
        is_path = isinstance(source, str | Path)
        name = source if is_path else getattr(source, "name", "the given file")
        if is_path and Path(source).is_dir():
            raise PictureError(f"{name} is a folder: give the path of an image file")
    try:
        with nullcontext(source) if is_open else Image.open(source) as image:
            if image.width * image.height > MAX_PIXELS:
                raise PictureError(
                    f"{name} has {image.width}×{image.height} pixels, more than "
                    f"{MAX_PIXELS:,}: shrink it first"
                )
            if image.format == "EPS":  # Pillow would run Ghostscript on it
                raise PictureError(f"{name} is {OTHERS[b'%PDF'].replace('PDF', 'EPS')}")
            return _decode(image)
    except (FileNotFoundError, PermissionError, PictureError):
        raise
    except Image.UnidentifiedImageError:
        raise PictureError(f"{name} is {_kind(source)}") from None
    # Broken files make Pillow's decoders raise almost anything: the cause is kept.
    except Exception as error:
        raise PictureError(f"{name} cannot be read as an image: {error}") from error


def _kind(source):
    """Return what a file is that Pillow does not know, and what to do."""
    if isinstance(source, str | Path):
        with open(source, "rb") as file:
            head = file.read(1024)
    else:
        source.seek(0)
        head = source.read(1024)
    for mark, words in OTHERS.items():
        # Films and photographs of that family have their mark behind a length.
        if head[4:8] == mark if mark == b"ftyp" else mark in head:
            return words
    return "not an image that can be read: save it as PNG or JPEG first"


def _decode(image):
    """Return an open Pillow image as 8-bit sRGB."""
    profile, tags = image.info.get("icc_profile"), getattr(image, "tag_v2", {})
    raw = image.tile[0][3] if image.format == "PNG" and image.tile else None
    key, file_format = image.info.get("transparency"), image.format
    image = ImageOps.exif_transpose(image)  # a copy
    if raw in ("L;2", "L;4") and key:  # told as it is stored, before scaling
        image.info["transparency"] = key * {"L;2": 85, "L;4": 17}[raw]
    elif raw == "RGB;16B" and key:  # of which Pillow keeps the upper byte
        image.info["transparency"] = tuple(part >> 8 for part in key)
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _of_deep_grey(image, file_format, tags)
    elif tags.get(339, (1,))[0] == 2:
        raise ValueError("it holds signed numbers, which have no known white: save it as PNG")
    transparent = image.has_transparency_data or image.mode == "La"
    if image.mode not in ("L", "RGB", "CMYK", "LAB"):
        grey = image.mode in ("1", "LA", "La")
        image = image.convert(("LA" if grey else "RGBA") if transparent else "L" if grey else "RGB")
    elif transparent:
        image = image.convert("LA" if image.mode == "L" else "RGBA")
    alpha = image.getchannel("A") if transparent else None
    image = _to_srgb(image.convert(image.mode.removesuffix("A")), profile)
    if transparent:
        if alpha.getextrema()[1] == 0:
            raise ValueError(
                "nothing is to be seen, all its pixels are transparent: choose another"
            )
        image = Image.composite(image, Image.new("RGB", image.size, "white"), alpha)
    image.info.clear()  # what it said of the colours is done
    return image


def _to_srgb(image, profile):
    """Return the colours that a profile means, or the plain ones if it does not fit or is broken.

    As browsers do, which pass over a profile that they cannot use.
    """
    if profile or image.mode == "LAB":
        try:
            if image.mode == "LAB":
                meant = ImageCms.createProfile("LAB")
            else:
                meant = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            return ImageCms.profileToProfile(image, meant, SRGB, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            pass
    return image.convert("RGB")


def _of_deep_grey(image, file_format, tags):
    """Return an image of 16-bit, 32-bit or floating-point greys in 8 bits; "LA" if transparent.

    ValueError if white cannot be told.
    """
    values, key = np.asarray(image), image.info.get("transparency")
    bits, signed = tags.get(258, (16,))[0], tags.get(339, (1,))[0] == 2
    if signed and bits < 32:
        raise ValueError("it holds signed numbers, which have no known white: save it as PNG")
    if image.mode.startswith("I;16"):
        white = 2**bits - 1
    elif file_format in ("PNG", "PPM") and image.mode == "I":
        white = 2**16 - 1
    else:
        if image.mode == "I" and tags and not signed:  # Pillow takes them for signed
            values = values.view(np.uint32)
        white = _white(values)
    levels = (values.astype(float) / white).clip(0, 1)
    if tags.get(262) == 0:  # "white is zero", which Pillow minds in 8 bits only
        levels = 1 - levels
    grey = Image.fromarray(np.rint(levels * 255).astype(np.uint8))
    if isinstance(key, int):
        grey.putalpha(Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8)))
    return grey


def _white(values):
    """Return what is white among greys of 32 bits."""
    if not np.isfinite(values).all():
        raise ValueError("it holds values that are not finite")
    low, high = float(values.min()), float(values.max())
    real = values.dtype.kind == "f"
    for white in WHITES:
        shoot = SHOOT * white if real else 0
        # Dim ones are plain below 1, which is the rule for real numbers, and only there.
        if low >= -shoot and high <= white + shoot and (white == 1 or high > white / 4):
            return white
    raise ValueError(
        f"its greys run from {low:g} to {high:g}, and what is white is not told: bring them to "
        "0 to 1 or to 16 bits first, by (greys - lowest) / (highest - lowest), say"
    )

"""Named regions of a picture, and how well a map tells them apart."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from .._files import replacing, write_json
from .._images import MAX_PIXELS
from ..core.points import Size, check_size

Regions = tuple[np.ndarray, list[str]]  # the number of each pixel (H, W), the names by number
PLACES = np.array([1 << 16, 1 << 8, 1])  # of red, green and blue in one number for a colour


def palette() -> np.ndarray:
    """Return the colours (256, 3) in which region numbers are saved, 0 to 255.

    The first 16 are at least 20 apart in CIELAB, and the first 28 differ as greys, too: the
    steps of hue, paleness and light were searched for that.
    """
    hue, pale, light = np.arange(256) * np.array([[0.583], [0.551], [0.028]]) % 1
    channels = np.abs((6 * (hue + [[0], [2 / 3], [1 / 3]])) % 6 - 3).T - 1
    colours = 1 - (0.45 + 0.55 * pale[:, None]) * (1 - channels.clip(0, 1))
    return np.rint(255 * (1 - 0.5 * light[:, None]) * colours).astype(int)


def save_regions(path: str | Path, regions: Regions, made: str = "") -> None:
    """Write region numbers (H, W) as an image that can be repainted, and the names beside it.

    `made` is kept in the image as a text of that name. A writer that is killed, or that writes
    while another does, leaves the regions of one of them. ValueError if a number has no name,
    OSError if writing fails.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     save_regions(f"{folder}/mine.png", (np.array([[0, 0, 1]]), ["sky", "sea"]))
    ...     open_regions(f"{folder}/mine.png")
    (array([[0, 0, 1]]), ['sky', 'sea'])
    """
    numbers, names = at_size(*regions, np.shape(regions[0])), list(regions[1])
    image = Image.fromarray(numbers.astype(np.uint8))
    image.putpalette(palette().astype(np.uint8).tobytes())
    about, beside = PngImagePlugin.PngInfo(), Path(path).with_suffix(".json")
    about.add_text("made", made)
    # Two files cannot be replaced at once, and another writer may come in between. So the image
    # brings its names along, knows which ones it outdates, and those beside it say whose they are.
    told = json.dumps(names)
    about.add_text("names", told)
    about.add_text("outdates", _digest(beside.read_bytes() if beside.exists() else b""))
    with replacing(path) as temporary:
        image.save(temporary, "png", pnginfo=about)
    write_json(beside, {"names": names, "saved_as": _digest(told.encode())})


def _digest(content):
    return hashlib.sha256(content).hexdigest()


def _names(path, about):
    """Return the names beside an image that says this of itself, or those that it brought along.

    It brought them if they were never written, or if what is there is outdated or belongs to
    another image. A ValueError if names of another image were edited since.
    """
    brought, outdates = about.get("names"), about.get("outdates")
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        if outdates != _digest(b""):
            raise
        content = b""
    if outdates == _digest(content):
        return _checked(json.loads(brought))
    held = json.loads(content.decode("utf-8"))
    if not isinstance(held, dict):  # by hand, or before names said whose they are
        return _checked(held)
    names, saved_as = _checked(held.get("names")), held.get("saved_as")
    if brought is None or saved_as in (None, _digest(brought.encode())):
        return names
    if saved_as != _digest(json.dumps(names).encode()):
        raise ValueError(
            f"the names in {path.name} were edited, but are those of other regions that were "
            "saved here: save these regions again, or write their names there as a plain list"
        )
    return _checked(json.loads(brought))


def _checked(names):
    if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
        raise ValueError("the names are no list of strings")
    return names


def open_regions(path: str | Path, size: Size | None = None) -> Regions:
    """Open a picture of region numbers (H, W) and the names that go with it.

    Parameters
    ----------
    path
        Of an image whose pixels are numbers: as greys, as indices, or in the colours (or their
        greys) of `save_regions`, in which an editor may have repainted it. The names lie beside
        it, in a file of the same name that ends in .json: a list, or what `save_regions` wrote.
        ValueError if a pixel is of no region, as in a lossy or blurred copy, or if names were
        edited that belong to another image.
    size
        Take the number at the centre of each pixel of this size.

    Examples
    --------
    >>> numbers, names = open_regions(samples.path("peacock_elements.png"), size=64)
    >>> numbers.shape, bool(numbers.max() < len(names))
    ((64, 64), True)
    """
    return open_made_regions(path, size)[0]


def open_made_regions(path: str | Path, size: Size | None = None) -> tuple[Regions, str]:
    """Do as `open_regions`, and return what `save_regions` was told of how they were made.

    Both are of one image, whatever is written meanwhile. Empty if an editor dropped it.
    """
    size = None if size is None else check_size(size)
    try:
        with Image.open(path) as image:
            names = _names(Path(path).with_suffix(".json"), image.info)
            if image.width * image.height > MAX_PIXELS:
                raise ValueError(f"{image.width}×{image.height} pixels, more than {MAX_PIXELS:,}")
            if image.format in ("JPEG", "MPO"):
                raise ValueError("a JPEG changes the numbers of pixels: save it as PNG")
            numbers = _numbers(image, len(names))
            made = image.info.get("made", "")
        return (at_size(numbers, names, size or numbers.shape), names), made
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    # Broken files make the decoders raise almost anything: the cause is kept.
    except Exception as error:
        raise ValueError(f"{path} or the names beside it cannot be read: {error}") from error


def region_mask(regions: Regions, *starts: str) -> np.ndarray:
    """Return where the regions lie whose names begin with one of `starts`, (H, W) of bool.

    Examples
    --------
    >>> region_mask((np.array([[0, 1, 2]]), ["sky", "wing/near", "wing/far"]), "wing/")
    array([[False,  True,  True]])
    """
    numbers, names = regions
    return np.isin(numbers, [n for n, name in enumerate(names) if name.startswith(starts)])


def _numbers(image, count):
    """Return the region number of each pixel of a Pillow image (H, W); there are `count` names."""
    if image.has_transparency_data:
        clear = np.asarray(image.convert("RGBA"))[..., 3] < 255
        if clear.any():
            raise ValueError(f"{clear.sum()} pixels are transparent: paint them")
    stored = np.asarray(image)
    if image.mode not in ("L", "P", "PA", "LA", "RGB", "RGBA"):
        return stored.astype(int)
    colours, saved = np.asarray(image.convert("RGB")).astype(int), palette()[:count]
    found, grey = _look_up(colours @ PLACES, saved @ PLACES), colours[..., 0]
    is_grey = (colours == grey[..., None]).all(axis=2)
    found = np.where((found < 0) & is_grey & (grey < count), grey, found)
    if (found < 0).any() and is_grey.all():
        # What an editor makes of the colours that were saved when it takes their colour away.
        without = Image.fromarray(saved[None].astype(np.uint8)).convert("L")
        made_grey = _look_up(grey, np.asarray(without)[0].astype(int))
        found = found if (made_grey < 0).any() else made_grey
    lost = (found < 0).sum()
    if lost and image.mode == "P":  # with a palette of its own
        return stored.astype(int)
    if lost:
        raise ValueError(
            f"{lost} pixels are of no region: give each one of the numbers 0 to {count - 1} as a "
            "grey, or one of the colours that were there. Lossy copies (JPEG) and soft brushes "
            "mix them: save as PNG, paint with a hard pencil"
        )
    return found


def _look_up(values, table):
    """Return the place in a table of each of the values (H, W); -1 where it is not there.

    All are -1 if the table says one thing twice.
    """
    order = np.argsort(table)
    places = order[np.searchsorted(table, values, sorter=order).clip(max=len(table) - 1)]
    there = (table[places] == values) & (len(set(table.tolist())) == len(table))
    return np.where(there, places, -1)


def at_size(numbers: np.ndarray, names: list[str], size: tuple[int, int]) -> np.ndarray:
    """Return region numbers (H, W) at another size, each from the middle of the new pixel."""
    numbers = np.asarray(numbers)
    if numbers.ndim != 2 or numbers.dtype.kind not in "iu" or not numbers.size:
        raise ValueError(f"regions of shape {numbers.shape}, {numbers.dtype}: give (H, W) of int")
    low, high = numbers.min(), numbers.max()
    if low < 0 or high >= len(names):
        raise ValueError(f"regions {low} to {high}: give 0 to below {len(names)}, one per name")
    centres = [
        ((np.arange(side) + 0.5) * own / side).astype(int)
        for side, own in zip(size, numbers.shape, strict=True)
    ]
    return numbers[np.ix_(*centres)]


def merge_regions(numbers: np.ndarray, names: list[str], key: Callable) -> Regions:
    """Return regions (H, W) joined where `key(name)` is equal, numbered in order of appearance.

    Examples
    --------
    >>> merge_regions(np.array([[0, 1, 2]]), ["sky", "wing/1", "wing/2"], lambda n: n[:4])
    (array([[0, 1, 1]]), ['sky', 'wing'])
    """
    keys = [key(name) for name in names]
    merged = list(dict.fromkeys(keys))
    return np.array([merged.index(k) for k in keys])[numbers], merged


def variance_explained(maps: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the share (N,) of the variance of maps (N, H, W) that lies between regions.

    The correlation ratio η² (Pearson 1905): 1 if a map is constant on every region, 0 if all
    regions have the same mean. A constant map has 0.

    Examples
    --------
    >>> maps = np.array([[[1, 1, 5, 5]], [[1, 5, 1, 5]]])
    >>> variance_explained(maps, np.array([[0, 0, 1, 1]])).tolist()
    [1.0, 0.0]
    """
    flat, of = _flat(maps, numbers)
    counts = np.bincount(of).clip(1)
    means = np.array([np.bincount(of, one) / counts for one in flat])
    total = flat.var(axis=1)
    between = (means[:, of] - flat.mean(axis=1, keepdims=True)) ** 2
    return np.divide(between.mean(axis=1), total, out=np.zeros(len(flat)), where=total > 1e-20)


def region_correlations(maps: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """Return the correlations (N, regions) of maps (N, H, W) with the masks of regions.

    A constant map has 0.

    Examples
    --------
    >>> numbers = np.array([[0, 0, 1, 1]])
    >>> region_correlations(numbers[None].astype(float), numbers).round(2).tolist()
    [[-1.0, 1.0]]
    """
    flat, of = _flat(maps, numbers)
    masks = np.eye(of.max() + 1)[of].T
    flat, masks = (x - x.mean(axis=1, keepdims=True) for x in (flat, masks))
    norms = np.linalg.norm(flat, axis=1)[:, None] * np.linalg.norm(masks, axis=1)
    return np.divide(flat @ masks.T, norms, out=np.zeros(norms.shape), where=norms > 1e-10)


def _flat(maps, numbers):
    maps = np.asarray(maps, float)
    if maps.ndim != 3 or maps.shape[1:] != numbers.shape:
        height, width = numbers.shape
        raise ValueError(f"maps of shape {maps.shape}: give (N, {height}, {width}), as the regions")
    return maps.reshape(len(maps), -1), numbers.reshape(-1)

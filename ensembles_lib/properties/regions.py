"""Named regions of a picture, and how well a map tells them apart."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PIL import Image

from ..core.picture import MAX_PIXELS
from ..core.points import Size, check_size

Regions = tuple[np.ndarray, list[str]]  # the number of each pixel (H, W), the names by number


def open_regions(path: str | Path, size: Size | None = None) -> Regions:
    """Open a picture of region numbers (H, W) and the names that go with it.

    Parameters
    ----------
    path
        Of an image whose pixels are numbers; the list of names lies beside it, in a file of
        the same name that ends in .json.
    size
        Take the number at the centre of each pixel of this size.

    Examples
    --------
    >>> numbers, names = open_regions("data/peacock_elements.png", size=64)
    >>> numbers.shape, bool(numbers.max() < len(names))
    ((64, 64), True)
    """
    size = None if size is None else check_size(size)
    try:
        with Image.open(path) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError(f"{image.width}×{image.height} pixels, more than {MAX_PIXELS:,}")
            numbers = np.asarray(image).astype(int)
        names = json.loads(Path(path).with_suffix(".json").read_text(encoding="utf-8"))
        if not (isinstance(names, list) and all(isinstance(name, str) for name in names)):
            raise ValueError("the names are no list of strings")
        return at_size(numbers, names, size or numbers.shape), names
    except (FileNotFoundError, IsADirectoryError, PermissionError):
        raise
    # Broken files make the decoders raise almost anything: the cause is kept.
    except Exception as error:
        raise ValueError(f"{path} or the names beside it cannot be read: {error}") from error


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
    flat, of = _check_maps(maps, numbers)
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
    flat, of = _check_maps(maps, numbers)
    masks = np.eye(of.max() + 1)[of].T
    flat, masks = (x - x.mean(axis=1, keepdims=True) for x in (flat, masks))
    norms = np.linalg.norm(flat, axis=1)[:, None] * np.linalg.norm(masks, axis=1)
    return np.divide(flat @ masks.T, norms, out=np.zeros(norms.shape), where=norms > 1e-10)


def _check_maps(maps, numbers):
    maps = np.asarray(maps, float)
    if maps.ndim != 3 or maps.shape[1:] != numbers.shape:
        height, width = numbers.shape
        raise ValueError(f"maps of shape {maps.shape}: give (N, {height}, {width}), as the regions")
    return maps.reshape(len(maps), -1), numbers.reshape(-1)

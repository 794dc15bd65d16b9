"""The peacock's own properties: its body, wings, train, head and colours."""

from functools import partial
from pathlib import Path

import numpy as np

from ..core import Picture
from ..core.points import Size
from .properties import Property, colour_property, measure_all, region_property
from .regions import Regions, open_regions, region_mask
from .soft_figures import core


def peacock_properties(
    picture: Picture | str | Path, regions: Regions | None = None, size: Size | None = None
) -> list[Property]:
    """Return the properties of the peacock, 18 of them, for pictures of one size.

    All masks come from the named regions of the drawing. The body's tilt and length are those of
    the axis from the neck to the end of the train (the tilt without the eye-spots); its width is
    that of the blue trunk with the near arm. A wing is its feathers; the area under it is the
    sky between it and the train, inside their convex hull. A wing's length is the longer axis of
    its ellipse, its spread the angle that it fills at half length, seen from the middle of the
    body. Each colour balance is a channel above the mean of the other two, where the bird has
    that colour: red in the wings, green in the train, blue in the body.

    Parameters
    ----------
    picture
        The drawing, of the size of the pictures to be measured, or its file.
    regions
        Its elements, of `open_regions`; of a file, those beside it whose name ends in
        _elements.png.
    size
        Of the pictures to be measured, if the drawing is given as a file.

    Examples
    --------
    >>> properties = peacock_properties(samples.path("peacock.png"), size=64)
    >>> len(properties), properties[0].name, properties[0].unit
    (18, 'body tilt', '°')
    """
    if not isinstance(picture, Picture):
        elements = Path(picture).with_name(f"{Path(picture).stem}_elements.png")
        picture = Picture.open(picture, size)
        regions = regions or open_regions(elements, picture.size)
    if regions is None:
        raise ValueError("regions: give those of the picture, open_regions(path, size)")
    if np.shape(regions[0]) != picture.size:
        raise ValueError(f"regions of shape {np.shape(regions[0])}, a picture of {picture.size}")

    find = partial(region_mask, regions)
    body, far_arm = find("body/neck and back", "body/near arm"), find("body/far arm")
    near, far, tail, train = find("near wing/"), find("far wing/"), find("tail/"), find("train/")
    head, sky = find("head/head", "head/crest"), find("background/")
    eyes = find("train/eye-spot")  # recoloured, they would pass for a tilt
    limbs = far_arm | find("head/")  # they run into the body without a border
    under_near, under_far = (_largest(sky & _hull(wing | train)) for wing in (near, far))
    properties = [
        region_property((body | train) & ~eyes, "tilt", limbs | tail | eyes, name="body tilt"),
        region_property(body, "spread", limbs | train, name="body width"),
        region_property(body | train, "length", limbs | tail, name="body length"),
        region_property(near, "length", tail | train, name="near wing length"),
        region_property(near, "opening", tail | train, body, name="near wing spread"),
        region_property(near, "area", tail | train, name="near wing area"),
        region_property(far, "length", name="far wing length"),
        region_property(far, "opening", None, body, name="far wing spread"),
        region_property(far, "area", name="far wing area"),
        region_property(under_near, "area", sky, name="area under near wing"),
        region_property(under_far, "area", sky, name="area under far wing"),
        region_property(train, "area", body, name="train area"),
        region_property(train, "y", body, name="train height"),
        region_property(head, "area", body | find("head/beak"), name="head size"),
        colour_property(core(far | near), (1, -0.5, -0.5), "red balance"),
        colour_property(core(train), (-0.5, 1, -0.5), "green balance"),
        colour_property(core(body), (-0.5, -0.5, 1), "blue balance"),
        colour_property(np.full(picture.size, True), (1 / 3, 1 / 3, 1 / 3), "brightness"),
    ]
    measure_all(properties, picture)
    return properties


def _hull(mask):
    from scipy.spatial import Delaunay  # slow to import

    points = np.argwhere(mask)
    if not len(points) or not np.ptp(points, axis=0).all():
        raise ValueError("the wings or the train are not there, or too small at this size")
    everywhere = np.indices(mask.shape).reshape(2, -1).T
    return (Delaunay(points).find_simplex(everywhere) >= 0).reshape(mask.shape)


def _largest(mask):
    """Return the largest connected piece of a mask."""
    from scipy.ndimage import label  # slow to import

    pieces, _ = label(mask)
    return mask & (pieces == np.bincount(pieces[mask]).argmax()) if mask.any() else mask

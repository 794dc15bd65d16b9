"""What is measured on a picture, with exact derivatives: tilt, length, area, colour of parts.

Read `properties` first, then `soft_figures` (how geometry is read off) and `measurements` (the same
as functions of the weights); `regions` and `suggestions` say where, `peacock` names the bird's own.
The picture as a whole, how it is turned, stretched and shifted, is a matter of `geometry` and
`affine_fits`.
"""

from .affine_fits import AffineFit, affine_fit, paint_moved, turn_arrows
from .geometry import GENERATORS, affine_generators, geometry_share
from .measurements import Measurement, painted
from .peacock import peacock_properties
from .properties import (
    Property,
    colour_property,
    gram_condition,
    measure_all,
    painted_out,
    region_property,
    weighed_as,
    window_of,
)
from .regions import (
    merge_regions,
    open_regions,
    region_correlations,
    region_mask,
    save_regions,
    variance_explained,
)
from .suggestions import agreement, suggest_regions

__all__ = [
    "affine_fit", "affine_generators", "AffineFit", "agreement", "colour_property",
    "GENERATORS", "geometry_share", "gram_condition", "measure_all", "Measurement",
    "merge_regions", "open_regions", "paint_moved", "painted", "painted_out",
    "peacock_properties", "Property", "region_correlations", "region_mask",
    "region_property", "save_regions", "suggest_regions", "turn_arrows", "variance_explained",
    "weighed_as", "window_of",
]  # fmt: skip

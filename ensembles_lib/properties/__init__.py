"""What is measured on a picture, with exact derivatives: tilt, length, area, colour of parts.

Read `properties` first, then `soft_figures` (how geometry is read off) and `measurements` (the same
as functions of the weights); `regions` and `suggestions` say where, `peacock` names the bird's own.
"""

from .measurements import Measurement, answered, painted
from .peacock import peacock_properties
from .properties import Property, colour_property, gram_condition, measure_all, region_property
from .regions import merge_regions, open_regions, region_correlations, variance_explained
from .suggestions import agreement, suggest_regions

__all__ = [
    "agreement", "answered", "colour_property", "gram_condition", "measure_all", "Measurement",
    "merge_regions", "open_regions", "painted", "peacock_properties", "Property",
    "region_correlations", "region_property", "suggest_regions", "variance_explained",
]  # fmt: skip

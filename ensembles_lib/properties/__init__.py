"""What is measured on a picture, with exact derivatives: tilt, length, area, colour of parts."""

from .measurements import Measurement, answered, painted
from .peacock import peacock_properties
from .properties import (
    Property,
    check_independent,
    colour_property,
    gram_condition,
    measure_all,
    region_property,
)
from .regions import merge_regions, open_regions, region_correlations, variance_explained
from .suggestions import agreement, suggest_regions

__all__ = [
    "agreement", "answered", "check_independent", "colour_property", "gram_condition",
    "measure_all", "Measurement", "merge_regions", "open_regions", "painted", "peacock_properties",
    "Property", "region_correlations", "region_property", "suggest_regions", "variance_explained",
]  # fmt: skip

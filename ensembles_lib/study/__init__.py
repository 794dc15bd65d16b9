"""Measured once, dated, refused when stale: the study, the claims, and pictures of others.

Read `results` (stored measurements), `peacock_study` (of which networks, and what is measured of
them), `claims` (what each of the article's assertions demands), `evidence` and `verdicts`; and
apart from these `own_picture` with `forecasts`, and `profiles`: the pictures and the networks of
others. What trains and measures lies in tools/data/, outside the library.
"""

from .forecasts import Forecast, forecast
from .own_picture import OwnPicture
from .profiles import profile

__all__ = [
    "Forecast", "forecast", "OwnPicture", "profile",
]  # fmt: skip

"""Measured once, dated, refused when stale: the study, the claims, and the work of others.

Read `studies` (traits of many networks, measured once), `peacock_study` (which networks), `claims`
(what each of the article's assertions demands), `evidence` and `verdicts`; and apart from these
`own_picture` and `picbreeder`, the pictures and the networks of others.
"""

from .forecasts import Forecast, forecast
from .own_picture import OwnPicture
from .picbreeder import open_genome
from .profiles import profile

__all__ = [
    "Forecast", "forecast", "open_genome", "OwnPicture", "profile",
]  # fmt: skip

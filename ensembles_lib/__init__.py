"""Ensembles of synapses: a small laboratory for networks that paint.

Everything is a function of a wiring and one flat vector of weights, in the article's numbering of
synapses. The rooms, from the bottom up; each imports only from those above it:

- `ensembles_lib.core`: a wiring, its weights, the painting, learning, pictures
- `ensembles_lib.exchange`: networks to and from other tools: arrays, code, genomes
- `ensembles_lib.sweeps`: move weights and look
- `ensembles_lib.properties`: what is measured on a picture
- `ensembles_lib.ensembles`: which synapses hold a property, and how it is moved alone
- `ensembles_lib.planted`: networks built by hand, with known ensembles
- `ensembles_lib.plots`, `ensembles_lib.widgets`: figures and live widgets of the notebooks
- `ensembles_lib.study`: what was measured once, the claims, pictures of others

`samples` has the peacock and its network. What most readers need is exported here, the rest by the
rooms. The examples of the docstrings take ``import numpy as np``, ``from ensembles_lib import *``,
a small network, ``network = Network.random(layered_wiring((2, 4, 3)), seed=1)``, a property of its
pictures, ``red = colour_property(np.ones((8, 8), bool), (1, 0, 0), "red")``, and an empty folder,
``folder``, a `pathlib.Path`, as given.
"""

from importlib import import_module

from . import samples
from ._files import FileFormatError
from .core import (
    History,
    Network,
    Picture,
    PictureError,
    Wiring,
    article_wiring,
    cascade_wiring,
    coordinates,
    gradient,
    jacobian,
    layered_wiring,
    rmse,
    scaled_wiring,
    train_backprop,
    train_levenberg_marquardt,
)
from .ensembles import (
    best_single_move,
    coordinated_move,
    ensemble,
    leak,
    overlaps,
    participants,
    property_slider,
    robustness,
    selectivity,
    sensitivity,
    suggest_properties,
)
from .exchange import open_genome
from .properties import (
    Property,
    affine_fit,
    colour_property,
    merge_regions,
    open_regions,
    painted,
    peacock_properties,
    region_property,
    suggest_regions,
    variance_explained,
)
from .study import OwnPicture, forecast, profile
from .sweeps import Atlas, atlas, spread, sweep, sweep_grid, working_range, working_ranges

__all__ = [
    "affine_fit", "article_wiring", "Atlas", "atlas", "best_single_move", "cascade_wiring",
    "colour_property", "coordinated_move", "coordinates", "ensemble", "FileFormatError",
    "forecast", "gradient", "History", "jacobian", "layered_wiring", "leak", "merge_regions",
    "Network", "open_genome", "open_regions", "overlaps", "OwnPicture", "painted",
    "participants", "peacock_properties", "Picture", "PictureError", "profile",
    "Property", "property_slider", "region_property", "rmse", "robustness", "samples",
    "scaled_wiring", "selectivity", "sensitivity", "spread", "suggest_properties",
    "suggest_regions", "sweep", "sweep_grid", "train_backprop", "train_levenberg_marquardt",
    "variance_explained", "Wiring", "working_range", "working_ranges",
]  # fmt: skip

# What was renamed since version 0.1, or left the library; the rooms are asked for what they took.
_RENAMED = {"participation_ensemble": "participants", "control_ensemble": "ensemble"}
_TO_TOOLS = {"compare_bases": "bases", "psnr": "traits"}


def __getattr__(name):
    """Say where a name of version 0.1 is now."""
    # An ImportError: Python would put its own words in the place of an AttributeError's.
    if name in _RENAMED:
        raise ImportError(f"{name} is called {_RENAMED[name]} now", name=__name__)
    if name in _TO_TOOLS:
        raise ImportError(
            f"{name} is no part of the library now: it lies in tools/data/measuring/"
            f"{_TO_TOOLS[name]}.py",
            name=__name__,
        )
    for room in ("core", "exchange", "sweeps", "properties", "ensembles", "planted", "study"):
        if name in import_module(f".{room}", __name__).__all__:
            raise ImportError(f"{name} is imported from {__name__}.{room} now", name=__name__)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

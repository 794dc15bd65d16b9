"""A wiring, its weights, the painting, learning, and pictures: the article's main job.

Read `wiring` first (who hears whom, and how synapses are numbered) and `recipes` (for wirings),
then `points` and `passes` (what the neurons do, and the derivatives; `activations` and `colours`
are tables for networks of others), `picture`, `network` (all together: it paints), `derivatives`,
and `training` with `levenberg_marquardt`.
"""

from .derivatives import gradient, jacobian, jacobian_factors
from .levenberg_marquardt import train_levenberg_marquardt
from .network import Network
from .picture import Picture, PictureError, open_square, rmse
from .points import coordinates
from .recipes import article_wiring, cascade_wiring, layered_wiring, scaled_wiring
from .training import Diverged, History, train_backprop
from .wiring import Wiring

__all__ = [
    "article_wiring", "cascade_wiring", "coordinates", "Diverged", "gradient", "History",
    "jacobian", "jacobian_factors", "layered_wiring", "Network", "open_square", "Picture",
    "PictureError", "rmse", "scaled_wiring", "train_backprop",
    "train_levenberg_marquardt", "Wiring",
]  # fmt: skip

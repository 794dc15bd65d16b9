"""A wiring, its weights, the painting, learning, and pictures: the article's main job.

Read `wiring` first (who hears whom, and how synapses are numbered), then `passes` (what the neurons
do, and the derivatives), `points` and `picture`, `network` (all together: it paints), and
`training`.
"""

from .derivatives import gradient, jacobian, jacobian_factors
from .network import Network, WeightsFileError
from .picture import Picture, PictureError, psnr, rmse
from .points import coordinates
from .scaled import scaled_wiring
from .squares import open_square
from .training import History, train_backprop, train_levenberg_marquardt
from .wiring import Wiring, article_wiring, cascade_wiring, layered_wiring

__all__ = [
    "article_wiring", "cascade_wiring", "coordinates", "gradient", "History", "jacobian",
    "jacobian_factors", "layered_wiring", "Network", "open_square", "Picture", "PictureError",
    "psnr", "rmse", "scaled_wiring", "train_backprop", "train_levenberg_marquardt",
    "WeightsFileError", "Wiring",
]  # fmt: skip

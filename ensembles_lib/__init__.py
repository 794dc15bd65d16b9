"""Ensembles of synapses: a small laboratory for networks that paint."""

from .network import Network, WeightsFileError, gradient, jacobian, jacobian_factors
from .picture import Picture, PictureError, coordinates, psnr, rmse
from .training import History, train_backprop, train_levenberg_marquardt
from .wiring import Wiring, article_wiring, cascade_wiring, layered_wiring

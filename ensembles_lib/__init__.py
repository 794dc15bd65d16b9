"""Ensembles of synapses: a small laboratory for networks that paint."""

from ._files import FileFormatError
from .core.derivatives import gradient, jacobian, jacobian_factors
from .core.network import Network, WeightsFileError
from .core.picture import Picture, PictureError, coordinates, psnr, rmse
from .core.scaled import scaled_wiring
from .core.squares import open_square
from .core.training import History, train_backprop, train_levenberg_marquardt
from .core.wiring import Wiring, article_wiring, cascade_wiring, layered_wiring
from .ensembles.control import control_ensemble
from .ensembles.ensembles import (
    compensating_pairs,
    hidden_synapses,
    membership,
    overlaps,
    participation_ensemble,
)
from .ensembles.jitter import robustness
from .ensembles.moves import coordinated_move
from .ensembles.sensitivities import (
    leak,
    linear_ranges,
    moved_by_region,
    property_gradients,
    selectivity,
    sensitivity,
)
from .ensembles.single_moves import best_single_move
from .ensembles.slider import property_slider
from .ensembles.suggested_properties import suggest_properties
from .planted.borders import best_single_synapse, border_sensitivities, find_borders, move_border
from .planted.comparators import (
    Planted,
    all_pairs,
    compare_analog,
    compare_binary,
    compare_binary_two_neurons,
    gap_between_borders,
    two_regions,
)
from .properties.measurements import Measurement, answered, painted
from .properties.peacock import peacock_properties
from .properties.properties import (
    Property,
    check_independent,
    colour_property,
    gram_condition,
    measure_all,
    pixel_property,
    ray_property,
    region_property,
)
from .properties.regions import merge_regions, open_regions, region_correlations, variance_explained
from .properties.suggestions import suggest_regions
from .study.forecasts import Forecast, forecast
from .study.own_picture import OwnPicture
from .study.picbreeder import GenomeFileError, open_genome
from .study.profiles import profile
from .sweeps.atlases import Atlas
from .sweeps.ranges import WorkingRange, working_range, working_ranges
from .sweeps.surveys import atlas, sweep_all
from .sweeps.sweeps import Sweep, spread, sweep, sweep_grid

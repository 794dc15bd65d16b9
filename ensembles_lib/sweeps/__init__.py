"""Move weights and look: working ranges, sweeps, and the atlas of all synapses.

Read `sweeps` first (pictures while a weight is moved), then `ranges` (how far it can be moved; by
`crossings`), `atlases` (what is kept of a sweep of all synapses) and `surveys` (how it is made, by
`downstream`: only what a change reaches is computed again).
"""

from .atlases import Atlas
from .ranges import (
    WorkingRange,
    path_to_change,
    pulled,
    pulled_each,
    straight_path,
    working_range,
    working_ranges,
)
from .surveys import atlas
from .sweeps import Sweep, spread, sweep, sweep_grid

__all__ = [
    "Atlas", "atlas", "path_to_change", "pulled", "pulled_each", "spread", "straight_path",
    "Sweep", "sweep", "sweep_grid", "working_range", "working_ranges", "WorkingRange",
]  # fmt: skip

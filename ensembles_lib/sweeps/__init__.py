"""Move weights and look: working ranges, sweeps, and the atlas of all synapses."""

from .atlases import Atlas
from .ranges import WorkingRange, working_range, working_ranges
from .surveys import atlas
from .sweeps import Sweep, spread, sweep, sweep_grid

__all__ = [
    "Atlas", "atlas", "spread", "Sweep", "sweep", "sweep_grid", "working_range", "working_ranges",
    "WorkingRange",
]  # fmt: skip

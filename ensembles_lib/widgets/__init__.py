"""Live widgets: pictures that are painted anew while something changes."""

from .bordering import BorderSliders
from .comparing import CompareSliders
from .editor import WeightEditor
from .learning import HistoryPlayer, TrainingView
from .properties import PropertySliders
from .sweeping import SynapseSweeper
from .upload import PictureUpload

__all__ = [
    "BorderSliders", "CompareSliders", "HistoryPlayer", "PictureUpload", "PropertySliders",
    "SynapseSweeper", "TrainingView", "WeightEditor",
]  # fmt: skip

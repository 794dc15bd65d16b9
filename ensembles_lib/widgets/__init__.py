"""Live widgets: pictures that are painted anew while something changes."""

from .bordering import BorderSliders, draw_signal
from .comparing import CompareSliders
from .controls import SHOWN, image_of
from .editor import WeightEditor
from .learning import HistoryPlayer, TrainingView
from .properties import PropertySliders
from .sweeping import SynapseSweeper
from .upload import PictureUpload

__all__ = [
    "BorderSliders", "CompareSliders", "draw_signal", "HistoryPlayer", "image_of", "PictureUpload",
    "PropertySliders", "SHOWN", "SynapseSweeper", "TrainingView", "WeightEditor",
]  # fmt: skip

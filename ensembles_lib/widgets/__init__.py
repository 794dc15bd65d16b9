"""Live widgets: pictures that are painted anew while something changes.

Read `controls` (what the widgets are made of) and `turns` (they answer one message at a time)
first; then the small ones, `learning`, `comparing`, `bordering`, `sweeping`, `properties` with
`property_bank`, `upload`; then `editor`, the workbench, made of `views`, `canvas`, `bank`, `panels`
and `edits`. `live_page` needs no kernel: its script paints in the page; no more does
`movie`, whose pictures are in the page.
"""

from .. import plots  # noqa: F401, its first lines say what to install where the laboratory is not
from .bordering import BorderSliders
from .comparing import CompareSliders
from .editor import WeightEditor
from .learning import HistoryPlayer, TrainingView
from .live_page import live_html
from .movie import emergence_movie
from .properties import PropertySliders
from .sweeping import SynapseSweeper
from .upload import PictureUpload

__all__ = [
    "BorderSliders", "CompareSliders", "HistoryPlayer", "PictureUpload", "PropertySliders",
    "emergence_movie", "live_html", "SynapseSweeper", "TrainingView", "WeightEditor",
]  # fmt: skip

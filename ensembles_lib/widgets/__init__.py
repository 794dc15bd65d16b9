"""Live widgets: pictures that are painted anew while something changes.

Read `controls` (what the widgets are made of) and `turns` (they answer one message at a time)
first; then the small ones, `learning`, `comparing`, `bordering`, `sweeping`, `properties` with
`property_bank`, `upload`; then `editor`, the workbench, made of `views`, `canvas`, `bank`, `panels`
and `edits`. `live_page` needs no kernel: its script paints in the page; no more does
`movie`, whose pictures are in the page. `playground` shows the whole network at once, picture, all
activation maps and all synapses, painted by the browser: as a page of its own (`playground_html`),
or beside a kernel that hears of the weights (`Playground`).
"""

from .. import plots  # noqa: F401, its first lines say what to install where the laboratory is not
from .bordering import BorderSliders
from .comparing import CompareSliders
from .editor import WeightEditor
from .learning import HistoryPlayer, TrainingView
from .live_page import live_html
from .movie import emergence_movie
from .playground import Playground, playground_html
from .properties import PropertySliders
from .sweeping import SynapseSweeper
from .upload import PictureUpload

__all__ = [
    "BorderSliders", "CompareSliders", "HistoryPlayer", "PictureUpload", "Playground",
    "PropertySliders", "emergence_movie", "live_html", "playground_html", "SynapseSweeper",
    "TrainingView", "WeightEditor",
]  # fmt: skip

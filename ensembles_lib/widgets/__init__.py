"""Live widgets: pictures that are painted anew while something changes.

Read `controls` (what the widgets are made of) and `turns` (they answer one message at a time)
first. `pages` are pieces of HTML that need no kernel: `small_networks` of the article's part two,
and `playground`, which shows the whole network at once, picture, all activation maps and all
synapses, or the picture with a few sliders, or the atlas, painted by the browser: as a page of its
own (`playground_html`), or beside a kernel that hears of the weights (`Playground`). `editor` is
the workbench: a playground with regions, properties (by `moving`), a log of `edits` and files,
which take a kernel; `scores` judges what was done there. `upload` takes a picture of one's own.
"""

from .. import plots  # noqa: F401, its first lines say what to install where the laboratory is not
from .editor import WeightEditor
from .moving import PropertyMoves
from .playground import Playground, playground_html
from .scores import score
from .small_networks import borders_html, comparison_html
from .upload import PictureUpload

__all__ = [
    "borders_html", "comparison_html", "PictureUpload", "Playground", "playground_html",
    "PropertyMoves", "score", "WeightEditor",
]  # fmt: skip

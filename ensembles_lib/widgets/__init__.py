"""Live widgets: pictures that are painted anew while something changes.

`pages` are pieces of HTML that need no kernel: `small_networks` of the article's part two, and
`playground`, which shows the whole network at once, picture, all activation maps and all
synapses, or the picture with a few sliders, or the atlas, painted by the browser: as a page of its
own (`playground_html`), or beside a kernel that hears of the weights (`Playground`). `moving` says
how a property is moved, and what comes of it. `upload` takes a picture of one's own.
"""

from .. import plots  # noqa: F401, its first lines say what to install where the laboratory is not
from .moving import PropertyMoves
from .playground import Playground, playground_html
from .small_networks import borders_html, comparison_html
from .upload import PictureUpload

__all__ = [
    "borders_html", "comparison_html", "PictureUpload", "Playground", "playground_html",
    "PropertyMoves",
]  # fmt: skip


def __getattr__(name):
    """Say what does the work of the workbench, which left the library."""
    if name == "WeightEditor":
        raise ImportError(
            "WeightEditor is no part of the library now: Playground(network, picture) moves every "
            "synapse and keeps the shape of the picture, playground_html shows the same in a page, "
            "and PropertyMoves moves a property",
            name=__name__,
        )
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

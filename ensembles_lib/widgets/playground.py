"""The playground: the whole network in one view, painted by the browser.

The picture, all activation maps and all synapses as a matrix: drag a cell and everything follows.
The same script runs in a page without a kernel (`playground_html`) and on anywidget with one
(`Playground`). It is one module in several files (`SHOWING`): `playground_model.js` computes, with
the kernels of `kernels.js`; `playground_state.js` knows what is chosen and moved; the others
show a part each, and `playground.js` puts them together.
"""

import hashlib
import html
import re
from collections.abc import Mapping
from pathlib import Path

import anywidget
import numpy as np
import traitlets

from ..core import Network, Picture
from ..core.points import Size, fit
from .pages import SHOWN, STILL, LiveHTML, as_text, live_piece, still_png
from .playground_data import TAUGHT, playground_data

HERE = Path(__file__)
Ensembles = Mapping[str, tuple]  # (amounts, weights) or (amounts, weights, readings)
# What is shown of each view, beside what all of them have: a page holds no more than it needs.
ALWAYS = ("model", "dom", "state", "picture", "paths")
SHOWING = {
    "whole": ("animation", "view", "list", "sliders", "heal", "files", "tools", "hands", "shades",
              "sheet", "matrix", "whole"),
    "network": ("view", "sliders", "heal", "tools", "hands", "shades", "sheet", "matrix",
                "network"),
    "sliders": ("piece",),
    "atlas": ("piece", "sheet", "atlas"),
    "readings": ("readings",),  # of ensembles, in any view
}  # fmt: skip


def script(views=tuple(SHOWING)):
    """Return the module without its export: what a page runs."""
    files = [HERE.with_name(f"playground_{part}.js") for part in (*ALWAYS, *_shown(views))]
    lines = _text(HERE.with_name("kernels.js"), *files, HERE.with_suffix(".js")).splitlines()
    # A quarter of it is spaces and comments: they need not be in every page. Nor need most ends of
    # lines: where templates go over lines it is within what they put in.
    bare = "\n".join(bare for line in lines if (bare := _bare(line.strip())))
    return re.sub(r"(?<=[;{,(])\n", "", bare)


def style(views=tuple(SHOWING)):
    """Return the style sheet of the playground."""
    files = [HERE.with_name(f"playground_{part}.css") for part in _shown(views)]
    text = _text(HERE.with_suffix(".css"), *(file for file in files if file.exists()))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return re.sub(r"\s*([{};,])\s*|(?<=:)\s+", r"\1", text)


def _shown(views):
    return list(dict.fromkeys(part for view in views for part in SHOWING[view]))


def _text(*files):
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def _bare(line):
    """Return a line of script without comment and without spaces beside most signs.

    What stands in quotes is kept, and so are lines with a part of a template.
    """
    if line[:2] == "//":
        return ""
    begun = line.partition("`")[0]
    if line.count("`") not in (0, 2) or begun.count("}") > begun.count("{"):
        return line
    code = [part for part in re.split(r'("(?:[^"\\]|\\.)*"|`[^`]*`)', line) if part]
    for number, part in enumerate(code):
        if part[0] in '"`':
            continue
        before, comment, _ = part.partition("// ")
        bare = re.sub(r" *([,;{}()=<>?:|*!\[\]]) *", r"\1", before)
        code[number] = re.sub(r" *&& *", "&& ", bare)  # without a space it would be escaped
        if comment:
            return "".join(code[: number + 1]).rstrip()
    return "".join(code)


def playground_html(
    network: Network,
    target: Picture | None = None,
    ensembles: Ensembles | None = None,
    size: Size = 128,
    title: str | None = None,
    shades: Mapping[str, np.ndarray] | None = None,
    presets: Mapping[str, np.ndarray] | None = None,
    view: str = "whole",
    outline: np.ndarray | None = None,
    target_caption: str = TAUGHT,
) -> LiveHTML:
    """Return the whole network as one live view that needs no kernel and no connection.

    It shows itself in a notebook, with a still picture where scripts are stripped; `save` writes
    a page that opens from disk and keeps what was changed in its address.

    Parameters
    ----------
    network
        One that paints, of at most 65,536 synapses. Of more than 1,500 the matrix shows those
        around one neuron.
    target
        The picture that was taught: with it, the network can go on learning in the page.
    ensembles
        For each name amounts (T,), ascending with 0 among them, and the weights there (T, S),
        those of the network at 0, such as `amounts` and `path` of a `coordinated_move`. Each
        becomes one slider; between amounts weights go along straight lines, and what several
        sliders move adds up. Of one synapse the slider shows the weight. What begins at 0, such as
        a training (its steps and weights, of the network at the start), is played once, from end to
        end, with all its knots at equal distances. A third entry shows beside the slider what else
        changes and what is held still: for each name, with its unit such as "area (%)", values
        (T,) along the path.
    size
        Of the picture: (height, width), or one number, the longer side in the shape of `target`;
        without one it is a square.
    title
        Says what the picture shows, to those who cannot see it and as title of a saved page.
    shades
        For each name a number per synapse (S,) that colours its cell on demand: from 0 to 1, or
        from -1 to 1 if signed, NaN where there is none; such as the shares of synapses in a
        component, or in a part of the picture. Weights, working ranges and shares of geometry
        (`geometry_share`) are there without asking.
    presets
        For each name weights (S,) that can be chosen from a menu.
    view
        What is shown. The "whole" network; or the "network" without what saves, sweeps and
        lists; or the picture and its "sliders", one for each ensemble
        (at least one), for a page that teaches one thing: beside the picture is then the one that
        was taught, or, without `target`, how it has changed since the start; or the "atlas", where
        each synapse has a small map of what it moves, and is played at a click.
    outline : (H, W) bool array, optional
        A region of the picture whose edge is drawn over it.
    target_caption
        What `target` is called in the page, such as "the goal" where it is to be reached by hand.

    Examples
    --------
    >>> playground_html(network, title="A sketch")
    LiveHTML(128×128, 27 synapses)
    """
    data = playground_data(
        network, target, ensembles, size, title, shades, presets, view, outline, target_caption
    )
    # Without pictures: how they are encoded changes from one release of Pillow to the next.
    digest = hashlib.sha256(as_text(data | {"target": ""}).encode()).hexdigest()[:12]
    views = [view, *(["readings"] if any(one["readings"] for one in data["ensembles"]) else [])]
    height, width = fit(SHOWN, data["size"])
    piece = live_piece(
        HERE.with_suffix(".html"), f"playground-{digest}", style(views),
        f"{script(views)}\nopenInPage(root);", data, title=html.escape(data["title"]), width=width,
        height=height, still=still_png(network.paint(_still_size(data["size"]))),
    )  # fmt: skip
    summary = "{}×{}, {} synapses".format(*data["size"], network.wiring.n_synapses)
    return LiveHTML(piece, data["title"], summary, '<body class="playground-page">')


class Synapse(traitlets.HasTraits):
    """One synapse of a `Playground`, whose `value` can be linked to a slider.

    Attributes
    ----------
    value : float
        Its weight: set it and the picture follows; it follows what the hand does in the page.
    """

    value = traitlets.Float()

    def __init__(self, playground, number):
        super().__init__(value=float(playground.weights[number]))
        self._playground, self._number = playground, number
        playground.observe(self._moved, "weights")
        self.observe(self._set, "value")

    @traitlets.validate("value")
    def _finite(self, proposal):
        if not np.isfinite(proposal["value"]):
            raise ValueError(f"weight {proposal['value']}: give a finite number")
        return proposal["value"]

    def _moved(self, change):
        self.value = float(change["new"][self._number])

    def _set(self, change):
        if self._playground.weights[self._number] != change["new"]:
            weights = self._playground.weights.copy()
            weights[self._number] = change["new"]
            self._playground.weights = weights


class Playground(anywidget.AnyWidget):
    """The whole network in one view, of which the kernel hears when the hand rests.

    Parameters
    ----------
    network, target, ensembles, size, title, shades, presets, view, outline, target_caption
        As for `playground_html`.

    Attributes
    ----------
    weights : (S,) array
        The weights as they are in the page, exactly; set them and the picture follows.
        ValueError if there are more or fewer than synapses, or one is not finite.
    network : Network
        The network with these weights.

    Examples
    --------
    >>> playground = Playground(network)
    >>> synapse = playground.synapse(5)
    >>> synapse.value = 0.5
    >>> float(playground.network.weights[5])
    0.5
    """

    _esm = script() + "\nexport default { render };\n"
    _css = style()
    _data = traitlets.Unicode().tag(sync=True)
    weights = traitlets.Any().tag(
        sync=True,
        to_json=lambda weights, _: weights.astype("<f8").tobytes(),
        from_json=lambda raw, _: np.frombuffer(raw, "<f8") if len(raw) % 8 == 0 else raw,
    )

    def __init__(self, network: Network, *given, **options):
        data = playground_data(network, *given, **options)
        self._start, self._size, self._title = network, data["size"], data["title"]
        self._synapses: dict[int, Synapse] = {}
        super().__init__(_data=as_text(data), weights=network.weights)

    @traitlets.validate("weights")
    def _valid(self, proposal):
        return Network(self._start.wiring, proposal["value"]).weights

    @property
    def network(self) -> Network:
        """The network with the weights as they are now."""
        return Network(self._start.wiring, self.weights)

    def synapse(self, number: int) -> Synapse:
        """Return the synapse of this number, whose `value` is its weight in the page.

        IndexError if there is no such synapse. A slider of ipywidgets is tied to it by
        ``ipywidgets.link((slider, "value"), (playground.synapse(5), "value"))``.

        Examples
        --------
        >>> bool(Playground(network).synapse(3).value == network.weights[3])
        True
        """
        number = self._start.wiring.check_synapse(number)
        return self._synapses.setdefault(number, Synapse(self, number))

    def _repr_mimebundle_(self, **options):
        """The view, and a picture where it cannot be shown."""
        bundle = super()._repr_mimebundle_(**options)
        # anywidget gives data and metadata, plain ipywidgets the data alone.
        data, about = bundle if isinstance(bundle, tuple) else (bundle, {})
        picture = {"image/png": self.network.paint(_still_size(self._size)).to_png()}
        return {**data, **picture, "text/plain": repr(self)}, about

    def __repr__(self):
        return f"Playground({self._title}, {self._start.wiring.n_synapses} synapses)"


def _still_size(size):
    return fit(min(STILL, max(size)), size)

"""Small networks built by hand, alive in a page without a kernel: the article's part two.

Each piece computes its network itself, in the browser: `small_comparison.js` shows what one neuron
says of all pairs of two numbers, `small_borders.js` a signal on a line whose borders are dragged.
Where scripts are stripped, a still picture remains.
"""

import base64
import hashlib
import html
import io
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgb

from ..core import Network
from ..planted import Planted, find_borders, signal_ranges
from ..plots import SIGNED, signals, two_numbers
from .pages import LiveHTML, as_text, live_piece

HERE = Path(__file__)
STOPS = [[round(255 * c) for c in to_rgb(SIGNED(at))] for at in (0.0, 0.25, 0.5, 0.75, 1.0)]


def comparison_html(planted: Planted, title: str = "One neuron compares two numbers") -> LiveHTML:
    """Return a comparator under the hand: all pairs as it answers them, a slider for each synapse.

    Two more sliders scale the ensemble of a and that of b. Bars beside the map show how much each
    number adds to the sum.

    Parameters
    ----------
    planted
        From `compare_binary`, with up to 6 bits and a ratio of 1.

    Examples
    --------
    >>> from ensembles_lib.planted import compare_binary
    >>> comparison_html(compare_binary(4))
    LiveHTML(one neuron, 256 pairs)
    """
    network, bits = planted.network, planted.network.wiring.n_inputs // 2
    weights = network.weights.tolist()
    if network.wiring.n_neurons != 1 or bits > 6 or 0 in weights:
        raise ValueError(f"{network!r}: give compare_binary(bits) with up to 6 bits")
    data = {"start": weights, "bits": bits, "stops": STOPS}
    figure = two_numbers(network.wiring, [weights], bits, ["as built"], width=4.2)
    alt = f"Map of all pairs of two {bits}-bit numbers, as one neuron compares them"
    return _piece("comparison", data, title, alt, figure, f"one neuron, {4**bits} pairs")


def borders_html(network: Network, title: str = "Borders of a signal on a line") -> LiveHTML:
    """Return a signal whose borders are dragged, and the weights that move them.

    A border that is dragged is moved by all weights that may move, while the others are held where
    they are, as well as these weights can: of all changes the smallest, in working ranges. What is
    shown depends on the places asked for and on the weights that may move, not on the way there.

    Parameters
    ----------
    network
        With inputs x and 1, one output, and borders (see `find_borders`).

    Examples
    --------
    >>> from ensembles_lib.planted import four_neurons
    >>> borders_html(four_neurons().network)
    LiveHTML(4 borders, 10 synapses)
    """
    places, wiring = find_borders(network), network.wiring
    if not len(places):
        raise ValueError("this network has no borders on the line: there is nothing to drag")
    sources = [wiring.source[wiring.synapses_of(j)].tolist() for j in range(wiring.n_neurons)]
    ranges = [float(f"{r:.6g}") for r in np.minimum(signal_ranges(network), 1e6)]
    data = {"sources": sources, "start": network.weights.tolist(), "ranges": ranges}
    summary = f"{len(places)} borders, {wiring.n_synapses} synapses"
    figure = signals({"": network}, letters=True)
    return _piece("borders", data, title, f"A signal on a line: {summary}", figure, summary)


def _piece(kind, data, title, alt, figure, summary):
    """Return a live piece whose script is `small_<kind>.js`, and its still a figure."""
    files = [HERE.with_name("playground_dom.js"), HERE.with_suffix(".js")]
    files.append(HERE.with_name(f"small_{kind}.js"))
    script = "\n".join(file.read_text(encoding="utf-8") for file in files)
    digest = hashlib.sha256(as_text(data | {"title": title}).encode()).hexdigest()[:12]
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100)
    plt.close(figure)
    width, height = (np.array(figure.get_size_inches()) * 100).astype(int)
    piece = live_piece(
        HERE.with_suffix(".html"), f"small-{digest}",
        HERE.with_suffix(".css").read_text(encoding="utf-8"),
        f"{script}\nopen{kind.title()}(root);", data, title=html.escape(title),
        alt=html.escape(alt), width=width, height=height,
        still=base64.b64encode(buffer.getvalue()).decode(),
    )  # fmt: skip
    return LiveHTML(piece, title, summary)

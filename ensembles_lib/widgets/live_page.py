"""A picture that stays live in a page without a kernel.

One piece of HTML that needs nothing else: the still picture, a native slider for each move, the
weights as JSON, and the script that paints (`live_page.js`, with a kernel from `live_page.wat`).
Where scripts do not run, the still picture and a note remain.
"""

import base64
import hashlib
import html
import io
import json
from decimal import Decimal
from pathlib import Path
from string import Template
from typing import NamedTuple

import numpy as np
from PIL import Image

from .._files import replacing
from ..core import Network
from ..core.passes import respond
from ..core.points import Size, check_memory, check_size, coordinates, fit
from ..plots import BLUE, INK, QUIET

SCRIPT, STYLE, PIECE = (Path(__file__).with_suffix(kind) for kind in (".js", ".css", ".html"))
STEPS = 200  # of a slider from end to end
REACH, CHANGE = 5.0, 0.05  # a range unless given: so many times the linear working range
SHOWN = 256  # CSS pixels of its longer side, where styles do not apply
STILL = 128  # pixels of the longer side of the still picture, at most
PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
</head>
<body>
{html}
</body>
</html>
"""
# JupyterLab would take the keys pressed on a slider, if it were not told.
CONTROL = """\
<div class="live-move"><label for="{name}">{label}</label>
<output for="{name}" aria-live="off">{shown}</output>
<div class="live-track"><span class="live-start" \
style="left: calc(8px + (100% - 16px) * {at:.3f})"></span>
<input type="range" id="{name}" min="{low:f}" max="{high:f}" step="{step:f}" \
value="{start:.9g}" autocomplete="off" data-lm-suppress-shortcuts="true" disabled></div></div>"""


class LiveHTML(NamedTuple):
    """A live picture as HTML, which shows itself in a notebook.

    Attributes
    ----------
    html : str
        Everything in one `<div>`; also what `str()` returns. Equal for equal arguments.
    title, summary : str
    """

    html: str
    title: str
    summary: str

    def _repr_html_(self):
        return self.html

    def __str__(self):
        return self.html

    def __repr__(self):
        return f"LiveHTML({self.summary})"

    def save(self, path):
        """Write a page that needs no network and no other file, whole or not at all."""
        page = PAGE.format(title=html.escape(self.title), html=self.html)
        with replacing(path) as temporary:
            temporary.write_text(page, encoding="utf-8", newline="\n")


def live_html(
    network: Network, synapses, size: Size = 128, labels=None, ranges=None, title: str | None = None
) -> LiveHTML:
    """Return a picture with sliders that paints itself in the browser, without a kernel.

    Parameters
    ----------
    network
        Of 3 inputs and 3 outputs.
    synapses : sequence of int or (S,) arrays
        A slider each. The number of a synapse: the slider is its weight. A direction: the
        slider is the multiple of it that is added to the weights; several add up.
    labels : sequence of str, optional
        Of the sliders.
    ranges : sequence of (low, high) or None, optional
        Of the sliders, around the weight of the synapse, or around 0 for a direction. Unless
        given, five times the linear working range to both sides: the move that changes the
        picture by 0.05 (root mean square) as far as its derivative tells.
    title
        Says what the picture shows, to those who cannot see it and as title of a saved page.

    Raises
    ------
    ValueError
        If the network does not paint by tanh neurons of x, y and 1, there is nothing to move, or
        a synapse, direction, label or range cannot be.

    Examples
    --------
    >>> live_html(network, [0, 18], ranges=[(-2, 2), None])
    LiveHTML(128×128, sliders: synapse 0, synapse 18)
    """
    if not isinstance(network, Network):
        raise ValueError(f"{network!r}: give a Network")
    network.check_paints()
    wiring, size = network.wiring, check_size(size)
    if wiring.n_inputs != 3 or set(wiring.activations) != {"tanh"} or wiring.colours != "signed":
        raise ValueError(f"{wiring!r}: a live picture has inputs x, y, 1, and tanh neurons only")
    planes = (wiring.n_inputs + wiring.n_neurons, *size)
    check_memory(planes, np.float32, f"a live picture of {size[0]}×{size[1]}")
    moves = _moves(network, synapses, labels, ranges)
    if title is None:
        title = f"Painting by a network of {wiring.n_synapses} synapses"
    data = {
        "title": _text(title, "title"),
        "size": size,
        "sources": [wiring.sources_of(neuron).tolist() for neuron in range(wiring.n_neurons)],
        "weights": _rounded(network.weights, 9),
        "moves": [move | {"low": float(low), "high": float(high)} for move, low, high in moves],
    }
    # "<" could end the script early.
    data = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    # The name is a digest of the contents: the checks of stored outputs need the same on each run.
    name = "live-" + hashlib.sha256(data.encode()).hexdigest()[:12]
    height, width = fit(SHOWN, size)
    piece = Template(PIECE.read_text(encoding="utf-8")).substitute(
        {"name": name, "title": html.escape(title), "data": data, "width": width, "height": height},
        still=_png(network.paint(fit(min(STILL, max(size)), size))),
        controls="\n".join(_control(f"{name}-{i}", *move) for i, move in enumerate(moves)),
        style=STYLE.read_text(encoding="utf-8"), script=SCRIPT.read_text(encoding="utf-8"),
        ink=INK, quiet=QUIET, blue=BLUE,
    )  # fmt: skip
    summary = f"{size[0]}×{size[1]}, sliders: {', '.join(move['label'] for move, _, _ in moves)}"
    return LiveHTML(piece.rstrip("\n"), title, summary)


def _moves(network, synapses, labels, ranges):
    """Return (move, low, high) of every slider, or raise a ValueError that says what is wrong."""
    count = len(synapses) if hasattr(synapses, "__len__") else 0
    if not count:
        raise ValueError(f"synapses {synapses!r}: give a list with at least one to move")
    for name, given in (("labels", labels), ("ranges", ranges)):
        sized = hasattr(given, "__len__") and not isinstance(given, str)
        if given is not None and not (sized and len(given) == count):
            raise ValueError(f"{name} {given!r}: give one for each of {count} sliders")
    none = [None] * count
    labels, ranges = (none if given is None else given for given in (labels, ranges))
    moves, seen, n_directions = [], set(), 0
    for chosen, label, ends in zip(synapses, labels, ranges, strict=True):
        if np.ndim(chosen) == 0:
            try:
                k = network.wiring.check_synapse(chosen)
            except IndexError as error:
                raise ValueError(str(error)) from None
            if k in seen:
                raise ValueError(f"synapse {k} is given twice: give each a slider once")
            seen.add(k)
            move = {"label": f"synapse {k}", "start": float(network.weights[k])}
            move |= {"synapses": [k], "by": [1]}
        else:
            n_directions += 1
            direction = _direction(network.wiring, chosen)
            k = np.flatnonzero(direction)
            move = {"label": f"direction {n_directions}", "start": 0.0}
            move |= {"synapses": k.tolist(), "by": _rounded(direction[k], 7)}
        if label is not None:
            move["label"] = _text(label, "label")
        ends = _default_range(network, move) if ends is None else ends
        moves.append((move, *_limits(ends, move)))
    return moves


def _direction(wiring, values):
    """Return a direction as (S,) float array, checked."""
    try:
        direction = np.asarray(values, float)
    except (TypeError, ValueError):
        raise ValueError(f"direction {values!r}: give real numbers") from None
    if direction.shape != (wiring.n_synapses,):
        raise ValueError(
            f"direction of shape {direction.shape}: this wiring has {wiring.n_synapses} synapses"
        )
    if not np.isfinite(direction).all() or not direction.any():
        raise ValueError("a direction must be finite and move at least one synapse")
    return direction


def _text(value, what):
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{what} {value!r}: give some words")
    return value


def _rounded(values, digits):
    """Return numbers as short as single precision allows."""
    return [float(f"{value:.{digits}g}") for value in values]


def _limits(given, move):
    """Return the ends of a slider as decimals, whose two hundredth part is exact."""
    try:
        low, high = (float(end) for end in given)
    except (TypeError, ValueError):
        raise ValueError(f"range {given!r} of {move['label']}: give (low, high)") from None
    if not (low < high and np.isfinite(high - low)):
        raise ValueError(f"range {given!r} of {move['label']}: give low < high, both finite")
    if not low <= move["start"] <= high:
        raise ValueError(
            f"range {given!r} of {move['label']} must hold {move['start']:g}, where it starts"
        )
    places = max(0, 5 - int(np.floor(np.log10(high - low))))
    return Decimal(f"{low:.{places}f}"), Decimal(f"{high:.{places}f}")


def _default_range(network, move, size=128):
    """Return a range in which the picture changes visibly but, most often, is not yet lost."""
    weights = network.weights.astype(complex)
    weights[move["synapses"]] += 1e-20j * np.array(move["by"])  # complex step: the derivative
    slopes = respond(network.wiring, weights, coordinates(size)).imag / 1e-20
    slope = np.sqrt(np.mean(slopes**2))
    # Few digits, so that the page does not change with the processor.
    reach = float(f"{REACH * CHANGE / slope:.2g}") if slope > 1e-6 else 1.0
    return move["start"] - reach, move["start"] + reach


def _control(name, move, low, high):
    """Return the HTML of one slider with its label and value."""
    step, start = (high - low) / STEPS, move["start"]
    digits = min(6, max(0, int(np.ceil(-np.log10(float(step))))))
    return CONTROL.format(
        name=name, label=html.escape(move["label"]), low=low, high=high, step=step, start=start,
        shown=f"{start:.{digits}f}".replace("-", "−"), at=(start - float(low)) / float(high - low),
    )  # fmt: skip


def _png(picture):
    """Return a picture in 256 colours as a PNG, in base 64."""
    buffer = io.BytesIO()
    image = Image.fromarray(picture.to_bytes()).quantize(256, dither=Image.Dither.NONE)
    image.save(buffer, "png", compress_level=0)
    return base64.b64encode(buffer.getvalue()).decode()

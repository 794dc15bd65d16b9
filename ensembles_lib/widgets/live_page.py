"""A picture that stays live in a page without a kernel.

One piece of HTML that needs nothing else: the still picture, a native slider for each move, the
weights as JSON, and the script that paints (`live_page.js`, with a kernel from `live_page.wat`).
Where scripts do not run, the still picture and a note remain.
"""

import base64
import hashlib
import html
import json
import struct
import zlib
from decimal import Decimal
from pathlib import Path

import numpy as np
from PIL import Image

from .._files import replacing
from ..core.network import Network
from ..core.passes import respond
from ..core.points import check_memory, check_size, coordinates, fit
from ..plots import BLUE, INK, QUIET

SCRIPT, STYLE = (Path(__file__).with_suffix(kind) for kind in (".js", ".css"))
OWN_KEYS = 'data-lm-suppress-shortcuts="true"'  # or JupyterLab takes the keys pressed on it
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


class LiveHTML:
    """A live picture as HTML, which shows itself in a notebook.

    Attributes
    ----------
    html : str
        Everything in one `<div>`; also what `str()` returns. Equal for equal arguments.
    title : str
    """

    def __init__(self, html, title, summary):
        self.html, self.title, self._summary = html, title, summary

    def _repr_html_(self):
        return self.html

    def __str__(self):
        return self.html

    def __repr__(self):
        return f"LiveHTML({self._summary})"

    def save(self, path):
        """Write a page that needs no network and no other file, whole or not at all.

        Raises
        ------
        OSError
            If the file cannot be written; what stood there stays.
        """
        page = PAGE.format(title=html.escape(self.title), html=self.html)
        with replacing(path) as temporary:
            temporary.write_text(page, encoding="utf-8", newline="\n")


def live_html(network, synapses, size=128, labels=None, ranges=None, title=None):
    """Return a picture with sliders that paints itself in the browser, without a kernel.

    Parameters
    ----------
    network : Network
        Of 3 inputs and 3 outputs.
    synapses : sequence of int or (S,) arrays
        A slider each. The number of a synapse: the slider is its weight. A direction: the
        slider is the multiple of it that is added to the weights; several add up.
    size : int or (height, width)
        Of the picture, in pixels.
    labels : sequence of str, optional
        Of the sliders.
    ranges : sequence of (low, high) or None, optional
        Of the sliders, around the weight of the synapse, or around 0 for a direction. Unless
        given, five times the linear working range to both sides: the move that changes the
        picture by 0.05 (root mean square) as far as its derivative tells.
    title : str, optional
        Says what the picture shows, to those who cannot see it and as title of a saved page.

    Returns
    -------
    LiveHTML

    Raises
    ------
    ValueError
        If the network does not paint by tanh neurons of x, y and 1, there is nothing to move, or
        a synapse, direction, label or range cannot be.

    Examples
    --------
    >>> live_html(Network.random(article_wiring()), [0, 418], ranges=[(-2, 2), None])
    LiveHTML(128×128, sliders: synapse 0, synapse 418)
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
    still = _png(network.paint(fit(min(STILL, max(size)), size)))
    summary = f"{size[0]}×{size[1]}, sliders: {', '.join(move['label'] for move, _, _ in moves)}"
    return LiveHTML(_piece(data, moves, still, title, size), title, summary)


def _moves(network, synapses, labels, ranges):
    """Return (move, low, high) of every slider, or raise a ValueError that says what is wrong."""
    try:
        chosen = list(synapses)
    except TypeError:
        chosen = []
    if not chosen:
        raise ValueError(f"synapses {synapses!r}: give a list with at least one to move")
    for name, given in (("labels", labels), ("ranges", ranges)):
        sized = given is None or (hasattr(given, "__len__") and not isinstance(given, str))
        if not sized or (given is not None and len(given) != len(chosen)):
            raise ValueError(f"{name} {given!r}: give one for each of {len(chosen)} sliders")
    moves, seen, n_directions = [], set(), 0
    for number, one in enumerate(chosen):
        if np.ndim(one) == 0:
            k = _synapse(network.wiring, one)
            if k in seen:
                raise ValueError(f"synapse {k} is given twice: give each a slider once")
            seen.add(k)
            move = {"label": f"synapse {k}", "start": float(network.weights[k])}
            move |= {"synapses": [k], "by": [1]}
        else:
            n_directions += 1
            direction = _direction(network.wiring, one)
            k = np.flatnonzero(direction)
            move = {"label": f"direction {n_directions}", "start": 0.0}
            move |= {"synapses": k.tolist(), "by": _rounded(direction[k], 7)}
        if labels is not None:
            move["label"] = _text(labels[number], "label")
        given = None if ranges is None else ranges[number]
        ends = _default_range(network, move) if given is None else given
        moves.append((move, *_limits(ends, move)))
    return moves


def _synapse(wiring, number):
    try:
        return wiring.check_synapse(number)
    except IndexError as error:
        raise ValueError(str(error)) from None


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


def _piece(data, moves, still, title, size):
    """Return the HTML of it all."""
    # The name is a digest of the contents: the checks of stored outputs need the same on each run.
    name = "live-" + hashlib.sha256(data.encode()).hexdigest()[:12]
    controls = "\n".join(_control(f"{name}-{i}", *move) for i, move in enumerate(moves))
    title, still = html.escape(title), base64.b64encode(still).decode()
    height, width = fit(SHOWN, size)
    return f"""\
<div class="ensemble-live {name}" role="group" aria-label="{title}" \
style="--ink: {INK}; --quiet: {QUIET}; --blue: {BLUE}">
<style>
{STYLE.read_text(encoding="utf-8")}</style>
<div class="live-row">
<figure class="live-picture"><img alt="{title}" width="{width}" height="{height}" \
src="data:image/png;base64,{still}"></figure>
<div class="live-controls">
{controls}
<div class="live-foot"><button type="button" {OWN_KEYS} disabled>reset</button>
<p>change (RMS) <output class="live-change">0.000</output></p></div>
<p class="live-note">Still picture: its sliders need scripts (in Jupyter, a trusted notebook).</p>
</div>
</div>
<script type="application/json">{data}</script>
<script>
(function () {{
{SCRIPT.read_text(encoding="utf-8")}
bringAllToLife("{name}");
}})();
</script>
</div>"""


def _control(name, move, low, high):
    """Return the HTML of one slider with its label and value."""
    step, start = (high - low) / STEPS, move["start"]
    digits = min(6, max(0, int(np.ceil(-np.log10(float(step))))))
    shown = f"{start:.{digits}f}".replace("-", "−")
    at = (start - float(low)) / float(high - low)
    return f"""\
<div class="live-move"><label for="{name}">{html.escape(move["label"])}</label>
<output for="{name}" aria-live="off">{shown}</output>
<div class="live-track"><span class="live-start" \
style="left: calc(8px + (100% - 16px) * {at:.3f})"></span>
<input type="range" id="{name}" min="{low:f}" max="{high:f}" step="{step:f}" \
value="{start:.9g}" autocomplete="off" {OWN_KEYS} disabled></div></div>"""


def _png(picture):
    """Return a picture in 256 colours as a PNG file that is not compressed.

    What a compressor writes differs between releases of zlib, and then a stored output would no
    longer be equal to a fresh one.
    """
    height, width = picture.size
    image = Image.fromarray(picture.to_bytes()).quantize(256, dither=Image.Dither.NONE)
    rows = np.zeros((height, 1 + width), np.uint8)  # each begins with its filter, none
    rows[:, 1:] = np.asarray(image)
    raw, blocks = rows.tobytes(), [b"\x78\x01"]
    for start in range(0, len(raw), 65535):
        part = raw[start : start + 65535]
        last = start + 65535 >= len(raw)
        blocks.append(struct.pack("<BHH", last, len(part), len(part) ^ 0xFFFF) + part)
    blocks.append(struct.pack(">I", zlib.adler32(raw)))
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", bytes(image.getpalette())),
        (b"IDAT", b"".join(blocks)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in chunks
    )

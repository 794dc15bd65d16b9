"""A picture that stays live in a page without a kernel.

One piece of HTML that needs nothing else: the still picture, a native slider for each synapse, the
weights as JSON, and the script that paints (`live_page.js`, with the kernels of `kernels.js`).
Where scripts do not run, the still picture and a note remain.
"""

import base64
import hashlib
import html
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from string import Template
from typing import NamedTuple

import numpy as np
from PIL import Image

from .._files import replacing
from ..core import Network
from ..core.points import Size, check_memory, check_size, fit
from ..ensembles import linear_ranges
from ..plots import BLUE, INK, QUIET

SCRIPT, STYLE, PIECE = (Path(__file__).with_suffix(kind) for kind in (".js", ".css", ".html"))
KERNELS = Path(__file__).with_name("kernels.js")
STEPS = 200  # of a slider from end to end
REACH = 5.0  # of a slider, in linear working ranges
DEAD = 5e4  # a working range of a synapse that as good as nothing hears
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
{body}
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
        Everything in one `<div>`. Equal for equal arguments.
    title, summary : str
    body : str
        The tag around it in a page of its own.
    """

    html: str
    title: str
    summary: str
    body: str = "<body>"

    def _repr_html_(self):
        return self.html

    def __repr__(self):
        return f"LiveHTML({self.summary})"

    def save(self, path):
        """Write a page that needs no network and no other file, whole or not at all."""
        page = PAGE.format(title=html.escape(self.title), html=self.html, body=self.body)
        with replacing(path) as temporary:
            temporary.write_text(page, encoding="utf-8", newline="\n")


def script():
    """Return the script of the page, with the kernels that it needs."""
    return "".join(path.read_text(encoding="utf-8") for path in (KERNELS, SCRIPT))


def live_html(
    network: Network, synapses: Sequence[int], size: Size = 128, title: str | None = None
) -> LiveHTML:
    """Return a picture with sliders that paints itself in the browser, without a kernel.

    A slider goes to both sides of its weight as far as five linear working ranges.

    Parameters
    ----------
    network
        Of 3 inputs and 3 outputs, tanh neurons only.
    synapses
        Those whose weights get a slider.
    title
        Says what the picture shows, to those who cannot see it and as title of a saved page.

    Examples
    --------
    >>> live_html(network, [0, 18])
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
    synapses = _checked(wiring, synapses)
    if title is None:
        title = f"Painting by a network of {wiring.n_synapses} synapses"
    if not isinstance(title, str) or not title.strip():
        raise ValueError(f"title {title!r}: give some words")
    data = {
        "size": size,
        "sources": [wiring.sources_of(neuron).tolist() for neuron in range(wiring.n_neurons)],
        # As short as single precision allows.
        "weights": [float(f"{weight:.9g}") for weight in network.weights],
        "synapses": synapses,
    }
    data = json.dumps(data, separators=(",", ":"))
    # The name is a digest of the contents: the checks of stored outputs need the same on each run.
    name = "live-" + hashlib.sha256(data.encode()).hexdigest()[:12]
    height, width = fit(SHOWN, size)
    half = linear_ranges(network, 128)
    controls = [_control(f"{name}-{k}", k, float(network.weights[k]), half[k]) for k in synapses]
    piece = Template(PIECE.read_text(encoding="utf-8")).substitute(
        {"name": name, "title": html.escape(title), "data": data, "width": width, "height": height},
        still=still_png(network.paint(fit(min(STILL, max(size)), size))),
        controls="\n".join(controls),
        style=STYLE.read_text(encoding="utf-8"), script=script(),
        ink=INK, quiet=QUIET, blue=BLUE,
    )  # fmt: skip
    labels = ", ".join(f"synapse {k}" for k in synapses)
    return LiveHTML(piece.rstrip("\n"), title, f"{size[0]}×{size[1]}, sliders: {labels}")


def _checked(wiring, synapses):
    """Return the numbers of synapses as ints, or raise a ValueError that says what is wrong."""
    if not (hasattr(synapses, "__len__") and len(synapses)):
        raise ValueError(f"synapses {synapses!r}: give a list with at least one to move")
    try:
        numbers = [wiring.check_synapse(synapse) for synapse in synapses]
    except IndexError as error:
        raise ValueError(str(error)) from None
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"synapses {numbers}: one is given twice, give each a slider once")
    return numbers


def _control(name, synapse, start, half):
    """Return the HTML of one slider with its label and value."""
    # Few digits, so that the page does not change with the processor; 1 for a dead synapse.
    reach = float(f"{REACH * half:.2g}") if half < DEAD else 1.0
    places = max(0, 5 - int(np.floor(np.log10(2 * reach))))
    # Decimals, so that a step is exactly the two hundredth part.
    low, high = (Decimal(f"{end:.{places}f}") for end in (start - reach, start + reach))
    step = (high - low) / STEPS
    digits = min(6, max(0, int(np.ceil(-np.log10(float(step))))))
    return CONTROL.format(
        name=name, label=f"synapse {synapse}", low=low, high=high, step=step, start=start,
        shown=f"{start:.{digits}f}".replace("-", "−"), at=(start - float(low)) / float(high - low),
    )  # fmt: skip


def still_png(picture):
    """Return a picture in 256 colours as a PNG, in base 64."""
    buffer = io.BytesIO()
    image = Image.fromarray(picture.to_bytes()).quantize(256, dither=Image.Dither.NONE)
    image.save(buffer, "png", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()

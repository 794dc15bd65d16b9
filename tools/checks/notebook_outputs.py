"""When stored and fresh outputs of a notebook cell count as equal.

One place for the rule, because two need it: the checks (`conftest.py`) must fail on what
`refresh_notebooks.py` would store anew, and on nothing else.
"""

import io
import json
import math
import re
from base64 import b64decode
from pathlib import Path

import matplotlib
import numpy as np
from nbval.plugin import get_sanitize_patterns
from PIL import Image, ImageChops, ImageStat

NBVAL_CFG = Path(__file__).resolve().parents[2] / "tests" / "nbval.cfg"
IMAGES = ("image/png", "image/jpeg")
WITHIN = re.compile(r"data:image/(?:png|webp);base64,([0-9a-zA-Z+/]+=*)")  # HTML; see nbval.cfg
# Of a playground (see nbval.cfg): places of a slider, shades in hundredths, weights in 32 bits.
NUMBERS = re.compile(r'"(numbers|values|moves)":(?:(\[[^\]]*\])|"([0-9a-zA-Z+/]+=*)")')
NEAR, HUNDREDTH = 1e-3, 1.0  # of the largest of a list; of a shade
WIDGET = "application/vnd.jupyter.widget-view+json"  # holds nothing but a random model id

# Figures are averaged over blocks of 8 x 8 pixels, then the root mean square (RMS) difference
# over the four RGBA channels (0..255) must be at most 1. With the same releases of matplotlib and
# its fonts a figure comes out equal, RMS 0. Measured at 100 dpi (in brackets: without averaging):
#   letters drawn without hinting, fixed axes      0.3-0.9 (1.8-6.6)    passes
#   the same, four panels full of text             1.6     (13)         fails
#   one of 100 small dots moved, small panel       0.7     (1.7)        passes: too small to tell
#   one of ten bars longer by 2 %                  1.5     (2.6)        fails
#   one of 40 small dots moved                     1.6     (2.1)        fails
#   one of 30 rows of ticks moved, small panel     1.5     (5.9)        fails
#   one of two curves moved                        3.4-8   (15-16)      fails
# Without averaging, letters cost as much as a bar, a dot or ticks: they have sharp edges, and a
# shift by a fraction of a pixel counts like a moved dot.
#
# A notebook says which release of matplotlib drew its figures. Another release draws every letter
# a little differently: 3.9 and 3.10 against 3.11 cost 0.5-2.9 on the figures here (most in the
# wiring diagram, which is full of numbers), so that a reader with another release is held to a
# coarser rule. Averaged over 32 x 32 pixels letters cost 1.6 at most, on the board of verdicts,
# which is nothing but text (over 16 x 16 it costs 3.5); the limit of 2 still finds a curve moved by
# 3 % of the axis (2.5) or by 10 % (4.8), but none moved by 1 % (1.0), and no single square.
RELEASE = "matplotlib " + ".".join(matplotlib.__version__.split(".")[:2])
SAME_RELEASE = (8, 1.0)  # block, tolerance
OTHER_RELEASE = (32, 2.0)


def _images(outputs):
    """All images among the outputs as RGBA, in order; those within HTML, too."""
    shown = [out.get("data", {}) for out in outputs]
    encoded = [data.get(mime) for data in shown for mime in IMAGES]
    encoded += [image for data in shown for image in WITHIN.findall(data.get("text/html", ""))]
    return [Image.open(io.BytesIO(b64decode(e))).convert("RGBA") for e in encoded if e]


def rms_difference(stored, fresh, block):
    """RMS difference of two RGBA images of equal size, after averaging over blocks."""
    difference = ImageChops.difference(stored.reduce(block), fresh.reduce(block))
    return math.sqrt(sum(rms**2 for rms in ImageStat.Stat(difference).rms) / 4)


def figure_complaints(stored, fresh, drawn_by=RELEASE):
    """What is wrong with the images of `fresh` outputs, given the `stored` ones: [] if nothing.

    `drawn_by` is the release of matplotlib that drew the stored ones.
    """
    block, tolerance = SAME_RELEASE if drawn_by == RELEASE else OTHER_RELEASE
    stored, fresh = _images(stored), _images(fresh)
    if len(stored) != len(fresh):
        return [f"{len(stored)} stored image(s), but running the cell gives {len(fresh)}"]
    complaints = []
    for number, (old, new) in enumerate(zip(stored, fresh, strict=True), start=1):
        if old.size != new.size:
            complaints.append(f"image {number}: stored {old.size} pixels, fresh {new.size}")
        elif (rms := rms_difference(old, new, block)) > tolerance:
            complaints.append(
                f"image {number}, {old.size} pixels: RMS difference {rms:.2f} > {tolerance}"
            )
    return complaints


def _numbers(outputs):
    """All lists of numbers in playgrounds among the outputs, in order, each with its kind."""
    texts = [out.get("data", {}).get("text/html", "") for out in outputs]
    found = [one for text in texts for one in NUMBERS.findall(text)]
    return [
        (
            kind,
            np.array(json.loads(told), float) if told else np.frombuffer(b64decode(packed), "<f4"),
        )
        for kind, told, packed in found
    ]


def number_complaints(stored, fresh):
    """What is wrong with the numbers in playgrounds of `fresh` outputs: [] if nothing."""
    stored, fresh = _numbers(stored), _numbers(fresh)
    if [(kind, one.shape) for kind, one in stored] != [(kind, one.shape) for kind, one in fresh]:
        return [f"{len(stored)} stored lists of numbers, and other ones when the cell is run"]
    complaints = []
    for number, ((kind, old), (_, new)) in enumerate(zip(stored, fresh, strict=True), start=1):
        near = HUNDREDTH if kind == "values" else NEAR * np.abs(old).max(initial=0)
        if not np.allclose(old, new, rtol=0, atol=near, equal_nan=True):
            off = np.nanmax(np.abs(old - new))
            complaints.append(f"{kind}, list {number} of {len(old)}: numbers differ by {off:.2g}")
    return complaints


def sanitise(value):
    """A text without what `tests/nbval.cfg` takes out of the comparison; other values as is."""
    if isinstance(value, str):
        for regex, replacement in get_sanitize_patterns(NBVAL_CFG.read_text()):
            value = re.sub(regex, replacement, value)
    return value


def _comparable(output):
    """An output without what may differ: run number, addresses, widget ids, pixels."""
    parts = {key: value for key, value in output.items() if key != "execution_count"}
    if "text" in parts:
        parts["text"] = sanitise(parts["text"])
    if "data" in parts:
        parts["data"] = {
            mime: None if mime in (*IMAGES, WIDGET) else sanitise(value)
            for mime, value in parts["data"].items()
        }
    return parts


def same_outputs(stored, fresh):
    """Whether two lists of outputs are equal for the checks (and a bit stricter, in order too)."""
    same_text = [_comparable(o) for o in stored] == [_comparable(o) for o in fresh]
    same_numbers = not number_complaints(stored, fresh)
    return same_text and same_numbers and not figure_complaints(stored, fresh)

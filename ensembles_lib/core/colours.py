"""Colours: how the outputs of a network are read as red, green and blue in [-1, 1]."""

import numpy as np

COLOURS = ("signed", "unit", "hsv")
# Where red, green and blue stand on the hexagon of hues (Smith 1978, *Computer Graphics* 12, 12).
_PLACES = (5, 3, 1)


def check_colours(name, n_outputs):
    """Return the name of a way to read colours; ValueError if there is no such way.

    "signed": the outputs are the colours, from -1 (none) to 1 (full), and whatever else there
    may be is left as it is. "unit": they go from 0 to 1, and beyond are clipped. "hsv": hue
    (1 a full turn), saturation and brightness, as Picbreeder reads them: saturation clipped to
    [0, 1], the brightness' sign dropped. The last two need three outputs.
    """
    if name not in COLOURS:
        raise ValueError(f"colours {name!r}: there are {', '.join(COLOURS)}")
    if name != "signed" and n_outputs != 3:
        raise ValueError(f"colours {name!r} are read from 3 outputs, not {n_outputs}")
    return name


def to_rgb(name, outputs):
    """Return outputs (3, ...), "unit" or "hsv", as red, green, blue in [-1, 1], (3, ...)."""
    if name == "unit":
        return 2 * np.clip(outputs, 0, 1) - 1
    hue, saturation, value = outputs
    saturation, value = np.clip(saturation, 0, 1), np.clip(np.abs(value), 0, 1)
    rgb = np.empty_like(outputs)
    for channel, place in enumerate(_PLACES):
        depth = np.clip(_wave(hue, place), 0, 1)
        rgb[channel] = 2 * value * (1 - saturation * depth) - 1
    return rgb


def pull_back(name, outputs, seeds):
    """Return derivatives by the outputs, given derivatives by red, green and blue, (3, ...) each.

    0 where the output is clipped.
    """
    if name == "unit":
        return 2 * seeds * ((outputs > 0) & (outputs < 1))
    hue, saturation, value = outputs
    inner = (saturation > 0) & (saturation < 1)
    sign = np.sign(value) * (np.abs(value) < 1)
    saturation, value = np.clip(saturation, 0, 1), np.clip(np.abs(value), 0, 1)
    by_hue, by_saturation, by_value = 0.0, 0.0, 0.0
    for seed, place in zip(seeds, _PLACES, strict=True):
        wave, turn = _wave(hue, place), (place + 6 * hue) % 6
        depth = np.clip(wave, 0, 1)
        slope = np.where((wave > 0) & (wave < 1), np.where(turn < 2, 6.0, -6.0), 0.0)
        by_hue = by_hue - seed * 2 * value * saturation * slope
        by_saturation = by_saturation - seed * 2 * value * depth * inner
        by_value = by_value + seed * 2 * (1 - saturation * depth) * sign
    return np.stack([by_hue, by_saturation, by_value]).astype(seeds.dtype)


def _wave(hue, place):
    """Return how much of a colour is missing at full saturation, still to be clipped to [0, 1]."""
    turn = (place + 6 * hue) % 6
    return np.minimum(turn, 4 - turn)

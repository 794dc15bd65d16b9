"""Arrays of layers in all the forms in which other libraries keep them, checked and in order."""

import re
from collections.abc import Mapping

import numpy as np

# What other libraries call the arrays of a layer: its name stands before, or its number behind.
NAME = re.compile(r"(?:(.*)[./_])?(weights?|kernel|w|bias|b)(?:_?(\d+))?(?::0)?", re.IGNORECASE)
SWAPPED = "as scikit-learn, Keras and Flax store them"


def read_layers(given, transposed):
    """Return [(what to call the layer, W, b or None)] of layers as `from_layers` takes them.

    W is (neurons, heard). ValueError if they cannot be read, or one does not fit the one before it.
    """
    return _fitting(_arrays(given, transposed), transposed)


def _arrays(given, transposed):
    """Return layers from all the forms in which they come, as they are."""
    if isinstance(given, Mapping):
        return _named(given, transposed)
    try:
        items = list(given)
    except TypeError:
        raise ValueError(
            f"layers of type {type(given).__name__}: give a list of (W, b), a list of arrays, or a "
            "dictionary of arrays"
        ) from None
    if any(isinstance(item, Mapping) for item in items):
        return _named({str(number): item for number, item in enumerate(items)}, transposed)
    found = []
    for item in items:
        call = f"layer {len(found)}"
        if isinstance(item, tuple) or (isinstance(item, list) and _is_pair(item)):
            if not 1 <= len(item) <= 2:
                raise ValueError(f"{call} has {len(item)} parts: give (W, b), or (W, None)")
            matrix, bias = (*item, None)[:2]
            bias = None if bias is None else _array(bias, f"{call}: b")
            found.append((call, _array(matrix, f"{call}: W"), bias))
            continue
        array = _array(item, f"{call}: W")
        if array.ndim == 1 and found and found[-1][2] is None:  # W, b, W, b, …
            found[-1] = (*found[-1][:2], array)
        else:
            found.append((call, array, None))
    return found


def _is_pair(item):
    """Is a list W and b, not a matrix written out?"""
    return len(item) > 0 and (hasattr(item[0], "shape") or np.ndim(item[0][:1]) == 2)


def _named(given, transposed):
    """Return layers from arrays by name, nested or not."""
    parts = {}
    for name, value in _leaves(given):
        match = NAME.fullmatch(name)
        if not match:
            raise ValueError(
                f"{name!r} is no weight or bias of a fully connected layer by its name: there are "
                "net.0.weight and net.0.bias, Dense_0.kernel, W0 and b0"
            )
        part = match[2].lower()
        if part == "kernel" and not transposed:
            raise ValueError(f"{name!r}: kernels are (heard, neurons), so say transposed=True")
        own = parts.setdefault(".".join(filter(None, (match[1], match[3]))), {})
        role = "b" if part.startswith("b") else "W"
        if role in own:
            raise ValueError(f"{name!r} is the second {role} of its layer")
        own[role] = _array(value, repr(name))
    if len({re.sub(r"\d+", "#", name) for name in parts}) == 1:  # they differ in numbers alone
        parts = dict(sorted(parts.items(), key=lambda one: [*map(int, re.findall(r"\d+", one[0]))]))
    for name, own in parts.items():
        if "W" not in own:
            raise ValueError(f"layer {name!r} has a bias, but no weight")
    return [(f"layer {name!r}", own["W"], own.get("b")) for name, own in parts.items()]


def _leaves(given, above=""):
    """Yield (name, array) of dictionaries in dictionaries, names joined by dots."""
    for name, value in given.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}", value


def _array(value, what):
    """Return something as an array of real numbers, or raise a ValueError that says what it is."""
    try:
        array = np.asarray(value)
    except Exception as error:  # such as a tensor that wants to be detached first
        raise ValueError(f"{what} is no array: {error}") from None
    if array.dtype.kind not in "fiu":
        raise ValueError(f"{what} is of type {array.dtype}: give an array of real numbers")
    return array.astype(float)


def _fitting(layers, transposed):
    """Return layers with W as (neurons, heard), checked: each fits the one before it."""
    if not layers:
        raise ValueError("no layers: give at least one (W, b)")
    for call, matrix, _ in layers:
        if matrix.ndim != 2 or 0 in matrix.shape:
            shape = "(heard, neurons)" if transposed else "(neurons, heard)"
            raise ValueError(f"{call} has W of shape {matrix.shape}: give {shape}")
    turned = [(call, matrix.T, bias) for call, matrix, bias in layers]
    asked, other = (turned, layers) if transposed else (layers, turned)
    found = _misfit(asked)
    if found is None:
        return asked
    place, wrong = found
    call, matrix, bias = other[place]
    fits_alone = (bias is None or bias.shape == matrix.shape[:1]) and (
        place == 0 or matrix.shape[1] == len(asked[place - 1][1])
    )
    if _misfit(other) is None:
        remedy = "leave transposed=True out" if transposed else f"say transposed=True, {SWAPPED}"
        wrong += f"; is W transposed? All layers fit the other way round: {remedy}"
    elif fits_alone:
        wrong += f"; is W of {call} transposed? It fits the other way round: give W.T"
    raise ValueError(wrong)


def _misfit(layers):
    """Return the first place at which layers do not fit, with what is wrong, or None."""
    for place, (call, matrix, bias) in enumerate(layers):
        shape = f"{call} has W of shape {matrix.shape}, (neurons, heard)"
        if bias is not None and bias.shape != matrix.shape[:1]:
            return place, f"{shape}, and b of shape {bias.shape}: b must have {matrix.shape[:1]}"
        before = layers[place - 1][1].shape[0] if place else matrix.shape[1]
        if matrix.shape[1] != before:
            return place, f"{shape}: the layer before it has {before} neurons"
    return None

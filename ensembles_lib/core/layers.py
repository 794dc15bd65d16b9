"""Fully connected layers, as other libraries hold them: read from arrays, and written as arrays.

A layer is W of shape (neurons, heard) and b of shape (neurons,), or None. Any place that a network
was trained at by another convention is an affine function of ours, u = A·(x, y) + c, and an affine
function in front of a layer is a layer: W·A and W·c + b. So nothing but the first layer has to be
changed. Two recipes:

**SIREN** (Sitzmann et al. 2020, *NeurIPS*): layers of sin(ω·(W·u + b)), with ω = 30 as a rule, and
a linear one. Their places are row and column of a grid from -1 to 1, ends included: u =
(-y·H/(H - 1), x·W/(W - 1)) for our x and y, which go to the right and upwards between the edges of
a picture of H rows and W columns.

>>> rng, height, width, omega = np.random.default_rng(0), 12, 9, 30
>>> W = [rng.uniform(-0.5, 0.5, (8, 2)), rng.uniform(-0.1, 0.1, (8, 8)), rng.normal(0, 0.2, (3, 8))]
>>> b = [rng.uniform(-0.1, 0.1, 8), rng.uniform(-0.1, 0.1, 8), np.zeros(3)]
>>> A = np.array([[0, -height / (height - 1)], [width / (width - 1), 0]])
>>> layers = [(omega * W[0] @ A, omega * b[0]), (omega * W[1], omega * b[1]), (W[2], b[2])]
>>> network = Network.from_layers(layers, ["sine", "sine", None])

What the paper's program computes is what is painted:

>>> ends = np.linspace(-1, 1, height), np.linspace(-1, 1, width)
>>> u = np.stack(np.meshgrid(*ends, indexing="ij"), -1)
>>> sent = np.sin(omega * (np.sin(omega * (u @ W[0].T + b[0])) @ W[1].T + b[1]))
>>> picture = Picture(np.clip(sent @ W[2].T + b[2], -1, 1))
>>> rmse(network.paint((height, width)), picture) < 1e-12
True

**Fourier features** (Tancik et al. 2020, *NeurIPS*): cosines and sines of 2π·B·u, then layers of
relu and a sigmoid. Their u are column and row as parts of the width and height, the last one left
out: u = ((x + 1)/2 - 1/(2W), (1 - y)/2 - 1/(2H)). The features are a layer, too, of weights that
were not trained.

>>> B = rng.normal(0, 2, (6, 2))
>>> W = [rng.normal(0, 0.4, (10, 12)), rng.normal(0, 0.4, (3, 10))]
>>> b = [rng.normal(0, 0.1, 10), rng.normal(0, 0.1, 3)]
>>> turns = 2 * np.pi * np.concatenate([B, B])
>>> A, c = np.array([[0.5, 0], [0, -0.5]]), np.array([0.5 - 0.5 / width, 0.5 - 0.5 / height])
>>> layers = [(turns @ A, turns @ c), (W[0], b[0]), (W[1], b[1])]
>>> kinds = [["cosine"] * 6 + ["sine"] * 6, "relu", "sigmoid"]
>>> network = Network.from_layers(layers, kinds, colours="unit")

>>> u = np.stack(np.meshgrid(np.arange(width) / width, np.arange(height) / height), -1)
>>> features = np.concatenate([np.cos(2 * np.pi * u @ B.T), np.sin(2 * np.pi * u @ B.T)], -1)
>>> outputs = 1 / (1 + np.exp(-(np.maximum(features @ W[0].T + b[0], 0) @ W[1].T + b[1])))
>>> rmse(network.paint((height, width)), Picture(2 * outputs - 1)) < 1e-12
True
"""

import re
from collections.abc import Mapping

import numpy as np

from .activations import check_activations
from .wiring import Wiring

# What other libraries call the arrays of a layer: its name stands before, or its number behind.
NAME = re.compile(r"(?:(.*)[./_])?(weights?|kernel|w|bias|b)(?:_?(\d+))?(?::0)?", re.IGNORECASE)
SWAPPED = "as scikit-learn, Keras and Flax store them"


def wiring_of_layers(given, activation, colours, transposed):
    """Return the wiring and weights of layers, and how many; see `Network.from_layers`."""
    layers = _fitting(_arrays(given, transposed), transposed)
    single = activation is None or isinstance(activation, str)
    kinds = [activation] * len(layers) if single else list(activation)
    if len(kinds) != len(layers):
        raise ValueError(
            f"{len(kinds)} activations for {len(layers)} layers: give one each, None if linear"
        )
    constant = layers[0][1].shape[1]
    heard, stop = np.arange(constant), constant + 1
    sources, weights, activations = [], [], []
    for (_, matrix, bias), kind in zip(layers, kinds, strict=True):
        n_neurons, listened = len(matrix), heard
        if bias is not None:
            place = int(np.searchsorted(heard, constant))
            listened = np.insert(heard, place, constant)
            matrix = np.insert(matrix, place, bias, axis=1)
        sources += [listened.tolist()] * n_neurons
        weights.append(matrix.ravel())
        activations += check_activations("identity" if kind is None else kind, n_neurons)
        heard, stop = np.arange(stop, stop + n_neurons), stop + n_neurons
    wiring = Wiring(sources, constant + 1, len(heard), activations, colours)
    return wiring, np.concatenate(weights), len(layers)


def layers_of_wiring(wiring, weights):
    """Return layers and activations of any wiring; see `Network.to_layers`."""
    constant = wiring.n_inputs - 1
    matrix = np.zeros(wiring.listens.shape)
    matrix[wiring.target, wiring.source] = weights
    listens, layers, activations = wiring.listens, [], []
    for stage, _, _, kinds in wiring.stages:
        before = np.delete(np.arange(wiring.n_inputs + stage.start), constant)
        heard = np.flatnonzero(listens[stage, before].any(axis=0))
        # A layer that hears the constant alone is given one more, with weights of 0.
        first = heard[0] if len(heard) else max(0, len(before) - 1)
        hears_constant = listens[stage, constant].any()
        layers.append(
            (matrix[stage, before[first:]], matrix[stage, constant] if hears_constant else None)
        )
        names = wiring.activations[stage]
        activations.append(names[0] if len(kinds) == 1 else list(names))
    return layers, activations


def _arrays(given, transposed):
    """Return [(what to call the layer, W, b or None)] from all the forms in which layers come."""
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
            bias = item[1] if len(item) == 2 else None
            bias = None if bias is None else _array(bias, f"{call}: b")
            found.append((call, _array(item[0], f"{call}: W"), bias))
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
    """Return [(name of the layer, W, b or None)] from arrays by name, nested or not."""
    parts = {}
    for name, value in _leaves(given):
        match = NAME.fullmatch(name)
        if not match:
            raise ValueError(
                f"{name!r} is no weight or bias of a fully connected layer by its name: there are "
                "net.0.weight and net.0.bias, Dense_0.kernel, W0 and b0"
            )
        layer, part, number = match[1] or "", match[2].lower(), match[3] or ""
        if part == "kernel" and not transposed:
            raise ValueError(f"{name!r}: kernels are (heard, neurons), so say transposed=True")
        own = parts.setdefault(f"{layer}.{number}" if layer and number else layer + number, {})
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
    """Yield (name, array) of arrays in dictionaries in dictionaries, names joined by dots."""
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

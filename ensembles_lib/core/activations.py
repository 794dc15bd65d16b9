"""Activation functions: what a neuron makes of its net input, with two derivatives."""

from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Activation(NamedTuple):
    """An activation function and its derivatives.

    ``apply(net inputs, out)`` writes the activations, maybe over the net inputs; complex ones,
    too, for complex steps. ``slope(net inputs, activations)`` and `bend` return the first and
    second derivative by the net inputs, which may be None for those that do not hear them.
    """

    name: str
    apply: Callable
    slope: Callable
    bend: Callable
    hears: bool = False

    def __reduce__(self):  # a copy in another process is the one that it has
        return _named, (self.name,)


def _named(name):
    return ACTIVATIONS[name]


def _relu(x, out):
    np.maximum(x, 0, out=out)


def _bipolar_sigmoid(x, out):
    np.multiply(x, 0.5, out=out)
    np.tanh(out, out=out)


def _sigmoid(x, out):
    _bipolar_sigmoid(x, out)
    out += 1
    out *= 0.5


def _gaussian(x, out):
    np.multiply(x, x, out=out)
    np.negative(out, out=out)
    np.exp(out, out=out)


def _bipolar_gaussian(x, out):
    _gaussian(x, out)
    out *= 2
    out -= 1


# The kink of relu has no derivative; 0 there, as everybody takes it. The bipolar ones go from -1
# to 1, as evolved networks have them (Stanley 2007, *Genet. Program. Evolvable Mach.* 8, 131;
# Secretan et al. 2011, *Evol. Comput.* 19, 373).
_ALL = (
    Activation("tanh", np.tanh, lambda _, a: 1 - a * a, lambda _, a: -2 * a * (1 - a * a)),
    Activation("identity", np.positive, lambda _, a: a * 0 + 1, lambda _, a: a * 0),
    Activation("relu", _relu, lambda _, a: (a.real > 0).astype(a.dtype), lambda _, a: a * 0),
    Activation(
        "sigmoid", _sigmoid, lambda _, a: a * (1 - a), lambda _, a: a * (1 - a) * (1 - 2 * a)
    ),
    Activation("sine", np.sin, lambda x, _: np.cos(x), lambda _, a: -a, True),
    Activation("cosine", np.cos, lambda x, _: -np.sin(x), lambda _, a: -a, True),
    Activation(
        "gaussian", _gaussian, lambda x, a: -2 * x * a, lambda x, a: (4 * x * x - 2) * a, True
    ),
    Activation(
        "bipolar sigmoid",
        _bipolar_sigmoid,
        lambda _, a: (1 - a * a) / 2,
        lambda _, a: -a * (1 - a * a) / 2,
    ),
    Activation(
        "bipolar gaussian",
        _bipolar_gaussian,
        lambda x, a: -2 * x * (a + 1),
        lambda x, a: (4 * x * x - 2) * (a + 1),
        True,
    ),
)
ACTIVATIONS = {activation.name: activation for activation in _ALL}


def check_activations(names, count):
    """Return one name per neuron, or raise a ValueError; a single name stands for all."""
    names = (names,) * count if isinstance(names, str) else tuple(names)
    for name in names:
        if not (isinstance(name, str) and name in ACTIVATIONS):
            raise ValueError(f"activation {name!r}: there are {', '.join(ACTIVATIONS)}")
    if len(names) != count:
        raise ValueError(f"{len(names)} activations for {count} neurons: give one name each")
    return names


def runs_of_equals(names):
    """Return the runs of equal names, as a list of (Activation, slice)."""
    changes = [k for k in range(1, len(names)) if names[k] != names[k - 1]]
    places = pairwise([0, *changes, len(names)])
    return [(ACTIVATIONS[names[start]], slice(start, stop)) for start, stop in places]

"""Activation functions: what a neuron makes of its net input, with two derivatives.

`ACTIVATIONS` is the one table of them, by name.
"""

import math
from collections.abc import Callable, Iterable
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


LEAK = 0.01  # of the leaky relu below 0, as PyTorch and Flax have it


def _sigmoid(x, out=None):
    half = np.tanh(np.multiply(x, 0.5, out=out), out=out)
    return np.multiply(np.add(half, 1, out=out), 0.5, out=out)


def _gaussian(x, out):
    return np.exp(np.negative(np.multiply(x, x, out=out), out=out), out=out)


def _softplus(x, out):
    over = x.real > 0  # log(1 + eˣ) = x + log(1 + e⁻ˣ), so that no large number is exponentiated
    np.add(x * over, np.log1p(np.exp(np.where(over, -x, x))), out=out)


def _swish_bend(x, _):
    half = _sigmoid(x)
    return half * (1 - half) * (2 + x * (1 - 2 * half))


def _normal_share(x):
    """Return Φ, the share of the normal distribution below x."""
    from scipy.special import erfc

    return erfc(x * -math.sqrt(0.5)) / 2


def _normal_density(x):
    return np.exp(x * x / -2) / math.sqrt(2 * math.pi)


GELU_SCALE, GELU_CUBIC = math.sqrt(2 / math.pi), 0.044715


def _gelu_tanh(x):
    """Return tanh u, of which the approximation is made."""
    return np.tanh(GELU_SCALE * (x + GELU_CUBIC * x**3))


def _gelu_tanh_derivatives(x):
    """Return the first and second derivative of the approximation."""
    t, second = _gelu_tanh(x), GELU_SCALE * 6 * GELU_CUBIC * x
    first = GELU_SCALE * (1 + 3 * GELU_CUBIC * x * x)
    slope, bend = (1 - t * t) * first, (1 - t * t) * (second - 2 * t * first * first)
    return (1 + t + x * slope) / 2, slope + x * bend / 2


# The kinks of relu have no derivative; that of the left there, as everybody takes it. The bipolar
# ones go from -1 to 1, as evolved networks have them (Stanley 2007, *Genet. Program. Evolvable
# Mach.* 8, 131; Secretan et al. 2011, *Evol. Comput.* 19, 373).
_ALL = (
    Activation("tanh", np.tanh, lambda _, a: 1 - a * a, lambda _, a: -2 * a * (1 - a * a)),
    Activation("identity", np.positive, lambda _, a: a * 0 + 1, lambda _, a: a * 0),
    Activation(
        "relu",
        lambda x, out: np.maximum(x, 0, out=out),
        lambda _, a: (a.real > 0).astype(a.dtype),
        lambda _, a: a * 0,
    ),
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
        lambda x, out: np.tanh(np.multiply(x, 0.5, out=out), out=out),
        lambda _, a: (1 - a * a) / 2,
        lambda _, a: -a * (1 - a * a) / 2,
    ),
    Activation(
        "bipolar gaussian",
        lambda x, out: np.subtract(2 * _gaussian(x, out), 1, out=out),
        lambda x, a: -2 * x * (a + 1),
        lambda x, a: (4 * x * x - 2) * (a + 1),
        True,
    ),
    Activation(
        "leaky relu",
        lambda x, out: np.maximum(x, LEAK * x, out=out),
        lambda _, a: np.where(a.real > 0, 1, LEAK).astype(a.dtype),
        lambda _, a: a * 0,
    ),
    Activation(
        "softplus",
        _softplus,
        lambda x, _: _sigmoid(x),
        lambda x, _: _sigmoid(x) * _sigmoid(-x),
        True,
    ),
    # Swish, or SiLU (Elfwing, Uchibe & Doya 2018, *Neural Netw.* 107, 3).
    Activation(
        "swish",
        lambda x, out: np.multiply(x, _sigmoid(x), out=out),
        lambda x, a: a + _sigmoid(x) * (1 - a),
        _swish_bend,
        True,
    ),
    # Hendrycks & Gimpel 2016, arXiv:1606.08415, whose approximation by tanh is another function.
    Activation(
        "gelu",
        lambda x, out: np.multiply(x, _normal_share(x), out=out),
        lambda x, _: _normal_share(x) + x * _normal_density(x),
        lambda x, _: _normal_density(x) * (2 - x * x),
        True,
    ),
    Activation(
        "gelu tanh",
        lambda x, out: np.multiply(x / 2, 1 + _gelu_tanh(x), out=out),
        lambda x, _: _gelu_tanh_derivatives(x)[0],
        lambda x, _: _gelu_tanh_derivatives(x)[1],
        True,
    ),
)
ACTIVATIONS = {activation.name: activation for activation in _ALL}
# What others call them.
CALLED = {"linear": "identity", "logistic": "sigmoid", "silu": "swish", "sin": "sine"}
CALLED |= {"cos": "cosine", "leaky_relu": "leaky relu"}


def check_activations(names, count):
    """Return one name per neuron, or raise a ValueError; a single name stands for all."""
    single = isinstance(names, str) or not isinstance(names, Iterable)
    names = (names,) * count if single else tuple(names)
    for name in names:
        if not (isinstance(name, str) and name in ACTIVATIONS):
            called = CALLED.get(name.lower()) if isinstance(name, str) else None
            here = (
                f"it is called {called!r} here" if called else "there are " + ", ".join(ACTIVATIONS)
            )
            raise ValueError(f"activation {name!r}: {here}")
    if len(names) != count:
        raise ValueError(f"{len(names)} activations for {count} neurons: give one name each")
    return names


def runs_of_equals(names):
    """Return the runs of equal names, as a list of (Activation, slice)."""
    changes = [k for k in range(1, len(names)) if names[k] != names[k - 1]]
    places = pairwise([0, *changes, len(names)])
    return [(ACTIVATIONS[names[start]], slice(start, stop)) for start, stop in places]

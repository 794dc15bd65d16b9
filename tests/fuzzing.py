"""What the fuzz tests share: how long they search, wirings and networks at random, damage.

They try the same cases every time. FUZZ=30 in the environment tries 30 times as many, and other
ones each time, unless FUZZ_SEED says which; `make fuzz` does that with files.
"""

import os

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

from ensembles_lib import Network, Wiring
from ensembles_lib.core.activations import ACTIVATIONS

FACTOR = int(os.environ.get("FUZZ", 1))
SEED = int(os.environ.get("FUZZ_SEED", 0 if FACTOR == 1 else int.from_bytes(os.urandom(4))))


def examples(count):
    """Return hypothesis settings for so many examples, the same ones each time unless FUZZ."""
    return settings(
        max_examples=count * FACTOR, derandomize=FACTOR == 1, deadline=None, database=None
    )


@st.composite
def wirings(draw, n_inputs=None, n_outputs=None, tanh=False):
    """Any feed-forward wiring of 1 to 12 neurons and 1 to 5 inputs."""
    n_inputs = draw(st.integers(1, 5)) if n_inputs is None else n_inputs
    n_neurons = draw(st.integers(n_outputs or 1, 12))
    n_outputs = draw(st.integers(1, n_neurons)) if n_outputs is None else n_outputs
    sources = [
        sorted(draw(st.sets(st.integers(0, n_inputs + neuron - 1), min_size=1)))
        for neuron in range(n_neurons)
    ]
    kinds = st.just("tanh") if tanh else st.sampled_from(sorted(ACTIVATIONS))
    kinds = draw(st.lists(kinds, min_size=n_neurons, max_size=n_neurons))
    return Wiring(sources, n_inputs, n_outputs, activations=kinds)


@st.composite
def networks(draw, **wiring):
    """Any network of such a wiring, its weights between -1.5 and 1.5."""
    wiring = draw(wirings(**wiring))
    seed = draw(st.integers(0, 2**32 - 1))
    return Network(wiring, np.random.default_rng(seed).uniform(-1.5, 1.5, wiring.n_synapses))


def tell(what, count, refused):
    """Print how many files of a kind were tried (pytest shows it with -s)."""
    print(
        f"\n{what}: {count:,} files, {count - refused:,} opened, {refused:,} refused; seed {SEED}"
    )


def damaged(content, rng):
    """Return bytes, damaged in one of the ways in which files are: cut, flipped, mixed up."""
    content, way = bytearray(content), rng.integers(7)
    a, b = sorted(rng.integers(0, len(content) + 1, 2))
    if way == 0:  # cut off
        del content[a:]
    elif way == 1:  # single bits
        for place in rng.integers(0, len(content), rng.integers(1, 9)):
            content[place] ^= 1 << rng.integers(8)
    elif way == 2:  # bytes that do not belong there
        content[a:a] = rng.bytes(int(rng.integers(1, 64)))
    elif way == 3:  # a section lost
        del content[a:b]
    elif way == 4:  # two sections in each other's place
        middle = (a + b) // 2
        content[a:b] = content[middle:b] + content[a:middle]
    elif way == 5:  # a section of another content: zeros, as after a power failure
        content[a:b] = bytes(b - a)
    else:  # numbers in headers at their extremes
        place = int(rng.integers(0, max(1, len(content) - 4)))
        extremes = (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\0\0\0\0", b"\0\0\0\x80")
        content[place : place + 4] = extremes[rng.integers(4)]
    return bytes(content)

"""Who listens to whom, and what it makes of that: the wiring of a network, without its weights.

Sources are numbered inputs first, then neurons; synapses are numbered neuron by neuron, and
inside a neuron in the order of its sources. Everything counts from 0, as in the article.
"""

import operator
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from .activations import check_activations, runs_of_equals
from .colours import check_colours


class Wiring:
    """A feed-forward wiring: for every neuron the sources that it listens to.

    Source ``s`` is input ``s`` where ``s < n_inputs``, and neuron ``s - n_inputs`` otherwise. A
    neuron listens only to inputs and to neurons before it, and names them in ascending order; the
    last `n_outputs` neurons are the outputs. ValueError if something is not so.

    Parameters
    ----------
    activations
        Of all neurons, or of each: "tanh" or another of `activations.ACTIVATIONS`.
    colours
        How outputs are read as colours where the network paints: "signed", "unit" or "hsv"; see
        `colours.check_colours`.

    Attributes
    ----------
    source, target : (S,) int arrays
        Source and target neuron of every synapse.
    first : (N + 1,) int array
        Neuron j owns synapses ``first[j]`` to ``first[j + 1] - 1``.

    Examples
    --------
    >>> wiring = Wiring([[0, 1], [1, 2]], n_inputs=2, n_outputs=1)
    >>> wiring.n_neurons, wiring.n_synapses, wiring.neuron_of(3)
    (2, 4, 1)
    """

    def __init__(
        self,
        sources: Sequence[Sequence[int]],
        n_inputs: int,
        n_outputs: int,
        activations: str | Sequence[str] = "tanh",
        colours: str = "signed",
    ):
        sources = [[operator.index(s) for s in listened] for listened in sources]
        self.n_inputs, self.n_outputs = operator.index(n_inputs), operator.index(n_outputs)
        self.n_neurons = len(sources)
        if self.n_inputs < 1:
            raise ValueError(f"a network needs at least 1 input, not {n_inputs}")
        if not 1 <= self.n_outputs <= self.n_neurons:
            raise ValueError(f"{n_outputs} outputs of {self.n_neurons} neurons: give 1 or more")
        for neuron, listened in enumerate(sources):
            before = self.n_inputs + neuron
            if not listened:
                raise ValueError(f"neuron {neuron} listens to nothing: give it a source")
            if listened[0] < 0 or listened[-1] >= before or sorted(set(listened)) != listened:
                raise ValueError(
                    f"neuron {neuron} has sources {listened}: they must ascend, "
                    f"without repeats, within 0 to {before - 1}"
                )
        fan_in = [len(listened) for listened in sources]
        self.source = np.array([s for listened in sources for s in listened])
        self.target = np.repeat(np.arange(self.n_neurons), fan_in)
        self.first = np.concatenate([[0], np.cumsum(fan_in)])
        self.n_synapses = int(self.first[-1])
        self.activations = check_activations(activations, self.n_neurons)
        self.colours = check_colours(colours, self.n_outputs)
        for array in (self.source, self.target, self.first):
            array.setflags(write=False)

    def neuron_of(self, synapse: int) -> int:
        """Return the neuron that `synapse` leads to; IndexError if there is no such synapse."""
        return int(self.target[self.check_synapse(synapse)])

    def synapses_of(self, neuron: int) -> range:
        """Return the synapses that lead to `neuron`; IndexError if it isn't there."""
        neuron = self.check_neuron(neuron)
        return range(int(self.first[neuron]), int(self.first[neuron + 1]))

    def sources_of(self, neuron: int) -> np.ndarray:
        """Return the sources that `neuron` listens to, in synapse order."""
        owned = self.synapses_of(neuron)
        return self.source[owned.start : owned.stop]

    def downstream_of(self, neuron: int) -> np.ndarray:
        """Return the neurons that a change in `neuron` can reach (itself left out), ascending."""
        return np.flatnonzero(self._reach[self.check_neuron(neuron)])

    def feeding(self, neuron: int) -> np.ndarray:
        """Return the synapses whose weight bears on the activation of `neuron`, ascending."""
        neuron = self.check_neuron(neuron)
        bears = self._reach[:, neuron].copy()
        bears[neuron] = True
        return np.flatnonzero(bears[self.target])

    @property
    def outputs(self) -> range:
        """The output neurons."""
        return range(self.n_neurons - self.n_outputs, self.n_neurons)

    def check_synapse(self, synapse: int) -> int:
        """Return `synapse` as an int, or raise an IndexError that says which ones exist."""
        return _check_index(synapse, self.n_synapses, "synapse")

    def check_neuron(self, neuron: int) -> int:
        """Return `neuron` as an int, or raise an IndexError that says which ones exist."""
        return _check_index(neuron, self.n_neurons, "neuron")

    @cached_property
    def listens(self) -> np.ndarray:
        """(N, n_inputs + N) bool: does the neuron of the row listen to the source?"""
        listens = np.zeros((self.n_neurons, self.n_inputs + self.n_neurons), bool)
        listens[self.target, self.source] = True
        return listens

    @cached_property
    def _reach(self):
        """(N, N) bool: does a change in neuron i reach neuron j?"""
        hears = self.listens[:, self.n_inputs :]
        reach = np.zeros((self.n_neurons, self.n_neurons), bool)
        for neuron in range(self.n_neurons):
            reach[:, neuron] = hears[neuron] | reach[:, hears[neuron]].any(axis=1)
        return reach

    @cached_property
    def stages(self) -> list[tuple]:
        """Neurons that can be computed together, in order.

        Each is (neurons, runs, listeners, kinds): a slice of consecutive neurons none of which
        listens to another, the slices of *neurons* that they listen to, the slice of neurons
        that listens to them, and their activation functions, as (Activation, slice of neurons).
        One matrix product per stage and run does the work.
        """
        hears = self.listens[:, self.n_inputs :]
        stages = []
        for start, stop in unheard_groups(hears):
            runs = runs_of(np.flatnonzero(hears[start:stop].any(axis=0)))
            listening = np.flatnonzero(hears[:, start:stop].any(axis=1))
            last = int(listening[-1]) + 1 if len(listening) else stop
            kinds = [
                (kind, slice(start + run.start, start + run.stop))
                for kind, run in runs_of_equals(self.activations[start:stop])
            ]
            stages.append((slice(start, stop), runs, slice(stop, last), kinds))
        return stages

    def __eq__(self, other):
        return isinstance(other, Wiring) and self._key == other._key

    def __hash__(self):
        return hash(self._key)

    @property
    def _key(self):
        numbers = self.n_inputs, self.n_outputs, self.source.tobytes(), self.first.tobytes()
        return *numbers, self.activations, self.colours

    def __repr__(self):
        counts = ("inputs", "neurons", "synapses", "outputs")
        words = [f"{getattr(self, f'n_{what}')} {what}" for what in counts]
        if set(self.activations) != {"tanh"}:
            words.append("+".join(dict.fromkeys(self.activations)))
        if self.colours != "signed":
            words.append(f"colours {self.colours}")
        return f"Wiring({', '.join(words)})"

    def to_arrays(self) -> dict[str, np.ndarray]:
        """Return the wiring as named arrays, for a file."""
        arrays = {"source": self.source, "fan_in": np.diff(self.first)}
        arrays["inputs_outputs"] = np.array([self.n_inputs, self.n_outputs])
        if set(self.activations) != {"tanh"} or self.colours != "signed":
            arrays["kinds"] = np.array([*self.activations, self.colours])
        return arrays

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> "Wiring":
        """Return the wiring that `to_arrays` described; any exception if it describes none."""
        sources = np.split(arrays["source"], np.cumsum(arrays["fan_in"])[:-1])
        *activations, colours = arrays.get("kinds", np.array(["signed"])).tolist()
        return cls(sources, *arrays["inputs_outputs"], activations or "tanh", colours)


def unheard_groups(hears: np.ndarray) -> Iterator[tuple[int, int]]:
    """Yield the (start, stop) of consecutive neurons of which none hears another, (N, N) bool."""
    start = 0
    for stop in range(1, len(hears) + 1):
        if stop == len(hears) or hears[stop, start:stop].any():
            yield start, stop
            start = stop


def runs_of(numbers: np.ndarray) -> list[slice]:
    """Return the slices of consecutive numbers in ascending ones."""
    runs = np.split(numbers, np.flatnonzero(np.diff(numbers) > 1) + 1)
    return [slice(int(run[0]), int(run[-1]) + 1) for run in runs if len(run)]


def _check_index(index, count, what):
    try:
        number = operator.index(index)
    except TypeError:
        raise IndexError(f"{what} {index!r} does not exist: give a whole number") from None
    if not 0 <= number < count:
        raise IndexError(f"{what} {number} does not exist: there are {what}s 0 to {count - 1}")
    return number

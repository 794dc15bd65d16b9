"""Edits of a network's weights: a log with undo and redo, kept as JSON."""

import hashlib
import json
import numbers
from collections import namedtuple
from pathlib import Path

import numpy as np

from .._files import first_difference, replacing
from ..core import Network, article_wiring

FILE_FORMAT = "ensembles_lib edits 1"
MAX_FILE_BYTES = 1 << 24
ENTRIES = ("narrow", "strict", "wide")
# Most logs that lie about were made for the network that version 0.1 had on its pages: its weights.
FIRST, FIRST_NAME = "3854292a70bcef29", 'samples.peacock_network("wide")'
Edit = namedtuple("Edit", "name weights")  # all weights (S,) after it


class EditsFileError(ValueError):
    """A log of edits that cannot be used, with the reason."""


class Edits:
    """What was done to a network, in order; the network itself stays as it was.

    Examples
    --------
    >>> edits = Edits(network)
    >>> edits.apply("synapse 5", {5: 0.5})
    >>> float(edits.weights[5]), edits.undo(), edits.network == edits.start
    (0.5, 'synapse 5', True)
    """

    def __init__(self, network):
        self.start, self.done, self.undone = network, [], []

    @property
    def weights(self):
        """The weights as they are now, (S,)."""
        return self.done[-1].weights if self.done else self.start.weights

    @property
    def network(self):
        """The network as it is now."""
        return Network(self.start.wiring, self.weights) if self.done else self.start

    @property
    def changed(self):
        """The synapses whose weight is not that of the start, ascending, an int array."""
        return np.flatnonzero(self.weights != self.start.weights)

    @property
    def moved(self):
        """How many weights differ from the start, in words."""
        count = len(self.changed)
        return f"{count} weight{'' if count == 1 else 's'} moved"

    def apply(self, name, weights):
        """Give synapses new weights, {synapse: weight} or (S,); an error changes nothing."""
        new = self._checked(weights)
        if not np.array_equal(new, self.weights):
            self.undone = []
            self.done.append(Edit(name, new))

    def follow(self, weights, name=""):
        """Take weights (S,) over from a page, and return in words what it did if that was no edit.

        The state before the last edit is a step back, that of what was undone a step on; else
        this is an edit, called by what it moves unless `name` is given.
        """
        states = [self.start.weights, *(edit.weights for edit in self.done)]
        if len(states) > 1 and np.array_equal(weights, states[-2]):
            return f"took back: {self.undo()}"
        if self.undone and np.array_equal(weights, self.undone[-1].weights):
            return f"did again: {self.redo()}"
        moved = np.flatnonzero(weights != self.weights)
        if not name:
            name = f"synapse {moved[0]}" if len(moved) == 1 else f"{len(moved)} synapses"
        self.apply("reset" if np.array_equal(weights, states[0]) else name, weights)
        return ""

    def _checked(self, weights):
        new = weights
        if isinstance(weights, dict):
            new = self.weights.copy()
            for synapse, weight in weights.items():
                if not isinstance(weight, numbers.Real):
                    raise ValueError(f"weight {weight!r} for synapse {synapse}: give a number")
                new[self.start.wiring.check_synapse(synapse)] = weight
        return Network(self.start.wiring, new).weights

    def undo(self):
        """Take the last edit back and return its name, or None if there is none."""
        return _pass_on(self.done, self.undone)

    def redo(self):
        """Do what was undone last once more and return its name, or None."""
        return _pass_on(self.undone, self.done)

    def reset(self):
        """Go back to the start; that is an edit, too, and can be undone."""
        self.apply("reset", self.start.weights)

    def to_json(self):
        """Return the log as text; what was undone is left out."""
        edits, before = [], self.start.weights
        for name, weights in self.done:
            moved = np.flatnonzero(weights != before).tolist()
            edits.append({"name": name, "weights": {str(k): float(weights[k]) for k in moved}})
            before = weights
        head = {"format": FILE_FORMAT, **digests(self.start), "edits": edits}
        return json.dumps(head, indent=1)

    @classmethod
    def from_json(cls, text, network):
        """Return the log that `to_json` wrote, played again; an `EditsFileError` says why not."""
        try:
            log = json.loads(text, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            raise EditsFileError(f"the log is broken JSON: {error}") from None
        if not isinstance(log, dict) or log.get("format") != FILE_FORMAT:
            raise EditsFileError(f"this is not a log of edits: its format is not {FILE_FORMAT!r}")
        if differs := first_difference(log, digests(network)):
            differ = "weights differ" if differs[0] == "weights" else "wiring differs"
            raise EditsFileError(
                f"the log was made for another network: its {differ}; made for {_told(log)}, "
                f"here is {_told(digests(network))}"
            )
        edits = cls(network)
        try:
            for entry in log["edits"]:
                weights = dict(_moved(*pair) for pair in entry["weights"].items())
                edits.apply(str(entry["name"]), weights)
        except (KeyError, TypeError, AttributeError):
            why = "the log is incomplete: an edit needs a name and weights"
            raise EditsFileError(why) from None
        except (ValueError, IndexError, OverflowError) as error:
            raise EditsFileError(f"edit {len(edits)} of the log: {error}") from None
        return edits

    def save(self, path):
        """Write the log to a file, whole or not at all."""
        with replacing(path) as temporary:
            temporary.write_text(self.to_json(), encoding="utf-8")

    @classmethod
    def load(cls, path, network):
        """Read a log that `save` wrote, for a network with the same wiring and weights."""
        if Path(path).stat().st_size > MAX_FILE_BYTES:
            raise EditsFileError(f"{path} is larger than {MAX_FILE_BYTES >> 20} MiB: not a log")
        try:
            return cls.from_json(Path(path).read_text(encoding="utf-8"), network)
        except UnicodeDecodeError:
            raise EditsFileError(f"{path} is not text: no log of edits") from None
        except EditsFileError as error:
            raise EditsFileError(f"{path}: {error}") from None

    def opened(self, path):
        """Return the edits with a file, and in words what came of it; an error changes nothing.

        A log (.json) is played again from the start; weights (.npz) are one more edit.
        """
        path = Path(path)
        if path.suffix not in (".json", ".npz"):
            raise ValueError(f"{path}: give a log (.json) or weights (.npz)")
        if not path.is_file():
            raise FileNotFoundError(f"there is no file {path}")
        if path.suffix == ".json":
            edits = Edits.load(path, self.start)
            return edits, f"{len(edits)} edits played again"
        loaded = Network.load(path)
        if loaded.wiring != self.start.wiring:
            theirs, ours = map(wiring_name, (loaded.wiring, self.start.wiring))
            raise ValueError(f"{path} has another wiring: {theirs}; here is {ours}")
        self.apply(f"weights of {path.name}", loaded.weights)
        return self, f"{self.moved} from the start"

    def __len__(self):
        return len(self.done)

    def __repr__(self):
        return f"Edits({len(self.done)} done, {len(self.undone)} undone)"


def _pass_on(source, destination):
    if not source:
        return None
    destination.append(source.pop())
    return destination[-1].name


def digests(network):
    """Return what a log must agree with, as {word: digest}."""
    raw = network.weights.astype("<f8").tobytes()
    return {"wiring": _wiring_digest(network.wiring), "weights": _short(raw)}


def _wiring_digest(wiring):
    parts = [wiring.n_inputs, wiring.n_outputs, wiring.source.tolist(), wiring.first.tolist()]
    if set(wiring.activations) != {"tanh"} or wiring.colours != "signed":
        parts += [wiring.activations, wiring.colours]
    return _short(" ".join(map(str, parts)).encode())


def _short(raw):
    return hashlib.sha256(raw).hexdigest()[:16]


def _told(digests):
    """Return in words which network has these digests, {word: digest}."""
    wiring, weights = (str(digests.get(what))[:16] for what in ("wiring", "weights"))
    if weights == FIRST:
        return FIRST_NAME
    known = {_wiring_digest(article_wiring(entry)): entry for entry in ENTRIES}
    entry = known.get(wiring)
    return f"{_called(entry) if entry else f'wiring {wiring}'} with weights {weights}"


def _called(entry):
    return f'article_wiring("{entry}")'


def wiring_name(wiring):
    """Return how to make the wiring, if it is one of the article's; else what is in it."""
    entry = next((entry for entry in ENTRIES if article_wiring(entry) == wiring), None)
    return _called(entry) if entry else repr(wiring)


def _no_constant(name):
    raise ValueError(f"{name} is not a number")


def _moved(synapse, weight):
    """Return a synapse and its weight as a log has them, checked."""
    if not (synapse.isascii() and synapse.isdigit() and len(synapse) < 10):
        raise ValueError(f"{synapse[:20]!r} is not the number of a synapse")
    if isinstance(weight, bool) or not isinstance(weight, int | float):
        raise ValueError(f"weight {str(weight)[:20]!r} is not a number")
    return int(synapse), float(weight)

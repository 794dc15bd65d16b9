"""The workbench: a playground, and beside it what it takes a kernel to know."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import traitlets

from ..core import Network, rmse
from ..core.points import fit
from ..ensembles import linear_ranges, moved_by_region
from ..ensembles.start import check_amount
from .edits import Edits
from .moving import PropertyMoves, end_of, strongest
from .playground import Playground, script, style
from .turns import answering, take_turns

BENCH = Path(__file__).with_name("playground_bench.js")
RANKED = 12  # synapses that are listed for a region
FAR, KNOTS = 3.0, 16  # where the slider of a property ends, in scales; steps to either side
WAYS = ("all synapses in concert", "its ensemble, straight on", "its strongest synapse")
ENDINGS = {"log": ".json", "weights": ".npz", "picture": ".png"}


class WeightEditor(Playground):
    """A `Playground` with a kernel's help: regions, properties, a log of edits, files.

    The page paints; the kernel hears of the weights when the hand rests. A region painted on the
    picture lists the synapses that move it most; each property has a slider, and a choice of
    which synapses do the work. All that the page can do Python can do, too.

    Parameters
    ----------
    network
        As for `playground_html`.
    picture : Picture, optional
        The target, which the network can go on learning in the page.
    properties : sequence of Property, optional
        To be read and moved, on pictures of `property_size`.
    regions : (numbers, names), optional
        Named regions of the picture as it is shown, from `open_regions`.
    half : (S,) array, optional
        Working ranges: half their width; a linear estimate unless given.
    ensembles : dict of str to sequence of int, optional
        Sets of synapses to choose from; those that hold 90 % of each property come on top.
    size, property_size : int or (height, width)
        Of what is shown (one number is the longer side, in the shape of the target), and of the
        picture that properties are measured on.

    Attributes
    ----------
    edits : Edits
        What was done, and the weights as they are.
    movers : list of int
        The synapses that move the chosen region most, at most 12.
    properties, ways : PropertyMoves or None, tuple of str
        What can be moved, and by whom.

    Examples
    --------
    >>> editor = WeightEditor(network, size=16)
    >>> editor.move(5, 0.5)
    >>> float(editor.network.weights[5])
    0.5
    """

    ways = WAYS
    _esm = script(["whole"], BENCH) + "\nexport default { render: renderBench };\n"
    _css = style(["whole"], BENCH.with_suffix(".css"))
    _bench = traitlets.Unicode().tag(sync=True)  # what a page has to know once
    _told = traitlets.Dict().tag(sync=True)  # what it is told again after each edit
    _doing = traitlets.Unicode().tag(sync=True)  # what a page calls that which it does

    def __init__(
        self, network: Network, picture=None, properties=None, regions=None, half=None,
        ensembles=None, size=128, property_size=96,
    ):  # fmt: skip
        shape = fit(size, (1, 1) if picture is None else picture.size)
        self.edits, self.movers, self._region, self._note = Edits(network), [], {}, ""
        super().__init__(network, picture, size=shape)
        half = linear_ranges(network, property_size) if half is None else np.asarray(half, float)
        # A dead synapse may go anywhere; its slider has to end somewhere.
        self.half = np.where(np.isfinite(half) & (half > 0), half, 1.0).clip(1e-6, 2.0)
        self._numbers, self._names = regions or (np.zeros(shape, int), [])
        if self._numbers.shape != shape:
            raise ValueError(f"regions of shape {self._numbers.shape}: give them at {shape}")
        self.properties, sets = None, dict(ensembles or {})
        if properties:
            self.properties = PropertyMoves(network, properties, property_size, self.half)
            sets |= self.properties.ensembles
        self._before = network.paint(shape, dtype=np.float32)
        self._target = None if picture is None else picture.resized(shape)
        parts = dict.fromkeys(name.split("/")[0] for name in self._names)
        moves = self.properties
        self._bench = json.dumps({
            "regions": [*parts, *(name for name in self._names if "/" in name)],
            "sets": {name: np.asarray(one).tolist() for name, one in sets.items()},
            "ways": WAYS, "far": FAR,
            "properties": list(zip(moves.names, moves.units, strict=True)) if moves else [],
            "reach": [float(f"{one:.2g}") for one in self.half],
        })  # fmt: skip
        self.on_msg(self._asked)
        take_turns(self)
        self._tell("")

    @property
    def picture(self):
        """The picture as it is now, at the size of the editor."""
        return self.network.paint(self._size, dtype=np.float32)

    @property
    def reading(self):
        """The message line and the numbers of the whole picture, in words."""
        now = self.picture
        words = [self._note] * bool(self._note)
        if self._target is not None:
            words.append(f"RMSE {rmse(now, self._target):.3f}")
        return "; ".join(
            [*words, f"picture changed by {rmse(now, self._before):.3f}", self.edits.moved]
        )

    @property
    def moved(self):
        """What the last moves of a property did, to it and to all others, in words."""
        done = self.edits.done
        last = done[-1].name if done else ""
        name = next((last.removesuffix(f", {way}") for way in WAYS if last.endswith(way)), None)
        if self.properties is None or name not in self.properties.names:
            return "no property is being moved"
        others = (edit.weights for edit in reversed(done) if edit.name != last)
        before = next(others, self.edits.start.weights)
        return self.properties.told(name, before, self.edits.weights)

    def move(self, synapse, weight):
        """Give a synapse a weight."""
        self.apply(f"synapse {synapse}", {synapse: weight})

    def move_property(self, name, amount, way=WAYS[0]):
        """Move a property by some of its scales, from where it is; `way` says who does the work.

        As far as it goes: the message line says where that ends. ValueError if it cannot be moved.
        """
        amount, path = check_amount(amount), self._way(name, way, self.edits.weights)
        scale = self.properties.scales[self.properties.number(name)]
        there = float(np.clip(amount * scale, path.low, path.high))
        self.edits.apply(f"{name}, {way}", path.at(there))
        short = abs(there - amount * scale) > 0.01 * abs(amount * scale)
        self._tell(end_of(name, path, amount > 0, scale) if short else "")

    def show_region(self, region):
        """Show the synapses that move a region most: a name, or a mask (H, W) of bool."""
        name, mask = ("", np.asarray(region)) if not isinstance(region, str) else (region, None)
        if mask is None:
            fits = [one == name or one.startswith(f"{name}/") for one in self._names]
            if not any(fits):
                known = ", ".join(self._names[:7]) or "none"
                raise ValueError(f"there is no region {name!r}: there are {known} …")
            mask = np.isin(self._numbers, np.flatnonzero(fits))
        if mask.shape != self._size:
            raise ValueError(f"a mask of shape {mask.shape}: give {self._size}")
        self.movers = moved_by_region(self.network, mask, self.half).movers[:RANKED].tolist()
        self._region = {"name": name, "mask": mask.astype(np.uint8).tobytes()}
        self._tell(f"moved most by synapses {', '.join(map(str, self.movers))}")

    def undo(self):
        """Take the last edit back."""
        name = self.edits.undo()
        self._tell(f"took back: {name}" if name else "there is nothing to take back")

    def redo(self):
        """Do again what was taken back last."""
        name = self.edits.redo()
        self._tell(f"did again: {name}" if name else "there is nothing to do again")

    def reset(self):
        """Go back to the weights of the start; that can be undone."""
        self.edits.reset()
        self._tell("back at the start")

    def apply(self, name, weights):
        """Make an edit, as `Edits.apply` does."""
        self.edits.apply(name, weights)
        self._tell("")

    def save(self, path):
        """Write the log (.json), the weights (.npz) or the picture (.png), by the name's ending."""
        path = Path(path)
        saved = {".json": self.edits, ".npz": self.network, ".png": self.picture}
        if path.suffix not in saved:
            raise ValueError(f"{path}: give a name that ends in {', '.join(saved)}")
        over = ", over the file that was there" if path.exists() else ""
        saved[path.suffix].save(path)
        self._tell(f"saved as {path}{over}")

    def load(self, path):
        """Play a log (.json) again from the start, or take weights (.npz) for the same wiring."""
        self.edits, came = self.edits.opened(path)
        self._tell(f"loaded {path}: {came}")

    def _way(self, name, way, weights):
        """Return the way of a property from weights, or raise a ValueError that says why not."""
        if self.properties is None:
            raise ValueError("no properties were given: there is nothing to move")
        if way not in WAYS:
            raise ValueError(f"moved by {way!r}: give one of {', '.join(map(repr, WAYS))}")
        if way == WAYS[0]:
            return self.properties.concert(name, weights, FAR)
        ensemble = self.properties.ensembles.get(name)
        choose = strongest if way == WAYS[2] else lambda _: ensemble
        return self.properties.straight(name, weights, FAR, choose)

    @traitlets.observe("weights")
    def _heard(self, change):
        """Take over what a page, or a linked slider, did to the weights."""
        if not np.array_equal(self.edits.weights, change["new"]):
            self._tell(self.edits.follow(change["new"], self._doing if answering() else ""))

    def _tell(self, note):
        """Show the weights as they are, and say something until the next edit."""
        self._note, weights, moves = note, self.edits.weights, self.properties
        if not np.array_equal(self.weights, weights):  # no echo: the hand may have moved on
            self.weights = weights
        edits = {"count": len(self.edits), "last": [one.name for one in self.edits.done[-3:]]}
        told = {"note": note, "edits": edits, "movers": self.movers, **self._region}
        if moves:
            told["readings"] = moves.readings(weights)
            told["moved"] = self.moved
        self._told = told

    def _asked(self, _, asked, buffers):
        """Answer a page; what cannot be is said in its message line."""
        answer = {"region": self._asked_region, "way": self._asked_way, "file": self._asked_file}
        raw, *rest = map(bytes, buffers)
        try:
            weights = np.frombuffer(raw, "<f8")
            if not np.array_equal(self.edits.weights, weights):
                with self._lock_property(weights=raw):  # no echo
                    self._tell(self.edits.follow(weights, asked.get("doing", "")))
            if asked["ask"] != "edit":
                answer[asked["ask"]](asked, *rest)
        except (ValueError, IndexError, OSError) as error:
            self.send({"refused": asked, "why": str(error)})

    def _asked_region(self, asked, mask=b""):
        name = asked["name"]
        self.show_region(name or np.frombuffer(mask, np.uint8).reshape(self._size) > 0)

    def _asked_way(self, asked):
        """Send the weights along a way, (T, S), and at which amounts, in scales."""
        name, anchor = asked["name"], self.edits.weights
        path = self._way(name, asked["way"], anchor)
        scale = self.properties.scales[self.properties.number(name)]
        amounts = np.unique(np.linspace([path.low, 0], [0, path.high], KNOTS + 1))
        weights = np.array([anchor if not amount else path.at(amount) for amount in amounts])
        ends = [end_of(name, path, up, scale) for up in (False, True)]
        answer = {**asked, "amounts": (amounts / scale).tolist(), "ends": ends}
        self.send(answer, [weights.astype("<f8").tobytes()])

    def _asked_file(self, asked, content=b""):
        action, name = asked["action"], asked["name"].strip()
        if not name:
            raise ValueError("give the file a name")
        if action == "upload":
            return self._take(Path(name).name, content)
        path = Path(name + ENDINGS[asked["kind"]])
        if action == "load":
            return self.load(path)
        if action == "download":
            with TemporaryDirectory() as folder:
                note, copy = self._note, Path(folder) / path.name
                self.save(copy)
                self._tell(note)
                return self.send({**asked, "file": path.name}, [copy.read_bytes()])
        if path.exists() and not asked["over"]:
            return self.send({**asked, "exists": str(path)})
        self.save(path)

    def _take(self, name, content):
        """Load a file that a page sends; what is said of it names no folder."""
        with TemporaryDirectory() as folder:
            copy = Path(folder) / name
            try:
                copy.write_bytes(content)
                self.load(copy)
            except (ValueError, OSError) as error:
                raise ValueError(str(error).replace(str(copy), name)) from None
            self._tell(self._note.replace(str(copy), name))

    def __repr__(self):
        return f"WeightEditor({self.edits.start!r}, {self.edits.moved})"

"""A picture of one's own on the way to its editor, in steps that are saved and taken up again."""

import json
import math
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from .._files import FileFormatError, first_difference, write_json
from ..core import (
    Diverged,
    Network,
    Picture,
    open_square,
    rmse,
    scaled_wiring,
    train_levenberg_marquardt,
)
from ..core.points import check_size, fit
from ..core.training import check_positive
from ..ensembles import participants, sensitivity, suggest_properties
from ..ensembles.suggested_properties import named_properties
from ..properties import Property, painted, save_regions, suggest_regions
from ..properties.regions import open_made_regions
from ..properties.suggestions import check_count
from ..sweeps import Atlas, atlas
from .forecasts import SIZES, Forecast, forecast

SAVE_EVERY = 10.0  # seconds between saves of an unfinished training
ATLAS_STEPS = 11  # weights that each synapse takes
AS_MANY = 0.03  # of the synapses asked for: what two styles of wiring may differ by
SAME = 2  # grey levels by which decoders of one file may differ


class OwnPicture:
    """A picture, and the folder in which everything made of it is kept.

    Each step looks into the folder first. What was made from this picture in this way is taken
    up, and what was interrupted goes on. What an earlier step outdated since, by training on or by
    a repainted map, is made anew; `became` tells. What was made otherwise is an error, and stays.

    Parameters
    ----------
    picture
        A `Picture`, which keeps its shape, or an image that is cut to its middle square (see
        `open_square`).
    folder
        Is made if it isn't there.
    n_synapses, iterations, count, size, measured_at
        Synapses, about so many (460 gives the article's wiring; a stored network of about as many
        keeps the wiring that it has); steps of training (a stored network with fewer is trained
        on); regions, at most; pixels of the longer side of the picture, and of the paintings that
        properties are measured on.

    Attributes
    ----------
    became : dict of str to str
        What became of each step that was called: "made", "taken up", "made anew", and of the
        network also "trained on"; or why its training stopped early, "interrupted" or "diverged".

    Raises
    ------
    ValueError
        If the picture (`PictureError`) or the number of synapses cannot be used; from a step, if
        what the folder holds was made from another picture, or otherwise.
    Diverged
        From a training whose numbers overflow; the best network so far is kept, as after the
        stop button.

    Examples
    --------
    >>> how = dict(folder=folder, n_synapses=60, iterations=3, size=16, progress=False)
    >>> own, again = (OwnPicture(samples.peacock(16), **how) for _ in range(2))
    >>> own.network() == again.network(), own.became, again.became
    (True, {'network': 'made'}, {'network': 'taken up'})
    >>> OwnPicture(samples.path("own/lighthouse.png"), **how).network()
    Traceback (most recent call last):
        ...
    ValueError: ... was made with another picture: give another folder, or remove it
    """

    def __init__(
        self,
        picture,
        folder,
        n_synapses=460,
        iterations=120,
        count=8,
        seed=0,
        size=128,
        measured_at=64,
        progress=True,
    ):
        if isinstance(picture, Picture):
            self.picture = picture.resized(check_size(size)[0])
        else:
            self.picture = open_square(picture, size)
        check_positive(iterations=iterations)
        check_count(count)
        self.wiring, self.iterations, self.seed = scaled_wiring(n_synapses), iterations, seed
        self.count, self.progress, self.folder = count, progress, Path(folder)
        self._measured, self.became = fit(measured_at, self.picture.size), {}
        self.folder.mkdir(parents=True, exist_ok=True)
        # What every file made now says of itself, beside what was asked of its step.
        thumbnail = self.picture.resized((16, 16)).to_bytes()
        self._made = {"picture": thumbnail.tobytes().hex(), "size": size}

    def forecast(self, sizes=SIZES) -> list[Forecast]:
        """Return how well networks of several sizes would paint it."""
        picture, progress = self.picture, self.progress
        asked = {"sizes": list(sizes), "seed": self.seed}
        told = self._kept("forecasts", asked, lambda: forecast(picture, **asked, progress=progress))
        return [Forecast(*row) for row in told]

    def network(self, callback: Callable[[Network, float], None] | None = None) -> Network:
        """Return the trained network; an interruption keeps the best so far, to go on next time.

        The callback gets the network of each step of training, and its RMSE.
        """
        path, network = self.folder / "network.npz", Network.random(self.wiring, seed=self.seed)
        if path.exists():
            network = Network.load(path)
            self._check(path, network.provenance, {"seed": self.seed})
            if not _as_large(network.wiring, self.wiring):
                raise _other(path, f"{network.wiring.n_synapses} synapses")
        done = network.provenance.get("iterations", 0)
        if done >= self.iterations:
            self._tell("network", "taken up")
            return network
        return self._train(path, network, done, callback)

    def _train(self, path, start, done, callback):
        """Train on from a start, and keep the best so far."""
        left, best, steps, saved = self.iterations - done, (np.inf, start), -1, time.monotonic()

        def keep(network, stopped):
            about = {
                **self._made,
                "seed": self.seed,
                "start": f"random, seed {self.seed}",
                "method": "levenberg-marquardt",
                "energy_restriction": 1e-3,
                "iterations": self.iterations if stopped == "converged" else done + steps,
                "rmse": round(rmse(network.paint(self.picture.size), self.picture), 5),
                "stopped": stopped,
            }
            kept = Network(network.wiring, network.weights, about)
            kept.save(path)
            return kept

        def follow(network, error):
            nonlocal best, steps, saved
            steps += 1
            if error < best[0]:
                best = error, network
            if time.monotonic() - saved > SAVE_EVERY:
                keep(best[1], "unfinished")
                saved = time.monotonic()
            if callback:
                callback(network, error)

        try:
            network, history = train_levenberg_marquardt(
                start, self.picture, left, seed=self.seed, progress=self.progress, callback=follow
            )
        except Diverged as error:
            keep(error.network, "diverged")
            self._tell("network", "diverged")
            raise
        kept, became = keep(network, history.stopped), "trained on" if done else "made"
        self._tell("network", "interrupted" if history.stopped == "interrupted" else became)
        return kept

    def regions(self) -> tuple[np.ndarray, list[str]]:
        """Return the suggested regions, (numbers, names); repaint regions.png to have others."""
        path, asked = self.folder / "regions.png", {"count": self.count}
        if path.exists():
            regions, made = open_made_regions(path, self.picture.size)
            if made:  # an image editor drops it: those are the reader's own
                self._check(path, json.loads(made), asked)
            self._tell("regions", "taken up")
            return regions
        regions = suggest_regions(self.picture, self.count)
        save_regions(path, regions, json.dumps(self._made | asked))
        self._tell("regions", "made")
        return regions

    def atlas(self) -> Atlas:
        """Return what every synapse does over its working range, kept as well."""
        path = self.folder / "atlas.npz"
        network, size, became = self.network(), self._measured, "made"
        if path.exists():
            held, target = Atlas.load(path), repr(Picture.open(self.picture, size))
            became = "taken up"
            if held.network != network and held.target_digest == target:
                path.unlink(missing_ok=True)  # it is of before the training went on
                became = "made anew"
        how = {"target": self.picture, "path": path, "progress": self.progress}
        found = atlas(network, size, ATLAS_STEPS, **how)
        self._tell("atlas", became)
        return found

    def properties(self) -> list[Property]:
        """Return independent properties of the regions; ValueError if no weight moves one."""
        # Which ones are independent by a hair may depend on the processor.
        return named_properties(self.regions(), self.ensembles(), self._measured)

    def ensembles(self) -> dict[str, list[int]]:
        """Return the synapses that hold 90 % of each property, by its name."""
        network, (numbers, names) = self.network(), self.regions()
        regions = zlib.crc32(json.dumps([np.shape(numbers), list(names)]).encode())
        regions = zlib.crc32(np.asarray(numbers, np.uint8).tobytes(), regions)
        asked = {"count": self.count, "measured_at": max(self._measured)}
        made_of = {
            # The sum that is rounded once, so that every processor finds the same.
            "weights": round(math.fsum(np.abs(network.weights)), 9),
            "regions": f"{regions:08x}",
        }

        def make():
            properties = suggest_properties(network, (numbers, names), self._measured)
            slopes = painted(network, properties, self._measured).slopes(network.weights)[1]
            called = [prop.name for prop in properties]
            rows = sensitivity(slopes, self.atlas().ranges.usable, called)
            members = [participants(row).tolist() for row in rows]
            return dict(zip(called, members, strict=True))

        return self._kept("ensembles", asked, make, made_of)

    def _kept(self, step, asked, make, made_of=None):
        """Return what the file of a step holds; make it and write it if there is none.

        Or if it was made of something else than earlier steps give now.
        """
        path, made_of, became = self.folder / f"{step}.json", made_of or {}, "made"
        if path.exists():
            try:
                stored = json.loads(path.read_text(encoding="utf-8"))
                made, held = dict(stored["made"]), stored["found"]
            except (ValueError, KeyError, TypeError):
                held = None
            if not held:  # a step that finds nothing says so, and writes nothing
                raise FileFormatError(f"{path} is damaged: remove it, it is made anew") from None
            self._check(path, made, asked)
            if not first_difference(made, made_of):
                self._tell(step, "taken up")
                return held
            became = "made anew"
        held = make()
        write_json(path, {"made": self._made | asked | made_of, "found": held})
        self._tell(step, became)
        return held

    def _tell(self, step, became):
        """Note what became of a step; what this object made stays made."""
        if became != "taken up" or step not in self.became:
            self.became[step] = became

    def _check(self, path, made, asked):
        """Raise a ValueError unless a file was made from this picture, and as asked."""
        if not _same(made.get("picture"), self._made["picture"]):
            raise _other(path, "another picture")
        differs = first_difference(made, self._made | asked | {"picture": made["picture"]})
        if differs:
            raise _other(path, "{} {}, not {}".format(*differs))


def _other(path, how):
    return ValueError(f"{path} was made with {how}: give another folder, or remove it")


def _as_large(wiring, asked):
    """Could this wiring be an earlier answer to what was asked?"""
    ends = [(one.n_inputs, one.n_outputs) for one in (wiring, asked)]
    away = abs(wiring.n_synapses - asked.n_synapses)
    return ends[0] == ends[1] and away <= max(3, AS_MANY * asked.n_synapses)


def _same(one, other):
    """Are these thumbnails those of one picture, but for how it was decoded?"""
    try:
        a, b = (np.frombuffer(bytes.fromhex(text), np.uint8).astype(int) for text in (one, other))
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and np.abs(a - b).max() <= SAME

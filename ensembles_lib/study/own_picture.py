"""A picture of one's own on the way to its editor, in steps that are saved and taken up again."""

import math
import time

import numpy as np

from ..core.levenberg_marquardt import train_levenberg_marquardt
from ..core.network import Network
from ..core.picture import Picture, PictureError, open_square, rmse
from ..core.recipes import scaled_wiring
from ..ensembles.ensembles import participation_ensemble
from ..ensembles.sensitivities import property_gradients, sensitivity
from ..ensembles.suggested_properties import named_properties, suggest_properties
from ..properties.suggestions import suggest_regions
from ..sweeps.surveys import atlas
from .forecasts import SIZES, Forecast, forecast
from .picture_folders import PictureFolder, regions_digest

SAVE_EVERY = 10.0  # seconds between saves of an unfinished training
ATLAS_STEPS = 11  # weights that each synapse takes


class OwnPicture:
    """A picture, and the folder in which everything made of it is kept.

    Each step looks into the folder first. What was made from this picture in this way is taken
    up, what was interrupted goes on; what was made otherwise is an error, and stays.

    Parameters
    ----------
    picture : Picture, path, binary file object or bytes
        Cut to its middle square.
    folder : path
        Is made if it isn't there.
    n_synapses : int
        About so many; 460 gives the article's wiring.
    iterations : int
        Steps of training. A stored network with fewer is trained on.
    count : int
        Regions, at most.
    seed : int
    size, measured_at : int
        Pixels of the picture's side, and of the paintings that properties are measured on.
    progress : bool
        Show progress bars.

    Attributes
    ----------
    picture : Picture
    became : dict of str to str
        What became of each step that was called: "made", "taken up" or "trained on".

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the picture cannot be used (`PictureError`) or the number of synapses is out of range;
        from a step, if what the folder holds was made from another picture, or otherwise.

    Examples
    --------
    >>> import tempfile
    >>> pixels = np.full((16, 16, 3), -0.5)
    >>> pixels[4:12, 4:12] = 0.9, -0.9, -0.9
    >>> folder = tempfile.TemporaryDirectory()
    >>> how = dict(n_synapses=60, iterations=3, size=16, progress=False)
    >>> own = OwnPicture(Picture(pixels), folder.name, **how)
    >>> own.regions()[1], own.network().wiring.n_synapses
    (['dark grey, middle', 'red, middle'], 59)
    >>> again = OwnPicture(Picture(pixels), folder.name, **how)
    >>> again.network() == own.network(), again.became
    (True, {'network': 'taken up'})
    >>> OwnPicture(Picture(-pixels), folder.name, **how).network()
    Traceback (most recent call last):
        ...
    ValueError: ... was made with another picture: give another folder, or remove it
    >>> folder.cleanup()
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
            if picture.size[0] != picture.size[1]:
                raise PictureError(f"a picture of {picture.size}: give a square, see open_square")
            self.picture = picture.resized((size, size))
        else:
            self.picture = open_square(picture, size)
        self.wiring, self.iterations, self.seed = scaled_wiring(n_synapses), iterations, seed
        self.count, self.measured_at, self.progress = count, measured_at, progress
        self._kept, self._found = PictureFolder(folder, self.picture), {}
        self.folder, self.became = self._kept.path, self._kept.became

    def forecast(self, sizes=SIZES):
        """Return how well networks of several sizes would paint it, a list of `Forecast`."""

        def make():
            return forecast(self.picture, sizes, self.seed, self.progress)

        rows = self._kept.json("forecast", {"sizes": list(sizes), "seed": self.seed}, make)
        return [Forecast(*row) for row in rows]

    def network(self, callback=None):
        """Return the trained network; an interruption keeps the best so far, to go on later."""
        if "network" in self._found:
            return self._found["network"]
        path = self.folder / "network.npz"
        start, done = Network.random(self.wiring, seed=self.seed), 0
        if path.exists():
            start = Network.load(path)
            self._kept.check(path, start.provenance, {"seed": self.seed})
            if start.wiring != self.wiring:
                raise self._kept.other(path, f"{start.wiring.n_synapses} synapses")
            done = start.provenance.get("iterations", 0)
        if done < self.iterations:
            start = self._train(path, start, done, callback)
        self._kept.say(
            "network",
            "made" if not done else "taken up" if done >= self.iterations else "trained on",
        )
        self._found["network"] = start
        return start

    def _train(self, path, start, done, callback):
        best, steps, saved = (np.inf, start), -1, time.monotonic()

        def keep(network, stopped):
            error = rmse(network.paint(self.picture.size), self.picture)
            about = {
                **self._kept.made(seed=self.seed),
                "start": f"random, seed {self.seed}",
                "method": "levenberg-marquardt",
                "energy_restriction": 1e-3,
                "iterations": self.iterations if stopped == "converged" else done + steps,
                "rmse": round(error, 5),
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
            if callback:
                callback(network, error)
            if time.monotonic() - saved > SAVE_EVERY:
                keep(best[1], "unfinished")
                saved = time.monotonic()

        network, history = train_levenberg_marquardt(
            start,
            self.picture,
            self.iterations - done,
            seed=self.seed,
            progress=self.progress,
            callback=follow,
        )
        return keep(network, history.stopped)

    def regions(self):
        """Return the suggested regions, (numbers, names); repaint regions.png to have others."""
        return self._kept.regions(
            {"count": self.count}, lambda: suggest_regions(self.picture, self.count)
        )

    def atlas(self):
        """Return what every synapse does over its working range: an `Atlas`, kept as well."""
        path = self.folder / "atlas.npz"
        there = path.exists()
        found = atlas(
            self.network(),
            self.measured_at,
            ATLAS_STEPS,
            self.picture,
            path=path,
            progress=self.progress,
        )
        self._kept.say("atlas", "taken up" if there else "made")
        return found

    def properties(self):
        """Return independent properties of the regions, a list of `Property`.

        Those whose ensembles are kept, where they are: which ones are independent by a hair may
        depend on the processor.
        """
        if "properties" not in self._found:
            regions, size = self.regions(), self.measured_at
            kept = self._kept.held("ensembles", self._asked())
            self._found["properties"] = (
                suggest_properties(self.network(), regions, size)
                if kept is None
                else named_properties(regions, kept, size)
            )
        return self._found["properties"]

    def ensembles(self):
        """Return the synapses that hold 90 % of each property: dict of str to list of int."""

        def make():
            properties = self.properties()
            names = [one.name for one in properties]
            slopes = property_gradients(self.network(), properties, self.measured_at)[1]
            rows = sensitivity(slopes, self.atlas().ranges.usable, names)
            return {
                name: participation_ensemble(row).tolist()
                for name, row in zip(names, rows, strict=True)
            }

        return self._kept.json("ensembles", self._asked(), make)

    def _asked(self):
        """Return what ensembles depend on beside the picture."""
        return {
            # The sum that is rounded once, so that every processor finds the same.
            "weights": round(math.fsum(np.abs(self.network().weights)), 9),
            "count": self.count,
            "regions": regions_digest(*self.regions()),
            "measured_at": self.measured_at,
        }

"""A picture of one's own on the way to its editor, in steps that are saved and taken up again."""

import io
import json
import time
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from .ensembles import participation_ensemble
from .files import FileFormatError, replacing
from .forecasts import SIZES, Forecast, forecast
from .network import Network
from .picture import Picture, PictureError, check_size, rmse
from .regions import open_regions
from .scaled_wiring import scaled_wiring
from .sensitivities import property_gradients, sensitivity
from .suggested_properties import at_size, suggest_properties
from .suggestions import suggest_regions
from .surveys import atlas
from .training import train_levenberg_marquardt

SMALLEST = 16  # pixels of the shorter side
SAVE_EVERY = 10.0  # seconds between saves of an unfinished training
ATLAS_STEPS = 11  # weights that each synapse takes
SAME = 2  # grey levels by which decoders of one file may differ


def open_square(path, size=128):
    """Open the middle square of any image.

    Parameters
    ----------
    path : path, binary file object or bytes
    size : int

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    PictureError
        If it is no image, or less than 16 pixels high or wide.
    """
    size = check_size(size)[0]
    path = io.BytesIO(path) if isinstance(path, bytes | bytearray | memoryview) else path
    try:
        with Image.open(path) as image:  # reads no pixels yet
            short, long = sorted(image.size)
    except Exception:
        Picture.open(path)  # says what is wrong
        raise
    if short < SMALLEST:
        raise PictureError(f"{short} pixels are too few: give an image from {SMALLEST} up")
    if hasattr(path, "seek"):
        path.seek(0)
    pixels = Picture.open(path, -(-long * size // short)).pixels
    top, left = ((side - min(pixels.shape[:2])) // 2 for side in pixels.shape[:2])
    side = min(pixels.shape[:2])
    return Picture(pixels[top : top + side, left : left + side]).resized((size, size))


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
        self.folder, self.count, self.measured_at = Path(folder), count, measured_at
        self.progress, self.became, self._found = progress, {}, {}
        self.folder.mkdir(parents=True, exist_ok=True)

    def forecast(self, sizes=SIZES):
        """Return how well networks of several sizes would paint it, a list of `Forecast`."""

        def make():
            return forecast(self.picture, sizes, self.seed, self.progress)

        rows = self._json("forecast", {"sizes": list(sizes), "seed": self.seed}, make)
        return [Forecast(*row) for row in rows]

    def network(self, callback=None):
        """Return the trained network; an interruption keeps the best so far, to go on later."""
        if "network" in self._found:
            return self._found["network"]
        path = self.folder / "network.npz"
        start, done = Network.random(self.wiring, seed=self.seed), 0
        if path.exists():
            start = Network.load(path)
            self._check(path, start.provenance, {"seed": self.seed})
            if start.wiring != self.wiring:
                raise self._other(path, f"{start.wiring.n_synapses} synapses")
            done = start.provenance.get("iterations", 0)
        self._found["network"] = start
        if done < self.iterations:
            start = self._train(path, start, done, callback)
        self._say(
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
                **self._made(seed=self.seed),
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
        path, asked = self.folder / "regions.png", {"count": self.count}
        if path.exists():
            with Image.open(path) as image:
                made = image.info.get("made")
            if made is not None:  # an image editor drops it: those are the reader's own
                self._check(path, json.loads(made), asked)
            self._say("regions", "taken up")
            numbers, names = open_regions(path)
            return at_size(numbers, names, self.picture.size), names
        numbers, names = suggest_regions(self.picture, self.count)
        about = PngImagePlugin.PngInfo()
        about.add_text("made", json.dumps(self._made(**asked)))
        # The names first: where the image is, both are.
        with replacing(path.with_suffix(".json")) as temporary:
            temporary.write_text(json.dumps(names, indent=0) + "\n", encoding="utf-8")
        with replacing(path) as temporary:
            Image.fromarray(numbers.astype(np.uint8)).save(temporary, pnginfo=about)
        self._say("regions", "made")
        return numbers, names

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
        self._say("atlas", "taken up" if there else "made")
        return found

    def properties(self):
        """Return independent properties of the regions, a list of `Property`."""
        if "properties" not in self._found:
            self._found["properties"] = suggest_properties(
                self.network(), self.regions(), self.measured_at
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

        weights = round(float(np.abs(self.network().weights).sum()), 9)
        return self._json("ensembles", {"weights": weights, "count": self.count}, make)

    def _made(self, **asked):
        thumbnail = self.picture.resized((16, 16)).to_bytes()
        return {"picture": thumbnail.tobytes().hex(), "size": self.picture.size[0], **asked}

    def _json(self, step, asked, make):
        """Return what the file of a step holds; make it and write it if there is none."""
        path = self.folder / f"{step}.json"
        if path.exists():
            self._say(step, "taken up")
            try:
                held = json.loads(path.read_text(encoding="utf-8"))
                made, found = held["made"], held["found"]
            except (ValueError, KeyError, TypeError):
                raise FileFormatError(f"{path} is damaged: remove it, it is made anew") from None
            self._check(path, made, asked)
            return found
        found = make()
        with replacing(path) as temporary:
            text = json.dumps({"made": self._made(**asked), "found": found}, indent=0)
            temporary.write_text(text + "\n", encoding="utf-8")
        self._say(step, "made")
        return found

    def _say(self, step, what):
        self.became.setdefault(step, what)  # a second call takes up what the first made

    def _check(self, path, made, asked):
        """Raise a ValueError unless a file was made from this picture, and as asked."""
        now = self._made(**asked)
        for name, value in now.items():
            there = made.get(name)
            if name == "picture":
                if not _same(there, value):
                    raise self._other(path, "another picture")
            elif there != value:
                raise self._other(path, f"{name} {there}, not {value}")

    def _other(self, path, what):
        return ValueError(f"{path} was made with {what}: give another folder, or remove it")


def _same(one, other):
    """Are these thumbnails those of one picture, but for how it was decoded?"""
    try:
        a, b = (np.frombuffer(bytes.fromhex(text), np.uint8).astype(int) for text in (one, other))
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and np.abs(a - b).max() <= SAME

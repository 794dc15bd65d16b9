"""Folders of what was made from one picture: taken up if it was made so, refused otherwise."""

import json
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

from .._files import FileFormatError, replacing, write_json
from ..properties.regions import open_regions

SAME = 2  # grey levels by which decoders of one file may differ


class PictureFolder:
    """A folder whose files say from which picture they were made, and how.

    Parameters
    ----------
    path : path
        Is made if it isn't there.
    picture : Picture

    Attributes
    ----------
    became : dict of str to str
        What became of each step: "made", "taken up" or "trained on".

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as path:
    ...     folder = PictureFolder(path, Picture(np.zeros((16, 16, 3))))
    ...     first = folder.json("sum", {"of": [1, 2]}, lambda: 3)
    ...     again = PictureFolder(path, Picture(np.zeros((16, 16, 3))))
    ...     again.json("sum", {"of": [1, 2]}, None), again.became
    (3, {'sum': 'taken up'})
    """

    def __init__(self, path, picture):
        self.path, self.picture, self.became = Path(path), picture, {}
        self.path.mkdir(parents=True, exist_ok=True)

    def say(self, step, what):
        """Note what became of a step; a second call takes up what the first made."""
        self.became.setdefault(step, what)

    def made(self, **asked):
        """Return what a file made now would say of itself: picture, size and what was asked."""
        thumbnail = self.picture.resized((16, 16)).to_bytes()
        return {"picture": thumbnail.tobytes().hex(), "size": self.picture.size[0], **asked}

    def check(self, path, made, asked):
        """Raise a ValueError unless a file was made from this picture, and as asked."""
        for name, value in self.made(**asked).items():
            there = made.get(name)
            if name == "picture":
                if not _same(there, value):
                    raise self.other(path, "another picture")
            elif there != value:
                raise self.other(path, f"{name} {there}, not {value}")

    def other(self, path, what):
        """Return the error for a file that was made otherwise."""
        return ValueError(f"{path} was made with {what}: give another folder, or remove it")

    def held(self, step, asked):
        """Return what the file of a step holds, None if there is none."""
        path = self.path / f"{step}.json"
        if not path.exists():
            return None
        try:
            held = json.loads(path.read_text(encoding="utf-8"))
            made, found = dict(held["made"]), held["found"]
        except (ValueError, KeyError, TypeError):
            raise FileFormatError(f"{path} is damaged: remove it, it is made anew") from None
        self.check(path, made, asked)
        return found

    def json(self, step, asked, make):
        """Return what the file of a step holds; make it and write it if there is none."""
        found = self.held(step, asked)
        if found is not None:
            self.say(step, "taken up")
            return found
        found = make()
        write_json(self.path / f"{step}.json", {"made": self.made(**asked), "found": found})
        self.say(step, "made")
        return found

    def regions(self, asked, make):
        """Return (numbers, names) at the size of the picture, repainted ones as they are."""
        path = self.path / "regions.png"
        if path.exists():
            made = _about(path)
            if made is not None:  # an image editor drops it: those are the reader's own
                self.check(path, made, asked)
            self.say("regions", "taken up")
            return open_regions(path, self.picture.size)
        numbers, names = make()
        about = PngImagePlugin.PngInfo()
        about.add_text("made", json.dumps(self.made(**asked)))
        write_json(path.with_suffix(".json"), names)  # first: where the image is, both are
        with replacing(path) as temporary:
            Image.fromarray(numbers.astype(np.uint8)).save(temporary, pnginfo=about)
        self.say("regions", "made")
        return numbers, names


def regions_digest(numbers, names):
    """Return eight characters that differ for other regions, or other names of them."""
    text = json.dumps([np.shape(numbers), list(names)])
    return f"{zlib.crc32(np.asarray(numbers, np.uint8).tobytes(), zlib.crc32(text.encode())):08x}"


def _about(path):
    """Return what an image says it was made with, None if it says nothing."""
    try:
        with Image.open(path) as image:
            return dict(json.loads(image.info["made"]))
    except (OSError, KeyError, ValueError, TypeError):
        return None


def _same(one, other):
    """Are these thumbnails those of one picture, but for how it was decoded?"""
    try:
        a, b = (np.frombuffer(bytes.fromhex(text), np.uint8).astype(int) for text in (one, other))
    except (TypeError, ValueError):
        return False
    return a.shape == b.shape and np.abs(a - b).max() <= SAME

"""Results: what was measured, stored with what it was made from, and refused when that has changed.

One file per network of arrays, by trait; or JSON.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from .._files import FileFormatError, first_difference, read_arrays

FILE_FORMAT = "ensembles_lib study 1"


class StaleResultsError(FileFormatError):
    """Stored results that are missing, or not of today's networks, data or code."""


def stored(path: str | Path) -> tuple[dict, dict, str]:
    """Return what the file of a network holds: values and provenance by trait, and its damage.

    Values and provenance are empty where there is no file or the damage is not "".

    Examples
    --------
    >>> stored("nowhere.npz")
    ({}, {}, '')
    """
    try:
        fields = read_arrays(path, FILE_FORMAT)
        values, shapes, about = json.loads(fields["text"].tobytes())
        start = 0
        for trait, name, shape, kind in shapes:
            stop = start + math.prod(shape)
            if np.dtype(kind).kind not in "fiub":
                raise TypeError(f"{name} of {trait} has the type {kind!r}")
            values[trait][name] = fields["numbers"][start:stop].reshape(shape).astype(kind)
            start = stop
        if not all(isinstance(of, dict) for of in (*values.values(), *about.values())):
            raise TypeError("the results are not sorted by traits")
    except FileNotFoundError:
        return {}, {}, ""
    except (IsADirectoryError, PermissionError):
        raise
    # A damaged result is worth no more than none: it is measured again.
    except Exception as error:
        return {}, {}, f"damaged: {error}"
    return values, about, ""


def open_json(path: Path, key: str, today: dict, command: str, each: Callable = dict) -> dict:
    """Return what a JSON file holds under a key, each of its values read by `each`.

    If the file is missing or damaged, or its provenance (what it says itself, if it has none) is
    not that of today, a StaleResultsError names the command that rebuilds it.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        held = {name: each(of) for name, of in dict(stored[key]).items()}
        differs = first_difference(dict(stored.get("provenance", stored)), today)
        problem = "has {} {}, today's is {}".format(*differs) if differs else ""
    except FileNotFoundError:
        problem = "is missing"
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        problem = f"is damaged: {error}"
    if problem:
        raise StaleResultsError(f"{path} {problem}\nTo rebuild it run: {command}")
    return held


def digest(contents: Iterable[bytes]) -> str:
    """Return sixteen characters that differ for other contents.

    Examples
    --------
    >>> digest([b"a", b"b"]) == digest([b"ab"]) != digest([b"a"])
    True
    """
    return hashlib.sha256(b"".join(contents)).hexdigest()[:16]

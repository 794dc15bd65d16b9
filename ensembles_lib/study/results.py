"""Results: what was measured, stored with what it was made from, and refused when that has changed.

One file per network of arrays, by trait (`read_study`); or JSON (`Stored`).
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .._files import FileFormatError, first_difference, read_arrays
from ..core import Network

FILE_FORMAT = "ensembles_lib study 1"


class StaleResultsError(FileFormatError):
    """Stored results that are missing, or not of today's networks, data or code."""


class Stored(NamedTuple):
    """A JSON file of measurements in the folder of the data.

    Attributes
    ----------
    file : str
    key : str
        What they stand under in the file, by name.
    made_from : callable(data) -> dict
        What they depend on: they are stale when any of this changes. The file tells it under
        "provenance", or of itself.
    command : str
        What rebuilds the file.
    each : callable
        What makes of a value in the file one in memory.
    """

    file: str
    key: str
    made_from: Callable
    command: str
    each: Callable = dict

    def open(self, data: str | Path) -> dict:
        """Return the measurements by name, if the file is there, whole and of today.

        If not, a StaleResultsError names the command that rebuilds it.
        """
        path = Path(data) / self.file
        try:
            stored = json.loads(path.read_text(encoding="utf-8"))
            held = {name: self.each(of) for name, of in dict(stored[self.key]).items()}
            made = dict(stored.get("provenance", stored))
            differs = first_difference(made, self.made_from(data))
            problem = "has {} {}, today's is {}".format(*differs) if differs else ""
        except FileNotFoundError:
            problem = "is missing"
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            problem = f"is damaged: {error}"
        if problem:
            raise StaleResultsError(f"{path} {problem}\nTo rebuild it run: {self.command}")
        return held


def read_study(networks: dict, versions: dict, context: object, folder: str | Path, command: str):
    """Return the stored results of a study, if all are there and of today.

    By network, trait and what the trait's measurement called it, or ``{"reason": str}`` where a
    network has no such trait. If any are missing, damaged or stale, a StaleResultsError says which,
    why, and the command that rebuilds them. Networks are given by the names of their files, which
    are in the folder; the versions of the traits that are to be read by their names. The `digest`
    of the context, a str, says what else was given to every measurement.

    Examples
    --------
    >>> read_study({"seed-0": None}, {"size": 1}, None, "nowhere", "make data")
    Traceback (most recent call last):
        ...
    ensembles_lib.study.results.StaleResultsError: nowhere: stored results are not those of today:
      seed-0: size is not measured
    To rebuild them run: make data
    """
    results, complaints = {}, {}
    for name, network in networks.items():
        results[name], about, damage = stored(Path(folder) / f"{name}.npz")
        for trait, version in versions.items():
            problem = damage or _stale(about, trait, version, network, context)
            if problem:
                complaints[f"  {name}: {problem}"] = None  # in order, each once
    if complaints:
        shown, more = list(complaints)[:5], len(complaints) - 5
        shown += [f"  and {more} more"] if more > 0 else []
        lines = [f"{folder}: stored results are not those of today:", *shown]
        raise StaleResultsError("\n".join([*lines, f"To rebuild them run: {command}"]))
    return {name: {trait: of[trait] for trait in versions} for name, of in results.items()}


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


def _stale(about, trait, version, network, context):
    """Return what is wrong with the provenance of a stored trait, "" if nothing."""
    if trait not in about:
        return f"{trait} is not measured"
    differs = first_difference(about[trait], fingerprint(version, network, context))
    return "{} was measured with {} {}, today's is {}".format(trait, *differs) if differs else ""


def fingerprint(version: int, network: Network, context: object) -> dict:
    """Return what the result of a trait depends on: it is stale when any of this changes.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> list(fingerprint(1, network, SimpleNamespace(digest="none")))
    ['version', 'network', 'context']
    """
    return {"version": version, "network": network_digest(network), "context": context.digest}


def network_digest(network: Network) -> str:
    """Return sixteen characters that differ for other weights or another wiring.

    Examples
    --------
    >>> network_digest(network) == network_digest(network.with_weight(0, 0.5))
    False
    """
    arrays = network.weights, network.wiring.source, network.wiring.first
    return digest(np.ascontiguousarray(array).tobytes() for array in arrays)


def networks_digest(networks: Iterable[Network]) -> str:
    """Return the digest of several networks in their order."""
    return digest(network_digest(one).encode() for one in networks)


def digest(contents: Iterable[bytes]) -> str:
    """Return sixteen characters that differ for other contents.

    Examples
    --------
    >>> digest([b"a", b"b"]) == digest([b"ab"]) != digest([b"a"])
    True
    """
    return hashlib.sha256(b"".join(contents)).hexdigest()[:16]

"""Studies: what was measured of many networks, and refused when it is not of today."""

from pathlib import Path

import numpy as np

from .._files import first_difference
from ..core import Network
from .results import StaleResultsError, digest, stored


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
            problem = damage or stale(about, trait, version, network, context)
            if problem:
                complaints[f"  {name}: {problem}"] = None  # in order, each once
    if complaints:
        shown, more = list(complaints)[:5], len(complaints) - 5
        shown += [f"  and {more} more"] if more > 0 else []
        lines = [f"{folder}: stored results are not those of today:", *shown]
        raise StaleResultsError("\n".join([*lines, f"To rebuild them run: {command}"]))
    return {name: {trait: of[trait] for trait in versions} for name, of in results.items()}


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


def stale(about: dict, name: str, version: int, network: Network, context: object) -> str:
    """Return what is wrong with the provenance of a stored trait, "" if nothing.

    Examples
    --------
    >>> stale({}, "size", 1, network, None)
    'size is not measured'
    """
    if name not in about:
        return f"{name} is not measured"
    differs = first_difference(about[name], fingerprint(version, network, context))
    return "{} was measured with {} {}, today's is {}".format(name, *differs) if differs else ""

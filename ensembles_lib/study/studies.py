"""Studies: the same traits measured of many networks.

A study can be interrupted at any time and goes on where it stopped; run by any executor, it gives
the same numbers.
"""

import platform
import time
from collections.abc import Callable
from concurrent.futures import as_completed
from pathlib import Path
from typing import NamedTuple

import numpy as np
import scipy
from tqdm.auto import tqdm

from .results import fingerprint, stale, store, stored


class Trait(NamedTuple):
    """Something that is measured of every network.

    Attributes
    ----------
    measure : callable(network, context) -> dict
        Of arrays, and of numbers, strings and lists of these. It must be importable by name, so
        that other processes can run it, and draw random numbers from seeds of its own only. A
        ValueError says that the network has no such trait; the reason is stored.
    version : int
        To be raised whenever the numbers change. Not a digest of the source: that would change
        with every comment, and stay the same when a package beneath it changes. Whether stored
        numbers are those of the code is a matter of measuring again (see `differences`).
    """

    measure: Callable
    version: int = 1


def study(networks, traits, context, folder, executor=None, progress=True):
    """Measure what is missing or stale, and store it.

    Parameters
    ----------
    networks : dict of str to Network
        By names that can be file names.
    traits : dict of str to Trait
        The first is measured of all networks before the second.
    context : object
        Given to every measurement. Its `digest`, a str, says what it is.
    folder : path
        One file per network; made if it is not there. Results are written by this process alone:
        workers need not see the folder, and two studies must not share one at the same time.
    executor : concurrent.futures.Executor, optional
        What runs the measurements, in this process unless given: a process pool, say, or
        ``dask.distributed.Client(…).get_executor()``.
    progress : bool
        Show a progress bar.

    Returns
    -------
    dict of str to str
        Why a network has no such trait, by "network: trait"; of what was measured now.

    Raises
    ------
    ValueError
        If there is nothing to do, a name cannot be a file name, or the context has no digest;
        before any work starts.
    Exception
        What a measurement raised, with network and trait named. What was finished is stored.

    Examples
    --------
    >>> import tempfile
    >>> from types import SimpleNamespace
    >>> networks = {"seed-0": Network.random(article_wiring())}
    >>> traits = {"size": Trait(lambda network, context: {"synapses": len(network.weights)})}
    >>> context = SimpleNamespace(digest="none")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     refused = study(networks, traits, context, folder, progress=False)
    ...     stored(Path(folder) / "seed-0.npz")[0]
    {'size': {'synapses': 460}}
    """
    _check(networks, traits, context)
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    about = {name: stored(folder / f"{name}.npz")[1] for name in networks}
    calls = {
        (name, trait): (traits[trait].measure, network, context)
        for trait in traits
        for name, network in networks.items()
        if stale(about[name], trait, traits, network, context)
    }
    finished = _one_by_one(calls) if executor is None else _spread(calls, executor)
    without = {}
    with tqdm(total=len(calls), disable=not progress, desc="measuring") as bar:
        for (name, trait), (values, seconds) in finished:
            provenance = fingerprint(traits[trait], networks[name], context)
            provenance |= {"seconds": round(seconds, 2), "versions": _versions()}
            store(folder / f"{name}.npz", trait, values, provenance)
            if "reason" in values:
                without[f"{name}: {trait}"] = values["reason"]
            bar.update()
    return without


def _one_by_one(calls):
    for job, call in calls.items():
        yield job, _named(job, _measure, *call)


def _spread(calls, executor):
    futures = {executor.submit(_measure, *call): job for job, call in calls.items()}
    try:
        for future in as_completed(futures):
            yield futures[future], _named(futures[future], future.result)
    finally:  # after an error or an interruption nobody waits for the rest
        for future in futures:
            future.cancel()


def _named(job, function, *arguments):
    """Call a function; an error says which job it was."""
    try:
        return function(*arguments)
    except Exception as error:
        error.add_note("while measuring {1} of network {0}".format(*job))
        raise


def _measure(measure, network, context):
    """Return what a worker measures and the seconds of processor time that it took."""
    start = time.process_time()
    try:
        values = measure(network, context)
    except ValueError as error:
        values = {"reason": str(error)}
    return values, time.process_time() - start


def _check(networks, traits, context):
    for what, names in (("network", networks), ("trait", traits)):
        if not names:
            raise ValueError(f"no {what}s given: give at least one")
        for name in names:
            if not isinstance(name, str) or name != Path(name).name or name.startswith("."):
                raise ValueError(f"{what} {name!r}: give a name that can be a file name")
    if any("." in trait for trait in traits):
        raise ValueError(f"traits {list(traits)}: give names without a dot")
    if not isinstance(getattr(context, "digest", None), str):
        raise ValueError(f"context {context!r}: give one with a `digest`, a str")


def _versions():
    return {
        "python": platform.python_version(),
        "numpy": np.__version__,
        "scipy": scipy.__version__,
    }

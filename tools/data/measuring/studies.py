"""Studies: the same traits measured of many networks, what is of today kept."""

import time
from collections.abc import Callable
from concurrent.futures import as_completed
from pathlib import Path
from typing import NamedTuple

from tqdm.auto import tqdm

from ensembles_lib._files import first_difference
from ensembles_lib.study.results import fingerprint, stored

from .results import VERSIONS, store


class Trait(NamedTuple):
    """Something that is measured of every network.

    Attributes
    ----------
    measure : callable(network, context) -> dict
        Of arrays, and of numbers, strings and lists of these. Importable by name, for other
        processes; with random numbers from seeds of its own only. A ValueError says that the
        network has no such trait; the reason is stored.
    version : int
        To be raised whenever the numbers change. Not a digest of the source, which changes with
        every comment and with no package; for the numbers themselves see `results.differences`.
    """

    measure: Callable
    version: int = 1


def study(networks, traits, context, folder, executor=None, progress: bool = True) -> dict:
    """Measure what is missing or stale, and store it.

    It can be interrupted and goes on where it stopped; by any executor it gives the same numbers.
    Returns why a network has no such trait, by "network: trait"; of what was measured now.

    Parameters
    ----------
    networks : dict of str to Network
        By names that can be file names.
    traits : dict of str to Trait
        The first is measured of all networks before the second.
    context
        Given to every measurement. Its `digest`, a str, says what it is.
    folder
        One file per network; made if it is not there. This process alone writes there: workers
        need not see it, and two studies must not share one at the same time.
    executor : Executor, optional
        What runs the measurements, in this process unless given: a process pool, say, or
        ``dask.distributed.Client(…).get_executor()``.

    Raises
    ------
    ValueError
        Before any work starts: if there is nothing to do, a name cannot be a file name, or the
        context has no digest. What a measurement raises comes with network and trait named.

    Examples
    --------
    >>> import tempfile
    >>> from types import SimpleNamespace
    >>> from ensembles_lib.study.results import read_study
    >>> traits = {"size": Trait(lambda network, context: {"synapses": len(network.weights)})}
    >>> context, folder = SimpleNamespace(digest="none"), tempfile.TemporaryDirectory()
    >>> study({"seed-1": network}, traits, context, folder.name, progress=False)
    {}
    >>> read_study({"seed-1": network}, {"size": 1}, context, folder.name, "make data")
    {'seed-1': {'size': {'synapses': 27}}}
    >>> folder.cleanup()
    """
    if not networks or not traits:
        raise ValueError(f"no {'traits' if networks else 'networks'} given: give at least one")
    for name in networks:
        if not isinstance(name, str) or name != Path(name).name or name.startswith("."):
            raise ValueError(f"network {name!r}: give a name that can be a file name")
    if not isinstance(getattr(context, "digest", None), str):
        raise ValueError(f"context {context!r}: give one with a `digest`, a str")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    about = {name: stored(folder / f"{name}.npz")[1] for name in networks}
    calls = {
        (name, trait): (_measure, (name, trait), traits[trait].measure, network, context)
        for trait in traits
        for name, network in networks.items()
        if first_difference(
            about[name].get(trait, {}), fingerprint(traits[trait].version, network, context)
        )
    }
    without = {}
    with tqdm(total=len(calls), disable=not progress, desc="measuring") as bar:
        for (name, trait), (values, seconds) in finished(calls, executor):
            made = fingerprint(traits[trait].version, networks[name], context)
            made |= {"seconds": round(seconds, 2), "versions": VERSIONS}
            store(folder / f"{name}.npz", trait, values, made)
            if "reason" in values:
                without[f"{name}: {trait}"] = values["reason"]
            bar.update()
    return without


def finished(calls, executor=None):
    """Yield jobs and what they gave, as they end.

    Parameters
    ----------
    calls : dict
        Functions and their arguments, by job.
    executor : Executor, optional
        What runs them; this process unless given.

    Examples
    --------
    >>> list(finished({"two": (max, 1, 2)}))
    [('two', 2)]
    """
    if executor is None:
        yield from ((job, call(*given)) for job, (call, *given) in calls.items())
        return
    futures = {executor.submit(*call): job for job, call in calls.items()}
    try:
        for future in as_completed(futures):
            yield futures[future], future.result()
    finally:  # after an error or an interruption nobody waits for the rest
        for future in futures:
            future.cancel()


def _measure(job, measure, network, context):
    """Return what a worker measures and the seconds of processor time; an error names the job."""
    start = time.process_time()
    try:
        values = measure(network, context)
    except ValueError as error:
        values = {"reason": str(error)}
    except Exception as error:
        error.add_note("while measuring {1} of network {0}".format(*job))
        raise
    return values, time.process_time() - start

"""Evidence: what the verdicts are made of, stored or summed up from the study of the peacock."""

import hashlib
import json
from pathlib import Path

from .._files import write_json
from ..core.network import Network
from ..core.recipes import article_wiring
from .peacock_study import GROUPS, RECIPES, Drawing, open_networks, open_study
from .profiles import VERSION as PROFILES
from .results import StaleResultsError, fingerprint, read_study
from .studies import Trait
from .traits import TRAITS

COMMAND = "python tools/data/gather_evidence.py"
EVOLVED = "python tools/data/compare_evolved.py FOLDER_OF_GENOMES"
VERSION = 2  # to be raised whenever the numbers that the tool gathers change
MAIN = RECIPES[0]  # the networks of the notebooks: Levenberg–Marquardt, energy restriction 0.001
# What the verdicts read of which networks: nothing else has to be measured for them.
MAIN_TRAITS = tuple(TRAITS)
OTHER_TRAITS = ("accuracy", "ranges", "ensembles", "moves")
SIZE_TRAITS = ("accuracy", "bases")
CONTROL_TRAITS = ("accuracy", "jitter", "maps", "ranges", "ensembles", "spectrum", "bases")


def untrained_networks(count=4):
    """Return networks of the article's wiring that have learnt nothing, the control, by name.

    Parameters
    ----------
    count : int

    Examples
    --------
    >>> list(untrained_networks(2))
    ['untrained-0', 'untrained-1']
    """
    wiring = article_wiring()
    return {f"untrained-{seed}": Network.random(wiring, seed=seed) for seed in range(count)}


def open_controls(data, traits=CONTROL_TRAITS):
    """Return the stored traits of untrained networks, by network and trait.

    Raises
    ------
    StaleResultsError
        If some are missing or stale; it names the command that rebuilds them.
    """
    chosen, folder = {name: TRAITS[name] for name in traits}, Path(data) / "study" / "untrained"
    return read_study(untrained_networks(), chosen, Drawing.open(data), folder, COMMAND)


def made_from(data):
    """Return what gathered evidence depends on: it is stale when any of this changes.

    Parameters
    ----------
    data : path
        The folder of the data.

    Examples
    --------
    >>> sorted(made_from("data"))
    ['drawing', 'networks', 'searches', 'version']
    """
    data, sha = Path(data), hashlib.sha256()
    drawing, networks = Drawing.open(data), open_networks(data, [MAIN])
    for network in networks.values():
        sha.update(fingerprint(Trait(None), network, drawing)["network"].encode())
    searched = hashlib.sha256()
    for path in sorted((data / "ensembles").glob("*.npz")):
        searched.update(path.read_bytes())
    return {
        "version": VERSION,
        "drawing": drawing.digest,
        "networks": sha.hexdigest()[:16],
        "searches": searched.hexdigest()[:16],
    }


def store_evidence(data, evidence, provenance):
    """Write gathered evidence, numbers to five digits, with its provenance.

    Parameters
    ----------
    data : path
        The folder of the data; the file in it is verdicts.json.
    evidence : dict
        By experiment and name: numbers, arrays, strings, and lists and dicts of these.
    provenance : dict
        From `made_from`.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store_evidence(folder, {"range": {"half": 1 / 3}}, {"version": 1})
    ...     json.loads((Path(folder) / "verdicts.json").read_text())["evidence"]
    {'range': {'half': 0.33333}}
    """
    content = {"provenance": provenance, "evidence": _rounded(evidence)}
    write_json(Path(data) / "verdicts.json", content, indent=1)


def open_evidence(data):
    """Return the gathered evidence, by experiment and name, if it is of today.

    Raises
    ------
    StaleResultsError
        If it is missing, damaged, or made from other networks, data or code; it says which, and
        names the command that rebuilds it.
    """
    path, rebuild = Path(data) / "verdicts.json", f"\nTo rebuild it run: {COMMAND}"
    evidence, provenance = _stored(path, {"evidence": dict, "provenance": dict}, rebuild)
    for what, today in made_from(data).items():
        if provenance.get(what) != today:
            raise StaleResultsError(
                f"{path} was made with {what} {provenance.get(what)}, today's is {today}{rebuild}"
            )
    return evidence


def open_all(data):
    """Return all that the verdicts rest on.

    Parameters
    ----------
    data : path
        The folder of the data.

    Returns
    -------
    dict
        Gathered evidence by experiment; ``study``: by group, a list of the traits of its networks;
        ``controls``: the same of untrained networks; ``evolved``: see `open_evolved`.
        Sizes that were never trained are left out.

    Raises
    ------
    StaleResultsError
        If anything is missing or stale; it names the command that rebuilds it.

    Examples
    --------
    >>> found = open_all("data")
    >>> {"study", "controls"} <= set(found)
    True
    """
    there = [g for g in GROUPS if all((Path(data) / f"{p}.npz").exists() for p in GROUPS[g])]
    found, needed = {}, dict.fromkeys(there, SIZE_TRAITS) | dict.fromkeys(RECIPES, OTHER_TRAITS)
    for group, traits in (needed | {MAIN: MAIN_TRAITS}).items():
        found |= open_study(data, [group], traits)
    study = {group: list(networks.values()) for group, networks in found.items()}
    controls = list(open_controls(data).values())
    others = {"study": study, "controls": controls, "evolved": open_evolved(data)}
    return open_evidence(data) | others


def open_evolved(data):
    """Return what was measured of evolved networks, and of those that learnt their pictures.

    Parameters
    ----------
    data : path
        The folder of the data.

    Returns
    -------
    dict
        By picture: ``networks``, a list of profiles with ``who``, ``seed``, ``synapses`` and
        ``rmse``, the evolved network first; ``properties`` and ``mirror_of_picture``.

    Raises
    ------
    StaleResultsError
        If the file is missing, damaged or measured by older code; it names the command that
        rebuilds it.

    Examples
    --------
    >>> {one["networks"][0]["who"] for one in open_evolved("data").values()}
    {'evolved'}
    """
    path, rebuild = Path(data) / "study" / "evolved.json", f"\nTo rebuild it run: {EVOLVED}"
    version, pictures = _stored(path, {"version": int, "pictures": dict}, rebuild)
    if version != PROFILES:
        raise StaleResultsError(f"{path} has version {version}, today's is {PROFILES}{rebuild}")
    return pictures


def _stored(path, kinds, rebuild):
    """Return the parts of a JSON file by name, or raise a StaleResultsError."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        parts = [stored[name] for name in kinds]
        for part, (name, kind) in zip(parts, kinds.items(), strict=True):
            if not isinstance(part, kind):
                raise TypeError(f"{name} is no {kind.__name__}")
    except FileNotFoundError:
        raise StaleResultsError(f"{path} is missing{rebuild}") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise StaleResultsError(f"{path} is damaged: {error}{rebuild}") from None
    return parts


def _rounded(value):
    if isinstance(value, dict):
        return {str(key): _rounded(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    if hasattr(value, "tolist"):
        return _rounded(value.tolist())
    return float(f"{value:.5g}") if isinstance(value, float) else value

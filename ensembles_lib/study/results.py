"""Results of a study: one file per network, refused when they are not of today."""

import hashlib
import json
import math
from pathlib import Path

import numpy as np

from .._files import FileFormatError, read_arrays, write_arrays

FILE_FORMAT = "ensembles_lib study 1"


class StaleResultsError(FileFormatError):
    """Stored results that are missing, or not of today's networks, data or code."""


def read_study(networks, traits, context, folder, command):
    """Return the stored results of a study, if all are there and of today.

    Parameters
    ----------
    networks, traits, context, folder
        As given to `study`.
    command : str
        That rebuilds the results; errors name it.

    Returns
    -------
    dict of str to dict of str to dict
        By network, trait and what the trait's measurement called it. Where a network has no such
        trait, ``{"reason": str}``.

    Raises
    ------
    StaleResultsError
        If results are missing, damaged or stale; it says which, why, and what rebuilds them.

    Examples
    --------
    >>> read_study({"seed-0": None}, {"size": None}, None, "nowhere", "make data")
    Traceback (most recent call last):
        ...
    ensembles_lib.study.results.StaleResultsError: nowhere: stored results are not those of today:
      seed-0: size is not measured
    To rebuild them run: make data
    """
    results, complaints = {}, []
    for name, network in networks.items():
        found, about, damage = stored(Path(folder) / f"{name}.npz")
        for trait in traits:
            complaint = damage or stale(about, trait, traits, network, context)
            if complaint:
                complaints.append(f"{name}: {complaint}")
        results[name] = {trait: found.get(trait) for trait in traits}
    complaints = list(dict.fromkeys(complaints))
    if complaints:
        shown = "".join(f"\n  {one}" for one in complaints[:5])
        more = f"\n  and {len(complaints) - 5} more" if len(complaints) > 5 else ""
        raise StaleResultsError(
            f"{folder}: stored results are not those of today:{shown}{more}\n"
            f"To rebuild them run: {command}"
        )
    return results


def differences(old, new, tolerance=1e-3):
    """Return where two results of a trait differ, a list of str: empty if nowhere.

    Parameters
    ----------
    old, new : dict
        As `read_study` and as a trait's measurement return them.
    tolerance : float
        Of the largest number in each array: processors round differently.

    Examples
    --------
    >>> differences({"count": 3.0, "shares": [0.2, 0.8]}, {"count": 3.0, "shares": [0.2, 0.7]})
    ['shares: (2,) [0.2 0.8] stored, (2,) [0.2 0.7] now']
    """
    if set(old) != set(new):
        return [f"{sorted(old)} stored, {sorted(new)} measured"]
    found = []
    for key in new:
        a, b = np.asarray(old[key]), np.asarray(new[key])
        same = a.shape == b.shape and (a.dtype.kind in "US") == (b.dtype.kind in "US")
        if same and a.dtype.kind in "US":
            same = bool((a == b).all())
        elif same:
            a, b = a.astype(float), b.astype(float)
            scale = np.abs(b[np.isfinite(b)]).max(initial=0.0)
            same = np.allclose(a, b, rtol=0, atol=tolerance * scale, equal_nan=True)
        if not same:
            found.append(f"{key}: {a.shape} {a.ravel()[:2]} stored, {b.shape} {b.ravel()[:2]} now")
    return found


def fingerprint(trait, network, context):
    """Return what the result of a trait depends on: it is stale when any of this changes."""
    sha, wiring = hashlib.sha256(), network.wiring
    for array in (network.weights, wiring.source, wiring.first):
        sha.update(np.ascontiguousarray(array).tobytes())
    made_of = {"version": trait.version, "network": sha.hexdigest()[:16]}
    return made_of | {"context": context.digest}


def stale(about, trait, traits, network, context):
    """Return what is wrong with the provenance of a stored trait, "" if nothing."""
    if trait not in about:
        return f"{trait} is not measured"
    for key, today in fingerprint(traits[trait], network, context).items():
        if about[trait].get(key) != today:
            return f"{trait} was measured with {key} {about[trait].get(key)}, today's is {today}"
    return ""


def stored(path):
    """Return what the file of a network holds: values and provenance by trait, and its damage.

    Values and provenance are empty where there is no file or the damage is not "".
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
        for found in (values, about):
            if not all(isinstance(one, dict) for one in found.values()):
                raise TypeError("the results are not sorted by traits")
    except FileNotFoundError:
        return {}, {}, ""
    except (IsADirectoryError, PermissionError):
        raise
    # A damaged result is worth no more than none: it is measured again.
    except Exception as error:
        return {}, {}, f"damaged: {error}"
    return values, about, ""


def store(path, trait, values, provenance):
    """Add a trait to the file of a network, whole or not at all.

    Arrays of numbers are packed in single precision, which holds whole numbers exactly up to
    2²⁴; numbers, strings and lists of these go as JSON, exactly.
    """
    results, about, _ = stored(path)
    results[trait], about[trait] = values, provenance
    numbers, shapes, exact = [np.zeros(0)], [], {}
    for of, found in results.items():
        exact[of] = {}
        for name, value in found.items():
            if isinstance(value, np.ndarray) and value.ndim:
                kind = "f4" if value.dtype.kind == "f" else value.dtype.str
                shapes.append((of, name, value.shape, kind))
                numbers.append(value.ravel())
            else:
                exact[of][name] = value.item() if isinstance(value, np.generic) else value
    text = np.frombuffer(json.dumps([exact, shapes, about]).encode(), np.uint8)
    numbers = np.concatenate(numbers).astype(np.float32)
    write_arrays(path, FILE_FORMAT, {"text": text, "numbers": numbers})

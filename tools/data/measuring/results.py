"""Results: by what they were made, how they are written, and where two differ."""

import json
import platform
from pathlib import Path

import numpy as np
import scipy

from ensembles_lib._files import write_arrays, write_json
from ensembles_lib.study.results import FILE_FORMAT, stored

VERSIONS = {
    "python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__,
}  # fmt: skip


def store(path: str | Path, trait: str, values: dict, provenance: dict) -> None:
    """Add a trait to the file of a network, whole or not at all.

    Arrays are packed in single precision, exact for whole numbers up to 2²⁴; numbers, strings and
    lists of these go as JSON, exactly.

    Examples
    --------
    >>> import tempfile
    >>> from ensembles_lib.study.results import stored
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store(f"{folder}/a.npz", "size", {"synapses": 27}, {"version": 1})
    ...     stored(f"{folder}/a.npz")
    ({'size': {'synapses': 27}}, {'size': {'version': 1}}, '')
    """
    results, about, _ = stored(path)
    results[trait], about[trait] = values, provenance
    numbers, shapes, exact = [np.zeros(0)], [], {}
    for of, measured in results.items():
        exact[of] = {}
        for name, value in measured.items():
            if isinstance(value, np.ndarray) and value.ndim:
                kind = "f4" if value.dtype.kind == "f" else value.dtype.str
                shapes.append((of, name, value.shape, kind))
                numbers.append(value.ravel())
            else:
                exact[of][name] = value.item() if isinstance(value, np.generic) else value
    text = np.frombuffer(json.dumps([exact, shapes, about]).encode(), np.uint8)
    numbers = np.concatenate(numbers).astype(np.float32)
    write_arrays(path, FILE_FORMAT, {"text": text, "numbers": numbers})


def store_json(path: Path, content: dict, digits: int, indent: int = 0) -> None:
    """Write something with arrays in it as JSON, whole or not at all, numbers to some digits.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store_json(Path(folder, "a.json"), {"third": np.array([1 / 3])}, 3)
    ...     json.loads(Path(folder, "a.json").read_text())
    {'third': [0.333]}
    """
    exact = json.dumps(content, default=lambda array: array.tolist())
    rounded = json.loads(exact, parse_float=lambda text: float(f"{float(text):.{digits}g}"))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, rounded, indent)


def differences(old: dict, new: dict, tolerance: float = 1e-3) -> list[str]:
    """Return where two results of a trait differ, stored and new, in words; empty if nowhere.

    By more than the tolerance times the largest number in an array: processors round differently.

    Examples
    --------
    >>> differences({"count": 3.0, "shares": [0.2, 0.8]}, {"count": 3.0, "shares": [0.2, 0.7]})
    ['shares: (2,) [0.2 0.8] stored, (2,) [0.2 0.7] now']
    """
    if set(old) != set(new):
        return [f"{sorted(old)} stored, {sorted(new)} measured"]
    differing = []
    for key in new:
        a, b = np.asarray(old[key]), np.asarray(new[key])
        if a.shape != b.shape or "U" in (a.dtype.kind, b.dtype.kind):
            same = np.array_equal(a, b)
        else:
            a, b = a.astype(float), b.astype(float)
            scale = np.abs(b[np.isfinite(b)]).max(initial=0.0)
            same = np.allclose(a, b, rtol=0, atol=tolerance * scale, equal_nan=True)
        if not same:
            then, now = (f"{array.shape} {array.ravel()[:2]}" for array in (a, b))
            differing.append(f"{key}: {then} stored, {now} now")
    return differing

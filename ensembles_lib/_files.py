"""Files that are written whole or not at all, and read only if they are what they say."""

import hashlib
import json
import math
import os
import secrets
import stat
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np


class FileFormatError(ValueError):
    """A file that cannot be trusted, with the reason."""


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it takes the place of `path`.

    An error or an interruption while writing leaves what stood at `path` as it was, and nothing
    behind. Where `path` is a link, what it leads to is replaced, and the link stays; a file keeps
    its mode and, where that is allowed, its owner. OSError if the folder does not exist or
    cannot be written to, or if what stands there is read-only or no plain file.

    Examples
    --------
    >>> with replacing(folder / "a.txt") as temporary:
    ...     written = temporary.write_text("whole")
    >>> [(entry.name, entry.read_text()) for entry in folder.iterdir()]
    [('a.txt', 'whole')]
    """
    given, path = path, Path(os.path.realpath(path))
    if path.is_symlink():  # what is left of links that lead to each other
        raise OSError(f"cannot write {given}: it is a link that leads to itself")
    if path.is_dir():
        raise IsADirectoryError(f"cannot write {given}: it is a folder, give a file name")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {given}: there is no folder {path.parent}")
    there = path.stat() if path.exists() else None
    if there and not path.is_file():
        raise OSError(f"cannot write {given}: it is no plain file")
    for one in (path, path.parent):
        # Root could write anything: the mode says what its owner wants.
        if one.exists() and not (one.stat().st_mode & 0o222 and os.access(one, os.W_OK)):
            raise PermissionError(f"cannot write {given}: {one} is read-only")
    temporary = path.with_name(f".part-{secrets.token_hex(6)}{Path(given).suffix}")
    try:
        try:
            temporary.touch(0o666 if there is None else 0o600, exist_ok=False)
            if there:
                with suppress(OSError, AttributeError):  # AttributeError: on Windows
                    os.chown(temporary, there.st_uid, there.st_gid)
                temporary.chmod(stat.S_IMODE(there.st_mode))
        except OSError as error:
            raise type(error)(f"cannot write {given}: {error.strerror}") from None
        try:
            yield temporary
            os.replace(temporary, path)
        except OSError as error:  # such as a full disk: the name that the reader knows is told
            if error.errno is None or error.filename not in (None, temporary, str(temporary)):
                raise
            raise OSError(error.errno, error.strerror, str(given)) from None
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path: str | Path, content: dict | list, indent: int = 0) -> None:
    """Write something as JSON, whole or not at all; OSError if that fails.

    Examples
    --------
    >>> write_json(folder / "names.json", ["sky", "sea"])
    >>> json.loads((folder / "names.json").read_text())
    ['sky', 'sea']
    """
    text = json.dumps(content, indent=indent)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def write_arrays(path: str | Path, kind: str, arrays: Mapping[str, np.ndarray]) -> None:
    """Write named arrays to one .npz file (no pickle), with their kind and a digest.

    Whole or not at all; OSError if that fails. The kind says what the file is, with a version.

    Examples
    --------
    >>> write_arrays(folder / "a.npz", "numbers 1", {"squares": np.arange(4) ** 2})
    >>> sorted(np.load(folder / "a.npz").files)
    ['digest', 'format', 'squares']
    """
    fields = {"format": np.array(kind), **arrays}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **fields, digest=np.array(_digest(fields)))


@contextmanager
def reading(path: str | Path, what: str) -> Iterator[None]:
    """Turn errors while `path` is read into a FileFormatError: it is not `what`.

    A file that is missing, or may not be read, keeps its own error.

    Examples
    --------
    >>> with reading("names.json", "a list of names"):
    ...     names = json.loads("sky, sea")
    Traceback (most recent call last):
    ensembles_lib._files.FileFormatError: names.json is not a list of names: Expecting value...
    """
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, PermissionError, FileFormatError):
        raise
    except zipfile.BadZipFile:
        raise FileFormatError(f"{path} is truncated or not {what}") from None
    # Foreign files make the readers raise almost anything, and anyone can write a digest: the
    # cause is kept.
    except Exception as cause:
        raise FileFormatError(f"{path} is not {what}: {cause}") from cause


def read_arrays(
    path: str | Path, kind: str | None, max_bytes: int = 1 << 28
) -> dict[str, np.ndarray]:
    """Read the arrays that `write_arrays` wrote; with their kind, under "format".

    An error of any type if the file is truncated, of another kind (None: it has neither kind nor
    digest), was changed since it was written, or unpacks to more than `max_bytes`; within
    `reading` it is a FileFormatError.

    Examples
    --------
    >>> write_arrays(folder / "a.npz", "numbers 1", {"squares": np.arange(4) ** 2})
    >>> read_arrays(folder / "a.npz", "numbers 1")["squares"]
    array([0, 1, 4, 9])
    """
    _check_sizes(path, max_bytes)
    with np.load(path, allow_pickle=False) as file:
        arrays = {name: file[name] for name in file.files}
    if kind is not None:
        digest, own_kind = str(arrays.pop("digest")), str(arrays["format"])
        if own_kind != kind:
            raise FileFormatError(f"{path} has format {own_kind!r}, not {kind!r}")
        if digest != _digest(arrays):
            raise FileFormatError(f"{path} was changed since it was saved: digests differ")
    return arrays


def _check_sizes(path, max_bytes):
    """Raise a ValueError if an .npz file announces larger arrays than it holds, or `max_bytes`.

    A small file may announce huge arrays, and NumPy makes room for them before it reads.
    """
    with zipfile.ZipFile(path) as archive:
        n_bytes = sum(entry.file_size for entry in archive.infolist())
        if n_bytes > max_bytes:
            raise ValueError(f"it unpacks to {n_bytes:,} bytes")
        for entry in archive.infolist():
            with archive.open(entry) as member:
                if np.lib.format.read_magic(member) != (1, 0):
                    raise ValueError(f"{entry.filename} is no array as np.savez writes them")
                shape, _, dtype = np.lib.format.read_array_header_1_0(member)
            held = entry.file_size
            if math.prod(shape) * dtype.itemsize > held:
                raise ValueError(f"{entry.filename}: {shape} {dtype} cannot be in {held} bytes")


def first_difference(made: dict, asked: dict) -> tuple | None:
    """Return in what a file was made otherwise: (what, then, as asked); None if in nothing.

    The one check of whether a file is stale: `made` is what it says of itself.

    Examples
    --------
    >>> first_difference({"seed": 1, "steps": 9}, {"steps": 8})
    ('steps', 9, 8)
    """
    for what, value in asked.items():
        if made.get(what) != value:
            return what, made.get(what), value
    return None


def _digest(fields):
    """Return a SHA-256 over names, types, shapes and contents of the fields of a file."""
    sha = hashlib.sha256()
    for name, array in sorted(fields.items()):
        sha.update(f"{name} {array.dtype} {array.shape}\n".encode())
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()

"""Files that are written whole or not at all, and read only if they are what they say."""

import hashlib
import json
import math
import os
import secrets
import zipfile
from contextlib import contextmanager
from pathlib import Path

import numpy as np


class FileFormatError(ValueError):
    """A file that cannot be trusted, with the reason."""


@contextmanager
def replacing(path):
    """Yield a temporary path beside `path`; on success it takes the place of `path`.

    An error or an interruption while writing leaves what stood at `path` as it was, and
    nothing behind.

    Parameters
    ----------
    path : path
        Of a file that may be there or not.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written to.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "a.txt"
    ...     with replacing(path) as temporary:
    ...         written = temporary.write_text("whole")
    ...     path.read_text(), [entry.name for entry in Path(folder).iterdir()]
    ('whole', ['a.txt'])
    """
    path = Path(path)
    if path.is_dir():
        raise IsADirectoryError(f"cannot write {path}: it is a folder, give a file name")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {path.parent}")
    temporary = path.with_name(f".part-{secrets.token_hex(6)}{path.suffix}")
    try:
        try:
            temporary.touch(exist_ok=False)
        except OSError as error:
            raise type(error)(f"cannot write {path}: {error.strerror}") from None
        yield temporary
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def write_json(path, content, indent=0):
    """Write something as JSON, whole or not at all.

    Parameters
    ----------
    path : path
    content : dict or list
    indent : int

    Raises
    ------
    OSError
        If the file cannot be written; what stood there stays.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "names.json"
    ...     write_json(path, ["sky", "sea"])
    ...     path.read_text().split()
    ['[', '"sky",', '"sea"', ']']
    """
    text = json.dumps(content, indent=indent)
    with replacing(path) as temporary:
        temporary.write_text(text + "\n", encoding="utf-8")


def write_arrays(path, kind, arrays):
    """Write named arrays to one .npz file (no pickle), with their kind and a digest.

    Parameters
    ----------
    path : path
    kind : str
        What the file is, with a version.
    arrays : dict of str to array
        Of any type but objects.

    Raises
    ------
    OSError
        If the file cannot be written; what stood there stays.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "numbers.npz"
    ...     write_arrays(path, "numbers 1", {"squares": np.arange(4) ** 2})
    ...     sorted(np.load(path).files)
    ['digest', 'format', 'squares']
    """
    fields = {"format": np.array(kind), **arrays}
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **fields, digest=np.array(_digest(fields)))


def read_arrays(path, kind, what, max_bytes=1 << 28, error=FileFormatError):
    """Read the arrays that `write_arrays` wrote.

    Parameters
    ----------
    path : path
    kind : str
        What the file must be.
    what : str
        The same in words, for messages: "a saved network".
    max_bytes : int
        Refuse files that unpack to more.
    error : FileFormatError or a subclass of it

    Returns
    -------
    dict of str to array
        With the kind, under "format".

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    FileFormatError
        If the file is truncated, of another kind, or was changed since it was written.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "numbers.npz"
    ...     write_arrays(path, "numbers 1", {"squares": np.arange(4) ** 2})
    ...     read_arrays(path, "numbers 1", "a file of numbers")["squares"]
    array([0, 1, 4, 9])
    """
    try:
        check_sizes(path, max_bytes)
        with np.load(path, allow_pickle=False) as file:
            fields = {name: file[name] for name in file.files}
        digest, found = str(fields.pop("digest")), str(fields["format"])
        if found != kind:
            raise error(f"{path} has format {found!r}, not {kind!r}")
        if digest != _digest(fields):
            raise error(f"{path} was changed since it was saved: digests differ")
        return fields
    except (FileNotFoundError, IsADirectoryError, PermissionError, FileFormatError):
        raise
    except zipfile.BadZipFile:
        raise error(f"{path} is truncated or not {what} (.npz)") from None
    except KeyError as missing:
        raise error(f"{path} is not {what}: {missing.args[0]}") from None
    # Foreign archives make the readers raise almost anything: the cause is kept.
    except Exception as cause:
        raise error(f"{path} is not {what}: {cause}") from cause


def check_sizes(path, max_bytes=1 << 28):
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


def _digest(fields):
    """Return a SHA-256 over names, types, shapes and contents of the fields of a file."""
    sha = hashlib.sha256()
    for name, array in sorted(fields.items()):
        sha.update(f"{name} {array.dtype} {array.shape}\n".encode())
        sha.update(np.ascontiguousarray(array).tobytes())
    return sha.hexdigest()

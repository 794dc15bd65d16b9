"""Files that are written whole or not at all."""

import os
import secrets
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path):
    """Yield a temporary path beside `path`; on success it takes the place of `path`.

    An error or an interruption while writing leaves what stood at `path` as it was, and
    nothing behind.

    Raises
    ------
    OSError
        If the folder does not exist or cannot be written to.
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

"""Write files whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from ..errors import SaveError, invalid_type


def path_of(path: Any) -> Path:
    """Return a user's path as a Path; raise InvalidTypeError if it is not a path."""
    if not isinstance(path, (str, os.PathLike)):
        raise invalid_type("path", path, "a file's path")
    return Path(path)


def require_folder(path: Path) -> None:
    """Raise SaveError if a file cannot be in its folder; for what takes long to make."""
    if not os.access(path.parent, os.W_OK):
        raise SaveError(f"{path} cannot be written: {path.parent} is no folder that can be written to")


def write(path: Path, content: bytes | Callable[[BinaryIO], None]) -> None:
    """Write a file whole or not at all: bytes, or what a function writes into an open file.

    Raises
    ------
    SaveError
        The file cannot be written; the message has the path and the reason.
    """
    unfinished = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            unfinished = Path(file.name)
            file.write(content) if isinstance(content, bytes) else content(file)  # type: ignore[arg-type]
        unfinished.chmod(0o666 & ~_umask())
        unfinished.replace(path)
    except BaseException as error:
        if unfinished is not None:
            unfinished.unlink(missing_ok=True)
        if isinstance(error, OSError) and not isinstance(error, SaveError):
            raise SaveError(f"{path} cannot be written: {error}") from error
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask

"""The file of saved maps: an npz archive with one array of JSON, in which other arrays have their names."""

from __future__ import annotations

import json
import math
import os
import zipfile
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np

from ..errors import DataError, TSNEWidgetError
from .files import path_of, write

FORMAT = "tsne_widget maps"
#: Rises whenever a reader of the version before would misread a file.
VERSION = 1
#: The array that holds the JSON.
_JSON = "json"
#: What stands in the JSON for an array, and for a float that JSON lacks.
_ARRAY, _FLOAT = "__array__", "__float__"
#: What numpy and zipfile raise for anything but a whole npz archive.
_DAMAGE = (ValueError, TypeError, KeyError, IndexError, EOFError, NotImplementedError, zipfile.BadZipFile)


class Packed:
    """Nested dicts, lists, texts and numbers as JSON, and the arrays in them, each once.

    Raises
    ------
    TypeError
        Something in it has no place in a file.
    """

    def __init__(self, tree: Any):
        self.arrays: list[np.ndarray] = []
        self._names: dict[int, str] = {}
        self.text = json.dumps(self._as_json(tree), allow_nan=False)

    def is_as(self, other: Packed | None) -> bool:
        """Tell whether another holds the same, and the very same arrays."""
        return (
            other is not None
            and self.text == other.text
            and all(one is two for one, two in zip(self.arrays, other.arrays, strict=True))
        )

    def _as_json(self, value: Any) -> Any:
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufU":
            return {_ARRAY: self._name(value)}
        if isinstance(value, np.generic):
            value = value.item()
        if isinstance(value, float) and not math.isfinite(value):
            return {_FLOAT: str(value)}
        if value is None or type(value) in (bool, int, float, str):
            return value
        if isinstance(value, (list, tuple)):
            return [self._as_json(one) for one in value]
        if isinstance(value, Mapping) and all(type(name) is str for name in value):
            return {name: self._as_json(one) for name, one in value.items()}
        raise TypeError(f"{type(value).__name__} has no place in a file")

    def _name(self, array: np.ndarray) -> str:
        if id(array) not in self._names:  # `arrays` keeps it, so no other gets its id
            self._names[id(array)] = f"a{len(self.arrays)}"
            self.arrays.append(array)
        return self._names[id(array)]


def write_maps(path: Any, tree: Mapping[str, Any], look: Callable[[], None] = lambda: None) -> None:
    """Write a file whole or not at all; an existing one is replaced, unless `look` raises just before.

    Raises
    ------
    SaveError
        It cannot be written.
    """
    packed = Packed({"format": FORMAT, "version": VERSION, **tree})
    arrays: dict[str, Any] = {f"a{number}": _narrow(array) for number, array in enumerate(packed.arrays)}
    arrays[_JSON] = np.frombuffer(packed.text.encode("utf-8"), np.uint8)

    def fill(file: BinaryIO) -> None:
        np.savez(file, **arrays)
        file.flush()
        os.fsync(file.fileno())
        look()

    write(path_of(path), fill)


def _narrow(array: np.ndarray) -> np.ndarray:
    """Return positions of rows in four bytes each; readers take them as int64."""
    if array.dtype != np.int64 or not array.size or array.max() > np.iinfo(np.int32).max or array.min() < 0:
        return array
    return array.astype(np.int32)


def read_maps(path: Any) -> dict[str, Any]:
    """Read what `write_maps` wrote; a file from a stranger can do no harm.

    Raises
    ------
    DataError
        It is no such file, is damaged, or a later version of this package wrote it.
    OSError
        It cannot be read.
    """
    path = path_of(path)
    archive = _opened(path)
    if not hasattr(archive, "files") or _JSON not in archive.files:
        raise DataError(f"{str(path)!r} holds no maps of a widget: w.save(path) writes such files")
    with archive:
        return whole(path, lambda: _tree_of(path, archive))


def whole(path: Any, read: Callable[[], Any]) -> Any:
    """Return what is read from a file; raise DataError if it is damaged."""
    try:
        return read()
    except TSNEWidgetError:
        raise
    except _DAMAGE as error:
        raise DataError(f"{str(path)!r} is damaged: {error}") from error


def _opened(path: Any) -> Any:
    try:
        return np.load(path, allow_pickle=False)
    except _DAMAGE as error:
        raise DataError(
            f"{str(path)!r} is damaged, or holds no maps of a widget: w.save(path) writes such files"
        ) from error


def _tree_of(path: Any, archive: Any) -> dict[str, Any]:
    head = json.loads(archive[_JSON].tobytes().decode("utf-8"))
    if head["format"] != FORMAT:
        raise DataError(f"{str(path)!r} holds no maps of a widget: w.save(path) writes such files")
    version = head["version"]
    if not isinstance(version, int) or version > VERSION:
        raise DataError(
            f"{str(path)!r} has version {version} of the file of maps, and this tsne_widget reads up to "
            f"version {VERSION}: update it (pip install -U tsne_widget)"
        )
    arrays: dict[str, np.ndarray] = {}

    def unpacked(value: Any) -> Any:
        if isinstance(value, list):
            return [unpacked(one) for one in value]
        if not isinstance(value, dict):
            return value
        if _FLOAT in value:
            return float(value[_FLOAT])
        if _ARRAY not in value:
            return {name: unpacked(one) for name, one in value.items()}
        name = value[_ARRAY]
        if name not in arrays:
            arrays[name] = archive[name]
            arrays[name].flags.writeable = False
        return arrays[name]

    tree: dict[str, Any] = unpacked(head)
    return tree

"""What `place` writes: a Parquet file for each partition, and a file about all of them."""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ..errors import InvalidValueError, SaveError, invalid_type
from .rows import WRITTEN, required

#: Changes whenever files of one version cannot be read as those of another.
VERSION = 1
#: Written last: where it is, all is there.
ABOUT = "_map.json"
#: Is there until then.
_UNFINISHED = "_unfinished"
_OURS = (ABOUT, f".{ABOUT}.*", _UNFINISHED, "part.*.parquet", ".part.*")
#: The rows of a row group, which a reader takes or leaves as a whole.
ROW_GROUP = 20_000
#: The curve has so many steps along each axis.
_STEPS = 2**16


class Extent(NamedTuple):
    """The smallest box with some places in it."""

    left: float
    right: float
    low: float
    high: float

    @classmethod
    def of(cls, places: np.ndarray) -> Extent:
        """Return the extent of places of shape (n, 2), of which there must be some."""
        (left, low), (right, high) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
        return cls(left, right, low, high)


def along_curve(places: np.ndarray, extent: Extent) -> np.ndarray:
    """Return the order of places along a Z-order curve of a box: neighbours on it are seldom far apart.

    Places outside count as those on the border of the box. Places in one step keep their order.
    """
    low = np.array([extent.left, extent.low])
    size = np.array([extent.right, extent.high]) - low
    scaled = (places - low) / np.where(size > 0, size, 1) * (_STEPS - 1)
    x, y = np.clip(scaled, 0, _STEPS - 1).astype(np.uint32).T
    return np.argsort(_spread(x) | (_spread(y) << np.uint32(1)), kind="stable")


def _spread(bits: np.ndarray) -> np.ndarray:
    """Return 16-bit numbers with a 0 before each bit."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | (bits << np.uint32(shift))) & np.uint32(mask)
    return bits


@dataclass(frozen=True)
class Folder:
    """The folder of one map; it pickles, and workers write to it."""

    path: Path

    @classmethod
    def at(cls, path: Any, *, overwrite: bool) -> Folder:
        """Make the folder, empty.

        Raises
        ------
        InvalidTypeError, InvalidValueError, SaveError
            It is no path of a folder, is not empty, or cannot be made.
        """
        if not isinstance(path, (str, Path)):
            raise invalid_type("path", path, "a path of a folder")
        if "://" in str(path):
            raise InvalidValueError(
                f"path={str(path)!r} is not allowed: path must be a folder that all workers see"
            )
        folder = Path(path).expanduser().absolute()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            present = list(folder.iterdir())
        except OSError as error:
            raise SaveError(f"path={str(path)!r} cannot be made: {error}") from error
        known = [file for name in _OURS for file in folder.glob(name)]
        marked = [file for file in present if file.name in (ABOUT, _UNFINISHED)]
        # Dask names files as we do: without our marks they are somebody's data.
        others = [file.name for file in present if file not in known or not marked]
        if others:
            raise SaveError(
                f"path={str(path)!r} has other files, such as {others[0]!r}: choose another folder"
            )
        if present and not overwrite:
            what = "a map" if folder / ABOUT in present else "a part of a map"
            raise SaveError(f"path={str(path)!r} has {what} in it: overwrite=True replaces it")
        (folder / _UNFINISHED).touch()
        for file in sorted(present, key=lambda file: file.name != ABOUT):  # half a map is none
            if file.name != _UNFINISHED:
                file.unlink()
        return cls(folder)

    def write(
        self, number: int, places: np.ndarray, distances: np.ndarray, kept: Any, extent: Extent
    ) -> None:
        """Write the rows of a partition, in the order of a curve; whole or not at all."""
        pyarrow, parquet = required("pyarrow"), required("pyarrow.parquet")
        order = along_curve(places, extent)
        columns = dict(zip(WRITTEN, (*places[order].T, distances[order], order), strict=True))
        table = pyarrow.table(
            {name: pyarrow.array(np.ascontiguousarray(each)) for name, each in columns.items()}
        )
        for name in kept.column_names:
            table = table.append_column(name, kept[name].take(order))
        self._put(
            f"part.{number:05d}.parquet",
            lambda file: parquet.write_table(
                table, file, row_group_size=ROW_GROUP, use_dictionary=kept.column_names
            ),
        )

    def finish(self, **about: Any) -> None:
        """Write what is known of the whole map."""
        text = json.dumps({"version": VERSION, **about, "tsne_widget": version("tsne_widget")})
        self._put(ABOUT, lambda file: Path(file).write_text(text, "utf-8"))
        (self.path / _UNFINISHED).unlink(missing_ok=True)

    def _put(self, name: str, write: Any) -> None:
        """Write a file beside its place first: a worker that dies leaves no half of one there."""
        beside = self.path / f".{name}.{uuid.uuid4().hex}"
        try:
            write(beside)
            os.replace(beside, self.path / name)
        except OSError as error:
            raise SaveError(f"{self.path / name} cannot be written: {error}") from error
        finally:
            beside.unlink(missing_ok=True)

"""What `place` writes: a Parquet file for each partition, and a file about all of them."""

from __future__ import annotations

import json
import os
import shutil
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
#: How the names of folders begin whose files are not all there.
_UNFINISHED = "_unfinished-"
_PARTS = "part.*.parquet"
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
    """The folder of one map; it pickles, and workers write to it.

    Attributes
    ----------
    path : Path
        Where the map is once all is there.
    beside : Path
        A folder in it, of this map alone, where files are until then.
    """

    path: Path
    beside: Path

    @classmethod
    def at(cls, path: Any, *, overwrite: bool) -> Folder:
        """Make the folder; a map that is there stays until `finish`.

        Raises
        ------
        InvalidTypeError, InvalidValueError, SaveError
            It is no path of a folder, or has other files or, unless we may overwrite, a map; or it cannot be
            made.
        """
        if not isinstance(path, (str, Path)):
            raise invalid_type("path", path, "a path of a folder")
        if "://" in str(path):
            raise InvalidValueError(
                f"path={str(path)!r} is not allowed: path must be a folder that all workers see"
            )
        folder = Path(path).expanduser().absolute()
        beside = folder / f"{_UNFINISHED}{uuid.uuid4().hex}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            present = list(folder.iterdir())
            _require_ours(path, folder, present, overwrite=overwrite)
            for unfinished in folder.glob(f"{_UNFINISHED}*"):
                shutil.rmtree(unfinished)
            beside.mkdir()
        except OSError as error:
            if isinstance(error, SaveError):
                raise
            raise SaveError(f"path={str(path)!r} cannot be written: {error}") from error
        return cls(folder, beside)

    def write(
        self, number: int, places: np.ndarray, distances: np.ndarray, kept: Any, extent: Extent
    ) -> None:
        """Write the rows of a partition, in the order of a curve; whole or not at all."""
        pyarrow, parquet = required("pyarrow"), required("pyarrow.parquet")
        order = along_curve(places, extent)
        partition = np.full(len(order), number, np.int32)
        columns = dict(zip(WRITTEN, (*places[order].T, distances[order], partition, order), strict=True))
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
        """Write what is known of the whole map, and let it take the place of the one before."""
        text = json.dumps({"version": VERSION, **about, "tsne_widget": version("tsne_widget")})
        self._put(ABOUT, lambda file: Path(file).write_text(text, "utf-8"))
        try:
            (self.path / ABOUT).unlink(missing_ok=True)  # half a map is none
            for file in self.path.glob(_PARTS):
                file.unlink()
            for file in self.beside.glob(_PARTS):
                os.replace(file, self.path / file.name)
            os.replace(self.beside / ABOUT, self.path / ABOUT)
        except OSError as error:
            raise SaveError(f"{self.path} cannot be written: {error}") from error
        shutil.rmtree(self.beside, ignore_errors=True)  # with what killed workers have left

    def _put(self, name: str, write: Any) -> None:
        """Write a file under another name first: a worker that dies leaves no half of one."""
        other = self.beside / f".{name}.{uuid.uuid4().hex}"
        try:
            write(other)
            os.replace(other, self.beside / name)
        except OSError as error:
            raise SaveError(f"{self.beside / name} cannot be written: {error}") from error
        finally:
            other.unlink(missing_ok=True)


def _require_ours(path: Any, folder: Path, present: list[Path], *, overwrite: bool) -> None:
    """Raise SaveError if a folder has other files than those of a map, or one that must stay."""
    unfinished = [file for file in present if file.name.startswith(_UNFINISHED)]
    whole = folder / ABOUT in present
    # Dask names files as we do: without our marks they are somebody's data.
    ours = {folder / ABOUT, *unfinished, *folder.glob(_PARTS)} if whole or unfinished else set()
    others = [file.name for file in present if file not in ours]
    if others:
        raise SaveError(f"path={str(path)!r} has other files, such as {others[0]!r}: choose another folder")
    if present and not overwrite:
        what = "a map" if whole else "a part of a map"
        raise SaveError(f"path={str(path)!r} has {what} in it: overwrite=True replaces it")

"""Reads how densely the rows that Parquet files have placed on a map lie there, tile by tile.

A map is a square of 2^level x 2^level tiles, and a tile has `BINS` x `BINS` bins, counted from the lower left
corner. The tiles of the first levels come from one pass over all rows; finer ones read only those row groups
whose statistics say that they reach into the tile.
"""

from __future__ import annotations

import json
import math
import os
import threading
from collections import OrderedDict
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np

from ..errors import DataError, MissingDependencyError, invalid_type
from .checksum import stamp_of

#: The file beside the Parquet files that describes the map.
SIDECAR = "_map.json"
#: Bins along a side of a tile.
BINS = 256
#: The finest level.
LEVELS = 12
#: The finest level that the pass over all rows makes.
_FIRST_LEVELS = 2
#: The bytes of finer tiles that are remembered, and of rows.
_REMEMBERED = 64_000_000
#: The share of bins with rows that are drawn with less than the full shade.
_BELOW_FULL = 0.99
#: How far rows may lie beyond the extent, as a share of it: rounding.
_ROUNDING = 1e-5


Held = TypeVar("Held")


class Tile(NamedTuple):
    """Which tile, counted from the lower left corner."""

    level: int
    column: int
    row: int


@dataclass(frozen=True, eq=False)
class Overview:
    """What a pass over all rows finds.

    Attributes
    ----------
    counts : ndarray of shape (bins, bins), uint32
        The rows in the bins of the finest of the first levels, from the bottom up.
    full : float
        The rows in a bin of level 0 that is drawn in full.
    unlike : int or None
        How many rows lie farther from the sample than the threshold; None if there is none.
    """

    counts: np.ndarray
    full: float
    unlike: int | None

    def at(self, level: int) -> tuple[np.ndarray, float]:
        """Return the counts of one of the first levels, and those of a bin that is drawn in full there."""
        return _summed(self.counts, BINS << level), self.full / 4**level


class PlacedRows:
    """All rows on the map of a sample, in the folder that `place` has written; any thread may ask.

    Parameters
    ----------
    path : path-like
        A folder of Parquet files with the columns x, y and distance, and `SIDECAR`.

    Attributes
    ----------
    rows, sampled : int
        How many rows there are, and how many of them the map was made of.
    threshold : float or None
        The distance to the nearest row of the sample above which a row is unlike the sample.
    corner : tuple of float
        The lower left corner of the square, in the units of the map.
    side : float
        The side of the square.

    Raises
    ------
    InvalidTypeError
        The path is none.
    MissingDependencyError
        pyarrow is not installed.
    DataError
        The folder is not one of a map.
    """

    def __init__(self, path: str | os.PathLike[str]):
        if not isinstance(path, (str, os.PathLike)):
            raise invalid_type("placed", path, "the folder of a map, as text or a path")
        self.path = Path(path).expanduser()
        self._written = self._when_written()
        self._dataset = self._opened()
        told = self._described()
        self.rows, self.sampled, self.threshold = told["rows"], told["sampled"], told["threshold"]
        self.map: str = told["map"]
        left, right, bottom, top = told["extent"]
        self.side = max(right - left, top - bottom) * (1 + _ROUNDING) or 1.0
        self.corner = ((left + right - self.side) / 2, (bottom + top - self.side) / 2)
        self._overview: Overview | None = None
        self._finer: _Recent[np.ndarray] = _Recent()
        self._places: _Recent[Sequence[np.ndarray]] = _Recent()

    @property
    def overview(self) -> Overview | None:
        """What the pass over all rows has found; None before its end."""
        return self._overview

    def read_all(self) -> Generator[float, None, Overview]:
        """Read all rows once, a row group at a time, and yield the share that is done.

        Raises
        ------
        DataError
            The files do not hold the rows that the sidecar tells of.
        """
        if self._overview is not None:
            return self._overview
        self._require_unchanged()
        bins = BINS << _FIRST_LEVELS
        counts = np.zeros(bins * bins, np.uint32)
        columns = ["x", "y"] + ["distance"] * (self.threshold is not None)
        unlike = done = 0
        for table in self._tables(columns, None):
            x, y = self._shares([table[name].to_numpy() for name in "xy"], check=True)
            np.add.at(counts, _binned(y, bins) * bins + _binned(x, bins), np.uint32(1))
            if self.threshold is not None:
                unlike += int((table["distance"].to_numpy() > self.threshold).sum())
            done += len(x)
            yield min(1.0, done / self.rows)
        if done != self.rows:
            raise DataError(f"{self.path} holds {done:,} rows, and {SIDECAR} tells of {self.rows:,}")
        self._require_unchanged()
        fine = counts.reshape(bins, bins)
        of_level_0 = _summed(fine, BINS)
        full = float(np.quantile(of_level_0[of_level_0 > 0], _BELOW_FULL))
        self._overview = Overview(fine, full, None if self.threshold is None else unlike)
        return self._overview

    def read(self, tile: Tile) -> Generator[float, None, np.ndarray]:
        """Read the counts of a tile, uint32 of shape (BINS, BINS), from the bottom up; yield the share."""
        if tile.level <= _FIRST_LEVELS:
            overview = yield from self.read_all()
            shown, _ = overview.at(tile.level)
            across, up = BINS * tile.column, BINS * tile.row
            return shown[up : up + BINS, across : across + BINS]
        known = self._finer.get(tile)
        if known is None:
            self._require_unchanged()
            known = yield from self._counted(tile)
            self._require_unchanged()
            self._finer.put(tile, known, known.nbytes)
        return known

    def pieces(self, tile: Tile) -> Sequence[Any]:
        """Return the row groups that reach into a tile, as fragments of pyarrow."""
        return list(self._pieces(self._within(tile)))

    def _counted(self, tile: Tile) -> Generator[float, None, np.ndarray]:
        bins = BINS << tile.level
        counts = np.zeros(BINS * BINS, np.uint32)
        pieces = self.pieces(tile)
        for number, piece in enumerate(pieces):
            x, y = self._shares(self._places_in(piece))
            across, up = _binned(x, bins) - BINS * tile.column, _binned(y, bins) - BINS * tile.row
            inside = (across >= 0) & (across < BINS) & (up >= 0) & (up < BINS)
            np.add.at(counts, up[inside] * BINS + across[inside], np.uint32(1))
            yield (number + 1) / len(pieces)
        return counts.reshape(BINS, BINS)

    def _within(self, tile: Tile) -> Any:
        """Return a condition that all rows in a tile fulfil, and few others."""
        from pyarrow.dataset import field

        side = self.side / 2**tile.level
        margin = side / BINS + _ROUNDING * self.side
        left, bottom = self.corner[0] + tile.column * side, self.corner[1] + tile.row * side
        across = (field("x") >= left - margin) & (field("x") <= left + side + margin)
        return across & (field("y") >= bottom - margin) & (field("y") <= bottom + side + margin)

    def _tables(self, columns: list[str], condition: Any) -> Iterator[Any]:
        for piece in self._pieces(condition):
            yield piece.to_table(columns=columns)

    def _pieces(self, condition: Any) -> Iterator[Any]:
        for fragment in self._dataset.get_fragments(condition):
            yield from fragment.split_by_row_group(condition)

    def _places_in(self, piece: Any) -> Sequence[np.ndarray]:
        """Return x and y of the rows in a row group; tiles beside one another read the same ones."""
        key = piece.path, piece.row_groups[0].id
        known = self._places.get(key)
        if known is None:
            table = piece.to_table(columns=["x", "y"])
            known = [table[name].to_numpy() for name in "xy"]
            self._places.put(key, known, sum(one.nbytes for one in known))
        return known

    def _shares(self, places: Sequence[np.ndarray], *, check: bool = False) -> tuple[np.ndarray, np.ndarray]:
        """Return how far right and up rows lie, as shares of the square."""
        both = [
            (one.astype(np.float64) - start) / self.side
            for one, start in zip(places, self.corner, strict=True)
        ]
        if check and not all(np.all((one > -_ROUNDING) & (one < 1 + _ROUNDING)) for one in both):
            raise DataError(f"{self.path} has rows outside the extent of which {SIDECAR} tells")
        return both[0], both[1]

    def _opened(self) -> Any:
        try:
            from pyarrow import ArrowException
            from pyarrow.dataset import dataset
        except ImportError as error:
            raise MissingDependencyError(
                "from_sample() reads Parquet with pyarrow: pip install 'tsne_widget[dask]'"
            ) from error
        files = sorted(self.path.glob("*.parquet"))
        if not files:
            raise DataError(f"{self.path} holds no Parquet files: it must be the folder that place() wrote")
        try:
            found = dataset([os.fspath(file) for file in files], format="parquet")
        except (ArrowException, OSError) as error:
            raise DataError(f"{self.path} cannot be read: {error}") from error
        missing = {"x", "y", "distance"} - set(found.schema.names)
        if missing:
            raise DataError(f"{self.path} lacks the columns {', '.join(sorted(missing))}")
        return found

    def _described(self) -> dict[str, Any]:
        """Read the sidecar."""
        sidecar = self.path / SIDECAR
        try:
            told = json.loads(sidecar.read_text("utf-8"))
            version, extent = int(told["version"]), [float(value) for value in told["extent"]]
            rows, sampled, of_map = int(told["rows"]), int(told["sampled"]), str(told["map"])
            threshold = None if told.get("threshold") is None else float(told["threshold"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise DataError(f"{sidecar} does not describe a map: {error}") from error
        if version != 1:
            raise DataError(f"{sidecar} has version {version}, and this tsne_widget reads version 1")
        if not _is_extent(extent) or rows < 1 or sampled < 1:
            raise DataError(f"{sidecar} does not describe a map: extent, rows or sampled is impossible")
        return {"rows": rows, "sampled": sampled, "map": of_map, "threshold": threshold, "extent": extent}

    def _when_written(self) -> tuple[int, int] | None:
        """Return what tells whether another map has been written since; None: there is none."""
        try:
            return stamp_of(self.path / SIDECAR)
        except OSError:
            return None

    def _require_unchanged(self) -> None:
        if self._when_written() != self._written:
            raise DataError(f"{self.path} holds another map by now: show it by from_sample()")


class _Recent(Generic[Held]):
    """What was used last, up to `_REMEMBERED` bytes; any thread may ask."""

    def __init__(self) -> None:
        self._held: OrderedDict[Any, tuple[Held, int]] = OrderedDict()
        self._lock = threading.Lock()
        self._bytes = 0

    def get(self, key: Any) -> Held | None:
        with self._lock:
            if key not in self._held:
                return None
            self._held.move_to_end(key)
            return self._held[key][0]

    def put(self, key: Any, value: Held, size: int) -> None:
        with self._lock:
            if key in self._held:
                return
            self._held[key] = value, size
            self._bytes += size
            while self._bytes > _REMEMBERED and len(self._held) > 1:
                self._bytes -= self._held.popitem(last=False)[1][1]


def _is_extent(extent: Sequence[float]) -> bool:
    finite = len(extent) == 4 and all(map(math.isfinite, extent))
    return finite and extent[0] <= extent[1] and extent[2] <= extent[3]


def _binned(shares: np.ndarray, bins: int) -> np.ndarray:
    """Return the bin of each share; what rounding has put outside is in the outermost."""
    return np.clip(np.floor(shares * bins), 0, bins - 1).astype(np.int64)


def _summed(counts: np.ndarray, bins: int) -> np.ndarray:
    """Return the counts of a coarser grid."""
    each = len(counts) // bins
    return counts.reshape(bins, each, bins, each).sum(axis=(1, 3), dtype=np.uint32)

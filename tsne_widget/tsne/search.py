"""Search for neighbours by computing all distances, block by block.

It serves sparse rows, metrics of scikit-learn, and precomputed distances; see `cell_search` for all other
data.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import int32, int64, void

from .distances import first_wrong
from .kernel import kernel
from .metrics import Metric, for_scikit_learn, params_of_all_rows
from .pool import Pool, one_blas_thread
from .steps import next_size

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_ROWS, _COLUMNS = 128, 2048  # a block of keys stays in the second-level cache
_WORK_PER_STEP = 5e8  # multiplications: 10 to 20 ms
_ROWS_OF_METRIC, _NUMBERS_PER_STEP = 32, 3_000_000  # the slowest metrics of scikit-learn take 100 ns a number
_SAMPLED_ROWS = 6
#: The first content of heaps.
FARTHEST = np.int64(2**63 - 1)


@kernel(void(int64[::1], int64))
def replace_farthest(heap, entry):
    """Replace the farthest entry of a heap, which is at its root."""
    size = len(heap)
    hole, child = 0, 1
    while child < size:
        if child + 1 < size and heap[child + 1] > heap[child]:
            child += 1
        if heap[child] <= entry:
            break
        heap[hole] = heap[child]
        hole, child = child, 2 * child + 1
    heap[hole] = entry


@kernel(void(int32[:, ::1], int64[::1], int64, int64[:, ::1]))
def keep_nearest(keys, rows, first_column, heaps):
    """Push a block of keys into the heaps of the rows; the farthest entry of a heap is at its root.

    A key is the bits of a nonnegative float32, which sort as integers like the float itself. An entry of a
    heap has the key in the upper half and the column in the lower half, so ties go to the lower column.
    """
    for row in range(len(rows)):
        heap = heaps[row]
        farthest = heap[0] >> 32
        for column in range(keys.shape[1]):
            if keys[row, column] >= farthest or first_column + column == rows[row]:
                continue
            replace_farthest(heap, (max(int64(keys[row, column]), 0) << 32) | (first_column + column))
            farthest = heap[0] >> 32


class Search:
    """Goes through all columns for each block of rows, then stores the k nearest."""

    def __init__(self, n: int, k: int, work_per_key: float, rows_per_block: int = _ROWS):
        self.n = n
        self.rows_per_block = rows_per_block
        self.span = max(_COLUMNS, int(_WORK_PER_STEP / _ROWS / work_per_key) // _COLUMNS * _COLUMNS)
        self.indices = np.empty((n, k), np.uint32)
        self.distances = np.empty((n, k), np.float32)
        #: The distance from each row to the farthest other, if the search notes it.
        self.farthest: np.ndarray | None = None

    def run(self, pool: Pool) -> Generator[float, None, tuple[np.ndarray, np.ndarray, np.ndarray | None]]:
        """Search for all rows, a group of blocks at a time."""
        for _ in self.prepare():
            yield 0.0
        size = self.rows_per_block
        blocks = [np.arange(start, min(start + size, self.n)) for start in range(0, self.n, size)]
        for first in range(0, len(blocks), pool.n_jobs):
            for _ in self._search(blocks[first : first + pool.n_jobs], pool):
                yield first / len(blocks)
        yield 1.0
        return self.indices, self.distances, self.farthest

    def note_farthest(self, distances: np.ndarray, rows: np.ndarray) -> None:
        """Note the largest distances of some rows to some others; no other thread has these rows."""
        if self.farthest is not None:
            self.farthest[rows] = np.maximum(self.farthest[rows], distances.max(axis=1))

    def _search(self, blocks: list[np.ndarray], pool: Pool) -> Generator[None, None, None]:
        heaps = [np.full((len(rows), self.indices.shape[1]), FARTHEST) for rows in blocks]

        def look(start: int, stop: int, columns: range) -> None:
            for rows, heap in zip(blocks[start:stop], heaps[start:stop], strict=True):
                self.look(rows, columns, heap)

        columns = range(0)
        while columns.stop < self.n:
            columns = range(columns.stop, min(columns.stop + self.span, self.n))
            began = time.perf_counter()
            with one_blas_thread():
                pool.run(look, len(blocks), columns, grain=1)
            self.note_pace(len(columns), time.perf_counter() - began)
            yield
        for rows, heap in zip(blocks, heaps, strict=True):
            heap.sort(axis=1)
            self.indices[rows] = heap & 0xFFFFFFFF
            self.distances[rows] = self.in_units((heap >> 32).astype(np.int32).view(np.float32))

    def prepare(self) -> Iterator[None]:
        """Do what the search needs, in short pieces."""
        return iter(())

    def note_pace(self, columns: int, seconds: float) -> None:
        """Note how many columns a step had, and how long it took."""

    def look(self, rows: np.ndarray, columns: range, heap: np.ndarray) -> None:
        """Push the columns that are nearer than the farthest known into the heaps of the rows."""
        raise NotImplementedError

    def in_units(self, keys: np.ndarray) -> np.ndarray:
        """Return the distances that the keys represent."""
        return keys


class MetricSearch(Search):
    """Any metric of scikit-learn, or a callable."""

    def __init__(self, X: np.ndarray | csr_array, k: int, metric: Metric, params: Mapping[str, Any]):
        # Imported only here: it takes a second, and most maps do not need it.
        from sklearn.metrics import pairwise_distances

        super().__init__(X.shape[0], k, 1.0, 1 if callable(metric) else _ROWS_OF_METRIC)
        # Only functions adapt to time, because some metrics round differently in blocks of another shape.
        self.span = 1 if callable(metric) else max(1, _NUMBERS_PER_STEP // X.shape[1] // _ROWS_OF_METRIC)
        self.X = for_scikit_learn(X)
        self.metric = metric
        self.params = params_of_all_rows(X, metric) | dict(params)
        self.pairwise_distances = pairwise_distances
        self.farthest = np.zeros(self.n, np.float32)
        self._largest = 0.0

    def prepare(self) -> Iterator[None]:
        """Try a function on a few distant rows; one step has too few rows to judge rounding."""
        if callable(self.metric):
            rows = np.linspace(0, self.n - 1, _SAMPLED_ROWS, dtype=int)
            for one, other in pairwise(rows.tolist()):
                distances = self.pairwise_distances(
                    self.X[[one]], self.X[[other]], metric=self.metric, **self.params
                )
                self._largest = max(self._largest, np.nan_to_num(distances, posinf=0.0).max())
                yield

    def note_pace(self, columns: int, seconds: float) -> None:
        """Size the next step so that a function's calls take 20 ms, with at least one call."""
        if callable(self.metric):
            self.span = next_size(self.span, seconds / columns * self.span)

    def look(self, rows: np.ndarray, columns: range, heap: np.ndarray) -> None:
        """Compare by the metric itself."""
        there = self.X[columns.start : columns.stop]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # see `in_units`
            distances = self.pairwise_distances(self.X[rows], there, metric=self.metric, **self.params)
            self._check(distances, rows, columns)
            keys = np.array(distances, np.float32)
            self.note_farthest(keys, rows)
        keep_nearest(keys.view(np.int32), rows, columns.start, heap)

    def _check(self, distances: np.ndarray, rows: np.ndarray, columns: range) -> None:
        """Raise for values that are not distances; named metrics may overflow to infinity."""
        own = rows - columns.start
        here = np.flatnonzero((own >= 0) & (own < len(columns)))
        distances[here, own[here]] = 0  # a row of zeros may have no distance to itself
        of_ours = not callable(self.metric)
        if of_ours and distances.min() >= 0:
            return
        finite = np.where(distances == np.inf, 0, distances) if of_ours else distances
        place = first_wrong(finite, self._largest)
        if place is not None:
            row, column = rows[place[0]], columns[place[1]]
            raise ValueError(
                f"metric {self._name!r} gives {distances[place]:g} from row {row} to row {column}: "
                "a distance must be finite, below 3e38, and not negative"
            )

    @property
    def _name(self) -> str:
        return self.metric if isinstance(self.metric, str) else getattr(self.metric, "__name__", "own")

    def in_units(self, keys: np.ndarray) -> np.ndarray:
        """Return the distances; raise if those to the nearest rows are not finite in float32."""
        if not np.isfinite(keys).all():
            k = self.indices.shape[1]
            raise ValueError(
                f"under metric {self._name!r} a row does not have {k} others at a finite distance"
            )
        return keys

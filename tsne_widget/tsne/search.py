"""How neighbours are searched: block after block of rows, against all columns.

Euclidean and cosine distances come from blocked matrix products in float32 and a running selection of the
nearest. Products cancel where rows lie close together and far from the centre. So each row keeps a few more
candidates than asked for, ranks them by distances computed directly, and checks that the error of the
products cannot have hidden a nearer row; where it can, the row is searched again with products in float64,
and where many rows are equally far but for rounding, by the direct distances to all. So a row's neighbours
do not depend on how many more are asked for: P of a perplexity is the same after any search.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import float32, int32, int64, void

from .kernel import kernel
from .metrics import Metric, for_scikit_learn, params_of_all_rows
from .pool import Pool, one_blas_thread

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_ROWS, _COLUMNS = 128, 2048  # a block of keys stays in the second-level cache
_WORK_PER_STEP = 5e8  # multiplications: 10 to 20 ms
# What keys come from, in turn for rows that are still in doubt: products, or for None direct distances.
_PASSES: tuple[type | None, ...] = (np.float32, np.float64, None)
_FARTHEST = np.int64(2**63 - 1)


@kernel(void(int32[:, ::1], int64[::1], int64, int64[:, ::1]))
def keep_nearest(keys, rows, first_column, heaps):
    """Push a block of keys into the heap of each row, the farthest of a heap at its root.

    A key is the bits of a float32 that is not negative, which sort as integers like the float. The entries
    of a heap have the key in the upper half and the column in the lower one: ties go to the lower column.
    """
    size = heaps.shape[1]
    for row in range(len(rows)):
        heap = heaps[row]
        farthest = heap[0] >> 32
        for column in range(keys.shape[1]):
            if keys[row, column] >= farthest or first_column + column == rows[row]:
                continue
            entry = (max(int64(keys[row, column]), 0) << 32) | (first_column + column)
            hole, child = 0, 1
            while child < size:
                if child + 1 < size and heap[child + 1] > heap[child]:
                    child += 1
                if heap[child] <= entry:
                    break
                heap[hole] = heap[child]
                hole, child = child, 2 * child + 1
            heap[hole] = entry
            farthest = heap[0] >> 32


@kernel(
    void(float32[:, ::1], float32[::1], int64[::1], int64[:, ::1], float32[:, ::1]),
    reordered=True,
)
def _squared_distances(points, excess, rows, candidates, squared):
    """Compute the squared distances of each row to its candidates directly, without cancellation."""
    for row in range(len(rows)):
        here = points[rows[row]]
        for c in range(candidates.shape[1]):
            there = points[candidates[row, c]]
            total = np.float32(0)
            for feature in range(len(here) - 2):
                difference = here[feature] - there[feature]
                total += difference * difference
            # points holds -2x
            squared[row, c] = np.float32(0.25) * total + excess[rows[row]] + excess[candidates[row, c]]


class Search:
    """Block after block of rows: go through all columns, then write down the k nearest."""

    def __init__(self, n: int, k: int, candidates: int, work_per_key: float, rows_per_block: int = _ROWS):
        self.n = n
        self.candidates = candidates
        self.rows_per_block = rows_per_block
        self.span = max(_COLUMNS, int(_WORK_PER_STEP / _ROWS / work_per_key) // _COLUMNS * _COLUMNS)
        self.indices = np.empty((n, k), np.uint32)
        self.distances = np.empty((n, k), np.float32)

    def run(self, pool: Pool) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
        """Search for all rows, a group of blocks at a time."""
        for _ in self.prepare():
            yield 0.0
        size = self.rows_per_block
        blocks = [np.arange(start, min(start + size, self.n)) for start in range(0, self.n, size)]
        for first in range(0, len(blocks), pool.n_jobs):
            doubtful = blocks[first : first + pool.n_jobs]
            for dtype in _PASSES:
                if doubtful:
                    doubtful = yield from self._search(doubtful, first / len(blocks), dtype, pool)
        yield 1.0
        return self.indices, self.distances

    def _search(
        self, blocks: list[np.ndarray], progress: float, dtype: type | None, pool: Pool
    ) -> Generator[float, None, list[np.ndarray]]:
        """Search for some blocks of rows; return those rows for which this was not enough."""
        heaps = [np.full((len(rows), self.candidates), _FARTHEST) for rows in blocks]

        def look(start: int, stop: int, columns: range) -> None:
            for rows, heap in zip(blocks[start:stop], heaps[start:stop], strict=True):
                self.look(rows, columns, heap, dtype)

        def settle(start: int, stop: int) -> list[np.ndarray]:
            return [self.settle(*block, dtype) for block in list(zip(blocks, heaps, strict=True))[start:stop]]

        for column in range(0, self.n, self.span):
            columns = range(column, min(column + self.span, self.n))
            with one_blas_thread():
                pool.run(look, len(blocks), columns, grain=1)
            yield progress
        doubtful = [rows for part in pool.run(settle, len(blocks), grain=1) for rows in part]
        return [rows for rows in doubtful if len(rows)]

    def prepare(self) -> Iterator[None]:
        """Do what the search needs, in short pieces."""
        return iter(())

    def look(self, rows: np.ndarray, columns: range, heap: np.ndarray, dtype: type | None) -> None:
        """Bring the columns that are nearer than the farthest known into the heaps of the rows."""
        raise NotImplementedError

    def settle(self, rows: np.ndarray, heap: np.ndarray, dtype: type | None) -> np.ndarray:
        """Write down the nearest of each row; return the rows that are to be searched again."""
        raise NotImplementedError

    def _write(self, rows: np.ndarray, entries: np.ndarray) -> None:
        entries.sort(axis=1)
        entries = entries[:, : self.indices.shape[1]]
        self.indices[rows] = entries & 0xFFFFFFFF
        self.distances[rows] = (entries >> 32).astype(np.int32).view(np.float32)


class ProductSearch(Search):
    """Euclidean or cosine distance: |x - y|^2 = |x|^2 + |y|^2 - 2 xy, the last from a matrix product."""

    def __init__(self, X: np.ndarray, k: int, cosine: bool):
        n, d = X.shape
        super().__init__(n, k, min(n - 1, k + max(8, k // 8)), d)
        self.X = X
        self.cosine = cosine
        self.exponent = 0
        self.exact = False
        # One product gives the squared distance: [x, |x|^2, 1] times [-2y, 1, |y|^2].
        self.points = np.ones((n, d + 2), np.float32)
        self.excess = np.zeros(n, np.float32)

    def prepare(self) -> Iterator[None]:
        """Centre and scale the rows, and keep what their products need."""
        centre = np.zeros(self.X.shape[1]) if self.cosine else _centre(self.X)
        if not self.cosine:
            self.exponent = yield from _exponent(self.X, centre)
        for start in range(0, self.n, _ROWS):
            rows = slice(start, start + _ROWS)
            x = np.ldexp(self.X[rows].astype(np.float64) - centre, self.exponent)
            if self.cosine:
                x = _divided(x, np.abs(x).max(axis=1))  # first, lest the squares overflow
                x = _divided(x, np.linalg.norm(x, axis=1))
                self.excess[rows] = ~x.any(axis=1)  # so that a row of zeros is at distance 1 from all others
            self.points[rows, :-2] = -2 * x
            self.points[rows, -1] = np.einsum("ij,ij->i", x, x) + self.excess[rows]
            yield
        if not np.isfinite(self.points[:, -1]).all():
            raise ValueError("X must be finite: it has NaN or infinity in it")
        self.exact = not self.cosine and self._are_small_integers()

    def look(self, rows: np.ndarray, columns: range, heap: np.ndarray, dtype: type | None) -> None:
        """Compare by products of rows and columns, or directly."""
        here = None if dtype is None else self._left(rows, dtype)
        for first in range(columns.start, columns.stop, _COLUMNS):
            stop = min(first + _COLUMNS, columns.stop)
            if dtype is None or here is None:
                keys = self._directly(rows, np.tile(np.arange(first, stop), (len(rows), 1)))
            else:
                there = self._right(slice(first, stop), dtype)
                keys = (here @ there.T).astype(np.float32, copy=False)
            keep_nearest(keys.view(np.int32), rows, first, heap)

    def settle(self, rows: np.ndarray, heap: np.ndarray, dtype: type | None) -> np.ndarray:
        """Rank the candidates by distances computed directly; doubt rows where products may have erred."""
        farthest = (heap[:, 0] >> 32).astype(np.int32).view(np.float32)
        candidates = heap & 0xFFFFFFFF
        squared = self._directly(rows, candidates)
        self._write(rows, (squared.view(np.int32).astype(np.int64) << 32) | candidates)
        kth = self.distances[rows, -1]  # squared, still
        self.distances[rows] = self._in_units(self.distances[rows])
        if dtype is None or self.exact or self.candidates == self.n - 1:
            return rows[:0]
        return rows[farthest - self._error(rows, farthest, dtype) < kth]

    def _directly(self, rows: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        squared = np.empty(candidates.shape, np.float32)
        _squared_distances(self.points, self.excess, rows, candidates, squared)
        return squared

    def _left(self, rows: np.ndarray, dtype: type) -> np.ndarray:
        left = self._right(rows, dtype)
        left[:, :-2] *= -0.5
        left[:, -2:] = left[:, :-3:-1]
        return left

    def _right(self, rows: Any, dtype: type) -> np.ndarray:
        right = self.points[rows].astype(dtype, copy=False)
        if dtype == np.float64:
            right[:, -1] = 0.25 * np.einsum("ij,ij->i", right[:, :-2], right[:, :-2]) + self.excess[rows]
        return right

    def _error(self, rows: np.ndarray, farthest: np.ndarray, dtype: type) -> np.ndarray:
        """Bound by how much squared distances from products differ from those computed directly in float32.

        The error of a sum of d products grows with sqrt(d) (Higham & Mary 2019, theorem 2.4). 40 covers the
        constant and columns up to 4 times as long as the row; those that are longer are far away anyhow.
        Direct distances have no cancellation: their error is in proportion to themselves.
        """
        terms = 4 + np.sqrt(self.points.shape[1])
        of_products = 40 * (np.finfo(dtype).eps / 2) * terms * self.points[rows, -1].astype(np.float64)
        return of_products + 4 * 2.0**-24 * terms * farthest

    def _are_small_integers(self) -> bool:
        """Whether the rows are integers, or halves, so small that float32 computes all without an error.

        There many rows are equally far, and keep their order.
        """
        longest = self.points[:, -1].max()
        if np.ldexp(float(longest), -2 * self.exponent) >= 2**20:
            return False
        doubled = (
            np.ldexp(self.points[start : start + _ROWS, :-2], -self.exponent)
            for start in range(0, self.n, _ROWS)
        )
        return all((part == np.rint(part)).all() for part in doubled)

    def _in_units(self, squared: np.ndarray) -> np.ndarray:
        if self.cosine:
            return squared / 2
        return np.ldexp(np.sqrt(squared), -self.exponent)


def _divided(x: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    return x / np.where(lengths > 0, lengths, 1)[:, None]


def _centre(X: np.ndarray) -> np.ndarray:
    """Return the median of some rows; a far outlier would take the mean away from all others."""
    return np.median(X[:: -(-X.shape[0] // 200)].astype(np.float64), axis=0)


def _exponent(X: np.ndarray, centre: np.ndarray) -> Generator[None, None, int]:
    """Return the power of 2 that the rows are scaled by, in steps; see `exponent_of`."""
    longest = 0.0
    for start in range(0, X.shape[0], _COLUMNS):
        longest = np.maximum(longest, np.abs(X[start : start + _COLUMNS] - centre).max())
        yield
    return exponent_of(longest * np.sqrt(X.shape[1]))


def exponent_of(longest: float) -> int:
    """Return the power of 2 that brings the rows farthest from the centre to about 2^60.

    This leaves room above for their squares and, for the nearest rows, as much below as there can be.
    """
    if not np.isfinite(longest):
        raise ValueError("X must be finite: it has NaN or infinity in it")
    if longest and not 1e-30 < longest < 1e30:
        raise ValueError(f"X must be scaled: its rows differ by up to {longest:.1e}, and squares are lost")
    return 60 - int(np.frexp(longest)[1])


class MetricSearch(Search):
    """Any metric of scikit-learn, or a callable."""

    def __init__(self, X: np.ndarray | csr_array, k: int, metric: Metric, params: Mapping[str, Any]):
        # Imported only here: it takes a second, and most maps do without it.
        from sklearn.metrics import pairwise_distances

        # A callable takes microseconds for each pair.
        super().__init__(X.shape[0], k, k, 1e4 if callable(metric) else 10 * X.shape[1])
        self.X = for_scikit_learn(X)
        self.metric = metric
        self.params = params_of_all_rows(X, metric) | dict(params)
        self.pairwise_distances = pairwise_distances

    def look(self, rows: np.ndarray, columns: range, heap: np.ndarray, dtype: type | None) -> None:
        """Compare by the metric itself."""
        if self.metric == "precomputed":
            distances = self.X[rows, columns.start : columns.stop]
        else:
            there = self.X[columns.start : columns.stop]
            distances = self.pairwise_distances(self.X[rows], there, metric=self.metric, **self.params)
        keep_nearest(np.array(distances, np.float32).view(np.int32), rows, columns.start, heap)

    def settle(self, rows: np.ndarray, heap: np.ndarray, dtype: type | None) -> np.ndarray:
        """Write down the nearest; there is nothing to doubt."""
        self._write(rows, heap)
        return rows[:0]

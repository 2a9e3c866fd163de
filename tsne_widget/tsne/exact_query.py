"""Find the rows of the data nearest to new rows, exactly.

Under euclidean and cosine distance, blocks of products choose a few more candidates than requested, and
directly computed distances rank them. If errors of the products could have hidden a nearer row, we compute
the distances to all rows directly.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import Any, NamedTuple

import numpy as np
from numba import float32, float64, int64, types, void

from .kernel import kernel
from .metrics import (
    Metric,
    center_of,
    for_scikit_learn,
    params_of_all_rows,
    row_lengths,
    rows_divided,
    zeros_apart,
)
from .pool import Pool, one_blas_thread

_ROWS, _COLUMNS = 128, 2048
_ROWS_AT_ONCE = 32  # their keys stay in the second-level cache
_KEYS_PER_STEP = 2**24  # with 50 columns about 50 ms


def _signature(numbers: Any) -> Any:
    rows = types.Array(numbers, 2, "C", readonly=True)
    return void(
        int64, int64, types.Array(float64, 2, "C", readonly=True), rows, int64[:, ::1], float64[:, ::1]
    )


@kernel([_signature(float32), _signature(float64)], reordered=True)
def squared_distances(start, stop, new, X, candidates, squared):
    """Compute the squared distances of each new row to its candidates, without cancellation."""
    for row in range(start, stop):
        for c in range(candidates.shape[1]):
            there = candidates[row, c]
            total = 0.0
            for feature in range(new.shape[1]):
                difference = new[row, feature] - X[there, feature]
                total += difference * difference
            squared[row, c] = total


class _Block(NamedTuple):
    """Some new rows, relative to the centre, and room to compare them with some rows of X.

    The room is used again: where the system takes freed memory back at once, as it does on a Dask worker,
    asking for new memory for each block takes as long as the products.
    """

    x: np.ndarray
    squares: np.ndarray
    there: np.ndarray
    squared: np.ndarray
    keys: np.ndarray


class MetricQuery:
    """Any metric of scikit-learn: it computes all distances, block by block."""

    def __init__(self, new: Any, X: Any, k: int, metric: Metric, params: Mapping[str, Any]):
        # Imported only here: it takes a second, and most maps do not need it.
        from sklearn.metrics import pairwise_distances

        self.new, self.X = for_scikit_learn(new), for_scikit_learn(X)
        self.k, self.kept = k, k
        self.metric = metric
        self.params = params_of_all_rows(X, metric) | dict(params)
        self.pairwise_distances = pairwise_distances

    def run(self, pool: Pool) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
        """Return the indices of the k nearest rows of each new row, and their distances, in steps."""
        m, n = self.new.shape[0], self.X.shape[0]
        indices, distances = np.empty((m, self.k), np.uint32), np.empty((m, self.k), np.float32)
        size = max(1, min(_KEYS_PER_STEP // n, _ROWS * pool.n_jobs))

        def answer(start: int, stop: int, offset: int) -> None:
            for first in range(offset + start, offset + stop, _ROWS_AT_ONCE):
                rows = slice(first, min(first + _ROWS_AT_ONCE, offset + stop))
                with np.errstate(over="ignore", invalid="ignore"):  # rows may be too far away
                    indices[rows], distances[rows] = self.ranked(rows, self.candidates(rows))

        for first in range(0, m, size):
            yield first / m
            with one_blas_thread():
                pool.run(answer, min(size, m - first), first, grain=_ROWS_AT_ONCE)
        yield 1.0
        return indices, distances

    def candidates(self, rows: slice) -> np.ndarray:
        """Return the candidates of each row: a float32 in the upper half, a row of X in the lower."""
        from .search import FARTHEST, keep_nearest  # only here: `few_search` does without this kernel

        nobody = np.full(rows.stop - rows.start, -1)  # no row of X is left out
        heaps = np.full((len(nobody), self.kept), FARTHEST)
        here = self.prepared(rows)
        for first in range(0, self.X.shape[0], _COLUMNS):
            keys = self.keys(here, slice(first, first + _COLUMNS))
            keep_nearest(keys.view(np.int32), nobody, first, heaps)
        heaps.sort(axis=1)
        return heaps

    def prepared(self, rows: slice) -> Any:
        """Return what all keys of some rows need."""
        return self.new[rows]

    def keys(self, here: Any, there: slice) -> np.ndarray:
        """Return the keys to compare, float32, until the next call: here the distances."""
        distances = self.pairwise_distances(here, self.X[there], metric=self.metric, **self.params)
        return np.maximum(distances, 0, dtype=np.float32)

    def ranked(self, rows: slice, heaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the k nearest rows and their distances."""
        nearest = heaps[:, : self.k]
        return nearest & 0xFFFFFFFF, _keys_of(nearest)


class ProductQuery(MetricQuery):
    """Euclidean or cosine distance of dense rows: |x - y|^2 = |x|^2 + |y|^2 - 2 xy."""

    def __init__(self, new: np.ndarray, X: np.ndarray, k: int, cosine: bool):
        self.cosine = cosine
        self.k, self.kept = k, min(self.choice(len(X)), k + max(8, k // 8))
        self.new, self.X = self._ready(new, 0), self._ready(X, 1)
        self.center = center_of(self.X)  # products of rows far from zero cancel

    def _ready(self, X: np.ndarray, side: int) -> np.ndarray:
        if not self.cosine:
            return np.ascontiguousarray(X, np.float64 if side == 0 else None)
        lengths = row_lengths(X)
        return np.column_stack([rows_divided(X, lengths), zeros_apart(lengths, side)])

    def prepared(self, rows: slice) -> _Block:
        """Return the rows relative to the centre, with room for one block."""
        x, columns = self.new[rows] - self.center, min(_COLUMNS, len(self.X))
        rooms = np.empty(columns * x.shape[1]), np.empty(len(x) * columns)
        keys = np.empty(len(x) * columns, np.float32)
        return _Block(x, np.einsum("ij,ij->i", x, x)[:, None], *rooms, keys)

    def keys(self, here: _Block, there: slice) -> np.ndarray:
        """Return squared euclidean distances, up to rounding."""
        of_X = self.X[there]
        shape = len(here.x), len(of_X)
        y = np.subtract(of_X, self.center, out=here.there[: of_X.size].reshape(of_X.shape))
        squared = np.matmul(here.x, y.T, out=here.squared[: shape[0] * shape[1]].reshape(shape))
        squared *= -2
        squared += here.squares
        squared += np.einsum("ij,ij->i", y, y)
        keys = here.keys[: squared.size].reshape(shape)
        return np.maximum(squared, 0, out=keys, dtype=np.float32)

    def ranked(self, rows: slice, heaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the k nearest by distances computed directly."""
        candidates = np.sort(heaps & 0xFFFFFFFF, axis=1)
        squared = self._directly(self.new[rows], candidates)
        for row in np.flatnonzero(self._doubtful(rows, heaps, squared)):
            direct = self.all_directly(rows.start + row)
            first = np.sort(np.argsort(direct, kind="stable")[: self.kept])
            candidates[row], squared[row] = first, direct[first]
        # A stable sort keeps ties in row order.
        order = np.argsort(squared, axis=1, kind="stable")[:, : self.k]
        squared = np.take_along_axis(squared, order, axis=1)
        return np.take_along_axis(candidates, order, axis=1), squared / 2 if self.cosine else np.sqrt(squared)

    def choice(self, n: int) -> int:
        """Return among how many of n rows of X a new row chooses."""
        return n

    def all_directly(self, row: int) -> np.ndarray:
        """Return the squared distances of a new row to all rows of X."""
        return self._directly(self.new[row : row + 1], np.arange(len(self.X))[None])[0]

    def _directly(self, new: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        squared = np.empty(candidates.shape)
        squared_distances(0, len(new), new, self.X, candidates, squared)
        return squared

    def _doubtful(self, rows: slice, heaps: np.ndarray, squared: np.ndarray) -> np.ndarray:
        """Tell which rows may have lost one of the k nearest to an error of the products.

        The key of an omitted row is at least that of the farthest kept row. The error of a sum of d products
        grows with sqrt(d) (Higham & Mary 2019, theorem 2.4); keys are rounded to float32.
        """
        if self.kept == self.choice(len(self.X)):
            return np.zeros(len(heaps), bool)
        apart = self.new[rows] - self.center
        farthest = _keys_of(heaps[:, -1]).astype(np.float64)
        lengths = np.einsum("ij,ij->i", apart, apart) + farthest
        error = 40 * np.finfo(np.float64).eps * (4 + np.sqrt(apart.shape[1])) * lengths + 2.0**-22 * farthest
        # This form also puts NaN in doubt.
        return ~(farthest - error >= np.partition(squared, self.k - 1, axis=1)[:, self.k - 1])


def _keys_of(entries: np.ndarray) -> np.ndarray:
    return (entries >> 32).astype(np.int32).view(np.float32)

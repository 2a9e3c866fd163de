"""Search for neighbours of sparse rows, by products over the columns that two rows share.

The products of a row with all others come from the entries in its columns, in float64:
|x - y|^2 = |x|^2 + |y|^2 - 2 xy. If two rows are so close that this cancels, we compare them entry by entry.
The choice between the two, and the order of their sums, depend only on the two rows; so does the result.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numba import float32, float64, int32, int64, void

from .kernel import kernel
from .metrics import CANCELLED, exponent_of, row_lengths, rows_divided
from .search import Search, keep_nearest

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_WORK_PER_BLOCK = 5e6  # additions: about 10 ms
_ROWS = 128
# The rounding error of dividing rows by their lengths; below it, two rows count as multiples of each other.
_COSINE_ROUNDING = 1e-30


@kernel(float64(float64[::1], int32[::1], int64[::1], int64, int64))
def _squared_difference(values, columns, starts, one, other):
    """Compute the squared distance of two rows without cancellation; both have their columns in order."""
    a, b = starts[one], starts[other]
    end_a, end_b = starts[one + 1], starts[other + 1]
    total = 0.0
    while a < end_a or b < end_b:
        only_a = b == end_b or (a < end_a and columns[a] < columns[b])
        only_b = a == end_a or (b < end_b and columns[b] < columns[a])
        difference = (0.0 if only_b else values[a]) - (0.0 if only_a else values[b])
        total += difference * difference
        a += not only_b
        b += not only_a
    return total


@kernel(
    void(
        float64[::1],
        int32[::1],
        int64[::1],
        float64[::1],
        int32[::1],
        int64[::1],
        float64[::1],
        float64,
        int64[::1],
        float64[::1],
        float32[:, ::1],
    )
)
def _squared_distances(
    values, columns, starts, values_down, rows_down, starts_down, squares, rounding, rows, products, squared
):
    """Compute the squared distances of some rows to all; `..._down` is the same matrix column by column."""
    for position in range(len(rows)):
        row = rows[position]
        products[:] = 0
        for entry in range(starts[row], starts[row + 1]):
            column = columns[entry]
            for there in range(starts_down[column], starts_down[column + 1]):
                products[rows_down[there]] += values[entry] * values_down[there]
        for other in range(len(products)):
            both = squares[row] + squares[other]
            apart = both - 2 * products[other]
            if apart < CANCELLED * both:
                apart = _squared_difference(values, columns, starts, row, other)
                if apart < rounding:
                    apart = 0.0
            squared[position, other] = apart


class SparseSearch(Search):
    """Euclidean or cosine distance of sparse rows, exact."""

    def __init__(self, X: csr_array, k: int, cosine: bool):
        n, d = X.shape
        entries_down = np.bincount(X.indices, minlength=d).astype(np.float64)
        # A row meets each column as often as the column has entries.
        work_per_row = n + float(entries_down @ entries_down) / n
        super().__init__(n, k, work_per_row / n, int(np.clip(_WORK_PER_BLOCK / work_per_row, 1, _ROWS)))
        self.span = n
        self.X = X
        self.cosine = cosine
        self.exponent = 0

    def prepare(self) -> Iterator[None]:
        """Scale the rows, and turn the matrix so that its columns can be read."""
        X = _canonical(self.X)
        yield
        if self.cosine:
            X = rows_divided(X, row_lengths(X))
            self.squares = np.ones(self.n)  # a row of zeros too: then it is at distance 1 from all others
        else:
            self.exponent = exponent_of(2 * row_lengths(X).max())
            X.data = np.ldexp(X.data, self.exponent)
            self.squares = row_lengths(X) ** 2
        yield
        self.along, self.down = _parts(X), _parts(X.tocsc())

    def look(self, rows: np.ndarray, columns: range, heap: np.ndarray) -> None:
        """Bring the nearest of all rows into the heaps."""
        squared = np.empty((len(rows), self.n), np.float32)
        products = np.empty(self.n)
        rounding = _COSINE_ROUNDING if self.cosine else 0.0
        _squared_distances(*self.along, *self.down, self.squares, rounding, rows, products, squared)
        keep_nearest(squared.view(np.int32), rows, 0, heap)

    def in_units(self, keys: np.ndarray) -> np.ndarray:
        """Return distances, from their squares."""
        return keys / 2 if self.cosine else np.ldexp(np.sqrt(keys), -self.exponent)


def _canonical(X: csr_array) -> csr_array:
    """Return a copy in float64 with each entry once and in order, and none that is zero."""
    from scipy.sparse import csr_array

    copy = csr_array(X, dtype=np.float64, copy=True)
    copy.sum_duplicates()
    copy.eliminate_zeros()
    if not np.isfinite(copy.data).all():
        raise ValueError("X must be finite, but it holds NaN or infinity")
    return copy


def _parts(X: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    return X.data, X.indices.astype(np.int32, copy=False), X.indptr.astype(np.int64, copy=False)

"""Neighbours from given distances, or from given neighbours."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import float32, int32, int64, void

from .distances import LARGEST, check_square, first_wrong, place_of, wrong_distance
from .kernel import kernel
from .metrics import BLOCK
from .nearest import Neighbors
from .pool import Pool
from .search import FARTHEST, Search, keep_nearest, replace_farthest

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_ROWS_PER_STEP = 2**13


class DistanceSearch(Search):
    """Search for the smallest distances in each row of a dense (n, n) matrix, symmetric or not."""

    def __init__(self, D: np.ndarray, k: int):
        check_square(D)
        super().__init__(len(D), k, work_per_key=10)
        self.D = D
        self.farthest = np.zeros(len(D), np.float32)

    def prepare(self) -> Iterator[None]:
        """Check the distances."""
        size = max(1, BLOCK // self.n)
        for start in range(0, self.n, size):
            place = first_wrong(self.D[start : start + size])
            if place is not None:
                row, column = start + place[0], place[1]
                raise wrong_distance(self.D[row, column], row, column)
            yield

    def look(self, rows: np.ndarray, columns: range, heap: np.ndarray) -> None:
        """Push the small distances of some columns into the heaps."""
        part = np.array(self.D[rows[0] : rows[-1] + 1, columns.start : columns.stop], np.float32, order="C")
        self.note_farthest(part, rows)
        keep_nearest(part.view(np.int32), rows, columns.start, heap)


@kernel(void(int64, int64, int64, int64[::1], int32[::1], float32[::1], int64[:, ::1], int64[:, ::1]))
def _keep_stored(start, stop, offset, starts, columns, distances, heaps, counts):
    """Push each row's stored distances into its heap; count those to others, and those stored twice."""
    bits = distances.view(np.int32)
    seen = np.full(len(starts) - 1, -1)
    for place in range(start, stop):
        row, heap = place + offset, heaps[place]
        for entry in range(starts[row], starts[row + 1]):
            column = columns[entry]
            counts[place, 1] += seen[column] == row
            seen[column] = row
            if column == row:
                continue
            counts[place, 0] += 1
            # A zero may be negative.
            new = (max(int64(bits[entry]), 0) << 32) | column
            if new < heap[0]:
                replace_farthest(heap, new)


def search_graph(D: csr_array, k: int, pool: Pool) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
    """Return the k nearest neighbours of each row among the distances that a sparse matrix stores.

    Parameters
    ----------
    D : CSR array of shape (n, n)
        As from `sklearn.neighbors.kneighbors_graph` with ``mode="distance"``: each stored entry is a
        distance, even 0; the others are unknown. The diagonal does not count.
    k : int
        How many neighbours.
    pool : Pool
        The threads.

    Yields
    ------
    float
        Progress, from 0 to 1, after each 10 to 50 ms of work.

    Returns
    -------
    indices : ndarray of shape (n, k), uint32
        Columns, nearest first; ties keep their order.
    distances : ndarray of shape (n, k), float32
        Their distances.

    Raises
    ------
    ValueError
        If D is not square, a distance is negative, not finite or stored twice, or a row stores fewer than k
        distances to others.
    """
    check_square(D)
    n = D.shape[0]
    for start in range(0, D.nnz, BLOCK):
        place = first_wrong(D.data[start : start + BLOCK])
        if place is not None:
            entry = start + place[0]
            raise wrong_distance(D.data[entry], *place_of(D, entry))
        yield 0.0
    starts, columns = D.indptr.astype(np.int64, copy=False), D.indices.astype(np.int32, copy=False)
    data = D.data.astype(np.float32, copy=False)
    indices, distances = np.empty((n, k), np.uint32), np.empty((n, k), np.float32)
    for first in range(0, n, _ROWS_PER_STEP):
        rows = slice(first, min(first + _ROWS_PER_STEP, n))
        heaps = np.full((rows.stop - first, k), FARTHEST)
        counts = np.zeros((rows.stop - first, 2), np.int64)
        pool.run(_keep_stored, len(heaps), first, starts, columns, data, heaps, counts, grain=1024)
        _check_counts(counts, first, k)
        heaps.sort(axis=1)
        indices[rows] = heaps & 0xFFFFFFFF
        distances[rows] = (heaps >> 32).astype(np.int32).view(np.float32)
        yield rows.stop / n
    return indices, distances


def given_neighbors(indices: Any, distances: Any, n: int, k: int | None = None) -> Neighbors:
    """Check and sort the neighbours that a user gives; return the first k, or all.

    Parameters
    ----------
    indices : array-like of shape (n, k'), integers
        Positions of rows. scikit-learn's `kneighbors(X)` lists the row itself, anywhere among its copies, or
        not at all if it has many. We drop the row wherever it stands; rows that do not list themselves then
        lose their farthest neighbour, so that all have k' - 1.
    distances : array-like of shape (n, k')
        The distances, finite and not negative, in any order.
    n : int
        How many rows there are.
    k : int, optional
        The number of neighbours; by default all.

    Returns
    -------
    Neighbors
        Sorted by distance, then by index.

    Raises
    ------
    ValueError
        If a shape or type is wrong, or there are fewer than k neighbours; or an index is out of range or
        repeated, or a distance is negative or not a finite float32; the message names the first such row.
    """
    indices, distances = np.asarray(indices), np.asarray(distances)
    if indices.shape != distances.shape or indices.ndim != 2 or len(indices) != n:
        shapes = f"{indices.shape} and {distances.shape}"
        raise ValueError(f"neighbours must be two arrays of shape ({n}, k), not of shapes {shapes}")
    if not np.issubdtype(indices.dtype, np.integer):
        swapped = np.issubdtype(distances.dtype, np.integer)
        hint = "; kneighbors() returns distances first: swap the two" if swapped else ""
        raise ValueError(f"the indices of neighbours must be integers, not {indices.dtype}{hint}")
    if not (np.issubdtype(distances.dtype, np.floating) or np.issubdtype(distances.dtype, np.integer)):
        raise ValueError(f"the distances of neighbours must be numbers, not {distances.dtype}")
    own = bool((indices == np.arange(n)[:, None]).any())
    known = indices.shape[1] - own
    k = max(1, known) if k is None else k
    if known < k:
        besides = " besides the row itself" if own else ""
        raise ValueError(f"each row must have at least {k} neighbours{besides}, not {known}")
    found = Neighbors(np.empty((n, k), np.uint32), np.empty((n, k), np.float32))
    size = max(1, BLOCK // indices.shape[1])
    for start in range(0, n, size):
        some = slice(start, start + size)
        _check_given(indices[some], distances[some], start, n)
        keys = np.abs(distances[some].astype(np.float32))  # a zero may be negative
        entries = (keys.view(np.int32).astype(np.int64) << 32) | indices[some].astype(np.int64)
        entries[indices[some] == np.arange(n)[some, None]] = FARTHEST
        entries.sort(axis=1)
        found.indices[some] = entries[:, :k] & 0xFFFFFFFF
        found.distances[some] = (entries[:, :k] >> 32).astype(np.int32).view(np.float32)
    return found


def _check_given(indices: np.ndarray, distances: np.ndarray, start: int, n: int) -> None:
    """Check a block of rows; `start` is the first of them."""
    in_order = np.sort(indices, axis=1)
    twice = np.zeros(indices.shape, bool)
    twice[:, 1:] = in_order[:, 1:] == in_order[:, :-1]
    usable = (distances >= 0) & (distances <= LARGEST)
    complaints = (
        ((indices < 0) | (indices >= n), f"has an index that is not from 0 to {n - 1}"),
        (twice, "has a neighbour twice"),
        (~usable, "has a distance that is negative or not a finite float32"),
    )
    first = [(np.flatnonzero(wrong.any(axis=1)), complaint) for wrong, complaint in complaints]
    found = [(place[0], complaint) for place, complaint in first if len(place)]
    if found:
        place, complaint = min(found, key=lambda one: one[0])
        raise ValueError(f"row {start + place} of the given neighbours {complaint}")


def _check_counts(counts: np.ndarray, first: int, k: int) -> None:
    few, twice = np.flatnonzero(counts[:, 0] < k), np.flatnonzero(counts[:, 1])
    if len(twice):
        raise ValueError(f"row {first + twice[0]} of the precomputed graph stores a distance twice")
    if len(few):
        row = few[0]
        raise ValueError(
            f"row {first + row} of the precomputed graph stores {counts[row, 0]} distances to others; it "
            f"needs at least {k}"
        )

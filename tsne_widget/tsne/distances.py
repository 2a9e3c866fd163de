"""Check distances from any source: finite, not negative, 0 to oneself, symmetric."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Rounding may bring a distance this share of the largest one below 0; it then counts as 0.
ROUNDING = 1e-6
#: The two directions may differ by this share of the largest distance; so may the distance to oneself from 0.
UNLIKE = 1e-3
#: How many pairs of rows we compare in both directions.
PAIRS = 10_000
#: The largest float32, the type of distances.
LARGEST = float(np.finfo(np.float32).max)


def first_wrong(distances: np.ndarray, largest: float = 0.0) -> tuple[int, ...] | None:
    """Return the place of the first distance that is negative or not a finite float32, or None.

    Parameters
    ----------
    distances : ndarray
        Of any shape.
    largest : float
        A distance by which to judge rounding, if `distances` holds only a few.
    """
    if not distances.size or (distances.min() >= 0 and distances.max() <= LARGEST):  # NaN is neither
        return None
    finite = np.abs(distances) <= LARGEST
    largest = distances.max(where=finite, initial=largest)
    wrong = ~finite | (distances < -ROUNDING * largest)
    return tuple(int(place) for place in np.argwhere(wrong)[0]) if wrong.any() else None


def why_no_distances(distances: np.ndarray, rows: np.ndarray) -> str:
    """Say what is wrong with the distances between a few rows, computed both ways; empty if nothing is.

    Parameters
    ----------
    distances : ndarray of shape (m, m)
        Distances from each row to each row, itself included; finite.
    rows : ndarray of shape (m,)
        Their positions.
    """
    allowed = UNLIKE * distances.max(initial=0)
    own = np.abs(distances.diagonal())
    if (own > allowed).any():
        return _not_zero(rows[own.argmax()], own.max())
    apart = np.abs(distances - distances.T)
    if (apart > allowed).any():
        one, other = divmod(int(apart.argmax()), len(apart))
        return _both_ways(rows[one], rows[other], distances[one, other], distances[other, one])
    return ""


def why_no_matrix(D: np.ndarray | csr_array) -> str:
    """Say what is wrong with a matrix of distances, or a graph of some of them; empty if nothing is.

    It checks the symmetry of 10,000 pairs of rows, the same in each call.

    Parameters
    ----------
    D : ndarray or CSR array of shape (n, n)
        Finite numbers; a sparse matrix stores each entry once, in order.
    """
    values = D if isinstance(D, np.ndarray) else D.data
    place = first_wrong(values)
    if place is not None:
        row, column = place if isinstance(D, np.ndarray) else place_of(D, place[0])
        return f"from row {row} to row {column} it is {values[place]:g}; it must be finite and not negative"
    largest = float(values.max(initial=0))
    if isinstance(D, np.ndarray):
        own = np.abs(D.diagonal())
        if own.max() > UNLIKE * largest:
            return _not_zero(int(own.argmax()), own.max())
    return _why_unlike(D, UNLIKE * largest)


def wrong_distance(value: Any, row: int, column: int) -> ValueError:
    """Build the error for a precomputed number that is not a distance."""
    return ValueError(
        f"precomputed distances must be finite and not negative: from row {row} to row {column} it is {value}"
    )


def check_square(D: Any) -> None:
    """Raise ValueError if a matrix of distances is not square."""
    if D.shape[0] != D.shape[1]:
        raise ValueError(f"precomputed distances must be of shape (n, n), not {D.shape}")


def stored_counts(D: csr_array) -> np.ndarray:
    """Return how many distances to others each row of a graph stores."""
    rows = np.repeat(np.arange(D.shape[0], dtype=D.indices.dtype), np.diff(D.indptr))
    return np.diff(D.indptr) - np.bincount(rows[rows == D.indices], minlength=D.shape[0])


def parts(D: csr_array) -> np.ndarray:
    """Return the sizes of the unconnected parts of a graph, the largest first."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    edges = csr_array(
        (np.ones(D.nnz, np.int8), D.indices, D.indptr), shape=D.shape
    )  # including those of length 0
    _, part = connected_components(edges, directed=True, connection="weak")
    return -np.sort(-np.bincount(part))


def _why_unlike(D: np.ndarray | csr_array, allowed: float) -> str:
    random = np.random.default_rng(0)
    if isinstance(D, np.ndarray):
        rows, columns = random.integers(len(D), size=(2, PAIRS))
        there, back = D[rows, columns], D[columns, rows]
    elif D.nnz:
        entries = random.integers(D.nnz, size=PAIRS)
        rows = np.searchsorted(D.indptr, entries, side="right") - 1
        columns = D.indices[entries]
        there, back = D.data[entries], _stored(D, columns, rows)
    else:
        return ""
    apart = np.abs(there - back)
    apart[np.isnan(apart)] = 0  # stored in one direction only
    if apart.max() <= allowed:
        return ""
    worst = int(apart.argmax())
    return _both_ways(int(rows[worst]), int(columns[worst]), there[worst], back[worst])


def _stored(D: csr_array, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return some entries; NaN if one is not stored."""
    found = np.full(len(rows), np.nan)
    for number, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        start, stop = D.indptr[row], D.indptr[row + 1]
        place = start + np.searchsorted(D.indices[start:stop], column)
        if place < stop and D.indices[place] == column:
            found[number] = D.data[place]
    return found


def _not_zero(row: int, distance: float) -> str:
    return (
        f"from row {row} to itself it is {distance:g}; it must be 0: a similarity or kernel, which grows "
        "with likeness, is not a distance"
    )


def _both_ways(row: int, other: int, there: float, back: float) -> str:
    return (
        f"from row {row} to row {other} it is {there:g}, but {back:g} back; it must be the same both ways, "
        "for example the mean of the two"
    )


def place_of(D: csr_array, entry: int) -> tuple[int, int]:
    """Return row and column of a stored entry."""
    return int(np.searchsorted(D.indptr, entry, side="right")) - 1, int(D.indices[entry])

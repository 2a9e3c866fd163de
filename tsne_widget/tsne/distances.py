"""What distances must be, whoever gives them: finite, not negative, 0 to oneself, the same both ways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: Share of the largest distance by which rounding may bring one below 0; it counts as 0.
ROUNDING = 1e-6
#: Share of the largest distance by which the two ways between rows may differ, and one to oneself from 0.
UNLIKE = 1e-3
#: Pairs of rows of a matrix whose two ways are compared.
PAIRS = 10_000
#: What float32 holds, in which distances are kept.
_LARGEST = float(np.finfo(np.float32).max)


def first_wrong(distances: np.ndarray, largest: float = 0.0) -> tuple[int, ...] | None:
    """Return where the first distance stands that is no finite float32, or negative; None where all are good.

    Parameters
    ----------
    distances : ndarray
        Of any shape.
    largest : float
        A distance by which to judge what is rounding, where these are few.
    """
    if not distances.size or (distances.min() >= 0 and distances.max() <= _LARGEST):  # NaN is neither
        return None
    finite = np.abs(distances) <= _LARGEST
    largest = distances.max(where=finite, initial=largest)
    wrong = ~finite | (distances < -ROUNDING * largest)
    return tuple(int(place) for place in np.argwhere(wrong)[0]) if wrong.any() else None


def why_no_distances(distances: np.ndarray, rows: np.ndarray) -> str:
    """Say what is wrong with the distances between a few rows, computed both ways; empty where nothing is.

    Parameters
    ----------
    distances : ndarray of shape (m, m)
        From each of the rows to each, itself included; finite.
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
    """Say what is wrong with a matrix of distances, or a graph of some of them; empty where nothing is.

    Whether both ways are the same is looked up for 10,000 pairs of rows, drawn always alike.

    Parameters
    ----------
    D : ndarray or CSR array of shape (n, n)
        Finite numbers; of a sparse one each entry is stored once, in order.
    """
    values = D if isinstance(D, np.ndarray) else D.data
    place = first_wrong(values)
    if place is not None:
        row, column = place if isinstance(D, np.ndarray) else place_of(D, place[0])
        return f"from row {row} to row {column} it is {values[place]:g}, and must be finite and not negative"
    largest = float(values.max(initial=0))
    if isinstance(D, np.ndarray):
        own = np.abs(D.diagonal())
        if own.max() > UNLIKE * largest:
            return _not_zero(int(own.argmax()), own.max())
    return _why_unlike(D, UNLIKE * largest)


def wrong_distance(value: Any, row: int, column: int) -> ValueError:
    """Build the error for a given distance that is none."""
    return ValueError(
        f"precomputed distances must be finite and not negative: from row {row} to row {column} it is {value}"
    )


def check_square(D: Any) -> None:
    """Raise ValueError for distances that are not those of n rows to n."""
    if D.shape[0] != D.shape[1]:
        raise ValueError(f"precomputed distances must be of shape (n, n), not {D.shape}")


def stored_counts(D: csr_array) -> np.ndarray:
    """Return to how many others each row of a graph stores a distance."""
    rows = np.repeat(np.arange(D.shape[0], dtype=D.indices.dtype), np.diff(D.indptr))
    return np.diff(D.indptr) - np.bincount(rows[rows == D.indices], minlength=D.shape[0])


def parts(D: csr_array) -> np.ndarray:
    """Return the sizes of the parts of a graph between which it stores no distance, the largest first."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    edges = csr_array((np.ones(D.nnz, np.int8), D.indices, D.indptr), shape=D.shape)  # also those of length 0
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
    apart[np.isnan(apart)] = 0  # stored one way alone
    if apart.max() <= allowed:
        return ""
    worst = int(apart.argmax())
    return _both_ways(int(rows[worst]), int(columns[worst]), there[worst], back[worst])


def _stored(D: csr_array, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return some entries, NaN for those that are not stored."""
    found = np.full(len(rows), np.nan)
    for number, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True)):
        start, stop = D.indptr[row], D.indptr[row + 1]
        place = start + np.searchsorted(D.indices[start:stop], column)
        if place < stop and D.indices[place] == column:
            found[number] = D.data[place]
    return found


def _not_zero(row: int, distance: float) -> str:
    return (
        f"from row {row} to itself it is {distance:g}, and must be 0: what grows with likeness, as a "
        "similarity or a kernel does, is no distance"
    )


def _both_ways(row: int, other: int, there: float, back: float) -> str:
    return (
        f"from row {row} to row {other} it is {there:g} and {back:g} back, and must be the same both ways: "
        "the mean of the two would be"
    )


def place_of(D: csr_array, entry: int) -> tuple[int, int]:
    """Return row and column of a stored entry."""
    return int(np.searchsorted(D.indptr, entry, side="right")) - 1, int(D.indices[entry])

"""Link each row to its nearest rows, and cut the links where they are fewest."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import connected_components

#: How many nearest rows a row is linked to.
LINKS = 15
#: Below this many rows the dense eigenvectors are faster.
_DENSE_ROWS = 300


class Links(NamedTuple):
    """The nearest rows of each row.

    Attributes
    ----------
    indices : ndarray of shape (n, k), int64
        Positions, nearest first.
    distances : ndarray of shape (n, k), float64
        Their distances.
    """

    indices: np.ndarray
    distances: np.ndarray

    def crossing(self, second: np.ndarray) -> float:
        """Return the share of links between rows of two sides; `second` is True on the second."""
        return float((second[self.indices] != second[:, None]).mean())


def link(points: np.ndarray, k: int = LINKS) -> Links:
    """Link each of a few thousand points to its k nearest others in euclidean distance.

    Parameters
    ----------
    points : ndarray of shape (n, d)
        At least k + 1 of them. They should be centred, for the sake of rounding.
    """
    from sklearn.metrics import euclidean_distances

    return link_by_distances(euclidean_distances(points), k)


def link_by_distances(distances: np.ndarray, k: int = LINKS) -> Links:
    """Do the same from all distances, an ndarray of shape (n, n)."""
    others = np.array(distances, dtype=np.float64)
    np.fill_diagonal(others, np.inf)
    nearest = np.argpartition(others, k - 1, axis=1)[:, :k]
    found = np.take_along_axis(others, nearest, axis=1)
    order = np.argsort(found, axis=1, kind="stable")
    return Links(np.take_along_axis(nearest, order, axis=1), np.take_along_axis(found, order, axis=1))


def graph_of(indices: np.ndarray) -> csr_array:
    """Return the symmetric graph of the links: 1 for a link one way, 2 for links both ways."""
    n, k = indices.shape
    starts = np.arange(0, n * k + 1, k)
    one_way = csr_array((np.ones(n * k), indices.ravel(), starts), shape=(n, n))
    return (one_way + one_way.T).tocsr()


def slowest_direction(indices: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the second largest eigenvalue of D^-1/2 A D^-1/2, and the vector that orders the rows by it.

    The vector, D^-1/2 times the eigenvector, is that of Fiedler (1973) for the normalised Laplacian. A graph
    of several parts has the eigenvalue 1, and the vector tells the largest part from the rest.
    """
    from scipy.sparse.linalg import eigsh

    graph = graph_of(indices)
    count, part = connected_components(graph, directed=False)
    if count > 1:  # Lanczos finds only one of several equal eigenvalues
        return 1.0, (part != np.bincount(part).argmax()).astype(np.float64)
    n = graph.shape[0]
    scale = 1 / np.sqrt(graph.sum(axis=1))
    normalized = diags_array(scale) @ graph @ diags_array(scale)
    if n < _DENSE_ROWS:
        values, vectors = (found[..., -2:] for found in np.linalg.eigh(normalized.toarray()))
    else:
        # It starts from a random vector: from one of ones, nearly the first, Lanczos may miss the second.
        start = np.random.default_rng(0).standard_normal(n)
        values, vectors = eigsh(normalized, k=2, which="LA", tol=1e-5, v0=start)
    second = values.argmin()
    return float(values[second]), vectors[:, second] * scale


def crossing_along(indices: np.ndarray, score: np.ndarray) -> np.ndarray:
    """Return the share of links over each cut of the rows sorted by a score.

    Returns
    -------
    ndarray of shape (n - 1,)
        Entry i cuts between the first i + 1 rows and the rest.
    """
    n = len(score)
    rank = np.empty(n, np.int64)
    rank[np.argsort(score, kind="stable")] = np.arange(n)
    ends = rank[indices]
    first, last = np.minimum(ends, rank[:, None]).ravel(), np.maximum(ends, rank[:, None]).ravel()
    opened, closed = np.bincount(first, minlength=n), np.bincount(last, minlength=n)
    return np.cumsum(opened - closed)[:-1] / indices.size


def intrinsic_dimension(distances: np.ndarray) -> float:
    """Estimate the dimension of the rows from the distances to their neighbours; at least 1.

    The maximum likelihood of Levina & Bickel (2004), eq. 8, with the inverse averaged over rows (MacKay &
    Ghahramani 2005). Rows that equal all their neighbours are left out.
    """
    near, far = distances[:, :-1], distances[:, -1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.log(far / near)
    logs = logs[np.isfinite(logs)]
    return max(1.0, 1 / logs.mean()) if logs.size and logs.mean() > 0 else 1.0


class Parts(NamedTuple):
    """Where a set of rows hangs together least: the share of its links over that place, and its far side."""

    crossing: float
    beyond: np.ndarray


def weakest_place(indices: np.ndarray, least: float) -> Parts:
    """Find the place with the fewest links over it, among cuts that leave a share on both sides.

    Parameters
    ----------
    indices : ndarray of shape (n, k)
        The links of some rows to each other.
    least : float
        The least share of the rows on either side.
    """
    n = len(indices)
    count, part = connected_components(graph_of(indices), directed=False)
    sizes = np.bincount(part)
    main = part == sizes.argmax()
    if count > 1 and main.sum() <= (1 - least) * n:
        return Parts(0.0, ~main)
    # A few rows that hang on nothing stay on the near side.
    inside = np.flatnonzero(main)
    place = np.full(n, -1)
    place[inside] = np.arange(len(inside))
    linked = place[indices[inside]]
    _, score = slowest_direction(linked)
    crossing = crossing_along(linked, score)
    low, high = max(1, int(least * len(inside))), min(len(inside) - 1, int((1 - least) * len(inside)))
    at = low + int(crossing[low - 1 : high].argmin()) if high >= low else len(inside) // 2
    beyond = np.zeros(n, bool)
    beyond[inside[np.argsort(score, kind="stable")[at:]]] = True
    return Parts(float(crossing[at - 1]) * len(inside) / n, beyond)


def smallest_crossing(indices: np.ndarray, share: float, score: np.ndarray) -> float:
    """Return the smallest share of links over a cut along a score with `share` of the rows on one side."""
    n = len(indices)
    crossing = crossing_along(indices, score)
    size = min(max(round(share * n), 1), n - 1)
    return float(min(crossing[size - 1], crossing[n - size - 1]))

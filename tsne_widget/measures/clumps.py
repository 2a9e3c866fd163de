"""Find clumps by HDBSCAN (Campello, Moulavi & Sander 2013): on a map, or among the nearest rows in the data.

scikit-learn's own search holds the interpreter for all of n^2 distances, half a minute at 70,000 rows. On a
sparse graph it takes less than a second, so we give it the links that matter. `honesty/clumps.py` finds the
clumps that verdicts are about: there each row belongs to one, and a gap of a known depth lies between any
two.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from .neighborhoods import has_place, map_neighbors_in_steps

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: The label of a row in no clump.
NO_CLUMP = -1
#: How many nearest rows tell how dense a place is: on a map, and in the data. With 15 on a map, halves of one
#: Gaussian cloud in 10 dimensions become clumps; with 40, clumps of 40 rows become none.
ON_MAP, IN_DATA = 25, 15
#: How many nearest rows in the data two rows can share.
SHARED = 25
#: Links between parts of the data that share no neighbour are longer than any other.
_FAR = 2.0
_LINKS_PER_STEP = 2**15


def default_size(n: int) -> int:
    """Return the fewest rows of a clump among n: 3 %, fewer above 4,000 rows, at least 10."""
    return max(10, round(min(0.03 * n, 2 * n**0.5)))


def map_clumps_in_steps(points: np.ndarray, min_size: int) -> Generator[None, None, np.ndarray]:
    """Return the clump of each row, numbered from 0 by size; `NO_CLUMP` where it is in none.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
        A layout; rows without a place are NaN, and in no clump.
    min_size : int
        The fewest rows of a clump, at least 2.
    """
    placed = np.flatnonzero(has_place(points))
    clumps = np.full(len(points), NO_CLUMP)
    dense = _dense(ON_MAP, len(placed), min_size)
    if len(placed) < 2 * min_size or dense < 1:
        return clumps
    at = points[placed].astype(np.float64)
    near = yield from map_neighbors_in_steps(points[placed], dense)
    links = np.concatenate([_pairs(near), _everywhere(at)])
    yield
    # A length of 0 would be no link at all.
    least = np.finfo(np.float64).tiny ** 0.5
    lengths = np.maximum(np.linalg.norm(at[links[:, 0]] - at[links[:, 1]], axis=1), least)
    graph = _graph(links, lengths, len(placed), beyond=_FAR * lengths.max())
    yield
    clumps[placed] = _by_size(_hdbscan(graph, min_size, dense))
    return clumps


def data_clumps_in_steps(neighbors: np.ndarray, min_size: int) -> Generator[None, None, np.ndarray]:
    """Return the same for the data, from the nearest rows of each row.

    The distance of two rows is 1 minus the share of their nearest rows that both have (Jarvis & Patrick
    1973): in many dimensions distances themselves hardly differ, and HDBSCAN leaves most rows out.

    Parameters
    ----------
    neighbors : ndarray of int64, shape (n, k)
        The nearest rows of each row, nearest first.
    min_size : int
        The fewest rows of a clump, at least 2.
    """
    from scipy.sparse import csr_array

    n = len(neighbors)
    near = neighbors[:, :SHARED]
    k = near.shape[1]
    dense = _dense(min(IN_DATA, k), n, min_size)
    if n < 2 * min_size:
        return np.full(n, NO_CLUMP)
    rows = np.repeat(np.arange(n), k)
    known = csr_array((np.ones(n * k, np.int32), (rows, near.ravel())), shape=(n, n))
    links = _pairs(near)
    shared = np.empty(len(links))
    for start in range(0, len(links), _LINKS_PER_STEP):
        some = links[start : start + _LINKS_PER_STEP]
        shared[start : start + _LINKS_PER_STEP] = (known[some[:, 0]] * known[some[:, 1]]).sum(axis=1)
        yield
    # Two rows may be each other's neighbours and share all the others: the distance stays above 0.
    graph = _graph(links, 1 - shared / (2 * k - shared + 1), n, beyond=_FAR)
    yield
    return _by_size(_hdbscan(graph, min_size, dense))


def _dense(most: int, n: int, min_size: int) -> int:
    """Return how many nearest rows tell the density: fewer for few rows, and for small clumps."""
    wanted = most if min_size >= default_size(n) else min(most, min_size)
    return min(wanted, max(5, n // 10), n - 1)


def _pairs(neighbors: np.ndarray) -> np.ndarray:
    """Return the links of rows to their neighbours, each pair once."""
    rows = np.repeat(np.arange(len(neighbors)), neighbors.shape[1])
    ends = np.sort(np.column_stack([rows, neighbors.ravel()]), axis=1)
    return ends[_each_once(ends, len(neighbors))]


def _each_once(links: np.ndarray, n: int) -> np.ndarray:
    """Return the positions of distinct links; as single numbers they sort ten times as fast."""
    return np.unique(links[:, 0] * n + links[:, 1], return_index=True)[1]


def _everywhere(points: np.ndarray) -> np.ndarray:
    """Return links that join all points of a map: a triangulation, which holds its minimum spanning tree."""
    from scipy.spatial import Delaunay, QhullError

    distinct, first, which = np.unique(points, axis=0, return_index=True, return_inverse=True)
    copies = np.column_stack([first[which.ravel()], np.arange(len(points))])
    try:
        corners = Delaunay(distinct).simplices
        edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    except (QhullError, ValueError):  # all in a line, or fewer than three places
        edges = np.column_stack([np.arange(len(first) - 1), np.arange(1, len(first))])
    return np.concatenate([first[edges], copies[copies[:, 0] != copies[:, 1]]])


def _graph(links: np.ndarray, lengths: np.ndarray, n: int, beyond: float) -> csr_array:
    """Return links as a symmetric graph in one piece, whose parts are joined by links of length `beyond`."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    ends = np.sort(links, axis=1)
    once = _each_once(ends, n)
    (low, high), lengths = ends[once].T, lengths[once]
    parts = connected_components(csr_array((lengths, (low, high)), shape=(n, n)), directed=False)[1]
    one_each = np.unique(parts, return_index=True)[1]
    low, high = np.append(low, one_each[:-1]), np.append(high, one_each[1:])
    lengths = np.append(lengths, np.full(len(one_each) - 1, beyond))
    both = np.append(low, high), np.append(high, low)
    return csr_array((np.append(lengths, lengths), both), shape=(n, n))


def _hdbscan(graph: csr_array, min_size: int, dense: int) -> Any:
    # Leaves of the tree: 'excess of mass' makes one clump of a whole branch, as of 4, 7 and 9 among digits.
    from sklearn.cluster import HDBSCAN

    found = HDBSCAN(
        min_cluster_size=min_size,
        min_samples=dense,
        metric="precomputed",
        cluster_selection_method="leaf",
        copy=False,
    )
    return found.fit_predict(graph)


def _by_size(clumps: np.ndarray) -> np.ndarray:
    """Return clumps numbered by their size, the largest first."""
    inside = clumps >= 0
    sizes = np.bincount(clumps[inside])
    order = np.argsort(-sizes, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return np.where(inside, rank[clumps] if len(rank) else NO_CLUMP, NO_CLUMP)

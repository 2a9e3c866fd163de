"""How far neighbourhoods agree: of a map with the data, and of maps with each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def map_neighbors(points: np.ndarray, k: int) -> np.ndarray:
    """Return the k nearest neighbours of every point of a map.

    Parameters
    ----------
    points : ndarray of shape (n, 2), float32
        A layout; points may coincide.
    k : int
        How many neighbours, from 1 to n - 1.

    Returns
    -------
    ndarray of shape (n, k), int64
        Positions, nearest first. A point is not its own neighbour; of points at one place the first come
        first.

    Raises
    ------
    ValueError
        A coordinate is not finite.
    """
    from scipy.spatial import cKDTree

    if not np.isfinite(points).all():
        raise ValueError("the layout has coordinates that are not finite")
    # A tree of places, each once: one of coinciding points is slow and puts them in no order.
    places = np.add(points, 0, dtype=np.float32)  # -0.0 becomes 0.0
    _, first, place, counts = np.unique(
        np.ascontiguousarray(places).view(np.uint64).ravel(),
        return_index=True,
        return_inverse=True,
        return_counts=True,
    )
    tree = cKDTree(places[first].astype(np.float64))
    _, nearest = tree.query(tree.data, k=np.arange(1, min(k + 1, len(first)) + 1))
    candidates = _points_at(nearest, place, counts, k + 1)[place]
    return _without_self(candidates)


def kept_share(neighbors: np.ndarray, on_the_map: np.ndarray) -> float:
    """Return the share of neighbours, shape (n, k), that are so on the map too: the mean over all points."""
    return float(shared([neighbors, on_the_map]).mean())


def shared(neighbors: Sequence[np.ndarray]) -> np.ndarray:
    """Return for each point the share of its neighbours that all maps have in common.

    Parameters
    ----------
    neighbors : sequence of ndarrays of shape (n, k)
        The neighbours of every point on each map.

    Returns
    -------
    ndarray of shape (n,), float64
        From 0 to 1.
    """
    n, k = neighbors[0].shape
    row = n * np.arange(n, dtype=np.int64)[:, None]
    common = (row + neighbors[0]).ravel()
    for others in neighbors[1:]:
        common = common[np.isin(common, row + others, assume_unique=True)]
    return np.bincount(common // n, minlength=n) / k


def _points_at(nearest: np.ndarray, place: np.ndarray, counts: np.ndarray, wanted: int) -> np.ndarray:
    """Return for each place the first `wanted` points at its nearest places."""
    there = counts[nearest]
    before = there.cumsum(axis=1) - there
    taken = np.clip(wanted - before, 0, there).ravel()
    # The points sorted by place, and where those of each place begin.
    by_place = np.argsort(place, kind="stable")
    begin = counts.cumsum() - counts
    within = np.arange(taken.sum()) - np.repeat(taken.cumsum() - taken, taken)
    points = by_place[np.repeat(begin[nearest].ravel(), taken) + within]
    return points.reshape(len(nearest), wanted)


def _without_self(candidates: np.ndarray) -> np.ndarray:
    """Drop each point from its candidates, or the last one where the point is not among them."""
    n, wanted = candidates.shape
    drop = candidates == np.arange(n)[:, None]
    drop[~drop.any(axis=1), -1] = True
    return candidates[~drop].reshape(n, wanted - 1)

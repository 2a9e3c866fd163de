"""Measure how far a map has torn a row from its nearest rows in the data."""

from __future__ import annotations

import numpy as np

from ..parameters.constants import LINKED_NEIGHBORS
from .measure import READABLE, Context, Measure, Steps
from .neighborhoods import blocks, map_neighbors_in_steps, metrics_in_words


class Reach(Measure):
    """How far away a row's nearest rows lie on the map, in the distance of its nearest there."""

    name = "reach"
    label = "torn from its nearest rows"
    description = "how many times as far away as they need to be a row's 15 nearest rows lie on the map"
    needs = "map"
    heading = READABLE
    # A fixed scale: on a map without tears, nothing should shine.
    low, high = 1.0, 10.0
    transform = "log"
    ends = ("whole", "torn")
    joined = LINKED_NEIGHBORS

    def steps(self, context: Context) -> Steps:
        """Return the reach of each row."""
        (one,) = context.maps
        return reach_in_steps(one.data.neighbors().indices, one.points)

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the number of neighbours and the metrics, and say what 1 means."""
        k = linked(context.maps[0].data.neighbors().indices)
        return (
            f"how many times as far away on the map as they need to be a row's {k} nearest rows "
            f"{metrics_in_words(context.maps)} are. 1 is whole: the map has torn nothing from the row"
        )


def linked(indices: np.ndarray) -> int:
    """Return how many neighbours count: 15, or as many as are known."""
    return min(LINKED_NEIGHBORS, indices.shape[1])


def reach_in_steps(indices: np.ndarray, points: np.ndarray) -> Steps:
    """Return for each row the mean map distance of its data neighbours over that of its map neighbours.

    Parameters
    ----------
    indices : ndarray of shape (n_samples, k)
        The nearest rows in the data; the first 15 count.
    points : ndarray of shape (n_samples, 2)
        A layout.

    Returns
    -------
    ndarray of shape (n_samples,), float64
        At least 1; 1 if both distances are 0, infinite if only that of the map neighbours is. Neighbours
        without a place do not count; NaN for a row without one, and for a row all of whose neighbours lack
        one.
    """
    k, n = linked(indices), len(points)
    nearest = yield from map_neighbors_in_steps(points, k)
    reach = np.empty(n)
    for rows in blocks(n):
        there = _mean_distance(points, rows, indices[rows, :k].astype(np.int64))
        here = _mean_distance(points, rows, nearest[rows])
        reach[rows] = np.maximum(ratio(there, here), 1)  # less is rounding, or neighbours that have no place
        yield
    return reach


def ratio(value: np.ndarray, usual: np.ndarray) -> np.ndarray:
    """Return ``value / usual``, where 0 / 0 is 1: as usual."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((value == 0) & (usual == 0), 1.0, value / usual)


def _mean_distance(points: np.ndarray, rows: slice, neighbors: np.ndarray) -> np.ndarray:
    """Return the mean map distance of some rows to their neighbours with a place; NaN if none has one."""
    apart = points[neighbors].astype(np.float64) - points[rows, None]
    distances = np.where(neighbors < 0, np.nan, np.hypot(apart[..., 0], apart[..., 1]))
    known = np.isfinite(distances)
    with np.errstate(invalid="ignore"):
        return np.where(known, distances, 0).sum(axis=1) / known.sum(axis=1)

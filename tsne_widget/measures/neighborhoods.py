"""Measure how far neighbourhoods agree between a map and the data, and between maps."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..errors import InvalidValueError
from ..parameters.constants import FAR_NEIGHBORS

if TYPE_CHECKING:
    from .measure import Context, Map

_ROWS_PER_STEP = 2**12
#: Stands for a neighbour that does not exist.
NO_ROW = -1


class Nearest(NamedTuple):
    """The nearest rows of a row in one metric, and which of them each map in this metric keeps.

    Attributes
    ----------
    sentence : str
        What `kept` counts; it names the metric if the maps have several.
    runs : list of int
        The maps in this metric.
    positions, distances : ndarray of shape (k,)
        The rows, nearest first, and their distances.
    kept : dict
        By run, whether each of the rows is among as many nearest on its map: ndarray of bool.
    """

    sentence: str
    runs: list[int]
    positions: np.ndarray
    distances: np.ndarray
    kept: dict[int, np.ndarray]


def map_neighbors_in_steps(points: np.ndarray, k: int) -> Generator[None, None, np.ndarray]:
    """Return the k nearest neighbours of every point of a map.

    It works in steps of 10 to 50 ms; only building a tree of a million points takes longer.

    Parameters
    ----------
    points : ndarray of shape (n, 2), float32
        A layout; points may coincide, and rows without a place are NaN.
    k : int
        The number of neighbours, from 1 to n - 1.

    Returns
    -------
    ndarray of shape (n, k), int64
        Positions, nearest first. A point is not its own neighbour; coinciding points come in their order.
        `NO_ROW` fills the row of a point without a place, and follows if fewer than k others have one.

    Raises
    ------
    ValueError
        A coordinate is infinite.
    """
    if np.isinf(points).any():
        raise ValueError("the layout has infinite coordinates")
    rows = np.flatnonzero(has_place(points))
    if len(rows) == len(points):
        return (yield from _neighbors_in_steps(points, k))
    found = np.full((len(points), k), NO_ROW, np.int64)
    known = min(k, len(rows) - 1)
    if known > 0:
        found[rows, :known] = rows[(yield from _neighbors_in_steps(points[rows], known))]
    return found


def has_place(points: np.ndarray) -> np.ndarray:
    """Tell which rows have a place on a map."""
    return ~np.isnan(points).any(axis=1)


def _neighbors_in_steps(points: np.ndarray, k: int) -> Generator[None, None, np.ndarray]:
    from scipy.spatial import cKDTree

    # The tree holds each place once: with coinciding points it would be slow and their order arbitrary.
    places = np.add(points, 0, dtype=np.float32)  # -0.0 becomes 0.0
    keys = np.ascontiguousarray(places).view(np.uint64).ravel()
    by_place = np.argsort(keys, kind="stable")
    yield
    # The points are sorted by place; those of a place begin where the key changes.
    sorted_keys = keys[by_place]
    changes = np.concatenate([[True], sorted_keys[1:] != sorted_keys[:-1]])
    begin = np.flatnonzero(changes)
    counts = np.diff(begin, append=len(points))
    place = np.empty(len(points), np.int64)
    place[by_place] = changes.cumsum() - 1
    yield
    at = places[by_place[begin]].astype(np.float64)
    yield
    # Trees that are neither balanced nor compact build in a third of the time, and answer just as fast.
    tree = cKDTree(at, balanced_tree=False, compact_nodes=False)
    yield
    nearest_first = np.arange(1, min(k + 1, len(at)) + 1)
    found = np.empty((len(points), k), np.int64)
    for rows in blocks(len(points)):
        _, nearest = tree.query(tree.data[place[rows]], k=nearest_first)
        candidates = _points_at(nearest, by_place, begin, counts, k + 1)
        found[rows] = _without_self(candidates, rows.start)
        yield
    return found


def shared_in_steps(neighbors: Sequence[np.ndarray]) -> Generator[None, None, np.ndarray]:
    """Return for each point the share of its neighbours that all maps share, in steps of 10 to 50 ms.

    Parameters
    ----------
    neighbors : sequence of ndarrays of shape (n, k)
        The neighbours of every point on each map; the k of the first counts.

    Returns
    -------
    ndarray of shape (n,), float64
        From 0 to 1; NaN for a point that has no neighbours on one of the maps.
    """
    n, k = neighbors[0].shape
    share = np.empty(n)
    for rows in blocks(n):
        row = n * np.arange(rows.stop - rows.start, dtype=np.int64)[:, None]
        common = (row + neighbors[0][rows])[neighbors[0][rows] != NO_ROW]
        for others in neighbors[1:]:
            known = (row + others[rows])[others[rows] != NO_ROW]
            common = common[np.isin(common, known, assume_unique=True)]
        share[rows] = np.bincount(common // n, minlength=len(row)) / k
        for each in neighbors:
            share[rows][each[rows, 0] == NO_ROW] = np.nan
        yield
    return share


def chance_in_words(share: float) -> str:
    """Write the share of common neighbours that chance alone would give."""
    return f"by chance {share:.2g}" if share >= 0.001 else "by chance less than 0.001"


def chances_in_words(context: Context, share: Callable[[int], float]) -> str:
    """Write what chance would give on maps of so many rows, from a function of the number of other rows."""
    shares = {share((one.made_of or context.n) - 1) for one in context.maps}
    least, most = min(shares), max(shares)
    return chance_in_words(most) if least == most else f"by chance {least:.2g} to {most:.2g}"


def metrics_in_words(maps: Sequence[Map]) -> str:
    """Name the metrics of maps: "by euclidean and cosine distance"."""
    return f"by {' and '.join(dict.fromkeys(one.data.metric for one in maps))} distance"


def require_farther_rows(name: str, points: np.ndarray) -> None:
    """Raise unless a map has rows that are not among the 30 nearest of a row.

    Raises
    ------
    InvalidValueError
        It names the measure.
    """
    others = int(has_place(points).sum()) - 1
    if others <= FAR_NEIGHBORS:
        raise InvalidValueError(
            f"{name!r} needs more than {FAR_NEIGHBORS + 1} rows with a place on the map, and there are "
            f"{others + 1}: all are among the {FAR_NEIGHBORS} nearest of each other"
        )


def blocks(n: int) -> list[slice]:
    """Return the slices of n rows that make a step each."""
    return [slice(start, min(start + _ROWS_PER_STEP, n)) for start in range(0, n, _ROWS_PER_STEP)]


def _points_at(
    nearest: np.ndarray, by_place: np.ndarray, begin: np.ndarray, counts: np.ndarray, wanted: int
) -> np.ndarray:
    """Return for each row of places the first `wanted` points there."""
    there = counts[nearest]
    before = there.cumsum(axis=1) - there
    taken = np.clip(wanted - before, 0, there).ravel()
    within = np.arange(taken.sum()) - np.repeat(taken.cumsum() - taken, taken)
    points = by_place[np.repeat(begin[nearest].ravel(), taken) + within]
    return points.reshape(len(nearest), wanted)


def _without_self(candidates: np.ndarray, first: int) -> np.ndarray:
    """Drop each point, counted from `first`, from its candidates, or else the last candidate."""
    n, wanted = candidates.shape
    drop = candidates == np.arange(first, first + n)[:, None]
    drop[~drop.any(axis=1), -1] = True
    return candidates[~drop].reshape(n, wanted - 1)

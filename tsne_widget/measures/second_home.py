"""Measure how much of a row's neighbourhood a map shows elsewhere, and how much of it in one other place."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import NamedTuple

import numpy as np

from ..parameters.constants import LINKED_NEIGHBORS
from .measure import READABLE, Context, Map, Measure, Steps
from .neighborhoods import has_place, map_neighbors_in_steps, metrics_in_words
from .reach import linked

#: The radius of a home, in the radius that a row's neighbours would fill on a map without gaps or tears.
HOME = 2.0
#: About how many of the heaviest neighbours elsewhere discs are looked at: about all, it would take tenfold.
_CENTERS = 8
_ENTRIES_PER_STEP, _PAIRS_PER_STEP = 2**16, 2**16


class SecondHome(Measure):
    """The shares of a row's neighbours that lie elsewhere on the map: scattered, and in one other place."""

    name = "second_home"
    label = "neighbours elsewhere on the map"
    description = "the shares of a row's neighbours elsewhere on the map: scattered, and in one other place"
    needs = "map"
    heading = READABLE
    parts = ("scattered", "in one other place")
    # More than half elsewhere is rare.
    low, high = 0.0, 0.5

    def steps(self, context: Context) -> Steps:
        """Return both shares of each row."""
        (one,) = context.maps
        return second_home_in_steps(links_of(one), one.points)

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name what weighs the neighbours, and say what elsewhere means."""
        by = metrics_in_words(context.maps)
        from_p = [one.affinities is not None for one in context.maps]
        weighted = f"neighbours {by} (weighted as in P)"
        plain = f"{linked(context.maps[0].data.neighbors().indices)} nearest rows"
        if not any(from_p):
            what = f"{plain} {by}"
        else:
            what = weighted if all(from_p) else f"{weighted}, or its {plain},"
        return (
            f"the shares of a row's {what} that lie elsewhere on the map, farther than any would with no gap "
            "or tear: scattered, and in one other place, to which the row belongs as well"
        )


class Links(NamedTuple):
    """The weighted neighbours of each row, as a CSR matrix.

    Row and column r belong to the row ``order[r]`` of the data; None if they are the rows in order.
    """

    indptr: np.ndarray
    indices: np.ndarray
    weights: np.ndarray
    order: np.ndarray | None


def links_of(one: Map) -> Links:
    """Return P of a map that is made from it, else equal weights for the 15 nearest rows in the data."""
    if one.affinities is not None:
        P = one.affinities()
        return Links(P.indptr, P.indices, P.data, P.order)
    indices = one.data.neighbors().indices
    n, k = len(indices), linked(indices)
    return Links(np.arange(n + 1) * k, indices[:, :k].ravel(), np.ones(n * k, np.float32), None)


def second_home_in_steps(links: Links, points: np.ndarray, home: float = HOME) -> Steps:
    """Return the shares of each row's weights that lie elsewhere: scattered, and in one other place.

    Elsewhere is beyond the radius of the row's home. One other place is a disc of that radius about one of
    the 8 heaviest neighbours elsewhere: the one that holds most.

    Parameters
    ----------
    links : Links
        The weighted neighbours of each row.
    points : ndarray of shape (n_samples, 2)
        A layout.
    home : float
        The radius of a home, in the radius that the neighbours of a row fill on a map without gaps or tears.

    Returns
    -------
    ndarray of shape (n_samples, 2), float64
        Their sum is all that lies elsewhere. Neighbours without a place do not count; NaN for a row without
        one, and for a row all of whose neighbours lack one.
    """
    radii = home * (yield from _filled_in_steps(links, points))
    order = links.order
    places = points.astype(np.float64)
    if order is not None:
        places, radii = places[order], radii[order]
    shares = np.empty((len(points), 2))
    for rows in _row_blocks(links.indptr, _ENTRIES_PER_STEP):
        shares[rows] = yield from _shares_in_steps(links, places, rows, radii[rows])
        yield
    if order is None:
        return shares
    of_rows = np.empty_like(shares)
    of_rows[order] = shares
    return of_rows


def _filled_in_steps(links: Links, points: np.ndarray) -> Steps:
    """Return the radius around each row that as many rows fill on the map as a row has neighbours on average.

    It is that of the median row, or the row's own where the map is sparser.
    """
    k = min(LINKED_NEIGHBORS, int(has_place(points).sum()) - 1)
    if k < 1:
        return np.full(len(points), np.inf)
    nearest = yield from map_neighbors_in_steps(points, k)
    own = np.hypot(*(points[nearest[:, -1]].astype(np.float64) - points).T)
    mean_count = len(links.indices) / len(points)
    return np.fmax(own, np.nanmedian(own)) * max(1.0, np.sqrt(mean_count / k))


def _shares_in_steps(
    links: Links, places: np.ndarray, rows: slice, radii: np.ndarray
) -> Generator[None, None, np.ndarray]:
    """Return both shares of some rows."""
    begin, end = links.indptr[rows.start], links.indptr[rows.stop]
    count = rows.stop - rows.start
    row = np.repeat(np.arange(count), np.diff(links.indptr[rows.start : rows.stop + 1]))
    to = places[links.indices[begin:end]]
    weights = links.weights[begin:end].astype(np.float64)
    distances = np.hypot(*(to - places[rows.start + row]).T)
    weights[np.isnan(distances)] = 0
    total = np.bincount(row, weights, minlength=count)
    far = np.flatnonzero(distances > radii[row])
    yield
    heaviest_first = far[np.lexsort((-weights[far], row[far]))]
    row, to, weights = row[heaviest_first], to[heaviest_first], weights[heaviest_first]
    elsewhere = np.bincount(row, weights, minlength=count)
    in_one = yield from _in_one_place_in_steps(row, to, weights, radii)
    with np.errstate(invalid="ignore"):
        return np.column_stack([elsewhere - in_one, in_one]) / total[:, None]


def _in_one_place_in_steps(row: np.ndarray, to: np.ndarray, weights: np.ndarray, radii: np.ndarray) -> Steps:
    """Return the most weight in a disc, of each row's neighbours elsewhere, which come heaviest first."""
    counts = np.bincount(row, minlength=len(radii))
    first = counts.cumsum() - counts
    centers = np.flatnonzero(np.arange(len(row)) - first[row] < _CENTERS)
    in_one = np.zeros(len(radii))
    for some in _row_blocks(np.append(0, counts[row[centers]].cumsum()), _PAIRS_PER_STEP):
        center = centers[some]
        width = counts[row[center]]
        one = np.repeat(np.arange(len(center)), width)
        other = np.arange(len(one)) + np.repeat(first[row[center]] - (width.cumsum() - width), width)
        apart = to[other] - to[center[one]]
        together = (apart**2).sum(axis=1) <= (radii[row[center]] ** 2)[one]
        held = np.bincount(one, weights[other] * together, minlength=len(center))
        np.maximum.at(in_one, row[center], held)
        yield
    return in_one


def _row_blocks(ends: np.ndarray, most: int) -> Iterator[slice]:
    """Yield slices of rows with at most so many entries together, and at least one row."""
    start, n = 0, len(ends) - 1
    while start < n:
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] + most, side="right")) - 1)
        yield slice(start, stop)
        start = stop

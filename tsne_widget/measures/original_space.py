"""Distances and neighbours of a row in the original space, and on a map."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from functools import cached_property
from numbers import Integral
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError, InvalidValueError, SelectionError, invalid_type
from ..parameters.limits import Limit
from ..tsne.metrics import (
    Metric,
    for_scikit_learn,
    from_products,
    params_of_all_rows,
    row_lengths,
    rows_at_once,
    rows_divided,
    squared_distances_to,
)
from ..tsne.steps import next_size, result_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: The number of rows in the first call of a user's function, before we know how slow it is.
_FIRST_ROWS = 100


class OriginalSpace:
    """Distances between rows of the data, in the metric of the map.

    What a metric needs from all rows, such as variances or lengths, is computed once, on first use.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data; kept unchanged, and never made dense. A sparse matrix has no duplicate entries.
    metric : str or callable
        As in `tsne.neighbors.find_neighbors`.
    metric_params : dict, optional
        Further arguments of the metric.
    """

    def __init__(
        self,
        matrix: np.ndarray | csr_array,
        metric: Metric = "euclidean",
        metric_params: Mapping[str, Any] | None = None,
    ):
        self.matrix = matrix
        self.n = matrix.shape[0]
        self.metric = metric
        self.given = dict(metric_params or {})
        #: What measures found out about these data, by a name of theirs, so that each computes it once.
        self.remembered: dict[str, Any] = {}

    def distances(self, row: int) -> np.ndarray:
        """Return the distances of all rows to one row.

        Parameters
        ----------
        row : int
            Position of the row.

        Returns
        -------
        ndarray of shape (n_samples,), float32
            In the units of the metric; 0 for the row itself. Under "cosine" a row of zeros is at distance 1
            from all others.

        Raises
        ------
        SelectionError, InvalidTypeError
            There is no such row.
        """
        return result_of(self.distances_in_steps(row))

    def distances_in_steps(self, row: int) -> Generator[None, None, np.ndarray]:
        """Do the same as `distances` in steps of about 20 ms, even if a user's function is slow."""
        row = check_row("row", row, self.n)
        if not from_products(self.metric, self.given):
            measure = self._by_metric
        else:
            measure = self._cosine if self.metric == "cosine" else self._euclidean
        found = np.empty(self.n, np.float32)
        start, most = 0, rows_at_once(self.matrix)
        size = min(_FIRST_ROWS, most) if callable(self.metric) else most
        while start < self.n:
            rows, began = slice(start, min(start + size, self.n)), perf_counter()
            found[rows] = measure(rows, row)
            yield
            start = rows.stop
            if callable(self.metric):
                size = min(next_size(size, perf_counter() - began), most)
        found[row] = 0
        return found

    def neighbors(self, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest rows of one row.

        Parameters
        ----------
        row : int
            Position of the row; it is not its own neighbour.
        k : int
            How many neighbours, from 1 to n_samples - 1.

        Returns
        -------
        positions : ndarray of shape (k,), int64
            Nearest first; rows at equal float32 distances come in their order.
        distances : ndarray of shape (k,), float32
            Their distances.

        Raises
        ------
        SelectionError, InvalidTypeError, InvalidValueError
            The row does not exist, or k is not allowed.
        """
        row, k = check_row("row", row, self.n), check_k(k, self.n)
        found = self.distances(row)
        if np.isnan(found).any():
            raise DataError(f"the metric gives NaN for rows {row} and {np.isnan(found).argmax()}")
        return _nearest(found, row, k)

    def of(self, rows: np.ndarray) -> OriginalSpace:
        """Return a space of other rows in the same metric, with parameters from all rows of this one."""
        if callable(self.metric) and not isinstance(self.matrix, np.ndarray):
            rows = type(self.matrix)(rows)  # the function knows sparse rows only
        return OriginalSpace(rows, self.metric, self.params)

    @cached_property
    def params(self) -> dict[str, Any]:
        """The metric's arguments, including those computed from all rows."""
        return params_of_all_rows(self.matrix, self.metric) | self.given

    def _by_metric(self, rows: slice, row: int) -> np.ndarray:
        from sklearn.metrics import pairwise_distances

        here, there = (for_scikit_learn(self.matrix[some]) for some in (slice(row, row + 1), rows))
        return pairwise_distances(here, there, metric=self.metric, **self.params)[0]

    def _euclidean(self, rows: slice, row: int) -> np.ndarray:
        return np.sqrt(squared_distances_to(self._dense_row(row), self.matrix[rows]))

    def _cosine(self, rows: slice, row: int) -> np.ndarray:
        """1 - cos of the angle, as half the squared distance of the rows divided by their lengths."""
        length = self._lengths[row]
        squared = squared_distances_to(
            self._dense_row(row) / (length or 1), rows_divided(self.matrix[rows], self._lengths[rows])
        )
        return np.where((self._lengths[rows] == 0) | (length == 0), 1.0, squared / 2)

    def _dense_row(self, row: int) -> np.ndarray:
        here = self.matrix[row : row + 1]
        return (here if isinstance(here, np.ndarray) else here.toarray()).ravel().astype(np.float64)

    @cached_property
    def _lengths(self) -> np.ndarray:
        return np.concatenate([row_lengths(self.matrix[rows]) for rows in self._blocks()])

    def _blocks(self) -> Iterator[slice]:
        size = rows_at_once(self.matrix)
        return (slice(start, min(start + size, self.n)) for start in range(0, self.n, size))


def neighbors_on_map(points: np.ndarray, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest points of one point of a map.

    Parameters
    ----------
    points : ndarray of shape (n_samples, 2)
        A layout.
    row : int
        Position of the point; it is not its own neighbour.
    k : int
        How many neighbours, from 1 to n_samples - 1.

    Returns
    -------
    positions : ndarray of shape (k,), int64
        Nearest first; coinciding points come in their order, as in `neighborhoods.map_neighbors_in_steps`.
    distances : ndarray of shape (k,), float32
        In the units of the map.

    Raises
    ------
    SelectionError, InvalidTypeError, InvalidValueError
        The row does not exist, k is not allowed, or too few rows have a place on the map.
    """
    row, k = check_row("row", row, len(points)), check_k(k, len(points))
    if np.isnan(points[row]).any():
        raise InvalidValueError(f"row {row} has no place on this map, so there are no rows around it")
    squared = squared_distances_to(points[row], points)
    others = np.count_nonzero(np.isfinite(np.delete(squared, row)))
    if others < k:
        raise InvalidValueError(f"k={k} is not allowed: on this map only {others} other rows have a place")
    positions, squared = _nearest(np.where(np.isnan(squared), np.inf, squared), row, k)
    return positions, np.sqrt(squared).astype(np.float32)


def _nearest(distances: np.ndarray, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the positions and values of the k smallest distances; ties keep their order."""
    others = np.delete(distances, row)
    farthest = np.partition(others, k - 1)[k - 1]
    candidates = np.flatnonzero(others <= farthest)
    candidates = candidates[np.argsort(others[candidates], kind="stable")[:k]]
    return candidates + (candidates >= row), others[candidates]


def check_row(name: str, row: Any, n: int) -> int:
    """Return the position of a row as an int; raise if the row does not exist."""
    if isinstance(row, (bool, np.bool_)) or not isinstance(row, Integral):
        raise invalid_type(name, row, f"the position of a row, from 0 to {n - 1}")
    if not 0 <= int(row) < n:
        raise SelectionError(f"{name}={row} does not exist: rows are 0 to {n - 1}")
    return int(row)


def check_k(k: Any, n: int) -> int:
    """Return a number of neighbours as an int; raise if there are fewer other rows."""
    return Limit(1, n - 1, integer=True).check("k", k)

"""Some rows of the data in the metric of a map: their places, their links, structureless rows like them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..tsne.metrics import for_scikit_learn, unit_rows
from .links import Links, link, link_by_distances
from .null import GaussianNull

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: The most rows of a sample; of more, a part is drawn. With many columns it is smaller, or it takes too long.
SAMPLE_ROWS, WIDE_SAMPLE_ROWS = 3_000, 1_500
#: From so many columns data are wide.
WIDE_COLUMNS = 1_500


class NoAnswerError(Exception):
    """There is no answer for such data; the message says why, in words for users."""


@dataclass(frozen=True, eq=False)
class Sample:
    """Some rows that differ from each other, in the metric of a map.

    Attributes
    ----------
    rows : ndarray of shape (n,), int64
        Their positions in the data.
    places : ndarray of shape (n, d), float64, or None
        Points at the distances of the rows; None in a metric in which rows are no points.
    metric : str
        The metric between `places`, if these are rows as they are.
    """

    rows: np.ndarray
    places: np.ndarray | None
    on_sphere: bool
    distances: Any = None

    def links(self, some: np.ndarray | slice = slice(None)) -> Links:
        """Link some of these rows, given by position in the sample, to their nearest among themselves."""
        if self.places is not None:
            return link(self.places[some])
        return link_by_distances(self.distances[some][:, some])

    def draws(self) -> _Draws | None:
        """Return what draws structureless rows like these; None if nothing can."""
        return None if self.places is None else _Draws(self.places, self.on_sphere)


class _Draws:
    def __init__(self, places: np.ndarray, on_sphere: bool):
        self._null, self._on_sphere = GaussianNull(places), on_sphere

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """Draw structureless places, as many as there are rows."""
        return self._null.draw_on_sphere(random) if self._on_sphere else self._null.draw(random)


class Sampled:
    """Takes samples of the rows of a widget in one metric.

    Parameters
    ----------
    matrix : ndarray or CSR array
        The checked data: rows, or for "precomputed" their distances.
    metric : str or callable
    params : mapping
        Further arguments of the metric, including those that it computes from all rows.
    """

    def __init__(self, matrix: np.ndarray | csr_array, metric: Any, params: Mapping[str, Any]):
        self._matrix, self._metric, self._params = matrix, metric, params

    @property
    def most(self) -> int:
        """The most rows of a sample."""
        wide = not callable(self._metric) and self._matrix.shape[1] > WIDE_COLUMNS
        return WIDE_SAMPLE_ROWS if wide and self._metric != "precomputed" else SAMPLE_ROWS

    def take(self, rows: np.ndarray) -> Sample:
        """Take some rows, of equal ones only the first.

        Raises
        ------
        NoAnswerError
            There are no links between just any rows in this metric.
        """
        metric, some = self._metric, self._matrix[rows]
        if callable(metric):
            raise NoAnswerError("the metric is a function, which would be called millions of times")
        if metric == "precomputed":
            if not isinstance(some, np.ndarray):
                raise NoAnswerError("X has the distances to some neighbours only")
            return _distinct(Sample(rows, None, False, np.maximum(some[:, rows], 0).astype(np.float64)))
        if metric in ("euclidean", "l2") and not self._params:
            return _distinct(Sample(rows, _principal(some), False))
        if metric in ("cosine", "correlation"):
            units = unit_rows(_dense(some), centered=metric == "correlation")
            known = units.any(axis=1)  # a row of zeros has no direction
            return _distinct(Sample(rows[known], units[known], True))
        from sklearn.metrics import pairwise_distances

        some = for_scikit_learn(some)
        return _distinct(Sample(rows, None, False, pairwise_distances(some, metric=metric, **self._params)))


def _distinct(sample: Sample) -> Sample:
    """Leave out rows that equal an earlier one: a heap of equal rows links to nothing but itself."""
    if sample.places is not None:
        _, first = np.unique(sample.places, axis=0, return_index=True)
    else:
        earlier = np.tril(sample.distances == 0, -1).any(axis=1)
        first = np.flatnonzero(~earlier)
    if len(first) == len(sample.rows):
        return sample
    kept = np.sort(first)
    places = None if sample.places is None else sample.places[kept]
    distances = None if sample.distances is None else sample.distances[np.ix_(kept, kept)]
    return Sample(sample.rows[kept], places, sample.on_sphere, distances)


def _dense(rows: Any) -> np.ndarray:
    return np.asarray(rows if isinstance(rows, np.ndarray) else rows.toarray(), dtype=np.float64)


def _principal(rows: Any) -> np.ndarray:
    """Return centred rows, and never more coordinates than rows: others hold the same distances."""
    centered = _dense(rows)
    centered -= centered.mean(axis=0)
    n, d = centered.shape
    if d <= n:
        return centered
    _, triangle = np.linalg.qr(centered.T)  # centred = triangle.T @ orthonormal rows
    return triangle.T

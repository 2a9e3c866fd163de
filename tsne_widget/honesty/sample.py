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

    def draws(self) -> GaussianNull | None:
        """Return what draws structureless rows like these; None if nothing can."""
        return None if self.places is None else GaussianNull(self.places, on_sphere=self.on_sphere)


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

    def of(self, rows: np.ndarray) -> Sampled:
        """Return the same for some of the rows, of which it holds a copy."""
        some = self._matrix[rows]
        return Sampled(some[:, rows] if self._given else some, self._metric, self._params)

    @property
    def n(self) -> int:
        """How many rows there are."""
        return int(self._matrix.shape[0])

    @property
    def columns(self) -> int:
        """How many columns the data have; none if X holds distances."""
        return 0 if self._given else int(self._matrix.shape[1])

    @property
    def most(self) -> int:
        """The most rows of a sample."""
        wide = self._are_points and self._matrix.shape[1] > WIDE_COLUMNS
        return WIDE_SAMPLE_ROWS if wide else SAMPLE_ROWS

    def take(self, rows: np.ndarray) -> Sample:
        """Take some rows, of equal ones only the first.

        Raises
        ------
        NoAnswerError
            There are no links between just any rows in this metric.
        """
        if not self._are_points:
            return _distinct(Sample(rows, None, False, self._distances(rows)))
        places = self.places(rows)
        if self.on_sphere:
            known = np.einsum("ij,ij->i", places, places) > 0.5  # a row of zeros has no direction
            rows, places = rows[known], places[known]
        else:
            places -= places.mean(axis=0)  # or links would suffer from rounding
        return _distinct(Sample(rows, places, self.on_sphere))

    def places(self, rows: np.ndarray) -> np.ndarray:
        """Return some rows as points between which the metric is euclidean, or a function of that.

        Returns
        -------
        ndarray of shape (len(rows), d), float64
            Never more columns than rows: if the data have more, points at the same distances.

        Raises
        ------
        NoAnswerError
            Rows are no points in this metric.
        """
        if not self._are_points:
            raise NoAnswerError(f"by {self._called} distance rows have no means")
        some = self._matrix[rows]
        if some.shape[1] > len(rows):
            return self._wide(some)
        dense = np.array(some if isinstance(some, np.ndarray) else some.toarray(), dtype=np.float64)
        return unit_rows(dense, centered=self._metric == "correlation") if self.on_sphere else dense

    def _wide(self, some: Any) -> np.ndarray:
        if self._metric == "correlation":
            some = unit_rows(np.asarray(some, dtype=np.float64), centered=True)
        products = some.astype(np.float64) @ some.T.astype(np.float64)
        products = products if isinstance(products, np.ndarray) else products.toarray()
        if self._metric == "cosine":
            lengths = np.sqrt(products.diagonal())
            products = products / np.outer(lengths, lengths).clip(np.finfo(float).tiny)
        elif self._metric != "correlation":
            means = products.mean(axis=0)
            products = products - means - means[:, None] + means.mean()
        return _from_products(products)

    @property
    def _are_points(self) -> bool:
        return self.on_sphere or (self._metric in ("euclidean", "l2") and not self._params)

    @property
    def on_sphere(self) -> bool:
        """Whether the metric looks only at directions."""
        return self._metric in ("cosine", "correlation")

    @property
    def _called(self) -> str:
        return "your own" if callable(self._metric) else "the given" if self._given else str(self._metric)

    @property
    def _given(self) -> bool:
        return isinstance(self._metric, str) and self._metric == "precomputed"

    def _distances(self, rows: np.ndarray) -> np.ndarray:
        if callable(self._metric):
            raise NoAnswerError("the metric is a function, which would be called millions of times")
        some = self._matrix[rows]
        if not self._given:
            from sklearn.metrics import pairwise_distances

            found: np.ndarray = pairwise_distances(
                for_scikit_learn(some), metric=self._metric, **self._params
            )
            return found
        if not isinstance(some, np.ndarray):
            raise NoAnswerError("X has the distances to some neighbours only")
        return np.maximum(some[:, rows], 0).astype(np.float64)


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


def _from_products(products: np.ndarray) -> np.ndarray:
    """Return points with these inner products, in as many coordinates as there are points."""
    squares, directions = np.linalg.eigh(products)
    return directions * np.sqrt(np.maximum(squares, 0))

"""The k nearest neighbours of every row, exact."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .metrics import Metric, from_products
from .pool import Pool
from .search import MetricSearch, ProductSearch, Search

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Neighbors:
    """The nearest neighbours of n rows, without the rows themselves.

    Attributes
    ----------
    indices : ndarray of shape (n, k), uint32
        Row positions, nearest first; of two that are equally far the first row comes first.
    distances : ndarray of shape (n, k), float32
        The distances, in the units of the data, ascending in each row.
    """

    indices: np.ndarray
    distances: np.ndarray


def find_neighbors(
    X: np.ndarray | csr_array,
    k: int,
    *,
    metric: Metric = "euclidean",
    metric_params: Mapping[str, Any] | None = None,
    pool: Pool,
) -> Generator[float, None, Neighbors]:
    """Return the k nearest neighbours of every row, as a generator of the progress made.

    Parameters
    ----------
    X : ndarray or CSR array of shape (n, d)
        The data, finite numbers; a sparse one is never made dense. For ``metric="precomputed"`` the
        distances, of shape (n, n).
    k : int
        How many neighbours, from 1 to n - 1.
    metric : str or callable
        Anything that `sklearn.metrics.pairwise_distances` takes for such data. "euclidean" and "cosine" are
        fast. Under "cosine" a row of zeros is at distance 1 from all others, as in scikit-learn.
    metric_params : dict, optional
        Further arguments of the metric.
    pool : Pool
        The threads.

    Yields
    ------
    float
        Progress, from 0 to 1, after each 10 to 50 ms of work (longer for a metric that is slow by itself).

    Returns
    -------
    Neighbors
        The neighbours.

    Raises
    ------
    ValueError
        If `k` is out of range, if X is not finite, or so large or small that its squares are lost.
    """
    n = X.shape[0]
    if not 1 <= k < n:
        raise ValueError(f"k must be from 1 to {n - 1}, one less than there are rows, not {k}")
    yield 0.0
    search = _search(X, k, metric, metric_params)
    indices, distances = yield from search.run(pool)
    return Neighbors(indices, distances)


def _search(X: Any, k: int, metric: Metric, params: Mapping[str, Any] | None) -> Search:
    if not from_products(metric, params):
        return MetricSearch(X, k, metric, params or {})
    if isinstance(X, np.ndarray):
        return ProductSearch(X, k, metric == "cosine")
    # Imported only here: it compiles kernels that dense data do without.
    from .sparse_search import SparseSearch

    return SparseSearch(X, k, metric == "cosine")

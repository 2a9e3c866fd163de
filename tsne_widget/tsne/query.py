"""Find the rows of the data nearest to new rows, exactly or approximately.

The result for a new row depends only on that row and the data, never on the new rows that come with it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .exact_query import MetricQuery, ProductQuery
from .metrics import Metric, from_products
from .nearest import Neighbors
from .pool import Pool
from .query_index import QueryIndex

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: ``search="auto"`` is exact among fewer rows of the data.
EXACT_BELOW = 20_000
#: For each of the nearest rows wanted, an index needs so many rows of the data to be worth it.
_ROWS_PER_NEIGHBOR = 64


def nearest_rows(
    new: np.ndarray | csr_array,
    X: np.ndarray | csr_array,
    k: int,
    *,
    metric: Metric = "euclidean",
    metric_params: Mapping[str, Any] | None = None,
    search: str = "exact",
    index: QueryIndex | None = None,
    pool: Pool,
) -> Generator[float, None, Neighbors]:
    """Return the k rows of X nearest to each new row, as a generator of the progress made.

    Parameters
    ----------
    new : ndarray or CSR array of shape (m, d)
        The new rows, finite numbers; dense or sparse like X.
    X : ndarray or CSR array of shape (n, d)
        The data.
    k : int
        The number of nearest rows, from 1 to n.
    metric, metric_params
        See `find_neighbors`; a metric computes its parameters, such as variances, from X.
    search : {"exact", "auto", "approximate"}
        How to search. "approximate" finds over 99 % of the nearest rows and returns true distances. It works
        for dense data under euclidean or cosine distance; all other searches are exact, and so are those for
        more than a 64th of the rows. "auto" is exact below `EXACT_BELOW` rows, and for data in float64.
    index : QueryIndex, optional
        Keeps the index of X for an approximate search from one call to the next.
    pool : Pool
        The threads.

    Yields
    ------
    float
        Progress, from 0 to 1.

    Returns
    -------
    Neighbors
        Indices of shape (m, k), which are rows of X, and their distances, nearest first; ties keep the order
        of X. A distance beyond float32 is infinite.
    """
    if not 1 <= k <= X.shape[0]:
        raise ValueError(f"k must be from 1 to {X.shape[0]}, the number of rows, not {k}")
    if not is_exact(search, X, k, metric, metric_params):
        made = yield from (index or QueryIndex()).of(X, metric == "cosine", pool)
        return (yield from made.query(new, k, pool))
    query: ProductQuery | MetricQuery
    if from_products(metric, metric_params) and isinstance(X, np.ndarray):
        query = ProductQuery(new, X, k, metric == "cosine")
    else:
        query = MetricQuery(new, X, k, metric, metric_params or {})
    return Neighbors(*(yield from query.run(pool)))


def is_exact(
    search: str, X: np.ndarray | csr_array, k: int, metric: Metric, params: Mapping[str, Any] | None
) -> bool:
    """Tell whether `nearest_rows` searches exactly; that depends on the data alone, not on the new rows."""
    n = X.shape[0]
    if not isinstance(X, np.ndarray) or not from_products(metric, params) or n < _ROWS_PER_NEIGHBOR * k:
        return True
    if search == "auto":
        return n < EXACT_BELOW or X.dtype != np.float32
    return search == "exact"

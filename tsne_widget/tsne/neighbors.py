"""Find the k nearest neighbours of every row, exactly or approximately.

Both searches are our own. This table compares them with packages that could do the same, for 90 neighbours of
70,000 clustered rows in 50 dimensions on two cores (tests/bench/engine.py --only neighbours):

========================= ======= ====== ==========
search                    seconds recall memory, MB
========================= ======= ====== ==========
exact                     4.3     1      97
approximate               3.3     0.997  97
faiss-cpu, flat (exact)   21.4    1      103
faiss-cpu, inverted file  4.7     0.988  124
usearch                   9.3     0.998  153
========================= ======= ====== ==========

So we need no package for it. The approximate search is the exact one, stopped earlier.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .distances import ROUNDING
from .few import FEW_ROWS
from .metrics import Metric, from_products, has_own_search
from .nearest import Neighbors
from .pool import Pool

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    # Indices, distances, and from some searches the farthest distances.
    _Search = Generator[float, None, tuple[Any, ...]]

#: ``method="auto"`` searches exactly up to this many rows.
EXACT_ROWS = 120_000


def find_neighbors(
    X: np.ndarray | csr_array,
    k: int,
    *,
    metric: Metric = "euclidean",
    metric_params: Mapping[str, Any] | None = None,
    method: Literal["auto", "exact", "approximate"] = "auto",
    pool: Pool,
) -> Generator[float, None, Neighbors]:
    """Return the k nearest neighbours of every row, as a generator of the progress made.

    Parameters
    ----------
    X : ndarray or CSR array of shape (n, d)
        The data, finite numbers; a sparse matrix is never made dense. For ``metric="precomputed"``, distances
        of shape (n, n): all of them or, if sparse, those to some neighbours (see `precomputed.search_graph`).
    k : int
        How many neighbours, from 1 to n - 1.
    metric : str or callable
        Anything that `sklearn.metrics.pairwise_distances` accepts for such data. "euclidean" and "cosine" are
        fast; for dense X, so are "correlation" and "manhattan". Under "cosine", a row of zeros is at distance
        1 from all others, as in scikit-learn; so is a constant row under "correlation", for which
        scikit-learn returns NaN.
    metric_params : dict, optional
        Further arguments of the metric.
    method : {"auto", "exact", "approximate"}
        How to search. "approximate" finds most neighbours (97 % of 90 among a million rows in 50 dimensions)
        in a fraction of the time; it returns true distances and the same result in each call. It works for
        dense data and fast metrics; all other searches are exact. "auto" is exact up to `EXACT_ROWS`.
    pool : Pool
        The threads.

    Yields
    ------
    float
        Progress, from 0 to 1, after each 10 to 50 ms of work, or longer if one call of a metric takes longer.

    Returns
    -------
    Neighbors
        The neighbours; the same bits for any number of threads.

    Raises
    ------
    ValueError
        If `k` or `method` is not allowed; if X is not finite, or so large or small that its squares are lost;
        if precomputed distances or those of a metric are negative or not finite; or if a graph stores too
        few.
    """
    n = X.shape[0]
    if not 1 <= k < n:
        raise ValueError(f"k must be from 1 to {n - 1}, one less than there are rows, not {k}")
    if method not in ("auto", "exact", "approximate"):
        raise ValueError(f"method must be 'auto', 'exact' or 'approximate', not {method!r}")
    yield 0.0
    approximate = not is_exact(method, n)
    return Neighbors(*(yield from _search(X, k, metric, metric_params or {}, approximate, pool)))


def is_exact(method: str, n: int) -> bool:
    """Tell whether a search among `n` rows is exact; that of slow metrics and sparse data is in any case."""
    return method == "exact" or (method == "auto" and n <= EXACT_ROWS)


#: The distance of rows that have nothing in common, for metrics in which some can be farther.
_UNRELATED = {"cosine": 1.0, "correlation": 1.0}
#: A row with this many copies has neighbours in any case.
_COPIES = 10


def isolated(neighbors: Neighbors, metric: Metric) -> np.ndarray:
    """Return the rows without neighbours: apart from a few copies, no other row is nearer than any other.

    Under jaccard distance, such rows share nothing with any other. Among precomputed distances, a large
    number separates them from all others. Under cosine and correlation, no other row is at less than a right
    angle. If the search has not seen all distances, the result is empty.

    Parameters
    ----------
    neighbors : Neighbors
        The result of `find_neighbors`.
    metric : str or callable
        The metric of the search.

    Returns
    -------
    ndarray of int64
        Positions, ascending.
    """
    unrelated = _UNRELATED.get(metric) if isinstance(metric, str) else None
    if unrelated is not None:
        farthest: Any = np.float32(unrelated * (1 - ROUNDING))
    elif neighbors.farthest is not None:
        farthest = neighbors.farthest
    else:
        return np.empty(0, np.int64)
    distances = neighbors.distances[:, :_COPIES]
    n, k = distances.shape
    copies = (distances <= np.reshape(ROUNDING * farthest, (-1, 1))).sum(axis=1)
    nearest = distances[np.arange(n), np.minimum(copies, k - 1)]
    return np.flatnonzero((copies < k) & (nearest >= farthest))


def modules_of(X: np.ndarray | csr_array, metric: Metric, params: Mapping[str, Any] | None) -> list[str]:
    """Return the modules with the kernels for searching such data, in the order to compile them."""
    search = _search_for(X, metric, params)
    return ["cells", "cell_kernels", search] if search == "cell_search" else [search]


def _search_for(X: np.ndarray | csr_array, metric: Metric, params: Mapping[str, Any] | None) -> str:
    """Return the module that searches such data."""
    if isinstance(metric, str) and metric == "precomputed":
        return "precomputed"
    if not has_own_search(X, metric, params):
        return "search"
    if not isinstance(X, np.ndarray):
        return "sparse_search"
    few = X.shape[0] <= FEW_ROWS and from_products(metric, params)
    return "few_search" if few else "cell_search"


def _search(X: Any, k: int, metric: Any, params: Mapping[str, Any], approximate: bool, pool: Pool) -> _Search:
    # Imported only when needed: each compiles kernels that the others do not use.
    match _search_for(X, metric, params):
        case "precomputed":
            from .precomputed import DistanceSearch, search_graph

            return DistanceSearch(X, k).run(pool) if isinstance(X, np.ndarray) else search_graph(X, k, pool)
        case "search":
            from .search import MetricSearch

            return MetricSearch(X, k, metric, params).run(pool)
        case "few_search":
            from .few_search import FewSearch

            return FewSearch(X, k, metric == "cosine").run(pool)
        case "cell_search":
            from .cell_search import CellSearch

            return CellSearch(X, k, metric, approximate).run(pool)
        case _:
            from .sparse_search import SparseSearch

            return SparseSearch(X, k, metric == "cosine").run(pool)

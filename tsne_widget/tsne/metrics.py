"""Metrics, the parameters that they compute from the data, and distances from one row to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Metric = str | Callable[[Any, Any], float]

#: Below this share of |x|^2 + |y|^2, a squared distance from products may have lost its float32 digits.
CANCELLED = 1e-6
# A constant row of size 1 minus its mean may be this large, from rounding.
_CONSTANT = 1e-13
#: The bounds of the largest distance between rows, if float32 must hold its square.
NEAREST, FARTHEST = 1e-30, 1e30
#: How many numbers to process at a time: a block of them in float64 stays in the cache.
BLOCK = 2**18


def from_products(metric: Metric, params: Mapping[str, Any] | None) -> bool:
    """Tell whether products give the metric: plain euclidean, or cosine."""
    return isinstance(metric, str) and metric in ("euclidean", "l2", "cosine") and not params


def has_own_search(X: Any, metric: Metric, params: Mapping[str, Any] | None) -> bool:
    """Tell whether our own kernels, dense or sparse, find the neighbours under a metric."""
    if from_products(metric, params):
        return True
    dense = isinstance(X, np.ndarray) and not params
    return dense and isinstance(metric, str) and (metric == "correlation" or is_manhattan(metric))


def is_manhattan(metric: Metric) -> bool:
    """Tell whether a metric is the sum of absolute differences, by one of scikit-learn's names."""
    return isinstance(metric, str) and metric in ("manhattan", "cityblock", "l1")


def unit_rows(x: np.ndarray, *, centered: bool) -> np.ndarray:
    """Return dense rows, minus their means if `centered`, divided by their lengths, even if squares overflow.

    A row of zeros stays zero; a centered row that is constant up to rounding becomes zero.
    """
    largest = np.abs(x).max(axis=1)
    x = rows_divided(x, largest)
    if centered:
        x = x - x.mean(axis=1, keepdims=True)
        x[np.abs(x).max(axis=1) < _CONSTANT] = 0
    return rows_divided(x, np.sqrt(np.einsum("ij,ij->i", x, x)))


def params_of_all_rows(X: np.ndarray | csr_array, metric: Metric) -> dict[str, Any]:
    """Return the parameters that a metric computes from the data; they need all rows, not just a block."""
    if isinstance(metric, str) and metric == "seuclidean":
        return {"V": X.var(axis=0, ddof=1)}
    if isinstance(metric, str) and metric == "mahalanobis":
        return {"VI": np.linalg.inv(np.cov(X.T)).T}
    return {}


def for_scikit_learn(X: np.ndarray | csr_array) -> Any:
    """Return X; if it is sparse, with 32-bit positions, which some metrics require."""
    if isinstance(X, np.ndarray) or X.indices.dtype == X.indptr.dtype == np.int32:
        return X
    narrow = X.indices.astype(np.int32, copy=False), X.indptr.astype(np.int32, copy=False)
    return type(X)((X.data, *narrow), shape=X.shape)


def rows_at_once(X: np.ndarray | csr_array, numbers: int = BLOCK) -> int:
    """Return how many rows hold about this many numbers; in a sparse matrix only stored numbers count."""
    stored = X.size if isinstance(X, np.ndarray) else X.nnz
    return max(1, numbers * X.shape[0] // max(1, stored))


def row_lengths(X: np.ndarray | csr_array) -> np.ndarray:
    """Return the euclidean length of each row, float64, even if squares would overflow."""
    largest = abs(X).max(axis=1)
    largest = (largest if isinstance(X, np.ndarray) else largest.toarray().ravel()).astype(np.float64)
    return largest * np.sqrt(_squares(rows_divided(X, largest)))


def rows_divided(X: np.ndarray | csr_array, lengths: np.ndarray) -> Any:
    """Return the rows divided by their lengths, float64; rows of length 0 stay unchanged."""
    divisors = np.where(lengths > 0, lengths, 1.0)
    if isinstance(X, np.ndarray):
        return X / divisors[:, None]
    return _with_data(X, X.data / np.repeat(divisors, np.diff(X.indptr)))


def zeros_apart(lengths: np.ndarray, side: int) -> np.ndarray:
    """Return two columns that keep a row of zeros at distance 1 from all others, as in scikit-learn."""
    apart = np.zeros((len(lengths), 2))
    apart[lengths == 0, side] = 1
    return apart


def center_of(X: np.ndarray) -> np.ndarray:
    """Return the median of some rows; a far outlier would pull the mean away from the others."""
    return np.median(X[:: -(-X.shape[0] // 200)].astype(np.float64), axis=0)


def reach_of(X: np.ndarray | csr_array, metric: Metric, params: Mapping[str, Any] | None) -> float:
    """Return how far rows lie from their centre, or a bound; 1 if the metric sets no limit.

    A quick estimate comes first: for most data, the smallest and largest value of each column suffice.
    """
    angular = isinstance(metric, str) and metric in ("cosine", "correlation", "precomputed")
    if angular or not X.size or not has_own_search(X, metric, params):
        return 1.0
    with np.errstate(over="ignore"):
        if not isinstance(X, np.ndarray):
            return float(2 * row_lengths(X).max())
        spread = float(np.max(X.max(axis=0).astype(np.float64) - X.min(axis=0)))
        if spread == 0 or 10 * NEAREST < spread < 0.1 * FARTHEST / np.sqrt(X.shape[1]):
            return spread
        return float(np.abs(X - center_of(X)).max() * np.sqrt(X.shape[1]))


def exponent_of(longest: float) -> int:
    """Return the power of 2 that scales the rows farthest from the centre to about 2^60.

    This leaves room above for their squares, and the most possible room below for the nearest rows.
    """
    if not np.isfinite(longest):
        raise ValueError("X must be finite, but it holds NaN or infinity")
    if longest and not NEAREST < longest < FARTHEST:
        raise ValueError(f"X must be scaled: its rows differ by up to {longest:.1e}, and squares are lost")
    return 60 - int(np.frexp(longest)[1])


def squared_distances_to(here: np.ndarray, X: np.ndarray | csr_array) -> np.ndarray:
    """Return the squared euclidean distances of rows to one place, float64, without cancellation."""
    if isinstance(X, np.ndarray):
        apart = np.subtract(X, here, dtype=np.float64)
        return np.einsum("ij,ij->i", apart, apart)
    here = here.astype(np.float64)
    both = _squares(X) + here @ here
    squared = both - 2 * (X @ here)
    near = np.flatnonzero(squared <= CANCELLED * both)
    size = max(1, BLOCK // len(here))
    for start in range(0, len(near), size):
        some = near[start : start + size]
        squared[some] = squared_distances_to(here, X[some].toarray())
    return squared


def _squares(X: np.ndarray | csr_array) -> np.ndarray:
    if isinstance(X, np.ndarray):
        return np.einsum("ij,ij->i", X, X, dtype=np.float64)
    return np.asarray(_with_data(X, X.data.astype(np.float64) ** 2).sum(axis=1)).ravel()


def _with_data(X: csr_array, data: np.ndarray) -> csr_array:
    return type(X)((data, X.indices, X.indptr), shape=X.shape)

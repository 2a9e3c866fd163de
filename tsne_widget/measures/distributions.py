"""Means, spreads and histograms of the values of some rows, in dense and sparse data."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..tsne.metrics import BLOCK, rows_at_once

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: The number of bins in the small histograms.
BINS = 20
#: The bins span these percentiles of both sides; the end bins hold what lies beyond.
ROBUST_PERCENTILES = (2.0, 98.0)
#: The largest power of two whose squares float64 can sum over many rows without loss.
_TAME = 400


@dataclass(frozen=True)
class Moments:
    """The number of rows, their column means relative to one row, and the sums of squared deviations.

    The means are relative to the row `origin`, so that two close means far from zero remain distinguishable,
    and so that a constant column has exactly zero variance.
    """

    count: int
    origin: np.ndarray
    shifted_mean: np.ndarray
    squares: np.ndarray

    @property
    def mean(self) -> np.ndarray:
        """The means of the columns, float64."""
        return self.origin + self.shifted_mean

    @property
    def variance(self) -> np.ndarray:
        """The variances, with n - 1 in the denominator; NaN for a single row."""
        return self.squares / (self.count - 1) if self.count > 1 else np.full(len(self.squares), np.nan)


@dataclass(frozen=True)
class Histograms:
    """Shares of two sides in equal bins from `low` to `high`; the end bins include values beyond."""

    low: float
    high: float
    selected: np.ndarray
    other: np.ndarray


def moments(matrix: np.ndarray | csr_array, rows: np.ndarray, numbers: int = BLOCK) -> Moments:
    """Return the means and the spreads of the columns of a matrix over some rows.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        Numbers; a sparse matrix stays sparse.
    rows : ndarray of int64
        Positions; at least one if the matrix is sparse. Without rows all moments are NaN.
    numbers : int
        About how many numbers to process at a time, which decides the memory needed.
    """
    dense = isinstance(matrix, np.ndarray)
    size = rows_at_once(matrix, numbers)
    blocks = [rows[start : start + size] for start in range(0, len(rows), size)]
    with np.errstate(over="ignore", invalid="ignore"):
        return _of_dense(matrix, blocks) if dense else _of_sparse(matrix, blocks)


def _of_dense(matrix: np.ndarray, blocks: list[np.ndarray]) -> Moments:
    """Go through each block twice and combine the blocks without cancellation.

    Chan, Golub & LeVeque 1983, "Algorithms for computing the sample variance".
    """
    d = matrix.shape[1]
    count, mean, squares = 0, np.zeros(d), np.zeros(d)
    if not blocks:
        return Moments(0, np.full(d, np.nan), mean, squares)
    origin = matrix[blocks[0][0]].astype(np.float64)
    for rows in blocks:
        part = np.subtract(matrix[rows], origin, dtype=np.float64)
        own = part.mean(axis=0)
        part -= own
        apart, before = own - mean, count
        count += len(rows)
        mean += apart * (len(rows) / count)
        squares += np.einsum("ij,ij->j", part, part) + apart**2 * (before * len(rows) / count)
    return Moments(count, origin, mean, squares)


def _of_sparse(matrix: csr_array, blocks: list[np.ndarray]) -> Moments:
    """Go through all blocks twice; entries that are not stored count as zeros."""
    d, count = matrix.shape[1], sum(map(len, blocks))
    origin = matrix[blocks[0][:1]].toarray().ravel().astype(np.float64)
    stored, sums = np.zeros(d), np.zeros(d)
    for columns, values in _entries(matrix, blocks):
        stored += np.bincount(columns, minlength=d)
        sums += np.bincount(columns, values - origin[columns], minlength=d)
    absent = count - stored
    shifted_mean = (sums - absent * origin) / count
    mean = origin + shifted_mean
    squares = absent * mean**2
    for columns, values in _entries(matrix, blocks):
        squares += np.bincount(columns, (values - mean[columns]) ** 2, minlength=d)
    return Moments(count, origin, shifted_mean, squares)


def _entries(matrix: csr_array, blocks: list[np.ndarray]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield the columns and values of the stored entries of some rows, each once."""
    for rows in blocks:
        part = matrix[rows]
        part.sum_duplicates()
        yield part.indices, part.data


def histograms(values: np.ndarray, selected: np.ndarray, other: np.ndarray, bins: int = BINS) -> Histograms:
    """Return the histograms of two sets of rows.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        Numbers; NaN is missing and ignored.
    selected, other : ndarray of int64
        Positions of rows on each side.
    bins : int
        The number of bins. They span the 2nd to the 98th percentile of both sides, so that a few outliers do
        not press all other values into one bin; if these percentiles coincide, they span all values.

    Returns
    -------
    Histograms
        The shares of a side sum to 1, or are all 0 if it has no values.
    """
    tame, exponent = tamed(values)
    sides = [tame[rows] for rows in (selected, other)]
    sides = [side[~np.isnan(side)] for side in sides]
    low, high = _range_of([side[np.isfinite(side)] for side in sides])
    shares = [_shares_in_bins(side, low, high, bins) for side in sides]
    return Histograms(math.ldexp(low, exponent), math.ldexp(high, exponent), *shares)


def tamed(values: np.ndarray) -> tuple[np.ndarray, int]:
    """Return numbers as float64 divided by a power of two, and its exponent.

    The exponent is 0 unless squares of the numbers would overflow or underflow.
    """
    numbers = values.astype(np.float64)
    largest = np.max(np.abs(numbers), where=np.isfinite(numbers), initial=0.0)
    exponent = int(np.frexp(largest)[1])
    return (numbers, 0) if abs(exponent) <= _TAME else (np.ldexp(numbers, -exponent), exponent)


def _range_of(sides: list[np.ndarray]) -> tuple[float, float]:
    sides = [side for side in sides if len(side)]
    if not sides:
        return 0.0, 1.0
    ends = np.array([np.percentile(side, ROBUST_PERCENTILES) for side in sides])
    low, high = float(ends[:, 0].min()), float(ends[:, 1].max())
    if low == high:
        low, high = float(min(map(np.min, sides))), float(max(map(np.max, sides)))
    # A single value lies in the middle.
    room = 0.0 if low < high else max(0.5, 1e-3 * abs(low))
    return low - room, high + room


def _shares_in_bins(values: np.ndarray, low: float, high: float, bins: int) -> np.ndarray:
    if not len(values):
        return np.zeros(bins)
    at = np.clip((values - low) / (high - low) * bins, 0, bins - 1).astype(np.int64)
    return np.bincount(at, minlength=bins) / len(values)

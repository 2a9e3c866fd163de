"""Effect sizes that say how some rows differ in features and categories, strongest first.

There are no p-values, on purpose. A user circles rows by looking at the very data that a test would then
use, and whatever made them a cluster also makes them differ: the test is circular
(Kriegeskorte, Simmons, Bellgowan & Baker 2009, "Circular analysis in systems neuroscience"), and rejects far
too often even if there is no group at all (Gao, Bien & Witten 2022, "Selective inference for hierarchical
clustering"). An effect size says how much two sides differ, not whether chance could explain it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from ..errors import InvalidValueError, SelectionError
from ..tsne.metrics import BLOCK
from .distributions import Moments, histograms, moments, tamed

if TYPE_CHECKING:
    from scipy.sparse import csr_array


@dataclass(frozen=True)
class Effects:
    """How much features differ between two sides, as float64 arrays in feature order.

    Attributes
    ----------
    effect : ndarray of shape (n_features,)
        The standardized mean difference; infinite if neither side varies but the means differ, NaN if a side
        has no value.
    selected_mean, other_mean : ndarray of shape (n_features,)
        In the units of the feature.
    selected_sd, other_sd : ndarray of shape (n_features,)
        Standard deviations with n - 1 in the denominator; NaN for a single value.
    """

    effect: np.ndarray
    selected_mean: np.ndarray
    other_mean: np.ndarray
    selected_sd: np.ndarray
    other_sd: np.ndarray

    @property
    def order(self) -> np.ndarray:
        """Positions of the features, strongest first and undefined last; ties keep their order."""
        return _strongest(self.effect)


@dataclass(frozen=True)
class Shares:
    """Shares of each category on two sides, float64, in category order."""

    effect: np.ndarray
    selected_share: np.ndarray
    other_share: np.ndarray

    @property
    def order(self) -> np.ndarray:
        """Positions of the categories, strongest first; ties keep their order."""
        return _strongest(self.effect)


@dataclass(frozen=True)
class Difference:
    """How much one feature differs; the histograms hold each side's shares in bins from `low` to `high`."""

    feature: str
    effect: float
    selected_mean: float
    other_mean: float
    low: float
    high: float
    selected_histogram: list[float]
    other_histogram: list[float]


@dataclass(frozen=True)
class Share:
    """How much the share of one category differs."""

    column: str
    category: str
    effect: float
    selected_share: float
    other_share: float


@dataclass(frozen=True)
class Composition:
    """The labels of some rows, in label order.

    Attributes
    ----------
    count : ndarray of int64
        The number of selected rows with each label.
    share : ndarray of float64
        `count` as a share of the selected rows.
    of : ndarray of float64
        `count` as a share of all rows with the label; 0 if there are none.
    """

    count: np.ndarray
    share: np.ndarray
    of: np.ndarray


def contrast_numbers(
    matrix: np.ndarray | csr_array, selected: np.ndarray, other: np.ndarray, *, block: int = BLOCK
) -> Effects:
    """Return how much each feature differs between two sets of rows.

    The effect is the standardized mean difference (m1 - m0) / sqrt((s1^2 + s0^2) / 2) between the selected
    rows (1) and the others (0): Cohen's d (1988) for sides with different variances, as in Austin (2009,
    "Balance diagnostics for comparing the distribution of baseline covariates"). Unlike a test statistic, it
    does not grow with the number of rows. If a side has one row, the variance of the other side serves for
    both.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        Finite numbers; a sparse matrix stays sparse.
    selected, other : ndarray of int64
        Positions of rows on each side, at least one.
    block : int
        About how many numbers to process at a time; it affects only memory.

    Returns
    -------
    Effects

    Raises
    ------
    InvalidValueError, SelectionError
        A side is empty, or holds a row that does not exist.
    """
    _check_sides(selected, other, matrix.shape[0])
    return _effects(moments(matrix, selected, block), moments(matrix, other, block))


def contrast_column(values: np.ndarray, selected: np.ndarray, other: np.ndarray) -> Effects:
    """Return how much one column differs between two sets of rows; see `contrast_numbers`.

    Parameters
    ----------
    values : ndarray of shape (n_samples,)
        Numbers; NaN is missing and ignored. An infinite value makes the effect undefined.
    selected, other : ndarray of int64
        Positions of rows on each side, at least one.

    Returns
    -------
    Effects
        The effects of this one column.

    Raises
    ------
    InvalidValueError, SelectionError
        A side is empty, or holds a row that does not exist.
    """
    _check_sides(selected, other, len(values))
    tame, exponent = tamed(values)
    sides = (tame[rows] for rows in (selected, other))
    present = (side[~np.isnan(side)][:, None] for side in sides)
    found = _effects(*(moments(side, np.arange(len(side))) for side in present))
    return Effects(
        found.effect,
        np.ldexp(found.selected_mean, exponent),
        np.ldexp(found.other_mean, exponent),
        np.ldexp(found.selected_sd, exponent),
        np.ldexp(found.other_sd, exponent),
    )


def joined(effects: Iterable[Effects]) -> Effects:
    """Join the effects of several sets of features, in order."""
    parts = list(effects)
    names = Effects.__dataclass_fields__
    return Effects(**{name: np.concatenate([getattr(part, name) for part in parts]) for name in names})


def columns_of(matrix: np.ndarray | csr_array, features: Sequence[int] | np.ndarray) -> np.ndarray:
    """Return some columns of a matrix as dense rows, in one pass over a sparse matrix.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The data.
    features : sequence of int
        Positions of columns.

    Returns
    -------
    ndarray of shape (len(features), n_samples)
        The numbers of each feature.
    """
    columns = matrix[:, np.asarray(features, np.int64)]
    return np.ascontiguousarray((columns if isinstance(columns, np.ndarray) else columns.toarray()).T)


def difference(
    feature: str,
    effects: Effects,
    position: int,
    values: np.ndarray,
    selected: np.ndarray,
    other: np.ndarray,
) -> Difference:
    """Return one feature of `effects` with its name and its distributions."""
    drawn = histograms(values, selected, other)
    return Difference(
        feature,
        float(effects.effect[position]),
        float(effects.selected_mean[position]),
        float(effects.other_mean[position]),
        drawn.low,
        drawn.high,
        drawn.selected.tolist(),
        drawn.other.tolist(),
    )


def contrast_categories(
    codes: np.ndarray, n_categories: int, selected: np.ndarray, other: np.ndarray
) -> Shares:
    """Return how much the share of each category differs between two sets of rows.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), integers
        Each row's category, from 0 to n_categories - 1.
    n_categories : int
        The number of categories.
    selected, other : ndarray of int64
        Positions of rows on each side, at least one.

    Returns
    -------
    Shares
        The effect is the share among the selected rows minus that among the others.

    Raises
    ------
    InvalidValueError, SelectionError
        A side is empty, or holds a row that does not exist.
    """
    _check_sides(selected, other, len(codes))
    shares = [np.bincount(codes[rows], minlength=n_categories) / len(rows) for rows in (selected, other)]
    return Shares(shares[0] - shares[1], *shares)


def named_shares(column: str, names: Sequence[str], shares: Shares) -> list[Share]:
    """Return the shares of a column's categories with their names, strongest first."""
    return [
        Share(
            column,
            names[position],
            float(shares.effect[position]),
            float(shares.selected_share[position]),
            float(shares.other_share[position]),
        )
        for position in shares.order
    ]


_Result = TypeVar("_Result", Difference, Share)


def strongest(results: Iterable[_Result]) -> list[_Result]:
    """Sort results of one kind by the size of their effect; ties keep their order."""
    results = list(results)
    return [results[position] for position in _strongest(np.array([result.effect for result in results]))]


def composition(codes: np.ndarray, counts: Sequence[int], selected: np.ndarray) -> Composition:
    """Count the labels of the selected rows.

    Parameters
    ----------
    codes : ndarray of shape (n_samples,), integers
        Position of each row's label.
    counts : sequence of int
        The number of all rows with each label.
    selected : ndarray of int64
        Positions of rows; may be empty, and then all shares are 0.

    Returns
    -------
    Composition
    """
    of_all = np.asarray(counts, np.int64)
    count = np.bincount(codes[selected], minlength=len(of_all)).astype(np.int64)
    return Composition(count, count / max(1, len(selected)), count / np.maximum(1, of_all))


def _effects(one: Moments, zero: Moments) -> Effects:
    """Return the effects; they are undefined where a value, or its square, is infinite."""
    apart = (one.origin - zero.origin) + (one.shifted_mean - zero.shifted_mean)
    spread = [side.variance for side in (one, zero) if side.count > 1] or [np.zeros(len(apart))]
    with np.errstate(divide="ignore", invalid="ignore"):
        pooled = np.sqrt(np.mean(spread, axis=0))
        effect = np.where(apart == 0, 0.0, apart / np.where(np.isinf(pooled), np.nan, pooled))
    return Effects(effect, one.mean, zero.mean, np.sqrt(one.variance), np.sqrt(zero.variance))


def _strongest(effects: np.ndarray) -> np.ndarray:
    return np.argsort(-np.abs(effects), kind="stable")


def _check_sides(selected: np.ndarray, other: np.ndarray, n: int) -> None:
    for name, rows in (("selected", selected), ("other", other)):
        if not len(rows):
            raise InvalidValueError(f"{name} is empty: each side must have at least one row")
        outside = (rows < 0) | (rows >= n)
        if outside.any():
            raise SelectionError(f"{name} holds row {rows[outside][0]}: rows are 0 to {n - 1}")

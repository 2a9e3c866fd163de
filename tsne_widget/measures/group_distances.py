"""Compare distances between groups of rows in the original space and on a map.

Clusters that t-SNE puts side by side need not be near each other in the data. Kobak & Berens (2019, "The art
of using t-SNE for single-cell transcriptomics") judge the large-scale structure of a map by which class means
are near one another, and by Spearman's correlation of pairwise distances. We combine the two: Spearman's
correlation of the distances between class means.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from ..data.output import new_frame
from ..errors import DataError, InvalidValueError, SelectionError
from ..tsne.metrics import rows_at_once
from .original_space import OriginalSpace

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: The most groups we compare, which is half a million pairs.
GROUPS_MAX = 1_000
#: With fewer groups than this, the sentence warns that they are too few.
ENOUGH_GROUPS = 5

MapState = Literal["settled", "moving", "initial"]
_PLACES = {
    "settled": "on this map",
    "moving": "on this map, which is not settled yet,",
    "initial": "on the initial layout",
}


@dataclass(frozen=True, repr=False)
class GroupDistances:
    """Distances between the means of groups; pairs whose rank differs most come first.

    Attributes
    ----------
    names : tuple of str
        The names of the groups.
    pairs : ndarray of shape (n_pairs, 2), int64
        Positions in `names`; each pair appears once, the smaller position first.
    original : ndarray of shape (n_pairs,), float32
        Distances between the means of the rows, in the units of the metric.
    on_map : ndarray of shape (n_pairs,), float32
        Distances between the means of the points, in the units of the map.
    rank_difference : ndarray of shape (n_pairs,), float64
        The rank on the map minus the rank in the original space. Above 0, the map shows the pair farther
        apart, relative to other pairs, than it is in the data.
    rho : float or None
        Spearman's rank correlation of the two distances, from -1 to 1; None if it is undefined, with fewer
        than 3 groups or if all distances are equal.
    state : {"settled", "moving", "initial"}
        The state of the map: "moving" if it has not settled, "initial" before its first iteration.
    metric : str
        The metric of the map if the maps of the widget are in several; otherwise empty.
    """

    names: tuple[str, ...]
    pairs: np.ndarray
    original: np.ndarray
    on_map: np.ndarray
    rank_difference: np.ndarray
    rho: float | None
    #: The state of the map at the measurement.
    state: MapState = "settled"
    metric: str = ""
    #: The library that `to_frame` uses; None means pandas.
    library: Any = field(default=None, repr=False, compare=False)

    def __repr__(self) -> str:
        return f"GroupDistances({self.sentence})"

    def to_frame(self) -> Any:
        """Return the pairs as a table: 'a', 'b', 'original', 'map', 'rank_difference'.

        Returns
        -------
        DataFrame
            In the library of your data (pandas if you gave no frame).

        Raises
        ------
        MissingDependencyError
            You gave no frame, and pandas is not installed.
        """
        a, b = self.pairs.T
        table = {
            "a": [self.names[group] for group in a],
            "b": [self.names[group] for group in b],
            "original": self.original,
            "map": self.on_map,
            "rank_difference": self.rank_difference,
        }
        return new_frame(table, self.library)

    @property
    def sentence(self) -> str:
        """The result in one sentence, without a full stop."""
        groups, on_map = f"these {len(self.names)} groups", _PLACES[self.state]
        if self.rho is not None:
            rho = round(self.rho, 2) + 0.0  # not -0.00
            few = len(self.names) < ENOUGH_GROUPS
            doubt = f" (only {len(self.pairs)} pairs: too few to tell)" if few else ""
            space = f"{self.metric} distances in the original space" if self.metric else "the original space"
            return f"distances between {groups} {on_map} agree with {space} at rho = {rho:.2f}{doubt}"
        if len(self.names) < 3:
            return f"distances between {groups} have no rank correlation, which needs at least 3 groups"
        where = on_map.rstrip(",") if _are_equal(self.on_map) else "in the original space"
        return f"distances between {groups} have no rank correlation, because they are all equal {where}"


def group_distances(
    space: OriginalSpace, points: np.ndarray, names: Sequence[str], groups: Sequence[np.ndarray]
) -> GroupDistances:
    """Compare the distances between groups in the original space with those on a map.

    Parameters
    ----------
    space : OriginalSpace
        The data and the metric, which we apply to the means of the groups; its parameters, such as variances,
        still come from all rows.
    points : ndarray of shape (n_samples, 2)
        A layout; rows without a place, NaN, count in the original space alone.
    names : sequence of str
        The names of the groups.
    groups : sequence of ndarrays of int64
        Positions of the rows of each group, 2 to 1,000 groups; they may overlap.

    Returns
    -------
    GroupDistances

    Raises
    ------
    InvalidValueError
        There are fewer than 2 or more than 1,000 groups, or a group is empty.
    SelectionError
        A group contains a row that does not exist.
    DataError
        No row of a group has a place on the map.
    """
    if not 2 <= len(groups) <= GROUPS_MAX:
        raise InvalidValueError(f"cannot compare {len(groups)} groups: 2 to {GROUPS_MAX} are allowed")
    placed = [_placed(name, rows, points) for name, rows in zip(names, groups, strict=True)]
    pairs = np.stack(np.triu_indices(len(groups), 1), axis=1).astype(np.int64)
    original = _all_pairs(space.of(_means(space.matrix, groups)))
    on_map = _all_pairs(OriginalSpace(_means(points, placed)))
    ranks = _ranks(original), _ranks(on_map)
    apart = ranks[1] - ranks[0]
    order = np.argsort(-np.abs(apart), kind="stable")
    return GroupDistances(
        tuple(names), pairs[order], original[order], on_map[order], apart[order], _correlation(*ranks)
    )


def _placed(name: str, rows: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Return those rows of a group that have a place on the map."""
    if not len(rows):
        raise InvalidValueError(f"group {name!r} is empty: a group must have at least one row")
    outside = rows[(rows < 0) | (rows >= len(points))]
    if len(outside):
        raise SelectionError(f"group {name!r} holds row {outside[0]}: rows are 0 to {len(points) - 1}")
    placed = rows[np.isfinite(points[rows]).all(axis=1)]
    if not len(placed):
        raise DataError(f"no row of group {name!r} has a place on the map")
    return placed


def _all_pairs(means: OriginalSpace) -> np.ndarray:
    """Return the distances of all pairs, in the order of `triu_indices`."""
    return np.concatenate([means.distances(group)[group + 1 :] for group in range(means.n)])


def _means(matrix: np.ndarray | csr_array, groups: Sequence[np.ndarray]) -> np.ndarray:
    """Return the mean row of each group, dense."""
    return np.stack([_mean(matrix, rows) for rows in groups])


def _mean(matrix: np.ndarray | csr_array, rows: np.ndarray) -> np.ndarray:
    total = np.zeros(matrix.shape[1])
    size = rows_at_once(matrix)
    for start in range(0, len(rows), size):
        part = matrix[rows[start : start + size]]
        total += np.asarray(part.sum(axis=0, dtype=np.float64)).ravel()
    return total / len(rows)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return ranks from 1; equal values share their mean rank."""
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (counts.cumsum() - (counts - 1) / 2)[at]


def _correlation(one: np.ndarray, other: np.ndarray) -> float | None:
    if len(one) < 3 or _are_equal(one) or _are_equal(other):
        return None
    return float(np.clip(np.corrcoef(one, other)[0, 1], -1, 1))


def _are_equal(values: np.ndarray) -> bool:
    return bool((values == values[0]).all())

"""Features on scales of their own: which of them decide a map, and all of them on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .features import listed, reasons
from .matrix import as_rows, is_sparse

if TYPE_CHECKING:
    from .tables import Matrix

#: A feature decides the map if its standard deviation is so many times the median one ...
_TIMES_THE_MEDIAN = 20
#: ... or if it holds this share of the variance.
_SHARE = 0.9
#: Integers with at most so many distinct values may be codes of categories.
_MOST_CODES = 20
#: Fewer rows may have distinct integers by chance.
_FEWEST_IDS = 20
#: Numbers that are read at once.
_AT_ONCE = 1 << 16


@dataclass(frozen=True, eq=False)
class Standard:
    """Subtracts the mean of each feature and divides by its standard deviation, as `StandardScaler` does.

    Attributes
    ----------
    means : ndarray of shape (n_features,), float64
        Zero for sparse rows, which stay sparse.
    deviations : ndarray of shape (n_features,), float64
        1 for a constant feature.
    scaler : sklearn.preprocessing.StandardScaler
        Fitted.
    """

    means: np.ndarray
    deviations: np.ndarray
    scaler: Any

    @classmethod
    def of(cls, matrix: Matrix) -> Standard:
        """Return what standardises these rows."""
        from sklearn.preprocessing import StandardScaler

        scaler = StandardScaler(with_mean=not is_sparse(matrix)).fit(matrix)
        means = scaler.mean_ if scaler.with_mean else np.zeros(matrix.shape[1])
        return cls(means, scaler.scale_, scaler)

    def __call__(self, matrix: Any) -> Matrix:
        """Return other rows with the same features, standardised alike."""
        if is_sparse(matrix) and self.scaler.with_mean:
            matrix = matrix.toarray()
        scaled = self.scaler.transform(matrix)
        return as_rows(scaled) if is_sparse(scaled) else np.ascontiguousarray(scaled)


def doubt_of_features(matrix: np.ndarray, names: Sequence[str], *, standardized: bool) -> str:
    """Say which features of a frame decide its map unduly, and which are hardly quantities; or "".

    Features are uneven if the standard deviation of one is above 20 times the median one, or if one holds
    over 90 % of the variance. Constant and one-hot features are named beside others only: alone they do no
    harm.

    Parameters
    ----------
    matrix : ndarray of shape (n_samples, n_features)
        As given.
    names : sequence of str
        Of the features.
    standardized : bool
        Whether the map is made of standardised features.
    """
    variances = _variances(matrix)
    varying: list[int] = np.flatnonzero(variances).tolist()
    if len(varying) < 2:
        return ""
    decisive = [] if standardized else _decisive(variances, varying)
    whole = [number for number in varying if _is_whole(matrix[:, number])]
    binary = [number for number in whole if _is_binary(matrix[:, number])]
    distinct = {number: len(np.unique(matrix[:, number])) for number in whole}
    ids = [number for number in whole if distinct[number] == len(matrix) >= _FEWEST_IDS]
    coded = [number for number in whole if number not in binary and distinct[number] <= _MOST_CODES]
    if len(coded) > len(varying) / 2:  # counts, or the levels of pixels
        coded = []
    if not (decisive or ids or coded):
        return ""
    kinds: dict[str, list[int]] = {
        "another integer in each row, as ids have": ids,
        "few integers, as codes of categories have": coded,
        "one-hot": _one_hot(matrix, binary),
        "constant": np.flatnonzero(variances == 0).tolist(),
    }
    hardly = reasons({kind: [names[number] for number in found] for kind, found in kinds.items()})
    told = [_uneven(variances, decisive, names)] if decisive else []
    if hardly:
        told.append(f"Features that are hardly quantities: {hardly}; features= can leave them out")
    return ". ".join(told)


def _uneven(variances: np.ndarray, decisive: list[int], names: Sequence[str]) -> str:
    """Name the features that decide the map: of many, the widest that hold nearly all of the variance."""
    widest = sorted(decisive, key=lambda number: -variances[number])
    shares = np.cumsum(variances[widest]) / variances.sum()
    count = min(int(np.searchsorted(shares, _SHARE)) + 1, len(widest))
    share, called = shares[count - 1], listed([names[number] for number in widest[:count]])
    percent = "over 99.9" if share > 0.999 else f"{100 * share:.3g}"
    have, them = ("has", "it") if count == 1 else ("have", "them")
    so = "shows little else" if share > _SHARE else f"shows {them} more than the others"
    return (
        f"{called} {have} {percent} % of the variance of the {len(variances):,} features: the map {so}. "
        "standardize=True gives each the same spread"
    )


def _variances(matrix: np.ndarray) -> np.ndarray:
    """Return the variance of each column, in float64; 0 for a constant one, whatever rounding says."""
    means = matrix.mean(axis=0, dtype=np.float64)
    total = np.zeros(matrix.shape[1])
    rows = max(1, _AT_ONCE // matrix.shape[1])
    for first in range(0, len(matrix), rows):
        total += np.square(matrix[first : first + rows] - means).sum(axis=0)
    return np.where(np.ptp(matrix, axis=0) == 0, 0, total / len(matrix))


def _decisive(variances: np.ndarray, varying: list[int]) -> list[int]:
    deviations = np.sqrt(variances[varying])
    far = deviations > _TIMES_THE_MEDIAN * np.median(deviations)
    most = variances[varying] > _SHARE * variances.sum()
    return [number for number, decides in zip(varying, far | most, strict=True) if decides]


def _is_whole(values: np.ndarray) -> bool:
    """Tell whether all values are integers; the first few settle it for most columns of measurements."""
    return all(bool((part == np.floor(part)).all()) for part in (values[:100], values))


def _is_binary(values: np.ndarray) -> bool:
    return bool(((values == 0) | (values == 1)).all())


def _one_hot(matrix: np.ndarray, binary: Sequence[int]) -> list[int]:
    """Return the columns of zeros and ones that, side by side, have one 1 in each row."""
    found: list[int] = []
    start = 0
    while start < len(binary):
        total = np.zeros(len(matrix))
        for end in range(start, len(binary)):
            if binary[end] - binary[start] != end - start:
                break
            total += matrix[:, binary[end]]
            if total.max() > 1:
                break
            if total.min() == 1:
                found += binary[start : end + 1]
                start = end
                break
        start += 1
    return found

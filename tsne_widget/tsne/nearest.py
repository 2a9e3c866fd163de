"""The result of any search for neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_SAME = 1e-6


@dataclass(frozen=True)
class Neighbors:
    """The nearest neighbours of n rows, without the rows themselves.

    Attributes
    ----------
    indices : ndarray of shape (n, k), uint32
        Row positions, nearest first; ties keep the order of the rows.
    distances : ndarray of shape (n, k), float32
        The distances, in the units of the data, ascending in each row.
    farthest : None or ndarray of shape (n,), float32
        The distance from each row to the farthest other row; None if the search has not seen all rows.
    """

    indices: np.ndarray
    distances: np.ndarray
    farthest: np.ndarray | None = None

    def equal(self) -> np.ndarray:
        """Return which of the neighbours equal the row, to a millionth of its farthest finite distance."""
        finite = np.where(np.isfinite(self.distances), self.distances, 0)
        return self.distances <= _SAME * finite.max(axis=1, keepdims=True)

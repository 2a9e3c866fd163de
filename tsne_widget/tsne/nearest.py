"""The result of any search for neighbours."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Rows are equal if they are no farther apart than this share of the distance to their neighbours.
SAME = 1e-6


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
        return self.distances <= SAME * finite.max(axis=1, keepdims=True)

    def among(self, rows: np.ndarray) -> Neighbors:
        """Return the neighbours of some rows that are among these rows, by position among them.

        They are as many as the row with the fewest has, and the nearest of these rows: nobody nearer is left
        out of a list of nearest rows.
        """
        position = np.full(len(self.indices), -1, np.int32)
        position[rows] = np.arange(len(rows), dtype=np.int32)
        found = position[self.indices[rows]]
        outside = found < 0
        k = found.shape[1] - int(outside.sum(axis=1).max())
        inside_first = np.argsort(outside, axis=1, kind="stable")[:, :k]
        return Neighbors(
            np.take_along_axis(found, inside_first, axis=1).astype(self.indices.dtype),
            np.take_along_axis(self.distances[rows], inside_first, axis=1),
        )

    def of_part(self, rows: np.ndarray, n: int) -> Neighbors:
        """Return neighbours of the rows of a part by their positions among all n rows.

        Rows outside the part are at infinity from some rows of it, and nobody's neighbours.
        """
        k = self.indices.shape[1]
        indices = np.tile(rows[:k].astype(self.indices.dtype), (n, 1))
        indices[rows] = rows[self.indices]
        distances = np.full((n, k), np.inf, np.float32)
        distances[rows] = self.distances
        return Neighbors(indices, distances)

    def first(self, k: int) -> Neighbors:
        """Return the k nearest of them."""
        return Neighbors(self.indices[:, :k], self.distances[:, :k])

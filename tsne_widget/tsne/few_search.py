"""Search for neighbours of few dense rows: numpy computes all products of a row at once.

With few rows this is as fast as `cell_search`, and there is hardly anything to compile.
"""

from __future__ import annotations

import numpy as np

from .exact_query import ProductQuery
from .metrics import center_of, exponent_of


class FewSearch(ProductQuery):
    """Euclidean or cosine distance of dense rows, each of which looks for the others.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        The data.
    k : int
        How many neighbours, from 1 to n - 1.
    cosine : bool
        Whether the distance is cosine; otherwise it is euclidean.
    """

    def __init__(self, X: np.ndarray, k: int, cosine: bool):
        if not np.isfinite(X).all():
            raise ValueError("X must be finite, but it holds NaN or infinity")
        self.exponent = 0
        if not cosine:
            X = X - center_of(X)
            self.exponent = exponent_of(np.abs(X).max() * np.sqrt(X.shape[1]))
            X = np.ldexp(X, self.exponent)
        super().__init__(X, X, k, cosine)
        there = self.X - self.center
        self.squares, self.factors = np.einsum("ij,ij->i", there, there), -2 * there.T

    def choice(self, n: int) -> int:
        """All but the row itself."""
        return n - 1

    def candidates(self, rows: slice) -> np.ndarray:
        """Return the nearest rows by products, sorted: a float32 in the upper half, a row in the lower."""
        here = self.new[rows] - self.center
        squared = here @ self.factors
        squared += np.einsum("ij,ij->i", here, here)[:, None]
        squared += self.squares
        squared[np.arange(len(here)), np.arange(rows.start, rows.stop)] = np.inf
        keys = np.maximum(squared, 0, dtype=np.float32)
        entries = keys.view(np.int32).astype(np.int64) << 32 | np.arange(len(self.X))
        entries.partition(self.kept - 1, axis=1)
        return np.sort(entries[:, : self.kept], axis=1)

    def all_directly(self, row: int) -> np.ndarray:
        """Return the squared distances of a row to all others, and infinity for itself."""
        squared = super().all_directly(row)
        squared[row] = np.inf
        return squared

    def ranked(self, rows: slice, heaps: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the k nearest by distances computed directly, in the units of the data."""
        nearest, distances = super().ranked(rows, heaps)
        return nearest, np.ldexp(distances, -self.exponent)

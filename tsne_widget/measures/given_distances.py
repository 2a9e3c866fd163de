"""Distances and neighbours of one row, looked up where distances were given."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError, InvalidValueError
from .original_space import OriginalSpace, check_k, check_row

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class GivenDistances(OriginalSpace):
    """The original space of which only distances are known.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_samples)
        All of them, or those to some neighbours; kept as it is.
    """

    def __init__(self, matrix: np.ndarray | csr_array):
        super().__init__(matrix, "precomputed")

    def distances_in_steps(self, row: int) -> Generator[None, None, np.ndarray]:
        """Return the distance of one row to every row, as given; see `OriginalSpace.distances`.

        Raises
        ------
        DataError
            A graph was given, which does not store them all.
        """
        row = check_row("row", row, self.n)
        if not isinstance(self.matrix, np.ndarray):
            raise DataError(
                "X is a graph of distances to some neighbours, so those to all rows are unknown: give X as a "
                "dense matrix to have them"
            )
        found = np.maximum(self.matrix[row], 0).astype(np.float32)
        yield
        found[row] = 0
        return found

    def neighbors(self, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest rows of one row, as far as distances are stored; see `OriginalSpace.neighbors`.

        Raises
        ------
        InvalidValueError
            Fewer are stored.
        """
        if isinstance(self.matrix, np.ndarray):
            return super().neighbors(row, k)
        row, k = check_row("row", row, self.n), check_k(k, self.n)
        stored = slice(self.matrix.indptr[row], self.matrix.indptr[row + 1])
        others = self.matrix.indices[stored] != row
        columns = self.matrix.indices[stored][others].astype(np.int64)
        found = np.maximum(self.matrix.data[stored][others], 0).astype(np.float32)
        if len(found) < k:
            raise InvalidValueError(f"k={k} is too large: the graph in X stores {len(found)} for row {row}")
        nearest = np.argsort(found, kind="stable")[:k]  # columns are in order: of two equally far the first
        return columns[nearest], found[nearest]

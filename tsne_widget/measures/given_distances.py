"""Look up distances and neighbours of a row if X holds distances."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError, InvalidValueError
from .original_space import OriginalSpace, check_k, check_row

if TYPE_CHECKING:
    from scipy.sparse import csr_array


class GivenDistances(OriginalSpace):
    """The original space when only distances are known.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_samples)
        All distances, or those to some neighbours; kept unchanged.
    """

    def __init__(self, matrix: np.ndarray | csr_array):
        super().__init__(matrix, "precomputed")

    def distances_in_steps(self, row: int) -> Generator[None, None, np.ndarray]:
        """Return the distance of one row to every row, as given; see `OriginalSpace.distances`.

        Raises
        ------
        DataError
            X is a graph, which does not store all distances.
        """
        row = check_row("row", row, self.n)
        if not isinstance(self.matrix, np.ndarray):
            raise DataError(
                "X is a graph with distances to some neighbours only: to measure distances to all rows, pass "
                "a dense matrix"
            )
        found = np.maximum(self.matrix[row], 0).astype(np.float32)
        yield
        found[row] = 0
        return found

    def neighbors(self, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return the nearest rows among the stored distances; see `OriginalSpace.neighbors`.

        Raises
        ------
        InvalidValueError
            Fewer than k distances are stored.
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
        nearest = np.argsort(found, kind="stable")[:k]  # columns are sorted, so the first of two ties wins
        return columns[nearest], found[nearest]

"""Keep the index of a matrix from one query to the next."""

from __future__ import annotations

import threading
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from .cell_index import CellIndex
    from .pool import Pool

_PATIENCE = 0.05  # seconds between two looks whether another thread has made the index


class QueryIndex:
    """Keeps the index of one matrix, which the first approximate search makes; any thread may ask.

    Pickles and copies are empty: it takes less time to make an index than to send it.
    """

    def __init__(self) -> None:
        self._made: dict[bool, CellIndex] = {}
        self._lock = threading.Lock()

    def of(self, X: np.ndarray, cosine: bool, pool: Pool) -> Generator[float, None, CellIndex]:
        """Return the index of X under a distance, in steps; X must be the same in all calls."""
        from .cell_index import CellIndex  # only here: it has kernels to compile

        while not self._lock.acquire(timeout=_PATIENCE):
            yield 0.0
        try:
            index = self._made.get(cosine)
            if index is None:
                index = CellIndex(X, cosine)
                yield from index.build(pool)
                self._made[cosine] = index
            return index
        finally:
            self._lock.release()

    def forget(self) -> None:
        """Release the index and its matrix."""
        self._made.clear()

    def __reduce__(self) -> tuple[type[QueryIndex], tuple[Any, ...]]:
        return QueryIndex, ()

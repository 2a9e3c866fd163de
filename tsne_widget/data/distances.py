"""Check distances before they become a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import DataError
from .matrix import is_sparse

#: The note on data that are distances.
NOTE = "X holds distances, not rows: there are no features"


def require_distances(X: Any) -> None:
    """Raise DataError for distances that the general checks would alter, or refuse without advice.

    Parameters
    ----------
    X : object
        The user's data. A sparse matrix may store a distance twice, which would count as the sum; a frame may
        order its columns differently from its rows; a graph in several parts has infinite distances.
    """
    if is_sparse(X):
        _require_once(X)
        return
    if hasattr(X, "columns") and hasattr(X, "index"):
        require_order(list(map(str, X.index)), list(map(str, X.columns)))
    values = np.asarray(X)
    if values.dtype.kind == "f" and values.ndim == 2 and values.size and np.isposinf(values.max()):
        row, column = np.argwhere(np.isposinf(values))[0]
        raise DataError(
            f"X holds {np.isposinf(values).sum():,} infinite distances, the first from row {row} to row "
            f"{column}; a graph in several parts has such distances: replace them by a number larger than "
            "all others, and the parts will lie apart"
        )


def require_order(rows: Sequence[str], columns: Sequence[str]) -> None:
    """Raise DataError if the columns have the names of the rows in another order."""
    known = set(rows)
    alike = [name for name in columns if name in known]
    if len(alike) == len(rows) and alike != list(rows):
        place = next(place for place, name in enumerate(alike) if name != rows[place])
        raise DataError(
            f"the columns of X are in another order than its rows: {alike[place]!r} is where {rows[place]!r} "
            "should be; X.loc[:, X.index] reorders them"
        )


def _require_once(X: Any) -> None:
    entries = X.tocoo()
    keys = entries.row.astype(np.int64) * X.shape[1] + entries.col
    keys.sort()
    twice = np.flatnonzero(keys[1:] == keys[:-1])
    if len(twice):
        row, column = divmod(int(keys[twice[0]]), X.shape[1])
        raise DataError(
            f"X stores the distance from row {row} to row {column} twice: it must store each once"
        )

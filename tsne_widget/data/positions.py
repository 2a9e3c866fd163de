"""Row positions, as a user writes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DataError, SelectionError, invalid_type
from .matrix import as_array


def as_positions(rows: Any, n: int, name: str = "selection") -> np.ndarray:
    """Check row positions.

    Parameters
    ----------
    rows : array-like of int, or of bool with one entry a row, or None
        Positions from 0 to n - 1, in any order, duplicates allowed; None is nothing.

    Returns
    -------
    ndarray of int64
        Sorted, each once.
    """
    if rows is None:
        return np.empty(0, np.int64)
    array = as_array(name, rows)
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.dtype.kind == "b":
        if array.shape != (n,):
            raise DataError(f"{name} is a mask of shape {array.shape}: it must have the shape ({n},)")
        return np.flatnonzero(array).astype(np.int64)
    if array.dtype.kind not in "iu":
        raise invalid_type(name, rows, "integer row positions or a boolean mask")
    if array.ndim != 1:
        raise DataError(f"{name} has shape {array.shape}: it must be 1-D")
    outside = np.flatnonzero((array < 0) | (array >= n))
    if outside.size:
        first = array[outside[0]]
        raise SelectionError(f"{name} holds row {first}: rows are 0 to {n - 1}")
    return _each_once(array.astype(np.int64))


def _each_once(rows: np.ndarray) -> np.ndarray:
    """Sort, and drop what is there twice; np.unique takes a second for a million."""
    if (rows[1:] > rows[:-1]).all():
        return rows
    rows = np.sort(rows)
    return rows[np.concatenate([[True], rows[1:] > rows[:-1]])]

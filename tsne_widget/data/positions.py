"""Check row positions that a user gives."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import DataError, SelectionError, invalid_type
from .index import Index, index_of
from .matrix import as_array

#: The advice for texts.
_TEXTS = "; for labels of rows use w.select(index=...), for values of a column w.select(label=...)"


def as_positions(rows: Any, n: int, name: str = "selection", index: Index | None = None) -> np.ndarray:
    """Check row positions.

    Parameters
    ----------
    rows : int, array-like of int, or of bool with one entry a row, or None
        Positions from 0 to n - 1, in any order, duplicates allowed; None means no rows. A Series of booleans
        whose index has the labels of the rows in another order is matched by label.
    n : int
        Rows.
    name : str
        Their name in errors.
    index : Index, optional
        Labels of the rows.

    Returns
    -------
    ndarray of int64
        Sorted and unique.

    Raises
    ------
    DataError, InvalidTypeError, SelectionError
        They are neither positions nor a mask; a row does not exist; the index of a mask shares labels with
        that of the rows but differs from it.
    """
    if rows is None:
        return np.empty(0, np.int64)
    array = values_of(rows, name, index)
    if array.size == 0:
        return np.empty(0, np.int64)
    if array.dtype.kind == "b":
        if array.shape != (n,):
            raise DataError(f"{name} is a mask of shape {array.shape}: it must have shape ({n},)")
        return np.flatnonzero(array).astype(np.int64)
    if array.dtype.kind not in "iu":
        allowed = "integer row positions or a boolean mask"
        raise invalid_type(name, rows, allowed + (_TEXTS if isinstance(array.flat[0], str) else ""))
    if array.ndim == 0:
        array = array[None]
    if array.ndim != 1:
        raise DataError(f"{name} has shape {array.shape}: it must be 1-D")
    outside = np.flatnonzero((array < 0) | (array >= n))
    if outside.size:
        first = array[outside[0]]
        raise SelectionError(f"{name} holds row {first}: rows are 0 to {n - 1}")
    return _each_once(array.astype(np.int64))


def values_of(rows: Any, name: str, index: Index | None) -> np.ndarray:
    """Return positions or a mask as an array; put a mask with its own labels into the order of the rows.

    Raises
    ------
    DataError
        A value of a mask is missing, or its labels differ from those of the rows but share some.
    """
    series = nw.from_native(rows, series_only=True, pass_through=True)
    if not isinstance(series, nw.Series) or not _holds_booleans(series):
        return as_array(name, rows)
    if series.is_null().any():
        first = int(series.is_null().to_numpy().argmax())
        raise DataError(f"{name} is missing at position {first}: a mask must be True or False for every row")
    mask = series.to_numpy().astype(bool)
    other = index_of(rows)
    order = index.order_of(other, name, "the rows") if index is not None and other is not None else None
    return mask if order is None else mask[order]


def _holds_booleans(series: nw.Series[Any]) -> bool:
    """Tell whether a Series is a mask, perhaps of objects, as in pandas if values are or were missing."""
    if series.dtype != nw.Object:
        return bool(series.dtype == nw.Boolean)
    return set(map(type, series.drop_nulls().to_list())) == {bool}


def _each_once(rows: np.ndarray) -> np.ndarray:
    """Sort and drop duplicates; np.unique takes a second for a million."""
    if (rows[1:] > rows[:-1]).all():
        return rows
    rows = np.sort(rows)
    return rows[np.concatenate([[True], rows[1:] > rows[:-1]])]

"""Turn one array, list or Series into a column."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import DataError, invalid_type
from .categorical import boolean_column, category_column
from .columns import Column
from .images import images_of
from .kept import Kept, series_apart
from .matrix import as_array
from .missing import missing_in
from .moments import DateColumn
from .numeric import NumberColumn
from .objects import column_of_objects, image_column
from .pictures import is_picture_shape
from .series import column_of_series

#: Times without a unit, and durations of an unknown number of seconds, count as numbers.
_WITHOUT_LENGTH = ("M8", "m8", "m8[M]", "m8[Y]")


def column_of(name: str, values: Any, n: int, called: str) -> Column:
    """Return the column for some values.

    Parameters
    ----------
    name : str
        The name of the column.
    values : sequence of length n
        A list, tuple, array or Series, a Categorical of pandas, or pictures: an array of shape (n, h, w) or
        (n, h, w, 3 or 4). Masked values are missing.
    n : int
        How many rows there must be.
    called : str
        The name of the values in errors.

    Raises
    ------
    DataError, InvalidTypeError
        They are not a sequence, or have another length.
    """
    series = nw.from_native(values, series_only=True, pass_through=True)
    if isinstance(series, nw.Series):
        _require_length(called, (len(series),), n)
        return column_of_series(name, series_apart(series))
    if isinstance(values, Set):
        raise invalid_type(called, values, f"a sequence of {n} values; a set has no order")
    if isinstance(values, (str, bytes)) or not hasattr(values, "__len__"):
        raise invalid_type(called, values, f"a sequence of {n} values")
    if hasattr(values, "categories") and hasattr(values, "codes"):  # a Categorical of pandas
        _require_length(called, np.shape(values.codes), n)
        return category_column(name, values.codes, list(values.categories))
    if isinstance(values, (list, tuple)):
        return _column_of_list(name, values, n, called)
    if np.ma.is_masked(values):
        _require_length(called, values.shape, n)
        pairs = zip(values.data, values.mask, strict=True)
        return column_of_objects(name, [None if masked else value for value, masked in pairs])
    return column_of_array(name, as_array(called, values), n, called)


def column_of_array(name: str, array: np.ndarray, n: int, called: str) -> Column:
    """Return the column for a copy of an array; an array with more dimensions holds pictures."""
    if array.ndim in (3, 4) and len(array) == n and is_picture_shape(array.shape[1:]):
        kept = Kept(called, array)
        return image_column(name, list(kept.numbers), images_of(kept, n, called))
    _require_length(called, array.shape, n)
    if array.dtype.kind == "b":
        return boolean_column(name, array, np.zeros(n, bool))
    if array.dtype.kind in "iuf":
        return NumberColumn(name, array.astype(array.dtype.newbyteorder("=")), missing_in(array))
    if array.dtype.kind in "mM" and array.dtype.str[1:] not in _WITHOUT_LENGTH:
        return DateColumn(name, array.copy())
    return column_of_objects(name, array if array.dtype == object else array.tolist())


def _column_of_list(name: str, values: Sequence[Any], n: int, called: str) -> Column:
    _require_length(called, (len(values),), n)
    kinds = set(map(type, values))
    if len(kinds) == 1 and issubclass(kinds.pop(), (int, float, np.number)):
        array = np.asarray(values)
        if array.dtype != object:
            return column_of_array(name, array, n, called)
    return column_of_objects(name, values)  # np.asarray would turn [1, None, "a"] into text


def _require_length(called: str, shape: tuple[int, ...], n: int) -> None:
    rows = f"{called} must have one value for each of the {n} rows of X"
    if len(shape) != 1:
        raise DataError(f"{rows}: the shape is {shape}")
    if shape[0] != n:
        raise DataError(f"{rows}: there are {shape[0]}")

"""Turn a Series of any library into a column, through narwhals."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from .categorical import CategoricalColumn, boolean_column, category_column
from .coded import code_texts
from .columns import Column
from .images import images_of
from .kept import Kept
from .moments import DateColumn
from .numeric import EXACT, NumberColumn
from .objects import column_of_objects, image_column
from .pictures import is_picture_shape

#: Integer types that numpy lacks.
_WIDE = (nw.Int128, nw.UInt128)


def column_of_series(name: str, series: nw.Series[Any]) -> Column:
    """Return the column for a Series; its dtype decides, or its values if the dtype says nothing."""
    dtype = series.dtype
    if dtype.is_numeric():
        return _number_column(name, series, dtype)
    if dtype == nw.Boolean:
        return boolean_column(name, series.fill_null(False).to_numpy(), series.is_null().to_numpy())
    if isinstance(dtype, nw.Datetime) and dtype.time_zone:
        universal = series.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        return DateColumn(name, universal.to_numpy(), dtype.time_zone)
    if dtype.is_temporal() and dtype != nw.Time:
        array = series.to_numpy()  # objects if pandas stores days as Arrow does
        return column_of_objects(name, array) if array.dtype == object else DateColumn(name, array)
    if dtype == nw.Categorical or dtype == nw.Enum:
        return _category_column(name, series)
    if dtype == nw.Array:
        return _array_column(name, series)
    if dtype == nw.Unknown and series.to_numpy().dtype.kind in "iuf":  # for example pandas' sparse numbers
        return NumberColumn(name, series.to_numpy())
    return column_of_objects(name, series.to_numpy() if dtype == nw.Object else series.to_list())


def holds_numbers(name: str, series: nw.Series[Any]) -> bool:
    """Tell whether a Series holds numbers; look at objects only if the first is a number."""
    dtype = series.dtype  # narwhals computes it each time
    if dtype.is_numeric():
        return dtype not in _WIDE or column_of_series(name, series).type == "number"
    if dtype == nw.Unknown:
        array = series.to_numpy()
        return array.dtype.kind in "iuf" and not np.isnan(array).all()
    if dtype != nw.Object:
        return False
    present = series.drop_nulls().head(1).to_list()
    return (
        column_of_objects(name, present).type == "number" and column_of_series(name, series).type == "number"
    )


def _number_column(name: str, series: nw.Series[Any], dtype: Any) -> Column:
    if dtype in _WIDE:
        return column_of_objects(name, series.to_list())
    if dtype.is_decimal():
        numbers = series.cast(nw.Float64)
        if (numbers.abs().max() or 0) >= EXACT:
            return column_of_objects(name, series.to_list())
        series = numbers
    if not dtype.is_integer() or isinstance(getattr(series.to_native(), "dtype", None), np.dtype):
        return NumberColumn(name, series.to_numpy())  # missing values become NaN
    missing = series.is_null().to_numpy()
    return NumberColumn(name, (series.fill_null(0) if missing.any() else series).to_numpy(), missing)


def _category_column(name: str, series: nw.Series[Any]) -> Column:
    if series.implementation.is_pandas_like():
        accessor = getattr(series.to_native(), "cat", None)
        if accessor is None:  # an Arrow dictionary, whose order means nothing
            return column_of_objects(name, series.to_list())
        return category_column(name, accessor.codes.to_numpy(), list(accessor.categories))
    values = series.to_list()
    if series.dtype == nw.Enum:
        categories = list(series.dtype.categories)  # type: ignore[attr-defined] # an Enum has them
        code_of = {None: -1, **{category: code for code, category in enumerate(categories)}}
        codes = np.fromiter(map(code_of.__getitem__, values), np.int32, len(values))
        return category_column(name, codes, categories)
    return CategoricalColumn(name, code_texts(values))  # their order is that of first appearance


def _array_column(name: str, series: nw.Series[Any]) -> Column:
    """Return a column of pictures if every value has two or three dimensions and none is missing."""
    array = np.empty(0) if series.is_null().any() else series.to_numpy()
    if array.ndim in (3, 4) and is_picture_shape(array.shape[1:]):
        called = f"column {name!r}"
        return image_column(name, list(array), images_of(Kept(called, array, own=True), len(array), called))
    return column_of_objects(name, series.to_list())

"""Frames and Series for the user, in the user's library."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import MissingDependencyError
from .index import Index


def new_frame(columns: Mapping[str, Any], library: Any = None, index: Index | None = None) -> Any:
    """Build a frame.

    Parameters
    ----------
    columns : mapping of str to ndarray or list
        None in a list is a missing value.
    library : narwhals.Implementation, optional
        The library; pandas by default.
    index : Index, optional
        Labels of the rows; left out if the library has no index.

    Raises
    ------
    MissingDependencyError
        No library is given, and pandas is not installed.
    """
    library = library or _pandas()
    frame = nw.from_dict({name: _plain(values) for name, values in columns.items()}, backend=library)
    return _indexed(frame.to_native(), index)


def new_series(
    name: str,
    values: Sequence[Any],
    categories: Sequence[str] | None = None,
    library: Any = None,
    index: Index | None = None,
) -> Any:
    """Build a Series, with ordered categories if given; see `new_frame`."""
    library = library or _pandas()
    dtype = None if categories is None else nw.Enum(list(categories))
    if dtype is not None and str(getattr(library, "value", library)) == "pyarrow":
        dtype = None  # it has no type for them
    series = nw.new_series(name, _plain(values), dtype, backend=library)
    return _indexed(series.to_native(), index)


def _plain(values: Any) -> Any:
    if isinstance(values, np.ndarray) and values.dtype != object:
        return values
    return [_nested(value) for value in values]


def _nested(value: Any) -> Any:
    """Turn an array in a cell, such as a picture, into lists: not every library takes arrays there."""
    return value.tolist() if isinstance(value, np.ndarray) else value


def _pandas() -> str:
    try:
        import_module("pandas")
    except ImportError as error:
        raise MissingDependencyError("a frame of results needs pandas: pip install pandas") from error
    return "pandas"


def _indexed(native: Any, index: Index | None) -> Any:
    if index is not None and hasattr(native, "index"):
        native.index = index.native
    return native

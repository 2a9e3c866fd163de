"""Missing values: None, NaN, NaT, pandas.NA, polars' null."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import numpy as np

#: pandas' own types, by name, as pandas may not be installed.
_ALWAYS = ("NoneType", "NAType", "NaTType")
_MAYBE = (float, np.floating, Decimal, np.datetime64, np.timedelta64, complex, np.complexfloating)


def is_missing(value: Any) -> bool:
    """Tell whether one value is missing."""
    if type(value).__name__ in _ALWAYS:
        return True
    return isinstance(value, _MAYBE) and _is_nan(value)


def missing_among(values: Sequence[Any] | np.ndarray) -> np.ndarray:
    """Tell which values are missing; go through them only if their types allow missing ones."""
    kinds = set(map(type, values))
    if not any(kind.__name__ in _ALWAYS or issubclass(kind, _MAYBE) for kind in kinds):
        return np.zeros(len(values), bool)
    return np.fromiter(map(is_missing, values), bool, len(values))


def missing_in(array: np.ndarray) -> np.ndarray:
    """Tell which entries of an array of numbers or moments are missing."""
    if array.dtype.kind in "fc":
        return np.isnan(array)
    if array.dtype.kind in "mM":
        return np.isnat(array)
    return np.zeros(len(array), bool)


def _is_nan(value: Any) -> bool:
    return value.is_nan() if isinstance(value, Decimal) else bool(value != value)

"""What the user gives <-> a matrix, labels, rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np

from .errors import DataError, InvalidTypeError, SelectionError, invalid_type

#: Numbers with more distinct values than this are a scale, with fewer they are categories.
MAX_NUMERIC_CATEGORIES = 40
#: A colour code is a uint16; the last one is kept for missing labels.
MAX_CATEGORIES = 65_534


@dataclass(frozen=True)
class Categories:
    """Labels that name groups.

    Attributes
    ----------
    names : list of str
        The categories in order; the last is 'missing' where `has_missing`.
    codes : ndarray of uint16, shape (n_samples,)
        Position in `names` of each row's label.
    counts : list of int
        Rows of each category.
    """

    names: list[str]
    codes: np.ndarray
    counts: list[int]
    has_missing: bool


@dataclass(frozen=True)
class Scale:
    """Labels that are numbers on a scale; `values` is float32 with NaN for a missing one."""

    values: np.ndarray
    low: float
    high: float


def as_array(name: str, value: Any) -> np.ndarray:
    """Return a value as an array; raise DataError where its rows differ in length."""
    try:
        return np.asarray(value)
    except ValueError as error:
        raise DataError(f"{name} cannot be made an array: {error}") from error


def as_matrix(X: Any) -> np.ndarray:
    """Check the data and return it as floating point numbers.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Numbers; at least 3 rows and 1 column.

    Returns
    -------
    ndarray of float32 or float64, C-contiguous
        X itself where it is already one.

    Raises
    ------
    DataError, InvalidTypeError
        What is wrong, and where.
    """
    if hasattr(X, "toarray"):
        raise InvalidTypeError(f"X is a sparse {type(X).__name__}: X must be dense; X.toarray() makes it so")
    if np.ma.is_masked(X):
        raise InvalidTypeError("X is a masked array: X must be without a mask; fill or drop what is masked")
    array = as_array("X", X)
    if array.dtype.kind not in "biuf":
        raise InvalidTypeError(f"X has dtype {array.dtype}: X must hold real numbers")
    if array.ndim != 2:
        raise DataError(f"X has shape {array.shape}: X must be 2-D, (n_samples, n_features)")
    rows, columns = array.shape
    if rows < 3 or columns < 1:
        raise DataError(f"X has shape {array.shape}: X must have at least 3 rows and 1 column")
    single = array.dtype.kind == "f" and array.dtype.itemsize <= 4
    small = array.dtype.kind in "biu" and array.dtype.itemsize <= 2
    matrix = np.ascontiguousarray(array, dtype=np.float32 if single or small else np.float64)
    _require_finite(matrix)
    return matrix


def _require_finite(matrix: np.ndarray) -> None:
    finite = np.isfinite(matrix)
    if finite.all():
        return
    row, column = np.argwhere(~finite)[0]
    nan = int(np.isnan(matrix).sum())
    infinite = int(finite.size - finite.sum()) - nan
    raise DataError(
        f"X holds {nan} NaN and {infinite} infinite values, the first at row {row}, column {column}: "
        "all must be finite"
    )


def as_labels(labels: Any, n: int) -> Categories | Scale | None:
    """Check labels and turn them into categories or a scale.

    Numbers with more than 40 distinct values are a scale, everything else is categories, in sorted
    order. None, NaN and NaT are missing.
    """
    if labels is None:
        return None
    if isinstance(labels, (str, bytes)) or not hasattr(labels, "__len__"):
        raise invalid_type("labels", labels, f"a sequence of {n} labels, or None")
    array = _as_array(labels)
    if array.ndim != 1 or len(array) != n:
        raise DataError(f"labels have shape {array.shape}: there must be one for each of the {n} rows of X")
    missing = _missing(array)
    if array.dtype.kind == "O" and all(map(_is_number, array[~missing])):
        array = np.where(missing, np.nan, array).astype(np.float64)  # such as [2, None, 10]
    if array.dtype.kind in "iuf":
        present = array[~missing]
        if len(np.unique(present)) > MAX_NUMERIC_CATEGORIES:
            return _scale(array, missing)
    return _categories(array, missing)


def _as_array(labels: Any) -> np.ndarray:
    if isinstance(labels, (list, tuple)) and any(isinstance(label, (str, bytes)) for label in labels):
        # numpy turns [1, None, "a"] into text, None into 'None', and gives each the room of the longest.
        return np.array([*labels, None], dtype=object)[:-1]
    return as_array("labels", labels)


def _missing(array: np.ndarray) -> np.ndarray:
    if array.dtype.kind in "fc":
        return np.isnan(array)
    if array.dtype.kind in "mM":
        return np.isnat(array)
    if array.dtype.kind != "O":
        return np.zeros(len(array), bool)
    return np.fromiter((_is_missing(value) for value in array), bool, len(array))


def _is_missing(value: Any) -> bool:
    if value is None:
        return True
    try:
        return bool(value != value)
    except (TypeError, ValueError):  # pandas.NA refuses to be compared
        return True


def _is_number(value: Any) -> bool:
    # An identifier beyond 2**53 would not survive as a float.
    number = isinstance(value, Real) and not isinstance(value, (bool, np.bool_))
    return number and (isinstance(value, float) or abs(value) <= 2**53)


def _scale(array: np.ndarray, missing: np.ndarray) -> Scale:
    values = array.astype(np.float32)
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise DataError("labels hold no finite number")
    return Scale(values, float(finite.min()), float(finite.max()))


def _categories(array: np.ndarray, missing: np.ndarray) -> Categories:
    names, present = _distinct(array[~missing])
    if len(names) > MAX_CATEGORIES:
        raise DataError(f"labels hold {len(names)} distinct values: at most {MAX_CATEGORIES} can be shown")
    codes = np.full(len(array), len(names), np.int64)
    codes[~missing] = present
    if missing.any():
        names.append("missing")
    counts = np.bincount(codes, minlength=len(names)).tolist()
    return Categories(names, codes.astype(np.uint16), counts, bool(missing.any()))


def _distinct(values: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Return the distinct values as text, in order, and each value's position among them."""
    if values.dtype.kind not in "OUS":
        distinct, positions = np.unique(values, return_inverse=True)
        return [_name(value) for value in distinct], positions
    # Not an array of text, which takes the room of the longest for each.
    text = [_name(value) for value in values]
    names = sorted(set(text), key=_natural)
    position = {name: number for number, name in enumerate(names)}
    return names, np.fromiter((position[name] for name in text), np.int64, len(text))


def _natural(name: str) -> tuple[Any, ...]:
    """Sort 'c10' behind 'c9'."""
    parts = re.split(r"(\d{1,15})", name)
    return [(part, 0) if number % 2 == 0 else ("", int(part)) for number, part in enumerate(parts)], name


def _name(value: Any) -> str:
    if isinstance(value, np.floating) and float(value).is_integer():
        return str(int(value))  # integers beside a NaN arrive as floats
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


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
    return np.unique(array).astype(np.int64)


def take_rows(X: Any, positions: np.ndarray) -> Any:
    """Take rows of what the user gave, in the user's own type and with its index where it has one."""
    if hasattr(X, "iloc"):
        return X.iloc[positions]
    if isinstance(X, np.ndarray):
        return X[positions]
    return np.asarray(X)[positions]

"""The matrix that we embed; sparse data stay sparse."""

from __future__ import annotations

import sys
from decimal import Decimal
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError, InvalidTypeError, invalid_type

if TYPE_CHECKING:
    from scipy.sparse import csr_array


#: The largest absolute value of a number: sums stay finite.
LARGEST = 1e300
#: The fewest rows of a map.
LEAST_ROWS = 3
#: The types of objects that count as numbers.
_NUMBERS = (Real, Decimal, np.bool_)
#: The data that can be embedded.
ALLOWED = "an array, a list, a DataFrame, a sparse matrix or an AnnData of real numbers"


def is_sparse(value: Any) -> bool:
    """Tell whether a value is sparse, without the half second that importing scipy.sparse takes."""
    # A sparse matrix exists only after this import; another thread may still be importing it.
    issparse = getattr(sys.modules.get("scipy.sparse"), "issparse", None)
    return issparse is not None and bool(issparse(value))


def as_array(name: str, value: Any) -> np.ndarray:
    """Return a value as an array.

    Raises
    ------
    InvalidTypeError
        Something is masked: numpy would use the values below the mask.
    DataError
        Its rows differ in length.
    """
    if _is_masked(value):
        raise InvalidTypeError(
            f"{name} is a masked array: {name} must not have a mask; fill or drop the masked values"
        )
    try:
        return np.asarray(value)
    except ValueError as error:
        raise DataError(_ragged(name, value) or f"{name} cannot become an array: {error}") from error


def as_matrix(X: Any, name: str = "X") -> np.ndarray | csr_array:
    """Check the data and return it as floating point numbers.

    Parameters
    ----------
    X : array-like or scipy sparse matrix of shape (n_samples, n_features)
        Numbers; at least 3 rows and 1 column.
    name : str
        Its name in errors.

    Returns
    -------
    ndarray or csr_array, of float32 or float64
        Dense data are C-contiguous, X itself if it already is; sparse data have no duplicate entries, are in
        the order of columns, and use X's own memory if possible. Copied at most once.

    Raises
    ------
    DataError, InvalidTypeError
        Something is wrong; the message says what and where.
    """
    return as_finite(as_numbers(X, name), name)


def as_finite(numbers: Any, name: str = "X") -> np.ndarray | csr_array:
    """Return real numbers as floats, see `as_matrix`; raise DataError if some are not finite."""
    if is_sparse(numbers):
        matrix = as_rows(numbers)
        _require_finite_entries(matrix, name)
        _require_room(matrix.data, name)
        return matrix
    with np.errstate(over="ignore"):  # a large long double becomes infinite
        matrix = np.ascontiguousarray(numbers, dtype=float_for(numbers.dtype))
    _require_finite(matrix, name)
    _require_room(matrix, name)
    return matrix


def as_numbers(X: Any, name: str = "X", *, least: int = LEAST_ROWS) -> Any:
    """Return an array or a sparse matrix unchanged if it has the shape and type of a matrix.

    It needs at least so many rows.

    Raises
    ------
    DataError, InvalidTypeError
        As `as_matrix`, except that numbers need not be finite.
    """
    numbers = real_numbers(X, name)
    require_shape(numbers.shape, name, least=least)
    return numbers


def real_numbers(X: Any, name: str = "X") -> Any:
    """Return an array or a sparse matrix of real numbers, of any shape; numeric objects become floats.

    Raises
    ------
    DataError, InvalidTypeError
        Something is masked, complex or not a number, or rows differ in length.
    """
    numbers = X if is_sparse(X) else as_array(name, X)
    if numbers.dtype == object and numbers.ndim == 1:
        numbers = as_array(name, list(numbers))  # each object is one embedding
    if numbers.dtype == object and numbers.ndim:
        numbers = _floats_of(numbers, name)
    if numbers.dtype.kind in "biuf":
        return numbers
    if numbers.ndim == 0:
        raise invalid_type(name, X, ALLOWED)
    if numbers.dtype.kind == "c":
        raise DataError(f"Complex data not supported: {name} has dtype {numbers.dtype} and must be real")
    raise InvalidTypeError(f"{name} has dtype {numbers.dtype}: {name} must hold real numbers")


def _is_masked(X: Any) -> bool:
    """Tell whether an array, or one in a list of arrays, masks something."""
    return np.ma.is_masked(X) or (
        isinstance(X, (list, tuple))
        and any(isinstance(row, np.ma.MaskedArray) and np.ma.is_masked(row) for row in X)
    )


def _floats_of(objects: np.ndarray, name: str) -> np.ndarray:
    """Return numeric objects as floats; raise for the first that is not a number."""
    if not all(issubclass(kind, _NUMBERS) for kind in set(map(type, objects.flat))):
        for place, value in np.ndenumerate(objects):
            if not isinstance(value, _NUMBERS):
                at = ", ".join(f"{axis} {at}" for axis, at in zip(("row", "column"), place, strict=False))
                # scikit-learn's estimator checks look for the last words.
                raise InvalidTypeError(
                    f"{name} has dtype object: {name} must hold real numbers; {at} holds {value!r:.40}, and "
                    "an argument must be neither a string nor any other object but a number"
                )
    try:
        return objects.astype(np.float64)
    except OverflowError as error:
        raise DataError(f"{name} holds a number beyond float64: {error}") from error


def as_rows(X: Any) -> csr_array:
    """Return a sparse matrix as CSR of floats, sorted and without duplicate entries."""
    from scipy.sparse import csr_array

    if X.format != "csr":
        X = X.tocsr()
    matrix = csr_array((X.data, X.indices, X.indptr), shape=X.shape)
    floats = matrix.astype(float_for(X.dtype), copy=False)
    if not floats.has_canonical_format:
        floats = floats.copy()  # we sort and sum a copy, not the user's data
        floats.sum_duplicates()
    return floats


def float_for(dtype: np.dtype) -> type[np.floating]:
    """Return the smaller of float32 and float64 that holds all numbers of a type, or nearly so."""
    single = dtype.kind == "f" and dtype.itemsize <= 4
    small = dtype.kind in "biu" and dtype.itemsize <= 2
    return np.float32 if single or small else np.float64


def _require_finite(matrix: np.ndarray, name: str) -> None:
    finite = np.isfinite(matrix)
    if not finite.all():
        row, column = np.argwhere(~finite)[0]
        raise _not_finite(name, matrix[~finite], row, column)


def _require_finite_entries(matrix: csr_array, name: str) -> None:
    finite = np.isfinite(matrix.data)
    if not finite.all():
        first = int(np.argmin(finite))
        row = int(np.searchsorted(matrix.indptr, first, side="right")) - 1
        raise _not_finite(name, matrix.data, row, int(matrix.indices[first]))


def _require_room(values: np.ndarray, name: str) -> None:
    """Raise if numbers are so large that the sum of a few is infinite."""
    if values.dtype == np.float64 and values.size and max(values.max(), -values.min()) > LARGEST:
        raise DataError(
            f"{name} holds {values.flat[np.abs(values).argmax()]:.3g}: all must be within ±{LARGEST:g}"
        )


def _not_finite(name: str, values: np.ndarray, row: int, column: int) -> DataError:
    nan, infinite = int(np.isnan(values).sum()), int(np.isinf(values).sum())
    return DataError(
        f"{name} holds {nan} NaN and {infinite} infinite values, the first at row {row}, column {column}: "
        "all must be finite"
    )


def require_shape(shape: tuple[int, ...], name: str, *, least: int = LEAST_ROWS) -> None:
    """Raise DataError if a shape is not 2-D, or too small: by default for a map."""
    if len(shape) != 2:
        raise DataError(f"{name} has shape {shape}: {name} must be 2-D, (n_samples, n_features)")
    if shape[0] < least or shape[1] < 1:
        rows = f"{least} row{'s' if least > 1 else ''}"
        raise DataError(f"{name} has shape {shape}: {name} must have at least {rows} and 1 column")


def _ragged(name: str, value: Any) -> str:
    """Say which row is the first whose shape differs from row 0; empty if none does."""
    try:
        shapes = [np.shape(row) for row in value]
    except (TypeError, ValueError):
        return ""
    for row, shape in enumerate(shapes):
        if shape != shapes[0]:
            return (
                f"{name} holds rows of different lengths: "
                f"row 0 is {_sized(shapes[0])}, row {row} is {_sized(shape)}"
            )
    return ""


def _sized(shape: tuple[int, ...]) -> str:
    return f"of length {shape[0]}" if len(shape) == 1 else f"of shape {shape}"

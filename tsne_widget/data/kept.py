"""User data that we read later: a copy, or the user's own memory with a checksum that notices changes."""

from __future__ import annotations

import sys
import zlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import DataError
from .matrix import is_sparse

#: The largest array or frame of the user's that we copy, in bytes. For larger ones a checksum notices at each
#: use whether they have changed in place; it covers this many bytes of rows, and at least this many rows.
COPIED_BYTES = 256_000_000
SAMPLED_BYTES, SAMPLED_ROWS_LEAST = 2_000_000, 64
#: Types of metric parameters that can be changed in place.
_MUTABLE = (np.ndarray, list, dict)
#: How many adjacent numbers make one row for the checksum.
_RUN = 64
#: The bytes of an entry if pandas does not tell.
_POINTER = 8


class Kept:
    """Numbers that we read later, and that must not change until then.

    Up to `COPIED_BYTES` they are a copy. Larger ones stay the user's: we take a checksum of some rows now,
    and `require_unchanged` compares it. It notices a change of all rows, of one column or of the order of the
    rows; it may miss a change of a few rows.

    Parameters
    ----------
    called : str
        Their name in errors.
    numbers : ndarray or sparse matrix
    own : bool
        Whether nobody else can hold the memory, and we need neither copy nor watch it.
    since : str
        When they were given, in words for errors.
    """

    def __init__(self, called: str, numbers: Any, *, own: bool = False, since: str = "the widget was made"):
        arrays = _arrays_of(numbers)
        small = sum(array.nbytes for array in arrays) <= COPIED_BYTES
        self.numbers = _copied(numbers) if small and not own else numbers
        self._called, self._since = called, since
        self._watched = () if small or own else arrays
        self._checksum = _checksum(self._watched)

    @property
    def is_watched(self) -> bool:
        """Whether they are the user's own memory, not a copy."""
        return bool(self._watched)

    def require_unchanged(self) -> None:
        """Raise DataError if they have changed."""
        if _checksum(self._watched) != self._checksum:
            raise DataError(changed(self._called, self._since))

    def current(self) -> Any:
        """Return them; raise DataError if they have changed."""
        self.require_unchanged()
        return self.numbers

    def is_watched_in(self, matrix: Any) -> bool:
        """Tell whether a matrix uses the user's own memory."""
        mine = _arrays_of(matrix)
        return any(np.may_share_memory(array, own) for array in self._watched for own in mine)


class KeptFrame:
    """A frame whose columns we read later, as `Kept`.

    Only pandas changes columns in place, and only before version 3, which copies on write. Replacing a
    column changes nothing here. A polars frame may use the memory of the user's array; the user must not
    change that array, as polars takes it for constant.

    Parameters
    ----------
    called : str
        Its name in errors.
    frame : DataFrame
    """

    def __init__(self, called: str, frame: nw.DataFrame[Any]):
        self._called = called
        self._rows: Any = None
        if not frame.implementation.is_pandas_like():
            self.frame = frame
            return
        native = frame.to_native()
        row_bytes = sum(getattr(dtype, "itemsize", None) or _POINTER for dtype in native.dtypes)
        small = row_bytes * len(native) <= COPIED_BYTES
        apart = native.copy(deep=small and not _copies_on_write())
        self.frame = nw.from_native(apart, eager_only=True)
        if not small:
            self._positions = sampled_rows(len(native), row_bytes)
            self._rows = self._sample()

    @property
    def is_watched(self) -> bool:
        """Whether its columns are the user's own memory, not a copy."""
        return self._rows is not None

    def series(self, series: nw.Series[Any]) -> nw.Series[Any]:
        """Return a column that nobody else can change; raise DataError if somebody has."""
        if not self.is_watched:
            return series
        if not self._sample().equals(self._rows):
            raise DataError(changed(self._called, "the widget was made"))
        return series_apart(series)

    def _sample(self) -> Any:
        return self.frame.to_native().iloc[self._positions].copy()


def series_apart(series: nw.Series[Any]) -> nw.Series[Any]:
    """Return a Series that changes neither with the user's nor with an array that shares its memory."""
    if not series.implementation.is_pandas_like():
        return series[np.arange(len(series))]
    return nw.from_native(series.to_native().copy(), series_only=True)


def is_apart(numbers: Any, given: Any) -> bool:
    """Tell whether numbers made from the user's data certainly have their own memory."""
    if isinstance(given, (list, tuple)) or (is_sparse(given) and given.format != "csr"):
        return True
    if not isinstance(given, np.ndarray) and not is_sparse(given):
        return False  # it may expose its own memory
    return not any(
        np.may_share_memory(one, other) for one in _arrays_of(numbers) for other in _arrays_of(given)
    )


def changed(called: str, since: str) -> str:
    """Say that the user's data have changed, and what to do."""
    return (
        f"{called} has changed in place since {since}, and is no longer what the map was made from. "
        f"Above {COPIED_BYTES / 1e6:g} MB data are not copied: give a copy, or start again with the new data"
    )


def sampled_rows(n: int, row_bytes: int) -> np.ndarray:
    """Return the positions of the rows in the checksum, evenly spread from the first to the last."""
    count = min(n, max(SAMPLED_ROWS_LEAST, SAMPLED_BYTES // max(1, row_bytes)))
    return np.linspace(0, n - 1, count).astype(np.int64) if n else np.empty(0, np.int64)


def copied_params(params: Any) -> Any:
    """Return a copy of a metric's parameters; anything but a dict stays, for a check to refuse."""
    if not isinstance(params, Mapping):
        return params
    return {name: deepcopy(value) if isinstance(value, _MUTABLE) else value for name, value in params.items()}


def _copies_on_write() -> bool:
    """Tell whether pandas itself copies on write."""
    pandas = sys.modules.get("pandas")
    if pandas is None:
        return False
    return int(pandas.__version__.split(".")[0]) >= 3 or pandas.options.mode.copy_on_write is True


def _arrays_of(numbers: Any) -> Sequence[np.ndarray]:
    if not is_sparse(numbers):
        return (numbers,)
    return (numbers.data, numbers.indices, numbers.indptr)


def _copied(numbers: Any) -> Any:
    return numbers.copy() if is_sparse(numbers) else np.array(numbers, order="C")


def _checksum(arrays: Sequence[np.ndarray]) -> int:
    checksum = 0
    for array in arrays:
        if array.ndim == 1 and len(array) >= _RUN**2:  # number by number takes ten times as long
            array = array[len(array) % _RUN :].reshape(-1, _RUN)
        rows = sampled_rows(len(array), array.nbytes // max(1, len(array)))
        checksum = zlib.crc32(array[rows].tobytes(), checksum)
    return checksum

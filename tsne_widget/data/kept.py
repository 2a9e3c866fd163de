"""What of the user's data is read later: a copy, or his own memory, of which a checksum tells changes."""

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

#: Bytes of an array or a frame of the user's up to which it is copied. Of larger ones a checksum of rows that
#: have so many bytes, and are so many at least, tells at each use whether they have changed in place.
COPIED_BYTES = 256_000_000
SAMPLED_BYTES, SAMPLED_ROWS_LEAST = 2_000_000, 64
#: Types of a metric's parameters that can be changed in place.
_MUTABLE = (np.ndarray, list, dict)
#: Numbers that stand side by side of which one row is made for the checksum.
_RUN = 64
#: Bytes of an entry of pandas that says nothing of them.
_POINTER = 8


class Kept:
    """Numbers that are read later, and must then be those that were given.

    Up to `COPIED_BYTES` they are a copy. Larger ones stay the user's own: a checksum of some rows is
    made now, and compared by `require_unchanged`. What changes all rows, one column or the order of the rows
    is noticed; a change of a few rows may not be.

    Parameters
    ----------
    called : str
        How an error names them.
    numbers : ndarray or sparse matrix
    own : bool
        Whether nobody else can have the memory, so that nothing is to be copied or watched.
    since : str
        When they were given, in the words of an error.
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
        """Whether they are the user's own, and not a copy."""
        return bool(self._watched)

    def require_unchanged(self) -> None:
        """Raise DataError where they are others by now."""
        if _checksum(self._watched) != self._checksum:
            raise DataError(changed(self._called, self._since))

    def current(self) -> Any:
        """Return them; raise DataError where they are others by now."""
        self.require_unchanged()
        return self.numbers

    def is_watched_in(self, matrix: Any) -> bool:
        """Tell whether a matrix is made of the user's own memory."""
        mine = _arrays_of(matrix)
        return any(np.may_share_memory(array, own) for array in self._watched for own in mine)


class KeptFrame:
    """A frame whose columns are read later, as `Kept`.

    Only pandas changes columns in place, and not from version 3 on, which copies on write. What replaces a
    column changes nothing here. A frame of polars may be in the memory of an array of the user's, who must
    not change that: polars takes it for constant.

    Parameters
    ----------
    called : str
        How an error names it.
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
        """Whether its columns are the user's own, and not a copy."""
        return self._rows is not None

    def series(self, series: nw.Series[Any]) -> nw.Series[Any]:
        """Return a column of the frame which nobody else changes; raise DataError where somebody has."""
        if not self.is_watched:
            return series
        if not self._sample().equals(self._rows):
            raise DataError(changed(self._called, "the widget was made"))
        return series_apart(series)

    def _sample(self) -> Any:
        return self.frame.to_native().iloc[self._positions].copy()


def series_apart(series: nw.Series[Any]) -> nw.Series[Any]:
    """Return a Series that does not change with the user's, nor with an array in whose memory it is."""
    if not series.implementation.is_pandas_like():
        return series[np.arange(len(series))]
    return nw.from_native(series.to_native().copy(), series_only=True)


def is_apart(numbers: Any, given: Any) -> bool:
    """Tell whether numbers that were made of what a user gave surely have memory of their own."""
    if isinstance(given, (list, tuple)) or (is_sparse(given) and given.format != "csr"):
        return True
    if not isinstance(given, np.ndarray) and not is_sparse(given):
        return False  # it may hand out its own memory
    return not any(
        np.may_share_memory(one, other) for one in _arrays_of(numbers) for other in _arrays_of(given)
    )


def changed(called: str, since: str) -> str:
    """Say that the user has changed what he gave, and what to do."""
    return (
        f"{called} has changed in place since {since}, so that it is no longer what the map was made of. "
        f"Above {COPIED_BYTES / 1e6:g} MB it is not copied: give a copy, or start again with the new one"
    )


def sampled_rows(n: int, row_bytes: int) -> np.ndarray:
    """Return the positions of rows by which a change is noticed, evenly spread from the first to the last."""
    count = min(n, max(SAMPLED_ROWS_LEAST, SAMPLED_BYTES // max(1, row_bytes)))
    return np.linspace(0, n - 1, count).astype(np.int64) if n else np.empty(0, np.int64)


def copied_params(params: Any) -> Any:
    """Return a copy of the parameters of a metric; what is no dict stays as it is, for a check to refuse."""
    if not isinstance(params, Mapping):
        return params
    return {name: deepcopy(value) if isinstance(value, _MUTABLE) else value for name, value in params.items()}


def _copies_on_write() -> bool:
    """Tell whether pandas keeps what was copied apart by itself."""
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
        if array.ndim == 1 and len(array) >= _RUN**2:  # one by one they would take ten times as long
            array = array[len(array) % _RUN :].reshape(-1, _RUN)
        rows = sampled_rows(len(array), array.nbytes // max(1, len(array)))
        checksum = zlib.crc32(array[rows].tobytes(), checksum)
    return checksum

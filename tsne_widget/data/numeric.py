"""Columns of numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np

from ..errors import invalid_type
from .coded import Coded, code_sorted, shown
from .columns import Column, Kind
from .encodings import MAX_INTEGER_CATEGORIES, MAX_NUMERIC_CATEGORIES, Scale, scale_of
from .missing import missing_in

#: Integers up to this one survive as float64, the numbers of JSON.
EXACT = 2**53
#: We count integers rather than sort them if they span no more than this.
_COUNTED = 2**16
#: How many numbers we look at before all, and among how many we look for one near a mistyped number.
_LOOKED_AT = 1_000


class NumberColumn(Column):
    """A column of numbers.

    Parameters
    ----------
    name : str
    array : ndarray of int or float, shape (n_samples,)
    missing : ndarray of bool, optional
        By default NaN is missing.
    kinds : tuple, optional
        How it can colour; by default its values decide.
    """

    type = "number"

    def __init__(
        self,
        name: str,
        array: np.ndarray,
        missing: np.ndarray | None = None,
        kinds: tuple[Kind, ...] | None = None,
    ):
        super().__init__(name)
        self._array = array
        self.missing = missing_in(array) if missing is None else missing
        self._given_kinds = kinds

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """How it can colour, the better way first."""
        return self._kinds if self._given_kinds is None else self._given_kinds

    @cached_property
    def _kinds(self) -> tuple[Kind, ...]:
        keys = self.ranks()[~self.missing]
        if not np.isfinite(keys).any():
            return ("categories",)
        if not _more_distinct_than(MAX_NUMERIC_CATEGORIES, keys):
            return ("categories", "scale")
        countable = self.type == "number" and _are_integers(keys)
        if countable and not _more_distinct_than(MAX_INTEGER_CATEGORIES, keys):
            return ("scale", "categories")
        return ("scale",)

    @cached_property
    def coded(self) -> Coded:
        """The distinct values in order, and which of them each row has."""
        return code_sorted(self._array, self.missing)

    def shown(self, row: int) -> str | None:
        """Return how the view shows the number of a row; None if it is missing."""
        return None if self.missing[row] else shown(self._array[row])

    def array(self) -> np.ndarray:
        """Return the values as a frame takes them, see `Column`."""
        return np.where(self.missing, np.nan, self._array) if self.missing.any() else self._array

    def numbers(self) -> np.ndarray:
        """Return the values as float64, see `Column`."""
        numbers = self._array.astype(np.float64)
        numbers[self.missing] = np.nan
        return numbers

    def since(self) -> tuple[np.ndarray, float]:
        """Return the values as float64 and the origin that they count from, see `Column`.

        The origin is 0 except for integers beyond 2**53 that lie close together.
        """
        present = self._array[~self.missing]
        if self._array.dtype.kind not in "iu" or not present.size:
            return self.numbers(), 0
        least, most = int(present.min()), int(present.max())
        if max(abs(least), abs(most)) <= EXACT or most - least > EXACT:
            return self.numbers(), 0
        apart = np.where(self.missing, 0, self._array - present.min())  # a missing number may wrap around
        return np.where(self.missing, np.nan, apart.astype(np.float64)), least

    def placed(self, value: Any, *, last: bool = False) -> float:
        """Return where a value lies, as `since` counts; `last` asks for the last moment that it stands for.

        Raises
        ------
        InvalidTypeError
            It is not a value that the column could have.
        """
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (Real, Decimal)):
            raise invalid_type(self.called, value, "limited by numbers")
        _, origin = self.since()
        return float(Decimal(str(value)) - int(origin)) if origin else float(value)

    def within(self, low: float | None, high: float | None) -> np.ndarray:
        """Tell which rows lie between two ends, as `since` counts, both included; missing values do not."""
        values, _ = self.since()
        if self._array.dtype.kind == "f":  # an end is as coarse as the values
            low, high = (end if end is None else float(self._array.dtype.type(end)) for end in (low, high))
        inside = ~self.missing
        if low is not None:
            inside &= values >= low
        if high is not None:
            inside &= values <= high
        return inside

    @cached_property
    def _scale(self) -> Scale:
        numbers, origin = self.since()
        return scale_of(self.called, numbers, origin=str(origin) if origin else None)

    def scale(self) -> Scale:
        """Return the values on a scale."""
        return self._scale

    def ranks(self) -> np.ndarray:
        """Return numbers in the order of the values."""
        return self._array

    def cells(self, positions: np.ndarray) -> list[Any]:
        """Return the values of some rows as JSON has them, see `Column`."""
        cells = map(_cell, self._array[positions])
        gone = self.missing[positions].tolist()
        return [None if missing else cell for cell, missing in zip(cells, gone, strict=True)]

    def _equals(self, value: Any) -> np.ndarray:
        if isinstance(value, str):
            value = _number(value)  # as the view shows it
        if isinstance(value, np.generic):
            value = value.item()  # numpy compares a plain float in the column's own precision
        if isinstance(value, Decimal):
            value = float(value)
        if not isinstance(value, Real) or isinstance(value, bool):  # to Python True equals 1
            return np.zeros(len(self), bool)
        return (self._array == value) & ~self.missing

    def _names_near(self) -> Iterable[str]:
        present = np.unique(self._array[~self.missing])
        return [shown(value) for value in present[:_LOOKED_AT]]

    def same_as(self, other: Column) -> bool:
        """Tell whether another column holds the same values."""
        if not isinstance(other, NumberColumn) or self.type != other.type:
            return False
        same = np.array_equal(self.missing, other.missing)
        here = ~self.missing
        return same and np.array_equal(self.ranks()[here], other.ranks()[here])


class FeatureColumn(NumberColumn):
    """A column of a matrix, read only when needed: there may be 30,000 of them.

    It colours by a scale, as counting its distinct values would read it.
    """

    def __init__(self, name: str, n: int, read: Callable[[], np.ndarray]):
        Column.__init__(self, name)
        self._n, self._read = n, read
        self._given_kinds = ("scale",)

    def __len__(self) -> int:
        return self._n

    @cached_property
    def _array(self) -> np.ndarray:  # type: ignore[override] # read late here
        return self._read()

    @cached_property
    def missing(self) -> np.ndarray:  # type: ignore[override] # read late here
        """Which rows lack a number."""
        return missing_in(self._array)


def _number(text: str) -> int | float | None:
    for read in (int, float):  # not every integer is a float
        try:
            return read(text)
        except ValueError:
            pass
    return None


def _cell(value: Any) -> int | float | str:
    if isinstance(value, (np.integer, np.bool_, int)):
        return int(value) if abs(int(value)) <= EXACT else str(value)
    if not np.isfinite(value):
        return str(value)
    return float(str(value)) if value.dtype.itemsize < 8 else float(value)  # 0.1 also in float32


def _are_integers(values: np.ndarray) -> bool:
    if values.dtype.kind in "iu":
        return True
    parts = (values[:_LOOKED_AT], values)
    return all(bool((np.floor(part) == part).all()) for part in parts)


def _more_distinct_than(limit: int, values: np.ndarray) -> bool:
    """Tell whether there are more distinct values; look at all values only if necessary."""
    return any(_count_distinct(part) > limit for part in (values[: 4 * limit], values))


def _count_distinct(values: np.ndarray) -> int:
    if not values.size:
        return 0
    if values.dtype.kind in "iu":
        low, high = int(values.min()), int(values.max())
        if high - low < _COUNTED:
            steps = (
                values.astype(np.int64) - low if low > -(2**62) and high < 2**62 else values - values.min()
            )
            return int(np.count_nonzero(np.bincount(steps.astype(np.int64))))
    return np.unique(values).size

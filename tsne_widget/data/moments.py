"""Columns of dates, times and durations."""

from __future__ import annotations

from datetime import date, datetime, timezone
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from ..errors import invalid_value
from .coded import Coded
from .durations import duration_in_words, read_duration
from .encodings import Scale, scale_of
from .numeric import NumberColumn

#: Units for showing times; we use the first that is exact for all of them.
_UNITS = ("D", "m", "s", "ms", "us", "ns")
_COARSE = ("Y", "M", "W")
_PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9, "ps": 10**12, "fs": 10**15, "as": 10**18}


class DateColumn(NumberColumn):
    """A column of dates, times or durations.

    Parameters
    ----------
    name : str
    array : ndarray of datetime64 or timedelta64, shape (n_samples,)
        In universal time if there is a `zone`; NaT if one is missing.
    zone : str, optional
        The time zone for showing times; `array()` stays in universal time.
    """

    type = "date"

    def __init__(self, name: str, array: np.ndarray, zone: str | None = None):
        super().__init__(name, array)
        self.zone = _zone_info(zone)
        self._ticks, self._per_second = _ticks(array)

    @property
    def is_duration(self) -> bool:
        """Whether its values are durations."""
        return self._array.dtype.kind == "m"

    def ranks(self) -> np.ndarray:
        """Return numbers in the order of the values."""
        return self._ticks

    def shown(self, row: int) -> str | None:
        """Return how the view shows the time of a row; None if it is missing."""
        return None if self.missing[row] else self._texts(self._array[[row]])[0]

    def array(self) -> np.ndarray:
        """Return the values as a frame takes them, see `Column`."""
        return self._array

    def taken(self, positions: np.ndarray) -> np.ndarray:
        """Return the values of some rows; those with a time zone become datetimes, to the microsecond."""
        moments = super().taken(positions)
        if not self.zone:
            return moments
        universal = (moment and moment.replace(tzinfo=timezone.utc) for moment in _datetimes(moments))
        local = (moment and moment.astimezone(self.zone) for moment in universal)
        return np.fromiter(local, object, len(moments))

    def numbers(self) -> np.ndarray:
        """Return the values as float64, see `Column`."""
        return np.where(self.missing, np.nan, self._ticks / self._per_second)

    def since(self) -> tuple[np.ndarray, float]:
        """Return seconds since the first time, and that time, see `Column`; durations have no origin."""
        present = self._ticks[~self.missing]
        if self.is_duration or not present.size:
            return self.numbers(), 0
        first = present.min()
        apart = np.where(self.missing, np.nan, (self._ticks - first) / self._per_second)
        return apart, float(first / self._per_second)

    def placed(self, value: Any, *, last: bool = False) -> float:
        """Return seconds from where `since` counts, see `NumberColumn`; a day is `last` at its end."""
        kind = "durations, such as '3 d 4 h'" if self.is_duration else "dates or times, such as '2024-05-31'"
        try:
            moment = self._moment(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise invalid_value(self.called, value, f"limited by {kind}") from error
        second = np.timedelta64(1, "s")
        if self.is_duration:
            return float(moment / second)  # type: ignore[operator] # a duration
        day = np.timedelta64(24, "h") if last and _is_day(value) else np.timedelta64(0, "s")
        present = self._array[~self.missing]
        seconds = float((moment - present.min()) / second) if present.size else 0.0
        return float(np.nextafter(seconds + float(day / second), -np.inf)) if day else seconds

    @cached_property
    def _scale(self) -> Scale:
        values, _ = self.since()
        if self.is_duration or np.isnan(values).all():
            return scale_of(self.called, values, quantity="duration")
        origin = self._texts(self._array[[int(np.nanargmin(values))]])[0]
        return scale_of(self.called, values, quantity="moment", origin=origin)

    @cached_property
    def coded(self) -> Coded:
        """The distinct values in order, and which of them each row has."""
        distinct, positions = np.unique(self._array[~self.missing], return_inverse=True)
        codes = np.full(len(self), -1, np.int32)
        codes[~self.missing] = positions
        return Coded(codes, list(distinct), self._texts(distinct))

    def cells(self, positions: np.ndarray) -> list[Any]:
        """Return the values of some rows as JSON has them, see `Column`."""
        gone = self.missing[positions].tolist()
        texts = self._texts(self._array[positions])
        return [None if missing else text for text, missing in zip(texts, gone, strict=True)]

    def _equals(self, value: Any) -> np.ndarray:
        try:
            wanted = self._moment(value)
        except (TypeError, ValueError, OverflowError):
            return np.zeros(len(self), bool)
        return (self._array == wanted) & ~self.missing

    def _moment(self, value: Any) -> np.datetime64 | np.timedelta64:
        """Read a time; without a time zone of its own it is in the column's."""
        if self.is_duration:
            if isinstance(value, str):
                value = read_duration(value)
            return value if isinstance(value, np.timedelta64) else np.timedelta64(value)
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)
        if isinstance(value, datetime):
            if self.zone and not value.tzinfo:
                value = value.replace(tzinfo=self.zone)
            if value.tzinfo:
                value = value.astimezone(timezone.utc).replace(tzinfo=None)
        return np.datetime64(value)

    @cached_property
    def _unit(self) -> str:
        """Return the coarsest unit that is exact for all times."""
        unit = np.datetime_data(self._array.dtype)[0]
        if unit in _COARSE:
            return unit
        present = self._array[~self.missing]
        exact = (unit for unit in _UNITS if (present == present.astype(f"M8[{unit}]")).all())
        return next(exact, unit)

    def _texts(self, moments: np.ndarray) -> list[str]:
        if self.is_duration:
            ticks, per_second = _ticks(moments)
            return [duration_in_words(ticks, per_second) for ticks in ticks.tolist()]
        if not self.zone:
            return np.datetime_as_string(moments, unit=self._unit).tolist()  # type: ignore[call-overload] # it is a unit
        universal = (moment and moment.replace(tzinfo=timezone.utc) for moment in _datetimes(moments))
        return [str(moment and moment.astimezone(self.zone).isoformat()) for moment in universal]


def _is_day(value: Any) -> bool:
    """Tell whether a value names a day rather than a moment."""
    if isinstance(value, str):
        return len(value.strip()) == len("2024-05-31")
    if isinstance(value, np.datetime64):
        return np.datetime_data(value.dtype)[0] == "D"
    return isinstance(value, date) and not isinstance(value, datetime)


def _datetimes(moments: np.ndarray) -> list[datetime | None]:
    return moments.astype("M8[us]").tolist()


def _ticks(array: np.ndarray) -> tuple[np.ndarray, int]:
    """Return times as integers, and how many of these make a second."""
    unit, count = np.datetime_data(array.dtype)
    if unit not in _PER_SECOND or count != 1:
        unit = "s"
        array = array.astype(f"{array.dtype.kind}8[s]")
    return array.astype(np.int64), _PER_SECOND[unit]


def _zone_info(zone: str | None) -> Any:
    if zone is None:
        return None
    try:
        return ZoneInfo(zone)
    except (KeyError, ValueError):  # such as UTC+02:00
        return timezone.utc

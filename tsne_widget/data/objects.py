"""Turn Python objects into a column of numbers, times, texts, pictures or objects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from numbers import Integral, Real
from typing import Any

import numpy as np

from .categorical import boolean_column, text_column
from .coded import is_whole, shown, whole
from .columns import Column
from .images import Images
from .missing import missing_among
from .moments import DateColumn
from .numeric import EXACT, NumberColumn
from .opaque import ImageColumn, ObjectColumn
from .pictures import is_picture

_BOOLEAN = (bool, np.bool_)
_NUMBER = (Real, Decimal)
_MOMENT = (date, np.datetime64)
_DURATION = (timedelta, np.timedelta64)


def column_of_objects(name: str, objects: Sequence[Any] | np.ndarray) -> Column:
    """Return the column for any objects; the types of those that are not missing decide."""
    missing = missing_among(objects)
    present = [value for value, gone in zip(objects, missing.tolist(), strict=True) if not gone]
    kinds = set(map(type, present))

    def are(*allowed: type) -> bool:
        return all(issubclass(kind, allowed) for kind in kinds)

    made: Column | None = None
    if are(str):
        texts = [None if gone else str(value) for value, gone in _pairs(objects, missing)]
        if all(text is None or is_whole(text) for text in set(texts)):
            return text_column(name, texts)
        return text_column(name, [text and whole(text) for text in texts], texts)
    if are(*_BOOLEAN):
        return boolean_column(name, _filled(objects, missing, False, bool), missing)
    if are(*_NUMBER) and not any(issubclass(kind, _BOOLEAN) for kind in kinds):
        made = _numbers(name, objects, missing, exact=are(Integral))
    elif are(*_MOMENT) or are(*_DURATION):
        made = _moments(name, objects, missing)
    elif all(map(is_picture, present)):
        return image_column(name, objects)
    if made is None and all(map(_is_a_label, kinds)) and all(map(_is_hashable, present)):
        texts = [None if gone else shown(value) for value, gone in _pairs(objects, missing)]
        made = text_column(name, texts, list(objects))
    return made or ObjectColumn(name, _as_objects(objects))


def image_column(name: str, objects: Sequence[Any] | np.ndarray, images: Images | None = None) -> ImageColumn:
    """Return a column of pictures."""
    pictures = _as_objects(objects)
    images = images or Images(f"column {name!r}", pictures.__getitem__, len(pictures))
    return ImageColumn(name, pictures, images)


def _pairs(objects: Sequence[Any] | np.ndarray, missing: np.ndarray) -> zip[tuple[Any, bool]]:
    return zip(objects, missing.tolist(), strict=True)


def _filled(objects: Sequence[Any] | np.ndarray, missing: np.ndarray, filler: Any, dtype: Any) -> np.ndarray:
    values = (filler if gone else value for value, gone in _pairs(objects, missing))
    return np.fromiter(values, dtype, len(objects))


def _numbers(
    name: str, objects: Sequence[Any] | np.ndarray, missing: np.ndarray, *, exact: bool
) -> Column | None:
    """Return a column of numbers; None if they would lose digits, such as identifiers of 20 digits."""
    whole = [int(value) for value, gone in _pairs(objects, missing) if not gone and _is_whole(value)]
    large = any(abs(value) > EXACT for value in whole)
    if large and len(whole) == len(objects) - np.count_nonzero(missing):
        exact = True  # Decimals too
    try:
        if exact:
            return NumberColumn(name, _filled(objects, missing, 0, np.int64), missing)
        array = _filled(objects, missing, np.nan, np.float64)
    except OverflowError:
        return None
    mixed = large and any(issubclass(type(value), Integral) and abs(value) > EXACT for value in objects)
    return None if mixed else NumberColumn(name, array)


def _is_whole(value: Any) -> bool:
    if isinstance(value, Decimal):
        return value.is_finite() and value == value.to_integral_value()
    return isinstance(value, Integral)


def _moments(name: str, objects: Sequence[Any] | np.ndarray, missing: np.ndarray) -> Column | None:
    """Return a column of times or durations; None if only some have a time zone."""
    present = [value for value, gone in _pairs(objects, missing) if not gone]
    aware = [value.tzinfo is not None for value in present if isinstance(value, datetime)]
    if any(aware):
        if sum(aware) < len(present):
            return None
        zones = {str(value.tzinfo) for value in present}
        universal = [
            None if gone else value.astimezone(timezone.utc).replace(tzinfo=None)
            for value, gone in _pairs(objects, missing)
        ]
        return DateColumn(name, np.array(universal, "M8[us]"), zones.pop() if len(zones) == 1 else "UTC")
    kind = "m8" if isinstance(present[0], _DURATION) else "M8"
    days = kind == "M8" and not aware and all(isinstance(value, date) for value in present)
    unit = "D" if days else "us"
    values = [None if gone else value for value, gone in _pairs(objects, missing)]
    return DateColumn(name, np.array(values, f"{kind}[{unit}]"))


def _is_a_label(kind: type) -> bool:
    """Tell whether objects of a type write themselves in words, not as '<Thing at 0x7f...>'."""
    return kind.__str__ is not object.__str__ or kind.__repr__ is not object.__repr__


def _is_hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _as_objects(values: Sequence[Any] | np.ndarray) -> np.ndarray:
    # Not np.array, which would search lists and arrays for more dimensions.
    return np.fromiter(values, object, len(values))

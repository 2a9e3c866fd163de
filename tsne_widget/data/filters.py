"""Conditions on the values of columns, and which rows pass them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from ..errors import InvalidValueError, SelectionError, invalid_type, invalid_value
from .columns import Column
from .encodings import MISSING, Scale
from .index import Index
from .missing import is_missing
from .numeric import NumberColumn
from .positions import as_positions
from .written import value_in_words

#: The most values that a condition names in words.
_NAMED = 3
RANGES = "a range of numbers, dates or durations as a tuple (least, most), in which None is no limit"


class Range(NamedTuple):
    """The values from low to high, both included, as a column's `since` has them; None is no limit."""

    low: float | None
    high: float | None


class Among(NamedTuple):
    """Some values, as the view shows them; None is a missing one."""

    names: tuple[str | None, ...]


@dataclass(frozen=True, eq=False)
class Condition:
    """What a row must be, or must not be if `negated`.

    Attributes
    ----------
    column : str or None
        None if the rows themselves are given.
    test : Range, Among or None
    words : str
        The test in words, without the name of the column.
    bits : ndarray of uint8
        One bit for each row, the lowest first: whether the test holds.
    """

    column: str | None
    test: Range | Among | None
    words: str
    bits: np.ndarray = field(repr=False)
    negated: bool = False

    @property
    def passing(self) -> np.ndarray:
        """One bit for each row, whether it passes; those after the last row mean nothing."""
        return ~self.bits if self.negated else self.bits


@dataclass(frozen=True, eq=False)
class Filter:
    """Conditions, all of which a row must pass, or `any` of them.

    Attributes
    ----------
    n : int
        Rows.
    conditions : tuple of Condition
        At least one.
    any : bool
    """

    n: int
    conditions: tuple[Condition, ...]
    any: bool = False

    @property
    def mask(self) -> np.ndarray:
        """Whether each row passes."""
        join = np.bitwise_or if self.any else np.bitwise_and
        bits = join.reduce([condition.passing for condition in self.conditions])
        return np.unpackbits(bits, count=self.n, bitorder="little").astype(bool)

    @property
    def rows(self) -> np.ndarray:
        """The positions of the rows that pass, sorted."""
        return np.flatnonzero(self.mask)

    def on(self, column: str | None, condition: Condition | None) -> Filter | None:
        """Return the filter with another condition on a column, or none; None if no condition is left."""
        there = [one for one in self.conditions if one.column == column]
        if condition is None:
            return self._of(one for one in self.conditions if one not in there)
        if not there:
            return self._of((*self.conditions, condition))
        kept = (one for one in self.conditions if one not in there[1:])
        return self._of(condition if one is there[0] else one for one in kept)

    def without(self, number: int) -> Filter | None:
        """Return the filter without one of its conditions; None if no condition is left."""
        gone = self._condition(number)
        return self._of(one for one in self.conditions if one is not gone)

    def turned(self, number: int) -> Filter:
        """Return the filter with one of its conditions turned into its opposite."""
        turned = self._condition(number)
        other = replace(turned, negated=not turned.negated)
        return replace(self, conditions=tuple(other if one is turned else one for one in self.conditions))

    def _condition(self, number: int) -> Condition:
        if number >= len(self.conditions):
            allowed = f"one of the {len(self.conditions)} conditions, counted from 0"
            raise invalid_value("condition", number, allowed)
        return self.conditions[number]

    def _of(self, conditions: Iterable[Condition]) -> Filter | None:
        left = tuple(conditions)
        return replace(self, conditions=left) if left else None


def of_rows(rows: Any, n: int, index: Index | None) -> Condition:
    """Return the condition to be one of some rows, given as positions or a mask."""
    positions = as_positions(rows, n, "where", index)
    mask = np.zeros(n, bool)
    mask[positions] = True
    return Condition(
        None, None, f"{len(positions):,} {'row' if len(positions) == 1 else 'rows'} given", _packed(mask)
    )


def condition_on(column: Column, value: Any) -> Condition:
    """Return the condition on a column that a user gives.

    Parameters
    ----------
    column : Column
    value : object
        A tuple of two is a range; anything else is a value, or a list of values, None for a missing one.

    Raises
    ------
    InvalidValueError, InvalidTypeError, SelectionError
        The column has no such range or value.
    """
    if isinstance(value, tuple):
        return _in_range(column, _range_given(column, value))
    names = list(value) if _is_several(value) else [value]
    if not names:
        raise invalid_value(column.called, value, "at least one value")
    return _among(column, names)


def condition_from(column: Column, test: Range | Among) -> Condition:
    """Return the condition on a column that a view asks for."""
    if isinstance(test, Range):
        return _in_range(column, test)
    return _among(column, test.names)


def _in_range(column: Column, test: Range) -> Condition:
    if not isinstance(column, NumberColumn):
        raise InvalidValueError(
            f"{column.called} is of type {column.type}, which has no ranges: name its values in a list"
        )
    low, high = test
    if low is None and high is None:
        raise invalid_value(column.called, (None, None), f"{RANGES}; one of them must be given")
    if low is not None and high is not None and low > high:
        raise InvalidValueError(f"the range of {column.called} is empty: its least is above its most")
    return Condition(
        column.name, test, _range_in_words(column.scale(), test), _packed(column.within(low, high))
    )


def _range_given(column: Column, value: tuple[Any, ...]) -> Range:
    """Return a range in the column's own terms."""
    if len(value) != 2:
        raise invalid_value(column.called, value, f"{RANGES}; values are named in a list")
    if not isinstance(column, NumberColumn):
        return Range(0, 0)  # the range is refused with the column's type
    low, high = (
        None if is_missing(end) or _is_no_limit(end) else column.placed(end, last=last)
        for end, last in zip(value, (False, True), strict=True)
    )
    return Range(low, high)


def _among(column: Column, values: Sequence[Any]) -> Condition:
    if column.type == "image":
        raise InvalidValueError(f"{column.called} holds pictures: rows are not filtered by them")
    mask = np.zeros(len(column), bool)
    names: list[str | None] = []
    for value in values:
        try:
            rows = column.match([value])
        except SelectionError as error:
            raise InvalidValueError(str(error)) from error
        mask[rows] = True
        names.append(column.shown(int(rows[0])))
    test = Among(tuple(dict.fromkeys(names)))
    return Condition(column.name, test, _names_in_words(test.names), _packed(mask))


def _range_in_words(scale: Scale, test: Range) -> str:
    span = scale.most - scale.least
    low, high = (None if end is None else value_in_words(end, span, scale) for end in test)
    if low is None:
        return f"at most {high}"
    return f"at least {low}" if high is None else low if low == high else f"{low} to {high}"


def _names_in_words(names: Sequence[str | None]) -> str:
    told = [MISSING if name is None else name for name in names]
    if len(told) > _NAMED:
        return f"{', '.join(told[:_NAMED])} or {len(told) - _NAMED:,} more"
    return " or ".join([", ".join(told[:-1]), told[-1]] if len(told) > 1 else told)


def _is_several(value: Any) -> bool:
    several = hasattr(value, "__iter__") and not isinstance(value, (str, bytes, Mapping))
    return several and getattr(value, "ndim", 1) > 0


def _is_no_limit(value: Any) -> bool:
    return isinstance(value, (float, np.floating)) and bool(np.isinf(value))


def _packed(mask: np.ndarray) -> np.ndarray:
    bits = np.packbits(mask, bitorder="little")
    bits.flags.writeable = False
    return bits


def filter_of(
    columns: Mapping[str, Column],
    n: int,
    index: Index | None,
    where: Any,
    exclude: Any,
    named: Mapping[str, Any],
    any: bool,
) -> Filter | None:
    """Return the filter that a user asks for; None if `where` is None and nothing else is given."""
    conditions: list[Condition] = []
    for name, given in (("where", where), ("exclude", exclude)):
        if given is None:
            continue
        if isinstance(given, Mapping):
            conditions += _on_columns(columns, given, negated=name == "exclude")
        elif name == "where":
            conditions.append(of_rows(given, n, index))
        else:
            raise invalid_type(name, given, "a mapping of columns to what rows must not be")
    conditions += _on_columns(columns, named, negated=False)
    return Filter(n, tuple(conditions), any) if conditions else None


def _on_columns(columns: Mapping[str, Column], given: Mapping[Any, Any], *, negated: bool) -> list[Condition]:
    found = ((columns[str(name)], value) for name, value in given.items())
    return [replace(condition_on(column, value), negated=negated) for column, value in found]

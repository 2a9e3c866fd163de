"""Has rows stand out by their values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..data import Source
from ..data.filters import Filter, condition_from, filter_of
from ..errors import InvalidValueError
from ..parameters.limits import NOT_GIVEN, check_yes_or_no
from ..wire import protocol
from .row_set import RowSet


class Filtering:
    """The filter of a widget, which its row set holds."""

    def __init__(self, source: Source, rows: RowSet):
        self._source, self._rows = source, rows

    def filter(self, where: Any, exclude: Any, any: Any, named: Mapping[str, Any]) -> None:
        """Have only the rows stand out that a user asks for."""
        joined = check_yes_or_no("any", any)
        if where is NOT_GIVEN and exclude is None and not named:
            raise InvalidValueError("filter() names no condition; filter(None) clears the filter")
        if where is None and (exclude is not None or named):
            raise InvalidValueError("filter(None) clears the filter: give no other condition with it")
        source = self._source
        given = None if where is NOT_GIVEN else where
        self._rows.put_filter(
            filter_of(source.columns, source.n, source.index, given, exclude, named, joined)
        )

    def do(self, wish: protocol.FilterWish) -> None:
        """Do what the user asks for in a view."""
        now = self._rows.filter
        match wish:
            case protocol.FilterColumn(name, test):
                self._rows.put_filter(self._with(now, name, test))
            case protocol.ClearFilter():
                self._rows.put_filter(None)
            case _ if now is None:
                raise InvalidValueError("there is no filter: all rows are shown")
            case protocol.DropCondition(number):
                self._rows.put_filter(now.without(number))
            case protocol.TurnCondition(number):
                self._rows.put_filter(now.turned(number))
            case protocol.JoinConditions(joined):
                self._rows.put_filter(Filter(now.n, now.conditions, joined))

    def _with(
        self, now: Filter | None, name: str | None, test: protocol.Range | protocol.Among | None
    ) -> Filter | None:
        if test is None:
            return now and now.on(name, None)
        if name is None:
            raise InvalidValueError("a condition must name a column")
        condition = condition_from(self._source.column(name), test)
        return now.on(name, condition) if now else Filter(self._source.n, (condition,))

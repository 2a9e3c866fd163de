"""Selections, filters, groups and suggestions as nested dicts, lists and arrays for a file, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from ..data import Source
from ..data.filters import Among, Condition, Filter, Range, condition_from
from ..data.groups import Group
from ..data.suggestions import Origin, Suggestion


class FiltersWritten:
    """Turns filters into numbers, and lists what these stand for; each occurs once."""

    def __init__(self) -> None:
        self._numbers: dict[Filter, int] = {}
        self.trees: list[dict[str, Any]] = []

    def number(self, filter: Filter | None) -> int | None:
        """Return the number of a filter; None if there is no filter."""
        if filter is None:
            return None
        if filter not in self._numbers:
            self._numbers[filter] = len(self.trees)
            conditions = [_condition_tree(condition) for condition in filter.conditions]
            self.trees.append({"any": filter.any, "conditions": conditions})
        return self._numbers[filter]


def columns_of(filters: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns that the filters of a file need."""
    columns = (condition["column"] for one in filters for condition in one["conditions"])
    return [column for column in dict.fromkeys(columns) if column is not None]


def filter_of(tree: Mapping[str, Any], source: Source) -> Filter:
    """Return a filter of a file, for the columns as they are now.

    Raises
    ------
    InvalidValueError
        A column has no such values any more.
    """
    return Filter(
        source.n, tuple(_condition_of(one, source) for one in tree["conditions"]), bool(tree["any"])
    )


def _condition_tree(condition: Condition) -> dict[str, Any]:
    tree: dict[str, Any] = {"column": condition.column, "negated": condition.negated}
    match condition.test:
        case Range(low, high):
            return {**tree, "range": [low, high]}
        case Among(names):
            return {**tree, "among": names}
    return {**tree, "words": condition.words, "bits": condition.bits}


def _condition_of(tree: Mapping[str, Any], source: Source) -> Condition:
    negated = bool(tree["negated"])
    if tree["column"] is None:
        bits = tree["bits"]
        if bits.dtype != np.uint8 or bits.shape != ((source.n + 7) // 8,):
            raise ValueError("a filter has another number of rows")
        return Condition(None, None, tree["words"], bits, negated)
    test = Range(*tree["range"]) if "range" in tree else Among(tuple(tree["among"]))
    return replace(condition_from(source.column(tree["column"]), test), negated=negated)


def rows_of(value: Any, n: int) -> np.ndarray:
    """Return rows of a file as positions: int64, ascending, each once, read-only."""
    rows = np.array(value, np.int64)
    if rows.ndim != 1 or (len(rows) and (rows[0] < 0 or rows[-1] >= n or (np.diff(rows) <= 0).any())):
        raise ValueError("rows do not exist")
    rows.flags.writeable = False
    return rows


def groups_tree(groups: Sequence[Group]) -> list[dict[str, Any]]:
    """Return groups for a file."""
    return [dict(vars(group)) for group in groups]


def groups_of(tree: Sequence[Mapping[str, Any]], n: int) -> list[Group]:
    """Return the groups of a file."""
    return [Group(one["name"], one["color"], rows_of(one["rows"], n)) for one in tree]


def suggestions_tree(found: Sequence[Suggestion], origin: Origin | None) -> dict[str, Any] | None:
    """Return suggested groups for a file; None if there are none."""
    if origin is None:
        return None
    return {"origin": asdict(origin), "all": [dict(vars(one)) for one in found]}


def suggestions_of(tree: Mapping[str, Any], n: int) -> tuple[list[Suggestion], Origin]:
    """Return the suggested groups of a file, and what they are a reading of."""
    found = [Suggestion(one["name"], rows_of(one["rows"], n), one["why"]) for one in tree["all"]]
    return found, Origin(**tree["origin"])

"""The names on the maps: where they come from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..data import Column, Source, hint, is_name
from ..data.groups import Group
from ..errors import DataError, UnknownColumnError, invalid_type
from ..export.names import Names
from ..parameters.constants import NAMES_SHOWN
from ..wire import traits


def check_name_by(source: Source, value: Any) -> str | None:
    """Return the column whose labels name points, "groups", or None; a column called "groups" comes first.

    Raises
    ------
    InvalidTypeError, UnknownColumnError, DataError
        It is none of these, or its values are no names.
    """
    if value is None:
        return None
    if not is_name(value):
        raise invalid_type("name_by", value, "the name of a column, 'groups', or None")
    if str(value) not in source.columns:
        if value == "groups":
            return "groups"
        near = hint(value, [*source.columns, "groups"])
        raise UnknownColumnError(f"name_by={value!r} is neither a column nor 'groups'{near}")
    column = source.column(value)
    if "categories" not in column.kinds:
        why = column.why_not or f"{column.called} holds too many numbers"
        raise DataError(f"{why}: it cannot name points")
    return column.name


def names_trait(
    source: Source, by: str | None, mode: str, labels: Mapping[str, Any] | None
) -> str | dict[str, Any] | None:
    """Describe the names for clients: 'labels' are those that colour; None: there are none.

    Parameters
    ----------
    by : str or None
        A checked `name_by`.
    mode : str
        What colours the points.
    labels : mapping or None
        How the column that colours, or coloured before a measure did, is encoded.
    """
    of_categories = labels is not None and labels["kind"] == "categories"
    if (by is None and mode == "groups") or (by == "groups" and "groups" not in source.columns):
        return "groups"
    if by is None and of_categories:
        return "labels"
    column = _column_that_names(source, by)
    if column is None:
        return None
    named = traits.labels_trait(column.name, column.categories())
    same = labels is not None and named == {**labels, "colors": []}
    return "labels" if same else named


def _column_that_names(source: Source, by: str | None) -> Column | None:
    """Return the column of a `name_by`; by default that of the labels, if these are categories."""
    if by is not None:
        return source.column(by)
    column = next((source.column(name) for name in source.colorings[:1]), None)
    return column if column is not None and column.kinds[:1] == ("categories",) else None


def shown_names(
    trait: str | Mapping[str, Any] | None,
    show: bool | str,
    labels: Mapping[str, Any] | None,
    groups: Sequence[Group],
    n: int,
) -> Names | None:
    """Return the names that a picture shows; None if it shows none.

    Parameters
    ----------
    trait : str, mapping or None
        From `names_trait`.
    show : bool or "auto"
        The value of `show_names`.
    """
    if trait == "groups":
        codes = np.full(n, len(groups))
        for code, group in enumerate(groups):
            codes[group.rows] = code
        names = [group.name for group in groups]
    else:
        told = labels if trait == "labels" else trait
        if not isinstance(told, Mapping):
            return None
        codes = np.frombuffer(told["codes"], "<u2").astype(int)
        names = told["names"][: len(told["names"]) - told["has_missing"]]
    few = 0 < len(names) <= NAMES_SHOWN
    shown = few if show == "auto" else show
    return Names(codes, names) if shown and names else None

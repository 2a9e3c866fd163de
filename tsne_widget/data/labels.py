"""Turn the values or names in `labels=` into the columns that colour, in order."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import Any

import narwhals.stable.v2 as nw

from ..errors import DataError, UnknownColumnError, invalid_type
from .columns import Column, distinct_names, require_unlike
from .frames import frame_of
from .near import hint
from .reading import column_of

#: The name of a column that came without one.
UNNAMED = "label"


@dataclass(frozen=True)
class Coloring:
    """A column that colours.

    Attributes
    ----------
    column : Column
    known : str or None
        Its name in X or data, if it comes from there.
    """

    column: Column
    known: str | None = None


def read_labels(
    labels: Any, n: int, known: Mapping[str, Column], require_order: Callable[[str, Any], None]
) -> list[Coloring]:
    """Return the columns that colour.

    Parameters
    ----------
    labels : None, str, sequence, or mapping of str to str or sequence
        As the user gave them.
    n : int
        Rows.
    known : mapping of str to Column
        The columns of X and of data.
    require_order : callable
        Takes a name for errors and a Series; raises if its index is that of X in another order.

    Raises
    ------
    DataError, InvalidTypeError
        A column is unknown, has the wrong length or order, or cannot colour.
    """
    if labels is None:
        return []
    frame = frame_of("labels", labels)
    if frame is not None:
        require_order("labels", labels)
        labels = {str(series.name): series.to_native() for series in frame.iter_columns()}
    if isinstance(labels, Mapping):
        require_unlike("labels", labels)
        given: list[tuple[str, str | None, Any]] = [
            (f"labels[{name!r}]", str(name), value) for name, value in labels.items()
        ]
    else:
        given = [("labels", None, labels)]
    read = [_coloring(called, name, value, n, known, require_order) for called, name, value in given]
    for coloring, (called, _, _) in zip(read, given, strict=True):
        if not coloring.column.kinds:
            raise DataError(f"{called} cannot colour the points: {coloring.column.why_not}")
    return read


def _coloring(
    called: str,
    name: str | None,
    value: Any,
    n: int,
    known: Mapping[str, Column],
    require_order: Callable[[str, Any], None],
) -> Coloring:
    if isinstance(value, str) or (is_name(value) and str(value) in known):
        return _named(called, name, str(value), known)
    if isinstance(value, bytes) or not hasattr(value, "__len__"):
        raise invalid_type(called, value, f"a sequence of {n} labels, the name of a column, or None")
    if isinstance(value, list) and len(value) != n and all(isinstance(own, str) for own in value):
        _require_no_names(called, value, known)
    require_order(called, value)
    own = name or _name_of(value)
    column = column_of(own or UNNAMED, value, n, called)
    if column.name not in known:
        return Coloring(column)
    if column.same_as(known[column.name]):
        return Coloring(known[column.name], column.name)
    if own is None:
        return Coloring(_renamed(column, distinct_names([UNNAMED], known)[0]))
    raise DataError(
        f"{called} has the name {column.name!r}, and so does a column with other values: "
        f"labels={{'another name': ...}} renames it"
    )


def _named(called: str, name: str | None, wanted: str, known: Mapping[str, Column]) -> Coloring:
    if wanted not in known:
        raise UnknownColumnError(f"{called}={wanted!r} is not a column of X or data{hint(wanted, known)}")
    if name is None or name == wanted:
        return Coloring(known[wanted], wanted)
    if name in known:
        raise DataError(f"{called}={wanted!r}: there is another column {name!r}, so it needs another name")
    return Coloring(_renamed(known[wanted], name), wanted)


def _renamed(column: Column, name: str) -> Column:
    other = copy.copy(column)
    other.name = name
    return other


def _name_of(value: Any) -> str | None:
    series = nw.from_native(value, series_only=True, pass_through=True)
    name = series.name if isinstance(series, nw.Series) else None
    return None if name is None or name == "" else str(name)


def _require_no_names(called: str, values: list[str], known: Mapping[str, Column]) -> None:
    if values and all(value in known for value in values):
        several = ", ".join(f"{value!r}: {value!r}" for value in values)
        raise DataError(f"{called}={values!r} names columns: to give several use {{{several}}}")


def is_name(value: Any) -> bool:
    """Tell whether a value can name a frame's column: a text, an integer, or a tuple for several levels."""
    return isinstance(value, (str, tuple)) or (isinstance(value, Integral) and not isinstance(value, bool))

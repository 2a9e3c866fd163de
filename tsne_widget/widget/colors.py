"""What colours the points: a column, or something that is computed in the view."""

from __future__ import annotations

from typing import Any

from ..data import Categories, Column, Scale, Source, hint, is_name
from ..errors import DataError, InvalidValueError, UnknownColumnError, invalid_type
from ..parameters.limits import check_one_of
from ..wire import protocol

#: What else than a column can colour.
COMPUTED = tuple(mode for mode in protocol.COLOUR_MODES if mode != "labels")


def mode_and_column(source: Source, value: Any) -> tuple[str, str | None]:
    """Return what a user means by `color_by`: a column, else something that is computed; None is no colour.

    A column may be named by an integer or a tuple where the user's frame calls it so.

    Raises
    ------
    UnknownColumnError, InvalidTypeError
        It is neither; names what is near.
    """
    if value is None:
        return "labels", None
    if not is_name(value):
        raise invalid_type("color_by", value, f"the name of a column, one of {', '.join(COMPUTED)}, or None")
    if value in COMPUTED and value not in source.columns:
        return value, None
    if str(value) not in source.columns:
        near = hint(value, [*source.columns, *COMPUTED])
        raise UnknownColumnError(f"color_by={value!r} is neither a column nor computed{near}")
    return "labels", source.column(value).name


def kind_of(column: Column, kind: str | None) -> str:
    """Return as what a column colours, the better way where none is asked for.

    Raises
    ------
    DataError, InvalidValueError
        It cannot colour, or not so.
    """
    if not column.kinds:
        raise DataError(f"{column.why_not}: it cannot colour the points")
    if kind is None:
        return column.kinds[0]
    allowed = " or ".join(map(repr, column.kinds))
    return check_one_of("color_as", kind, column.kinds, f"{allowed} for the column {column.name!r}")


def encoding_of(column: Column, kind: str) -> Categories | Scale:
    """Return how a column colours."""
    return column.categories() if kind == "categories" else column.scale()


def check_transform(name: str, value: Any, column: Column | None, kind: str | None) -> str:
    """Check how the numbers of a column go to colours; "linear" may be said of any, and of none.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        It is none, or there is no logarithm of what colours.
    """
    check_one_of(name, value, protocol.TRANSFORMS)
    if value == "linear":
        return value
    if column is None or kind != "scale":
        raise InvalidValueError(f"{name}={value!r} has no effect: no column of numbers colours on a scale")
    why_not = column.scale().why_not_log
    if why_not:
        raise InvalidValueError(f"{name}={value!r} is not possible for the column {column.name!r}: {why_not}")
    return value

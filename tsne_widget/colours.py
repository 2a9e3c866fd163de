"""What colours the points: a column, or something that is computed in the view."""

from __future__ import annotations

from typing import Any

from . import protocol
from .data import Column, Source, hint, is_name
from .errors import DataError, UnknownColumnError, invalid_type
from .settings import check_one_of

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


def labels_of(column: Column, kind: str) -> dict[str, Any] | None:
    """Return the trait that tells how a column colours."""
    encoding = column.categories() if kind == "categories" else column.scale()
    return protocol.labels_trait(column.name, encoding)

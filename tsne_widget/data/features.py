"""Decide which columns are features, and note the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import DataError, InvalidTypeError, UnknownColumnError, invalid_type
from .near import hint

#: How many column names a note lists for each reason.
LISTED = 8


def chosen(
    features: Any, names: Sequence[str], named: Callable[[Any], str] = str, *, called: str = "X"
) -> list[str]:
    """Check the features that a user chose; each must be one of `names`, the columns of what is `called` so.

    Raises
    ------
    InvalidTypeError, UnknownColumnError, DataError
        They are not a list of names, or a name is unknown or occurs twice.
    """
    scalar = not hasattr(features, "__len__") or getattr(features, "ndim", 1) == 0
    if scalar or isinstance(features, (str, bytes, Mapping)):
        raise invalid_type("features", features, "a list of column names, or None")
    if any(isinstance(name, (bool, np.bool_)) for name in features):
        raise invalid_type("features", features, "a list of column names, not a mask, or None")
    wanted = [named(name) for name in features]
    require_columns("features", wanted, names, called, ": each column can be a feature only once")
    if not wanted:
        raise DataError("features is empty: at least one column must be a feature")
    return wanted


def require_columns(
    parameter: str, wanted: Sequence[str], known: Sequence[str], called: str, twice: str = ""
) -> None:
    """Raise unless a parameter names columns of the data, each once; `twice` says why not twice.

    Raises
    ------
    UnknownColumnError, DataError
        A name is unknown, or occurs twice.
    """
    for position, name in enumerate(wanted):
        if name not in known:
            raise UnknownColumnError(
                f"{parameter} names {name!r}, which is not a column of {called}{hint(name, known)}"
            )
        if name in wanted[:position]:
            raise DataError(f"{parameter} names {name!r} twice{twice}")


def numeric(
    names: Sequence[str],
    is_number: Callable[[str], bool],
    apart: Collection[str],
    embeddings: Callable[[], Sequence[str]],
    *,
    called: str = "X",
) -> tuple[list[str], str]:
    """Return the numeric columns except those kept apart, such as labels, and a note on the others.

    Raises
    ------
    DataError
        There are none; the message says which columns hold `embeddings`, as the user may choose one.
    """
    numbers = {name for name in names if is_number(name)}
    features = [name for name in names if name in numbers and name not in apart]
    left_out = {
        "not numbers": [name for name in names if name not in numbers],
        "given as labels": [name for name in names if name in numbers and name in apart],
    }
    if not features:
        raise DataError(
            f"{called} has no numeric column that could be a feature: "
            f"{reasons(left_out) or 'it has no columns'}; {_ways_out(embeddings())}"
        )
    return features, note(len(features), len(names), left_out)


def note(count: int, of: int, left_out: Mapping[str, Sequence[str]]) -> str:
    """Say how many columns are features and which are ignored, by reason; empty if all are features."""
    if count == of:
        return ""
    are = "column is a feature" if count == 1 and of == 1 else "columns are features"
    return f"{count:,} of {of:,} {are}; ignored: {reasons(left_out)}"


def _ways_out(embeddings: Sequence[str]) -> str:
    if not embeddings:
        return "features= may name boolean or label columns"
    return (
        " or ".join(f"features=[{name!r}]" for name in embeddings[:LISTED])
        + " would use the embeddings there"
    )


def require_numbers(name: str, kind: str, *, embeddings: bool = False) -> None:
    """Raise for a chosen column that cannot be a feature, or not together with others."""
    if embeddings:
        raise InvalidTypeError(
            f"features names {name!r}, a column of embeddings, and others: it must be the only one, "
            f"features=[{name!r}]"
        )
    if kind not in ("number", "boolean"):
        raise InvalidTypeError(
            f"features names {name!r}, a column of type {kind}: a feature must hold numbers or booleans; "
            "one-hot encoding makes numbers of categories"
        )


def reasons(columns: Mapping[str, Sequence[str]]) -> str:
    """List columns by reason: 'a, b (reason); c (another)'."""
    parts = [f"{listed(names)} ({reason})" for reason, names in columns.items() if names]
    return "; ".join(parts)


def listed(names: Sequence[str]) -> str:
    """Name the first few columns, and say how many more there are."""
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more


_NUMBERED = re.compile(r"(.*?)\d+")


def have_names(names: Sequence[str]) -> bool:
    """Tell whether features are called something: x0, x1, ... or 0, 1, ... only number them."""
    stems = {found and found[1] for found in map(_NUMBERED.fullmatch, names)}
    return bool(names) and (len(stems) > 1 or None in stems)

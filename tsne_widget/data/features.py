"""Which columns are features, and what is said of the others."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from ..errors import DataError, InvalidTypeError, UnknownColumnError, invalid_type
from .near import hint

#: Names of columns that a note lists of each sort.
LISTED = 8


def chosen(features: Any, names: Sequence[str], named: Callable[[Any], str] = str) -> list[str]:
    """Check the names of features that a user chose, each of which is one of `names`.

    Raises
    ------
    InvalidTypeError, UnknownColumnError, DataError
        They are no list of names, one is unknown, one stands there twice.
    """
    scalar = not hasattr(features, "__len__") or getattr(features, "ndim", 1) == 0
    if scalar or isinstance(features, (str, bytes, Mapping)):
        raise invalid_type("features", features, "a list of the names of columns, or None")
    if any(isinstance(name, (bool, np.bool_)) for name in features):
        raise invalid_type("features", features, "a list of the names of columns, not a mask, or None")
    wanted = [named(name) for name in features]
    for position, name in enumerate(wanted):
        if name not in names:
            raise UnknownColumnError(f"features names {name!r}, which is no column of X{hint(name, names)}")
        if name in wanted[:position]:
            raise DataError(f"features names {name!r} twice: each column may be a feature once")
    if not wanted:
        raise DataError("features is empty: at least one column must be a feature")
    return wanted


def numeric(
    names: Sequence[str],
    is_number: Callable[[str], bool],
    apart: Collection[str],
    embeddings: Callable[[], Sequence[str]],
) -> tuple[list[str], str]:
    """Return the columns of numbers but those that are kept apart, as labels are, and a note on the others.

    Raises
    ------
    DataError
        There are none; says which column holds `embeddings`, one of which may be chosen.
    """
    numbers = {name for name in names if is_number(name)}
    features = [name for name in names if name in numbers and name not in apart]
    left_out = {
        "not numbers": [name for name in names if name not in numbers],
        "given as labels": [name for name in names if name in numbers and name in apart],
    }
    if not features:
        reasons = _reasons(left_out)
        raise DataError(
            f"X has no column of numbers that could be a feature: {reasons or 'it has no columns'}; "
            f"{_ways_out(embeddings())}"
        )
    return features, note(len(features), len(names), left_out)


def note(count: int, of: int, left_out: Mapping[str, Sequence[str]]) -> str:
    """Say how many columns are features and which are left out, by reason; empty where all are."""
    if count == of:
        return ""
    are = "column is a feature" if count == 1 and of == 1 else "columns are features"
    return f"{count:,} of {of:,} {are}; left out: {_reasons(left_out)}"


def _ways_out(embeddings: Sequence[str]) -> str:
    if not embeddings:
        return "features= may name columns of booleans or of labels"
    return (
        " or ".join(f"features=[{name!r}]" for name in embeddings[:LISTED])
        + " would use the embeddings there"
    )


def require_numbers(name: str, kind: str, *, embeddings: bool = False) -> None:
    """Raise for a column that was chosen and cannot be a feature, at least not beside others."""
    if embeddings:
        raise InvalidTypeError(
            f"features names {name!r}, a column of embeddings, and others: it must be alone, "
            f"features=[{name!r}]"
        )
    if kind not in ("number", "boolean"):
        raise InvalidTypeError(
            f"features names {name!r}, a column of type {kind}: a feature must be a column of numbers or "
            "booleans; categories may be made such by one-hot encoding"
        )


def _reasons(left_out: Mapping[str, Sequence[str]]) -> str:
    parts = [f"{_listed(names)} ({reason})" for reason, names in left_out.items() if names]
    return "; ".join(parts)


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - LISTED:,} more" if len(names) > LISTED else ""
    return ", ".join(names[:LISTED]) + more

"""What the widget used before `read_source`; it goes with its last use there."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import DataError, invalid_type
from .encodings import Categories, Scale
from .reading import column_of


def as_labels(labels: Any, n: int) -> Categories | Scale | None:
    """Turn labels into what they colour by; None where there are none."""
    if labels is None:
        return None
    if isinstance(labels, (str, bytes)) or not hasattr(labels, "__len__"):
        raise invalid_type("labels", labels, f"a sequence of {n} labels, or None")
    column = column_of("labels", labels, n, "labels")
    if not column.kinds:
        raise DataError(column.why_not)
    return column.categories() if column.kinds[0] == "categories" else column.scale()


def take_rows(X: Any, positions: np.ndarray) -> Any:
    """Take rows of what the user gave, in the user's own type and with its index where it has one."""
    if hasattr(X, "iloc"):
        return X.iloc[positions]
    return X[positions] if isinstance(X, np.ndarray) else np.asarray(X)[positions]

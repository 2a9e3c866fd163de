"""Trait types that validate and serialise."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets

from .data import as_positions
from .errors import invalid_value


class RowPositions(traitlets.TraitType):
    """Row positions: int64, sorted, each once; little-endian int32 on the wire.

    The number of rows is read from the owner's `n_rows`.
    """

    default_value = np.empty(0, np.int64)
    info_text = "row positions"

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.tag(sync=True, to_json=_to_wire, from_json=_from_wire)

    def validate(self, obj: Any, value: Any) -> np.ndarray:
        """Return checked positions; raise SelectionError for a row that does not exist."""
        positions = as_positions(value, obj.n_rows, self.name or "selection")
        positions.flags.writeable = False
        return positions

    def set(self, obj: Any, value: Any) -> None:
        """Set and notify where the rows differ; traitlets itself would compare arrays by truth."""
        new: Any = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        obj._trait_values[self.name] = new
        if not (isinstance(old, np.ndarray) and np.array_equal(old, new)):
            obj._notify_trait(self.name, old, new)


def _to_wire(positions: np.ndarray, _widget: Any) -> Any:
    return memoryview(np.asarray(positions, dtype="<i4").tobytes())


def _from_wire(buffer: Any, _widget: Any) -> np.ndarray:
    try:
        return np.frombuffer(buffer, dtype="<i4").astype(np.int64)
    except (TypeError, ValueError) as error:
        raise invalid_value("selection", buffer, "row positions as int32") from error

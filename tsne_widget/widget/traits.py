"""Trait types that validate and serialise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from ..data import as_positions
from ..errors import invalid_value


class RowPositions(traitlets.TraitType):
    """Row positions: int64, sorted, each once; little-endian int32 on the wire.

    The owner's `_row_set` knows how many rows there are, and their labels.
    """

    default_value = np.empty(0, np.int64)
    info_text = "row positions"

    if TYPE_CHECKING:
        # Traitlets' own types tell nothing of an owner whose base has none, as that of a widget.
        def __get__(self, obj: Any, cls: Any = None) -> np.ndarray: ...  # type: ignore[override]
        def __set__(self, obj: Any, value: Any) -> None: ...

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self.tag(sync=True, to_json=_to_wire, from_json=_from_wire)

    def validate(self, obj: Any, value: Any) -> np.ndarray:
        """Return checked positions; raise SelectionError for a row that does not exist."""
        positions = as_positions(value, obj._row_set.n, self.name or "selection", obj._row_set.index)
        positions.flags.writeable = False
        return positions

    def set(self, obj: Any, value: Any) -> None:
        """Set, and notify if the rows differ; traitlets would take the truth of an array."""
        new: Any = self._validate(obj, value)
        old = obj._trait_values.get(self.name)
        obj._trait_values[self.name] = new
        if not (isinstance(old, np.ndarray) and np.array_equal(old, new)):
            obj._notify_trait(self.name, old, new)


class Checked(traitlets.TraitType):
    """A value that a function of the owner and the value checks, even while notifications are held."""

    def __init__(self, default: Any, check: Callable[[Any, Any], Any], **kwargs: Any):
        super().__init__(default, **kwargs)
        self._check = check

    def validate(self, obj: Any, value: Any) -> Any:
        """Return the checked value, or raise what the function raises."""
        return self._check(obj, value)


class AxisTrait(traitlets.TraitType):
    """A parameter that may differ between the owner's maps: their value, or a tuple of the distinct ones.

    The trait only shows what the maps have. Setting it asks the owner's `_maps` to change them; the owner
    then calls `show`.
    """

    def set(self, obj: Any, value: Any) -> None:
        """Have the owner change its maps; the value that is shown already changes nothing."""
        if not obj._driver.begun:  # the constructor has checked it
            self.show(obj, value)
        elif value is not obj._trait_values.get(self.name, self):
            obj._maps.change(None, self.name, value)

    def show(self, obj: Any, value: Any) -> None:
        """Store a value without checking it, and notify if it differs."""
        old = obj._trait_values.get(self.name, self.default_value)
        obj._trait_values[self.name] = value
        if _compared(old) != _compared(value):
            obj._notify_trait(self.name, old, value)


def _compared(value: Any) -> Any:
    if isinstance(value, tuple):
        return tuple(_compared(one) for one in value)
    return id(value) if isinstance(value, np.ndarray) else value


def _to_wire(positions: np.ndarray, _widget: Any) -> Any:
    return memoryview(np.asarray(positions, dtype="<i4").tobytes())


def _from_wire(buffer: Any, widget: Any) -> np.ndarray:
    allowed = "row positions as int32, each once"
    if isinstance(buffer, (bytes, memoryview)) and memoryview(buffer).nbytes > 4 * widget._row_set.n:
        raise invalid_value("selection", f"{memoryview(buffer).nbytes} bytes", allowed)
    try:
        return np.frombuffer(buffer, dtype="<i4").astype(np.int64)
    except (TypeError, ValueError) as error:
        raise invalid_value("selection", buffer, allowed) from error


def ascending_positions(value: Any, _widget: Any) -> list[int]:
    """Return the positions that a client says are selected among new rows: a list, ascending, each once."""
    if not (isinstance(value, list) and all(type(one) is int for one in value) and value == sorted({*value})):
        raise invalid_value("selected_placed", value, "positions of new rows, ascending, each once")
    return value

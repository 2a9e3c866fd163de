"""Columns of pictures, and of any other objects."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from .coded import Coded, code_texts, whole
from .columns import Column, Kind
from .images import Images
from .missing import missing_among

#: The longest description of an object, in characters.
LONGEST = 200


class ObjectColumn(Column):
    """A column of lists, dicts, or any other objects; their `repr` describes them."""

    type = "object"

    def __init__(self, name: str, objects: np.ndarray):
        super().__init__(name)
        self._objects = objects
        self.missing = missing_among(objects)
        example = next((type(value).__name__ for value in objects[~self.missing]), "nothing")
        self.why_not = f"{self.called} holds objects, such as {example}, that cannot be labels"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """How it can colour, the better way first."""
        return ()

    @cached_property
    def coded(self) -> Coded:
        """The distinct values in order, and which of them each row has."""
        return code_texts([None if gone else _described(value) for value, gone in self._pairs()])

    def array(self) -> np.ndarray:
        """Return the values as a frame takes them, see `Column`."""
        return self._objects

    def cells(self, positions: np.ndarray) -> list[Any]:
        """Return the values of some rows as JSON has them, see `Column`."""
        return [None if self.missing[row] else _described(self._objects[row]) for row in positions]

    def same_as(self, other: Column) -> bool:
        """Tell whether another column holds the same values."""
        if not isinstance(other, ObjectColumn):
            return False
        return all(map(_same, self._objects, other._objects))

    def _pairs(self) -> Any:
        return zip(self._objects, self.missing, strict=True)


class ImageColumn(ObjectColumn):
    """A column of pictures; its cells are `Picture`."""

    type = "image"

    def __init__(self, name: str, objects: np.ndarray, images: Images):
        super().__init__(name, objects)
        self.images = images
        self.why_not = f"{self.called} holds pictures"

    @cached_property
    def coded(self) -> Coded:
        """The distinct values in order, and which of them each row has."""
        return Coded(np.where(self.missing, -1, 0).astype(np.int32), [None], ["picture"])

    def cells(self, positions: np.ndarray) -> list[Any]:
        """Return the values of some rows as JSON has them, see `Column`."""
        return [self.images.of(row) for row in positions]


def _described(value: Any) -> str:
    try:
        text = whole(repr(value))
    except Exception as error:  # its repr fails
        text = f"<{type(value).__name__}: {error}>"
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _same(mine: Any, other: Any) -> bool:
    if mine is other:
        return True
    try:
        return bool(np.all(mine == other))
    except Exception:  # they cannot be compared
        return False

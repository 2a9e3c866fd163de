"""What users give that has no name of its own, such as coordinates, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Given:
    """A value without a name of its own, and what it is called; compared by identity."""

    value: Any
    name: str


class Names:
    """All that was given to a widget, each value once."""

    def __init__(self) -> None:
        self._given: list[Given] = []

    def known(self, value: Any, called: str = "given") -> Given:
        """Return the value with its name: 'given', or in the order they came 'given 2', 'given 3', ..."""
        for given in self._given:
            if _same(given.value, value):
                return given
        number = 1 + sum(given.name.split(" ")[0] == called for given in self._given)
        given = Given(value, called if number == 1 else f"{called} {number}")
        self._given.append(given)
        return given

    def of(self, kind: Callable[[Any], bool]) -> list[Given]:
        """Return what was given of some kind, in the order it came."""
        return [given for given in self._given if kind(given.value)]

    def named(self, name: Any) -> Any:
        """Return what is called so; the name itself where nothing that was given is."""
        return next((given.value for given in self._given if given.name == name), name)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one is other


def plain(value: Any) -> Any:
    """Return a value as the user gave it."""
    return value.value if isinstance(value, Given) else value


def on_the_wire(value: Any) -> Any:
    """Return a value as it crosses to the browser: what was given stays in Python, its name goes."""
    return value.name if isinstance(value, Given) else value

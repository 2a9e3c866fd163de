"""Values that users give without a name, such as coordinates, and the names that we give them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False)
class Given:
    """A value without a name of its own, and our name for it; compared by identity."""

    value: Any
    name: str


class Names:
    """The unnamed values given for one axis, each once."""

    def __init__(self) -> None:
        self._given: list[Given] = []

    def known(self, value: Any, called: str = "given") -> Given:
        """Return the value with its name: 'given', then 'given 2', 'given 3', ... in order of arrival."""
        for given in self._given:
            if _same(given.value, value):
                return given
        given = Given(value, unused(called, [given.name for given in self._given]))
        self._given.append(given)
        return given

    def restored(self, named: Mapping[str, Any]) -> dict[str, Given]:
        """Take values back under the names that they had; return them by these names."""
        found = {name: Given(value, name) for name, value in named.items()}
        self._given = [*(one for one in self._given if one.name not in found), *found.values()]
        return found

    def __iter__(self) -> Iterator[Given]:
        return iter(self._given)

    def named(self, name: Any) -> Any:
        """Return the value with this name; the name itself if no value has it."""
        return next((given.value for given in self._given if given.name == name), name)


def unused(name: str, others: Collection[str], form: str = "{} {}") -> str:
    """Return a name that differs from all others: the name, or else the name with the first free number."""
    numbered = (form.format(name, number) for number in count(2))
    return next(one for one in chain([name], numbered) if one not in others)


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.array_equal(one, other)
    return one is other


def plain(value: Any) -> Any:
    """Return a value as the user gave it."""
    return value.value if isinstance(value, Given) else value


def on_the_wire(value: Any) -> Any:
    """Return a value as the browser sees it: unnamed values stay in Python and only their names cross."""
    return value.name if isinstance(value, Given) else value

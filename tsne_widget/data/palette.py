"""The colours that users give: for categories by name or in order, and for numbers a colormap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import numpy as np

from ..errors import invalid_type, invalid_value
from .colors import APART, CATEGORICAL, apart, checked_color, colormap_stops
from .encodings import Categories

_ALLOWED = "a dict of colours by category, a list of colours, the name of a colormap of matplotlib, or None"


@dataclass(frozen=True)
class Palette:
    """Colours of one's own.

    Attributes
    ----------
    given : object
        As the user gave it.
    by_name : mapping
        Colours as '#rrggbb' by category: the user's value, or its name in the view.
    in_order : tuple of str
        Colours of the first categories.
    stops : tuple of str
        Evenly spaced colours for numbers; empty for ours.
    """

    given: Any = None
    by_name: Mapping[Any, str] = field(default_factory=dict)
    in_order: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()

    def own_colors(self, categories: Categories) -> dict[str, str]:
        """Return the colours that this palette has for some categories, by their names."""
        there = dict(zip(categories.names, categories.values, strict=False))
        if categories.has_missing:
            there.pop(categories.names[-1])
        if self.in_order:
            return dict(zip(there, self.in_order, strict=False))
        found = {name: self.by_name.get(name) or self._of_value(value) for name, value in there.items()}
        return {name: color for name, color in found.items() if color is not None}

    def unknown_to(self, categories: Categories) -> list[str]:
        """Return the names in it that are none of some categories."""
        known = {*categories.names, *map(_key, categories.values)}
        return [str(name) for name in self.by_name if name not in known]

    def _of_value(self, value: Any) -> str | None:
        return self.by_name.get(_key(value))


def check_palette(value: Any) -> Palette:
    """Check the colours that a user gives.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        They are not colours; the message names the first that is none.
    MissingDependencyError
        Only matplotlib knows them, and it is not installed.
    """
    if value is None:
        return Palette()
    if isinstance(value, str):
        return Palette(value, stops=tuple(colormap_stops("palette", value)))
    if isinstance(value, Mapping):
        colors = {_key(name): checked_color(f"palette[{name!r}]", color) for name, color in value.items()}
        return Palette(dict(value), by_name=_with_texts(colors))
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if not isinstance(value, Sequence):
        raise invalid_type("palette", value, _ALLOWED)
    if len(value) == 0:
        raise invalid_value("palette", value, _ALLOWED)
    in_order = tuple(checked_color(f"palette[{number}]", color) for number, color in enumerate(value))
    return Palette(list(value), in_order=in_order)


def encoded(categories: Categories, own: Mapping[str, str]) -> list[str | int]:
    """Return the colour of each category: its own as '#rrggbb', or the number of one of ours.

    A category without a colour of its own gets the next of ours that can be told from all of them. An empty
    list stands for ours in order. The missing ones have no colour in it.
    """
    if not own:
        return []
    names = categories.names[: len(categories.names) - categories.has_missing]
    taken = set(own.values())
    free = [number for number, color in enumerate(CATEGORICAL) if apart(color, taken) >= APART]
    ours = cycle(free or range(len(CATEGORICAL)))
    return [own[name] if name in own else next(ours) for name in names]


def _key(value: Any) -> Any:
    """Return a value by which a category is found: numbers of numpy are those of Python."""
    return value.item() if isinstance(value, np.generic) else value


def _with_texts(colors: Mapping[Any, str]) -> dict[Any, str]:
    """Return the colours also by the texts of their names, unless a text is a name itself."""
    return {**{str(name): color for name, color in colors.items()}, **colors}

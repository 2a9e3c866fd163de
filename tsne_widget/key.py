"""What colours mean in a picture that Python draws: the same as in the view."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .groups import Group

_PALETTES: dict[str, Any] = json.loads((Path(__file__).parent / "palette.json").read_text("utf-8"))
_BLACK = 6
MISSING = f"#{_PALETTES['missing']}"


@dataclass(frozen=True)
class Entry:
    """One colour of a legend, what it stands for, and of how many rows."""

    color: str
    name: str
    count: int


@dataclass(frozen=True, eq=False)
class Key:
    """What colours the points.

    Attributes
    ----------
    title : str
        The column; empty where nothing colours.
    codes : ndarray of int, shape (n_samples,)
        Each point's position among `entries`; without any, all points have one colour.
    entries : list of Entry
        Of categories and groups.
    values : ndarray of float32, shape (n_samples,), or None
        Of a scale, from `low` to `high`; NaN is missing.
    """

    title: str
    codes: np.ndarray
    entries: list[Entry]
    values: np.ndarray | None = None
    low: float = 0.0
    high: float = 1.0


def categorical_colors(count: int, dark: bool) -> list[str]:
    """Return colours of categories as '#rrggbb'; adding one never changes those before it."""
    colors = [*_PALETTES["okabe_ito"].split(), *_PALETTES["further"].split()]
    if dark:
        colors[_BLACK] = _PALETTES["black_on_dark"]
    return [f"#{colors[i % len(colors)]}" for i in range(count)]


def scale_start(dark: bool) -> float:
    """Return from where on viridis is used: its first colours cannot be seen on dark."""
    return float(_PALETTES["viridis_left_out_on_dark"]) if dark else 0.0


def key_of_labels(labels: Mapping[str, Any] | None, n: int, dark: bool) -> Key:
    """Read the key from what a page is told of the column that colours."""
    if labels is None:
        return Key("", np.zeros(n, int), [Entry(categorical_colors(1, dark)[0], "", n)])
    if labels["kind"] == "scale":
        values = np.frombuffer(labels["values"], "<f4")
        return Key(labels["name"], np.zeros(n, int), [], values, labels["low"], labels["high"])
    names, missing = labels["names"], labels["has_missing"]
    colors = categorical_colors(len(names) - missing, dark) + [MISSING] * missing
    entries = [Entry(*one) for one in zip(colors, names, labels["counts"], strict=True)]
    return Key(labels["name"], np.frombuffer(labels["codes"], "<u2").astype(int), entries)


def key_of_groups(groups: Sequence[Group], n: int) -> Key:
    """Return the key of groups; where they overlap the later one shows."""
    codes = np.full(n, len(groups))
    for code, group in enumerate(groups):
        codes[group.rows] = code
    entries = [Entry(group.color, group.name, len(group.rows)) for group in groups]
    none = int((codes == len(groups)).sum())
    return Key("groups", codes, [*entries, Entry(MISSING, "in no group", none)])

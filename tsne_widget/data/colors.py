"""Colours of categories: ours, those that users give, and which of them can be told apart."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from ..errors import InvalidValueError, MissingDependencyError, invalid_type, invalid_value
from .near import hint

PALETTES: dict[str, Any] = json.loads((Path(__file__).parent.parent / "palette.json").read_text("utf-8"))
#: Our colours for categories, in order; in the dark, black is replaced.
CATEGORICAL = [f"#{color}" for name in ("okabe_ito", "further") for color in PALETTES[name].split()]
_BLACK = 6
MISSING = f"#{PALETTES['missing']}"
#: Colours at least this far apart in OKLab can be told apart: nearly as far as the nearest two of ours.
APART = 0.08
#: How many colours of a colormap the view gets; it blends between them.
STOPS = 64
#: From linear sRGB to cones, and from their cube roots to lightness and two opponent axes (Ottosson 2020).
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_OKLAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)
_HEX = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6}([0-9a-fA-F]{2})?)")


def categorical_colors(count: int, dark: bool) -> list[str]:
    """Return colours for categories as '#rrggbb'; adding one never changes those before it."""
    colors = list(CATEGORICAL)
    if dark:
        colors[_BLACK] = f"#{PALETTES['black_on_dark']}"
    return [colors[number % len(colors)] for number in range(count)]


def category_colors(labels: Mapping[str, Any], dark: bool) -> list[str]:
    """Return the colours of the categories that a labels trait describes, without the missing ones."""
    count, ours = len(labels["names"]) - labels["has_missing"], categorical_colors(len(CATEGORICAL), dark)
    told = labels["colors"] or range(count)
    return [ours[color % len(ours)] if isinstance(color, int) else color for color in told]


def apart(color: str, others: Collection[str]) -> float:
    """Return how far a colour is from the nearest of others, in OKLab; infinite if there are none."""
    return float(_all_apart([color], others)[0])


def _all_apart(colors: Collection[str], others: Collection[str]) -> np.ndarray:
    """Return how far each colour is from the nearest of others."""
    if not others:
        return np.full(len(colors), np.inf)
    distances: np.ndarray = np.linalg.norm(_oklab(colors)[:, None] - _oklab(others), axis=2).min(axis=1)
    return distances


def first_apart(candidates: Iterable[str], taken: Collection[str], shown: Collection[str]) -> str:
    """Return the first of some colours that can be told from all others; else the farthest not yet taken."""
    free = [color for color in candidates if color not in taken]
    distances = _all_apart(free, {*taken, *shown})
    apart_from_all = np.flatnonzero(distances >= APART)
    return free[apart_from_all[0] if len(apart_from_all) else int(np.argmax(distances))]


def checked_color(name: str, value: Any) -> str:
    """Return a colour as '#rrggbb'.

    Parameters
    ----------
    name : str
        What it is called in errors.
    value : object
        '#rrggbb', '#rgb', '#rrggbbaa' whose opacity is ignored, or whatever matplotlib takes for a colour: a
        name, or red, green and blue from 0 to 1.

    Raises
    ------
    InvalidValueError, InvalidTypeError
        It is no colour.
    MissingDependencyError
        Only matplotlib would know it, and it is not installed.
    """
    if isinstance(value, str) and _HEX.fullmatch(value):
        digits = value[1:].lower()
        return "#" + ("".join(2 * digit for digit in digits) if len(digits) == 3 else digits[:6])
    to_hex = _matplotlib(f"{name}={value!r}: a colour other than '#rrggbb'", "colors").to_hex
    try:
        return str(to_hex(value))
    except (ValueError, TypeError):
        allowed = "a colour: '#rrggbb', a name that matplotlib knows, or red, green and blue from 0 to 1"
        wrong = invalid_value if isinstance(value, (str, tuple, list)) else invalid_type
        raise wrong(name, value, allowed) from None


def colormap_stops(name: str, value: str) -> list[str]:
    """Return evenly spaced colours of one of matplotlib's colormaps, as '#rrggbb'.

    Raises
    ------
    InvalidValueError
        There is no such colormap; the message names similar ones.
    MissingDependencyError
        matplotlib is not installed.
    """
    matplotlib = _matplotlib(f"{name}={value!r}", "")
    if value not in matplotlib.colormaps:
        raise InvalidValueError(
            f"{name}={value!r} is not a colormap of matplotlib{hint(value, matplotlib.colormaps)}"
        )
    colormap = matplotlib.colormaps[value]
    return [str(matplotlib.colors.to_hex(colormap(at))) for at in np.linspace(0, 1, STOPS)]


def _matplotlib(what: str, part: str) -> Any:
    try:
        module = import_module("matplotlib")
        import_module("matplotlib.colors")
    except ImportError as error:
        raise MissingDependencyError(f"{what} needs matplotlib: pip install 'tsne_widget[image]'") from error
    return getattr(module, part) if part else module


def _oklab(colors: Iterable[str]) -> np.ndarray:
    srgb = np.array([list(bytes.fromhex(color[1:])) for color in colors]) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ _TO_CONES.T) @ _TO_OKLAB.T

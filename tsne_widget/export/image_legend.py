"""The legend of a picture that Python draws; colours mean the same as in the view."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..data.colors import MISSING, PALETTES, categorical_colors, category_colors
from ..data.encodings import Scale
from ..data.groups import Group
from ..data.written import mean_in_words, value_in_words
from ..measures.measure import Measured


@dataclass(frozen=True)
class Entry:
    """One colour of a legend: what it stands for and how many rows have it."""

    color: str
    name: str
    count: int


@dataclass(frozen=True, eq=False)
class ImageLegend:
    """The meaning of the points' colours.

    Attributes
    ----------
    title : str
        The column; empty if nothing colours the points.
    codes : ndarray of int, shape (n_samples,)
        Each point's position in `entries`; without entries all points share one colour.
    entries : list of Entry
        Categories or groups.
    values : ndarray of float, shape (n_samples,) or (panels, n_samples), or None
        The numbers of a scale from `low` to `high`, shared or one row per panel; NaN is missing. With `parts`
        they have another axis, of length 2.
    parts : tuple of str
        The names of two numbers, which mix two colours.
    ends : (str, str)
        The words at the ends of the scale; empty if numbers stand there.
    words : str
        The description of measured numbers; may have several lines.
    bright_first : bool
        Whether the low end is bright.
    log : bool
        Whether equal steps of colour are equal ratios.
    scale : Scale, optional
        The column's scale, if the numbers come from a column.
    span : float, optional
        The width of the range of all values.
    origin : int, optional
        The row from which distances are measured.
    stops : tuple of str
        The user's own colours for numbers, evenly spaced; empty for ours.
    """

    title: str
    codes: np.ndarray
    entries: list[Entry]
    values: np.ndarray | None = None
    parts: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 1.0
    ends: tuple[str, str] = ("", "")
    words: str = ""
    bright_first: bool = False
    log: bool = False
    scale: Scale | None = None
    span: float | None = None
    origin: int | None = None
    stops: tuple[str, ...] = ()

    def of_panels(self, positions: Sequence[int]) -> ImageLegend:
        """Return the legend for some panels, in this order."""
        if self.values is None or self.values.ndim == (2 if self.parts else 1):
            return self  # all panels share them
        return replace(self, values=self.values[list(positions)])

    def untitled(self) -> ImageLegend:
        """Return the same colours, which nothing explains."""
        return replace(self, title="")

    def written(self, value: float) -> str:
        """Return a value of the scale in words."""
        return value_in_words(value, self.span, self.scale)

    def shares(self, values: np.ndarray) -> np.ndarray:
        """Return how far values lie between `low` and `high`, from 0 to 1; 0 for missing ones."""
        known = np.where(np.isnan(values), self.low, values).astype(np.float64)
        low, high = self.low, self.high
        if self.log:
            low, high, known = math.log(low), math.log(high), np.log(np.maximum(known, low))
        elif math.isinf(high - low):  # the distance between them overflows
            low, high, known = low / 2, high / 2, known / 2
        return np.clip((known - low) / ((high - low) or 1.0), 0, 1)

    def bounds(self) -> tuple[str, str]:
        """Write both ends of the colours, marked if there are values beyond."""
        assert self.values is not None
        below = "≤ " if (self.values < self.low).any() else ""
        above = "≥ " if (self.values > self.high).any() else ""
        return below + self.written(self.low), above + self.written(self.high)


def square_colors(shares: np.ndarray, dark: bool) -> np.ndarray:
    """Return the colours of two numbers, as red, green and blue from 0 to 1.

    Parameters
    ----------
    shares : ndarray of shape (..., 2)
        Both numbers, from 0 to 1.
    dark : bool
        Whether the background is dark.
    """
    corners = PALETTES["square"]["dark" if dark else "light"].split()
    # As in the view, where both low and both high are the first and the last corner.
    neither, first, second, both = (np.array(list(bytes.fromhex(corner))) / 255 for corner in corners)
    x, y = shares[..., :1], shares[..., 1:]
    return (1 - y) * ((1 - x) * neither + x * first) + y * ((1 - x) * second + x * both)


def scale_start(dark: bool) -> float:
    """Return where on viridis a scale starts: its first colours cannot be seen on dark."""
    return float(PALETTES["viridis_left_out_on_dark"]) if dark else 0.0


def legend_of_scale(title: str, scale: Scale, transform: str, stops: tuple[str, ...] = ()) -> ImageLegend:
    """Return the legend for a column of numbers."""
    span = scale.most - scale.least
    said: dict[str, Any] = {"scale": scale, "span": span, "stops": stops}
    if transform == "log":
        middle = math.sqrt(scale.low) * math.sqrt(scale.high)
        said |= {"log": True, "words": middle_in_words(value_in_words(middle, span, scale))}
    return legend_of_numbers(title, scale.values, scale.low, scale.high, **said)


def middle_in_words(middle: str) -> str:
    """Say which number stands in the middle of a logarithmic scale."""
    return f"log scale, {middle} in the middle"


def legend_of_labels(labels: Mapping[str, Any] | None, n: int, dark: bool) -> ImageLegend:
    """Return the legend for categories, from the trait that describes them."""
    if labels is None:
        return ImageLegend("", np.zeros(n, int), [Entry(categorical_colors(1, dark)[0], "", n)])
    names, missing = labels["names"], labels["has_missing"]
    colors = category_colors(labels, dark) + [MISSING] * missing
    entries = [Entry(*one) for one in zip(colors, names, labels["counts"], strict=True)]
    return ImageLegend(labels["name"], np.frombuffer(labels["codes"], "<u2").astype(int), entries)


def legend_of_groups(groups: Sequence[Group], n: int) -> ImageLegend:
    """Return the legend for groups; where they overlap, the later one shows."""
    codes = np.full(n, len(groups))
    for code, group in enumerate(groups):
        codes[group.rows] = code
    entries = [Entry(group.color, group.name, len(group.rows)) for group in groups]
    none = int((codes == len(groups)).sum())
    return ImageLegend("groups", codes, [*entries, Entry(MISSING, "in no group", none)])


def legend_of_numbers(title: str, values: np.ndarray, low: float, high: float, **said: Any) -> ImageLegend:
    """Return the legend for a scale; `said` holds its other fields."""
    axis = -2 if said.get("parts") else -1
    return ImageLegend(
        title, np.zeros(values.shape[axis], int), [], values=values, low=low, high=high, **said
    )


def legend_of_measured(found: Measured, titles: Mapping[int, str]) -> ImageLegend:
    """Return the legend for measured values; `titles` names all maps by run, in order."""
    measure, span = found.measure, found.span
    values = found.values[0].astype(np.float64)
    if measure.needs == "map":
        own = dict(zip(found.runs, found.values, strict=True))
        values = np.stack([own.get(run, np.full(values.shape, np.nan)) for run in titles])
    elif found.row is not None:
        values[found.row] = span.low  # the scale does not begin at the row's distance to itself
    lines = [found.sentence]
    if measure.by_label:
        means = [_means_in_words(found, one) for one in found.values]
        if len(means) == 1:
            lines = [f"mean {means[0]}: {found.sentence}"]
        else:
            lines += [f"mean {mean}, {titles[run]}" for run, mean in zip(found.runs, means, strict=True)]
    if found.caution is not None:
        lines.append(found.caution.text)
    width, log = span.most - span.least, measure.transform == "log"
    if log:
        lines.insert(0, middle_in_words(value_in_words(math.sqrt(span.low * span.high), width)))
    said: dict[str, Any] = {"ends": measure.ends, "bright_first": measure.bright_first, "origin": found.row}
    said |= {"words": "\n".join(lines), "span": width, "parts": measure.parts, "log": log}
    return legend_of_numbers(measure.name, values, span.low, span.high, **said)


def _means_in_words(found: Measured, values: np.ndarray) -> str:
    """Write the mean of a map, or of each part: "0.25", or "missing 0.18, false 0.25"."""
    low, high = found.span.low, found.span.high
    told = [mean_in_words(_mean(column), low, high) for column in np.atleast_2d(values.T)]
    parts = found.measure.parts
    return ", ".join(f"{part} {mean}" for part, mean in zip(parts, told, strict=True)) if parts else told[0]


def _mean(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else math.nan

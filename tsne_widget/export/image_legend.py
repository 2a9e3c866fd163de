"""The legend of a picture that Python draws; colours mean the same as in the view."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..data.encodings import Scale
from ..data.groups import Group
from ..data.written import mean_in_words, value_in_words
from ..measures.measure import Measured

_PALETTES: dict[str, Any] = json.loads((Path(__file__).parent.parent / "palette.json").read_text("utf-8"))
_BLACK = 6
MISSING = f"#{_PALETTES['missing']}"


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
        The numbers of a scale from `low` to `high`, shared or one row per panel; NaN is missing.
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
    """

    title: str
    codes: np.ndarray
    entries: list[Entry]
    values: np.ndarray | None = None
    low: float = 0.0
    high: float = 1.0
    ends: tuple[str, str] = ("", "")
    words: str = ""
    bright_first: bool = False
    log: bool = False
    scale: Scale | None = None
    span: float | None = None
    origin: int | None = None

    def written(self, value: float) -> str:
        """Return a value of the scale in words."""
        return value_in_words(value, self.span, self.scale)

    def shares(self, values: np.ndarray) -> np.ndarray:
        """Return how far values lie between `low` and `high`, from 0 to 1; 0 for missing ones."""
        known = np.where(np.isfinite(values), values, self.low).astype(np.float64)
        low, high = self.low, self.high
        if self.log:
            low, high, known = math.log(low), math.log(high), np.log(known)
        elif math.isinf(high - low):  # the distance between them overflows
            low, high, known = low / 2, high / 2, known / 2
        return np.clip((known - low) / ((high - low) or 1.0), 0, 1)


def categorical_colors(count: int, dark: bool) -> list[str]:
    """Return colours for categories as '#rrggbb'; adding one never changes those before it."""
    colors = [*_PALETTES["okabe_ito"].split(), *_PALETTES["further"].split()]
    if dark:
        colors[_BLACK] = _PALETTES["black_on_dark"]
    return [f"#{colors[i % len(colors)]}" for i in range(count)]


def scale_start(dark: bool) -> float:
    """Return where on viridis a scale starts: its first colours cannot be seen on dark."""
    return float(_PALETTES["viridis_left_out_on_dark"]) if dark else 0.0


def legend_of_scale(title: str, scale: Scale, transform: str) -> ImageLegend:
    """Return the legend for a column of numbers."""
    span = scale.most - scale.least
    said: dict[str, Any] = {"scale": scale, "span": span}
    if transform == "log":
        middle = math.sqrt(scale.low) * math.sqrt(scale.high)
        said |= {"log": True, "words": f"log scale, {value_in_words(middle, span, scale)} in the middle"}
    return legend_of_numbers(title, scale.values, scale.low, scale.high, **said)


def legend_of_labels(labels: Mapping[str, Any] | None, n: int, dark: bool) -> ImageLegend:
    """Return the legend for categories, from the trait that describes them."""
    if labels is None:
        return ImageLegend("", np.zeros(n, int), [Entry(categorical_colors(1, dark)[0], "", n)])
    names, missing = labels["names"], labels["has_missing"]
    colors = categorical_colors(len(names) - missing, dark) + [MISSING] * missing
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
    return ImageLegend(title, np.zeros(values.shape[-1], int), [], values, low, high, **said)


def legend_of_measured(found: Measured, titles: Mapping[int, str]) -> ImageLegend:
    """Return the legend for measured values; `titles` names all maps by run, in order."""
    measure, span = found.measure, found.span
    values = found.values[0].astype(np.float64)
    if measure.needs == "map":
        own = dict(zip(found.runs, found.values, strict=True))
        values = np.stack([own.get(run, np.full(len(values), np.nan)) for run in titles])
    elif found.row is not None:
        values[found.row] = span.low  # the scale does not begin at the row's distance to itself
    lines = [found.sentence]
    if measure.by_label:
        means = [mean_in_words(_mean(one), span.low, span.high) for one in found.values]
        if len(means) == 1:
            lines = [f"mean {means[0]}: {found.sentence}"]
        else:
            lines += [f"mean {mean}, {titles[run]}" for run, mean in zip(found.runs, means, strict=True)]
    if found.caution is not None:
        lines.append(found.caution.text)
    said: dict[str, Any] = {"ends": measure.ends, "bright_first": measure.bright_first, "origin": found.row}
    said |= {"words": "\n".join(lines), "span": span.most - span.least}
    return legend_of_numbers(measure.name, values, span.low, span.high, **said)


def _mean(values: np.ndarray) -> float:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if finite.size else math.nan

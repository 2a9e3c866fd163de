"""How the values of a column are distributed: equal bins of numbers, or the most frequent values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from ..errors import DataError
from .categorical import TextColumn
from .columns import Column
from .numeric import NumberColumn

#: The bins of numbers, and the values that are told apart.
BINS, LISTED = 24, 12
#: The codes of rows in no bin: of another value, and without one.
OTHER, MISSING = 254, 255
#: Values beyond the robust range of a scale by more than this part of it do not stretch the bins.
_STRETCH = 1.0


@dataclass(frozen=True)
class Distribution:
    """The bin of each row.

    Attributes
    ----------
    codes : ndarray of uint8, shape (n_samples,)
        `OTHER` and `MISSING` stand for no bin.
    ends : list of [float, float] or None
        Of numbers the least and most value in each bin, as `since` counts; None of an empty one.
    names : list of str
        Of other values those in each bin, most frequent first.
    more : int
        How many further values there are.
    """

    codes: np.ndarray
    ends: list[list[float] | None]
    names: list[str]
    more: int


def distribution_of(column: Column) -> Distribution:
    """Return how the values of a column are distributed.

    Raises
    ------
    DataError
        It holds pictures.
    """
    if column.type == "image":
        raise DataError(f"{column.called} holds pictures: they have no distribution")
    if isinstance(column, NumberColumn):
        return _of_numbers(column)
    return _of_texts(column) if isinstance(column, TextColumn) else _of_values(column)


def _of_numbers(column: NumberColumn) -> Distribution:
    values, _ = column.since()
    finite = np.isfinite(values)
    codes = np.where(column.missing, MISSING, OTHER).astype(np.uint8)
    present = values[finite]
    if not present.size:
        return Distribution(codes, [], [], 0)
    edges = _edges(present, column)
    bins = np.clip(np.searchsorted(edges, present, side="right") - 1, 0, len(edges) - 2)
    codes[finite] = bins
    least, most = np.full(len(edges) - 1, np.inf), np.full(len(edges) - 1, -np.inf)
    np.minimum.at(least, bins, present)
    np.maximum.at(most, bins, present)
    ends = zip(least.tolist(), most.tolist(), strict=True)
    return Distribution(codes, [[low, high] if low <= high else None for low, high in ends], [], 0)


def _edges(present: np.ndarray, column: NumberColumn) -> np.ndarray:
    """Return the edges of the bins; few integers have one each, and a few extreme values share the last."""
    scale = column.scale()
    low, high = scale.least, scale.most
    if high - low < BINS and bool((present == np.round(present)).all()) and column.type == "number":
        return np.arange(low, high + 2) - 0.5
    reach = _STRETCH * (scale.high - scale.low)
    low, high = max(low, scale.low - reach), min(high, scale.high + reach)
    return np.linspace(low, high, BINS + 1) if low < high else np.array([low, np.nextafter(high, np.inf)])


def _of_texts(column: TextColumn) -> Distribution:
    """Return the most frequent texts, without sorting all of them."""
    texts = column.array().tolist()
    counts = Counter(text for text in texts if text is not None)
    names = [name for name, _ in counts.most_common(LISTED)]
    bin_of = {None: MISSING, **{name: bin for bin, name in enumerate(names)}}
    codes = np.fromiter((bin_of.get(text, OTHER) for text in texts), np.uint8, len(texts))
    return Distribution(codes, [], names, len(counts) - len(names))


def _of_values(column: Column) -> Distribution:
    coded = column.coded
    present = coded.codes >= 0
    counts = np.bincount(coded.codes[present], minlength=len(coded.names))
    order = np.argsort(-counts, kind="stable")
    used = int((counts > 0).sum())
    shown = order[: min(LISTED, used)]
    bin_of = np.full(len(counts) + 1, OTHER, np.uint8)
    bin_of[shown] = np.arange(len(shown))
    bin_of[-1] = MISSING
    return Distribution(
        bin_of[coded.codes], [], [coded.names[code] for code in shown.tolist()], used - len(shown)
    )

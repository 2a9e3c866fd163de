"""Encodings that colour points: categories, or numbers on a scale."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np

from ..errors import DataError
from .coded import Coded

#: The quantities that a scale can have.
Quantity: TypeAlias = Literal["number", "moment", "duration"]
#: How numbers become colours.
Transform: TypeAlias = Literal["linear", "log"]

#: Numbers with more distinct values than this are a scale; with fewer they are categories first.
MAX_NUMERIC_CATEGORIES = 40
#: Integers with up to this many distinct values may be shown as categories too.
MAX_INTEGER_CATEGORIES = 60
#: A colour code is a uint16; the last code is for missing values.
MAX_CATEGORIES = 65_534
#: The name of the category of missing values.
MISSING = "missing"
#: A scale spans these percentiles; otherwise a few extreme values would take up all the colours.
ROBUST = (2, 98)
#: Positive numbers that span this many decades may have a logarithmic scale.
LOG_DECADES = 3


@dataclass(frozen=True)
class Categories:
    """Values that name groups of rows.

    Attributes
    ----------
    names : list of str
        The categories in order, as the view shows them (see `legible`); the last is 'missing' if
        `has_missing`.
    codes : ndarray of uint16, shape (n_samples,)
        Each row's category as a position in `names`.
    counts : list of int
        The number of rows in each category, never 0.
    has_missing : bool
    values : list
        The user's value for each name; None for 'missing'.
    """

    names: list[str]
    codes: np.ndarray
    counts: list[int]
    has_missing: bool
    values: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Scale:
    """Numbers on a scale.

    Attributes
    ----------
    values : ndarray of float32 or float64, shape (n_samples,)
        In float32 if it holds all of them exactly. Missing values are NaN; infinite values do not affect the
        ranges. Times and durations are in seconds; values with an `origin` count from it.
    low, high : float
        The robust range: percentiles 2 and 98, or the whole range if these coincide.
    least, most : float
        The range of all finite values.
    quantity : {"number", "moment", "duration"}
        The kind of quantity.
    origin : str or None
        The value that they count from: a time in ISO 8601; or the smallest integer, if there are some beyond
        2**53, which float64 cannot all hold. None for 0.
    """

    values: np.ndarray
    low: float
    high: float
    least: float = float("nan")
    most: float = float("nan")
    quantity: Quantity = "number"
    origin: str | None = None

    @property
    def why_not_log(self) -> str:
        """Why the values have no logarithm; empty if they do."""
        if self.quantity == "moment":
            return "dates have no logarithm"
        if self.origin is not None:
            return "these integers are too large and too close together"
        return "" if self.least > 0 else f"all numbers must be above 0; the smallest is {self.least:g}"

    @property
    def transforms(self) -> list[Transform]:
        """The possible transforms; "log" is among them if the values span several decades."""
        several = not self.why_not_log and math.log10(self.most) - math.log10(self.least) >= LOG_DECADES
        return ["linear", "log"] if several else ["linear"]


def categories_of(name: str, coded: Coded) -> Categories:
    """Return the values of the rows as categories, in order, with missing ones last.

    Raises
    ------
    DataError
        There are more distinct values than codes.
    """
    counts = np.bincount(coded.codes + 1, minlength=len(coded.values) + 1)  # missing ones first
    used = np.flatnonzero(counts[1:])
    present = used.tolist()
    if len(used) > MAX_CATEGORIES:
        raise DataError(too_many(name, len(used)))
    has_missing = bool(counts[0])
    code = np.full(len(counts), len(used), np.uint16)
    code[used + 1] = np.arange(len(used))
    last = [int(counts[0])] if has_missing else []
    return Categories(
        legible([coded.names[value] for value in present], [MISSING] * has_missing),
        code[coded.codes + 1],
        counts[used + 1].tolist() + last,
        has_missing,
        [coded.values[value] for value in present] + [None] * has_missing,
    )


def legible(names: Sequence[str], more: Sequence[str] = ()) -> list[str]:
    """Return names that all look different, then `more` names unchanged.

    Names that differ only in blanks, consist of blanks, or look like one of `more` are quoted as in Python,
    with each blank as an open box.
    """
    looks = [" ".join(name.split()) for name in names]
    times = Counter([*looks, *more])
    boxed = {
        name: repr(name).replace(" ", "\N{OPEN BOX}")
        for name, look in zip(names, looks, strict=True)
        if not look or times[look] > 1
    }
    taken = set(boxed.values())
    return [*(boxed.get(name) or (repr(name) if name in taken else name) for name in names), *more]


def too_many(name: str, count: int) -> str:
    """Say that a column has too many distinct values for categories."""
    return f"{name} has {count} distinct values: at most {MAX_CATEGORIES} can be shown as categories"


def scale_of(
    name: str, numbers: np.ndarray, *, quantity: Quantity = "number", origin: str | None = None
) -> Scale:
    """Put numbers on a scale; they count from `origin` if given.

    Raises
    ------
    DataError
        No number is finite.
    """
    finite = numbers[np.isfinite(numbers)]
    if not finite.size:
        raise DataError(f"{name} has no finite number")
    least, most = float(finite.min()), float(finite.max())
    shrink = 1.0 if np.isfinite(most - least) else 0.5  # percentiles take differences, which may overflow
    low, high = (float(end) / shrink for end in np.percentile(finite * shrink, ROBUST))
    if not low < high:
        low, high = least, most
    return Scale(_narrowed(numbers), low, high, least, most, quantity, origin)


def _narrowed(numbers: np.ndarray) -> np.ndarray:
    """Return numbers in float32 if that holds them exactly, else in float64."""
    with np.errstate(over="ignore"):
        narrow = numbers.astype(np.float32)
    return narrow if np.array_equal(narrow, numbers, equal_nan=True) else numbers.astype(np.float64)

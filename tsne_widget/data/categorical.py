"""Columns of categories, booleans and texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from .coded import Coded, code_texts, shown
from .columns import Column, Kind
from .encodings import MAX_CATEGORIES, too_many

#: If the distinct texts outnumber this and half of the rows, they name rows, not categories.
MAX_NAMES = 20


class CategoricalColumn(Column):
    """A column with few distinct values, or of texts.

    Parameters
    ----------
    name : str
    coded : Coded
    type : {"category", "boolean"}
    """

    def __init__(self, name: str, coded: Coded, type: str = "category"):
        super().__init__(name)
        self._coded, self.type = coded, type
        self.missing = coded.codes < 0
        if len(coded.values) > MAX_CATEGORIES:
            used = np.unique(coded.codes[~self.missing]).size
            self.why_not = too_many(self.called, used) if used > MAX_CATEGORIES else ""

    @property
    def coded(self) -> Coded:
        """The distinct values in order, and which of them each row has."""
        return self._coded

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """How it can colour, the better way first."""
        return () if self.why_not else ("categories",)

    def numbers(self) -> np.ndarray:
        """Return the values as float64, see `Column`."""
        if self.type != "boolean":
            return super().numbers()
        return np.where(self.missing, np.nan, self.coded.codes)

    def array(self) -> np.ndarray:
        """Return the values as a frame takes them, see `Column`."""
        if self.type == "boolean" and not self.missing.any():
            return self.coded.codes.astype(bool)
        values = np.fromiter([*self.coded.values, None], object, len(self.coded.values) + 1)
        return values[self.coded.codes]

    def cells(self, positions: np.ndarray) -> list[Any]:
        """Return the values of some rows as JSON has them, see `Column`."""
        boolean = self.type == "boolean"
        cells = [*(map(bool, self.coded.values) if boolean else self.coded.names), None]
        return [cells[code] for code in self.coded.codes[positions].tolist()]


def category_column(name: str, codes: Any, categories: Sequence[Any]) -> CategoricalColumn:
    """Return a column of categories in the given order; missing values have the code -1."""
    names = [shown(value) for value in categories]
    return CategoricalColumn(name, Coded(np.array(codes, np.int32), list(categories), names))


def boolean_column(name: str, array: np.ndarray, missing: np.ndarray) -> CategoricalColumn:
    """Return a column of booleans; entries of `array` at missing ones do not matter."""
    codes = np.where(missing, -1, array.astype(np.int32)).astype(np.int32)
    return CategoricalColumn(name, Coded(codes, [False, True], ["False", "True"]), "boolean")


class TextColumn(Column):
    """A column of texts that mostly differ, or are too many for categories; we sort them only on demand.

    Parameters
    ----------
    name : str
    texts : sequence of str or None
    count : int
        The number of distinct texts.
    values : sequence, optional
        The values that the texts represent, if they are not texts.
    """

    type = "text"

    def __init__(
        self, name: str, texts: Sequence[str | None], count: int, values: Sequence[Any] | None = None
    ):
        super().__init__(name)
        self._texts, self._values = np.fromiter(texts, object, len(texts)), values
        self.missing = np.fromiter((text is None for text in texts), bool, len(texts))
        self.why_not = too_many(self.called, count) if count > MAX_CATEGORIES else ""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """How it can colour, the better way first."""
        return () if self.why_not else ("categories",)

    @cached_property
    def coded(self) -> Coded:
        """The distinct values in order, and which of them each row has."""
        return code_texts(self._texts.tolist(), self._values)

    def array(self) -> np.ndarray:
        """Return the values as a frame takes them, see `Column`."""
        return self._texts

    def cells(self, positions: np.ndarray) -> list[Any]:
        """Return the values of some rows as JSON has them, see `Column`."""
        return self._texts[positions].tolist()

    def shown(self, row: int) -> str | None:
        """Return the text of a row; None if it is missing."""
        return self._texts[row]

    def containing(self, text: str) -> np.ndarray:
        """Return the positions of all rows whose value contains a text, ignoring case."""
        wanted = text.casefold()
        return np.flatnonzero([bool(own) and wanted in own.casefold() for own in self._texts.tolist()])

    def _equals(self, value: Any) -> np.ndarray:
        return np.equal(self._texts, shown(value)).astype(bool)

    def _names_near(self) -> Iterable[str]:
        return self._texts[~self.missing].tolist()

    def same_as(self, other: Column) -> bool:
        """Tell whether another column holds the same values."""
        return isinstance(other, TextColumn) and bool(np.equal(self._texts, other._texts).all())


def text_column(
    name: str, texts: Sequence[str | None], values: Sequence[Any] | None = None
) -> CategoricalColumn | TextColumn:
    """Return a column of texts; they are categories unless most of them differ.

    `values` are the values that the texts represent, if they are not texts.
    """
    gone = texts.count(None)
    count = len(set(texts)) - (gone > 0)
    if count > MAX_CATEGORIES or (count > MAX_NAMES and count > (len(texts) - gone) / 2):
        return TextColumn(name, texts, count, values)
    return CategoricalColumn(name, code_texts(texts, values))

"""The columns of the rows: they colour points, and can be shown, sorted, searched and compared."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, partial
from typing import Any, Literal

import numpy as np

from ..errors import DataError, SelectionError, UnknownColumnError, shortened
from .coded import Coded, is_whole
from .encodings import MISSING, Categories, Scale, categories_of
from .missing import is_missing
from .near import hint

Kind = Literal["categories", "scale"]


class Column(ABC):
    """One column of the rows.

    Attributes
    ----------
    name : str
    type : {"number", "category", "text", "boolean", "date", "image", "object"}
    kinds : tuple of {"categories", "scale"}
        How it can colour, best first; empty if it cannot.
    why_not : str
        The reason if it cannot colour; empty if it can.
    feature : bool
        Whether it is one of the embedded columns.
    missing : ndarray of bool, shape (n_samples,)
    """

    type: str
    missing: np.ndarray
    why_not: str = ""

    def __init__(self, name: str):
        self.name = name
        self.feature = False

    def __len__(self) -> int:
        return len(self.missing)

    def __repr__(self) -> str:
        return f"<Column {self.name!r}: {self.type}, {len(self)} rows>"

    @property
    def called(self) -> str:
        """The name of the column in errors."""
        return f"column {self.name!r}"

    @property
    @abstractmethod
    def kinds(self) -> tuple[Kind, ...]:
        """How it can colour, the better way first."""

    @property
    @abstractmethod
    def coded(self) -> Coded:
        """The distinct values in order, and which of them each row has."""

    @abstractmethod
    def array(self) -> np.ndarray:
        """Return the values as a frame takes them: missing ones are None, NaN or NaT."""

    def taken(self, positions: np.ndarray) -> np.ndarray:
        """Return the values of some rows as a frame takes them, with times in their own time zone."""
        return self.array()[positions]

    @abstractmethod
    def cells(self, positions: np.ndarray) -> list[Any]:
        """Return the values of some rows as JSON has them; missing ones are None.

        Integers beyond 2**53 and infinite numbers become texts, times become ISO 8601, and objects a short
        description. Images become `Picture`, which is not JSON.
        """

    def shown(self, row: int) -> str | None:
        """Return how the view shows the value of a row; None if it is missing."""
        code = int(self.coded.codes[row])
        return self.coded.names[code] if code >= 0 else None

    def numbers(self) -> np.ndarray:
        """Return the values as float64: missing values are NaN, times are seconds since 1970.

        Raises
        ------
        DataError
            They are not numbers.
        """
        raise DataError(f"{self.called} is of type {self.type}: it does not hold numbers")

    def since(self) -> tuple[np.ndarray, float]:
        """Return `numbers` minus an origin, and the origin.

        The origin is 0 unless float64 holds only their differences exactly.
        """
        return self.numbers(), 0

    @cached_property
    def _categories(self) -> Categories:
        if self.why_not:
            raise DataError(self.why_not)
        return categories_of(self.called, self.coded)

    def categories(self) -> Categories:
        """Return the values as categories; missing values are the last category.

        Raises
        ------
        DataError
            There are too many values, or they cannot be told apart.
        """
        return self._categories

    def scale(self) -> Scale:
        """Return the values on a scale.

        Raises
        ------
        DataError
            They are not numbers.
        """
        raise DataError(f"{self.called} is of type {self.type}: it has no scale")

    def ranks(self) -> np.ndarray:
        """Return numbers that sort like the values; those of missing values mean nothing."""
        return self.coded.codes

    def order(self, positions: np.ndarray, descending: bool = False) -> np.ndarray:
        """Sort row positions by value; rows with equal values stay in order, and missing ones come last."""
        gone = self.missing[positions]
        present = positions[~gone]
        ranks = self.ranks()[present]
        if descending:  # read backwards, which keeps equal ones in order
            order = len(ranks) - 1 - np.argsort(ranks[::-1], kind="stable")[::-1]
        else:
            order = np.argsort(ranks, kind="stable")
        return np.concatenate([present[order], positions[gone]])

    def match(self, values: Iterable[Any]) -> np.ndarray:
        """Return the positions of all rows that have one of some values; None is a missing value.

        Raises
        ------
        SelectionError
            No row has a value; the message names it and similar values.
        """
        found = np.zeros(len(self), bool)
        for value in values:
            gone = is_missing(value)
            rows = self.missing if gone else self._equals(value)
            if not rows.any():
                lacking = "no row is missing a value" if gone else f"no row has {value!r}"
                near = "" if gone else hint(value, self._names_near())
                if isinstance(value, (bool, np.bool_)):
                    near = "; to select by a mask use mask="
                elif isinstance(value, str) and value == MISSING and self.missing.any():
                    near = "; use None for the rows without a value"
                raise SelectionError(f"{lacking} in {self.called}{near}")
            found |= rows
        return np.flatnonzero(found)

    def _equals(self, value: Any) -> np.ndarray:
        """Tell which rows have a value that is not missing."""
        return self.coded.rows_of(value)

    def _names_near(self) -> Iterable[str]:
        used = np.unique(self.coded.codes)
        return [self.coded.names[code] for code in used[used >= 0]]

    def containing(self, text: str) -> np.ndarray:
        """Return the positions of all rows whose value, as shown, contains a text, ignoring case."""
        wanted = text.casefold()
        coded = self.coded
        found = np.fromiter((wanted in name.casefold() for name in coded.names), bool, len(coded.names))
        return np.flatnonzero(np.append(found, False)[coded.codes])

    def same_as(self, other: Column) -> bool:
        """Tell whether another column holds the same values."""
        if self.type != other.type or not np.array_equal(self.missing, other.missing):
            return False
        mine, others = self.coded, other.coded
        return list(mine.names) == list(others.names) and np.array_equal(mine.codes, others.codes)


class Columns(Mapping[str, Column]):
    """Columns by name, in order; each is made on first use.

    Parameters
    ----------
    makers : mapping of str to callable
        The function that makes each column.
    features : collection of str
        The names of the features among them.

    Raises
    ------
    DataError
        A name contains half a surrogate pair, which cannot be sent to a browser.
    """

    def __init__(self, makers: Mapping[str, Callable[[], Column]], features: Iterable[str] = ()):
        self._makers = dict(makers)
        halved = next((name for name in self._makers if not is_whole(name)), None)
        if halved is not None:
            raise DataError(
                f"the name of column {halved!r} contains half a surrogate pair; rename the column"
            )
        self._features = frozenset(features)
        self._made: dict[str, Column] = {}

    def __getitem__(self, name: str) -> Column:
        if name not in self._made:
            if name not in self._makers:
                raise UnknownColumnError(f"there is no column {shortened(name)}{hint(name, self._makers)}")
            column = self._makers[name]()
            column.feature = name in self._features
            self._made[name] = column
        return self._made[name]

    def makers(self) -> dict[str, Callable[[], Column]]:
        """Return the function that makes each column, for use in another `Columns`."""
        return {name: partial(self.__getitem__, name) for name in self}

    def __contains__(self, name: object) -> bool:
        return name in self._makers

    def __iter__(self) -> Iterator[str]:
        return iter(self._makers)

    def __len__(self) -> int:
        return len(self._makers)

    def __repr__(self) -> str:
        return f"Columns({', '.join(self)})"


def require_unlike(called: str, names: Iterable[Any]) -> None:
    """Raise DataError if two names are the same text, such as 1 and '1'."""
    names = list(names)
    if len(set(map(str, names))) < len(names):
        raise DataError(f"{called} has columns whose names look alike: {names} must differ as texts")


def distinct_names(names: Iterable[str], taken: Iterable[str] = ()) -> tuple[str, ...]:
    """Return names that all differ: repeated ones get a number, as in 'CD3E (2)'."""
    known = set(taken)
    result = []
    for name in names:
        free, number = name, 1
        while free in known:
            number += 1
            free = f"{name} ({number})"
        known.add(free)
        result.append(free)
    return tuple(result)

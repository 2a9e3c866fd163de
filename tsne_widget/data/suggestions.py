"""Groups of rows that are suggested, until a user accepts them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import GroupError, InvalidValueError, invalid_type
from .columns import distinct_names
from .groups import Groups, checked_name
from .near import hint


@dataclass(frozen=True, eq=False)
class Suggestion:
    """A name, row positions (int64, sorted, unique, read-only), and why the name."""

    name: str
    rows: np.ndarray
    why: str = ""


@dataclass(frozen=True)
class Origin:
    """What suggestions are a reading of.

    Attributes
    ----------
    on : {"map", "data"}
    run : int
        The map, or a map in whose metric the data were read.
    epoch, iteration : int
        The moment of the map.
    words : str
        What they are: 'clumps of the map at iteration 750'.
    in_none : int
        How many rows were in no clump.
    without_place : int
        How many have no place on the map.
    """

    on: str
    run: int
    epoch: int
    iteration: int
    words: str
    in_none: int
    without_place: int


#: Said wherever suggestions are: a clump of a map need not be one of the data.
READING = {
    "map": "They are a reading of this map, not a fact: report() tells which gaps are in the data.",
    "data": "They are a reading of the nearest rows in the data, not a fact: report() tells of gaps.",
}


class Suggestions(Mapping[str, np.ndarray]):
    """Suggested groups by name, the largest first; your own groups stay as they are until you accept some.

    >>> found = w.find_clumps()
    >>> found.rename("clump 1", "queens")
    >>> found.merge("clump 2", "clump 3")
    >>> found.drop("clump 4")
    >>> found.accept()
    """

    def __init__(
        self, groups: Groups, changed: Callable[[], None], together: Callable[[], AbstractContextManager[Any]]
    ):
        self._groups, self._changed, self._together = groups, changed, together
        self._all: tuple[Suggestion, ...] = ()
        self._origin: Origin | None = None

    @property
    def all(self) -> tuple[Suggestion, ...]:
        """The suggestions in order."""
        return self._all

    @property
    def origin(self) -> Origin | None:
        """What they are a reading of; None if nothing was looked for, or all was dismissed."""
        return self._origin

    def why(self, name: str) -> str:
        """Return a sentence on what sets the rows apart and has given the name; empty if you named them."""
        return self._get(name).why

    def accept(self, names: Any = None) -> list[str]:
        """Save suggestions as groups.

        Parameters
        ----------
        names : str, list of str, or dict of str, optional
            Which ones; a dict gives new names to those that it accepts. By default all.

        Returns
        -------
        list of str
            The names of the groups. None replaces a group: a name that is taken gets a number.

        Raises
        ------
        GroupError, InvalidValueError, InvalidTypeError
            There is no such suggestion, or a new name is not allowed; nothing was saved.
        """
        chosen = self._chosen(names)
        given = names if isinstance(names, Mapping) else {}
        wanted = [checked_name(given.get(one.name, one.name)) for one in chosen]
        saved = list(distinct_names(wanted, self._groups))
        with self._together():
            for one, name in zip(chosen, saved, strict=True):
                self._groups.save(name, one.rows)
        self._without(chosen)
        return saved

    def rename(self, name: str, to: str) -> None:
        """Give a suggestion another name.

        Raises
        ------
        GroupError
            There is no such suggestion, or there is already one with the new name.
        """
        one = self._get(name)
        if checked_name(to) != name and to in self:
            raise GroupError(f"there is already a suggestion {to!r}: merge them, or rename that one first")
        self._put({name: replace(one, name=to, why="")} if to != name else {})

    def merge(self, *names: str, to: str | None = None) -> str:
        """Make one suggestion of several.

        Parameters
        ----------
        *names : str
            At least two.
        to : str, optional
            The name; by default that of the first.

        Returns
        -------
        str
            The name.

        Raises
        ------
        GroupError, InvalidValueError
            There is no such suggestion, there are fewer than two, or the name is taken.
        """
        chosen = self._chosen(list(names))
        if len(chosen) < 2:
            raise InvalidValueError(f"merge() takes at least two suggestions, found {len(chosen)}")
        first, *others = chosen
        name = first.name if to is None else checked_name(to)
        if name in {one.name for one in self._all if one not in chosen}:
            raise GroupError(f"there is already a suggestion {name!r}: merge them, or rename that one first")
        rows = np.unique(np.concatenate([one.rows for one in chosen]))
        rows.flags.writeable = False
        gone = {one.name for one in others}
        kept = tuple(one for one in self._all if one.name not in gone)
        self._all = tuple(Suggestion(name, rows) if one is first else one for one in kept)
        self._changed()
        return name

    def drop(self, *names: str) -> None:
        """Dismiss suggestions; without a name, all of them.

        Raises
        ------
        GroupError
            There is no such suggestion; nothing was dismissed.
        """
        self._without(self._chosen(list(names) or None))

    def replace(self, found: Sequence[Suggestion], origin: Origin) -> None:
        """Suggest other groups in place of all there are."""
        self._all, self._origin = tuple(found), origin
        self._changed()

    def name_anew(self, names: Mapping[str, tuple[str, str]]) -> None:
        """Give suggestions other names, and say why, all at once."""
        told = {one.name: names[one.name] for one in self._all if one.name in names}
        self._put({name: replace(self._get(name), name=to, why=why) for name, (to, why) in told.items()})

    def __getitem__(self, name: str) -> np.ndarray:
        return self._get(name).rows

    def __iter__(self) -> Iterator[str]:
        return iter([one.name for one in self._all])

    def __len__(self) -> int:
        return len(self._all)

    def __repr__(self) -> str:
        origin = self._origin
        if origin is None:
            return "Suggestions(): find_clumps() looks for groups to suggest"
        if not self._all:
            return f"Suggestions(): there are no {origin.words} that HDBSCAN could tell"
        lines = [f"{len(self)} suggested groups, {origin.words}. {READING[origin.on]}"]
        width = max(len(one.name) for one in self._all)
        for one in self._all:
            lines.append(f"  {one.name:<{width}}  {len(one.rows):>7,} rows  {one.why}".rstrip())
        lines.append(rest_in_words(origin))
        lines.append("accept() saves them as groups; rename(), merge() and drop() change them.")
        return "\n".join(lines)

    def _get(self, name: Any) -> Suggestion:
        for one in self._all:
            if one.name == name:
                return one
        raise GroupError(f"there is no suggestion {name!r}{hint(name, self)}")

    def _chosen(self, names: Any) -> list[Suggestion]:
        """Return the suggestions that a user names, each once; all for None."""
        if names is None:
            return list(self._all)
        if isinstance(names, str):
            names = [names]
        if not isinstance(names, (list, tuple, Mapping)):
            raise invalid_type("names", names, "a name, a list of names, or a dict of new names by old ones")
        return [self._get(name) for name in dict.fromkeys(names)]

    def _without(self, gone: Sequence[Suggestion]) -> None:
        self._all = tuple(one for one in self._all if one not in gone)
        if not self._all:
            self._origin = None
        self._changed()

    def _put(self, changed: Mapping[str, Suggestion]) -> None:
        self._all = tuple(changed.get(one.name, one) for one in self._all)
        self._changed()


def rest_in_words(origin: Origin) -> str:
    """Say how many rows are in no clump."""
    told = "1 row is" if origin.in_none == 1 else f"{origin.in_none:,} rows are"
    told = f"{told if origin.in_none else 'All rows are'} in {'no' if origin.in_none else 'a'} clump"
    if not origin.without_place:
        return f"{told}."
    has = "1 has" if origin.without_place == 1 else f"{origin.without_place:,} have"
    return f"{told}; {has} no place on this map."

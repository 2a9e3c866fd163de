"""Named sets of rows."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Collection, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..errors import GroupError, invalid_type, invalid_value, shortened
from . import Index, as_positions, hint, is_whole
from .colors import CATEGORICAL, checked_color, first_apart

#: Colours of groups in order: those of Okabe and Ito (2008) that show on white and on black, and some others
#: that are far from them.
COLORS = ("#0072b2", "#e69f00", "#009e73", "#d55e00", "#cc79a7", "#56b4e9", "#8228aa", "#8cb400")
#: Hues this part of a turn apart stay distinct, however many there are.
_GOLDEN_RATIO = 0.618034
#: So many more hues than groups are tried.
_MORE = 20
LONGEST_NAME = 200


@dataclass(frozen=True, eq=False)
class Group:
    """A name, a colour as '#rrggbb', and row positions: int64, sorted, unique, read-only."""

    name: str
    color: str
    rows: np.ndarray


class Groups(MutableMapping[str, np.ndarray]):
    """The groups of a widget by name, in the order in which they were saved.

    Give rows as in `TSNEWidget.select`: positions in any order, or a boolean mask. Groups may overlap; when
    they colour the points, a later group covers an earlier one.

    >>> w.groups["stem cells"] = w.selection
    >>> w.groups["stem cells"]
    array([  3,  17, 204])
    >>> w.groups.rename("stem cells", "progenitors")
    >>> del w.groups["progenitors"]
    """

    def __init__(
        self,
        n_rows: int,
        changed: Callable[[tuple[Group, ...]], None],
        index: Index | None = None,
        colors_shown: Callable[[], Collection[str]] = tuple,
    ):
        self._n, self._changed, self._index, self._colors_shown = n_rows, changed, index, colors_shown
        self._groups: tuple[Group, ...] = ()

    @property
    def all(self) -> tuple[Group, ...]:
        """The groups in order."""
        return self._groups

    def save(self, name: str | None, rows: Any, color: str | None = None) -> str:
        """Save rows under a name, in place of its earlier rows.

        Parameters
        ----------
        name : str or None
            None names it 'group 1', 'group 2', ...
        rows : array-like of int or of bool
            Positions or a mask; at least one row.
        color : str, optional
            See `TSNEWidget.palette`; by default the colour that the name had, else the next that can be told
            from those of other groups and from those that the points have.

        Returns
        -------
        str
            The name.

        Raises
        ------
        SelectionError, DataError, InvalidValueError, InvalidTypeError
            A row does not exist, there are no rows, or the name or colour is not allowed.
        """
        name = self._free_name() if name is None else checked_name(name)
        positions = as_positions(rows, self._n, "rows", self._index)
        if positions.size == 0:
            raise invalid_value("rows", rows, f"at least one row for the group {name!r}")
        positions.flags.writeable = False
        known = self._find(name)
        if color is not None:
            color = checked_color("color", color)
        if known is None:
            self._set((*self._groups, Group(name, color or self._free_color(), positions)))
        else:
            self._put(name, replace(known, rows=positions, color=color or known.color))
        return name

    def rename(self, name: str, to: str) -> None:
        """Give a group another name.

        Raises
        ------
        GroupError
            There is no such group, or there is already one with the new name.
        """
        group = self._get(name)
        if checked_name(to) != name and to in self:
            raise GroupError(f"there is already a group {to!r}: rename or delete it first")
        self._put(name, replace(group, name=to))

    def rename_several(self, names: Mapping[str, str]) -> None:
        """Give groups other names, by their old ones, all at once: two may swap theirs.

        Raises
        ------
        GroupError
            There is no such group, or two would have the same name.
        """
        if not isinstance(names, Mapping):
            raise invalid_type("names", names, "a dict of new names by the old ones")
        new = {self._get(old).name: checked_name(name) for old, name in names.items()}
        groups = tuple(replace(group, name=new.get(group.name, group.name)) for group in self._groups)
        if len({group.name for group in groups}) < len(groups):
            raise GroupError(f"names={shortened(names)} would give two groups the same name")
        self._set(groups)

    def color(self, name: str) -> str:
        """Return the colour of a group as '#rrggbb'."""
        return self._get(name).color

    def recolor(self, name: str, color: str) -> None:
        """Give a group another colour, see `TSNEWidget.palette`."""
        self._put(name, replace(self._get(name), color=checked_color("color", color)))

    def codes(self) -> np.ndarray:
        """Return for each row the number of the last group that contains it, or -1: int64, (n_samples,)."""
        codes = np.full(self._n, -1)
        for number, group in enumerate(self._groups):
            codes[group.rows] = number
        return codes

    def in_several(self) -> int:
        """Return how many rows are in more than one group."""
        times = np.zeros(self._n, np.int64)
        for group in self._groups:
            times[group.rows] += 1
        return int((times > 1).sum())

    def __getitem__(self, name: str) -> np.ndarray:
        return self._get(name).rows

    def __setitem__(self, name: str, rows: Any) -> None:
        self.save(name, rows)

    def __delitem__(self, name: str) -> None:
        gone = self._get(name)
        self._set(tuple(group for group in self._groups if group is not gone))

    def __iter__(self) -> Iterator[str]:
        return iter([group.name for group in self._groups])

    def __len__(self) -> int:
        return len(self._groups)

    def __repr__(self) -> str:
        return f"Groups({', '.join(f'{name!r}: {len(rows)} rows' for name, rows in self.items())})"

    def _find(self, name: Any) -> Group | None:
        if not isinstance(name, str):
            return None
        return next((group for group in self._groups if group.name == name), None)

    def _get(self, name: Any) -> Group:
        found = self._find(name)
        if found is None:
            raise GroupError(f"there is no group {name!r}{hint(name, self)}")
        return found

    def _put(self, name: str, changed: Group) -> None:
        self._set(tuple(changed if group.name == name else group for group in self._groups))

    def _set(self, groups: tuple[Group, ...]) -> None:
        self._groups = groups
        self._changed(groups)

    def _free_name(self) -> str:
        number = 1
        while f"group {number}" in self:
            number += 1
        return f"group {number}"

    def _free_color(self) -> str:
        taken = {group.color for group in self._groups}
        hues = map(_of_hue, range(len(self._groups) + _MORE))
        return first_apart(dict.fromkeys((*COLORS, *CATEGORICAL[8:], *hues)), taken, self._colors_shown())


def _of_hue(number: int) -> str:
    turn = number * _GOLDEN_RATIO % 1
    red, green, blue = (round(255 * part) for part in colorsys.hls_to_rgb(turn, 0.55, 0.6))
    return f"#{red:02x}{green:02x}{blue:02x}"


def checked_name(name: Any) -> str:
    """Return the name of a group, or raise InvalidTypeError or InvalidValueError."""
    if not isinstance(name, str):
        raise invalid_type("name", name, "a text")
    if not name.strip() or len(name) > LONGEST_NAME or not is_whole(name):
        allowed = f"a text of 1 to {LONGEST_NAME} characters, not blank and without half a surrogate pair"
        raise invalid_value("name", name, allowed)
    return name

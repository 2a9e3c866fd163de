"""The selection, the filter, what both were before, and groups of rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from threading import RLock
from typing import Any

import numpy as np

from ..data import Source, as_positions, values_of
from ..data.filters import Filter
from ..data.groups import Group, Groups
from ..errors import InvalidValueError, OverlapWarning, invalid_type, invalid_value
from ..parameters.limits import NOT_GIVEN, SELECT_MODES, check_one_of
from ..parameters.warn import warn_user
from ..wire import protocol, traits
from .undo import Undo


@dataclass(frozen=True, eq=False)
class Standing:
    """Which rows are selected, and which stand out; as long as there are selected rows."""

    selection: np.ndarray
    filter: Filter | None

    def __len__(self) -> int:
        return len(self.selection)


class RowSet:
    """The rows of a widget.

    Parameters
    ----------
    shown : object
        The widget's traits.
    lock : RLock
        Held while a thread sets traits.
    source : Source
        The data.
    label_column : callable
        Returns the column in which labels are looked up by default.
    colors_shown : callable
        Returns the colours of the labels, which no new group gets.
    """

    def __init__(
        self,
        shown: Any,
        lock: RLock,
        source: Source,
        label_column: Callable[[], str],
        colors_shown: Callable[[], Collection[str]],
    ):
        self._shown, self._lock, self._source, self._label_column = shown, lock, source, label_column
        self.n, self.index = source.n, source.index
        self.groups = Groups(self.n, self._show_groups, self.index, colors_shown)
        self.filter: Filter | None = None
        self._undo: Undo[Standing] = Undo()
        #: Whether undo or redo is setting the selection.
        self._traveling = False

    def select(self, ways: dict[str, Any], by: str | None, mode: str) -> None:
        """Select rows by one of several ways of naming them."""
        check_one_of("mode", mode, SELECT_MODES)
        given = [name for name, value in ways.items() if value is not NOT_GIVEN]
        if len(given) != 1:
            told = ", ".join(given) or "none"
            raise InvalidValueError(f"select() takes one of rows, index, mask and label; found {told}")
        if by is not None and given != ["label"]:
            raise InvalidValueError(
                f"by={by!r} names the column in which to look for label: use it only with label"
            )
        found = self._found(given[0], ways[given[0]], by)
        with self._lock:
            self._shown.selection = _combined(self._shown.selection, found, mode)

    def invert(self) -> None:
        """Select the rows that are not selected."""
        with self._lock:
            others = np.setdiff1d(np.arange(self.n), self._shown.selection, assume_unique=True)
            self._shown.selection = others

    def put_filter(self, filter: Filter | None) -> None:
        """Have other rows stand out; None has all."""
        with self._lock:
            if filter is self.filter:
                return
            self._undo.note(self.standing)
            self._show_filter(filter)
            self._show_undo()

    def undo(self) -> None:
        """Go back to the previous selection or filter."""
        self._travel(self._undo.back)

    def redo(self) -> None:
        """Go forward to the selection or filter that was undone last."""
        self._travel(self._undo.forward)

    @property
    def undo_states(self) -> tuple[tuple[Standing, ...], tuple[Standing, ...]]:
        """What undo and redo return to, see `Undo`."""
        return self._undo.states

    def restore(
        self,
        standing: Standing,
        past: Sequence[Standing],
        future: Sequence[Standing],
        groups: Sequence[Group],
    ) -> None:
        """Be as another row set was."""
        with self._lock:
            for group in groups:
                self.groups.save(group.name, group.rows, group.color)
            self._shown.selection = standing.selection
            self._show_filter(standing.filter)
            self._undo.restore(past, future)
            self._show_undo()

    def note(self, before: Any) -> None:
        """Keep the selection that another has replaced, unless undo or redo did."""
        if self._traveling:
            return
        with self._lock:
            selection = before if isinstance(before, np.ndarray) else np.empty(0, np.int64)
            self._undo.note(Standing(selection, self.filter))
            self._show_undo()

    def given(self, name: str, rows: Any) -> np.ndarray:
        """Return the rows of a group, by its name, or the given rows."""
        if isinstance(rows, str):
            return self.groups[rows]
        return as_positions(rows, self.n, name, self.index)

    def searched(self, text: Any, column: str | None) -> tuple[np.ndarray, list[str]]:
        """Return the rows that contain a text, and where we looked for it."""
        if not isinstance(text, str):
            raise invalid_type("text", text, "a text")
        if not text:
            raise invalid_value("text", text, "a text that is not empty")
        return self._source.containing(text, column)

    def groups_to_series(self, name: Any) -> Any:
        """Return for each row the name of its group, as a series."""
        if not isinstance(name, str):
            raise invalid_type("name", name, "a text")
        several = self.groups.in_several()
        if several:
            warn_user(f"{several} rows are in several groups: the last group counts", OverlapWarning)
        names = list(self.groups)
        values = [names[code] if code >= 0 else None for code in self.groups.codes().tolist()]
        return self._source.new_series(name, values, names)

    def do(self, wish: protocol.RowWish) -> None:
        """Do what the user asks for in a view."""
        match wish:
            case protocol.Undo():
                self.undo()
            case protocol.Redo():
                self.redo()
            case protocol.SaveGroup(name, color):
                self.groups.save(name, self._shown.selection, color)
            case protocol.RenameGroup(name, to):
                self.groups.rename(name, to)
            case protocol.RecolorGroup(name, color):
                self.groups.recolor(name, color)
            case protocol.DeleteGroup(name):
                del self.groups[name]

    def _found(self, way: str, value: Any, by: str | None) -> np.ndarray:
        """Return the named rows, sorted and each once."""
        match way:
            case "rows":
                return as_positions(value, self.n, "rows", self.index)
            case "mask":
                mask = values_of(value, "mask", self.index)
                if mask.dtype.kind != "b":
                    raise invalid_value("mask", value, f"boolean, one for each of the {self.n} rows")
                return as_positions(mask, self.n, "mask")
            case "index":
                return np.unique(self._source.find(_as_list(value)))
            case _:
                column = self._source.column(self._label_column() if by is None else by)
                return np.unique(column.match(_as_list(value)))

    @property
    def standing(self) -> Standing:
        """What is selected and stands out now."""
        return Standing(self._shown.selection, self.filter)

    def _travel(self, step: Callable[[Standing], Standing | None]) -> None:
        with self._lock:
            target = step(self.standing)
            if target is not None:
                self._traveling = True
                try:
                    if target.filter is not self.filter:
                        self._show_filter(target.filter)
                    self._shown.selection = target.selection
                finally:  # an observer of the user may fail
                    self._traveling = False
                    self._show_undo()

    def _show_filter(self, filter: Filter | None) -> None:
        self.filter = filter
        self._shown._filter = traits.filter_trait(filter)

    def _show_undo(self) -> None:
        undo, redo = self._undo.sizes
        self._shown._undo = {"undo": undo, "redo": redo}

    def _show_groups(self, groups: tuple[Group, ...]) -> None:
        with self._lock:
            self._shown._groups = traits.groups_trait(groups)


def _combined(now: np.ndarray, rows: np.ndarray, mode: str) -> np.ndarray:
    match mode:
        case "add":
            return np.union1d(now, rows)
        case "remove":
            return np.setdiff1d(now, rows, assume_unique=True)
        case "intersect":
            return np.intersect1d(now, rows, assume_unique=True)
    return rows


def _as_list(value: Any) -> list[Any]:
    """Return a list of values; a text, or a tuple that labels a row of a MultiIndex, is one value."""
    if isinstance(value, (str, bytes, tuple)) or not hasattr(value, "__iter__"):
        return [value]
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return [value.item()]
    return list(value)

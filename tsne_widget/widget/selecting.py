"""The part of the widget that selects rows, remembers selections and names them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import traitlets

from ..data import Index, Source, as_positions, values_of
from ..data.groups import Group, Groups
from ..errors import InvalidValueError, invalid_type, invalid_value
from ..parameters.limits import NOT_GIVEN, SELECT_MODES, check_one_of
from ..wire import protocol
from .traits import RowPositions
from .undo import History

if TYPE_CHECKING:
    from typing_extensions import Self


class Selecting(traitlets.HasTraits):
    """Rows that are selected, their history, and groups of rows."""

    n_rows: int
    #: Held while traits are set by a thread.
    state_lock: threading.RLock
    _source: Source
    _past: History
    #: Whether the selection is one from the past.
    _travelling = False

    selection = RowPositions()
    _groups: Any = traitlets.List().tag(sync=True)
    _history: Any = traitlets.Dict({"undo": 0, "redo": 0}).tag(sync=True)

    def _set_up_selecting(self) -> None:
        self._past = History()
        self._named = Groups(self.n_rows, self._groups_changed, self.row_index)

    def select(
        self,
        rows: Any = NOT_GIVEN,
        *,
        index: Any = NOT_GIVEN,
        mask: Any = NOT_GIVEN,
        label: Any = NOT_GIVEN,
        by: str | None = None,
        mode: str = SELECT_MODES[0],
    ) -> Self:
        """Select rows by one of four ways of naming them.

        Parameters
        ----------
        rows : int, array-like of int or of bool, or None
            Positions in any order, or a boolean mask; None is nothing. Integers are always positions, also
            those of a Series; for labels there is `index`.
        index : label or list of labels
            The rows' own labels: the index of a pandas frame, `obs_names` of AnnData, as they are or as they
            are shown. A label that several rows have selects all of them.
        mask : array-like of bool, shape (n_samples,)
            True where a row is meant. A pandas Series with the rows' own labels in another order belongs to
            them by its labels, as in `df[mask]`; one whose labels are others but overlap is refused.
        label : value or list of values
            Rows with one of these values in the column `by`; None or NaN are those without a value. A value
            may be given as it is or as it is shown: `label="3"` finds the number 3, too.
        by : str, optional
            A column; by default the first that `labels` gave, whatever colours the points. Where no labels
            were given, the column that colours.
        mode : {"replace", "add", "remove", "intersect"}
            What to do with the rows that are selected already.

        Returns
        -------
        TSNEWidget
            The widget itself.

        Raises
        ------
        SelectionError, DataError, InvalidTypeError, InvalidValueError
            Naming the first row, label or value that does not exist; the selection stays as it was.

        Examples
        --------
        >>> w.select([3, 17])
        >>> w.select(label="cat")
        >>> w.select(index=["gene_12", "gene_40"], mode="add")
        >>> w.select(mask=df.age > 60, mode="intersect")
        """
        check_one_of("mode", mode, SELECT_MODES)
        ways = {"rows": rows, "index": index, "mask": mask, "label": label}
        given = [name for name, value in ways.items() if value is not NOT_GIVEN]
        if len(given) != 1:
            told = ", ".join(given) or "none"
            raise InvalidValueError(f"select() takes one of rows, index, mask and label: {told} were given")
        if by is not None and given != ["label"]:
            raise InvalidValueError(
                f"by={by!r} says in which column to look for label: it goes with no other"
            )
        found = self._found(given[0], ways[given[0]], by)
        with self.state_lock:
            self.selection = _combined(self.selection, found, mode)
        return self

    def select_all(self) -> Self:
        """Select all rows."""
        return self.select(np.arange(self.n_rows))

    def clear_selection(self) -> Self:
        """Select nothing."""
        return self.select(None)

    def invert_selection(self) -> Self:
        """Select the rows that are not selected."""
        with self.state_lock:
            return self.select(np.setdiff1d(np.arange(self.n_rows), self.selection, assume_unique=True))

    def undo(self) -> Self:
        """Go back to the selection before; at the beginning nothing happens."""
        return self._travel(self._past.back)

    def redo(self) -> Self:
        """Go forward to the selection that was taken back last; at the end nothing happens."""
        return self._travel(self._past.forward)

    def selected_rows(self) -> Any:
        """Return the selected rows in the type that you gave, with their index where it has one.

        They are rows of `data` where that was given, else of X: a DataFrame, Series, AnnData, array or sparse
        array; of a list of embeddings they are an array. Of a dict given as `data` they are a DataFrame in
        the library of X, of pandas where X is no frame, and a dict of arrays where pandas is not installed.
        Pictures in arrays are lists there.
        Nothing selected gives an empty one.

        Raises
        ------
        DataError
            What you gave was sorted in place, or has lost rows, so that positions are those of others.
        """
        return self._source.take(self.selection)

    def find(self, text: str, column: str | None = None) -> np.ndarray:
        """Return the rows that contain a text, in upper or lower case.

        Parameters
        ----------
        text : str
            Not empty.
        column : str, optional
            Where to look; by default in the rows' own labels and in all columns of text. Where rows have no
            labels of their own, digits are a position too.

        Returns
        -------
        ndarray of int64
            Positions, sorted; `select` takes them.

        Raises
        ------
        UnknownColumnError, InvalidValueError, InvalidTypeError
            There is no such column, or no text.
        """
        return self.searched(text, column)[0]

    @property
    def row_index(self) -> Index | None:
        """The rows' own labels, if they have any."""
        return self._source.index

    def searched(self, text: str, column: str | None) -> tuple[np.ndarray, list[str]]:
        """Return the rows that contain a text, and where it was looked for."""
        if not isinstance(text, str):
            raise invalid_type("text", text, "a text")
        if not text:
            raise invalid_value("text", text, "a text that is not empty")
        return self._source.containing(text, column)

    @property
    def groups(self) -> Groups:
        """Named sets of rows: a mapping that saves, renames and colours them; see `help(w.groups)`."""
        return self._named

    # --- inside -------------------------------------------------------------------------------------

    def _found(self, way: str, value: Any, by: str | None) -> np.ndarray:
        """Return the rows that are meant, sorted and each once."""
        match way:
            case "rows":
                return as_positions(value, self.n_rows, "rows", self.row_index)
            case "mask":
                mask = values_of(value, "mask", self.row_index)
                if mask.dtype.kind != "b":
                    raise invalid_value("mask", value, f"boolean, one for each of the {self.n_rows} rows")
                return as_positions(mask, self.n_rows, "mask")
            case "index":
                return np.unique(self._source.find(_as_list(value)))
            case _:
                column = self._source.column(self._label_column if by is None else by)
                return np.unique(column.match(_as_list(value)))

    @property
    def _label_column(self) -> str:
        """The column that labels are looked up in where none is named."""
        raise NotImplementedError

    def _travel(self, step: Any) -> Self:
        with self.state_lock:
            target = step(self.selection)
            if target is not None:
                self._travelling = True
                try:
                    self.selection = target
                finally:  # an observer of the user may fail
                    self._travelling = False
                    self._tell_history()
        return self

    @traitlets.observe("selection")
    def _selection_changed(self, change: Any) -> None:
        if self._travelling or not hasattr(self, "_past"):
            return
        with self.state_lock:
            before = change["old"]
            self._past.note(before if isinstance(before, np.ndarray) else np.empty(0, np.int64))
            self._tell_history()

    def _tell_history(self) -> None:
        undo, redo = self._past.sizes
        self._history = {"undo": undo, "redo": redo}

    def _groups_changed(self, groups: tuple[Group, ...]) -> None:
        with self.state_lock:
            self._groups = protocol.groups_trait(groups)

    def _do_with_rows(self, wish: protocol.RowWish) -> None:
        """Do what the user asks for in a view."""
        match wish:
            case protocol.Undo():
                self.undo()
            case protocol.Redo():
                self.redo()
            case protocol.SaveGroup(name, color):
                self.groups.save(name, self.selection, color)
            case protocol.RenameGroup(name, to):
                self.groups.rename(name, to)
            case protocol.RecolorGroup(name, color):
                self.groups.recolor(name, color)
            case protocol.DeleteGroup(name):
                del self.groups[name]


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
    """Return several values, or the one: texts and tuples, which label rows of a MultiIndex, are one."""
    if isinstance(value, (str, bytes, tuple)) or not hasattr(value, "__iter__"):
        return [value]
    if isinstance(value, np.ndarray) and value.ndim == 0:
        return [value.item()]
    return list(value)

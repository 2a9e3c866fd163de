"""Selecting, finding and grouping rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...data import Source
from ...data.groups import Groups
from ...parameters.limits import NOT_GIVEN, SELECT_MODES
from ..row_set import RowSet

if TYPE_CHECKING:
    from typing_extensions import Self


class RowsInterface:
    """The public methods about rows."""

    selection: Any
    _row_set: RowSet
    _source: Source

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
        """Select rows, named in one of four ways.

        Parameters
        ----------
        rows : int, array-like of int or of bool, or None
            Positions in any order, or a boolean mask; None selects nothing. Integers are always positions,
            even in a Series; for labels use `index`.
        index : label or list of labels
            The rows' own labels: the index of a pandas frame, `obs_names` of AnnData, as they are or as the
            view shows them. A label that several rows share selects all of them.
        mask : array-like of bool, shape (n_samples,)
            True for the rows to select. A pandas Series with the rows' own labels in another order is matched
            by label, as in `df[mask]`; if its labels differ but overlap, it is refused.
        label : value or list of values
            Rows with one of these values in the column `by`; None or NaN means rows without a value. You may
            give a value as it is or as the view shows it: `label="3"` also finds the number 3.
        by : str, optional
            A column; by default the first from `labels`, whatever colours the points, or without labels the
            column that colours.
        mode : {"replace", "add", "remove", "intersect"}
            What to do with the rows that are already selected.

        Returns
        -------
        TSNEWidget
            The widget itself.

        Raises
        ------
        SelectionError, DataError, InvalidTypeError, InvalidValueError
            A row, label or value does not exist; the message names the first one, and the selection stays.

        Examples
        --------
        >>> w.select([3, 17])
        >>> w.select(label="cat")
        >>> w.select(index=["gene_12", "gene_40"], mode="add")
        >>> w.select(mask=df.age > 60, mode="intersect")
        """
        ways = {"rows": rows, "index": index, "mask": mask, "label": label}
        self._row_set.select(ways, by, mode)
        return self

    def select_all(self) -> Self:
        """Select all rows."""
        return self.select(np.arange(self._row_set.n))

    def clear_selection(self) -> Self:
        """Select nothing."""
        return self.select(None)

    def invert_selection(self) -> Self:
        """Select the rows that are not selected."""
        self._row_set.invert()
        return self

    def undo(self) -> Self:
        """Go back to the previous selection; at the beginning nothing happens."""
        self._row_set.undo()
        return self

    def redo(self) -> Self:
        """Go forward to the selection that was undone last; at the end nothing happens."""
        self._row_set.redo()
        return self

    def selected_rows(self) -> Any:
        """Return the selected rows in the type of your data, with their index if it has one.

        They are rows of `data` if you gave it, else of X: a DataFrame, Series, AnnData, array or sparse
        array; a list of embeddings gives an array. A dict given as `data` gives a DataFrame in the library of
        X, of pandas if X is not a frame, or a dict of arrays if pandas is not installed. Pictures in arrays
        become lists there. If nothing is selected, the result is empty.

        Raises
        ------
        DataError
            Your data were sorted in place or have lost rows, so positions now refer to other rows.
        """
        return self._source.take(self.selection)

    def find(self, text: str, column: str | None = None) -> np.ndarray:
        """Return the rows that contain a text, ignoring case.

        Parameters
        ----------
        text : str
            Not empty.
        column : str, optional
            Where to look; by default in the rows' own labels and in all text columns. If rows have no labels
            of their own, digits also name a position.

        Returns
        -------
        ndarray of int64
            Positions, sorted; `select` takes them.

        Raises
        ------
        UnknownColumnError, InvalidValueError, InvalidTypeError
            There is no such column, or the text is empty.
        """
        return self._row_set.searched(text, column)[0]

    @property
    def groups(self) -> Groups:
        """Named sets of rows: a mapping that saves, renames and colours them; see `help(w.groups)`."""
        return self._row_set.groups

    def groups_to_series(self, name: str = "group") -> Any:
        """Return for each row the name of its group; missing if it is in none.

        Parameters
        ----------
        name : str
            The name of the Series.

        Returns
        -------
        Series
            In the library of your data (pandas if you gave no frame), with its index; categories in the order
            of the groups. A row in several groups has the last one, as in the view.

        Warns
        -----
        OverlapWarning
            Rows are in several groups.
        """
        return self._row_set.groups_to_series(name)

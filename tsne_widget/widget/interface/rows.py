"""RowSet that are selected, found and grouped."""

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
    """What users ask of the rows."""

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
            RowSet with one of these values in the column `by`; None or NaN are those without a value. A value
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
        """Go back to the selection before; at the beginning nothing happens."""
        self._row_set.undo()
        return self

    def redo(self) -> Self:
        """Go forward to the selection that was taken back last; at the end nothing happens."""
        self._row_set.redo()
        return self

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
        return self._row_set.searched(text, column)[0]

    @property
    def groups(self) -> Groups:
        """Named sets of rows: a mapping that saves, renames and colours them; see `help(w.groups)`."""
        return self._row_set.groups

    def groups_to_series(self, name: str = "group") -> Any:
        """Return for each row the name of its group; missing where it is in none.

        Parameters
        ----------
        name : str
            Of the series.

        Returns
        -------
        Series
            In the library of your data (pandas where you gave no frame), with its index; categories in the
            order of the groups. Of a row in several groups the last one, as in the view.

        Warns
        -----
        OverlapWarning
            RowSet are in several groups.
        """
        return self._row_set.groups_to_series(name)

"""New rows on the maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..placements import Placements

if TYPE_CHECKING:
    from typing_extensions import Self


class PlacingInterface:
    """The public methods about new rows."""

    _placements: Placements

    def place(self, X_new: Any, labels: Any = None, *, name: str | None = None) -> Self:
        """Show new rows on every map that can place them; the maps themselves stay as they are.

        Each map places them by its own method: t-SNE as `TSNE.transform`, UMAP by a descent of each row on
        the map, PCA by projection. They appear as squares as soon as a map rests, and again after every
        change of it; while it moves, they are hidden.
        New rows do not affect one another. Placing others replaces these, and `place(None)` takes them away.

        A tooltip names a new row and the rows of the data nearest to it. A click on one selects it, as
        `selected_placed`, and these nearest rows, as `selection`; a lasso selects what it circles of both.

        Parameters
        ----------
        X_new : array-like, sparse array, DataFrame or AnnData, or None
            At least one row with the features of X. A frame or an AnnData is taken by the names of its
            columns, in whatever order; with `use_rep` the same key of `obsm`. An array has the columns of
            X, or of its features if X was a frame, in the same order. With ``metric="precomputed"``
            distances to all rows of X, of shape (n_new, n_samples). It is copied.
        labels : sequence of length n_new, or name of a column of X_new, optional
            Colours the new rows if all are categories of the column that colours the points; else, and
            without labels, they have one neutral colour.
        name : str, optional
            What the legend calls them.

        Raises
        ------
        DataError, UnknownColumnError, InvalidTypeError, InvalidValueError
            The features are not those of X; the message names what is missing.
        NotRunningError
            The widget is closed.

        Warns
        -----
        PlacingWarning
            X_new has columns that X does not have. From `wait()` or `placed`: rows lie beyond the data, or a
            map cannot place them.

        Examples
        --------
        >>> w.place(tomorrow, labels="cell_type").wait().placed  # doctest: +SKIP
        """
        self._placements.place(X_new, labels, name)
        return self

    @property
    def placed(self) -> Any:
        """The new rows as a frame in the library of X_new, or of your data, with the index of X_new.

        Columns: 'label' if you gave labels; for each map 'x' and 'y', named as in `to_frame`, NaN until it is
        placed there and where that is impossible; 'nearest', the position of the nearest row of the
        data; 'distance' to it; 'beyond', whether the row lies beyond the data, farther from its nearest row
        than any row of the data from its own (None before the neighbours in the data are known); and
        'selected'. If maps differ in the metric, 'nearest', 'distance' and 'beyond' are there for each.

        Raises
        ------
        NotComputedError
            There are no new rows.
        MissingDependencyError
            You gave no frame, and pandas is not installed.

        Warns
        -----
        PlacingWarning
            Once: rows lie beyond the data, or a map cannot place them.
        """
        return self._placements.placed

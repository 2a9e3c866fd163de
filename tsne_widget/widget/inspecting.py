"""The part of the widget that tells what rows are: colours, contrasts, distances in the original space."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
import traitlets

from ..data import Scale, Source, as_positions
from ..errors import DataError, InvalidValueError, OverlapWarning, SelectionError, invalid_type, invalid_value
from ..measures.contrast import as_columns, numbers, shares
from ..measures.given_distances import GivenDistances
from ..measures.original_space import OriginalSpace, check_row
from ..parameters.constants import TOOLTIP_COLUMNS
from ..parameters.defaults import DEFAULTS, Settings
from ..parameters.limits import LIMITS, NOT_GIVEN
from ..parameters.warn import warn_user
from ..wire import protocol
from .colors import check_transform, encoding_of, kind_of, mode_and_column
from .selecting import Selecting
from .traits import Checked

#: Names of some sets of rows, and their positions.
Named: TypeAlias = tuple[list[str], list[np.ndarray]]


class Inspecting(Selecting):
    """What colours the points, what is told of them, what sets some of them apart."""

    _settings: Settings

    tooltip_columns: Any = Checked(
        (), lambda widget, value: widget._check_columns("tooltip_columns", value)
    ).tag(sync=True)
    point_size: Any = Checked(
        DEFAULTS.point_size, lambda _, value: LIMITS["point_size"].check("point_size", value)
    ).tag(sync=True)
    opacity: Any = Checked(DEFAULTS.opacity, lambda _, value: LIMITS["opacity"].check("opacity", value)).tag(
        sync=True
    )
    #: How numbers of the column that colours go to colours: "linear", or "log" where all finite ones are
    #: above 0. Another column starts with "linear".
    color_scale: Any = Checked(
        "linear", lambda widget, value: widget._check_color_scale("color_scale", value)
    ).tag(sync=True)
    _labels: Any = traitlets.Any(None, allow_none=True).tag(sync=True)
    _colour: Any = traitlets.Dict().tag(sync=True)
    _columns: Any = traitlets.List().tag(sync=True)
    _rows: Any = traitlets.Dict().tag(sync=True)

    # --- colours ------------------------------------------------------------------------------------

    @property
    def color_by(self) -> str | None:
        """What colours the points; it may be set at any time. Another column's scale is linear at first.

        The name of a column (of `labels`, `data` or X), 'groups', 'stability' (across several maps; labels
        are shown where only one is left), 'density' (of the original space), 'distance' (in the original
        space to what is pointed at), or None.

        Raises
        ------
        UnknownColumnError, InvalidTypeError, InvalidValueError, DataError
            When set: there is no such column, or it cannot colour.
        """
        mode = self._colour["mode"]
        return self._colour["column"] if mode == "labels" else mode

    @color_by.setter
    def color_by(self, value: str | None) -> None:
        self._colour_by(*mode_and_column(self._source, value))

    @property
    def color_as(self) -> str | None:
        """As what the column colours: 'categories' or 'scale'; it may be set where it can be both.

        Raises
        ------
        InvalidValueError
            When set: the column cannot colour so, or none colours.
        """
        return self._labels["kind"] if self._labels else None

    @color_as.setter
    def color_as(self, kind: str) -> None:
        column = self._colour["column"]
        if column is None:
            raise InvalidValueError(f"color_as={kind!r} has no effect: no column colours the points")
        self._colour_by("labels", column, kind)

    def _check_color_scale(self, name: str, value: Any) -> str:
        column = None if self.label_column is None else self._source.column(self.label_column)
        return check_transform(name, value, column, self.color_as)

    @property
    def shown_scale(self) -> Scale | None:
        """The scale of the column that colours, where it colours by one."""
        if self.label_column is None or self.color_as != "scale":
            return None
        return self._source.column(self.label_column).scale()

    @property
    def shown_labels(self) -> dict[str, Any] | None:
        """How the column that colours is encoded, as a page is told."""
        return self._labels

    def _colour_by(self, mode: str, column: str | None, kind: str | None = None) -> None:
        if mode == "stability":
            self._require_several()
        with self.state_lock, self.hold_trait_notifications():
            before = self.label_column, self.color_as
            for name, value in self._colour_traits(mode, column, kind).items():
                setattr(self, name, value)
            if (self.label_column, self.color_as) != before:
                self.color_scale = "linear"

    def _first_colours(self, mode: str, column: str | None) -> dict[str, Any]:
        """Return the traits at first; what is computed has labels to go back to, if any were given."""
        traits = self._colour_traits("labels", column)
        return {**traits, "_colour": {**traits["_colour"], "mode": mode}}

    def _colour_traits(self, mode: str, column: str | None, kind: str | None = None) -> dict[str, Any]:
        """Return the traits by which something colours; what is computed leaves the column as it was."""
        if mode != "labels":
            return {"_colour": {**self._colour, "mode": mode}}
        if column is None:
            return {"_labels": None, "_colour": protocol.colour_trait(mode, None, ())}
        found = self._source.column(column)
        encoding = encoding_of(found, kind_of(found, kind))
        transforms = encoding.transforms if isinstance(encoding, Scale) else ()
        return {
            "_labels": protocol.labels_trait(found.name, encoding),
            "_colour": protocol.colour_trait(mode, found.name, found.kinds, transforms),
        }

    def _require_several(self) -> None:
        """Raise where there is only one map, which has no stability."""
        raise NotImplementedError

    @property
    def label_column(self) -> str | None:
        """The column that colours, or coloured before something was measured; None: there is none."""
        return self._colour["column"]

    @property
    def _label_column(self) -> str:
        """The column that labels are looked up in where none is named."""
        column = next(iter(self._default_labels), None)
        if column is None:
            raise InvalidValueError("label needs by=, the name of a column: the widget was given no labels")
        return column

    @property
    def _default_labels(self) -> tuple[str, ...]:
        """The columns that are meant by 'the labels': what is chosen in a menu must not change a result.

        Only where `labels` gave none it is the column that colours.
        """
        if self._source.colourings or self.label_column is None:
            return self._source.colourings
        return (self.label_column,)

    # --- what sets rows apart -----------------------------------------------------------------------

    def contrast(self, selection: Any = None, against: Any = "rest") -> Any:
        """Return what sets some rows apart, strongest first.

        For numbers it is the standardised mean difference (m1 - m0) / sqrt((s1^2 + s0^2) / 2) (Austin 2009):
        how many standard deviations the means lie apart. For categories it is the difference in shares.
        There are no p-values, on purpose: rows that were chosen by looking at the data differ in it, and a
        test would be circular (Kriegeskorte et al. 2009).

        Parameters
        ----------
        selection : array-like of int or of bool, or name of a group, optional
            By default the rows that are selected.
        against : "rest", name of a group, or array-like of int or of bool
            Whom to compare them with; rows that are in both are left on the side of the selection.

        Returns
        -------
        DataFrame
            In the library of your data (pandas where you gave no frame): 'feature', 'category' (missing for
            numbers), 'effect', 'selected' and 'other' (means, or shares), 'selected_sd', 'other_sd'. Numbers
            come first, then categories. An effect is infinite where neither side varies. Means of dates
            are in seconds since 1970, those of durations in seconds. Of booleans True is told, of which False
            is the mirror. Not compared are objects, images, texts of which most differ, such as names of
            rows, and columns with more than 1,000 categories.

        Raises
        ------
        SelectionError
            A side has no rows.
        GroupError, DataError, InvalidTypeError
            For a group or a row that does not exist; or X holds distances, and there are no columns.
        """
        chosen = self.selection if selection is None else self._rows_of("selection", selection)
        rest = isinstance(against, str) and against == "rest" and "rest" not in self.groups
        selected, other = self.sides(chosen, None if rest else self._rows_of("against", against))
        compared = numbers(self._source, selected, other)
        table = as_columns(compared, shares(self._source, selected, other))
        return self._source.new_frame(table, indexed=False)

    def sides(self, selected: np.ndarray, against: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Return the rows on both sides of a contrast; None is the rest."""
        others = np.arange(self.n_rows) if against is None else against
        other = np.setdiff1d(others, selected, assume_unique=True)
        if not len(selected):
            raise SelectionError("nothing is selected: select the rows that are to be compared")
        if not len(others):
            raise SelectionError("against holds no rows: there is nothing to compare the selected ones with")
        if not len(other):
            whom = "all rows" if against is None else "all rows to compare them with"
            raise SelectionError(f"{whom} are selected: none are left on the other side")
        return selected, other

    def _rows_of(self, name: str, rows: Any) -> np.ndarray:
        """Return the rows of a group, or those that are given."""
        if isinstance(rows, str):
            return self.groups[rows]
        return as_positions(rows, self.n_rows, name, self.row_index)

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
            Rows are in several groups.
        """
        if not isinstance(name, str):
            raise invalid_type("name", name, "a text")
        several = self.groups.in_several()
        if several:
            warn_user(f"{several} rows are in several groups: of each the last one counts", OverlapWarning)
        names = list(self.groups)
        values = [names[code] if code >= 0 else None for code in self.groups.codes().tolist()]
        return self._source.new_series(name, values, names)

    # --- the original space -------------------------------------------------------------------------

    def distances(self, i: int) -> np.ndarray:
        """Return how far all rows are from one in the original space, in the metric of the map.

        Parameters
        ----------
        i : int
            Position of the row.

        Returns
        -------
        ndarray of float32, shape (n_samples,)
            0 for the row itself.

        Raises
        ------
        SelectionError, InvalidTypeError, DataError
            There is no such row; or X is a graph of distances, which does not hold them all.
        """
        return self._space.distances(check_row("i", i, self.n_rows))

    def nearest(self, row: int, k: int) -> tuple[np.ndarray, np.ndarray]:
        """Return positions and distances of the nearest rows of a row in the original space."""
        return self._space.neighbors(row, k)

    def rows_by(self, by: str | None) -> Named:
        """Return what a user wants compared: the entries of a column, or the groups."""
        if isinstance(by, str) and by == "groups" and "groups" not in self._source.columns:
            return self.rows_by_group()
        if by is not None:
            return self._rows_by_column(by)
        labels = self._with_categories(self._default_labels)
        if labels is None and len(self.groups):
            return self.rows_by_group()
        return self._rows_by_labels(labels)

    def rows_by_group(self) -> Named:
        """Return the groups."""
        return list(self.groups), list(self.groups.values())

    def rows_by_shown_label(self) -> Named:
        """Return what a view shows as labels: the column that colours, else the first of the labels.

        Only columns with categories count.
        """
        shown = () if self.label_column is None else (self.label_column,)
        return self._rows_by_labels(self._with_categories((*shown, *self._source.colourings)))

    def _rows_by_labels(self, column: str | None) -> Named:
        if column is None:
            raise InvalidValueError(
                "there are neither labels with categories nor groups: name a column by by="
            )
        return self._rows_by_column(column)

    def _rows_by_column(self, name: str) -> Named:
        column = self._source.column(name)
        if "categories" not in column.kinds:
            why = column.why_not or f"{column.called} is of type {column.type}"
            raise DataError(f"{why}: it has no categories")
        categories = column.categories()
        order = np.argsort(categories.codes, kind="stable")
        rows = np.split(order, np.cumsum(categories.counts)[:-1])
        n = len(rows) - categories.has_missing
        return categories.names[:n], rows[:n]

    def _with_categories(self, names: Sequence[str]) -> str | None:
        """Return the first column that has categories."""
        return next((name for name in names if "categories" in self._source.column(name).kinds), None)

    # --- inside -------------------------------------------------------------------------------------

    @property
    def _space(self) -> OriginalSpace:
        self._source.require_unchanged()
        return self._whole_space

    @cached_property
    def _whole_space(self) -> OriginalSpace:
        if self._source.distances:
            return GivenDistances(self._source.matrix)
        return OriginalSpace(self._source.matrix, self._settings.metric, self._settings.metric_params)

    def _do_with_rows(self, wish: protocol.RowWish) -> None:
        match wish:
            case protocol.Colour(mode, column, kind):
                self._colour_by(mode, column, kind)
            case _:
                super()._do_with_rows(wish)

    def _check_columns(self, name: str, value: Any) -> list[str]:
        """Return the names of columns that there are."""
        scalar = not hasattr(value, "__iter__") or getattr(value, "ndim", 1) == 0
        if scalar or isinstance(value, (str, bytes, memoryview, Mapping, Set)):
            raise invalid_type(name, value, "a list of names of columns")
        return [self._source.column(name).name for name in value]


def default_tooltip(source: Source) -> list[str]:
    """Return what a tooltip tells at first: columns that are neither features nor the labels."""
    features = set(source.contrast_names)
    others = (name for name in source.columns if name not in features)
    return [name for name in others if name not in source.colourings[:1]][:TOOLTIP_COLUMNS]


def check_color_by(source: Source, value: Any) -> tuple[str, str | None]:
    """Return mode and column that a constructor was given; where it named no column, that of the labels."""
    labels = next(iter(source.colourings), None)
    if value is NOT_GIVEN:
        return "labels", labels
    mode, column = mode_and_column(source, value)
    if mode == "stability":
        raise invalid_value("color_by", value, "set once there are several maps")
    return mode, column if mode == "labels" else labels

"""All that is known of the rows: what is embedded, their columns, labels and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import DataError, MissingDependencyError, closed
from .annotated import AnnotatedTable, new_annotated, write_result
from .columns import Column, Columns
from .frames import FrameTable
from .images import Images
from .index import Index
from .output import new_frame, new_series
from .tables import Embedded, Matrix, Table

#: Types of columns that are searched where none is named.
_SEARCHED = ("category", "text")
#: How the positions of rows are called where they are searched, and what is said where there is nothing else.
ROWS = "row"
ONLY_ROWS = "row (there are neither texts nor an index)"
#: Digits of a position at most.
LONGEST_POSITION = 15
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class More:
    """What `data=` gives: columns, and the frame of which they are, if it is one."""

    columns: Columns
    table: FrameTable | None = None

    @property
    def index(self) -> Index | None:
        """Labels of the rows."""
        return self.table.index if self.table else None

    @property
    def backend(self) -> Any:
        """The library of the frame."""
        return self.table.backend if self.table else None


class Source:
    """The rows of a widget, checked.

    Attributes
    ----------
    n : int
        Rows.
    feature_names : tuple of str
        Of the matrix's columns.
    note : str
        One sentence: what is a feature and what is left out; empty where nothing is.
    columns : Columns
        In order: those that `labels=` gave, those of `data=`, and X's own.
    colourings : tuple of str
        Names of the columns that `labels=` gave, in order.
    index : Index or None
        Labels of the rows, where X or data has some.
    image : Images or None
    features_in_data : frozenset of str
        Features that `data=` has with other values: its columns are shown in their place.
    distances : bool
        Whether the matrix holds distances between the rows, and nothing is known of the rows themselves.
    """

    def __init__(
        self,
        table: Table,
        more: More,
        embedded: Embedded,
        columns: Columns,
        colourings: tuple[str, ...],
        index: Index | None,
        image: Images | None,
        features_in_data: frozenset[str] = frozenset(),
        distances: bool = False,
    ):
        self._table, self._more = table, more
        self.n = table.n
        self._embedded: Embedded | None = embedded
        self.feature_names, self.note = embedded.names, embedded.note
        self.columns, self.colourings, self.index, self.image = columns, colourings, index, image
        self.features_in_data, self.distances = features_in_data, distances

    @property
    def matrix(self) -> Matrix:
        """What is embedded, see `as_matrix`: float32 or float64 of shape (n_samples, n_features).

        Raises
        ------
        NotRunningError
            It was released.
        DataError
            The user has changed it in place, see `Kept`.
        """
        if self._embedded is None:
            raise closed()
        self.require_unchanged()
        return self._embedded.matrix

    def require_unchanged(self) -> None:
        """Raise DataError where what is embedded is the user's own and has changed in place, see `Kept`."""
        if self._embedded is not None:
            self._embedded.require_unchanged()

    def release(self) -> None:
        """Let go of the matrix; what the user gave stays."""
        self._embedded = None
        vars(self).pop("_contrasted", None)

    @cached_property
    def _contrasted(self) -> Embedded:
        return self._table.contrasted() or Embedded(self.rows, self.feature_names)

    @property
    def rows(self) -> Matrix:
        """What is embedded where that are rows; of distances nothing, of shape (n_samples, 0)."""
        return np.empty((self.n, 0), np.float32) if self.distances else self.matrix

    @property
    def contrast_matrix(self) -> Matrix:
        """Return the features by which rows are told apart: all genes of an AnnData, else what is embedded.

        Genes may be NaN, which is not checked.
        """
        self.require_unchanged()
        self._contrasted.require_unchanged()
        return self._contrasted.matrix

    @property
    def contrast_names(self) -> tuple[str, ...]:
        """Return the names of the columns of `contrast_matrix`."""
        return self._contrasted.names

    def column(self, name: Any) -> Column:
        """Return a column by its name, or by what the user's frame calls it, such as the integer 4.

        Raises
        ------
        UnknownColumnError
            There is none; names those that are near.
        """
        return self.columns[str(name)]

    def find(self, labels: Iterable[Any]) -> np.ndarray:
        """Return the positions of the rows that have one of some labels in the index, see `Index.find`.

        Raises
        ------
        DataError
            The rows have no index.
        SelectionError
            Names the first label that no row has.
        """
        if self.index is None:
            raise DataError("the rows have no index: neither X nor data is a frame with one; use positions")
        return self.index.find(labels)

    def containing(self, text: str, column: str | None = None) -> tuple[np.ndarray, list[str]]:
        """Return the positions of the rows that contain a text in any case, and where was looked.

        Parameters
        ----------
        text : str
        column : str, optional
            The name of a column, or of the index; by default the index and all columns of texts. Where the
            rows have no index digits are a position as well.

        Raises
        ------
        UnknownColumnError
            There is no such column.
        """
        if column is None:
            places: list[Column | Index] = [self.index] if self.index is not None else []
            places += [column for column in self.columns.values() if column.type in _SEARCHED]
        elif self.index is not None and column == self.index.name and column not in self.columns:
            places = [self.index]
        else:
            places = [self.column(column)]
        searched, found = [place.name for place in places], [place.containing(text) for place in places]
        if column is None and self.index is None:
            position = self._position_in(text)
            if position is not None or not places:
                searched.append(ROWS if places else ONLY_ROWS)
                found.append(np.arange(self.n)[position : position + 1] if position is not None else _NONE)
        return np.unique(np.concatenate([_NONE, *found])), searched

    def _position_in(self, text: str) -> int | None:
        """Return the number that a text is."""
        digits = text.strip()
        return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_POSITION else None

    def take(self, positions: np.ndarray) -> Any:
        """Return rows in the user's own type, with their index: of data where that is given, else of X.

        Where data is a mapping they are a frame in the library of X, else of pandas; without pandas they are
        a dict of arrays.
        """
        if self._more.table is not None or not self._more.columns:
            return (self._more.table or self._table).take(positions)
        rows = {name: column.taken(positions) for name, column in self._more.columns.items()}
        try:
            return new_frame(rows, self.library, self.index and Index(self.index.native[positions]))
        except MissingDependencyError:
            return rows

    def new_frame(self, columns: Mapping[str, Any], *, indexed: bool) -> Any:
        """Build a frame in the user's library, with the index of the rows where it is `indexed`.

        Raises
        ------
        MissingDependencyError
            The user gave no frame, and pandas is not installed.
        """
        return new_frame(columns, self.library, self.index if indexed else None)

    def new_series(self, name: str, values: Sequence[Any], categories: Sequence[str] | None = None) -> Any:
        """Build a Series in the user's library with the index of the rows; of ordered categories if given.

        Raises
        ------
        MissingDependencyError
            The user gave no frame, and pandas is not installed.
        """
        return new_series(name, values, categories, self.library, self.index)

    def to_anndata(self, coordinates: Mapping[str, np.ndarray], uns: Mapping[str, Any]) -> Any:
        """Write maps into `obsm` of the user's own AnnData, or of a new one, and return it.

        Parameters
        ----------
        coordinates : mapping of str to ndarray of shape (n_samples, 2)
            By keys of `obsm`; what stands there is replaced.
        uns : mapping of str to object
            By keys of `uns`.

        Raises
        ------
        MissingDependencyError
            X is no AnnData, and the package is not installed.
        """
        if isinstance(self._table, AnnotatedTable):
            return self._table.write(coordinates, uns)
        columns = (self.columns[name] for name in self.columns)
        others = [column for column in columns if not column.feature and column.type != "image"]
        labels = None if self.index is None else self.index.texts
        adata = new_annotated(self.rows, self.feature_names, others, labels)
        return write_result(adata, coordinates, uns)

    @property
    def library(self) -> Any:
        """The library of the user's frame, as narwhals calls it; None where he gave no frame."""
        return self._table.backend or self._more.backend

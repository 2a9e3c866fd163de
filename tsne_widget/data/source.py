"""All we know about the rows: the matrix to embed, columns, labels and pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..errors import DataError, InvalidValueError, MissingDependencyError, closed
from .annotated import AnnotatedTable, new_annotated, write_result
from .columns import Column, Columns
from .features import have_names
from .frames import FrameTable
from .images import Images
from .index import Index
from .output import new_frame, new_series
from .scales import Standard, doubt_of_features
from .tables import Alike, Embedded, Matrix, Table

#: Types of columns that a search without a column name covers.
_SEARCHED = ("category", "text")
#: The name of row positions in a search, and the words if nothing else can be searched.
ROWS = "row"
ONLY_ROWS = "row (there are no texts and no index)"
#: The most digits of a position.
LONGEST_POSITION = 15
_NONE = np.empty(0, np.int64)


@dataclass(frozen=True)
class More:
    """The content of `data=`: columns, and their frame if there is one."""

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
        Names of the matrix's columns.
    note : str
        One sentence on which columns are features and which are ignored; empty if none is.
    columns : Columns
        In order: the columns from `labels=`, those from `data=`, and X's own.
    colourings : tuple of str
        Names of the columns from `labels=`, in order.
    index : Index or None
        Labels of the rows, if X or data has any.
    image : Images or None
    features_in_data : frozenset of str
        Features that `data=` has with other values; the view shows these instead.
    distances : bool
        Whether the matrix holds distances between the rows, which do not describe the rows themselves.
    standard : Standard or None
        What standardises the features for the maps; None if they take them as they are.
    doubt : str
        Which features decide the maps unduly, or are hardly quantities; empty if none is known.
    """

    def __init__(
        self,
        table: Table,
        more: More,
        embedded: Embedded,
        columns: Columns,
        colorings: tuple[str, ...],
        index: Index | None,
        image: Images | None,
        features_in_data: frozenset[str] = frozenset(),
        distances: bool = False,
        standardize: bool = False,
    ):
        self._table, self._more = table, more
        self.n = table.n
        self._embedded: Embedded | None = embedded
        self.feature_names, self.note = embedded.names, embedded.note
        self.columns, self.colorings, self.index, self.image = columns, colorings, index, image
        self.features_in_data, self.distances = features_in_data, distances
        self.standard = Standard.of(embedded.matrix) if standardize else None
        self._matrix: Matrix | None = self.on_scale(embedded.matrix)
        self.doubt = ""
        if embedded.quantities and not distances:
            self.doubt = doubt_of_features(embedded.matrix, embedded.names, standardized=standardize)

    @property
    def matrix(self) -> Matrix:
        """The matrix to embed, see `as_matrix`: float32 or float64 of shape (n_samples, n_features).

        Standardised if the user asked for it.

        Raises
        ------
        NotRunningError
            The matrix was released.
        DataError
            The user has changed it in place, see `Kept`.
        """
        if self._embedded is None:
            raise closed()
        self.require_unchanged()
        assert self._matrix is not None
        return self._matrix

    @property
    def embedded(self) -> Matrix:
        """The matrix in the user's own units, also if it holds distances; see `matrix` for errors."""
        if self._embedded is None:
            raise closed()
        self.require_unchanged()
        return self._embedded.matrix

    def on_scale(self, matrix: Matrix) -> Matrix:
        """Return rows with the features of the matrix on its scale: standardised if it is."""
        return matrix if self.standard is None else self.standard(matrix)

    @property
    def embeddings(self) -> Mapping[str, Any]:
        """Embeddings of the rows that came with X, by name: the `obsm` of an AnnData."""
        return self._table.embeddings

    def colors_of(self, column: str) -> Mapping[str, Any]:
        """Return what came with X as colours of a column's categories, unchecked, see `Table`."""
        return self._table.colors_of(column)

    def require_unchanged(self) -> None:
        """Raise DataError if the matrix is the user's own and has changed in place, see `Kept`."""
        if self._embedded is not None:
            self._embedded.require_unchanged()

    def release(self) -> None:
        """Release the matrix; the user's data stay."""
        self._embedded = self._matrix = None
        vars(self).pop("_contrasted", None)

    @cached_property
    def _contrasted(self) -> Embedded:
        return self._table.contrasted() or Embedded(self.rows, self.feature_names)

    def alike(self, X: Any) -> Alike:
        """Read other rows with the features of the matrix, in the way in which it was read; not standardised.

        Raises
        ------
        NotRunningError
            The matrix was released.
        DataError, InvalidTypeError
            The features are not the same, or something is wrong with their numbers.
        """
        if self._embedded is None:
            raise closed()
        names = list(self._table.columns) if self.distances else self.feature_names
        return self._table.alike(X, names)

    @property
    def rows(self) -> Matrix:
        """The embedded rows in the user's own units; of distances an empty matrix (n_samples, 0)."""
        if self.distances:
            return np.empty((self.n, 0), np.float32)
        return self.embedded

    @property
    def contrast_matrix(self) -> Matrix:
        """Return the features that tell rows apart: all genes of an AnnData, else the embedded matrix.

        Genes may be NaN; we do not check that.
        """
        self.require_unchanged()
        self._contrasted.require_unchanged()
        return self._contrasted.matrix

    @property
    def contrast_names(self) -> tuple[str, ...]:
        """Return the names of the columns of `contrast_matrix`."""
        return self._contrasted.names

    @property
    def has_feature_names(self) -> bool:
        """Whether these say what the features are, rather than number them."""
        return have_names(self.contrast_names)

    def column(self, name: Any) -> Column:
        """Return a column by its name, or by its name in the user's frame, such as the integer 4.

        Raises
        ------
        UnknownColumnError
            There is none; the message names similar ones.
        """
        return self.columns[str(name)]

    def find(self, labels: Iterable[Any]) -> np.ndarray:
        """Return the positions of the rows that have one of some labels in the index, see `Index.find`.

        Raises
        ------
        DataError
            The rows have no index.
        SelectionError
            No row has a label; the message names it.
        """
        if self.index is None:
            raise DataError(
                "the rows have no index: neither X nor data is a frame with an index; use positions"
            )
        return self.index.find(labels)

    def containing(self, text: str, column: str | None = None) -> tuple[np.ndarray, list[str]]:
        """Return the positions of the rows that contain a text, ignoring case, and the places searched.

        Parameters
        ----------
        text : str
        column : str, optional
            The name of a column, or of the index; by default the index and all text columns. If the rows have
            no index, digits also name a position.

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

    def hits(self, rows: np.ndarray, text: str, searched: Sequence[str]) -> list[dict[str, Any]]:
        """Tell of some rows that contain a text what they are called, and the value that contains it."""
        labels = None if self.index is None else self.index.labels(rows)
        told = []
        for i, row in enumerate(rows.tolist()):
            label = str(row) if labels is None else labels[i]
            column, value = self._hit(row, label, text.casefold(), searched)
            told.append({"row": row, "label": label, "column": column, "value": value})
        return told

    def _hit(self, row: int, label: str, wanted: str, searched: Sequence[str]) -> tuple[str, str]:
        for name in searched:
            if name not in self.columns:
                continue
            value = self.columns[name].shown(row)
            if value is not None and wanted in value.casefold():
                return name, value
        return (ROWS if self.index is None else self.index.name), label

    def _position_in(self, text: str) -> int | None:
        """Return the row position that a text names."""
        digits = text.strip()
        return int(digits) if digits.isdecimal() and len(digits) <= LONGEST_POSITION else None

    def take(self, positions: np.ndarray) -> Any:
        """Return rows in the user's own type, with their index: from data if given, else from X.

        If data is a mapping, they are a frame of X's library, else of pandas; without pandas they are a dict
        of arrays.
        """
        if self._more.table is not None or not self._more.columns:
            return (self._more.table or self._table).take(positions)
        rows = {name: column.taken(positions) for name, column in self._more.columns.items()}
        try:
            return new_frame(rows, self.library, self.index and Index(self.index.native[positions]))
        except MissingDependencyError:
            return rows

    def new_frame(self, columns: Mapping[str, Any], *, indexed: bool) -> Any:
        """Build a frame in the user's library, with the index of the rows if `indexed`.

        Raises
        ------
        MissingDependencyError
            The user gave no frame, and pandas is not installed.
        """
        return new_frame(columns, self.library, self.index if indexed else None)

    def new_series(self, name: str, values: Sequence[Any], categories: Sequence[str] | None = None) -> Any:
        """Build a Series in the user's library with the index of the rows, of ordered categories if given.

        Raises
        ------
        MissingDependencyError
            The user gave no frame, and pandas is not installed.
        """
        return new_series(name, values, categories, self.library, self.index)

    def require_no_other(self, keys: Iterable[str]) -> None:
        """Raise InvalidValueError if a map would replace an entry of `obsm` that others have made."""
        if not isinstance(self._table, AnnotatedTable):
            return
        for key in keys:
            if key in self._table.adata.obsm and key not in self._table.beside_written:
                raise InvalidValueError(
                    f"obsm[{key!r}] exists, and no map of a widget has made it: rename the map, as in "
                    "w.beside = {'my map': ...}, or the entry"
                )

    def to_anndata(self, coordinates: Mapping[str, np.ndarray], uns: Mapping[str, Any]) -> Any:
        """Write maps into `obsm` of the user's AnnData, or of a new one, and return it.

        Parameters
        ----------
        coordinates : mapping of str to ndarray of shape (n_samples, 2)
            By keys of `obsm`; existing entries are replaced.
        uns : mapping of str to object
            By keys of `uns`.

        Raises
        ------
        MissingDependencyError
            X is not an AnnData, and the package is not installed.
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
        """The library of the user's frame, as narwhals names it; None if there is no frame."""
        return self._table.backend or self._more.backend

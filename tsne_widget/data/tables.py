"""The kinds of X: each knows its rows, its columns, and what to embed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, Union

import numpy as np

from ..errors import DataError, InvalidTypeError, UnknownColumnError
from .columns import Columns
from .features import LISTED, chosen, note
from .index import Index
from .kept import Kept, is_apart
from .matrix import as_finite, as_matrix, as_numbers, as_rows, is_sparse
from .numeric import FeatureColumn

if TYPE_CHECKING:
    from scipy.sparse import csr_array

#: What new rows are called in errors.
NEW = "X_new"
Matrix: TypeAlias = Union[np.ndarray, "csr_array"]


@dataclass(frozen=True)
class Embedded:
    """The part of a table to embed.

    Attributes
    ----------
    matrix : ndarray or csr_array of float32 or float64, shape (n_samples, n_features)
        Checked, see `as_matrix`.
    names : tuple of str
        Names of its columns.
    note : str
        Which columns are features and which are ignored; empty if none is.
    columns : bool
        Whether the features are columns of the table.
    quantities : bool
        Whether the user named the features one by one, so that each may have a scale of its own; embeddings
        are no such features.
    kept : Kept or None
        The kept data whose memory the matrix may use.
    """

    matrix: Matrix
    names: tuple[str, ...]
    note: str = ""
    columns: bool = True
    quantities: bool = False
    kept: Kept | None = None

    def require_unchanged(self) -> None:
        """Raise DataError if the matrix is in the user's own memory and has changed."""
        if self.kept is not None and self.kept.is_watched_in(self.matrix):
            self.kept.require_unchanged()


@dataclass(frozen=True)
class Alike:
    """Other rows with the features of a table, and what else the user knows of them.

    Attributes
    ----------
    matrix : ndarray or csr_array
        Checked; dense or sparse as given.
    columns : Columns
        The columns that came with them.
    index : Index or None
        Labels of the rows.
    backend : narwhals.Implementation or None
        The library of the user's frame.
    unknown : tuple of str
        Columns that came with them and that the table does not have.
    """

    matrix: Any
    columns: Columns
    index: Index | None = None
    backend: Any = None
    unknown: tuple[str, ...] = ()


class Table(ABC):
    """The user's X or data.

    Attributes
    ----------
    n : int
        Rows.
    columns : Columns
    index : Index or None
        Labels of the rows, if the user's type has any.
    backend : narwhals.Implementation or None
        The library of the user's frame.
    named : bool
        Whether the user named the columns.
    """

    n: int
    columns: Columns
    index: Index | None = None
    backend: Any = None
    named = True

    @abstractmethod
    def take(self, positions: np.ndarray) -> Any:
        """Return rows in the user's own type."""

    @abstractmethod
    def embedded(self, features: Any, apart: Collection[str]) -> Embedded:
        """Return the part to embed.

        Parameters
        ----------
        features : list of str or None
            As the user gave them.
        apart : collection of str
            Columns that are not features unless named, because they are labels.

        Raises
        ------
        DataError, InvalidTypeError
            Something is not a number, missing, or unknown.
        """

    def colors_of(self, column: str) -> Mapping[str, Any]:
        """Return what comes with the table as colours of a column's categories, by name; unchecked."""
        return {}

    @property
    def embeddings(self) -> Mapping[str, Any]:
        """Coordinates and other embeddings of the rows that come with the table, by name."""
        return {}

    @abstractmethod
    def alike(self, X: Any, names: Sequence[str]) -> Alike:
        """Read other rows in the way in which `embedded` read its own.

        Parameters
        ----------
        X : object
            What the user gives: the same kind of data, or an array with the same features in this order.
        names : sequence of str
            The names of the features.

        Raises
        ------
        DataError, InvalidTypeError
            The features are not the same, or something is wrong with their numbers.
        """

    def contrasted(self) -> Embedded | None:
        """Return other features, finite or not, that tell rows apart; None for the embedded ones."""
        return None


class ArrayTable(Table):
    """An array, a sparse matrix, or a list of embeddings; its columns are x0, x1, ..."""

    named = False

    def __init__(self, X: Any):
        numbers = as_numbers(X)
        self._format = numbers.format if is_sparse(numbers) else None
        if self._format:
            numbers = numbers.tocsr()
        self._kept = Kept("X", numbers, own=is_apart(numbers, X))
        self._by_rows = as_rows(self._kept.numbers) if self._format else self._kept.numbers
        self.n, n_columns = numbers.shape
        self.columns = Columns(feature_makers(self._kept, self._by_rows, map(_name, range(n_columns))))

    def take(self, positions: np.ndarray) -> Any:
        """Return rows in the user's own type; those of a list are an array."""
        rows = self._kept.current()[positions]
        return rows.asformat(self._format) if self._format else rows

    def embedded(self, features: Any, apart: Collection[str]) -> Embedded:
        """Return the part to embed, see `Table`; features may be positions too."""
        names = list(self.columns)
        wanted = [name for name in names if name not in apart]
        if features is not None:
            wanted = chosen(features, names, lambda given: given if isinstance(given, str) else _name(given))
        matrix = as_matrix(columns_of(self._by_rows, names, wanted))
        return Embedded(matrix, tuple(wanted), note_on(names, wanted, features), kept=self._kept)

    def alike(self, X: Any, names: Sequence[str]) -> Alike:
        """Read other rows, see `Table`; they have all columns of the table, in its order."""
        if hasattr(X, "columns") or hasattr(X, "obs_names"):
            raise InvalidTypeError(
                f"{NEW} has named columns, and X had none: give an array with the {len(self.columns)} "
                "columns of X, in its order"
            )
        return array_alike(X, list(self.columns), names)


def require_features(names: Sequence[str], known: Collection[str], *, called: str = NEW) -> None:
    """Raise UnknownColumnError if new rows, or what is `called` so, lack some features."""
    lacking = [name for name in names if name not in known]
    if lacking:
        more = f" and {len(lacking) - LISTED:,} more" if len(lacking) > LISTED else ""
        raise UnknownColumnError(
            f"{called} lacks {len(lacking):,} of the {len(names):,} features of the map: "
            f"{', '.join(map(repr, lacking[:LISTED]))}{more}"
        )


def array_alike(X: Any, all_names: Sequence[str], names: Sequence[str]) -> Alike:
    """Read rows of an array whose columns are `all_names`, in this order, and take the features.

    Raises
    ------
    DataError
        It has another number of columns.
    """
    numbers = as_numbers(X, NEW, least=1)
    if numbers.shape[1] != len(all_names):
        raise DataError(
            f"{NEW} has {numbers.shape[1]:,} columns: it must have the {len(all_names):,} that X had, "
            "in the same order"
        )
    return Alike(as_finite(columns_of(numbers, all_names, names), NEW), Columns({}))


def columns_of(matrix: Any, names: Sequence[str], wanted: Sequence[str]) -> Any:
    """Return some columns of a matrix by name; the matrix itself if these are all, in order."""
    if list(wanted) == list(names):
        return matrix
    position = {name: number for number, name in enumerate(names)}
    numbers = [position[name] for name in wanted]
    return matrix.tocsc()[:, numbers] if is_sparse(matrix) else matrix[:, numbers]


def note_on(names: Sequence[str], wanted: Sequence[str], features: Any) -> str:
    """Say which columns of a matrix are ignored, and why."""
    left_out = set(names).difference(wanted)
    why = "given as labels" if features is None else "not in features="
    return note(len(wanted), len(names), {why: [name for name in names if name in left_out]})


def feature_makers(kept: Kept, matrix: Any, names: Iterable[str]) -> dict[str, Callable[[], FeatureColumn]]:
    """Return a maker of a Column for each column of a kept matrix."""
    n = matrix.shape[0]
    return {
        name: partial(FeatureColumn, name, n, partial(_column_of, kept, matrix, number))
        for number, name in enumerate(names)
    }


def _column_of(kept: Kept, matrix: Any, number: int) -> np.ndarray:
    kept.require_unchanged()
    column = column_of_matrix(matrix, number)
    return np.array(column) if kept.is_watched else column  # a copy does not change


def column_of_matrix(matrix: Any, number: int) -> np.ndarray:
    """Return one column of a matrix, dense."""
    if is_sparse(matrix):
        return matrix[:, [number]].toarray().ravel()
    return np.asarray(matrix[:, number])


def _name(number: Any) -> str:
    return f"x{number}"

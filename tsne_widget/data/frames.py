"""DataFrames of any library that narwhals knows; we never convert them to another library's."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, cast

import narwhals.stable.v2 as nw
import numpy as np
from narwhals.exceptions import DuplicateError

from ..errors import DataError, InvalidTypeError, invalid_value
from .columns import Column, Columns, distinct_names, require_unlike
from .embeddings import holds_embeddings, matrix_of
from .features import chosen, note, numeric, require_numbers
from .index import index_of, require_the_same
from .kept import KeptFrame
from .matrix import LEAST_ROWS, float_for, require_shape
from .series import column_of_series, holds_numbers
from .tables import NEW, Alike, Embedded, Table, array_alike, require_features

#: How many columns are copied into the matrix at once, to make good use of the processor's cache.
_AT_ONCE = 16


def frame_of(name: str, value: Any) -> nw.DataFrame[Any] | None:
    """Return a narwhals frame; None for anything else.

    Raises
    ------
    DataError, InvalidTypeError
        Two columns have the same name, or the frame is not in memory.
    """
    try:
        frame = nw.from_native(value, pass_through=True)
    except DuplicateError as error:
        raise DataError(f"{name} has columns with the same name; names must differ: {error}") from error
    if isinstance(frame, nw.LazyFrame):
        how = "compute" if hasattr(value, "compute") else "collect"
        kind = type(value).__name__
        raise InvalidTypeError(f"{name} is a lazy {kind}: {name} must be in memory; .{how}() loads it")
    return frame if isinstance(frame, nw.DataFrame) else None


class FrameTable(Table):
    """A DataFrame; its numeric columns are features unless the user chooses others, or one of embeddings.

    Raises
    ------
    DataError
        The names of two columns look alike, such as 1 and '1'.
    """

    def __init__(self, name: str, frame: nw.DataFrame[Any], *, least: int = LEAST_ROWS):
        self._least = least
        #: The column whose cells hold the features, if one does.
        self._of_cells: str | None = None
        self._name, self._frame = name, frame
        self.n = len(frame)
        self.backend = frame.implementation
        self.index = index_of(frame.to_native())
        require_unlike(name, frame.columns)
        self._kept = KeptFrame(name, frame)
        columns = cast(Iterable[nw.Series[Any]], self._kept.frame.iter_columns())
        self._series = {str(series.name): series for series in columns}
        self.columns = Columns({own: partial(self._column, own) for own in self._series})

    def _column(self, name: str) -> Column:
        return column_of_series(name, self._kept.series(self._series[name]))

    def take(self, positions: np.ndarray) -> Any:
        """Return rows in the user's own type."""
        return self._taken(self._frame, positions)

    def _taken(self, given: nw.DataFrame[Any] | nw.Series[Any], positions: np.ndarray) -> Any:
        native = given.to_native()
        require_the_same(self._name, len(native), getattr(native, "index", None), self.n, self.index)
        return given[positions].to_native()

    def embedded(self, features: Any, apart: Collection[str]) -> Embedded:
        """Return the part to embed, see `Table`."""
        names = list(self._series)
        if features is None:
            wanted, said = numeric(names, self._is_number, apart, self._embeddings)
        else:
            wanted = chosen(features, names)
            if len(wanted) == 1 and holds_embeddings(self._series[wanted[0]]):
                return self._embedding(wanted[0])
            left_out = [name for name in names if name not in set(wanted)]
            said = note(len(wanted), len(names), {"not in features=": left_out})
        return Embedded(self._matrix(wanted), tuple(wanted), said, quantities=True)

    def _embeddings(self) -> list[str]:
        """Return the columns whose cells hold embeddings; one is a feature only if chosen."""
        return [name for name, series in self._series.items() if holds_embeddings(series)]

    def alike(self, X: Any, names: Sequence[str]) -> Alike:
        """Read other rows, see `Table`: features are taken by name, whatever the order."""
        frame = None if hasattr(X, "obs_names") else frame_of(NEW, X)
        if frame is None:
            return array_alike(X, names, names)
        new = FrameTable(NEW, frame, least=1)
        wanted = names if self._of_cells is None else [self._of_cells]
        require_features(wanted, new.columns)
        if self._of_cells is None:
            matrix = new._matrix(list(names))
        else:
            matrix = array_alike(new._cells(self._of_cells), names, names).matrix
        unknown = tuple(name for name in new.columns if name not in self._series)
        return Alike(matrix, new.columns, new.index, new.backend, unknown)

    def _cells(self, name: str) -> np.ndarray:
        """Return the embeddings that the cells of a column hold."""
        matrix = matrix_of(f"column {name!r} of {self._name}", self._series[name])
        require_shape(matrix.shape, self._name, least=self._least)
        return matrix

    def _embedding(self, name: str) -> Embedded:
        self._of_cells = name
        matrix = self._cells(name)
        numbered = (f"{name} {number + 1}" for number in range(matrix.shape[1]))
        return Embedded(
            matrix,
            distinct_names(numbered, self._series),
            f"the {matrix.shape[1]:,} numbers in each cell of {name!r} are features",
            columns=False,
        )

    def _is_number(self, name: str) -> bool:
        return holds_numbers(name, self._series[name])

    def _matrix(self, names: list[str]) -> np.ndarray:
        require_shape((self.n, len(names)), self._name, least=self._least)
        columns = [self._feature(name) for name in names]
        dtype = np.result_type(*(float_for(column.array().dtype) for column in columns))
        matrix = np.empty((self.n, len(columns)), dtype)
        for first in range(0, len(columns), _AT_ONCE):
            block = [_numbers_of(column) for column in columns[first : first + _AT_ONCE]]
            with np.errstate(over="ignore"):
                matrix[:, first : first + _AT_ONCE] = np.stack(block, axis=1)
        finite = np.isfinite(matrix)
        if not finite.all():
            number = int(np.argmin(finite.all(axis=0)))
            raise self._not_finite(names[number], matrix[:, number])
        return matrix

    def _feature(self, name: str) -> Column:
        """Return a column as it is now; one that is read later may be a copy."""
        column = column_of_series(name, self._series[name]) if self._kept.is_watched else self.columns[name]
        if column.type != "number":
            require_numbers(name, column.type, embeddings=holds_embeddings(self._series[name]))
        return column

    def _not_finite(self, name: str, values: np.ndarray) -> DataError:
        missing, infinite = int(np.isnan(values).sum()), int(np.isinf(values).sum())
        row = int(np.argmin(np.isfinite(values)))
        label = "" if self.index is None else f" (index {self.index.labels(np.array([row]))[0]})"
        return DataError(
            f"column {name!r} of {self._name} has {missing} missing and {infinite} infinite values, "
            f"the first at row {row}{label}: features must be finite; fill or drop these rows, "
            "or choose other columns with features="
        )


def require_only_numbers(name: str, frame: nw.DataFrame[Any]) -> None:
    """Raise for the first column of a frame that cannot be a feature, for callers that ignore none.

    Raises
    ------
    InvalidTypeError
        It holds neither numbers nor booleans.
    """
    for series in cast(Iterable[nw.Series[Any]], frame.iter_columns()):
        own = str(series.name)
        if holds_numbers(own, series):
            continue
        kind = column_of_series(own, series).type
        if kind != "boolean":
            raise InvalidTypeError(
                f"column {own!r} of {name} is of type {kind}: all columns must hold numbers or booleans; "
                "leave it out, or turn it into numbers, for example by one-hot encoding"
            )


def _numbers_of(column: Column) -> np.ndarray:
    """Return the numbers of a feature, without a copy if they already are numbers."""
    return column.array() if column.type == "number" else column.numbers()


class SeriesTable(FrameTable):
    """A Series whose cells hold embeddings, which become the matrix; its rows are a Series too."""

    def __init__(self, name: str, series: nw.Series[Any]):
        own = "embedding" if series.name in (None, "") else str(series.name)
        super().__init__(name, series.alias(own).to_frame())
        self._rows = series
        self._own = own
        self.columns = Columns({})

    def take(self, positions: np.ndarray) -> Any:
        """Return rows in the user's own type."""
        return self._taken(self._rows, positions)

    def embedded(self, features: Any, apart: Collection[str]) -> Embedded:
        """Return the part to embed, see `Table`."""
        if features is not None:
            raise invalid_value("features", features, f"None as {self._name} is a Series of embeddings")
        return replace(self._embedding(self._own), note="")

    def alike(self, X: Any, names: Sequence[str]) -> Alike:
        """Read other rows, see `Table`: a Series of embeddings, or an array."""
        series = nw.from_native(X, series_only=True, pass_through=True)
        if not isinstance(series, nw.Series) or not holds_embeddings(series):
            return array_alike(X, names, names)
        new = SeriesTable(NEW, series)
        alike = array_alike(matrix_of(NEW, series), names, names)
        return replace(alike, index=new.index, backend=new.backend)

"""New rows that a user gives: their numbers, names and labels, checked like the widget's own data."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import InvalidTypeError
from .columns import Column
from .index import Index, index_of
from .labels import read_labels
from .matrix import is_sparse
from .nearest_rows import checked_distances
from .source import Source
from .tables import NEW


@dataclass(frozen=True)
class NewRowsGiven:
    """New rows, checked.

    Attributes
    ----------
    matrix : ndarray or csr_array
        Their features in the order of the data's; or their distances to all rows.
    label : Column or None
        Their labels.
    index : Index or None
        Their labels in the user's index.
    library : object
        The library of the user's frames.
    unknown : tuple of str
        Columns that came with them and are not used.
    """

    matrix: Any
    label: Column | None
    index: Index | None
    library: Any
    unknown: tuple[str, ...]

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    @property
    def names(self) -> list[str] | None:
        """What the rows are called; None if they have no index."""
        return None if self.index is None else self.index.texts

    @property
    def label_texts(self) -> list[str | None] | None:
        """The label of each row in words, None if it is missing; None if they are not categories."""
        if self.label is None or "categories" not in self.label.kinds:
            return None
        names = self.label.categories().names
        return [
            None if gone else names[code]
            for code, gone in zip(
                self.label.categories().codes.tolist(), self.label.missing.tolist(), strict=True
            )
        ]


def read_new_rows(source: Source, X: Any, labels: Any) -> NewRowsGiven:
    """Check new rows for the maps of a source.

    Parameters
    ----------
    source : Source
        The data of the maps.
    X : object
        New rows of the kind of the data, see `Table.alike`; at least one.
    labels : sequence or str, optional
        Their labels, or the name of a column that comes with them.

    Raises
    ------
    DataError, InvalidTypeError, UnknownColumnError
        With the name of what is wrong.
    """
    alike = source.alike(X)
    n = alike.matrix.shape[0]
    if source.distances:
        checked_distances(alike.matrix, called=NEW, made_by="X")
    matrix = _apart(alike.matrix, sparse=is_sparse(source.matrix))
    read = read_labels(labels, n, alike.columns, partial(_require_order, alike.index))
    if len(read) > 1:
        raise InvalidTypeError(f"labels has {len(read)} columns: new rows can have one")
    known = {coloring.known for coloring in read}
    unknown = tuple(name for name in alike.unknown if name not in known)
    label = read[0].column if read else None
    return NewRowsGiven(matrix, label, alike.index, alike.backend or source.library, unknown)


def _apart(matrix: Any, *, sparse: bool) -> Any:
    """Return a copy, sparse or dense like the data: the maps place the rows again and again."""
    if not sparse:
        return matrix.toarray() if is_sparse(matrix) else np.array(matrix, order="C")
    from scipy.sparse import csr_array

    return csr_array(matrix, copy=True)


def _require_order(index: Index | None, called: str, given: Any) -> None:
    native = nw.from_native(given, allow_series=True, pass_through=True)
    other = index_of(given) if isinstance(native, (nw.DataFrame, nw.Series)) else None
    if index is not None and other is not None:
        index.require_order_of(other, called, NEW)

"""Turn the user's parameters that describe the rows into a source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    TSNEWidgetError,
    UnknownColumnError,
    invalid_type,
    invalid_value,
)
from .annotated import AnnotatedTable, is_annotated
from .columns import Column, Columns, require_unlike
from .distances import NOTE, require_distances
from .embeddings import holds_embeddings
from .frames import FrameTable, SeriesTable, frame_of, require_only_numbers
from .images import Images, images_of
from .index import Index, index_of
from .labels import read_labels
from .matrix import real_numbers
from .missing import is_missing
from .opaque import ImageColumn
from .reading import column_of
from .source import More, Source
from .tables import ArrayTable, Embedded, Table


def read_source(
    X: Any,
    labels: Any = None,
    *,
    features: Any = None,
    use_rep: Any = None,
    data: Any = None,
    image: Any = None,
    distances: bool = False,
    standardize: bool = False,
) -> Source:
    """Check what the user gives, and decide what to embed.

    Parameters
    ----------
    X : array-like, scipy sparse matrix, DataFrame or AnnData, of shape (n_samples, n_features)
        A frame's numeric columns are features. Each item of a list or a Series may be an embedding.
    labels : sequence, str, or mapping of str to these, optional
        Values for the rows, or the name of a column; a mapping or a frame gives several.
    features : list, optional
        Names of the columns of X that are features; for an array 'x0', 'x1', ... or positions. Or one
        column of a frame whose cells hold embeddings, as arrays or lists of numbers.
    use_rep : str, optional
        For an AnnData, "X" or a key of `obsm`; by default "X_pca" if there is one, else "X".
    data : DataFrame, or mapping of str to sequence, optional
        More columns for the rows, none of them a feature. The view shows such a column in place of a feature
        with the same name: for example in its own units, while the map uses standardised values.
    image : array, sequence, callable or str, optional
        Pictures of the rows (see `images_of`), or the column that holds them. We try a function on row 0, and
        a sequence of pictures or paths on its first entry that is not missing.
    distances : bool
        Whether X holds distances, so that its columns do not describe the rows.
    standardize : bool
        Whether the maps are made of standardised features, see `Standard`.

    Raises
    ------
    DataError, UnknownColumnError, InvalidTypeError, InvalidValueError
        With the parameter's name and what is wrong.
    """
    if distances:
        require_distances(X)
        if standardize:
            raise InvalidValueError("standardize=True is not allowed: X holds distances, and has no features")
    table = _table(X, use_rep)
    more = _more(data, table)
    index = table.index or more.index
    owner = "X" if table.index else "data"
    known = Columns({**more.columns.makers(), **_without(more.columns, table.columns.makers())})
    if isinstance(labels, str) and labels not in known and not table.named and data is None:
        raise UnknownColumnError(
            f"labels={labels!r} is not a column, as X has no named columns: give data=, a frame or dict with "
            "that column, or the values themselves"
        )
    colorings = read_labels(labels, table.n, known, partial(_require_order, owner, index))
    embedded = table.embedded(features, {coloring.known for coloring in colorings if coloring.known})
    features_in_data = _shown_in_their_place(more.columns, table.columns, embedded)
    makers = {coloring.column.name: partial(_itself, coloring.column) for coloring in colorings}
    if distances:
        known = _without_features(known, more.columns, embedded)
    features_shown = embedded.names if embedded.columns and not distances else ()
    columns = Columns({**makers, **known.makers()}, features_shown)
    names = tuple(coloring.column.name for coloring in colorings)
    images = _images(image, columns, table.n)
    if distances:
        embedded, features_in_data = replace(embedded, names=(), note=NOTE), frozenset()
    return Source(
        table, more, embedded, columns, names, index, images, features_in_data, distances, standardize
    )


def read_numbers(X: Any) -> Any:
    """Check data for an estimator, which may not ignore any column; this does not check shape and size.

    Parameters
    ----------
    X : array-like, scipy sparse matrix or DataFrame

    Returns
    -------
    ndarray, scipy sparse matrix or DataFrame
        A frame stays as it is.

    Raises
    ------
    DataError, InvalidTypeError
        X holds masked values or values that are not numbers, which `read_source` would refuse or ignore; or X
        is an AnnData, which holds several matrices.
    """
    if is_annotated(X):
        keys = " or ".join(["X.X", *(f"X.obsm[{key!r}]" for key in X.obsm)])
        raise InvalidTypeError(f"X is an AnnData: give one of its matrices, {keys}")
    frame = frame_of("X", X)
    if frame is None:
        return real_numbers(X)
    require_only_numbers("X", frame)
    return X


def _table(X: Any, use_rep: Any) -> Table:
    if is_annotated(X):
        return AnnotatedTable(X, use_rep)
    if use_rep is not None:
        raise invalid_value("use_rep", use_rep, f"None as X is of type {type(X).__name__}, not an AnnData")
    series = nw.from_native(X, series_only=True, pass_through=True)
    if isinstance(series, nw.Series) and holds_embeddings(series):
        return SeriesTable("X", series)
    frame = frame_of("X", X)
    return ArrayTable(X) if frame is None else FrameTable("X", frame)


def _more(data: Any, table: Table) -> More:
    if data is None:
        return More(Columns({}))
    frame = frame_of("data", data)
    if frame is not None:
        more = FrameTable("data", frame)
        if more.n != table.n:
            raise DataError(
                f"data has {more.n} rows and X has {table.n}: data must have one row for each row of X"
            )
        _require_order("X", table.index, "data", data)
        return More(more.columns, more)
    if not isinstance(data, Mapping):
        raise invalid_type("data", data, "a DataFrame or a mapping of names to sequences")
    require_unlike("data", data)
    columns = {
        str(name): column_of(str(name), values, table.n, f"data[{name!r}]") for name, values in data.items()
    }
    return More(Columns({name: partial(_itself, column) for name, column in columns.items()}))


def _without_features(known: Columns, more: Columns, embedded: Embedded) -> Columns:
    """Return columns without the embedded ones, except those that data replaces."""
    own = set(embedded.names if embedded.columns else ()).difference(more)
    return Columns({name: maker for name, maker in known.makers().items() if name not in own})


def _without(taken: Columns, makers: Mapping[str, Any]) -> dict[str, Any]:
    return {name: maker for name, maker in makers.items() if name not in taken}


def _shown_in_their_place(more: Columns, own: Columns, embedded: Embedded) -> frozenset[str]:
    """Return the features for which data has other values; raise if another column differs."""
    unlike = [name for name in more if name in own and not more[name].same_as(own[name])]
    features = frozenset(embedded.names if embedded.columns else ())
    other = [name for name in unlike if name not in features]
    if other:
        raise DataError(
            f"data and X both have columns {', '.join(map(repr, other))}, with different values: "
            "rename them in one of the two"
        )
    return features.intersection(unlike)


def _require_order(owner: str, index: Index | None, called: str, given: Any) -> None:
    """Raise if a frame or Series has the labels of the rows' index in another order."""
    native = nw.from_native(given, allow_series=True, pass_through=True)
    other = index_of(given) if isinstance(native, (nw.DataFrame, nw.Series)) else None
    if index is not None and other is not None:
        index.require_order_of(other, called, owner)


def _images(image: Any, columns: Columns, n: int) -> Images | None:
    if image is None:
        return None
    if isinstance(image, str):
        return _images_in(columns[image], n)
    series = nw.from_native(image, series_only=True, pass_through=True)
    if isinstance(series, nw.Series):
        return _images_in(column_of("image", series, n, "image"), n)
    images = images_of(image, n)
    tried = 0 if callable(image) else next((row for row in range(n) if not is_missing(image[row])), None)
    if tried is not None:
        images.of(tried)  # a picture that cannot be drawn fails here, not in a view
    return images


def _images_in(column: Column, n: int) -> Images:
    if isinstance(column, ImageColumn):
        return column.images
    if column.type not in ("category", "text"):
        raise DataError(f"image is {column.called}, of type {column.type}: it must hold pictures or paths")
    images = Images("image", column.array().__getitem__, n)
    for row in np.flatnonzero(~column.missing)[:1].tolist():
        try:
            images.of(row)
        except TSNEWidgetError as error:
            raise DataError(
                f"image is {column.called}, whose texts must be paths of pictures: {error}"
            ) from None
    return images


def _itself(column: Column) -> Column:
    return column

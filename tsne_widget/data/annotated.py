"""AnnData: we embed a representation of its cells; its observations and genes become columns."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

import numpy as np

from ..errors import (
    DataError,
    InvalidTypeError,
    MissingDependencyError,
    UnknownColumnError,
    invalid_type,
    invalid_value,
)
from .columns import Column, Columns, distinct_names
from .features import chosen
from .frames import FrameTable, frame_of
from .index import index_of, require_the_same
from .kept import Kept
from .matrix import as_finite, as_matrix, as_numbers, as_rows, float_for, is_sparse
from .moments import DateColumn
from .tables import (
    NEW,
    Alike,
    Embedded,
    Matrix,
    Table,
    array_alike,
    columns_of,
    feature_makers,
    note_on,
    require_features,
)

#: The representation to embed by default.
DEFAULT_REP = "X_pca"
#: Under which key an entry of `uns` lists the keys of `obsm` that maps beside t-SNE have.
BESIDE = "beside"


def is_annotated(X: Any) -> bool:
    """Tell whether X is an AnnData, without importing the package."""
    anndata = sys.modules.get("anndata")
    return anndata is not None and isinstance(X, anndata.AnnData)


class AnnotatedTable(Table):
    """An AnnData.

    Parameters
    ----------
    adata : anndata.AnnData
    use_rep : str, optional
        "X" or a key of `obsm`; by default "X_pca" if there is one, else "X".

    Raises
    ------
    InvalidValueError, InvalidTypeError
        The representation does not exist, or the data are in a file.
    """

    def __init__(self, adata: Any, use_rep: Any = None):
        if adata.isbacked:
            raise InvalidTypeError("X is an AnnData in a file: X must be in memory; X.to_memory() loads it")
        self.adata = adata
        self._rep, self.n = use_rep, adata.n_obs
        self._check_rep()
        frame = frame_of("X.obs", adata.obs)
        assert frame is not None
        observations = FrameTable("X.obs", frame)
        self.index, self.backend = observations.index, observations.backend
        makers = observations.columns.makers()
        self._observed = tuple(makers)
        self._genes = distinct_names(map(str, adata.var_names), makers)
        self._kept = None if adata.X is None else Kept("X.X", _gene_numbers(adata.X))
        if self._kept is not None:
            makers.update(feature_makers(self._kept, self._kept.numbers, self._genes))
        self.columns = Columns(makers)

    def take(self, positions: np.ndarray) -> Any:
        """Return rows in the user's own type."""
        self._require_the_same()
        return self.adata[positions]

    def write(self, coordinates: Mapping[str, np.ndarray], uns: Mapping[str, Any]) -> Any:
        """Write maps into the AnnData, see `write_result`."""
        self._require_the_same()
        return write_result(self.adata, coordinates, uns)

    @property
    def beside_written(self) -> set[str]:
        """The keys of `obsm` that were written for maps beside t-SNE, also before a file was saved."""
        told = (each for each in self.adata.uns.values() if isinstance(each, Mapping))
        return {key for each in told for key in each.get(BESIDE, ())}

    def embedded(self, features: Any, apart: Collection[str]) -> Embedded:
        """Return the part to embed, see `Table`."""
        by_default = DEFAULT_REP if DEFAULT_REP in self.adata.obsm and features is None else "X"
        key = self._key = self._rep or by_default
        if key == "X":
            return self._of_genes(features, apart)
        if features is not None:
            raise invalid_value("features", features, f"None with use_rep={key!r}; genes are features of 'X'")
        called = f"X.obsm[{key!r}]"
        kept = Kept(called, as_numbers(self.adata.obsm[key], called))
        matrix = as_matrix(kept.numbers, called)
        names = names_of_rep(key, self.adata.obsm[key], matrix.shape[1])
        said = f"the {len(names):,} columns of obsm[{key!r}] are features"
        named = hasattr(self.adata.obsm[key], "columns")
        return Embedded(matrix, names, said, columns=False, quantities=named, kept=kept)

    @property
    def embeddings(self) -> Mapping[str, Any]:
        """The entries of `obsm`."""
        self._require_the_same()
        return dict(self.adata.obsm)

    def colors_of(self, column: str) -> Mapping[str, Any]:
        """Return the entries of `uns["<column>_colors"]` by category, whose order in `obs` they have."""
        colors = self.adata.uns.get(f"{column}_colors")
        observed = self.adata.obs.get(column)
        if colors is None or not hasattr(observed, "cat"):
            return {}
        return dict(zip(map(str, observed.cat.categories), colors, strict=False))

    def alike(self, X: Any, names: Sequence[str]) -> Alike:
        """Read other rows, see `Table`: the same representation, genes by their names."""
        if not is_annotated(X):
            return array_alike(X, self._genes if self._key == "X" else names, names)
        if X.isbacked:
            raise InvalidTypeError(
                f"{NEW} is an AnnData in a file: it must be in memory; .to_memory() loads it"
            )
        frame = frame_of(f"{NEW}.obs", X.obs)
        assert frame is not None
        columns, index = FrameTable(f"{NEW}.obs", frame).columns, index_of(X.obs)
        matrix = self._genes_alike(X, names) if self._key == "X" else self._rep_alike(X, names)
        return Alike(matrix, columns, index, self.backend)

    def _genes_alike(self, X: Any, names: Sequence[str]) -> Matrix:
        if X.X is None:
            raise DataError(f"{NEW} has no matrix, and the map was made from X.X")
        genes = distinct_names(map(str, X.var_names), self._observed)
        require_features(names, set(genes))
        return as_finite(columns_of(as_numbers(X.X, f"{NEW}.X", least=1), genes, names), f"{NEW}.X")

    def _rep_alike(self, X: Any, names: Sequence[str]) -> Matrix:
        if self._key not in X.obsm:
            raise UnknownColumnError(
                f"{NEW} has no obsm[{self._key!r}], from which the map was made: compute it in the same "
                "way as for X, with the same directions"
            )
        return array_alike(X.obsm[self._key], names, names).matrix

    def contrasted(self) -> Embedded | None:
        """Return all genes."""
        if self._kept is None or not len(self._genes):
            return None
        X = self._kept.current()
        matrix = as_rows(X) if is_sparse(X) else np.asarray(X, float_for(X.dtype))
        return Embedded(matrix, self._genes, kept=self._kept)

    def _require_the_same(self) -> None:
        require_the_same("X", self.adata.n_obs, self.adata.obs_names, self.n, self.index)

    def _check_rep(self) -> None:
        if self._rep is None:
            return
        known = ["X", *self.adata.obsm]
        if not isinstance(self._rep, str):
            raise invalid_type("use_rep", self._rep, f"one of {', '.join(map(repr, known))}, or None")
        if self._rep not in known:
            raise invalid_value("use_rep", self._rep, f"one of {', '.join(map(repr, known))}, or None")

    def _of_genes(self, features: Any, apart: Collection[str]) -> Embedded:
        if self._kept is None:
            raise DataError("X has no matrix: use_rep must be a key of obsm")
        wanted = [gene for gene in self._genes if gene not in apart]
        if features is not None:
            wanted = chosen(features, self._genes)
        matrix = as_matrix(columns_of(self._kept.numbers, self._genes, wanted), "X.X")
        said = note_on(self._genes, wanted, features) or f"all {len(wanted):,} genes are features"
        if self._rep is None and features is None:
            said += f"; there is no obsm[{DEFAULT_REP!r}]"
        return Embedded(matrix, tuple(wanted), said, kept=self._kept)


def _gene_numbers(X: Any) -> Any:
    return X if is_sparse(X) else np.asarray(X)


def names_of_rep(key: str, representation: Any, count: int) -> tuple[str, ...]:
    """Return the names of the columns of an entry of `obsm`."""
    if key == DEFAULT_REP:
        return tuple(f"PC{number + 1}" for number in range(count))
    names = getattr(representation, "columns", None)
    return (
        tuple(f"{key} {number + 1}" for number in range(count)) if names is None else tuple(map(str, names))
    )


def write_result(adata: Any, coordinates: Mapping[str, np.ndarray], uns: Mapping[str, Any]) -> Any:
    """Write maps into `obsm` and their figures into `uns` of an AnnData, and return it."""
    for key, points in coordinates.items():
        adata.obsm[key] = points
    for key, value in uns.items():
        adata.uns[key] = value
    return adata


def new_annotated(matrix: Matrix, names: Iterable[str], columns: Iterable[Column], labels: Any) -> Any:
    """Build an AnnData from a matrix, the names of its columns, and other columns of the rows.

    Raises
    ------
    MissingDependencyError
        The package is not installed.
    """
    try:
        anndata, pandas = import_module("anndata"), import_module("pandas")
    except ImportError as error:
        raise MissingDependencyError("to_anndata() needs anndata: pip install anndata") from error
    index = pandas.Index([str(row) for row in range(matrix.shape[0])] if labels is None else labels)
    obs = pandas.DataFrame({column.name: _for_obs(column, pandas) for column in columns})
    obs.index = index
    return anndata.AnnData(X=matrix, obs=obs, var=pandas.DataFrame(index=list(names)))


def _for_obs(column: Column, pandas: Any) -> Any:
    if isinstance(column, DateColumn) and column.zone:
        return pandas.DatetimeIndex(column.array()).tz_localize("UTC").tz_convert(column.zone)
    if column.type == "boolean":
        return pandas.array(column.array(), "boolean" if column.missing.any() else "bool")
    if column.type == "category":
        return pandas.Categorical.from_codes(column.coded.codes, list(column.coded.names))
    return column.array()

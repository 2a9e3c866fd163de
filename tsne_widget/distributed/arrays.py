"""Matrices beyond memory: arrays of Dask, and representations in an AnnData, such as one in a zarr store."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ..data.annotated import DEFAULT_REP, names_of_rep
from ..data.features import chosen
from ..data.matrix import as_finite, as_numbers, is_sparse
from ..data.tables import columns_of, require_features
from ..errors import DataError, InvalidTypeError, invalid_value
from .frames import as_arrow
from .rows import DATA, PARTITION_ROWS, Part, Rows, check_keep, required

#: Under which name `keep` asks for the names of the rows of an AnnData.
OBS_NAMES = "obs_names"
_NOT_DENSE = "must be a dense matrix; reduce sparse counts first, for example by PCA"


def rows_of_array(data: Any, features: Any, keep: Any, of_map: Any) -> Rows:
    """Return the rows of a `dask.array.Array`; a partition is a chunk of rows. Columns are x0, x1, ...

    Raises
    ------
    DataError, InvalidTypeError, UnknownColumnError
        The array is not a dense matrix, or a feature is not in it, or columns are to be kept.
    """
    check_keep(keep, [])
    if data.ndim != 2:
        raise DataError(f"{DATA} has shape {data.shape}: {DATA} must be 2-D, (n_samples, n_features)")
    names = [f"x{number}" for number in range(data.shape[1])]
    return _rows_of_blocks(data, names, features, of_map, None, DATA)


def rows_of_zarr(path: Path, features: Any, use_rep: Any, keep: Any, of_map: Any) -> Rows:
    """Return the rows of an AnnData in a zarr store; see `rows_of_annotated`.

    Only the columns of `obs` to keep are read now; `OBS_NAMES` is the index.

    Raises
    ------
    DataError, InvalidValueError, InvalidTypeError, UnknownColumnError
        It holds no AnnData or no such representation, or a column is unknown.
    """
    zarr, io, lazy = required("zarr"), required("anndata.io"), required("anndata.experimental")
    try:
        store = zarr.open_group(str(path), mode="r")
        obs, obsm = store["obs"], store["obsm"]
    except (OSError, KeyError, ValueError) as error:
        raise DataError(f"{DATA}={str(path)!r} holds no AnnData: {error}") from error
    key = _rep(use_rep, [*(["X"] if "X" in store else []), *obsm], features)
    element = store["X"] if key == "X" else obsm[key]
    if not isinstance(element, zarr.Array):
        raise InvalidTypeError(f"{_rep_called(key)} {_NOT_DENSE}")
    rows = _rows_together(element.chunks[0])
    array = lazy.read_elem_lazy(element, chunks=(rows, element.shape[1]))
    element_of = {OBS_NAMES: obs.attrs["_index"]} | {name: name for name in obs.attrs["column-order"]}
    keep = check_keep(keep, list(element_of))
    pandas = required("pandas")
    kept = pandas.DataFrame({name: pandas.Series(io.read_elem(obs[element_of[name]])) for name in keep})
    names = io.read_elem(store["var"][store["var"].attrs["_index"]]) if key == "X" else None
    return _rows_of_rep(array, key, names, features, of_map, kept if keep else None)


def rows_of_annotated(adata: Any, features: Any, use_rep: Any, keep: Any, of_map: Any) -> Rows:
    """Return the rows of an AnnData, as `anndata.experimental.read_lazy` returns it.

    Chunks of a few rows become partitions of about 100,000 rows, in the order of `obs`.

    Parameters
    ----------
    adata : anndata.AnnData
        The representation may be an array of Dask.
    features : list of str, optional
        Genes, with the representation "X".
    use_rep : str, optional
        "X" or a key of `obsm`; by default "X_pca" if there is one, else "X".
    keep : list of str
        Columns of `obs`, and `OBS_NAMES`, the names of its rows; they are read now.

    Raises
    ------
    InvalidValueError, InvalidTypeError, UnknownColumnError
        There is no such representation, it is sparse, or a column is unknown.
    """
    array_module = required("dask.array")
    key = _rep(use_rep, [*(["X"] if adata.X is not None else []), *adata.obsm], features)
    array = adata.X if key == "X" else adata.obsm[key]
    if isinstance(array, np.ndarray):
        array = array_module.from_array(array, chunks=(PARTITION_ROWS, -1))
    if not isinstance(array, array_module.Array):
        raise InvalidTypeError(f"{_rep_called(key)} {_NOT_DENSE}")
    columns = list(map(str, adata.obs.columns))
    keep = check_keep(keep, list(dict.fromkeys([OBS_NAMES, *columns])))
    kept: Any = adata.obs[[name for name in keep if name in columns]] if keep else None
    if hasattr(kept, "to_memory"):  # read lazily
        kept = kept.to_memory()
    if OBS_NAMES in keep and OBS_NAMES not in columns:
        kept = kept.assign(**{OBS_NAMES: np.asarray(adata.obs_names)})[keep]
    array = array.rechunk((_rows_together(max(array.chunks[0])), -1))
    return _rows_of_rep(array, key, adata.var_names if key == "X" else None, features, of_map, kept)


def _rep(use_rep: Any, known: list[str], features: Any) -> str:
    if use_rep is None:
        use_rep = DEFAULT_REP if DEFAULT_REP in known and features is None else "X"
    if not isinstance(use_rep, str) or use_rep not in known:
        raise invalid_value("use_rep", use_rep, f"one of {', '.join(map(repr, known))}, or None")
    if features is not None and use_rep != "X":
        raise invalid_value("features", features, f"None with use_rep={use_rep!r}; genes are features of 'X'")
    return use_rep


def _rep_called(key: str) -> str:
    return f"{DATA}.X" if key == "X" else f"{DATA}.obsm[{key!r}]"


def _rows_together(chunk: int) -> int:
    """Return the rows of a partition: as many whole chunks as come near to `PARTITION_ROWS`."""
    return chunk * max(1, round(PARTITION_ROWS / chunk))


def _rows_of_rep(array: Any, key: str, genes: Any, features: Any, of_map: Any, kept: Any) -> Rows:
    names = list(map(str, genes)) if key == "X" else list(names_of_rep(key, None, array.shape[1]))
    return _rows_of_blocks(array, names, features, of_map, kept, _rep_called(key))


def _rows_of_blocks(array: Any, names: list[str], features: Any, of_map: Any, kept: Any, called: str) -> Rows:
    if is_sparse(array._meta):
        raise InvalidTypeError(f"{called} {_NOT_DENSE}")
    wanted = names
    if features is not None:
        wanted = chosen(features, names, lambda one: one if isinstance(one, str) else f"x{one}", called=DATA)
    elif of_map is not None:
        require_features(of_map, names, called=called)
        wanted = list(of_map)
    blocks = array.rechunk({1: -1}).to_delayed().ravel().tolist()
    read = partial(_read_block, names, wanted)
    if np.isnan(array.chunks[0]).any():
        return Rows(blocks, read)
    lengths = list(map(int, array.chunks[0]))
    if kept is None:
        return Rows(blocks, read, lengths)
    stops = np.cumsum(lengths).tolist()
    parts = [kept.iloc[stop - length : stop] for stop, length in zip(stops, lengths, strict=True)]
    return Rows(list(zip(blocks, parts, strict=True)), read, lengths)


def _read_block(names: list[str], wanted: list[str], partition: Any, called: str) -> Part:
    block, kept = partition if isinstance(partition, tuple) else (partition, None)
    matrix = as_finite(columns_of(as_numbers(block, called, least=0), names, wanted), called)
    if is_sparse(matrix):
        raise InvalidTypeError(f"{called} {_NOT_DENSE}")
    table = required("pyarrow").table({}) if kept is None else as_arrow(kept)
    return Part(np.ascontiguousarray(matrix), tuple(wanted), table)

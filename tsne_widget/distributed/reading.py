"""Find out what kind of data a user gives."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ..data.annotated import is_annotated
from ..errors import invalid_type, invalid_value
from .arrays import rows_of_annotated, rows_of_array, rows_of_zarr
from .frames import rows_of_frame, rows_of_parquet
from .rows import DATA, Rows

ALLOWED = (
    "a dask DataFrame, a dask array, an AnnData, or a path of Parquet files or of an AnnData's .zarr; "
    "dask.dataframe.from_pandas and dask.array.from_array make partitions of what is in memory"
)


def rows_of(data: Any, *, features: Any, use_rep: Any, keep: Any, of_map: Any = None) -> Rows:
    """Return the rows of any data in partitions; see `sample` for the parameters and errors.

    If there is a map already, `of_map` has the names of its features, or is None if they have none.
    """
    if is_annotated(data):
        return rows_of_annotated(data, features, use_rep, keep, of_map)
    path = _path_of(data) if isinstance(data, (str, Path)) else None
    if path is not None and _is_zarr(path):
        return rows_of_zarr(path, features, use_rep, keep, of_map)
    if use_rep is not None:
        raise invalid_value("use_rep", use_rep, f"None as {DATA} is not an AnnData")
    if path is not None:
        return rows_of_parquet(path, features, keep, of_map)
    if _is_of(data, "dask.dataframe", "DataFrame"):
        return rows_of_frame(data, features, keep, of_map)
    if _is_of(data, "dask.array", "Array"):
        return rows_of_array(data, features, keep, of_map)
    raise invalid_type(DATA, data, ALLOWED)


def _path_of(data: str | Path) -> Path:
    """Return a path as all workers have it, wherever they were started."""
    if "://" in str(data):
        raise invalid_value(
            DATA, str(data), "a path that all workers see; dask.dataframe.read_parquet reads from addresses"
        )
    return Path(data).expanduser().absolute()


def _is_of(value: Any, module: str, name: str) -> bool:
    """Tell whether a value is of a type of a module, without importing it."""
    known = getattr(sys.modules.get(module), name, None)
    return known is not None and isinstance(value, known)


def _is_zarr(path: Path) -> bool:
    return path.suffix == ".zarr" or any((path / name).exists() for name in (".zgroup", "zarr.json"))

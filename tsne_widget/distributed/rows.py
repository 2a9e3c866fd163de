"""Rows in partitions, too many for memory: each partition is read on its own, by whoever works on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np

from ..data.features import require_columns
from ..errors import DataError, MissingDependencyError, invalid_type

#: What the rows are called in errors.
DATA = "data"
#: The columns that `place` writes; others must have other names.
WRITTEN = ("x", "y", "distance", "partition", "row")
#: Neighbouring row groups and chunks that are smaller become one partition of about so many rows.
PARTITION_ROWS = 100_000


class Part(NamedTuple):
    """The rows of one partition.

    Attributes
    ----------
    matrix : ndarray of shape (n_rows, n_features), float32 or float64
        Finite.
    features : tuple of str
        Names of its columns.
    kept : pyarrow.Table
        Other columns to keep.
    """

    matrix: np.ndarray
    features: tuple[str, ...]
    kept: Any


@dataclass(frozen=True, eq=False)
class Rows:
    """All rows, of which none is read yet.

    Attributes
    ----------
    partitions : list
        What `read` takes; Dask computes what is delayed in it before.
    read : callable
        Reads a partition, given with its name for errors; it pickles.
    lengths : list of int or None
        The rows of each partition; None before they are counted.
    """

    partitions: list[Any]
    read: Callable[[Any, str], Part]
    lengths: list[int] | None = None

    def counted(self) -> list[int]:
        """Return the rows of each partition; Dask counts them if nobody has."""
        if self.lengths is not None:
            return self.lengths
        dask = required("dask")
        return list(dask.compute(*map(dask.delayed(len), self.partitions)))

    def tasks(self, work: Callable[..., Any], *given: Sequence[Any], shared: Any = None) -> list[Any]:
        """Return a task for each partition: ``work(read, partition, number, *given of it, shared)``.

        What is shared is sent to each worker once, and is one object there.
        """
        dask = required("dask")
        read, shared = dask.delayed(self.read, pure=False), dask.delayed(shared, pure=False, traverse=False)
        task = dask.delayed(work, pure=False)
        return [
            task(read, partition, number, *each, shared)
            for number, (partition, *each) in enumerate(zip(self.partitions, *given, strict=True))
        ]


def partition_called(number: int) -> str:
    """Return the name of a partition in errors."""
    return f"partition {number} of {DATA}"


def check_keep(keep: Any, known: Sequence[str]) -> list[str]:
    """Check which columns to keep beside the features.

    Raises
    ------
    InvalidTypeError, UnknownColumnError, DataError
        They are not a list of names, or a name is unknown, given twice, or that of a column which we write.
    """
    if not isinstance(keep, (list, tuple)) or not all(isinstance(name, str) for name in keep):
        raise invalid_type("keep", keep, "a list of names of columns")
    require_columns("keep", keep, known, DATA)
    for name in keep:
        require_free(name)
    return list(keep)


def require_free(name: str) -> None:
    """Raise DataError if a column to keep has the name of one that `place` writes."""
    if name in WRITTEN:
        raise DataError(f"{DATA} cannot keep the column {name!r}: place writes one of this name; rename it")


def required(module: str) -> Any:
    """Import a module of the extra.

    Raises
    ------
    MissingDependencyError
        It is not installed.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        extra = {"anndata": "'anndata[dask]' zarr", "zarr": "zarr"}.get(package, "'tsne_widget[dask]'")
        raise MissingDependencyError(
            f"rows beyond memory need {package} here: pip install {extra}"
        ) from error

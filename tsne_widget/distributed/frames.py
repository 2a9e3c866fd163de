"""Frames beyond memory: those of Dask, and Parquet files."""

from __future__ import annotations

import glob
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..data.embeddings import holds_embeddings
from ..data.features import chosen, numeric
from ..data.frames import FrameTable, frame_of
from ..data.series import holds_numbers
from ..data.tables import require_features
from ..errors import DataError
from .rows import DATA, PARTITION_ROWS, Part, Rows, check_keep, require_free, required

#: What pandas and Dask call the column of an index without a name.
_UNNAMED_INDEX = ("__index_level_0__", "__null_dask_index__")


def rows_of_frame(data: Any, features: Any, keep: Any, of_map: Any) -> Rows:
    """Return the rows of a `dask.dataframe.DataFrame`; its partitions stay as they are.

    An index of labels is kept as a column; one that only counts rows is not.

    Raises
    ------
    InvalidTypeError, DataError, UnknownColumnError
        A column is unknown, or cannot be a feature.
    """
    dask, pandas = required("dask"), required("pandas")
    own = {str(name): name for name in data.columns}
    keep = check_keep(keep, list(own))
    wanted = wanted_features(frame_of(DATA, data._meta), features, keep, of_map)
    read = partial(_read_frame, wanted, keep, _index_kept(data._meta.index, keep, pandas))
    some = data[[own[name] for name in dict.fromkeys([*wanted, *keep])]]
    # By default Dask merges partitions of Parquet if few columns are read, which changes their numbers.
    with dask.config.set({"dataframe.parquet.minimum-partition-size": 0}):
        return Rows(some.to_delayed(), read)


def rows_of_parquet(path: Path, features: Any, keep: Any, of_map: Any) -> Rows:
    """Return the rows of a Parquet file, a folder of files, or those that match a pattern.

    A partition is a part of a file, of whole row groups. An index of labels that pandas has written is kept
    as a column.

    Raises
    ------
    InvalidTypeError, DataError, UnknownColumnError
        There are no such files, or a column is unknown or cannot be a feature.
    """
    arrow, dataset = required("pyarrow"), required("pyarrow.dataset")
    natural = required("dask.utils").natural_sort_key
    files: Any = str(path)
    if glob.has_magic(files):
        files = glob.glob(files, recursive=True)
        if not files:
            raise DataError(f"{DATA}={str(path)!r} matches no file")
    try:
        found = dataset.dataset(files, format="parquet", partitioning="hive")
        schema, fragments = found.schema, sorted(found.get_fragments(), key=lambda one: natural(one.path))
        parts = [part for fragment in fragments for part in _parts_of(fragment)]
    except (OSError, arrow.ArrowException) as error:
        raise DataError(f"{DATA}={str(path)!r} cannot be read as Parquet: {error}") from error
    keep = check_keep(keep, schema.names)
    index = [name for name in _index_written(schema) if name not in keep and _named(name) not in keep]
    wanted = wanted_features(frame_of(DATA, schema.empty_table()), features, [*index, *keep], of_map)
    read = partial(_read_fragment, wanted, [*index, *keep], schema)
    return Rows([part for part, _ in parts], read, [length for _, length in parts])


def wanted_features(meta: Any, features: Any, keep: list[str], of_map: Any) -> list[str]:
    """Return the features of a frame of which we know the types.

    They are those that the user chose, or else those of the map, or else all numbers that are not kept.
    """
    series = {str(one.name): one for one in meta.iter_columns()}
    if features is not None:
        return chosen(features, list(series), called=DATA)
    if of_map is not None:
        require_features(of_map, series, called=DATA)
        return list(of_map)
    wanted, _ = numeric(
        list(series),
        lambda name: holds_numbers(name, series[name]),
        keep,
        lambda: [name for name, one in series.items() if holds_embeddings(one)],
        called=DATA,
    )
    return wanted


def _index_kept(index: Any, keep: list[str], pandas: Any) -> str | None:
    """Return the name under which the index is kept; None if it is not."""
    name = "index" if index.name is None else str(index.name)
    if isinstance(index, pandas.RangeIndex) or name in keep:
        return None
    require_free(name)
    return name


def _index_written(schema: Any) -> list[str]:
    """Return the columns of Parquet that are the index of the pandas frame that was written."""
    about = (schema.pandas_metadata or {}).get("index_columns", [])
    names = [name for name in about if isinstance(name, str) and name in schema.names]
    for name in names:
        require_free(name)
    return names


def _named(column: str) -> str:
    """Return the name under which a column is kept."""
    return "index" if column in _UNNAMED_INDEX else column


def _read_frame(wanted: list[str], keep: list[str], index: str | None, frame: Any, called: str) -> Part:
    by_name = {str(name): frame[name] for name in frame.columns}
    kept = frame[[by_name[name].name for name in keep]].set_axis(keep, axis="columns")
    if index is not None:
        kept.insert(0, index, frame.index)
    return _part(frame, wanted, as_arrow(kept), called)


def _read_fragment(wanted: list[str], keep: list[str], schema: Any, fragment: Any, called: str) -> Part:
    table = fragment.to_table(schema=schema, columns=list(dict.fromkeys([*wanted, *keep])), use_threads=False)
    kept = table.select(keep).rename_columns([_named(name) for name in keep])
    return _part(table, wanted, kept, f"{called} ({fragment.path})")


def _part(frame: Any, wanted: list[str], kept: Any, called: str) -> Part:
    if not len(frame):
        return Part(np.empty((0, len(wanted)), np.float32), tuple(wanted), kept)
    embedded = FrameTable(called, nw.from_native(frame, eager_only=True), least=1).embedded(wanted, ())
    assert isinstance(embedded.matrix, np.ndarray)
    return Part(embedded.matrix, embedded.names, kept)


def as_arrow(kept: Any) -> Any:
    """Return a pandas frame without its index as a pyarrow Table; of nothing but missing values are texts."""
    arrow = required("pyarrow")
    table = arrow.Table.from_pandas(kept, preserve_index=False, nthreads=1)
    types = [
        arrow.field(each.name, arrow.string()) if arrow.types.is_null(each.type) else each
        for each in table.schema
    ]
    return table.cast(arrow.schema(types))


def _parts_of(fragment: Any) -> Iterator[tuple[Any, int]]:
    """Return the parts of a file, and how many rows they have: some row groups that follow one another."""
    groups: list[int] = []
    rows = 0
    for group in fragment.row_groups:
        groups.append(group.id)
        rows += group.num_rows
        if rows >= PARTITION_ROWS:
            yield fragment.subset(row_group_ids=groups), rows
            groups, rows = [], 0
    if groups:
        yield fragment.subset(row_group_ids=groups), rows

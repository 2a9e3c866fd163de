"""Rows beyond memory: a uniform sample makes the map, and every row finds its place in a Parquet file."""

from __future__ import annotations

import itertools
import json
import logging
import os
import pickle
import signal
import threading
import time

import anndata
import dask
import dask.array as da
import dask.dataframe as dd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import scipy.sparse
import zarr
from sklearn.neighbors import NearestNeighbors

from tsne_widget import TSNE, distributed
from tsne_widget.distributed import arrays, frames, placing, rows
from tsne_widget.distributed.sampling import positions_drawn
from tsne_widget.distributed.written import Extent, along_curve
from tsne_widget.errors import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    MissingDependencyError,
    NotComputedError,
    PlacingWarning,
    SaveError,
    UnknownColumnError,
    UnknownParameterError,
)

N, SAMPLE, NAMES = 400, 90, list("abcd")


@pytest.fixture(autouse=True)
def in_this_thread():
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(0)
    label = rng.integers(0, 3, N)
    X = rng.normal(size=(3, len(NAMES)))[label] * 6 + rng.normal(size=(N, len(NAMES)))
    made = pd.DataFrame(X.astype(np.float32), columns=NAMES, index=[f"cell{row}" for row in range(N)])
    return made.assign(type=pd.Categorical.from_codes(label, ["B", "T", "NK"]), batch=label)


@pytest.fixture
def partitions(frame):
    """The frame in Dask, in partitions of different sizes, of which one is empty."""
    borders = (0, 37, 37, 210, N)
    return dd.from_map(lambda first: frame.iloc[first[0] : first[1]], list(itertools.pairwise(borders)))


@pytest.fixture(scope="module")
def fitted(frame):
    with dask.config.set(scheduler="synchronous"):
        sampled = distributed.sample(dd.from_pandas(frame, 3, sort=False), SAMPLE, keep=["type", "batch"])
    return distributed.fit(sampled, perplexity=10, max_iter=120)


def written(path):
    """Return what was written, in the order of the data."""
    files = sorted(path.glob("part.*.parquet"))
    parts = [pd.read_parquet(file).sort_values("row") for file in files]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def zarr_of(frame, path, **more):
    made = anndata.AnnData(
        np.ones((N, 2), np.float32),
        obs=frame[["type", "batch"]],
        obsm={"X_pca": frame[NAMES].to_numpy()},
        **more,
    )
    made.write_zarr(path)
    store = zarr.open_group(path, use_consolidated=False)
    chunks = {"chunks": (40, 3)}
    anndata.io.write_elem(store["obsm"], "X_pca", made.obsm["X_pca"], dataset_kwargs=chunks)
    zarr.consolidate_metadata(path)
    return path


def parquet_of(frame, path):
    path.mkdir()
    for number, first in enumerate(range(0, N, 120)):
        frame.iloc[first : first + 120].to_parquet(path / f"{number}.parquet", row_group_size=60, index=False)
    return path


#: The same rows in every kind of data, made of the frame and a folder.
KINDS = {
    "dask frame": lambda frame, folder: dd.from_pandas(frame, 3, sort=False),
    "dask frame of parquet": lambda frame, folder: dd.read_parquet(parquet_of(frame, folder / "files")),
    "dask array": lambda frame, folder: da.from_array(frame[NAMES].to_numpy(), chunks=(130, 3)),
    "unknown chunks": lambda frame, folder: dd.from_pandas(frame[NAMES], 3, sort=False).to_dask_array(),
    "folder": lambda frame, folder: parquet_of(frame, folder / "files"),
    "pattern": lambda frame, folder: str(parquet_of(frame, folder / "files") / "*.parquet"),
    "zarr": lambda frame, folder: zarr_of(frame, folder / "cells.zarr"),
    "read_lazy": lambda frame, folder: anndata.experimental.read_lazy(zarr_of(frame, folder / "cells.zarr")),
    "AnnData": lambda frame, folder: anndata.read_zarr(zarr_of(frame, folder / "cells.zarr")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_data_gives_the_same_sample_and_places(kind, frame, tmp_path, monkeypatch):
    for module in (rows, frames, arrays):
        monkeypatch.setattr(module, "PARTITION_ROWS", 100)
    data = KINDS[kind](frame, tmp_path)
    keep = [] if kind in ("dask array", "unknown chunks") else ["type"]
    features = NAMES if kind in ("dask frame", "dask frame of parquet", "folder", "pattern") else None
    sampled = distributed.sample(data, SAMPLE, features=features, keep=keep, random_state=3)
    assert len(set(sampled.index.get_level_values("partition"))) >= 3
    picked = np.sort(np.random.default_rng(3).choice(N, SAMPLE, replace=False, shuffle=False))
    X = frame[NAMES].to_numpy()
    np.testing.assert_array_equal(sampled[sampled.attrs["features"]], X[picked])
    fitted = distributed.fit(sampled, perplexity=10, max_iter=60)
    placed = distributed.place(data, fitted, tmp_path / "map", keep=keep)
    there = written(tmp_path / "map")
    known = sampled.attrs["features"]
    np.testing.assert_array_equal(there[["x", "y"]], fitted.transform(pd.DataFrame(X, columns=known)))
    np.testing.assert_array_equal(there[["x", "y"]].iloc[picked], fitted.embedding_)
    assert there["x"].dtype == there["distance"].dtype == np.float32
    assert len(placed.compute()) == N
    if keep:
        assert there["type"].tolist() == frame["type"].tolist()
        assert sampled["type"].tolist() == frame["type"].iloc[picked].tolist()


def test_a_sample_says_where_its_rows_come_from(frame, partitions):
    sampled = distributed.sample(partitions, SAMPLE, keep=["type", "batch"])
    assert sampled.attrs["features"] == NAMES
    assert list(sampled) == [*NAMES, "index", "type", "batch"]
    firsts = np.array([0, 37, 37, 210])
    part, row = (sampled.index.get_level_values(name) for name in ("partition", "row"))
    of_all = frame.iloc[firsts[part] + row]
    assert sampled["index"].tolist() == of_all.index.tolist()
    assert sampled["type"].tolist() == of_all["type"].tolist()
    np.testing.assert_array_equal(sampled[NAMES], of_all[NAMES])


@pytest.mark.parametrize("index", ["cell", None])
def test_an_index_that_pandas_wrote_to_parquet_is_kept_and_no_feature(index, frame, tmp_path):
    numbers = frame[NAMES].set_index(pd.Index(np.arange(N) * 7 + 1, name=index))
    numbers.to_parquet(tmp_path / "rows.parquet")
    sampled = distributed.sample(tmp_path / "rows.parquet", SAMPLE)
    assert sampled.attrs["features"] == NAMES
    row = sampled.index.get_level_values("row")
    assert sampled[index or "index"].tolist() == numbers.index[row].tolist()


def test_a_column_called_index_is_kept_in_place_of_an_index_without_a_name(frame, tmp_path):
    again = frame[NAMES].reset_index(names="index").iloc[1::2]
    again.to_parquet(tmp_path / "rows.parquet")
    sampled = distributed.sample(tmp_path / "rows.parquet", SAMPLE, keep=["index"])
    row = sampled.index.get_level_values("row")
    assert sampled.attrs["features"] == NAMES
    assert sampled["index"].tolist() == again["index"].iloc[row].tolist()
    dd.from_pandas(frame[NAMES], 2, sort=False).to_parquet(tmp_path / "parts")
    assert "index" in distributed.sample(tmp_path / "parts", SAMPLE)


@pytest.mark.parametrize("kind", ["zarr", "read_lazy", "AnnData"])
def test_names_of_cells_are_kept_if_asked_for(kind, frame, tmp_path):
    sampled = distributed.sample(KINDS[kind](frame, tmp_path), SAMPLE, keep=["obs_names", "type"])
    row = sampled.index.get_level_values("row")
    assert list(sampled)[-2:] == ["obs_names", "type"]
    assert sampled["obs_names"].tolist() == frame.index[row].tolist()


def test_workers_may_have_another_folder(frame, tmp_path, monkeypatch):
    parquet_of(frame, tmp_path / "rows")
    monkeypatch.chdir(tmp_path)
    read = frames.rows_of_parquet

    def elsewhere(*given):
        found = read(*given)
        monkeypatch.chdir("/")
        return found

    monkeypatch.setattr("tsne_widget.distributed.reading.rows_of_parquet", elsewhere)
    assert len(distributed.sample("rows/*.parquet", SAMPLE, features=NAMES)) == SAMPLE


def test_each_row_has_the_same_chance_whatever_its_partition():
    lengths = [5, 0, 40, 15]
    counts = np.zeros(60)
    firsts = np.cumsum([0, *lengths[:-1]])
    for seed in range(1000):
        drawn = positions_drawn(lengths, 12, seed)
        assert [len(part) for part in drawn] == [len(set(part)) for part in drawn]
        rows = np.concatenate([first + part for first, part in zip(firsts, drawn, strict=True)])
        assert len(rows) == 12
        counts[rows] += 1
    # 1,000 draws with a chance of a fifth: 200 with a standard deviation of 12.6.
    assert np.abs(counts - 200).max() < 4.5 * 12.6


def test_a_sample_may_be_all_rows_but_no_more(partitions):
    assert len(distributed.sample(partitions, N, features=NAMES)) == N
    with pytest.raises(InvalidValueError, match="n_rows=401 is not allowed: data has 400 rows"):
        distributed.sample(partitions, N + 1)
    with pytest.raises(InvalidValueError, match="n_rows=2 is not allowed"):
        distributed.sample(partitions, 2)


def test_numeric_columns_are_features_unless_they_are_kept(partitions):
    assert distributed.sample(partitions, 9).attrs["features"] == [*NAMES, "batch"]
    assert distributed.sample(partitions, 9, keep=["batch"]).attrs["features"] == NAMES


def test_cells_of_a_parquet_column_may_hold_the_features(frame, fitted, tmp_path):
    cells = pa.array(frame[NAMES].to_numpy().tolist(), pa.list_(pa.float32()))
    pq.write_table(pa.table({"embedding": cells, "id": range(N)}), tmp_path / "one.parquet")
    path = tmp_path / "one.parquet"
    sampled = distributed.sample(path, SAMPLE, features=["embedding"], keep=["id"])
    assert sampled.attrs["features"] == [f"embedding {number}" for number in range(1, 5)]
    fitted = distributed.fit(sampled, perplexity=10, max_iter=60)
    distributed.place(path, fitted, tmp_path / "map", features=["embedding"], keep=["id"])
    there = written(tmp_path / "map")
    assert there["id"].tolist() == list(range(N))
    np.testing.assert_array_equal(there.loc[sampled["id"], ["x", "y"]], fitted.embedding_)
    with pytest.raises(UnknownColumnError, match="data lacks 4 of the 4 features of the map"):
        distributed.place(path, fitted, tmp_path / "other")


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"features": ["a", "e"]}, UnknownColumnError, "'e', which is not a column of data"),
        ({"features": ["a", "type"]}, InvalidTypeError, "'type', a column of type category"),
        ({"keep": "type"}, InvalidTypeError, "keep='type'"),
        ({"keep": ["typ"]}, UnknownColumnError, "keep names 'typ'.*did you mean 'type'"),
        ({"keep": ["type", "type"]}, DataError, "twice"),
        ({"use_rep": "X_pca"}, InvalidValueError, "use_rep='X_pca' is not allowed"),
        ({"random_state": -1}, InvalidValueError, "random_state=-1"),
    ],
)
def test_parameters_of_a_sample_are_checked(partitions, given, error, said):
    with pytest.raises(error, match=said):
        distributed.sample(partitions, SAMPLE, **given)


def test_missing_values_are_refused_by_name_and_number_also_in_rows_not_drawn(frame):
    broken = frame.copy()
    broken.iloc[[250, 260], 1] = np.nan
    with pytest.raises(DataError, match=r"'b' of partition 1 of data has 2 missing .* \(index cell250\)"):
        distributed.sample(dd.from_pandas(broken, 2, sort=False), 3)
    array = da.from_array(broken[NAMES].to_numpy(), chunks=(200, 4))
    with pytest.raises(DataError, match=r"partition 1 of data holds 2 NaN .* row 50, column 1"):
        distributed.sample(array, 3)


def test_data_of_other_kinds_are_refused(frame, fitted, tmp_path):
    with pytest.raises(InvalidValueError, match=r"data='s3://cells/.*' is not allowed"):
        distributed.sample("s3://cells/*.parquet")
    with pytest.raises(InvalidTypeError, match="from_pandas"):
        distributed.sample(frame)
    with pytest.raises(DataError, match="2-D"):
        distributed.sample(da.zeros(5))
    with pytest.raises(DataError, match="matches no file"):
        distributed.sample(tmp_path / "*.parquet")
    (tmp_path / "text.parquet").write_text("text")
    with pytest.raises(DataError, match="cannot be read as Parquet"):
        distributed.sample(tmp_path / "text.parquet")
    with pytest.raises(DataError, match="holds no AnnData"):
        distributed.sample(tmp_path / "no.zarr")
    with pytest.raises(UnknownColumnError, match="there are none"):
        distributed.sample(da.zeros((9, 2)), 3, keep=["type"])


def test_representations_are_checked(frame, tmp_path):
    store = zarr_of(frame, tmp_path / "cells.zarr")
    for data in (store, anndata.read_zarr(store)):
        with pytest.raises(InvalidValueError, match=r"use_rep='X_umap' is not allowed: .* 'X', 'X_pca'"):
            distributed.sample(data, 9, use_rep="X_umap")
        with pytest.raises(InvalidValueError, match="genes are features of 'X'"):
            distributed.sample(data, 9, use_rep="X_pca", features=["a"])
        assert distributed.sample(data, 9, features=["1"]).attrs["features"] == ["1"]
        assert distributed.sample(data, 9, use_rep="X").attrs["features"] == ["0", "1"]
    counts = anndata.AnnData(scipy.sparse.csr_matrix(np.eye(9)))
    counts.write_zarr(tmp_path / "counts.zarr")
    for data in (counts, tmp_path / "counts.zarr"):
        with pytest.raises(InvalidTypeError, match=r"data\.X must be a dense matrix"):
            distributed.sample(data, 5)


def test_the_map_is_that_of_tsne_and_parameters_are_checked(partitions):
    sampled = distributed.sample(partitions, SAMPLE, keep=["type", "batch"])
    fitted = distributed.fit(sampled, perplexity=10, max_iter=60)
    alone = TSNE(perplexity=10, max_iter=60).fit(sampled[NAMES])
    np.testing.assert_array_equal(fitted.embedding_, alone.embedding_)
    assert fitted.feature_names_in_.tolist() == NAMES
    assert distributed.fit(sampled, features=["a", "b"], perplexity=10, max_iter=60).n_features_in_ == 2
    with pytest.raises(UnknownParameterError, match="'perplexty' is not a parameter of TSNE; did you mean"):
        distributed.fit(sampled, perplexty=10)
    with pytest.raises(InvalidValueError, match="attrs"):
        distributed.fit(pd.DataFrame(sampled.to_numpy()))
    with pytest.raises(InvalidTypeError, match="sampled"):
        distributed.fit(sampled.to_numpy())


def test_all_rows_are_scaled_as_the_sample_is(frame, partitions, tmp_path):
    sampled = distributed.sample(partitions, SAMPLE, features=NAMES)
    pipeline = distributed.fit(sampled, standardize=True, perplexity=10, max_iter=60)
    distributed.place(partitions, pipeline, tmp_path / "map")
    there = written(tmp_path / "map")
    np.testing.assert_array_equal(there[["x", "y"]], pipeline.transform(frame[NAMES]))
    scaler = pipeline[0]
    nearest = NearestNeighbors(n_neighbors=1).fit(scaler.transform(sampled[NAMES]))
    np.testing.assert_allclose(
        there["distance"], nearest.kneighbors(scaler.transform(frame[NAMES]))[0][:, 0], atol=1e-5
    )


def test_places_depend_on_nothing_but_the_row(frame, fitted, tmp_path, monkeypatch):
    monkeypatch.setattr(placing, "_AT_ONCE", 7)
    distributed.place(dd.from_pandas(frame, 5, sort=False), fitted, tmp_path / "map")
    np.testing.assert_array_equal(written(tmp_path / "map")[["x", "y"]], fitted.transform(frame[NAMES]))


def test_files_tell_what_a_viewer_needs(frame, partitions, fitted, tmp_path):
    placed = distributed.place(partitions, fitted, tmp_path / "map", keep=["type", "batch"])
    about = json.loads((tmp_path / "map" / "_map.json").read_text("utf-8"))
    there = written(tmp_path / "map")
    left, right, low, high = about["extent"]
    assert (left, right) == (there["x"].min(), there["x"].max())
    assert (low, high) == (there["y"].min(), there["y"].max())
    assert about["version"] == 1
    assert (about["rows"], about["sampled"], about["partitions"]) == (N, SAMPLE, [37, 0, 173, 190])
    assert about["threshold"] == pytest.approx(fitted.largest_distance_)
    assert about["beyond"] == (there["distance"] > about["threshold"]).sum()
    assert list(placed.columns) == ["x", "y", "distance", "partition", "row", "index", "type", "batch"]
    in_order = placed.compute().sort_values(["partition", "row"])
    assert in_order["index"].tolist() == there["index"].tolist() == frame.index.tolist()


def test_types_of_kept_columns_do_not_depend_on_the_partition(frame, fitted, tmp_path):
    table = pa.Table.from_pandas(frame[NAMES], preserve_index=False)
    table = table.append_column("id", pa.array([None] * 200 + list(range(200)), pa.int64()))
    table = table.append_column("note", pa.array([None] * 200 + ["new"] * 200))
    (tmp_path / "rows").mkdir()
    for number in range(2):
        pq.write_table(table.slice(200 * number, 200), tmp_path / "rows" / f"{number}.parquet")
    distributed.place(tmp_path / "rows", fitted, tmp_path / "map", keep=["id", "note"])
    one, other = (
        pq.read_table(file).select(["id", "note"]) for file in sorted((tmp_path / "map").glob("part.*"))
    )
    assert one.schema.equals(other.schema)
    assert one.schema.equals(table.select(["id", "note"]).schema)
    assert one["id"].null_count == 200
    data = dd.from_pandas(frame[NAMES].assign(note=pd.Series([None] * N, dtype=object)), 2, sort=False)
    distributed.place(data, fitted, tmp_path / "other", keep=["note"]).compute()


def test_rows_lie_along_a_curve_so_that_groups_of_them_are_near():
    places = np.random.default_rng(0).uniform(-3, 5, (4096, 2)).astype(np.float32)
    extent = Extent.of(places)
    order = along_curve(places, extent)
    assert sorted(order) == list(range(4096))
    quarters = places[order].reshape(4, 1024, 2)
    middle = np.array([(extent.left + extent.right) / 2, (extent.low + extent.high) / 2])
    for number, quarter in enumerate(quarters):
        inside = (quarter > middle) == [number % 2, number // 2]
        assert inside.all(axis=1).mean() > 0.9
    # Places outside count as those on the border; a map may be a single point.
    assert sorted(along_curve(places * 9, extent)) == list(range(4096))
    assert along_curve(np.ones((3, 2), np.float32), Extent(1, 1, 1, 1)).tolist() == [0, 1, 2]


def test_row_groups_are_small(frame, fitted, tmp_path, monkeypatch):
    monkeypatch.setattr("tsne_widget.distributed.written.ROW_GROUP", 50)
    distributed.place(dd.from_pandas(frame, 1), fitted, tmp_path / "map")
    file = pq.ParquetFile(tmp_path / "map" / "part.00000.parquet")
    assert file.num_row_groups == 8
    assert file.metadata.row_group(0).column(0).statistics.has_min_max


def test_rows_unlike_the_sample_are_warned_of(frame, fitted, tmp_path):
    far = frame.copy()
    far.iloc[:60, :4] += 90
    with pytest.warns(PlacingWarning, match=r"of 400 rows \(15 %\) are unlike the sample"):
        distributed.place(dd.from_pandas(far, 2, sort=False), fitted, tmp_path / "map")
    there = written(tmp_path / "map")
    assert (there["distance"][:60] > fitted.largest_distance_).all()


def test_rows_of_a_partition_can_be_placed_together(frame, fitted, tmp_path):
    distributed.place(dd.from_pandas(frame, 2, sort=False), fitted, tmp_path / "map", together=True)
    first = frame[NAMES].iloc[:200]
    expected = fitted.transform(first, together=True, n_total=N)
    np.testing.assert_array_equal(written(tmp_path / "map")[["x", "y"]].iloc[:200], expected)


def test_nothing_is_overwritten_unasked(frame, fitted, tmp_path):
    data = dd.from_pandas(frame, 2, sort=False)
    distributed.place(data, fitted, tmp_path / "map")
    with pytest.raises(SaveError, match="has a map in it: overwrite=True replaces it"):
        distributed.place(data, fitted, tmp_path / "map")
    distributed.place(data.repartition(npartitions=1), fitted, tmp_path / "map", overwrite=True)
    assert len(list((tmp_path / "map").iterdir())) == 2
    data.to_parquet(tmp_path / "rows")  # its files have the names of ours
    with pytest.raises(SaveError, match=r"other files, such as 'part\.\d\.parquet'"):
        distributed.place(tmp_path / "rows", fitted, tmp_path / "rows", overwrite=True)
    assert len(dd.read_parquet(tmp_path / "rows")) == N
    (tmp_path / "map" / "mine.txt").write_text("mine")
    with pytest.raises(SaveError, match=r"other files, such as 'mine.txt'"):
        distributed.place(data, fitted, tmp_path / "map", overwrite=True)
    for path, error in ((3, InvalidTypeError), ("s3://bucket/map", InvalidValueError)):
        with pytest.raises(error, match="path="):
            distributed.place(data, fitted, path)


def test_a_map_stays_until_the_next_is_whole(frame, fitted, tmp_path):
    folder = tmp_path / "map"
    distributed.place(dd.from_pandas(frame, 4, sort=False), fitted, folder, keep=["a", "b", "c", "d"])
    before = written(folder)
    torn = frame.copy()
    torn.iloc[-1, 0] = np.nan
    with pytest.raises(DataError, match="partition 2"):
        distributed.place(dd.from_pandas(torn, 3, sort=False), fitted, folder, overwrite=True)
    pd.testing.assert_frame_equal(written(folder), before)
    # What a killed worker and an interrupted call leave goes with the next call, which may read the old map.
    leftover = next(folder.glob("_unfinished-*"))
    (leftover / "part.00009.parquet").write_bytes(b"half")
    placed = distributed.place(folder, fitted, folder, overwrite=True, features=NAMES)
    assert len(placed.compute()) == N
    assert sorted(file.name for file in folder.iterdir())[0] == "_map.json"
    assert not list(folder.glob("_unfinished-*"))
    for file in folder.iterdir():
        file.unlink()
    leftover.mkdir()
    with pytest.raises(SaveError, match="has a part of a map in it"):
        distributed.place(dd.from_pandas(frame, 2, sort=False), fitted, folder)


def test_what_places_is_checked(frame, fitted, tmp_path):
    data = dd.from_pandas(frame, 2, sort=False)
    place = distributed.place
    with pytest.raises(InvalidTypeError, match="fitted"):
        place(data, "map", tmp_path / "map")
    with pytest.raises(NotComputedError, match="not fitted"):
        place(data, TSNE(), tmp_path / "map")
    line = TSNE(1, perplexity=5, max_iter=30).fit(frame[NAMES].iloc[:50])
    with pytest.raises(InvalidValueError, match="n_components=1"):
        place(data, line, tmp_path / "map")
    with pytest.raises(UnknownColumnError, match="data lacks 1 of the 4 features of the map: 'b'"):
        place(data[["a", "c", "d"]], fitted, tmp_path / "map")
    with pytest.raises(DataError, match="those of the map in its order"):
        place(data, fitted, tmp_path / "map", features=NAMES[::-1])
    with pytest.raises(DataError, match="cannot keep the column 'x'"):
        place(data.assign(x=1.0), fitted, tmp_path / "other", keep=["x"])


def test_missing_packages_are_named(partitions, monkeypatch):
    def nothing(name):
        raise ImportError(name)

    monkeypatch.setattr(rows, "import_module", nothing)
    with pytest.raises(MissingDependencyError, match=r"pip install 'tsne_widget\[dask\]'"):
        distributed.sample(partitions)


def test_transform_tells_how_far_rows_are_from_those_of_the_map(frame, fitted):
    X = frame[NAMES]
    places, distances = fitted.transform(X, return_distance=True)
    np.testing.assert_array_equal(places, fitted.transform(X))
    known = NearestNeighbors(n_neighbors=2).fit(fitted._fitted.current())
    np.testing.assert_allclose(distances, known.kneighbors(X.to_numpy(), 1)[0][:, 0], atol=1e-5)
    assert fitted.largest_distance_ == pytest.approx(known.kneighbors()[0][:, 0].max())
    assert pickle.loads(pickle.dumps(fitted)).largest_distance_ == fitted.largest_distance_
    given = known.kneighbors(n_neighbors=45)[::-1]
    told = TSNE(perplexity=10, max_iter=30, neighbors=given).fit(fitted._fitted.current())
    assert told.largest_distance_ == pytest.approx(fitted.largest_distance_)


@pytest.mark.release
def test_a_worker_that_dies_costs_no_row(frame, fitted, tmp_path):
    from distributed import Client, LocalCluster

    many = pd.concat([frame] * 40, ignore_index=True)
    parts = 20
    many.to_parquet(tmp_path / "rows.parquet", row_group_size=len(many) // parts)
    data = dd.read_parquet(tmp_path / "rows.parquet", split_row_groups=True)
    distributed.place(data, fitted, tmp_path / "here", keep=["batch"])
    quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    with (
        dask.config.set(scheduler=None),
        LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster,
        Client(cluster) as client,
    ):
        victim = client.run(os.getpid)[min(client.run(os.getpid))]

        def kill():
            while len(list((tmp_path / "there").glob("*/part.*.parquet"))) < parts // 3:
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        distributed.place(data, fitted, tmp_path / "there", keep=["batch"])
        killer.join()
        assert victim not in client.run(os.getpid).values()
    here, there = written(tmp_path / "here"), written(tmp_path / "there")
    assert len(there) == len(many)
    pd.testing.assert_frame_equal(here, there)
    names = [sorted(file.name for file in (tmp_path / name).iterdir()) for name in ("here", "there")]
    assert names[0] == names[1]

"""Tiles of all rows, read from Parquet, are what counting all rows in memory gives."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from tests.placed import write_placed
from tsne_widget.data.placed_rows import BINS, PlacedRows, Tile
from tsne_widget.errors import DataError, InvalidTypeError, MissingDependencyError
from tsne_widget.tsne.steps import result_of

N = 12_000


@pytest.fixture(scope="module")
def points():
    rng = np.random.default_rng(1)
    centers = 30 * rng.normal(size=(8, 2))
    return (centers[rng.integers(8, size=N)] + rng.normal(size=(N, 2))).astype(np.float32)


@pytest.fixture(scope="module")
def folder(points, tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "placed"
    write_placed(path, points, sampled=100, group=200)
    return path


def counted(placed, points, level):
    """Count all rows at once, in numpy."""
    bins = BINS << level
    (x, y), side = placed.corner, placed.side
    edges = [start + side * np.arange(bins + 1) / bins for start in (x, y)]
    found, *_ = np.histogram2d(points[:, 1].astype(float), points[:, 0].astype(float), [edges[1], edges[0]])
    return found


def read(placed, tile):
    return result_of(placed.read(tile))


@pytest.mark.parametrize("level", [0, 2, 3])
def test_the_tiles_of_a_level_hold_each_row_once_where_it_lies(folder, points, level):
    placed = PlacedRows(str(folder))
    expected = counted(placed, points, level)
    assert expected.sum() == N
    total = 0
    for column, row in np.ndindex(2**level, 2**level):
        tile = read(placed, Tile(level, column, row))
        assert (tile.dtype, tile.shape) == (np.uint32, (BINS, BINS))
        here = expected[BINS * row : BINS * (row + 1), BINS * column : BINS * (column + 1)]
        np.testing.assert_array_equal(tile, here)
        total += int(tile.sum())
    assert total == N


def test_a_fine_tile_reads_few_row_groups_and_is_remembered(folder, points, monkeypatch):
    placed = PlacedRows(folder)
    shares = (points[0] - np.array(placed.corner)) / placed.side
    tile = Tile(9, *(int(share) for share in shares * 2**9))
    groups = placed.pieces(Tile(0, 0, 0))
    assert len(groups) == 60
    assert 1 <= len(placed.pieces(tile)) <= 15
    first = read(placed, tile)
    left, bottom = np.array(placed.corner) + placed.side / 2**9 * np.array(tile[1:])
    (x, y), side = points.T.astype(float), placed.side / 2**9
    inside = (x >= left) & (x < left + side) & (y >= bottom) & (y < bottom + side)
    assert first.sum() == inside.sum() >= 1
    monkeypatch.setattr(placed, "_pieces", None)
    assert read(placed, tile) is first


def test_reading_all_rows_tells_its_progress_and_counts_those_unlike_the_sample(tmp_path, points):
    distances = write_placed(tmp_path / "placed", points, sampled=100, threshold=1.5)
    placed = PlacedRows(tmp_path / "placed")
    assert (placed.rows, placed.sampled, placed.overview) == (N, 100, None)
    told = list(placed.read_all())
    assert told == sorted(told)
    assert len(told) == 24
    assert told[-1] == 1
    assert placed.overview.unlike == (distances > 1.5).sum()
    assert list(placed.read_all()) == []


def test_without_a_threshold_nobody_knows_which_rows_are_unlike_the_sample(tmp_path, points):
    write_placed(tmp_path / "placed", points, sampled=100, threshold=None)
    assert result_of(PlacedRows(tmp_path / "placed").read_all()).unlike is None


def test_rows_in_one_place_have_a_tile(tmp_path):
    write_placed(tmp_path / "placed", np.full((2, 2), 3, np.float32), sampled=2, parts=1)
    assert read(PlacedRows(tmp_path / "placed"), Tile(0, 0, 0)).sum() == 2


@pytest.mark.parametrize(
    ("described", "told"),
    [
        ({"version": 2}, "version 2, and this tsne_widget reads version 1"),
        ({"rows": "many"}, "does not describe a map"),
        ({"extent": [0, 1, 2]}, "does not describe a map"),
        ({"extent": [1, 0, 0, 1]}, "is impossible"),
        ({"sampled": 0}, "is impossible"),
    ],
)
def test_a_sidecar_that_describes_no_map_is_refused(tmp_path, points, described, told):
    write_placed(tmp_path / "placed", points[:10], **{"sampled": 10, **described})
    with pytest.raises(DataError, match=told):
        PlacedRows(tmp_path / "placed")


@pytest.mark.parametrize(
    ("described", "told"),
    [
        ({"rows": N + 1}, "12,000 rows, and _map.json tells of 12,001"),
        ({"extent": [0, 1, 0, 1]}, "rows outside the extent"),
    ],
)
def test_files_that_are_not_as_the_sidecar_says_are_refused(tmp_path, points, described, told):
    write_placed(tmp_path / "placed", points, sampled=100, **described)
    with pytest.raises(DataError, match=told):
        result_of(PlacedRows(tmp_path / "placed").read_all())


def test_a_folder_without_a_map_is_refused(tmp_path, points):
    with pytest.raises(InvalidTypeError, match="placed"):
        PlacedRows(7)
    with pytest.raises(DataError, match="no Parquet files"):
        PlacedRows(tmp_path)
    (tmp_path / "part.0.parquet").write_text("no such file")
    with pytest.raises(DataError, match="cannot be read"):
        PlacedRows(tmp_path)
    write_placed(tmp_path / "placed", points[:10], sampled=10)
    (tmp_path / "placed" / "_map.json").unlink()
    with pytest.raises(DataError, match=r"_map\.json does not describe a map"):
        PlacedRows(tmp_path / "placed")


def test_without_pyarrow_the_error_names_the_extra(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow.dataset", None)
    with pytest.raises(MissingDependencyError, match=r"tsne_widget\[dask\]"):
        PlacedRows(folder)

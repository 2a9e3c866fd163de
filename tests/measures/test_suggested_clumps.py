"""Clumps are found where they are known to be, on a map and in the data, and hardly any in one cloud."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import NearestNeighbors

from tsne_widget.measures.clumps import NO_CLUMP, data_clumps_in_steps, default_size, map_clumps_in_steps
from tsne_widget.tsne.steps import result_of

RNG = np.random.default_rng(5)
SIZES = (120, 90, 60)
TRUTH = np.repeat([0, 1, 2], SIZES)


def discs(spread: float = 1.0) -> np.ndarray:
    """Return three discs of different sizes, 20 apart."""
    return np.array([[0.0, 0], [20, 0], [0, 20]])[TRUTH] + spread * RNG.normal(size=(len(TRUTH), 2))


def on_map(points: np.ndarray, min_size: int | None = None) -> np.ndarray:
    found = map_clumps_in_steps(points.astype(np.float32), min_size or default_size(len(points)))
    return result_of(found)


def in_data(rows: np.ndarray, min_size: int | None = None, k: int = 40) -> np.ndarray:
    nearest = NearestNeighbors(n_neighbors=k).fit(rows).kneighbors(return_distance=False)
    return result_of(data_clumps_in_steps(nearest, min_size or default_size(len(rows))))


def balls() -> np.ndarray:
    """Return the same in ten dimensions."""
    return np.append(discs(), RNG.normal(size=(len(TRUTH), 8)), axis=1)


@pytest.mark.parametrize(("find", "rows"), [(on_map, discs()), (in_data, balls())], ids=["map", "data"])
def test_clumps_that_are_there_are_found_the_largest_first(find, rows):
    order = RNG.permutation(len(TRUTH))
    clumps = find(rows[order], 30)
    assert adjusted_rand_score(TRUTH[order], clumps) > 0.95
    sizes = np.bincount(clumps[clumps >= 0])
    assert len(sizes) == 3
    assert (np.diff(sizes) <= 0).all()


@pytest.mark.parametrize("n", [200, 600, 1_500])
def test_one_cloud_has_few_clumps_or_none(n):
    rng = np.random.default_rng(n)
    for clumps in (on_map(rng.normal(size=(n, 2))), in_data(rng.normal(size=(n, 50)))):
        assert (clumps == NO_CLUMP).mean() > 0.3
        assert clumps.max() < 3


def test_rows_without_a_place_are_in_no_clump_and_change_none():
    points = discs()
    gone = RNG.choice(len(points), 40, replace=False)
    with_gaps = points.copy()
    with_gaps[gone] = np.nan
    there = np.setdiff1d(np.arange(len(points)), gone)
    clumps = on_map(with_gaps, 20)
    assert (clumps[gone] == NO_CLUMP).all()
    assert clumps[there].tolist() == on_map(points[there], 20).tolist()


@pytest.mark.parametrize(
    "points",
    [
        np.zeros((60, 2)),
        np.column_stack([np.repeat([0.0, 9], 30) + np.linspace(0, 1, 60), np.zeros(60)]),
        np.repeat([[0.0, 0], [1, 1]], 30, axis=0),
        np.repeat([[0.0, 0], [1, 0], [0, 1]], 20, axis=0),
        np.full((60, 2), np.nan),
        RNG.normal(size=(3, 2)),
        RNG.normal(size=(60, 2)) * 1e-30,
        np.append(np.full((57, 2), np.nan), RNG.normal(size=(3, 2)), axis=0),
    ],
    ids=[
        "one place",
        "a line",
        "two places",
        "three places",
        "no place",
        "three rows",
        "tiny",
        "three placed",
    ],
)
def test_odd_maps_have_an_answer(points):
    clumps = on_map(points, 2 if len(points) < 10 else 10)
    assert clumps.shape == (len(points),)
    assert clumps.min() >= NO_CLUMP


def test_copies_in_several_places_are_clumps():
    points = np.repeat([[0.0, 0], [5, 1], [2, 7]], 40, axis=0)
    assert adjusted_rand_score(np.repeat([0, 1, 2], 40), on_map(points)) == 1


def test_a_smaller_size_finds_smaller_clumps():
    small = np.array([40.0, 40]) + RNG.normal(size=(12, 2)) / 10
    points = np.append(np.tile(discs(), (4, 1)) + RNG.normal(size=(4 * len(TRUTH), 2)), small, axis=0)
    own = np.arange(len(points) - 12, len(points))
    assert default_size(len(points)) > 12
    found = on_map(points, 8)
    (clump,) = np.unique(found[own])
    assert clump != NO_CLUMP
    assert (found == clump).sum() == 12
    assert on_map(points)[own].tolist() == [NO_CLUMP] * 12


def test_the_default_size_grows_slower_than_the_rows():
    assert [default_size(n) for n in (60, 200, 1_000, 10_000, 70_000)] == [10, 10, 30, 200, 529]

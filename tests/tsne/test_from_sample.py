"""The start that the map of a sample gives all rows, against a slow and obvious twin."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array

from tsne_widget.tsne.from_sample import FromSample
from tsne_widget.tsne.initialization import SPREAD
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.steps import result_of

COUNT = 120


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Two thousand rows in ten clusters far from one another."""
    rng = np.random.default_rng(3)
    centers = 20 * rng.normal(size=(10, 6))
    return np.repeat(centers, 200, axis=0) + rng.normal(size=(2000, 6))


def neighbors_of(X: np.ndarray, k: int) -> Neighbors:
    return result_of(find_neighbors(X, k, pool=Pool(1)))


def made(X, pool=None, **how) -> FromSample:
    """Return a sample that has its map."""
    start = FromSample(X, how.pop("count", COUNT), pool=pool or Pool(1), **how)
    result_of(start.begin())
    result_of(start.organize())
    return start


def obvious_leaders(X: np.ndarray, sample: np.ndarray, neighbors: Neighbors, k: int) -> np.ndarray:
    leaders = {int(row): position for position, row in enumerate(sample)}
    while True:
        found = {}
        for row in range(len(X)):
            if row not in leaders:
                led = [leaders[j] for j in neighbors.indices[row, :k].tolist() if j in leaders]
                found.update({row: led[0]} if led else {})
        if not found:
            break
        leaders |= found
    for row in range(len(X)):
        if row not in leaders:
            leaders[row] = int(((X[sample] - X[row]) ** 2).sum(axis=1).argmin())
    return np.array([leaders[row] for row in range(len(X))])


@pytest.mark.parametrize("k", [2, 5, 15])
def test_each_row_starts_where_the_row_stands_that_leads_it(rows, k):
    start, neighbors = made(rows), neighbors_of(rows, 15)
    found = result_of(start.lead(neighbors, k))
    leaders = obvious_leaders(rows, start.rows, neighbors, k)
    places = start.places - start.places.mean(axis=0)
    expected = (places / places.std(axis=0).max() * SPREAD)[leaders]
    assert np.abs(found - expected).max() < 6 * 0.01 * SPREAD
    apart = np.unique(found, axis=0)
    assert len(apart) == len(rows)


def test_rows_that_no_path_joins_to_the_sample_follow_the_nearest_sampled_row(rows):
    X = np.concatenate([rows, rows[:1] + 1e3 + np.arange(12)[:, None]])
    start = next(s for seed in range(50) if (s := made(X, random_state=seed)).rows.max() < len(rows))
    neighbors = neighbors_of(X, 5)
    assert np.isin(neighbors.indices[len(rows) :], np.arange(len(rows), len(X))).all()
    leaders = result_of(start._leaders(neighbors, 5))
    np.testing.assert_array_equal(leaders, obvious_leaders(X, start.rows, neighbors, 5))


@pytest.mark.parametrize("init", ["pca", "random"])
def test_the_start_has_the_same_bits_for_any_number_of_threads(rows, init):
    neighbors = neighbors_of(rows, 15)
    pools = Pool(1), Pool(2)
    one, two = (result_of(made(rows, pool, init=init).lead(neighbors, 15)) for pool in pools)
    np.testing.assert_array_equal(one, two)


def test_the_start_is_as_small_as_any_and_keeps_clusters_together(rows):
    start = result_of(made(rows).lead(neighbors_of(rows, 15), 15))
    assert start.dtype == np.float32
    assert np.abs(start.mean(axis=0)).max() < 0.5 * SPREAD
    assert start.std(axis=0).max() == pytest.approx(SPREAD, rel=0.2)
    clusters = start.reshape(10, 200, 2)
    assert clusters.std(axis=1).mean() < 0.25 * start.std()


def test_a_seed_draws_a_sample_without_repeats_and_another_seed_another(rows):
    first, again, other = (FromSample(rows, COUNT, random_state=s, pool=Pool(1)).rows for s in (0, 0, 1))
    assert len(np.unique(first)) == COUNT
    assert (np.diff(first) > 0).all()
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_sparse_rows_start_as_dense_ones_do(rows):
    X = np.abs(np.round(rows))
    neighbors = neighbors_of(X, 15)
    dense, sparse = (result_of(made(given).lead(neighbors, 15)) for given in (X, csr_array(X)))
    # the sample's own map is not the same to the bit
    groups = dense.reshape(10, 200, 2).mean(axis=1), sparse.reshape(10, 200, 2).mean(axis=1)
    spread = sparse.reshape(10, 200, 2).std(axis=1).mean()
    assert spread < 0.25 * sparse.std()
    assert all(np.isfinite(each).all() for each in groups)

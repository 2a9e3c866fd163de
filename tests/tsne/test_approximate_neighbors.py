"""The approximate search: most neighbours, true distances, the same each time."""

import numpy as np
import pytest
from sklearn.datasets import make_blobs
from sklearn.metrics import pairwise_distances

from tests.tsne.test_neighbors import assert_nearest, found
from tsne_widget.tsne import neighbors as module
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool


@pytest.fixture(scope="module")
def clusters():
    X, _ = make_blobs(30_000, n_features=20, centers=30, cluster_std=3.0, random_state=0)
    return X.astype(np.float32)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "correlation", "manhattan"])
def test_most_neighbours_are_found_with_true_distances(metric, clusters):
    pool = Pool(2)
    neighbors = found(clusters, 30, pool, metric=metric, method="approximate")
    rows = np.arange(0, 30_000, 300)
    D = pairwise_distances(clusters[rows].astype(float), clusters.astype(float), metric=metric)
    D[np.arange(100), rows] = np.inf
    true = np.argsort(D, axis=1)[:, :30]
    recall = np.mean([np.isin(a, b).mean() for a, b in zip(true, neighbors.indices[rows], strict=True)])
    assert recall > 0.95
    told = np.take_along_axis(D, neighbors.indices[rows].astype(int), axis=1)
    np.testing.assert_allclose(neighbors.distances[rows], told, rtol=1e-4, atol=1e-6)
    assert (np.diff(neighbors.distances, axis=1) >= 0).all()


def test_the_same_each_time_and_for_any_number_of_threads(clusters):
    X = clusters[:15_000]
    first = found(X, 15, Pool(1), method="approximate")
    for n_jobs in (1, 2, 3):
        again = found(X, 15, Pool(n_jobs), method="approximate")
        assert again.indices.tobytes() == first.indices.tobytes()
        assert again.distances.tobytes() == first.distances.tobytes()


def test_no_row_has_too_few_or_itself(pool):
    X = np.repeat(np.random.default_rng(0).normal(size=(40, 3)), 150, axis=0)
    neighbors = found(X, 200, pool, method="approximate")
    rows = np.arange(len(X))[:, None]
    assert (neighbors.indices != rows).all()
    assert (np.diff(np.sort(neighbors.indices, axis=1), axis=1) > 0).all()
    assert np.isfinite(neighbors.distances).all()
    assert (neighbors.distances[:, :149] == 0).all()


def test_few_rows_are_searched_wholly(pool, blobs):
    assert_nearest(blobs, found(blobs, 100, pool, method="approximate"))


def test_auto_is_exact_up_to_a_number_of_rows(pool, clusters, monkeypatch):
    X = clusters[:25_000]
    exact = found(X, 10, pool, method="exact")
    assert found(X, 10, pool).indices.tobytes() == exact.indices.tobytes()
    monkeypatch.setattr(module, "EXACT_ROWS", 24_999)
    approximate = found(X, 10, pool, method="approximate")
    assert found(X, 10, pool).indices.tobytes() == approximate.indices.tobytes()


def test_other_metrics_are_exact(pool, blobs):
    exact, other = (
        found(blobs, 9, pool, metric="chebyshev", method=method) for method in ("exact", "approximate")
    )
    assert exact.indices.tobytes() == other.indices.tobytes()


def test_progress_rises_and_the_search_can_be_dropped(pool, clusters):
    search = find_neighbors(clusters, 20, method="approximate", pool=pool)
    progress = [next(search) for _ in range(20)]
    search.close()
    progress += list(find_neighbors(clusters[:9000], 20, method="approximate", pool=pool))[-1:]
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 1)


def test_an_unknown_method(pool, blobs):
    with pytest.raises(ValueError, match="'exact' or 'approximate'"):
        found(blobs, 9, pool, method="some")

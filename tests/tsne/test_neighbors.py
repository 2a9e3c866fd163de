from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from tests import reference
from tsne_widget.tsne import neighbors as searches
from tsne_widget.tsne.embed import result_of
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool


@pytest.fixture(autouse=True, params=["few rows", "many rows"])
def search(request, monkeypatch):
    """Have the rows searched as few are, and then as many are."""
    monkeypatch.setattr(searches, "FEW_ROWS", 5_000 if request.param == "few rows" else 0)


def found(X, k, pool, **options):
    return result_of(find_neighbors(X, k, pool=pool, **options))


def assert_nearest(X, neighbors, D=None, rtol=1e-5):
    """No row has a neighbour that is farther than the k-th nearest, and the distances are true."""
    D = reference.distances(X) if D is None else D.copy()
    k = neighbors.indices.shape[1]
    np.testing.assert_allclose(
        neighbors.distances, np.take_along_axis(D, neighbors.indices.astype(int), 1), rtol=rtol
    )
    np.fill_diagonal(D, np.inf)
    np.testing.assert_allclose(neighbors.distances, np.sort(D, axis=1)[:, :k], rtol=rtol)
    assert (np.diff(neighbors.distances, axis=1) >= 0).all()
    for row, columns in enumerate(neighbors.indices):
        assert row not in columns
        assert len(set(columns)) == k


@pytest.mark.parametrize(("n", "d", "k"), [(3, 2, 2), (50, 1, 49), (300, 5, 10), (1000, 70, 90)])
def test_the_nearest_are_found(n, d, k, pool):
    X = np.random.default_rng(0).normal(size=(n, d))
    neighbors = found(X, k, pool)
    assert neighbors.indices.dtype == np.uint32
    assert neighbors.distances.dtype == np.float32
    assert_nearest(X, neighbors)


def test_several_blocks_of_columns(pool):
    X = np.random.default_rng(0).normal(size=(4500, 3))
    neighbors = found(X, 5, pool)
    some = np.arange(0, 4500, 450)
    D = pairwise_distances(X[some], X)
    np.testing.assert_allclose(neighbors.distances[some], np.sort(D, axis=1)[:, 1:6], rtol=1e-5)


@pytest.mark.parametrize("scale", [1e-20, 1e-3, 1e20])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_any_scale(scale, dtype, pool, blobs):
    X = (blobs * scale).astype(dtype)
    assert_nearest(X, found(X, 12, pool))


def test_a_large_offset(pool, blobs):
    assert_nearest(blobs, found(blobs + 1e6, 12, pool))


def test_a_far_outlier_does_not_blur_the_others(pool, blobs):
    X = blobs.copy()
    X[5] = 1e12
    assert_nearest(X, found(X, 12, pool))


def test_far_clusters_are_searched_again_in_float64(pool):
    X = np.random.default_rng(0).normal(size=(600, 5))
    X[:300] += 3e3
    assert_nearest(X, found(X, 12, pool), rtol=2e-3)


def test_ties_go_to_the_first_rows(pool):
    X = np.random.default_rng(0).integers(0, 3, size=(200, 3))
    neighbors = found(X, 20, pool)
    np.testing.assert_array_equal(neighbors.indices, reference.nearest(reference.distances(X), 20))


BINARY = np.random.default_rng(0).random((700, 12)) < 0.3


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
@pytest.mark.parametrize(
    "X",
    [
        BINARY / 3,
        (BINARY - BINARY.mean(axis=0)) / BINARY.std(axis=0),
        BINARY.astype(float),
        np.repeat(np.random.default_rng(1).normal(size=(14, 3)), 50, axis=0),
        np.random.default_rng(2).normal(size=(700, 5)) + 3e3 * (np.arange(700) % 2)[:, None],
    ],
    ids=["ties but for rounding", "standardised", "ties", "duplicates", "far clusters"],
)
def test_the_nearest_are_the_same_however_many_are_asked_for(X, metric, pool):
    most = found(X, 400, pool, metric=metric)
    for k in (3, 20, 90):
        fewer = found(X, k, pool, metric=metric)
        np.testing.assert_array_equal(fewer.indices, most.indices[:, :k])
        np.testing.assert_array_equal(fewer.distances, most.distances[:, :k])


def test_equal_rows(pool):
    neighbors = found(np.full((30, 4), 7.5), 5, pool)
    assert (neighbors.distances == 0).all()
    np.testing.assert_array_equal(neighbors.indices[0], [1, 2, 3, 4, 5])
    np.testing.assert_array_equal(neighbors.indices[9], [0, 1, 2, 3, 4])


def test_many_duplicates_of_some_rows(pool, blobs):
    X = np.repeat(blobs[:8], 60, axis=0)
    neighbors = found(X, 20, pool)
    assert (neighbors.distances == 0).all()
    # The first of the others at the same place.
    np.testing.assert_array_equal(neighbors.indices, reference.nearest(reference.distances(X), 20))


def test_cosine_is_scikit_learns_and_zero_rows_are_at_distance_1(pool, blobs):
    X = blobs.copy()
    X[3] = X[70] = 0
    D = pairwise_distances(X, metric="cosine")
    neighbors = found(X * 1e30, 30, pool, metric="cosine")
    np.fill_diagonal(D, np.inf)
    np.testing.assert_allclose(neighbors.distances, np.sort(D, axis=1)[:, :30], atol=2e-7)
    np.testing.assert_allclose(neighbors.distances[3], 1, rtol=1e-6)


@pytest.mark.parametrize(
    ("metric", "params"),
    [
        ("manhattan", None),
        ("chebyshev", {}),
        ("minkowski", {"p": 3}),
        ("seuclidean", None),
        ("mahalanobis", None),
        ("correlation", None),
        (lambda x, y: float(abs(x - y).max()), None),
    ],
)
def test_other_metrics_are_scikit_learns(metric, params, pool, blobs):
    neighbors = found(blobs, 9, pool, metric=metric, metric_params=params)
    assert_nearest(blobs, neighbors, pairwise_distances(blobs, metric=metric, **(params or {})))


def test_precomputed_distances(pool, blobs):
    D = reference.distances(blobs)
    np.testing.assert_array_equal(
        found(D, 9, pool, metric="precomputed").indices, found(blobs, 9, pool).indices
    )


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_the_number_of_threads_does_not_change_a_bit(metric, digits):
    one, two = (found(digits[:700], 40, Pool(n_jobs), metric=metric) for n_jobs in (1, 2))
    np.testing.assert_array_equal(one.indices, two.indices)
    np.testing.assert_array_equal(one.distances, two.distances)


@pytest.mark.parametrize("apart", [0, 1e5], ids=["once", "again in float64"])
def test_progress_rises_from_0_to_1(apart, pool, digits):
    X = digits + apart * (np.arange(len(digits)) % 2)[:, None]
    progress = list(find_neighbors(X, 10, pool=pool))
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert progress[-1] == 1


class Metric:
    """A function in Python; `seconds` tells of its n-th call how long that takes, by a clock of its own."""

    def __init__(self, seconds):
        self.seconds, self.calls, self.now = seconds, 0, 0.0

    def __call__(self, x, y):
        self.now += self.seconds(self.calls)
        self.calls += 1
        return np.abs(x - y).max()

    def tells_the_time(self, monkeypatch):
        monkeypatch.setattr("tsne_widget.tsne.search.time", SimpleNamespace(perf_counter=lambda: self.now))


@pytest.mark.parametrize(("seconds", "n"), [(1e-6, 100), (2e-5, 100), (5e-3, 60), (1.0, 40)])
def test_a_step_calls_a_function_for_20_ms_or_once(seconds, n, monkeypatch):
    metric = Metric(lambda _: seconds)
    metric.tells_the_time(monkeypatch)
    X, times, calls = np.random.default_rng(0).normal(size=(n, 3)), [0.0], [0]
    for _ in find_neighbors(X, 3, metric=metric, pool=Pool(1)):
        times.append(metric.now)
        calls.append(metric.calls)
    assert np.diff(times).max() <= max(0.02, seconds) + 1e-6
    assert metric.calls == n * n + 5  # five before tell how large distances are
    in_a_step = np.diff(calls)
    if seconds < 1e-3:  # a whole row at a time, and few steps before it is known how fast it is
        assert len(in_a_step) < 100 + 20


def test_a_function_that_becomes_slow_gets_fewer_calls_a_step(monkeypatch):
    metric = Metric(lambda call: 1e-5 if call < 1_000 else 0.01)
    metric.tells_the_time(monkeypatch)
    calls = [0]
    for _ in find_neighbors(np.zeros((50, 1)), 3, metric=metric, pool=Pool(1)):
        calls.append(metric.calls)
    assert np.diff(calls).max() == 50
    assert np.diff(calls)[-200:-1].max() <= 2


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
@pytest.mark.parametrize(("seconds", "n"), [(1e-7, 150), (1e-3, 60), (1.0, 30)])
def test_neither_the_pace_of_a_function_nor_threads_change_a_bit(seconds, n, n_jobs, monkeypatch, blobs):
    X = np.repeat(blobs, 2, axis=0)[:n]
    D = pairwise_distances(X, metric=lambda x, y: np.abs(x - y).max()).astype(np.float32)
    metric = Metric(lambda _: seconds)
    metric.tells_the_time(monkeypatch)
    neighbors = found(X, 20, Pool(n_jobs), metric=metric)
    np.fill_diagonal(D, np.inf)
    expected = np.argsort(D, axis=1, kind="stable")[:, :20]
    np.testing.assert_array_equal(neighbors.indices, expected)
    np.testing.assert_array_equal(neighbors.distances, np.take_along_axis(D, expected, 1))


@pytest.mark.parametrize("k", [0, 120, 500])
def test_k_out_of_range_is_an_error(k, pool, blobs):
    with pytest.raises(ValueError, match="k must be from 1 to 119"):
        found(blobs, k, pool)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_an_error(bad, metric, pool, blobs):
    blobs[3, 2] = bad
    with pytest.raises(ValueError, match="finite"), np.errstate(invalid="ignore"):
        found(blobs, 5, pool, metric=metric)


def test_data_whose_squares_would_be_lost_are_an_error(pool, blobs):
    with pytest.raises(ValueError, match="scaled"):
        found(blobs * 1e35, 5, pool)

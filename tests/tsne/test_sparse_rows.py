"""Sparse rows: the neighbours, the layout and P of their dense form, without making all of them dense."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array, csr_matrix, random_array
from sklearn.decomposition import PCA
from sklearn.metrics import pairwise_distances

from tests import reference
from tests.tsne.test_neighbors import assert_nearest, found
from tsne_widget.tsne.embed import embed
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool

FORMS = [csr_array, csr_matrix]
METRICS = ["euclidean", "l2", "cosine", "manhattan"]


def random_csr(n=600, d=200, density=0.05, seed=0, dtype=np.float64):
    """Rows of different lengths, some of them empty."""
    return csr_array(random_array((n, d), density=density, rng=np.random.default_rng(seed)), dtype=dtype)


def many_columns(n=400, d=200_000, seed=0):
    """Rows that would take 640 MB if they were dense."""
    rng = np.random.default_rng(seed)
    values, columns = rng.normal(size=20 * n), rng.integers(0, d, size=20 * n)
    X = csr_array((values, (np.repeat(np.arange(n), 20), columns)), shape=(n, d))
    X.sum_duplicates()
    return X


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_nearest_are_found(form, metric, dtype, pool):
    X = random_csr(dtype=dtype)
    D = pairwise_distances(X.toarray().astype(float), metric=metric)
    neighbors = found(form(X), 40, pool, metric=metric)
    assert (neighbors.indices.dtype, neighbors.distances.dtype) == (np.uint32, np.float32)
    assert_nearest(X.toarray(), neighbors, D, rtol=1e-5)


@pytest.mark.parametrize("metric", METRICS)
def test_neighbours_are_those_of_the_dense_rows(metric, digits, pool):
    dense, sparse = (found(X, 30, pool, metric=metric) for X in (digits, csr_array(digits)))
    np.testing.assert_allclose(sparse.distances, dense.distances, rtol=1e-5, atol=1e-7)
    # Under the cosine some rows are as near as float32 can tell.
    assert (sparse.indices == dense.indices).mean() >= (0.999 if metric == "cosine" else 1)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_ties_go_to_the_first_rows(metric, pool):
    X = (np.random.default_rng(0).random((300, 12)) < 0.2).astype(float)
    neighbors = found(csr_array(X), 50, pool, metric=metric)
    if metric == "euclidean":
        np.testing.assert_array_equal(neighbors.indices, reference.nearest(reference.distances(X), 50))
    same = np.diff(neighbors.distances, axis=1) == 0
    assert (np.diff(neighbors.indices.astype(int), axis=1)[same] > 0).all()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_equal_rows_are_at_one_place_and_multiples_of_a_row_too_under_the_cosine(metric, pool):
    X = np.repeat(random_csr(n=12, density=0.3).toarray(), 20, axis=0)
    assert X.any(axis=1).all()
    if metric == "cosine":
        X *= np.random.default_rng(0).uniform(1e-3, 1e3, size=(240, 1))
    neighbors = found(csr_array(X), 19, pool, metric=metric)
    assert (neighbors.distances == 0).all()
    expected = [[other for other in range(20) if other != row] for row in range(20)]
    np.testing.assert_array_equal(neighbors.indices[:20], expected)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_empty_rows(metric, pool):
    X = random_csr().toarray()
    X[[3, 70, 599]] = 0
    D = pairwise_distances(X, metric=metric)
    neighbors = found(csr_array(X), 30, pool, metric=metric)
    assert_nearest(X, neighbors, D)
    assert (neighbors.distances[3] == 1).all() or metric == "euclidean"
    nothing = found(csr_array((9, 4)), 3, pool, metric=metric)
    assert nothing.indices[0].tolist() == [1, 2, 3]
    assert (nothing.distances == (metric == "cosine")).all()


@pytest.mark.parametrize("scale", [1e-20, 1e20])
def test_any_scale(scale, pool):
    X = random_csr().toarray()
    assert_nearest(X * scale, found(csr_array(X * scale), 12, pool))


def test_rows_close_together_and_far_from_zero(pool, blobs):
    X = np.column_stack([blobs, np.full(120, 1e6)])
    assert_nearest(blobs, found(csr_array(X), 12, pool))


@pytest.mark.parametrize("metric", METRICS)
def test_the_nearest_are_the_same_however_many_are_asked_for(metric, pool):
    X = random_csr(density=0.02)
    most = found(X, 400, pool, metric=metric)
    for k in (3, 90):
        fewer = found(X, k, pool, metric=metric)
        np.testing.assert_array_equal(fewer.indices, most.indices[:, :k])
        np.testing.assert_array_equal(fewer.distances, most.distances[:, :k])


@pytest.mark.parametrize("metric", METRICS)
def test_the_number_of_threads_does_not_change_a_bit(metric):
    one, two = (found(random_csr(), 40, Pool(n_jobs), metric=metric) for n_jobs in (1, 2))
    np.testing.assert_array_equal(one.indices, two.indices)
    np.testing.assert_array_equal(one.distances, two.distances)


def test_how_the_matrix_is_stored_does_not_matter_and_it_is_left_as_it_is(pool):
    X = np.random.default_rng(0).integers(1, 9, size=(100, 3)).astype(float)
    # Each row's columns backwards, the last one in two parts, and a stored zero.
    data = np.column_stack([X[:, 2] - 1, np.ones(100), X[:, 1], X[:, 0], np.zeros(100)])
    columns = np.tile([2, 2, 1, 0, 3], 100)
    stored = csr_array((data.ravel(), columns.copy(), np.arange(0, 501, 5)), shape=(100, 4))
    for metric in ("euclidean", "cosine"):
        ours, expected = (found(form, 30, pool, metric=metric) for form in (stored, csr_array(X)))
        np.testing.assert_array_equal(ours.indices, expected.indices)
    np.testing.assert_array_equal(stored.data, data.ravel())
    np.testing.assert_array_equal(stored.indices, columns)


@pytest.mark.parametrize("metric", METRICS)
def test_positions_of_64_bits_are_taken(metric, pool):
    X = random_csr()
    wide = X.copy()
    wide.indices, wide.indptr = wide.indices.astype(np.int64), wide.indptr.astype(np.int64)
    np.testing.assert_array_equal(
        found(wide, 9, pool, metric=metric).indices, found(X, 9, pool, metric=metric).indices
    )


def test_a_function_of_two_sparse_rows(pool):
    X = random_csr(24)
    neighbors = found(X, 9, pool, metric=lambda x, y: float(abs(x - y).max()))
    assert_nearest(X, neighbors, pairwise_distances(X.toarray(), metric="chebyshev"))


def test_progress_rises_from_0_to_1(pool):
    progress = list(find_neighbors(random_csr(), 10, pool=pool))
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 1)


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_finite_are_an_error(bad, metric, pool):
    X = random_csr()
    X.data[7] = bad
    with pytest.raises(ValueError, match="finite"):
        found(X, 5, pool, metric=metric)


def test_data_whose_squares_would_be_lost_and_k_out_of_range_are_errors(pool):
    with pytest.raises(ValueError, match="scaled"):
        found(random_csr() * 1e35, 5, pool)
    with pytest.raises(ValueError, match="k must be from 1 to 599"):
        found(random_csr(), 600, pool)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("offset", [0, 1e3])
def test_pca_is_that_of_the_dense_rows(form, offset, digits):
    X = digits + offset
    np.testing.assert_allclose(
        initial_layout(form(X), "pca", 0), initial_layout(X, "pca", 0), atol=2e-9, rtol=1e-4
    )


def test_pca_is_scikit_learns_up_to_the_jitter():
    X = random_csr(2000, 40, density=0.2)
    X = csr_array(X.toarray() * np.linspace(3, 0.1, 40))
    Y = initial_layout(X, "pca", 0)
    expected = PCA(2, svd_solver="full").fit_transform(X.toarray())
    for column in range(2):
        assert abs(np.corrcoef(Y[:, column], expected[:, column])[0, 1]) > 0.999


@pytest.mark.parametrize(
    "X",
    [
        np.arange(5.0)[:, None],
        np.ones((6, 3)),
        np.full((60, 3), 0.1),
        np.zeros((6, 3)),
        np.eye(4),
        np.full((5, 2), 1e300),
    ],
    ids=["one column", "equal", "equal and not exact", "empty", "four rows", "huge"],
)
def test_any_data_gives_a_finite_layout_in_which_points_differ(X):
    Y = initial_layout(csr_array(X), "pca", 0)
    assert np.isfinite(Y).all()
    assert len(np.unique(Y, axis=0)) == len(X)


def test_other_layouts_take_no_notice_of_the_form(digits):
    np.testing.assert_array_equal(
        initial_layout(csr_array(digits), "random", 3), initial_layout(digits, "random", 3)
    )


@pytest.mark.release
def test_the_whole_pipeline_does_without_the_dense_matrix(pool, schedule, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("made dense")

    X, short = many_columns(), replace(schedule, max_iter=50, early_exaggeration_iter=25)
    for form in FORMS:
        monkeypatch.setattr(form, "todense", refuse)
        monkeypatch.setattr(form, "toarray", refuse)
    for metric in ("euclidean", "cosine", "manhattan"):
        Y = embed(X, perplexity=9, schedule=short, metric=metric, pool=pool).layout
        assert Y.shape == (400, 2)
        assert np.isfinite(Y).all()

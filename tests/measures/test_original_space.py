"""Distances and neighbours in the original space, against scikit-learn and the engine's own search."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_digits
from sklearn.metrics import pairwise_distances

from tests.measures.test_neighborhoods import map_neighbors
from tsne_widget.errors import InvalidTypeError, InvalidValueError, SelectionError
from tsne_widget.measures.density import local_radius
from tsne_widget.measures.original_space import OriginalSpace, neighbors_on_map
from tsne_widget.tsne.embed import result_of
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool


@pytest.fixture(scope="module")
def digits():
    return load_digits().data[:400]


@pytest.fixture(scope="module")
def pool():
    with_threads = Pool(2)
    yield with_threads
    with_threads.close()


def random_rows(n=300, d=6, seed=0):
    return np.random.default_rng(seed).normal(size=(n, d))


METRICS = [
    ("euclidean", None),
    ("l2", None),
    ("cosine", None),
    ("manhattan", None),
    ("minkowski", {"p": 3}),
    ("seuclidean", None),
    ("mahalanobis", None),
    ("correlation", None),
    (lambda x, y: float(abs(x - y).max()), None),
]


@pytest.mark.parametrize(("metric", "params"), METRICS)
def test_distances_are_scikit_learns(metric, params):
    X = random_rows(60)
    expected = pairwise_distances(X, metric=metric, **(params or {}))
    space = OriginalSpace(X, metric, params)
    for row in (0, 17, 59):
        found = space.distances(row)
        assert (found.dtype, found.shape) == (np.float32, (60,))
        assert found[row] == 0
        np.testing.assert_allclose(found, expected[row], rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_distances_of_sparse_rows_are_those_of_dense_ones(metric, dtype, digits):
    X = digits.astype(dtype)
    X[5] = 0
    for row in (0, 5):
        dense, sparse = (OriginalSpace(form, metric).distances(row) for form in (X, csr_array(X)))
        np.testing.assert_allclose(sparse, dense, rtol=1e-6, atol=1e-7)


def test_positions_of_64_bits_are_taken(digits):
    wide = csr_array(digits)
    wide.indices, wide.indptr = wide.indices.astype(np.int64), wide.indptr.astype(np.int64)
    for metric in ("euclidean", "manhattan"):
        narrow = OriginalSpace(csr_array(digits), metric).distances(3)
        np.testing.assert_array_equal(OriginalSpace(wide, metric).distances(3), narrow)


def test_a_function_gets_sparse_rows_of_sparse_data():
    X = csr_array(random_rows(30))
    found = OriginalSpace(X, lambda x, y: abs(x - y).max()).distances(3)
    np.testing.assert_allclose(found, abs(X.toarray() - X.toarray()[3]).max(axis=1), rtol=1e-6)


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_rows_close_together_and_far_from_zero_keep_their_distances(form):
    X = random_rows() + 1e6
    expected = np.sqrt(((X - X[3]) ** 2).sum(axis=1))
    np.testing.assert_allclose(OriginalSpace(form(X)).distances(3), expected, rtol=1e-6)


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_the_cosine_of_small_angles_huge_rows_and_rows_of_zeros(form):
    X = np.array([[1, 1e-4], [1, 0], [3, 0], [0, 0], [0, 1], [0, 0], [-1, 0]]) * 1e200
    found = OriginalSpace(form(X), "cosine").distances(1)
    np.testing.assert_allclose(found, [0.5e-8, 0, 0, 1, 1, 1, 2], rtol=1e-6)
    np.testing.assert_array_equal(OriginalSpace(form(X), "cosine").distances(3), [1, 1, 1, 0, 1, 1, 1])


def test_many_blocks_of_rows_are_as_one():
    X = random_rows(20_000, 40)
    expected = np.sqrt(((X - X[12_345]) ** 2).sum(axis=1))
    np.testing.assert_allclose(OriginalSpace(X).distances(12_345), expected, rtol=1e-6)


@pytest.mark.parametrize("form", [np.asarray, csr_array])
@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_neighbours_are_those_of_the_search(metric, form, digits, pool):
    X = form(digits)
    searched = result_of(find_neighbors(X, 12, metric=metric, pool=pool))
    space = OriginalSpace(X, metric)
    for row in range(0, 400, 7):
        positions, distances = space.neighbors(row, 12)
        assert (positions.dtype, distances.dtype) == (np.int64, np.float32)
        np.testing.assert_allclose(distances, searched.distances[row], rtol=1e-5)
        # Under the cosine two rows may be as near as float32 can tell.
        if metric != "cosine" or (np.diff(distances) > 1e-6).all():
            np.testing.assert_array_equal(positions, searched.indices[row])


def test_of_neighbours_equally_far_the_first_come_first(pool):
    X = np.random.default_rng(0).integers(0, 3, size=(200, 3)).astype(float)
    searched = result_of(find_neighbors(X, 20, pool=pool))
    for row in range(200):
        positions, _ = OriginalSpace(X).neighbors(row, 20)
        assert row not in positions
        np.testing.assert_array_equal(positions, searched.indices[row])


def test_all_others_can_be_neighbours():
    positions, distances = OriginalSpace(np.ones((5, 2))).neighbors(2, 4)
    assert positions.tolist() == [0, 1, 3, 4]
    assert (distances == 0).all()


@pytest.mark.parametrize("k", [1, 9, 119])
def test_neighbours_on_a_map_are_those_of_the_agreement(k):
    rng = np.random.default_rng(3)
    points = rng.permutation(np.repeat(random_rows(40, 2), 3, axis=0)).astype(np.float32)
    everyone = map_neighbors(points, k)
    for row in range(120):
        positions, distances = neighbors_on_map(points, row, k)
        np.testing.assert_array_equal(positions, everyone[row])
        apart = points[positions].astype(float) - points[row]
        np.testing.assert_allclose(distances, np.hypot(*apart.T), rtol=1e-6)


def test_a_row_without_a_place_is_nobodys_neighbour_and_has_none():
    points = random_rows(9, 2)
    points[4] = np.nan
    found, distances = neighbors_on_map(points, 0, 7)
    assert sorted(found) == [1, 2, 3, 5, 6, 7, 8]
    assert np.isfinite(distances).all()
    with pytest.raises(InvalidValueError, match="on this map only 7 other rows have a place"):
        neighbors_on_map(points, 0, 8)
    with pytest.raises(InvalidValueError, match="row 4 has no place on this map"):
        neighbors_on_map(points, 4, 1)


ASK = {
    "original": lambda row, k: OriginalSpace(random_rows(9)).neighbors(row, k),
    "map": lambda row, k: neighbors_on_map(random_rows(9, 2), row, k),
}


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK.keys())
@pytest.mark.parametrize(
    ("row", "k", "error", "words"),
    [
        (9, 2, SelectionError, "row=9 .*0 to 8"),
        (-1, 2, SelectionError, "row=-1 .*0 to 8"),
        (1.0, 2, InvalidTypeError, "row=1.0"),
        (True, 2, InvalidTypeError, "row=True"),
        (0, 9, InvalidValueError, "k=9 .*at most 8"),
        (0, 0, InvalidValueError, "k=0 .*at least 1"),
    ],
)
def test_rows_and_numbers_that_there_are_not_are_typed_errors(ask, row, k, error, words):
    with pytest.raises(error, match=words):
        ask(row, k)


def test_the_local_radius_is_the_mean_distance_to_the_nearest(pool):
    X = random_rows()
    expected = np.sort(pairwise_distances(X), axis=1)[:, 1:11].mean(axis=1)
    searched = result_of(find_neighbors(X, 30, pool=pool))
    found = local_radius(searched.distances, 10)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_the_local_radius_is_small_where_rows_are_dense(pool):
    X = random_rows(200, 3)
    X[:100] *= 0.01
    found = local_radius(result_of(find_neighbors(X, 5, pool=pool)).distances, 5)
    assert found[:100].max() < found[100:].min()


def test_more_neighbours_than_are_known_are_a_typed_error():
    with pytest.raises(InvalidValueError, match=r"k=4 .*at most 3"):
        local_radius(np.ones((9, 3), np.float32), 4)

"""Distances and neighbours that are given, instead of rows."""

import numpy as np
import pytest
import scipy.sparse
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import NearestNeighbors, kneighbors_graph

from tests.tsne.test_neighbors import found
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.precomputed import given_neighbors


def test_a_graph_as_scikit_learn_makes_it(pool, blobs):
    expected = found(blobs, 12, pool)
    for include_self in (False, True):
        graph = kneighbors_graph(blobs, 20, mode="distance", include_self=include_self)
        neighbors = found(scipy.sparse.csr_array(graph), 12, pool, metric="precomputed")
        assert (neighbors.indices == expected.indices).all()
        assert neighbors.distances == pytest.approx(expected.distances, rel=1e-5)


def test_zeros_that_are_stored_are_distances(pool):
    X = np.repeat(np.arange(4.0), 5)[:, None]
    graph = kneighbors_graph(X, 6, mode="distance")
    neighbors = found(scipy.sparse.csr_array(graph), 4, pool, metric="precomputed")
    assert (neighbors.distances == 0).all()
    assert (neighbors.indices // 5 == np.arange(20)[:, None] // 5).all()


def test_a_graph_with_rows_of_different_lengths(pool):
    D = np.full((6, 6), np.nan)
    D[:, :3] = np.arange(18).reshape(6, 3)
    D[2, 5] = 0.5
    stored = np.argwhere(~np.isnan(D))
    graph = scipy.sparse.csr_array((D[~np.isnan(D)], stored.T), shape=(6, 6))
    neighbors = found(graph, 2, pool, metric="precomputed")
    assert neighbors.indices.tolist() == [[1, 2], [0, 2], [5, 0], [0, 1], [0, 1], [0, 1]]


def graph_of(entries, n=4):
    rows, columns, distances = zip(*entries, strict=True)
    indptr = np.searchsorted(rows, np.arange(n + 1))
    return scipy.sparse.csr_array((np.array(distances, float), np.array(columns), indptr), shape=(n, n))


GOOD = [(i, j, 1.0 + j) for i in range(4) for j in range(4) if i != j]


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        (GOOD[:-2], "row 3 of the precomputed graph stores 1 distances to others; it needs at least 2"),
        ([*GOOD[:3], (1, 0, -1.0), *GOOD[4:]], "from row 1 to row 0 it is -1.0"),
        ([*GOOD[:3], (1, 0, np.inf), *GOOD[4:]], "from row 1 to row 0 it is inf"),
        ([*GOOD[:3], (1, 2, 7.0), *GOOD[4:]], "row 1 of the precomputed graph stores a distance twice"),
    ],
    ids=["too few", "negative", "infinite", "twice"],
)
def test_bad_graphs(entries, words, pool):
    with pytest.raises(ValueError, match=words):
        found(graph_of(entries), 2, pool, metric="precomputed")


@pytest.mark.parametrize("value", [-1.0, np.nan, np.inf])
def test_bad_distances(value, pool, blobs):
    D = pairwise_distances(blobs)
    D[17, 3] = value
    with pytest.raises(ValueError, match="from row 17 to row 3"):
        found(D, 5, pool, metric="precomputed")


@pytest.mark.parametrize("shape", [(5, 6), (6, 5)])
def test_distances_that_are_not_square(shape, pool):
    for D in (np.ones(shape), scipy.sparse.csr_array(np.ones(shape))):
        with pytest.raises(ValueError, match="must be of shape"):
            found(D, 2, pool, metric="precomputed")


def test_the_number_of_threads_does_not_change_a_bit(blobs):
    graph = scipy.sparse.csr_array(kneighbors_graph(blobs, 20, mode="distance"))
    for D in (graph, pairwise_distances(blobs)):
        one, two = (found(D, 12, Pool(n_jobs), metric="precomputed") for n_jobs in (1, 3))
        assert one.indices.tobytes() == two.indices.tobytes()


def test_neighbours_that_are_given(pool, blobs):
    expected = found(blobs, 12, pool)
    search = NearestNeighbors(n_neighbors=15).fit(blobs)
    for distances, indices in (search.kneighbors(), search.kneighbors(blobs)):  # without and with itself
        neighbors = given_neighbors(indices, distances, 120, 12)
        assert (neighbors.indices == expected.indices).all()
        assert neighbors.distances == pytest.approx(expected.distances, rel=1e-5)


def test_neighbours_in_any_order_are_sorted(blobs):
    distances, indices = NearestNeighbors(n_neighbors=15).fit(blobs).kneighbors()
    shuffled = np.random.default_rng(0).permuted(np.tile(np.arange(15), (120, 1)), axis=1)
    mixed = (np.take_along_axis(part, shuffled, axis=1) for part in (indices, distances))
    neighbors = given_neighbors(*mixed, 120)
    assert neighbors.indices.shape == (120, 15)
    assert (neighbors.indices == indices).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda i, d: (i[:-1], d[:-1]), "shape"),
        (lambda i, d: (i, d[:, :-1]), "shape"),
        (lambda i, d: (i.astype(float), d), "must be integers"),
        (lambda i, d: (i, d.astype(str)), "must be numbers"),
        (lambda i, d: (i[:, :4], d[:, :4]), "at least 5"),
        (lambda i, d: (np.where(i == i[7, 2], 120, i), d), "not from 0 to 119"),
        (lambda i, d: (np.where(i == i[7, 2], -1, i), d), "not from 0 to 119"),
        (lambda i, d: (np.column_stack([i, i[:, 0]]), np.column_stack([d, d[:, 0]])), "row 0 .* twice"),
        (lambda i, d: (i, np.where(np.arange(120)[:, None] == 9, -d, d)), "row 9 .* negative"),
        (lambda i, d: (i, np.where(np.arange(120)[:, None] == 9, np.nan, d)), "row 9 .* finite float32"),
        (lambda i, d: (i, np.where(np.arange(120)[:, None] == 9, 1e39, d)), "row 9 .* finite float32"),
    ],
)
def test_bad_neighbours(change, words, blobs):
    distances, indices = NearestNeighbors(n_neighbors=6).fit(blobs).kneighbors()
    with pytest.raises(ValueError, match=words):
        given_neighbors(*change(indices, distances), 120, 5)


def test_a_row_itself_is_dropped_wherever_it_stands(blobs):
    distances, indices = NearestNeighbors(n_neighbors=7).fit(blobs).kneighbors(blobs)
    expected = indices[:, 1:]
    places = np.random.default_rng(0).permuted(np.tile(np.arange(7), (120, 1)), axis=1)
    mixed = (np.take_along_axis(part, places, axis=1) for part in (indices, distances))
    np.testing.assert_array_equal(given_neighbors(*mixed, 120).indices, expected)


@pytest.mark.parametrize("times", [2, 3, 40])
def test_neighbours_of_rows_that_repeat(times, blobs):
    """scikit-learn puts a row behind its copies, and leaves it out where these are enough."""
    X = np.repeat(blobs[:30], times, axis=0)
    distances, indices = NearestNeighbors(n_neighbors=10).fit(X).kneighbors(X)
    own = indices == np.arange(len(X))[:, None]
    assert not own[:, 0].all()
    neighbors = given_neighbors(indices, distances, len(X), 9)
    for row in range(len(X)):
        others = np.flatnonzero(~own[row])[:9]
        assert set(neighbors.indices[row]) <= set(indices[row]) - {row}
        np.testing.assert_allclose(neighbors.distances[row], distances[row, others], rtol=1e-6)


def test_one_row_with_itself_costs_the_others_their_farthest(blobs):
    distances, indices = NearestNeighbors(n_neighbors=6).fit(blobs).kneighbors()
    expected = indices[:, :5].copy()
    expected[11] = np.delete(indices[11], 3)
    indices[11, 3] = 11
    np.testing.assert_array_equal(given_neighbors(indices, distances, 120).indices, expected)
    with pytest.raises(ValueError, match="at least 6 neighbours besides the row itself, not 5"):
        given_neighbors(indices, distances, 120, 6)


def test_indices_and_distances_the_other_way_round(blobs):
    with pytest.raises(ValueError, match=r"must be integers, not float64; .* swap the two"):
        given_neighbors(*NearestNeighbors(n_neighbors=6).fit(blobs).kneighbors(), 120)

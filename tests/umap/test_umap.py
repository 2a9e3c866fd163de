"""The mathematics of UMAP, each kernel beside its slow twin."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.linalg import ArpackNoConvergence
from sklearn.datasets import load_digits

from tests import reference
from tsne_widget.errors import DataError, DivergedError
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.query import nearest_rows
from tsne_widget.tsne.steps import result_of
from tsne_widget.umap.curve import fitted_curve
from tsne_widget.umap.descent import Descent, epochs_for
from tsne_widget.umap.epoch import PASSES, dealt, descend_alone, step_along
from tsne_widget.umap.place import place
from tsne_widget.umap.spectral import spectral_layout
from tsne_widget.umap.start import SIDE, in_square
from tsne_widget.umap.weights import fuzzy_weights, one_sided_weights, without_slight


@pytest.fixture(scope="module")
def pool():
    with_threads = Pool(2)
    yield with_threads
    with_threads.close()


@pytest.fixture(scope="module")
def digits():
    return load_digits().data[:700].astype(np.float32)


@pytest.fixture(scope="module")
def weights(digits, pool):
    return fuzzy_weights(neighbors_of(digits, 14, pool), 15, pool)


def neighbors_of(X, k, pool):
    return result_of(find_neighbors(np.asarray(X, np.float32), k, pool=pool))


def clouds(*sizes, apart=50.0):
    """Rows in clouds so far apart that none has a neighbour in another."""
    random = np.random.default_rng(0)
    return np.concatenate([random.normal(size=(n, 3)) + apart * place for place, n in enumerate(sizes)])


# --- weights ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_neighbors", [2, 3, 15, 60, 119])
@pytest.mark.parametrize("scale", [1, 1e-8, 1e8])
def test_the_weights_are_those_of_the_formula_in_any_units(n_neighbors, scale, pool):
    X = scale * np.random.default_rng(1).normal(size=(120, 4))
    found = neighbors_of(X, n_neighbors - 1, pool)
    weights = fuzzy_weights(found, n_neighbors, pool)
    np.testing.assert_allclose(weights.toarray(), reference.fuzzy(found, n_neighbors), atol=2e-5)
    np.testing.assert_array_equal(weights.toarray(), weights.T.toarray())


@pytest.mark.parametrize("copies", [2, 5, 40])
def test_copies_of_rows_weigh_1_and_others_by_the_formula(copies, pool):
    X = np.repeat(np.random.default_rng(2).normal(size=(120 // copies, 4)), copies, axis=0)
    found = neighbors_of(X, 14, pool)
    weights = fuzzy_weights(found, 15, pool).toarray()
    np.testing.assert_allclose(weights, reference.fuzzy(found, 15), atol=2e-5)
    assert weights.max() == 1


def test_equal_rows_weigh_1(pool):
    weights = fuzzy_weights(neighbors_of(np.ones((20, 3)), 5, pool), 6, pool)
    assert set(weights.data) == {1}


def test_weights_that_no_epoch_would_draw_are_left_out(weights):
    kept = without_slight(weights, 500)
    assert kept.data.min() >= weights.data.max() / 500
    assert 0 < weights.nnz - kept.nnz == (weights.data < weights.data.max() / 500).sum()


@pytest.mark.parametrize("min_dist", [0.0, 0.1, 0.5, 0.99, 1.0])
def test_no_curve_near_the_fitted_one_is_nearer_to_the_wanted_one(min_dist):
    curve = np.array(fitted_curve(min_dist))
    least = reference.umap_curve_loss(curve, min_dist)
    for change in ((1.01, 1), (0.99, 1), (1, 1.01), (1, 0.99)):
        assert reference.umap_curve_loss(curve * change, min_dist) > least


# --- epochs -------------------------------------------------------------------------------------------


def test_each_edge_is_drawn_once_from_either_end_and_then_moves_both(weights):
    passes = dealt(weights)
    assert len(passes) == PASSES
    n = weights.shape[0]
    drawn = np.zeros((n, n), int)
    for edges in passes:
        rows = np.repeat(np.arange(n), np.diff(edges.indptr))
        first = {(i, j) for i, j, is_first in zip(rows, edges.columns, edges.first, strict=True) if is_first}
        last = {
            (i, j) for i, j, is_first in zip(rows, edges.columns, edges.first, strict=True) if not is_first
        }
        assert last == {(j, i) for i, j in first}
        drawn[tuple(zip(*first, strict=True))] += 1
        np.testing.assert_array_equal(
            edges.rates, weights.toarray()[rows, edges.columns] / weights.data.max()
        )
    np.testing.assert_array_equal(drawn, weights.toarray() > 0)


@pytest.mark.parametrize("epoch", [0, 3])
def test_a_pass_moves_the_rows_as_the_formula_says(weights, epoch):
    n = weights.shape[0]
    Y = np.random.default_rng(3).normal(scale=3, size=(n, 2)).astype(np.float32)
    Y[5] = Y[6]
    edges, after, seed = dealt(weights)[1], np.empty_like(Y), np.uint64(2**63 + 5)
    step_along(0, n, Y, *edges, epoch, 1.5, 0.9, 0.7, seed, after)
    wanted = reference.umap_pass(Y, edges, epoch, 1.5, 0.9, 0.7, seed)
    np.testing.assert_allclose(after, wanted, atol=1e-4)
    assert np.abs(after - Y).max() > 1


def descent(weights, n_jobs=1, seed=0, min_dist=0.1):
    start = in_square(np.random.default_rng(4).normal(size=(weights.shape[0], 2)), 0)
    return Descent(dealt(weights), fitted_curve(min_dist), start, pool=Pool(n_jobs), seed=seed)


def test_any_number_of_threads_gives_the_same_bits(pool):
    X = np.random.default_rng(5).normal(size=(3000, 5))
    weights = fuzzy_weights(neighbors_of(X, 14, pool), 15, pool)
    one, two, three = (descent(weights, n_jobs) for n_jobs in (1, 2, 3))
    for _ in range(5):
        for each in (one, two, three):
            each.step()
    np.testing.assert_array_equal(one.layout, two.layout)
    np.testing.assert_array_equal(one.layout, three.layout)
    for each in (one, two, three):
        each._pool.close()


def test_a_seed_gives_the_same_map_and_another_seed_another(weights):
    one, same, other = descent(weights), descent(weights), descent(weights, seed=1)
    for each in (one, same, other):
        each.step()
    np.testing.assert_array_equal(one.layout, same.layout)
    assert not np.array_equal(one.layout, other.layout)


def test_the_learning_rate_falls_to_0_and_the_descent_ends(weights):
    made = descent(weights)
    assert made.learning_rate == 1
    while not made.ended:
        made.step()
    assert (made.iteration, made.learning_rate) == (500, 0)
    assert (epochs_for(10_000), epochs_for(10_001)) == (500, 200)


@pytest.mark.slow
def test_it_continues_gently_with_another_curve_and_never_slower_than_it_was(weights):
    made = descent(weights)
    for _ in range(100):
        made.step()
    made.continue_with(made._passes, fitted_curve(0.5))
    assert (made.learning_rate, made.limit, made.ended) == (0.8, 600, False)
    while not made.ended:
        made.step()
    assert made.iteration == 600
    before = made.layout.copy()
    made.extend()
    assert (made.learning_rate, made.limit) == (0.25, 1100)
    while not made.ended:
        made.step()
    after = made.layout - made.layout.mean(axis=0)
    before -= before.mean(axis=0)
    assert (before * after).sum() > 0.9 * np.linalg.norm(before) * np.linalg.norm(after)


def test_a_layout_that_is_not_finite_never_shows(weights, monkeypatch):
    made = descent(weights)
    made.step()
    before = made.layout.copy()
    monkeypatch.setattr(Descent, "learning_rate", np.inf)
    with pytest.raises(DivergedError, match="epoch 2"):
        made.step()
    np.testing.assert_array_equal(made.layout, before)
    assert made.iteration == 1


# --- the start ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("n", [60, 700])
def test_the_spectral_start_is_made_of_the_eigenvectors(n, digits, pool):
    weights = fuzzy_weights(neighbors_of(digits[:n], 14, pool), 15, pool)
    found, wanted = spectral_layout(weights), reference.laplacian_eigenvectors(weights.toarray())
    assert np.abs((found / np.linalg.norm(found, axis=0) * wanted).sum(axis=0)).min() > 0.999
    np.testing.assert_array_equal(found, spectral_layout(weights))


@pytest.mark.parametrize("sizes", [(40, 40), (150, 30, 4, 7), (20,) * 12])
@pytest.mark.parametrize("placed", [True, False])
def test_parts_of_a_graph_start_apart(sizes, placed, pool):
    X = clouds(*sizes)
    weights = fuzzy_weights(neighbors_of(X, 3, pool), 4, pool)
    layout = spectral_layout(weights, X[:, :2] if placed else None)
    assert np.isfinite(layout).all()
    part = np.repeat(np.arange(len(sizes)), sizes)
    centers = np.array([layout[part == each].mean(axis=0) for each in range(len(sizes))])
    assert len(np.unique(centers.round(6), axis=0)) == len(sizes)
    if placed:
        correlation = np.corrcoef(centers[:, 0], np.arange(len(sizes)))[0, 1]
        assert correlation > 0.99


def test_a_graph_whose_eigenvectors_cannot_be_found_is_an_error_that_says_what_to_do(weights, monkeypatch):
    def fail(*_, **__):
        raise ArpackNoConvergence("no convergence", [], [])

    monkeypatch.setattr("tsne_widget.umap.spectral.eigsh", fail)
    with pytest.raises(DataError, match=r"no convergence.*use init='pca' or 'random'"):
        spectral_layout(weights)


def test_rows_without_an_edge_start_somewhere():
    weights = csr_array(([1.0, 1.0], ([0, 1], [1, 0])), shape=(4, 4)).astype(np.float32)
    layout = spectral_layout(weights)
    assert np.isfinite(layout).all()
    assert len(np.unique(layout.round(6), axis=0)) == 4


@pytest.mark.parametrize(
    "places", [np.zeros((9, 2)), np.c_[np.arange(9.0), np.zeros(9)], np.eye(9)[:, :2] * 1e-30]
)
def test_every_start_fills_the_square_and_no_two_rows_coincide(places):
    start = in_square(places, 0)
    assert start.dtype == np.float32
    np.testing.assert_array_equal(start.min(axis=0), 0)
    np.testing.assert_allclose(start.max(axis=0), SIDE)
    assert len(np.unique(start, axis=0)) == 9
    np.testing.assert_array_equal(start, in_square(places, 0))
    assert not np.array_equal(start, in_square(places, 1))


# --- new rows -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def new():
    return load_digits().data[700:1000].astype(np.float32)


@pytest.fixture(scope="module")
def finished(weights):
    """A finished map of the digits."""
    start = in_square(spectral_layout(weights), 0)
    made = Descent(dealt(weights), fitted_curve(0.1), start, pool=Pool(1), seed=0)
    while not made.ended:
        made.step()
    return made.layout


def places_of(new, X, Y, pool, k=15, seed=0):
    nearest = result_of(nearest_rows(new, X, k, pool=pool))
    return place(nearest, Y, fitted_curve(0.1), pool=pool, seed=seed)


@pytest.mark.parametrize("epochs", [1, 7])
def test_new_rows_descend_as_the_formula_says(digits, new, finished, pool, epochs):
    nearest = result_of(nearest_rows(new[:20], digits, 15, pool=pool))
    rates, seed = one_sided_weights(nearest.distances, pool), np.uint64(2**63 + 5)
    before = np.ascontiguousarray(finished[::-1][:20])
    before[3] = finished[nearest.indices[3, 0]]
    points = before.copy()
    descend_alone(0, 20, points, finished, nearest.indices, rates, epochs, 1.5, 0.9, 0.7, seed)
    wanted = reference.umap_descent_alone(
        before, finished, nearest.indices, rates, epochs, 1.5, 0.9, 0.7, seed
    )
    np.testing.assert_allclose(points, wanted, atol=1e-3)
    assert np.abs(points - before).max() > 1


@pytest.mark.parametrize("k", [2, 15, 700])
def test_the_weights_of_a_new_row_are_those_of_a_row_with_its_neighbors(digits, new, pool, k):
    found = result_of(nearest_rows(new[:30], digits, k, pool=pool)).distances
    np.testing.assert_allclose(one_sided_weights(found, pool), reference.memberships(found), atol=2e-5)


def test_new_rows_lie_among_their_nearest_rows(digits, new, finished, pool):
    made = places_of(new, digits, finished, pool)
    nearest = result_of(nearest_rows(new, digits, 10, pool=pool)).indices
    from_near = np.linalg.norm(finished[nearest] - made[:, None], axis=2)
    from_all = np.linalg.norm(finished[None] - made[:, None], axis=2)
    assert np.median(from_near) < 0.15 * np.median(from_all)
    labels = load_digits().target
    assert (labels[:700][from_all.argmin(axis=1)] == labels[700:1000]).mean() > 0.93


def test_the_place_of_a_new_row_depends_on_no_other_new_row_and_no_number_of_threads(
    digits, new, finished, pool
):
    together = places_of(new, digits, finished, pool)
    np.testing.assert_array_equal(together, places_of(new, digits, finished, Pool(1)))
    np.testing.assert_array_equal(together[::-1], places_of(new[::-1], digits, finished, pool))
    np.testing.assert_array_equal(together[7:8], places_of(new[7:8], digits, finished, pool))
    twice = places_of(np.repeat(new[:2], 2, axis=0), digits, finished, pool)
    np.testing.assert_array_equal(twice[::2], twice[1::2])


def test_another_seed_places_a_new_row_a_little_elsewhere(digits, new, finished, pool):
    one, other = (places_of(new, digits, finished, pool, seed=seed) for seed in (0, 1))
    apart = np.linalg.norm(one - other, axis=1)
    assert 0 < np.median(apart) < 0.1 * finished.std()


@pytest.mark.parametrize("k", [2, 15])
def test_a_new_row_that_equals_a_row_of_the_data_lies_on_it(digits, finished, pool, k):
    np.testing.assert_array_equal(places_of(digits[:50], digits, finished, pool, k), finished[:50])


def test_a_new_row_that_equals_several_lies_in_their_middle(pool):
    X = np.repeat(np.random.default_rng(6).normal(size=(10, 3)).astype(np.float32), 3, axis=0)
    Y = np.random.default_rng(7).normal(size=(30, 2)).astype(np.float32)
    wanted = Y.reshape(10, 3, 2).mean(axis=1)
    for k in (3, 15):
        np.testing.assert_allclose(places_of(X[::3], X, Y, pool, k), wanted, atol=1e-6)


def test_a_new_row_far_from_all_rows_or_as_far_from_all_has_a_place(finished, pool):
    distances = np.array([np.full(15, 1e30), np.full(15, 1e-30), np.linspace(1, 1e8, 15)], np.float32)
    nearest = Neighbors(np.tile(np.arange(15, dtype=np.uint32), (3, 1)), distances)
    made = place(nearest, finished, fitted_curve(0.1), pool=pool, seed=0)
    assert np.isfinite(made).all()
    assert np.abs(made).max() < np.abs(finished).max() + 10

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference
from tsne_widget.tsne import affinities
from tsne_widget.tsne.affinities import conditional_probabilities, joint_probabilities
from tsne_widget.tsne.embed import result_of
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool


def affinities_of(X, perplexity, pool, k=None):
    k = min(len(X) - 1, int(3 * perplexity)) if k is None else k
    return result_of(joint_probabilities(result_of(find_neighbors(X, k, pool=pool)), perplexity, pool=pool))


@pytest.mark.parametrize("perplexity", [2, 5, 12.5, 30])
def test_p_is_the_references(perplexity, pool, blobs):
    P = affinities_of(blobs, perplexity, pool)
    k = min(119, int(3 * perplexity))
    np.testing.assert_allclose(
        reference.dense(P), reference.joint(blobs, perplexity, k), rtol=1e-4, atol=1e-9
    )


def test_p_is_symmetric_sparse_and_sums_to_1(pool, digits):
    P = affinities_of(digits[:500], 10, pool)
    assert (P.indptr.dtype, P.indices.dtype, P.data.dtype) == (np.int64, np.uint32, np.float32)
    D = reference.dense(P)
    np.testing.assert_array_equal(D, D.T)
    assert P.data.sum(dtype=np.float64) == pytest.approx(1, abs=1e-7)
    assert (P.data > 0).all()
    assert len(P.data) < 500 * 60
    assert P.negative_entropy == pytest.approx((D[D > 0] * np.log(D[D > 0])).sum())


def test_more_neighbours_than_needed_change_nothing(pool, blobs):
    few, many = affinities_of(blobs, 8, pool), affinities_of(blobs, 8, pool, k=100)
    np.testing.assert_array_equal(few.indices, many.indices)
    np.testing.assert_array_equal(few.data, many.data)


@pytest.mark.parametrize("scale", [1e-15, 1e15])
def test_scale_does_not_matter(scale, pool, blobs):
    P, scaled = affinities_of(blobs, 8, pool), affinities_of(blobs * scale, 8, pool)
    np.testing.assert_allclose(reference.dense(P), reference.dense(scaled), rtol=1e-4, atol=1e-10)


def one_row(distances, perplexity, pool):
    """The conditional probabilities of a row with these distances, from P of a ring of such rows."""
    k = len(distances)
    indices = (np.arange(2 * k + 1)[:, None] + np.arange(1, k + 1)) % (2 * k + 1)
    neighbors = Neighbors(indices.astype(np.uint32), np.tile(np.float32(distances), (2 * k + 1, 1)))
    P = reference.dense(result_of(joint_probabilities(neighbors, perplexity, pool=pool)))
    return P[0, 1 : k + 1] * 2 * len(P)


@pytest.mark.parametrize("distance", [0.0, 1e-30, 1.0, 1e18])
def test_neighbours_that_are_equally_far_share(distance, pool):
    np.testing.assert_allclose(one_row([distance] * 9, 3, pool), 1 / 9, rtol=1e-6)


def test_too_few_neighbours_for_the_perplexity_share(pool):
    np.testing.assert_allclose(one_row([1.0, 2.0, 5.0], 30, pool), 1 / 3, rtol=1e-6)


def test_more_ties_than_the_perplexity_share_and_leave_nothing_for_others(pool):
    p = one_row([0.0] * 6 + [1.0] * 3, 3, pool)
    np.testing.assert_allclose(p, [1 / 6] * 6 + [0] * 3, atol=1e-6)


def test_a_far_neighbour_among_near_ones(pool):
    p = one_row([1.0, 1.1, 1.2, 1.3, 1e12], 2, pool)
    expected = reference.conditional(np.array([[1.0, 1.1, 1.2, 1.3, 1e12]]) ** 2, 2)
    np.testing.assert_allclose(p, expected[0], atol=1e-5)


def assert_same(P, other):
    for name in ("indptr", "indices", "data", "bandwidths"):
        np.testing.assert_array_equal(getattr(P, name), getattr(other, name))
    assert P.negative_entropy == other.negative_entropy


@pytest.mark.parametrize("options", [{}, {"multiscale": [5, 40]}, {"affinity": "uniform"}])
def test_the_number_of_threads_does_not_change_a_bit(options, pool, digits):
    neighbors = result_of(find_neighbors(digits[:600], 120, pool=pool))
    one, *more = (
        result_of(joint_probabilities(neighbors, 20, pool=Pool(n_jobs), **options)) for n_jobs in (1, 2, 3)
    )
    for other in more:
        assert_same(one, other)


@pytest.mark.parametrize("pieces", [64, 100_000])
def test_how_the_rows_are_cut_up_does_not_change_a_bit(pieces, monkeypatch, pool, digits):
    usual = affinities_of(digits[:900], 20, pool)
    monkeypatch.setattr(affinities, "_FIRST_ROWS", pieces)
    assert_same(usual, affinities_of(digits[:900], 20, pool))


@pytest.mark.parametrize("n", [3, 4, 17])
@pytest.mark.parametrize("near_n", [1.0, 0.9, 0.5])
def test_few_rows_and_a_perplexity_near_their_number(n, near_n, pool, blobs):
    X, perplexity = blobs[:n], max(1.1, near_n * (n - 1.01))
    expected = reference.joint(X, perplexity, min(n - 1, int(3 * perplexity)))
    np.testing.assert_allclose(
        reference.dense(affinities_of(X, perplexity, pool)), expected, rtol=1e-4, atol=1e-9
    )


def test_many_neighbours(pool, digits):
    neighbors = result_of(find_neighbors(digits[:700], 450, pool=pool))
    P = result_of(joint_probabilities(neighbors, 150, pool=pool))
    expected = reference.joint_of_neighbors(neighbors, [150], 450)
    np.testing.assert_allclose(reference.dense(P), expected, rtol=1e-4, atol=1e-10)


def test_what_underflows_is_left_out(pool):
    cluster = np.random.default_rng(0).normal(size=(30, 2))
    outliers = [[1e4, 0], [1e4, 1], [1e4, 3]]
    P = affinities_of(np.vstack([cluster, outliers]), 1.5, pool, k=4)
    assert (P.data >= np.finfo(np.float32).tiny).all()
    assert P.data.sum(dtype=np.float64) == pytest.approx(1, abs=1e-7)
    np.testing.assert_array_equal(np.diff(P.indptr)[-3:], 2)  # the cluster is nothing beside each other


def rows_of(P):
    return np.repeat(np.arange(P.n), np.diff(P.indptr))


@settings(max_examples=60)
@given(st.integers(3, 60), st.data())
def test_any_neighbours_give_a_symmetric_p_with_ascending_rows(n, data):
    k = data.draw(st.integers(1, n - 1))
    perplexity = data.draw(st.floats(1, n - 1))
    random = np.random.default_rng(data.draw(st.integers(0, 1000)))
    indices = np.array([random.permutation(np.delete(np.arange(n), i))[:k] for i in range(n)])
    distances = np.sort(random.integers(0, 5, (n, k)) * random.uniform(0, 2, (n, 1)), axis=1)
    neighbors = Neighbors(indices.astype(np.uint32), distances.astype(np.float32))
    P = result_of(joint_probabilities(neighbors, perplexity, pool=Pool(1)))
    used = max(1, min(k, int(3 * perplexity)))
    expected = reference.joint_of_neighbors(neighbors, [perplexity], used)
    D = reference.dense(P)
    np.testing.assert_array_equal(D, D.T)
    np.testing.assert_allclose(D, expected, atol=2e-4 / n)
    assert P.data.sum(dtype=np.float64) == pytest.approx(1, abs=1e-6)
    row, column = rows_of(P), P.indices.astype(np.int64)
    assert (np.diff(row * n + column) > 0).all()


def test_an_order_gives_the_permuted_matrix(pool, digits):
    neighbors = result_of(find_neighbors(digits[:700], 60, pool=pool))
    plain = result_of(joint_probabilities(neighbors, 20, pool=pool))
    order = np.random.default_rng(0).permutation(700)
    P = result_of(joint_probabilities(neighbors, 20, pool=pool, order=order))
    assert plain.order is None
    np.testing.assert_array_equal(P.order, order)
    # The sum over all rows, to which P is scaled, is added in another order: that may change a last digit.
    np.testing.assert_allclose(reference.dense(P), reference.dense(plain)[np.ix_(order, order)], rtol=2e-7)
    np.testing.assert_array_equal(P.bandwidths, plain.bandwidths)
    assert (np.diff(rows_of(P) * 700 + P.indices.astype(np.int64)) > 0).all()


@pytest.mark.parametrize("data", ["digits", "clouds", "ties"])
def test_where_the_search_for_the_bandwidths_begins_has_no_influence(data, pool, digits):
    random = np.random.default_rng(0)
    X = {
        "digits": digits[:800],
        "clouds": np.exp(2 * random.normal(size=(800, 3))),
        "ties": random.integers(0, 3, (800, 4)).astype(float),
    }[data]
    neighbors = result_of(find_neighbors(X, 240, pool=pool))
    perplexities = [1.5, 3, 5.5, 10, 30, 33.3, 80]
    cold = {u: result_of(joint_probabilities(neighbors, u, pool=pool)) for u in perplexities}
    for u, v in itertools.product(perplexities, repeat=2):
        warm = result_of(joint_probabilities(neighbors, u, pool=pool, warm=cold[v].bandwidths))
        assert_same(warm, cold[u])


@pytest.mark.parametrize("unit", [1e-15, 1.0, 1e12])
def test_bandwidths_are_in_the_units_of_the_distances(unit, pool, blobs):
    neighbors = result_of(find_neighbors(blobs * unit, 60, pool=pool))
    sigma = result_of(joint_probabilities(neighbors, 20, pool=pool)).bandwidths
    assert sigma.dtype == np.float32
    in_widths = neighbors.distances.astype(np.float64) / sigma[:, None].astype(np.float64)
    weights = np.exp(-(in_widths**2) / 2)
    p = weights / weights.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(np.exp(-(p * np.log(p)).sum(axis=1)), 20, rtol=1e-5)


def test_several_perplexities_are_the_mean_of_their_ps(pool, digits):
    neighbors = result_of(find_neighbors(digits[:500], 300, pool=pool))
    P = result_of(joint_probabilities(neighbors, 10, pool=pool, multiscale=[60, 30]))
    expected = reference.joint_of_neighbors(neighbors, [10, 60, 30], 180)
    np.testing.assert_allclose(reference.dense(P), expected, rtol=1e-4, atol=1e-10)
    assert P.perplexity == 10


def test_one_perplexity_twice_is_that_perplexity(pool, blobs):
    neighbors = result_of(find_neighbors(blobs, 60, pool=pool))
    once = result_of(joint_probabilities(neighbors, 15, pool=pool))
    twice = result_of(joint_probabilities(neighbors, 15, pool=pool, multiscale=[15]))
    np.testing.assert_allclose(reference.dense(twice), reference.dense(once), rtol=1e-6)


@pytest.mark.parametrize(("perplexity", "k"), [(1, 1), (7, 7), (7.4, 7), (7.6, 8)])
def test_uniform_affinities_are_equal_shares_of_the_nearest(perplexity, k, pool, digits):
    neighbors = result_of(find_neighbors(digits[:300], 30, pool=pool))
    P = result_of(joint_probabilities(neighbors, perplexity, pool=pool, affinity="uniform"))
    A = np.zeros((300, 300))
    np.put_along_axis(A, neighbors.indices[:, :k].astype(np.int64), 1.0, 1)
    np.testing.assert_allclose(reference.dense(P), (A + A.T) / (A + A.T).sum(), rtol=1e-6)
    assert P.perplexity == k


def test_uniform_affinities_know_no_scales(pool, blobs):
    neighbors = result_of(find_neighbors(blobs, 30, pool=pool))
    with pytest.raises(ValueError, match="uniform"):
        next(joint_probabilities(neighbors, 10, pool=pool, affinity="uniform", multiscale=[20]))


@pytest.mark.parametrize("rows", [2, 300])
def test_conditional_probabilities_are_the_references(rows, pool, digits):
    distances = result_of(find_neighbors(digits[:300], 15, pool=pool)).distances[:rows]
    p = conditional_probabilities(distances, 5, pool=pool)
    np.testing.assert_allclose(p, reference.conditional(distances.astype(float) ** 2, 5), rtol=1e-5)


def test_it_can_be_dropped_at_any_step(pool, digits):
    neighbors = result_of(find_neighbors(digits[:300], 30, pool=pool))
    steps = len(list(joint_probabilities(neighbors, 10, pool=pool)))
    for many in range(1, steps):
        computing = joint_probabilities(neighbors, 10, pool=pool)
        for _ in range(many):
            next(computing)
        computing.close()


def test_progress_rises_from_0_to_1(pool, digits):
    neighbors = result_of(find_neighbors(digits, 30, pool=pool))
    progress = list(joint_probabilities(neighbors, 10, pool=pool))
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert progress[-1] == 1

import numpy as np
import pytest

from tests import reference
from tsne_widget.tsne.affinities import joint_probabilities
from tsne_widget.tsne.embed import result_of
from tsne_widget.tsne.neighbors import Neighbors, find_neighbors
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


def test_the_number_of_threads_does_not_change_a_bit(digits):
    one, two = (affinities_of(digits[:600], 20, Pool(n_jobs)) for n_jobs in (1, 2))
    np.testing.assert_array_equal(one.data, two.data)
    np.testing.assert_array_equal(one.indices, two.indices)


def test_progress_rises_from_0_to_1(pool, digits):
    neighbors = result_of(find_neighbors(digits, 30, pool=pool))
    progress = list(joint_probabilities(neighbors, 10, pool=pool))
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert progress[-1] == 1

"""Rows that have no neighbours, and what is no distance, under metrics that are computed or given."""

import numpy as np
import pytest
import scipy.sparse
from sklearn.metrics import pairwise_distances

from tests.tsne.test_neighbors import found
from tsne_widget.tsne import distances as module
from tsne_widget.tsne.distances import first_wrong, parts, stored_counts, why_no_matrix
from tsne_widget.tsne.neighbors import isolated

#: Rows 4 and 9 have a column of their own, rows 20 to 22 are copies with another.
SETS = np.random.default_rng(0).random((60, 12)) < 0.4
SETS[:, 0] = True
SETS[[4, 9, 20, 21, 22]] = False
SETS = np.hstack([SETS, np.zeros((60, 3), bool)])
SETS[4, -3] = SETS[9, -2] = SETS[20:23, -1] = True
ALONE = [4, 9, 20, 21, 22]


def obviously_isolated(D, k):
    """Rows whose nearest others, but for copies, are as far as their farthest."""
    D = np.where(np.eye(len(D), dtype=bool), np.nan, D)
    return [
        row
        for row, others in enumerate(D)
        if (others == 0).sum() < k and np.nanmin(others[others > 0]) == np.nanmax(others)
    ]


def own_jaccard(a, b):
    return 1 - (a * b).sum() / max(1, np.maximum(a, b).sum())


@pytest.mark.parametrize("n_neighbors", [5, 12, 40])
@pytest.mark.parametrize("metric", ["jaccard", "dice", own_jaccard, "precomputed"])
def test_rows_that_share_nothing_with_any_are_isolated(metric, n_neighbors, pool):
    D = pairwise_distances(SETS, metric="jaccard")
    X = SETS if metric in ("jaccard", "dice") else D if metric == "precomputed" else SETS.astype(float)
    assert isolated(found(X, n_neighbors, pool, metric=metric), metric).tolist() == ALONE
    assert obviously_isolated(D, min(n_neighbors, 10)) == ALONE


@pytest.mark.parametrize("sparse", [False, True])
def test_rows_at_a_right_angle_to_all_are_isolated(sparse, pool):
    """Not rows 20 to 22, which lie in one direction: as far as that goes, they are copies."""
    X = SETS.astype(float)
    X[30] = 0  # at distance 1 from all
    X[20:23] *= 1 + np.arange(3)[:, None]
    neighbors = found(scipy.sparse.csr_array(X) if sparse else X, 12, pool, metric="cosine")
    assert isolated(neighbors, "cosine").tolist() == sorted([*ALONE, 30])


def test_neighbours_at_one_distance_are_neighbours_where_other_rows_are_farther(pool):
    """Of rows on the corners of a grid the nearest are all at one distance."""
    X = np.stack(np.meshgrid(*[np.arange(4.0)] * 3), axis=-1).reshape(-1, 4)
    for metric in ("hamming", "manhattan", "chebyshev", "cityblock", lambda a, b: abs(a - b).sum()):
        assert isolated(found(X, 4, pool, metric=metric), metric).size == 0


def test_rows_far_from_all_are_not_isolated_unless_all_are_equally_far(pool, blobs):
    D = pairwise_distances(np.vstack([blobs, [[1e4] * blobs.shape[1]]]))
    assert isolated(found(D, 9, pool, metric="precomputed"), "precomputed").size == 0
    D[7], D[:, 7], D[7, 7] = 1e6, 1e6, 0
    assert isolated(found(D, 9, pool, metric="precomputed"), "precomputed").tolist() == [7]


@pytest.mark.parametrize("n_jobs", [1, 3])
def test_the_farthest_of_all_rows_is_known(n_jobs, blobs):
    from tsne_widget.tsne.pool import Pool

    D = pairwise_distances(blobs, metric="chebyshev")
    for X, metric in ((blobs, "chebyshev"), (D, "precomputed")):
        farthest = found(X, 5, Pool(n_jobs), metric=metric).farthest
        np.testing.assert_array_equal(farthest, D.max(axis=1).astype(np.float32))


# --- what is no distance ------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [-1.0, np.nan, -np.nan, np.inf, 1e39])
def test_a_function_that_gives_no_distance_later_is_an_error_with_the_rows(value, pool, blobs):
    """Negative ones and NaN used to count as 0: the nearest there are."""

    def metric(a, b):
        pair = {tuple(a), tuple(b)} == {tuple(blobs[70]), tuple(blobs[3])}
        return value if pair else float(abs(a - b).max())

    with pytest.raises(
        ValueError, match=r"metric 'metric' gives \S+ from row (70 to row 3|3 to row 70): a dist"
    ):
        found(blobs, 9, pool, metric=metric)


def test_a_metric_by_name_without_a_number_is_an_error_with_the_rows(pool):
    X = SETS.copy()
    X[[2, 50]] = False  # 0 / 0
    with pytest.raises(ValueError, match=r"metric 'dice' gives nan from row (2 to row 50|50 to row 2)"):
        found(X, 9, pool, metric="dice")


def test_a_distance_below_0_by_rounding_is_0(pool, blobs):
    def metric(a, b):
        return float(abs(a - b).max()) - 1e-9

    assert (found(np.repeat(blobs, 2, axis=0), 1, pool, metric=metric).distances == 0).all()
    D = pairwise_distances(np.repeat(blobs, 2, axis=0), metric="chebyshev") - 1e-9
    assert (found(D, 1, pool, metric="precomputed").distances == 0).all()
    assert why_no_matrix(D) == ""


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ([], None),
        ([0.0, -0.0, 3e38], None),
        ([1.0, -1e-7], None),
        ([1.0, -1e-5], (1,)),
        ([[1.0, np.nan], [-1.0, 2.0]], (0, 1)),
        ([np.inf, 1.0], (0,)),
        ([-1.0, -2.0], (0,)),
        ([np.nan, np.nan], (0,)),
    ],
)
def test_the_first_that_is_no_distance(values, place):
    assert first_wrong(np.array(values)) == place


def graph_of(D, stored):
    rows, columns = np.nonzero(stored)
    return scipy.sparse.csr_array(
        (D[rows, columns], columns, np.append(0, np.cumsum(stored.sum(axis=1)))), shape=D.shape
    )


def test_a_matrix_of_distances_is_the_same_both_ways_and_0_to_itself(blobs):
    D = pairwise_distances(blobs)
    near = np.argsort(np.argsort(D, axis=1), axis=1) < 20
    for distances in (D, D.astype(np.float32), graph_of(D, near), 1e-30 * D, 0 * D):
        assert why_no_matrix(distances) == ""
    uphill = D * (1 + (np.arange(120) > np.arange(120)[:, None]))
    for distances in (uphill, graph_of(uphill, near)):
        assert "must be the same both ways" in why_no_matrix(distances)
    one_way = graph_of(uphill, near & ~near.T)
    assert why_no_matrix(one_way) == ""
    assert "from row 0 to itself it is 1; it must be 0" in why_no_matrix(np.exp(-D))


def test_parts_of_a_graph():
    apart = np.kron(np.eye(3), np.ones((4, 4)))
    apart[0, 1] = apart[1, 0] = 0
    graph = graph_of(0 * apart, apart > 0)  # also distances of 0 join
    assert parts(graph).tolist() == [4, 4, 4]
    assert stored_counts(graph).tolist() == [2, 2, *[3] * 10]
    assert module.parts(graph_of(apart, np.triu(np.ones((12, 12))) > 0)).tolist() == [12]

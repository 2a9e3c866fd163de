"""Two groups are apart, hang together by a thin place, or are joined; or nobody can tell, and why."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import pairwise_distances

from tsne_widget.honesty.sample import NoAnswerError, Sampled
from tsne_widget.honesty.verdict import Verdict, verdict_in_steps
from tsne_widget.tsne.steps import result_of

N = 400
FIRST, SECOND = np.arange(N // 2), np.arange(N // 2, N)


def two(apart: float, d: int = 6, seed: int = 0) -> np.ndarray:
    rows = np.random.default_rng(seed).standard_normal((N, d))
    rows[SECOND, 0] += apart
    return rows


def judged(X, first=FIRST, second=SECOND, metric="euclidean", **params) -> Verdict:
    sampled = Sampled(X, metric, {})
    near = X if metric == "precomputed" else pairwise_distances(X, metric=metric)
    known = np.argsort(near if isinstance(near, np.ndarray) else near.toarray(), axis=1)[:, 1:16]
    return result_of(verdict_in_steps(sampled, known, first, second, **params))


def test_two_clouds_are_apart_and_the_halves_of_one_are_joined():
    apart, rows = judged(two(6)), two(0)
    assert apart.answer == "apart"
    assert apart.values["W"] == pytest.approx(apart.crossing / min(apart.cloud, apart.parts))
    assert apart.sentence.startswith("These two are apart in the data: ")
    left = rows[:, 0] < 0
    joined = judged(rows, np.flatnonzero(left), np.flatnonzero(~left))
    assert joined.answer == "joined"
    assert joined.sentence.startswith("In the data there is no gap between these two: ")


def test_links_are_those_that_cross():
    found = judged(two(3.6))
    assert found.answer == "thin"
    assert "hang together by a thin place" in found.sentence
    assert len(found.links)
    assert np.array_equal(np.isin(found.links, SECOND).sum(axis=1), np.ones(len(found.links)))
    assert len(np.unique(found.links, axis=0)) == len(found.links)


def test_it_is_the_same_from_either_side_and_at_any_call():
    one, other = judged(two(3)), judged(two(3), SECOND, FIRST)
    assert one.crossing == other.crossing
    assert one.values["W"] == pytest.approx(other.values["W"], rel=0.1)
    assert judged(two(3)).values == one.values


def test_leaving_out_the_bridge_makes_no_gap():
    rows = two(0)
    order = np.argsort(rows[:, 0])
    first, second = order[:170], order[230:]
    taken = judged(rows, first, second)
    assert taken.answer == "joined"
    assert taken.taken_in > 30
    assert sum(taken.sizes) == 340 + taken.taken_in
    assert f"{taken.taken_in} rows between them count" in taken.sentence


def test_large_groups_are_thinned_alike():
    random = np.random.default_rng(0)
    rows = random.standard_normal((7_000, 4))
    rows[6_000:, 0] += 8
    first, second = np.arange(6_000), np.arange(6_000, 7_000)
    known = np.zeros((7_000, 15), np.int64)
    found = result_of(verdict_in_steps(Sampled(rows, "euclidean", {}), known, first, second, close=False))
    assert found.answer == "apart"
    assert found.measured == 3_000
    assert found.sizes == (6_000, 1_000)


@pytest.mark.parametrize("metric", ["cosine", "correlation", "manhattan"])
def test_other_metrics_have_an_answer(metric):
    rows = two(8) + np.array([0, 6, 0, 0, 0, 0])
    assert judged(rows, metric=metric).answer == "apart"


def test_given_distances_know_no_cloud_but_the_parts():
    found = judged(pairwise_distances(two(6)), metric="precomputed")
    assert found.answer == "apart"
    assert found.cloud == np.inf
    assert "g" not in found.values
    joined = judged(pairwise_distances(two(0)), metric="precomputed")
    assert joined.answer == "joined"
    assert "as against" in joined.sentence


def test_sparse_rows_are_judged_as_dense_ones():
    rows = two(6) * (np.abs(two(6)) > 0.5)
    dense, sparse = judged(rows), judged(csr_array(rows))
    assert dense.values == pytest.approx(sparse.values)


@pytest.mark.parametrize(
    ("rows", "second", "why"),
    [
        (two(6), SECOND[:40], "only 40 rows"),
        (np.repeat(two(6)[::10], 10, axis=0), SECOND, "only 20 different rows"),
    ],
)
def test_too_few_rows_have_no_answer(rows, second, why):
    with pytest.raises(NoAnswerError, match=why):
        judged(rows, second=second, close=False)


def test_equal_rows_count_once():
    rows = np.concatenate([two(6), two(6)[:50]])
    found = judged(rows, second=np.arange(N // 2, N + 50), close=False)
    assert found.measured == N
    assert found.answer == "apart"

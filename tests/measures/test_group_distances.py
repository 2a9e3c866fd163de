"""Distances between groups, against scipy and a slow, obvious twin."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import spearmanr
from sklearn.metrics import pairwise_distances

from tsne_widget.errors import DataError, InvalidValueError, SelectionError
from tsne_widget.measures.group_distances import GROUPS_MAX, group_distances
from tsne_widget.measures.original_space import OriginalSpace

RNG = np.random.default_rng(0)
CODES = RNG.integers(0, 10, size=400)
X = RNG.normal(size=(400, 8)) + RNG.normal(size=(10, 8))[CODES]
POINTS = (X[:, :2] + RNG.normal(size=(400, 2))).astype(np.float32)
GROUPS = [np.flatnonzero(code == CODES) for code in range(10)]
NAMES = [f"group {code}" for code in range(10)]


def obvious(X, groups):
    means = [np.mean([X[row] for row in rows], axis=0) for rows in groups]
    return {(a, b): np.linalg.norm(means[a] - means[b]) for a, b in combinations(range(len(groups)), 2)}


def by_pair(result, distances):
    return {tuple(pair): distance for pair, distance in zip(result.pairs.tolist(), distances, strict=True)}


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_distances_are_between_the_means_and_rho_is_scipys(form):
    found = group_distances(OriginalSpace(form(X)), POINTS, NAMES, GROUPS)
    original, on_map = obvious(X, GROUPS), obvious(POINTS.astype(float), GROUPS)
    assert found.names == tuple(NAMES)
    assert len(found.pairs) == 45
    assert by_pair(found, found.original) == pytest.approx(original, rel=1e-6)
    assert by_pair(found, found.on_map) == pytest.approx(on_map, rel=1e-6)
    assert found.rho == pytest.approx(spearmanr(list(original.values()), list(on_map.values()))[0])


def test_what_agrees_is_said_in_a_sentence():
    found = group_distances(OriginalSpace(X), POINTS, NAMES, GROUPS)
    said = "distances between these 10 groups on this map agree with the original space at rho = "
    assert found.sentence == f"{said}{found.rho:.2f}"


def test_of_fewer_than_five_groups_the_sentence_says_that_they_are_too_few():
    for count, told in (
        (3, " (only 3 pairs: too few to tell)"),
        (4, " (only 6 pairs: too few to tell)"),
        (5, ""),
    ):
        found = group_distances(OriginalSpace(X), POINTS, NAMES[:count], GROUPS[:count])
        assert found.sentence.endswith(f"at rho = {found.rho:.2f}{told}")


@pytest.mark.parametrize(
    ("state", "told"),
    [("moving", "on this map, which is not settled yet, agree"), ("initial", "on the initial layout agree")],
)
def test_the_sentence_says_on_what_kind_of_map(state, told):
    found = replace(group_distances(OriginalSpace(X), POINTS, NAMES, GROUPS), state=state)
    assert found.sentence.startswith(f"distances between these 10 groups {told} with the original space at")
    equal = group_distances(OriginalSpace(X), np.ones((400, 2)), NAMES, GROUPS)
    assert replace(equal, state=state).sentence.endswith(told.removesuffix(" agree").rstrip(","))


def test_a_map_that_is_the_data_agrees_in_full():
    found = group_distances(OriginalSpace(POINTS), POINTS, NAMES, GROUPS)
    assert found.rho == pytest.approx(1)
    assert (found.rank_difference == 0).all()
    assert found.pairs.tolist() == [list(pair) for pair in combinations(range(10), 2)]


def test_the_pairs_whose_rank_differs_most_come_first():
    data = np.array([[0.0], [1], [3], [7]])
    groups = [np.array([row]) for row in range(4)]
    points = np.array([[0, 0], [1, 0], [3, 0], [0.5, 0]], np.float32)
    found = group_distances(OriginalSpace(data), points, "abcd", groups)
    sizes = np.abs(found.rank_difference)
    assert (np.diff(sizes) <= 0).all()
    # b and d are the farthest but one in the data; on the map a and d, b and d are equally the nearest.
    ranks = by_pair(found, found.rank_difference)
    assert ranks[0, 3] == 1.5 - 6
    assert ranks[1, 3] == 1.5 - 5
    assert found.pairs[0].tolist() == [0, 3]


def test_ties_share_their_rank():
    data = np.array([[0.0], [1], [2], [4]])
    points = np.column_stack([data, np.zeros(4)]) ** 1.5
    groups = [np.array([row]) for row in range(4)]
    found = group_distances(OriginalSpace(data), points, "abcd", groups)
    one, other = obvious(data, groups), obvious(points, groups)
    assert found.rho == pytest.approx(spearmanr(list(one.values()), list(other.values()))[0])


@pytest.mark.parametrize("metric", ["cosine", "manhattan", "seuclidean", lambda x, y: abs(x - y).max()])
def test_the_metric_of_the_map_is_applied_to_the_means(metric):
    means = np.stack([X[rows].mean(axis=0) for rows in GROUPS])
    params = {"V": X.var(axis=0, ddof=1)} if metric == "seuclidean" else {}
    expected = pairwise_distances(means, metric=metric, **params)
    found = group_distances(OriginalSpace(X, metric), POINTS, NAMES, GROUPS)
    np.testing.assert_allclose(found.original, expected[tuple(found.pairs.T)], rtol=1e-5)
    if metric != "seuclidean":
        sparse = group_distances(OriginalSpace(csr_array(X), metric), POINTS, NAMES, GROUPS)
        np.testing.assert_allclose(sparse.original, found.original, rtol=1e-5)


def test_groups_may_overlap():
    groups = [np.arange(10), np.arange(5, 20), np.arange(400)]
    found = group_distances(OriginalSpace(X), POINTS, "abc", groups)
    assert by_pair(found, found.original) == pytest.approx(obvious(X, groups), rel=1e-6)


def test_two_groups_have_a_distance_and_no_correlation():
    found = group_distances(OriginalSpace(X), POINTS, NAMES[:2], GROUPS[:2])
    assert len(found.original) == 1
    assert found.rho is None
    assert found.sentence == (
        "distances between these 2 groups have no rank correlation, which needs at least 3 groups"
    )


@pytest.mark.parametrize(
    ("data", "points", "where"),
    [(np.ones((400, 3)), POINTS, "in the original space"), (X, np.ones((400, 2)), "on this map")],
)
def test_distances_that_are_all_equal_have_no_correlation(data, points, where):
    found = group_distances(OriginalSpace(data), points, NAMES, GROUPS)
    assert found.rho is None
    assert found.sentence.endswith(f"no rank correlation, because they are all equal {where}")


def test_an_empty_group_is_an_error_that_names_it():
    with pytest.raises(InvalidValueError, match="'group 1' is empty"):
        group_distances(OriginalSpace(X), POINTS, NAMES[:3], [GROUPS[0], GROUPS[1][:0], GROUPS[2]])


@pytest.mark.parametrize("row", [-1, 400])
def test_a_row_that_does_not_exist_is_an_error_that_names_it(row):
    with pytest.raises(SelectionError, match=f"'group 1' holds row {row}: rows are 0 to 399"):
        group_distances(OriginalSpace(X), POINTS, NAMES[:2], [GROUPS[0], np.array([3, row])])


def test_rows_without_a_place_do_not_count_on_the_map():
    points = POINTS.copy()
    points[GROUPS[1][2]] = np.nan
    found = group_distances(OriginalSpace(X), points, NAMES, GROUPS)
    placed = [rows[np.isfinite(points[rows, 0])] for rows in GROUPS]
    expected = group_distances(OriginalSpace(X), POINTS, NAMES, placed)
    assert sorted(found.on_map) == sorted(expected.on_map)
    assert sorted(found.original) != sorted(expected.original)
    points[GROUPS[1]] = np.nan
    with pytest.raises(DataError, match="no row of group 'group 1' has a place on the map"):
        group_distances(OriginalSpace(X), points, NAMES, GROUPS)


@pytest.mark.parametrize("count", [0, 1, GROUPS_MAX + 1])
def test_too_few_or_too_many_groups_are_an_error(count):
    with pytest.raises(InvalidValueError, match=f"cannot compare {count} groups"):
        group_distances(OriginalSpace(X), POINTS, ["g"] * count, [GROUPS[0]] * count)

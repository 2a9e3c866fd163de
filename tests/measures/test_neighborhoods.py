"""Neighbours on maps and what they have in common, against the obvious way to compute them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsne_widget.measures import neighborhoods
from tsne_widget.measures.neighborhoods import (
    NO_ROW,
    chance_in_words,
    map_neighbors_in_steps,
    shared_in_steps,
)
from tsne_widget.tsne.steps import result_of


def map_neighbors(points, k):
    return result_of(map_neighbors_in_steps(points, k))


def shared(neighbors):
    return result_of(shared_in_steps(neighbors))


def obvious_neighbors(points, k):
    """Return the k nearest of each point; of those at the same place the first."""
    points = points.astype(float)
    squared = ((points[:, None] - points) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    return np.argsort(squared, axis=1, kind="stable")[:, :k]


def obvious_share(neighbors):
    k = neighbors[0].shape[1]
    return np.array([len(set.intersection(*map(set, rows))) / k for rows in zip(*neighbors, strict=True)])


def random_points(n, seed=0):
    return np.random.default_rng(seed).normal(size=(n, 2)).astype(np.float32)


@pytest.mark.parametrize(
    ("share", "words"), [(0.25, "0.25"), (0.036, "0.036"), (0.001, "0.001"), (1.6e-5, "less than 0.001")]
)
def test_chance_is_written_without_an_exponent(share, words):
    assert chance_in_words(share) == f"by chance {words}"


@pytest.mark.parametrize(("n", "k"), [(2, 1), (5, 4), (60, 1), (60, 15), (60, 59), (500, 10)])
def test_the_nearest_on_a_map_are_found_nearest_first(n, k):
    points = random_points(n)
    found = map_neighbors(points, k)
    assert found.shape == (n, k)
    np.testing.assert_array_equal(found, obvious_neighbors(points, k))


@pytest.mark.parametrize("k", [1, 2, 3, 7, 40, 119])
def test_of_points_at_one_place_the_first_come_first_and_none_is_its_own_neighbour(k):
    rng = np.random.default_rng(3)
    points = rng.permutation(np.repeat(random_points(40), rng.integers(0, 6, size=40), axis=0)[:120])
    k = min(k, len(points) - 1)
    found = map_neighbors(points, k)
    assert not (found == np.arange(len(points))[:, None]).any()
    np.testing.assert_array_equal(np.sort(found), np.sort(obvious_neighbors(points, k)))


def test_many_points_at_one_place_are_no_trouble():
    found = map_neighbors(np.zeros((50_000, 2), np.float32), 3)
    assert found[0].tolist() == [1, 2, 3]
    assert found[1].tolist() == [0, 2, 3]
    assert found[-1].tolist() == [0, 1, 2]


def test_minus_zero_is_the_same_place_as_zero():
    points = np.array([[0.0, 1.0], [5.0, 5.0], [-0.0, 1.0]], np.float32)
    assert map_neighbors(points, 1).ravel().tolist() == [2, 0, 0]


@pytest.mark.parametrize("points", [random_points(30).T.copy().T, random_points(60)[::2]])
def test_any_memory_layout_is_taken(points):
    np.testing.assert_array_equal(map_neighbors(points, 4), obvious_neighbors(points, 4))


def test_an_infinite_map_is_an_error():
    points = random_points(20)
    points[3, 1] = np.inf
    with pytest.raises(ValueError, match="infinite"):
        map_neighbors(points, 4)


def test_rows_without_a_place_have_no_neighbours_and_are_none():
    points = random_points(20)
    rows = np.delete(np.arange(20), [3, 11])
    expected = rows[map_neighbors(points[rows], 4)]
    points[[3, 11]] = np.nan
    found = map_neighbors(points, 4)
    np.testing.assert_array_equal(found[rows], expected)
    assert (found[[3, 11]] == NO_ROW).all()
    most = map_neighbors(points, 19)
    assert (most[rows, 17:] == NO_ROW).all()
    assert (most[rows, :17] != NO_ROW).all()


def test_what_is_shared_is_known_of_rows_with_a_place_on_all_maps():
    # A missing neighbour of row 1 must not be taken for the last neighbour of row 0.
    one = np.array([[1, 3], [0, 2], [1, 3], [NO_ROW, NO_ROW]])
    other = np.array([[3, 2], [2, NO_ROW], [3, 1], [0, 1]])
    np.testing.assert_array_equal(shared([one, other]), [0.5, 0.5, 1, np.nan])


@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=8, max_size=8),
        min_size=2,
        max_size=4,
    ),
    st.integers(1, 7),
)
def test_the_share_in_common_is_that_of_the_intersection(maps, k):
    neighbors = [map_neighbors(np.array(points, np.float32), k) for points in maps]
    found = shared(neighbors)
    assert found.dtype == np.float64
    np.testing.assert_allclose(found, obvious_share(neighbors))


def test_the_share_in_common_of_maps_with_coinciding_points():
    maps = [np.repeat(random_points(20, seed), 3, axis=0) for seed in (1, 2)]
    neighbors = [obvious_neighbors(points, 5) for points in maps]
    np.testing.assert_allclose(
        shared([map_neighbors(points, 5) for points in maps]), obvious_share(neighbors)
    )


def test_maps_that_differ_by_a_turn_and_a_scale_have_everything_in_common():
    points = random_points(200)
    turned = (points @ np.array([[0.6, -0.8], [0.8, 0.6]]) * 7 + 3).astype(np.float32)
    assert shared([map_neighbors(points, 15), map_neighbors(turned, 15)]).mean() > 0.99


def test_maps_that_have_nothing_to_do_with_each_other_have_in_common_what_chance_gives():
    n, k = 1000, 100
    for maps in (2, 3):
        found = shared([map_neighbors(random_points(n, seed), k) for seed in range(maps)])
        assert found.mean() == pytest.approx((k / (n - 1)) ** (maps - 1), rel=0.15)


def test_the_share_kept_is_a_mean_over_points():
    data = np.array([[1, 2], [0, 2], [0, 1], [0, 1]], np.uint32)
    on_the_map = np.array([[1, 3], [3, 4], [1, 0], [0, 2]])
    assert shared([data, on_the_map]).mean() == pytest.approx((0.5 + 0 + 1 + 0.5) / 4)


def test_steps_come_to_the_same(monkeypatch):
    maps = [np.repeat(random_points(30, seed), [1, 2] * 15, axis=0) for seed in (1, 2)]
    neighbors = [map_neighbors(points, 5) for points in maps]
    share = shared(neighbors)
    monkeypatch.setattr(neighborhoods, "_ROWS_PER_STEP", 7)
    for points, at_once in zip(maps, neighbors, strict=True):
        np.testing.assert_array_equal(map_neighbors(points, 5), at_once)
    np.testing.assert_array_equal(shared(neighbors), share)
    assert len(list(neighborhoods.map_neighbors_in_steps(maps[1], 5))) > 6
    assert len(list(neighborhoods.shared_in_steps(neighbors))) > 6

"""Links join each row to its nearest, and are cut where they are fewest."""

from __future__ import annotations

import numpy as np
import pytest

from tsne_widget.honesty.links import (
    Links,
    crossing_along,
    intrinsic_dimension,
    link,
    link_by_distances,
    slowest_direction,
    smallest_crossing,
    weakest_place,
)


def cloud(n: int, d: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((n, d))


def two_clouds(n: int, apart: float) -> np.ndarray:
    points = cloud(n, 3)
    points[n // 2 :, 0] += apart
    return points


def test_links_go_to_the_nearest_others():
    points = cloud(60, 4)
    indices, distances = link(points, 5)
    for row in range(60):
        apart = np.linalg.norm(points - points[row], axis=1)
        apart[row] = np.inf
        assert indices[row].tolist() == np.argsort(apart)[:5].tolist()
        assert distances[row] == pytest.approx(np.sort(apart)[:5])
    same = link_by_distances(np.linalg.norm(points[:, None] - points, axis=2), 5)
    assert np.array_equal(same.indices, indices)


def test_crossing_is_the_share_of_links_between_two_sides():
    links = Links(np.array([[1], [0], [1], [2]]), np.ones((4, 1)))
    assert links.crossing(np.array([False, False, True, True])) == 0.25


def test_crossing_along_a_score_counts_every_cut():
    points, score = cloud(50, 3), cloud(50, 1, seed=1).ravel()
    links = link(points, 6)
    cuts = crossing_along(links.indices, score)
    order = np.argsort(score)
    for size in (1, 20, 49):
        second = np.ones(50, bool)
        second[order[:size]] = False
        assert cuts[size - 1] == pytest.approx(links.crossing(second))
    assert smallest_crossing(links.indices, 0.4, score) == pytest.approx(min(cuts[19], cuts[29]))


@pytest.mark.parametrize("n", [200, 500])  # by dense and by sparse eigenvectors
def test_the_slowest_direction_parts_two_clouds(n):
    indices = link(two_clouds(n, 4)).indices
    value, score = slowest_direction(indices)
    second = np.arange(n) >= n // 2
    side = score > np.median(score)
    assert max((side == second).mean(), (side != second).mean()) > 0.97
    assert 0.9 < value < 1


def test_a_graph_of_two_parts_has_the_eigenvalue_1():
    value, score = slowest_direction(link(two_clouds(400, 100)).indices)
    assert value == 1
    assert len(np.unique(score)) == 2
    assert len(np.unique(score[:200])) == 1


def test_the_weakest_place_lies_between_two_clouds():
    far = weakest_place(link(two_clouds(400, 100)).indices, 0.25)
    assert far.crossing == 0
    assert far.beyond.sum() == 200
    near = weakest_place(link(two_clouds(400, 5)).indices, 0.25)
    assert 0 < near.crossing < 0.05
    whole = weakest_place(link(cloud(400, 3)).indices, 0.25)
    assert whole.crossing > 0.05
    assert 100 <= whole.beyond.sum() <= 300


def test_a_few_rows_that_hang_on_nothing_are_no_part():
    points = cloud(400, 3)
    points[:20] += 1_000
    found = weakest_place(link(points).indices, 0.25)
    assert found.crossing > 0.05
    assert not found.beyond[:20].any()


@pytest.mark.parametrize("d", [1, 2, 5])
def test_the_intrinsic_dimension_is_that_of_the_cloud(d):
    points = cloud(2_000, d) @ cloud(d, 20, seed=1)
    assert intrinsic_dimension(link(points).distances) == pytest.approx(d, rel=0.15)


def test_equal_rows_have_no_dimension_but_an_answer():
    assert intrinsic_dimension(np.zeros((5, 3))) == 1

"""How far groups hold together on another map, against a slow twin."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tsne_widget.honesty.luck import Held, together_in_steps
from tsne_widget.measures.neighborhoods import map_neighbors_in_steps
from tsne_widget.tsne.steps import result_of


def together(points, groups):
    neighbors = result_of(map_neighbors_in_steps(points.astype(np.float32), min(15, len(points) - 1)))
    return result_of(together_in_steps(neighbors, [np.asarray(group) for group in groups]))


def obvious(points, group):
    """The formula, row by row."""
    placed = [i for i in range(len(points)) if not np.isnan(points[i, 0])]
    rows = [i for i in group if i in placed]
    k = min(15, len(rows) - 1)
    shares = []
    for i in rows:
        others = sorted((j for j in placed if j != i), key=lambda j: np.hypot(*(points[i] - points[j])))
        shares.append(sum(j in rows for j in others[:k]) / k)
    s = (len(rows) - 1) / (len(placed) - 1)
    return (np.mean(shares) - s) / (1 - s)


def test_it_is_the_share_of_map_neighbours_in_the_group_beyond_chance():
    random = np.random.default_rng(0)
    points = random.normal(size=(80, 2)).astype(np.float32)
    points[random.choice(80, 16, replace=False)] = np.nan
    groups = [np.arange(30), np.arange(20, 60), np.arange(40, 50), random.choice(80, 50, replace=False)]
    found = together(points, groups)
    assert [one.value for one in found] == pytest.approx([obvious(points, group) for group in groups])
    assert [one.rows for one in found] == [int((~np.isnan(points[group, 0])).sum()) for group in groups]


@pytest.mark.parametrize("size", [5, 10, 16, 40])
def test_a_clump_is_together_and_scattered_rows_are_not(size):
    points = np.random.default_rng(1).normal(size=(400, 2))
    points[:size] += 50
    scattered = np.arange(100, 100 + size)
    clump, other = together(points, [np.arange(size), scattered])
    assert clump.value == 1
    assert abs(other.value) < 0.15


def test_few_rows_and_all_rows_say_nothing():
    points = np.random.default_rng(2).normal(size=(40, 2))
    points[:3] = np.nan
    few, left_out, most, every = together(points, [range(10, 14), range(7), range(3, 39), range(40)])
    assert [math.isnan(one.value) for one in (few, left_out, most, every)] == [True, True, False, True]
    assert (few.rows, left_out.rows, every.rows) == (4, 4, 37)


@pytest.mark.parametrize(
    ("here", "values", "verdict"),
    [
        (1.0, [0.9, 0.8], "stays together"),
        (0.9, [0.5, 0.55], "stays together in part"),
        (0.9, [0.2, 0.4], "comes apart"),
        (0.3, [0.28, 0.3], "is mixed with others, as here"),
        (-0.05, [-0.06], "is mixed with others, as here"),
        (math.nan, [0.2, 0.4], "comes apart"),
        (0.9, [math.nan, 0.8], "stays together"),
        (0.9, [math.nan], ""),
        (0.9, [], ""),
    ],
)
def test_a_verdict_is_by_the_mean_and_by_what_the_map_shows_itself(here, values, verdict):
    held = Held("a", "label", 50, False, here, values)
    assert held.verdict == verdict
    if verdict:
        assert f"In 4 maps this group {verdict} (" in held.in_words("4 maps")
        assert "scattered would be 0" in held.in_words("4 maps")


def test_what_has_no_number_says_why():
    nothing = math.nan, [math.nan]
    assert "too few" in Held("a", "label", 4, False, *nothing).in_words("1 map")
    assert "all rows" in Held("a", "label", 60, True, *nothing).in_words("1 map")
    assert Held("a", "label", 60, False, math.nan, []).in_words("0 maps") == ""

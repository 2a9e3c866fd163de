"""How far a map has torn rows from their nearest rows."""

from __future__ import annotations

import numpy as np
import pytest

from tests.measures.test_measures import data, layout, searched
from tests.measures.test_neighborhoods import obvious_neighbors
from tsne_widget.measures.measure import Context, Map, measure_in_steps
from tsne_widget.measures.reach import reach_in_steps
from tsne_widget.measures.registry import measure_named
from tsne_widget.tsne.steps import result_of


def reach(indices, points) -> np.ndarray:
    return result_of(reach_in_steps(np.asarray(indices), np.asarray(points, np.float32)))


def nearest(points, k=15) -> np.ndarray:
    return np.array(obvious_neighbors(points, k))


def test_reach_is_the_distance_of_the_nearest_rows_over_that_of_the_nearest_on_the_map():
    points = layout(2)
    found = reach(searched().indices, points)
    apart = np.linalg.norm(points[:, None].astype(float) - points, axis=2)
    there = np.take_along_axis(apart, searched().indices[:, :15].astype(int), axis=1).mean(axis=1)
    here = np.sort(apart, axis=1)[:, 1:16].mean(axis=1)
    np.testing.assert_allclose(found, there / here, rtol=1e-5)
    assert (found >= 1).all()


def test_a_map_that_keeps_all_neighbours_is_whole_however_large_it_is():
    points = layout(3)
    np.testing.assert_allclose(reach(nearest(points), 1000 * points), 1, rtol=1e-6)


def test_rows_at_a_cut_reach_across_the_map_and_the_others_do_not():
    angles = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    circle = np.column_stack([np.cos(angles), np.sin(angles)])
    unrolled = np.column_stack([angles, np.zeros(200)])
    found = reach(nearest(circle), unrolled)
    assert (found[[0, 1, 198, 199]] > 10).all()
    np.testing.assert_allclose(found[10:190], 1, rtol=1e-4)


def test_coinciding_points_are_whole_together_and_infinitely_far_from_others():
    points = np.zeros((40, 2))
    points[20:] = 1
    places = np.arange(40) // 20
    together = np.array(
        [np.flatnonzero((places == places[i]) & (np.arange(40) != i))[:15] for i in range(40)]
    )
    assert (reach(together, points) == 1).all()
    assert np.isinf(reach(39 - together, points)).all()


def test_rows_without_a_place_do_not_count():
    points = layout(4)
    indices = nearest(points)
    gone = points.copy()
    gone[:5] = np.nan
    found = reach(indices, gone)
    assert np.isnan(found[:5]).all()
    assert np.isfinite(found[5:]).all()
    only = np.full((len(points), 2), np.nan)
    only[7:9] = points[7:9]
    lonely = reach(np.tile(np.arange(15), (len(points), 1)), only)
    assert np.isnan(np.delete(lonely, [7, 8])).all()


def test_as_many_neighbours_count_as_are_known():
    one = Map(0, "", layout(0), data(k=4))
    found = result_of(measure_in_steps(measure_named("reach"), Context(len(one.points), one.data, (one,))))
    np.testing.assert_allclose(found.values[0], reach(searched(k=4).indices, layout(0)))
    assert "a row's 4 nearest rows by euclidean distance" in found.sentence
    assert "1 is whole" in found.sentence
    assert (found.span.low, found.span.high) == (1, 10)


@pytest.mark.parametrize("infinite", [0, 5])
def test_a_range_of_values_leaves_out_infinite_ones(infinite):
    values = np.array([1, 2, 4.0] + infinite * [np.inf])
    assert measure_named("reach").span(values, Context(3, data())).most == 4

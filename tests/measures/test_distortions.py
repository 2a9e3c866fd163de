"""Missing and false neighbours, alone and together."""

from __future__ import annotations

import numpy as np
import pytest

from tests.measures.test_measures import N, data, layout, searched
from tests.measures.test_neighborhoods import obvious_neighbors
from tsne_widget.errors import InvalidValueError
from tsne_widget.measures.measure import Context, Data, Map, Measured, measure_in_steps
from tsne_widget.measures.registry import measure_named
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.steps import result_of


def measured(name: str, points: np.ndarray, k: int = 40) -> Measured:
    one = Map(0, "", points, data(k=k))
    return result_of(measure_in_steps(measure_named(name), Context(len(points), one.data, (one,))))


def obvious_missing(near: np.ndarray, far: np.ndarray) -> list[float]:
    return [len(set(ours) - set(theirs)) / len(ours) for ours, theirs in zip(near, far, strict=True)]


def test_missing_are_the_nearest_rows_that_the_map_shows_nowhere_near():
    found = measured("missing", layout(1))
    expected = obvious_missing(searched().indices[:, :10].tolist(), obvious_neighbors(layout(1), 30))
    np.testing.assert_allclose(found.values[0], expected)
    assert "10 nearest rows by euclidean distance" in found.sentence
    assert "30 nearest on the map (by chance 0.62)" in found.sentence


def test_false_are_the_nearest_on_the_map_that_are_nowhere_near_in_the_data():
    found = measured("false", layout(1))
    expected = obvious_missing(obvious_neighbors(layout(1), 10), searched().indices[:, :30].tolist())
    np.testing.assert_allclose(found.values[0], expected)


def test_distortions_are_both():
    both = measured("distortions", layout(1)).values[0]
    np.testing.assert_array_equal(both[:, 0], measured("missing", layout(1)).values[0])
    np.testing.assert_array_equal(both[:, 1], measured("false", layout(1)).values[0])


def test_a_map_that_is_the_data_distorts_nothing():
    points = layout(5)
    indices = np.array(obvious_neighbors(points, 40), np.uint32)
    same = Data("euclidean", lambda: Neighbors(indices, indices.astype(np.float32)), lambda: None)
    one = Map(0, "", points, same)
    found = result_of(measure_in_steps(measure_named("distortions"), Context(N, same, (one,))))
    assert (found.values[0] == 0).all()


@pytest.mark.parametrize("name", ["missing", "false"])
def test_a_map_at_random_distorts_as_much_as_chance_does(name):
    many = np.mean([measured(name, layout(seed)).values[0] for seed in range(10)])
    assert many == pytest.approx(1 - 30 / (N - 1), abs=0.03)


def test_a_row_without_a_place_has_neither_and_is_missing_for_others():
    points = layout(1)
    points[3] = np.nan
    both = measured("distortions", points).values[0]
    assert np.isnan(both[3]).all()
    assert np.isfinite(np.delete(both, 3, axis=0)).all()
    of_it = np.flatnonzero((searched().indices[:, :10] == 3).any(axis=1))
    assert (both[of_it, 0] >= 0.1).all()


def test_with_too_few_known_neighbours_it_is_not_known_which_are_false():
    for name in ("false", "distortions"):
        with pytest.raises(InvalidValueError, match=rf"'{name}' needs the 30 nearest .* 12 are known: .*10$"):
            measured(name, layout(0), k=12)
    assert np.isfinite(measured("missing", layout(0), k=12).values[0]).all()


def test_where_all_rows_are_near_nothing_is_missing_or_false():
    points = np.full((N, 2), np.nan, np.float32)
    points[:31] = layout(0)[:31]
    for name in ("missing", "false", "distortions"):
        with pytest.raises(InvalidValueError, match=rf"'{name}' needs more than 31 rows .* there are 31"):
            measured(name, points)


def test_copies_of_a_row_are_neighbours_like_others():
    points = np.repeat(layout(0)[: N // 4], 4, axis=0)
    both = measured("distortions", points).values[0]
    assert ((both >= 0) & (both <= 1)).all()

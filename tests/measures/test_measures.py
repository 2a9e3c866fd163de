"""What holds for every measure of the registry, and what each of them measures."""

from __future__ import annotations

import re
import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from tests.measures.test_neighborhoods import obvious_neighbors, obvious_share
from tests.measures.toy import Remoteness
from tsne_widget.errors import InvalidValueError, NotComputedError, StabilityWarning
from tsne_widget.measures import registry
from tsne_widget.measures.given_distances import GivenDistances
from tsne_widget.measures.measure import Context, Data, Map, Measured, measure_in_steps, span_of
from tsne_widget.measures.original_space import OriginalSpace
from tsne_widget.measures.registry import descriptions, measure_named, measures
from tsne_widget.parameters.axes import AXES
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.steps import result_of

N = 80
X = np.random.default_rng(3).normal(size=(N, 4))
NUMBERS = Path(__file__).parents[2] / "docs" / "numbers.md"


def searched(metric: str = "euclidean", k: int = 40) -> Neighbors:
    distances = pairwise_distances(X, metric=metric)
    np.fill_diagonal(distances, np.inf)
    indices = np.argsort(distances, axis=1, kind="stable")[:, :k]
    return Neighbors(
        indices.astype(np.uint32), np.take_along_axis(distances, indices, axis=1).astype(np.float32)
    )


def data(metric: str = "euclidean", k: int = 40) -> Data:
    return Data(metric, lambda: searched(metric, k), lambda: OriginalSpace(X, metric))


def layout(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(N, 2)).astype(np.float32)


def context(needs: str, runs: tuple[int, ...] = (0, 1, 2), **others) -> Context:
    maps = (
        tuple(Map(run, f"map {run}", layout(run), data()) for run in runs) if needs in ("map", "maps") else ()
    )
    return Context(N, data(), maps, 7 if needs == "row" else None, **others)


def measured(name: str, *runs: int, **others) -> Measured:
    measure = measure_named(name)
    return result_of(measure_in_steps(measure, context(measure.needs, runs or (0, 1, 2), **others)))


@pytest.fixture(params=[*measures(), "remoteness"])
def name(request, monkeypatch):
    monkeypatch.setattr(registry, "MEASURES", (*registry.MEASURES, Remoteness()))
    return request.param


# --- what holds for every measure ----------------------------------------------------------------------


def test_every_measure_says_what_it_is_and_has_a_value_for_each_row(name):
    measure, found = measure_named(name), measured(name)
    assert len(found.values) == (3 if measure.needs == "map" else 1)
    for values in found.values:
        assert values.shape == ((N, 2) if measure.parts else (N,))
        assert np.isfinite(values).all()
    span = found.span
    assert span.low < span.high
    assert span.low > 0 or measure.transform == "linear"
    assert span.least == min(
        np.delete(values, 7 if measure.needs == "row" else []).min() for values in found.values
    )
    assert span.most == max(values.max() for values in found.values)
    assert measure.label
    assert measure.description
    assert found.sentence
    assert found.runs == ((0, 1, 2) if measure.needs in ("map", "maps") else ())
    assert found.row == (7 if measure.needs == "row" else None)


def test_no_two_measures_have_one_name_or_one_label():
    assert len(measures()) == len(registry.MEASURES)
    assert len({measure.label for measure in registry.MEASURES}) == len(registry.MEASURES)


def test_names_are_not_those_of_other_ways_to_color():
    assert not {"labels", "groups"} & set(measures())


def test_measures_are_printed_a_sentence_each():
    told = repr(descriptions())
    assert told.splitlines() == [f"{name}: {measure.description}" for name, measure in measures().items()]


@pytest.mark.parametrize("wrong", ["keptt", "", 3, None, ["kept"]])
def test_a_measure_that_there_is_not_names_those_that_there_are(wrong):
    with pytest.raises(InvalidValueError, match=r"name=.*stability, kept, .*density, distance"):
        measure_named(wrong)


def test_the_page_of_numbers_has_a_paragraph_of_every_measure():
    told = re.findall(r"^\*\*([^*]+)\*\*", NUMBERS.read_text("utf-8"), re.MULTILINE)
    words = {word.strip() for head in told for word in head.split(",")}
    assert set(measures()) <= words


def test_a_measure_that_was_dropped_between_its_steps_can_be_asked_for_again(name):
    expected = measured(name)
    measure = measure_named(name)
    same = context(measure.needs)
    steps = measure_in_steps(measure, same)
    next(steps)
    steps.close()
    again = result_of(measure_in_steps(measure, same))
    np.testing.assert_array_equal(again.values, expected.values)


# --- each of them ---------------------------------------------------------------------------------------


def test_stability_is_what_all_maps_have_in_common():
    found = measured("stability")
    expected = obvious_share([obvious_neighbors(layout(run), 15) for run in range(3)])
    np.testing.assert_allclose(found.values[0], expected)
    assert "15 nearest" in found.sentence
    assert "all 3 maps" in found.sentence
    assert "by chance 0.036" in found.sentence
    assert found.caution is None
    assert "on map 2 and map 0 " in measured("stability", 2, 0).sentence


def test_a_stability_of_maps_that_start_alike_is_cautioned_of():
    caution = measured("stability", lacking=AXES["random_state"].needs).caution
    assert "almost nothing" in caution.text
    assert (caution.warning, caution.axis, caution.value) == (StabilityWarning, "init", "random")


def test_kept_is_the_share_of_each_rows_neighbours_on_each_map():
    found = measured("kept")
    near = searched().indices[:, :10]
    for run, values in enumerate(found.values):
        np.testing.assert_allclose(values, obvious_share([near, obvious_neighbors(layout(run), 10)]))
    assert "10 nearest rows by euclidean distance" in found.sentence
    assert "by chance 0.13" in found.sentence


def test_kept_is_of_each_map_in_its_own_metric():
    maps = tuple(
        Map(run, "", layout(run), data(metric)) for run, metric in enumerate(["euclidean", "cosine"])
    )
    found = result_of(measure_in_steps(measure_named("kept"), Context(N, data(), maps)))
    expected = obvious_share([searched("cosine").indices[:, :10], obvious_neighbors(layout(1), 10)])
    np.testing.assert_allclose(found.values[1], expected)
    assert "by euclidean and cosine distance" in found.sentence


def test_of_fewer_neighbours_that_are_known_all_count():
    few = Map(0, "", layout(0), data(k=4))
    found = result_of(measure_in_steps(measure_named("kept"), Context(N, few.data, (few,))))
    expected = obvious_share([searched(k=4).indices, obvious_neighbors(layout(0), 4)])
    np.testing.assert_allclose(found.values[0], expected)
    dense = result_of(measure_in_steps(measure_named("density"), Context(N, few.data)))
    np.testing.assert_allclose(dense.values[0], searched(k=4).distances.mean(axis=1), rtol=1e-6)
    assert "4 nearest" in found.sentence
    assert "4 nearest" in dense.sentence


def test_density_is_the_mean_distance_to_the_ten_nearest():
    found = measured("density")
    np.testing.assert_allclose(
        found.values[0], np.sort(pairwise_distances(X))[:, 1:11].mean(axis=1), rtol=1e-6
    )
    assert "mean euclidean distance to the 10 nearest" in found.sentence
    low, high = np.percentile(found.values[0], [2, 98])
    assert (found.span.low, found.span.high) == (low, high)


def test_before_the_neighbours_are_searched_there_is_neither_density_nor_kept():
    def unsearched() -> Neighbors:
        raise NotComputedError("the neighbours have not been searched yet")

    unknown = Data("euclidean", unsearched, lambda: OriginalSpace(X))
    for name in ("density", "kept"):
        with pytest.raises(NotComputedError, match="searched"):
            result_of(
                measure_in_steps(measure_named(name), Context(N, unknown, (Map(0, "", layout(0), unknown),)))
            )


def test_distances_are_those_of_one_row_and_colors_begin_at_the_nearest_other():
    found = measured("distance")
    expected = pairwise_distances(X)[7]
    np.testing.assert_allclose(found.values[0], expected, atol=1e-6)
    assert found.span.low == found.span.least == pytest.approx(np.delete(expected, 7).min())
    assert found.sentence == "euclidean distance in the original space to row 7"


def test_distances_by_a_slow_function_are_computed_in_many_steps():
    def slow(one, other):
        time.sleep(0.0005)
        return abs(one - other).sum()

    steps = OriginalSpace(np.repeat(X, 3, axis=0), slow).distances_in_steps(7)
    taken = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            found = end.value
            break
        taken += 1
    assert taken >= 3
    np.testing.assert_allclose(found, abs(np.repeat(X, 3, axis=0) - X[2]).sum(axis=1), rtol=1e-6)


def test_given_distances_are_looked_up():
    given = pairwise_distances(X)
    space = Data("given", searched, lambda: GivenDistances(given))
    found = result_of(measure_in_steps(measure_named("distance"), Context(N, space, row=3)))
    np.testing.assert_allclose(found.values[0], given[3], rtol=1e-6)


def test_values_that_are_no_numbers_have_no_span():
    assert span_of(np.array([np.nan, 1.0, 2.0])).least == 1
    with pytest.raises(InvalidValueError, match="no value is finite"):
        span_of(np.full(3, np.inf))

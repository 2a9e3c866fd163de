"""How isolated rows are in the data, and how isolated rows of noise would be."""

from __future__ import annotations

import re

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import pairwise_distances

from tsne_widget.measures.given_distances import GivenDistances
from tsne_widget.measures.isolation import isolation_in_steps, why_no_null
from tsne_widget.measures.measure import Context, Data, Measured, measure_in_steps
from tsne_widget.measures.original_space import OriginalSpace
from tsne_widget.measures.registry import measure_named
from tsne_widget.parameters.constants import NULL_NUMBERS_MAX
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.steps import result_of

POOL = Pool(1)


def neighbors_in(X: np.ndarray, metric: str = "euclidean", k: int = 15) -> Neighbors:
    return result_of(find_neighbors(X, k, metric=metric, pool=POOL))


def measured(X, metric: str = "euclidean", space: OriginalSpace | None = None) -> Measured:
    space = space or OriginalSpace(X, metric)
    known = neighbors_in(X, metric)
    return result_of(
        measure_in_steps(
            measure_named("isolation"), Context(X.shape[0], Data(metric, lambda: known, lambda: space))
        )
    )


def threshold_of(found: Measured) -> float:
    return float(re.search(r"noise of this shape reaches ([\d.]+),", found.sentence)[1])


def cloud(seed: int = 0, n: int = 300, d: int = 10) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, d))


def test_isolation_is_the_mean_distance_over_the_usual_one_among_the_neighbours():
    X = cloud()
    distances = pairwise_distances(X)
    order = np.argsort(distances, axis=1)[:, 1:16]
    radius = np.take_along_axis(distances, order, axis=1).mean(axis=1)
    expected = [radius[i] / np.median(radius[order[i]]) for i in range(len(X))]
    np.testing.assert_allclose(measured(X).values[0], expected, rtol=1e-5)


def test_rows_far_out_exceed_what_noise_of_the_same_shape_reaches_and_no_others_do():
    X = cloud()
    X[:6] *= 3
    found = measured(X)
    isolation, threshold = found.values[0], threshold_of(found)
    assert (isolation[:6] > threshold).all()
    assert (isolation[6:] <= threshold).all()
    assert "and 6 rows are beyond" in found.sentence
    assert found.span.high == pytest.approx(threshold, rel=0.01)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan", "correlation"])
def test_a_cloud_hardly_exceeds_its_own_noise(metric):
    beyond = []
    for seed in range(5):
        found = measured(cloud(seed), metric)
        beyond.append(int(re.search(r"and (\d+) rows? (?:is|are) beyond", found.sentence)[1]))
        assert f"by {metric} distance" in found.sentence
    assert np.mean(beyond) <= 1.2  # of 300


def test_the_threshold_is_computed_once_and_is_always_the_same():
    X = cloud()
    space = OriginalSpace(X)
    first = measured(X, space=space)
    assert measured(X, space=space).sentence == first.sentence == measured(X).sentence


def test_copies_are_as_usual_among_copies_and_infinitely_isolated_from_them():
    X = np.zeros((40, 3))
    X[39] = 1
    found = result_of(isolation_in_steps(neighbors_in(X)))
    assert (found[:39] == 1).all()
    assert np.isinf(found[39])
    same = measured(np.ones((40, 3)))
    assert (same.values[0] == 1).all()
    assert same.span.low < same.span.high


def test_where_there_is_no_noise_of_the_same_shape_the_sentence_says_why():
    X = cloud(n=40)
    given = pairwise_distances(X)
    known = neighbors_in(X)
    cases = [
        (GivenDistances(given), "X holds distances"),
        (OriginalSpace(csr_array(X)), "X is sparse"),
        (OriginalSpace(X, "chebyshev"), "this metric makes slow"),
        (OriginalSpace(X, lambda one, other: abs(one - other).max()), "this metric makes slow"),
    ]
    for space, why in cases:
        context = Context(40, Data("given", lambda: known, lambda space=space: space))
        found = result_of(measure_in_steps(measure_named("isolation"), context))
        assert f"unknown, because {why}" in found.sentence or why in found.sentence
        assert "beyond" not in found.sentence
        assert found.span.low < found.span.high


def test_very_large_data_have_no_threshold():
    large = np.broadcast_to(np.float32(0), (NULL_NUMBERS_MAX // 10 + 1, 10))
    assert "more than 10,000,000 numbers" in why_no_null(OriginalSpace(large))


def test_it_is_measured_in_steps_even_while_noise_is_searched():
    known = neighbors_in(cloud())
    space = OriginalSpace(cloud())
    steps = measure_in_steps(
        measure_named("isolation"), Context(300, Data("euclidean", lambda: known, lambda: space))
    )
    assert sum(1 for _ in steps) > 15

"""Samples hold the rows as points at their distances, in each metric that has such points."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import pairwise_distances

from tsne_widget.honesty.sample import NoAnswerError, Sampled

ROWS = np.arange(0, 60, 2)


def rows(d: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).exponential(size=(60, d))


def euclidean(places: np.ndarray) -> np.ndarray:
    return pairwise_distances(places)


@pytest.mark.parametrize("d", [5, 200])
def test_places_keep_euclidean_distances(d):
    X = rows(d) + 1000
    sample = Sampled(X, "euclidean", {}).take(ROWS)
    assert euclidean(sample.places) == pytest.approx(euclidean(X[ROWS]), abs=1e-6)
    assert sample.places.shape[1] <= len(ROWS)
    assert np.array_equal(sample.rows, ROWS)


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
@pytest.mark.parametrize("d", [5, 200])
def test_places_on_a_sphere_keep_the_order_of_distances(metric, d):
    X = rows(d)
    sample = Sampled(X, metric, {}).take(ROWS)
    assert np.linalg.norm(sample.places, axis=1) == pytest.approx(1)
    assert euclidean(sample.places) ** 2 / 2 == pytest.approx(
        pairwise_distances(X[ROWS], metric=metric), abs=1e-9
    )


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("d", [5, 200])
def test_sparse_rows_are_the_same_points(metric, d):
    X = rows(d) * (rows(d, seed=1) > 0.7)
    X[:, 0] = 1
    dense, sparse = Sampled(X, metric, {}).take(ROWS), Sampled(csr_array(X), metric, {}).take(ROWS)
    assert euclidean(sparse.places) == pytest.approx(euclidean(dense.places), abs=1e-6)


def test_other_metrics_have_links_and_no_places():
    X = rows(5)
    sample = Sampled(X, "manhattan", {}).take(ROWS)
    assert sample.places is None
    assert sample.draws() is None
    apart = pairwise_distances(X[ROWS], metric="manhattan") + np.diag(np.full(len(ROWS), np.inf))
    assert np.array_equal(sample.links().indices[:, 0], apart.argmin(axis=1))


def test_given_distances_have_links():
    distances = pairwise_distances(rows(5))
    given, own = (
        Sampled(distances, "precomputed", {}).take(ROWS),
        Sampled(rows(5), "euclidean", {}).take(ROWS),
    )
    assert np.array_equal(given.links().indices, own.links().indices)
    with pytest.raises(NoAnswerError, match="some neighbours only"):
        Sampled(csr_array(distances), "precomputed", {}).take(ROWS)


def test_a_function_of_the_user_is_not_called_millions_of_times():
    with pytest.raises(NoAnswerError, match="function"):
        Sampled(rows(5), lambda a, b: 0.0, {}).take(ROWS)


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_of_equal_rows_the_first_counts(metric):
    X = rows(5)
    X[10] = X[30] = X[4]
    assert {4, 10, 30} & set(Sampled(X, metric, {}).take(ROWS).rows.tolist()) == {4}


def test_a_row_of_zeros_has_no_direction():
    X = rows(5)
    X[4] = 0
    assert 4 not in Sampled(X, "cosine", {}).take(ROWS).rows


def test_structureless_directions_have_the_shape_of_the_rows():
    random = np.random.default_rng(0)
    X = np.column_stack([random.standard_normal((500, 6)) * [3, 2, 1, 1, 1, 1], np.full(500, 4.0)])
    sample = Sampled(X, "cosine", {}).take(np.arange(500))
    drawn = sample.draws().draw(random)
    assert np.linalg.norm(drawn, axis=1) == pytest.approx(1)
    assert np.abs(np.cov(drawn.T) - np.cov(sample.places.T)).max() < 0.02 * np.cov(sample.places.T).max()

"""The judge of the benchmark, against the slow formulas of the tests."""

import numpy as np
import pytest
import quality

from tests import reference


@pytest.fixture(scope="module")
def X():
    random = np.random.default_rng(0)
    return (random.normal(size=(300, 8)) + 4 * random.integers(0, 4, size=(300, 1))).astype(np.float32)


@pytest.mark.parametrize("scale", [1e-4, 1.0, 30.0])
def test_kl_is_that_of_the_formula(X, scale):
    Y = np.random.default_rng(1).normal(scale=scale, size=(300, 2))
    P = reference.joint(X, quality.PERPLEXITY, quality.K)
    assert quality.Evaluator(X).kl(Y) == pytest.approx(reference.kl(P, Y), rel=1e-9)


def test_a_sample_of_rows_estimates_the_normalisation(monkeypatch):
    Y = np.random.default_rng(2).normal(scale=20, size=(4000, 2))
    exact = quality.normalization(Y)
    monkeypatch.setattr(quality, "EXACT_Z", 1000)
    monkeypatch.setattr(quality, "ROWS_FOR_Z", 2000)
    assert quality.normalization(Y) == pytest.approx(exact, rel=0.02)


def test_recall_is_all_of_a_faithful_map_and_little_of_a_random_one():
    Y = np.random.default_rng(3).normal(size=(1000, 2)).astype(np.float32)
    evaluate = quality.Evaluator(Y)
    assert evaluate(Y).recall == 1
    assert evaluate(np.random.default_rng(4).normal(size=(1000, 2))).recall < 0.1


def test_recall_of_a_search(X):
    evaluate = quality.Evaluator(X)
    near = reference.nearest(reference.distances(X), quality.K)
    assert evaluate.search_recall(near) == 1
    assert evaluate.search_recall((near + 1) % 300) < 0.9


def test_a_row_that_equal_rows_push_out_of_its_own_neighbours(X):
    twins = np.repeat(X[:2], 100, axis=0)
    indices = quality.nearest(twins, quality.K)
    assert indices.shape == (200, quality.K)
    assert not (indices == np.arange(200)[:, None]).any()

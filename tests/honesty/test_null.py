"""Structureless data have exactly the mean and the covariance of the rows, and are Gaussian."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from tsne_widget.honesty.null import GaussianNull


@pytest.mark.parametrize(("n", "d"), [(300, 5), (40, 40), (30, 80), (3, 5)])
def test_mean_and_covariance_are_exact(n, d):
    random = np.random.default_rng(0)
    rows = random.exponential(size=(n, d)) @ random.standard_normal((d, d)) + 100
    drawn = GaussianNull(rows).draw(random)
    assert drawn.mean(0) == pytest.approx(rows.mean(0))
    assert np.abs(np.cov(drawn.T) - np.cov(rows.T)).max() < 1e-8 * np.abs(np.cov(rows.T)).max()
    assert not np.allclose(drawn, rows)


def test_the_draw_is_gaussian_whatever_the_rows_are():
    rows = np.random.default_rng(0).exponential(size=(2000, 3))
    drawn = GaussianNull(rows).draw(np.random.default_rng(1))
    for column in drawn.T:
        assert kstest(column, "norm", (column.mean(), column.std())).pvalue > 0.01


def test_draws_differ_and_repeat_with_their_seed():
    null = GaussianNull(np.random.default_rng(0).random((50, 4)))
    first, second = (null.draw(np.random.default_rng(seed)) for seed in (1, 2))
    assert not np.allclose(first, second)
    assert np.array_equal(first, null.draw(np.random.default_rng(1)))


def test_directions_without_variance_stay_without():
    rows = np.column_stack([np.random.default_rng(0).random((50, 2)), np.full(50, 7.0)])
    assert GaussianNull(rows).draw(np.random.default_rng(1))[:, 2] == pytest.approx(7)
    same = np.ones((20, 3))
    assert np.array_equal(GaussianNull(same).draw(np.random.default_rng(1)), same)

"""Contrast compares the distances to another group with those within one."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from tsne_widget.honesty.contrast import contrast


def test_contrast_is_that_of_all_pairs():
    random = np.random.default_rng(0)
    first, second = random.standard_normal((30, 4)), 2 * random.standard_normal((20, 4)) + 1
    between = (pairwise_distances(first, second) ** 2).mean()
    within = (pairwise_distances(first) ** 2).sum() / (30 * 29)
    assert contrast(first, second) == pytest.approx(np.sqrt(between / within))


def test_equal_rows_have_no_contrast():
    assert np.isnan(contrast(np.ones((5, 2)), np.zeros((5, 2))))

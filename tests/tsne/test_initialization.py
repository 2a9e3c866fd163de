import math

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from tsne_widget.tsne import initialization
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.steps import result_of


def test_pca_is_scikit_learns_up_to_the_jitter(digits):
    Y = initial_layout(digits, "pca", 0)
    expected = PCA(2, svd_solver="full").fit_transform(digits)
    expected *= 1e-4 / expected[:, 0].std()
    assert Y.dtype == np.float32
    assert Y[:, 0].std() == pytest.approx(1e-4, rel=1e-2)
    for column in range(2):
        correlation = np.corrcoef(Y[:, column], expected[:, column])[0, 1]
        assert abs(correlation) > 0.999
    assert np.abs(np.abs(Y[:, 0]) - np.abs(expected[:, 0])).max() < 6e-6


def test_the_seed_decides_and_nothing_else(digits):
    for init in ("pca", "random"):
        np.testing.assert_array_equal(initial_layout(digits, init, 3), initial_layout(digits, init, 3))
        assert (initial_layout(digits, init, 3) != initial_layout(digits, init, 4)).any()


def test_an_offset_does_not_matter(digits):
    np.testing.assert_allclose(
        initial_layout(digits, "pca", 0), initial_layout(digits + 1e6, "pca", 0), atol=1e-8
    )


@pytest.mark.parametrize(
    "X",
    [
        np.arange(5.0)[:, None],
        np.ones((6, 3)),
        np.full((60, 3), 0.1),
        np.eye(4),
        np.eye(3)[:, :2],
        np.column_stack([np.arange(9.0), np.ones(9)]),
        np.full((5, 2), 1e300),
        np.concatenate([np.random.default_rng(0).normal(size=(50, 4)), [[1e200] * 4]]),
        np.random.default_rng(0).integers(0, 255, (20, 3000)).astype(np.uint8),
    ],
    ids=[
        "one column",
        "equal",
        "equal and not exact",
        "four rows",
        "three rows",
        "constant column",
        "huge",
        "outlier",
        "uint8",
    ],
)
def test_any_data_gives_a_finite_layout_in_which_points_differ(X):
    Y = initial_layout(X, "pca", 0)
    assert np.isfinite(Y).all()
    assert len(np.unique(Y, axis=0)) == len(X)
    assert np.abs(Y).max() < 1e-2


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_the_components_are_found_in_short_steps(form, monkeypatch, digits):
    X = form(digits)
    whole = initial_layout(X, "pca", 3)
    monkeypatch.setattr(initialization, "_NUMBERS", 10_000)
    progress, components = [], None
    steps = initialization.principal_components(X)
    while components is None:
        try:
            progress.append(next(steps))
        except StopIteration as end:
            components = end.value
    assert len(progress) > 50
    assert progress == sorted(progress)
    assert 0 <= progress[0] <= progress[-1] <= 1
    in_blocks = initial_layout(X, components, 3)
    np.testing.assert_allclose(in_blocks, whole, atol=1e-9, rtol=1e-4)
    np.testing.assert_array_equal(in_blocks, initial_layout(X, "pca", 3))


@pytest.mark.parametrize("form", [np.asarray, csr_array])
@pytest.mark.parametrize(
    ("X", "tolerance"),
    [
        (load_digits().data, 1e-5),
        (1e6 + load_digits().data[:, 20:21], 1e-5),
        (np.random.default_rng(0).normal(size=(500, 40)), 1e-2),  # no direction stands out
    ],
    ids=["digits", "one column", "noise"],
)
def test_exact_components_are_those_of_scikit_learn_with_their_share_of_the_variance(form, X, tolerance):
    found = result_of(initialization.principal_components(form(X), exact=True))
    theirs = PCA(min(2, X.shape[1]), svd_solver="full").fit(X)
    scores = theirs.transform(X)
    np.testing.assert_allclose(
        (found.places * found.scale)[:, : scores.shape[1]], scores, atol=tolerance * scores[:, 0].std()
    )
    assert found.explained == pytest.approx(theirs.explained_variance_ratio_.sum(), rel=1e-3)


def test_of_equal_rows_no_share_of_the_variance_is_known():
    found = result_of(initialization.principal_components(np.ones((4, 3)), exact=True))
    assert math.isnan(found.explained)
    assert not (found.places * found.scale).any()


def test_random_has_the_standard_deviation_that_it_says(digits):
    assert initial_layout(digits, "random", 0).std() == pytest.approx(1e-4, rel=0.05)


def test_an_array_is_used_as_it_is_but_not_itself():
    given = np.random.default_rng(0).normal(size=(7, 2)).astype(np.float32)
    Y = initial_layout(np.ones((7, 3)), given, 0)
    np.testing.assert_array_equal(Y, given)
    assert not np.shares_memory(Y, given)


@pytest.mark.parametrize(
    "init", ["spectral", np.ones((6, 2)), np.ones((7, 3)), np.full((7, 2), np.nan)], ids=str
)
def test_what_is_no_initialization_is_an_error(init):
    with pytest.raises(ValueError, match="init must"):
        initial_layout(np.ones((7, 3)), init, 0)

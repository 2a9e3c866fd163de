"""Attraction, repulsion and KL against the reference, and the gradient against finite differences of KL."""

import numpy as np
import pytest

from tests import reference
from tests.tsne.test_affinities import affinities_of
from tsne_widget.tsne.attraction import attraction, kl_divergence, stress
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.repulsion import repulsion_method


@pytest.fixture(params=[1e-4, 1.0, 30.0], ids="spread {}".format)
def layout(request):
    return np.random.default_rng(1).normal(scale=request.param, size=(120, 2)).astype(np.float32)


def assert_forces(actual, expected, tolerance=1e-5):
    assert np.abs(actual - expected).max() <= tolerance * np.abs(expected).max()


def test_attraction(layout, pool, blobs):
    P = affinities_of(blobs, 9, pool)
    force = np.empty_like(layout)
    attraction(P, layout, force, pool)
    assert_forces(force, reference.forces(reference.dense(P), layout)[0])


def test_kl(layout, pool, blobs):
    P = affinities_of(blobs, 9, pool)
    Z = repulsion_method("exact", 120, pool)(layout, np.empty_like(layout))
    assert kl_divergence(P, stress(P, layout, pool), Z) == pytest.approx(
        reference.kl(reference.dense(P), layout), abs=1e-5
    )


def test_the_gradient_is_the_derivative_of_kl(pool, blobs):
    P = affinities_of(blobs, 9, pool)
    D = reference.dense(P)
    D /= D.sum()
    Y = np.random.default_rng(1).normal(scale=3, size=(120, 2))
    expected = np.empty_like(Y)
    for point in np.ndindex(*Y.shape):
        ahead, behind = Y.copy(), Y.copy()
        ahead[point] += 1e-5
        behind[point] -= 1e-5
        expected[point] = (reference.kl(D, ahead) - reference.kl(D, behind)) / 2e-5
    assert_forces(reference.gradient(D, Y), expected, 1e-6)

    layout = Y.astype(np.float32)
    attracted, repelled = np.empty_like(layout), np.empty_like(layout)
    attraction(P, layout, attracted, pool)
    Z = repulsion_method("exact", 120, pool)(layout, repelled)
    assert_forces(4 * (attracted - repelled / Z), expected, 1e-5)


def test_the_number_of_threads_does_not_change_a_bit(digits):
    layout = np.random.default_rng(0).normal(scale=20, size=(1797, 2)).astype(np.float32)
    results = []
    for pool in (Pool(1), Pool(2), Pool(3)):
        P = affinities_of(digits, 10, pool)
        attracted, repelled = np.empty_like(layout), np.empty_like(layout)
        attraction(P, layout, attracted, pool)
        Z = repulsion_method("exact", 1797, pool)(layout, repelled)
        results.append(
            (attracted.tobytes(), repelled.tobytes(), Z, kl_divergence(P, stress(P, layout, pool), Z))
        )
    assert results[0] == results[1] == results[2]

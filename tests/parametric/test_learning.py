"""Maps that are functions of a row: the formulas, their gradients, and how they learn."""

from __future__ import annotations

import numpy as np
import pytest

from tests import reference
from tsne_widget import DataError
from tsne_widget.errors import DivergedError
from tsne_widget.parametric.landmarks import MOST_AUTO, Landmarks, find_landmarks, landmarks_for, weights_of
from tsne_widget.parametric.model import MapFunction
from tsne_widget.parametric.network import Network
from tsne_widget.parametric.optimizer import LEARNING, OfRows, ParametricOptimizer
from tsne_widget.parametric.scaling import Scaling
from tsne_widget.tsne.affinities import joint_probabilities
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.schedule import Schedule
from tsne_widget.tsne.steps import result_of

SHORT = Schedule(12.0, 20, 1.0, "auto", 60)


@pytest.fixture(scope="module")
def pool():
    with_threads = Pool(2)
    yield with_threads
    with_threads.close()


@pytest.fixture
def blobs():
    """120 rows in three clouds."""
    random = np.random.default_rng(7)
    return random.normal(size=(120, 6)) + 6 * np.repeat(np.eye(6)[:3], 40, axis=0)


@pytest.fixture
def rows(blobs):
    return Scaling.of(blobs)(blobs)


@pytest.fixture
def P(blobs, pool):
    neighbors = result_of(find_neighbors(blobs, 27, pool=pool))
    return result_of(joint_probabilities(neighbors, 9.0, pool=pool))


def landmarks_of(rows, pool, count=30):
    return result_of(Landmarks.among(rows, result_of(find_landmarks(rows, count, 0)), pool))


def trained(optimizer):
    while optimizer.ended is None:
        optimizer.step()
    return optimizer


# --- landmarks ----------------------------------------------------------------------------------------


def test_a_row_lies_at_the_weighted_mean_of_its_nearest_landmarks(rows, pool):
    model = landmarks_of(rows, pool)
    places = np.random.default_rng(0).normal(size=model.places.shape).astype(np.float32)
    model.places = places
    np.testing.assert_allclose(
        model.forward(), reference.landmark_map(rows, model.points, places), rtol=1e-4, atol=1e-4
    )


@pytest.mark.parametrize("count", [1, 2, 3, 16, 119, 120])
def test_any_number_of_landmarks_makes_a_map(rows, pool, count):
    model = landmarks_of(rows, pool, count)
    assert len(model.points) <= count
    weights = result_of(weights_of(rows, model.points, pool))
    np.testing.assert_allclose(weights.sum(axis=1), 1, rtol=1e-5)
    if count > 1:
        model.places = np.random.default_rng(0).normal(size=model.places.shape).astype(np.float32)
        assert np.ptp(model.forward(), axis=0).min() > 0.1
    if count == 120:
        assert {tuple(row) for row in model.points} == {tuple(row) for row in rows}


def test_auto_means_half_the_rows_up_to_a_limit():
    assert [landmarks_for(n) for n in (3, 4, 1437, 10**6)] == [2, 2, 719, MOST_AUTO]


def test_rows_that_repeat_share_landmarks_and_places(pool):
    rows = np.repeat(np.random.default_rng(0).normal(size=(5, 3)), 8, axis=0).astype(np.float32)
    model = landmarks_of(rows, pool, 20)
    assert len(np.unique(model.points, axis=0)) == len(model.points) <= 20
    model.follow(np.random.default_rng(1).normal(size=(40, 2)).astype(np.float32))
    placed = model.forward()
    assert np.isfinite(placed).all()
    assert (placed.reshape(5, 8, 2) == placed[::8, None]).all()


def test_every_landmark_has_rows_that_put_it_somewhere(rows, pool):
    points = np.concatenate([landmarks_of(rows, pool).points, np.full((3, 6), 50, np.float32)])
    model = result_of(Landmarks.among(rows, points, pool))
    assert np.abs(model.points).max() < 50


def test_landmarks_that_follow_lie_at_the_mean_of_their_rows(rows, pool):
    model = landmarks_of(rows, pool)
    Y = np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32)
    model.follow(Y)
    weights = result_of(weights_of(rows, model.points, pool)).toarray()
    np.testing.assert_allclose(
        model.places, weights.T @ Y / weights.sum(axis=0)[:, None], rtol=1e-4, atol=1e-5
    )


# --- gradients ----------------------------------------------------------------------------------------


def gradients_of(model, learn):
    """The gradients by all parameters that a model passes to Adam."""
    passed = []
    model.begin(10)
    model._adam.step = passed.extend
    learn()
    return passed


def test_the_gradient_by_places_is_that_of_the_divergence(rows, pool, P):
    model, dense = landmarks_of(rows, pool), reference.dense(P)
    model.places = np.random.default_rng(0).normal(size=model.places.shape).astype(np.float32)
    weights = result_of(weights_of(rows, model.points, pool)).toarray().astype(float)
    gradient = reference.gradient(dense, model.forward())
    (found,) = gradients_of(model, lambda: model.backward(gradient.astype(np.float32)))
    places = model.places.astype(float)
    for at in ((0, 0), (7, 1), (len(places) - 1, 0)):
        expected = reference.slope(lambda: reference.kl(dense, weights @ places), places, at)
        assert found[at] == pytest.approx(expected, rel=1e-2, abs=1e-5)


def test_the_gradient_by_layers_is_that_of_the_divergence(rows, P):
    dense = reference.dense(P)
    network = Network.drawn(6, (9, 7), noise=0.0, seed=3)
    network.layers[-2] *= 20
    Y = network.forward(rows)
    np.testing.assert_allclose(Y, reference.network(rows, network.layers), rtol=1e-4, atol=1e-4)
    gradient = reference.gradient(dense, Y).astype(np.float32)
    found = gradients_of(network, lambda: network.backward(gradient))
    layers = [layer.astype(float) for layer in network.layers]
    for layer, slopes in zip(layers, found, strict=True):
        assert layer.shape == slopes.shape
        at = tuple(np.unravel_index(np.abs(slopes).argmax(), layer.shape))
        loss = lambda: reference.kl(dense, reference.network(rows, layers))  # noqa: E731
        assert slopes[at] == pytest.approx(reference.slope(loss, layer, at), rel=1e-2, abs=1e-5)


# --- learning -----------------------------------------------------------------------------------------


def course(P, rows, pool, blobs, **how):
    start = initial_layout(blobs, "pca", 0)
    return ParametricOptimizer(P, landmarks_of(rows, pool), SHORT, start=start, pool=pool, **how)


def test_landmarks_follow_and_then_learn(P, rows, pool, blobs):
    optimizer = course(P, rows, pool, blobs)
    phases = []
    while optimizer.ended is None:
        if optimizer.phase == "learning" and "learning" not in phases:
            before = reference.kl(reference.dense(P), optimizer.layout)
        phases.append(optimizer.phase)
        optimizer.step()
        assert optimizer.layout.shape == (120, 2)
    assert phases.count("learning") == LEARNING
    assert optimizer.iteration == optimizer.limit == len(phases) == 60 + LEARNING
    assert (optimizer.ended, optimizer.phase) == ("limit", "learning")
    assert optimizer.kl_divergence < before
    assert optimizer.kl_divergence == pytest.approx(
        reference.kl(reference.dense(P), optimizer.layout), rel=1e-3
    )


def test_it_continues_with_another_p_and_after_its_end(P, rows, pool, blobs):
    optimizer = trained(course(P, rows, pool, blobs))
    before, done = optimizer.layout.copy(), optimizer.iteration
    optimizer.extend()  # points that have not settled move on
    assert optimizer.phase != "learning"
    trained(optimizer)
    assert optimizer.iteration > done + LEARNING
    assert not (optimizer.layout == before).all()
    neighbors = result_of(find_neighbors(blobs, 60, pool=pool))
    other = result_of(joint_probabilities(neighbors, 20.0, pool=pool))
    optimizer.continue_with(other, SHORT)
    assert optimizer.ended is None
    assert trained(optimizer).kl_divergence == pytest.approx(
        reference.kl(reference.dense(other), optimizer.layout), rel=1e-3
    )


def test_a_settled_map_learns_on(P, rows, pool, blobs):
    long = Schedule(12.0, 20, 1.0, "auto", 3000)
    start = initial_layout(blobs, "pca", 0)
    optimizer = trained(ParametricOptimizer(P, landmarks_of(rows, pool), long, start=start, pool=pool))
    assert optimizer.ended == "settled"
    done = optimizer.iteration
    optimizer.extend()
    assert optimizer.phase == "learning"
    assert trained(optimizer).iteration == done + LEARNING
    assert optimizer.ended == "settled"


def test_the_map_is_the_same_for_any_number_of_threads(P, rows, blobs):
    maps = []
    for threads in (1, 3):
        pool = Pool(threads)
        maps.append(trained(course(P, rows, pool, blobs)).layout)
        pool.close()
    np.testing.assert_array_equal(*maps)


def test_a_network_learns_the_three_clouds(P, rows, pool):
    network = Network.drawn(6, (32,), noise=0.2, seed=0)
    start = network.copy()
    optimizer = ParametricOptimizer(P, OfRows(network, rows), Schedule(12.0, 40, 1.0, "auto", 200), pool=pool)
    trained(optimizer)
    dense = reference.dense(P)
    assert optimizer.kl_divergence < 0.6 * reference.kl(dense, start.place(rows))
    nearest = reference.nearest(reference.distances(optimizer.layout), 1)[:, 0]
    assert (nearest // 40 == np.arange(120) // 40).mean() > 0.98
    assert (optimizer.layout == network.place(rows)).all()
    done = optimizer.iteration
    optimizer.extend()
    assert trained(optimizer).iteration == 2 * done


class Plane:
    """The smallest model that somebody may bring: a matrix, moved against the gradient."""

    def __init__(self, columns, rate=0.01):
        self.matrix = np.random.default_rng(0).normal(size=(columns, 2)).astype(np.float32)
        self.rate = rate

    def forward(self, X):
        self.X = X
        return X @ self.matrix

    def backward(self, dY):
        self.matrix -= np.float32(self.rate) * (self.X.T @ dY) / len(dY)


def test_any_object_with_forward_and_backward_learns(P, rows, pool):
    plane, dense = Plane(6), reference.dense(P)
    before = reference.kl(dense, plane.forward(rows))
    optimizer = trained(ParametricOptimizer(P, OfRows(plane, rows), SHORT, pool=pool))
    assert optimizer.kl_divergence == pytest.approx(reference.kl(dense, plane.forward(rows)), rel=1e-3)
    assert optimizer.kl_divergence < before


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_model_that_diverges_is_an_error(P, rows, pool):
    optimizer = ParametricOptimizer(P, OfRows(Plane(6, 1e38), rows), SHORT, pool=pool)
    with pytest.raises(DivergedError, match="the map diverged in iteration"):
        trained(optimizer)


# --- the function that is left ------------------------------------------------------------------------


def test_a_place_depends_on_its_row_alone(rows, pool, blobs):
    learner = landmarks_of(rows, pool)
    learner.follow(np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32))
    network = OfRows(Network.drawn(6, (32, 32), noise=0.2, seed=0), rows)
    for each in (learner, network):
        function = MapFunction.learned(Scaling.of(blobs), each)
        together = function.transform(blobs)
        assert (together == each.placed()).all()
        for several in (1, 7):
            parts = [function.transform(blobs[first : first + several]) for first in range(0, 120, several)]
            assert (np.concatenate(parts) == together).all()
        assert (function.transform(blobs[::-1]) == together[::-1]).all()


def test_what_is_handed_out_stays_as_it_is_while_learning_goes_on(P, rows, pool, blobs):
    optimizer = course(P, rows, pool, blobs)
    for _ in range(90):
        optimizer.step()
    function = MapFunction.learned(Scaling.of(blobs), optimizer.learner)
    before = function.transform(blobs)
    trained(optimizer)
    assert (function.transform(blobs) == before).all()


@pytest.mark.parametrize("offset", [0.0, 1e9])
@pytest.mark.parametrize("factor", [1.0, 1e-30, 1e100])
def test_neither_offset_nor_unit_of_the_data_matters(blobs, rows, pool, offset, factor):
    data = (blobs + offset) * factor
    scaled = Scaling.of(data)(data)
    np.testing.assert_allclose(scaled, rows, atol=1e-5)


def test_a_scaling_of_equal_rows_and_of_directions(blobs):
    assert (Scaling.of(np.full((5, 3), 7.0))(np.full((5, 3), 7.0)) == 0).all()
    unit = Scaling.of(blobs, unit=True)
    np.testing.assert_allclose(unit(3 * blobs), unit(blobs), atol=1e-6)
    assert np.isfinite(unit(np.zeros((2, 6)))).all()


def test_rows_far_away_lie_among_landmarks_and_rows_beyond_float32_are_named(rows, pool, blobs):
    learner = landmarks_of(rows, pool)
    learner.follow(np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32))
    function = MapFunction.learned(Scaling.of(blobs), learner)
    far = blobs[:3].copy()
    for away in (1e6, 1e30):
        placed = function.transform(blobs[:3] * away)
        assert (placed >= learner.places.min(axis=0) - 1e-5).all()
        assert (placed <= learner.places.max(axis=0) + 1e-5).all()
    for beyond in (1e39, 1e300):
        far[1] = beyond
        with pytest.raises(DataError, match=r"row 1 .*float32"):
            function.transform(far)
    with pytest.raises(DataError, match="must have 6 columns"):
        function.transform(blobs[:, :5])

"""New points on a map that stays: their neighbours, the field of the map, and where they end."""

import numpy as np
import pytest
import scipy.sparse
from sklearn.metrics import pairwise_distances

from tests import reference
from tsne_widget.tsne.embed import result_of
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.query import nearest_rows
from tsne_widget.tsne.repulsion.mesh import MeshField
from tsne_widget.tsne.transform import ExactField, field_of, place


def query(new, X, k, pool, **how):
    return result_of(nearest_rows(new, X, k, pool=pool, **how))


@pytest.fixture
def new(blobs):
    return blobs[::3] + np.random.default_rng(1).normal(scale=0.3, size=(40, 6))


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan", "correlation"])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_nearest_rows(metric, dtype, new, blobs, pool):
    new, blobs = new.astype(dtype), blobs.astype(dtype)
    found = query(new, blobs, 7, pool, metric=metric)
    expected = pairwise_distances(new.astype(float), blobs.astype(float), metric=metric)
    nearest = np.argsort(expected, axis=1, kind="stable")[:, :7]
    assert (found.indices == nearest).mean() > 0.99
    assert found.distances == pytest.approx(np.take_along_axis(expected, nearest, axis=1), abs=1e-5)


def test_the_nearest_of_sparse_rows(new, blobs, pool):
    new, X = np.where(new > 1, new, 0), np.where(blobs > 1, blobs, 0)
    dense = query(new, X, 5, pool)
    sparse = query(scipy.sparse.csr_array(new), scipy.sparse.csr_array(X), 5, pool)
    assert sparse.distances == pytest.approx(dense.distances, abs=1e-5)


def test_equal_rows_come_in_their_order(pool):
    X = np.repeat(np.eye(4), 30, axis=0)
    found = query(np.eye(4), X, 30, pool)
    assert (found.indices == np.arange(120).reshape(4, 30)).all()
    assert (found.distances == 0).all()


def test_rows_far_from_zero(new, blobs, pool):
    found = query(new + 1e6, blobs + 1e6, 7, pool)
    assert (found.indices == query(new, blobs, 7, pool).indices).mean() > 0.99


def test_the_nearest_do_not_depend_on_threads_nor_on_others(new, blobs):
    together = query(new, blobs, 9, Pool(2))
    assert (query(new, blobs, 9, Pool(1)).distances == together.distances).all()
    alone = [query(row[None], blobs, 9, Pool(3)).distances for row in new]
    assert (np.concatenate(alone) == together.distances).all()


@pytest.mark.parametrize("k", [0, 121])
def test_k_out_of_range(k, new, blobs, pool):
    with pytest.raises(ValueError, match="k must be from 1 to 120"):
        query(new, blobs, k, pool)


def test_the_field(pool):
    random = np.random.default_rng(0)
    Y, points = (random.normal(scale=5, size=(n, 2)).astype(np.float32) for n in (300, 20))
    potential, gradient = ExactField(Y, pool)(points)
    apart = points[:, None].astype(float) - Y
    w = 1 / (1 + (apart**2).sum(axis=2))
    assert potential == pytest.approx(w.sum(axis=1), rel=1e-5)
    assert gradient == pytest.approx(-2 * (w[..., None] ** 2 * apart).sum(axis=1), abs=1e-4)


def test_the_field_of_many_points_is_interpolated(pool):
    random = np.random.default_rng(0)
    Y = random.normal(scale=15, size=(6000, 2)).astype(np.float32)
    points = np.concatenate([random.normal(scale=20, size=(500, 2)), [[1e3, 0], [1e5, -1e5]]])
    points = points.astype(np.float32)
    field = field_of(Y, pool)
    assert isinstance(field, MeshField)
    potential, gradient = field(points)
    exact, exact_gradient = ExactField(Y, pool)(points)
    assert potential == pytest.approx(exact, rel=1e-3)
    assert np.linalg.norm(gradient - exact_gradient) < 0.01 * np.linalg.norm(exact_gradient)
    alone = np.concatenate([field(point[None])[1] for point in points[:50]])
    assert (alone == gradient[:50]).all()

    readonly = Y.copy()
    readonly.flags.writeable = False
    assert (field_of(readonly, pool)(points)[0] == potential).all()
    small = field_of((1e-3 * Y).astype(np.float32), pool)
    assert small(points[:9] * np.float32(1e-3))[0] == pytest.approx(6000, rel=1e-2)
    Y[0] = 1e6
    assert isinstance(field_of(Y, pool), ExactField)


def descent(nearest, Y, perplexity, steps):
    """The same in float64, one point after the other, written out."""
    places = np.empty((len(nearest.indices), 2))
    for i, (rows, distances) in enumerate(zip(nearest.indices, nearest.distances, strict=True)):
        y = np.median(Y[rows[:25]].astype(float), axis=0)
        k = int(3 * perplexity)
        p = reference.conditional(distances[None, :k].astype(float) ** 2, perplexity)[0]
        velocity, gains = np.zeros(2), np.ones(2)
        for _ in range(steps):
            apart = y - Y.astype(float)
            w = 1 / (1 + (apart**2).sum(axis=1))
            pull = y - Y[rows[:k]].astype(float)
            attraction = ((p / (1 + (pull**2).sum(axis=1)))[:, None] * pull).sum(axis=0)
            gradient = 1.5 * attraction - (w[:, None] ** 2 * apart).sum(axis=0) / w.sum()
            gradient *= min(1, 0.25 / np.linalg.norm(gradient))
            gains = np.where(gradient * velocity > 0, 0.8 * gains + 0.01, gains + 0.2)
            velocity = 0.8 * velocity - 0.1 * gains * gradient
            y = y + velocity
        places[i] = y
    return places


def test_places_are_the_references(new, blobs, pool):
    Y = np.random.default_rng(0).normal(scale=8, size=(120, 2)).astype(np.float32)
    Y += 30 * np.eye(3, 2, dtype=np.float32)[np.arange(120) // 40]
    nearest = query(new, blobs, 25, pool)
    field = ExactField(Y, pool)
    for steps in (1, 5, 30):
        placed = result_of(place(nearest, Y, perplexity=5, max_iter=steps, field=field, pool=pool))
        expected = descent(nearest, Y, 5, steps)
        assert np.abs(placed - expected).max() < 1e-2 * np.ptp(expected)


def test_rows_of_the_data_keep_their_places(blobs, pool):
    Y = np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32)
    nearest = query(blobs, blobs, 25, pool)
    kept = result_of(place(nearest, Y, perplexity=5, max_iter=20, field=ExactField(Y, pool), pool=pool))
    assert (kept == Y).all()


def test_equal_rows_are_placed_at_the_median(pool):
    X = np.repeat(np.eye(4), 30, axis=0)
    Y = np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32)
    nearest = query(X[:1], X, 30, pool)
    placed = result_of(place(nearest, Y, perplexity=5, max_iter=20, field=ExactField(Y, pool), pool=pool))
    assert placed[0] == pytest.approx(np.median(Y[:30], axis=0), abs=1e-6)


def test_progress_rises_from_0_to_1(new, blobs, pool):
    Y = np.random.default_rng(0).normal(size=(120, 2)).astype(np.float32)
    nearest = query(new, blobs, 25, pool)
    for stage in (
        nearest_rows(new, blobs, 25, pool=pool),
        place(nearest, Y, perplexity=5, max_iter=9, field=ExactField(Y, pool), pool=pool),
    ):
        progress = list(stage)
        assert progress == sorted(progress)
        assert progress[0] == 0
        assert progress[-1] <= 1


def test_no_new_rows(blobs, pool):
    Y = np.zeros((120, 2), np.float32)
    none = Neighbors(np.empty((0, 25), np.uint32), np.empty((0, 25), np.float32))
    assert result_of(
        place(none, Y, perplexity=5, max_iter=9, field=ExactField(Y, pool), pool=pool)
    ).shape == (0, 2)

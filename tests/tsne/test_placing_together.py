"""New points that are placed together: what moves them, and that it keeps more neighbours."""

import numpy as np
import pytest
from scipy.spatial import cKDTree

from tests import reference
from tsne_widget.tsne.embed import embed, result_of
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.query import nearest_rows
from tsne_widget.tsne.schedule import Schedule
from tsne_widget.tsne.together import neighbors_among_new, place_together
from tsne_widget.tsne.transform import ExactField, field_of, place

PERPLEXITY, OF_MAP = 5.0, 30.0


def both_neighbors(new, X, total, pool):
    k = neighbors_among_new(len(new), total, OF_MAP)
    return result_of(nearest_rows(new, X, 25, pool=pool)), result_of(find_neighbors(new, k, pool=pool))


def together(start, nearest, among, Y, total, pool, max_iter=250, field=None, **how):
    settings = {"perplexity": PERPLEXITY, "perplexity_of_map": OF_MAP, "total": total, "max_iter": max_iter}
    field = field or field_of(Y, pool)
    return result_of(place_together(start, nearest, among, Y, **settings, field=field, pool=pool, **how))


def slowly(start, nearest, among, Y, total, max_iter):
    """The same in float64, written out."""
    m, n = len(start), len(Y)
    k = int(3 * PERPLEXITY)
    p = reference.conditional(nearest.distances[:, :k].astype(float) ** 2, PERPLEXITY)
    of_new = max(5.0, OF_MAP * m / total)
    among_p = reference.conditional(among.distances.astype(float) ** 2, of_new)
    P = np.zeros((m, m))
    np.put_along_axis(P, among.indices.astype(int), among_p, axis=1)
    P = (P + P.T) / 2
    share, c = 1 - m / total, (total - m) / n
    old = Y.astype(float)
    between_old = (1 / (1 + ((old[:, None] - old) ** 2).sum(axis=2))).sum()
    y, velocity, gains = start.astype(float), np.zeros((m, 2)), np.ones((m, 2))
    for iteration in range(max_iter):
        near = y[:, None] - old[nearest.indices[:, :k]]
        pull = share * ((p / (1 + (near**2).sum(axis=2)))[..., None] * near).sum(axis=1)
        apart, from_old = y[:, None] - y, y[:, None] - old
        w, w_old = 1 / (1 + (apart**2).sum(axis=2)), 1 / (1 + (from_old**2).sum(axis=2))
        pull += (1 - share) * ((P * w)[..., None] * apart).sum(axis=1)
        push = ((w**2)[..., None] * apart).sum(axis=1) + c * ((w_old**2)[..., None] * from_old).sum(axis=1)
        Z = c * c * between_old + 2 * c * w_old.sum() + w.sum() - m
        slope = pull - total * push / Z
        gains = np.maximum(np.where(slope * velocity > 0, 0.8 * gains, gains + 0.2), 0.01)
        velocity = (0.5 if iteration < 20 else 0.8) * velocity - gains * slope
        length = np.linalg.norm(velocity, axis=1, keepdims=True)
        velocity *= np.minimum(1, 5 / np.maximum(length, 1e-300))
        y = y + velocity
    return y


@pytest.mark.parametrize("total", [160, 1000])
def test_places_are_the_references(total, blobs, pool):
    random = np.random.default_rng(0)
    new = blobs[::3] + random.normal(scale=0.3, size=(40, 6))
    Y = random.normal(scale=8, size=(120, 2)).astype(np.float32)
    start = random.normal(scale=8, size=(40, 2)).astype(np.float32)
    nearest, among = both_neighbors(new, blobs, total, pool)
    for steps in (1, 5, 30):
        placed = together(start, nearest, among, Y, total, pool, steps)
        expected = slowly(start, nearest, among, Y, total, steps)
        assert np.abs(placed - expected).max() < 1e-2 * np.abs(expected - start).max()


@pytest.fixture(scope="module")
def sampled(digits, pool):
    """A fifth of the digits with its map, and the others, with the places that each gets by itself."""
    rows = np.random.default_rng(0).permutation(len(digits))[:1200]
    sample, rest = rows[:240], rows[240:]
    X, new = digits[sample], digits[rest]
    schedule = Schedule(
        early_exaggeration=12.0,
        early_exaggeration_iter=75,
        exaggeration=1.0,
        learning_rate="auto",
        max_iter=250,
    )
    Y = embed(X, perplexity=OF_MAP, schedule=schedule, pool=pool).layout
    nearest = result_of(nearest_rows(new, X, 25, pool=pool))
    alone = result_of(
        place(nearest, Y, perplexity=PERPLEXITY, max_iter=250, field=field_of(Y, pool), pool=pool)
    )
    return X, new, Y, alone


def kept(X, Y):
    """Return the share of the 10 nearest neighbours of all rows that are nearest on the map."""
    near, true = (cKDTree(points).query(points, 11)[1][:, 1:] for points in (Y, X))
    return np.mean([np.isin(one, other).mean() for one, other in zip(true, near, strict=True)])


@pytest.mark.parametrize(("parts", "gain"), [(1, 0.06), (3, 0.01)])
def test_more_neighbours_are_kept(parts, gain, sampled, pool):
    X, new, Y, alone = sampled
    total, placed = len(X) + len(new), alone.copy()
    for part in np.array_split(np.arange(len(new)), parts):
        nearest, among = both_neighbors(new[part], X, total, pool)
        placed[part] = together(alone[part], nearest, among, Y, total, pool, 100)
    rows = np.concatenate([X, new])
    before = kept(rows, np.concatenate([Y, alone]))
    assert kept(rows, np.concatenate([Y, placed])) > before + gain


def test_the_same_bits_for_any_number_of_threads(sampled):
    X, new, Y, alone = sampled
    nearest, among = both_neighbors(new, X, 5000, Pool(1))
    first = together(alone, nearest, among, Y, 5000, Pool(1), 20)
    for n_jobs in (2, 3):
        assert together(alone, nearest, among, Y, 5000, Pool(n_jobs), 20).tobytes() == first.tobytes()


def test_neither_the_map_nor_the_start_changes(sampled, pool):
    X, new, Y, alone = sampled
    before = Y.copy(), alone.copy()
    nearest, among = both_neighbors(new, X, 5000, pool)
    assert (together(alone, nearest, among, Y, 5000, pool, 5) != alone).any(axis=1).all()
    assert (before[0] == Y).all()
    assert (before[1] == alone).all()


def test_two_points_and_other_ways_to_repel(blobs, pool):
    Y = np.random.default_rng(0).normal(scale=8, size=(120, 2)).astype(np.float32)
    nearest, among = both_neighbors(blobs[:2] + 0.1, blobs, 122, pool)
    start = Y[:2].copy()
    exact = together(start, nearest, among, Y, 122, pool, 20, field=ExactField(Y, pool), repulsion="exact")
    tree = together(start, nearest, among, Y, 122, pool, 20, repulsion="barnes_hut", angle=0.0)
    assert np.isfinite(exact).all()
    assert tree == pytest.approx(exact, abs=1e-2)

"""The approximate query: nearly all nearest rows, with true distances, for each new row by itself."""

import copy
import pickle
import threading

import numpy as np
import pytest

from tsne_widget.tsne import query as module
from tsne_widget.tsne.cell_index import CellIndex
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.query import is_exact, nearest_rows
from tsne_widget.tsne.query_index import QueryIndex
from tsne_widget.tsne.steps import result_of

K = 25


def query(new, X, pool, k=K, search="approximate", **how):
    return result_of(nearest_rows(new, X, k, search=search, pool=pool, **how))


def clusters(n, seed, features=20):
    """Return rows of 30 Gaussian clusters, which are the same for all seeds."""
    centers = 4 * np.random.default_rng(0).normal(size=(30, features))
    random = np.random.default_rng(seed)
    spread = np.linspace(2, 0.3, features)
    return (centers[random.integers(0, 30, n)] + spread * random.normal(size=(n, features))).astype(
        np.float32
    )


def cloud(n, seed, features):
    return np.random.default_rng(seed).normal(size=(n, features)).astype(np.float32)


@pytest.fixture(scope="module")
def data():
    return clusters(12_000, 1)


@pytest.fixture(scope="module")
def new():
    return clusters(300, 2)


@pytest.fixture(scope="module")
def index():
    return QueryIndex()


def recall(found, true):
    return np.mean([np.isin(a, b).mean() for a, b in zip(true.indices, found.indices, strict=True)])


MAKERS = {
    "clusters": clusters,
    "a plane": lambda n, seed: cloud(n, seed, 2),
    "a cloud": lambda n, seed: cloud(n, seed, 10),
    "noise": lambda n, seed: cloud(n, seed, 50),
}


@pytest.mark.parametrize("made", MAKERS)
@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_nearly_all_are_found(made, metric, pool):
    X, new = MAKERS[made](12_000, 1), MAKERS[made](200, 2)
    index = QueryIndex()
    outside = X.mean(axis=0) + (new - X.mean(axis=0)) * np.array([[2], [5]] * 100, np.float32)
    for rows in (new, outside.astype(np.float32)):
        found = query(rows, X, pool, metric=metric, index=index)
        true = query(rows, X, pool, metric=metric, search="exact")
        assert recall(found, true) > 0.99
        same = found.indices == true.indices
        np.testing.assert_allclose(found.distances[same], true.distances[same], rtol=1e-5, atol=1e-7)
        assert (np.diff(found.distances, axis=1) >= 0).all()


@pytest.mark.release
@pytest.mark.parametrize("made", MAKERS)
@pytest.mark.parametrize("n", [25_000, 100_000])
@pytest.mark.parametrize("k", [1, 25, 90])
def test_nearly_all_are_found_among_many(made, n, k, pool):
    X, new = MAKERS[made](n, 1), MAKERS[made](300, 2)
    index = QueryIndex()
    for rows in (new, (1.5 * new).astype(np.float32)):
        found, true = (query(rows, X, pool, k, search, index=index) for search in ("auto", "exact"))
        assert recall(found, true) > 0.99
        assert found.distances[:, 0] == pytest.approx(true.distances[:, 0], rel=0.3)


def test_cells_are_left_out(data, new, pool, index):
    """Otherwise the search would be the exact one, only in another order."""
    made = result_of(index.of(data, False, pool))
    assert 0.5 < made._cosine_for(K, pool) < 0.999
    noise = CellIndex(cloud(12_000, 1, 50), False)
    result_of(noise.build(pool))
    assert noise._cosine_for(K, pool) < 0.7


def test_a_row_does_not_depend_on_threads_nor_on_others(data, new, index):
    together = query(new, data, Pool(2), index=index)
    for n_jobs, parts in ((1, 1), (1, 7), (3, 4)):
        some = [query(part, data, Pool(n_jobs)) for part in np.array_split(new[::-1], parts)]
        assert np.concatenate([each.indices for each in some])[::-1].tobytes() == together.indices.tobytes()
        assert (
            np.concatenate([each.distances for each in some])[::-1].tobytes() == together.distances.tobytes()
        )
    alone = [query(row[None], data, Pool(1), index=index) for row in new[:9]]
    assert np.concatenate([each.indices for each in alone]).tobytes() == together.indices[:9].tobytes()


def test_more_rows_than_one_order_holds(data, new, pool, index, monkeypatch):
    whole = query(new, data, pool, index=index)
    monkeypatch.setattr("tsne_widget.tsne.cell_index._ROWS_IN_ORDER", 70)
    monkeypatch.setattr("tsne_widget.tsne.cell_index._ROWS_PER_STEP", 20)
    assert query(new, data, pool, index=index).indices.tobytes() == whole.indices.tobytes()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_every_row_of_the_data_finds_itself(metric, pool):
    """Even if the cosine leaves its cell out: here a cell holds rows of a tight cluster, and far rows."""
    X = np.concatenate(
        [1e-3 * cloud(8000, 1, 8), cloud(1000, 2, 8) * 40, np.repeat(cloud(5, 3, 8), 3, axis=0)]
    )
    index = QueryIndex()
    made = result_of(index.of(X, metric == "cosine", pool))
    made._cosines[K] = 0.05
    found = query(X, X, pool, metric=metric, index=index)
    assert (found.distances[:, 0] <= 1e-12).all()
    own = (found.indices == np.arange(len(X))[:, None]).any(axis=1)
    assert own.all()
    assert (found.distances[-15:, 2] <= 1e-12).all()


def test_rows_all_alike(pool):
    X = np.repeat(np.eye(5, dtype=np.float32), 1000, axis=0)
    found = query(np.eye(5, dtype=np.float32), X, pool)
    assert (found.distances == 0).all()
    assert (np.diff(np.sort(found.indices, axis=1), axis=1) > 0).all()
    assert (found.indices // 1000 == np.arange(5)[:, None]).all()


def test_a_row_of_zeros_under_cosine(data, pool):
    X = data.copy()
    X[:5] = 0
    rows = np.zeros((2, X.shape[1]), np.float32)
    rows[1] = X[100]
    found = query(rows, X, pool, metric="cosine")
    assert found.distances[0] == pytest.approx(1)
    assert found.distances[1, 0] == pytest.approx(0, abs=1e-12)


def test_rows_that_float32_cannot_tell_apart_are_searched_exactly(pool):
    """Two tight clusters on both sides of the centre; rows far beyond float32's squares."""
    random = np.random.default_rng(0)
    X = random.normal(size=(4001, 6)) * 1e-7 + (np.arange(4001) % 2)[:, None]
    X[-1] = 0.5
    X = np.concatenate([X, [[1e3] * 6]])
    X[::20] = 0.5
    new = np.concatenate([X[1:50:2] + random.normal(size=(25, 6)) * 1e-8, np.full((1, 6), 1e9)])
    found, true = query(new, X, pool), query(new, X, pool, search="exact")
    assert found.indices.tobytes() == true.indices.tobytes()
    assert found.distances.tobytes() == true.distances.tobytes()


def test_what_is_searched_exactly(data, monkeypatch):
    def exact(search, X=data, k=K, metric="euclidean", params=None):
        return is_exact(search, X, k, metric, params)

    assert exact("exact")
    assert not exact("approximate")
    assert not exact("approximate", data.astype(np.float64), metric="cosine")
    assert exact("approximate", k=500)
    assert exact("approximate", metric="manhattan")
    assert exact("auto")
    monkeypatch.setattr(module, "EXACT_BELOW", 11_999)
    assert not exact("auto")
    assert exact("auto", data.astype(np.float64))


def test_the_index_is_made_once_and_not_sent(data, new, monkeypatch):
    made = []
    build = CellIndex.build
    monkeypatch.setattr(CellIndex, "build", lambda *args: made.append(1) or build(*args))
    index, found = QueryIndex(), []
    ask = lambda: found.append(query(new, data, Pool(1), index=index))  # noqa: E731 # a thread's work
    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1
    assert len({each.indices.tobytes() for each in found}) == 1
    assert len(pickle.dumps(index)) < 200
    again = query(new, data, Pool(1), index=copy.deepcopy(index))
    assert again.indices.tobytes() == found[0].indices.tobytes()
    assert len(made) == 2


def test_an_abandoned_build_leaves_the_index_free(data, new, pool):
    index = QueryIndex()
    steps = nearest_rows(new, data, K, search="approximate", index=index, pool=pool)
    next(steps)
    steps.close()
    assert query(new, data, pool, index=index).indices.shape == (300, K)


def test_the_index_is_about_as_large_as_the_data(data, pool, index):
    assert result_of(index.of(data, False, pool)).nbytes < 1.5 * data.nbytes

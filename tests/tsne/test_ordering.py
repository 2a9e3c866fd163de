import numpy as np
import pytest

from tsne_widget.tsne import ordering
from tsne_widget.tsne.embed import result_of
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.ordering import locality_order


@pytest.fixture(autouse=True)
def small_steps(monkeypatch):
    """Order few rows too, in more than one step."""
    monkeypatch.setattr(ordering, "LEAST_ROWS", 2)
    monkeypatch.setattr(ordering, "_POINTS_PER_STEP", 7)


def walk(indices):
    """The slow twin: a breadth-first walk over the 15 nearest."""
    order, queue, seen = [], [], set()
    for root in range(len(indices)):
        if root not in seen:
            queue.append(root)
            seen.add(root)
        while queue:
            i = queue.pop(0)
            order.append(i)
            for j in indices[i, :15].tolist():
                if j not in seen:
                    queue.append(j)
                    seen.add(j)
    return order


@pytest.mark.parametrize("k", [1, 2, 15, 40])
def test_the_order_is_that_of_a_breadth_first_walk(k, pool, digits):
    neighbors = result_of(find_neighbors(digits[:400], k, pool=pool))
    order = result_of(locality_order(neighbors))
    assert order.dtype == np.int64
    assert order.tolist() == walk(neighbors.indices)


@pytest.mark.parametrize("n", [2, 7, 8, 14, 50])
def test_the_order_is_a_permutation_of_any_number_of_rows(n):
    indices = np.random.default_rng(n).integers(0, n, (n, 3)).astype(np.uint32)
    order = result_of(locality_order(Neighbors(indices, np.zeros((n, 3), np.float32))))
    assert sorted(order) == list(range(n))


def test_neighbours_come_close_together(pool):
    line = np.random.default_rng(0).permutation(5000)
    neighbors = result_of(find_neighbors(line[:, None].astype(float), 20, pool=pool))
    rank = np.argsort(result_of(locality_order(neighbors)))
    assert np.abs(rank[neighbors.indices] - rank[:, None]).max() < 100


def test_few_rows_stay_in_their_order(monkeypatch):
    monkeypatch.setattr(ordering, "LEAST_ROWS", 51)
    indices = np.zeros((50, 1), np.uint32)
    assert result_of(locality_order(Neighbors(indices, np.zeros((50, 1), np.float32)))) is None


def test_progress_rises_from_0_to_1():
    indices = np.random.default_rng(0).integers(0, 50, (50, 3)).astype(np.uint32)
    progress = list(locality_order(Neighbors(indices, np.zeros((50, 3), np.float32))))
    assert progress == sorted(progress)
    assert progress[0] == 0
    assert progress[-1] == 1
    assert len(progress) == 9

"""The measures that say what may be read, on whatever data a widget takes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import kneighbors_graph

from tests.clients import PATIENCE, make
from tsne_widget import InvalidValueError, NotComputedError
from tsne_widget.measures.registry import measures

pytestmark = [
    pytest.mark.usefixtures("close_widgets"),
    pytest.mark.filterwarnings("ignore::tsne_widget.IsolatedRowsWarning"),
]

READABLE = ("distortions", "missing", "false", "reach", "second_home", "isolation")
N = 60


def numbers(w, names=READABLE) -> dict[str, np.ndarray]:
    """Return what is measured of a widget of 60 rows."""
    found = {name: w.measure(name) for name in names}
    for name, values in found.items():
        assert values.shape == ((N, 2) if measures()[name].parts else (N,))
        assert not np.isnan(values).any(), name
    return found


def share(found: np.ndarray) -> bool:
    return bool(((found >= 0) & (found <= 1 + 1e-9)).all())


@pytest.mark.parametrize(
    "metric", ["euclidean", "cosine", "correlation", "manhattan", "chebyshev", "function"]
)
def test_each_metric_has_an_answer(blobs, metric):
    def farthest(one, other):
        return float(np.abs(one - other).max())

    w = make(blobs, metric=farthest if metric == "function" else metric).wait(PATIENCE)
    found = numbers(w)
    for name in ("distortions", "second_home"):
        assert share(found[name])
    np.testing.assert_array_equal(found["distortions"].T, [found["missing"], found["false"]])
    assert (found["reach"] >= 1 - 1e-9).all()
    w.color_by = "isolation"
    words = w._pictures.legend(False).words
    slow = metric in ("chebyshev", "function")
    assert ("this metric makes slow" if slow else "noise of this shape reaches") in words


def test_sparse_rows_and_distances_have_all_but_the_noise_of_isolation(blobs):
    distances = pairwise_distances(blobs)
    for X, metric, why in (
        (csr_array(blobs), "euclidean", "X is sparse"),
        (distances, "precomputed", "X holds distances"),
        (kneighbors_graph(blobs, 40, mode="distance"), "precomputed", "X holds distances"),
    ):
        w = make(X, metric=metric).wait(PATIENCE)
        numbers(w)
        w.color_by = "isolation"
        assert why in w._pictures.legend(False).words
        w.close()


def test_too_few_given_neighbours_are_an_error_that_says_how_many_it_takes(blobs):
    w = make(kneighbors_graph(blobs, 20, mode="distance"), metric="precomputed", perplexity=5).wait(PATIENCE)
    for name in ("false", "distortions"):
        with pytest.raises(InvalidValueError, match=rf"'{name}' needs the 30 nearest rows of .* and 20"):
            w.measure(name)
    numbers(w, ("missing", "reach", "second_home", "isolation"))


def test_parts_of_a_graph_that_nothing_joins_are_each_measured_by_itself(blobs):
    apart = blobs + 1000 * np.repeat([[0.0], [1.0]], N // 2, axis=0)
    graph = kneighbors_graph(apart, 29, mode="distance")
    w = make(graph, metric="precomputed").wait(PATIENCE)
    found = numbers(w, ("missing", "reach", "second_home", "isolation"))
    assert np.isfinite(found["isolation"]).all()


def test_copies_have_an_answer(blobs):
    w = make(np.repeat(blobs[:12], 5, axis=0)).wait(PATIENCE)
    found = {name: w.measure(name) for name in READABLE}
    assert share(found["distortions"])
    assert not any(np.isnan(values).any() for values in found.values())


def test_few_rows_have_an_answer_or_are_told_to_be_too_few(blobs):
    w = make(blobs[:20], perplexity=4).wait(PATIENCE)
    for name in ("distortions", "missing", "false"):
        with pytest.raises(InvalidValueError, match=r"more than 31 rows .* and there are 20"):
            w.measure(name)
    for name in ("reach", "second_home", "isolation"):
        assert len(w.measure(name)) == 20
        assert np.isfinite(w.measure(name)).all()


def test_rows_without_a_place_on_a_map_have_no_numbers_there(blobs):
    points = np.random.default_rng(0).normal(size=(N, 2))
    points[[3, 50]] = np.nan
    w = make(blobs, beside={"given": points}).wait(PATIENCE)
    given = w.beside["given"]
    for name in ("distortions", "missing", "false", "reach", "second_home"):
        values = given.measure(name).reshape(N, -1)
        assert np.isnan(values[[3, 50]]).all(), name
        assert np.isfinite(np.delete(values, [3, 50], axis=0)).all(), name
    w.color_by = "second_home"
    assert "(weighted as in P), or its 15 nearest rows" in w._pictures.legend(False).words


def test_a_second_home_weighs_neighbours_by_the_perplexity_of_its_map(blobs):
    w = make(blobs, perplexity=[3, 15]).wait(PATIENCE)
    for run in w.runs:
        assert share(run.measure("second_home"))
    assert w._measurements.affinities(w._maps.grid.spec(w.runs[1].id)).perplexity == 15


def test_before_the_search_there_is_no_answer(blobs):
    w = make(blobs, autostart=False).wait(PATIENCE)
    for name in READABLE:
        with pytest.raises(NotComputedError, match=r"wait\(\)"):
            w.measure(name)


def test_a_low_perplexity_still_knows_which_neighbours_are_false(blobs, monkeypatch):
    monkeypatch.setattr("tsne_widget.parameters.perplexity.NEIGHBORS_HEADROOM", 0)
    assert share(make(blobs, perplexity=3).wait(PATIENCE).measure("false"))


def test_an_approximate_search_that_found_too_few_says_so(blobs, monkeypatch):
    monkeypatch.setattr("tsne_widget.parameters.perplexity.NEIGHBORS_HEADROOM", 0)
    w = make(blobs, perplexity=3, neighbors="approximate").wait(PATIENCE)
    with pytest.raises(InvalidValueError, match=r"10 are known: .* set a perplexity of at least 10"):
        w.measure("false")

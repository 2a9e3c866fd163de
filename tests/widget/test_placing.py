"""New rows on the maps: where each map puts them, what is said of them, and that they follow every change."""

from __future__ import annotations

import threading
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.manifold import Isomap, SpectralEmbedding
from sklearn.metrics import pairwise_distances
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.clients import ENDLESS, PATIENCE, Client, make
from tests.maps.toy import Spiral
from tsne_widget import (
    DataError,
    InvalidTypeError,
    NotComputedError,
    NotRunningError,
    PlacingWarning,
    SelectionError,
    TSNEWidgetError,
    UnknownColumnError,
)
from tsne_widget.maps import estimator_placer, methods
from tsne_widget.maps.pca_method import PCAMethod
from tsne_widget.maps.placing import GivenRows, NewRows
from tsne_widget.tsne import query, transform
from tsne_widget.tsne.cell_index import CellIndex
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.query import nearest_rows
from tsne_widget.tsne.steps import result_of
from tsne_widget.umap.curve import fitted_curve
from tsne_widget.umap.place import place

pytestmark = pytest.mark.usefixtures("close_widgets")
NAMES = list("abcde")


@pytest.fixture
def new(blobs):
    """Five rows near rows of the data, in other places."""
    return blobs[[0, 1, 20, 40, 41]] + 0.1 * np.random.default_rng(0).normal(size=(5, 5))


@pytest.fixture
def w(blobs):
    return make(blobs).wait(PATIENCE)


def frame(X):
    return pd.DataFrame(X, columns=NAMES, index=[f"r{row}" for row in range(len(X))])


def places(w, suffix=""):
    return w.placed[[f"x{suffix}", f"y{suffix}"]].to_numpy()


# --- where they are -----------------------------------------------------------------------------------


def test_t_sne_places_them_as_the_estimators_transform_does(w, blobs, new):
    pool = Pool(1)
    nearest = result_of(nearest_rows(new, blobs, transform.neighbors_used(60, 5.0), pool=pool))
    Y = w.embedding_
    expected = result_of(
        transform.place(
            nearest, Y, perplexity=5.0, max_iter=250, field=transform.field_of(Y, pool), pool=pool
        )
    )
    np.testing.assert_array_equal(places(w.place(new).wait(PATIENCE)), expected)


@pytest.mark.parametrize("form", [np.asarray, scipy.sparse.csr_array, scipy.sparse.csc_matrix])
def test_pca_projects_them(blobs, new, form):
    w = make(form(blobs), beside="pca").wait(PATIENCE)
    found = places(w.place(form(new)).wait(PATIENCE), "_pca")
    expected = PCA(2).fit(blobs).transform(new)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-4)


def test_umap_places_them_by_the_values_of_its_map(blobs, new):
    w = make(blobs, beside="umap").wait(PATIENCE).place(new)
    umap = w.beside["UMAP"]
    for n_neighbors, min_dist in ((15, 0.1), (8, 0.1), (8, 0.6)):
        umap.n_neighbors, umap.min_dist = n_neighbors, min_dist
        found = places(w.wait(PATIENCE), "_umap")
        pool, Y = Pool(1), umap.embedding_
        nearest = result_of(nearest_rows(new, blobs, n_neighbors, pool=pool))
        expected = place(nearest, Y, fitted_curve(min_dist), pool=pool, seed=umap.random_state)
        np.testing.assert_array_equal(found, expected)
        parts, of_new = [Y[:20], Y[20:40], Y[40:]], [0, 0, 1, 2, 2]
        for x, own in zip(found, of_new, strict=True):
            assert np.argmin([np.linalg.norm(part - x, axis=1).min() for part in parts]) == own


def test_a_row_of_the_data_lies_where_it_lies_on_every_map(blobs):
    w = make(blobs, beside=["pca", "umap"]).wait(PATIENCE).place(blobs[[3, 33]]).wait(PATIENCE)
    np.testing.assert_array_equal(places(w), w.runs[0].embedding_[[3, 33]])
    np.testing.assert_array_equal(places(w, "_umap"), w.runs[2].embedding_[[3, 33]])
    np.testing.assert_allclose(places(w, "_pca"), w.runs[1].embedding_[[3, 33]], atol=1e-5)
    assert w.placed["nearest"].tolist() == [3, 33]
    assert w.placed["distance"].tolist() == [0, 0]


def test_sparse_and_dense_rows_are_the_same_rows(blobs, new):
    w = make(scipy.sparse.csr_array(blobs)).wait(PATIENCE)
    np.testing.assert_array_equal(
        places(w.place(new).wait(PATIENCE)), places(w.place(scipy.sparse.csr_array(new)).wait(PATIENCE))
    )


def test_each_map_places_them_in_its_own_metric(blobs, new):
    w = make(blobs, metric=["euclidean", "cosine"]).wait(PATIENCE)
    found = w.place(new).wait(PATIENCE).placed
    for metric in ("euclidean", "cosine"):
        distances = pairwise_distances(new, blobs, metric=metric)
        assert found[f"nearest_metric_{metric}"].tolist() == distances.argmin(axis=1).tolist()
        np.testing.assert_allclose(found[f"distance_metric_{metric}"], distances.min(axis=1), atol=1e-6)
        assert np.isfinite(found[[f"x_metric_{metric}", f"y_metric_{metric}"]]).all(axis=None)


def test_distances_to_all_rows_place_rows_on_a_map_of_distances(blobs, new):
    by_rows = make(blobs, init="random").wait(PATIENCE).place(new).wait(PATIENCE)
    w = make(pairwise_distances(blobs).astype(np.float32), metric="precomputed").wait(PATIENCE)
    w.place(pairwise_distances(new, blobs)).wait(PATIENCE)
    np.testing.assert_array_equal(w.placed["nearest"], by_rows.placed["nearest"])
    assert np.isfinite(places(w)).all()
    wrong = pairwise_distances(new, blobs)
    wrong[1, 2] = -1
    with pytest.raises(DataError, match="not negative: the distance from row 1 of X_new to row 2 of X is -1"):
        w.place(wrong)
    with pytest.raises(DataError, match="X_new has 5 columns: it must have the 60"):
        w.place(new)


# --- what is said -------------------------------------------------------------------------------------


def test_rows_beyond_the_data_are_said_once_and_stand_in_the_frame(w, new):
    new[3] += 1000
    w.place(new)
    with pytest.warns(PlacingWarning, match="1 of 5 new rows lies beyond the data, first row 3: farther"):
        w.wait(PATIENCE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert w.wait(PATIENCE).placed["beyond"].tolist() == [False, False, False, True, False]


def test_a_map_that_cannot_place_rows_says_why_and_the_others_place_them(blobs, new, monkeypatch):
    monkeypatch.setitem(methods.METHODS, Spiral.name, Spiral)
    w = make(blobs, beside=["spiral", "pca"]).wait(PATIENCE).place(new)
    with pytest.warns(PlacingWarning, match="Spiral shows no new rows: Spiral has no way to place new rows"):
        w.wait(PATIENCE)
    found = w.placed
    assert found[["x_spiral", "y_spiral"]].isna().all(axis=None)
    assert found[["x", "y", "x_pca", "y_pca"]].notna().all(axis=None)
    assert w._maps.run_of(w.runs[1].id).status.placing == "no new rows: Spiral has no way to place new rows"


def test_an_error_of_one_map_is_said_in_its_own_words_and_breaks_nothing(blobs, new, monkeypatch):
    def placer(_self):
        def fail(_rows):
            raise ArithmeticError("no way home")

        return fail

    monkeypatch.setattr(PCAMethod, "placer", placer)
    w = make(blobs, beside="pca").wait(PATIENCE).place(new)
    with pytest.warns(PlacingWarning, match="PCA shows no new rows: ArithmeticError: no way home"):
        w.wait(PATIENCE)
    assert np.isfinite(w.placed["x"]).all()
    assert w.status in ("1 settled, 1 computed", "1 not settled yet, 1 computed")
    assert w.restart().wait(PATIENCE).runs[1].embedding_.shape == (60, 2)


@pytest.mark.parametrize(
    ("points", "said"),
    [(np.zeros((4, 2)), r"\(5, 2\), not \(4, 2\)"), (np.full((5, 2), np.nan), "not finite")],
)
def test_impossible_places_are_refused(blobs, new, monkeypatch, points, said):
    monkeypatch.setattr(PCAMethod, "placer", lambda _: lambda _: points)
    w = make(blobs, beside="pca").wait(PATIENCE).place(new)
    with pytest.warns(PlacingWarning, match=said):
        w.wait(PATIENCE)


def test_a_map_of_a_few_rows_says_how_many_it_needs(blobs, new):
    w = make(blobs[:12], perplexity=3).wait(PATIENCE).place(new)
    with pytest.warns(PlacingWarning, match="placing needs at least 15 rows of data: there are 12"):
        w.wait(PATIENCE)


# --- what can be given --------------------------------------------------------------------------------


def test_columns_are_taken_by_name_whatever_their_order(blobs, new):
    w = make(frame(blobs)).wait(PATIENCE)
    expected = w.place(frame(new)).wait(PATIENCE).placed
    pd.testing.assert_frame_equal(w.place(frame(new)[NAMES[::-1]]).wait(PATIENCE).placed, expected)
    assert expected.index.tolist() == ["r0", "r1", "r2", "r3", "r4"]
    np.testing.assert_array_equal(places(w.place(new).wait(PATIENCE)), expected[["x", "y"]])


def test_missing_features_are_an_error_that_names_them_and_the_rows_before_stay(blobs, new):
    w = make(frame(blobs)).wait(PATIENCE).place(frame(new)).wait(PATIENCE)
    with pytest.raises(UnknownColumnError, match="X_new lacks 2 of the 5 features of the map: 'b', 'd'"):
        w.place(frame(new)[["a", "c", "e"]])
    with pytest.raises(DataError, match="X_new has 3 columns: it must have the 5"):
        w.place(new[:, :3])
    assert len(w.placed) == 5


def test_columns_that_x_has_not_are_said(blobs, new):
    w = make(frame(blobs).assign(kind="k"), labels="kind").wait(PATIENCE)
    with pytest.warns(PlacingWarning, match="has columns that X has not, and they are not used: day$"):
        w.place(frame(new).assign(day=1, kind="k"), labels="kind")


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        (frame(np.zeros((2, 5))), InvalidTypeError, "X_new has named columns, and X had none"),
        (np.zeros((0, 5)), DataError, "at least 1 row and 1 column"),
        (np.full((2, 5), np.nan), DataError, "X_new holds 10 NaN"),
        ("rows", InvalidTypeError, "X_new='rows'"),
    ],
    ids=["a frame", "no rows", "NaN", "a text"],
)
def test_what_cannot_be_placed_is_an_error_at_once(w, wrong, error, said):
    with pytest.raises(error, match=said):
        w.place(wrong)
    with pytest.raises(NotComputedError, match="no new rows"):
        _ = w.placed


def test_labels_must_fit_the_new_rows(w, new):
    with pytest.raises(DataError, match="one value for each of the 5 rows"):
        w.place(new, labels=["a"])
    with pytest.raises(InvalidTypeError, match="name=1 is of type int"):
        w.place(new, name=1)


def test_a_frame_of_polars_gives_a_frame_of_polars(blobs, new):
    w = make(pl.DataFrame(blobs, schema=NAMES)).wait(PATIENCE)
    found = w.place(pl.DataFrame(new, schema=NAMES), labels=list("vwxyz")).wait(PATIENCE).placed
    assert isinstance(found, pl.DataFrame)
    assert found["label"].to_list() == list("vwxyz")
    assert found.columns == ["label", "x", "y", "nearest", "distance", "beyond", "selected"]


def test_changing_the_users_array_changes_nothing(w, new):
    before = places(w.place(new).wait(PATIENCE))
    new += 5
    w.restart()
    w.wait(PATIENCE)
    np.testing.assert_allclose(places(w), before, atol=1e-3)


# --- they follow the maps -----------------------------------------------------------------------------


def test_they_follow_every_change_of_the_map(w, new):
    w.place(new).wait(PATIENCE)
    for change in (
        lambda: setattr(w, "perplexity", 5),
        lambda: setattr(w, "random_state", 3),
        lambda: w.step(3),
        lambda: w.compare(perplexity=[5, 9], beside="pca"),
    ):
        change()
        w.wait(PATIENCE)
        found = w.placed
        assert found.notna().all(axis=None)
        x = next(name for name in found if name.startswith("x"))
        near = w.runs[0].embedding_[found["nearest"]]
        assert np.linalg.norm(near - found[[x, x.replace("x", "y", 1)]], axis=1).max() < np.ptp(near) / 3


def test_while_a_map_moves_they_wait_and_no_command_waits_for_them(blobs, new):
    w = make(blobs, **ENDLESS)
    w.place(new, name="tomorrow")
    client = Client(w)
    client.hello()
    status = client.status(lambda status: status["iteration"] > 3)
    assert status["placing"] == "new rows wait for the map to rest"
    assert w.placed[["x", "y"]].isna().all(axis=None)
    assert w.pause().wait(PATIENCE).placed[["x", "y"]].notna().all(axis=None)
    rested = w.iteration
    w.resume()
    client.status(lambda status: status["iteration"] > rested)
    assert w.placed[["x", "y"]].isna().all(axis=None)


def test_placing_holds_up_neither_the_engine_nor_close(blobs, new, monkeypatch):
    begun, going = threading.Event(), threading.Event()

    def placer(_self):
        def wait(rows):
            begun.set()
            going.wait(PATIENCE)
            return np.zeros((len(rows), 2))

        return wait

    monkeypatch.setattr(PCAMethod, "placer", placer)
    w = make(blobs, beside="pca", autostart=False).wait(PATIENCE)
    w.place(new)
    assert begun.wait(PATIENCE)
    client = Client(w)
    client.hello()
    w.step(2)
    assert client.status(lambda status: status["iteration"] == 2)
    w.close()
    going.set()


def test_other_rows_replace_them_and_none_take_them_away(w, new):
    w.place(new).wait(PATIENCE)
    assert len(w.place(new[:2]).wait(PATIENCE).placed) == 2
    w.place(None).wait(PATIENCE)
    assert w._new_rows is None
    assert w._maps.run_of(0).placed is None
    with pytest.raises(NotComputedError):
        _ = w.placed


def test_new_rows_can_be_selected_in_python_and_by_a_client(w, new):
    with pytest.raises(SelectionError):
        w.selected_placed = [0]
    w.place(new).wait(PATIENCE)
    w.selected_placed = [3, 1]
    assert w.selected_placed == [1, 3]
    assert w.placed["selected"].tolist() == [False, True, False, True, False]
    with pytest.raises(SelectionError, match="5"):
        w.selected_placed = [5]
    w.set_state({"selected_placed": [4]})
    assert w.selected_placed == [4]
    with pytest.raises(TSNEWidgetError):
        w.set_state({"selected_placed": ["<b>"]})
    assert Client(w).command("set", trait="selected_placed", value=[0, 2])["error"] is None
    assert w.selected_placed == [0, 2]
    assert w.place(new[:1]).selected_placed == []


def test_a_closed_widget_places_nothing(w, new):
    w.place(new).wait(PATIENCE)
    w.close()
    with pytest.raises(NotRunningError):
        w.place(new)


def test_the_nearest_rows_are_found_once_for_all_maps_in_a_metric(blobs, new, monkeypatch):
    searches = []
    monkeypatch.setattr(GivenRows, "_find", spy(GivenRows._find, searches))
    w = make(blobs, perplexity=[5, 8]).wait(PATIENCE).place(new).wait(PATIENCE)
    w.restart()
    w.wait(PATIENCE)
    assert w.placed.notna().all(axis=None)
    assert len(searches) == 1


def spy(function, calls):
    def noted(self, *given):
        calls.append(given)
        return function(self, *given)

    return noted


def test_more_nearest_rows_are_found_when_somebody_asks_for_more(blobs):
    pool = Pool(1)
    rows = NewRows(blobs[:2], lambda k: result_of(nearest_rows(blobs[:2], blobs, k, pool=pool)))
    assert rows.nearest(1).indices.tolist() == [[0], [1]]
    assert rows.nearest(4).indices.shape == (2, 4)
    assert rows.nearest(2).indices.shape == (2, 2)


# --- what clients are told ----------------------------------------------------------------------------


def test_a_client_hears_where_they_are_and_the_rows_nearest_to_each(w, new):
    w.place(new, labels=list("aabbc"), name="tomorrow").wait(PATIENCE)
    assert {**w._new_rows, "number": 0} == {
        "number": 0,
        "count": 5,
        "name": "tomorrow",
        "names": None,
        "labels": list("aabbc"),
    }
    client = Client(w)
    client.hello()
    content, buffers = client.next(lambda content: content.get("placed"))
    (told,) = content["placed"]
    assert (told["run"], told["number"], told["count"], told["nearest"]) == (0, w._new_rows["number"], 5, 5)
    assert told["epoch"] == content["runs"][0]["status"]["epoch"]
    assert told["iteration"] == content["runs"][0]["status"]["iteration"]
    points, nearest, distances = (
        np.frombuffer(buffer, kind).reshape(5, -1)
        for buffer, kind in zip(buffers[-3:], ("<f4", "<i4", "<f4"), strict=True)
    )
    np.testing.assert_array_equal(points, places(w))
    assert nearest[:, 0].tolist() == w.placed["nearest"].tolist()
    assert told["reach"] > distances[:, 0].max()


def test_a_saved_notebook_keeps_them_unless_it_must_keep_nothing(blobs, new):
    w = make(frame(blobs)).wait(PATIENCE).place(frame(new)).wait(PATIENCE)
    client = Client(w)
    client.hello()
    client.next(lambda content: content.get("placed"))
    while not w._snapshot or w._snapshot[0]["placed"] is None:
        client.beat()
        client.next(lambda content: content["type"] == "alive")
    assert np.frombuffer(w._snapshot[0]["placed"]["points"], "<f4").tolist() == places(w).ravel().tolist()
    secret = make(frame(blobs), save_state=False).wait(PATIENCE).place(frame(new), labels=list("abcde"))
    assert secret.wait(PATIENCE)._snapshot == []
    assert secret._new_rows["names"] is secret._new_rows["labels"] is None


# --- maps that others have made -------------------------------------------------------------------------


def test_an_estimator_places_them_by_its_transform_in_its_own_coordinates(blobs, new):
    unfitted = {"svd": TruncatedSVD(2), "scaled": make_pipeline(StandardScaler(), PCA(2))}
    w = make(blobs, beside=unfitted).wait(PATIENCE).place(new).wait(PATIENCE)
    for name in unfitted:
        expected = w.beside[name].estimator_.transform(new)
        np.testing.assert_allclose(places(w, f"_{name}"), expected, rtol=1e-4, atol=1e-4)
    run = w._maps.run_of(w.beside["svd"].id)
    offset = run.layout.points - w.beside["svd"].embedding_
    np.testing.assert_allclose(run.placed.points - places(w, "_svd"), offset[:5], atol=1e-4)


def test_a_fitted_estimator_places_them_and_coordinates_alone_cannot(blobs, new):
    fitted = Isomap(n_neighbors=20).fit(blobs)
    w = make(blobs, beside={"isomap": fitted, "mine": blobs[:, :2]}).wait(PATIENCE).place(new)
    with pytest.warns(
        PlacingWarning, match="mine shows no new rows: given coordinates have no way to place new rows"
    ):
        w.wait(PATIENCE)
    np.testing.assert_allclose(places(w, "_isomap"), fitted.transform(new), rtol=1e-4, atol=1e-4)
    assert np.isnan(places(w, "_mine")).all()


def test_an_estimator_without_transform_says_so(blobs, new):
    w = make(blobs, beside={"spectral": SpectralEmbedding(2, n_neighbors=30)}).wait(PATIENCE).place(new)
    with pytest.warns(PlacingWarning, match="SpectralEmbedding has no transform, so there is no way"):
        w.wait(PATIENCE)


def test_where_two_kernels_of_numba_would_end_the_process_they_are_not_placed(blobs, new, monkeypatch):
    monkeypatch.setattr(estimator_placer, "may_run_aside", lambda _: False)
    w = make(blobs, beside={"svd": TruncatedSVD(2)}).wait(PATIENCE).place(new)
    with pytest.warns(PlacingWarning, match="TruncatedSVD cannot place new rows here: numba's"):
        w.wait(PATIENCE)


def test_a_parametric_map_places_them_as_its_function_does(blobs, new):
    w = make(blobs, beside="parametric").wait(PATIENCE).place(new).wait(PATIENCE)
    run = next(run for run in w.runs if run.method == "Parametric t-SNE")
    found = w._maps.run_of(run.id)
    np.testing.assert_array_equal(found.placed.points, found._method.function.transform(new))
    assert w.placed.notna().all(axis=None)


def test_an_index_of_the_data_serves_all_new_rows(monkeypatch):
    X = np.random.default_rng(0).normal(size=(2000, 5)).astype(np.float32)
    made = []
    build = CellIndex.build
    monkeypatch.setattr(CellIndex, "build", lambda *args: made.append(1) or build(*args))
    monkeypatch.setattr(query, "EXACT_BELOW", 1999)
    w = make(X, max_iter=20, early_exaggeration_iter=10).wait(PATIENCE)
    w.place(X[:5]).wait(PATIENCE)
    assert w.placed["nearest"].tolist() == list(range(5))
    w.place(X[7:9]).wait(PATIENCE)
    assert w.placed["nearest"].tolist() == [7, 8]
    assert made == [1]
    exact = make(X, max_iter=20, early_exaggeration_iter=10, neighbors="exact").wait(PATIENCE)
    exact.place(X[:5]).wait(PATIENCE)
    assert made == [1]

"""What users put beside t-SNE: estimators, coordinates, embeddings that came with X."""

from __future__ import annotations

import threading

import numpy as np
import pandas as pd
import pytest
from sklearn.base import BaseEstimator, clone
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.manifold import MDS, Isomap
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    RunFailedError,
    TSNEWidget,
    WaitTimeoutError,
)
from tsne_widget.wire import protocol

PATIENCE = 60
pytestmark = pytest.mark.usefixtures("close_widgets")


def make(X, beside, **parameters):
    short = {"perplexity": 8, "max_iter": 40, "early_exaggeration_iter": 20}
    return TSNEWidget(X, **{**short, "beside": beside, **parameters})


def done(X, beside, **parameters):
    return make(X, beside, **parameters).wait(PATIENCE)


@pytest.fixture
def coords(blobs):
    return np.random.default_rng(1).normal(size=(len(blobs), 2))


class Slow(BaseEstimator):
    """It fits for as long as it is not let go."""

    reached, go_on = threading.Event(), threading.Event()

    def fit_transform(self, X):
        self.reached.set()
        assert self.go_on.wait(PATIENCE)
        return X[:, :2]


@pytest.fixture
def slow():
    Slow.reached.clear()
    Slow.go_on.clear()
    yield Slow()
    Slow.go_on.set()


# --- estimators ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "estimator",
    [PCA(2), TruncatedSVD(2), Isomap(n_neighbors=9), make_pipeline(StandardScaler(), PCA(2))],
    ids=lambda each: type(each).__name__,
)
def test_an_estimator_is_cloned_and_fitted_to_x(blobs, estimator):
    w = done(blobs, {"theirs": estimator})
    run = w.beside["theirs"]
    expected = clone(estimator).fit_transform(blobs)
    np.testing.assert_allclose(np.abs(run.embedding_), np.abs(expected), atol=1e-8)
    assert run.embedding_.dtype == np.float64
    assert (run.method, run.status, run.settled) == (type(estimator).__name__, "fitted", True)
    assert type(run.estimator_) is type(estimator)
    assert run.estimator_ is not estimator
    assert not hasattr(estimator, "n_features_in_")
    assert 0 < run.neighbors_kept_ <= 1
    assert run.figures == {}
    with pytest.raises(NotComputedError, match="has no kl_divergence_"):
        _ = run.kl_divergence_


def test_a_fitted_estimator_is_taken_as_it_is(blobs):
    fitted = Isomap(n_neighbors=9).fit(blobs)
    run = done(blobs, fitted).beside["Isomap"]
    np.testing.assert_array_equal(run.embedding_, fitted.embedding_)
    assert run.estimator_ is fitted
    assert run.status == "given"
    with pytest.raises(InvalidValueError, match="is Isomap, fitted to 50 rows, and X has 60"):
        make(blobs, {"theirs": Isomap(n_neighbors=9).fit(blobs[:50])})


class FitAlone(BaseEstimator):
    """Like openTSNE, whose fit returns the map."""

    class Map(np.ndarray):
        def transform(self, X):
            return X[:, :2]

    def fit(self, X):
        return np.ascontiguousarray(X[:, :2]).view(self.Map)


class FitAloneAndTelling(BaseEstimator):
    """Like openTSNE too: its map keeps the callbacks for more iterations."""

    def __init__(self, callbacks=None, callbacks_every_iters=50):
        self.callbacks, self.callbacks_every_iters = callbacks, callbacks_every_iters

    def fit(self, X):
        found = FitAlone().fit(X)
        found.gradient_descent_params = {"learning_rate": 8, **self.get_params()}
        return found


class FitInPlace(BaseEstimator):
    """Like some of scikit-learn, which have only `fit`."""

    def fit(self, X):
        self.embedding_ = X[:, 1:3]
        return self


def test_an_estimator_needs_no_fit_transform(blobs):
    w = done(blobs, [FitAlone(), FitInPlace()])
    alone, in_place = w.beside.values()
    np.testing.assert_array_equal(alone.embedding_, blobs[:, :2])
    assert alone.estimator_.transform(blobs).shape == (60, 2)
    np.testing.assert_array_equal(in_place.embedding_, blobs[:, 1:3])
    assert isinstance(in_place.estimator_, FitInPlace)


def test_a_fitted_map_keeps_nothing_of_ours(blobs):
    (run,) = done(blobs, FitAloneAndTelling()).beside.values()
    kept = run.estimator_.gradient_descent_params
    assert kept == {"learning_rate": 8, "callbacks": None, "callbacks_every_iters": 50}


class Telling(BaseEstimator):
    """It tells its progress as umap-learn does, through tqdm."""

    def __init__(self, tqdm_kwds=None, verbose=False):
        self.tqdm_kwds, self.verbose = tqdm_kwds, verbose

    def fit(self, X, y=None):
        raise NotImplementedError

    def fit_transform(self, X, y=None):
        for percent in ("0.0", "25.0", "\r\n", "50.0"):
            self.tqdm_kwds["file"].write(percent)
        Slow().fit_transform(X)
        return X[:, :2]


class Calling(BaseEstimator):
    """It tells its progress as openTSNE does, by calls."""

    def __init__(self, n_iter=300, early_exaggeration_iter=100, callbacks=None, callbacks_every_iters=50):
        self.n_iter, self.early_exaggeration_iter = n_iter, early_exaggeration_iter
        self.callbacks, self.callbacks_every_iters = callbacks, callbacks_every_iters

    def fit_transform(self, X):
        for _ in range(200 // self.callbacks_every_iters):
            self.callbacks(self.callbacks_every_iters, 0.0, None)
        Slow().fit_transform(X)
        return X[:, :2]


def test_the_last_step_of_a_pipeline_tells_its_progress_too(blobs, slow):
    w = make(blobs, make_pipeline(StandardScaler(), Telling()))
    (run,) = w.beside.values()
    assert slow.reached.wait(PATIENCE)
    with pytest.raises(WaitTimeoutError):
        w.wait(0.4)
    assert w._driver.run_of(run.id).status.progress == 0.5
    slow.go_on.set()
    w.wait(PATIENCE)
    assert run.estimator_[-1].tqdm_kwds is None


@pytest.mark.parametrize("kind", [Telling, Calling])
def test_while_it_is_fitted_the_panel_says_how_long_and_how_far(blobs, slow, kind):
    w = make(blobs, kind())
    (run,) = w.beside.values()
    assert slow.reached.wait(PATIENCE)
    with pytest.raises(WaitTimeoutError):
        w.wait(0.4)
    status = w._driver.run_of(run.id).status
    assert run.status == f"fitting {kind.__name__}"
    assert status.waiting in (f"fitting {kind.__name__}, 0 s", f"fitting {kind.__name__}, 1 s")
    assert status.progress == 0.5
    assert w.runs[0].status != "compiling"  # t-SNE does not wait for it
    slow.go_on.set()
    w.wait(PATIENCE)
    assert run.estimator_.get_params() == kind().get_params()


def test_fits_take_turns_and_close_during_one_returns_at_once(blobs, slow):
    w = make(blobs, {"one": slow, "two": Slow()})
    assert slow.reached.wait(PATIENCE)
    with pytest.raises(WaitTimeoutError):
        w.wait(0.4)
    assert w._driver.run_of(w.beside["two"].id).status.waiting == "fitting Slow after another fit"
    w.close()
    assert w.beside["one"].status in ("fitting Slow", "paused")
    np.testing.assert_array_equal(done(blobs, PCA(2)).beside["PCA"].status, "fitted")
    with pytest.raises(NotComputedError):
        _ = w.beside["one"].embedding_


def test_a_restart_drops_the_fit_under_way_and_fits_again(blobs, slow):
    w = make(blobs, slow)
    assert slow.reached.wait(PATIENCE)
    w.beside["Slow"].restart()
    slow.go_on.set()
    assert w.wait(PATIENCE).beside["Slow"].status == "fitted"


class Failing(BaseEstimator):
    def fit_transform(self, X):
        raise RuntimeError("no map of these")


class Three(BaseEstimator):
    def fit_transform(self, X):
        return X[:, :3]


class Ending(BaseEstimator):
    def fit_transform(self, X):
        raise SystemExit(3)


class Meddling(BaseEstimator):
    def fit_transform(self, X):
        X += 1
        return X[:, :2]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (Failing, "while Failing was fitted: RuntimeError: no map of these"),
        (Ending, "while Ending was fitted: SystemExit: 3"),
        (Three, "Three returned 3 columns, and a map needs 2"),
    ],
)
def test_an_error_stands_on_its_panel_in_the_estimators_own_words(blobs, kind, words):
    w = make(blobs, kind())
    with pytest.raises(RunFailedError, match=kind.__name__):
        w.wait(PATIENCE)
    (run,) = w.beside.values()
    status = w._driver.run_of(run.id).status
    assert (status.kind, run.status) == ("failed", "failed")
    assert words in status.reason
    assert w.runs[0].n_iter_ == 40
    del w.beside[kind.__name__]
    w.wait(PATIENCE)


def test_a_map_that_never_comes_says_why_and_does_not_ask_to_wait(blobs, slow):
    w = make(blobs, {"bad": Failing()})
    with pytest.raises(RunFailedError):
        w.wait(PATIENCE)
    for name in ("embedding_", "estimator_", "neighbors_kept_"):
        with pytest.raises(NotComputedError, match=f"no {name}: bad failed: RuntimeError: no map of these"):
            getattr(w.beside["bad"], name)
    w.beside = {"slow": slow}
    never = w.beside["slow"]
    assert slow.reached.wait(PATIENCE)
    with pytest.raises(NotComputedError, match=r"not known yet: wait\(\) waits for it"):
        never.embedding_  # noqa: B018
    w.close()
    with pytest.raises(NotComputedError, match="there is no embedding_: slow was closed before"):
        never.embedding_  # noqa: B018


def test_an_estimator_that_writes_into_x_harms_no_other_map(blobs):
    X = np.array(blobs)
    w = done(X, [Meddling(), "pca"])
    np.testing.assert_array_equal(w.beside["Meddling"].embedding_, blobs[:, :2] + 1)
    np.testing.assert_array_equal(X, blobs)
    np.testing.assert_array_equal(w.beside["PCA"].embedding_, done(X, "pca").beside["PCA"].embedding_)


# --- coordinates --------------------------------------------------------------------------------------


def test_coordinates_stay_as_given_and_the_view_gets_them_centred(blobs, coords):
    far = 1e9 + coords
    w = done(
        blobs, {"mine": far, "float32": coords.astype(np.float32), "integers": [[i, 2] for i in range(60)]}
    )
    np.testing.assert_array_equal(w.beside["mine"].embedding_, far)
    layout = w._driver.run_of(w.beside["mine"].id).layout.points
    np.testing.assert_allclose(layout, coords - coords.mean(axis=0), atol=1e-5)
    assert w.beside["float32"].embedding_.dtype == np.float32
    assert w.beside["mine"].neighbors_kept_ == w.beside["float32"].neighbors_kept_
    assert w.beside["mine"].method == "given coordinates"
    with pytest.raises(NotComputedError, match="no estimator makes it"):
        _ = w.beside["mine"].estimator_
    frame = w.to_frame()
    np.testing.assert_array_equal(frame[["x_mine", "y_mine"]], far)


def test_a_frame_in_another_order_is_put_into_that_of_the_rows(blobs, coords):
    names = [f"row {i}" for i in range(60)]
    X = pd.DataFrame(blobs, index=names, columns=list("abcde"))
    mixed = pd.DataFrame(coords, index=names).sample(frac=1, random_state=0)
    np.testing.assert_array_equal(done(X, {"mine": mixed}).beside["mine"].embedding_, coords)


def test_rows_without_a_place_are_counted_and_left_out(blobs, coords, tmp_path):
    pytest.importorskip("matplotlib")
    gaps = coords.copy()
    gaps[3], gaps[7, 1] = np.nan, np.nan
    w = done(blobs, {"mine": gaps}, labels=np.arange(60) % 3)
    run = w.beside["mine"]
    assert run.status == "given (2 rows lack a place)"
    assert w._driver.run_of(run.id).status.reason == "2 of 60 rows are not drawn: their coordinates are NaN"
    missing = np.isnan(run.embedding_).all(axis=1)
    assert np.flatnonzero(missing).tolist() == [3, 7]
    kept = run.measure("kept")
    assert np.isnan(kept[[3, 7]]).all()
    assert run.neighbors_kept_ == pytest.approx(np.nanmean(kept))
    assert np.isnan(w.stability(runs=[0, 1])[[3, 7]]).all()
    assert set(run.neighbors(0, 57)) == set(range(60)) - {0, 3, 7}
    with pytest.raises(InvalidValueError, match="only 57 other rows have a place"):
        run.neighbors(0, 58)
    with pytest.raises(InvalidValueError, match="row 3 has no place on this map"):
        run.neighbors(3, 5)
    assert len(run.group_distances().pairs) == 3
    w.save_image(tmp_path / "maps.svg")
    page = w._exports._snapshots()[1]
    assert page["gaps"]
    frame = w._clients.answer(protocol.Keyframes())
    assert frame


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (np.zeros((60, 3)), "has 3 columns, and a map needs 2: choose two of them, such as"),
        (np.zeros((59, 2)), r"has shape \(59, 2\)"),
        (np.full((60, 2), np.inf), "infinite"),
        (np.full((60, 2), np.nan), "NaN in every row"),
    ],
)
def test_what_is_no_map_is_an_error_at_once(blobs, points, words):
    with pytest.raises(InvalidValueError, match=rf"beside\['mine'\].*{words}"):
        make(blobs, {"mine": points})


@pytest.mark.parametrize(
    ("beside", "error", "words"),
    [
        (PCA, InvalidTypeError, r"the class PCA: give an instance, PCA\(\)"),
        (PCA(), InvalidValueError, "n_components=None, and a map needs 2"),
        ({"mine": PCA(3)}, InvalidValueError, r"beside\['mine'\] is PCA with n_components=3"),
        (make_pipeline(StandardScaler(), PCA(4)), InvalidValueError, "n_components=4"),
        ({"mine": object()}, InvalidTypeError, "an array of shape"),
        ({3: "pca"}, InvalidTypeError, "keys are names"),
        ({"mine": {"method": "umpa"}}, InvalidValueError, "must be one of 'pca'"),
        (
            {"mine": {"method": "pca", "turns": 3}},
            InvalidValueError,
            "'turns', which is no parameter of 'pca'",
        ),
        ({"mine": np.array(["a", "b"])}, InvalidTypeError, "an array of shape"),
    ],
)
def test_what_makes_no_map_says_what_would(blobs, beside, error, words):
    with pytest.raises(error, match=words):
        make(blobs, beside)


def test_of_distances_only_estimators_that_take_them_make_a_map(blobs):
    distances = np.linalg.norm(blobs[:, None] - blobs[None], axis=2)
    with pytest.raises(InvalidValueError, match="PCA, which takes rows, but X holds distances"):
        make(distances, PCA(2), metric="precomputed")
    isomap = Isomap(n_neighbors=9, metric="precomputed")
    found = done(distances, isomap, metric="precomputed").beside["Isomap"].embedding_
    np.testing.assert_allclose(np.abs(found), np.abs(Isomap(n_neighbors=9).fit_transform(blobs)), atol=1e-4)


# --- embeddings that came with X ----------------------------------------------------------------------


def test_keys_of_obsm_are_maps_that_the_file_already_has(blobs, coords):
    anndata = pytest.importorskip("anndata")
    adata = anndata.AnnData(blobs, obsm={"X_umap": coords, "X_pca": blobs[:, :4].copy()})
    w = done(adata, ["X_umap", "pca"])
    assert list(w.beside) == ["X_umap", "PCA"]
    np.testing.assert_array_equal(w.beside["X_umap"].embedding_, coords)
    w.beside["PCA map"] = "pca"
    del w.beside["PCA"]
    written = w.wait(PATIENCE).to_anndata()
    assert set(written.obsm) == {"X_umap", "X_pca", "X_tsne", "X_pca_map"}
    assert "beside={'X_umap': 'X_umap', 'PCA map': 'pca'}" in w.recipe()
    assert "beside='X_umap'" in done(adata, "X_umap").recipe()
    with pytest.raises(InvalidValueError, match=r"obsm\['X_pca'\] has 4 columns, and a map needs 2"):
        w.beside["theirs"] = "X_pca"
    with pytest.raises(InvalidValueError, match=r"must be one of 'pca'.*'X_umap', 'X_pca'"):
        w.beside["theirs"] = "X_umpa"


# --- which there are ----------------------------------------------------------------------------------


def test_things_come_and_go_by_name_and_the_others_stay(blobs, coords):
    pca = PCA(2)
    w = done(blobs, {"mine": coords, "theirs": pca})
    mine, theirs = w.beside.values()
    w.beside["new"] = coords * 2
    assert list(w.beside.values())[:2] == [mine, theirs]
    w.beside["theirs"] = pca  # the same again
    w.beside["mine"] = coords.copy()
    assert list(w.beside.values())[:2] == [mine, theirs]
    pca.set_params(whiten=True)
    assert not theirs.estimator_.whiten
    w.beside["theirs"] = pca  # not the same
    assert w.wait(PATIENCE).beside["theirs"] != theirs
    assert w.beside["theirs"].estimator_.whiten
    with_array = FitAloneAndTelling(callbacks=np.zeros(3))
    w.beside["array"] = with_array
    held = w.beside["array"]
    w.beside["array"] = with_array
    assert w.beside["array"] == held
    with_array.callbacks = np.ones(3)
    w.beside["array"] = with_array
    assert w.beside["array"] != held
    w.beside = [coords, pca, PCA(2), coords]
    assert list(w.beside) == ["given", "PCA", "PCA 2", "given 2"]
    w.beside = [PCA(2), "pca", coords]
    assert list(w.beside) == ["PCA", "PCA 2", "given"]
    w.beside = [coords, pca, PCA(2), coords]
    del w.beside["given"]
    w.beside = {**w.beside, "again": "pca"}
    assert list(w.beside) == ["PCA", "PCA 2", "given 2", "again"]


def test_maps_of_another_widget_stand_beside_from_the_start_or_later(blobs, coords):
    other = done(blobs, {"mine": coords})
    w = done(blobs, {"first": other.runs[0], **other.beside})
    w.beside["later"] = other.runs[0]
    w.wait(PATIENCE)
    for name in ("first", "later"):
        np.testing.assert_array_equal(w.beside[name].embedding_, other.runs[0].embedding_)
    np.testing.assert_array_equal(w.beside["mine"].embedding_, coords)


def test_the_menus_of_a_view_keep_them(blobs, coords):
    w = done(blobs, {"mine": coords})
    mine = w.beside["mine"]
    w._clients.carry_out(protocol.Compare({}, ("mine", "PCA")))
    assert next(iter(w.beside.values())) == mine
    assert list(w.beside) == ["mine", "PCA"]
    told = {method["name"]: method["offered"] for method in w._methods}
    assert told["pca"]
    assert not told["given"]
    assert [run["made_by"] for run in w._runs] == ["t-SNE", "given coordinates", "PCA"]


def test_the_recipe_makes_them_again(blobs, coords):
    w = done(blobs, {"mine": coords, "theirs": make_pipeline(StandardScaler(), PCA(2, whiten=True))})
    code = w.recipe()
    assert "# Set to your own: mine (its coordinates)." in code
    names = {"X": blobs, "mine": coords}
    exec(code[: code.index("# A similar map")], names)
    other = names["w"].wait(PATIENCE)
    for run, again in zip(w.runs, other.runs, strict=True):
        np.testing.assert_array_equal(run.embedding_, again.embedding_)
    other.close()
    exec(code[code.index("# theirs") :], names)
    np.testing.assert_array_equal(names["theirs_map"], w.beside["theirs"].embedding_)


def test_an_estimator_that_is_not_scikit_learns_is_a_variable_of_the_recipe(blobs):
    class Plain:
        def fit_transform(self, X):
            return X[:, :2]

    code = done(
        blobs, {"theirs": Plain(), "mds": MDS(random_state=np.random.RandomState(3), n_init=2)}
    ).recipe()
    assert "# Set to your own: theirs, random_state." in code
    assert "beside={'theirs': theirs, 'mds': MDS(n_init=2, random_state=random_state)}" in code


class OtherPCA(PCA):
    """A class of the same name as scikit-learn's, in another module."""


OtherPCA.__name__ = OtherPCA.__qualname__ = "PCA"
OtherPCA.__module__ = "elsewhere"


def test_the_recipe_tells_classes_of_one_name_apart_and_leaves_out_what_only_a_notebook_has(blobs):
    class Own(BaseEstimator):
        def fit_transform(self, X):
            return X[:, :2]

    things = {"ours": PCA(2), "theirs": OtherPCA(2), "own": Own(), "again": "pca", "more": "parametric"}
    w = make(blobs, things, autostart=False)
    code = w.recipe()
    assert "from elsewhere import PCA as PCA_2" in code
    assert "'ours': PCA(n_components=2), 'theirs': PCA_2(n_components=2), 'own': Own()" in code
    assert "# Set to your own: Own." in code
    assert "import Own" not in code
    assert "\nagain = PCA(2, " in code  # maps of one method do not share a variable
    assert "\nmore = ParametricTSNE(" in code


def test_titles_and_words_name_what_made_them(blobs, coords):
    w = done(blobs, {"mine": coords, "theirs": Isomap(n_neighbors=9)})
    assert w._caption.startswith("t-SNE, given coordinates and Isomap of 60 rows.")
    assert repr(w.beside["theirs"]) == "RunHandle(theirs: fitted)"

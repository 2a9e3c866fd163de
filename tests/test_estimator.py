"""TSNE is a scikit-learn estimator, gives the widget's maps, and places new rows on them."""

import _thread
import multiprocessing
import pickle
import threading
import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from joblib import Parallel, delayed
from sklearn import datasets
from sklearn.base import clone
from sklearn.metrics import pairwise_distances
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsTransformer, NearestNeighbors, kneighbors_graph
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from tsne_widget import (
    TSNE,
    DataError,
    InvalidTypeError,
    InvalidValueError,
    IsolatedRowsWarning,
    NoEffectWarning,
    PerplexityWarning,
    RunFailedError,
    TSNEWidget,
    TSNEWidgetError,
)
from tsne_widget.data import kept
from tsne_widget.data.kept import _copies_on_write as copies_on_write
from tsne_widget.tsne import query
from tsne_widget.tsne.cell_index import CellIndex


def test_scikit_learns_checks():
    checks = check_estimator(TSNE(perplexity=2, max_iter=50), on_skip=None)
    assert len(checks) > 40
    # Arrays of other libraries are an experiment of scikit-learn's, off by default.
    assert {each["check_name"] for each in checks if each["status"] != "passed"} <= {"check_array_api_input"}


@pytest.fixture
def blobs():
    """120 rows in three clouds."""
    random = np.random.default_rng(7)
    return random.normal(size=(120, 6)) + 6 * np.repeat(np.eye(6)[:3], 40, axis=0)


@pytest.fixture
def tsne():
    """For the 120 rows of `blobs`."""
    return TSNE(perplexity=9, max_iter=150)


# --- the map ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"init": "random", "random_state": 3},
        {"method": "mesh", "learning_rate": 50.0, "exaggeration": 1.5},
        {"method": "barnes_hut", "angle": 0.8, "metric": "cosine"},
        {"affinity": "uniform", "early_exaggeration": 4.0, "early_exaggeration_iter": 20},
        {"multiscale": [20.0], "neighbors": "exact"},
    ],
    ids=str,
)
@pytest.mark.parametrize("n_jobs", [1, 3, None])
def test_the_map_is_the_widgets_bit_for_bit(blobs, tsne, parameters, n_jobs):
    ours = tsne.set_params(n_jobs=n_jobs, **parameters).fit(blobs)
    widget = TSNEWidget(blobs, perplexity=9, max_iter=150, **parameters).wait()
    assert ours.embedding_.tobytes() == widget.embedding_.tobytes()
    assert ours.kl_divergence_ == widget.kl_divergence_
    assert (ours.n_iter_, ours.learning_rate_) == (widget.n_iter_, widget.learning_rate_)
    assert ours.settled_ == widget.settled


def test_what_fit_leaves(blobs, tsne):
    assert tsne.fit(blobs) is tsne
    assert tsne.embedding_.shape == (120, 2)
    assert tsne.embedding_.dtype == np.float32
    assert 0 < tsne.kl_divergence_ < 1
    assert tsne.n_iter_ == 150
    assert not tsne.settled_
    assert tsne.set_params(max_iter=3000).fit(blobs).settled_
    assert (clone(tsne).fit_transform(blobs) == tsne.embedding_).all()


def nearly(Y, expected):
    """Distances that are rounded otherwise lead far apart after many iterations, but not after ten."""
    return np.abs(Y - expected).max() < 1e-2 * np.ptp(expected)


def test_known_neighbors(blobs, tsne):
    tsne.set_params(max_iter=10)
    distances, indices = NearestNeighbors(n_neighbors=28).fit(blobs).kneighbors()
    known = clone(tsne).set_params(neighbors=(indices, distances)).fit_transform(blobs)
    assert nearly(known, tsne.fit_transform(blobs))


def test_random_states(blobs, tsne):
    tsne.set_params(init="random")
    a, b = (clone(tsne).set_params(random_state=np.random.RandomState(0)).fit_transform(blobs) for _ in "ab")
    assert (a == b).all()
    tsne.set_params(random_state=None)
    assert (tsne.fit_transform(blobs) != tsne.fit_transform(blobs)).any()


def test_a_line(blobs, tsne):
    line = tsne.set_params(n_components=1).fit(blobs)
    assert line.embedding_.shape == (120, 1)
    assert np.ptp(line.embedding_) > 1
    # The three clouds lie one after the other.
    order = np.argsort(line.embedding_[:, 0])
    assert (np.diff(order // 40) != 0).sum() == 2
    assert line.transform(blobs[:5] + 0.01).shape == (5, 1)
    assert line.set_params(n_components=2).transform(blobs[:5]).shape == (5, 1)
    line.set_params(n_components=1)
    start = np.arange(120.0)[:, None]
    assert tsne.set_params(init=start).fit_transform(blobs).shape == (120, 1)
    assert list(tsne.get_feature_names_out()) == ["tsne0"]
    with pytest.raises(InvalidValueError, match="init has shape"):
        tsne.set_params(init=np.zeros((120, 2))).fit(blobs)
    with pytest.raises(InvalidValueError, match="for planes"):
        tsne.set_params(init="pca", method="mesh").fit(blobs)


def test_frames_and_pipelines(blobs):
    frame = pd.DataFrame(blobs, columns=list("abcdef"), index=np.arange(120) + 500)
    steps = make_pipeline(StandardScaler(), TSNE(perplexity=9, max_iter=100)).set_output(transform="pandas")
    told = steps.fit_transform(frame)
    assert list(told.columns) == ["tsne0", "tsne1"]
    assert list(told.index) == list(frame.index)
    placed = steps.transform(frame[:7])
    assert (placed.to_numpy() == told[:7].to_numpy()).all()
    assert list(steps[-1].feature_names_in_) == list("abcdef")


def test_sparse_rows(blobs, tsne):
    positive = np.where(blobs > 1, blobs, 0)
    sparse = tsne.fit_transform(scipy.sparse.csr_array(positive))
    assert np.isfinite(sparse).all()
    assert (tsne.transform(positive[:9]) == sparse[:9]).all()
    dense = clone(tsne).fit(positive)
    assert (dense.transform(scipy.sparse.csr_array(positive[:9])) == dense.embedding_[:9]).all()


def test_precomputed_distances(blobs, tsne):
    tsne.set_params(init="random", max_iter=10)
    rows = tsne.fit_transform(blobs)
    distances = pairwise_distances(blobs)
    measured = clone(tsne).set_params(metric="precomputed").fit(distances)
    assert nearly(measured.embedding_, rows)
    assert (measured.transform(distances[:5]) == measured.embedding_[:5]).all()

    graph = kneighbors_graph(blobs, 30, mode="distance")
    with pytest.warns(IsolatedRowsWarning, match="3 parts of 40 rows each"):
        known = clone(tsne).set_params(metric="precomputed").fit(graph)
    assert nearly(known.embedding_, rows)
    with pytest.raises(InvalidValueError, match="need their distances to all rows"):
        known.transform(graph[:5])


def test_verbose(blobs, tsne, capsys):
    tsne.set_params(verbose=1).fit(blobs)
    told = capsys.readouterr().out
    assert "finding neighbours" in told
    assert "iteration 100: KL " in told
    tsne.set_params(verbose=0).fit(blobs)
    assert capsys.readouterr().out == ""


# --- bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "error", "words"),
    [
        ({"n_components": 3}, InvalidValueError, "n_components=3 is not allowed"),
        ({"perplexity": 119}, InvalidValueError, "perplexity=119"),
        ({"perplexity": [5, 30]}, InvalidTypeError, "perplexity="),
        ({"method": "fft"}, InvalidValueError, "method='fft'"),
        ({"angle": 2}, InvalidValueError, "angle=2"),
        ({"neighbors": "some"}, InvalidValueError, "neighbors='some'"),
        ({"neighbors": (np.zeros((120, 5), int), np.zeros((120, 5)))}, InvalidValueError, "neighbors"),
        ({"affinity": "laplace"}, InvalidValueError, "affinity='laplace'"),
        ({"multiscale": 30}, InvalidTypeError, "multiscale=30"),
        ({"multiscale": [30, 500]}, InvalidValueError, "multiscale=500"),
        ({"multiscale": [30], "affinity": "uniform"}, InvalidValueError, "give only one of the two"),
        ({"max_iter": 0}, InvalidValueError, "max_iter=0"),
        ({"metric": "near"}, InvalidValueError, "metric='near'"),
        ({"n_jobs": 0}, InvalidValueError, "n_jobs=0"),
        ({"n_jobs": 100_000}, InvalidValueError, "n_jobs=100000.*1024"),
        ({"init": np.zeros((5, 2))}, InvalidValueError, "init has shape"),
        ({"random_state": -1}, InvalidValueError, "random_state=-1"),
        ({"metric": "precomputed"}, InvalidValueError, "X must be square"),
        ({"verbose": "yes"}, InvalidTypeError, "verbose='yes'"),
        ({"learning_rate": 1e300}, RunFailedError, "diverged in iteration 1: lower learning_rate"),
    ],
    ids=str,
)
def test_bad_parameters_are_named(blobs, tsne, parameters, error, words):
    with pytest.raises(error, match=words):
        tsne.set_params(**parameters).fit(blobs)


def test_too_few_given_neighbors(blobs, tsne):
    distances, indices = NearestNeighbors(n_neighbors=26).fit(blobs).kneighbors()
    tsne.set_params(neighbors=(indices, distances))
    with pytest.raises(InvalidValueError, match=r"perplexity=9 needs 27 neighbours of each row.* has 26"):
        tsne.fit(blobs)
    tsne.set_params(perplexity=5, multiscale=[9])
    with pytest.raises(InvalidValueError, match="needs 27 neighbours"):
        tsne.fit(blobs)


def test_given_neighbors_of_rows_that_repeat(blobs, tsne):
    X = np.repeat(blobs[:40], 3, axis=0)
    searched = tsne.set_params(perplexity=8.7, max_iter=10).fit_transform(X)
    distances, indices = NearestNeighbors(n_neighbors=27).fit(X).kneighbors(X)  # of 9 places
    assert nearly(tsne.set_params(neighbors=(indices, distances)).fit_transform(X), searched)
    with pytest.raises(InvalidValueError, match=r"has 26 besides the row itself: .*n_neighbors=28"):
        tsne.set_params(perplexity=9).fit(X)


@pytest.mark.parametrize("metric", ["mahalanobis", "seuclidean", "minkowski", "canberra"])
def test_metrics_of_scikit_learn(blobs, tsne, metric):
    X = np.abs(blobs)
    X[:3, 0] = 1.0  # of the first rows this column has no variance
    distances = pairwise_distances(X, metric=metric)
    by_name = tsne.set_params(metric=metric, init="random", max_iter=10).fit_transform(X)
    assert nearly(by_name, tsne.set_params(metric="precomputed").fit_transform(distances))


def test_a_warning_points_at_the_users_line(blobs, tsne):
    tsne.set_params(n_iter_without_progress=150)
    for fit in (tsne.fit, tsne.fit_transform, make_pipeline(StandardScaler(), tsne).fit_transform):
        with pytest.warns(NoEffectWarning) as warned:
            fit(blobs)
        assert {each.filename for each in warned} == {__file__}


def test_bad_distances(blobs, tsne):
    distances = pairwise_distances(blobs)
    tsne.set_params(metric="precomputed", init="pca")
    with pytest.raises(InvalidValueError, match="init='pca' is not allowed with metric='precomputed'"):
        tsne.fit(distances)
    tsne.set_params(init=None)
    with pytest.raises(ValueError, match="negative"):
        tsne.fit(-distances)
    with pytest.raises(InvalidValueError, match=r"row 0 the graph in X stores 5 .*: 120 rows have too few"):
        tsne.fit(kneighbors_graph(blobs, 5, mode="distance"))


def refused(take):
    with pytest.raises(TSNEWidgetError) as caught:
        take()
    return type(caught.value), str(caught.value)


NO_NUMBERS = {
    "masked": lambda X: np.ma.masked_greater(X, 5),
    "rows that are masked": lambda X: list(np.ma.masked_greater(X, 5)),
    "moments": lambda X: X.astype("M8[D]"),
    "moments that are missing": lambda X: np.full(X.shape, "NaT", "M8[D]"),
    "durations": lambda X: X.astype("m8[s]"),
    "texts": lambda X: X.astype(str),
    "bytes": lambda X: X.astype("S"),
    "texts among objects": lambda X: X.astype(str).astype(object),
    "None among objects": lambda X: np.where(X > 5, None, X),
    "lists of texts": lambda X: X.astype(str).tolist(),
    "records": lambda X: np.zeros(len(X), [("a", float), ("b", float)]),
    "complex numbers": lambda X: X + 1j,
    "sparse complex numbers": lambda X: scipy.sparse.csr_array(X + 1j),
    "a lazy frame": lambda X: pl.LazyFrame(X),
}


@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_data_that_the_widget_refuses_are_refused_in_its_words(blobs, tsne, kind):
    data = NO_NUMBERS[kind](blobs)
    of_the_widget = refused(lambda: TSNEWidget(data))
    assert refused(lambda: clone(tsne).fit(data)) == of_the_widget
    assert refused(lambda: tsne.fit(blobs).transform(data)) == of_the_widget


def test_objects_that_all_are_numbers_make_the_widgets_map(blobs, tsne):
    ours = tsne.fit(blobs.astype(object))
    assert (
        ours.embedding_ == TSNEWidget(blobs.astype(object), perplexity=9, max_iter=150).wait().embedding_
    ).all()
    assert (ours.transform(blobs[:3].astype(object)) == ours.embedding_[:3]).all()


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (lambda n: ["1"] * n, "category"),
        (lambda n: np.full(n, "NaT", "M8[ns]"), "date"),
        (lambda n: pd.Categorical([1, 2] * (n // 2)), "category"),
        (lambda n: [[1]] * n, "object"),
    ],
    ids=["numbers in texts", "moments", "categories", "lists"],
)
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "among numbers"])
def test_a_column_that_is_no_number_is_named(blobs, tsne, column, kind, alone):
    rows = (
        pd.DataFrame({"odd": column(120)}) if alone else pd.DataFrame({"a": blobs[:, 0], "odd": column(120)})
    )
    with pytest.raises(InvalidTypeError, match=f"column 'odd' of X is of type {kind}: all columns must hold"):
        tsne.fit(rows)


def test_columns_of_booleans_and_objects_that_are_numbers_are_columns(blobs, tsne):
    frame = pd.DataFrame({"a": blobs[:, 0].astype(object), "b": blobs[:, 1] > 0, "c": blobs[:, 2]})
    assert tsne.fit(frame).n_features_in_ == 3


def test_annotated_data_are_refused_at_once_with_what_they_hold(blobs, tsne):
    anndata = pytest.importorskip("anndata")
    adata = anndata.AnnData(blobs, obsm={"X_pca": blobs[:, :2]})
    with pytest.raises(
        InvalidTypeError, match=r"X is an AnnData: give one of its matrices, X\.X or X\.obsm\['X_pca'\]"
    ):
        tsne.fit(adata)
    assert tsne.fit(adata.obsm["X_pca"]).embedding_.shape == (120, 2)


@pytest.mark.parametrize(
    ("metric", "wrap"),
    [
        *((metric, np.asarray) for metric in ("euclidean", "manhattan", "sqeuclidean", "chebyshev")),
        *((metric, scipy.sparse.csr_array) for metric in ("euclidean", "manhattan")),
    ],
)
def test_new_rows_beyond_float32_are_named(blobs, tsne, metric, wrap):
    tsne.set_params(metric=metric, max_iter=10).fit(wrap(blobs))
    new = blobs[:3].copy()
    for far in (1e39, 1e100, 1e290):
        new[1, 2] = far
        with pytest.raises(
            DataError, match=f"row 1 of X is too far from the rows of fit .*metric='{metric}'"
        ):
            tsne.transform(wrap(new))
    new[1, 2] = 1e301
    with pytest.raises(DataError, match="all must be within"):
        tsne.transform(wrap(new))
    new[1, 2] = 1e17
    assert np.isfinite(tsne.transform(wrap(new))).all()


@pytest.mark.parametrize("value", [-1e-9, -1.0, 1e39, 1e290])
def test_bad_distances_of_new_rows_are_named(blobs, tsne, value):
    tsne.set_params(metric="precomputed", init="random", max_iter=10).fit(pairwise_distances(blobs))
    new = pairwise_distances(blobs[:5] + 1, blobs)
    assert np.isfinite(tsne.transform(new)).all()
    new[3, 7] = value
    with pytest.raises(
        DataError, match=r"not negative: the distance from row 3 of X to row 7 of fit is -?1(\.|e)"
    ):
        tsne.transform(new)


def test_data_and_parameters_changed_after_fit_change_nothing(blobs, tsne):
    V = np.ones(6)
    tsne.set_params(metric="seuclidean", metric_params={"V": V})
    X = blobs.copy()
    tsne.fit(X)
    places = tsne.transform(blobs[:9] + 0.1)
    X *= 100
    V[:] = [1e-9, 1, 1, 1, 1, 1]
    assert (tsne.transform(blobs[:9] + 0.1) == places).all()
    tsne.set_params(metric="cosine", metric_params=None)
    assert (tsne.transform(blobs[:9] + 0.1) == places).all()


@pytest.mark.parametrize(
    "wrap", [np.asarray, scipy.sparse.csr_array, pd.DataFrame], ids=lambda wrap: wrap.__name__
)
def test_large_data_changed_after_fit_are_refused(monkeypatch, blobs, tsne, wrap):
    monkeypatch.setattr(kept, "COPIED_BYTES", 100)
    X = wrap(blobs.astype(np.float32))
    tsne.set_params(max_iter=10).fit(X)
    places = tsne.transform(blobs[:5])
    again = pickle.loads(pickle.dumps(tsne))
    if wrap is pd.DataFrame:
        X.iloc[:, :] = 0
    else:
        (X.data if wrap is scipy.sparse.csr_array else X)[:] *= 2
    assert (again.transform(blobs[:5]) == places).all()
    if wrap is pd.DataFrame and copies_on_write():
        assert (tsne.transform(blobs[:5]) == places).all()
        return
    with pytest.raises(DataError, match=r"X has changed in place since fit.*give a copy"):
        tsne.transform(blobs[:5])


def test_what_is_small_or_converted_is_kept_once(blobs, tsne):
    tsne.set_params(max_iter=10).fit(blobs.astype(np.int32))
    assert tsne.fit(blobs)._fitted.is_watched is False
    assert tsne.set_params(metric="precomputed", init="random").fit(pairwise_distances(blobs))._fitted is None


def test_two_rows_are_too_few():
    with pytest.raises((DataError, ValueError), match="minimum of 3"):
        TSNE().fit([[0.0, 1.0], [1.0, 0.0]])


@pytest.mark.parametrize("parameters", [{"perplexity": 200}, {"perplexity": 0}, {"max_iter": 0}])
def test_bad_parameters_of_transform(blobs, tsne, parameters):
    tsne.fit(blobs)
    with pytest.raises(InvalidValueError, match=next(iter(parameters))):
        tsne.transform(blobs, **parameters)


@pytest.mark.parametrize("name", ["n_iter_without_progress", "min_grad_norm"])
def test_what_has_no_effect_is_said(blobs, tsne, name):
    with pytest.warns(NoEffectWarning, match=f"{name}=150 has no effect"):
        tsne.set_params(**{name: 150}).fit(blobs)


def test_a_doubtful_perplexity_is_said(blobs, tsne):
    with pytest.warns(PerplexityWarning, match="more than a third"):
        tsne.set_params(perplexity=60).fit(blobs)


# --- new rows -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def split():
    X, y = datasets.load_digits(return_X_y=True)
    seen, new, of_seen, of_new = train_test_split(X, y, test_size=0.25, random_state=0, stratify=y)
    return TSNE().fit(seen), seen, new, of_seen, of_new


def test_new_digits_land_among_their_own_class(split):
    tsne, _, new, of_seen, of_new = split
    nearest = NearestNeighbors(n_neighbors=1).fit(tsne.embedding_).kneighbors(tsne.transform(new))[1][:, 0]
    assert (of_seen[nearest] == of_new).mean() > 0.96  # 0.98; openTSNE's 0.976


def test_a_new_row_does_not_see_the_others(split):
    tsne, _, new, _, _ = split
    together = tsne.transform(new[:40])
    assert (np.concatenate([tsne.transform(row[None]) for row in new[:40]]) == together).all()
    assert (tsne.transform(new[39::-1])[::-1] == together).all()


def test_rows_that_fit_has_seen_get_their_places_and_the_map_stays(split):
    tsne, seen, new, _, _ = split
    before = tsne.embedding_.copy()
    assert (tsne.transform(seen) == before).all()
    tsne.transform(new)
    assert (tsne.embedding_ == before).all()


def test_parameters_of_transform(split):
    tsne, _, new, _, _ = split
    few = tsne.transform(new[:20], max_iter=1)
    assert np.abs(few - tsne.transform(new[:20])).max() > 0.1
    assert np.isfinite(tsne.transform(new[:20], perplexity=300)).all()


# --- many rows ----------------------------------------------------------------------------------------


def clone_of(tsne):
    return pickle.loads(pickle.dumps(tsne))


@pytest.fixture(scope="module")
def many():
    """Rows of clusters, so many that `transform` would search them approximately, with a short map."""
    X, _ = datasets.make_blobs(4000, 8, centers=20, random_state=0)
    return TSNE(max_iter=60, early_exaggeration_iter=30).fit(X[:3600].astype(np.float32)), X.astype(
        np.float32
    )


@pytest.fixture
def approximate(monkeypatch):
    monkeypatch.setattr(query, "EXACT_BELOW", 3000)


def test_many_rows_are_searched_approximately(many, approximate, monkeypatch):
    tsne, X = clone_of(many[0]), many[1]
    made = []
    build = CellIndex.build
    monkeypatch.setattr(CellIndex, "build", lambda *args: made.append(1) or build(*args))
    places = tsne.transform(X[3600:])
    assert (np.concatenate([tsne.transform(part) for part in np.array_split(X[3600:], 3)]) == places).all()
    assert (tsne.transform(X[:3600]) == tsne.embedding_).all()
    assert made == [1]
    exact = tsne.set_params(neighbors="exact").transform(X[3600:])
    assert made == [1]
    assert (exact == places).all(axis=1).mean() > 0.9
    tsne.set_params(neighbors="nearby")
    with pytest.raises(InvalidValueError, match="neighbors"):
        tsne.transform(X[3600:])


def test_a_pickle_leaves_the_index_behind(many, approximate):
    tsne, X = clone_of(many[0]), many[1]
    small = len(pickle.dumps(tsne))
    places = tsne.transform(X[3600:])
    assert len(pickle.dumps(tsne)) < small + 1000
    assert (pickle.loads(pickle.dumps(tsne)).transform(X[3600:]) == places).all()


def test_a_new_fit_has_a_new_index(many, approximate):
    tsne, X = clone_of(many[0]), many[1]
    tsne.transform(X[3600:])
    tsne.set_params(max_iter=10).fit(X[400:])
    assert (tsne.transform(X[400:]) == tsne.embedding_).all()


def test_rows_placed_together_see_one_another(split):
    tsne, seen, new, of_seen, of_new = split
    alone, together = tsne.transform(new), tsne.transform(new, together=True)
    assert np.abs(alone - together).max() > 0.1
    assert (tsne.transform(new, together=True) == together).all()
    assert (tsne.transform(new, together=True, n_total=10**6) != together).any()
    assert (tsne.transform(new[:40], together=True) != together[:40]).any()
    nearest = NearestNeighbors(n_neighbors=1).fit(tsne.embedding_).kneighbors(together)[1][:, 0]
    assert (of_seen[nearest] == of_new).mean() > 0.95
    both = tsne.transform(np.concatenate([seen[:50], new]), together=True)
    assert (both[:50] == tsne.embedding_[:50]).all()
    assert (both[50:] == together).all()  # rows of fit count once
    assert tsne.transform(new[:1], together=True) == pytest.approx(alone[:1])


@pytest.mark.parametrize(
    ("parameters", "error", "match"),
    [
        ({"together": 1}, InvalidTypeError, "together must be"),
        ({"n_total": 5000}, InvalidValueError, "n_total=5000 has no effect without together=True"),
        ({"together": True, "n_total": 119}, InvalidValueError, "n_total must be an integer at least 120"),
        ({"together": True, "n_total": 2e3}, InvalidTypeError, "n_total must be an integer"),
    ],
)
def test_what_placing_together_refuses(parameters, error, match, blobs, tsne):
    tsne.set_params(max_iter=10).fit(blobs)
    with pytest.raises(error, match=match):
        tsne.transform(blobs[:9] + 0.1, **parameters)


def test_placing_together_needs_distances_between_new_rows(blobs, tsne):
    D = pairwise_distances(blobs)
    tsne.set_params(metric="precomputed", init="random", max_iter=10).fit(D)
    with pytest.raises(InvalidValueError, match="together=True needs the distances between new rows"):
        tsne.transform(D[:9], together=True)


@pytest.mark.parametrize("metric", ["seuclidean", "cosine", "manhattan"])
@pytest.mark.parametrize("n_components", [1, 2])
def test_placing_together_in_other_metrics_and_on_a_line(metric, n_components, blobs, tsne):
    tsne.set_params(metric=metric, n_components=n_components, max_iter=30).fit(blobs)
    places = tsne.transform(blobs[::2] + 0.1, together=True)
    assert places.shape == (60, n_components)
    assert np.isfinite(places).all()


# --- a drop-in ----------------------------------------------------------------------------------------
# The calls in scikit-learn's user guide and examples, on fewer rows.


def test_examples_of_scikit_learn():
    points, _ = datasets.make_circles(n_samples=90, factor=0.5, noise=0.05, random_state=0)
    curve, _ = datasets.make_s_curve(150, random_state=0)
    roll, _ = datasets.make_swiss_roll(150, random_state=0)
    digits = MinMaxScaler().fit_transform(datasets.load_digits(n_class=6).data[:150])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerplexityWarning)
        for perplexity in (5, 30, 50):
            tsne = TSNE(n_components=2, init="random", random_state=0, perplexity=perplexity, max_iter=300)
            assert np.isfinite(tsne.fit_transform(points)).all()
    tsne = TSNE(n_components=2, perplexity=30, init="random", max_iter=250, random_state=0)
    assert np.isfinite(tsne.fit_transform(curve)).all()
    assert np.isfinite(
        TSNE(n_components=2, perplexity=40, max_iter=300, random_state=0).fit_transform(roll)
    ).all()
    with pytest.warns(NoEffectWarning):
        TSNE(n_components=2, max_iter=500, n_iter_without_progress=150, n_jobs=2, random_state=0).fit(digits)
    assert np.isfinite(TSNE(n_components=2, random_state=0).fit_transform(curve)).all()


def test_the_example_of_approximate_neighbors():
    X = datasets.load_digits().data[:300]
    transformer = KNeighborsTransformer(n_neighbors=91, mode="distance", metric="sqeuclidean")
    steps = make_pipeline(
        transformer,
        TSNE(init="random", perplexity=30, metric="precomputed", method="barnes_hut", random_state=42),
    )
    assert np.isfinite(steps.fit_transform(X)).all()


# --- processes and interrupts -------------------------------------------------------------------------


@pytest.mark.release
def test_processes_of_joblib(blobs, tsne):
    expected = tsne.fit_transform(blobs)
    for made in Parallel(n_jobs=2)(delayed(clone(tsne).fit_transform)(blobs) for _ in range(2)):
        assert (made == expected).all()


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="the system has no fork")
@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
def test_a_fork_of_a_process_that_has_made_maps(blobs, tsne):
    expected = tsne.fit_transform(blobs)
    with multiprocessing.get_context("fork").Pool(1) as processes:
        assert (processes.apply(clone(tsne).fit_transform, (blobs,)) == expected).all()


def test_an_interrupt_ends_it(blobs, tsne):
    digits = datasets.load_digits().data
    endless = TSNE(max_iter=10**9, early_exaggeration_iter=10**9)
    threads = threading.active_count()
    timer = threading.Timer(0.5, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        endless.fit(digits)
    timer.join()
    assert threading.active_count() <= threads
    assert not hasattr(endless, "embedding_")
    assert np.isfinite(tsne.fit_transform(blobs)).all()

"""ParametricTSNE is a scikit-learn estimator whose map is a function of a row, and goes into a small file."""

from __future__ import annotations

import pickle
import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from scipy.spatial import cKDTree
from sklearn.base import clone
from sklearn.datasets import load_digits
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import check_estimator

from tests.parametric.test_learning import Plane
from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    NoEffectWarning,
    NotComputedError,
    ParametricTSNE,
    PerplexityWarning,
    RunFailedError,
    SaveError,
)


@pytest.fixture
def blobs():
    """120 rows in three clouds."""
    random = np.random.default_rng(7)
    return random.normal(size=(120, 6)) + 6 * np.repeat(np.eye(6)[:3], 40, axis=0)


@pytest.fixture
def parametric():
    """For the 120 rows of `blobs`."""
    return ParametricTSNE(perplexity=9, max_iter=80)


@pytest.mark.parametrize(
    "parameters",
    [{}, {"hidden": (8,)}, pytest.param({"metric": "cosine"}, marks=pytest.mark.slow)],
    ids=str,
)
def test_scikit_learns_checks(parameters):
    checks = check_estimator(ParametricTSNE(perplexity=2, max_iter=30, **parameters), on_skip=None)
    assert len(checks) > 40
    assert {each["check_name"] for each in checks if each["status"] != "passed"} <= {"check_array_api_input"}


# --- the map ------------------------------------------------------------------------------------------

KINDS = [
    {},
    {"landmarks": 7},
    {"landmarks": 120},
    {"metric": "cosine"},
    {"hidden": (16, 8)},
    {"init": "random", "random_state": 3, "exaggeration": 2.0},
]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_fit_leaves(blobs, parametric, kind):
    parametric.set_params(**kind)
    assert parametric.fit(blobs) is parametric
    assert parametric.embedding_.shape == (120, 2)
    assert parametric.embedding_.dtype == np.float32
    assert parametric.kl_divergence_ > 0
    assert parametric.n_iter_ == (80 if "hidden" in kind else 180)
    assert parametric.n_features_in_ == 6
    assert list(parametric.get_feature_names_out()) == ["parametrictsne0", "parametrictsne1"]
    assert (parametric.transform(blobs) == parametric.embedding_).all()
    assert (clone(parametric).fit_transform(blobs) == parametric.embedding_).all()
    again = pickle.loads(pickle.dumps(parametric))
    assert (again.transform(blobs[:9] + 0.1) == parametric.transform(blobs[:9] + 0.1)).all()


@pytest.mark.parametrize("kind", [{}, {"hidden": (16,)}], ids=str)
def test_the_map_does_not_depend_on_the_number_of_threads(blobs, parametric, kind):
    one, three = (parametric.set_params(n_jobs=n, **kind).fit_transform(blobs).copy() for n in (1, 3))
    assert one.tobytes() == three.tobytes()


def test_seeds(blobs, parametric):
    a, b = (clone(parametric).set_params(random_state=seed).fit_transform(blobs) for seed in (0, 1))
    assert (a != b).any()
    parametric.set_params(random_state=None)
    assert (parametric.fit_transform(blobs) != clone(parametric).fit_transform(blobs)).any()


def test_data_changed_after_fit_change_nothing(blobs, parametric):
    X = blobs.copy()
    placed = parametric.fit(X).transform(blobs)
    X *= 100
    assert (parametric.transform(blobs) == placed).all()


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
def test_frames_are_taken_by_name(blobs):
    frame = pd.DataFrame(blobs, columns=list("abcdef"), index=np.arange(120) + 500)
    steps = make_pipeline(StandardScaler(), ParametricTSNE(9, max_iter=60)).set_output(transform="pandas")
    told = steps.fit_transform(frame)
    assert list(told.index) == list(frame.index)
    alone = ParametricTSNE(9, max_iter=60).fit(frame)
    assert list(alone.feature_names_in_) == list("abcdef")
    with pytest.raises(ValueError, match="feature names"):
        alone.transform(frame[list("bacdef")])
    with pytest.raises(ValueError, match="5 features"):
        alone.transform(blobs[:, :5])


def test_small_and_degenerate_data():
    four = np.array([[0.0, 0], [0, 1], [5, 5], [5, 6]])
    with pytest.warns(PerplexityWarning):
        made = ParametricTSNE(1.5, max_iter=60).fit(four)
    assert np.isfinite(made.embedding_).all()
    assert len(made.function_.landmarks) == 2
    random = np.random.default_rng(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        repeated = np.repeat(random.normal(size=(15, 3)), 4, axis=0)
        constant = np.column_stack([random.normal(size=60), np.full(60, 3.0)])
        for X in (repeated, constant, np.ones((60, 2))):
            for hidden in (None, (8,)):
                made = ParametricTSNE(5, max_iter=60, hidden=hidden).fit(X)
                assert np.isfinite(made.embedding_).all()
                assert np.isfinite(made.transform(X + 1)).all()


def test_new_digits_keep_their_neighbours_and_labels():
    X, y = load_digits(return_X_y=True)
    order = np.random.RandomState(0).permutation(len(X))
    seen, new = X[order[:1437]], X[order[1437:]]
    made = ParametricTSNE().fit(seen)
    near = cKDTree(seen).query(new, k=10)[1]
    on_map = cKDTree(made.embedding_).query(made.transform(new), k=10)[1]
    kept = np.mean([len(np.intersect1d(a, b)) / 10 for a, b in zip(near, on_map, strict=True)])
    label = (y[order[:1437]][on_map[:, 0]] == y[order[1437:]]).mean()
    assert kept > 0.47  # 0.494; TSNE.transform 0.534
    assert label > 0.965  # 0.978; TSNE.transform 0.983
    assert made.kl_divergence_ < 0.85  # 0.825


def test_somebodys_model_is_copied_and_trained(blobs, parametric):
    plane = Plane(6)
    before = plane.matrix.copy()
    parametric.set_params(hidden=plane).fit(blobs)
    trained = parametric.function_.network
    assert (plane.matrix == before).all()
    assert (trained.matrix != before).any()
    assert parametric.transform(blobs[:5]).shape == (5, 2)
    with pytest.raises(InvalidTypeError, match="hidden is a Plane: only landmarks and networks"):
        parametric.save("never written")


def test_verbose(blobs, parametric, capsys):
    parametric.set_params(verbose=1).fit(blobs)
    told = capsys.readouterr().out
    assert "finding landmarks" in told
    assert "iteration 50: KL " in told


# --- files --------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:X does not have valid feature names")
@pytest.mark.filterwarnings("ignore::tsne_widget.UnstableWarning")
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_file_holds_the_whole_estimator(blobs, parametric, kind, tmp_path):
    parametric.set_params(**kind).fit(pd.DataFrame(blobs, columns=list("abcdef")))
    parametric.save(tmp_path / "map.npz")
    again = ParametricTSNE.load(tmp_path / "map.npz")
    new = pd.DataFrame(blobs[:9] + 0.1, columns=list("abcdef"))
    assert (again.transform(new) == parametric.transform(new)).all()
    assert again.get_params() == parametric.get_params()
    assert (again.embedding_ == parametric.embedding_).all()
    assert (again.kl_divergence_, again.n_iter_) == (parametric.kl_divergence_, parametric.n_iter_)
    assert list(again.feature_names_in_) == list("abcdef")
    with pytest.raises(ValueError, match="5 features"):
        again.transform(blobs[:, :5])
    assert np.isfinite(again.set_params(max_iter=20).fit_transform(blobs)).all()


def test_parameters_that_no_file_can_hold_are_defaults_again(blobs, parametric, tmp_path):
    parametric.set_params(init=blobs[:, :2], random_state=np.random.RandomState(0), perplexity=np.float32(9))
    parametric.fit(blobs).save(tmp_path / "map.npz")
    again = ParametricTSNE.load(str(tmp_path / "map.npz"))
    assert (again.init, again.random_state, again.perplexity) == ("pca", 0, 9.0)


def test_a_file_is_small_and_needs_no_pickle(blobs, parametric, tmp_path):
    parametric.fit(blobs).save(tmp_path / "map.npz")
    with np.load(tmp_path / "map.npz", allow_pickle=False) as file:
        assert {"format", "version", "landmarks", "places"} <= set(file.files)
        assert file["landmarks"].dtype == np.float32
        assert sum(file[name].nbytes for name in ("landmarks", "places")) <= 60 * 8 * 4


def other_file(path, **changes):
    with np.load(path, allow_pickle=False) as file:
        arrays = {**file, **changes}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda path: path.write_bytes(b"no zip"), "is no npz file, or is damaged"),
        (lambda path: path.write_bytes(b""), "is no npz file, or is damaged"),
        (lambda path: path.write_bytes(path.read_bytes()[:900]), "is no npz file, or is damaged"),
        (lambda path: path.write_bytes(pickle.dumps([1, 2])), "is no npz file, or is damaged"),
        (lambda path: np.savez(path, a=np.zeros(3)), "holds no parametric map"),
        (lambda path: np.save(path.open("wb"), np.zeros(3)), "is no npz file"),
        (lambda path: other_file(path, version=np.array(2)), "has version 2: this tsne_widget reads up to 1"),
        (lambda path: other_file(path, version=None), "is damaged"),
        (lambda path: other_file(path, places=None), "is damaged"),
        (lambda path: other_file(path, places=np.zeros((3, 2))), "is damaged: landmarks of shape"),
        (lambda path: other_file(path, landmarks=None), "is damaged: its layers do not fit"),
        (lambda path: other_file(path, parameters=None), "is damaged"),
        (lambda path: other_file(path, parameters=np.array("{")), "is damaged"),
        (lambda path: other_file(path, parameters=np.array('{"hidden": null, "a": 1}')), "is damaged"),
        (lambda path: other_file(path, origin=np.array([None, 1])), "is no npz file, or is damaged"),
    ],
)
def test_other_files_are_refused(blobs, parametric, tmp_path, spoil, words):
    path = tmp_path / "map.npz"
    parametric.set_params(max_iter=1).fit(blobs).save(path)
    spoil(path)
    with pytest.raises(DataError, match=words):
        ParametricTSNE.load(path)


def test_a_file_that_is_not_there_and_one_that_cannot_be_written(blobs, parametric, tmp_path):
    with pytest.raises(FileNotFoundError):
        ParametricTSNE.load(tmp_path / "nothing.npz")
    with pytest.raises(SaveError, match="cannot write"):
        parametric.fit(blobs).save(tmp_path / "no folder" / "map.npz")


# --- bad input ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parameters", "error", "words"),
    [
        ({"landmarks": 0}, InvalidValueError, "landmarks=0 is not allowed"),
        ({"landmarks": 121}, InvalidValueError, "landmarks=121 .* at most 120 or 'auto'"),
        ({"landmarks": 2.5}, InvalidTypeError, "landmarks=2.5"),
        ({"landmarks": "many"}, InvalidTypeError, "landmarks='many'"),
        ({"hidden": ()}, InvalidValueError, r"hidden=\(\)"),
        ({"hidden": (0,)}, InvalidValueError, "hidden=0"),
        ({"hidden": (2.5,)}, InvalidTypeError, "hidden=2.5"),
        ({"hidden": "wide"}, InvalidTypeError, "hidden='wide'"),
        ({"hidden": 256}, InvalidTypeError, "hidden=256 .* the widths of layers"),
        ({"noise": -1}, InvalidValueError, "noise=-1"),
        ({"metric": "manhattan"}, InvalidValueError, "metric='manhattan' .* TSNE takes other metrics"),
        ({"metric": "precomputed"}, InvalidValueError, "metric='precomputed'"),
        ({"metric": 3}, InvalidTypeError, "metric=3"),
        ({"perplexity": 119}, InvalidValueError, "perplexity=119"),
        ({"max_iter": 0}, InvalidValueError, "max_iter=0"),
        ({"exaggeration": 0.5}, InvalidValueError, "exaggeration=0.5"),
        ({"init": "spectral"}, InvalidValueError, "init='spectral'"),
        ({"random_state": -1}, InvalidValueError, "random_state=-1"),
        ({"n_jobs": 0}, InvalidValueError, "n_jobs=0"),
        ({"verbose": "yes"}, InvalidTypeError, "verbose='yes'"),
    ],
    ids=str,
)
def test_bad_parameters_are_named(blobs, parametric, parameters, error, words):
    with pytest.raises(error, match=words):
        parametric.set_params(**parameters).fit(blobs)


def test_landmarks_beside_a_network_have_no_effect(blobs, parametric):
    with pytest.warns(NoEffectWarning, match="landmarks=5 has no effect"):
        parametric.set_params(landmarks=5, hidden=(4,)).fit(blobs)


def test_bad_data_are_named(blobs, parametric):
    with pytest.raises(InvalidTypeError, match="Sparse data was passed"):
        parametric.fit(scipy.sparse.csr_array(blobs))
    with pytest.raises(NotComputedError, match="not fitted"):
        parametric.transform(blobs)
    with pytest.raises(NotComputedError, match="not fitted"):
        parametric.save("never written")
    spoilt = blobs.copy()
    spoilt[3, 2] = np.nan
    with pytest.raises(DataError, match="NaN"):
        parametric.fit(spoilt)
    parametric.fit(blobs)
    with pytest.raises(DataError, match="NaN"):
        parametric.transform(spoilt)
    spoilt[3, 2] = 1e290
    with pytest.raises(DataError, match="row 3 is too far from the rows of fit"):
        parametric.transform(spoilt)


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_model_that_diverges_is_told(blobs, parametric):
    with pytest.raises(RunFailedError, match="the map diverged in iteration"):
        parametric.set_params(hidden=Plane(6, rate=1e38)).fit(blobs)

"""A widget that is saved and loaded goes on bit for bit as if it had never stopped."""

from __future__ import annotations

import json
import threading
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from ipywidgets.widgets.widget import _instances
from sklearn.decomposition import PCA

from tests.clients import PATIENCE, make
from tests.executors import Elsewhere, equal
from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    NotRunningError,
    RunFailedError,
    SaveError,
    SavingWarning,
    TSNEWidget,
    UnknownColumnError,
    UnknownParameterError,
)
from tsne_widget.tsne import ordering
from tsne_widget.tsne.optimizer import Optimizer

pytestmark = pytest.mark.usefixtures("close_widgets")

#: What can be saved whole; parametric maps take long to find their landmarks.
MOST = {
    "perplexity": [8, 12],
    "beside": ["umap", "pca", {"method": "repeat", "subsample": 0.8}],
    "subset": {"some": np.arange(40)},
}
ALL = {**MOST, "beside": ["parametric", *MOST["beside"]]}
READ = ("title", "status", "iteration", "settled", "figures", "method", "id")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "maps.tsne"


def paused(X, labels=None, **given):
    return make(X, labels, autostart=False, **given).wait(PATIENCE)


def steps(w, n):
    return w.step(n).wait(PATIENCE)


def loaded(w, path, X, *given, **more):
    w.save(path)
    return TSNEWidget.load(path, X, *given, **more)


def alike(one, other):
    """Whether two widgets have the same maps, which came about alike."""
    assert repr(one) == repr(other)
    for a, b in zip(one.runs, other.runs, strict=True):
        assert [getattr(a, name) for name in READ] == [getattr(b, name) for name in READ]
        np.testing.assert_array_equal(a.embedding_, b.embedding_)
        for frame, other_frame in zip(a.history, b.history, strict=True):
            assert (frame.iteration, frame.epoch) == (other_frame.iteration, other_frame.epoch)
            assert frame.figures == other_frame.figures
            np.testing.assert_array_equal(frame.embedding, other_frame.embedding)
    return True


# --- bits ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cut", "given"),
    [
        (7, MOST),
        (25, MOST),
        pytest.param(7, ALL, marks=pytest.mark.release),
        pytest.param(65, ALL, marks=pytest.mark.release),
    ],
    ids=["early", "later", "parametric too", "while it learns"],
)
def test_every_method_goes_on_from_the_early_phase_and_from_later(blobs, path, cut, given):
    w = steps(paused(blobs, **given), cut)
    v = loaded(w, path, blobs)
    assert alike(w, v)
    assert {"paused", "computed"} <= {run.status for run in v.runs}
    for each in (w, v):
        each.start().wait(PATIENCE)
    assert alike(w, v)


def test_a_change_of_values_is_gone_on_from(blobs, path):
    w = steps(paused(blobs, perplexity=8, beside="umap"), 30)
    w.perplexity, w.beside["UMAP"].n_neighbors, w.exaggeration = 15, 9, 2
    steps(w, 12)
    v = loaded(w, path, blobs)
    assert alike(w, v)
    assert (v.perplexity, v.exaggeration, v.beside["UMAP"].n_neighbors) == (15, 2, 9)
    for each in (w, v):
        each.start().wait(PATIENCE)
    assert alike(w, v)


def test_values_that_were_about_to_change_do(blobs, path):
    w = steps(paused(blobs, perplexity=8, beside="umap"), 30)
    w.perplexity, w.beside["UMAP"].min_dist = 15, 0.5
    v = loaded(w, path, blobs)  # in the middle of it, or right after
    for each in (w, v):
        each.start().wait(PATIENCE)
    assert alike(w, v)


def test_values_may_change_before_the_map_can_go_on(blobs, path):
    w = steps(paused(blobs, perplexity=8, beside=["umap", "parametric"]), 30)
    v = loaded(w, path, blobs)
    for each in (w, v):
        each.perplexity, each.beside["UMAP"].min_dist = 15, 0.5
        each.beside["Parametric t-SNE"].perplexity = 11
        each.start().wait(PATIENCE)
    assert alike(w, v)


def test_maps_at_their_end_stay_ended_and_can_be_extended(blobs, path):
    w = make(blobs, **MOST).wait(PATIENCE)
    v = loaded(w, path, blobs)
    assert alike(w, v)
    assert v.runs[0].neighbors_kept_ == w.runs[0].neighbors_kept_
    assert alike(w, v.wait(PATIENCE))
    for each in (w, v):
        each.resume().wait(PATIENCE)  # leaves what has ended
    assert alike(w, v)
    for each in (w, v):
        each.start().wait(PATIENCE)
    assert alike(w, v)
    assert v.runs[0].iteration == 120


def test_an_end_is_extended_at_once_after_loading(blobs, path):
    w = make(blobs, beside="umap").wait(PATIENCE)
    v = loaded(w, path, blobs)
    for each in (v, w):
        each.start().wait(PATIENCE)
    assert alike(w, v)


def test_a_copy_of_a_copy_that_has_not_begun_is_the_same(blobs, path, monkeypatch):
    w = steps(paused(blobs, beside="umap"), 33)
    gate = threading.Event()
    search = "tsne_widget.tsne.neighbors.find_neighbors"
    from tsne_widget.tsne.neighbors import find_neighbors

    def held(*given, **named):
        while not gate.wait(0.001):
            yield 0.0
        return (yield from find_neighbors(*given, **named))

    monkeypatch.setattr(search, held)
    v = loaded(w, path, blobs)
    u = loaded(v, path, blobs)
    assert alike(v, u)
    assert (u.runs[0].status, u.runs[0].iteration) == ("paused", 33)
    u.start()
    gate.set()
    assert alike(w.start().wait(PATIENCE), u.wait(PATIENCE))


def test_running_maps_run_on_and_wait_for_nobody_to_start_them(blobs, path):
    w = make(blobs, max_iter=100_000, perplexity=[8, 9])
    while min(run.iteration for run in w.runs) < 5:
        pass
    w.save(path)
    v = TSNEWidget.load(path, blobs)
    first = [run.iteration for run in v.runs]
    assert min(first) >= 5
    while min(run.iteration for run in v.runs) <= max(first):
        pass
    for each in (w, v):
        each.wait(PATIENCE)
    assert alike(w, v)


def test_a_map_that_has_not_begun_begins(blobs, path):
    w = paused(blobs)
    v = loaded(w, path, blobs)
    assert alike(w, v)
    assert alike(w.start().wait(PATIENCE), v.start().wait(PATIENCE))


def test_rows_that_are_not_in_order_go_on(path, monkeypatch):
    monkeypatch.setattr(ordering, "LEAST_ROWS", 100)
    X = np.random.default_rng(0).normal(size=(300, 3))
    w = steps(paused(X, init="random", perplexity=5), 12)
    (run,) = w._driver.session.runs
    order = w._driver.session.shared_work.in_metric(run.spec).known_affinities(5).order
    assert (order != np.arange(300)).any()
    v = loaded(w, path, X)
    assert alike(steps(w, 15), steps(v, 15))


def test_an_approximate_search_is_as_wide_as_it_was(path):
    X = np.random.default_rng(0).normal(size=(2000, 3))
    w = steps(paused(X, perplexity=20, neighbors="approximate"), 3)
    w.perplexity = 5
    steps(w, 1)
    v = loaded(w, path, X)
    assert alike(steps(w, 9), steps(v, 9))
    one, other = (each._driver.session.runs[0].neighbors.indices for each in (w, v))
    np.testing.assert_array_equal(one, other)


def test_maps_go_on_here_or_elsewhere(blobs, path):
    here = steps(paused(blobs, perplexity=[8, 9]), 25)
    elsewhere = loaded(here, path, blobs, executor=Elsewhere(2)).wait(PATIENCE)
    steps(elsewhere, 9)
    again = loaded(elsewhere, path, blobs)
    for each in (here, elsewhere, again):
        each.start().wait(PATIENCE)
    assert equal(elsewhere, again)
    assert equal(here, again)


def test_a_change_that_a_worker_has_not_done_is_not_lost(blobs, path):
    executor = Elsewhere()
    w = steps(paused(blobs, executor=executor), 25)
    executor.door.clear()
    w.perplexity = 13
    w.start()
    while executor.idle():
        pass
    v = loaded(w, path, blobs)
    executor.door.set()
    for each in (w, v):
        each.wait(PATIENCE)
    assert equal(w, v)
    assert v.iteration > 60


# --- failures -----------------------------------------------------------------------------------------


def test_a_failure_is_saved_and_can_be_recovered_from(blobs, path, monkeypatch):
    def broken(self):
        raise MemoryError("no room")

    w = steps(paused(blobs), 10)
    monkeypatch.setattr(Optimizer, "step", broken)
    with pytest.raises(RunFailedError, match="no room"):
        steps(w, 1)
    v = loaded(w, path, blobs)
    monkeypatch.undo()
    assert v.runs[0].status == "failed"
    assert v._driver.session.runs[0].status.reason == w._driver.session.runs[0].status.reason
    with pytest.raises(RunFailedError, match="MemoryError: no room"):
        v.wait(PATIENCE)
    for each in (w, v):
        each.recover().wait(PATIENCE)
    u = loaded(v, path, blobs)  # recovered, without momentum
    for each in (w, v, u):
        each.start().wait(PATIENCE)
    assert alike(w, v)
    assert alike(w, u)


# --- all the rest -------------------------------------------------------------------------------------


@pytest.fixture
def frame(blobs):
    frame = pd.DataFrame(blobs, columns=list("abcde"))
    frame["kind"] = np.repeat(["x", "y", "z"], 20)
    frame["age"] = np.arange(60.0) + 1
    return frame


FEATURES = list("abcde")


def test_all_that_was_chosen_is_as_it_was(frame, path):
    w = paused(
        frame,
        "kind",
        features=FEATURES,
        perplexity=[8, 9],
        align="selection",
        height=300,
        point_size=3,
        opacity=0.5,
        advice=False,
        show_names=True,
        palette={"x": "#123456"},
        name_by="kind",
        tooltip_columns=["age"],
        save_state=False,
        learning_rate=50,
        multiscale=None,
    )
    w.reference = 1
    w.groups["first"], w.groups["second"] = [1, 2, 3], [3, 4]
    w.groups.recolor("second", "#abcdef")
    w.select([4, 5]).select([6])
    w.filter(age=(10, None), exclude={"kind": "z"})
    w.filter(np.arange(30))
    w.undo()
    w.color_by, w.color_scale = "age", "log"
    v = loaded(w, path, frame, "kind", features=FEATURES)
    assert v.settings == w.settings
    assert v.reference == 1
    for name in (
        "color_by",
        "color_scale",
        "name_by",
        "tooltip_columns",
        "palette",
        "_undo",
        "_color",
        "_runs",
    ):
        assert getattr(v, name) == getattr(w, name), name
    for name in ("_filter", "_groups"):
        assert repr(getattr(v, name)) == repr(getattr(w, name)), name
    assert v.groups.color("second") == "#abcdef"
    for travel in ("undo", "undo", "redo", "redo", "redo", "undo"):
        for each in (w, v):
            getattr(each, travel)()
        np.testing.assert_array_equal(v.selection, w.selection)
        assert repr(v._filter) == repr(w._filter)
    assert v.get_state()["_labels"]["kind"] == "unsaved"


def test_a_measure_colours_and_suggestions_are_there(blobs, path):
    w = make(blobs, max_iter=400, perplexity=[8, 9]).wait(PATIENCE)
    w.find_clumps()
    w.color_by = "stability"
    v = loaded(w, path, blobs)
    assert (v.color_by, v.groups) == ("stability", {})
    assert repr(v.suggestions) == repr(w.suggestions)
    assert v.suggestions.accept() == w.suggestions.accept()


def test_maps_may_have_gone_and_come(blobs, path):
    w = paused(blobs, perplexity=[8, 9, 10], init=["pca", "random", blobs[:, :2]], random_state=[0, 1])
    w.runs[3].remove()
    w.runs[0].remove()
    w.runs[5].perplexity = 18
    v = loaded(w.wait(PATIENCE), path, blobs)
    assert alike(w, v.wait(PATIENCE))
    for each in (w, v):
        each.compare(perplexity=[8, 19])
    assert [run.id for run in v.runs] == [run.id for run in w.runs]
    assert [run.title for run in v.runs] == [run.title for run in w.runs]


def test_a_function_as_a_metric_is_given_again(blobs, path):
    def far(a, b):
        return np.abs(a - b).sum()

    w = steps(paused(blobs, metric=["euclidean", far]), 10)
    w.save(path)
    with pytest.raises(InvalidValueError, match="metric= again, the function 'far'"):
        TSNEWidget.load(path, blobs)
    with pytest.raises(InvalidTypeError, match="metric"):
        TSNEWidget.load(path, blobs, metric="manhattan")
    v = TSNEWidget.load(path, blobs, metric=far)
    assert alike(w.start().wait(PATIENCE), v.start().wait(PATIENCE))
    w.metric = "euclidean"
    w.restart().wait(PATIENCE)
    w.save(path)
    assert TSNEWidget.load(path, blobs).metric == "euclidean"  # nothing needs the function any more


def test_neighbours_and_parameters_that_were_given(blobs, path):
    from sklearn.neighbors import NearestNeighbors

    found = NearestNeighbors(n_neighbors=40).fit(blobs).kneighbors(blobs)[::-1]
    w = steps(paused(blobs, neighbors=found), 10)
    w.save(path)
    with pytest.raises(InvalidValueError, match="neighbors= again"):
        TSNEWidget.load(path, blobs)
    with pytest.raises(DataError, match="other neighbors"):
        TSNEWidget.load(path, blobs, neighbors=(found[0], found[1] * 2))
    v = TSNEWidget.load(path, blobs, neighbors=found)
    assert alike(w.start().wait(PATIENCE), v.start().wait(PATIENCE))
    w = steps(paused(blobs, metric="minkowski", metric_params={"p": 3, "w": np.arange(1.0, 6)}), 10)
    v = loaded(w, path, blobs)
    assert alike(w.start().wait(PATIENCE), v.start().wait(PATIENCE))
    with pytest.raises(InvalidValueError, match="metric_params has no effect"):
        TSNEWidget.load(path, blobs, metric_params={"p": 3})


def test_an_estimator_is_said_to_be_lost_and_its_map_stays(blobs, path):
    given = np.where(np.arange(60)[:, None] == 3, np.nan, blobs[:, :2])
    w = make(blobs, beside={"mine": PCA(2), "there": given, "fitted": given[:, ::-1]}).wait(PATIENCE)
    with pytest.warns(SavingWarning, match="mine will be coordinates without the PCA that made them"):
        w.save(path)
    v = TSNEWidget.load(path, blobs)
    for name in ("mine", "there", "fitted"):
        np.testing.assert_array_equal(v.beside[name].embedding_, w.beside[name].embedding_)
    assert (v.beside["mine"].method, v.beside["there"].method) == ("PCA", "given coordinates")
    v.wait(PATIENCE)
    assert "PCA made it, and was not saved" in v._driver.run_of(v.beside["mine"].id).status.reason
    u = loaded(v, path, blobs)
    assert u.beside["mine"].method == "PCA"


def test_an_observer_saves_maps_as_they_were(blobs, path):
    w = steps(paused(blobs), 6)
    at_rest = {}

    def save(change):
        w.save(path)
        at_rest[len(at_rest)] = TSNEWidget.load(path, blobs)

    w.observe(save, "perplexity")
    before = w.perplexity
    w.perplexity = [before, 12]
    w.unobserve_all("perplexity")
    assert (at_rest[0].perplexity, len(at_rest[0].runs), at_rest[0].iteration) == (before, 1, 6)
    w.save(path)
    assert len(TSNEWidget.load(path, blobs).runs) == 2


def test_a_map_that_is_not_made_yet_is_said_to_be_missing(blobs, path):
    class Slow(PCA):
        def fit_transform(self, X, y=None):
            gate.wait(PATIENCE)
            return super().fit_transform(X)

    gate = threading.Event()
    w = make(blobs, beside={"slow": Slow(2)})
    with pytest.warns(SavingWarning, match="slow is not made yet"):
        w.save(path)
    gate.set()
    with pytest.warns(SavingWarning, match="does not hold 'slow'"):
        v = TSNEWidget.load(path, blobs)
    assert list(v.beside) == []


def test_distances_and_standardised_and_sparse_rows(blobs, path):
    from scipy.sparse import csr_array
    from sklearn.metrics import pairwise_distances

    sparse = csr_array(np.where(np.abs(blobs) > 4, blobs, 0))
    for X, given in (
        (pairwise_distances(blobs), {"metric": "precomputed"}),
        (blobs, {"standardize": True}),
        (sparse, {}),
    ):
        w = steps(paused(X, **given), 10)
        v = loaded(w, path, X)
        assert alike(w.start().wait(PATIENCE), v.start().wait(PATIENCE))


def test_pictures_are_given_again(blobs, path):
    pictures = np.zeros((60, 4, 4), np.uint8)
    w = paused(blobs, image=pictures)
    w.save(path)
    with pytest.warns(SavingWarning, match="image= brings them back"):
        TSNEWidget.load(path, blobs)
    w.show_images = True
    w.save(path)
    with pytest.raises(InvalidValueError, match="give image= again"):
        TSNEWidget.load(path, blobs)
    assert TSNEWidget.load(path, blobs, image=pictures).show_images is True


def test_new_rows_are_said_to_be_left_out(blobs, path):
    w = paused(blobs).place(blobs[:3])
    with pytest.warns(SavingWarning, match="new rows have to be placed again"):
        w.save(path)


# --- files --------------------------------------------------------------------------------------------


def test_the_path_may_be_a_text_and_an_existing_file_is_replaced(blobs, path):
    w = steps(paused(blobs), 3)
    assert w.save(str(path)) == path
    steps(w, 3).save(path)
    assert TSNEWidget.load(str(path), blobs).iteration == 6
    assert [one.name for one in path.parent.iterdir()] == ["maps.tsne"]


def test_the_file_holds_no_pickle_and_no_row(frame, path):
    w = paused(frame, "kind", features=FEATURES)
    w.save(path)
    with zipfile.ZipFile(path) as archive:
        assert all(name.endswith(".npy") for name in archive.namelist())
        for name in archive.namelist():
            with archive.open(name) as file:
                np.lib.format.read_array(file, allow_pickle=False)
    assert frame["a"].to_numpy().tobytes() not in path.read_bytes()


OTHER = {
    "rows": (lambda X: X[:50], "50 rows, and had 60"),
    "features": (lambda X: X[:, :4], "4 features, and had 5"),
    "type": (lambda X: X.astype(np.float32), "dense float32, and was dense float64"),
    "one value": (lambda X: X + (np.arange(60) == 41)[:, None] * 1e-9, r"rows 41 to 41 \(1 of 60 blocks"),
    "order": (lambda X: X[::-1], "first in rows 0 to 0"),
}


@pytest.mark.parametrize("name", OTHER)
def test_other_data_are_refused_and_it_is_said_what_differs(blobs, path, name):
    paused(blobs).save(path)
    change, words = OTHER[name]
    with pytest.raises(DataError, match=words):
        TSNEWidget.load(path, change(blobs))


def test_the_container_of_the_data_makes_no_difference(blobs, path):
    w = steps(paused(blobs), 5)
    w.save(path)
    for X in (np.asfortranarray(blobs), blobs.tolist(), blobs.astype(">f8"), pd.DataFrame(blobs)):
        assert TSNEWidget.load(path, X).iteration == 5


def test_a_column_that_is_missing_is_named(frame, path):
    w = paused(frame[FEATURES], data=frame[["kind", "age"]], color_by="kind")
    w.filter(age=(3, 9))
    w.save(path)
    with pytest.raises(UnknownColumnError, match=r"'kind' \(colours\), 'age' \(filter\)|'age'.*'kind'"):
        TSNEWidget.load(path, frame[FEATURES])
    assert TSNEWidget.load(path, frame[FEATURES], data=frame[["kind", "age"]]).color_by == "kind"


def test_what_the_file_holds_is_refused_as_a_parameter(blobs, path):
    paused(blobs).save(path)
    with pytest.raises(UnknownParameterError, match="'perplexity' is no parameter of load"):
        TSNEWidget.load(path, blobs, perplexity=5)
    with pytest.raises(UnknownParameterError, match="did you mean"):
        TSNEWidget.load(path, blobs, lables=[1])


def rewritten(path: Path, change) -> None:
    """Change the JSON of a file."""
    with np.load(path) as archive:
        arrays = dict(archive)
    head = json.loads(arrays.pop("json").tobytes())
    change(head)
    with path.open("wb") as file:
        np.savez(file, json=np.frombuffer(json.dumps(head).encode(), np.uint8), **arrays)


def shortened(path: Path, name: str) -> None:
    """Leave out points of an array of the first map's state."""
    with np.load(path) as archive:
        arrays = dict(archive)
    key = json.loads(arrays["json"].tobytes())["runs"]["0"]["state"]["arrays"][name]["__array__"]
    arrays[key] = arrays[key][:5]
    with path.open("wb") as file:
        np.savez(file, **arrays)


DAMAGE = {
    "nothing": lambda path: path.write_bytes(b""),
    "text": lambda path: path.write_text("maps"),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-300]),
    "half": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a byte": lambda path: path.write_bytes(_flipped(path.read_bytes())),
    "an array": lambda path: np.save(path.open("wb"), np.zeros(3)),
    "other arrays": lambda path: np.savez(path.open("wb"), a=np.zeros(3)),
    "no maps": lambda path: rewritten(path, lambda head: head.pop("grid")),
    "other rows": lambda path: rewritten(path, lambda head: head["rows"]["now"].update(selection=[99])),
    "no such array": lambda path: rewritten(
        path, lambda head: head["runs"]["0"].update(layout={"__array__": "x"})
    ),
    "a density of no map": lambda path: rewritten(path, lambda head: head.update(density=5)),
    "momentum of fewer points": lambda path: shortened(path, "velocity"),
    "swapped": lambda path: rewritten(
        path, lambda head: head["runs"]["0"]["layout"].update(points=head["runs"]["0"]["frames"][0]["codes"])
    ),
}


def _flipped(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_an_error_of_ours(blobs, path, name):
    steps(paused(blobs), 5).save(path)
    DAMAGE[name](path)
    threads, widgets = threading.active_count(), len(_instances)
    with pytest.raises(DataError, match=r"damaged|holds no maps"):
        TSNEWidget.load(path, blobs)
    assert threading.active_count() <= threads
    assert len(_instances) == widgets


def test_a_newer_file_says_to_update(blobs, path):
    paused(blobs).save(path)
    rewritten(path, lambda head: head.update(version=2))
    with pytest.raises(DataError, match=r"version 2 .* up to version 1: update"):
        TSNEWidget.load(path, blobs)


def test_a_file_that_is_not_there_is_the_systems_error(blobs, path):
    with pytest.raises(FileNotFoundError):
        TSNEWidget.load(path, blobs)
    with pytest.raises(InvalidTypeError, match="path"):
        TSNEWidget.load(3, blobs)


def test_where_no_file_can_be_written_nothing_is_lost(blobs, path, monkeypatch):
    w = steps(paused(blobs), 3)
    w.save(path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SaveError, match="No space left"):
        steps(w, 3).save(path)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == ["maps.tsne"]
    with pytest.raises(SaveError, match="no folder"):
        w.save(path.parent / "none" / "maps.tsne")


def test_a_closed_widget_is_not_saved(blobs, path):
    w = paused(blobs)
    w.close()
    with pytest.raises(NotRunningError, match="closed"):
        w.save(path)

"""The widget as a user of Python has it, without any display."""

from __future__ import annotations

import gc
import inspect
import json
import re
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pandas as pd
import pytest
from anywidget import AnyWidget
from ipywidgets import Layout, Widget
from ipywidgets.embed import embed_data
from ipywidgets.widgets.widget import _instances
from sklearn.manifold._t_sne import _joint_probabilities
from traitlets import HasTraits

import tsne_widget
from tests.clients import ENDLESS, PATIENCE
from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    NotRunningError,
    PerplexityWarning,
    RunFailedError,
    SelectionError,
    TSNEWidget,
    TSNEWidgetError,
    UnknownColumnError,
    UnknownParameterError,
    WaitTimeoutError,
)
from tsne_widget.maps import engine
from tsne_widget.parameters.defaults import DEFAULTS
from tsne_widget.parameters.init import check_init
from tsne_widget.parameters.limits import NOT_GIVEN
from tsne_widget.tsne import initialization
from tsne_widget.tsne.optimizer import Optimizer
from tsne_widget.wire import bundle

pytestmark = pytest.mark.usefixtures("close_widgets")


def make(X, **parameters):
    """Make a widget; here, as errors and warnings name the user's own file."""
    return TSNEWidget(X, **{"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, **parameters})


def python(script, *arguments):
    """Run a script in a fresh interpreter, where warnings of the package are errors."""
    command = [sys.executable, "-W", "error:::tsne_widget", *arguments, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


# --- one line and its results -------------------------------------------------------------------------


def test_one_line_is_enough():
    X = np.random.default_rng(0).normal(size=(100, 4))
    w = TSNEWidget(X).wait(PATIENCE)
    assert w.embedding_.shape == (100, 2)
    assert w.settings == DEFAULTS


def test_results_have_the_types_of_scikit_learn(blobs):
    w = make(blobs).wait(PATIENCE)
    assert w.embedding_.shape == (60, 2)
    assert w.embedding_.dtype == np.float32
    assert w.embedding_.flags.c_contiguous
    assert type(w.kl_divergence_) is float
    assert type(w.learning_rate_) is float
    assert (w.n_iter_, type(w.n_iter_)) == (60, int)
    assert (w.iteration, w.settled, w.status) == (60, False, "not settled yet")


def test_a_map_settles_by_itself(blobs):
    w = make(blobs, max_iter=20_000).wait(PATIENCE)
    assert w.settled is True
    assert w.status == "settled"
    assert w.n_iter_ == w.iteration < 20_000


def test_the_embedding_is_a_copy(blobs):
    w = make(blobs).wait(PATIENCE)
    w.embedding_[:] = 0
    assert w.embedding_.any()


def test_the_divergence_is_that_of_the_embedding():
    n, perplexity = 31, 10  # 3 x perplexity is all other rows: P is that of the textbook
    X = np.random.default_rng(0).normal(size=(n, 4))
    w = make(X, perplexity=perplexity, max_iter=505, early_exaggeration_iter=100).wait(PATIENCE)
    P = _joint_probabilities(((X[:, None] - X) ** 2).sum(axis=2).astype(np.float32), perplexity, 0)
    Y = w.embedding_.astype(float)
    rows, columns = np.triu_indices(n, 1)
    weights = 1 / (1 + ((Y[rows] - Y[columns]) ** 2).sum(axis=1))
    Q = weights / (2 * weights.sum())
    # P holds the pairs in the order of scipy's pdist, and sums to 1 over both halves of the matrix.
    assert w.kl_divergence_ == pytest.approx(2 * (P * np.log(P / Q)).sum(), rel=1e-3)


def test_the_learning_rate_is_in_the_units_of_scikit_learn(blobs):
    assert make(blobs, learning_rate=33.5).wait(PATIENCE).learning_rate_ == 33.5


@pytest.mark.parametrize("name", ["kl_divergence_", "learning_rate_"])
def test_a_result_asked_for_too_early_is_an_error_that_says_how_to_wait(blobs, name):
    w = make(blobs, autostart=False).wait(PATIENCE)
    with pytest.raises(NotComputedError, match=rf"{name} .*wait\(\)"):
        getattr(w, name)
    assert not hasattr(w, name)
    w.start().wait(PATIENCE)
    assert hasattr(w, name)


@pytest.mark.parametrize("name", ["embedding_", "n_iter_"])
def test_a_layout_asked_for_too_early_is_an_error_of_that_name(blobs, monkeypatch, name):
    def broken(*_):
        raise MemoryError("no room for a start")

    monkeypatch.setattr("tsne_widget.tsne.initialization.initial_layout", broken)
    w = make(blobs)
    with pytest.raises(RunFailedError, match="no room"):
        w.wait(PATIENCE)
    with pytest.raises(NotComputedError, match=name):
        getattr(w, name)
    assert w.iteration == 0


def test_the_same_call_gives_the_same_bits(blobs):
    one, same = make(blobs), make(blobs)
    assert one.wait(PATIENCE).embedding_.tobytes() == same.wait(PATIENCE).embedding_.tobytes()


def test_the_number_of_threads_does_not_change_a_bit():
    X = np.random.default_rng(0).normal(size=(1500, 6))  # enough rows to be divided
    one, two, all_ = (make(X, n_jobs=n, max_iter=12).wait(PATIENCE).embedding_.tobytes() for n in (1, 2, -1))
    assert one == two == all_


def test_several_widgets_run_beside_each_other(blobs):
    widgets = [make(blobs, random_state=seed) for seed in range(4)]
    alone = [make(blobs, random_state=seed).wait(PATIENCE).embedding_.tobytes() for seed in range(4)]
    assert [w.wait(PATIENCE).embedding_.tobytes() for w in widgets] == alone


@pytest.mark.parametrize(
    "given",
    [lambda X: X.tolist(), pd.DataFrame, np.asfortranarray, lambda X: X[::-1][::-1]],
    ids=["list", "DataFrame", "Fortran", "view"],
)
def test_the_container_of_the_data_does_not_change_a_bit(blobs, given):
    assert (
        make(given(blobs)).wait(PATIENCE).embedding_.tobytes()
        == make(blobs).wait(PATIENCE).embedding_.tobytes()
    )


@pytest.mark.parametrize("perplexity", [1.5, 2])
def test_four_rows_are_enough(perplexity):
    with pytest.warns(PerplexityWarning):
        w = make(np.eye(4), perplexity=perplexity)
    assert np.isfinite(w.wait(PATIENCE).embedding_).all()


# --- words --------------------------------------------------------------------------------------------


def test_a_widget_says_how_it_is(blobs):
    w = make(blobs, autostart=False).wait(PATIENCE)
    assert repr(w) == "TSNEWidget(60 rows, perplexity 8: paused at iteration 0)"
    w.start().wait(PATIENCE)
    assert repr(w).startswith("TSNEWidget(60 rows, perplexity 8: not settled yet at iteration 60, KL ")
    w.close()
    assert "60 rows" in repr(w)


#: Parameters that describe the rows, and say at first what is seen of them.
OF_THE_ROWS = {
    "features": None,
    "use_rep": None,
    "data": None,
    "image": None,
    "tooltip_columns": None,
    "color_by": NOT_GIVEN,
    "name_by": None,
}


def test_every_parameter_is_documented_with_its_default():
    signature = inspect.signature(TSNEWidget)
    own = {name: p for name, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY}
    by_metric = {"init": None}  # what it is by default depends on what X holds
    assert {name: p.default for name, p in own.items()} == {
        **DEFAULTS.__dict__,
        **OF_THE_ROWS,
        **by_metric,
        "palette": None,
        "beside": None,
        "subset": None,
        "executor": None,
        "autosave": None,
    }
    for name in ("X", "labels", *own):
        assert f"\n{name} : " in inspect.getdoc(TSNEWidget)


def test_a_misspelt_parameter_is_told_the_near_one_whichever_that_is(blobs):
    for name in inspect.signature(TSNEWidget).parameters:
        if name not in ("X", "others"):
            with pytest.raises(UnknownParameterError, match=f"did you mean '{name}'"):
                TSNEWidget(blobs, **{f"{name}_": 1})


def test_no_name_of_ours_is_one_of_jupyter_s():
    theirs = set(dir(AnyWidget)) - set(dir(HasTraits))
    own = {
        name
        for part in TSNEWidget.__mro__
        if part.__module__.startswith("tsne_widget")
        for name in vars(part)
        if not name.startswith("__")
    }
    assert own & theirs == {"close", "get_state", "set_state", "_send"}  # which do what theirs do, and more


def test_settings_are_those_in_force(blobs):
    w = make(blobs, point_size=3, opacity=0.5, show_names=False, autostart=False)
    assert (w.settings.point_size, w.settings.opacity, w.settings.show_names) == (3.0, 0.5, False)
    w.point_size, w.opacity, w.height, w.align, w.show_names = "auto", 1, 300, False, True
    now = w.settings
    assert (now.point_size, now.opacity, now.height, now.align) == ("auto", 1.0, 300, False)
    assert now.show_names is True
    assert w.runs[0].settings == now


def test_everything_after_labels_is_a_keyword(blobs):
    with pytest.raises(TypeError, match="positional"):
        TSNEWidget(blobs, None, 8)


def test_a_layout_of_ipywidgets_is_taken(blobs):
    assert make(blobs, layout=Layout(width="50%")).layout.width == "50%"


# --- bad input ----------------------------------------------------------------------------------------

BAD = {
    "1-D": ({"X": np.zeros(60)}, DataError),
    "one row": ({"X": np.zeros((1, 5))}, DataError),
    "text": ({"X": np.full((60, 2), "a")}, InvalidTypeError),
    "NaN": ({"X": np.full((60, 2), np.nan)}, DataError),
    "labels": ({"labels": ["a"]}, DataError),
    "perplexity": ({"perplexity": 59}, InvalidValueError),
    "seed": ({"random_state": -1}, InvalidValueError),
    "metric": ({"metric": "nonsense"}, InvalidValueError),
    "init": ({"init": np.zeros((59, 2))}, InvalidValueError),
    "height": ({"height": 1.5}, InvalidTypeError),
    "n_jobs": ({"n_jobs": 0}, InvalidValueError),
    "unknown": ({"n_iter": 500}, UnknownParameterError),
    "align": ({"align": "all"}, InvalidValueError),
    "point size": ({"point_size": 0}, InvalidValueError),
    "advice": ({"advice": "yes"}, InvalidTypeError),
    "opacity": ({"opacity": 1.5}, InvalidValueError),
    "show_names": ({"show_names": "few"}, InvalidValueError),
    "name_by": ({"name_by": "age"}, UnknownColumnError),
    "show_images": ({"show_images": 1}, InvalidTypeError),
    "no images": ({"show_images": True}, InvalidValueError),
    "features": ({"features": ["age"]}, UnknownColumnError),
    "use_rep": ({"use_rep": "X_pca"}, InvalidValueError),
    "data": ({"data": {"age": [1]}}, DataError),
    "image": ({"image": np.zeros((59, 8, 8))}, DataError),
    "tooltip": ({"tooltip_columns": ["age"]}, UnknownColumnError),
    "tooltip text": ({"tooltip_columns": "x0"}, InvalidTypeError),
    "color_by": ({"color_by": "age"}, UnknownColumnError),
    "one map": ({"color_by": "stability"}, InvalidValueError),
    "empty list": ({"perplexity": []}, InvalidValueError),
    "set": ({"random_state": {0, 1}}, InvalidTypeError),
    "twice": ({"init": ["pca", "pca"]}, InvalidValueError),
    "none in range": ({"perplexity": [59, 100]}, InvalidValueError),
    "too many": ({"random_state": range(33), "init": ["pca", "random"]}, InvalidValueError),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_bad_input_is_an_error_at_once_and_leaves_nothing_behind(blobs, name):
    parameters, error = BAD[name]
    running, widgets = list(engine.engine()._sessions), set(_instances)
    threads = set(threading.enumerate())
    with pytest.raises(error) as caught:
        make(**{"X": blobs, **parameters})
    assert isinstance(caught.value, TSNEWidgetError)
    assert caught.traceback[1].path.name == "test_widget.py"
    assert engine.engine()._sessions == running
    assert set(_instances) == widgets
    assert set(threading.enumerate()) == threads
    del caught
    gc.collect()


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("perplexity", 59, InvalidValueError),
        ("perplexity", "8", InvalidTypeError),
        ("perplexity", None, InvalidTypeError),
        ("random_state", -1, InvalidValueError),
        ("init", "nonsense", InvalidValueError),
        ("init", None, InvalidTypeError),
        ("init", np.zeros((59, 2)), InvalidValueError),
        ("height", 5, InvalidValueError),
        ("selection", [60], SelectionError),
        ("perplexity", [], InvalidValueError),
        ("perplexity", [8, 8.0], InvalidValueError),
        ("perplexity", {8, 9}, InvalidTypeError),
        ("perplexity", [59, 100], InvalidValueError),
        ("random_state", [0, "1"], InvalidTypeError),
        ("init", ["pca", "nonsense"], InvalidValueError),
        ("align", "all", InvalidValueError),
        ("align", 1, InvalidTypeError),
        ("point_size", 101, InvalidValueError),
        ("advice", 1, InvalidTypeError),
        ("point_size", "big", InvalidTypeError),
        ("opacity", 0, InvalidValueError),
        ("opacity", None, InvalidTypeError),
        ("show_names", "all", InvalidValueError),
        ("show_names", 1, InvalidTypeError),
        ("show_images", "auto", InvalidTypeError),
        ("show_images", True, InvalidValueError),
        ("name_by", "age", UnknownColumnError),
        ("name_by", 1.5, InvalidTypeError),
        ("reference", 1, InvalidValueError),
        ("reference", "0", InvalidTypeError),
    ],
)
def test_a_bad_value_set_later_is_an_error_at_once_and_changes_nothing(blobs, name, value, error):
    w = make(blobs).wait(PATIENCE)
    before = getattr(w, name), w.embedding_.tobytes(), repr(w)
    with pytest.raises(error, match=name):
        setattr(w, name, value)
    w.wait(PATIENCE)
    assert (getattr(w, name) is before[0], w.embedding_.tobytes(), repr(w)) == (True, *before[1:])


def test_a_doubtful_perplexity_warns_at_the_line_of_the_user(blobs):
    with pytest.warns(PerplexityWarning) as caught:
        w = make(blobs, perplexity=40, autostart=False)
    assert caught[0].filename == __file__
    with pytest.warns(PerplexityWarning) as caught:
        w.perplexity = 50
    assert (caught[0].filename, len(caught)) == (__file__, 1)
    assert caught[0].lineno == inspect.currentframe().f_lineno - 2


# --- commands -----------------------------------------------------------------------------------------


def test_commands_return_the_widget(blobs):
    w = make(blobs, autostart=False)
    for command in (w.start, w.pause, w.resume, w.step, w.restart, w.wait, lambda: w.select([1])):
        assert command() is w


def test_a_widget_is_paused_stepped_and_played_on(blobs):
    w = make(blobs, **ENDLESS)
    assert w.pause().wait(PATIENCE).status == "paused"
    before = w.iteration
    assert w.step(3).wait(PATIENCE).iteration == before + 3
    assert w.step().wait(PATIENCE).iteration == before + 4
    w.resume()
    with pytest.raises(WaitTimeoutError):
        w.wait(0.01)
    w.pause().wait(PATIENCE)


@pytest.mark.parametrize(
    ("n", "error"), [(0, InvalidValueError), (-1, InvalidValueError), (1.5, InvalidTypeError)]
)
def test_a_step_is_a_number_of_iterations(blobs, n, error):
    with pytest.raises(error, match=f"n={n}"):
        make(blobs, autostart=False).step(n)


@pytest.mark.parametrize(
    ("timeout", "error"),
    [(-1, InvalidValueError), (float("nan"), InvalidValueError), ("1", InvalidTypeError)],
)
def test_a_timeout_is_a_number_of_seconds(blobs, timeout, error):
    with pytest.raises(error, match="timeout="):
        make(blobs, autostart=False).wait(timeout)


def test_a_wait_that_is_too_short_leaves_the_map_going(blobs):
    w = make(blobs, **ENDLESS)
    with pytest.raises(WaitTimeoutError, match="it continues"):
        w.wait(0.01)
    w.step(1).wait(PATIENCE)
    assert w.iteration > 0


def test_a_perplexity_set_in_python_goes_on_from_the_present_layout(blobs):
    w = make(blobs).wait(PATIENCE)
    before = w.embedding_
    w.perplexity = 12
    assert (w.perplexity, w.settings.perplexity) == (12, 12)
    w.wait(PATIENCE)
    assert w.iteration > 60
    assert np.corrcoef(before.ravel(), w.embedding_.ravel())[0, 1] > 0.5


def test_a_seed_set_in_python_starts_anew(blobs):
    w = make(blobs, init="random").wait(PATIENCE)
    w.random_state = 5
    expected = make(blobs, init="random", random_state=5).wait(PATIENCE)
    assert w.wait(PATIENCE).embedding_.tobytes() == expected.embedding_.tobytes()


def test_a_seed_that_was_drawn_can_be_read_and_used_again(blobs):
    w = make(blobs, init="random", random_state=None).wait(PATIENCE)
    assert isinstance(w.random_state, int)
    again = make(blobs, init="random", random_state=w.random_state).wait(PATIENCE)
    assert w.embedding_.tobytes() == again.embedding_.tobytes()
    drawn = w.random_state
    w.random_state = None
    assert isinstance(w.random_state, int)
    assert w.random_state != drawn


def test_an_initial_layout_set_in_python_starts_anew(blobs):
    given = np.random.default_rng(1).normal(size=(60, 2))
    w = make(blobs).wait(PATIENCE)
    w.init = given
    expected = make(blobs, init=given).wait(PATIENCE)
    assert w.wait(PATIENCE).embedding_.tobytes() == expected.embedding_.tobytes()
    np.testing.assert_array_equal(w.settings.init, check_init(given, 60))


# --- the end ------------------------------------------------------------------------------------------


def test_a_widget_that_was_closed_keeps_its_results_and_takes_no_commands(blobs):
    w = make(blobs).wait(PATIENCE)
    embedding = w.embedding_
    w.close()
    w.close()
    for command in (w.start, w.pause, w.resume, w.step, w.restart, w.wait):
        with pytest.raises(NotRunningError, match="closed"):
            command()
    assert w.embedding_.tobytes() == embedding.tobytes()
    assert (w.n_iter_, w.iteration) == (60, 60)
    assert w.selected_rows().shape == (0, 5)


def test_closing_stops_the_work(blobs):
    w, other = make(blobs, **ENDLESS), make(blobs, autostart=False)
    w.step(1).wait(PATIENCE)
    w.start().close()
    other.wait(PATIENCE)  # the engine has seen that the first is closed
    before = w.iteration
    other.start().wait(PATIENCE)
    assert w.iteration == before


def test_closing_ends_a_wait_in_another_thread(blobs):
    w, raised, waiting = make(blobs, **ENDLESS), [], threading.Event()
    session_wake = w._driver.session.wake
    w._driver.session.wake = lambda: (waiting.set(), session_wake())

    def wait():
        try:
            w.wait()
        except NotRunningError as error:
            raised.append(error)

    waiter = threading.Thread(target=wait, daemon=True)
    waiter.start()
    assert waiting.wait(PATIENCE)
    w.close()
    waiter.join(10)
    assert not waiter.is_alive()
    assert raised


def test_a_failure_is_raised_by_wait_with_its_cause_and_keeps_the_layout(blobs):
    calls = iter(range(100))

    def metric(a, b):
        if next(calls, None) is None:
            raise LookupError("no such distance")
        return np.abs(a - b).sum()

    w = make(blobs, metric=metric)
    with pytest.raises(RunFailedError, match="no such distance") as caught:
        w.wait(PATIENCE)
    assert isinstance(caught.value.__cause__, LookupError)
    assert w.status == "failed"
    assert not w.settled
    assert np.isfinite(w.embedding_).all()
    with pytest.raises(RunFailedError):
        w.wait(PATIENCE)


def test_after_a_failure_the_last_good_layout_is_gone_back_to_and_gone_on_from(blobs, monkeypatch):
    w = make(blobs).wait(PATIENCE)
    kept, iteration = w.embedding_, w.iteration
    with monkeypatch.context() as broken:
        broken.setattr(Optimizer, "step", lambda self: 1 / 0)
        with pytest.raises(RunFailedError):
            w.start().wait(PATIENCE)
    assert w.recover() is w
    w.wait(PATIENCE)
    assert (w.status, w.iteration) == ("paused", iteration)
    assert np.array_equal(w.embedding_, kept)
    w.resume().wait(PATIENCE)
    assert w.iteration > iteration


def test_going_back_is_refused_where_nothing_failed_or_nothing_was_there_before(blobs, monkeypatch):
    w = make(blobs, autostart=False).wait(PATIENCE)
    for command in (w.recover, w.runs[0].recover):
        with pytest.raises(NotRunningError, match="no map has failed"):
            command()
    monkeypatch.setattr(initialization, "initial_layout", lambda *_: 1 / 0)
    w = make(blobs)
    with pytest.raises(RunFailedError):
        w.wait(PATIENCE)
    with pytest.raises(NotRunningError, match=r"before it had a layout: use restart\(\)"):
        w.recover()
    w.close()
    with pytest.raises(NotRunningError, match="closed"):
        w.recover()


def test_going_back_is_about_the_maps_that_failed(blobs, monkeypatch):
    w = make(blobs, perplexity=[5, 8]).wait(PATIENCE)
    with monkeypatch.context() as broken:
        broken.setattr(Optimizer, "step", lambda self: 1 / 0)
        w.runs[1].step(1)
        with pytest.raises(RunFailedError):
            w.wait(PATIENCE)
    before = w.runs[0].status
    with pytest.raises(NotRunningError, match="no map has failed"):
        w.runs[0].recover()
    w.recover().wait(PATIENCE)
    assert [run.status for run in w.runs] == [before, "paused"]


def test_a_failure_of_one_widget_leaves_the_others_alone(blobs):
    def metric(a, b):
        metric.calls += 1
        return np.abs(a - b).sum() if metric.calls < 50 else 1 / 0

    metric.calls = 0
    broken, other = make(blobs, metric=metric), make(blobs)
    assert other.wait(PATIENCE).iteration == 60
    with pytest.raises(RunFailedError):
        broken.wait(PATIENCE)


# --- the selection ------------------------------------------------------------------------------------


def test_at_first_nothing_is_selected(blobs):
    w = make(blobs, autostart=False)
    assert (w.selection.tolist(), w.selection.dtype) == ([], np.int64)
    assert w.selected_rows().shape == (0, 5)


@pytest.mark.parametrize(
    "rows", [[7, 3, 3], np.array([3, 7]), pd.Index([7, 3]), np.arange(60) % 59 == 3], ids=str
)
def test_a_selection_is_sorted_positions(blobs, rows):
    w = make(blobs, autostart=False)
    w.selection = rows
    expected = [3] if np.asarray(rows).dtype == bool else [3, 7]
    assert (w.selection.tolist(), w.selection.dtype) == (expected, np.int64)
    np.testing.assert_array_equal(w.selected_rows(), blobs[expected])


@pytest.mark.parametrize("rows", [[], [3, 7]], ids=str)
def test_a_selection_cannot_be_written_to(blobs, rows):
    w = make(blobs, autostart=False).select(rows)
    assert not w.selection.flags.writeable
    assert not make(blobs, autostart=False).selection.flags.writeable


def test_a_selection_is_observed_where_the_rows_change(blobs):
    w, seen = make(blobs, autostart=False), []
    w.observe(lambda change: seen.append((change["old"].tolist(), change["new"].tolist())), "selection")
    w.select([3, 7])
    w.select([7, 3])
    w.selection = np.arange(60) == 5
    w.select(None)
    w.select([])
    assert seen == [([], [3, 7]), ([3, 7], [5]), ([5], [])]


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ([60], SelectionError),
        ([-1], SelectionError),
        ([0.5], InvalidTypeError),
        ([[1]], DataError),
        ([True], DataError),
    ],
)
def test_a_selection_that_is_none_is_an_error_and_leaves_the_one_before(blobs, rows, error):
    w = make(blobs, autostart=False).select([3, 7])
    with pytest.raises(error, match=r"^rows"):
        w.select(rows)
    with pytest.raises(error, match=r"^selection"):
        w.selection = rows
    assert w.selection.tolist() == [3, 7]


def test_selected_rows_of_a_frame_keep_their_index():
    frame = pd.DataFrame(np.eye(30), index=[f"row {i // 2}" for i in range(30)])
    w = make(frame, autostart=False).select([29, 0])
    pd.testing.assert_frame_equal(w.selected_rows(), frame.iloc[[0, 29]])


def test_a_selection_of_one_widget_is_not_that_of_another(blobs):
    one, other = make(blobs, autostart=False), make(blobs, autostart=False)
    one.select([1])
    assert other.selection.tolist() == []


# --- saving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("init", ["pca", "given"])
def test_a_widget_can_be_saved_in_a_notebook(blobs, init):
    w = (
        make(blobs, init=np.eye(60, 2) if init == "given" else init, autostart=False)
        .select([1, 2])
        .wait(PATIENCE)
    )
    state = embed_data([w])["manager_state"]["state"][w.model_id]["state"]
    (run,) = state["_runs"]
    assert (run["values"]["perplexity"], run["values"]["init"]) == (8, init)


def test_what_is_saved_of_ten_widgets_holds_the_view_s_code_once(blobs):
    widgets = [make(blobs, autostart=False) for _ in range(10)]
    saved = json.dumps(embed_data(widgets, drop_defaults=False))
    code = json.dumps(bundle.text())
    assert len(code) > 200_000
    assert saved.count(code) == 1
    assert len(saved) < len(code) + 10 * 20_000


def test_widgets_share_a_model_of_the_code_and_have_another_once_all_were_closed(blobs):
    first, second = make(blobs), make(blobs)
    assert first.get_state()["_bundle"] | {"own": second.model_id} == second.get_state()["_bundle"]
    before = first.get_state()["_bundle"]["model"]
    Widget.close_all()
    third = make(blobs)
    told = third.get_state()["_bundle"]
    assert (told["own"], told["hash"]) == (third.model_id, bundle.digest())
    assert told["model"] != before
    assert _instances[told["model"].removeprefix("IPY_MODEL_")].text == bundle.text()


# --- imports and scripts ------------------------------------------------------------------------------


def test_the_public_names_are_there():
    assert "TSNEWidget" in tsne_widget.__all__
    assert all(getattr(tsne_widget, name) is not None for name in tsne_widget.__all__)
    with pytest.raises(AttributeError, match="nothing"):
        getattr(tsne_widget, "nothing")  # noqa: B009 - mypy knows that it is not there


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("tsne_widget", ["numba", "sklearn", "anywidget", "traitlets", "scipy", "pandas"]),
        ("tsne_widget.maps.session", ["anywidget", "traitlets", "ipywidgets", "numba", "sklearn"]),
        ("tsne_widget.maps.engine", ["anywidget", "traitlets", "ipywidgets", "numba", "sklearn"]),
        pytest.param(
            "tsne_widget.tsne.embed",
            ["anywidget", "traitlets", "ipywidgets", "tsne_widget.parameters"],
            marks=pytest.mark.slow,
        ),
        ("tsne_widget.widget.widget", ["numba", "sklearn", "IPython.display.nothing"]),
    ],
)
def test_an_import_brings_no_more_than_it_needs(module, unwanted):
    script = f"import sys, {module}; print(*sorted(set({unwanted!r}) & sys.modules.keys()))"
    assert python(script).split() == []


SCRIPT = """
    import numpy as np
    from tsne_widget import TSNEWidget
    X = np.random.default_rng(0).normal(size=(50, 4))
    w = TSNEWidget(X, perplexity=5, max_iter={max_iter})
"""


@pytest.mark.slow
def test_a_script_waits_and_ends():
    assert python(SCRIPT.format(max_iter=50) + "    print(w.wait().embedding_.shape)") == "(50, 2)\n"


def test_a_script_that_does_not_wait_ends_too():
    assert python(SCRIPT.format(max_iter=10**9)) == ""


@pytest.mark.release
def test_importing_everything_by_a_star_works():
    assert python("from tsne_widget import *; print(TSNEWidget.__name__)") == "TSNEWidget\n"


def test_a_closed_widget_keeps_its_settings():
    widget = TSNEWidget(np.eye(9), perplexity=2)
    widget.close()
    with pytest.raises(NotRunningError):
        widget.perplexity = 3
    assert widget.perplexity == 2


def test_tab_shows_what_is_documented_and_nothing_else_of_ours(blobs):
    shown = {name for name in dir(make(blobs, autostart=False)) if not name.startswith("_")}
    ours = shown - set(dir(AnyWidget))
    traits = ours & set(TSNEWidget.class_trait_names())
    attributes = inspect.getdoc(TSNEWidget).partition("Attributes\n")[2].partition("Raises\n")[0]
    assert traits == set(re.findall(r"^(\w+) : ", attributes, re.MULTILINE))
    assert all(inspect.getdoc(getattr(TSNEWidget, name)) for name in ours - traits)

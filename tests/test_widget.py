"""The widget as a user of Python has it, without any display."""

from __future__ import annotations

import gc
import inspect
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
from tests.test_agreement import obvious_neighbors, obvious_share
from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    MissingDependencyError,
    NotComputedError,
    NotRunningError,
    PerplexityWarning,
    RunFailedError,
    SelectionError,
    SeveralRunsError,
    StabilityWarning,
    TSNEWidget,
    TSNEWidgetError,
    UnknownColumnError,
    UnknownParameterError,
    WaitTimeoutError,
    engine,
    protocol,
)
from tsne_widget.settings import DEFAULTS, NOT_GIVEN
from tsne_widget.tsne import initialization
from tsne_widget.tsne.optimizer import Optimizer

PATIENCE = 60  # seconds after which a test is called stuck
ENDLESS = {"max_iter": 10**9, "early_exaggeration_iter": 10**9}


@pytest.fixture(autouse=True)
def _close_widgets():
    yield
    Widget.close_all()


def make(X, **parameters):
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
    assert (w.iteration, w.settled, w.status) == (60, False, "stopped at the limit, not settled")


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
    assert repr(w).startswith(
        "TSNEWidget(60 rows, perplexity 8: stopped at the limit, not settled at iteration 60, KL "
    )
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
}


def test_every_parameter_is_documented_with_its_default():
    signature = inspect.signature(TSNEWidget)
    own = {name: p for name, p in signature.parameters.items() if p.kind is p.KEYWORD_ONLY}
    assert {name: p.default for name, p in own.items()} == {**DEFAULTS.__dict__, **OF_THE_ROWS}
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
    w = make(blobs, point_size=3, opacity=0.5, autostart=False)
    assert (w.settings.point_size, w.settings.opacity) == (3.0, 0.5)
    w.point_size, w.opacity, w.height, w.align = "auto", 1, 300, False
    now = w.settings
    assert (now.point_size, now.opacity, now.height, now.align) == ("auto", 1.0, 300, False)
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
    "opacity": ({"opacity": 1.5}, InvalidValueError),
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
        ("point_size", "big", InvalidTypeError),
        ("opacity", 0, InvalidValueError),
        ("opacity", None, InvalidTypeError),
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
    with pytest.raises(WaitTimeoutError, match="it goes on"):
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
    np.testing.assert_array_equal(w.settings.init, given.astype(np.float32))


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
    session_wake = w._session.wake
    w._session.wake = lambda: (waiting.set(), session_wake())

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
        with pytest.raises(NotRunningError, match="nothing has failed"):
            command()
    monkeypatch.setattr(initialization, "initial_layout", lambda *_: 1 / 0)
    w = make(blobs)
    with pytest.raises(RunFailedError):
        w.wait(PATIENCE)
    with pytest.raises(NotRunningError, match=r"before it had a layout: restart\(\) it"):
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
    with pytest.raises(NotRunningError, match="nothing has failed"):
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


# --- several maps -------------------------------------------------------------------------------------


def handles(w):
    return [(run.perplexity, run.init, run.random_state) for run in w.runs]


def test_lists_make_the_product(blobs):
    w = make(blobs, perplexity=[5, 8], init=["pca", "random"], random_state=range(2), autostart=False)
    expected = [(p, init, seed) for p in (5, 8) for init in ("pca", "random") for seed in (0, 1)]
    assert handles(w) == expected
    assert (w.perplexity, w.init, w.random_state) == ((5, 8), ("pca", "random"), (0, 1))
    assert (w.reference, w.align) == (0, True)


def test_each_map_is_that_of_a_widget_of_its_own(blobs):
    w = make(blobs, perplexity=np.array([5, 8]), random_state=pd.Series([1, 2])).wait(PATIENCE)
    for run in w.runs:
        alone = make(blobs, perplexity=run.perplexity, random_state=run.random_state).wait(PATIENCE)
        assert run.embedding_.tobytes() == alone.embedding_.tobytes()
        assert run.settings == alone.settings
        results = (
            run.kl_divergence_,
            run.n_iter_,
            run.learning_rate_,
            run.iteration,
            run.status,
            run.settled,
        )
        assert results == (
            alone.kl_divergence_,
            alone.n_iter_,
            alone.learning_rate_,
            alone.iteration,
            alone.status,
            alone.settled,
        )
        assert 0 < run.neighbors_kept_ <= 1


def test_a_list_of_one_is_the_value(blobs):
    w = make(blobs, perplexity=[8], init=("pca",), random_state=np.array([0]), autostart=False)
    assert (w.perplexity, w.init, w.random_state) == (8, "pca", 0)
    assert w.settings == make(blobs, autostart=False).settings


def test_a_seed_in_a_list_may_be_drawn(blobs):
    w = make(blobs, random_state=[None, 1], autostart=False)
    assert w.random_state[1] == 1
    assert isinstance(w.random_state[0], int)
    assert w.random_state[0] != 1


RESULTS = ["embedding_", "kl_divergence_", "n_iter_", "learning_rate_", "iteration"]


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_of_several_maps_is_asked_of_one_of_them(blobs, name):
    w = make(blobs, random_state=[0, 1, 2]).wait(PATIENCE)
    with pytest.raises(SeveralRunsError, match=rf"shows 3 maps: ask w.runs\[0\].{name}"):
        getattr(w, name)
    w.compare()
    assert getattr(w, name) is not None


def test_several_maps_are_told_in_words(blobs):
    w = make(blobs, perplexity=[5, 8], random_state=[0, 1, 2], autostart=False).wait(PATIENCE)
    assert (w.status, w.settled) == ("paused", False)
    assert repr(w) == "TSNEWidget(60 rows, 6 maps of perplexity 5, 8; seed 0, 1, 2: paused)"
    w.runs[4].start()
    w.wait(PATIENCE)
    assert w.status == "5 paused, 1 stopped at the limit, not settled"
    assert repr(w.runs[4]).startswith("RunHandle(perplexity 8, seed 1: stopped at the limit, not settled at ")
    assert repr(w.runs[0]) == "RunHandle(perplexity 5, seed 0: paused at iteration 0)"


def test_maps_have_settled_when_all_have(blobs):
    w = make(blobs, perplexity=[5, 8], max_iter=20_000).wait(PATIENCE)
    assert w.settled
    w.runs[0].restart().pause()
    assert not w.wait(PATIENCE).settled


def test_a_perplexity_of_several_may_be_out_of_range(blobs):
    with pytest.warns(PerplexityWarning, match="below n - 1 = 59") as caught:
        w = make(blobs, perplexity=[5, 100])
    ours = [warning.filename for warning in caught if warning.category is PerplexityWarning]
    assert ours == [__file__]
    w.wait(PATIENCE)
    assert [run.status for run in w.runs] == ["stopped at the limit, not settled", "out of range"]
    with pytest.raises(NotComputedError, match="there is no embedding_: perplexity=100 is not allowed"):
        w.runs[1].embedding_  # noqa: B018
    with pytest.raises(NotComputedError, match="1 have a layout"):
        w.stability()
    frame = w.to_frame()
    assert frame["x_perplexity_100"].isna().all()
    assert not frame["x_perplexity_5"].isna().any()


@pytest.fixture
def half_empty(blobs):
    """A widget whose first map is out of range, and whose second is not."""
    with pytest.warns(PerplexityWarning, match="that map stays empty"):
        return make(blobs, perplexity=[100, 5], max_iter=20_000, autostart=False)


def test_a_map_out_of_range_does_not_keep_the_others_from_having_settled(half_empty):
    assert not half_empty.settled
    assert half_empty.start().wait(PATIENCE).settled
    assert not half_empty.runs[0].settled


def test_doubtful_perplexities_are_warned_of_together(blobs):
    with pytest.warns(PerplexityWarning) as caught:
        w = make(blobs, perplexity=[5, 40, 50, 60, 100], autostart=False)
    assert [warning.filename for warning in caught if warning.category is PerplexityWarning] == [__file__] * 2
    with pytest.warns(PerplexityWarning) as caught:
        w.perplexity = [5, 40, 50, 60]
    assert len(caught) == 2
    w.random_state = [0, 1]  # says nothing new of perplexities


def test_too_many_maps_are_no_reason_to_warn(blobs):
    with pytest.raises(InvalidValueError, match="this would be 66 maps"):
        make(blobs, perplexity=range(5, 71))
    w = make(blobs, autostart=False)
    with pytest.raises(InvalidValueError, match="this would be 66 maps"):
        w.perplexity = range(5, 71)


@pytest.mark.parametrize(
    "use",
    [
        lambda w: w.carry_out(protocol.Keep(w.runs[0].id)),
        lambda w: w.carry_out(protocol.Compare((100.0, 200.0), (0,), ("pca",))),
        lambda w: w.compare(perplexity=[100, 200]),
        lambda w: setattr(w, "perplexity", [100, 200]),
        lambda w: w.runs[1].remove(),
    ],
    ids=["keep", "menu", "compare", "set", "remove"],
)
def test_one_map_at_least_stays_in_range(half_empty, use):
    before = half_empty.runs, half_empty.perplexity, half_empty.reference, repr(half_empty)
    text = r"perplexity=100.* would leave no map in range: .* below n - 1 = 59"
    with pytest.raises(InvalidValueError, match=text):
        use(half_empty)
    after = half_empty.runs, half_empty.perplexity, half_empty.reference, repr(half_empty)
    assert after == before


def test_the_reference_is_in_range(half_empty):
    """Nothing can be turned onto a map that is not there."""
    kept = half_empty.runs[1]
    assert half_empty.reference == 1
    with pytest.raises(InvalidValueError, match=r"reference=0 .* a map that is in range"):
        half_empty.reference = 0
    assert half_empty.compare().runs == (kept,)


@pytest.mark.parametrize("name", ["start", "pause", "resume", "step", "restart"])
def test_a_command_to_a_map_out_of_range_is_an_error_with_the_reason(half_empty, name):
    text = "'perplexity 100' is out of range and never runs: perplexity=100 .* below n - 1 = 59"
    with pytest.raises(NotRunningError, match=text):
        getattr(half_empty.runs[0], name)()
    assert getattr(half_empty, name)() is half_empty


def test_a_map_out_of_range_runs_with_a_perplexity_that_fits(half_empty):
    half_empty.runs[0].perplexity = 8
    half_empty.runs[0].step(3)
    half_empty.wait(PATIENCE)
    assert half_empty.runs[0].n_iter_ == 3


# --- comparing ----------------------------------------------------------------------------------------


def test_comparing_leaves_the_run_that_is_there_undisturbed(blobs):
    w = make(blobs).wait(PATIENCE)
    before, handle = w.embedding_, w.runs[0]
    assert w.compare(perplexity=[5, 8, 12]) is w
    assert handle == w.runs[1]
    assert w.reference == 1
    w.wait(PATIENCE)
    assert handle.embedding_.tobytes() == before.tobytes()
    assert handle.n_iter_ == 60
    alone = make(blobs, perplexity=5).wait(PATIENCE).embedding_
    assert w.runs[0].embedding_.tobytes() == alone.tobytes()
    assert w.compare().wait(PATIENCE).embedding_.tobytes() == before.tobytes()


def test_where_the_reference_goes_the_first_is_the_reference(blobs):
    w = make(blobs, autostart=False).compare(perplexity=[5, 12])
    assert (w.reference, handles(w)) == (0, [(5, "pca", 0), (12, "pca", 0)])
    w.reference = 1
    w.compare(perplexity=5)
    assert (w.reference, handles(w)) == (0, [(5, "pca", 0)])


def test_what_is_not_compared_stays_as_it_is_in_the_widget(blobs):
    w = make(blobs, init=["pca", "random"], random_state=[0, 1], autostart=False)
    kept = w.runs
    w.compare(perplexity=[5, 8])
    starts = [("pca", 0), ("pca", 1), ("random", 0), ("random", 1)]
    assert handles(w) == [(p, *start) for p in (5, 8) for start in starts]
    assert w.runs[4:] == kept
    w.compare(random_state=3, init="pca")
    assert handles(w) == [(5, "pca", 3), (8, "pca", 3)]


def test_what_is_compared_with_nothing_given_is_the_reference(blobs):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    w.reference = 2
    w.compare()
    assert (w.perplexity, w.reference) == (12, 0)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"perplexity": []}, InvalidValueError),
        ({"perplexity": 1000}, InvalidValueError),
        ({"perplexity": [59, 1000]}, InvalidValueError),
        ({"perplexity": [5, "8"]}, InvalidTypeError),
        ({"random_state": range(65)}, InvalidValueError),
        ({"perplexity": [5, 12], "random_state": [0, 0]}, InvalidValueError),
        ({"init": np.zeros((59, 2))}, InvalidValueError),
    ],
)
def test_a_comparison_that_is_refused_changes_nothing(blobs, values, error):
    w = make(blobs).wait(PATIENCE)
    before = w.embedding_.tobytes(), repr(w), w.runs
    with pytest.raises(error):
        w.compare(**values)
    assert (w.wait(PATIENCE).embedding_.tobytes(), repr(w), w.runs) == before


def test_a_new_map_waits_where_nothing_was_started(blobs):
    w = make(blobs, autostart=False).compare(random_state=[0, 1]).wait(PATIENCE)
    assert w.status == "paused"
    assert w.runs[1].embedding_.shape == (60, 2)


def test_coordinates_are_compared_too_and_known_again(blobs):
    given = np.random.default_rng(1).normal(size=(60, 2))
    w = make(blobs, init=["pca", given], autostart=False)
    assert [run.title for run in w.runs] == ["PCA", "given"]
    kept = w.runs[1]
    w.compare(init=[given.copy(), "random", given + 1])
    assert [run.title for run in w.runs] == ["given", "random", "given 2"]
    assert w.runs[0] == kept


# --- parameters of all maps ---------------------------------------------------------------------------


def test_a_value_is_set_on_all_maps(blobs):
    w = make(blobs, perplexity=[5, 8], random_state=[0, 1], autostart=False)
    w.random_state = 4
    assert handles(w) == [(5, "pca", 4), (8, "pca", 4)]
    w.perplexity = 8
    assert handles(w) == [(8, "pca", 4)]


def test_one_map_stays_the_same_one(blobs):
    w = make(blobs, autostart=False)
    handle = w.runs[0]
    w.perplexity, w.random_state, w.init = 12, 3, "random"
    assert w.runs == (handle,)
    assert (handle.perplexity, handle.random_state, handle.init) == (12, 3, "random")


def test_a_list_is_combined_with_what_there_is(blobs):
    w = make(blobs, random_state=[0, 1], autostart=False)
    kept = w.runs
    w.perplexity = [5, 8]
    assert handles(w) == [(5, "pca", 0), (5, "pca", 1), (8, "pca", 0), (8, "pca", 1)]
    assert w.runs[2:] == kept


def test_parameters_are_observed_once_with_their_new_value(blobs):
    w, seen = make(blobs, autostart=False), []
    for name in ("perplexity", "random_state", "init"):
        w.observe(lambda change: seen.append((change["name"], change["new"], len(w.runs))), name)
    w.perplexity = [5, 8]
    w.perplexity = [5, 8]
    w.perplexity = w.perplexity
    w.runs[0].perplexity = 12
    w.compare(perplexity=8, random_state=[0, 1], init=["pca", "random"])
    assert seen == [
        ("perplexity", (5, 8), 2),
        ("perplexity", (12, 8), 2),
        ("perplexity", 8, 4),
        ("init", ("pca", "random"), 4),
        ("random_state", (0, 1), 4),
    ]


def test_changes_may_be_held_back_and_come_together(blobs):
    w, seen = make(blobs, autostart=False), []
    w.observe(lambda change: seen.append((change["name"], change["new"])), ["perplexity", "random_state"])
    with w.hold_trait_notifications():
        w.perplexity = [5, 8]
        w.random_state = [1, 2]
        w.runs[0].remove()
        assert seen == []
    assert seen == [("perplexity", (5, 8)), ("random_state", (2, 1))]
    assert handles(w) == [(5, "pca", 2), (8, "pca", 1), (8, "pca", 2)]
    w.wait(PATIENCE)
    assert [run.embedding_.shape for run in w.runs] == [(60, 2)] * 3


# --- one of several -----------------------------------------------------------------------------------


def test_a_map_is_steered_alone(blobs):
    w = make(blobs, random_state=[0, 1], **ENDLESS)
    one, other = w.runs
    assert one.pause() is one
    one.step(3)
    before = None
    while one.status != "paused" or one.iteration < 3:
        before = other.iteration
    w.step(1).wait(PATIENCE)
    assert other.iteration >= (before or 0)
    one.resume().pause().start().pause()
    w.wait(PATIENCE)
    one.restart()
    one.pause()
    w.wait(PATIENCE)
    assert (w._session.runs[0].status.epoch, w._session.runs[1].status.epoch) == (1, 0)


@pytest.mark.parametrize(
    ("name", "value"), [("perplexity", 12), ("random_state", 5), ("random_state", None), ("init", "random")]
)
def test_a_parameter_of_one_map_is_set_alone(blobs, name, value):
    w = make(blobs, perplexity=[5, 8]).wait(PATIENCE)
    other = w.runs[1].embedding_
    setattr(w.runs[0], name, value)
    assert value is None or getattr(w.runs[0], name) == value
    assert w.wait(PATIENCE).runs[1].embedding_.tobytes() == other.tobytes()
    assert len(w.runs) == 2
    assert w._session.runs[0].status.epoch == 1


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("perplexity", 8, InvalidValueError),
        ("perplexity", 59, InvalidValueError),
        ("perplexity", [5, 12], InvalidTypeError),
        ("perplexity", "5", InvalidTypeError),
        ("random_state", -1, InvalidValueError),
        ("init", None, InvalidTypeError),
    ],
)
def test_a_bad_parameter_of_one_map_is_an_error_and_changes_nothing(blobs, name, value, error):
    w = make(blobs, perplexity=[5, 8], autostart=False)
    before = handles(w)
    with pytest.raises(error, match=name):
        setattr(w.runs[0], name, value)
    assert handles(w) == before


def test_a_map_that_is_so_already_is_told_with_its_values(blobs):
    given = np.zeros((60, 2))
    w = make(blobs, perplexity=[5, 8], random_state=3, init=["pca", given], autostart=False)
    with pytest.raises(
        InvalidValueError, match="has perplexity 8, seed 3, init pca already: each must differ"
    ):
        w.runs[0].perplexity = 8
    with pytest.raises(InvalidValueError, match="has perplexity 5, seed 3, init given already"):
        w.runs[0].init = given


def test_what_is_listed_of_a_map_is_for_its_users(blobs):
    (run,) = make(blobs, autostart=False).runs
    assert [name for name in dir(run) if not name.startswith("_")] == [
        *["embedding_", "group_distances", "history", "id", "init", "iteration", "kl_divergence_"],
        *["learning_rate_", "n_iter_", "neighbors", "neighbors_kept_", "pause", "perplexity"],
        *["random_state", "recover", "remove", "restart", "resume"],
        *["settings", "settled", "start", "status", "step", "title"],
    ]


def test_a_misspelt_parameter_of_one_map_is_an_error(blobs):
    with pytest.raises(AttributeError):
        make(blobs, autostart=False).runs[0].perplexty = 5


def test_a_doubtful_perplexity_of_one_map_warns_at_the_line_of_the_user(blobs):
    w = make(blobs, perplexity=[5, 8], autostart=False)
    with pytest.warns(PerplexityWarning) as caught:
        w.runs[0].perplexity = 50
    ours = [warning.filename for warning in caught if warning.category is PerplexityWarning]
    assert ours == [__file__]


def test_a_map_that_was_removed_is_an_error_and_the_others_stay(blobs):
    w = make(blobs, perplexity=[5, 8, 12])
    one, two, three = w.runs
    two.remove()
    assert w.runs == (one, three)
    assert w.perplexity == (5, 12)
    for use in (
        lambda: two.perplexity,
        lambda: two.status,
        lambda: two.title,
        lambda: two.embedding_,
        lambda: two.iteration,
        two.start,
        two.remove,
        lambda: setattr(two, "perplexity", 9),
    ):
        with pytest.raises(NotRunningError, match="no longer part"):
            use()
    assert repr(two) == "RunHandle(removed)"
    w.wait(PATIENCE)
    assert (one.n_iter_, three.n_iter_) == (60, 60)


def test_the_last_map_cannot_be_removed(blobs):
    w = make(blobs, autostart=False)
    with pytest.raises(NotRunningError, match="last map"):
        w.runs[0].remove()


def test_a_map_that_fails_is_named_after_all_others_have_ended(blobs, monkeypatch):
    step = Optimizer.step

    def broken(self):
        if self._P.perplexity == 8 and self.iteration == 5:
            raise FloatingPointError("the sky fell")
        step(self)

    monkeypatch.setattr(Optimizer, "step", broken)
    w = make(blobs, perplexity=[5, 8])
    with pytest.raises(RunFailedError, match="of 'perplexity 8' failed: the sky fell"):
        w.wait(PATIENCE)
    assert [run.iteration for run in w.runs] == [60, 5]


# --- the reference ------------------------------------------------------------------------------------


def test_the_reference_is_a_position_and_stays_the_same_map(blobs):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    w.reference = 2
    w.runs[0].remove()
    assert (w.reference, w.runs[w.reference].perplexity) == (1, 12)
    w.runs[1].remove()
    assert w.reference == 0


@pytest.mark.parametrize(
    ("value", "error"), [(3, InvalidValueError), (-1, InvalidValueError), (True, InvalidTypeError)]
)
def test_a_reference_that_is_none_is_refused(blobs, value, error):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    with pytest.raises(error, match="reference"):
        w.reference = value
    assert w.reference == 0


def test_a_reference_may_be_one_of_the_maps(blobs):
    w = make(blobs, perplexity=[5, 8, 12], autostart=False)
    w.reference = w.runs[2]
    assert w.reference == 2


def test_a_reference_that_is_no_map_of_this_widget_is_refused(blobs):
    w, other = (make(blobs, perplexity=[5, 8, 12], autostart=False) for _ in range(2))
    removed = w.runs[2]
    removed.remove()
    for handle in (removed, other.runs[0]):
        with pytest.raises(InvalidValueError, match=r"reference=RunHandle.* at most 1, or one of w.runs"):
            w.reference = handle
    assert w.reference == 0


@pytest.mark.parametrize("value", [True, False, "selection"])
def test_maps_are_aligned_as_one_likes(blobs, value):
    w = make(blobs, align=value, autostart=False)
    assert (w.align, w.settings.align) == (value, value)
    w.align = False
    assert w.settings.align is False


# --- stability ----------------------------------------------------------------------------------------


def test_stability_is_the_share_of_neighbours_that_all_maps_have_in_common(blobs):
    w = make(blobs, init="random", random_state=[0, 1, 2]).wait(PATIENCE)
    layouts = [run.embedding_ for run in w.runs]
    for k, runs in ((15, None), (1, [0, 1]), (59, (2, 0))):
        chosen = layouts if runs is None else [layouts[position] for position in runs]
        found = w.stability(k, runs)
        assert (found.shape, found.dtype) == ((60,), np.float64)
        np.testing.assert_allclose(found, obvious_share([obvious_neighbors(points, k) for points in chosen]))
    assert (w.stability(59) == 1).all()


def test_stability_of_seeds_that_start_alike_is_warned_of(blobs):
    w = make(blobs, random_state=[0, 1]).wait(PATIENCE)
    with pytest.warns(StabilityWarning, match="init='random'") as caught:
        w.stability()
    assert caught[0].filename == __file__
    w.compare(perplexity=[5, 8], random_state=[0, 1]).wait(PATIENCE)
    w.stability()
    with pytest.warns(StabilityWarning):
        w.stability(runs=[0, 1])


@pytest.mark.parametrize("k", [0, 60, -1, 1.5, "15", True])
def test_neighbours_of_a_stability_are_a_number_of_other_rows(blobs, k):
    w = make(blobs, init="random", random_state=[0, 1], autostart=False)
    with pytest.raises((InvalidValueError, InvalidTypeError), match=r"k=.* and at most 59"):
        w.stability(k)


@pytest.mark.parametrize("runs", [[0], [0, 0], [0, 2], 0, ["0", "1"]])
def test_a_stability_is_of_two_maps_at_least(blobs, runs):
    w = make(blobs, init="random", random_state=[0, 1], autostart=False)
    with pytest.raises((InvalidValueError, InvalidTypeError), match="runs="):
        w.stability(runs=runs)


def test_a_stability_is_of_maps_or_of_their_positions(blobs):
    w = make(blobs, init="random", random_state=[0, 1, 2]).wait(PATIENCE)
    expected = w.stability(runs=[0, 2])
    for runs in ([w.runs[0], w.runs[2]], (w.runs[0], 2), w.runs[::2]):
        np.testing.assert_array_equal(w.stability(runs=runs), expected)


def test_a_stability_with_what_is_no_map_of_this_widget_is_refused(blobs):
    w, other = (make(blobs, init="random", random_state=[0, 1, 2], autostart=False) for _ in range(2))
    removed = w.runs[2]
    removed.remove()
    for handle in (removed, other.runs[0]):
        with pytest.raises(InvalidValueError, match=r"runs=RunHandle.* two positions in w.runs at least"):
            w.stability(runs=[0, handle])


def test_a_stability_with_a_map_without_a_layout_names_it_and_says_why(half_empty):
    half_empty.wait(PATIENCE)
    text = r"w.runs\[0\] cannot be compared: there is no embedding_: perplexity=100 is not allowed"
    with pytest.raises(NotComputedError, match=text):
        half_empty.stability(runs=[1, 0])


def test_a_stability_with_a_map_that_is_not_computed_names_it(blobs, monkeypatch):
    def broken(X, init, seed):
        if seed == 1:
            raise MemoryError("no room for a start")
        return np.zeros((60, 2), np.float32)

    monkeypatch.setattr("tsne_widget.tsne.initialization.initial_layout", broken)
    w = make(blobs, random_state=[0, 1], autostart=False)
    with pytest.raises(RunFailedError):
        w.wait(PATIENCE)
    with pytest.raises(NotComputedError, match=r"w.runs\[1\] cannot be compared: .* 'seed 1' is not known"):
        w.stability(runs=[0, 1])


@pytest.mark.parametrize("n", [5, 15, 16])
def test_a_stability_of_few_rows_needs_no_number_of_neighbours(n):
    X = np.random.default_rng(0).normal(size=(n, 3))
    w = make(X, perplexity=1.01, init="random", random_state=[0, 1]).wait(PATIENCE)
    np.testing.assert_array_equal(w.stability(), w.stability(min(15, n - 1)))


def test_a_stability_of_a_single_map_is_an_error(blobs):
    w = make(blobs, autostart=False).wait(PATIENCE)
    with pytest.raises(NotComputedError, match="two maps at least"):
        w.stability()


# --- a table ------------------------------------------------------------------------------------------


def test_a_table_has_the_index_of_the_data():
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 3)), index=[f"row {i}" for i in range(30)])
    w = make(frame, perplexity=5).wait(PATIENCE)
    table = w.to_frame()
    assert list(table.columns) == ["x", "y"]
    assert table.index.equals(frame.index)
    assert (table.dtypes == np.float32).all()
    np.testing.assert_array_equal(table.to_numpy(), w.embedding_)


def test_a_table_names_the_maps(blobs):
    w = make(blobs, perplexity=[5, 7.5], init=["pca", "random"], random_state=[0, 1]).wait(PATIENCE)
    table = w.to_frame()
    assert table.index.equals(pd.RangeIndex(60))
    assert list(table.columns[:4]) == [
        "x_perplexity_5_seed_0_init_pca",
        "y_perplexity_5_seed_0_init_pca",
        "x_perplexity_5_seed_1_init_pca",
        "y_perplexity_5_seed_1_init_pca",
    ]
    assert table.shape == (60, 16)
    last = table[["x_perplexity_7.5_seed_1_init_random", "y_perplexity_7.5_seed_1_init_random"]]
    np.testing.assert_array_equal(last.to_numpy(), w.runs[-1].embedding_)


def test_a_table_of_a_map_that_has_no_layout_yet_names_it(blobs, monkeypatch):
    def broken(X, init, seed):
        if seed == 1:
            raise MemoryError("no room for a start")
        return np.zeros((60, 2), np.float32)

    monkeypatch.setattr("tsne_widget.tsne.initialization.initial_layout", broken)
    w = make(blobs, random_state=[0, 1], autostart=False)
    with pytest.raises(RunFailedError):
        w.wait(PATIENCE)
    with pytest.raises(NotComputedError, match="embedding_ of 'seed 1' is not known"):
        w.to_frame()


def test_without_pandas_there_is_no_table(blobs, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDependencyError, match="pip install pandas"):
        make(blobs, autostart=False).wait(PATIENCE).to_frame()


# --- saving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("init", ["pca", "given"])
def test_a_widget_can_be_saved_in_a_notebook(blobs, init):
    w = (
        make(blobs, init=np.zeros((60, 2)) if init == "given" else init, autostart=False)
        .select([1, 2])
        .wait(PATIENCE)
    )
    state = embed_data([w])["manager_state"]["state"][w.model_id]["state"]
    assert (state["perplexity"], state.get("init", "pca")) == (8, init)  # a default is left out


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
        ("tsne_widget.session", ["anywidget", "traitlets", "ipywidgets", "numba", "sklearn"]),
        ("tsne_widget.engine", ["anywidget", "traitlets", "ipywidgets", "numba", "sklearn"]),
        ("tsne_widget.tsne.embed", ["anywidget", "traitlets", "ipywidgets", "tsne_widget.settings"]),
        ("tsne_widget.widget", ["numba", "sklearn", "IPython.display.nothing"]),
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


def test_a_script_waits_and_ends():
    assert python(SCRIPT.format(max_iter=50) + "    print(w.wait().embedding_.shape)") == "(50, 2)\n"


def test_a_script_that_does_not_wait_ends_too():
    assert python(SCRIPT.format(max_iter=10**9)) == ""


def test_importing_everything_by_a_star_works():
    assert python("from tsne_widget import *; print(TSNEWidget.__name__)") == "TSNEWidget\n"


def test_a_closed_widget_keeps_its_settings():
    widget = TSNEWidget(np.eye(9), perplexity=2)
    widget.close()
    with pytest.raises(NotRunningError):
        widget.perplexity = 3
    assert widget.perplexity == 2


def test_help_tells_of_each_trait_that_may_be_set():
    attributes = (TSNEWidget.__doc__ or "").split("Attributes\n")[1].split("Raises\n")[0]
    told = set(re.findall(r"^ *(\w+) : ", attributes, re.MULTILINE))
    own = {name for name in TSNEWidget.class_traits() if name not in AnyWidget.class_traits()}
    assert told == {name for name in own if not name.startswith("_")} - {"snapshot"}

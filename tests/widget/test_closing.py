"""What is left of a widget after `close()`: what it has found out, and nothing of what that took."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
import pytest
from comm import get_comm_manager
from ipywidgets import Layout
from ipywidgets.widgets.widget import _instances

from tests.clients import PATIENCE, make
from tests.conftest import in_metric
from tsne_widget import NotRunningError, TSNEWidget
from tsne_widget.maps.engine import engine
from tsne_widget.tsne.pool import Pool
from tsne_widget.wire.query_worker import QueryWorker, Worker
from tsne_widget.wire.stream import sender

pytestmark = pytest.mark.usefixtures("close_widgets")


def the_threads_have_caught_up() -> None:
    """Wait until engine and sender have done what was given to them so far, and collect what is left."""
    for enqueue in (engine()._call, sender().call):
        done = threading.Event()
        enqueue(done.set)
        assert done.wait(PATIENCE)
    gc.collect()


def what_was_made_of_the_data(w: TSNEWidget) -> dict[str, weakref.ref]:
    session = w.wait(PATIENCE)._driver.session
    shared = in_metric(session)
    w.distances(0)
    w.report()
    made = {
        "matrix": w._source.matrix,
        "original space": next(iter(w._measurements._spaces.values())),
        "neighbours": shared.neighbors.indices,
        "P": shared._affinities[8.0].result,
        "optimizer": session.runs[0]._method._optimizer,
    }
    return {name: weakref.ref(one) for name, one in made.items()}


def left(refs: dict[str, weakref.ref]) -> list[str]:
    return [name for name, ref in refs.items() if ref() is not None]


def test_a_closed_widget_that_nobody_holds_leaves_nothing(blobs):
    w = make(blobs.copy())
    refs = what_was_made_of_the_data(w) | {
        "widget": weakref.ref(w),
        "session": weakref.ref(w._driver.session),
    }
    w.close()
    del w
    the_threads_have_caught_up()
    assert left(refs) == []


def test_a_closed_widget_that_is_held_keeps_its_results_and_not_what_they_took(blobs):
    w = make(pd.DataFrame(blobs, index=[f"row {i}" for i in range(60)]), labels=np.arange(60) % 3)
    refs = what_was_made_of_the_data(w)
    w.groups["mine"] = w.select([1, 2]).selection
    embedding, kl = w.embedding_, w.kl_divergence_
    w.close()
    the_threads_have_caught_up()
    assert left(refs) == []
    np.testing.assert_array_equal(w.embedding_, embedding)
    assert (w.kl_divergence_, w.status) == (kl, "not settled yet")
    assert list(w.selected_rows().index) == ["row 1", "row 2"]
    assert list(w.groups) == ["mine"]
    assert list(w.to_frame().index)[:2] == ["row 0", "row 1"]


NEED_THE_DATA: dict[str, Callable[[TSNEWidget], object]] = {
    "distances": lambda w: w.distances(0),
    "neighbors": lambda w: w.neighbors(0),
    "local_radius": lambda w: w.local_radius(),
    "measure of the data": lambda w: w.measure("density"),
    "measure from a row": lambda w: w.measure("distance", row=0),
    "measure of the map": lambda w: w.measure("kept"),
    "contrast": lambda w: w.contrast(),
    "group_distances": lambda w: w.group_distances(),
    "compare": lambda w: w.compare(perplexity=[5, 8]),
    "perplexity": lambda w: setattr(w, "perplexity", 5),
    "restart": lambda w: w.restart(),
    "wait": lambda w: w.wait(),
    "a run's pause": lambda w: w.runs[0].pause(),
}


@pytest.mark.parametrize("call", NEED_THE_DATA)
def test_what_needs_the_data_says_that_the_widget_is_closed(blobs, call):
    w = make(blobs, labels=np.arange(60) % 3).wait(PATIENCE).select([1, 2])
    w.close()
    with pytest.raises(NotRunningError, match="the widget is closed"):
        NEED_THE_DATA[call](w)


def test_a_map_that_was_closed_while_it_ran_is_paused_and_says_that_it_is_closed(blobs):
    w = make(blobs, max_iter=10**9, early_exaggeration_iter=10**9)
    w.step(3).wait(PATIENCE).start()
    w.close()
    the_threads_have_caught_up()
    assert w.status == "paused"
    assert w.iteration >= 3
    assert repr(w).startswith("TSNEWidget(60 rows, closed, perplexity 8: paused at iteration ")
    assert w._repr_mimebundle_ is None  # a notebook shows the words


STAGES = ["initial layout", "finding neighbours", "perplexity", "early exaggeration", "optimising"]


@pytest.mark.parametrize("stage", STAGES)
def test_a_session_can_be_closed_at_any_stage(bench, blobs, stage):
    X = blobs.copy()
    matrix = weakref.ref(X)
    made = bench(X)
    del X
    made.until(lambda status: status.stage == stage) if stage != "initial layout" else made.once()
    made.session.close()
    assert made.session.resting
    made.session.advance()
    assert made.status.stage == "paused"
    gc.collect()
    assert matrix() is None


def test_a_session_whose_run_has_failed_can_be_closed(bench, monkeypatch):
    def broken(self):
        raise FloatingPointError("it broke")

    monkeypatch.setattr("tsne_widget.tsne.optimizer.Optimizer.step", broken)
    made = bench().until_rest()
    made.session.close()
    assert made.status.stage == "failed"


def test_a_layout_of_the_user_s_own_is_not_closed_with_the_widget(blobs):
    layout = Layout(width="50%")
    w = make(blobs, layout=layout)
    w.close()
    assert layout.comm is not None


class Payload:
    """Something that can be watched."""


def is_let_go_of(use: Callable[[Payload], object]) -> bool:
    """Tell whether a thread that has used something lets go of it while it waits for the next thing to do."""
    payload, gone = Payload(), threading.Event()
    weakref.finalize(payload, gone.set)
    use(payload)
    del payload
    return gone.wait(PATIENCE)


def test_a_thread_that_has_nothing_to_do_holds_nothing():
    worker = Worker("a worker")
    assert is_let_go_of(lambda payload: worker.call(partial(id, payload)))
    assert is_let_go_of(lambda payload: QueryWorker().call(partial(id, payload)))
    pool = Pool(2)
    assert is_let_go_of(lambda payload: pool.run(lambda start, stop, payload: None, 100, payload, grain=1))
    pool.close()


def test_many_widgets_leave_threads_and_comms_as_they_were(blobs):
    make(blobs).wait(PATIENCE).close()  # starts what all share
    the_threads_have_caught_up()

    def counts():
        return (
            sorted(thread.name for thread in threading.enumerate()),
            len(get_comm_manager().comms),
            len(_instances),
            len(engine()._sessions),
        )

    before, alive = counts(), weakref.WeakSet[TSNEWidget]()
    for number in range(30):
        w = make(blobs, random_state=number, init="random")
        alive.add(w)
        if number % 2:
            w.wait(PATIENCE)
        w.close()
    del w
    the_threads_have_caught_up()
    assert counts() == before
    assert len(alive) == 0

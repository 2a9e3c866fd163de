"""Maps that workers make: the bits of those made here, whatever happens on the way."""

from __future__ import annotations

import time
from concurrent.futures import BrokenExecutor, Future

import numpy as np
import pytest

from tests.executors import Elsewhere, equal
from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    RunFailedError,
    TSNEWidget,
    WorkersLostError,
)
from tsne_widget.maps import remote, workers
from tsne_widget.tsne import optimizer

pytestmark = [
    pytest.mark.usefixtures("close_widgets"),
    pytest.mark.filterwarnings("ignore::tsne_widget.PerplexityWarning"),
]
SHORT = {"perplexity": 8, "max_iter": 90, "early_exaggeration_iter": 20}


@pytest.fixture
def make(blobs):
    def make(executor=None, **parameters):
        return TSNEWidget(blobs, executor=executor, **{**SHORT, **parameters})

    return make


def until(reached, seconds=20.0):
    end = time.monotonic() + seconds
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.005)


def lived(widget):
    """Do with a widget what users do."""
    widget.step(7)
    widget.wait()
    widget.perplexity = 12
    widget.step(23)
    widget.wait()
    widget.exaggeration = 1.5
    widget.start()
    widget.wait()
    widget.start()
    widget.wait()
    return widget


# --- the same map -------------------------------------------------------------------------------------


def test_a_map_made_elsewhere_is_the_one_made_here(make):
    here, there = lived(make(autostart=False)), lived(make(Elsewhere(), autostart=False))
    assert equal(here, there)
    assert (there.kl_divergence_, there.status) == (here.kl_divergence_, here.status)
    assert there.runs[0].n_iter_ > 90


def test_maps_side_by_side_and_beside_are_the_same(make):
    grid = {"perplexity": [5, 8], "random_state": [0, 1], "beside": ["umap", "pca", "parametric"]}
    executor = Elsewhere(workers=2)
    here, there = make(**grid), make(executor, **grid)
    for widget in (here, there):
        widget.wait()
    assert equal(here, there)
    assert 1 <= executor.sent_data <= 3  # as many as are under way at once
    # The other maps are made here.
    assert {order.problem.perplexity for order in executor.submitted} == {5, 8}


def test_a_map_of_some_rows_and_one_drawn_again_are_made_elsewhere_too(make, blobs):
    parts = {"subset": {"some": np.arange(40)}, "beside": {"again": {"method": "repeat", "subsample": 0.8}}}
    executor = Elsewhere()
    here, there = make(**parts), make(executor, **parts)
    for widget in (here, there):
        widget.wait()
        assert np.isnan(widget.beside["some"].embedding_[40:]).all()
    for one, other in zip(here.runs, there.runs, strict=True):
        np.testing.assert_array_equal(one.embedding_, other.embedding_)
    assert len({order.problem.data for order in executor.submitted}) == 3


def test_a_change_shows_at_once_and_drops_the_slice_under_way(make):
    executor = Elsewhere()
    widget = make(executor, autostart=False)
    widget.step(10)
    widget.wait()
    executor.door.clear()
    widget.step(50)
    until(lambda: executor.submitted[-1].count == 50)
    widget.perplexity = 12
    until(lambda: executor.submitted[-1].changes)
    assert (executor.submitted[-1].seconds, executor.submitted[-1].problem.perplexity) == (0, 12)
    executor.door.set()
    widget.wait()
    assert widget.n_iter_ == 60
    assert widget.runs[0].history[-1].perplexity == 12


# --- what is ordered ----------------------------------------------------------------------------------


def test_a_paused_map_and_a_closed_one_order_nothing_more(make):
    executor = Elsewhere()
    widget = make(executor, max_iter=10**6, early_exaggeration_iter=10**6)
    until(lambda: widget.status.startswith("early exaggeration"))
    widget.pause()
    widget.wait()
    until(executor.idle)
    shown, ordered = widget.n_iter_, len(executor.submitted)
    time.sleep(0.2)
    assert (widget.n_iter_, len(executor.submitted), widget.status) == (shown, ordered, "paused")
    widget.resume()
    until(lambda: len(executor.submitted) > ordered)
    widget.close()
    until(executor.idle)
    ordered = len(executor.submitted)
    time.sleep(0.1)
    assert len(executor.submitted) == ordered
    assert not executor.shut  # it is the user's


def test_steps_are_counted_though_slices_are_long(make):
    executor = Elsewhere()
    widget = make(executor, autostart=False)
    for count, total in ((1, 1), (2, 3), (30, 33)):
        widget.step(count)
        widget.wait()
        assert widget.n_iter_ == total
    assert sum(executor.done) == 33


def test_a_slice_that_a_user_waits_for_goes_first(make):
    executor = Elsewhere(workers=1)
    widget = make(executor, autostart=False, perplexity=[5, 6, 7, 8], align=False)
    widget.step(3)
    widget.wait()
    executor.door.clear()
    widget.step(9)
    until(lambda: executor.under_way == 2)
    widget.runs[3].exaggeration = 2
    time.sleep(0.05)
    executor.door.set()
    widget.wait()
    first = next(k for k, order in enumerate(executor.submitted) if order.changes)
    later = [order.problem.perplexity for order in executor.submitted[first:]]
    assert {5, 6, 7} & set(later[1:]) == {5, 6, 7} & set(later)
    assert [run.n_iter_ for run in widget.runs] == [12] * 4


# --- what it says -------------------------------------------------------------------------------------


def test_the_map_says_where_it_is_made_and_what_it_waits_for(make, monkeypatch):
    monkeypatch.setattr(remote, "_LATE_SECONDS", 0.05)
    monkeypatch.setattr(remote, "_LATE", 0.0)
    executor = Elsewhere()
    executor.door.clear()
    widget = make(executor, max_iter=10**6, early_exaggeration_iter=10**6)
    until(lambda: widget.status == "waiting for Elsewhere")
    executor.door.set()
    until(lambda: widget.status == "early exaggeration on Elsewhere")
    executor.door.clear()
    until(lambda: widget.status == "waiting for a worker of Elsewhere")
    executor.door.set()
    until(lambda: widget.status == "early exaggeration on Elsewhere")


def test_an_error_of_the_work_is_that_of_the_map(make, monkeypatch):
    monkeypatch.setattr(optimizer, "attraction", lambda *given: 1 / 0)
    for executor in (None, Elsewhere()):
        widget = make(executor)
        with pytest.raises(RunFailedError, match="the optimisation failed: ZeroDivisionError") as error:
            widget.wait()
        assert isinstance(error.value.__cause__, ZeroDivisionError)
        assert (widget.status, widget.n_iter_) == ("failed", 0)


def test_workers_with_another_version_are_refused(make, monkeypatch):
    monkeypatch.setattr(remote, "VERSION", "0.0.1")
    with pytest.raises(RunFailedError, match=r"a worker has tsne_widget .*, the notebook has 0\.0\.1"):
        make(Elsewhere()).wait()


# --- what is lost -------------------------------------------------------------------------------------


def test_a_lost_slice_is_done_again(make):
    here, executor = make(), Elsewhere()
    executor.errors.append(OSError("a cable was pulled"))
    there = make(executor, autostart=False)
    there.step(10)
    there.wait()
    executor.errors.append(ConnectionError("again"))
    there.start()
    for widget in (here, there):
        widget.wait()
    assert not executor.errors
    assert equal(here, there)


def test_an_executor_that_breaks_is_made_again_once_for_all_maps(make):
    made = []

    def maker():
        made.append(Elsewhere())
        return made[-1]

    grid = {"perplexity": [5, 8, 11], "align": False}
    here, there = make(**grid, autostart=False), make(maker, **grid, autostart=False)
    for widget in (here, there):
        widget.step(10)
        widget.wait()
    made[0].die()
    for widget in (here, there):
        widget.start()
        widget.wait()
    assert equal(here, there)
    assert len(made) == 2
    assert made[0].shut
    there.close()
    until(lambda: made[1].shut)


def test_a_map_goes_on_here_when_its_executor_is_gone(make):
    here, executor = make(autostart=False), Elsewhere()
    there = make(executor, autostart=False)
    for widget in (here, there):
        widget.step(30)
        widget.wait()
    executor.die()
    there.start()
    with pytest.raises(
        RunFailedError, match=r"Elsewhere is gone .*recover\(\) brings the last layout back"
    ) as error:
        there.wait()
    assert isinstance(error.value.__cause__, WorkersLostError)
    assert isinstance(error.value.__cause__.__cause__, BrokenExecutor)
    assert there.n_iter_ == 30
    assert equal(here, there)
    there.recover()
    there.wait()
    assert (there.n_iter_, there.status) == (30, "paused")
    for again in (here.start, there.start, here.restart, there.restart):
        again()
        again.__self__.wait()
        assert again.__self__ is here or equal(here, there)


def test_work_that_is_lost_again_and_again_is_given_up(make, monkeypatch):
    monkeypatch.setattr(workers, "_PATIENCE_SECONDS", 0.001)
    executor = Elsewhere()
    executor.errors.extend([MemoryError("the worker ran out of it")] * 4)
    with pytest.raises(RunFailedError, match=r"Elsewhere lost the same work 4 times \(MemoryError"):
        make(executor).wait()


def test_slices_wait_for_workers_that_are_still_to_come(make, monkeypatch):
    monkeypatch.setattr(workers, "_ROOM_SECONDS", 0.01)
    executor = Elsewhere(workers=0)
    widget = make(executor)
    until(lambda: widget.status.startswith("waiting for Elsewhere"))
    assert not executor.submitted
    executor._max_workers = 1
    widget.wait()
    assert equal(widget, make().wait())


def test_an_executor_that_returns_something_else_fails_the_map(make):
    class Twice(Elsewhere):
        """Returns a list of results, as a view of all engines does."""

        def submit(self, fn, /, *args):
            return super().submit(fn, *args) if not self.submitted else self._twice()

        def _twice(self):
            future = Future()
            future.set_result([1, 2])
            return future

    with pytest.raises(RunFailedError, match=r"executor's result=\[1, 2\] is of type list"):
        make(Twice()).wait()


# --- what may be given --------------------------------------------------------------------------------


@pytest.mark.parametrize("wrong", [4, "dask", [Elsewhere]])
def test_what_is_no_executor_is_refused_at_once(make, wrong):
    with pytest.raises(InvalidTypeError, match="executor"):
        make(wrong)


def test_a_maker_has_to_make_an_executor(make):
    with pytest.raises(InvalidTypeError, match=r"executor\(\)=8 is of type int: executor\(\) must be"):
        make(lambda: 8)


def test_a_client_of_dask_must_not_be_asynchronous(make):
    class Client:
        asynchronous = True

        def get_executor(self, **others): ...

        def scatter(self, data, **others): ...

    with pytest.raises(InvalidValueError, match="asynchronous"):
        make(Client())


def test_a_view_of_all_engines_is_refused(make):
    class View:
        targets = (0, 1)
        executor = Elsewhere()

        def scatter(self, data): ...

    with pytest.raises(InvalidValueError, match=r"give load_balanced_view\(\)"):
        make(View())


def test_a_worker_forgets_what_it_has_not_needed_for_longest(monkeypatch):
    from tsne_widget.tsne import worker

    monkeypatch.setattr(worker, "_KEPT_BYTES", 100)
    kept = worker._Kept()
    for key in range(4):
        kept.put((key,), key, 40)
        kept.get((0,))
    assert [kept.get((key,)) for key in range(4)] == [0, None, None, 3]

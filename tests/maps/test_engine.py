"""One thread serves all sessions: nothing is lost, nobody is starved, nothing ends it."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

from tests.conftest import in_metric
from tsne_widget import TSNEWidget, WaitTimeoutError
from tsne_widget.maps.engine import Engine, engine
from tsne_widget.tsne.pool import Pool

PATIENCE = 60  # seconds after which a test is called stuck


class Work:
    """A session that has `pieces` of work to do; its `log` may be shared with others."""

    asleep = waits = is_read = False

    def __init__(self, pieces=0, name="", log=None):
        self.pieces, self.name, self.awaited = pieces, name, 0
        self.log = [] if log is None else log
        self.handled = []
        self.threads = set()

    @property
    def resting(self):
        return self.pieces <= 0

    def handle(self, command):
        self.threads.add(threading.current_thread())
        self.handled.append(command)
        if callable(command):
            command(self)

    def advance(self):
        self.threads.add(threading.current_thread())
        self.pieces -= 1
        self.log.append(self.name)

    def read_on(self):
        pass

    def wake(self):
        self.log.append("woken")

    def close(self):
        self.log.append("closed")


class Endless(Work):
    resting = False


@pytest.fixture
def own():
    """An engine apart from that of the process."""
    made = Engine()
    yield made
    made.stop()


def test_a_session_is_advanced_until_it_rests(own):
    work = Work(5)
    own.add(work)
    own.wait(work, PATIENCE)
    assert work.pieces == 0


def test_the_thread_starts_with_the_first_session_only():
    before = set(threading.enumerate())
    made = Engine()
    assert set(threading.enumerate()) == before
    made.add(Work())
    started = set(threading.enumerate()) - before
    assert [thread.daemon for thread in started] == [True]
    made.stop()
    for thread in started:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in started)


def test_sessions_are_touched_by_the_engines_thread_alone(own):
    work = Work(3)
    own.add(work)
    own.put(work, "a command")
    own.wait(work, PATIENCE)
    assert len(work.threads) == 1
    assert threading.current_thread() not in work.threads


def test_a_wait_sees_the_commands_that_were_put_before_it(own):
    work = Work()
    own.add(work)
    for i in range(200):
        own.put(work, i)
        own.wait(work, PATIENCE)
        assert work.handled[-1] == i


def test_a_wait_sees_the_work_that_a_command_before_it_brings(own):
    work = Work()
    own.add(work)
    for _ in range(50):
        own.put(work, lambda session: setattr(session, "pieces", 3))
        own.wait(work, PATIENCE)
        assert work.pieces == 0
    assert len(work.log) >= 150


def test_commands_of_several_threads_are_all_carried_out_in_the_order_of_each(own):
    work = Work()
    own.add(work)
    together = threading.Barrier(4)

    def command(name):
        together.wait(PATIENCE)
        for i in range(250):
            own.put(work, (name, i))

    threads = [threading.Thread(target=command, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    own.wait(work, PATIENCE)
    for name in range(4):
        assert [i for who, i in work.handled if who == name] == list(range(250))


def test_several_threads_may_wait(own):
    work, gate = Work(3), threading.Event()
    own.add(work)
    own.put(work, lambda _: gate.wait(PATIENCE))
    reached = []
    threads = [
        threading.Thread(target=lambda: (own.wait(work, PATIENCE), reached.append(work.pieces)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert reached == [0, 0, 0]


def test_two_sessions_take_turns(own):
    log, gate, first = [], threading.Event(), Work()
    one, other = Work(20, "one", log), Work(20, "other", log)
    own.add(first)
    own.put(first, lambda _: gate.wait(PATIENCE))
    own.add(one)
    own.add(other)
    gate.set()
    own.wait(one, PATIENCE)
    own.wait(other, PATIENCE)
    turns = [name for name in log if name != "woken"]
    assert all(a != b for a, b in itertools.pairwise(turns))


def test_a_session_that_rests_does_not_wait_for_one_that_does_not(own):
    work = Work(3)
    own.add(Endless())
    own.add(work)
    own.wait(work, PATIENCE)
    assert work.pieces == 0


def test_a_wait_gives_up_after_its_time_and_the_session_goes_on(own):
    work = Endless()
    own.add(work)
    with pytest.raises(WaitTimeoutError, match=r"timeout=0.01 seconds; it continues"):
        own.wait(work, 0.01)
    seen, went_on = len(work.log), threading.Event()
    own.put(work, lambda _: went_on.set())
    assert went_on.wait(PATIENCE)
    own.put(work, lambda session: setattr(session, "resting", True))
    own.wait(work, PATIENCE)
    assert len(work.log) > seen


def test_a_session_is_awaited_for_as_long_as_somebody_waits(own):
    work = Endless()
    own.add(work)
    with pytest.raises(WaitTimeoutError):
        own.wait(work, 0.0)
    awaited, asked = [], threading.Event()
    own.put(work, lambda session: (awaited.append(session.awaited), asked.set()))
    assert asked.wait(PATIENCE)
    assert awaited == [0]
    assert "woken" in work.log


def test_a_wait_for_no_time_is_over_at_once_where_nothing_is_left_to_do(own):
    work = Work(2)
    own.add(work)
    own.wait(work, PATIENCE)
    own.wait(work, 0.0)
    assert work.pieces == 0


def test_a_wait_ends_when_the_session_is_removed(own):
    work, ended = Endless(), threading.Event()
    own.add(work)
    waiter = threading.Thread(target=lambda: (own.wait(work, None), ended.set()), daemon=True)
    waited = threading.Event()
    work.wake = waited.set
    waiter.start()
    assert waited.wait(PATIENCE)
    own.remove(work)
    assert ended.wait(10)


class Watched(threading.Condition):
    """Tells when somebody has found that he must wait."""

    def __init__(self):
        super().__init__()
        self.found = threading.Semaphore(0)

    def wait(self, timeout=None):
        self.found.release()
        return super().wait(timeout)


def test_a_wait_ends_only_after_the_last_result_was_published(own):
    """A session rests as soon as its last iteration is done, and publishes after that."""
    own._changed = watched = Watched()
    begin, last, go = threading.Event(), threading.Event(), threading.Event()

    class Slow(Work):
        result = None

        def advance(self):
            super().advance()
            last.set()
            go.wait(PATIENCE)
            self.result = "published"

    def wait():
        own.wait(work, PATIENCE)
        results.append(work.result)
        watched.found.release()

    work, results = Slow(), []
    own.add(work)
    own.put(work, lambda session: (begin.wait(PATIENCE), setattr(session, "pieces", 1)))
    waiter = threading.Thread(target=wait)
    waiter.start()
    assert watched.found.acquire(timeout=PATIENCE)
    begin.set()
    assert last.wait(PATIENCE)
    with watched:
        watched.notify_all()
    assert watched.found.acquire(timeout=PATIENCE)  # it has looked again, or it has ended
    go.set()
    waiter.join(PATIENCE)
    assert results == ["published"]


def test_a_command_that_fails_ends_nothing(own, caplog):
    work = Work()
    own.add(work)
    own.put(work, lambda _: 1 / 0)
    own.put(work, "the next")
    own.wait(work, PATIENCE)
    assert work.handled[-1] == "the next"
    assert "ZeroDivisionError" in caplog.text


def test_a_session_that_fails_ends_no_other(own, caplog):
    class Broken(Work):
        def advance(self):
            super().advance()
            raise ZeroDivisionError("of a session")

    broken, work = Broken(2), Work(5)
    own.add(broken)
    own.add(work)
    own.wait(work, 10)
    own.wait(broken, 10)
    assert (work.pieces, broken.pieces) == (0, 0)
    assert "ZeroDivisionError: of a session" in caplog.text


def test_a_session_that_was_removed_is_not_advanced_any_more(own):
    work, other = Endless(), Work()
    own.add(work)
    own.add(other)
    own.remove(work)
    own.remove(work)
    own.wait(other, PATIENCE)
    before = len(work.log)
    other.pieces = 0
    own.put(other, lambda session: setattr(session, "pieces", 5))
    own.wait(other, PATIENCE)
    assert len(work.log) == before


def test_an_engine_that_was_stopped_ends_its_thread_however_busy_it_is():
    before = set(threading.enumerate())
    made = Engine()
    made.add(Endless())
    (thread,) = set(threading.enumerate()) - before
    made.stop()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    made.stop()


def test_there_is_one_engine_in_a_process():
    assert engine() is engine()


def test_a_turn_can_be_driven_without_the_thread(monkeypatch):
    monkeypatch.setattr(threading.Thread, "start", lambda self: None)
    made, work = Engine(), Work(3)
    made.add(work)
    made.put(work, "a command")
    assert [made.turn() for _ in range(3)] == [True, True, False]
    assert work.handled == ["a command"]


class Held:
    """A metric whose calls, but for those that check it in this thread, take until they are let go."""

    def __init__(self):
        self.called, self.let_go = threading.Event(), threading.Event()
        self.checked_in = threading.current_thread()

    def __call__(self, x, y):
        if threading.current_thread() is not self.checked_in:
            self.called.set()
            assert self.let_go.wait(PATIENCE)
        return float(np.abs(x - y).sum())


@pytest.fixture
def held(blobs, close_widgets):
    """A widget in the middle of a call of its metric."""
    metric = Held()
    w = TSNEWidget(blobs, perplexity=8, max_iter=30, metric=metric)
    assert metric.called.wait(PATIENCE)
    yield w, metric
    metric.let_go.set()


def test_while_a_call_of_a_metric_lasts_other_widgets_go_on(held, blobs):
    w, _ = held
    other = TSNEWidget(blobs, perplexity=8, max_iter=30).wait(PATIENCE)
    assert other.iteration == 30
    assert w.status == "finding neighbours"


def test_while_a_call_of_a_metric_lasts_the_map_is_paused_and_goes_on_later(held, blobs):
    w, metric = held
    w.pause().wait(PATIENCE)
    assert w.status == "paused"
    metric.let_go.set()
    w.resume().wait(PATIENCE)
    by_name = TSNEWidget(blobs, perplexity=8, max_iter=30, metric="manhattan").wait(PATIENCE)
    np.testing.assert_array_equal(
        in_metric(w._driver.session).neighbors.indices, in_metric(by_name._driver.session).neighbors.indices
    )


def test_while_a_call_of_a_metric_lasts_the_map_can_be_closed(held, own):
    w, metric = held
    session = w._driver.session
    w.close()
    done = threading.Event()
    engine()._call(done.set)
    assert done.wait(PATIENCE)
    assert session.shared_work.known_in(session.runs[0].spec) is None
    assert not metric.let_go.is_set()


def test_a_pause_ends_the_calls_of_a_metric_after_those_under_way(held):
    w, metric = held
    w.pause().wait(PATIENCE)
    metric.let_go.set()
    in_metric(w._driver.session)._search._ended.wait(PATIENCE)
    metric.called.clear()
    TSNEWidget(np.eye(20), perplexity=3, max_iter=5).wait(PATIENCE)  # turns in which it could go on
    assert not metric.called.is_set()


def test_an_engine_is_stopped_while_a_call_lasts(held):
    _, metric = held
    made = Engine()
    made.pool = Pool(2)
    holding = threading.Barrier(3, timeout=PATIENCE)

    def hold(start, stop):
        holding.wait()
        metric.let_go.wait(PATIENCE)

    beside = threading.Thread(target=made.pool.run, args=(hold, 2), kwargs={"grain": 1})
    beside.start()
    holding.wait()
    made.stop()
    assert not metric.let_go.is_set()
    metric.let_go.set()
    beside.join(PATIENCE)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.release
def test_a_child_process_has_an_engine_and_a_sender_of_its_own():
    script = """
        import os, sys, threading
        import numpy as np
        from tsne_widget import NotRunningError, TSNEWidget
        from tsne_widget.maps.engine import engine
        from tsne_widget.wire.stream import sender

        X = np.random.default_rng(0).normal(size=(50, 4))
        make = lambda: TSNEWidget(X, perplexity=5, max_iter=40)
        parents = make().wait()
        first = parents.embedding_
        parent = engine()
        child = os.fork()
        if child:
            _, status = os.waitpid(child, 0)
            assert make().wait(60).embedding_.tobytes() == first.tobytes()
            sys.exit(os.waitstatus_to_exitcode(status))
        assert engine() is not parent
        step = lambda: parents.step(3)
        for command in (parents.wait, parents.pause, parents.resume, parents.restart, step):
            try:
                command()
            except NotRunningError as error:
                assert "fork" in str(error)
            else:
                os._exit(4)
        assert parents.embedding_.tobytes() == first.tobytes()
        assert make().wait(60).embedding_.tobytes() == first.tobytes()
        sent = threading.Event()
        sender().call(sent.set)
        os._exit(0 if sent.wait(20) else 3)
    """
    # A process of its own: this one has the threads of other tests.
    command = [sys.executable, "-W", "ignore::DeprecationWarning", "-c", textwrap.dedent(script)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE * 2)
    assert (done.returncode, done.stderr) == (0, "")

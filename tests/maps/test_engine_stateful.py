"""A thousand random commands of several threads at once: the engine keeps its promises whatever they are."""

from __future__ import annotations

import random
import threading
from collections import defaultdict

import numpy as np
import pytest

from tests.conftest import Clock, checked, thorough
from tsne_widget.maps.engine import Engine
from tsne_widget.maps.session import Arrange, Pause, Play, Restart, Resume, Session, Step
from tsne_widget.maps.tsne_method import ENDINGS
from tsne_widget.wire.audience import Audience

PATIENCE = 60  # seconds after which a test is called stuck
THREADS, COMMANDS = 4, 250
AT_REST = {*ENDINGS.values(), "paused", "out of range"}


class Told:
    """What a session tells, in its order, and in which threads."""

    def __init__(self):
        self.statuses, self.forgotten, self.threads = defaultdict(list), [], set()

    def publish(self, run):
        self.threads.add(threading.current_thread())
        self.statuses[run.number].append((run.status, run.layout))

    def forget(self, run):
        self.forgotten.append(run)


class Sender:
    """One thread's commands, by a seed of its own; runs that it has arranged are new ones or are changed."""

    def __init__(self, seed: int, arrangements: list, lock: threading.Lock):
        self.random = random.Random(seed)
        self.arrangements, self.lock = arrangements, lock

    def send(self, engine: Engine, session: Session) -> None:
        for _ in range(COMMANDS):
            if self.random.random() < 0.2:
                # What is arranged last is put last, as the widget has it under its lock.
                with self.lock:
                    self.arrangements.append(self._arranged(self.arrangements[-1]))
                    engine.put(session, Arrange(self.arrangements[-1].entries))
            else:
                engine.put(session, self._command())

    def _command(self):
        run = self.random.choice([None, *range(6), 99])
        kinds = [Play(run), Resume(run), Pause(run), Restart(run), Step(self.random.randint(1, 5), run)]
        return self.random.choice(kinds)

    def _arranged(self, before):
        perplexities = self.random.sample([3.0, 5.0, 8.0, 500.0], self.random.randint(1, 2))
        if perplexities == [500.0]:
            perplexities = [3.0]
        axes = {
            "perplexity": tuple(perplexities),
            "init": ("random",),
            "random_state": (self.random.randint(0, 2),),
        }
        return before.product(axes)


@pytest.mark.parametrize("seed", range(50 if thorough() else 10))
def test_a_thousand_commands_of_several_threads_leave_all_runs_as_they_should_be(blobs, seed):
    engine, told, clock = Engine(), Told(), Clock(tick=1e-4)
    settings, grid = checked(blobs, perplexity=5.0, init="random", max_iter=20, early_exaggeration_iter=5)
    session = Session(
        blobs,
        settings,
        grid.entries,
        audience=Audience(clock),
        pool=engine.pool,
        listener=told,
        clock=clock,
    )
    engine.add(session)
    arrangements, lock = [grid], threading.Lock()
    threads = [
        threading.Thread(target=Sender(THREADS * seed + i, arrangements, lock).send, args=(engine, session))
        for i in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    engine.wait(session, PATIENCE)  # while they go on
    for thread in threads:
        thread.join(PATIENCE)
    engine.wait(session, PATIENCE)

    # The runs are those that were asked for last, as they were asked for, and none beside.
    wanted = arrangements[-1].entries
    assert [(run.number, run.spec) for run in session.runs] == [(entry.run, entry.spec) for entry in wanted]
    assert all(run.error is None and run.status.stage in AT_REST for run in session.runs)
    check_what_was_told(told)
    assert {thread.name for thread in told.threads} <= {"tsne-widget-engine", threading.current_thread().name}

    # The last command of each kind is not lost.
    engine.put(session, Restart())
    engine.put(session, Step(3))
    engine.wait(session, PATIENCE)
    in_range = [run for run in session.runs if not run.out_of_range]
    assert {(run.status.stage, run.status.iteration) for run in in_range} == {("paused", 3)}
    engine.put(session, Play())
    engine.wait(session, PATIENCE)
    assert all(run.status.ended and run.status.iteration >= 3 for run in in_range)

    # The engine lives, serves others, and lets go of what it has served.
    assert engine._thread.is_alive()
    engine.remove(session)
    engine.wait(session, PATIENCE)
    assert engine._sessions == []
    engine.stop()
    engine._thread.join(PATIENCE)
    assert not engine._thread.is_alive()


def check_what_was_told(told: Told) -> None:
    """Epochs of a run never fall, iterations never within one; a layout is finite and of no epoch to come."""
    for news in told.statuses.values():
        places = [(status.epoch, status.iteration) for status, _ in news]
        assert places == sorted(places)
        for status, layout in news:
            if layout is not None:
                assert layout.epoch <= status.epoch
                assert np.isfinite(layout.points).all()
    assert len(told.forgotten) == len(set(told.forgotten))

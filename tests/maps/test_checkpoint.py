"""Checkpoints are taken one a slice, of a session as it is when they are asked for."""

from __future__ import annotations

import threading
from dataclasses import replace

import numpy as np
import pytest

from tests.maps.toy import Spiral
from tsne_widget import NotRunningError
from tsne_widget.maps import methods
from tsne_widget.maps.checkpoint import Reading
from tsne_widget.maps.engine import Engine
from tsne_widget.maps.grid import Entry, Spec
from tsne_widget.maps.session import Session
from tsne_widget.tsne import from_sample

PATIENCE = 60


def taken(session):
    reading = Reading()
    session.read(reading)
    reading.finish()
    assert reading.error is None
    return reading.checkpoints


def continued(bench, checkpoints, grid=None):
    """A session that goes on from checkpoints, in place of a bench's own."""
    old = bench.session
    bench.session = Session(
        old.shared_work.rows(),
        old._settings,
        (grid or bench.grid).entries,
        audience=bench.audience,
        pool=old.shared_work.pool,
        listener=bench,
        clock=bench.clock,
        checkpoints=checkpoints,
    )
    return bench


def test_one_run_is_read_at_a_time(bench):
    session = bench(perplexity=[8, 9, 10]).until_rest().session
    reading = Reading()
    session.read(reading)
    for count in (1, 2, 3):
        assert session.is_read
        session.read_on()
        assert len(reading.checkpoints) == count
    assert reading.done.is_set()
    assert not session.is_read


def test_a_command_comes_after_the_checkpoints_that_were_asked_for_before_it(bench):
    some = bench(perplexity=[8, 9], autostart=False).until_rest()
    reading = Reading()
    some.session.read(reading)
    some.session.read_on()
    some.set("perplexity", 12)
    assert reading.done.is_set()
    assert [one.status.values["perplexity"] for one in reading.checkpoints.values()] == ["8", "9"]


def test_checkpoints_that_cannot_be_taken_are_an_error_for_who_waits(bench, monkeypatch):
    some = bench(perplexity=[8, 9]).until_rest()

    def broken(self):
        raise MemoryError

    monkeypatch.setattr("tsne_widget.maps.run.Run.checkpoint", broken)
    reading = Reading()
    some.session.read(reading)
    some.session.read_on()
    assert reading.done.is_set()
    assert isinstance(reading.error, MemoryError)


def test_the_engine_reads_maps_that_run_and_that_rest_and_refuses_those_it_has_not(bench):
    engine = Engine()
    running, resting = bench(max_iter=10**9), bench(autostart=False)
    for each in (running, resting):
        engine.add(each.session)
    for each in (running, resting):
        reading = Reading()
        engine.read(each.session, reading)
        assert reading.done.wait(PATIENCE)
        assert reading.checkpoints.keys() == {0}
    engine.remove(running.session)
    reading = Reading()
    engine.read(running.session, reading)
    assert reading.done.wait(PATIENCE)
    assert isinstance(reading.error, NotRunningError)
    engine.stop()


def test_a_run_that_goes_on_does_so_bit_for_bit(bench):
    whole, cut = bench(), bench()
    whole.until_rest()
    cut.until(lambda status: status.iteration >= 30)
    continued(cut, taken(cut.session))
    assert cut.status.iteration >= 30
    assert cut.run.layout is not None
    cut.until_rest()
    np.testing.assert_array_equal(cut.points, whole.points)
    assert [one.iteration for one in cut.run.keyframes] == [one.iteration for one in whole.run.keyframes]
    assert cut.status == whole.status


def test_what_was_known_is_told_before_anything_is_prepared(bench):
    ended = bench().until_rest()
    before = ended.status
    continued(ended, taken(ended.session))
    assert ended.status == before
    assert not ended.session.resting  # its neighbours are searched, which measures need
    ended.until_rest()
    assert ended.status == before


def test_a_method_without_a_state_starts_again(bench, monkeypatch):
    monkeypatch.setitem(methods.METHODS, Spiral.name, Spiral)
    some = bench()
    spec = Spec({"random_state": 3, "turns": 3, "metric": "euclidean"}, "spiral", "Spiral")
    grid = some.grid.with_beside([spec])
    some.arrange(grid).until_rest()
    run = grid.beside["Spiral"].run
    points = some.named(run).layout.points
    continued(some, taken(some.session), grid)
    np.testing.assert_array_equal(some.named(run).layout.points, points)
    some.until_rest()
    assert some.named(run).status.iteration == 5
    assert some.named(run).status.epoch == 1
    np.testing.assert_array_equal(some.named(run).layout.points, points)


def test_a_map_whose_viewers_have_gone_sleeps_and_goes_on_later(bench):
    some = bench(max_iter=10**9)
    some.until(lambda status: status.iteration >= 5)
    some.run.sleep()
    continued(some, taken(some.session))
    at = some.status.iteration
    some.until(lambda status: status.iteration > at)


@pytest.mark.parametrize("count", [1, 5])
def test_steps_that_are_left_are_done(bench, count):
    some = bench(autostart=False)
    some.until_rest()
    some.run.step(20)
    some.until(lambda status: status.iteration >= 20 - count)
    continued(some, taken(some.session)).until_rest()
    assert (some.status.iteration, some.status.stage) == (20, "paused")


def test_the_threads_of_a_reading_meet(bench):
    some = bench().until_rest()
    reading = Reading()
    waiting = threading.Thread(target=reading.done.wait, args=(PATIENCE,))
    waiting.start()
    some.session.read(reading)
    some.session.read_on()
    waiting.join(PATIENCE)
    assert not waiting.is_alive()


def test_a_run_without_a_checkpoint_begins(bench):
    some = bench().until_rest()
    points = some.points
    continued(some, {}, None)
    assert some.session.runs[0].layout is None
    np.testing.assert_array_equal(some.until_rest().points, points)
    assert Entry(0, some.grid.spec(0)) in some.grid.entries


@pytest.mark.parametrize("cut", [3, 46, 77, 178, 179, 180, 181, 182, 183, 184])
def test_a_run_is_read_within_an_iteration_too(bench, monkeypatch, cut):
    monkeypatch.setattr("tsne_widget.maps.tsne_method.WHOLE_ITERATIONS_ROWS", 10)
    whole, some = bench().until_rest(), bench()
    some.until(lambda status: status.iteration >= 1)
    for _ in range(cut):  # an iteration has three or four parts
        some.once()
    continued(some, taken(some.session)).until_rest()
    np.testing.assert_array_equal(some.points, whole.points)
    assert some.status == whole.status
    assert [one.iteration for one in some.run.keyframes] == [one.iteration for one in whole.run.keyframes]


def test_a_map_whose_sample_led_the_way_begins_again(bench, monkeypatch):
    for name, value in (("SAMPLED_ABOVE_ROWS", 300), ("SAMPLE_ROWS", 100)):
        monkeypatch.setattr(f"tsne_widget.parameters.constants.{name}", value)
    monkeypatch.setattr(from_sample, "_SCHEDULE", replace(from_sample._SCHEDULE, max_iter=60))
    X = np.random.default_rng(0).normal(size=(400, 5)).astype(np.float32)
    whole, some = bench(X).until_rest(), bench(X)
    some.until(lambda status: status.iteration > 9 and np.isnan(some.points).any())
    shown = some.points
    assert np.isnan(shown).any()
    continued(some, taken(some.session))
    np.testing.assert_array_equal(some.points, shown)
    some.until_rest()
    np.testing.assert_array_equal(some.points, whole.points)

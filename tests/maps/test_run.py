"""One optimisation, advanced by hand: what it publishes, and what commands do to it."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import threading
from dataclasses import asdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tsne_widget.data import as_matrix
from tsne_widget.maps.session import Pause, Play, Recover, Restart, Resume, Step
from tsne_widget.maps.tsne_method import ENDINGS
from tsne_widget.parameters import perplexity as limits
from tsne_widget.parameters.constants import ABSENCE_SECONDS
from tsne_widget.parameters.given import Given
from tsne_widget.tsne import affinities, compilation, initialization, neighbors
from tsne_widget.tsne.optimizer import Optimizer
from tsne_widget.wire.audience import Audience

#: What makes the blobs settle rather than reach a limit.
TO_THE_END = {"max_iter": 20_000}


def at(iteration):
    return lambda status: status.iteration >= iteration


def bits(points):
    """Return what differs where any bit does."""
    return hashlib.sha256(points.tobytes()).hexdigest()[:12]


@pytest.fixture
def searches(monkeypatch):
    """The numbers of neighbours that were searched for."""
    asked, find = [], neighbors.find_neighbors

    def find_neighbors(X, k, **others):
        asked.append(k)
        return find(X, k, **others)

    monkeypatch.setattr(neighbors, "find_neighbors", find_neighbors)
    return asked


@pytest.fixture
def break_at(monkeypatch):
    """Make each optimisation fail at an iteration."""
    step = Optimizer.step

    def arrange(iteration):
        def broken(self):
            if self.iteration == iteration:
                raise FloatingPointError("the sky fell")
            step(self)

        monkeypatch.setattr(Optimizer, "step", broken)

    return arrange


# --- from the start to an end -------------------------------------------------------------------------


def test_the_initial_layout_is_shown_before_anything_else_is_done(bench, blobs):
    made = bench().until_rest()
    shown = [(status, layout) for status, layout in made.published if layout is not None]
    status, first = shown[0]
    assert status.stage == "initial layout"
    assert (first.iteration, first.epoch) == (0, 0)
    assert first.points.shape == (len(blobs), 2)
    assert first.points.dtype == np.float32
    assert np.isfinite(first.points).all()


def test_the_stages_come_in_their_order(bench):
    made = bench(**TO_THE_END).until_rest()
    stages = [stage for stage, _ in itertools.groupby(status.stage for status, _ in made.published)]
    order = [
        "initial layout",
        "compiling",
        "finding neighbours",
        "perplexity",
        "early exaggeration",
        "optimising",
    ]
    assert stages[: len(order)] == order
    assert set(stages[len(order) :]) <= {"optimising", "settling", "settled"}
    assert stages[-1] == "settled"


def test_each_stage_says_what_the_map_waits_for_unless_it_moves(bench):
    made = bench(**TO_THE_END).until_rest()
    told = {status.stage: (status.kind, status.waiting) for status, _ in made.published}
    assert told == {
        "initial layout": ("preparing", "computing the initial layout"),
        "compiling": ("preparing", "compiling (longer on first use)"),
        "finding neighbours": ("preparing", "finding neighbours"),
        "perplexity": ("preparing", "fitting the perplexity"),
        "early exaggeration": ("moving", ""),
        "optimising": ("moving", ""),
        "settling": ("moving", ""),
        "settled": ("at rest", ""),
    }
    before = len(made.published)
    made.set("exaggeration", 2.0).until_rest()
    assert {status.kind for status, _ in made.published[before:]} == {"moving", "at rest"}


def test_progress_is_a_part_that_rises_within_each_stage(bench):
    made = bench().until_rest()
    for stage in ("compiling", "finding neighbours", "perplexity"):
        known = [s.progress for s, _ in made.published if s.stage == stage and s.progress is not None]
        assert known == sorted(known)
        assert all(0 <= progress <= 1 for progress in known)
    assert made.status.progress is None


def test_iterations_only_rise_and_each_layout_is_another_array(bench):
    made = bench().until_rest()
    iterations = [status.iteration for status, _ in made.published]
    assert iterations == sorted(iterations)
    layouts = {id(layout): layout for _, layout in made.published if layout is not None}.values()
    assert len({(layout.epoch, layout.iteration) for layout in layouts}) == len(layouts)
    for one, other in itertools.pairwise(layouts):
        assert not np.shares_memory(one.points, other.points)


def test_a_layout_that_was_published_is_never_written_to_again(bench):
    made = bench().until(at(10))
    kept = made.run.layout
    before = kept.points.copy()
    made.until_rest()
    np.testing.assert_array_equal(kept.points, before)


def test_what_is_published_last_is_what_the_run_says_of_itself(bench):
    made = bench().until_rest()
    assert made.published[-1] == (made.run.status, made.run.layout)


def test_nothing_is_published_twice(bench):
    made = bench().until_rest().do(Pause(), Pause())
    assert all(one != other for one, other in itertools.pairwise(made.published))


def test_a_run_ends_at_the_limit_and_says_that_it_has_not_settled(bench):
    status = bench(max_iter=30).until_rest().status
    assert (status.iteration, status.limit) == (30, 30)
    assert (status.ended, status.settled, status.playing) == (True, False, False)
    assert status.stage == ENDINGS["limit"]
    assert "still change" in status.reason


def test_a_run_settles_by_itself(bench):
    status = bench(**TO_THE_END).until_rest().status
    assert status.iteration < TO_THE_END["max_iter"]
    assert (status.ended, status.settled, status.playing) == (True, True, False)
    assert status.stage == ENDINGS["settled"]
    assert status.reason


def test_every_status_can_be_told_to_a_browser(bench):
    made = bench(autostart=np.bool_(False)).until_rest().do(Play()).until_rest().set("perplexity", 9.0)
    made.until_rest()
    for status, _ in made.published:
        assert json.loads(json.dumps(asdict(status), allow_nan=False)) == asdict(status)


def test_the_divergence_is_known_from_the_first_iterations_on(bench):
    made = bench(early_exaggeration_iter=0).until_rest()
    known = [status.figures.get("KL") for status, _ in made.published if status.iteration > 10]
    assert known
    assert all(kl is not None and math.isfinite(kl) for kl in known)
    assert known[-1] < known[0]


@pytest.mark.parametrize("init", ["pca", "random"])
def test_the_seed_alone_decides_the_map(bench, init):
    one, same, other = (bench(init=init, random_state=seed).until_rest() for seed in (1, 1, 2))
    assert bits(one.points) == bits(same.points)
    assert bits(one.points) != bits(other.points)


def test_the_map_begins_at_the_layout_that_was_given(bench, blobs):
    given = np.random.default_rng(3).normal(size=(len(blobs), 2)).astype(np.float32)
    made = bench(init=given, init_scale=False, autostart=False).until_rest()
    np.testing.assert_array_equal(made.points, given)


def test_clusters_of_the_data_are_clusters_of_the_map(bench):
    points = bench(max_iter=500, early_exaggeration_iter=100).until_rest().points
    distances = np.linalg.norm(points[:, None] - points[None], axis=2) + np.diag(np.full(60, np.inf))
    assert (distances.argmin(axis=1) // 20 == np.arange(60) // 20).all()


# --- pause, play, step --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def uninterrupted(bench):
    """What the bits of the blobs' map are after each number of iterations, without a pause."""
    made, layouts = bench(), {}
    while not made.session.resting:
        if made.once().run.layout is not None:
            layouts[made.status.iteration] = bits(made.points)
    return layouts


def test_without_autostart_only_the_initial_layout_is_made(bench):
    made = bench(autostart=False).until_rest()
    assert (made.status.stage, made.status.iteration, made.status.playing) == ("paused", 0, False)
    assert (made.status.kind, made.status.waiting) == ("at rest", "")
    assert {status.stage for status, _ in made.published} <= {"initial layout", "paused"}
    assert made.points.shape == (60, 2)
    made.do(Play()).until_rest()
    assert made.status.iteration == 60


def test_a_paused_run_rests_until_it_is_told_to_go_on(bench):
    made = bench().until(at(10)).do(Pause()).until_rest()
    assert (made.status.stage, made.status.playing, made.status.ended) == ("paused", False, False)
    before = made.published[:]
    for _ in range(10):
        made.session.advance()
    assert made.published == before
    made.do(Resume()).until_rest()
    assert made.status.iteration == 60


@pytest.mark.parametrize("stage", ["initial layout", "compiling", "finding neighbours", "perplexity"])
def test_a_run_may_be_paused_while_it_prepares(bench, stage):
    made = bench()
    while made.status.stage != stage:
        assert not made.once().session.resting
    made.do(Pause()).until_rest()
    assert made.status.stage == "paused"
    assert made.status.iteration == 0
    made.do(Play()).until_rest()
    assert made.status.iteration == 60


def test_commands_take_effect_while_a_kernel_compiles_for_long(bench, monkeypatch):
    long, begun = threading.Event(), []

    def compile_kernels(*_):
        begun.append(threading.current_thread().name)
        yield 0.25
        assert long.wait(60)
        yield 1.0

    monkeypatch.setattr(compilation, "compile_kernels", compile_kernels)
    made = bench().until(lambda status: status.progress == 0.25)
    assert made.status.stage == "compiling"
    for command, stage in ((Pause(), "paused"), (Play(), "compiling"), (Restart(), "initial layout")):
        made.do(command).once()
        assert made.status.stage == stage
    assert not long.is_set()
    long.set()
    made.until_rest()
    assert made.status.iteration == 60
    assert begun == ["tsne-widget-compiling"]


def test_a_kernel_that_cannot_be_compiled_is_an_error_and_may_be_tried_again(bench, monkeypatch):
    def compile_kernels(*_):
        yield 0.5
        raise MemoryError("no room for a kernel")

    with monkeypatch.context() as context:
        context.setattr(compilation, "compile_kernels", compile_kernels)
        made = bench().until_rest()
    assert made.status.stage == "failed"
    assert "no room for a kernel" in made.status.reason
    assert made.points.shape == (60, 2)
    made.do(Restart()).until_rest()
    assert made.status.iteration == 60


@settings(max_examples=50)
@given(cuts=st.lists(st.tuples(st.sampled_from(["pause", "step"]), st.integers(1, 30)), max_size=6))
def test_pauses_and_steps_leave_no_trace_in_the_map(bench, uninterrupted, cuts):
    made = bench()
    for cut, pieces in cuts:
        if cut == "step":
            made.do(Step(pieces)).until_rest()
        else:
            for _ in range(pieces):
                made.once()
            made.do(Pause()).until_rest()
        if made.run.layout is not None:
            assert bits(made.points) == uninterrupted[made.status.iteration]
        if made.status.ended:
            return
        made.do(Play())
    made.until_rest()
    assert bits(made.points) == uninterrupted[60]


@pytest.mark.parametrize("count", [1, 2, 7])
def test_a_step_does_exactly_so_many_iterations_and_pauses(bench, count):
    made = bench(autostart=False).until_rest()
    for done in range(count, 3 * count + 1, count):
        made.do(Step(count)).until_rest()
        assert made.status.iteration == done
        assert made.status.stage == "paused"
        assert not made.status.playing


def test_a_step_stops_a_run_that_was_playing(bench):
    made = bench().until(at(10))
    before = made.status.iteration
    made.do(Step(3)).until_rest()
    assert made.status.iteration == before + 3
    assert made.status.stage == "paused"


def test_playing_on_forgets_a_step(bench):
    made = bench(autostart=False).until_rest().do(Step(3), Play()).until_rest()
    assert made.status.iteration == 60


def test_a_step_past_the_end_goes_past_it(bench):
    made = bench().until_rest().do(Step(4)).until_rest()
    assert made.status.iteration == 64
    assert made.status.stage == "paused"


def test_playing_past_the_limit_does_as_many_again(bench):
    made = bench().until_rest().do(Play())
    assert (made.status.playing, made.status.ended, made.status.limit) == (True, False, 120)
    made.until_rest()
    assert made.status.iteration == 120


def test_playing_past_settled_goes_on_and_settles_anew(bench):
    made = bench(**TO_THE_END).until_rest()
    before = made.status.iteration
    made.do(Play()).until_rest()
    assert made.status.iteration > before
    assert made.status.settled


def test_resuming_leaves_an_end_as_it_is(bench):
    made = bench().until_rest()
    before = made.published[:]
    made.do(Resume()).until_rest()
    assert made.published == before


def test_pausing_leaves_an_end_as_it_is(bench):
    made = bench().until_rest()
    made.do(Pause())
    assert made.status.stage == ENDINGS["limit"]
    assert made.status.ended


# --- restart, seed, init ------------------------------------------------------------------------------


@pytest.mark.parametrize("iteration", [0, 15, 60])
def test_a_restart_does_it_all_again(bench, uninterrupted, iteration):
    made = bench().until(at(iteration)).do(Restart())
    assert made.status.epoch == 1
    assert made.status.iteration == 0
    made.until_rest()
    assert bits(made.points) == uninterrupted[60]


def test_a_restart_needs_no_new_search(bench, searches):
    bench().until_rest().do(Restart()).until_rest()
    assert len(searches) == 1


def test_a_restart_of_a_paused_run_plays(bench):
    made = bench().until(at(10)).do(Pause(), Restart()).until_rest()
    assert made.status.iteration == 60


def test_a_new_seed_starts_anew_as_if_it_had_been_the_first(bench, searches):
    made = bench(init="random", random_state=1).until(at(30)).set("random_state", 2)
    assert (made.status.values["random_state"], made.status.epoch, made.status.iteration) == ("2", 1, 0)
    made.until_rest()
    assert bits(made.points) == bits(bench(init="random", random_state=2).until_rest().points)
    assert len(searches) == 2  # one for each of the two sessions


def test_a_new_seed_shows_its_start_and_leaves_a_paused_run_paused(bench):
    made = bench(init="random").until(at(10)).do(Pause()).set("random_state", 5).until_rest()
    assert (made.status.stage, made.status.iteration) == ("paused", 0)
    start = bench(init="random", random_state=5, autostart=False).until_rest()
    assert bits(made.points) == bits(start.points)


def test_a_new_seed_of_a_run_that_has_ended_plays(bench):
    made = bench(init="random").until_rest().set("random_state", 5).until_rest()
    assert (made.status.iteration, made.status.ended) == (60, True)


def test_a_new_initial_layout_starts_anew(bench, blobs):
    given = np.random.default_rng(3).normal(size=(len(blobs), 2)).astype(np.float32)
    made = bench().until(at(30)).set("init", Given(given, "given")).until_rest()
    assert made.status.epoch == 1
    assert bits(made.points) == bits(bench(init=given, init_scale=False).until_rest().points)


# --- perplexity ---------------------------------------------------------------------------------------


def test_a_new_perplexity_goes_on_from_the_present_layout(bench):
    made = bench().until(at(30))
    before, iteration = made.points.copy(), made.status.iteration
    made.published.clear()
    made.set("perplexity", 12.0).until_rest()
    news = [layout for _, layout in made.published if layout.epoch == 1]
    assert (news[0].iteration, bits(news[0].points)) == (iteration, bits(before))
    assert made.status.values["perplexity"] == "12"
    assert made.status.epoch == 1
    assert made.status.iteration >= 60


def test_a_new_exaggeration_goes_on_from_the_present_layout_with_the_same_affinities(bench, monkeypatch):
    computed, joint = [], affinities.joint_probabilities

    def joint_probabilities(*given, **others):
        computed.append(given)
        return joint(*given, **others)

    monkeypatch.setattr(affinities, "joint_probabilities", joint_probabilities)
    made = bench().until(at(30))
    before, iteration = made.points.copy(), made.status.iteration
    made.published.clear()
    made.set("exaggeration", 4.0).until_rest()
    news = [layout for _, layout in made.published if layout.epoch == 1]
    assert (news[0].iteration, bits(news[0].points)) == (iteration, bits(before))
    assert len(computed) == 1
    assert np.ptp(made.points) < np.ptp(bench().until_rest().points)


@pytest.mark.parametrize("exaggeration", [1.0, 1.5, 4.0, 12.0])
def test_a_new_exaggeration_before_early_exaggeration_is_over_is_that_of_the_start(bench, exaggeration):
    made = bench().until(at(10)).set("exaggeration", exaggeration).until_rest()
    assert made.status.iteration == 60
    same = bench(exaggeration=exaggeration).until_rest()
    assert bits(made.points) == bits(same.points)


def test_the_layout_of_an_older_epoch_never_follows_that_of_a_newer_one(bench):
    made = bench()
    for perplexity in (9.0, 10.0, 11.0):
        made.until(at(made.status.iteration + 5)).set("perplexity", perplexity)
    made.do(Restart()).until_rest()
    epochs = [layout.epoch for _, layout in made.published if layout is not None]
    assert epochs == sorted(epochs)
    assert epochs[-1] == made.status.epoch == 4


def test_a_perplexity_that_fits_needs_no_new_search(bench, searches):
    made = bench(perplexity=5).until(at(10))
    for perplexity in (10.0, 2.0, 19.0):
        made.set("perplexity", perplexity).until(at(made.status.iteration + 5))
    assert len(searches) == 1


def test_a_perplexity_that_does_not_fit_searches_again_for_what_it_needs(bench, searches, monkeypatch):
    monkeypatch.setattr(limits, "NEIGHBORS_HEADROOM", 0)
    monkeypatch.setattr(limits, "FAR_NEIGHBORS", 0)
    made = bench(perplexity=5).until_rest()
    made.set("perplexity", 5.3).until_rest()
    assert searches == [15]
    made.set("perplexity", 10.0).until_rest()
    made.set("perplexity", 4.0).until_rest()
    assert searches == [15, 30]


def test_the_perplexity_of_last_wins_and_costs_no_more_than_one(bench, monkeypatch):
    from tsne_widget.tsne import affinities

    computed, joint = [], affinities.joint_probabilities

    def joint_probabilities(neighbors, perplexity, **others):
        computed.append(perplexity)
        return joint(neighbors, perplexity, **others)

    monkeypatch.setattr(affinities, "joint_probabilities", joint_probabilities)
    made = bench().until(at(10))
    for perplexity in range(2, 15):
        made.set("perplexity", float(perplexity))
    made.until_rest()
    assert made.status.values["perplexity"] == "14"
    assert computed == [8, 14]


def test_a_new_perplexity_leaves_a_paused_run_paused_and_takes_effect_when_it_goes_on(bench):
    made = bench().until(at(20)).do(Pause()).set("perplexity", 12.0).until_rest()
    assert made.status.stage == "paused"
    iteration = made.status.iteration
    made.do(Step(1)).until_rest()
    assert made.status.iteration == iteration + 1
    same = bench().until(at(iteration)).do(Pause())
    assert same.status.iteration == iteration
    same.do(Step(1)).until_rest()
    assert bits(made.points) != bits(same.points)


def test_a_new_perplexity_before_the_start_changes_the_start(bench):
    made = bench(autostart=False).until_rest().set("perplexity", 12.0).until_rest()
    assert (made.status.stage, made.status.iteration) == ("paused", 0)
    made.do(Play()).until_rest()
    assert bits(made.points) == bits(bench(perplexity=12).until_rest().points)


@pytest.mark.parametrize("parameters", [{}, TO_THE_END], ids=["limit", "settled"])
def test_a_new_perplexity_makes_a_run_that_has_ended_go_on(bench, parameters):
    made = bench(**parameters).until_rest()
    before = made.status.iteration
    made.set("perplexity", 12.0)
    assert made.status.playing
    made.until_rest()
    assert made.status.iteration > before
    assert made.status.ended


# --- failures -----------------------------------------------------------------------------------------


def test_a_failure_keeps_the_last_good_layout_and_says_what_it_was(bench, break_at, uninterrupted):
    break_at(33)
    made = bench().until_rest()
    assert isinstance(made.run.error, FloatingPointError)
    assert made.status.stage == "failed"
    assert made.status.reason == "in iteration 34: FloatingPointError: the sky fell"
    assert (made.status.playing, made.status.settled) == (False, False)
    assert made.run.layout.iteration == made.status.iteration == 33
    assert bits(made.points) == uninterrupted[33]


@pytest.mark.parametrize("command", [Restart(), Play(), Resume()], ids=lambda command: type(command).__name__)
def test_a_run_that_failed_starts_anew(bench, break_at, monkeypatch, uninterrupted, command):
    break_at(33)
    made = bench().until_rest()
    monkeypatch.undo()
    made.do(command)
    assert made.run.error is None
    assert made.status.epoch == 1
    made.until_rest()
    assert bits(made.points) == uninterrupted[60]


@pytest.mark.parametrize(("name", "value"), [("perplexity", 9.0), ("random_state", 1), ("init", "random")])
def test_a_run_that_failed_starts_anew_with_another_parameter(bench, break_at, monkeypatch, name, value):
    break_at(33)
    made = bench().until_rest()
    monkeypatch.undo()
    made.set(name, value)
    assert made.run.error is None
    assert made.status.epoch == 1
    made.until_rest()
    assert bits(made.points) == bits(bench(**{name: value}).until_rest().points)


def test_going_back_after_a_failure_rests_at_the_last_good_layout(bench, break_at, uninterrupted):
    break_at(33)
    made = bench().until_rest().do(Recover()).until_rest()
    assert made.run.error is None
    status = made.status
    assert (status.stage, status.reason, status.epoch, status.iteration) == ("paused", "", 1, 33)
    assert bits(made.points) == uninterrupted[33]
    assert (made.run.layout.epoch, made.run.layout.iteration) == (1, 33)
    assert made.published[-1][0].neighbors_kept == pytest.approx(made.status.neighbors_kept)


@pytest.mark.parametrize("command", [Play(), Resume(), Step(27)], ids=lambda command: type(command).__name__)
def test_from_there_it_goes_on_to_its_end_with_fresh_momentum(
    bench, break_at, monkeypatch, uninterrupted, command
):
    break_at(33)
    made = bench().until_rest()
    monkeypatch.undo()
    made.do(Recover(), command)
    iterations = []
    while not made.session.resting:
        made.once()
        iterations.append(made.status.iteration)
    assert min(iterations) == 33
    assert (made.status.iteration, made.status.limit) == (60, 60)
    assert np.isfinite(made.points).all()
    # Momentum and gains were lost with what failed: it is another way, and as good a map.
    assert bits(made.points) != uninterrupted[60]
    kl, expected = made.status.figures["KL"], bench().until_rest().status.figures["KL"]
    assert kl < 1.2 * expected


def test_what_has_not_failed_does_not_go_back(bench, uninterrupted):
    made = bench().until(at(30)).do(Recover())
    assert (made.status.epoch, made.status.playing) == (0, True)
    assert bits(made.until_rest().points) == uninterrupted[60]


def test_gone_back_a_new_perplexity_goes_on_from_there_and_a_new_seed_does_not(bench, break_at, monkeypatch):
    break_at(33)
    made = bench().until_rest().do(Recover())
    monkeypatch.undo()
    kept = made.points
    made.set("perplexity", 9.0)
    assert (made.status.stage, made.status.iteration) == ("paused", 33)
    assert made.status.values["perplexity"] == "9"
    assert made.points is kept
    made.do(Step(1)).until_rest()
    assert made.status.iteration == 34
    made.do(Recover())  # nothing to recover from any more
    assert made.status.iteration == 34
    made.set("random_state", 1)
    assert made.status.iteration == 0


def test_what_fails_again_after_going_back_keeps_that_layout(bench, break_at):
    break_at(33)
    made = bench().until_rest()
    kept = bits(made.points)
    for epoch in (1, 2):
        made.do(Recover(), Play()).until_rest()
        assert (made.status.stage, made.status.epoch, made.status.iteration) == ("failed", epoch, 33)
        assert bits(made.points) == kept


def test_a_failure_before_any_layout_leaves_nothing_to_go_back_to(bench, monkeypatch):
    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(initialization, "initial_layout", fail)
    made = bench().until_rest()
    assert made.run.layout is None
    assert made.status.reason.startswith("before the first iteration, there was not enough memory: close")
    made.do(Recover())
    assert made.status.stage == "failed"
    monkeypatch.undo()
    made.do(Restart()).until_rest()
    assert made.status.iteration == 60


def test_a_failure_while_preparing_keeps_the_initial_layout(bench):
    calls = itertools.count()

    def metric(a, b):
        if next(calls) > 100:
            raise LookupError("no such distance")
        return np.abs(a - b).sum()

    made = bench(metric=metric).until_rest()
    assert made.status.stage == "failed"
    assert "no such distance" in made.status.reason
    assert made.run.layout.iteration == 0
    assert np.isfinite(made.points).all()


def test_a_failure_of_a_new_perplexity_keeps_the_layout(bench, monkeypatch):
    made = bench().until(at(30))
    before = made.points.copy()

    def broken(*_, **__):
        raise MemoryError("too many")
        yield

    monkeypatch.setattr("tsne_widget.tsne.affinities.joint_probabilities", broken)
    made.set("perplexity", 12.0).until_rest()
    assert made.status.stage == "failed"
    np.testing.assert_array_equal(made.points, before)


def test_a_learning_rate_that_is_far_too_large_fails_or_stays_finite(bench):
    made = bench(learning_rate=1e300).until_rest()
    assert np.isfinite(made.points).all()
    assert made.status.stage in ("failed", *ENDINGS.values())


# --- unusual data -------------------------------------------------------------------------------------

UNUSUAL = {
    "duplicates": np.repeat(np.eye(5), 8, axis=0),
    "constant columns": np.hstack([np.ones((40, 3)), np.arange(40.0)[:, None], np.zeros((40, 1))]),
    "one column": np.arange(40.0)[:, None],
    "all equal": np.full((40, 3), 7.0),
    "booleans": np.eye(40, dtype=bool),
    "tiny": 1e-12 * np.random.default_rng(0).normal(size=(40, 3)),
    "huge": 1e12 * np.random.default_rng(0).normal(size=(40, 3)),
    "far off": 1e6 + np.random.default_rng(0).normal(size=(40, 3)),
    "an outlier": np.vstack([np.random.default_rng(0).normal(size=(39, 3)), np.full((1, 3), 1e6)]),
    "more columns than rows": np.random.default_rng(0).normal(size=(40, 200)),
}


@pytest.mark.parametrize("name", UNUSUAL)
@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_unusual_data_is_embedded(bench, name, metric):
    made = bench(as_matrix(UNUSUAL[name]), metric=metric, max_iter=300, early_exaggeration_iter=100)
    made.until_rest()
    assert made.run.error is None
    assert np.isfinite(made.points).all()
    assert len(np.unique(made.points, axis=0)) > 1


@pytest.mark.parametrize(("n", "perplexity"), [(3, 1.5), (4, 1.5), (4, 2), (5, 3.9)])
@pytest.mark.filterwarnings("ignore::tsne_widget.PerplexityWarning")
def test_a_handful_of_rows_is_embedded(bench, n, perplexity):
    X = np.random.default_rng(0).normal(size=(n, 3))
    made = bench(X, perplexity=perplexity, max_iter=300, early_exaggeration_iter=100).until_rest()
    assert made.run.error is None
    assert np.isfinite(made.points).all()


# --- sleep --------------------------------------------------------------------------------------------


def shown_and_gone(made):
    made.audience.heard("client")
    made.clock.forward(ABSENCE_SECONDS + 1)


def test_a_run_that_was_never_shown_does_not_sleep(bench):
    made = bench().until(at(10))
    made.clock.forward(1e6)
    made.until_rest()
    assert made.status.ended


def test_a_run_that_nobody_looks_at_any_more_sleeps_and_says_why(bench):
    made = bench().until(at(10))
    shown_and_gone(made)
    made.until_rest()
    assert made.session.asleep
    assert (made.status.stage, made.status.playing, made.status.ended) == ("paused", False, False)
    assert "nobody is looking" in made.status.reason
    assert made.status.iteration < 60


def test_a_run_goes_on_where_it_was_when_somebody_looks_again(bench, uninterrupted):
    made = bench().until(at(10))
    shown_and_gone(made)
    made.until_rest()
    made.audience.heard("client")
    made.session.wake()
    assert not made.session.asleep
    assert made.status.playing
    made.until_rest()
    assert bits(made.points) == uninterrupted[60]


def test_a_run_does_not_sleep_while_it_is_waited_for(bench):
    made = bench().until(at(10))
    made.session.awaited += 1
    shown_and_gone(made)
    made.until_rest()
    assert made.status.ended


def test_a_run_that_was_paused_by_hand_is_not_woken(bench):
    made = bench().until(at(10)).do(Pause())
    shown_and_gone(made)
    made.session.advance()
    made.audience.heard("client")
    made.session.wake()
    made.until_rest()
    assert (made.status.stage, made.status.iteration < 60) == ("paused", True)


def test_a_pause_while_asleep_is_a_pause_by_hand(bench):
    made = bench().until(at(10))
    shown_and_gone(made)
    made.until_rest().do(Pause())
    assert made.status.reason == ""
    made.audience.heard("client")
    made.session.wake()
    made.until_rest()
    assert made.status.iteration < 60


def test_a_run_that_has_ended_does_not_sleep(bench):
    made = bench().until_rest()
    shown_and_gone(made)
    made.session.advance()
    assert made.status.stage == ENDINGS["limit"]


def test_two_sessions_sleep_each_for_itself(bench):
    one, other = bench().until(at(10)), bench().until(at(10))
    assert isinstance(one.audience, Audience)
    shown_and_gone(one)
    assert not other.until_rest().session.asleep
    assert one.until_rest().session.asleep

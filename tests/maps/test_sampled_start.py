"""A sample that shows while the neighbours of many rows are searched, then leads the way; few are many."""

from __future__ import annotations

import itertools
import logging
from dataclasses import replace

import numpy as np
import pytest

from tests.conftest import Bench, in_metric
from tests.executors import Elsewhere, equal
from tsne_widget import TSNE, TSNEWidget
from tsne_widget.errors import NotComputedError
from tsne_widget.maps.event_log import EventLog
from tsne_widget.maps.session import Pause, Recover, Restart, Resume
from tsne_widget.parameters import constants
from tsne_widget.parameters.constants import ABSENCE_SECONDS
from tsne_widget.tsne import from_sample, neighbors
from tsne_widget.tsne.pool import Pool

ROWS, SAMPLE = 500, 100
TOLD = "a sample of 100 of 500; finding neighbours"


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch):
    """Draw a sample of few rows, for a few iterations."""
    monkeypatch.setattr(constants, "SAMPLED_ABOVE_ROWS", 300)
    monkeypatch.setattr(constants, "SAMPLE_ROWS", SAMPLE)
    monkeypatch.setattr(from_sample, "_SCHEDULE", replace(from_sample._SCHEDULE, max_iter=100))


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    rng = np.random.default_rng(5)
    X = np.repeat(8 * rng.normal(size=(10, 5)), ROWS // 10, axis=0) + rng.normal(size=(ROWS, 5))
    return X.astype(np.float32)


@pytest.fixture
def counted(monkeypatch):
    """The samples drawn, and the searches among all rows."""
    made = {"samples": 0, "searches": 0}
    draw, find = from_sample.FromSample.__init__, neighbors.find_neighbors

    def drawing(self, *args, **others):
        made["samples"] += 1
        draw(self, *args, **others)

    def finding(X, *args, **others):
        made["searches"] += X.shape[0] == ROWS
        return find(X, *args, **others)

    monkeypatch.setattr(from_sample.FromSample, "__init__", drawing)
    monkeypatch.setattr(neighbors, "find_neighbors", finding)
    return made


def of(rows: np.ndarray, **parameters) -> Bench:
    return Bench(rows, **{"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, **parameters})


def sampling(made: Bench, run: int = 0) -> bool:
    """Whether the newest layout of a run is one of the sample that has moved."""
    layout = made.session.runs[run].layout
    return layout is not None and layout.iteration > 0 and bool(np.isnan(layout.points).any())


def in_the_middle(rows: np.ndarray, **parameters) -> Bench:
    return of(rows, **parameters).until(lambda status: status.iteration > 50 and status.waiting == TOLD)


# --- what shows ---------------------------------------------------------------------------------------


def test_a_sample_shows_first_and_moves_while_the_neighbours_of_all_are_searched(rows):
    made = of(rows).until_rest()
    shown = [layout for layout, _ in itertools.groupby(layout for _, layout in made.published if layout)]
    gaps = [int(np.isnan(layout.points).any(axis=1).sum()) for layout in shown]
    of_sample = gaps.index(0)
    assert of_sample > 10
    assert set(gaps[:of_sample]) == {ROWS - SAMPLE}
    assert set(gaps[of_sample:]) == {0}
    first, last = shown[0].points, shown[of_sample - 1].points
    placed = np.isfinite(first[:, 0])
    np.testing.assert_array_equal(placed, np.isfinite(last[:, 0]))
    assert not np.array_equal(first[placed], last[placed])
    assert in_metric(made.session).neighbors is not None


def test_the_sample_has_moved_before_the_search_begins(rows, monkeypatch):
    made, begun = of(rows), []
    find = neighbors.find_neighbors

    def finding(X, *args, **others):
        if X.shape[0] == ROWS:
            begun.append(made.run.layout.iteration)
        return find(X, *args, **others)

    monkeypatch.setattr(neighbors, "find_neighbors", finding)
    made.until_rest()
    assert len(begun) == 1
    assert begun[0] > 0


def test_the_words_say_that_a_sample_shows_and_what_is_searched(rows):
    made = of(rows).until_rest()
    told = [status for status, _ in made.published if status.waiting == TOLD]
    assert {(status.kind, status.stage) for status in told} == {("preparing", "finding neighbours")}
    known = [status.progress for status in told if status.progress is not None]
    assert known == sorted(known)
    iterations = [status.iteration for status in told]
    assert iterations == sorted(iterations)
    assert iterations[-1] > 0


def test_all_rows_begin_a_new_epoch_at_the_places_that_the_sample_leads_them_to(rows):
    made = of(rows).until_rest()
    layouts = [layout for _, layout in made.published if layout]
    whole = next(layout for layout in layouts if np.isfinite(layout.points).all())
    last = [layout for layout in layouts if np.isnan(layout.points).any()][-1]
    assert (last.epoch, whole.epoch, whole.iteration) == (0, 1, 0)
    assert made.status.epoch == 1
    placed = np.isfinite(last.points[:, 0])
    before, after = (layout.points[placed].astype(float) for layout in (last, whole))
    before, after = (each - each.mean(axis=0) for each in (before, after))
    correlation = (before * after).sum() / np.sqrt((before**2).sum() * (after**2).sum())
    assert correlation > 0.999  # the same picture, smaller


def test_keyframes_begin_with_the_start_of_all_rows(rows):
    made = of(rows).until_rest()
    frames = made.run.keyframes
    assert frames[0].iteration == 0
    assert all(np.isfinite(frame.embedding).all() for frame in frames)


# --- the same map, however it is made -----------------------------------------------------------------


@pytest.mark.parametrize("init", ["pca", "random"])
@pytest.mark.parametrize("perplexity", [2.5, 8, 40])
def test_the_estimator_makes_the_same_map(rows, init, perplexity):
    how = {"perplexity": perplexity, "init": init, "max_iter": 40, "random_state": 3}
    made = of(rows, **how, early_exaggeration_iter=20).until_rest()
    expected = TSNE(**how, early_exaggeration_iter=20).fit(rows).embedding_
    np.testing.assert_array_equal(made.points, expected)


def test_workers_make_the_map_of_all_rows_after_the_sample_here(rows):
    how = {"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, "n_jobs": 1}
    executor = Elsewhere()
    there, here = TSNEWidget(rows, executor=executor, **how), TSNEWidget(rows, **how)
    for widget in (there, here):
        widget.wait(60)
    assert equal(there, here)
    assert sum(executor.done) == there.n_iter_
    there.close()
    here.close()


def test_the_map_depends_neither_on_threads_nor_on_the_pace_of_the_search(rows, monkeypatch):
    alone = of(rows).until_rest().points
    two = of(rows)
    two.session.shared_work.pool = Pool(2)
    two.until_rest()
    np.testing.assert_array_equal(two.points, alone)
    find = neighbors.find_neighbors

    def slow(X, *args, **others):
        if X.shape[0] == ROWS:
            yield from itertools.repeat(0.5, 400)
        return (yield from find(X, *args, **others))

    monkeypatch.setattr(neighbors, "find_neighbors", slow)
    np.testing.assert_array_equal(of(rows).until_rest().points, alone)


def test_the_map_is_as_good_as_from_the_start_of_all_rows(rows, monkeypatch):
    sampled = of(rows, max_iter=1000).until_rest()
    monkeypatch.setattr(constants, "SAMPLED_ABOVE_ROWS", ROWS)
    at_once = of(rows, max_iter=1000).until_rest()
    assert sampled.status.figures["KL"] < 1.03 * at_once.status.figures["KL"]
    assert sampled.status.neighbors_kept > at_once.status.neighbors_kept - 0.02


# --- several maps -------------------------------------------------------------------------------------


def test_maps_at_two_perplexities_share_the_sample_and_the_search(rows, counted):
    made = of(rows, perplexity=[8, 20]).until_rest()
    assert counted == {"samples": 1, "searches": 1}
    for run, perplexity in zip(made.session.runs, (8, 20), strict=True):
        alone = of(rows, perplexity=perplexity).until_rest()
        np.testing.assert_array_equal(run.layout.points, alone.points)


def test_maps_from_two_seeds_have_samples_of_their_own_and_share_the_search(rows, counted):
    made = of(rows, random_state=[0, 1])
    while not (sampling(made) and sampling(made, 1)):
        made.once()
    first, second = (np.isfinite(run.layout.points[:, 0]) for run in made.session.runs)
    assert first.sum() == second.sum() == SAMPLE
    assert (first != second).any()
    made.until_rest()
    assert counted == {"samples": 2, "searches": 1}


# --- commands in the middle ---------------------------------------------------------------------------


def test_a_map_paused_in_the_middle_rests_as_it_is_and_then_ends_as_if_never_paused(rows):
    made = in_the_middle(rows).do(Pause())
    assert made.session.resting
    assert (made.status.kind, made.status.stage) == ("at rest", "paused")
    assert made.status.neighbors_kept is None
    assert sampling(made)
    made.do(Resume()).until_rest()
    np.testing.assert_array_equal(made.points, of(rows).until_rest().points)


def test_the_sample_goes_on_at_another_perplexity(rows, counted):
    made = in_the_middle(rows)
    reached = made.run.layout.iteration
    made.set("perplexity", 20.0)
    made.until(lambda status: status.waiting == TOLD)
    assert made.status.iteration >= reached
    made.until_rest()
    assert counted["samples"] == 1
    np.testing.assert_array_equal(made.points, of(rows, perplexity=20).until_rest().points)


def test_another_seed_draws_another_sample_in_the_middle(rows):
    made = in_the_middle(rows)
    before = made.run.layout.points
    made.set("random_state", 4)
    made.until(lambda status: status.waiting == TOLD and status.iteration > 0)
    assert not np.array_equal(np.isnan(before), np.isnan(made.points))
    made.until_rest()
    np.testing.assert_array_equal(made.points, of(rows, random_state=4).until_rest().points)


def test_a_restart_in_the_middle_or_later_leads_to_the_same_map_without_another_sample(rows, counted):
    made = in_the_middle(rows).do(Restart()).until_rest()
    once = made.points.copy()
    made.do(Restart())
    layouts = len(made.published)
    made.until_rest()
    assert counted == {"samples": 1, "searches": 1}
    np.testing.assert_array_equal(made.points, once)
    later = [layout for _, layout in made.published[layouts:] if layout and layout.epoch == made.status.epoch]
    assert not any(np.isnan(layout.points).any() for layout in later)


def test_it_sleeps_and_wakes_in_the_middle(rows):
    made = of(rows)
    made.until(lambda status: status.iteration > 50 and status.waiting == TOLD)
    made.audience.heard("client")
    made.clock.forward(ABSENCE_SECONDS + 1)
    made.session.advance()
    assert made.session.asleep
    assert sampling(made)
    made.audience.heard("client")
    made.session.wake()
    made.until_rest()
    np.testing.assert_array_equal(made.points, of(rows).until_rest().points)


def test_closing_in_the_middle_keeps_what_shows_and_releases_the_rest(rows):
    made = in_the_middle(rows)
    shown = made.points
    made.session.close()
    assert made.points is shown
    assert made.session.resting


def test_a_failure_in_the_middle_leads_back_to_the_beginning(rows, monkeypatch):
    made = of(rows)
    organize = from_sample.FromSample.organize

    def broken(self):
        yield from itertools.islice(organize(self), 30)
        raise MemoryError("no room")

    with monkeypatch.context() as broken_for_a_while:
        broken_for_a_while.setattr(from_sample.FromSample, "organize", broken)
        made.until_rest()
    assert made.status.kind == "failed"
    assert "no room" in made.status.reason
    assert sampling(made)
    made.do(Recover(), Resume()).until_rest()
    assert made.status.kind == "at rest"
    np.testing.assert_array_equal(made.points, of(rows).until_rest().points)


def test_new_rows_wait_until_all_rows_have_a_place(rows):
    method = in_the_middle(rows).run._method
    with pytest.raises(NotComputedError, match="only a sample"):
        method.placer()


# --- which maps do without ----------------------------------------------------------------------------


def absolute(x, y):
    return float(np.abs(x - y).sum())


@pytest.mark.parametrize(
    "how",
    [
        {"init": np.random.default_rng(0).normal(size=(ROWS, 2))},
        {"metric": "chebyshev"},
        {"metric": "euclidean", "metric_params": {"squared": True}},
    ],
    ids=["coordinates", "a slow metric", "parameters of the metric"],
)
def test_maps_do_without_if_the_start_is_given_or_the_metric_is_slow(rows, counted, how):
    made = of(rows, **how).until_rest()
    assert counted["samples"] == 0
    assert not any(layout is not None and np.isnan(layout.points).any() for _, layout in made.published)


def test_the_log_says_that_all_rows_start_from_the_sample(rows, caplog):
    log, made = EventLog(lambda: 0.0), of(rows)
    made.publish = log.tell
    made.session._listener = made
    with caplog.at_level(logging.INFO, "tsne_widget"):
        for run in made.session.runs:
            run._publish = log.tell
        made.until_rest()
    assert "neighbours found in 0.00 s" in caplog.text
    assert "all rows start from the sample as it is after" in caplog.text
    assert "restart" not in caplog.text

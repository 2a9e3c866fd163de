"""Several runs of one session: each is as if it were alone, all move together and share what they can."""

from __future__ import annotations

import gc
import hashlib
import weakref

import numpy as np
import pytest

from tests.conftest import TICK, in_metric
from tests.measures.test_neighborhoods import obvious_neighbors, obvious_share
from tsne_widget.maps import at_rest
from tsne_widget.maps.session import Pause, Play, Restart, Resume, Step
from tsne_widget.measures import neighborhoods
from tsne_widget.measures.kept import kept_in_steps
from tsne_widget.parameters import perplexity as limits
from tsne_widget.parameters.constants import ABSENCE_SECONDS
from tsne_widget.tsne import affinities, initialization, neighbors
from tsne_widget.tsne.optimizer import Optimizer

ENDLESS = {"max_iter": 10**9, "early_exaggeration_iter": 10**9}
GRID = {"perplexity": [5, 8, 12], "random_state": [0, 1], "init": ["pca", "random"]}

pytestmark = pytest.mark.filterwarnings("ignore::tsne_widget.PerplexityWarning")


def bits(points):
    """Return what differs where any bit does."""
    return hashlib.sha256(points.tobytes()).hexdigest()[:12]


def maps(made):
    """Return the layouts of all runs, to the bit."""
    return [bits(run.layout.points) for run in made.session.runs]


def rest(made):
    for _ in range(20_000):
        if made.session.resting:
            return made
        made.session.advance()
    raise AssertionError("it never rests")


def moves(made):
    """Advance until every run that is not out of range moves."""
    while any(run.status.iteration == 0 for run in made.session.runs if not run.out_of_range):
        made.session.advance()
    return made


@pytest.fixture
def counted(monkeypatch):
    """What was computed: neighbours by their number, P by perplexity, starts by init and seed."""
    made = {"searches": [], "perplexities": [], "directions": [], "starts": []}

    def named(init):
        return "pca" if isinstance(init, initialization.PrincipalComponents) else init

    def count(module, name, kind, what):
        function = getattr(module, name)

        def counting(*arguments, **others):
            made[kind].append(what(*arguments))
            return function(*arguments, **others)

        monkeypatch.setattr(module, name, counting)

    count(neighbors, "find_neighbors", "searches", lambda X, k: k)
    count(affinities, "joint_probabilities", "perplexities", lambda neighbors, perplexity: perplexity)
    count(initialization, "principal_components", "directions", np.shape)
    count(initialization, "initial_layout", "starts", lambda X, init, seed: (named(init), seed))
    return made


# --- each is as if it were alone ----------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0.0, TICK, 20 * TICK])
def test_maps_of_a_grid_are_those_of_single_runs_to_the_bit(bench, seconds):
    grid = bench(**GRID)
    while not grid.session.resting:
        grid.session.advance(seconds)
    alone = [
        bits(bench(perplexity=p, init=init, random_state=seed).until_rest().points)
        for p in GRID["perplexity"]
        for init in GRID["init"]
        for seed in GRID["random_state"]
    ]
    assert maps(grid) == alone
    assert len(set(alone)) == 12


TIES = (np.random.default_rng(0).random((400, 12)) < 0.3) / 3.0
DATA = {
    "clusters": np.random.default_rng(1).normal(size=(700, 6)) + 5 * (np.arange(700) % 3)[:, None],
    "far clusters": np.random.default_rng(2).normal(size=(300, 4)) + 3e3 * (np.arange(300) % 2)[:, None],
    "many equally far": TIES,
    "duplicates": np.repeat(np.random.default_rng(3).normal(size=(12, 3)), 20, axis=0),
}


@pytest.mark.parametrize("name", DATA)
@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_a_search_for_more_neighbours_does_not_change_a_bit_of_a_map(
    bench, monkeypatch, counted, name, metric
):
    monkeypatch.setattr(limits, "NEIGHBORS_HEADROOM", 0)
    monkeypatch.setattr(limits, "FAR_NEIGHBORS", 0)
    X, perplexities = DATA[name], [4, 11, 30]
    grid = rest(bench(X, perplexity=perplexities, metric=metric, max_iter=15, early_exaggeration_iter=5))
    alone = [
        bench(X, perplexity=p, metric=metric, max_iter=15, early_exaggeration_iter=5).until_rest().points
        for p in perplexities
    ]
    assert maps(grid) == [bits(points) for points in alone]
    assert counted["searches"] == [90, 12, 33, 90]


def test_a_run_goes_on_undisturbed_while_others_come_and_go(bench):
    undisturbed, alone = bench(perplexity=8), {}
    while not undisturbed.session.resting:
        undisturbed.once()
        if undisturbed.run.layout is not None:
            alone[undisturbed.status.iteration] = bits(undisturbed.points)

    made = bench(perplexity=8)
    axes = {"init": ("pca",), "random_state": (0,)}
    wanted = {10: (5.0, 8.0, 12.0), 20: (8.0, 12.0, 19.0), 30: (8.0,), 40: (8.0, 5.0)}
    for iteration, perplexities in wanted.items():
        while made.named(0).status.iteration < iteration:
            made.once()
        made.arrange(made.grid.product({"perplexity": perplexities, **axes}))
    while not made.session.resting:
        made.once()
    seen = {
        layout.iteration: bits(layout.points)
        for status, layout in made.published
        if status.run == 0 and layout is not None
    }
    assert seen.items() <= alone.items()
    assert len(seen) > 50
    assert made.named(0).status.epoch == 0
    assert maps(made) == [alone[60], bits(bench(perplexity=5).until_rest().points)]


# --- what they share ----------------------------------------------------------------------------------


def test_a_grid_searches_once_and_computes_each_perplexity_and_each_start_once(bench, counted):
    rest(bench(**GRID))
    assert len(counted["searches"]) == 1
    assert sorted(counted["perplexities"]) == [5, 8, 12]
    assert counted["directions"] == [(60, 5)]
    assert sorted(counted["starts"]) == [("pca", 0), ("pca", 1), ("random", 0), ("random", 1)]


@pytest.mark.parametrize("perplexities", [[5, 12, 8], [12, 5], [5, 12, 59, 1000]])
def test_the_one_search_is_for_the_largest_perplexity_that_is_in_range(
    bench, counted, monkeypatch, perplexities
):
    monkeypatch.setattr(limits, "NEIGHBORS_HEADROOM", 0)
    monkeypatch.setattr(limits, "FAR_NEIGHBORS", 0)
    rest(bench(perplexity=perplexities))
    assert counted["searches"] == [36]


def test_enough_neighbours_are_searched_to_tell_how_many_are_kept(bench, counted, monkeypatch):
    monkeypatch.setattr(limits, "NEIGHBORS_HEADROOM", 0)
    monkeypatch.setattr(limits, "FAR_NEIGHBORS", 0)
    rest(bench(perplexity=2))
    assert counted["searches"] == [10]


def test_an_exact_search_finds_enough_to_tell_which_neighbours_are_false(bench, counted, monkeypatch):
    monkeypatch.setattr(limits, "NEIGHBORS_HEADROOM", 0)
    rest(bench(perplexity=2))
    assert counted["searches"] == [30]


def test_neighbours_are_searched_once_a_metric_and_forgotten_with_its_last_map(bench, counted):
    made = rest(bench(metric=["euclidean", "cosine"], perplexity=[5, 8]))
    work = made.session.shared_work
    assert len(counted["searches"]) == 2
    assert [len(one._affinities) for one in work._metrics.values()] == [2, 2]
    assert [run.status.neighbors_kept is None for run in made.session.runs] == [False] * 4
    forgotten = weakref.ref(work.in_metric(made.session.runs[0].spec).neighbors.indices)
    made.arrange(made.grid.change_all("metric", "cosine"))
    assert list(work._metrics) == [("cosine",)]
    rest(made)
    gc.collect()
    assert forgotten() is None
    assert len(counted["searches"]) == 2


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
def test_a_new_metric_starts_anew_as_if_it_had_been_the_first(bench, metric):
    made = rest(bench(metric="manhattan"))
    made.arrange(made.grid.change_all("metric", metric))
    assert bits(rest(made).points) == bits(rest(bench(metric=metric)).points)


def test_what_no_run_uses_any_more_is_forgotten(bench, counted):
    made = rest(bench(perplexity=[5, 8], init="random", random_state=[0, 1]))
    assert set(in_metric(made.session)._affinities) == {5, 8}
    made.arrange(made.grid.keep(3))
    assert set(in_metric(made.session)._affinities) == {8}
    assert set(made.session.shared_work._starts) == {("random", 1)}
    rest(made.do(Restart()))
    assert len(counted["starts"]) == 2
    assert len(counted["perplexities"]) == 2


def test_runs_of_one_perplexity_wait_for_the_same_work(bench, counted):
    made = bench(perplexity=8, random_state=[0, 1, 2])
    while not made.session.resting:
        made.once()
    assert counted["perplexities"] == [8]
    assert len(counted["searches"]) == 1


def test_a_run_that_goes_while_all_wait_for_its_work_takes_nothing_with_it(bench, counted):
    made = bench(perplexity=[5, 8, 12])
    while made.run.status.stage != "finding neighbours":
        made.once()
    made.arrange(made.grid.remove(0))
    rest(made)
    assert len(counted["searches"]) == 1
    assert maps(made) == [bits(bench(perplexity=p).until_rest().points) for p in (8, 12)]


# --- all move together --------------------------------------------------------------------------------


def test_every_run_does_something_in_every_round(bench):
    made = moves(bench(**GRID, **ENDLESS))
    for _ in range(5):
        before = [run.status.iteration for run in made.session.runs]
        made.session.advance()
        assert all(run.status.iteration > was for run, was in zip(made.session.runs, before, strict=True))


@pytest.mark.parametrize("seconds", [0.0, 7 * TICK])
def test_maps_that_begin_together_stand_at_the_same_iteration(bench, seconds):
    """Also where one needs longer to prepare: the others wait for it at the start."""
    made = bench(perplexity=[4, 11, 30], random_state=[0, 1], **ENDLESS)
    while made.status.iteration < 40:
        made.session.advance(seconds)
        assert len({run.status.iteration for run in made.session.runs}) == 1


def test_a_map_that_comes_later_holds_up_nobody_and_one_that_is_paused_neither(bench):
    made = moves(bench(perplexity=[4, 11], **ENDLESS)).do(Pause(1))
    paused = made.named(1).status.iteration
    before = made.run.status.iteration
    axes = {"init": ("pca",), "random_state": (0,)}
    made.arrange(made.grid.product({"perplexity": (4.0, 11.0, 30.0), **axes})).do(Play(2))
    for _ in range(8):
        made.once()
    assert made.run.status.iteration == before + 8
    assert made.named(1).status.iteration == paused


@pytest.mark.parametrize("runs", [1, 2, 4])
def test_a_round_takes_about_its_time_however_many_runs_there_are(bench, runs):
    made = moves(bench(random_state=list(range(runs)), **ENDLESS))
    before = made.clock.now
    made.session.advance(40 * TICK)
    assert made.clock.now - before < (40 + 4 * runs) * TICK


def test_a_run_that_prepares_for_long_does_not_hold_up_the_others(bench, monkeypatch):
    def endless(*_, **__):
        while True:
            yield 0.0

    made = moves(bench(perplexity=8, **ENDLESS))
    monkeypatch.setattr(affinities, "joint_probabilities", endless)
    made.arrange(made.grid.product({"perplexity": (8.0, 12.0), "init": ("pca",), "random_state": (0,)}))
    before = made.run.status.iteration
    for _ in range(10):
        made.session.advance()
    assert made.run.status.iteration >= before + 10
    assert made.named(1).status.stage == "perplexity"


# --- who comes and who goes ---------------------------------------------------------------------------


def test_runs_are_in_the_order_of_the_arrangement_and_those_that_go_are_told_of(bench):
    made = rest(bench(perplexity=[5, 8, 12]))
    axes = {"perplexity": (12.0, 3.0, 5.0), "init": ("pca",), "random_state": (0,)}
    made.arrange(made.grid.product(axes))
    assert [run.number for run in made.session.runs] == [2, 3, 0]
    assert made.forgotten == [1]


@pytest.mark.parametrize(
    ("before", "plays"),
    [
        (lambda made: made, True),
        (lambda made: rest(made), True),
        (lambda made: moves(made).do(Pause()), False),
        (lambda made: moves(made).do(Pause(0)), True),
    ],
    ids=["playing", "ended", "paused", "one paused"],
)
def test_a_new_run_plays_unless_all_are_paused(bench, before, plays):
    made = before(bench(perplexity=[5, 8], max_iter=30))
    made.arrange(made.grid.product({"perplexity": (8.0, 12.0), "init": ("pca",), "random_state": (0,)}))
    assert made.named(2).status.playing == plays
    rest(made)
    assert made.named(2).layout is not None
    assert (made.named(2).status.iteration == 30) == plays


@pytest.mark.parametrize("autostart", [True, False])
def test_where_nothing_could_run_a_new_run_plays_if_it_would_have_at_first(bench, autostart):
    made = bench(perplexity=[5, 100], autostart=autostart)
    rest(made.arrange(made.grid.remove(0)))
    assert made.status.kind == "out of range"
    made.arrange(made.grid.product({"perplexity": (8.0,), "init": ("pca",), "random_state": (0,)}))
    rest(made)
    assert made.status.iteration == (60 if autostart else 0)


# --- commands -----------------------------------------------------------------------------------------


def test_commands_are_for_one_run_or_for_all(bench):
    made = moves(bench(perplexity=[5, 8, 12], **ENDLESS)).do(Pause(1))
    assert [run.status.playing for run in made.session.runs] == [True, False, True]
    before = made.named(1).status.iteration
    made.do(Step(3, 1))
    while made.named(1).status.playing:
        made.session.advance()
    assert made.named(1).status.iteration == before + 3
    made.do(Restart(2), Pause())
    rest(made)
    assert [run.status.epoch for run in made.session.runs] == [0, 0, 1]
    made.do(Resume(0), Play(2))
    assert [run.status.playing for run in made.session.runs] == [True, False, True]


def test_a_command_to_a_run_that_is_no_more_does_nothing(bench):
    made = rest(bench(perplexity=[5, 8]))
    before = made.published[:]
    made.do(Play(7), Pause(7), Step(1, 7), Restart(7), Resume(7))
    assert made.session.resting
    assert made.published == before


def test_a_new_parameter_of_one_run_leaves_the_others_alone(bench):
    made = rest(bench(perplexity=[5, 8]))
    before = made.named(1).layout
    rest(made.arrange(made.grid.change_one(0, "perplexity", 12.0)))
    assert made.named(0).status.epoch == 1
    assert made.named(0).status.values["perplexity"] == "12"
    assert made.named(1).layout is before


def test_runs_sleep_and_wake_together(bench):
    made = moves(bench(perplexity=[5, 100, 8], **ENDLESS)).do(Pause(2))
    made.audience.heard("client")
    made.clock.forward(ABSENCE_SECONDS + 1)
    rest(made)
    assert [run.asleep for run in made.session.runs] == [True, False, False]
    made.session.wake()
    assert [run.status.playing for run in made.session.runs] == [True, False, False]


# --- out of range -------------------------------------------------------------------------------------


@pytest.mark.parametrize("perplexity", [59, 1e6])
def test_a_run_out_of_range_says_why_and_never_starts(bench, perplexity):
    made = rest(bench(perplexity=[5, perplexity]))
    run = made.named(1)
    status = run.status
    assert (status.stage, status.playing, status.ended, status.settled) == (
        "out of range",
        False,
        False,
        False,
    )
    assert status.reason.startswith(
        f"perplexity={perplexity:.0f} is not allowed: perplexity must be a number"
    )
    assert "below n - 1 = 59 for 60 rows" in status.reason
    assert (status.iteration, run.layout, run.error) == (0, None, None)
    assert made.session.failed is None
    told = [(told.kind, told.stage) for told, _ in made.published if told.run == 1]
    assert told == [("out of range", "out of range")]
    assert made.named(0).status.iteration == 60


def test_no_command_moves_a_run_out_of_range(bench):
    made = rest(bench(perplexity=[5, 100]))
    before = made.named(1).status
    rest(made.do(Play(), Step(3), Restart(1), Resume(), Pause(1), Play(1)))
    assert made.named(1).status == before
    assert made.named(1).layout is None


def test_a_run_out_of_range_takes_another_seed_and_stays_so(bench):
    made = rest(bench(perplexity=[5, 100], init="random"))
    rest(made.set("random_state", 3))
    assert (made.named(1).status.values["random_state"], made.named(1).status.stage) == ("3", "out of range")
    assert bits(made.named(0).layout.points) == bits(
        bench(perplexity=5, init="random", random_state=3).until_rest().points
    )


def test_a_run_out_of_range_starts_with_a_perplexity_that_fits(bench):
    made = rest(bench(perplexity=[5, 100]))
    rest(made.arrange(made.grid.change_one(1, "perplexity", 12.0)))
    assert maps(made)[1] == bits(bench(perplexity=12).until_rest().points)


# --- failures -----------------------------------------------------------------------------------------


def test_a_run_that_fails_ends_alone(bench, monkeypatch):
    step = Optimizer.step

    def broken(self):
        if self._P.perplexity == 8 and self.iteration == 33:
            raise FloatingPointError("the sky fell")
        step(self)

    monkeypatch.setattr(Optimizer, "step", broken)
    made = rest(bench(perplexity=[5, 8, 12]))
    assert [run.status.stage == "failed" for run in made.session.runs] == [False, True, False]
    assert [run.status.iteration for run in made.session.runs] == [60, 33, 60]
    assert made.session.failed is made.named(1)


def test_a_search_that_fails_fails_each_run_and_may_be_tried_again(bench, monkeypatch):
    def broken(*_, **__):
        yield 0.0
        raise MemoryError("too many")

    with monkeypatch.context() as context:
        context.setattr(neighbors, "find_neighbors", broken)
        made = rest(bench(perplexity=[5, 8, 12]))
    told = "there was not enough memory: close programs that use a lot of it, or map fewer rows"
    too_many = f"before the first iteration, {told} (MemoryError: too many)"
    assert [run.status.reason for run in made.session.runs] == [too_many] * 3
    rest(made.do(Play()))
    assert [run.status.iteration for run in made.session.runs] == [60] * 3


# --- how good a map is --------------------------------------------------------------------------------


def test_the_neighbours_kept_are_known_at_rest(bench, blobs):
    made = bench(perplexity=[5, 8])
    rest(made)
    for status, layout in made.published:
        assert (status.neighbors_kept is None) or layout is not None
        assert status.neighbors_kept is None or not status.playing
    squared = ((blobs[:, None] - blobs) ** 2).sum(axis=2)
    np.fill_diagonal(squared, np.inf)
    original = np.argsort(squared, axis=1)[:, :10]
    for run in made.session.runs:
        on_the_map = obvious_neighbors(run.layout.points, 10)
        assert run.status.neighbors_kept == pytest.approx(obvious_share([original, on_the_map]).mean())


def test_the_neighbours_kept_are_measured_once_for_a_layout(bench, monkeypatch):
    made, measured = bench(), []

    def measure(neighbors, points):
        measured.append(points)
        return kept_in_steps(neighbors, points)

    monkeypatch.setattr(at_rest, "kept_in_steps", measure)
    made.until_rest().do(Pause(), Pause()).until_rest()
    assert len(measured) == 1
    made.do(Step(1)).until_rest()
    assert len(measured) == 2
    made.do(Play())
    assert made.status.neighbors_kept is None


def test_the_neighbours_kept_are_measured_in_steps_that_a_command_ends(bench, monkeypatch):
    monkeypatch.setattr(neighborhoods, "_ROWS_PER_STEP", 8)  # of the 60
    made = moves(bench(**ENDLESS)).do(Pause())
    for _ in range(5):
        made.once()
        assert (made.status.stage, made.status.neighbors_kept) == ("paused", None)
        assert not made.session.resting
    before = made.status.iteration
    made.do(Play()).once()
    assert made.status.iteration == before + 1
    made.do(Pause()).until_rest()
    first = made.status.neighbors_kept
    # A pause in the middle begins anew at the same layout.
    made.do(Step(1)).until_rest().do(Play()).do(Pause())
    made.once().do(Play()).do(Pause()).until_rest()
    assert 0 < first <= 1
    assert 0 < made.status.neighbors_kept <= 1
    assert made.published[-1][0] == made.status


def test_a_run_that_is_measured_holds_up_no_other(bench, monkeypatch):
    monkeypatch.setattr(neighborhoods, "_ROWS_PER_STEP", 8)
    made = moves(bench(random_state=[0, 1], init="random", **ENDLESS)).do(Pause(0))
    while made.named(0).status.neighbors_kept is None:
        before = made.named(1).status.iteration
        made.once()
        assert made.named(1).status.iteration == before + 1


def test_the_neighbours_kept_are_not_known_before_the_search(bench):
    made = bench(autostart=False).until_rest()
    assert made.run.layout is not None
    assert made.status.neighbors_kept is None


@pytest.mark.parametrize("n", [4, 9])
def test_a_handful_of_rows_keep_as_many_as_there_are(bench, n):
    X = np.random.default_rng(0).normal(size=(n, 3))
    assert bench(X, perplexity=1.5).until_rest().status.neighbors_kept == 1


def test_a_layout_that_is_not_finite_is_a_run_that_failed(bench, monkeypatch):
    made = rest(bench(perplexity=[5, 8]))
    with monkeypatch.context() as context:
        context.setattr(
            Optimizer, "layout", property(lambda self: np.full((60, 2), np.nan, np.float32)), raising=True
        )
        made.do(Step(1, 0))
        rest(made)
    assert (made.named(0).status.stage, made.named(1).status.ended) == ("failed", True)
    assert "not finite" in made.named(0).status.reason

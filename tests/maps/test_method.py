"""The seam of methods: a run carries whatever makes a map, live or computed once."""

from __future__ import annotations

import numpy as np
import pytest

from tests.maps.toy import Spiral
from tsne_widget.maps import methods
from tsne_widget.maps.method import Figure, Method
from tsne_widget.maps.session import Pause, Play, Recover, Restart, Resume, Step
from tsne_widget.maps.stages import INITIAL_LAYOUT, Stage

COMPUTING = Stage("computing Toy")


class Given(Method):
    """Computes its map in three slices; `error` is raised in the second."""

    name = "toy"
    label = "Toy"
    live = False
    told = (Figure("share", "of something", share=True), Figure("hidden", "not shown", shown=False))
    error: BaseException | None = None
    made = 0

    points: np.ndarray | None = None

    def prepare(self):
        yield COMPUTING, None
        yield COMPUTING, 0.5
        if self.error is not None:
            raise self.error
        n = self.shared_work.n
        self.points = np.arange(2 * n, dtype=np.float32).reshape(n, 2) ** 1.5
        type(self).made += 1

    @property
    def layout(self):
        return self.points

    @property
    def ready(self):
        return self.points is not None

    ended = settled = ready

    @property
    def phase(self):
        return "computed"

    @property
    def figures(self):
        return {"share": 0.25, "hidden": 7.0} if self.ready else {}


class Walk(Method):
    """Goes one to the right in each iteration, three times `limit`; continues with what it is given."""

    name = "walk"
    label = "Walk"
    live = True
    told = (Figure("way", "how far it went"),)

    def __init__(self, *given):
        super().__init__(*given)
        self.done, self.end, self.points = 0, 10, None

    def prepare(self):
        yield INITIAL_LAYOUT, None
        self.points = np.zeros((self.shared_work.n, 2), np.float32)
        self.points[:, 1] = np.arange(self.shared_work.n)

    def step(self):
        self.points = self.points + np.float32([1, 0])
        self.done += 1

    def extend(self):
        self.end += 10

    def go_back_to(self, points, iteration, limit):
        self.points, self.done, self.end = points, iteration, limit
        return iter([(INITIAL_LAYOUT, None)])

    layout = property(lambda self: self.points)
    ready = property(lambda self: self.points is not None)
    iteration = property(lambda self: self.done)
    limit = property(lambda self: self.end)
    phase = property(lambda self: "arrived" if self.ended else "walking")
    ended = property(lambda self: self.done >= self.end)
    settled = property(lambda self: self.ended)
    why = property(lambda self: "it is there")
    figures = property(lambda self: {"way": float(self.done)})


@pytest.fixture(autouse=True)
def toys(monkeypatch):
    for method in (Given, Walk, Spiral):
        monkeypatch.setitem(methods.METHODS, method.name, method)
    monkeypatch.setattr(Given, "error", None)
    monkeypatch.setattr(Given, "made", 0)


@pytest.fixture
def beside(bench):
    """Have a map of t-SNE and one beside it, with the id 1."""

    def make(method="toy", **parameters):
        made = bench(**parameters)
        first = made.grid.of_tsne[0].spec
        return made.arrange(
            made.grid.with_beside([methods.METHODS[method].spec_beside(method.title(), first)])
        )

    return make


def rest(made):
    while not made.session.resting:
        made.session.advance()
    return made


# --- what is computed once ------------------------------------------------------------------------------


def test_a_map_that_is_computed_is_shown_with_its_figures_and_never_plays(beside):
    made = rest(beside())
    told = [status for status, _ in made.published if status.run == 1]
    assert (told[0].kind, told[0].stage, told[0].waiting) == ("preparing", "computing Toy", "computing Toy")
    assert told[-1].kind == "at rest"
    assert not any(status.playing for status in told)
    status = made.named(1).status
    assert (status.stage, status.ended, status.settled, status.iteration) == ("computed", True, True, 0)
    assert status.figures == {"share": 0.25, "hidden": 7.0}
    assert not {"perplexity", "random_state"} & {*status.values}
    assert made.named(1).method.figures_in_words(status.figures) == "share 25 %"


def test_it_keeps_its_layout_as_its_only_keyframe(beside):
    (frame,) = rest(beside()).named(1).keyframes
    assert (frame.iteration, frame.perplexity, frame.kl_divergence) == (0, None, None)
    assert frame.embedding.shape == (60, 2)


def test_its_neighbours_are_compared_with_those_of_the_data_once_these_are_known(beside):
    made = beside(autostart=False)
    rest(made)
    assert made.named(1).status.stage == "computed"
    assert made.named(1).status.neighbors_kept is None
    rest(made.do(Play()))
    assert 0 < made.named(1).status.neighbors_kept < 1


def test_it_does_not_change_a_bit_of_the_map_beside_it(beside, bench):
    np.testing.assert_array_equal(
        rest(beside()).named(0).layout.points, bench().until_rest().run.layout.points
    )


def test_play_step_and_pause_are_not_about_it_and_a_restart_computes_it_again(beside):
    made = rest(beside())
    before = made.named(1).status
    rest(made.do(Play(), Step(3), Pause(), Resume(), Play(1), Step(2, 1)))
    assert made.named(1).status == before
    assert Given.made == 1
    rest(made.do(Restart()))
    assert (Given.made, made.named(1).status.epoch) == (2, 1)
    assert made.named(1).status.stage == "computed"
    assert len(made.named(1).keyframes) == 1


def test_whether_a_new_map_plays_does_not_depend_on_it(beside):
    made = rest(beside(autostart=False))
    made.arrange(made.grid.product({**axes_of(made), "random_state": (0, 1)}))
    rest(made)
    assert {run.status.stage for run in made.session.runs if run.method.live} == {"paused"}


def axes_of(made):
    return {name: made.grid.distinct(name) for name in made.grid.of_tsne[0].spec.values}


def test_a_failure_ends_it_alone_and_a_restart_tries_again(beside, monkeypatch):
    monkeypatch.setattr(Given, "error", FloatingPointError("the sky fell"))
    made = rest(beside())
    failed = made.named(1)
    assert (failed.status.kind, failed.status.stage) == ("failed", "failed")
    assert failed.status.reason == "while Toy was computed: FloatingPointError: the sky fell"
    assert failed.layout is None
    assert made.named(0).status.ended
    assert made.session.failed is failed
    rest(made.do(Recover()))
    assert failed.status.stage == "failed"
    monkeypatch.setattr(Given, "error", None)
    rest(made.do(Restart(1)))
    assert (failed.status.stage, failed.status.reason) == ("computed", "")


def test_a_restart_that_fails_keeps_the_map_that_was_there(beside, monkeypatch):
    made = rest(beside())
    kept = made.named(1).layout
    monkeypatch.setattr(Given, "error", SystemExit("a user's function left"))
    rest(made.do(Restart(1)))
    assert made.named(1).status.stage == "failed"
    assert made.named(1).layout is kept


def test_a_session_that_is_closed_while_it_is_computed_rests(beside):
    made = beside(autostart=False).once()
    made.session.close()
    assert made.session.resting
    assert (made.named(1).layout, Given.made) == (None, 0)


def test_maps_that_begin_together_do_not_wait_for_it(beside, monkeypatch):
    def endless(self):
        while True:
            yield COMPUTING, 0.0

    monkeypatch.setattr(Given, "prepare", endless)
    made = beside()
    while not made.named(0).status.ended:
        made.session.advance()
    assert made.named(1).status.stage == "computing Toy"


# --- what goes on by itself -------------------------------------------------------------------------------


def test_a_live_method_plays_records_ends_and_is_extended(beside):
    made = rest(beside("walk"))
    walk = made.named(1)
    assert (walk.status.stage, walk.status.reason, walk.status.iteration) == ("arrived", "it is there", 10)
    assert walk.status.figures == {"way": 10.0}
    assert [frame.figures["way"] for frame in walk.keyframes] == [float(i) for i in range(11)]
    rest(made.do(Play(1)))
    assert walk.status.iteration == 20
    rest(made.do(Restart(1), Step(3, 1)))
    assert (walk.status.stage, walk.status.iteration, walk.status.epoch) == ("paused", 3, 1)


def test_it_waits_with_words_of_its_own(beside):
    made = rest(beside("spiral"))
    told = {(s.kind, s.stage, s.waiting) for s, _ in made.published if s.run == 1}
    assert told == {
        ("preparing", "shuffling rows", "shuffling the rows into an order"),
        ("moving", "winding", ""),
        ("at rest", "wound", ""),
    }
    before = len(made.published)
    rest(made.arrange(made.grid.change_one(1, "turns", 5)))
    assert {s.kind for s, _ in made.published[before:]} <= {"moving", "at rest"}


def test_after_a_failure_it_goes_back_to_where_it_was(beside, monkeypatch):
    step = Walk.step

    def broken(self):
        if self.done == 4:
            raise FloatingPointError("the sky fell")
        step(self)

    monkeypatch.setattr(Walk, "step", broken)
    made = rest(beside("walk"))
    walk = made.named(1)
    assert (walk.status.stage, walk.status.iteration) == ("failed", 4)
    monkeypatch.setattr(Walk, "step", step)
    rest(made.do(Recover(1)))
    assert (walk.status.stage, walk.status.iteration) == ("paused", 4)
    rest(made.do(Play(1)))
    assert walk.layout.points[0, 0] == 10

"""One optimisation that can be advanced, changed, paused and started again."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..failure import failure_in_words
from ..parameters.defaults import Settings, schedule_of
from ..parameters.perplexity import why_out_of_range
from .grid import Spec
from .keyframes import Keyframe, Quantised, Recorder
from .shared_work import Progress, SharedWork

_UNSTABLE = "unstable: lower learning_rate"
#: How a run ends, in words.
ENDINGS = {
    "settled": "settled",
    "limit": "stopped at the limit, not settled",
    "unstable": _UNSTABLE,
    "collapsed": "collapsed: lower exaggeration",
}
#: Phases whose words are not their own.
PHASES = {"unstable": _UNSTABLE}


@dataclass(frozen=True, eq=False)
class Layout:
    """A layout as it was at one iteration; `points` is never written to again."""

    points: np.ndarray
    epoch: int
    iteration: int


@dataclass(frozen=True)
class Status:
    """What is to be known of a run; the browser is told the same.

    Attributes
    ----------
    stage : str
        One of the words in which the view speaks.
    progress : float or None
        How far a stage is that takes long, from 0 to 1.
    kl : float or None
        Kullback-Leibler divergence of the layout, without exaggeration.
    playing : bool
        Whether the run goes on by itself.
    reason : str
        Why it ended or rests, in a sentence; empty where there is nothing to say.
    neighbors_kept : float or None
        Share of the 10 nearest neighbours that are so on the map too; known when the run rests.
    doubt : str
        What the data's neighbours say against the map, in a sentence; empty where there is nothing to say.
    """

    run: int
    epoch: int
    stage: str
    progress: float | None
    iteration: int
    limit: int
    kl: float | None
    learning_rate: float | None
    playing: bool
    ended: bool
    settled: bool
    reason: str
    perplexity: float
    random_state: int
    neighbors_kept: float | None
    doubt: str = ""


class Run:
    """One optimisation: its settings, its place in the pipeline, its newest layout.

    Knows nothing of threads: all methods are called by one of them, and what others may read,
    `status`, `layout` and `keyframes`, is replaced as a whole. A run whose perplexity is out of range for
    the data never starts.

    Parameters
    ----------
    number : int
        The run's id, unique in its widget.
    spec : Spec
        Checked parameters of this run alone.
    settings : Settings
        Checked parameters of all runs.
    shared_work : SharedWork
        Shared with the session's other runs.
    publish : callable
        Called with this run when `status` or `layout` has changed.
    playing : bool
        Whether to go on by itself, or to rest at the initial layout.
    """

    def __init__(
        self,
        number: int,
        spec: Spec,
        settings: Settings,
        shared_work: SharedWork,
        publish: Callable[[Run], None],
        *,
        playing: bool,
    ):
        self.number = number
        self.spec = spec
        self.settings = settings
        self.error: BaseException | None = None
        self._failed_when = ""
        self._limit = settings.max_iter
        self.layout: Layout | None = None
        self._shared_work, self._publish = shared_work, publish
        self._optimizer: Any = None
        self._recorder = Recorder(shared_work.n)
        self._epoch = 0
        self._playing = playing
        self._steps: int | None = None
        self.asleep = False
        self._stage = "initial layout"
        self._progress: float | None = None
        self._preparation: Generator[Progress, None, None] | None = self._start()
        # The layout at rest whose neighbours are compared with those of the data, and the result.
        self._measured: Layout | None = None
        self._measuring: Generator[None, None, float] | None = None
        self._neighbors_kept: float | None = None
        self._told: tuple[Status, Layout | None] | None = None
        self.status = self._make_status()

    @property
    def keyframes(self) -> tuple[Keyframe, ...]:
        """How the map came about since it last started."""
        return self._recorder.frames

    @property
    def out_of_range(self) -> str:
        """Why the run cannot have its perplexity; empty where it can."""
        return why_out_of_range(self.spec["perplexity"], self._shared_work.n)

    @property
    def idle(self) -> bool:
        """Whether nothing is left to do until a command comes, not even to measure the map at rest."""
        return self.resting and self._measuring is None

    @property
    def resting(self) -> bool:
        """Whether the map stays as it is until a command comes."""
        if self.error is not None or self.asleep:
            return True
        if self.out_of_range:
            return self._told is not None
        shown = self.layout is not None and self.layout.epoch == self._epoch
        if self._preparation is not None and (self._optimizer is not None or not shown):
            return False
        return not self._playing

    @property
    def paused(self) -> bool:
        """Whether the run rests and has more to do when it is told to go on."""
        return not (self._playing or self._ended or self.error is not None or self.out_of_range)

    def play(self) -> None:
        """Go on; past an end, until it settles anew or another `max_iter` iterations are done."""
        self._go()
        self._steps = None

    def resume(self) -> None:
        """Go on after a pause; a run that has ended stays as it is."""
        if not self._ended:
            self.play()

    def step(self, count: int) -> None:
        """Do `count` iterations more, then pause."""
        self._go()
        self._steps = count

    def pause(self) -> None:
        """Rest; momentum and gains are kept, so that going on is as if it had not stopped."""
        self._playing, self._steps = False, None
        self.asleep = False
        self._announce()

    def restart(self) -> None:
        """Start anew from the initial layout, with the settings as they are now."""
        self._begin_epoch("initial layout", self._start())
        self._optimizer = None
        self._playing, self._steps = True, None
        self._announce()

    def recover(self) -> None:
        """Go back to the last good layout after a failure, and rest there until it is told to go on."""
        if self.error is None or self.layout is None:
            return
        self._go_on_from(self.layout)
        self._playing, self._steps = False, None
        self._announce()

    def change(self, spec: Spec) -> None:
        """Take other parameters: the map starts anew from another start, else it goes on.

        A paused run stays paused.
        """
        changed, had_not_begun = spec.changed(self.spec), bool(self.out_of_range)
        self.spec = spec
        if had_not_begun or self.out_of_range:
            self._announce()
        elif any(axis.on_change == "restart" for axis in changed):
            self._start_anew()
        elif changed:
            self._change_perplexity()

    def sleep(self) -> None:
        """Rest because nobody looks, without forgetting that it was running."""
        self.asleep = self._playing and not self.out_of_range
        self._announce()

    def wake(self) -> None:
        """Go on when somebody looks again."""
        if self.asleep:
            self.asleep = False
            self._announce()

    def close(self) -> None:
        """Rest for good with the last layout, and let go of what was needed to go on."""
        self._preparation = None
        self.pause()
        self._optimizer = self._measuring = None

    @property
    def at_start(self) -> bool:
        """Whether nothing is left to prepare and the first iteration is the next thing to do."""
        return self._preparation is None and self._optimizer is not None and self._optimizer.iteration == 0

    @property
    def prepares_start(self) -> bool:
        """Whether the run will begin from its initial layout once it is prepared."""
        return self._preparation is not None and self._optimizer is None

    def work(self) -> None:
        """Do one piece of work; an exception ends the run with its last good layout."""
        try:
            if self._measuring is not None:
                self._measure()
            elif not (self.resting or self.out_of_range):
                self._prepare() if self._preparation is not None else self._iterate()
        except BaseException as error:  # also what a user's metric raises to leave Python
            self.fail(error)

    def tell(self) -> None:
        """Publish what has changed."""
        try:
            self._announce()
        except Exception as error:
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """End the run with an error; its last layout stays."""
        self.error, self._failed_when = error, self._now_in_words()
        self._preparation, self._measuring, self._playing = None, None, False
        self._announce()

    @property
    def _ended(self) -> bool:
        return self._preparation is None and self._optimizer is not None and bool(self._optimizer.ended)

    def _change_perplexity(self) -> None:
        self._playing = self._playing or self._ended or self.error is not None
        if self._recovered is not None:
            self._go_on_from(self._recovered)
        elif self._optimizer is None or self.error is not None:
            self._optimizer = None
            self._begin_epoch("initial layout", self._start())
        else:
            self._begin_epoch("perplexity", self._change_affinities())
        self._announce()

    def _start_anew(self) -> None:
        paused = self.paused
        self.restart()
        if paused:
            self.pause()

    def _go(self) -> None:
        if self.error is not None:
            self.restart()
        elif self._ended:
            self._optimizer.extend()
        self._playing = True
        self.asleep = False
        self._announce()

    def _begin_epoch(self, stage: str, preparation: Generator[Progress, None, None]) -> None:
        self._epoch += 1
        self._stage, self._progress = stage, None
        self.error = None
        self._preparation = preparation
        self.asleep = False

    @property
    def _recovered(self) -> Layout | None:
        """The layout that was gone back to, as long as it waits for an optimizer."""
        layout = self.layout
        if self.error is not None or self._optimizer is not None or layout is None:
            return None
        return layout if layout.epoch == self._epoch and layout.iteration > 0 else None

    def _go_on_from(self, layout: Layout) -> None:
        """Have a new optimizer go on from a layout: momentum, gains and whatever else broke are new."""
        self._optimizer, self._limit = None, self.status.limit
        self._begin_epoch("compiling", self._prepare_to_go_on(layout.points, layout.iteration))
        self.layout = replace(layout, epoch=self._epoch)
        self._recorder.go_back_to(layout.iteration)

    def _prepare_to_go_on(self, points: np.ndarray, iteration: int) -> Generator[Progress, None, None]:
        yield from self._shared_work.compile()
        P = yield from self._shared_work.affinities(self.spec["perplexity"])
        self._optimizer = self._make_optimizer(P, points, iteration)
        self._optimizer.limit = self._limit

    def _start(self) -> Generator[Progress, None, None]:
        self._limit = self.settings.max_iter
        yield "initial layout", None
        yield from self._shared_work.directions(self.spec)
        start = self._shared_work.start(self.spec)
        self.layout = Layout(start, self._epoch, 0)
        self._recorder.begin()
        self._record(start, 0)
        yield "initial layout", 1.0
        yield from self._shared_work.compile()
        P = yield from self._shared_work.affinities(self.spec["perplexity"])
        self._optimizer = self._make_optimizer(P, start)

    def _change_affinities(self) -> Generator[Progress, None, None]:
        P = yield from self._shared_work.affinities(self.spec["perplexity"])
        self._optimizer.continue_with(P)
        self._recorder.note_change(self._optimizer.iteration)

    def _make_optimizer(self, P: Any, start: np.ndarray, iteration: int = 0) -> Any:
        from ..tsne.optimizer import Optimizer

        return Optimizer(
            P,
            start,
            schedule_of(self.settings),
            pool=self._shared_work.pool,
            repulsion=self.settings.method,
            angle=self.settings.angle,
            iteration=iteration,
        )

    def _prepare(self) -> None:
        try:
            self._stage, self._progress = next(self._preparation)  # type: ignore[arg-type]
        except StopIteration:
            self._preparation = self._progress = None
        # What comes next may be long: what it is, and the first layout, are told before.
        self._announce()

    def _iterate(self) -> None:
        optimizer = self._optimizer
        optimizer.step()
        if self._steps is not None:
            self._steps -= 1
        if optimizer.ended or self._steps == 0:
            self._playing, self._steps = False, None
        if optimizer.ended or self._recorder.wants(optimizer.iteration):
            self._record(optimizer.layout, optimizer.iteration)

    def _record(self, points: np.ndarray, iteration: int) -> None:
        layout = Quantised.of(points)
        self._recorder.take(Keyframe(self._epoch, iteration, self.spec["perplexity"], self._kl, layout))

    def _announce(self) -> None:
        self._keep_layout()
        self._see_what_to_measure()
        self.status = self._make_status()
        if self._told != (self.status, self.layout):
            self._told = (self.status, self.layout)
            self._publish(self)

    def _keep_layout(self) -> None:
        optimizer, layout = self._optimizer, self.layout
        if optimizer is None or self._preparation is not None:
            return
        if layout is None or (layout.epoch, layout.iteration) != (self._epoch, optimizer.iteration):
            self.layout = Layout(optimizer.layout.copy(), self._epoch, optimizer.iteration)

    def _see_what_to_measure(self) -> None:
        """Measure a layout at which the run rests; not one from which it goes on, or that nobody sees."""
        if not self.resting or self.asleep:
            if self._measuring is not None:
                self._measuring = self._measured = None
        elif self.layout is not None and self.layout is not self._measured:
            self._measured, self._neighbors_kept = self.layout, None
            self._measuring = self._shared_work.kept_share(self.layout.points)

    def _measure(self) -> None:
        try:
            next(self._measuring)  # type: ignore[arg-type]
        except StopIteration as measured:
            self._measuring, self._neighbors_kept = None, measured.value

    def _now_in_words(self) -> str:
        """Say what is being done, for who learns that it failed."""
        if self._measuring is not None:
            return "while neighbours were compared"
        if self._preparation is not None:
            return "before the first iteration" if self._iteration == 0 else "while the perplexity was fitted"
        return f"in iteration {self._iteration + 1}"

    def _make_status(self) -> Status:
        optimizer = self._optimizer
        ended = self._ended
        return Status(
            run=self.number,
            epoch=self._epoch,
            stage=self._stage_in_words(ended),
            progress=self._progress,
            iteration=self._iteration,
            limit=self._limit if optimizer is None else optimizer.limit,
            kl=self._kl,
            learning_rate=None if optimizer is None else float(optimizer.learning_rate),
            playing=self._playing and not self.asleep and not self.out_of_range,
            ended=ended,
            settled=ended and optimizer.ended == "settled",
            reason=self._reason(ended),
            perplexity=self.spec["perplexity"],
            random_state=self.spec["random_state"],
            neighbors_kept=self._neighbors_kept if self.resting and self.layout is self._measured else None,
            doubt=self._shared_work.doubt,
        )

    @property
    def _kl(self) -> float | None:
        kl = math.nan if self._optimizer is None else self._optimizer.kl_divergence
        return float(kl) if math.isfinite(kl) else None

    @property
    def _iteration(self) -> int:
        if self._optimizer is not None:
            return self._optimizer.iteration
        return 0 if self._recovered is None else self._recovered.iteration

    def _stage_in_words(self, ended: bool) -> str:
        if self.error is not None:
            return "failed"
        if self.out_of_range:
            return "out of range"
        if ended and not self._playing:
            return ENDINGS[self._optimizer.ended]
        if self.asleep or (not self._playing and self.resting):
            return "paused"
        if self._preparation is not None:
            return self._stage
        phase = self._optimizer.phase
        return PHASES.get(phase, phase)

    def _reason(self, ended: bool) -> str:
        if self.error is not None:
            return failure_in_words(self.error, self._failed_when)
        if self.asleep:
            return "nobody is looking; it goes on when it is shown again"
        return self.out_of_range or (self._optimizer.why if ended else "")

"""One optimisation that can be advanced, changed, paused and started again."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .groundwork import Groundwork, Progress
from .settings import Settings
from .tsne.schedule import Schedule

#: How a run ends, in words.
ENDINGS = {"settled": "settled", "limit": "stopped at the limit, not settled"}


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


def schedule_of(settings: Settings) -> Schedule:
    """Return what of the settings the optimizer goes by."""
    return Schedule(
        early_exaggeration=settings.early_exaggeration,
        early_exaggeration_iter=settings.early_exaggeration_iter,
        exaggeration=settings.exaggeration,
        learning_rate=settings.learning_rate,
        max_iter=settings.max_iter,
    )


class Run:
    """One optimisation: its settings, its place in the pipeline, its newest layout.

    Knows nothing of threads: all methods are called by one of them, and what others may read,
    `status` and `layout`, is replaced as a whole.

    Parameters
    ----------
    number : int
        Position among the runs of its session.
    settings : Settings
        Checked parameters.
    groundwork : Groundwork
        Shared with the session's other runs.
    publish : callable
        Called with this run when `status` or `layout` has changed.
    """

    def __init__(
        self, number: int, settings: Settings, groundwork: Groundwork, publish: Callable[[Run], None]
    ):
        self.number = number
        self.settings = settings
        self.perplexity = settings.perplexity
        self.random_state = int(settings.random_state or 0)
        self.init = settings.init
        self.error: BaseException | None = None
        self.layout: Layout | None = None
        self._groundwork, self._publish = groundwork, publish
        self._optimizer: Any = None
        self._epoch = 0
        self._playing = settings.autostart
        self._steps: int | None = None
        self.asleep = False
        self._stage = "initial layout"
        self._progress: float | None = None
        self._preparation: Generator[Progress, None, None] | None = self._start()
        self._told: tuple[Status, Layout | None] | None = None
        self.status = self._make_status()

    @property
    def resting(self) -> bool:
        """Whether nothing is left to do until a command comes."""
        if self.error is not None or self.asleep:
            return True
        shown = self.layout is not None and self.layout.epoch == self._epoch
        if self._preparation is not None and (self._optimizer is not None or not shown):
            return False
        return not self._playing

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
        self._begin_epoch(self._start())
        self._optimizer = None
        self._playing, self._steps = True, None
        self._announce()

    def set_random_state(self, random_state: int) -> None:
        """Start anew from another seed; a paused run shows its start and stays paused."""
        self.random_state = random_state
        self._start_anew()

    def set_init(self, init: Any) -> None:
        """Start anew from another initial layout; a paused run shows it and stays paused."""
        self.init = init
        self._start_anew()

    def set_perplexity(self, perplexity: float) -> None:
        """Go on from the present layout with another perplexity; a paused run stays paused."""
        self.perplexity = perplexity
        self._playing = self._playing or self._ended or self.error is not None
        if self._optimizer is None or self.error is not None:
            self._optimizer = None
            self._begin_epoch(self._start())
        else:
            self._begin_epoch(self._change_affinities())
        self._announce()

    def sleep(self) -> None:
        """Rest because nobody looks, without forgetting that it was running."""
        self.asleep = self._playing
        self._announce()

    def wake(self) -> None:
        """Go on when somebody looks again."""
        if self.asleep:
            self.asleep = False
            self._announce()

    def advance(self, until: float, clock: Callable[[], float]) -> None:
        """Work until a time has come, then publish; an exception ends the run with its last good layout."""
        try:
            while not self.resting and clock() < until:
                self._prepare() if self._preparation is not None else self._iterate()
            self._announce()
        except Exception as error:
            self.fail(error)

    def fail(self, error: BaseException) -> None:
        """End the run with an error; its last layout stays."""
        self.error = error
        self._preparation, self._playing = None, False
        self._announce()

    @property
    def _ended(self) -> bool:
        return self._preparation is None and self._optimizer is not None and bool(self._optimizer.ended)

    def _start_anew(self) -> None:
        paused = not self._playing and not self._ended and self.error is None
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

    def _begin_epoch(self, preparation: Generator[Progress, None, None]) -> None:
        self._epoch += 1
        self.error = None
        self._preparation = preparation
        self.asleep = False

    def _start(self) -> Generator[Progress, None, None]:
        yield "initial layout", None
        start = self._groundwork.start(self.init, self.random_state)
        self.layout = Layout(start, self._epoch, 0)
        yield "initial layout", 1.0
        yield from self._groundwork.compile()
        P = yield from self._groundwork.affinities(self.perplexity)
        self._optimizer = self._make_optimizer(P, start)

    def _change_affinities(self) -> Generator[Progress, None, None]:
        P = yield from self._groundwork.affinities(self.perplexity)
        self._optimizer.continue_with(P)

    def _make_optimizer(self, P: Any, start: np.ndarray) -> Any:
        from .tsne.optimizer import Optimizer

        return Optimizer(P, start, schedule_of(self.settings), pool=self._groundwork.pool)

    def _prepare(self) -> None:
        try:
            self._stage, self._progress = next(self._preparation)  # type: ignore[arg-type]
        except StopIteration:
            self._preparation = self._progress = None
        # What comes next may be long: what it is, and the first layout, are told before.
        self._announce()

    def _iterate(self) -> None:
        self._optimizer.step()
        if self._steps is not None:
            self._steps -= 1
        if self._optimizer.ended or self._steps == 0:
            self._playing, self._steps = False, None

    def _announce(self) -> None:
        self._keep_layout()
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

    def _make_status(self) -> Status:
        optimizer = self._optimizer
        kl = None if optimizer is None else optimizer.kl_divergence
        ended = self._ended
        return Status(
            run=self.number,
            epoch=self._epoch,
            stage=self._stage_in_words(ended),
            progress=self._progress,
            iteration=0 if optimizer is None else optimizer.iteration,
            limit=self.settings.max_iter if optimizer is None else optimizer.limit,
            kl=None if kl is None or not math.isfinite(kl) else float(kl),
            learning_rate=None if optimizer is None else float(optimizer.learning_rate),
            playing=self._playing and not self.asleep,
            ended=ended,
            settled=ended and optimizer.ended == "settled",
            reason=self._reason(ended),
            perplexity=self.perplexity,
            random_state=self.random_state,
        )

    def _stage_in_words(self, ended: bool) -> str:
        if self.error is not None:
            return "failed"
        if ended and not self._playing:
            return ENDINGS[self._optimizer.ended]
        if self.asleep or (not self._playing and self.resting):
            return "paused"
        return self._stage if self._preparation is not None else self._optimizer.phase

    def _reason(self, ended: bool) -> str:
        if self.error is not None:
            return f"{type(self.error).__name__}: {self.error}"
        if self.asleep:
            return "nobody is looking; it goes on when it is shown again"
        return self._optimizer.why if ended else ""

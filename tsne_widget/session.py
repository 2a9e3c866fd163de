"""The runs of one widget: commands in, layouts out; no thread, no Jupyter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from .audience import Audience
from .groundwork import Groundwork
from .run import Run
from .settings import SLICE_SECONDS, Settings


@dataclass(frozen=True)
class Play:
    """Go on, also past an end."""


@dataclass(frozen=True)
class Resume:
    """Go on after a pause."""


@dataclass(frozen=True)
class Pause:
    """Rest."""


@dataclass(frozen=True)
class Step:
    """Do some iterations, then pause."""

    count: int


@dataclass(frozen=True)
class Restart:
    """Start anew."""


@dataclass(frozen=True)
class SetPerplexity:
    """Go on with another perplexity."""

    value: float


@dataclass(frozen=True)
class SetRandomState:
    """Start anew from another seed."""

    value: int


@dataclass(frozen=True, eq=False)
class SetInit:
    """Start anew from another initial layout."""

    value: Any


Command = Play | Resume | Pause | Step | Restart | SetPerplexity | SetRandomState | SetInit


class Session:
    """The runs of one widget, advanced in turns.

    All methods are called by one thread. `runs` may be read by any: it never changes, and each run's
    `status` and `layout` are replaced as a whole.

    Parameters
    ----------
    matrix : ndarray of shape (n_samples, n_features)
        The checked data.
    settings : Settings
        Checked parameters.
    audience : Audience
        Who looks; a session that was shown and that nobody looks at any more goes to sleep.
    pool : Pool
        Runs the kernels.
    publish : callable
        Called with a run when its `status` or `layout` has changed.
    clock : callable
        Seconds as a float, monotonic.
    """

    def __init__(
        self,
        matrix: np.ndarray,
        settings: Settings,
        *,
        audience: Audience,
        pool: Any,
        publish: Callable[[Run], None],
        clock: Callable[[], float],
    ):
        self.groundwork = Groundwork(matrix, settings, pool)
        self.runs = [Run(0, settings, self.groundwork, publish)]
        self.audience = audience
        self.awaited = 0
        self._clock = clock
        self._turn = 0

    @property
    def resting(self) -> bool:
        """Whether no run has anything to do."""
        return all(run.resting for run in self.runs)

    @property
    def asleep(self) -> bool:
        """Whether a run rests because nobody looks."""
        return any(run.asleep for run in self.runs)

    @property
    def error(self) -> BaseException | None:
        """What the first failed run failed with."""
        return next((run.error for run in self.runs if run.error is not None), None)

    def handle(self, command: Command) -> None:
        """Carry out a command on all runs."""
        for run in self.runs:
            self._apply(command, run)
        self.groundwork.keep_only({run.perplexity for run in self.runs})

    def advance(self, seconds: float = SLICE_SECONDS) -> None:
        """Let the next run that has something to do work for about `seconds`."""
        self._mind_the_audience()
        waiting = [run for run in self.runs if not run.resting]
        if waiting:
            self._turn += 1
            waiting[self._turn % len(waiting)].advance(self._clock() + seconds, self._clock)

    def _mind_the_audience(self) -> None:
        if self.audience.absent and not self.awaited:
            for run in self.runs:
                run.sleep()

    def wake(self) -> None:
        """Go on after sleeping: somebody looks again."""
        for run in self.runs:
            run.wake()

    def _apply(self, command: Command, run: Run) -> None:
        match command:
            case Play():
                run.play()
            case Resume():
                run.resume()
            case Pause():
                run.pause()
            case Step(count):
                run.step(count)
            case Restart():
                run.restart()
            case SetPerplexity(value):
                run.set_perplexity(value)
            case SetRandomState(value):
                run.set_random_state(value)
            case SetInit(value):
                run.set_init(value)

"""The runs of one widget: commands in, layouts out; no thread, no Jupyter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

import numpy as np

from ..parameters.constants import READING_SECONDS, SLICE_SECONDS
from ..parameters.defaults import Settings
from .checkpoint import Checkpoint, Reading
from .grid import Entry, Spec
from .methods import method_of
from .placing import GivenRows
from .run import Run
from .shared_work import SharedWork
from .workers import Workers

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _ToRuns:
    """A command to one run, by id, or to all if that is None."""

    run: int | None = None


class Play(_ToRuns):
    """Continue, even after an end."""


class Resume(_ToRuns):
    """Continue after a pause."""


class Pause(_ToRuns):
    """Rest."""


class Restart(_ToRuns):
    """Start again from the beginning."""


class Recover(_ToRuns):
    """Go back to the last good layout after a failure, and pause there."""


@dataclass(frozen=True)
class Step:
    """Do some iterations, then pause."""

    count: int
    run: int | None = None


@dataclass(frozen=True)
class Arrange:
    """Set the runs: keep those with a known id, apply changed specs, add new runs and drop the others."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Place:
    """Place new rows on all runs, now and after every change; None: no longer."""

    rows: GivenRows | None


RunCommand = Play | Resume | Pause | Step | Restart | Recover
Command = RunCommand | Arrange | Place


#: What a run does at a command.
_ACTIONS: dict[type[_ToRuns], Callable[[Run], None]] = {
    Play: Run.play,
    Resume: Run.resume,
    Pause: Run.pause,
    Restart: Run.restart,
    Recover: Run.recover,
}


class Listener(Protocol):
    """Learns of a session's changes; the session's thread calls it, so it must return quickly."""

    def publish(self, run: Run) -> None:
        """Take a run's new `status` or `layout`."""

    def forget(self, run: int) -> None:
        """Forget a run that was removed."""


class Audience(Protocol):
    """The viewers of the maps."""

    @property
    def absent(self) -> bool:
        """Whether the maps were shown once but are no longer shown anywhere."""


class Session:
    """The runs of one widget, advanced together.

    One thread calls all methods. Other threads may read `runs` and each run's `status` and `layout`, which
    are immutable and replaced as a whole.

    Parameters
    ----------
    matrix : ndarray of shape (n_samples, n_features)
        The checked data.
    settings : Settings
        The checked parameters that all runs have in common.
    entries : sequence of Entry
        The runs to begin with.
    audience : Audience
        The viewers; the session goes to sleep when they have gone.
    pool : Pool
        Runs the kernels.
    listener : Listener
        Learns of changes.
    clock : callable
        Seconds as a float, monotonic.
    require_unchanged : callable, optional
        Raises if the user has changed the matrix.
    checkpoints : mapping, optional
        By the ids of runs, where these were in another session, from which they go on.
    """

    def __init__(
        self,
        matrix: np.ndarray,
        settings: Settings,
        entries: Sequence[Entry],
        *,
        audience: Audience,
        pool: Any,
        listener: Listener,
        clock: Callable[[], float],
        require_unchanged: Callable[[], None] = lambda: None,
        workers: Workers | None = None,
        checkpoints: Mapping[int, Checkpoint] = MappingProxyType({}),
    ):
        self.shared_work = SharedWork(matrix, settings, pool, require_unchanged, workers)
        self.audience = audience
        self.awaited = 0
        #: The engine that advances this session; a forked process has another engine.
        self.engine: object = None
        self._settings, self._listener, self._clock = settings, listener, clock
        self._searched = 0
        self._new_rows: GivenRows | None = None
        self._reading: Reading | None = None
        self._serve(entries)
        self.runs = [
            self._new_run(*entry, playing=settings.autostart, checkpoint=checkpoints.get(entry.run))
            for entry in entries
        ]

    @property
    def resting(self) -> bool:
        """Whether no run has anything to do."""
        return all(run.idle for run in self.runs)

    @property
    def waits(self) -> bool:
        """Whether all that is left to do is done by other threads."""
        return not self.resting and all(run.idle or run.waits for run in self.runs)

    @property
    def asleep(self) -> bool:
        """Whether runs rest because no client shows them."""
        return any(run.asleep for run in self.runs)

    @property
    def failed(self) -> Run | None:
        """The first run that has failed."""
        return next((run for run in self.runs if run.error is not None), None)

    def handle(self, command: Command) -> None:
        """Carry out a command; ignore one to a run that was removed or is out of range."""
        log.debug("command %s", type(command).__name__)
        self._finish_reading()
        if isinstance(command, Arrange):
            self._arrange(command.entries)
            return
        if isinstance(command, Place):
            self._new_rows = command.rows
            for run in self.runs:
                run.place(command.rows)
            return
        for run in self.runs:
            live = run.method.live or isinstance(command, Restart)
            if command.run in (None, run.number) and live and not run.out_of_range:
                if isinstance(command, Step):
                    run.step(command.count)
                else:
                    _ACTIONS[type(command)](run)

    def advance(self, seconds: float = SLICE_SECONDS) -> None:
        """Work for about `seconds`, for at least one round.

        Runs for which another thread works are looked at once. In each round every other run with work to do
        does one iteration, or one step of its preparation. Runs that begin together wait for each other at
        the start, so the maps to be compared stay at the same iteration.
        """
        if self.audience.absent and not self.awaited:
            for run in self.runs:
                run.sleep()
        worked, until = [run for run in self.runs if run.waits], self._clock() + seconds
        for run in worked:
            run.work()
        while ready := self._ready:
            for run in ready:
                run.work()
            worked += [run for run in ready if run not in worked]
            if self._clock() >= until:
                break
        # Resting maps can be measured once the neighbours in the data are known.
        searched, before = self.shared_work.searched, self._searched
        self._searched = searched
        for run in self.runs if searched > before else worked:
            run.tell()

    @property
    def _ready(self) -> list[Run]:
        """Return the runs that have work to do and need not wait for another."""
        busy = [run for run in self.runs if not (run.idle or run.waits)]
        if any(run.prepares_start for run in busy):
            return [run for run in busy if not run.at_start]
        return busy

    @property
    def is_read(self) -> bool:
        """Whether checkpoints are being taken."""
        return self._reading is not None and not self._reading.done.is_set()

    def read(self, reading: Reading) -> None:
        """Begin to take the checkpoints of all runs as they are here; a command waits for their end."""
        self._finish_reading()
        reading.begin(self.runs)
        self._reading = reading

    def read_on(self) -> None:
        """Take the checkpoint of a run, and of more as long as that is short beside a slice."""
        if self._reading is None:
            return
        until = self._clock() + READING_SECONDS
        while self.is_read:
            self._reading.go_on()
            if self._clock() >= until:
                break

    def _finish_reading(self) -> None:
        if self._reading is not None:
            self._reading.finish()
            self._reading = None

    def close(self) -> None:
        """Release the data and everything computed from it; runs keep their last layout and status."""
        self._finish_reading()
        for run in self.runs:
            run.close()
        self.shared_work.release()

    def wake(self) -> None:
        """Wake sleeping runs, as a client shows them again."""
        for run in self.runs:
            run.wake()

    def _arrange(self, entries: tuple[Entry, ...]) -> None:
        self._serve(entries)
        self._searched = self.shared_work.searched
        playing = self._would_play
        known = {run.number: run for run in self.runs}
        self.runs = [known.get(entry.run) or self._new_run(*entry, playing=playing) for entry in entries]
        for number in known.keys() - {entry.run for entry in entries}:
            self._listener.forget(number)
        for run, entry in zip(self.runs, entries, strict=True):
            if run.spec != entry.spec:
                run.change(entry.spec)
        for run in self.runs:  # a status may speak of the other maps
            run.tell()

    def _serve(self, entries: Sequence[Entry]) -> None:
        n = self.shared_work.n
        uses = (method_of(spec).use(spec, n) for _, spec in entries)
        self.shared_work.serve([use for use in uses if use is not None])

    @property
    def _would_play(self) -> bool:
        """Whether a new run plays: it does unless all current runs rest before their end."""
        in_range = [run for run in self.runs if run.method.live and not run.out_of_range]
        return not all(run.paused for run in in_range) if in_range else self._settings.autostart

    def _new_run(
        self, number: int, spec: Spec, *, playing: bool, checkpoint: Checkpoint | None = None
    ) -> Run:
        given = number, spec, self._settings, self.shared_work, self._listener.publish
        run = Run(*given, playing=playing, checkpoint=checkpoint)
        if self._new_rows is not None:
            run.place(self._new_rows)
        return run

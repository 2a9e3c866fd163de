"""Log the events of a widget, one line each, to `logging.getLogger("tsne_widget")`; never data values."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any

from .methods import axis_of
from .run import Run
from .stages import Stage
from .status import Status

_numbers = count(1)


@dataclass
class _Chapter:
    """A run as last logged, and when its stage and its epoch began."""

    status: Status
    preparing: Stage | None
    asleep: bool
    pictured: bool
    stage_since: float
    epoch_since: float


class EventLog:
    """Logs what happens to one widget and its runs, from what they publish.

    The engine's thread calls `tell` and `forget`; any thread may call the other methods.

    Parameters
    ----------
    clock : callable
        Seconds as a float, monotonic.
    """

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._name = f"widget {next(_numbers)}"
        self._log = logging.getLogger("tsne_widget")
        self._began = clock()
        self._chapters: dict[int, _Chapter] = {}
        self._pictured, self._several = False, False

    def begin(self, rows: int, features: int, maps: int) -> None:
        """Log the size of the data and the number of maps."""
        self._began, self._several = self._clock(), maps > 1
        self.say("%s rows, %s features, maps: %s", f"{rows:,}", f"{features:,}", maps)

    def say(self, words: str, *values: Any) -> None:
        """Log an event of the widget."""
        self._log.info(f"%s: {words}", self._name, *values)

    def drawn(self) -> None:
        """Log, once, that a client has drawn its first picture."""
        if not self._pictured:
            self._pictured = True
            self.say("first picture drawn after %.2f s", self._clock() - self._began)

    def tell(self, run: Run) -> None:
        """Log what has changed in a run."""
        now, status = self._clock(), run.status
        before = self._chapters.get(run.number)
        self._several |= len(self._chapters) > 1
        if before is None:
            # It may have failed or ended before it is told of.
            begun = replace(status, kind="preparing", ended=False)
            before = _Chapter(begun, run.preparing, run.asleep, False, now, now)
            values = [f"{axis_of(run.spec, name).label} {value}" for name, value in status.values.items()]
            self._say(run, "%s", run.spec.name or ", ".join(values))
        self._tell_of_parameters(run, before.status)
        self._tell_of_stages(run, before, now)
        self._tell_of_rest(run, before, now)
        stage_since = before.stage_since if before.status.stage == status.stage else now
        epoch_since = before.epoch_since if before.status.epoch == status.epoch else now
        pictured = run.layout is not None
        self._chapters[run.number] = _Chapter(
            status, run.preparing, run.asleep, pictured, stage_since, epoch_since
        )

    def forget(self, number: int) -> None:
        """Log that a run was removed."""
        if self._chapters.pop(number, None) is not None:
            self.say("a map was removed: %s left", len(self._chapters))

    def _tell_of_parameters(self, run: Run, told: Status) -> None:
        status = run.status
        changed = [
            f"{axis_of(run.spec, name).label} {told.values[name]} -> {value}"
            for name, value in status.values.items()
            if value != told.values[name]
        ]
        if changed:
            self._say(run, "%s", ", ".join(changed))
        elif status.epoch != told.epoch:
            back = told.kind == "failed" and not status.playing
            words = "back to the last good layout, iteration %d" if back else "restart at iteration %d"
            if told.kind == status.kind == "preparing" and told.iteration > status.iteration:
                words = "all rows start from the sample as it is after %d iterations"
            self._say(run, words, status.iteration if back else told.iteration)

    def _tell_of_stages(self, run: Run, before: _Chapter, now: float) -> None:
        if not before.pictured and run.layout is not None:
            self._say(run, "first layout after %.2f s", now - self._began)
        stage = before.status.stage
        if run.status.stage != stage and run.status.epoch == before.status.epoch and run.error is None:
            if before.preparing and before.preparing.done and not before.asleep:
                self._say(run, "%s in %.2f s", before.preparing.done, now - before.stage_since)
            else:
                self._log.debug(
                    "%s: %s, iteration %d", self._named(run), run.status.stage, run.status.iteration
                )

    def _tell_of_rest(self, run: Run, before: _Chapter, now: float) -> None:
        told, status = before.status, run.status
        if run.error is not None:
            if told.kind != "failed":
                self._log.error("%s: failed %s", self._named(run), status.reason, exc_info=run.error)
        elif run.asleep != before.asleep:
            self._say(run, "sleeps: no client shows it" if run.asleep else "awake")
        elif status.ended and not told.ended:
            unknown = "figures unknown" if any(figure.shown for figure in run.method.told) else ""
            figures = run.method.figures_in_words(status.figures) or unknown
            iterations = f" after {status.iteration} iterations" if run.method.live else ""
            said = ", ".join(filter(None, [status.stage + iterations, figures]))
            self._say(run, "%s, in %.2f s", said, now - before.epoch_since)
        elif told.playing and not status.playing:
            self._say(run, "paused at iteration %d", status.iteration)
        elif status.playing and not told.playing and status.epoch == told.epoch:
            self._say(run, "continues from iteration %d", status.iteration)

    def _say(self, run: Run, words: str, *values: Any) -> None:
        self._log.info(f"%s: {words}", self._named(run), *values)

    def _named(self, run: Run) -> str:
        return f"{self._name}, map {run.number}" if self._several else self._name

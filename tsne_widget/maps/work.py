"""Work that several maps wait for: each does a step when it has its turn."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import Any

from .stages import Stage

#: How many seconds a run waits for another thread at a time.
GLANCE_SECONDS = 0.002
#: Seconds after which we stop waiting for a step that calls a user's function; it should take 0.02.
_STEP_SECONDS = 0.05
#: A stage and its progress from 0 to 1, or None if unknown.
Progress = tuple[Stage, float | None]


class Work:
    """Work that several runs may wait for; after a failure the next of them begins it anew.

    `begin` returns the steps: a generator that yields its progress and returns the result.
    """

    def __init__(self, begin: Callable[[], Generator[float | None, None, Any]]):
        self._begin: Any = begin
        self._steps: Generator[float | None, None, Any] | None = None
        self.progress: float | None = 0.0
        self.done = False
        self.result: Any = None

    def finish(self, stage: Stage) -> Generator[Progress, None, Any]:
        """Do what is left, and return the result."""
        while not self.done:
            self.step()
            yield stage, self.progress
        return self.result

    def step(self) -> None:
        """Do a step; an exception goes to the caller."""
        try:
            self._go_on()
        except BaseException:
            self._steps = None
            raise

    def _go_on(self) -> None:
        if self._steps is None:
            self._steps, self.progress = self._begin(), 0.0
        try:
            self.progress = next(self._steps)
        except StopIteration as finished:
            self.result, self.done = finished.value, True
            self._begin = None  # it holds the data


class WorkAside(Work):
    """Work whose steps may take any time, such as a user's function: callers do not wait for their end.

    Each step has its own thread, so nothing runs unless a caller asks for it. Callers do wait for steps of
    normal length, because two threads that run Python at once slow each other down.
    """

    _ended: threading.Event | None = None
    _error: BaseException | None = None

    def _go_on(self) -> None:
        patience = GLANCE_SECONDS
        if self._ended is None:
            self._ended, patience = threading.Event(), _STEP_SECONDS
            threading.Thread(
                target=self._take_step, args=(self._ended,), name="tsne-widget-metric", daemon=True
            ).start()
        if self._ended.wait(patience):
            self._ended, error = None, self._error
            if error is not None:
                self._error = None
                raise error

    def _take_step(self, ended: threading.Event) -> None:
        try:
            super()._go_on()
        except BaseException as error:  # the caller that waits raises it
            self._error = error
        finally:
            ended.set()

"""Work that several maps wait for: whoever has a turn does a step of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from typing import Any

#: Seconds for which a run waits at a time for what another thread does.
GLANCE_SECONDS = 0.002
#: Seconds after which a step of a user's function is left to itself; it is meant to take 0.02.
_STEP_SECONDS = 0.05
#: A stage's name and how far it is, from 0 to 1, or None where that is not known.
Progress = tuple[str, float | None]


def guarded(
    steps: Generator[float, None, Any], check: Callable[[], None] | None
) -> Generator[float, None, Any]:
    """Return work that reads the data, which must be the same from its beginning to its end."""
    if check is None:
        return (yield from steps)
    check()
    result = yield from steps
    check()
    return result


class Work:
    """What several runs may wait for: whoever has a turn does a step of it."""

    def __init__(self, steps: Generator[float, None, Any]):
        self._steps = steps
        self.progress = 0.0
        self.done = self.failed = False
        self.result: Any = None

    def step(self) -> None:
        """Go on; an exception is for who asked, and the next one begins anew."""
        try:
            self._go_on()
        except BaseException:
            self.failed = True
            raise

    def _go_on(self) -> None:
        try:
            self.progress = next(self._steps)
        except StopIteration as finished:
            self.result, self.done = finished.value, True


class WorkAside(Work):
    """The same where a step calls a user's function, which may take any time: then nobody waits for its end.

    Each step has a thread, so that nothing goes on unless somebody asks for it. As long as a step takes no
    longer than others do it is waited for: two threads in Python at once hinder each other.
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
                raise error

    def _take_step(self, ended: threading.Event) -> None:
        try:
            super()._go_on()
        except BaseException as error:  # it belongs to who waits
            self._error = error
        finally:
            ended.set()

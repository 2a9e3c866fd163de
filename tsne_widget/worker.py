"""Threads that do one thing after the other, for all widgets of the process."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from functools import cache

log = logging.getLogger(__name__)


class Worker:
    """One daemon thread and what it has to do."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def call(self, task: Callable[[], None]) -> None:
        """Do something after what is already waiting."""
        self._queue.put(task)

    def _work(self) -> None:
        while True:
            task = self._queue.get()
            try:
                task()
            except BaseException:
                # Neither a vanished kernel nor a user's function that raises SystemExit may end the thread
                # that serves the others.
                log.exception("a task of %s failed", self._thread.name)
            del task  # a widget that is closed would live on in it until the next one comes


@cache
def desk() -> Worker:
    """Return the one thread that looks up what pages ask, so that no cell and no map waits for it."""
    return Worker("tsne-widget-desk")


# A forked child has no threads: it makes its own.
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=desk.cache_clear)

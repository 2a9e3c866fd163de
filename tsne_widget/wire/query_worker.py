"""Threads that do one thing after the other."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)


class Worker:
    """One daemon thread and what it has to do, for all widgets of the process."""

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
            _carefully(task)
            del task  # a widget that is closed would live on in it until the next one comes


class QueryWorker:
    """Looks up what the clients of one widget ask, so that no cell, no map and no other widget waits for it.

    A thread lives as long as questions wait: a widget may be forgotten without being closed.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._open = False

    def call(self, task: Callable[[], None]) -> None:
        """Do something after what is already waiting."""
        with self._lock:
            self._waiting.append(task)
            if self._open:
                return
            self._open = True
        threading.Thread(target=self._work, name="tsne-widget-queries", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._open = False
                    return
                task = self._waiting.popleft()
            _carefully(task)
            del task


def _carefully(task: Callable[[], None]) -> None:
    try:
        task()
    except BaseException:
        # Neither a vanished kernel nor a user's function that raises SystemExit may end a thread that serves
        # others.
        log.exception("a task of %s failed", threading.current_thread().name)

"""Threads that run tasks one after another."""

from __future__ import annotations

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable

log = logging.getLogger(__name__)


class Worker:
    """One daemon thread that runs the tasks of all widgets in this process."""

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def call(self, task: Callable[[], None]) -> None:
        """Run a task after those already waiting."""
        self._queue.put(task)

    def _work(self) -> None:
        while True:
            task = self._queue.get()
            _carefully(task)
            del task  # it would keep a closed widget alive until the next task arrives


class QueryWorker:
    """Answers the questions of one widget's clients, without holding up cells, maps or other widgets.

    Its thread ends when no question waits, because nobody may ever close the widget.
    """

    def __init__(self) -> None:
        self._waiting: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._open = False

    def call(self, task: Callable[[], None]) -> None:
        """Run a task after those already waiting."""
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
        # The thread serves others too: neither a lost kernel nor a user's SystemExit may end it.
        log.exception("a task of %s failed", threading.current_thread().name)

"""The one engine thread of a process and its command queue."""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from functools import cache

from ..errors import NotRunningError, WaitTimeoutError
from ..tsne.pool import Pool
from .session import Command, Session

log = logging.getLogger(__name__)


class Engine:
    """Advances every session of the process in turns, in one daemon thread.

    `put`, `wait` and the like may be called from any thread; sessions and runs are touched by the engine's
    thread alone. The thread starts with the first session and sleeps while all sessions rest.
    """

    def __init__(self) -> None:
        self.pool = Pool(-1)
        self._queue: queue.SimpleQueue[tuple[int, Callable[[], None]]] = queue.SimpleQueue()
        self._sessions: list[Session] = []
        self._changed = threading.Condition()
        self._put = self._done = 0
        # What was so between the last two turns: the tasks done, and the sessions with nothing left to do.
        self._done_before, self._at_rest = 0, list[Session]()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def add(self, session: Session) -> None:
        """Take up a session."""
        session.engine = self
        self._call(lambda: self._sessions.append(session))

    def remove(self, session: Session) -> None:
        """Drop a session and what it was doing."""

        def drop() -> None:
            if session in self._sessions:
                self._sessions.remove(session)
                session.close()

        self._call(drop)

    def put(self, session: Session, command: Command) -> None:
        """Have a command carried out soon; the newest of several of a kind wins by coming last.

        Raises
        ------
        NotRunningError
            Another engine has the session: this process is a fork of the one that made it.
        """
        self._require_own(session)
        self._call(lambda: session.handle(command))

    def wake(self, session: Session) -> None:
        """Have a sleeping session go on; see `put` for errors."""
        self._require_own(session)
        self._call(session.wake)

    def wait(self, session: Session, timeout: float | None) -> None:
        """Block until all commands put so far are done and the session rests.

        Raises
        ------
        WaitTimeoutError
            After `timeout` seconds; the session goes on.
        NotRunningError
            As in `put`.
        """
        self._require_own(session)
        with self._changed:
            ticket = self._put
            session.awaited += 1  # it does not go to sleep now
            self._queue.put((ticket, session.wake))
        try:
            self._wait_until(lambda: self._done_before >= ticket and self._is_over(session), timeout)
        finally:
            with self._changed:
                session.awaited -= 1

    def stop(self) -> None:
        """End the thread after the piece of work at hand."""
        self._stopping = True
        self._queue.put((self._put, lambda: None))
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=1.0)
        self.pool.close(timeout=1.0)

    def turn(self) -> bool:
        """Carry out waiting commands, give each session its turn; return whether there is more to do."""
        while not self._queue.empty():
            self._carry_out(*self._queue.get())
        for session in list(self._sessions):
            if not session.resting:
                self._carefully(session.advance)
        with self._changed:
            # A run rests as soon as its last iteration is done, and publishes after that. So nobody who waits
            # looks at it in the middle of a turn.
            self._done_before = self._done
            self._at_rest = [session for session in self._sessions if session.resting and not session.asleep]
            self._changed.notify_all()
        return any(not session.resting for session in self._sessions)

    def _require_own(self, session: Session) -> None:
        if session.engine is not self:
            raise NotRunningError(
                "another process, which this one was forked from, optimises this map: here its results can "
                "be read, and other widgets made"
            )

    def _is_over(self, session: Session) -> bool:
        return session in self._at_rest or session not in self._sessions

    def _wait_until(self, reached: Callable[[], bool], timeout: float | None) -> None:
        with self._changed:
            if not self._changed.wait_for(reached, timeout):
                raise WaitTimeoutError(
                    f"the map did not finish within timeout={timeout:g} seconds; it continues"
                )

    def _call(self, task: Callable[[], None]) -> None:
        with self._changed:
            self._put += 1
            self._queue.put((self._put, task))
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._work, name="tsne-widget-engine", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while not self._stopping:
            if not self.turn():
                self._carry_out(*self._queue.get())

    def _carry_out(self, number: int, task: Callable[[], None]) -> None:
        self._carefully(task)
        self._done = number

    @staticmethod
    def _carefully(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException:
            # The thread serves every widget of the process: none may end it, not even by SystemExit.
            log.exception("the engine goes on after an error")


clock = time.monotonic


@cache
def engine() -> Engine:
    """Return the one engine of this process."""
    made = Engine()
    atexit.register(made.stop)
    return made


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork: a child makes an engine of its own when it needs one.
    os.register_at_fork(after_in_child=engine.cache_clear)

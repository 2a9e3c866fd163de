"""The process's only engine thread, and its command queue."""

from __future__ import annotations

import atexit
import logging
import os
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from ..errors import NotRunningError, WaitTimeoutError, closed
from ..tsne.pool import Pool
from .checkpoint import Reading
from .session import Command, Session

log = logging.getLogger(__name__)

#: Seconds between two looks at work that other threads do.
_LOOK_SECONDS = 0.1


class Engine:
    """Advances all sessions of the process in turn, in one daemon thread.

    Any thread may call `put`, `wait` and the like; only the engine's thread touches sessions and runs. The
    thread starts with the first session and sleeps while all sessions rest.
    """

    def __init__(self) -> None:
        self.pool = Pool(-1)
        self._queue: queue.SimpleQueue[tuple[int, Callable[[], None]]] = queue.SimpleQueue()
        self._sessions: list[Session] = []
        self._changed = threading.Condition()
        self._put = self._done = 0
        # As of the end of the last turn: the number of tasks done, and the sessions at rest.
        self._done_before, self._at_rest = 0, list[Session]()
        self._thread: threading.Thread | None = None
        self._stopping = False

    def add(self, session: Session) -> None:
        """Start advancing a session."""
        session.engine = self
        self._call(lambda: self._sessions.append(session))

    def remove(self, session: Session) -> None:
        """Drop a session and its work."""

        def drop() -> None:
            if session in self._sessions:
                self._sessions.remove(session)
                session.close()

        self._call(drop)

    def put(self, session: Session, command: Command) -> None:
        """Queue a command; commands run in order, so the newest of several wins.

        Raises
        ------
        NotRunningError
            Another engine owns the session: this process is a fork of the one that made it.
        """
        self._require_own(session)
        self._call(lambda: session.handle(command))

    def read(self, session: Session, reading: Reading) -> None:
        """Have checkpoints of all runs taken, as they are after all commands so far; see `put` for errors."""
        self._require_own(session)

        def begin() -> None:
            if session in self._sessions:
                session.read(reading)
            else:
                reading.refuse(closed())

        self._call(begin)

    def wake(self, session: Session) -> None:
        """Wake a sleeping session; see `put` for errors."""
        self._require_own(session)
        self._call(session.wake)

    def nudge(self) -> None:
        """Look at the sessions now: another process has done work for one of them."""
        self._call(lambda: None)

    def wait(self, session: Session, timeout: float | None) -> None:
        """Block until all commands queued so far are done and the session rests.

        Raises
        ------
        WaitTimeoutError
            After `timeout` seconds; the session continues.
        NotRunningError
            As in `put`.
        """
        self._require_own(session)
        with self._changed:
            ticket = self._put
            session.awaited += 1  # keeps it from going to sleep
            self._queue.put((ticket, session.wake))
            try:
                if not self._changed.wait_for(lambda: self._is_over(session, ticket), timeout):
                    raise WaitTimeoutError(
                        f"the map did not finish within timeout={timeout:g} seconds; it continues"
                    )
            finally:
                session.awaited -= 1

    def stop(self) -> None:
        """End the thread after its current piece of work."""
        self._stopping = True
        self._queue.put((self._put, lambda: None))
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=1.0)
        self.pool.close(timeout=1.0)

    def turn(self) -> bool:
        """Carry out the waiting commands and give each session a turn; return whether work is left for us."""
        while not self._queue.empty():
            self._carry_out(*self._queue.get())
        for session in list(self._sessions):
            self._carefully(session.read_on)
            if not session.resting:
                self._carefully(session.advance)
        with self._changed:
            # A run rests as soon as its last iteration is done, but publishes only afterwards. So `wait` must
            # not look at it in the middle of a turn.
            self._done_before = self._done
            self._at_rest = [session for session in self._sessions if session.resting and not session.asleep]
            self._changed.notify_all()
        return any(session.is_read or not (session.resting or session.waits) for session in self._sessions)

    def _require_own(self, session: Session) -> None:
        if session.engine is not self:
            raise NotRunningError(
                "this process was forked from the one that optimizes this map: it can read the results and "
                "make other widgets, but cannot control this one"
            )

    def _is_over(self, session: Session, ticket: int) -> bool:
        over = session in self._at_rest or session not in self._sessions
        return over and self._done_before >= ticket

    def _call(self, task: Callable[[], None]) -> None:
        with self._changed:
            self._put += 1
            self._queue.put((self._put, task))
            if self._thread is None and not self._stopping:
                self._thread = threading.Thread(target=self._work, name="tsne-widget-engine", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while not self._stopping:
            if self.turn():
                continue
            waiting = any(session.waits for session in self._sessions)
            with suppress(queue.Empty):
                self._carry_out(*self._queue.get(timeout=_LOOK_SECONDS if waiting else None))

    def _carry_out(self, number: int, task: Callable[[], None]) -> None:
        self._carefully(task)
        self._done = number

    @staticmethod
    def _carefully(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException:
            # The thread serves all widgets of the process: none may end it, not even with SystemExit.
            log.exception("the engine continues after an error")


clock = time.monotonic


@cache
def engine() -> Engine:
    """Return this process's only engine."""
    made = Engine()
    atexit.register(made.stop)
    return made


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork: a child process makes its own engine when it needs one.
    os.register_at_fork(after_in_child=engine.cache_clear)

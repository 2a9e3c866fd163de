"""Drives the session of one widget: begins it, commands it, waits for it, ends it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakSet

from ..errors import IsolatedRowsWarning, NotComputedError, RunFailedError, closed
from ..failure import error_in_words
from ..maps.checkpoint import Checkpoint, Reading
from ..maps.engine import clock, engine
from ..maps.grid import Grid
from ..maps.run import Run
from ..maps.session import Command, Session
from ..maps.workers import Workers
from ..parameters.defaults import Settings
from ..parameters.limits import Limit
from ..parameters.warn import warn_user
from ..wire.connection import Connection

_drivers: WeakSet[Driver] = WeakSet()


class Driver:
    """The session of a widget, in the engine's thread; every command returns at once.

    Attributes
    ----------
    lock : RLock
        Held while a thread sets traits.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        _drivers.add(self)
        self.closed = False
        self._session: Session | None = None
        self._warned = False

    def begin(
        self,
        matrix: Any,
        settings: Settings,
        grid: Grid,
        connection: Connection,
        require_unchanged: Any,
        checkpoints: Mapping[int, Checkpoint],
        workers: Workers | None,
    ) -> None:
        """Begin a session for the maps of a grid, or go on; a connection hears of its changes."""
        self._session = Session(
            matrix,
            settings,
            grid.entries,
            audience=connection.audience,
            pool=engine().pool.limited_to(settings.n_jobs),
            listener=connection,
            clock=clock,
            require_unchanged=require_unchanged,
            workers=workers,
            checkpoints=checkpoints,
        )
        engine().add(self._session)

    @property
    def begun(self) -> bool:
        """Whether there is a session."""
        return self._session is not None

    @property
    def session(self) -> Session:
        """The session; a closed widget still has it.

        Raises
        ------
        NotComputedError
            The constructor has not begun it yet.
        """
        if self._session is None:
            raise NotComputedError("the widget has not been set up")
        return self._session

    @property
    def living_session(self) -> Session:
        """The session of an open widget; NotRunningError once it is closed."""
        self.require_open()
        return self.session

    @property
    def asleep(self) -> bool:
        """Whether maps rest because no client shows them."""
        return self._session is not None and self._session.asleep

    def require_open(self) -> None:
        """Raise NotRunningError if the widget is closed."""
        if self.closed:
            raise closed()

    def run_of(self, run: int) -> Run | None:
        """Return a run by its id; None until the engine has taken it up."""
        return next((known for known in self.session.runs if known.number == run), None)

    def send(self, command: Command) -> None:
        """Queue a command for the session."""
        engine().put(self.living_session, command)

    def read(self, reading: Reading) -> None:
        """Have the checkpoints of all maps taken, as they are after all commands so far."""
        engine().read(self.living_session, reading)

    def wake(self) -> None:
        """Wake the maps, as a client shows them again."""
        engine().wake(self.living_session)

    def wait(self, timeout: float | None, title_of: Callable[[int], str]) -> None:
        """Block until all maps rest; `title_of` names the map if one of several has failed."""
        if timeout is not None:
            timeout = Limit(0).check("timeout", timeout)
        session = self.living_session
        engine().wait(session, timeout)
        self.require_open()
        failed = session.failed
        if failed is not None and failed.error is not None:
            which = f" of {title_of(failed.number)!r}" if len(session.runs) > 1 else ""
            what = f"the optimisation{which}" if failed.method.live else title_of(failed.number)
            raise RunFailedError(f"{what} failed: {error_in_words(failed.error)}") from failed.error
        doubt = "; ".join(dict.fromkeys(run.status.doubt for run in session.runs if run.status.doubt))
        if doubt and not self._warned:
            self._warned = True
            warn_user(doubt, IsolatedRowsWarning)

    def close(self) -> bool:
        """End the session; return whether it was open."""
        if self.closed or self._session is None:
            return False
        self.closed = True
        engine().remove(self._session)
        return True


def _free_locks() -> None:
    """Free the locks in a forked process, where the threads that held them do not live on."""
    for driver in _drivers:
        lock: Any = driver.lock
        lock._at_fork_reinit()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_free_locks)

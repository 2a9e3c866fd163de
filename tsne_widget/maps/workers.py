"""Sends slices of maps to an executor, and brings back what workers have done."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import dataclass, field
from typing import Any

from ..errors import WorkersLostError, invalid_type
from ..failure import error_in_words
from ..tsne.slices import Absent, Failure, Order, Slice
from ..tsne.state import State
from ..tsne.task import advance
from .executors import Backend, Shared, backend_of, is_maker, made_by

log = logging.getLogger(__name__)

#: How often the same slice may be lost in a row, and how long we wait before it is ordered again.
_LOSSES, _PATIENCE_SECONDS = 3, 0.1
#: The shortest and the longest slice, in seconds.
_SHORTEST, _LONGEST = 0.25, 1.0
#: The most slices in a second: each costs 7 to 9 ms of this process and an executor's.
_SLICES_PER_SECOND = 32
#: Seconds for which we believe how many workers there are.
_ROOM_SECONDS = 2.0


@dataclass(eq=False)
class Ticket:
    """A slice that was ordered.

    Attributes
    ----------
    urgent : bool
        Whether a user waits for it: it goes first.
    answer : Slice or None
        What came back; None until then.
    error : BaseException or None
        Why nothing will come back.
    losses : int
        How often it was lost on the way.
    dropped : bool
        Whether nobody waits for it any more.
    """

    order: Order
    state: State
    data: Shared
    urgent: bool = False
    since: float = field(default_factory=time.monotonic)
    answer: Slice | None = None
    error: BaseException | None = None
    losses: int = 0
    dropped: bool = False
    _future: Future[Any] | None = None

    @property
    def over(self) -> bool:
        """Whether there is an answer or an error."""
        return self.answer is not None or self.error is not None

    def drop(self) -> None:
        """Forget it: nobody waits for it any more."""
        self.dropped = True
        if self._future is not None:
            self._future.cancel()


@dataclass(frozen=True)
class _Back:
    """What the executor says of a slice: done, lost with an error, or in need of the data."""

    ticket: Ticket
    backend: Backend
    error: BaseException | None = None
    absent: bool = False


class Workers:
    """An executor that works for the maps of one widget.

    A thread of its own sends the slices, so nothing waits for the network. It sends no more than the workers
    can do at once, and one more: so those that a user waits for need not queue behind all others.

    Parameters
    ----------
    given : executor, or callable that makes one
        See `executors.ALLOWED`. One that is made is replaced when it breaks, and shut down in the end.
    nudge : callable
        Wakes the engine, as something has come back.

    Attributes
    ----------
    name : str
        The name of the executor for users.
    gone : bool
        Whether the executor is of no use any more.
    """

    def __init__(self, given: Any, nudge: Callable[[], None] = lambda: None):
        self._maker = given if is_maker(given) else None
        self._backend: Backend | None = backend_of(given) if self._maker is None else made_by(self._maker)
        self.name, self.nudge = self._backend.name, nudge
        self.gone = False
        self._news: queue.SimpleQueue[Ticket | _Back | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        # Only the thread touches these.
        self._waiting: list[Ticket] = []
        self._away: set[Ticket] = set()
        self._room: int | None = None
        self._room_until = 0.0

    @property
    def seconds(self) -> float:
        """How long a slice should take: the more workers, the longer."""
        return min(max(_SHORTEST, len(self._away) / _SLICES_PER_SECOND), _LONGEST)

    def order(self, order: Order, state: State, data: Shared, *, urgent: bool) -> Ticket:
        """Order a slice; returns at once."""
        ticket = Ticket(order, state, data, urgent)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="tsne-widget-workers", daemon=True)
            self._thread.start()
        self._news.put(ticket)
        return ticket

    def close(self) -> None:
        """Order nothing more; an executor that was made for us is shut down."""
        self._closed = True
        if self._thread is None:
            self._release()
        self._news.put(None)

    def _work(self) -> None:
        while not self._closed:
            self._take(self._next())
            while not (self._news.empty() or self._closed):
                self._take(self._news.get())
            self._send_waiting()
        self._release()

    def _next(self) -> Ticket | _Back | None:
        """Wait for news; if there are no workers, look from time to time whether some have come."""
        try:
            return self._news.get(timeout=_ROOM_SECONDS if self._waiting and not self._away else None)
        except queue.Empty:
            return None

    def _take(self, news: Ticket | _Back | None) -> None:
        if isinstance(news, Ticket):
            self._waiting.append(news)
        elif news is not None:
            self._take_back(news)

    def _take_back(self, back: _Back) -> None:
        ticket = back.ticket
        self._away.discard(ticket)
        if ticket.dropped or ticket.over:
            return
        if back.absent:
            self._send(ticket, with_data=True)
        elif back.error is not None:
            self._mend(ticket, back.backend, back.error)

    def _send_waiting(self) -> None:
        self._waiting = [ticket for ticket in self._waiting if not ticket.dropped]
        self._away = {ticket for ticket in self._away if not ticket.dropped}
        self._waiting.sort(key=lambda ticket: not ticket.urgent)  # else in the order in which they came
        while self._waiting and not self._closed:
            room = self._room_now()
            if room is not None and (room == 0 or len(self._away) > room):
                return
            self._send(self._waiting.pop(0))

    def _send(self, ticket: Ticket, *, with_data: bool = False) -> None:
        backend = None
        try:
            backend = self._living_backend()
            submit = backend.submit_again if with_data else backend.submit
            future = submit(advance, ticket.order, ticket.state, data=ticket.data)
        except BaseException as error:  # whatever an executor may raise
            self._mend(ticket, backend, error)
            return
        ticket._future = future
        self._away.add(ticket)
        future.add_done_callback(lambda done: self._note(ticket, backend, done))

    def _note(self, ticket: Ticket, backend: Backend, done: Future[Any]) -> None:
        """Take what has come back; in a thread of the executor."""
        try:
            answer = done.result()
        except BaseException as error:
            self._news.put(_Back(ticket, backend, error))
            return
        if isinstance(answer, Slice):
            ticket.answer = answer
        elif isinstance(answer, Failure):
            ticket.error = answer.error
        elif not isinstance(answer, Absent):
            ticket.error = invalid_type(
                "executor's result", answer, "what the function it was given returned, called once"
            )
        self._news.put(_Back(ticket, backend, absent=isinstance(answer, Absent)))
        if ticket.over:
            self.nudge()

    def _mend(self, ticket: Ticket, backend: Backend | None, error: BaseException) -> None:
        """Order a lost slice again; give up if it is lost too often, or the executor for good."""
        ticket.losses += 1
        log.info("a slice was lost on %s: %s", self.name, error_in_words(error))
        if backend is not None and backend is self._backend:
            backend.lost()
            if self._maker is not None:
                self._drop_backend()
        for_good = self._maker is None and _is_broken(error)
        if for_good or ticket.losses > _LOSSES:
            self.gone = True
            ticket.error = WorkersLostError(self._why_gone(error, for_good))
            ticket.error.__cause__ = error
            self.nudge()
        else:
            if ticket.losses > 1:  # whatever is wrong may take a moment to pass
                time.sleep(_PATIENCE_SECONDS * 2**ticket.losses)
            self._waiting.insert(0, ticket)

    def _why_gone(self, error: BaseException, for_good: bool) -> str:
        what = f"{self.name} is gone" if for_good else f"{self.name} lost the same work {_LOSSES + 1} times"
        advice = "recover() brings the last layout back, and resume() then goes on in this process"
        if for_good:
            advice += "; if executor= is a function that makes one, the widget replaces one that breaks"
        return f"{what} ({error_in_words(error)}): {advice}"

    def _living_backend(self) -> Backend:
        if self._backend is None:
            assert self._maker is not None
            self._backend = made_by(self._maker)
            self._room_until = 0.0
        return self._backend

    def _drop_backend(self) -> None:
        backend, self._backend = self._backend, None
        if backend is not None:
            _close(backend, ours=True)

    def _room_now(self) -> int | None:
        now = time.monotonic()
        if now >= self._room_until:
            try:
                self._room = self._living_backend().room()
            except BaseException as error:  # the next slice will show what is wrong
                log.debug("the number of workers is unknown: %s", error)
                self._room = None
            self._room_until = now + _ROOM_SECONDS
        return self._room

    def _release(self) -> None:
        for ticket in (*self._waiting, *self._away):
            ticket.drop()
        if self._backend is not None:
            _close(self._backend, ours=self._maker is not None)


def _close(backend: Backend, *, ours: bool) -> None:
    try:
        backend.close(ours=ours)
    except BaseException as error:  # it may be broken
        log.debug("an executor was not closed: %s", error)


def _is_broken(error: BaseException) -> bool:
    """Whether an executor can do nothing any more."""
    shut_down = isinstance(error, RuntimeError) and "shutdown" in str(error)
    return isinstance(error, BrokenExecutor) or shut_down

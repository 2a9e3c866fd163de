"""Answers the questions of clients, each in a thread where it holds up nobody who waits for less."""

from __future__ import annotations

import logging
from collections.abc import Callable, Generator, Sequence
from functools import partial
from threading import BoundedSemaphore
from typing import Any, Protocol, TypeAlias

from ..errors import TSNEWidgetError
from ..failure import error_in_words
from ..parameters.constants import QUESTIONS_MAX
from . import news, protocol
from .audience import Rising
from .query_worker import QueryWorker

log = logging.getLogger(__name__)

#: A result for JSON, and its buffers.
Answer: TypeAlias = tuple[Any, Sequence[Any]]
#: Work towards an answer; the caller may abandon it between two steps.
Steps: TypeAlias = Generator[None, None, Answer]
#: Such work that tells its progress, from 0 to 1; None if there is nothing new to tell.
ToldSteps: TypeAlias = Generator[float | None, None, Answer]


class Answers(Protocol):
    """Who knows the answers."""

    def send(self, content: dict[str, Any], buffers: Any = None) -> None:
        """Send a message to the clients."""

    def answer(self, query: protocol.Lookup) -> Answer:
        """Return the result of a query."""

    def measure(self, query: protocol.Contrasted | protocol.MeasureRows | protocol.Together) -> Steps:
        """Measure rows or groups in steps."""

    def read(self, query: protocol.Read) -> Steps:
        """Tell what may be read from a map, in steps."""

    def line_up(self, query: protocol.LineUp) -> ToldSteps:
        """Put a map among maps of noise, in steps."""

    def density(self, query: protocol.Density) -> ToldSteps:
        """Count placed rows in tiles, in steps."""

    def find_clumps(self, query: protocol.FindClumps, leave: Callable[[Callable[[], None]], None]) -> Steps:
        """Find clumps in steps, and `leave` to a thread that reaches the clients to suggest them."""


class Desk:
    """Takes questions and replies to each once.

    Lookups, measures and readings have a worker each: a measure may take a while, a reading longer, and
    neither tooltips nor colours wait for it. Those that share a worker take turns, a step each.

    Parameters
    ----------
    host : Answers
    leave : callable
        Leaves a task that sends to a thread that reaches the clients.
    """

    def __init__(self, host: Answers, leave: Callable[[Callable[[], None]], None]):
        self.query_worker, self.measure_worker, self.read_worker = (QueryWorker() for _ in range(3))
        self._host, self._leave = host, leave
        #: The newest question of each client about each topic, and the newest of all when it left.
        self._wanted, self._departures = Rising(repeated=False), Rising(repeated=True)
        self._waiting = BoundedSemaphore(QUESTIONS_MAX)

    def take(self, question: protocol.Question) -> None:
        """Leave a question to its worker; a newer one about the same topic replaces it."""
        if not self._waiting.acquire(blocking=False):
            raise protocol.ProtocolError(f"{QUESTIONS_MAX} questions are waiting: ask again later")
        query = question.query
        if isinstance(query, protocol.Stepwise | protocol.DropRead):
            self._wanted.take((question.client, query.topic), question.id)
        match query:
            case protocol.Contrasted() | protocol.MeasureRows() | protocol.Together():
                self._take_turns(question, self._host.measure(query), self.measure_worker)
            case protocol.Density():
                self._take_turns(question, self._host.density(query), self.measure_worker)
            case protocol.Read():
                self._take_turns(question, self._host.read(query), self.read_worker)
            case protocol.LineUp():
                self._take_turns(question, self._host.line_up(query), self.read_worker)
            case protocol.FindClumps():
                self._take_turns(question, self._host.find_clumps(query, self._leave), self.read_worker)
            case protocol.DropRead():
                self._reply(question)
            case _:
                self.query_worker.call(partial(self._answer, question, query))

    def drop_all(self, client: str, newest: int) -> None:
        """Abandon what a client has asked up to its newest question, because it has left."""
        self._departures.take(client, newest)

    def _answer(self, question: protocol.Question, query: protocol.Lookup) -> None:
        self._attempt(question, lambda: self._reply(question, *self._host.answer(query)))

    def _take_turns(self, question: protocol.Question, steps: Steps | ToldSteps, worker: QueryWorker) -> None:
        worker.call(lambda: self._attempt(question, lambda: self._advance(question, steps, worker)))

    def _advance(self, question: protocol.Question, steps: Steps | ToldSteps, worker: QueryWorker) -> None:
        """Take a step, and give others their turn before the next."""
        self._require_wanted(question)
        try:
            progress = next(steps)
        except StopIteration as answered:
            self._reply(question, *answered.value)
            return
        self._require_wanted(question)
        if progress is not None:
            told = news.progress_message(question.client, question.id, progress)
            self._leave(lambda: self._host.send(told))
        self._take_turns(question, steps, worker)

    def _require_wanted(self, question: protocol.Question) -> None:
        client, number, query = question.client, question.id, question.query
        if isinstance(query, protocol.Stepwise) and self._wanted.newest((client, query.topic)) > number:
            raise protocol.ProtocolError("the view has since asked another question, or none")
        if 0 < number <= self._departures.newest(client):
            raise protocol.ProtocolError("the view was closed")

    def _attempt(self, question: protocol.Question, act: Callable[[], None]) -> None:
        """Act in a worker's thread; tell the client if there is no answer."""
        try:
            act()
        except TSNEWidgetError as error:
            self._reply(question, error=str(error))
        except BaseException as error:  # a user's function or type may raise anything
            log.exception("a question from the browser could not be answered")
            self._reply(question, error=error_in_words(error))

    def _reply(
        self,
        question: protocol.Question,
        result: Any = None,
        buffers: Sequence[Any] = (),
        error: str | None = None,
    ) -> None:
        reply = news.reply_message(question.client, question.id, error, result, buffers)
        self._waiting.release()
        self._leave(lambda: self._host.send(*reply))

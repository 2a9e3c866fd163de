"""The line between one widget and its pages: news out, messages in."""

from __future__ import annotations

import logging
from functools import partial
from threading import RLock
from typing import Any, Protocol

from . import protocol
from .audience import Audience
from .engine import clock
from .errors import TSNEWidgetError
from .run import Layout, Run, Status
from .session import Command
from .settings import LARGE_ROWS, WINDOW, WINDOW_LARGE
from .stream import Stream, sender

log = logging.getLogger(__name__)


class Host(Protocol):
    """What a line needs of its widget."""

    n_rows: int
    snapshot: list[dict[str, Any]]
    #: Held while traits are set by a thread.
    state_lock: RLock

    @property
    def asleep(self) -> bool:
        """Whether the map rests because nobody looks."""

    def send(self, content: dict[str, Any], buffers: Any = None) -> None:
        """Send a message to the pages."""

    def wake(self) -> None:
        """Go on: somebody looks."""

    def carry_out(self, command: Command) -> None:
        """Do what the user asked for in a view."""


class Line:
    """What the engine publishes goes out by the stream; what pages say becomes commands.

    `publish` is called in the engine's thread, `take` in the main thread or, while a cell runs, in that of a
    subshell. Neither does any work there: one leaves a message to the sender, the other enqueues.
    """

    def __init__(self, widget: Host):
        self.audience = Audience(clock)
        self._widget = widget
        self._offered: dict[int, Layout] = {}
        self._stream = Stream(
            widget.send,
            self.audience,
            window=WINDOW_LARGE if widget.n_rows >= LARGE_ROWS else WINDOW,
            clock=clock,
            wake=sender().wake,
        )

    def publish(self, run: Run) -> None:
        """Offer a run's status, and its layout unless it has arrived before; both are immutable.

        A page acknowledges the newest message it has, and does not know what it has missed. So a status goes
        alone only when the frame before it is known to have arrived.
        """
        status, layout = run.status, run.layout
        known = layout is self._offered.get(run.number) and self._stream.has_arrived(("frame", run.number))
        if layout is None or known:
            encode = partial(protocol.status_message, status)
            self._stream.offer(("status", run.number), encode, last=run.resting)
        else:
            self._offered[run.number] = layout
            encode = partial(protocol.frame_message, status, layout)
            news = ("status", run.number)
            self._stream.offer(("frame", run.number), encode, contains=news, last=run.resting)
        if layout is not None and run.resting:
            sender().call(partial(self._keep, status, layout))

    def take(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Take a message from a page; a command that is refused is answered with the reason."""
        try:
            self._act(protocol.parse_message(content, self._widget.n_rows))
        except TSNEWidgetError as error:
            log.warning("a message from the browser was refused: %s", error)
            request = content.get("id") if isinstance(content, dict) else None
            if type(request) is int:  # a bool is one too
                self._widget.send(protocol.answer_message(request, str(error)))

    def _act(self, message: protocol.Message) -> None:
        match message:
            case protocol.Hello(page, visible):
                self._stream.greet(page, visible=visible)
                self._seen(page)
            case protocol.Alive(page, visible, seq):
                self._stream.heartbeat(page, seq, visible=visible)
                self._seen(page)
            case protocol.Ack(page, visible, seq):
                self._stream.acknowledge(page, seq, visible=visible)
            case protocol.Bye(page):
                self.audience.left(page)
            case protocol.Request(request, command):
                self._widget.carry_out(command)
                self._widget.send(protocol.answer_message(request))

    def _seen(self, page: str) -> None:
        if self._widget.asleep:
            self._widget.wake()
        self._widget.send(protocol.alive_message(page))

    def _keep(self, status: Status, layout: Layout) -> None:
        # Called in the sender's thread; traits are set by one thread at a time.
        with self._widget.state_lock:
            self._widget.snapshot = [protocol.snapshot_trait(status, layout)]

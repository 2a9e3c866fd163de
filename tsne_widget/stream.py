"""Newest-frame-wins sending with acknowledgements, so that memory stays bounded whatever the browser does."""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable, Hashable
from functools import cache
from typing import Any

from .audience import Audience
from .settings import HIDDEN_FRAME_SECONDS

log = logging.getLogger(__name__)

#: Makes a message's content and buffers from its sequence number; called when it is really sent.
Encoder = Callable[[int], tuple[dict[str, Any], list[Any]]]


class Stream:
    """The messages of one widget to its pages.

    Each key has one slot: a newer message replaces an older one that was not sent yet. At most `window`
    messages are on their way. The newest message of every key is kept for a page that arrives later.

    Parameters
    ----------
    send : callable
        Takes content and buffers; called from the sender thread alone.
    audience : Audience
        Whose acknowledgements open the window.
    window : int
        Messages sent and not yet acknowledged at most.
    clock : callable
        Seconds as a float, monotonic.
    wake : callable
        Takes this stream; gets `flush` called soon, from one thread.
    """

    def __init__(
        self,
        send: Callable[[dict[str, Any], list[Any]], None],
        audience: Audience,
        *,
        window: int,
        clock: Callable[[], float],
        wake: Callable[[Stream], None],
    ):
        self._send, self._audience, self._window = send, audience, window
        self._clock, self._wake = clock, wake
        self._lock = threading.Lock()
        self._newest: dict[Hashable, Encoder] = {}
        self._pending: dict[Hashable, Encoder] = {}
        self._urgent = False
        self._sent = 0
        self._sent_as: dict[Hashable, int] = {}
        self._sent_at = -HIDDEN_FRAME_SECONDS

    def offer(self, key: Hashable, encode: Encoder, *, contains: Hashable = None, last: bool = False) -> None:
        """Replace the newest message of `key`, and of the key whose news it `contains`.

        `last` is sent at once even to hidden pages.
        """
        with self._lock:
            for slots in (self._newest, self._pending):
                slots.pop(contains, None)
                slots.pop(key, None)  # so that the newest comes last
                slots[key] = encode
            self._urgent |= last
        self._wake(self)

    def has_arrived(self, key: Hashable) -> bool:
        """Whether the pages that matter have received the newest message of `key`."""
        with self._lock:
            sent = key not in self._pending and key in self._sent_as
            return sent and self._sent_as[key] <= self._audience.acknowledged

    def greet(self, page: str, *, visible: bool = True) -> None:
        """Send the newest of everything: a page has arrived, or has lost messages."""
        with self._lock:
            self._pending = dict(self._newest)
            self._urgent = True
            sent = self._sent
        self._audience.heard(page, visible=visible, acknowledged=sent)
        self._wake(self)

    def acknowledge(self, page: str, sequence: int, *, visible: bool = True) -> None:
        """Note that a page has everything up to `sequence`."""
        self._audience.acknowledge(page, min(sequence, self._sent), visible=visible)
        self._wake(self)

    def heartbeat(self, page: str, sequence: int, *, visible: bool = True) -> None:
        """Note that a page lives; what it should have received long ago and has not is sent again."""
        missing = sequence < self._sent and self._clock() - self._sent_at > 1.0
        if missing or not self._audience.knows(page):
            self.greet(page, visible=visible)
        else:
            self.acknowledge(page, sequence, visible=visible)

    def flush(self) -> None:
        """Send what may be sent now. Called by the sender thread only."""
        while (taken := self._take()) is not None:
            encode, sequence = taken
            content, buffers = encode(sequence)
            self._send(content, buffers)

    def _take(self) -> tuple[Encoder, int] | None:
        with self._lock:
            if not self._pending or not self._may_send():
                return None
            key = next(iter(self._pending))
            encode = self._pending.pop(key)
            self._urgent &= bool(self._pending)
            self._sent += 1
            self._sent_at = self._clock()
            self._sent_as[key] = self._sent
            return encode, self._sent

    def _may_send(self) -> bool:
        if not self._audience.present or self._sent - self._audience.acknowledged >= self._window:
            return False
        rested = self._clock() - self._sent_at >= HIDDEN_FRAME_SECONDS
        return self._urgent or rested or self._audience.visible


class Sender:
    """One daemon thread that does the sending of all streams, so that no optimiser waits for a socket."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="tsne-widget-sender", daemon=True)
        self._thread.start()

    def wake(self, stream: Stream) -> None:
        """Flush a stream soon."""
        self._queue.put(stream.flush)

    def call(self, task: Callable[[], None]) -> None:
        """Do something else that writes to the browser, after what is already waiting."""
        self._queue.put(task)

    def _work(self) -> None:
        while True:
            task = self._queue.get()
            try:
                task()
            except Exception:
                # A closed comm or a vanished kernel must not end the thread that serves the others.
                log.exception("sending to the browser failed")


@cache
def sender() -> Sender:
    """Return the one sender of this process."""
    return Sender()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=sender.cache_clear)

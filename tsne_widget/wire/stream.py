"""Send only the newest frames, paced by acknowledgements: memory stays bounded whatever the browser does."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

from ..parameters.constants import HIDDEN_FRAME_SECONDS
from .audience import Audience
from .query_worker import Worker

log = logging.getLogger(__name__)

#: A light part that every message repeats, and a heavy part that it leaves out once the client has it.
News = tuple[Any, Any]
#: Makes a message's content and buffers from its sequence number and the news, just before it is sent.
Encoder = Callable[[int, list[News]], tuple[dict[str, Any], list[Any]]]


@dataclass
class _Slot:
    """The newest news of a key, and the numbers of the messages that last carried each part."""

    light: Any
    heavy: Any
    sent_in: int = 0
    heavy_sent_in: int | None = None
    pending: bool = True


class Stream:
    """The news of one widget for its clients.

    Each key has one slot, where newer news replace older news not yet sent. At most `window` messages are in
    flight; the next one carries everything that waits. Every slot keeps its newest news for clients that
    arrive later.

    A client acknowledges the newest message it has and cannot know what it missed. So each message repeats
    whatever earlier ones carried and no client has acknowledged. Messages keep their order: a client that has
    less than Python reports as `sent` has lost some, and greets anew.

    Parameters
    ----------
    send : callable
        Takes content and buffers; called from the sender thread, and from that of a client that pulls.
    encode : callable
        Makes the message.
    audience : Audience
        The clients whose acknowledgements open the window.
    window : int
        The most messages that may be sent and not yet acknowledged.
    clock : callable
        Seconds as a float, monotonic.
    wake : callable
        Takes this stream and arranges for one thread to call `flush` soon.
    """

    def __init__(
        self,
        send: Callable[[dict[str, Any], list[Any]], None],
        encode: Encoder,
        audience: Audience,
        *,
        window: int,
        clock: Callable[[], float],
        wake: Callable[[Stream], None],
    ):
        self._send, self._encode, self._audience, self._window = send, encode, audience, window
        self._clock, self._wake = clock, wake
        self._lock = threading.Lock()
        self._slots: dict[Hashable, _Slot] = {}
        self._urgent = False
        self._sent = 0
        self._sent_at = -HIDDEN_FRAME_SECONDS

    @property
    def sent(self) -> int:
        """The number of the newest message sent."""
        with self._lock:
            return self._sent

    def offer(self, key: Hashable, light: Any, heavy: Any = None, *, last: bool = False) -> None:
        """Replace the news of `key`.

        Messages leave out `heavy` once the clients have acknowledged this very object. News marked `last` go
        out at once, even to hidden clients.
        """
        with self._lock:
            before = self._slots.pop(key, None)  # so that the newest comes last
            slot = self._slots[key] = _Slot(light, heavy)
            if before is not None:
                slot.sent_in = before.sent_in
                slot.heavy_sent_in = before.heavy_sent_in if before.heavy is heavy else None
            self._urgent |= last
        self._wake(self)

    def forget(self, key: Hashable) -> None:
        """Drop the news of a key."""
        with self._lock:
            self._slots.pop(key, None)

    def greet(self, client: str, *, visible: bool = True) -> None:
        """Send all slots to a client that has arrived or has lost messages."""
        with self._lock:
            for slot in self._slots.values():
                slot.pending, slot.heavy_sent_in = True, None
            self._urgent = True
            sent = self._sent
        self._audience.heard(client, visible=visible, acknowledged=sent)
        self._wake(self)

    def acknowledge(self, client: str, sequence: int, *, visible: bool = True) -> None:
        """Note that a client has everything up to `sequence`."""
        self._audience.acknowledge(client, min(sequence, self._sent), visible=visible)
        self._wake(self)

    def heartbeat(self, client: str, sequence: int, *, visible: bool = True) -> None:
        """Note that a client is alive; send everything to one that had been given up."""
        if self._audience.knows(client):
            self.acknowledge(client, sequence, visible=visible)
        else:
            self.greet(client, visible=visible)

    def pull(self, client: str, sequence: int, *, visible: bool = True) -> None:
        """Send a client what it has not received, in the calling thread."""
        sequence = min(sequence, self._sent)
        self._audience.pulled(client, visible=visible, acknowledged=sequence)
        with self._lock:
            missing = any(slot.pending or slot.sent_in > sequence for slot in self._slots.values())
            taken = self._take(sequence) if missing else None
        if taken is not None:
            self._post(*taken)

    def flush(self) -> None:
        """Send what may be sent now. Only the sender's thread calls this."""
        while (taken := self._next()) is not None:
            self._post(*taken)

    def _post(self, sequence: int, news: list[News]) -> None:
        content, buffers = self._encode(sequence, news)
        log.debug("message %s to the clients: %s runs, %s layouts", sequence, len(news), len(buffers))
        self._send(content, buffers)

    def _next(self) -> tuple[int, list[News]] | None:
        with self._lock:
            waiting = any(slot.pending for slot in self._slots.values())
            return self._take(self._audience.acknowledged) if waiting and self._may_send() else None

    def _take(self, acknowledged: int) -> tuple[int, list[News]]:
        self._sent += 1
        self._sent_at = self._clock()
        self._urgent = False
        due = [slot for slot in self._slots.values() if slot.pending or slot.sent_in > acknowledged]
        return self._sent, [self._news(slot, acknowledged) for slot in due]

    def _news(self, slot: _Slot, acknowledged: int) -> News:
        slot.pending, slot.sent_in = False, self._sent
        if slot.heavy_sent_in is not None and slot.heavy_sent_in <= acknowledged:
            return slot.light, None
        slot.heavy_sent_in = self._sent
        return slot.light, slot.heavy

    def _may_send(self) -> bool:
        if not self._audience.present or self._sent - self._audience.acknowledged >= self._window:
            return False
        if self._audience.pulls:
            return False
        rested = self._clock() - self._sent_at >= HIDDEN_FRAME_SECONDS
        return self._urgent or rested or self._audience.visible


class Sender(Worker):
    """Sends for all streams, so that no optimizer waits for a socket."""

    def __init__(self) -> None:
        super().__init__("tsne-widget-sender")

    def wake(self, stream: Stream) -> None:
        """Flush a stream soon."""
        self.call(stream.flush)


@cache
def sender() -> Sender:
    """Return this process's only sender."""
    return Sender()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=sender.cache_clear)

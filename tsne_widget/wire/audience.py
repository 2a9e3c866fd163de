"""The clients that show one widget: who is there, who looks, who has seen what."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from ..parameters.constants import ABSENCE_SECONDS, CLIENTS_MAX, CLIENTS_REMEMBERED, PATIENCE_SECONDS


@dataclass
class _Client:
    heard: float
    visible: bool = True
    acknowledged: int = 0
    pulls: bool = False


class Rising:
    """Numbers of clients that only rise: they tell what is new from what was said before or overtaken.

    A client that comes again after a while goes on where it was, so its number outlives its visit. Methods
    may be called from any thread.

    Parameters
    ----------
    repeated : bool
        Whether a client may say the same number again.
    """

    def __init__(self, *, repeated: bool):
        self._repeated = repeated
        self._newest: OrderedDict[str, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: str, number: int) -> int | None:
        """Note a number; return the newest one instead where this is not above it."""
        with self._lock:
            newest = self._newest.get(client)
            if newest is not None and (number < newest or (number == newest and not self._repeated)):
                return newest
            self._newest[client] = number
            self._newest.move_to_end(client)
            if len(self._newest) > CLIENTS_REMEMBERED:
                self._newest.popitem(last=False)
            return None

    def newest(self, client: str) -> int:
        """Return the newest number of a client; 0 before any."""
        with self._lock:
            return self._newest.get(client, 0)


class Audience:
    """The clients of one widget, by their signs of life.

    A client is a browser tab with the widget's model; however many views it has, it speaks as one.
    Methods may be called from any thread.

    Parameters
    ----------
    clock : callable
        Seconds as a float, monotonic.
    say : callable
        Told, in words, of clients that come and go.
    """

    def __init__(self, clock: Callable[[], float], say: Callable[[str, int], None] = lambda *_: None):
        self._clock, self._say = clock, say
        self._clients: dict[str, _Client] = {}
        self._lock = threading.Lock()
        self._last_heard: float | None = None

    def heard(self, client: str, *, visible: bool = True, acknowledged: int = 0) -> None:
        """Note a sign of life, and the newest message that the client has received."""
        with self._lock:
            came = client not in self._clients
            self._clients.setdefault(client, _Client(0.0))
            self._note(client, visible, acknowledged)
            there = len(self._clients)
        if came:
            self._say("a page shows it: %d in all", there)

    def pulled(self, client: str, *, visible: bool = True, acknowledged: int = 0) -> None:
        """Note that a client asks for news, as its host drops what threads send."""
        with self._lock:
            self._clients.setdefault(client, _Client(0.0)).pulls = True
            self._note(client, visible, acknowledged)

    def listens(self, client: str) -> None:
        """Note that what threads send reaches a client, as is taken for granted at first."""
        with self._lock:
            if client in self._clients:
                self._clients[client].pulls = False

    def acknowledge(self, client: str, sequence: int, *, visible: bool = True) -> None:
        """Note what a client has received; one that has said goodbye in between does not come back by it."""
        with self._lock:
            if client in self._clients:
                self._note(client, visible, sequence)

    def left(self, client: str) -> None:
        """Forget a client that said goodbye."""
        with self._lock:
            went = self._clients.pop(client, None) is not None
            there = len(self._clients)
            if went:
                self._last_heard = self._clock()
        if went:
            self._say("a page no longer shows it: %d left", there)

    def knows(self, client: str) -> bool:
        """Whether a client is one of those that are there."""
        with self._lock:
            return client in self._clients

    def has_room_for(self, client: str) -> bool:
        """Whether a client is one of those that are there, or may become one: of `CLIENTS_MAX` at most."""
        with self._lock:
            self._forget_silent()
            return client in self._clients or len(self._clients) < CLIENTS_MAX

    @property
    def absent(self) -> bool:
        """Whether the widget was shown once, but by no page for the last `ABSENCE_SECONDS`."""
        with self._lock:
            self._forget_silent()
            gone = self._last_heard is not None and self._clock() - self._last_heard > ABSENCE_SECONDS
            return gone and not self._clients

    @property
    def present(self) -> bool:
        """Whether any client is there."""
        with self._lock:
            self._forget_silent()
            return bool(self._clients)

    @property
    def visible(self) -> bool:
        """Whether any client is on a screen."""
        with self._lock:
            self._forget_silent()
            return any(client.visible for client in self._clients.values())

    @property
    def acknowledged(self) -> int:
        """The newest message that all clients which matter have received.

        The clients on a screen matter, or all where none is; one that is silent for `PATIENCE_SECONDS` holds
        up nobody but itself.
        """
        with self._lock:
            self._forget_silent()
            watching = self._watching()
            awake = self._clock() - PATIENCE_SECONDS
            lively = [client for client in watching if client.heard >= awake] or watching
            return min((client.acknowledged for client in lively), default=0)

    @property
    def pulls(self) -> bool:
        """Whether all clients that matter ask for news: then nothing that a thread sends would arrive."""
        with self._lock:
            self._forget_silent()
            watching = self._watching()
            return bool(watching) and all(client.pulls for client in watching)

    def _watching(self) -> list[_Client]:
        return [client for client in self._clients.values() if client.visible] or list(self._clients.values())

    def _note(self, client: str, visible: bool, acknowledged: int) -> None:
        known = self._clients[client]
        known.heard = self._last_heard = self._clock()
        known.visible = visible
        known.acknowledged = max(known.acknowledged, acknowledged)

    def _forget_silent(self) -> None:
        now = self._clock()
        silent = [name for name, client in self._clients.items() if now - client.heard > ABSENCE_SECONDS]
        for name in silent:
            del self._clients[name]
            self._say("a page has been silent for too long: %d left", len(self._clients))

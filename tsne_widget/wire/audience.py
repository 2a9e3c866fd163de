"""The clients that show one widget: which are present, which are visible, what each has received."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from ..parameters.constants import ABSENCE_SECONDS, CLIENTS_MAX, CLIENTS_REMEMBERED, PATIENCE_SECONDS


@dataclass
class _Client:
    heard: float
    visible: bool = True
    acknowledged: int = 0
    pulls: bool = False


class Rising:
    """The newest number of each client, or of each view of one, to recognize outdated messages.

    A client that returns continues its numbering, so its number outlives its visit. Any thread may call the
    methods.

    Parameters
    ----------
    repeated : bool
        Whether a client may say the same number again.
    """

    def __init__(self, *, repeated: bool):
        self._repeated = repeated
        self._newest: OrderedDict[Hashable, int] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, client: Hashable, number: int) -> int | None:
        """Note a number and return None; if it is not new, return the newest number instead."""
        with self._lock:
            newest = self._newest.get(client)
            if newest is not None and (number < newest or (number == newest and not self._repeated)):
                return newest
            self._newest[client] = number
            self._newest.move_to_end(client)
            if len(self._newest) > CLIENTS_REMEMBERED:
                self._newest.popitem(last=False)
            return None

    def newest(self, client: Hashable) -> int:
        """Return the newest number of a client, or 0 if it has none."""
        with self._lock:
            return self._newest.get(client, 0)


class Audience:
    """The clients of one widget, known by their heartbeats.

    A client is a browser tab that holds the widget's model. It counts once, however many views it shows.
    Any thread may call the methods.

    Parameters
    ----------
    clock : callable
        Seconds as a float, monotonic.
    say : callable
        Logs clients that come and go; takes a format and its argument.
    """

    def __init__(self, clock: Callable[[], float], say: Callable[[str, int], None] = lambda *_: None):
        self._clock, self._say = clock, say
        self._clients: dict[str, _Client] = {}
        self._lock = threading.Lock()
        self._last_heard: float | None = None

    def heard(self, client: str, *, visible: bool = True, acknowledged: int = 0) -> None:
        """Note a heartbeat, and the newest message that the client has received."""
        with self._lock:
            came = client not in self._clients
            self._clients.setdefault(client, _Client(0.0))
            self._note(client, visible, acknowledged)
            there = len(self._clients)
        if came:
            self._say("a client shows it: %d in total", there)

    def pulled(self, client: str, *, visible: bool = True, acknowledged: int = 0) -> None:
        """Note that a client asks for news because its host drops what threads send."""
        with self._lock:
            self._clients.setdefault(client, _Client(0.0)).pulls = True
            self._note(client, visible, acknowledged)

    def listens(self, client: str) -> None:
        """Note that a client receives what threads send, which we assume until it pulls."""
        with self._lock:
            if client in self._clients:
                self._clients[client].pulls = False

    def acknowledge(self, client: str, sequence: int, *, visible: bool = True) -> None:
        """Note what a client has received; this does not bring back a client that has left."""
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
            self._say("a client no longer shows it: %d left", there)

    def knows(self, client: str) -> bool:
        """Whether a client is present."""
        with self._lock:
            return client in self._clients

    def has_room_for(self, client: str) -> bool:
        """Whether a client is present, or may join without exceeding `CLIENTS_MAX`."""
        with self._lock:
            self._forget_silent()
            return client in self._clients or len(self._clients) < CLIENTS_MAX

    @property
    def absent(self) -> bool:
        """Whether the widget was shown once, but by no client for the last `ABSENCE_SECONDS`."""
        with self._lock:
            self._forget_silent()
            gone = self._last_heard is not None and self._clock() - self._last_heard > ABSENCE_SECONDS
            return gone and not self._clients

    @property
    def present(self) -> bool:
        """Whether any client is present."""
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
        """The newest message that all clients that count have received.

        The visible clients count, or all clients if none is visible. A client that has been silent for
        `PATIENCE_SECONDS` does not hold up the others.
        """
        with self._lock:
            self._forget_silent()
            watching = self._watching()
            awake = self._clock() - PATIENCE_SECONDS
            lively = [client for client in watching if client.heard >= awake] or watching
            return min((client.acknowledged for client in lively), default=0)

    @property
    def pulls(self) -> bool:
        """Whether all clients that count pull: then nothing that a thread sends would arrive."""
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
            self._say("a client has been silent for too long: %d left", len(self._clients))

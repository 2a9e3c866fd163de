"""A cable between browser and server whose websockets can be cut and let through again."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import closing, suppress

from lab import Lab

#: Bytes that are taken at a time.
PIECE = 65_536


class Cable:
    """Forwards connections to a server on this machine.

    While it is pulled, the browser's ends of websockets are closed and new ones are refused, as for a laptop
    that was shut. The server's ends stay open and what they say is lost: it does not notice. All else goes
    through, lest JupyterLab puts a dialog over the page.

    Attributes
    ----------
    url, place : str
        Of the near end; under what notebooks are found there.
    """

    def __init__(self, lab: Lab):
        self.place = lab.place
        self._port = int(lab.url.rpartition(":")[2])
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._websockets: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._pulled = self._muted = False
        threading.Thread(target=self._serve, daemon=True).start()

    def mute(self) -> None:
        """Lose what the server says by websockets from now on, as at the edge of a wireless network."""
        self._muted = True

    def pull(self) -> None:
        """Cut all websockets and refuse new ones."""
        with self._lock:
            self._pulled = True
            for near in self._websockets:
                _shut(near)
            self._websockets.clear()

    def plug(self) -> None:
        """Let websockets through again; those that were cut stay cut."""
        with self._lock:
            self._pulled = self._muted = False

    def close(self) -> None:
        """End all connections."""
        _shut(self._listening)
        with self._lock:
            for end in self._open:
                _shut(end)

    def _serve(self) -> None:
        with closing(self._listening), suppress(OSError):
            while True:
                near, _ = self._listening.accept()
                threading.Thread(target=self._connect, args=(near,), daemon=True).start()

    def _connect(self, near: socket.socket) -> None:
        with closing(near), suppress(OSError):
            asked = near.recv(PIECE)
            is_websocket = b"upgrade: websocket" in asked.lower()
            with closing(socket.create_connection(("127.0.0.1", self._port))) as far:
                with self._lock:
                    if is_websocket and self._pulled:
                        return
                    self._open |= {near, far}
                    if is_websocket:
                        self._websockets.add(near)
                far.sendall(asked)
                lost = (lambda: self._muted) if is_websocket else (lambda: False)
                back = threading.Thread(target=_forward, args=(far, near, lost), daemon=True)
                back.start()
                _forward(near, far, lambda: False)
                with self._lock:
                    cut = is_websocket and near not in self._websockets
                if not cut:  # else the server's end stays open until the server ends it
                    _shut(far)
                back.join()
                with self._lock:
                    self._open -= {near, far}
                    self._websockets.discard(near)


def _forward(here: socket.socket, there: socket.socket, lost: Callable[[], bool]) -> None:
    """Carry on what comes until it ends, unless it is lost; where the other end is cut it is, too."""
    with suppress(OSError):
        while piece := here.recv(PIECE):
            if not lost():
                with suppress(OSError):
                    there.sendall(piece)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):  # it may have ended by itself
        end.shutdown(socket.SHUT_RDWR)

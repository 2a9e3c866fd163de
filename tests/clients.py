"""Clients that tests play by hand: what they hear of a widget, and what they say to it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Any

import numpy as np

from tsne_widget import TSNEWidget
from tsne_widget.wire.stream import sender

PATIENCE = 60  # seconds after which a test is called stuck
#: Of commands and questions: from one client each is above those before.
NUMBERS = count(1)
ENDLESS = {"max_iter": 10**9, "early_exaggeration_iter": 10**9}


def desk_of(w):
    """The thread in which what clients ask of a widget is looked up."""
    return w._driver.session._listener.desk.query_worker


def measurer_of(w):
    """The thread in which what clients want measured is."""
    return w._driver.session._listener.desk.measure_worker


class Client:
    """A browser tab with one view: records what comes and says what it is told to."""

    def __init__(self, widget: TSNEWidget, name: str = "a client"):
        self.widget, self.name = widget, name
        self.messages: queue.SimpleQueue[tuple[dict, list]] = queue.SimpleQueue()
        self.states: list[dict] = []
        self.online = True
        self.received = 0
        widget.comm.publish_msg = self._take

    def say(self, **content: Any) -> None:
        for callback in self.widget._msg_callbacks.callbacks:
            callback(self.widget, content, [])

    def hello(self, visible: bool = True) -> None:
        self.say(type="hello", client=self.name, visible=visible)

    def beat(self, visible: bool = True, told: int = 0) -> None:
        self.say(type="alive", client=self.name, visible=visible, seq=self.received, told=told)

    def ack(self) -> None:
        self.say(type="ack", client=self.name, visible=True, seq=self.received)

    def bye(self) -> None:
        self.say(type="bye", client=self.name)

    def command(self, name: str, **value: Any) -> dict:
        """Send a command and return the answer."""
        number = next(NUMBERS)
        self.say(type="command", client=self.name, id=number, name=name, **value)
        answer = self.next(lambda content: content["type"] == "answer")[0]
        assert (answer["client"], answer["id"]) == (self.name, number)
        return answer

    def next(self, wanted: Callable[[dict], Any]) -> tuple[dict, list]:
        """Take messages, acknowledging them, until one is wanted."""
        while True:
            content, buffers = self.messages.get(timeout=PATIENCE)
            if wanted(content):
                return content, buffers

    def status(self, wanted: Callable[[dict], Any], run: int = 0) -> dict:
        """Take messages until one tells that a run is as wanted."""
        found: list[dict] = []

        def look(content: dict) -> bool:
            found.extend(entry["status"] for entry in entries(content) if entry["status"]["run"] == run)
            return bool(found) and wanted(found[-1])

        self.next(look)
        return found[-1]

    def frame(
        self, wanted: Callable[[dict], Any] = lambda entry: True, run: int = 0
    ) -> tuple[dict, np.ndarray]:
        """Take messages until one brings a layout of a run that is wanted: the entry and the points."""
        while True:
            content, buffers = self.next(entries)
            for entry, points in with_layouts(content, buffers):
                if entry["status"]["run"] == run and wanted(entry):
                    return entry, points

    def _take(self, _type, data=None, metadata=None, buffers=None, **_):
        data = data or {}
        if data.get("method") in ("update", "echo_update"):
            self.states.append(data["state"])
        if data.get("method") != "custom" or not self.online:
            return
        content = data["content"]
        self.messages.put((content, buffers))
        if "seq" in content:
            self.received = content["seq"]
            sender().call(self.ack)
        if (content.get("sent") or 0) > self.received:  # it was sent before, so it is lost
            sender().call(self.hello)


def entries(content: dict) -> list[dict]:
    """Return the runs that a message tells of."""
    return content["runs"] if content["type"] == "news" else []


def with_layouts(content: dict, buffers: list | None) -> list[tuple[dict, np.ndarray]]:
    """Return those runs of a message whose layout it brings, and the points."""
    moved = [entry for entry in entries(content) if entry["layout"] is not None]
    points = [np.frombuffer(buffer, "<f4").reshape(-1, 2) for buffer in buffers or []]
    return list(zip(moved, points, strict=True))


class DeafClient(Client):
    """A client that is reached by nothing but what this thread, which handles its messages, sends."""

    def _take(self, _type, data=None, metadata=None, buffers=None, **_):
        if threading.current_thread() is not threading.main_thread():
            return
        data = data or {}
        if data.get("method") == "update":
            self.states.append(data["state"])
        if data.get("method") == "custom":
            self.messages.put((data["content"], buffers))
            self.received = data["content"].get("seq", self.received)

    def pull(self) -> list[tuple[dict[str, Any], Any]]:
        """Ask for what is new and return all messages that have come; the last one says that this is all."""
        everything_was_sent()
        self.say(type="pull", client=self.name, visible=True, seq=self.received)
        came = [self.messages.get_nowait() for _ in range(self.messages.qsize())]
        last = {"type": "alive", "client": self.name, "sent": None, "told": None, "known": None}
        assert came[-1][0] == last
        return came[:-1]

    def news(self) -> list[tuple[dict, list]]:
        """Ask for what is new; the runs that it tells of."""
        return [(entry, buffers) for content, buffers in self.pull() for entry in entries(content)]


def rows_on_the_wire(*rows):
    """Return positions of rows as a client sends them."""
    return memoryview(np.array(rows, "<i4").tobytes())


def everything_was_sent():
    """Wait until the sender's thread has sent what it was told to."""
    done = threading.Event()
    sender().call(done.set)
    assert done.wait(PATIENCE)


#: Makes a small widget; without a frame of its own, as errors and warnings name the user's file.
make = partial(TSNEWidget, perplexity=8, max_iter=60, early_exaggeration_iter=20)

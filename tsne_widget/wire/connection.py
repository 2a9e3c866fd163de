"""The connection between one widget and its clients: news go out, messages come in."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from functools import partial
from threading import RLock
from typing import Any, Protocol

from ..errors import TSNEWidgetError
from ..failure import error_in_words
from ..maps.engine import clock
from ..maps.event_log import EventLog
from ..maps.placing import Placed
from ..maps.run import Run
from ..maps.status import Layout, Status
from ..parameters.constants import CLIENTS_MAX, LARGE_ROWS, WINDOW, WINDOW_LARGE
from . import bundle, news, parsing, protocol, traits
from .audience import Audience, Rising
from .desk import Answers, Desk
from .stream import Stream, sender

log = logging.getLogger(__name__)


class Host(Answers, Protocol):
    """What a connection needs from its widget."""

    n_rows: int
    #: Held while a thread sets traits.
    lock: RLock
    #: Whether the notebook saves maps at rest.
    save_state: bool

    @property
    def asleep(self) -> bool:
        """Whether maps pause because no client shows them."""

    @property
    def run_ids(self) -> list[int]:
        """The runs, in panel order."""

    def send(self, content: dict[str, Any], buffers: Any = None) -> None:
        """Send a message to the clients."""

    def show_snapshots(self, snapshots: list[dict[str, Any]]) -> None:
        """Put maps at rest into the trait that a notebook saves."""

    def wake(self) -> None:
        """Resume the maps, as a client shows them again."""

    def carry_out(self, wish: protocol.Wish) -> None:
        """Carry out what the user asked for in a view."""


class Connection:
    """Sends what the engine publishes to the clients, and turns their messages into commands.

    A session calls `publish` in the engine's thread. `take` runs in the main thread or, while a cell runs, in
    a subshell's thread. Neither does any work there: one hands news to the sender, the other enqueues.

    Some hosts drop what threads send (Colab: googlecolab/colabtools#3373). We therefore answer each heartbeat
    twice, at once and through the sender. A client that receives only the first answer pulls: it keeps
    asking, and the thread that handles its message sends the news.
    """

    def __init__(self, host: Host):
        self.event_log = EventLog(clock)
        self.audience = Audience(clock, self.event_log.say)
        self.desk = Desk(host, self._leave)
        self._host = host
        self._requests, self._receipts = Rising(repeated=False), Rising(repeated=True)
        self._traits = Rising(repeated=True)
        self._kept: dict[int, dict[str, Any]] = {}
        #: Sends that threads have queued until a thread can reach the clients.
        self._left: deque[Callable[[], None]] = deque()
        self._stream = Stream(
            host.send,
            news.news_message,
            self.audience,
            window=WINDOW_LARGE if host.n_rows >= LARGE_ROWS else WINDOW,
            clock=clock,
            wake=sender().wake,
        )

    def publish(self, run: Run) -> None:
        """Offer a run's status and layout, which are immutable."""
        self.event_log.tell(run)
        status, layout = run.status, run.layout
        self._stream.offer(run.number, status, layout, last=run.resting)
        placed = run.placed
        if placed is None:
            self._stream.forget(_placed_on(run.number))
        else:
            self._stream.offer(_placed_on(run.number), None, placed, last=True)
        if layout is not None and run.idle and self._host.save_state:
            self._leave(partial(self._keep, status, layout, placed))

    def forget(self, run: int) -> None:
        """Drop the pending news of a run that was removed."""
        self.event_log.forget(run)
        self._stream.forget(run)
        self._stream.forget(_placed_on(run))
        self._leave(self._show_kept)

    def take(self, _widget: Any, content: Any, _buffers: Any) -> None:
        """Handle a message from a client.

        A malformed, repeated or outdated message changes nothing. A refused command or query is answered with
        the reason.
        """
        try:
            message = parsing.parse_message(content, self._host.n_rows)
            why = self._out_of_turn(message)
            if why:
                raise protocol.ProtocolError(why)
            self._act(message)
        except TSNEWidgetError as error:
            log.warning("a message from the browser was refused: %.300s", error)
            self._refuse(content, str(error))
        except Exception as error:  # a user's observer may raise anything
            self._refuse(content, error_in_words(error))
            raise

    def note_traits(self, change: Any) -> None:
        """Note that a client has set traits, so that we can tell it whether they arrived."""
        self._traits.take(*parsing.told_trait(change["new"]))

    def _refuse(self, content: Any, why: str) -> None:
        who = parsing.sender_of(content)
        if who is not None and content.get("type") == "query":
            self._host.send(*news.reply_message(*who, why))
        elif who is not None:
            self._host.send(news.answer_message(*who, why))

    def _out_of_turn(self, message: protocol.Message) -> str:
        """Return why a message comes out of turn, or "" if it does not."""
        match message:
            case protocol.Request(client, number) | protocol.Question(client, number):
                newest = self._requests.take(client, number)
                return "" if newest is None else f"id={number} is repeated or too late, after {newest}"
            case (
                protocol.Alive(client, seq=seq)
                | protocol.Ack(client, seq=seq)
                | protocol.Pull(client, seq=seq)
            ):
                if seq > self._stream.sent:
                    return f"seq={seq} was never sent: the newest is {self._stream.sent}"
                newest = self._receipts.take(client, seq)
                if newest is not None:
                    return f"seq={seq} is too late: the client has already had {newest}"
        if not isinstance(message, (protocol.Hello, protocol.Alive, protocol.Pull)):
            return ""
        if not self.audience.has_room_for(message.client):
            return f"client={message.client!r} is refused: at most {CLIENTS_MAX} clients can show a widget"
        return ""

    def _act(self, message: protocol.Message) -> None:
        log.debug("from a client: %s", type(message).__name__)
        match message:
            case protocol.AskForBundle():
                self._host.send(news.bundle_message(bundle.digest(), bundle.text()))
            case protocol.Hello(client, visible):
                self.audience.listens(client)
                self._stream.greet(client, visible=visible)
                self._seen(client)
                self._push_alive(client)
            case protocol.Alive(client, visible, seq, told):
                self._stream.heartbeat(client, seq, visible=visible)
                self._seen(client, told=told, known=self._traits.newest(client))
                self._push_alive(client)
            case protocol.Ack(client, visible, seq):
                self._stream.acknowledge(client, seq, visible=visible)
                self.event_log.drawn()
            case protocol.Pull(client, visible, seq):
                self._stream.pull(client, seq, visible=visible)
                self._do_what_is_left()
                self._seen(client)
            case protocol.Bye(client):
                self.audience.left(client)
                self.desk.drop_all(client, self._requests.newest(client))
                sender().call(self._do_unless_pulled)
            case protocol.Request(client, request, wish):
                self._host.carry_out(wish)
                self._host.send(news.answer_message(client, request))
            case protocol.Question():
                self.desk.take(message)

    def _seen(self, client: str, **traits: int) -> None:
        if self._host.asleep:
            self._host.wake()
        self._host.send(news.alive_message(client, **traits))

    def _push_alive(self, client: str) -> None:
        # The sender reads the number itself: by then it has sent all messages up to it.
        sender().call(lambda: self._host.send(news.alive_message(client, sent=self._stream.sent)))

    def _leave(self, task: Callable[[], None]) -> None:
        """Queue a task that sends to the clients, for the sender or for the next client that pulls."""
        self._left.append(task)
        sender().call(self._do_unless_pulled)

    def _do_unless_pulled(self) -> None:
        if not self.audience.pulls:
            self._do_what_is_left()

    def _do_what_is_left(self) -> None:
        while self._left:
            try:
                task = self._left.popleft()
            except IndexError:  # another thread was faster
                return
            task()

    def _keep(self, status: Status, layout: Layout, placed: Placed | None) -> None:
        with self._host.lock:
            self._kept[status.run] = traits.snapshot_trait(status, layout, placed)
            self._show_kept()

    def _show_kept(self) -> None:
        # Only one thread at a time may set traits.
        with self._host.lock:
            runs = self._host.run_ids
            self._kept = {run: self._kept[run] for run in runs if run in self._kept}
            self._host.show_snapshots(list(self._kept.values()))


def _placed_on(run: int) -> tuple[int, str]:
    """Return the key of the news of new rows on a run."""
    return run, "placed"

"""The newest message gets through, in bounded memory, whatever the browser does."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import Counter
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tsne_widget.parameters.constants import ABSENCE_SECONDS, HEARTBEAT_SECONDS, HIDDEN_FRAME_SECONDS
from tsne_widget.wire.audience import Audience
from tsne_widget.wire.stream import Sender, Stream, sender


def encode(sequence, news):
    return {"seq": sequence, "news": news}, []


@dataclass
class Wire:
    """A stream whose sending is recorded, and done at once when the stream asks for it."""

    window: int = 2
    now: float = 1000.0
    sent: list[tuple[int, list]] = field(default_factory=list)

    def __post_init__(self):
        self.audience = Audience(self.clock)
        self.stream = Stream(
            self._send, encode, self.audience, window=self.window, clock=self.clock, wake=Stream.flush
        )

    def clock(self):
        return self.now

    def forward(self, seconds):
        self.now += seconds

    def _send(self, content, buffers):
        assert buffers == []
        self.sent.append((content["seq"], content["news"]))

    def offer(self, news, key="run", heavy=None, **how):
        self.stream.offer(key, news, heavy, **how)

    def beat(self, client, received, *, visible=True):
        """Let a page's heart beat; all that was sent has come to it, or it is lost and the page greets."""
        sent = self.stream.sent
        self.stream.heartbeat(client, received, visible=visible)
        if received < sent:
            self.stream.greet(client, visible=visible)

    @property
    def messages(self):
        """The news of each message; those that came with something heavy as a pair."""
        return [
            [light if heavy is None else (light, heavy) for light, heavy in news] for _, news in self.sent
        ]

    @property
    def news(self):
        return [news for message in self.messages for news in message]

    @property
    def last_seq(self):
        return self.sent[-1][0]


@pytest.fixture
def wire():
    made = Wire()
    made.stream.greet("client")
    return made


def test_nothing_is_sent_while_nobody_is_there():
    wire = Wire()
    for i in range(100):
        wire.offer(i)
    assert wire.sent == []


def test_a_page_that_comes_gets_the_newest_of_every_key_in_one_message():
    wire = Wire()
    for i in range(10):
        wire.offer(("one", i), key=1)
        wire.offer(("other", i), key=2)
    wire.stream.greet("client")
    assert wire.messages == [[("one", 9), ("other", 9)]]


def test_a_second_page_gets_the_newest_too(wire):
    wire.offer("a")
    wire.stream.acknowledge("client", wire.last_seq)
    wire.stream.greet("second")
    assert wire.news == ["a", "a"]


def test_sequence_numbers_count_what_was_sent(wire):
    for i in range(20):
        wire.offer(i)
        wire.stream.acknowledge("client", wire.last_seq)
    assert [sequence for sequence, _ in wire.sent] == list(range(1, 21))


def test_no_more_than_the_window_is_on_its_way(wire):
    for i in range(10):
        wire.offer(i)
    assert wire.news == [0, 1]


def test_an_acknowledgement_opens_the_window_for_the_newest(wire):
    for i in range(10):
        wire.offer(i)
    wire.stream.acknowledge("client", 1)
    assert wire.news == [0, 1, 9]


def test_an_acknowledgement_stands_for_all_before_it(wire):
    for i in range(3):
        wire.offer(i)
    wire.stream.acknowledge("client", 2)
    wire.offer(3)
    assert wire.news == [0, 1, 2, 3]


def test_an_acknowledgement_of_what_was_never_sent_opens_no_more_than_the_window(wire):
    wire.offer(0)
    wire.stream.acknowledge("client", 10**9)
    for i in range(1, 10):
        wire.offer(i)
    assert wire.news == [0, 1, 2]


def test_all_that_waits_goes_in_one_message_in_the_order_of_the_newest(wire):
    wire.offer(0)
    wire.stream.acknowledge("client", 1)
    wire.offer(1)
    wire.offer("a", key="a")
    wire.offer("b", key="b")
    wire.offer("c", key="c")
    wire.offer("b again", key="b")
    wire.stream.acknowledge("client", 3)
    assert wire.messages == [[0], [1], [1, "a"], ["c", "b again"]]


# --- what is heavy ------------------------------------------------------------------------------------


def test_what_is_heavy_goes_once_where_it_is_known_to_have_arrived(wire):
    layout = ("a layout",)
    wire.offer("moved", heavy=layout)
    wire.stream.acknowledge("client", 1)
    wire.offer("better known", heavy=layout)
    wire.offer("better still", heavy=layout)
    assert wire.messages[0] == [("moved", layout)]
    assert wire.news[1:] == ["better known", "better still"]


def test_what_is_heavy_goes_again_while_it_is_not_known_to_have_arrived(wire):
    layout = ("a layout",)
    wire.offer("moved", heavy=layout)
    wire.offer("better known", heavy=layout)
    assert wire.messages == [[("moved", layout)], [("better known", layout)]]


def test_another_heavy_object_goes_even_where_it_is_equal(wire):
    one, other = tuple("ab"), tuple("ab")
    wire.offer("moved", heavy=one)
    wire.stream.acknowledge("client", 1)
    wire.offer("moved back", heavy=other)
    assert wire.messages == [[("moved", one)], [("moved back", other)]]


def test_a_page_that_comes_later_gets_what_is_heavy_with_the_newest(wire):
    layout = ("a layout",)
    wire.offer("moved", heavy=layout)
    wire.stream.acknowledge("client", 1)
    wire.offer("better known", heavy=layout)
    wire.stream.acknowledge("client", 2)
    wire.stream.greet("second")
    assert wire.messages[2:] == [[("better known", layout)]]


def test_what_is_not_known_to_have_arrived_goes_with_news_of_others(wire):
    """A page acknowledges the newest that it has: what it lost before would never come."""
    layout = ("a layout",)
    wire.offer("ended, and lost", key=1, heavy=layout)
    wire.offer("moves", key=2)
    assert wire.messages[1] == [("ended, and lost", layout), "moves"]
    wire.stream.acknowledge("client", 2)
    wire.offer("moves on", key=2)
    assert wire.messages[2] == ["moves on"]


# --- keys that are no more ----------------------------------------------------------------------------


def test_the_news_of_a_key_that_is_forgotten_are_not_sent(wire):
    wire.offer(0)
    wire.offer(1)
    wire.offer("waiting", key="gone")
    wire.offer("waiting too", key="there")
    wire.stream.forget("gone")
    wire.stream.forget("never known")
    wire.stream.acknowledge("client", 2)
    wire.stream.greet("second")
    assert "waiting" not in wire.news
    assert wire.news.count("waiting too") == 2


def test_what_is_forgotten_is_held_no_more(wire):
    payload = Payload()
    alive = weakref.ref(payload)
    wire.offer("moved", key="gone", heavy=payload)
    wire.sent.clear()
    del payload
    wire.stream.forget("gone")
    gc.collect()
    assert alive() is None


# --- several pages ------------------------------------------------------------------------------------


def test_the_slowest_visible_page_sets_the_pace(wire):
    wire.stream.greet("slow")
    for i in range(5):
        wire.offer(i)
        wire.stream.acknowledge("client", wire.last_seq)
    assert wire.news == [0, 1]
    wire.stream.acknowledge("slow", 2)
    assert wire.news == [0, 1, 4]


def test_a_page_that_vanished_stops_holding_up_the_others(wire):
    wire.stream.greet("vanished")
    wire.offer(0)
    wire.offer(1)
    for i in range(2, 20):
        wire.forward(HEARTBEAT_SECONDS)
        wire.stream.heartbeat("client", wire.last_seq)
        wire.offer(i)
    assert wire.news[-1] == 19


# --- hidden pages -------------------------------------------------------------------------------------


def test_a_hidden_page_gets_a_message_a_second_and_the_newest():
    wire = Wire()
    wire.stream.greet("client", visible=False)
    for i in range(1, 101):
        wire.forward(HIDDEN_FRAME_SECONDS / 10)
        wire.offer(i)
        wire.stream.acknowledge("client", len(wire.sent), visible=False)
    assert 9 <= len(wire.sent) <= 12
    assert wire.news == sorted(wire.news)
    wire.forward(HEARTBEAT_SECONDS)
    wire.stream.heartbeat("client", wire.last_seq, visible=False)
    assert wire.news[-1] == 100


def test_the_last_message_goes_to_a_hidden_page_at_once():
    wire = Wire()
    wire.stream.greet("client", visible=False)
    wire.offer("first")
    wire.stream.acknowledge("client", 1, visible=False)
    wire.offer("running")
    assert wire.news == ["first"]
    wire.offer("ended", last=True)
    assert wire.news == ["first", "ended"]


def test_a_page_that_becomes_visible_gets_what_it_missed():
    wire = Wire()
    wire.stream.greet("client", visible=False)
    wire.offer(0)
    wire.stream.acknowledge("client", 1, visible=False)
    wire.offer(1)
    assert wire.news == [0]
    wire.stream.heartbeat("client", 1, visible=True)
    assert wire.news == [0, 1]


# --- losses -------------------------------------------------------------------------------------------


def test_a_message_that_was_lost_is_sent_again_after_a_heartbeat(wire):
    wire.offer("the last", last=True)
    wire.forward(HEARTBEAT_SECONDS)
    wire.beat("client", 0)
    assert wire.news == ["the last", "the last"]
    wire.stream.acknowledge("client", wire.last_seq)
    wire.forward(HEARTBEAT_SECONDS)
    wire.beat("client", wire.last_seq)
    assert wire.news == ["the last", "the last"]


def test_however_slow_a_connection_is_no_more_than_the_window_is_on_its_way(wire):
    for i in range(20):
        wire.offer(i)
        wire.forward(HEARTBEAT_SECONDS)
        wire.stream.heartbeat("client", 0)
    assert wire.news == [0, 1]


def test_a_message_that_cannot_be_sent_is_sent_again_after_a_heartbeat(clock, caplog):
    attempts = []

    def send(content, buffers):
        attempts.append(content)
        if len(attempts) == 1:
            raise OSError("the socket is gone")

    done = threading.Event()
    own = Sender()
    stream = Stream(send, encode, Audience(clock), window=2, clock=clock, wake=own.wake)
    stream.greet("client")
    stream.offer("key", "news")
    own.call(lambda: clock.forward(HEARTBEAT_SECONDS))
    own.call(lambda: stream.greet("client"))  # it hears that more was sent than came
    own.call(lambda: own.call(done.set))
    assert done.wait(30)
    assert [content["seq"] for content in attempts] == [1, 2]
    assert "a task of tsne-widget-sender failed" in caplog.text


def test_a_page_that_was_given_up_gets_the_newest_when_it_speaks_again(wire):
    wire.offer("seen")
    wire.stream.acknowledge("client", 1)
    wire.forward(ABSENCE_SECONDS + 1)
    wire.offer("missed")
    assert wire.news == ["seen"]
    wire.stream.heartbeat("client", 1)
    assert wire.news == ["seen", "missed"]


def test_an_acknowledgement_that_comes_after_the_goodbye_gets_nothing_more(wire):
    wire.offer(0)
    wire.audience.left("client")
    wire.stream.acknowledge("client", 1)
    wire.offer(1)
    assert wire.news == [0]


# --- memory -------------------------------------------------------------------------------------------


class Payload:
    """Stands for the layout that an encoder holds."""


def test_ten_thousand_offers_without_an_acknowledgement_keep_one_message_a_key():
    wire = Wire(window=2)
    wire.stream.greet("client")
    alive: weakref.WeakSet[Payload] = weakref.WeakSet()
    for i in range(10_000):
        payload = Payload()
        alive.add(payload)
        wire.stream.offer(i % 3, "news", payload)
    del payload
    assert len(wire.sent) == 2
    wire.sent.clear()
    gc.collect()
    assert len(alive) == 3


def test_messages_are_encoded_only_when_they_are_sent():
    encoded = Counter()

    def count(sequence, news):
        encoded.update(light for light, _ in news)
        return encode(sequence, news)

    wire = Wire()
    wire.stream._encode = count
    wire.stream.greet("client")
    for i in range(100):
        wire.offer(i)
    wire.stream.acknowledge("client", 2)
    assert encoded == {0: 1, 1: 1, 99: 1}


# --- any history --------------------------------------------------------------------------------------


class AnyHistory(RuleBasedStateMachine):
    """Pages that come, hide, lose messages, hang and leave; in the end they have the newest of every key."""

    @initialize(window=st.integers(1, 3))
    def begin(self, window):
        self.wire = Wire(window=window)
        # By page and key: the news that arrived, and the newest heavy object.
        self.arrived: dict[str, dict[str, list]] = {}
        self.heavy: dict[str, dict[str, object]] = {}
        self.received: dict[str, int] = {}
        self.visible: dict[str, bool] = {}
        self.newest: dict[str, int] = {}
        self.newest_heavy: dict[str, object] = {}
        self.taken = 0

    def transport(self, lost: bool = False):
        """Bring what was sent to all pages, in order, or lose it."""
        for sequence, news in self.wire.sent[self.taken :]:
            for client in self.received if not lost else ():
                self.received[client] = sequence
                for (key, number), heavy in news:
                    self.arrived[client].setdefault(key, []).append(number)
                    if heavy is not None:
                        self.heavy[client][key] = heavy
        self.taken = len(self.wire.sent)

    @rule(client=st.sampled_from("ab"), visible=st.booleans())
    def come(self, client, visible):
        self.transport()
        self.received[client] = 0
        self.arrived[client], self.heavy[client] = {}, {}
        self.visible[client] = visible
        self.wire.stream.greet(client, visible=visible)

    @rule(client=st.sampled_from("ab"))
    def leave(self, client):
        for known in (self.received, self.arrived, self.heavy, self.visible):
            known.pop(client, None)
        self.wire.audience.left(client)

    @rule(key=st.sampled_from("xy"), moved=st.booleans(), last=st.booleans())
    def offer(self, key, moved, last):
        self.newest[key] = self.newest.get(key, -1) + 1
        if moved or key not in self.newest_heavy:
            self.newest_heavy[key] = [f"layout {self.newest[key]}"]
        self.wire.offer((key, self.newest[key]), key=key, heavy=self.newest_heavy[key], last=last)

    @rule(lost=st.booleans())
    def carry(self, lost):
        self.transport(lost)

    @rule(client=st.sampled_from("ab"), visible=st.booleans())
    def acknowledge(self, client, visible):
        if client in self.received:
            self.visible[client] = visible
            self.wire.stream.acknowledge(client, self.received[client], visible=visible)

    @rule(client=st.sampled_from("ab"))
    def beat(self, client):
        self.transport()
        if client in self.received:
            self.wire.beat(client, self.received[client], visible=self.visible[client])

    @rule(seconds=st.floats(0, 40))
    def wait(self, seconds):
        self.wire.forward(seconds)

    @invariant()
    def news_are_never_older_than_those_before(self):
        for of_page in self.arrived.values():
            for news in of_page.values():
                assert news == sorted(news)

    def teardown(self):
        self.transport(lost=True)
        for _ in range(4):
            self.wire.forward(HEARTBEAT_SECONDS)
            for client, visible in self.visible.items():
                self.transport()
                self.wire.beat(client, self.received[client], visible=visible)
            self.transport()
            for client, visible in self.visible.items():
                self.wire.stream.acknowledge(client, self.received[client], visible=visible)
            self.transport()
        for client, arrived in self.arrived.items():
            assert {key: news[-1] for key, news in arrived.items()} == self.newest, client
            assert self.heavy[client] == self.newest_heavy, client


TestAnyHistory = AnyHistory.TestCase


@given(st.lists(st.booleans(), max_size=50), st.integers(1, 3))
def test_between_two_acknowledgements_at_most_the_window_is_sent(offers, window):
    wire = Wire(window=window)
    wire.stream.greet("client")
    acknowledged = 0
    for i, acknowledge in enumerate(offers):
        wire.offer(i)
        assert len(wire.sent) - acknowledged <= window
        if acknowledge and wire.sent:
            acknowledged = len(wire.sent)
            wire.stream.acknowledge("client", acknowledged)


# --- the thread ---------------------------------------------------------------------------------------


def test_tasks_are_done_in_order_by_one_thread():
    own, done, finished = Sender(), [], threading.Event()
    for i in range(100):
        own.call(lambda i=i: done.append((i, threading.current_thread())))
    own.call(finished.set)
    assert finished.wait(30)
    assert [i for i, _ in done] == list(range(100))
    assert {thread for _, thread in done}.isdisjoint({threading.main_thread()})
    assert len({thread for _, thread in done}) == 1


def test_there_is_one_sender_in_a_process():
    assert sender() is sender()

"""The newest message gets through, in bounded memory, whatever the browser does."""

from __future__ import annotations

import gc
import threading
import weakref
from collections import Counter
from dataclasses import dataclass, field
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from tsne_widget.audience import Audience
from tsne_widget.settings import ABSENCE_SECONDS, HEARTBEAT_SECONDS, HIDDEN_FRAME_SECONDS
from tsne_widget.stream import Sender, Stream, sender


@dataclass
class Wire:
    """A stream whose sending is recorded, and done at once when the stream asks for it."""

    window: int = 2
    now: float = 1000.0
    sent: list[tuple[int, object]] = field(default_factory=list)

    def __post_init__(self):
        self.audience = Audience(self.clock)
        self.stream = Stream(
            self._send, self.audience, window=self.window, clock=self.clock, wake=Stream.flush
        )

    def clock(self):
        return self.now

    def forward(self, seconds):
        self.now += seconds

    def _send(self, content, buffers):
        assert buffers == []
        self.sent.append((content["seq"], content["news"]))

    def offer(self, news, key="frame", **how):
        self.stream.offer(key, lambda sequence: ({"seq": sequence, "news": news}, []), **how)

    @property
    def news(self):
        return [news for _, news in self.sent]

    @property
    def last_seq(self):
        return self.sent[-1][0]


@pytest.fixture
def wire():
    made = Wire()
    made.stream.greet("page")
    return made


def test_nothing_is_sent_while_nobody_is_there():
    wire = Wire()
    for i in range(100):
        wire.offer(i)
    assert wire.sent == []


def test_a_page_that_comes_gets_the_newest_of_every_key():
    wire = Wire()
    for i in range(10):
        wire.offer(("frame", i), key="frame")
        wire.offer(("status", i), key="status")
    wire.stream.greet("page")
    assert wire.news == [("frame", 9), ("status", 9)]


def test_a_second_page_gets_the_newest_too(wire):
    wire.offer("a")
    wire.stream.acknowledge("page", wire.last_seq)
    wire.stream.greet("second")
    assert wire.news == ["a", "a"]


def test_sequence_numbers_count_what_was_sent(wire):
    for i in range(20):
        wire.offer(i)
        wire.stream.acknowledge("page", wire.last_seq)
    assert [sequence for sequence, _ in wire.sent] == list(range(1, 21))


def test_no_more_than_the_window_is_on_its_way(wire):
    for i in range(10):
        wire.offer(i)
    assert wire.news == [0, 1]


def test_an_acknowledgement_opens_the_window_for_the_newest(wire):
    for i in range(10):
        wire.offer(i)
    wire.stream.acknowledge("page", 1)
    assert wire.news == [0, 1, 9]


def test_an_acknowledgement_stands_for_all_before_it(wire):
    for i in range(3):
        wire.offer(i)
    wire.stream.acknowledge("page", 2)
    wire.offer(3)
    assert wire.news == [0, 1, 2, 3]


def test_an_acknowledgement_of_what_was_never_sent_opens_no_more_than_the_window(wire):
    wire.offer(0)
    wire.stream.acknowledge("page", 10**9)
    for i in range(1, 10):
        wire.offer(i)
    assert wire.news == [0, 1, 2]


def test_a_message_that_contains_the_news_of_another_key_replaces_it(wire):
    wire.offer(0)
    wire.offer(1)
    wire.offer("old status", key="status")
    wire.offer("frame with status", key="frame", contains="status")
    wire.stream.acknowledge("page", 2)
    assert wire.news == [0, 1, "frame with status"]
    wire.stream.greet("second")
    assert wire.news[3:] == ["frame with status"]


def test_keys_are_sent_in_the_order_of_their_newest_messages(wire):
    wire.offer(0)
    wire.offer(1)
    wire.offer("b", key="b")
    wire.offer("a", key="a")
    wire.offer("b again", key="b")
    wire.stream.acknowledge("page", 2)
    assert wire.news[2:] == ["a", "b again"]


def test_the_slowest_visible_page_sets_the_pace(wire):
    wire.stream.greet("slow")
    for i in range(5):
        wire.offer(i)
        wire.stream.acknowledge("page", wire.last_seq)
    assert wire.news == [0, 1]
    wire.stream.acknowledge("slow", 2)
    assert wire.news == [0, 1, 4]


def test_a_page_that_vanished_stops_holding_up_the_others(wire):
    wire.stream.greet("vanished")
    wire.offer(0)
    wire.offer(1)
    for i in range(2, 20):
        wire.forward(HEARTBEAT_SECONDS)
        wire.stream.heartbeat("page", wire.last_seq)
        wire.offer(i)
    assert wire.news[-1] == 19


# --- hidden pages -------------------------------------------------------------------------------------


def test_a_hidden_page_gets_a_message_a_second_and_the_newest():
    wire = Wire()
    wire.stream.greet("page", visible=False)
    for i in range(1, 101):
        wire.forward(HIDDEN_FRAME_SECONDS / 10)
        wire.offer(i)
        wire.stream.acknowledge("page", len(wire.sent), visible=False)
    assert 9 <= len(wire.sent) <= 12
    assert wire.news == sorted(wire.news)
    wire.forward(HEARTBEAT_SECONDS)
    wire.stream.heartbeat("page", wire.last_seq, visible=False)
    assert wire.news[-1] == 100


def test_the_last_message_goes_to_a_hidden_page_at_once():
    wire = Wire()
    wire.stream.greet("page", visible=False)
    wire.offer("first")
    wire.stream.acknowledge("page", 1, visible=False)
    wire.offer("running")
    assert wire.news == ["first"]
    wire.offer("ended", last=True)
    assert wire.news == ["first", "ended"]


def test_a_page_that_becomes_visible_gets_what_it_missed():
    wire = Wire()
    wire.stream.greet("page", visible=False)
    wire.offer(0)
    wire.stream.acknowledge("page", 1, visible=False)
    wire.offer(1)
    assert wire.news == [0]
    wire.stream.heartbeat("page", 1, visible=True)
    assert wire.news == [0, 1]


# --- losses -------------------------------------------------------------------------------------------


def test_a_message_that_was_lost_is_sent_again_after_a_heartbeat(wire):
    wire.offer("the last", last=True)
    wire.forward(HEARTBEAT_SECONDS)
    wire.stream.heartbeat("page", 0)
    assert wire.news == ["the last", "the last"]
    wire.stream.acknowledge("page", wire.last_seq)
    wire.forward(HEARTBEAT_SECONDS)
    wire.stream.heartbeat("page", wire.last_seq)
    assert wire.news == ["the last", "the last"]


def test_a_heartbeat_that_crosses_a_message_on_its_way_sends_nothing_twice(wire):
    wire.offer("on its way")
    wire.stream.heartbeat("page", 0)
    assert wire.news == ["on its way"]


def test_a_message_that_cannot_be_sent_is_sent_again_after_a_heartbeat(clock, caplog):
    attempts = []

    def send(content, buffers):
        attempts.append(content)
        if len(attempts) == 1:
            raise OSError("the socket is gone")

    done = threading.Event()
    own = Sender()
    stream = Stream(send, Audience(clock), window=2, clock=clock, wake=own.wake)
    stream.greet("page")
    stream.offer("key", lambda sequence: ({"seq": sequence}, []))
    own.call(lambda: clock.forward(HEARTBEAT_SECONDS))
    own.call(lambda: stream.heartbeat("page", 0))
    own.call(lambda: own.call(done.set))
    assert done.wait(30)
    assert [content["seq"] for content in attempts] == [1, 2]
    assert "sending to the browser failed" in caplog.text


def test_a_page_that_was_given_up_gets_the_newest_when_it_speaks_again(wire):
    wire.offer("seen")
    wire.stream.acknowledge("page", 1)
    wire.forward(ABSENCE_SECONDS + 1)
    wire.offer("missed")
    assert wire.news == ["seen"]
    wire.stream.heartbeat("page", 1)
    assert wire.news == ["seen", "missed"]


def test_an_acknowledgement_that_comes_after_the_goodbye_gets_nothing_more(wire):
    wire.offer(0)
    wire.audience.left("page")
    wire.stream.acknowledge("page", 1)
    wire.offer(1)
    assert wire.news == [0]


# --- memory -------------------------------------------------------------------------------------------


class Payload:
    """Stands for the layout that an encoder holds."""


def test_ten_thousand_offers_without_an_acknowledgement_keep_one_message_a_key():
    wire = Wire(window=2)
    wire.stream.greet("page")
    alive: weakref.WeakSet[Payload] = weakref.WeakSet()

    def encode(payload, sequence):
        return {"seq": sequence, "news": None}, []

    for i in range(10_000):
        payload = Payload()
        alive.add(payload)
        wire.stream.offer(("frame", i % 3), partial(encode, payload))
    del payload
    gc.collect()
    assert len(alive) == 3
    assert len(wire.sent) == 2


def test_messages_are_encoded_only_when_they_are_sent(wire):
    encoded = Counter()

    def encode(i, sequence):
        encoded[i] += 1
        return {"seq": sequence, "news": i}, []

    for i in range(100):
        wire.stream.offer("frame", partial(encode, i))
    wire.stream.acknowledge("page", 2)
    assert encoded == {0: 1, 1: 1, 99: 1}


# --- any history --------------------------------------------------------------------------------------


class AnyHistory(RuleBasedStateMachine):
    """Pages that come, hide, lose messages, hang and leave; in the end they have the newest message."""

    @initialize(window=st.integers(1, 3))
    def begin(self, window):
        self.wire = Wire(window=window)
        self.arrived: dict[str, list] = {}
        self.received: dict[str, int] = {}
        self.visible: dict[str, bool] = {}
        self.newest = None
        self.taken = 0

    def transport(self, lost: bool = False):
        """Bring what was sent to all pages, in order, or lose it."""
        for sequence, news in self.wire.sent[self.taken :]:
            for page in self.received if not lost else ():
                self.received[page] = sequence
                self.arrived[page].append(news)
        self.taken = len(self.wire.sent)

    @rule(page=st.sampled_from("ab"), visible=st.booleans())
    def come(self, page, visible):
        self.transport()
        self.received[page] = 0
        self.arrived[page] = []
        self.visible[page] = visible
        self.wire.stream.greet(page, visible=visible)

    @rule(page=st.sampled_from("ab"))
    def leave(self, page):
        for known in (self.received, self.arrived, self.visible):
            known.pop(page, None)
        self.wire.audience.left(page)

    @rule(last=st.booleans())
    def offer(self, last):
        self.newest = 0 if self.newest is None else self.newest + 1
        self.wire.offer(self.newest, last=last)

    @rule(lost=st.booleans())
    def carry(self, lost):
        self.transport(lost)

    @rule(page=st.sampled_from("ab"), visible=st.booleans())
    def acknowledge(self, page, visible):
        if page in self.received:
            self.visible[page] = visible
            self.wire.stream.acknowledge(page, self.received[page], visible=visible)

    @rule(page=st.sampled_from("ab"))
    def beat(self, page):
        if page in self.received:
            self.wire.stream.heartbeat(page, self.received[page], visible=self.visible[page])

    @rule(seconds=st.floats(0, 40))
    def wait(self, seconds):
        self.wire.forward(seconds)

    @invariant()
    def news_are_never_older_than_those_before(self):
        for news in self.arrived.values():
            assert news == sorted(news)

    def teardown(self):
        self.transport(lost=True)
        for _ in range(4):
            self.wire.forward(HEARTBEAT_SECONDS)
            for page, visible in self.visible.items():
                self.wire.stream.heartbeat(page, self.received[page], visible=visible)
            self.transport()
            for page, visible in self.visible.items():
                self.wire.stream.acknowledge(page, self.received[page], visible=visible)
            self.transport()
        for page, news in self.arrived.items():
            assert news[-1:] == [self.newest] * (self.newest is not None), page


TestAnyHistory = AnyHistory.TestCase


@given(st.lists(st.booleans(), max_size=50), st.integers(1, 3))
def test_between_two_acknowledgements_at_most_the_window_is_sent(offers, window):
    wire = Wire(window=window)
    wire.stream.greet("page")
    acknowledged = 0
    for i, acknowledge in enumerate(offers):
        wire.offer(i)
        assert len(wire.sent) - acknowledged <= window
        if acknowledge and wire.sent:
            acknowledged = len(wire.sent)
            wire.stream.acknowledge("page", acknowledged)


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

"""A host that drops what threads send: the page pulls, and is answered in the thread of its message."""

from __future__ import annotations

import time
from contextlib import suppress

import numpy as np
import pytest

from tests.clients import (
    ENDLESS,
    NUMBERS,
    PATIENCE,
    Client,
    DeafClient,
    everything_was_sent,
    make,
    with_layouts,
)
from tests.wire.test_stream import Wire
from tsne_widget import WaitTimeoutError

pytestmark = pytest.mark.usefixtures("close_widgets")


def test_a_map_lives_and_ends_as_in_python_though_no_thread_is_heard(blobs):
    w = make(blobs, **ENDLESS)
    client = DeafClient(w)
    client.hello()
    shown: list[tuple[int, np.ndarray]] = []

    def look():
        for content, buffers in client.pull():
            moved = with_layouts(content, buffers)
            shown.extend((entry["layout"]["iteration"], points) for entry, points in moved)

    while len(shown) < 5:
        look()
    w.pause().wait(PATIENCE)
    look()
    iterations = [iteration for iteration, _ in shown]
    assert iterations == sorted(set(iterations))
    assert shown[-1][1].tobytes() == w.embedding_.tobytes()
    assert client.news() == []


def test_news_that_were_lost_come_with_the_next_question(blobs):
    w = make(blobs).wait(PATIENCE)
    client = DeafClient(w)
    client.hello()
    first = client.news()
    client.received = 0  # it never came
    assert [entry for entry, _ in client.news()] == [entry for entry, _ in first]
    assert client.news() == []


def test_questions_and_measurements_are_answered(blobs):
    w = make(blobs, init="random", random_state=[0, 1]).wait(PATIENCE)
    client = DeafClient(w)
    client.hello()
    client.pull()
    query = {"name": "neighbors", "row": 7, "k": 3}
    client.say(type="query", client=client.name, id=next(NUMBERS), query=query)
    query = {"name": "measure", "measure": "stability", "runs": [0, 1], "row": None, "view": 0}
    client.say(type="query", client=client.name, id=next(NUMBERS), query=query)
    until, replies = time.monotonic() + PATIENCE, []
    while len(replies) < 2 and time.monotonic() < until:
        replies += [(content, buffers) for content, buffers in client.pull() if content["type"] == "reply"]
    (near, _), (_, (share,)) = sorted(replies, key=lambda reply: reply[0]["id"])
    assert near["result"]["by_metric"][0]["positions"] == w.neighbors(7, k=3).tolist()
    np.testing.assert_allclose(np.frombuffer(share, "<f4"), w.stability(), rtol=1e-6)


def pull_until_rest(client, w):
    """Wait for a map as a page does that gets nothing else; one that is silent for long is forgotten."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        client.pull()
        with suppress(WaitTimeoutError):
            w.wait(0.5)
            return


def test_what_a_saved_notebook_needs_reaches_the_page(blobs):
    w = make(blobs)
    client = DeafClient(w)
    client.hello()
    pull_until_rest(client, w)
    client.pull()
    assert [state for state in client.states if "_snapshot" in state]


def test_what_was_left_for_a_page_is_done_when_it_goes(blobs):
    w = make(blobs)
    client = DeafClient(w)
    client.hello()
    pull_until_rest(client, w)
    client.bye()
    everything_was_sent()
    assert w._snapshot[0]["status"]["iteration"] == 60


def test_a_page_that_listens_again_is_sent_to_again(blobs):
    w = make(blobs, autostart=False).wait(PATIENCE)
    deaf = DeafClient(w)
    deaf.hello()
    deaf.pull()
    client = Client(w, deaf.name)
    client.hello()
    assert client.frame()[1].tobytes() == w.embedding_.tobytes()


# --- the stream ---------------------------------------------------------------------------------------


def test_nothing_is_sent_to_pages_that_pull_until_they_ask():
    wire = Wire()
    wire.stream.pull("client", 0)
    for i in range(10):
        wire.offer(i)
    assert wire.sent == []
    wire.stream.pull("client", 0)
    wire.stream.pull("client", 1)
    assert wire.news == [9]


def test_what_is_heavy_goes_once_where_the_page_has_it():
    wire, layout = Wire(), ("a layout",)
    wire.stream.pull("client", 0)
    wire.offer("moved", heavy=layout)
    wire.stream.pull("client", 0)
    wire.offer("better known", heavy=layout)
    wire.stream.pull("client", 1)
    wire.offer("better still", heavy=layout)
    wire.stream.pull("client", 1)  # the second was lost
    assert wire.messages == [[("moved", layout)], ["better known"], ["better still"]]


def test_a_page_that_listens_is_sent_to_while_another_pulls():
    wire = Wire()
    wire.stream.greet("listens")
    wire.stream.pull("pulls", 0)
    wire.offer("news")
    assert wire.news == ["news"]
    wire.stream.pull("pulls", 0)
    assert wire.news == ["news", "news"]


def test_a_page_that_pulled_and_has_gone_holds_up_nobody():
    wire = Wire()
    wire.stream.pull("pulls", 0)
    wire.audience.left("pulls")
    wire.stream.greet("listens")
    wire.offer("news")
    assert wire.news == ["news"]


def test_a_page_cannot_say_that_it_has_what_was_never_sent():
    wire = Wire()
    wire.stream.pull("client", 10**9)
    wire.offer("news")
    wire.stream.pull("client", 10**9)
    assert wire.news == ["news"]

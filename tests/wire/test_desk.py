"""What may be read from a map is told in steps: others take turns, and whoever goes or moves on ends it."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from tests.clients import ENDLESS, NUMBERS, PATIENCE, Client, make
from tsne_widget.honesty.findings import Finding, Found

pytestmark = pytest.mark.usefixtures("close_widgets")


class Slow:
    """Finds something about a map; costly questions take a step whenever a test lets them."""

    def __init__(self) -> None:
        self.taken, self.gate, self.begun = 0, threading.Semaphore(0), threading.Event()

    def steps(self, query):
        while query.question == "gaps" and self.taken < 9:
            self.begun.set()
            assert self.gate.acquire(timeout=PATIENCE)
            self.taken += 1
            yield
        yield
        pairs = np.array([[0, 9]]) if query.question == "verdict" else np.empty((0, 2), np.int64)
        return Found(query.run, 0, 0, (Finding(query.question, "", "found"),), links=pairs)


@pytest.fixture
def slow():
    return Slow()


@pytest.fixture
def asked(blobs, slow):
    """A map at rest and the client that asks about it."""
    w = make(blobs, autostart=False).wait(PATIENCE)
    w._readings.steps = slow.steps
    return Client(w)


def ask(client, question, run=0, view=0, name="read", **subjects):
    about = {"first": None, "second": None, **subjects} if name == "read" else {}
    number = next(NUMBERS)
    query = {"name": name, "question": question, "run": run, "view": view, **about}
    client.say(type="query", client=client.name, id=number, query=query)
    return number


def reply(client):
    return client.next(lambda content: content["type"] == "reply")


def test_a_finding_is_told_with_the_pairs_that_cross(asked):
    number = ask(asked, "verdict", first={"of": "selection", "name": None})
    content, (pairs,) = reply(asked)
    assert (content["id"], content["error"]) == (number, None)
    assert content["result"]["findings"][0]["sentence"] == "found"
    assert content["result"]["links"] == 1
    assert np.frombuffer(pairs, "<i4").tolist() == [0, 9]


def test_a_long_reading_holds_up_neither_a_short_one_nor_measures_nor_lookups(asked, slow):
    long = ask(asked, "gaps")
    assert slow.begun.wait(PATIENCE)
    lookup, measure = next(NUMBERS), next(NUMBERS)
    near = {"name": "neighbors", "row": 0, "k": 3}
    asked.say(type="query", client=asked.name, id=lookup, query=near)
    density = {"name": "measure", "measure": "density", "runs": [], "row": None, "view": 0}
    asked.say(type="query", client=asked.name, id=measure, query=density)
    assert {reply(asked)[0]["id"], reply(asked)[0]["id"]} == {lookup, measure}
    short = ask(asked, "map")
    slow.gate.release(2)  # of nine steps
    assert reply(asked)[0]["id"] == short
    slow.gate.release(9)
    content = reply(asked)[0]
    assert (content["id"], content["error"]) == (long, None)


@pytest.mark.parametrize("name", ["read", "drop_read"])
def test_the_same_question_again_and_dropping_it_end_it_between_two_steps(asked, slow, name):
    first = ask(asked, "gaps")
    assert slow.begun.wait(PATIENCE)
    second = ask(asked, "gaps", name=name)
    slow.gate.release(1 if name == "drop_read" else 9)
    replies = {content["id"]: content for content in (reply(asked)[0], reply(asked)[0])}
    assert "another question, or none" in replies[first]["error"]
    assert replies[second]["error"] is None


@pytest.mark.parametrize("changes", [{"question": "noise"}, {"view": 1}])
def test_another_question_and_another_view_end_nothing(asked, slow, changes):
    first = ask(asked, "gaps")
    assert slow.begun.wait(PATIENCE)
    second = ask(asked, **{"question": "gaps", **changes})
    slow.gate.release(99)
    replies = {content["id"]: content["error"] for content in (reply(asked)[0], reply(asked)[0])}
    assert replies == {first: None, second: None}


def test_a_client_that_leaves_ends_what_it_has_asked(asked, slow):
    ask(asked, "gaps")
    assert slow.begun.wait(PATIENCE)
    asked.bye()
    slow.gate.release(99)
    assert "view was closed" in reply(asked)[0]["error"]
    assert slow.taken == 1
    ask(asked, "map")  # it has come back
    assert reply(asked)[0]["error"] is None


@pytest.mark.parametrize("change", ["step", "restart", "perplexity"])
def test_a_map_that_changes_ends_what_was_asked_of_it(asked, slow, change):
    ask(asked, "gaps")
    assert slow.begun.wait(PATIENCE)
    w = asked.widget
    if change == "perplexity":
        w.perplexity = 5
    else:
        getattr(w, change)()
    w.wait(PATIENCE)
    slow.gate.release(99)
    assert "the map" in reply(asked)[0]["error"]
    assert slow.taken == 1


def test_a_moving_map_is_not_read(blobs, slow):
    w = make(blobs, **ENDLESS)
    w._readings.steps = slow.steps
    client = Client(w)
    ask(client, "map")
    assert "once it rests" in reply(client)[0]["error"]
    w.pause().wait(PATIENCE)
    ask(client, "map")
    assert reply(client)[0]["error"] is None


def test_a_closed_widget_ends_what_was_asked(asked, slow):
    ask(asked, "gaps")
    assert slow.begun.wait(PATIENCE)
    asked.widget.close()
    slow.gate.release(99)
    ended = threading.Event()
    desk = asked.widget._driver.session._listener.desk
    for _ in range(2):  # a step that began, and what it left to do
        ended.clear()
        desk.read_worker.call(ended.set)
        assert ended.wait(PATIENCE)
    assert slow.taken == 1

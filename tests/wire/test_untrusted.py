"""What a browser says is not trusted: whatever comes, it is understood, or refused with a reason."""

from __future__ import annotations

import itertools
import json
import logging
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clients import PATIENCE, Client, everything_was_sent, make, rows_on_the_wire
from tests.conftest import relaxed
from tsne_widget import TSNEWidgetError
from tsne_widget.parameters.constants import CLIENTS_MAX, QUESTIONS_MAX
from tsne_widget.wire.protocol import TRAITS_OF_CLIENTS

SAMPLES = json.loads((Path(__file__).parents[1] / "protocol" / "from_browser.json").read_text("utf-8"))


pytestmark = pytest.mark.usefixtures("close_widgets")


@pytest.fixture
def still(blobs):
    """A widget whose map rests at its beginning, as a page has it."""
    w = make(blobs, labels=["a", "b"] * 30, data={"size": np.arange(60.0)}, autostart=False).wait(PATIENCE)
    everything_was_sent()
    return Client(w)


def command(client: Client, number: int, name: str, **value) -> str | None:
    """Send a command with a number of its own, and return why it was refused."""
    client.say(type="command", client=client.name, id=number, name=name, **value)
    who = ("answer", client.name)
    return client.next(lambda content: (content["type"], content.get("client")) == who)[0]["error"]


# --- what comes again, too late, or too early ---------------------------------------------------------


def test_a_command_that_comes_again_is_carried_out_once(still, caplog):
    w = still.widget
    assert command(still, 5, "step", value=3, run=None) is None
    assert "id=5 is repeated" in command(still, 5, "step", value=3, run=None)
    assert w.wait(PATIENCE).iteration == 3
    assert "refused: id=5 is repeated" in caplog.text


def test_a_command_that_was_overtaken_does_not_undo_the_newer_one(still):
    assert command(still, 9, "change", axis="perplexity", value=12, run=None) is None
    assert "too late" in command(still, 8, "change", axis="perplexity", value=7, run=None)
    assert still.widget.perplexity == 12


def test_pages_count_their_commands_each_for_itself(still):
    other = Client(still.widget, "another client")
    assert command(other, 40, "play", run=None) is None
    still.widget.comm.publish_msg = still._take
    assert command(still, 1, "pause", run=None) is None


def test_a_question_that_comes_again_is_answered_once(still):
    query = {"name": "neighbors", "row": 3, "k": 2}
    for _ in range(2):
        still.say(type="query", client=still.name, id=7, query=query)
    errors = [still.next(lambda content: content["type"] == "reply")[0]["error"] for _ in range(2)]
    assert sum(error is None for error in errors) == 1
    assert any(error and "is repeated" in error for error in errors)


@pytest.mark.parametrize("kind", ["ack", "alive"])
def test_what_was_never_sent_is_not_received(still, kind, caplog):
    still.hello()
    still.frame()
    everything_was_sent()
    line = line_of(still.widget)
    before = line.audience.acknowledged
    still.say(type=kind, client=still.name, visible=True, seq=still.received + 1, told=0)
    assert f"seq={still.received + 1} was never sent" in caplog.text
    assert line.audience.acknowledged == before


@pytest.mark.parametrize("kind", ["ack", "alive"])
def test_an_acknowledgement_that_was_overtaken_changes_nothing(still, kind, caplog):
    still.hello()
    still.frame()
    still.widget.step(2).wait(PATIENCE)
    still.frame(lambda entry: entry["layout"]["iteration"] == 2)
    everything_was_sent()
    still.say(type=kind, client=still.name, visible=False, seq=0, told=0)
    assert "seq=0 is too late" in caplog.text
    assert line_of(still.widget).audience.visible


def line_of(w):
    return w._driver.session._listener


# --- too much -----------------------------------------------------------------------------------------


def test_more_pages_than_there_can_be_are_not_remembered(still, caplog):
    still.online = False
    for number in range(2 * CLIENTS_MAX):
        still.say(type="hello", client=f"client {number}", visible=True)
        still.say(type="alive", client=f"client {number}", visible=True, seq=0, told=0)
    assert (
        f"'client {CLIENTS_MAX}' is refused: at most {CLIENTS_MAX} clients can show a widget" in caplog.text
    )
    audience = line_of(still.widget).audience
    known = [audience.knows(f"client {number}") for number in (CLIENTS_MAX - 1, CLIENTS_MAX)]
    assert known == [True, False]


def test_questions_do_not_queue_without_end(still):
    gate, numbers = threading.Event(), itertools.count(1)

    def ask():
        still.say(
            type="query", client="a client", id=next(numbers), query={"name": "neighbors", "row": 0, "k": 2}
        )

    line_of(still.widget).desk.query_worker.call(lambda: gate.wait(PATIENCE))
    for _ in range(QUESTIONS_MAX + 1):
        ask()
    refused, _ = still.next(lambda content: content["type"] == "reply")
    gate.set()
    assert (refused["id"], refused["error"]) == (
        QUESTIONS_MAX + 1,
        "1000 questions are waiting: ask again later",
    )
    for _ in range(QUESTIONS_MAX):
        assert still.next(lambda content: content["type"] == "reply")[0]["error"] is None
    ask()
    assert still.next(lambda content: content["type"] == "reply")[0]["error"] is None


@pytest.mark.parametrize("field", ["type", "name", "client"])
def test_what_is_said_of_a_huge_message_is_short(still, field, caplog):
    content = {"type": "command", "client": "a client", "id": 1, "name": "play", "run": None}
    still.say(**{**content, field: "<x>" * 10**6})
    assert "refused" in caplog.text
    assert len(caplog.text) < 1_000


# --- traits -------------------------------------------------------------------------------------------


def test_what_python_tells_is_not_the_browser_s_to_change(still, caplog):
    w = still.widget
    before = w.get_state()
    for name in set(w.keys) - {*TRAITS_OF_CLIENTS, "_told"}:
        with pytest.raises(TSNEWidgetError, match="not a trait that a client may set"):
            w.set_state({"opacity": 0.5, name: before[name]})
    assert w.get_state() == before
    assert "'_esm' is not a trait that a client may set" in caplog.text


def test_a_change_that_is_refused_is_told_to_no_page_and_what_holds_to_all(still):
    w = still.widget.select([1, 2])
    still.states.clear()
    for state in (
        {"opacity": 7},
        {"height": 10**6},
        {"height": "400"},
        {"align": "selection", "opacity": []},
    ):
        with pytest.raises(TSNEWidgetError):
            w.set_state(state)
    assert [state.get("opacity") for state in still.states] == ["auto", None, None, "auto"]
    assert [state.get("height") for state in still.states] == [None, 560, 560, None]
    assert w.align is True


def test_a_selection_larger_than_the_rows_is_refused_by_its_size(still):
    with pytest.raises(TSNEWidgetError, match="244 bytes"):
        still.widget.set_state({"selection": memoryview(bytes(4 * 61))})
    still.widget.set_state({"selection": rows_on_the_wire(*range(60))})
    assert len(still.widget.selection) == 60


def test_more_columns_than_a_tooltip_can_have_are_refused(still):
    with pytest.raises(TSNEWidgetError, match="at most 200 texts"):
        still.widget.set_state({"tooltip_columns": ["size"] * 201})
    assert still.widget.tooltip_columns == ["size"]


# --- thousands of them --------------------------------------------------------------------------------

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just(10**400)
JSON = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner), max_leaves=4
)
NUMBERS = st.integers(0, 70) | st.just(2**53 + 1)
FIELDS = {"id": NUMBERS, "seq": NUMBERS, "run": NUMBERS, "value": NUMBERS, "client": st.sampled_from("pq")}


@st.composite
def messages(draw):
    """A message as a browser says it, some of whose fields are others, missing or too many."""
    content = {**draw(st.sampled_from(list(SAMPLES.values())))}
    for name in draw(st.lists(st.sampled_from([*content, *FIELDS, "query", "else"]), max_size=3)):
        content[name] = draw(FIELDS.get(name, JSON) | JSON)
    if isinstance(content.get("query"), dict):
        changed = draw(st.dictionaries(st.sampled_from([*content["query"], "row", "k"]), JSON, max_size=1))
        content["query"] = {**content["query"], **changed}
    for name in draw(st.lists(st.sampled_from([*content]), max_size=1)):
        del content[name]
    return content


@relaxed()
@given(content=messages() | JSON)
def test_any_message_is_carried_out_or_refused_with_a_reason_and_changes_nothing(shown, content, caplog):
    caplog.clear()
    before = held(shown)
    for callback in shown.widget._msg_callbacks.callbacks:
        callback(shown.widget, content, [])
    refused = [record for record in caplog.records if "was refused" in record.message]
    assert len(refused) <= 1
    if refused:
        assert (refused[0].name, refused[0].levelno) == ("tsne_widget.wire.connection", logging.WARNING)
        assert held(shown) == before
    if len(shown.widget.runs) > 3:  # few maps are as good as many
        shown.widget.compare(perplexity=8, random_state=0, init="pca")


@pytest.fixture
def shown(still):
    yield still
    # Whatever was said, it answers, and its maps go on.
    still.messages = type(still.messages)()
    assert command(still, 2**53, "play", run=None) is None
    assert all(run.iteration for run in still.widget.wait(PATIENCE).runs)


def held(client: Client):
    """What a message that is refused must leave as it is."""
    w = client.widget
    audience = line_of(w).audience
    state = {name: getattr(w, name) for name in w.keys if name not in ("_snapshot", "selection")}
    return repr(state), w.selection.tolist(), w._maps.grid, audience.visible, audience.present


VALUES = st.one_of(
    JSON,
    st.binary(max_size=32).map(memoryview),
    st.lists(st.integers(-3, 70), max_size=70).map(lambda rows: rows_on_the_wire(*rows)),
    st.lists(st.sampled_from(["x0", "size", "labels", "none"]), max_size=3),
    st.sampled_from(["auto", "selection", True, 0, 1, 300, 0.5]),
)


@relaxed()
@given(state=st.dictionaries(st.sampled_from(TRAITS_OF_CLIENTS), VALUES, max_size=3) | JSON)
def test_any_change_of_traits_is_taken_as_a_whole_or_refused_and_changes_nothing(still, state):
    w = still.widget
    before = w.get_state()
    try:
        w.set_state(state)
    except TSNEWidgetError:
        assert w.get_state() == before
        return
    assert all(getattr(w, name) == value for name, value in state.items() if name != "selection")
    assert set(w.selection.tolist()) <= set(range(60))
    assert {name for name, value in w.get_state().items() if value != before[name]} <= {*state, "_undo"}

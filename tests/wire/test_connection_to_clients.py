"""What a widget and its pages say to each other; a page is played by hand."""

from __future__ import annotations

import math
import re
import threading
from contextlib import contextmanager, nullcontext
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clients import (
    ENDLESS,
    PATIENCE,
    Client,
    entries,
    everything_was_sent,
    make,
    rows_on_the_wire,
    with_layouts,
)
from tsne_widget import PerplexityWarning, TSNEWidgetError
from tsne_widget.maps.engine import engine
from tsne_widget.parameters.axes import AXES
from tsne_widget.parameters.constants import ABSENCE_SECONDS, HEARTBEAT_SECONDS
from tsne_widget.parameters.init import check_init
from tsne_widget.widget import synced
from tsne_widget.wire import bundle
from tsne_widget.wire.parsing import parse_message

pytestmark = pytest.mark.usefixtures("close_widgets")


@contextmanager
def engine_busy():
    """Hold the engine, and let it go on with all commands at once."""
    gate = threading.Event()
    engine()._call(lambda: gate.wait(PATIENCE))
    yield
    gate.set()


# --- frames -------------------------------------------------------------------------------------------


def test_nothing_is_sent_until_a_page_says_hello(blobs):
    w = make(blobs)
    client = Client(w)
    w.wait(PATIENCE)
    everything_was_sent()
    assert client.messages.empty()


def test_a_page_that_lacks_the_view_s_code_is_handed_it_at_once(blobs):
    client = Client(make(blobs, autostart=False))
    client.say(type="bundle")
    content, _ = client.messages.get_nowait()
    assert content == {"type": "bundle", "hash": bundle.digest(), "text": bundle.text()}


def test_a_page_that_comes_after_the_end_gets_the_map(blobs):
    w = make(blobs).wait(PATIENCE)
    client = Client(w)
    client.hello()
    entry, points = client.frame()
    assert (entry["layout"]["iteration"], entry["status"]["ended"]) == (60, True)
    assert points.tobytes() == w.embedding_.tobytes()


def test_a_page_sees_the_map_move_from_the_initial_layout_to_the_end(blobs):
    w = make(blobs, autostart=False).wait(PATIENCE)
    client = Client(w)
    client.hello()
    first, points = client.frame()
    assert first["layout"]["iteration"] == 0
    assert points.tobytes() == w.embedding_.tobytes()
    w.start()
    last, points = client.frame(lambda entry: entry["status"]["ended"])
    assert last["layout"]["iteration"] == 60
    assert points.tobytes() == w.embedding_.tobytes()


def test_each_sign_of_life_is_answered_at_once_and_again_after_the_news_that_were_sent(blobs):
    client, came = Client(make(blobs, autostart=False)), []

    def alive(content):
        came.append(content)
        return content["type"] == "alive"

    nothing = {"type": "alive", "client": "a client", "told": None, "known": None}
    for say, traits in ((client.hello, {}), (partial(client.beat, told=3), {"told": 3, "known": 0})):
        say()
        assert client.next(alive)[0] == {**nothing, "sent": None, **traits}
        again, _ = client.next(alive)
        newest = max([0, *(content["seq"] for content in came if content["type"] == "news")])
        assert again == {**nothing, "sent": newest}


def test_a_page_hears_up_to_which_number_its_traits_have_arrived(blobs):
    client = Client(make(blobs, autostart=False))
    client.hello()
    client.widget.set_state({"opacity": 0.5, "_told": {"client": "a client", "number": 4}})
    client.widget.set_state({"opacity": 0.7, "_told": {"client": "another client", "number": 9}})
    client.beat(told=6)
    told, _ = client.next(lambda content: content.get("told") is not None)
    assert told == {"type": "alive", "client": "a client", "sent": None, "told": 6, "known": 4}


def test_the_last_frame_arrives_even_where_it_was_lost(blobs, shifted):
    w = make(blobs).wait(PATIENCE)
    client = Client(w)
    client.online = False
    client.hello()
    everything_was_sent()
    client.online = True
    shifted(HEARTBEAT_SECONDS)
    client.beat()
    assert client.frame()[1].tobytes() == w.embedding_.tobytes()


def test_a_frame_that_was_lost_arrives_even_where_later_news_were_not_lost(blobs, shifted):
    w = make(blobs, autostart=False).wait(PATIENCE)
    client = Client(w)
    client.hello()
    client.frame()
    everything_was_sent()
    client.online = False
    w.step(5).wait(PATIENCE)
    everything_was_sent()
    client.online = True
    with engine_busy():  # so that not a single iteration comes in between
        w.start().pause()
    w.wait(PATIENCE)
    everything_was_sent()
    for _ in range(2):
        shifted(HEARTBEAT_SECONDS)
        client.beat()
        everything_was_sent()
    shown = None
    while not client.messages.empty():
        content, buffers = client.messages.get()
        for _, points in with_layouts(content, buffers):
            shown = points
    assert shown is not None
    assert shown.tobytes() == w.embedding_.tobytes()


def test_a_reload_finds_the_map_in_the_traits(blobs):
    w = make(blobs)
    kept = threading.Event()
    w.observe(lambda change: change["new"][0]["status"]["ended"] and kept.set(), "_snapshot")
    w.wait(PATIENCE)
    everything_was_sent()
    assert kept.is_set()
    (snapshot,) = w._snapshot
    steps = np.frombuffer(snapshot["points"], "<u2").reshape(-1, 2)
    shown = np.array(snapshot["offset"]) + snapshot["scale"] * steps
    np.testing.assert_allclose(shown, w.embedding_, atol=float(np.ptp(w.embedding_)) / 60_000)
    assert snapshot["status"]["iteration"] == 60


# --- commands -----------------------------------------------------------------------------------------


def test_a_page_starts_pauses_and_steps(blobs):
    w = make(blobs, autostart=False)
    client = Client(w)
    assert client.command("step", value=3, run=None)["error"] is None
    assert w.wait(PATIENCE).iteration == 3
    client.command("play", run=None)
    assert w.wait(PATIENCE).iteration == 60
    client.command("restart", run=None)
    client.command("pause", run=None)
    assert w.wait(PATIENCE).status == "paused"


def test_a_page_sets_the_perplexity_for_python_too(blobs):
    w = make(blobs, autostart=False)
    client, seen = Client(w), []
    w.observe(lambda change: seen.append(change["new"]), "perplexity")
    assert client.command("change", axis="perplexity", value=12.5, run=None)["error"] is None
    assert (w.perplexity, w.settings.perplexity, seen) == (12.5, 12.5, [12.5])
    w.start().wait(PATIENCE)
    assert w.embedding_.tobytes() == make(blobs, perplexity=12.5).wait(PATIENCE).embedding_.tobytes()


def test_a_doubtful_perplexity_of_a_page_warns_nowhere(blobs):
    # The view says it itself; the tests turn a warning of this package into an error.
    assert (
        Client(make(blobs, autostart=False)).command("change", axis="perplexity", value=40, run=None)["error"]
        is None
    )


def test_a_page_sets_seed_and_initial_layout(blobs):
    w = make(blobs)
    client = Client(w)
    client.command("change", axis="init", value="random", run=None)
    client.command("change", axis="random_state", value=5, run=None)
    assert (w.init, w.random_state) == ("random", 5)
    expected = make(blobs, init="random", random_state=5).wait(PATIENCE).embedding_
    assert w.wait(PATIENCE).embedding_.tobytes() == expected.tobytes()


@pytest.mark.parametrize(
    ("axis", "good", "value"),
    [
        *[("perplexity", 8, bad) for bad in (1, -3, "5", None, True, math.nan, math.inf, [5], 10**400)],
        *[("random_state", 0, bad) for bad in (-1, 2**32, 1.5, "5", None, True, math.nan, 10**400)],
        *[
            ("init", "pca", bad)
            for bad in ("spectral", "given", "given2", "given 2 ", ["pca"], [[0, 0]], None)
        ],
    ],
)
def test_a_value_that_is_not_allowed_is_refused_by_the_name_of_its_axis(paused, axis, good, value):
    client, before = Client(paused), repr(paused)
    assert axis in client.command("change", axis=axis, value=value, run=None)["error"]
    assert axis in client.command("compare", values={axis: [good, value]}, beside=None)["error"]
    assert repr(paused) == before


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("change", {"axis": "perplexity", "value": 1000, "run": None}, "perplexity=1000 .*below n - 1 = 59"),
        ("change", {"axis": "perplexity", "value": "5", "run": None}, "perplexity must be a number"),
        ("change", {"axis": "perplexity", "value": 10**400, "run": None}, "perplexity"),
        ("change", {"axis": "random_state", "value": -1, "run": None}, "random_state must be an integer"),
        ("step", {"run": None}, "value"),
        ("step", {"value": 1}, "run"),
        ("play", {"run": 7}, "no longer part"),
        ("change", {"axis": "perplexity", "value": 5, "run": 7}, "no longer part"),
        ("change", {"axis": "init", "value": "given", "run": 0}, "init='given' .*'pca', 'random'"),
        ("keep", {"run": 7}, "no longer part"),
        ("remove", {"run": 0}, "last map"),
        (
            "compare",
            {"values": {"perplexity": [5, 5], "random_state": [0], "init": ["pca"]}, "beside": None},
            "5.0 more than once",
        ),
        (
            "compare",
            {"values": {"perplexity": [1000], "random_state": [0], "init": ["pca"]}, "beside": None},
            "below n - 1 = 59",
        ),
        (
            "compare",
            {"values": {"perplexity": [5], "random_state": [0], "init": ["given"]}, "beside": None},
            "init='given'",
        ),
        (
            "compare",
            {
                "values": {"perplexity": [5, 6], "random_state": list(range(33)), "init": ["pca"]},
                "beside": None,
            },
            "66 maps",
        ),
        ("color", {"mode": "labels", "column": "x9", "kind": None}, "no column 'x9'"),
        ("color", {"mode": "stability", "column": None, "kind": None}, "shows only one"),
        ("save_group", {"group": "a", "color": None}, "at least one row"),
        ("rename_group", {"group": "a", "to": "b"}, "no group 'a'"),
        ("recolor_group", {"group": "a", "color": "#000000"}, "no group 'a'"),
        ("delete_group", {"group": "a"}, "no group 'a'"),
        ("dance", {}, "dance"),
    ],
)
def test_a_command_that_is_refused_is_answered_with_the_reason_and_changes_nothing(blobs, name, value, error):
    w = make(blobs, autostart=False).wait(PATIENCE)
    everything_was_sent()
    client, before = Client(w), w.get_state()
    answer = client.command(name, **value)
    assert re.search(error, answer["error"])
    assert w.wait(PATIENCE).get_state() == before


def test_a_command_to_a_widget_that_was_closed_is_no_crash(blobs, caplog):
    w = make(blobs)
    client = Client(w)
    w.close()
    client.say(type="command", client="a client", id=1, name="play", run=None)
    assert "closed" in caplog.text


def test_a_trait_can_be_set_by_a_command_and_all_pages_are_told_what_it_is_now(blobs):
    w = make(blobs, autostart=False)
    client = Client(w)
    assert client.command("set", trait="selection", value=[5, 2])["error"] is None
    assert w.selection.tolist() == [2, 5]
    for _ in range(2):  # the same again, too: the page may have another one
        client.states.clear()
        assert client.command("set", trait="opacity", value=0.5)["error"] is None
        assert {"opacity": 0.5} in client.states
    assert "60" in client.command("set", trait="selection", value=[60])["error"]
    assert "opacity" in client.command("set", trait="opacity", value=7)["error"]
    assert (w.selection.tolist(), w.opacity) == ([2, 5], 0.5)


def test_a_command_that_a_user_s_observer_breaks_is_answered_and_the_error_is_the_user_s(blobs):
    w = make(blobs, autostart=False).select([1])

    def broken(_change):
        raise ZeroDivisionError("in the user's own function")

    w.observe(broken, "selection")
    client = Client(w)
    with pytest.raises(ZeroDivisionError):
        client.say(type="command", client="a client", id=5, name="undo")
    answer, _ = client.next(lambda content: content["type"] == "answer")
    why = "ZeroDivisionError: in the user's own function"
    assert answer == {"type": "answer", "client": "a client", "id": 5, "error": why}


def test_a_page_undoes_groups_and_colors(blobs):
    w = make(blobs, labels=["a", "b"] * 30, autostart=False).select([1, 2]).select([3])
    client = Client(w)
    assert client.command("undo")["error"] is None
    assert client.command("save_group", group=None, color=None)["error"] is None
    assert client.command("color", mode="groups", column=None, kind=None)["error"] is None
    assert (w.groups["group 1"].tolist(), w.color_by) == ([1, 2], "groups")
    assert client.command("redo")["error"] is None
    assert w.selection.tolist() == [3]
    assert client.command("rename_group", group="group 1", to="one")["error"] is None
    assert client.command("recolor_group", group="one", color="#102030")["error"] is None
    assert client.command("delete_group", group="one")["error"] is None
    assert len(w.groups) == 0


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4)
MESSAGES = JSON | st.fixed_dictionaries(
    {"type": st.sampled_from(["hello", "alive", "ack", "pull", "bye", "command", "query"])},
    optional={
        "client": JSON,
        "visible": JSON,
        "seq": JSON,
        "id": st.integers(0, 9) | JSON,
        "name": st.sampled_from(["step", "change", "compare", "color", "save_group"]) | JSON,
        "query": JSON,
        "column": JSON,
        "group": JSON,
        "value": JSON,
        "run": st.none() | st.integers(0, 2) | JSON,
        "runs": JSON,
        "axis": st.sampled_from(list(AXES)) | JSON,
        "values": st.dictionaries(st.sampled_from(list(AXES)), st.lists(JSON)) | JSON,
    },
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MESSAGES)
def test_a_message_that_is_refused_changes_nothing(paused, content):
    try:
        parse_message(content, paused._source.n)
    except TSNEWidgetError:
        before = (paused.get_state(), repr(paused))
        for callback in paused._msg_callbacks.callbacks:
            callback(paused, content, [])
        assert (paused.wait(PATIENCE).get_state(), repr(paused)) == before


@pytest.fixture
def paused(blobs):
    made = make(blobs, autostart=False).wait(PATIENCE)
    everything_was_sent()
    return made


# --- several maps -------------------------------------------------------------------------------------


class Order:
    """What a page is sent, in its order: the runs that it is told there are, and those there is news of."""

    def __init__(self, client: Client):
        self.events: list[tuple[str, set[int]]] = []
        take = client._take

        def publish(msg_type, data=None, **others):
            state = (data or {}).get("state", {})
            content = (data or {}).get("content", {})
            if "_runs" in state:
                self.events.append(("runs", {entry["run"] for entry in state["_runs"]}))
            if content.get("type") == "news":
                self.events.append(("news", {entry["status"]["run"] for entry in content["runs"]}))
            take(msg_type, data=data, **others)

        client.widget.comm.publish_msg = publish

    def check(self, known: set[int]) -> None:
        """Check that there is no news of a run before the page knows that there is one."""
        for kind, runs in self.events:
            known = known | runs if kind == "runs" else known
            assert runs <= known


@pytest.mark.parametrize("held", ["", "hold_sync", "hold_trait_notifications"])
def test_a_page_knows_of_a_new_run_before_there_is_news_of_it(blobs, held):
    w = make(blobs, **ENDLESS)
    client = Client(w)
    order = Order(client)
    client.hello()
    client.frame()
    with getattr(w, held)() if held else nullcontext():
        w.compare(perplexity=[5, 8, 12])
        w.random_state = [0, 1]
        if held == "hold_sync":
            client.frame(run=5)
    client.frame(run=5)
    w.runs[0].remove()
    w.compare().pause().wait(PATIENCE)
    everything_was_sent()
    order.check({0})
    assert [event for event in order.events if event[0] == "runs"][-1] == ("runs", {0})


def test_a_page_that_comes_late_gets_all_maps_in_one_message(blobs):
    w = make(blobs, perplexity=[5, 8, 12]).wait(PATIENCE)
    everything_was_sent()
    client = Client(w)
    client.hello()
    content, buffers = client.next(entries)
    shown = {entry["status"]["run"]: points.tobytes() for entry, points in with_layouts(content, buffers)}
    assert shown == {run.id: run.embedding_.tobytes() for run in w.runs}


def test_a_page_is_told_of_a_run_out_of_range(blobs):
    with pytest.warns(PerplexityWarning):
        w = make(blobs, perplexity=[5, 100])
    client = Client(w)
    client.hello()
    status = client.status(lambda status: True, run=1)
    assert (status["stage"], status["playing"], status["iteration"]) == ("out of range", False, 0)
    assert "below n - 1 = 59 for 60 rows" in status["reason"]
    w.wait(PATIENCE)
    everything_was_sent()
    assert [snapshot["status"]["run"] for snapshot in w._snapshot] == [0]


def test_snapshots_are_of_the_runs_there_are_in_their_order(blobs):
    w = make(blobs, perplexity=[5, 8, 12]).wait(PATIENCE)
    everything_was_sent()
    assert [snapshot["status"]["run"] for snapshot in w._snapshot] == [0, 1, 2]
    w.compare(perplexity=[3, 12, 5]).wait(PATIENCE)
    everything_was_sent()
    assert [snapshot["status"]["run"] for snapshot in w._snapshot] == [3, 2, 0]
    w.runs[1].remove()
    w.wait(PATIENCE)
    everything_was_sent()
    assert [snapshot["status"]["run"] for snapshot in w._snapshot] == [3, 0]


def test_a_page_compares_keeps_and_removes(blobs):
    w = make(blobs, autostart=False)
    client, seen = Client(w), []
    w.observe(lambda change: seen.append(change["new"]), "perplexity")
    client.command(
        "compare", values={"perplexity": [5, 8, 100], "random_state": [0], "init": ["pca"]}, beside=None
    )
    assert seen == [(5, 8, 100)]
    assert (w._reference, [entry["run"] for entry in w._runs]) == (0, [1, 0, 2])
    assert client.command("remove", run=0)["error"] is None
    assert (w._reference, w.perplexity) == (1, (5, 100))
    assert "puts every map out of range" in client.command("keep", run=2)["error"]
    assert client.command("keep", run=1)["error"] is None
    assert (w._reference, w.perplexity, seen) == (1, 5, [(5, 8, 100), (5, 100), 5])


def test_a_page_steers_one_run(blobs):
    w = make(blobs, random_state=[0, 1], autostart=False)
    client = Client(w)
    client.command("step", value=3, run=1)
    w.wait(PATIENCE)
    assert [run.iteration for run in w.runs] == [0, 3]
    client.command("change", axis="perplexity", value=12, run=1)
    client.command("change", axis="init", value="random", run=0)
    client.command("change", axis="random_state", value=7, run=0)
    assert [(run.perplexity, run.init, run.random_state) for run in w.runs] == [
        (8, "random", 7),
        (12, "pca", 1),
    ]
    client.command("play", run=0)
    assert [run.iteration for run in w.wait(PATIENCE).runs] == [60, 3]


def test_a_page_that_would_make_two_maps_equal_is_told_so(blobs):
    client = Client(make(blobs, perplexity=[5, 8], autostart=False))
    assert "another map" in client.command("change", axis="perplexity", value=8, run=0)["error"]


def test_coordinates_are_asked_for_by_their_name(blobs):
    rng = np.random.default_rng(0)
    first, second = (rng.normal(size=(60, 2)).astype(np.float32) for _ in range(2))
    w = make(blobs, init=[first, second], autostart=False)
    client = Client(w)
    client.command(
        "compare", values={"perplexity": [8], "random_state": [0], "init": ["pca", "given 2"]}, beside=None
    )
    assert [entry["values"]["init"] for entry in w._runs] == ["pca", "given 2"]
    np.testing.assert_array_equal(w.init[1], check_init(second, 60))
    client.command("change", axis="init", value="given", run=None)
    np.testing.assert_array_equal(w.init, check_init(first, 60))
    assert [entry["values"]["init"] for entry in w._runs] == ["given"]


def test_a_page_chooses_reference_and_alignment(blobs):
    w, seen = make(blobs, perplexity=[5, 8], autostart=False), []
    w.observe(lambda change: seen.append(change["new"]), "align")
    w.set_state({"_reference": 1, "align": "selection"})
    assert (w.reference, w.align, seen) == (1, "selection", ["selection"])


@pytest.mark.parametrize("state", [{"_reference": 7}, {"_reference": "1"}, {"align": "all"}, {"align": None}])
def test_a_reference_or_alignment_of_a_page_that_is_none_changes_nothing(blobs, state):
    w = make(blobs, perplexity=[5, 8], autostart=False)
    with pytest.raises(TSNEWidgetError):
        w.set_state(state)
    assert (w.reference, w.align) == (0, True)


# --- coming and going ---------------------------------------------------------------------------------


def shown_until_it_sleeps(X):
    """Return a widget that runs, the client that shows it, and what is set once the saved map has paused."""
    w = make(X, **ENDLESS)
    client = Client(w)
    client.hello()
    client.status(lambda status: status["iteration"] > 0)
    asleep = threading.Event()
    w.observe(lambda change: change["new"][0]["status"]["stage"] == "paused" and asleep.set(), "_snapshot")
    return w, client, asleep


def test_a_widget_whose_pages_have_gone_pauses_and_goes_on_when_shown_again(blobs, shifted):
    w, client, asleep = shown_until_it_sleeps(blobs)
    client.bye()
    shifted(ABSENCE_SECONDS + 1)
    assert asleep.wait(PATIENCE)
    assert w.status == "paused"
    iteration = w.iteration
    client.hello()
    client.status(lambda status: status["playing"] and status["iteration"] > iteration)


def test_a_page_that_fell_silent_counts_as_gone_until_it_speaks_again(blobs, shifted):
    w, client, asleep = shown_until_it_sleeps(blobs)
    client.online = False
    everything_was_sent()
    shifted(ABSENCE_SECONDS + 1)
    assert asleep.wait(PATIENCE)
    iteration = w.iteration
    client.online = True
    client.beat()
    client.status(lambda status: status["playing"] and status["iteration"] > iteration)


def test_a_widget_that_was_never_shown_runs_to_its_end(blobs, shifted):
    w = make(blobs)
    shifted(1e6)
    assert w.wait(PATIENCE).iteration == 60


def test_a_widget_that_sleeps_is_finished_for_who_waits_for_it(blobs, shifted):
    w = make(blobs, autostart=False).wait(PATIENCE)
    client = Client(w)
    client.hello()
    client.bye()
    shifted(ABSENCE_SECONDS + 1)
    assert w.start().wait(PATIENCE).iteration == 60


# --- the selection ------------------------------------------------------------------------------------


def sent_back(client):
    """What the widget told the browser its selection is, newest last."""
    return [
        np.frombuffer(state["selection"], "<i4").tolist() for state in client.states if "selection" in state
    ]


@pytest.fixture
def selecting(blobs, monkeypatch):
    """A page whose traits come with their buffers in place."""
    w = make(blobs, autostart=False).wait(PATIENCE)
    everything_was_sent()
    client = Client(w)

    def record(msg, buffers=None):
        from ipywidgets.widgets.widget import _put_buffers

        if msg["method"] in ("update", "echo_update"):
            state = {**msg["state"]}
            _put_buffers(state, msg["buffer_paths"], buffers or [])
            client.states.append(state)

    monkeypatch.setattr(w, "_send", record)
    return client


def test_rows_circled_in_the_browser_are_the_selection_in_python(selecting):
    w, seen = selecting.widget, []
    w.observe(lambda change: seen.append(change["new"].tolist()), "selection")
    w.set_state({"selection": rows_on_the_wire(3, 5, 8)})
    assert w.selection.tolist() == [3, 5, 8]
    assert w.selection.dtype == np.int64
    assert seen == [[3, 5, 8]]
    assert set(map(tuple, sent_back(selecting))) <= {(3, 5, 8)}


def test_rows_in_disorder_are_put_in_order_and_the_browser_is_told(selecting):
    selecting.widget.set_state({"selection": rows_on_the_wire(8, 3, 3)})
    assert selecting.widget.selection.tolist() == [3, 8]
    assert sent_back(selecting)[-1] == [3, 8]


def test_a_selection_of_python_is_told_to_the_browser(selecting):
    selecting.widget.select([8, 3])
    selecting.widget.select([3, 8])
    selecting.widget.select(None)
    assert sent_back(selecting) == [[3, 8], []]


@pytest.mark.parametrize(
    "wrong", [rows_on_the_wire(3, 60), rows_on_the_wire(-1), memoryview(b"123"), None, 7, "rows"]
)
def test_a_selection_of_the_browser_that_is_none_is_a_typed_error_and_changes_nothing(selecting, wrong):
    w = selecting.widget.select([1, 2])
    with pytest.raises(TSNEWidgetError):
        w.set_state({"selection": wrong})
    assert w.selection.tolist() == [1, 2]


# --- kernels ------------------------------------------------------------------------------------------


def test_messages_of_a_page_do_not_wait_for_the_running_cell():
    """ipykernel 7.4 sends them where the widget's threads last published from, unless told not to."""

    class Comm:
        def _reply_subshell_for(self, data, default):
            return None

    comm = Comm()
    synced._answer_in_the_callers_subshell(comm)
    assert comm._reply_subshell_for({}, "the caller's") == "the caller's"


def test_other_kernels_are_left_alone():
    comm = object()
    assert synced._answer_in_the_callers_subshell(comm) is None
    assert not hasattr(comm, "_reply_subshell_for")

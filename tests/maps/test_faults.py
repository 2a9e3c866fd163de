"""Whatever fails, wherever it does, is said, leaves the last good map, and can be begun anew."""

from __future__ import annotations

import errno
import logging
import resource
import signal
from contextlib import contextmanager
from functools import wraps
from importlib import import_module
from inspect import isgeneratorfunction

import numpy as np
import pytest
from ipywidgets import Widget

from tests.clients import ENDLESS, PATIENCE, Client, everything_was_sent, make
from tsne_widget import NotComputedError, RunFailedError, SaveError, WaitTimeoutError
from tsne_widget.maps.engine import engine
from tsne_widget.wire.stream import sender

#: The stages of a run, what it does in each, and the iteration of the layout that is left.
STAGES = {
    "main directions": ("tsne_widget.tsne.initialization", "principal_components", None),
    "initial layout": ("tsne_widget.tsne.initialization", "initial_layout", None),
    "compiling": ("tsne_widget.tsne.compilation", "compile_kernels", 0),
    "neighbours": ("tsne_widget.tsne.neighbors", "find_neighbors", 0),
    "order": ("tsne_widget.tsne.ordering", "locality_order", 0),
    "affinities": ("tsne_widget.tsne.affinities", "joint_probabilities", 0),
    "optimizer": ("tsne_widget.tsne.optimizer", "repulsion_method", 0),
    "first iteration": ("tsne_widget.tsne.optimizer", "attraction", 0),
    "check": ("tsne_widget.tsne.optimizer", "kl_divergence", 0),
    "measuring": ("tsne_widget.maps.at_rest", "kept_in_steps", 60),
}
FAULTS = [MemoryError("no room"), FloatingPointError("the sky fell"), SystemExit("a user's function left")]


@pytest.fixture(autouse=True)
def _close_widgets():
    yield
    Widget.close_all()
    assert engine()._thread.is_alive()


@contextmanager
def broken(module: str, name: str, fault: BaseException, after: int = 0):
    """Have a function fail once it was called so often, a generator after its first step."""
    owner = import_module(module)
    real, calls = getattr(owner, name), 0

    @wraps(real)
    def fails(*args, **kwargs):
        nonlocal calls
        calls += 1
        if calls > after:
            raise fault
        return real(*args, **kwargs)

    @wraps(real)
    def fails_midway(*args, **kwargs):
        for step in real(*args, **kwargs):
            yield step
            raise fault

    setattr(owner, name, fails_midway if isgeneratorfunction(real) else fails)
    try:
        yield
    finally:
        setattr(owner, name, real)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: type(fault).__name__)
@pytest.mark.parametrize("stage", STAGES)
def test_a_fault_at_any_stage_is_raised_keeps_the_map_and_can_be_begun_anew(blobs, stage, fault):
    module, name, iteration = STAGES[stage]
    expected = make(blobs).wait(PATIENCE).embedding_
    with broken(module, name, fault):
        w = make(blobs)
        with pytest.raises(RunFailedError, match=str(fault)) as caught:
            w.wait(PATIENCE)
    assert caught.value.__cause__ is fault
    assert w.status == "failed"
    if iteration is None:
        with pytest.raises(NotComputedError):
            w.embedding_  # noqa: B018 # it is asked for
    else:
        assert np.isfinite(w.embedding_).all()
        assert w.iteration == iteration
    assert w.restart().wait(PATIENCE).embedding_.tobytes() == expected.tobytes()
    assert w.runs[0].neighbors_kept_ > 0


def test_a_fault_in_the_middle_keeps_the_layout_before_it(blobs):
    expected = make(blobs, max_iter=33).wait(PATIENCE).embedding_
    with broken("tsne_widget.tsne.optimizer", "attraction", MemoryError("no room"), after=33):
        w = make(blobs)
        with pytest.raises(RunFailedError):
            w.wait(PATIENCE)
    assert (w.iteration, w.embedding_.tobytes()) == (33, expected.tobytes())
    assert w.start().wait(PATIENCE).status != "failed"


def test_a_fault_of_a_measure_leaves_the_maps_and_may_be_asked_for_again(blobs, caplog):
    w = make(blobs, random_state=[0, 1]).wait(PATIENCE)
    client = Client(w)
    query = {"name": "measure", "measure": "stability", "runs": [0, 1], "row": None, "view": 0}

    def ask(number):
        client.say(type="query", client="a client", id=number, query=query)
        return client.next(lambda content: content["type"] == "reply")

    with broken("tsne_widget.measures.stability", "map_neighbors_in_steps", MemoryError("no room")):
        assert ask(1)[0]["error"] == "MemoryError: no room"
    assert "no room" in caplog.text
    content, (share,) = ask(2)
    assert (content["result"]["runs"], len(share)) == ([0, 1], 60)
    assert w.status == "not settled yet"


def test_what_a_user_s_function_raises_to_leave_ends_no_thread(blobs):
    def picture(row):
        if row:
            raise SystemExit("enough")
        return np.zeros((2, 2), np.uint8)

    w = make(blobs, image=picture, autostart=False).wait(PATIENCE)
    client = Client(w)
    rows = {"name": "rows", "rows": [1], "sort": None, "offset": 0, "limit": 1, "columns": []}
    for number, query in ((1, rows), (2, {"name": "neighbors", "row": 0, "k": 3})):
        client.say(type="query", client="a client", id=number, query=query)
    errors = [client.next(lambda content: content["type"] == "reply")[0]["error"] for _ in range(2)]
    assert errors == ["SystemExit: enough", None]


# --- a line that breaks -------------------------------------------------------------------------------


@pytest.fixture
def dead(monkeypatch):
    """Have a widget's comm raise whatever it is to send."""

    def kill(w):
        def publish(*_args, **_kwargs):
            raise ConnectionError("the socket is closed")

        monkeypatch.setattr(w.comm, "publish_msg", publish)

    return kill


def test_a_comm_that_raises_stops_neither_the_map_nor_python(blobs, dead, caplog):
    w = make(blobs)
    client = Client(w)
    client.hello()
    dead(w)
    w.perplexity = 12
    w.select([1, 2]).groups["a"] = [1]
    w.color_by, w.height = None, 300
    assert w.settings.perplexity == 12
    expected = make(blobs, perplexity=12).wait(PATIENCE).embedding_
    assert w.restart().wait(PATIENCE).embedding_.tobytes() == expected.tobytes()
    everything_was_sent()
    assert (w.selection.tolist(), w._snapshot[0]["status"]["iteration"]) == ([1, 2], 60)
    sent = [record for record in caplog.records if "could not be sent" in record.message]
    assert sent
    assert sender()._thread.is_alive()


def test_a_command_is_carried_out_once_even_where_its_answer_is_lost(blobs, dead):
    w = make(blobs, autostart=False).wait(PATIENCE)
    client = Client(w)
    dead(w)
    client.say(type="command", client="a client", id=1, name="step", value=4, run=None)
    assert w.wait(PATIENCE).iteration == 4


def test_a_comm_that_recovers_brings_the_newest_map(blobs, dead, monkeypatch):
    w = make(blobs, autostart=False).wait(PATIENCE)
    client = Client(w)
    client.hello()
    client.frame()
    dead(w)
    w.start().wait(PATIENCE)
    everything_was_sent()
    monkeypatch.undo()
    w.comm.publish_msg = client._take
    client.hello()
    _, points = client.frame(lambda entry: entry["status"]["ended"])
    assert points.tobytes() == w.embedding_.tobytes()


def test_a_page_that_never_acknowledges_holds_up_nothing_but_itself(blobs):
    w = make(blobs, **ENDLESS)
    client = Client(w)
    client.online = False  # it takes nothing, and so acknowledges nothing
    sent = []
    w.comm.publish_msg = lambda *_, data=None, **__: sent.append((data or {}).get("content", {}).get("type"))
    client.hello()
    with pytest.raises(WaitTimeoutError):
        w.wait(0.2)
    iteration = w.iteration
    with pytest.raises(WaitTimeoutError):
        w.wait(0.2)
    assert w.iteration > iteration
    w.pause().wait(PATIENCE)
    everything_was_sent()
    assert sent.count("news") == 2  # as many as may be on their way
    w.comm.publish_msg = client._take
    client.online = True
    client.hello()
    entry, _ = client.frame()
    assert entry["layout"]["iteration"] == w.iteration


# --- a disk that is full ------------------------------------------------------------------------------


@contextmanager
def full_disk(most: int):
    """Let no file grow beyond some bytes, as the system does it where a quota is used up."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_is_said_and_leaves_what_was_there(blobs, tmp_path):
    w, path = make(blobs).wait(PATIENCE), tmp_path / "map.html"
    path.write_text("before")
    with full_disk(10_000), pytest.raises(SaveError, match=r"map\.html cannot be written") as caught:
        w.save_html(path)
    assert caught.value.__cause__.errno == errno.EFBIG
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("map.html", "before")]
    w.save_html(path)
    assert path.stat().st_size > 100_000


@pytest.mark.parametrize(
    "fault", [OSError(errno.ENOSPC, "No space left"), MemoryError(), KeyboardInterrupt()]
)
def test_an_export_that_is_broken_off_leaves_no_half_of_a_file(blobs, tmp_path, monkeypatch, fault):
    w, path = make(blobs).wait(PATIENCE), tmp_path / "map.html"

    def replace(*_):
        raise fault

    monkeypatch.setattr("pathlib.Path.replace", replace)
    with pytest.raises(SaveError if isinstance(fault, OSError) else type(fault)):
        w.save_html(path)
    assert list(tmp_path.iterdir()) == []
    monkeypatch.undo()
    assert w.save_html(path).exists()


def test_the_log_tells_of_faults_under_the_package_s_name(blobs, dead, caplog):
    w = make(blobs, autostart=False).wait(PATIENCE)
    dead(w)
    with caplog.at_level(logging.ERROR, "tsne_widget"):
        w.height = 300
    assert {record.name for record in caplog.records} == {"tsne_widget.widget.synced"}

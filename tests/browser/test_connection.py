"""A slow connection, and one that is cut, show no wrong and no stale map."""

from __future__ import annotations

import time

import numpy as np
import pytest
from actions import next_seed
from conftest import ENDLESS
from lab import PATIENCE, Notebook, circle
from test_hosts import set_perplexity
from test_selection import HEAR_LASSO, inside

pytestmark = pytest.mark.release

#: The page's web sockets, so that they can be cut as a laptop's lid does.
KEEP_SOCKETS = """
window.sockets = [];
window.WebSocket = class extends WebSocket {
    constructor(...parameters) { super(...parameters); window.sockets.push(this); }
};
"""

#: What the view tells of itself, whenever that changes.
RECORD = """element => {
    window.told = [];
    const tell = () => {
        const { epoch, iteration, drawn } = element.dataset;
        window.told.push([epoch, iteration, drawn].map(Number));
    };
    new MutationObserver(tell).observe(element, { attributes: true });
}"""

#: News that were sent and not acknowledged, at most.
COUNT = """
sent, heard, most = [0], [0], [0]
publish = w.comm.publish_msg
def count(kind, data=None, **others):
    content = (data or {}).get("content", {})
    if content.get("type") == "news":
        sent[0] = content["seq"]
        most[0] = max(most[0], sent[0] - heard[0]) if heard[0] else 0
    publish(kind, data=data, **others)
w.comm.publish_msg = count
def note(_, content, __):
    heard[0] = max(heard[0], content.get("seq", 0))
w._msg_callbacks.callbacks.insert(0, note)  # before that lets the next one go
"""


@pytest.fixture(scope="module")
def network(desk):
    """A page whose network can be slow or gone; opening one takes longer than these tests."""
    notebook = desk.own(script=KEEP_SOCKETS)
    notebook.network = notebook.page.context.new_cdp_session(notebook.page)
    notebook.network.send("Network.enable")
    yield notebook
    notebook.close()
    assert not notebook.errors


@pytest.fixture
def running(network):
    notebook = network
    notebook.show(ENDLESS, "Number(d.drawn) > 20")
    notebook.do(COUNT)
    notebook.widget().evaluate(RECORD)
    notebook.page.wait_for_function("() => window.told.length > 20")
    return notebook


def limit(notebook: Notebook, **conditions: float) -> None:
    """Have the browser's network be slow or gone; without conditions as it was."""
    usual = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    notebook.network.send("Network.emulateNetworkConditions", {**usual, **conditions})


def assert_shown_is_python_s(notebook: Notebook) -> None:
    """What is paused in Python is drawn, to the point; a lasso tells where the view has them."""
    notebook.wait_for("d.stage === 'paused' && d.drawn === d.iteration && d.still === 'true'")
    epoch = notebook.python("w._driver.session.runs[0].status.epoch")
    assert [int(notebook.state()[name]) for name in ("epoch", "drawn")] == [
        epoch,
        notebook.python("w.iteration"),
    ]
    notebook.widget().evaluate(HEAR_LASSO)
    circle(notebook, {"left": 0.05, "top": 0.05, "right": 0.55, "bottom": 0.95})
    notebook.wait_for("Number(d.selected) > 0")
    lasso = notebook.page.evaluate("() => window.lassos[0]")
    points = np.array(notebook.python("w.embedding_.tolist()"), np.float32)
    assert lasso["rows"] == inside(points, np.array(lasso["vertices"]).reshape(-1, 2)).tolist()


def assert_nothing_went_back(notebook: Notebook, restarts: int) -> None:
    told = np.array(notebook.page.evaluate("() => window.told"))
    assert len(told) > 20
    assert (np.diff(told[:, 0]) >= 0).all()
    for column in (1, 2):  # iterations begin anew with a seed, and never otherwise
        assert (np.diff(told[:, column]) < 0).sum() <= restarts


def test_a_slow_connection_shows_what_is_newest_and_never_goes_back(running):
    limit(running, latency=150, downloadThroughput=40_000, uploadThroughput=20_000)
    set_perplexity(running, "12")
    running.wait_for("d.perplexity === '12'")
    next_seed(running)
    running.wait_for("d.random_state === '1' && Number(d.drawn) > 0")
    first = int(running.state()["drawn"])
    running.wait_for(f"Number(d.drawn) > {first}")
    running.widget().get_by_role("button", name="Pause").click()
    running.wait_for("d.stage === 'paused' && d.drawn === d.iteration")
    limit(running)
    assert running.state()["delivery"] == "pushed"
    assert running.python("[w.perplexity, w.random_state]") == [12, 1]
    assert_shown_is_python_s(running)
    assert_nothing_went_back(running, restarts=1)
    assert running.python("most[0]") <= 2


def test_a_connection_that_was_cut_catches_up(running, lab):
    done = lab.root / "changed-while-cut"
    running.begin(
        "import pathlib, time\n"
        "while not pathlib.Path('cut').exists():\n    time.sleep(.01)\n"
        "w.random_state = 5\n"
        "while w._driver.session.runs[0].status.epoch == 0 or w.iteration < 30:\n    time.sleep(.01)\n"
        "iteration = w.pause().wait().iteration\n"
        f"pathlib.Path({done.name!r}).touch()"
    )
    limit(running, offline=True)
    running.page.evaluate("() => window.sockets.forEach(socket => socket.close())")
    (lab.root / "cut").touch()
    deadline = time.monotonic() + PATIENCE / 1000
    while not done.exists():  # the kernel cannot tell the page
        assert time.monotonic() < deadline
        running.page.wait_for_timeout(50)
    before = running.state()
    assert (before["random_state"], before["playing"]) == ("0", "true")
    limit(running)
    running.wait_for("d.random_state === '5' && d.connection === 'live'")
    # JupyterLab says that the connection was lost if it asked the server for anything meanwhile.
    for button in running.page.locator(".jp-Dialog-button").all():
        button.click()
    assert_shown_is_python_s(running)
    assert_nothing_went_back(running, restarts=1)

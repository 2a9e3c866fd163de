"""The log: what happens to a widget, a line an event; silent unless somebody asks."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading

import numpy as np
import pytest

from tests.clients import PATIENCE, Client, everything_was_sent
from tsne_widget import RunFailedError, TSNEWidget
from tsne_widget.maps.event_log import EventLog
from tsne_widget.parameters.constants import ABSENCE_SECONDS
from tsne_widget.tsne.optimizer import Optimizer
from tsne_widget.wire.audience import Audience

SHORT = {"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20}
#: A whole life with a refused message and a failure, in a process whose logging nobody has set up.
SILENT = """
import numpy as np
from tsne_widget import TSNEWidget, RunFailedError
from tsne_widget.tsne.optimizer import Optimizer

w = TSNEWidget(np.random.default_rng(0).normal(size=(60, 4)), perplexity=8, max_iter=30).wait()
for callback in w._msg_callbacks.callbacks:
    callback(w, {"type": "command", "id": 1, "name": "dance"}, [])
def fail(self):
    raise FloatingPointError("the sky fell")
Optimizer.step = fail
try:
    w.restart().wait()
except RunFailedError as error:
    print(error.__cause__)
w.close()
"""


pytestmark = pytest.mark.usefixtures("close_widgets")


@pytest.fixture
def lines(caplog):
    """Everything that is told at INFO."""
    caplog.set_level(logging.INFO, logger="tsne_widget")
    return lambda: [record.getMessage().partition(": ")[2] for record in caplog.records]


def test_a_life_is_told_from_the_start_to_the_end(blobs, lines):
    w = TSNEWidget(blobs, max_iter=20_000, perplexity=8).wait(PATIENCE)
    w.close()
    told = "\n".join(lines())
    in_order = (
        r"60 rows, 5 features, maps: 1\nmetric euclidean, perplexity 8, exaggeration 1, init pca, seed 0\n"
        r"first layout after \d.*\n"
        r"initial layout computed in .* s\nkernels loaded in .* s\nneighbours found in .* s\n"
        r"affinities fitted in .* s\nsettled after \d+ iterations, KL \d\.\d+, in .* s\nclosed"
    )
    assert re.fullmatch(in_order, told), told


def test_commands_are_told_with_what_they_change(blobs, lines):
    w = TSNEWidget(blobs, **SHORT).wait(PATIENCE)
    before = len(lines())
    for do in (
        lambda: setattr(w, "perplexity", 9),
        lambda: setattr(w, "random_state", 4),
        lambda: setattr(w, "init", "random"),
        w.restart,
        lambda: w.restart().pause(),
        w.resume,
    ):
        do()
        w.wait(PATIENCE)
    told = [line for line in lines()[before:] if not re.search(" in .* s$", line)]
    expected = ["perplexity 8 -> 9", "seed 0 -> 4", "init pca -> random", "restart at iteration 60"]
    assert told == [
        *expected,
        "restart at iteration 60",
        "paused at iteration 0",
        "continues from iteration 0",
    ]


def test_maps_of_a_grid_are_told_by_their_number(blobs, caplog):
    caplog.set_level(logging.INFO, logger="tsne_widget")
    w = TSNEWidget(blobs, **{**SHORT, "perplexity": [5, 8]}).wait(PATIENCE)
    w.compare().wait(PATIENCE)
    told = caplog.text
    assert "maps: 2" in told
    assert re.search(r"widget \d+, map 1: not settled yet after 60 iterations", told)
    assert "a map was removed: 1 left" in told


def test_a_failure_is_told_with_its_traceback_and_the_way_back(blobs, caplog, monkeypatch):
    caplog.set_level(logging.INFO, logger="tsne_widget")
    w = TSNEWidget(blobs, **SHORT).wait(PATIENCE)

    def fail(self):
        raise FloatingPointError("the sky fell")

    with monkeypatch.context() as broken:
        broken.setattr(Optimizer, "step", fail)
        with pytest.raises(RunFailedError):
            w.start().wait(PATIENCE)
    (failure,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert "failed in iteration 61: FloatingPointError: the sky fell" in failure.getMessage()
    assert failure.exc_info[1] is w._driver.session.runs[0].error
    assert "in fail" in caplog.text  # the traceback
    w.recover().wait(PATIENCE)
    assert "back to the last good layout, iteration 60" in caplog.text


def test_a_map_that_has_failed_or_ended_before_it_is_told_of_is_told_of_in_full(blobs, caplog):
    w = TSNEWidget(blobs, beside={"mine": blobs[:, :2]}, perplexity=5, autostart=False).wait(PATIENCE)
    failed, given = (w._driver.run_of(run.id) for run in w.runs)
    failed.fail(ValueError("at once"))
    caplog.set_level(logging.INFO, "tsne_widget")
    log = EventLog(lambda: 0.0)
    log.tell(failed)
    log.tell(given)
    told = [record.getMessage().partition(": ")[2] for record in caplog.records]
    assert any("ValueError: at once" in line for line in told)
    assert "given, in 0.00 s" in told


def test_a_refused_message_is_a_warning_of_one_line(blobs, caplog):
    w = TSNEWidget(blobs, perplexity=8, autostart=False)
    client = Client(w)
    client.say(type="command", id=1, name="line\nbreak")
    (record,) = (record for record in caplog.records if record.levelno == logging.WARNING)
    assert "refused" in record.getMessage()
    assert "\n" not in record.getMessage()


def test_pages_that_come_and_go_and_the_first_picture_are_told(blobs, lines):
    w = TSNEWidget(blobs, perplexity=8, autostart=False).wait(PATIENCE)
    client = Client(w)
    client.hello()
    client.next(lambda content: content["type"] == "news")
    client.ack()
    client.ack()
    everything_was_sent()  # its thread acknowledges too, and may be the first
    client.bye()
    told = lines()
    assert told.count("a client shows it: 1 in total") == 1
    assert len([line for line in told if re.fullmatch(r"first picture drawn after \d+\.\d\d s", line)]) == 1
    assert told[-1] == "a client no longer shows it: 0 left"


def test_a_page_that_falls_silent_is_told(clock):
    told = []
    audience = Audience(clock, lambda words, number: told.append(words % number))
    audience.heard("a client")
    clock.forward(ABSENCE_SECONDS + 1)
    assert not audience.present
    assert told == ["a client shows it: 1 in total", "a client has been silent for too long: 0 left"]


def test_sleeping_and_waking_are_told(blobs, lines, shifted):
    w = TSNEWidget(blobs, perplexity=8, max_iter=10**9, early_exaggeration_iter=10**9)
    client = Client(w)
    client.hello()
    client.status(lambda status: status["iteration"] > 0)
    client.bye()
    shifted(ABSENCE_SECONDS + 1)
    while not w._clients.asleep:
        threading.Event().wait(0.001)
    w._clients.wake()
    w.pause().wait(PATIENCE)
    told = lines()
    assert "sleeps: no client shows it" in told
    assert "awake" in told[told.index("sleeps: no client shows it") :]


def test_no_data_are_told(lines, caplog):
    caplog.set_level(logging.DEBUG, logger="tsne_widget")
    X = np.random.default_rng(0).normal(size=(60, 4))
    X[3, 2] = 1234.5678
    w = TSNEWidget(X, labels=["quicksilver"] * 60, **SHORT).wait(PATIENCE)
    client = Client(w)
    client.hello()
    query = {"name": "find", "text": "quicksilver", "column": None}
    client.say(type="query", client="a client", id=2, query=query)
    client.next(lambda content: content["type"] == "reply")
    assert len(caplog.records) > 10
    assert "quicksilver" not in caplog.text
    assert "1234" not in caplog.text


@pytest.mark.release
def test_nothing_is_written_where_nobody_has_set_up_logging():
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", SILENT], capture_output=True, text=True, timeout=300
    )
    assert (done.stderr, done.stdout, done.returncode) == ("", "the sky fell\n", 0)

"""The measures of a widget: for users, for pages, in pictures and in saved pages."""

from __future__ import annotations

import base64
import json
import re
import threading

import numpy as np
import pytest
from sklearn.metrics import pairwise_distances

from tests.clients import NUMBERS, PATIENCE, Client, make, measurer_of
from tests.measures.test_neighborhoods import obvious_neighbors, obvious_share
from tests.measures.toy import Remoteness
from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    PerplexityWarning,
    SelectionError,
    SeveralRunsError,
    StabilityWarning,
)
from tsne_widget.measures import registry
from tsne_widget.measures.measure import Measure

pytestmark = pytest.mark.usefixtures("close_widgets")

N = 60


class Slow(Measure):
    """Takes a step whenever a test lets it."""

    name, label, description, needs = "slow", "slowly", "takes its time", "data"

    def __init__(self) -> None:
        self.steps_taken, self.gate, self.begun = 0, threading.Semaphore(0), threading.Event()

    def steps(self, context):
        while self.steps_taken < 100:
            self.begun.set()
            assert self.gate.acquire(timeout=PATIENCE)
            self.steps_taken += 1
            yield
        return np.zeros(context.n)

    def sentence(self, values, context):
        return "nothing"


@pytest.fixture
def slow(monkeypatch):
    added = Slow()
    monkeypatch.setattr(registry, "MEASURES", (*registry.MEASURES, added))
    return added


@pytest.fixture
def toy(monkeypatch):
    monkeypatch.setattr(registry, "MEASURES", (*registry.MEASURES, Remoteness()))


def query(measure, runs=(), row=None, view=0):
    return {"name": "measure", "measure": measure, "runs": list(runs), "row": row, "view": view}


def ask(w, measure, runs=(), row=None):
    """Ask as a page does; return the reply and its values."""
    client, number = Client(w), next(NUMBERS)
    client.say(type="query", client="a client", id=number, query=query(measure, runs, row))
    content, buffers = client.next(lambda content: content["type"] == "reply" and content["id"] == number)
    return content, [np.frombuffer(buffer, "<f4") for buffer in buffers or ()]


# --- for users ----------------------------------------------------------------------------------------


def test_a_measure_is_a_number_for_each_row(blobs):
    w = make(blobs).wait(PATIENCE)
    for name, row in (("kept", None), ("density", None), ("distance", 7)):
        assert w.measure(name, row=row).shape == (N,)
    assert w.measure("kept").mean() == pytest.approx(w.runs[0].neighbors_kept_)
    np.testing.assert_array_equal(w.measure("density"), w.local_radius())
    np.testing.assert_array_equal(w.measure("distance", row=7), w.distances(7))


def test_of_several_maps_each_has_its_own(blobs):
    w = make(blobs, init="random", random_state=[0, 1, 2]).wait(PATIENCE)
    for run in w.runs:
        assert run.measure("kept").mean() == pytest.approx(run.neighbors_kept_)
    np.testing.assert_array_equal(w.runs[1].measure("density"), w.measure("density"))
    np.testing.assert_array_equal(w.runs[1].measure("distance", row=3), w.distances(3))
    with pytest.raises(SeveralRunsError, match=r"3 maps: ask w.runs\[0\].measure\('kept'\)"):
        w.measure("kept")
    np.testing.assert_array_equal(w.measure("stability"), w.stability())
    np.testing.assert_array_equal(w.measure("stability", runs=[2, w.runs[0]]), w.stability(runs=[0, 2]))


def test_each_map_is_measured_in_its_own_metric(blobs):
    w = make(blobs, metric=["euclidean", "cosine"]).wait(PATIENCE)
    for run, metric in zip(w.runs, ["euclidean", "cosine"], strict=True):
        distances = pairwise_distances(blobs, metric=metric)
        near = np.argsort(distances, axis=1, kind="stable")[:, 1:11]
        expected = obvious_share([near, obvious_neighbors(run.embedding_, 10)])
        np.testing.assert_allclose(run.measure("kept"), expected)
        np.testing.assert_allclose(run.measure("distance", row=3), distances[3], rtol=1e-4, atol=1e-6)
    for reference, run in enumerate(w.runs):
        w.reference = reference
        np.testing.assert_array_equal(w.measure("density"), run.measure("density"))
    assert "euclidean and cosine distance" in ask(w, "kept", runs=[0, 1])[0]["result"]["sentence"]


@pytest.mark.parametrize(
    ("name", "given", "error", "words"),
    [
        ("keptt", {}, InvalidValueError, "name='keptt' is not a measure: choose from stability, kept"),
        ("kept", {"runs": [0]}, InvalidValueError, "runs=.* has no effect"),
        ("kept", {"row": 0}, InvalidValueError, "row=0 has no effect"),
        ("distance", {}, InvalidTypeError, "'distance' needs row=, the position of a row"),
        ("distance", {"row": N}, SelectionError, "row=60 does not exist"),
        ("stability", {}, NotComputedError, "at least two maps"),
        ("stability", {"runs": [0]}, InvalidValueError, "runs="),
    ],
)
def test_a_measure_without_what_it_needs_is_refused(blobs, name, given, error, words):
    w = make(blobs, autostart=False).wait(PATIENCE)
    with pytest.raises(error, match=words):
        w.measure(name, **given)


def test_a_measure_that_compares_maps_is_not_of_one(blobs):
    w = make(blobs, init="random", random_state=[0, 1]).wait(PATIENCE)
    with pytest.raises(InvalidValueError, match=r"ask w.measure\('stability'\)"):
        w.runs[0].measure("stability")


def test_before_the_search_nothing_is_kept(blobs):
    with pytest.raises(NotComputedError, match=r"wait\(\)"):
        make(blobs, autostart=False).wait(PATIENCE).measure("kept")


def test_maps_that_agree_by_construction_are_warned_of(blobs):
    w = make(blobs, random_state=[0, 1]).wait(PATIENCE)
    with pytest.warns(StabilityWarning, match="by construction") as caught:
        w.measure("stability")
    assert caught[0].filename == __file__


def test_the_measures_of_a_widget_are_told_in_a_sentence_each(blobs, toy):
    w = make(blobs, autostart=False)
    names = "stability kept distortions missing false reach second_home isolation density distance remoteness"
    assert list(w.measures) == names.split()
    assert "kept: the share of a row's 10 nearest rows that are" in repr(w.measures)
    assert [one["name"] for one in w._measures] == list(w.measures)


# --- for pages ----------------------------------------------------------------------------------------


def test_a_page_measures_each_map_by_itself(blobs):
    w = make(blobs, init="random", random_state=[0, 1, 2]).wait(PATIENCE)
    content, values = ask(w, "kept", runs=[2, 0])
    assert (content["error"], content["result"]["runs"]) == (None, [2, 0])
    for found, run in zip(values, (w.runs[2], w.runs[0]), strict=True):
        np.testing.assert_allclose(found, run.measure("kept"), rtol=1e-6)


def test_a_page_measures_how_far_maps_agree(blobs):
    w = make(blobs, init="random", random_state=[0, 1, 2]).wait(PATIENCE)
    content, (share,) = ask(w, "stability", runs=[2, 0])
    assert content["result"] == {
        "measure": "stability",
        "called": "stability",
        "runs": [2, 0],
        "row": None,
        "parts": 1,
        "low": 0.0,
        "high": 1.0,
        "least": pytest.approx(share.min()),
        "most": pytest.approx(share.max()),
        "sentence": "the share of a point's 15 nearest map neighbours that are the same on seed 2 and "
        "seed 0 (by chance 0.25)",
        "caution": None,
    }
    np.testing.assert_allclose(share, w.stability(runs=[2, 0]), rtol=1e-6)


def test_a_page_is_cautioned_of_maps_that_agree_by_construction(blobs):
    w = make(blobs, random_state=[0, 1]).wait(PATIENCE)
    caution = ask(w, "stability", runs=[0, 1])[0]["result"]["caution"]
    assert "almost nothing" in caution.pop("text")
    assert caution == {"axis": "init", "value": "random", "action": "start at random"}


@pytest.mark.parametrize("measure", ["stability", "kept"])
def test_a_map_that_is_no_more_or_has_no_layout_is_not_measured(blobs, measure):
    with pytest.warns(PerplexityWarning):
        w = make(blobs, perplexity=[5, 100]).wait(PATIENCE)
    assert "perplexity=100 is not allowed" in ask(w, measure, runs=[0, 1])[0]["error"]
    assert "no longer part" in ask(w, measure, runs=[0, 7])[0]["error"]


def test_what_is_measured_holds_up_neither_questions_nor_maps_nor_other_widgets(blobs, slow):
    w, other = make(blobs, max_iter=10**6, early_exaggeration_iter=10**6), make(blobs, autostart=False)
    client = Client(w)
    client.say(type="query", client="a client", id=next(NUMBERS), query=query("slow"))
    assert slow.begun.wait(PATIENCE)
    number = next(NUMBERS)
    client.say(
        type="query", client="a client", id=number, query={"name": "neighbors", "row": 0, "k": 3}
    )  # as a tooltip's
    assert client.next(lambda content: content["type"] == "reply")[0]["id"] == number
    assert len(ask(other, "distance", row=0)[1][0]) == N
    before = w.iteration
    reached = threading.Event()
    w.observe(lambda _: None)
    while w.iteration <= before + 5:
        reached.wait(0.01)
    slow.steps_taken = 100
    slow.gate.release()
    assert client.next(lambda content: content["type"] == "reply")[0]["result"]["measure"] == "slow"


def test_a_newer_measure_of_a_page_drops_the_older_between_two_steps(blobs, slow):
    w = make(blobs, autostart=False)
    client, numbers = Client(w), [next(NUMBERS), next(NUMBERS)]
    client.say(type="query", client="a client", id=numbers[0], query=query("slow"))
    assert slow.begun.wait(PATIENCE)
    client.say(type="query", client="a client", id=numbers[1], query=query("distance", row=5))
    slow.gate.release()
    replies = [client.next(lambda content: content["type"] == "reply")[0] for _ in numbers]
    assert [reply["id"] for reply in replies] == numbers
    assert "the view has since asked another question" in replies[0]["error"]
    assert replies[1]["result"]["row"] == 5
    assert slow.steps_taken == 1


def test_another_view_in_the_page_drops_nothing(blobs, slow):
    w = make(blobs, autostart=False)
    client, numbers = Client(w), [next(NUMBERS) for _ in range(3)]
    client.say(type="query", client="a client", id=numbers[0], query=query("slow"))
    assert slow.begun.wait(PATIENCE)
    client.say(type="query", client="a client", id=numbers[1], query=query("slow", view=1))
    client.say(type="query", client="a client", id=numbers[2], query=query("distance", row=5, view=1))
    slow.steps_taken = 99
    slow.gate.release()
    replies = [client.next(lambda content: content["type"] == "reply")[0] for _ in numbers]
    failed = {reply["id"]: bool(reply["error"]) for reply in replies}
    assert failed == dict(zip(numbers, (False, True, False), strict=True))


def test_another_page_drops_nothing(blobs, slow):
    w = make(blobs, autostart=False)
    client = Client(w)
    client.say(type="query", client="a client", id=next(NUMBERS), query=query("slow"))
    assert slow.begun.wait(PATIENCE)
    client.say(type="query", client="another client", id=next(NUMBERS), query=query("distance", row=5))
    slow.steps_taken = 99
    slow.gate.release()
    replies = [client.next(lambda content: content["type"] == "reply")[0] for _ in range(2)]
    assert [reply["error"] for reply in replies] == [None, None]


def test_nothing_is_measured_of_a_widget_that_was_closed_meanwhile(blobs, slow):
    w = make(blobs, autostart=False)
    client = Client(w)
    client.say(type="query", client="a client", id=next(NUMBERS), query=query("slow"))
    assert slow.begun.wait(PATIENCE)
    w.close()
    slow.gate.release()
    ended = threading.Event()
    measurer_of(w).call(ended.set)
    assert ended.wait(PATIENCE)
    assert slow.steps_taken == 1


# --- in what is saved ---------------------------------------------------------------------------------


def saved_in(path):
    (text,) = re.findall(
        r'<script id="saved" type="application/json">(.*?)</script>', path.read_text("utf-8")
    )
    return json.loads(text)


def values_in(saved):
    return [
        np.frombuffer(base64.b64decode(buffer["base64"]), "<f4") for buffer in saved["measured"]["buffers"]
    ]


@pytest.mark.parametrize("measure", ["kept", "stability", "density", "remoteness"])
def test_a_page_without_python_holds_what_colors(blobs, tmp_path, toy, measure):
    w = make(blobs, init="random", random_state=[0, 1]).wait(PATIENCE)
    w.color_by = measure
    path = w.save_html(tmp_path / "maps.html")
    saved = saved_in(path)
    assert saved["traits"]["_color"]["mode"] == measure
    assert [one["name"] for one in saved["traits"]["_measures"]] == [measure]
    assert saved["measured"]["result"]["measure"] == measure
    assert f"measured in this file: {w.measures[measure]}" in path.read_text("utf-8").replace("&#x27;", "'")
    each = measure in ("kept", "remoteness")
    expected = [run.measure(measure) for run in w.runs] if each else [w.measure(measure)]
    for found, values in zip(values_in(saved), expected, strict=True):
        np.testing.assert_allclose(found, values, rtol=1e-6)


def test_a_page_without_python_holds_the_distances_to_the_one_row_that_is_selected(blobs, tmp_path):
    w = make(blobs, labels=list("ab") * 30, color_by="distance").wait(PATIENCE)
    w.select([7])
    saved = saved_in(w.save_html(tmp_path / "maps.html"))
    np.testing.assert_allclose(values_in(saved)[0], w.distances(7), rtol=1e-6)
    w.select([7, 8])
    saved = saved_in(w.save_html(tmp_path / "maps.html"))
    assert (saved["measured"], saved["traits"]["_measures"]) == (None, [])
    assert saved["traits"]["_color"]["mode"] == "labels"


def test_what_cannot_be_measured_yet_is_not_left_out_in_silence(blobs, tmp_path):
    w = make(blobs, autostart=False, color_by="kept").wait(PATIENCE)
    for save, name in ((w.save_html, "maps.html"), (w.save_image, "maps.png")):
        with pytest.raises(NotComputedError, match="searched"):
            save(tmp_path / name)


def test_each_map_of_a_picture_has_its_own_colors(blobs, toy):
    w = make(blobs, init="random", random_state=[0, 1]).wait(PATIENCE)
    for measure in ("kept", "remoteness"):
        w.color_by = measure
        legend = w._pictures.legend(False)
        assert legend.title == measure
        for run, values in zip(w.runs, legend.values, strict=True):
            np.testing.assert_allclose(values, run.measure(measure))
            assert f"mean {run.measure(measure).mean():.2f}, {run.title}" in legend.words
    assert legend.ends == ("middle", "rim")


def test_a_map_of_a_picture_that_is_out_of_range_has_no_values(blobs):
    with pytest.warns(PerplexityWarning):
        w = make(blobs, perplexity=[5, 100]).wait(PATIENCE)
    w.color_by = "kept"
    values = w._pictures.legend(False).values
    assert np.isnan(values[1]).all()
    np.testing.assert_allclose(values[0], w.runs[0].measure("kept"))


# --- what colours -------------------------------------------------------------------------------------


def test_a_measure_of_somebody_colors(blobs, toy):
    w = make(blobs, labels=list("ab") * 30, color_by="remoteness", autostart=False)
    assert w.color_by == "remoteness"
    assert w._color["mode"] == "remoteness"
    assert Client(w).command("color", mode="kept", column=None, kind=None)["error"] is None
    assert w.color_by == "kept"
    assert "mode must be one of" in Client(w).command("color", mode="keptt", column=None, kind=None)["error"]

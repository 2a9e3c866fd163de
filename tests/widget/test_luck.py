"""Is it luck? Repetitions of the map, and what they say."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.clients import NUMBERS, PATIENCE, Client, make
from tsne_widget import DataError, InvalidTypeError, InvalidValueError, NotComputedError, PerplexityWarning

pytestmark = pytest.mark.usefixtures("close_widgets")
LABELS = np.repeat(["a", "b", "c"], 20)


@pytest.fixture
def w(blobs):
    return make(blobs, labels=LABELS, max_iter=150)


def titles(w):
    return [run.title for run in w.runs]


def test_clumps_of_the_data_stay_together_on_both_kinds_of_repetitions(w):
    for kind, words in (("starts", "3 maps from other starts"), ("rows", "3 maps of 80 % of the rows")):
        found = w.repeat(3, kind).wait(PATIENCE).holds_together()
        assert list(found["group"]) == ["a", "b", "c"]
        assert (found["mean"] > 0.9).all()
        assert found["in words"][0].startswith(f"In {words} this group stays together (")
        assert found["in words"].str.endswith("Holding together does not make a group real.").all()
        values = found[titles(w)[1:]].to_numpy()
        np.testing.assert_allclose(values.mean(axis=1), found["mean"])
        assert values.shape == (3, 3)


def test_the_selection_groups_and_labels_are_told_each_with_its_kind(w):
    w.selection = range(4)
    w.groups["half"] = np.arange(0, 60, 2)
    w.groups["all"] = np.arange(60)
    found = w.repeat(2).wait(PATIENCE).holds_together()
    assert list(found["kind"]) == ["selected", "group", "group", "label", "label", "label"]
    assert list(found["rows"]) == [4, 30, 60, 20, 20, 20]
    few, half, every, *_ = found["in words"]
    assert "too few" in few
    assert "is mixed with others, as here" in half
    assert "all rows" in every
    assert found["mean"].isna().tolist() == [True, False, True, False, False, False]
    assert list(w.holds_together("groups")["group"]) == ["half", "all"]
    assert list(w.holds_together("label")["group"]) == ["a", "b", "c"]
    with pytest.raises(DataError):
        w.holds_together("nothing")


def test_the_frame_is_of_the_users_library(blobs):
    w = make(pl.DataFrame(blobs, schema=[*"vwxyz"]), labels=LABELS).repeat(1).wait(PATIENCE)
    assert isinstance(w.holds_together(), pl.DataFrame)


def test_repetitions_replace_those_shown_and_go_without_a_trace(w):
    w.beside = ["pca"]
    before, reference = titles(w), w.reference
    w.repeat(2)
    starts = titles(w)
    w.repeat(4)
    assert titles(w)[: len(starts)] == starts
    w.repeat(2, "rows")
    assert [title for title in titles(w) if "random start" in title] == []
    w.repeat(0)
    assert (titles(w), w.reference) == (before, reference)


def test_a_repetition_that_the_user_has_named_stays(w):
    w.beside = {"mine": "repeat"}
    w.repeat(2).repeat(0)
    assert list(w.beside) == ["mine"]


def test_seeds_are_those_that_no_other_map_has(blobs):
    w = make(blobs, init="random", random_state=[1, 3], autostart=False).repeat(3)
    assert [run.random_state for run in w.runs] == [1, 3, 2, 4, 5]


def test_maps_that_agree_by_construction_do_not_count(w):
    w.compare(random_state=[0, 1]).wait(PATIENCE)
    with pytest.raises(NotComputedError, match=r"repeat\(\) makes them; .* nearly the same by construction"):
        w.holds_together()
    w.compare(random_state=[0], init=["pca", "random"]).wait(PATIENCE)
    assert len(w.holds_together().filter(like="random").columns) == 1
    w.compare(random_state=0, init="pca", beside={"same": {"method": "repeat", "init": "pca"}}).wait(PATIENCE)
    with pytest.raises(NotComputedError):
        w.holds_together()
    w.beside["same"].subsample = 0.9
    assert "same" in w.wait(PATIENCE).holds_together().columns


def test_maps_of_another_perplexity_or_metric_do_not_count(w):
    w.compare(perplexity=[8, 12]).wait(PATIENCE)
    with pytest.raises(NotComputedError):
        w.holds_together()
    w.repeat(1).wait(PATIENCE)
    assert [column for column in w.holds_together() if "perplexity" in column] == []
    w.reference = 1
    with pytest.raises(NotComputedError):  # the repetition has the first map's perplexity
        w.holds_together()


def test_before_there_is_a_layout_it_says_what_to_wait_for(blobs):
    w = make(blobs, autostart=False)
    with pytest.raises(NotComputedError, match=r"repeat\(\) makes them$"):
        w.holds_together()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"n": -1}, "n=-1"),
        ({"n": 64}, "n=64 .* at most 63"),
        ({"n": 2.5}, "n=2.5"),
        ({"n": True}, "n=True"),
        ({"kind": "seeds"}, "kind='seeds' .* 'starts', 'rows'"),
        ({"kind": None}, "kind=None"),
    ],
)
def test_a_number_and_a_kind_that_are_not_allowed_change_nothing(w, given, words):
    with pytest.raises((InvalidValueError, InvalidTypeError), match=words):
        w.repeat(**given)
    assert len(w.runs) == 1


def test_too_few_rows_are_refused_at_once(blobs):
    with pytest.warns(PerplexityWarning):
        w = make(blobs, perplexity=50)
    with pytest.raises(InvalidValueError, match=r"kind='rows': perplexity=50 .* for 48 rows"):
        w.repeat(2, "rows")
    assert len(w.repeat(2).runs) == 3


# --- clients --------------------------------------------------------------------------------------------


def ask(client):
    client.say(type="query", client=client.name, id=next(NUMBERS), query={"name": "together", "view": 0})
    return client.next(lambda content: content["type"] == "reply")[0]


def test_a_page_makes_them_asks_and_takes_them_away(w):
    w.selection = range(20)
    client = Client(w)
    assert ask(client)["result"]["maps"] == []
    assert client.command("repeat", value=2, kind="rows")["error"] is None
    w.wait(PATIENCE)
    found = ask(client)["result"]
    assert [one["title"] for one in found["maps"]] == titles(w)[1:]
    assert [one["kind"] for one in found["groups"]] == ["selected", "label", "label", "label"]
    assert found["groups_total"] == 4
    first = found["groups"][0]
    assert (first["name"], first["rows"], len(first["values"])) == ("selected rows", 20, 2)
    assert first["verdict"] == "stays together"
    assert first["here"] == pytest.approx(w.holds_together()["reference"][0])
    assert first["mean"] == pytest.approx(w.holds_together()["mean"][0])
    assert client.command("repeat", value=0, kind="rows")["error"] is None
    assert len(w.runs) == 1
    assert "kind must be one of starts, rows" in client.command("repeat", value=2, kind="x")["error"]


def test_a_page_hears_why_maps_cannot_be_made(blobs):
    with pytest.warns(PerplexityWarning):
        w = make(blobs, perplexity=50)
    assert "for 48 rows" in Client(w).command("repeat", value=2, kind="rows")["error"]


def test_numbers_that_are_missing_cross_as_null(w):
    w.selection = range(3)
    w.repeat(1).wait(PATIENCE)
    first = ask(Client(w))["result"]["groups"][0]
    assert (first["values"], first["mean"], first["here"], first["verdict"]) == ([None], None, None, "")


def test_tables_pictures_and_pages_have_them(w, tmp_path):
    w.repeat(1, "rows").wait(PATIENCE)
    frame = w.to_frame()
    assert frame.isna().sum().tolist() == [0, 0, 12, 12]
    assert w.save_image(tmp_path / "maps.png").stat().st_size > 1000
    page = w.save_html(tmp_path / "maps.html").read_text()
    assert "t-SNE of 80 % of the rows, seed 1" in page
    assert isinstance(frame, pd.DataFrame)
    assert math.isnan(frame.iloc[np.flatnonzero(frame.isna().any(axis=1))[0], 2])

"""Clumps are suggested as groups, and groups are named, by users and by clients."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.clients import NUMBERS, PATIENCE, Client, make
from tsne_widget import (
    GroupError,
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    NotRunningError,
    PerplexityWarning,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore::tsne_widget.IsolatedRowsWarning"),
    pytest.mark.usefixtures("close_widgets"),
]
N = 150
KINDS = np.repeat(["ants", "bees", "cats"], N // 3)


def three() -> np.ndarray:
    rows = np.random.default_rng(0).standard_normal((N, 8))
    rows[:, 0] += np.repeat([0, 20, 40], N // 3)
    return rows


@pytest.fixture
def settled():
    return make(three(), labels=KINDS, perplexity=15, max_iter=250).wait(PATIENCE)


@pytest.mark.parametrize("on", ["map", "data"])
def test_clumps_become_suggestions_with_names_and_no_group(settled, on):
    found = settled.find_clumps(on)
    assert found is settled.suggestions
    assert sorted(found) == ["ants", "bees", "cats"]
    assert not settled.groups
    for name, rows in found.items():
        assert np.mean(KINDS[rows] == name) > 0.95
    assert found.why("ants").startswith("100 % are ants")
    said = repr(found)
    assert "not a fact" in said
    assert all(name in said for name in found)
    assert ("clumps of the map at iteration" in said) == (on == "map")
    assert ("nearest rows in the data (euclidean)" in said) == (on == "data")


def test_accepted_suggestions_are_groups_and_replace_none(settled):
    settled.groups["ants"] = [0, 149]
    found = settled.find_clumps()
    ants, cats = found["ants"], found["cats"]
    assert found.accept({"cats": "felines"}) == ["felines"]
    assert found.accept("ants") == ["ants (2)"]
    assert settled.groups["ants"].tolist() == [0, 149]
    assert settled.groups["ants (2)"].tolist() == ants.tolist()
    assert settled.groups["felines"].tolist() == cats.tolist()
    assert list(found) == ["bees"]
    assert found.accept() == ["bees"]
    assert (len(found), found.origin) == (0, None)


def test_suggestions_are_renamed_merged_and_dropped(settled):
    found = settled.find_clumps()
    both = np.union1d(found["ants"], found["cats"])
    found.rename("bees", "wasps")
    assert found.merge("ants", "cats", to="others") == "others"
    assert found["others"].tolist() == both.tolist()
    found.drop("wasps")
    assert list(found) == ["others"]
    found.drop()
    assert not found
    assert "find_clumps()" in repr(found)


@pytest.mark.parametrize(
    ("act", "error", "said"),
    [
        (lambda found: found.accept("ant"), GroupError, "'ant'.*'ants'"),
        (lambda found: found.accept({"ants": ""}), InvalidValueError, "name"),
        (lambda found: found.accept(3), InvalidTypeError, "names=3"),
        (lambda found: found.accept(["ants", "dogs"]), GroupError, "dogs"),
        (lambda found: found.rename("ants", "bees"), GroupError, "bees"),
        (lambda found: found.rename("ants", 3), InvalidTypeError, "name=3"),
        (lambda found: found.merge("ants"), InvalidValueError, "at least two"),
        (lambda found: found.merge("ants", "bees", to="cats"), GroupError, "cats"),
        (lambda found: found.drop("ants", "dogs"), GroupError, "dogs"),
        (lambda found: found.why("dogs"), GroupError, "dogs"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(settled, act, error, said):
    found = settled.find_clumps()
    before = dict(found)
    with pytest.raises(error, match=said):
        act(found)
    assert dict(found) == before
    assert not settled.groups


def test_a_map_on_its_way_is_read_as_it_is_and_said_to_be(blobs):
    w = make(blobs, max_iter=10**9, early_exaggeration_iter=10**9)
    w.step(20).wait(PATIENCE)
    assert "which has not settled" in repr(w.find_clumps())
    assert w.suggestions.origin.iteration == w.n_iter_


def test_rows_without_a_place_are_told():
    coordinates = np.repeat([[0.0, 0], [50, 0]], 60, axis=0) + np.random.default_rng(1).normal(size=(120, 2))
    coordinates[:7] = np.nan
    w = make(three()[:120], beside={"mine": coordinates}, autostart=False).wait(PATIENCE)
    found = w.find_clumps(run=1)
    assert "clumps of the map 'mine'" in repr(found)
    assert "7 have no place on this map" in repr(found)
    assert sum(map(len, found.values())) + found.origin.in_none == 113
    assert w.find_clumps(run=w.runs[1]).origin.run == w.runs[1].id


def test_where_nothing_stands_apart_nothing_is_suggested():
    cloud = np.random.default_rng(0).normal(size=(200, 2))
    even = cloud / np.linalg.norm(cloud, axis=1, keepdims=True)
    w = make(cloud, beside={"even": even}, autostart=False).wait(PATIENCE)
    found = w.find_clumps(min_size=100, run=1)
    assert not found
    assert "there are no clumps of the map 'even'" in repr(found)


@pytest.mark.parametrize(
    ("wish", "error", "said"),
    [
        ({"on": "rows"}, InvalidValueError, "on='rows'.*'map', 'data'"),
        ({"on": None}, InvalidTypeError, "on=None"),
        ({"min_size": 1}, InvalidValueError, "min_size=1.*at least 2 and at most 75"),
        ({"min_size": 2.5}, InvalidTypeError, "min_size=2.5"),
        ({"run": 1}, InvalidValueError, "run=1"),
        ({"run": "first"}, InvalidTypeError, "run='first'"),
    ],
)
def test_parameters_are_checked(settled, wish, error, said):
    with pytest.raises(error, match=said):
        settled.find_clumps(**wish)


def test_a_closed_widget_finds_nothing_and_keeps_its_suggestions(settled):
    found = settled.find_clumps()
    settled.close()
    for act in (settled.find_clumps, settled.name_groups):
        with pytest.raises(NotRunningError):
            act()
    found.accept("ants")
    assert list(settled.groups) == ["ants"]


def test_groups_and_labels_are_named_too(settled):
    settled.groups["a"], settled.groups["b"] = range(50), range(50, 100)
    assert settled.name_groups("label") == {"a": "ants", "b": "bees"}
    assert list(settled.groups) == ["ants", "bees"]
    assert settled.groups["bees"].tolist() == list(range(50, 100))
    named = settled.name_groups("x0", of="label")
    assert named == {"ants": "low x0", "cats": "high x0"}  # bees lie in the middle
    assert list(settled.groups) == ["ants", "bees"]


def test_names_may_swap(settled):
    settled.groups["bees"], settled.groups["ants"] = range(50), range(50, 100)
    settled.name_groups()
    assert settled.groups["ants"].tolist() == list(range(50))
    assert settled.groups["bees"].tolist() == list(range(50, 100))


def test_suggestions_are_named_before_groups_and_a_function_may_name_them():
    w = make(pd.DataFrame(three()).rename(columns=str), data=pd.DataFrame({"kind": KINDS}), perplexity=15)
    w.wait(PATIENCE)
    w.groups["mine"] = range(4)
    w.find_clumps()
    seen = []

    def namer(rows):
        seen.append(rows)
        return f"all {rows.kind.mode()[0]}"

    names = w.name_groups(namer=namer)
    assert names == {"ants": "all ants", "bees": "all bees", "cats": "all cats"}
    assert set(w.suggestions) == set(names.values())
    assert all(isinstance(rows, pd.DataFrame) for rows in seen)
    assert list(w.groups) == ["mine"]
    assert w.name_groups(namer=lambda rows: "one", of="groups") == {"mine": "one"}


def test_a_function_that_fails_is_told_with_the_group_and_loses_nothing(settled):
    found = settled.find_clumps()

    def namer(rows):
        if len(seen) == 1:
            seen.append("failed")
            raise KeyError("no model")
        seen.append("named")
        return "good name" if len(seen) < 3 else 7

    seen: list[str] = []
    first, second, third = found
    said = f"{second!r}: KeyError.*{third!r}: InvalidTypeError.*; all others have their new names"
    with pytest.raises(InvalidValueError, match=said):
        settled.name_groups(namer=namer)
    assert list(found) == ["good name", second, third]
    assert first not in found


@pytest.mark.parametrize(
    ("wish", "error", "said"),
    [
        ({}, InvalidValueError, "nothing to name"),
        ({"namer": "llm", "of": "label"}, InvalidTypeError, "namer='llm'"),
        ({"namer": str, "by": "label", "of": "label"}, InvalidValueError, "by='label' has no effect"),
    ],
)
def test_what_cannot_be_named_is_said(settled, wish, error, said):
    with pytest.raises(error, match=said):
        settled.name_groups(**wish)


def test_texts_give_words_to_a_contrast(blobs):
    texts = [f"{'a goal was scored' if row < 20 else 'bake the bread'} {row}" for row in range(60)]
    w = make(blobs, data={"text": texts}, autostart=False).select(range(20))
    table = w.contrast()
    words = table[table["kind"] == "word"].set_index("category")
    assert words.loc["goal scored", ["selected", "other", "effect"]].tolist() == [1, 0, 1]
    assert "the" not in words.index


# --- clients ------------------------------------------------------------------------------------------


class Tab(Client):
    """A client that looks for clumps."""

    def ask(self, **query):
        number = next(NUMBERS)
        self.say(type="query", client=self.name, id=number, query=query)
        content, buffers = self.next(lambda content: content["type"] == "reply" and content["id"] == number)
        return content, buffers or []


def test_a_client_finds_clumps_and_all_clients_are_told_to_ask_for_them(settled):
    tab = Tab(settled)
    tab.hello()
    run = settled.runs[0].id
    content, _ = tab.ask(name="find_clumps", on="map", run=run, view=0)
    assert (content["error"], content["result"]) == (None, None)
    assert settled._suggested == 1
    content, (rows,) = tab.ask(name="suggestions")
    told = content["result"]
    assert [one["name"] for one in told["groups"]] == list(settled.suggestions)
    assert sum(one["count"] for one in told["groups"]) == len(np.frombuffer(rows, "<i4"))
    assert (told["run"], told["iteration"]) == (run, settled.n_iter_)
    assert tab.command("rename_suggestion", group="ants", to="queens")["error"] is None
    assert tab.command("merge_suggestions", names=["bees", "cats"])["error"] is None
    assert "dogs" in tab.command("drop_suggestions", names=["dogs"])["error"]
    assert tab.command("accept_suggestions", names=["queens"])["error"] is None
    assert list(settled.groups) == ["queens"]
    assert tab.command("drop_suggestions", names=None)["error"] is None
    assert tab.ask(name="suggestions")[0]["result"] is None
    assert settled._suggested == 5


def test_neither_a_notebook_nor_a_page_saves_suggestions(settled, tmp_path):
    settled.find_clumps().rename("ants", "a name that nobody has accepted")
    state = settled.get_state()
    assert "nobody has accepted" not in repr({name: value for name, value in state.items() if name != "_esm"})
    page = settled.save_html(tmp_path / "page.html")
    assert "nobody has accepted" not in page.read_text("utf-8")


def test_looking_for_clumps_stops_when_the_view_no_longer_wants_them(settled):
    tab = Tab(settled)
    run = settled.runs[0].id
    first, second = next(NUMBERS), next(NUMBERS)
    tab.say(
        type="query",
        client=tab.name,
        id=first,
        query={"name": "find_clumps", "on": "map", "run": run, "view": 0},
    )
    tab.say(
        type="query",
        client=tab.name,
        id=second,
        query={"name": "drop_read", "question": "clumps", "run": run, "view": 0},
    )
    replies = [tab.next(lambda content: content["type"] == "reply")[0] for _ in range(2)]
    by_number = {content["id"]: content for content in replies}
    assert by_number[second]["error"] is None
    assert by_number[first]["error"] is None or "another question, or none" in by_number[first]["error"]


def test_a_map_without_a_layout_has_no_clumps():
    with pytest.warns(PerplexityWarning):
        w = make(three(), perplexity=[5, 149.5], autostart=False)
    with pytest.raises(NotComputedError):
        w.find_clumps(run=1)

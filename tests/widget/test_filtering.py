"""Rows stand out by their values: in Python, in views, and back again."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.clients import Client, make
from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    SelectionError,
    TSNEWidgetError,
    UnknownColumnError,
)

N = 40
X = np.random.default_rng(0).normal(size=(N, 3))
ROWS = np.arange(N)
AGES = np.where(ROWS % 10 == 3, np.nan, ROWS / 2)
FIRST = datetime(2024, 5, 1)
COLUMNS = {
    "age": AGES,
    "kind": ["cat", "dog", "cow", None] * 10,
    "day": [FIRST + timedelta(hours=6 * row) for row in range(N)],
    "took": [timedelta(minutes=row) for row in range(N)],
    "big": [2**60 + row for row in range(N)],
    "ill": [True, False] * 20,
    "note": [f"note {row}" for row in range(N)],
    "petal length": ROWS % 7,
}


pytestmark = pytest.mark.usefixtures("close_widgets")


@pytest.fixture
def w():
    return make(X, data=COLUMNS, autostart=False)


def rows_where(mask):
    return np.flatnonzero(mask).tolist()


# --- conditions ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "condition", "passing"),
    [
        ("age", (5, 10), (AGES >= 5) & (AGES <= 10)),
        ("age", (5, None), AGES >= 5),
        ("age", (None, np.float32(5)), AGES <= 5),
        ("age", (5, float("inf")), AGES >= 5),
        ("age", 5, AGES == 5),
        ("age", None, np.isnan(AGES)),
        ("age", [5, None], (AGES == 5) | np.isnan(AGES)),
        ("kind", "cat", ROWS % 4 == 0),
        ("kind", ["cat", "dog"], ROWS % 4 < 2),
        ("kind", {"cat", None}, np.isin(ROWS % 4, [0, 3])),
        ("kind", np.array(["cow"]), ROWS % 4 == 2),
        ("day", ("2024-05-02", "2024-05-03"), (ROWS >= 4) & (ROWS < 12)),
        ("day", (date(2024, 5, 2), date(2024, 5, 2)), (ROWS >= 4) & (ROWS < 8)),
        ("day", (datetime(2024, 5, 2, 6), datetime(2024, 5, 2, 12)), (ROWS >= 5) & (ROWS <= 6)),
        ("day", (np.datetime64("2024-05-09"), pd.NaT), ROWS >= 32),
        ("took", ("10 min", timedelta(minutes=12)), (ROWS >= 10) & (ROWS <= 12)),
        ("big", (2**60 + 3, 2**60 + 5), (ROWS >= 3) & (ROWS <= 5)),
        ("ill", True, ROWS % 2 == 0),
        ("note", ["note 3", "note 4"], np.isin(ROWS, [3, 4])),
        ("petal length", (None, 2), ROWS % 7 <= 2),
    ],
)
def test_rows_pass_by_a_condition_on_a_column_of_any_kind(w, column, condition, passing):
    assert w.filter({column: condition}) is w
    assert w.filtered.tolist() == rows_where(passing)
    assert w.filter(exclude={column: condition}).filtered.tolist() == rows_where(~passing)
    assert w.selection.tolist() == []


def test_a_keyword_names_a_column_too_and_all_conditions_must_hold(w):
    both = (AGES >= 5) & (ROWS % 4 == 0)
    assert w.filter(age=(5, None), kind="cat").filtered.tolist() == rows_where(both)
    assert w.filter({"age": (5, None)}, kind="cat").filtered.tolist() == rows_where(both)
    most = (AGES >= 5) & ~(ROWS % 4 == 0)
    assert w.filter(age=(5, None), exclude={"kind": "cat"}).filtered.tolist() == rows_where(most)


def test_any_of_the_conditions_is_enough_if_the_user_says_so(w):
    w.filter(age=(18, None), kind="cat", exclude={"petal length": (1, None)}, any=True)
    assert w.filtered.tolist() == rows_where((AGES >= 18) | (ROWS % 4 == 0) | (ROWS % 7 < 1))


def test_a_range_of_float32_is_as_coarse_as_the_column():
    w = make(X, data={"share": np.array([0.1, 0.2] * 20, np.float32)}, autostart=False)
    assert w.filter(share=(0.1, 0.1)).filtered.tolist() == rows_where(ROWS % 2 == 0)


def test_times_with_a_zone_are_compared_in_that_zone():
    days = pd.date_range("2024-05-01", periods=N, freq="6h", tz="Europe/Berlin")
    w = make(X, data=pd.DataFrame({"day": days}), autostart=False)
    assert w.filter(day=("2024-05-02", "2024-05-02")).filtered.tolist() == [4, 5, 6, 7]
    utc = datetime(2024, 5, 1, 22, tzinfo=timezone.utc)
    assert w.filter(day=(utc, utc)).filtered.tolist() == [4]


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_features_and_columns_of_frames_filter(frame):
    w = make(frame({"a": X[:, 0], "b": X[:, 1], "kind": COLUMNS["kind"]}), autostart=False)
    w.filter(a=(0, None), kind=["cat", None])
    assert w.filtered.tolist() == rows_where((X[:, 0] >= 0) & np.isin(ROWS % 4, [0, 3]))


def test_rows_themselves_may_be_given(w):
    assert w.filter(ROWS < 5).filtered.tolist() == [0, 1, 2, 3, 4]
    assert w.filter([7, 2]).filtered.tolist() == [2, 7]
    assert w.filter(ROWS < 5, kind="dog").filtered.tolist() == [1]


def test_without_a_filter_all_rows_pass(w):
    assert (w.filtered.tolist(), w.filtered.dtype, w._filter) == (ROWS.tolist(), np.int64, None)
    assert w.filter(kind="cat").filter(None).filtered.tolist() == ROWS.tolist()


def test_what_passes_becomes_the_selection_with_one_call(w):
    assert w.filter(kind="cat").select(w.filtered).selection.tolist() == rows_where(ROWS % 4 == 0)


# --- what is refused ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({}, InvalidValueError, r"names no condition; filter\(None\) clears"),
        ({"kid": "cat"}, UnknownColumnError, "no column 'kid'; did you mean 'kind'"),
        ({"kind": "cta"}, InvalidValueError, "no row has 'cta' in column 'kind'; did you mean 'cat'"),
        ({"ill": None}, InvalidValueError, "no row is missing a value in column 'ill'"),
        (
            {"kind": (1, 2)},
            InvalidValueError,
            "type category, which has no ranges: name its values in a list",
        ),
        ({"kind": ("cat", "dog", "cow")}, InvalidValueError, "values are named in a list"),
        ({"kind": []}, InvalidValueError, "at least one value"),
        ({"age": (1, 2, 3)}, InvalidValueError, r"a range .* as a tuple \(least, most\)"),
        ({"age": (None, None)}, InvalidValueError, "one of them must be given"),
        ({"age": (3, 2)}, InvalidValueError, "range of column 'age' is empty"),
        ({"age": ("a", 2)}, InvalidTypeError, "'age'='a' .*limited by numbers"),
        ({"age": (True, 2)}, InvalidTypeError, "limited by numbers"),
        ({"day": ("soon", None)}, InvalidValueError, "'day'='soon' .*limited by dates or times"),
        ({"took": ("soon", None)}, InvalidValueError, "limited by durations"),
        ({"any": 1, "kind": "cat"}, InvalidTypeError, "any=1"),
        ({"exclude": "cat"}, InvalidTypeError, "exclude='cat' .*a mapping of columns"),
    ],
)
def test_a_condition_that_no_row_could_meet_is_refused_and_the_filter_stays(w, given, error, said):
    w.filter(kind="dog")
    with pytest.raises(error, match=said) as raised:
        w.filter(**given)
    assert isinstance(raised.value, TSNEWidgetError)
    assert w.filtered.tolist() == rows_where(ROWS % 4 == 1)


def test_rows_that_are_not_there_and_pictures_are_refused(w):
    with pytest.raises(SelectionError, match="99"):
        w.filter([99])
    with pytest.raises(InvalidValueError, match="give no other condition"):
        w.filter(None, kind="cat")
    pictures = make(X, data={"face": list(np.zeros((N, 4, 4)))}, autostart=False)
    with pytest.raises(InvalidValueError, match="holds pictures"):
        pictures.filter(face=3)


def test_a_closed_widget_still_filters_what_it_knows(w):
    w.close()
    assert w.filter(kind="cat").filtered.tolist() == rows_where(ROWS % 4 == 0)


def test_a_column_of_missing_numbers_has_no_range():
    w = make(X, data={"none": np.full(N, np.nan)}, autostart=False)
    with pytest.raises(DataError, match="no finite number"):
        w.filter(none=(1, 2))
    assert len(w.filter(none=None).filtered) == N


# --- undo ---------------------------------------------------------------------------------------------


def test_undo_takes_back_filters_and_selections_in_turn(w):
    cats, dogs = rows_where(ROWS % 4 == 0), rows_where(ROWS % 4 == 1)
    w.filter(kind="cat").select([3]).filter(kind="dog")
    states = []
    for step in (w.undo, w.undo, w.undo, w.undo, w.redo, w.redo, w.redo, w.redo):
        step()
        states.append((w.filtered.tolist(), w.selection.tolist()))
    every = ROWS.tolist()
    back = [(cats, [3]), (cats, []), (every, []), (every, [])]
    assert states == [*back, (cats, []), (cats, [3]), (dogs, [3]), (dogs, [3])]


# --- what views are told, and what they ask for -------------------------------------------------------


def told(w):
    """Return the filter as clients have it: what is JSON, and the rows of its bits."""
    trait = dict(w.get_state(["_filter"])["_filter"])
    bits = np.unpackbits(np.frombuffer(trait.pop("bits"), np.uint8), bitorder="little")
    assert json.loads(json.dumps(trait, allow_nan=False)) == trait
    return trait, np.flatnonzero(bits).tolist()


def test_views_are_told_the_conditions_in_words_and_one_bit_for_each_row(w):
    w.filter(age=(5, None), day=(None, "2024-05-09"), exclude={"kind": ["cat", "dog", "cow", None]}, any=True)
    trait, rows = told(w)
    assert (rows, trait["count"], trait["any"]) == (w.filtered.tolist(), len(w.filtered), True)
    conditions = [(one["column"], one["words"], one["negated"]) for one in trait["conditions"]]
    assert conditions == [
        ("kind", "cat, dog, cow or 1 more", True),
        ("age", "at least 5", False),
        ("day", "at most 2024-05-09", False),
    ]
    assert w.filter(age=(5, 7.5), big=2**60)._filter["conditions"][0]["words"] == "5 to 7.5"
    assert w.filter(ROWS < 2)._filter["conditions"][0]["words"] == "2 rows given"


def test_a_view_filters_by_column_turns_joins_and_drops_conditions(w):
    page = Client(w)

    def do(name, **value):
        assert page.command(name, **value)["error"] is None
        return w.filtered.tolist()

    cats, old = ROWS % 4 == 0, AGES >= 10
    assert do("filter", column="kind", range=None, values=["cat"]) == rows_where(cats)
    assert do("filter", column="age", range=[10, None], values=None) == rows_where(cats & old)
    assert do("join_conditions", any=True) == rows_where(cats | old)
    assert do("turn_condition", condition=1) == rows_where(cats | ~old)
    assert do("join_conditions", any=False) == rows_where(cats & ~old)
    assert do("filter", column="kind", range=None, values=["cat", None]) == rows_where(
        np.isin(ROWS % 4, [0, 3]) & ~old
    )
    assert do("drop_condition", condition=0) == rows_where(~old)
    assert do("filter", column="age", range=None, values=None) == ROWS.tolist()
    assert w._filter is None
    assert do("undo") == rows_where(~old)
    assert do("clear_filter") == ROWS.tolist()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("filter", {"column": "kind", "range": [1, 2], "values": None}, "no ranges"),
        ("filter", {"column": "kid", "range": None, "values": ["cat"]}, "no column 'kid'"),
        ("filter", {"column": "kind", "range": None, "values": ["cta"]}, "no row has 'cta'"),
        ("filter", {"column": None, "range": [1, 2], "values": None}, "must name a column"),
        ("drop_condition", {"condition": 1}, "condition=1 is not allowed"),
        ("turn_condition", {"condition": 7}, "one of the 1 conditions"),
    ],
)
def test_a_view_is_refused_with_the_reason_and_the_filter_stays(w, name, value, said):
    w.filter(kind="dog")
    assert said in Client(w).command(name, **value)["error"]
    assert w.filtered.tolist() == rows_where(ROWS % 4 == 1)


def test_without_a_filter_there_is_no_condition_to_turn(w):
    assert "there is no filter" in Client(w).command("turn_condition", condition=0)["error"]


def test_rows_given_in_python_stay_while_a_view_adds_and_drops_its_own(w):
    page = Client(w.filter(ROWS < 10))
    page.command("filter", column="kind", range=None, values=["cat"])
    assert w.filtered.tolist() == [0, 4, 8]
    page.command("filter", column=None, range=None, values=None)
    assert w.filtered.tolist() == rows_where(ROWS % 4 == 0)


def test_a_saved_page_keeps_the_filter(w, tmp_path):
    page = w.filter(kind="cat").wait(60).save_html(tmp_path / "page.html")
    assert '"words": "cat"' in page.read_text("utf-8") or '"words":"cat"' in page.read_text("utf-8")


def test_without_saved_state_no_value_of_a_condition_is_in_a_notebook():
    w = make(X, data=COLUMNS, autostart=False, save_state=False)
    w.filter(kind=["cow"], age=(7, 11))
    told = w.get_state()["_filter"]
    assert [one["words"] for one in told["conditions"]] == ["kind: some values", "age: some values"]
    assert "cow" not in json.dumps(told, default=str)
    assert told["count"] == len(w.filtered)
    other = make(X, data=COLUMNS, autostart=False)
    assert other.filter(kind=["cow"]).get_state()["_filter"]["conditions"][0]["values"] == ["cow"]

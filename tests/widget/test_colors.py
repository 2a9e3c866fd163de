"""Points are coloured by labels, by any column, or by something that is measured."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    TSNEWidget,
    TSNEWidgetError,
    UnknownColumnError,
)
from tsne_widget.data import MAX_CATEGORIES, read_source
from tsne_widget.measures.registry import measures
from tsne_widget.widget.colors import encoding_of, kind_of, mode_and_column
from tsne_widget.wire.protocol import Color

N = 60
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 4))
DATA = {
    "kind": pd.Categorical(["cow", "cat", None] * 20, ["cow", "ox", "cat"]),
    "age": RNG.normal(size=N),
    "rank": np.arange(N) % 50,
    "young": [True, False] * 30,
    "day": [date(2024, 1, 1) + timedelta(day) for day in range(N)],
    "name": [f"n{i}" for i in range(N)],
    "thing": [{"no": i} for i in range(N)],
}


pytestmark = pytest.mark.usefixtures("close_widgets")


def make(labels=None, given=X, **parameters):
    return TSNEWidget(given, labels, **{"data": DATA, "perplexity": 5, "autostart": False, **parameters})


def shown(w):
    """What a view is told of the colours: how, by which column, as what, and as what else it could be."""
    labels = w._labels or {"name": None, "kind": None}
    return w._color["mode"], labels["name"], labels["kind"], tuple(w._color["kinds"])


# --- what colours -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("kind", ("categories",)),
        ("age", ("scale", "categories")),
        ("rank", ("scale", "categories")),
        ("young", ("categories",)),
        ("day", ("scale", "categories")),
        ("name", ("categories",)),
        ("x1", ("scale",)),
    ],
)
def test_any_column_of_values_colors_in_its_better_way_first(name, kinds):
    w = make()
    w.color_by = name
    assert (w.color_by, w.color_as) == (name, kinds[0])
    mode, column, kind, possible = shown(w)
    assert (mode, column, kind) == ("labels", name, kinds[0])
    assert possible[0] == kinds[0]
    for kind in possible:
        w.color_as = kind
        assert (w.color_as, w._labels["kind"], w._color["kinds"]) == (kind, kind, list(possible))


def test_numbers_with_few_values_are_offered_as_categories_and_as_a_scale():
    w = make(np.arange(N) % 7)
    assert shown(w) == ("labels", "label", "categories", ("categories", "scale"))
    w.color_as = "scale"
    assert (w._labels["least"], w._labels["most"]) == (0.0, 6.0)
    assert np.frombuffer(w._labels["values"], "<f4").tolist() == (np.arange(N) % 7).tolist()


def test_categories_keep_their_order_without_the_unused_and_missing_is_the_last_entry():
    w = make(color_by="kind")
    labels = w._labels
    assert labels["names"] == ["cow", "cat", "missing"]
    assert (labels["counts"], labels["has_missing"]) == ([20, 20, 20], True)
    assert np.frombuffer(labels["codes"], "<u2").tolist() == [0, 1, 2] * 20


def test_several_colorings_are_columns_and_the_first_one_colors():
    w = make({"half": [0] * 30 + [1] * 30, "kind": DATA["kind"]}, data=None)
    assert w.color_by == "half"
    w.color_by = "kind"
    assert w._labels["names"] == ["cow", "cat", "missing"]


def test_labels_may_be_the_name_of_a_column():
    assert make("kind").color_by == "kind"


@pytest.mark.parametrize("given", [pd.DataFrame, pl.DataFrame])
def test_a_column_of_the_frame_itself_colors(given):
    w = make(given=given({"a": X[:, 0], "b": X[:, 1], "group": ["u", "v"] * 30}), data=None, color_by="group")
    assert w._labels["names"] == ["u", "v"]


@pytest.mark.parametrize("mode", ["groups", "density", "distance"])
def test_what_is_measured_colors_and_leaves_the_labels_to_go_back_to(mode):
    w = make("kind")
    w.color_by = mode
    assert (w.color_by, shown(w)) == (mode, (mode, "kind", "categories", ("categories",)))
    assert shown(make("kind", color_by=mode)) == shown(w)
    w.color_by = "kind"
    assert shown(w) == ("labels", "kind", "categories", ("categories",))
    assert shown(make(color_by=mode)) == (mode, None, None, ())


def test_nothing_colors_where_there_are_no_labels_and_where_one_likes():
    assert (make().color_by, shown(make())) == (None, ("labels", None, None, ()))
    assert make("kind", color_by=None).color_by is None
    w = make("kind")
    w.color_by = None
    assert (w.color_by, w.color_as, w._labels) == (None, None, None)


def test_a_column_is_meant_before_what_is_measured():
    data = {"density": ["thick", "thin"] * 30, "groups": [1, 2] * 30}
    w = make(data=data, color_by="density")
    assert shown(w)[:2] == ("labels", "density")
    w.color_by = "groups"
    assert shown(w)[:2] == ("labels", "groups")
    w._clients.carry_out(Color("groups", None, None))
    assert shown(w)[:2] == ("groups", "groups")


def test_a_column_may_be_named_by_a_tuple_as_the_frame_calls_it():
    levels = pd.MultiIndex.from_product([["size"], [f"x{number}" for number in range(X.shape[1])]])
    w = make(given=pd.DataFrame(X, columns=levels), data=None)
    w.color_by = ("size", "x1")
    assert w.color_by == "('size', 'x1')"
    with pytest.raises(
        UnknownColumnError, match=r"color_by=\('size', 'y'\) is neither a column nor a measure"
    ):
        w.color_by = ("size", "y")


def test_a_column_may_be_named_by_an_integer_as_the_frame_calls_it():
    w = make(given=pd.DataFrame(X), data=None, color_by=2)
    assert w.color_by == "2"
    w.color_by = 0
    assert w.color_by == "0"
    with pytest.raises(UnknownColumnError, match="color_by=9 is neither a column nor a measure"):
        w.color_by = 9


@pytest.mark.parametrize(
    ("value", "near"), [("grups", "groups"), ("densty", "density"), ("knd", "kind"), ("Age", "age")]
)
def test_what_may_be_meant_is_looked_for_among_columns_and_what_is_computed(value, near):
    told = f"color_by='{value}' is neither a column nor a measure; did you mean '{near}'"
    with pytest.raises(UnknownColumnError, match=told):
        make(color_by=value)


def test_stability_colors_where_there_are_several_maps():
    w = make("kind")
    with pytest.raises(InvalidValueError, match=r"stability.*only one"):
        w.color_by = "stability"
    assert w.color_by == "kind"
    w.compare(perplexity=[3, 5])
    w.color_by = "stability"
    assert w.color_by == "stability"
    w.compare()
    assert w.color_by != "stability"


def test_stability_may_colour_from_the_start():
    w = make("kind", perplexity=[5, 8], color_by="stability")
    assert (w.color_by, w._color["mode"]) == ("stability", "stability")
    with pytest.raises(InvalidValueError, match=r"'stability' compares maps: this widget shows only one"):
        make("kind", color_by="stability")


# --- on which scale -----------------------------------------------------------------------------------

P_VALUES = np.geomspace(1e-300, 1, N)


def test_small_positive_numbers_are_offered_a_logarithmic_scale_and_start_on_a_linear_one():
    w = make(P_VALUES, color_by="label")
    assert (w._color["transforms"], w.color_scale) == (["linear", "log"], "linear")
    w.color_scale = "log"
    assert w.color_scale == "log"
    assert np.frombuffer(w._labels["values"], "<f8").tolist() == P_VALUES.tolist()


@pytest.mark.parametrize(
    "values",
    [
        np.arange(N) + 1.0,  # too few decades
        np.r_[0.0, P_VALUES[1:]],
        -P_VALUES,
        np.arange(N).astype("M8[D]"),
        np.arange(N) + 2**60,
    ],
    ids=["few decades", "zero", "negative", "moments", "large integers"],
)
def test_others_are_not(values):
    assert make(values)._color["transforms"] == ["linear"]


def test_durations_may_span_decades():
    assert make(np.geomspace(1, 10**9, N).astype("m8[us]"))._color["transforms"] == ["linear", "log"]


def test_a_scale_may_be_logarithmic_over_fewer_decades_where_one_likes():
    w = make(np.arange(N) + 1.0)
    w.color_scale = "log"
    assert w.color_scale == "log"


@pytest.mark.parametrize(
    ("labels", "value", "error", "said"),
    [
        (np.arange(N) / 7, "log", InvalidValueError, "color_scale='log' .*'label': .*above 0.*smallest is 0"),
        (-P_VALUES, "log", InvalidValueError, "the smallest is -1"),
        (np.arange(N).astype("M8[D]"), "log", InvalidValueError, "dates have no logarithm"),
        (np.arange(N) + 2**60, "log", InvalidValueError, "too close together"),
        ("kind", "log", InvalidValueError, "color_scale='log' has no effect: no numeric column"),
        (None, "log", InvalidValueError, "color_scale='log' has no effect"),
        (P_VALUES, "cubic", InvalidValueError, "color_scale='cubic' .*linear.*log"),
        (P_VALUES, 10, InvalidTypeError, "color_scale=10"),
    ],
)
def test_a_scale_that_cannot_be_is_an_error_at_once_and_changes_nothing(labels, value, error, said):
    w = make(labels)
    with pytest.raises(error, match=said):
        w.color_scale = value
    assert w.color_scale == "linear"
    with pytest.raises(TSNEWidgetError):
        w.set_state({"color_scale": value})
    assert w.color_scale == "linear"


def test_another_column_starts_on_a_linear_scale_and_what_is_measured_leaves_it_as_it_is():
    w = make({"p": P_VALUES, "other": P_VALUES[::-1]})
    w.set_state({"color_scale": "log"})
    w.color_by = "density"
    w.color_by = "p"
    w.color_as = "scale"
    assert w.color_scale == "log"
    w.color_by = "other"
    assert w.color_scale == "linear"


# --- what does not ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        ("Kind", UnknownColumnError, "color_by='Kind' .*did you mean 'kind'"),
        ("thing", DataError, "column 'thing' holds objects.* it cannot colour the points"),
        (3.5, InvalidTypeError, "color_by=3.5 .*the name of a column"),
        (True, InvalidTypeError, "color_by=True .*the name of a column"),
        (["kind"], InvalidTypeError, "color_by=.*the name of a column, one of groups"),
        ("stability", InvalidValueError, "stability"),
    ],
)
def test_what_cannot_color_is_an_error_at_once_and_changes_nothing(value, error, said):
    with pytest.raises(error, match=said):
        make(color_by=value)
    w = make("kind")
    before = shown(w)
    with pytest.raises(error, match=said):
        w.color_by = value
    assert shown(w) == before


@pytest.mark.parametrize(
    ("labels", "kind", "said"),
    [
        ("kind", "scale", "color_as='scale' .*'categories' for the column 'kind'"),
        ("kind", "rainbow", "color_as='rainbow'"),
        (None, "scale", "color_as='scale' has no effect: no column"),
    ],
)
def test_a_column_colors_only_as_what_it_can_be(labels, kind, said):
    w = make(labels)
    before = shown(w)
    with pytest.raises(InvalidValueError, match=said):
        w.color_as = kind
    assert shown(w) == before


def test_ten_thousand_categories_color():
    n = 20_000
    source = read_source(np.zeros((n, 2)), data={"name": [f"name {i // 2}" for i in range(n)]})
    made = encoding_of(source.column("name"), kind_of(source.column("name"), None))
    assert (len(made.names), made.counts) == (10_000, [2] * 10_000)


def test_more_categories_than_there_are_codes_are_an_error_with_their_number():
    n = MAX_CATEGORIES + 1
    source = read_source(np.zeros((n, 2)), data={"name": [f"name {i}" for i in range(n)]})
    with pytest.raises(DataError, match=f"'name' has {n} distinct values: at most {MAX_CATEGORIES}"):
        kind_of(source.column("name"), None)


def test_names_of_columns_that_are_asked_for_are_those_there_are():
    source = read_source(X, data={"groups": [1, 2] * 30})
    assert mode_and_column(source, "x0") == ("labels", "x0")
    assert mode_and_column(source, "groups") == ("labels", "groups")
    assert mode_and_column(source, None) == ("labels", None)
    assert [mode_and_column(source, mode) for mode in measures()] == [(mode, None) for mode in measures()]


# --- from a view --------------------------------------------------------------------------------------


def test_a_view_chooses_the_column_and_as_what():
    w = make("kind")
    w._clients.carry_out(Color("labels", "rank", "categories"))
    assert (w.color_by, w.color_as) == ("rank", "categories")
    w._clients.carry_out(Color("density", None, None))
    assert w.color_by == "density"
    w._clients.carry_out(Color("labels", None, None))
    assert w.color_by is None


@pytest.mark.parametrize(
    "wish",
    [
        Color("labels", "nobody", None),
        Color("labels", "kind", "scale"),
        Color("labels", "thing", None),
        Color("stability", None, None),
    ],
)
def test_a_view_that_asks_for_what_cannot_color_changes_nothing(wish):
    w = make("kind")
    before = shown(w)
    with pytest.raises(TSNEWidgetError):
        w._clients.carry_out(wish)
    assert shown(w) == before

"""What is told of points, and what sets some of them apart, against numpy and by hand."""

from __future__ import annotations

from datetime import datetime, timedelta

import anndata
import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_array

from tsne_widget import (
    DataError,
    GroupError,
    InvalidTypeError,
    SelectionError,
    TSNEWidget,
    UnknownColumnError,
)

N = 50
RNG = np.random.default_rng(0)
X = RNG.normal(size=(N, 3)) * [1, 5, 100] + np.linspace(0, 3, N)[:, None]
KINDS = ((["cat"] * 3 + ["dog"]) * 13)[:N]
AGES = np.where(np.arange(N) % 9 == 0, np.nan, np.arange(N) ** 1.5)
COLUMNS = {
    "kind": KINDS,
    "age": AGES,
    "seen": [datetime(2024, 1, 1) + timedelta(day) for day in range(N)],
    "thing": [{"no": i} for i in range(N)],
}
SELECTED = np.arange(10)
OTHER = np.arange(10, N)


pytestmark = pytest.mark.usefixtures("close_widgets")


def make(given=X, labels=None, **parameters):
    return TSNEWidget(given, labels, **{"perplexity": 3, "autostart": False, **parameters})


def by_hand(values, selected=SELECTED, other=OTHER):
    """Return the standardised mean difference of one column, as the textbook has it."""
    one, zero = (values[rows][~np.isnan(values[rows])] for rows in (selected, other))
    return (one.mean() - zero.mean()) / np.sqrt((one.var(ddof=1) + zero.var(ddof=1)) / 2)


def effects(table):
    """Return the effects of a table of pandas or polars, by feature and category."""
    rows = table.to_dicts() if isinstance(table, pl.DataFrame) else table.to_dict("records")
    return {
        (row["feature"], row["category"] if isinstance(row["category"], str) else None): row["effect"]
        for row in rows
    }


# --- tooltips -----------------------------------------------------------------------------------------


def test_a_tooltip_tells_at_first_the_columns_that_are_neither_features_nor_labels():
    assert make().tooltip_columns == []
    assert make(X, "kind", data=COLUMNS).tooltip_columns == ["age", "seen", "thing"]
    many = {f"c{i}": KINDS for i in range(9)}
    assert make(X, data=many).tooltip_columns == ["c0", "c1", "c2", "c3"]
    assert make(pd.DataFrame(X), data={"kind": KINDS}).tooltip_columns == ["kind"]


@pytest.mark.parametrize(
    "given", [["age", "x0"], ("age", "x0"), pd.Index(["age", "x0"]), np.array(["age", "x0"])]
)
def test_columns_of_a_tooltip_are_chosen_at_first_and_later(given):
    assert make(X, data=COLUMNS, tooltip_columns=given).tooltip_columns == ["age", "x0"]
    w, seen = make(X, data=COLUMNS), []
    w.observe(lambda change: seen.append(change["new"]), "tooltip_columns")
    w.tooltip_columns = given
    w.tooltip_columns = []
    assert seen == [["age", "x0"], []]


@pytest.mark.parametrize(
    ("value", "error", "said"),
    [
        (["age", "knd"], UnknownColumnError, "no column 'knd'; did you mean 'kind'"),
        ("age", InvalidTypeError, "tooltip_columns='age' .*a list of column names"),
        (None, InvalidTypeError, "tooltip_columns=None"),
        (3, InvalidTypeError, "tooltip_columns=3"),
        ({"age"}, InvalidTypeError, "tooltip_columns="),
    ],
)
def test_columns_of_a_tooltip_that_are_none_are_an_error_and_change_nothing(value, error, said):
    w = make(X, data=COLUMNS)
    with pytest.raises(error, match=said):
        w.tooltip_columns = value
    with pytest.raises(error, match=said):
        w.set_state({"tooltip_columns": value})
    assert w.tooltip_columns == ["kind", "age", "seen", "thing"]


def test_a_view_chooses_the_columns_of_the_tooltip():
    w = make(X, data=COLUMNS)
    w.set_state({"tooltip_columns": ["seen"]})
    assert w.tooltip_columns == ["seen"]


# --- what sets rows apart -----------------------------------------------------------------------------


@pytest.mark.parametrize("form", [np.asarray, csr_array, lambda X: X.astype(np.float32)])
def test_a_contrast_is_the_standardised_mean_difference_strongest_first(form):
    table = make(form(X)).select(SELECTED).contrast()
    expected = {f"x{i}": by_hand(X[:, i]) for i in range(3)}
    found = dict(zip(table["feature"], table["effect"], strict=True))
    assert found == pytest.approx(expected, rel=1e-4)
    assert np.all(np.diff(table["effect"].abs()) <= 0)
    first = table.set_index("feature").loc["x1"]
    assert first["selected"] == pytest.approx(X[SELECTED, 1].mean(), rel=1e-4)
    assert first["other_sd"] == pytest.approx(X[OTHER, 1].std(ddof=1), rel=1e-4)
    assert list(table.columns) == [
        *["feature", "category", "kind", "effect", "selected", "other", "selected_sd", "other_sd"]
    ]


def test_columns_of_numbers_and_categories_are_compared_too_numbers_first():
    w = make(X, data=COLUMNS).select(SELECTED)
    found = effects(w.contrast())
    assert {feature for feature, _ in list(found)[:2]} == {"age", "seen"}
    assert list(found)[2:4] == [("kind", "cat"), ("kind", "dog")]
    assert {feature for feature, _ in list(found)[4:]} == {"x0", "x1", "x2"}  # which say least
    assert found["age", None] == pytest.approx(by_hand(AGES))
    share = [np.mean([KINDS[row] == "cat" for row in rows]) for rows in (SELECTED, OTHER)]
    assert found["kind", "cat"] == pytest.approx(share[0] - share[1])
    assert found["kind", "dog"] == pytest.approx(share[1] - share[0])


def test_of_dates_that_are_many_means_are_compared_and_few_are_categories():
    seconds = np.array([day.timestamp() for day in COLUMNS["seen"]])
    few = [datetime(2024, 1, 1 + row % 2) for row in range(N)]
    table = make(X, data={"seen": COLUMNS["seen"], "few": few}).select(SELECTED).contrast()
    found = effects(table)
    assert found["seen", None] == pytest.approx(by_hand(seconds))
    assert {category for feature, category in found if feature == "few"} == {"2024-01-01", "2024-01-02"}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda steps: steps + 2**60,
        lambda steps: steps.astype(np.uint64) + np.uint64(2**63),
        lambda steps: np.datetime64("2024-05-06", "ns") + steps.astype("m8[ns]"),
    ],
    ids=["int64", "uint64", "nanoseconds"],
)
def test_what_float64_does_not_tell_apart_is_compared_by_its_differences(wrap):
    steps = np.arange(N) * 2
    w = make(data={"id": wrap(steps)}).select(SELECTED)
    assert effects(w.contrast())["id", None] == pytest.approx(by_hand(steps.astype(float)))


def test_booleans_are_told_once_and_names_of_rows_never():
    n = 24
    data = {"young": [True] * 6 + [False] * 18, "sure": [True, None] * 12, "id": [f"p{i}" for i in range(n)]}
    told = make(RNG.normal(size=(n, 2)), "id", data=data).contrast(np.arange(6))
    told = told[told["category"].notna()]
    assert set(zip(told["feature"], told["category"], strict=True)) == {
        ("young", "True"),
        ("sure", "True"),
        ("sure", "missing"),
    }
    assert told.loc[told["feature"] == "young", "effect"].tolist() == [1]


def test_objects_and_texts_that_nearly_all_differ_are_not_compared():
    n = 1_100
    data = {"thing": [{"no": i} for i in range(n)], "name": [f"n{i}" for i in range(n)], "half": [0, 1] * 550}
    found = effects(make(RNG.normal(size=(n, 2)), data=data).contrast([0, 1, 2]))
    assert {feature for feature, _ in found} == {"x0", "x1", "half"}


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_a_contrast_is_a_frame_of_the_user_s_library(library):
    given = library(dict(zip("abc", X.T, strict=True)) | {"kind": KINDS})
    table = make(given, "kind").select(SELECTED).contrast()
    assert type(table) is type(given)
    found = effects(table)
    assert found["b", None] == pytest.approx(by_hand(X[:, 1]))
    assert list(found)[3:] == [("kind", "cat"), ("kind", "dog")]


def test_a_contrast_without_any_category_is_a_frame_of_polars_too():
    table = make(pl.DataFrame(X)).select(SELECTED).contrast()
    assert table["category"].null_count() == 3
    assert table["effect"].dtype == pl.Float64


def test_a_contrast_of_an_annotated_matrix_is_over_all_genes():
    genes = RNG.normal(size=(N, 6))
    adata = anndata.AnnData(genes, obs=pd.DataFrame({"kind": KINDS}, index=[f"c{i}" for i in range(N)]))
    adata.obsm["X_pca"] = X
    table = make(adata).select(SELECTED).contrast()
    found = effects(table)
    assert {name for name, _ in found} == {*adata.var_names, "kind"}
    assert found["3", None] == pytest.approx(by_hand(genes[:, 3]))


def test_rows_may_be_given_and_groups_be_compared_by_name():
    w = make()
    w.groups["left"], w.groups["right"] = SELECTED, OTHER
    expected = effects(w.select(SELECTED).contrast())
    assert effects(w.select(None).contrast(SELECTED)) == expected
    assert effects(w.contrast("left")) == expected
    assert effects(w.contrast("left", "right")) == expected
    assert effects(w.contrast("left", against=OTHER)) == expected
    assert effects(w.contrast(np.arange(N) < 10, against=range(10, N))) == expected
    back = effects(w.contrast("right", "left"))
    assert back == pytest.approx({name: -effect for name, effect in expected.items()})


def test_none_is_the_selection():
    w = make().select(SELECTED)
    w.groups["a"] = [20, 21, 22]
    found = effects(w.contrast(None, against="a"))
    assert found["x0", None] == pytest.approx(by_hand(X[:, 0], SELECTED, np.array([20, 21, 22])))


def test_rows_on_both_sides_stay_on_the_side_of_the_selection():
    w = make()
    w.groups["a"] = range(5, 20)
    found = effects(w.contrast(SELECTED, "a"))
    assert found["x0", None] == pytest.approx(by_hand(X[:, 0], SELECTED, np.arange(10, 20)))


def test_a_group_called_rest_is_a_group():
    w = make()
    w.groups["rest"] = [20, 21, 22]
    found = effects(w.contrast(SELECTED))
    assert found["x0", None] == pytest.approx(by_hand(X[:, 0], SELECTED, np.array([20, 21, 22])))


def test_an_effect_is_infinite_where_neither_side_varies_and_undefined_where_a_side_has_no_value():
    data = {
        "apart": np.where(np.arange(N) < 10, 1.0, 0.0) + 2.5,
        "same": np.full(N, 2.5),
        "gone": np.where(np.arange(N) < 10, np.nan, AGES),
    }
    w = make(X, data=data).select(SELECTED)
    found = effects(w.contrast())
    assert found["apart", None] == np.inf
    assert found["same", None] == 0
    assert np.isnan(found["gone", None])
    assert next(iter(found)) == ("apart", None)
    assert [feature for feature, _ in found if feature in data][-1] == "gone"
    assert effects(w.contrast(OTHER, SELECTED))["apart", None] == -np.inf


@pytest.mark.parametrize(
    ("selection", "against", "error", "said"),
    [
        (None, "rest", SelectionError, "nothing is selected"),
        ([], "rest", SelectionError, "nothing is selected"),
        (range(N), "rest", SelectionError, "all rows are selected"),
        ([1, 2, 3], [2, 3], SelectionError, "all rows to compare them with are selected"),
        ([1], None, SelectionError, "against holds no rows"),
        ([1], [], SelectionError, "against holds no rows"),
        ("b", "rest", GroupError, "no group 'b'; there are 'a'"),
        ([1], "b", GroupError, "no group 'b'"),
        ([1, 99], "rest", SelectionError, "^selection holds row 99"),
        ([1], [99], SelectionError, "^against holds row 99"),
        ([1], 0.3, (DataError, InvalidTypeError), "against"),
        (0.5, "rest", (DataError, InvalidTypeError), "selection"),
    ],
)
def test_a_contrast_with_a_side_that_has_no_rows_is_an_error(selection, against, error, said):
    w = make()
    w.groups["a"] = [1]
    with pytest.raises(error, match=said):
        w.contrast(selection, against)


def test_a_contrast_says_why_there_are_no_p_values():
    assert "no p-values" in TSNEWidget.contrast.__doc__
    assert "circular" in TSNEWidget.contrast.__doc__

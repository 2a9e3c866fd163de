"""Rows are found by the labels of the user's index."""

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tsne_widget import DataError, SelectionError
from tsne_widget.data import read_source

EVERY = np.arange(4)


def indexed(index):
    return read_source(pd.DataFrame({"a": np.arange(4.0)}, index=index))


@pytest.mark.parametrize(
    ("index", "name", "labels"),
    [
        (pd.Index(["p", "q", "r", "s"], name="patient"), "patient", ["p", "q", "r", "s"]),
        (pd.RangeIndex(4), "index", ["0", "1", "2", "3"]),
        (pd.Index([1.5, None, 2, 2]), "index", ["1.5", "nan", "2.0", "2.0"]),
        (
            pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["site", "day"]),
            "site, day",
            ["a, 1", "a, 2", "b, 1", "b, 2"],
        ),
        (pd.period_range("2024", periods=4, freq="M"), "index", ["2024-01", "2024-02", "2024-03", "2024-04"]),
        (pd.CategoricalIndex(["a", "b", "a", "c"]), "index", ["a", "b", "a", "c"]),
        (
            pd.date_range("2024-05-01", periods=4, tz="Europe/Berlin"),
            "index",
            ["2024-05-01", "2024-05-02", "2024-05-03", "2024-05-04"],
        ),
        (
            pd.date_range("2024-05-01", periods=4, freq="12h"),
            "index",
            ["2024-05-01 00:00:00", "2024-05-01 12:00:00", "2024-05-02 00:00:00", "2024-05-02 12:00:00"],
        ),
    ],
    ids=["texts", "range", "floats", "levels", "periods", "categories", "days", "moments"],
)
def test_the_index_of_a_frame_labels_its_rows(index, name, labels):
    taken = indexed(index).index
    assert (taken.name, taken.labels(EVERY), len(taken)) == (name, labels, 4)
    assert taken.labels(np.array([2, 0])) == [labels[2], labels[0]]


@pytest.mark.parametrize(
    ("index", "wanted", "rows"),
    [
        (["p", "q", "r", "s"], ["r", "p", "r"], [0, 2]),
        (["x", "x", "y", "x"], ["x"], [0, 1, 3]),
        ([10, 20, 30, 40], np.array([40, 10]), [0, 3]),
        ([10, 20, 30, 40], [20.0], [1]),
        (pd.Index([1.5, None, 2, None]), [None], [1, 3]),
        (pd.MultiIndex.from_product([["a", "b"], [1, 2]]), [("b", 1)], [2]),
        (pd.date_range("2024", periods=4), [pd.Timestamp("2024-01-03")], [2]),
        (pd.date_range("2024", periods=4), ["2024-01-03", datetime.date(2024, 1, 1)], [0, 2]),
        (["p", "q", "r", "s"], [], []),
        ([10, 20, 30, 40], ["20"], [1]),
        (["1", "2", "3", "2"], [2], [1, 3]),
        (pd.Index([1, "1", 2, "x"], dtype=object), ["1"], [1]),
        (pd.MultiIndex.from_product([["a", "b"], [1, 2]]), ["b, 1"], [2]),
        ([True, False, True, True], [True], [0, 2, 3]),
    ],
    ids=[
        "texts",
        "several rows",
        "integers",
        "float",
        "missing",
        "levels",
        "dates",
        "days as they are shown",
        "none",
        "text of integer",
        "integer of texts",
        "itself before what is shown",
        "levels as they are shown",
        "booleans",
    ],
)
def test_all_rows_of_a_label_are_found(index, wanted, rows):
    found = indexed(index).find(wanted)
    assert found.dtype == np.int64
    assert found.tolist() == rows


@pytest.mark.parametrize(
    ("index", "wanted", "said"),
    [
        (
            ["alice", "bob", "carol", "dave"],
            ["bob", "alicia", "?"],
            r"no row has the label 'alicia' in 'index'; did you",
        ),
        (["Alice", "bob", "carol", "dave"], ["alice"], "did you mean 'Alice'"),
        ([10, 20, 30, 40], [99], "no row has the label 99 in 'index'; there are '10', '20', '30', '40'"),
        ([10, 20, 30, 40], ["21"], "no row has the label '21' in 'index'"),
        ([1, 0, 2, 3], [True, False], "no row has the label True in 'index'; to select by a mask use mask="),
        (["1", "0", "None", "nan"], [None], "no row has the label None"),
        (
            pd.date_range("2024", periods=4),
            [pd.Timestamp("2024-01-03 12:00")],
            "no row has the label Timestamp",
        ),
        ([10, 20, 30, 40], [[10]], r"no row has the label \[10\]"),
        (["p", "q", "r", "s"], [None], "no row has the label None"),
        (pd.MultiIndex.from_product([["a", "b"], [1, 2]]), ["a"], "no row has the label 'a'"),
    ],
    ids=["near", "case", "integers", "text", "mask", "no text", "moment", "unhashable", "missing", "level"],
)
def test_the_first_label_that_no_row_has_is_named(index, wanted, said):
    with pytest.raises(SelectionError, match=said):
        indexed(index).find(wanted)


def test_without_an_index_there_is_an_error_that_says_so():
    for source in (read_source(np.eye(4)), read_source(pl.DataFrame({"a": [1, 2, 3]}))):
        assert source.index is None
        with pytest.raises(DataError, match="the rows have no index"):
            source.find(["a"])


def test_data_gives_the_index_where_x_has_none():
    source = read_source(np.eye(3), data=pd.DataFrame({"a": [1, 2, 3]}, index=list("pqr")))
    assert source.find(["q"]).tolist() == [1]


# --- search -------------------------------------------------------------------------------------------

ROWS = pd.DataFrame(
    {"v": [1.0, 2, 12], "name": ["Alice", "bob", "Carol"], "site": pd.Categorical(["x12", "y", "x"])},
    index=pd.Index(["r12", "r2", "alice"], name="id"),
)


def test_a_text_is_looked_for_in_the_index_and_all_columns_of_text():
    source = read_source(ROWS)
    positions, searched = source.containing("ALICE")
    assert positions.tolist() == [0, 2]
    assert searched == ["id", "name", "site"]
    assert source.containing("12")[0].tolist() == [0]
    assert source.containing("nowhere")[0].tolist() == []


@pytest.mark.parametrize(("column", "rows"), [("name", [0]), ("id", [2]), ("v", []), ("site", [])])
def test_or_in_one_of_them(column, rows):
    positions, searched = read_source(ROWS).containing("alice", column)
    assert (positions.tolist(), searched) == (rows, [column])


def test_or_in_numbers():
    assert read_source(ROWS).containing("12", "v")[0].tolist() == [2]


def test_a_column_that_is_not_there_cannot_be_searched():
    with pytest.raises(KeyError, match="did you mean 'name'"):
        read_source(ROWS).containing("x", "nam")


def test_without_an_index_digits_are_a_position():
    source = read_source(np.eye(30), data={"name": [f"n{row // 2}" for row in range(30)]})
    positions, searched = source.containing("12")
    assert (positions.tolist(), searched) == ([12, 24, 25], ["name", "row"])
    assert source.containing("n1")[1] == ["name"]
    assert source.containing("99" * 20)[0].tolist() == []
    assert source.containing("12", "name")[1] == ["name"]
    assert read_source(ROWS).containing("0")[1] == ["id", "name", "site"]


@pytest.mark.parametrize(("text", "rows"), [("1", [1]), ("3", []), ("a", []), ("²", [])])
def test_where_there_is_neither_text_nor_index_what_is_searched_says_so(text, rows):
    positions, searched = read_source(np.eye(3)).containing(text)
    assert (positions.tolist(), searched) == (rows, ["row (there are no texts and no index)"])

"""Labels are values of the rows, the name of a column, or several of these."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from tests.conftest import in_words
from tsne_widget import DataError, InvalidTypeError
from tsne_widget.data import read_source
from tsne_widget.errors import UnknownColumnError

X = np.eye(3)
FRAME = pd.DataFrame({"a": [1.0, 2, 3], "species": ["x", "y", "z"]}, index=["r0", "r1", "r2"])


def colors(labels, data=None, given=X):
    """Return the names of the colourings and the names of the rows by each."""
    source = read_source(given, labels, data=data)
    shown = {}
    for name in source.colorings:
        taken = source.columns[name].categories()
        shown[name] = [taken.names[code] for code in taken.codes]
    assert list(source.columns)[: len(shown)] == list(shown)
    return shown


def test_no_labels_color_nothing():
    assert read_source(X).colorings == ()


@pytest.mark.parametrize(
    "labels",
    [list("bab"), tuple("bab"), np.array(list("bab")), pd.Categorical(list("bab")), pd.Index(list("bab"))],
    ids=lambda labels: type(labels).__name__,
)
def test_labels_without_a_name_are_called_label(labels):
    assert colors(labels) == {"label": ["b", "a", "b"]}


@pytest.mark.parametrize("series", [pd.Series, pl.Series])
def test_a_series_keeps_its_name(series):
    assert colors(series(name="kind", **{"data" if series is pd.Series else "values": list("bab")})) == {
        "kind": ["b", "a", "b"]
    }
    assert list(colors(series(list("bab")))) == ["label"]


def test_a_name_is_that_of_a_column_of_x_or_of_data():
    assert colors("species", given=FRAME) == {"species": ["x", "y", "z"]}
    assert colors("species", FRAME) == {"species": ["x", "y", "z"]}


@pytest.mark.parametrize("library", [dict, pd.DataFrame, pl.DataFrame])
def test_several_colorings_come_in_their_order(library):
    labels = library({"one": [1, 2, 3], "two": list("bab")})
    assert colors(labels) == {"one": ["1", "2", "3"], "two": ["b", "a", "b"]}
    assert colors({}) == {}


def test_a_coloring_may_give_a_column_another_name():
    assert colors({"kind": "species"}, FRAME) == {"kind": ["x", "y", "z"]}
    source = read_source(X, {"kind": "species"}, data=FRAME)
    assert list(source.columns)[:3] == ["kind", "a", "species"]


def test_an_unknown_column_is_an_error_that_names_those_near():
    with pytest.raises(
        UnknownColumnError, match=r"labels='specie' is not a column of X or data; did you mean 'species'"
    ):
        read_source(FRAME, "specie")
    with pytest.raises(UnknownColumnError, match=r"labels\['k'\]='specie'"):
        read_source(FRAME, {"k": "specie"})


@pytest.mark.parametrize(
    "labels",
    [
        [],
        ["a"],
        list("abcd"),
        np.zeros((3, 1)),
        np.array(3),
        pd.Series([1]),
        pl.Series([1]),
        pd.Categorical(["a"]),
    ],
    ids=str,
)
def test_labels_of_another_length_or_shape_are_refused_with_both(labels):
    size = r"shape is \(" if np.ndim(labels) != 1 else f"there are {len(labels)}"
    with pytest.raises(
        DataError, match=f"labels must have one value for each of the 3 rows of X: .*{size}|{size}"
    ):
        read_source(X, labels)


def test_names_that_look_alike_are_refused():
    alike = {1: [1, 2, 3], "1": [4, 5, 6]}
    with pytest.raises(DataError, match=r"labels has columns whose names look alike: \[1, '1'\]"):
        read_source(X, alike)
    with pytest.raises(DataError, match=r"data has columns whose names look alike: \[1, '1'\]"):
        read_source(X, data=alike)


def test_a_list_of_columns_is_refused_with_how_several_are_given():
    with pytest.raises(DataError, match=r"to give several use \{'a': 'a', 'species': 'species'\}"):
        read_source(FRAME, ["a", "species"])


def test_a_column_of_several_levels_is_named_by_its_tuple():
    frame = pd.DataFrame(X[:, :2], columns=pd.MultiIndex.from_tuples([("a", "x"), ("a", "y")]))
    assert read_source(frame, ("a", "x")).colorings == ("('a', 'x')",)


@pytest.mark.parametrize(
    "values", [[1, 2, 3], ["u", "v", "w"], [True, False, True], [0.5, 1.5, 2.5]], ids=str
)
def test_labels_that_are_masked_are_missing(values):
    made = read_source(X, np.ma.array(values, mask=[False, True, False])).columns["label"]
    assert made.missing.tolist() == [False, True, False]
    assert made.cells(np.arange(3)) == [values[0], None, values[2]]


def test_moments_that_are_masked_are_missing():
    days = np.ma.array(["2024-01-01", "2024-01-02", "2024-01-03"], "M8[ns]", mask=[True, False, False])
    made = read_source(X, days).columns["label"]
    assert (made.type, made.cells(np.arange(3))) == ("date", [None, "2024-01-02", "2024-01-03"])


@pytest.mark.parametrize("labels", [b"abc", 3, iter("abc"), object()], ids=in_words)
def test_labels_that_are_no_sequence_are_a_type_error(labels):
    with pytest.raises(
        InvalidTypeError, match=r"labels=.* must be a sequence of 3 labels, the name of a column"
    ):
        read_source(X, labels)


@pytest.mark.parametrize(
    ("labels", "why"),
    [
        ([[1], [2], [3, 4]], "labels cannot colour the points: column 'label' holds objects, such as list"),
        (
            {"o": [{}, {}, {}]},
            r"labels\['o'\] cannot colour the points: column 'o' holds objects, such as dict",
        ),
        (np.zeros((3, 4, 4)), "column 'label' holds pictures"),
    ],
    ids=["lists", "dicts", "pictures"],
)
def test_labels_that_cannot_color_are_refused_with_the_reason(labels, why):
    with pytest.raises(DataError, match=why):
        read_source(X, labels)


def test_too_many_different_labels_are_refused():
    n = 65_535
    with pytest.raises(DataError, match="65535 distinct values: at most 65534"):
        read_source(np.zeros((n, 1), np.float32), [str(row) for row in range(n)])


# --- names that are taken -----------------------------------------------------------------------------


def test_labels_without_a_name_find_a_free_one():
    source = read_source(X, [1, 2, 3], data={"label": [4, 5, 6]})
    assert source.colorings == ("label (2)",)
    assert source.columns["label"].cells(np.arange(3)) == [4, 5, 6]


def test_labels_that_are_a_column_already_are_that_column():
    source = read_source(FRAME, FRAME["species"])
    assert list(source.columns) == ["species", "a"]


@pytest.mark.parametrize(
    "labels", [{"species": [1, 2, 3]}, pd.Series([1, 2, 3], name="species")], ids=["dict", "Series"]
)
def test_another_column_of_the_same_name_is_refused(labels):
    with pytest.raises(DataError, match="'species', and so does a column with other values"):
        read_source(FRAME.reset_index(drop=True), labels)
    with pytest.raises(DataError, match="there is another column 'a'"):
        read_source(FRAME, {"a": "species"})


# --- order --------------------------------------------------------------------------------------------


def test_labels_with_the_index_of_x_in_another_order_are_refused_with_both_ways_out():
    labels = FRAME["species"].iloc[[2, 0, 1]]
    with pytest.raises(DataError) as caught:
        read_source(FRAME[["a"]], labels)
    assert "row 0 is 'r2' in labels and 'r0' in X" in str(caught.value)
    assert ".reindex()" in str(caught.value)
    assert ".reset_index(drop=True)" in str(caught.value)
    assert colors(labels.reindex(FRAME.index), given=FRAME[["a"]]) == {"species": ["x", "y", "z"]}
    assert colors(labels.reset_index(drop=True), given=FRAME[["a"]]) == {"species": ["z", "x", "y"]}
    with pytest.raises(DataError, match=r"labels\['k'\] and X have the same index"):
        read_source(FRAME, {"k": labels})


def test_data_with_the_index_of_x_in_another_order_are_refused():
    with pytest.raises(DataError, match="data and X have the same index in another order"):
        read_source(FRAME[["a"]], data=FRAME.iloc[::-1])
    with pytest.raises(DataError, match="labels and data have the same index in another order"):
        read_source(X, FRAME["species"].iloc[::-1], data=FRAME)


@pytest.mark.parametrize("index", [[7, 8, 9], [0, 1, 2], ["s0", "s1", "s2"]])
def test_labels_with_another_index_are_taken_by_position(index):
    assert colors(pd.Series(list("abc"), index=index), given=FRAME) == {"label": ["a", "b", "c"]}
    counted = FRAME.reset_index(drop=True)
    assert colors(pd.Series(list("abc"), index=[1, 2, 9]), given=counted) == {"label": ["a", "b", "c"]}


@pytest.mark.parametrize("index", [["r1", "r2", "r3"], ["r0", "r1", "r9"], ["r0", "r0", "r1"]])
def test_labels_whose_index_overlaps_that_of_x_are_refused(index):
    labels = pd.Series(list("abc"), index=index)
    told = "have indexes that share labels but differ: row . is 'r.' in .* and 'r.' in X; reorder"
    with pytest.raises(DataError, match=f"labels and X {told}"):
        read_source(FRAME[["a"]], labels)
    with pytest.raises(DataError, match=f"data and X {told}"):
        read_source(FRAME[["a"]], data=labels.to_frame("other"))


def test_labels_of_other_rows_of_the_same_frame_are_refused():
    frame = pd.DataFrame({"a": np.arange(50.0), "cls": ["x", "y"] * 25}, index=range(100, 150))
    with pytest.raises(DataError, match="row 0 is '100' in labels and '110' in X"):
        read_source(frame.iloc[10:][["a"]], frame.cls.iloc[:-10])


def test_rows_with_the_same_label_are_taken_by_position_where_they_are_in_order():
    repeated = pd.DataFrame({"a": [1.0, 2, 3]}, index=["x", "x", "y"])
    labels = pd.Series(list("abc"), index=["x", "x", "y"])
    assert colors(labels, given=repeated) == {"label": ["a", "b", "c"]}
    with pytest.raises(DataError, match="the same index in another order: row 0 is 'y' in labels and 'x'"):
        read_source(repeated, labels.iloc[::-1])


def test_a_set_has_no_order():
    with pytest.raises(InvalidTypeError, match=r"labels=.* a set has no order"):
        read_source(X, {"a", "b", "c"})


def test_of_an_array_the_name_of_a_column_needs_data():
    with pytest.raises(UnknownColumnError, match=r"labels='cls' .*X has no named columns: give data="):
        read_source(X, "cls")
    with pytest.raises(UnknownColumnError, match="'cls' is not a column of X or data; did you mean 'clss'"):
        read_source(X, "cls", data={"clss": list("abc")})
    with pytest.raises(UnknownColumnError, match="there are 'x0', 'x1'"):
        read_source(pd.DataFrame(np.eye(3, 2), columns=["x0", "x1"]), "cls")

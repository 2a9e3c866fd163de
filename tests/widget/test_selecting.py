"""Rows are selected by whatever names them, remembered, named and given back in the user's own type."""

from __future__ import annotations

import sys
from datetime import datetime

import anndata
import numpy as np
import pandas as pd
import polars as pl
import polars.testing
import pytest
import scipy.sparse

from tsne_widget import (
    DataError,
    GroupError,
    InvalidTypeError,
    InvalidValueError,
    OverlapWarning,
    SelectionError,
    TSNEWidget,
    TSNEWidgetError,
    UnknownColumnError,
)
from tsne_widget.widget.undo import STEPS
from tsne_widget.wire.protocol import DeleteGroup, RecolorGroup, Redo, RenameGroup, SaveGroup, Undo

N = 12
X = np.random.default_rng(0).normal(size=(N, 3))
KINDS = ["cat", "dog", "cow", None] * 3
INDEX = [f"row {i}" for i in range(N)]


pytestmark = pytest.mark.usefixtures("close_widgets")


def make(given=X, labels=None, **parameters):
    return TSNEWidget(given, labels, **{"perplexity": 3, "autostart": False, **parameters})


def columns():
    """Two features, and columns of other types."""
    days = [datetime(2024, 5, 6)] * 4 + [datetime(2024, 5, 7)] * 8
    return {"kind": KINDS, "age": X[:, 0], "size": X[:, 1], "day": days, "young": [True, False] * 6}


def table():
    """Return the columns as a frame of pandas with an index."""
    return pd.DataFrame(columns(), index=INDEX)


# --- ways of naming rows ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"rows": [7, 2, 2]}, [2, 7]),
        ({"rows": np.array([7, 2], np.uint8)}, [2, 7]),
        ({"rows": range(3)}, [0, 1, 2]),
        ({"rows": np.arange(N) > 9}, [10, 11]),
        ({"rows": []}, []),
        ({"rows": None}, []),
        ({"mask": np.arange(N) < 2}, [0, 1]),
        ({"mask": [True] + [False] * (N - 1)}, [0]),
        ({"mask": pd.Series(np.arange(N) == 5)}, [5]),
        ({"mask": pl.Series(np.arange(N) == 5)}, [5]),
        ({"mask": np.zeros(N, bool)}, []),
        ({"index": "row 3"}, [3]),
        ({"index": ["row 11", "row 0"]}, [0, 11]),
        ({"index": pd.Index(["row 1"])}, [1]),
        ({"index": []}, []),
        ({"label": "dog"}, [1, 5, 9]),
        ({"label": ["dog", "cow"]}, [1, 2, 5, 6, 9, 10]),
        ({"label": np.array("dog")}, [1, 5, 9]),
        ({"label": pd.Series(["cat"])}, [0, 4, 8]),
        ({"label": None}, [3, 7, 11]),
        ({"label": float("nan")}, [3, 7, 11]),
        ({"label": ["dog", None]}, [1, 3, 5, 7, 9, 11]),
        ({"label": []}, []),
        ({"label": True, "by": "young"}, [0, 2, 4, 6, 8, 10]),
        ({"label": "2024-05-06", "by": "day"}, [0, 1, 2, 3]),
        ({"label": pd.Timestamp("2024-05-06"), "by": "day"}, [0, 1, 2, 3]),
        ({"label": X[4, 0], "by": "age"}, [4]),
    ],
    ids=str,
)
def test_rows_are_named_by_position_mask_index_or_label(given, expected):
    w = make(table(), "kind")
    assert w.select(**given) is w
    assert (w.selection.tolist(), w.selection.dtype) == (expected, np.int64)


@pytest.mark.parametrize(
    ("given", "error", "said"),
    [
        ({"rows": [3, 99, 98]}, SelectionError, r"^rows holds row 99: rows are 0 to 11"),
        ({"rows": [0.5]}, InvalidTypeError, r"^rows"),
        ({"rows": "cat"}, TSNEWidgetError, r"rows"),
        ({"mask": [True]}, DataError, r"^mask .*\(1,\).*\(12,\)"),
        ({"mask": [0] * N}, InvalidValueError, r"^mask=.* boolean, one for each of the 12 rows"),
        ({"mask": None}, InvalidValueError, r"^mask=None"),
        ({"index": ["row 1", "Row 2", "nobody"]}, SelectionError, "'Row 2'.*did you mean 'row 2'"),
        ({"index": [["row 1"]]}, SelectionError, r"\['row 1'\]"),
        (
            {"label": ["cat", "dgo", "?"]},
            SelectionError,
            "no row has 'dgo' in column 'kind'; did you mean 'dog'",
        ),
        ({"label": None, "by": "age"}, SelectionError, "no row is missing a value in column 'age'"),
        ({"label": "cat", "by": "kin"}, UnknownColumnError, "no column 'kin'; did you mean 'kind'"),
        ({"label": "cat", "by": ""}, UnknownColumnError, "no column ''"),
        ({}, InvalidValueError, "one of rows, index, mask and label; found none"),
        ({"rows": [1], "label": "cat"}, InvalidValueError, "found rows, label"),
        ({"rows": [1], "by": "kind"}, InvalidValueError, "by='kind' .* use it only with label"),
        ({"rows": [1], "mode": "toggle"}, InvalidValueError, "mode='toggle' .*'replace', 'add', 'remove'"),
    ],
    ids=str,
)
def test_what_names_no_row_is_refused_with_the_first_that_is_wrong(given, error, said):
    w = make(table(), "kind").select([1, 2])
    with pytest.raises(error, match=said):
        w.select(**given)
    assert w.selection.tolist() == [1, 2]
    assert w._undo == {"undo": 1, "redo": 0}


@pytest.mark.parametrize("index", [None, INDEX], ids=["counted", "named"])
def test_a_mask_in_another_order_belongs_to_the_rows_by_its_labels_as_in_pandas(index):
    frame = table() if index else table().reset_index(drop=True)
    mask = frame.age.sort_values() > 0
    assert mask.index.tolist() != frame.index.tolist()
    expected = np.flatnonzero(X[:, 0] > 0).tolist()
    w = make(frame, "kind")
    for given in (mask, mask.astype("boolean")):
        for select in (lambda given: w.select(mask=given), w.select):
            w.clear_selection()
            assert select(given).selection.tolist() == expected
    w.groups["old"] = mask
    w.selection = mask
    assert w.groups["old"].tolist() == w.selection.tolist() == expected
    pd.testing.assert_frame_equal(w.contrast(mask), w.contrast(expected))
    pd.testing.assert_frame_equal(w.contrast([0], against=mask), w.contrast([0], against=expected))
    # Positions are positions, whatever the labels of their Series.
    assert w.select(pd.Series([3, 1], index=[1, 3])).selection.tolist() == [1, 3]


def test_a_mask_whose_labels_leave_open_which_row_is_meant_is_refused():
    frame = table()
    w = make(frame, "kind").select([1])
    mask = pd.Series(np.arange(N) < 3, index=[*INDEX[2:], "new 1", "new 2"])
    with pytest.raises(DataError, match="mask and the rows have indexes that share labels but differ: row 0"):
        w.select(mask=mask)
    with pytest.raises(DataError, match="rows and the rows have indexes"):
        w.groups["a"] = mask
    with pytest.raises(DataError, match="mask is missing at position 1"):
        w.select(mask=pd.Series([True, None] + [False] * (N - 2), dtype="boolean", index=INDEX))
    assert (w.selection.tolist(), list(w.groups)) == ([1], [])
    # Labels that have nothing to do with the rows' say nothing, and polars has none.
    assert w.select(mask=mask.set_axis(range(50, 50 + N))).selection.tolist() == [0, 1, 2]
    assert w.select(mask=pl.Series(mask.to_numpy())).selection.tolist() == [0, 1, 2]
    repeated = make(frame.set_axis([f"row {i // 2}" for i in range(N)], axis=0), "kind")
    same = pd.Series(np.arange(N) < 3, index=repeated._source.index.native)
    assert repeated.select(mask=same).selection.tolist() == [0, 1, 2]
    with pytest.raises(DataError, match="the same index in another order"):
        repeated.select(mask=same.iloc[::-1])


def test_a_single_position_selects_its_row():
    assert make().select(5).selection.tolist() == [5]
    assert make().select(np.int32(5)).selection.tolist() == [5]


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("replace", [2, 3]), ("add", [1, 2, 3]), ("remove", [1]), ("intersect", [2])],
)
def test_a_selection_replaces_adds_removes_or_intersects(mode, expected):
    w = make().select([1, 2])
    assert w.select([3, 2], mode=mode).selection.tolist() == expected


def test_all_none_and_the_others_are_selected():
    w = make().select([0, 1])
    assert w.invert_selection().selection.tolist() == list(range(2, N))
    assert w.select_all().selection.tolist() == list(range(N))
    assert w.clear_selection().selection.tolist() == []
    assert w.invert_selection().selection.tolist() == list(range(N))


def test_a_label_is_looked_up_in_the_first_labels_whatever_colors():
    w = make(X, {"kind": KINDS, "half": [0] * 6 + [1] * 6})
    for color_by in ("kind", "half", "x0", "density", None):
        w.color_by = color_by
        assert w.select(label="cow").selection.tolist() == [2, 6, 10]
    assert w.select(label=1, by="half").selection.tolist() == list(range(6, N))


def test_without_labels_a_label_is_looked_up_in_the_column_that_colors():
    w = make(X, data={"kind": KINDS, "half": [0] * 6 + [1] * 6}, color_by="half")
    assert w.select(label=1).selection.tolist() == list(range(6, N))
    w.color_by = "kind"
    assert w.select(label="cow").selection.tolist() == [2, 6, 10]


def test_a_number_is_found_as_it_is_shown_too():
    w = make(X, [3, 4] * 6)
    assert (
        w.select(label="3").selection.tolist() == w.select(label=3).selection.tolist() == [0, 2, 4, 6, 8, 10]
    )


def test_without_labels_a_label_needs_a_column():
    with pytest.raises(InvalidValueError, match="label needs by="):
        make().select(label=3)


def test_a_column_may_be_named_by_a_number_even_by_zero():
    w = make(X, [5] * 6 + [6] * 6, data=pd.DataFrame({0: KINDS}))
    assert w.select(label="dog", by=0).selection.tolist() == [1, 5, 9]


def test_an_index_with_duplicates_selects_all_rows_of_a_label_and_positions_stay_exact():
    frame = table().set_axis([f"row {i // 2}" for i in range(N)], axis=0)
    w = make(frame, "kind")
    assert w.select(index=["row 5", "row 0"]).selection.tolist() == [0, 1, 10, 11]
    pd.testing.assert_frame_equal(w.selected_rows(), frame.iloc[[0, 1, 10, 11]])
    pd.testing.assert_frame_equal(w.select([1]).selected_rows(), frame.iloc[[1]])


def test_an_index_of_several_levels_is_named_by_tuples():
    frame = table().set_axis(pd.MultiIndex.from_product([["a", "b", "c"], range(4)]), axis=0)
    w = make(frame, "kind")
    assert w.select(index=("b", 1)).selection.tolist() == [5]
    assert w.select(index=[("a", 0), ("c", 3)]).selection.tolist() == [0, 11]


def test_rows_without_an_index_have_no_labels():
    for given in (X, pl.DataFrame(X)):
        with pytest.raises(DataError, match="no index"):
            make(given).select(index=[3])


@pytest.mark.parametrize(
    "library", [pd.DataFrame, pl.DataFrame, np.asarray], ids=["pandas", "polars", "array"]
)
def test_selected_rows_of_a_dict_are_a_frame_with_the_index_of_x(library):
    zoned = pd.Series(pd.date_range("2024-03-30", periods=N, tz="Europe/Berlin"))
    data = {**columns(), "n": range(N), "zoned": zoned, "picture": np.zeros((N, 2, 2))}
    features = X if library is np.asarray else library(dict(zip("uvw", X.T, strict=True)))
    if library is pd.DataFrame:
        features.index = INDEX
    w = make(features, data=data)
    taken = w.select([2, 7]).selected_rows()
    assert type(taken) is (pl.DataFrame if library is pl.DataFrame else pd.DataFrame)
    assert list(taken.columns) == list(data)
    assert (list(taken["n"]), list(taken["kind"])) == ([2, 7], ["cow", None])
    np.testing.assert_array_equal(taken["age"].to_numpy(), X[[2, 7], 0])
    assert list(taken["zoned"]) == list(zoned[[2, 7]])
    if library is not pl.DataFrame:
        assert taken.index.tolist() == (["row 2", "row 7"] if library is pd.DataFrame else [0, 1])
    empty = w.clear_selection().selected_rows()
    assert (type(empty), len(empty), list(empty.columns)) == (type(taken), 0, list(data))


def test_without_a_library_of_frames_selected_rows_of_a_dict_are_a_dict_of_arrays(monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    taken = make(data={"n": list(range(N)), "kind": KINDS}).select([2, 7]).selected_rows()
    assert {name: values.tolist() for name, values in taken.items()} == {"n": [2, 7], "kind": ["cow", None]}


# --- undo and redo ------------------------------------------------------------------------------------


def wire(*rows):
    return memoryview(np.array(rows, "<i4").tobytes())


def test_selections_of_python_and_of_the_browser_are_undone_and_redone_alike():
    w = make().select([1])
    w.set_state({"selection": wire(2, 3)})
    w.selection = [4]
    assert w._undo == {"undo": 3, "redo": 0}
    back = [w.undo().selection.tolist() for _ in range(3)]
    assert (back, w._undo) == ([[2, 3], [1], []], {"undo": 0, "redo": 3})
    w._clients.carry_out(Redo())
    w._clients.carry_out(Redo())
    assert (w.selection.tolist(), w._undo) == ([2, 3], {"undo": 2, "redo": 1})
    w._clients.carry_out(Undo())
    assert w.selection.tolist() == [1]


def test_from_a_new_selection_there_is_no_way_forward():
    w = make().select([1]).select([2]).undo().select([3])
    assert w._undo == {"undo": 2, "redo": 0}
    assert w.redo().selection.tolist() == [3]
    assert w.undo().selection.tolist() == [1]


def test_at_either_end_nothing_happens():
    w = make()
    assert w.undo().redo().selection.tolist() == []
    assert w.select([1]).redo().selection.tolist() == [1]


def test_a_selection_of_the_same_rows_is_no_step():
    w = make().select([1, 2]).select([2, 1]).select([1], mode="add")
    assert w._undo == {"undo": 1, "redo": 0}


def test_the_oldest_selections_are_forgotten():
    w = make()
    for step in range(STEPS + 20):
        w.select([step % N])
    for _ in range(STEPS):
        w.undo()
    assert (w._undo, w.selection.tolist()) == ({"undo": 0, "redo": STEPS}, [19 % N])
    assert w.undo().selection.tolist() == [19 % N]


def test_undone_selections_are_observed_as_any_other():
    w, seen = make().select([1]), []
    w.observe(lambda change: seen.append(change["new"].tolist()), "selection")
    w.undo().redo()
    assert seen == [[], [1]]


# --- the rows themselves ------------------------------------------------------------------------------


def types():
    frame = table()
    sparse = scipy.sparse.csr_matrix(X)
    annotated = anndata.AnnData(X, obs=frame[["kind"]])
    return {
        "numpy": (X, lambda rows: np.testing.assert_array_equal(rows, X[[1, 4]])),
        "list": (X.tolist(), lambda rows: np.testing.assert_array_equal(rows, X[[1, 4]])),
        "sparse": (sparse, lambda rows: np.testing.assert_array_equal(rows.toarray(), X[[1, 4]])),
        "pandas": (frame, lambda rows: pd.testing.assert_frame_equal(rows, frame.iloc[[1, 4]])),
        "polars": (
            pl.DataFrame(columns()),
            lambda rows: pl.testing.assert_frame_equal(rows, pl.DataFrame(columns())[[1, 4]]),
        ),
        "AnnData": (
            annotated,
            lambda rows: (
                pd.testing.assert_frame_equal(rows.obs, annotated[[1, 4]].obs),
                np.testing.assert_array_equal(rows.X, X[[1, 4]]),
            ),
        ),
    }


@pytest.mark.parametrize("name", types())
def test_selected_rows_are_of_the_type_that_was_given(name):
    given, check = types()[name]
    w = make(given).select([4, 1])
    rows = w.selected_rows()
    expected = np.ndarray if name == "list" else type(given)
    assert isinstance(rows, expected)
    check(rows)
    empty = w.select(None).selected_rows()
    assert isinstance(empty, expected)
    assert empty.shape == (0, given.shape[1] if hasattr(given, "shape") else 3)


def test_nothing_selected_of_a_frame_keeps_its_columns_and_their_types():
    frame = table()
    rows = make(frame).selected_rows()
    pd.testing.assert_frame_equal(rows, frame.iloc[:0])
    frame = pl.DataFrame(columns())
    assert make(frame).selected_rows().schema == frame.schema


def test_where_data_is_a_frame_its_rows_are_given():
    frame = table()
    rows = make(X, data=frame).select([4, 1]).selected_rows()
    pd.testing.assert_frame_equal(rows, frame.iloc[[1, 4]])


# --- looking for a text -------------------------------------------------------------------------------


def test_a_text_is_found_in_any_case_in_the_index_and_in_columns_of_text():
    w = make(table())
    assert w.find("COW").tolist() == [2, 6, 10]
    assert w.find("row 1").tolist() == [1, 10, 11]
    assert w.find("a", "kind").tolist() == [0, 4, 8]
    assert w.find("2024-05-06", "day").tolist() == [0, 1, 2, 3]
    assert w.find("nothing of the kind").tolist() == []
    found = w.find("cow")
    assert found.dtype == np.int64
    assert w.select(found, mode="add").selection.tolist() == [2, 6, 10]


@pytest.mark.parametrize(
    ("text", "column", "error", "said"),
    [
        ("", None, InvalidValueError, "text='' .*not empty"),
        (3, None, InvalidTypeError, "text=3 .*a text"),
        (None, None, InvalidTypeError, "text=None"),
        ("cow", "Kind", UnknownColumnError, "no column 'Kind'; did you mean 'kind'"),
    ],
)
def test_what_cannot_be_looked_for_is_an_error(text, column, error, said):
    with pytest.raises(error, match=said):
        make(table()).find(text, column)


# --- groups -------------------------------------------------------------------------------------------


def test_groups_are_saved_renamed_recolored_and_deleted_from_a_view():
    w = make().select([1, 2])
    w._clients.carry_out(SaveGroup(None, None))
    w.select([5])
    w._clients.carry_out(SaveGroup("five <b>", "#ABCDEF"))
    assert {name: rows.tolist() for name, rows in w.groups.items()} == {"group 1": [1, 2], "five <b>": [5]}
    assert w._groups[1] == {"name": "five <b>", "color": "#abcdef", "rows": bytes(wire(5))}
    w._clients.carry_out(RenameGroup("group 1", "two"))
    w._clients.carry_out(RecolorGroup("two", "#000000"))
    assert (list(w.groups), w.groups.color("two")) == (["two", "five <b>"], "#000000")
    w._clients.carry_out(DeleteGroup("two"))
    assert [group["name"] for group in w._groups] == ["five <b>"]
    assert w.selection.tolist() == [5]


@pytest.mark.parametrize(
    ("wish", "error", "said"),
    [
        (RenameGroup("b", "c"), GroupError, "no group 'b'; there are 'a'"),
        (RenameGroup("a", " "), InvalidValueError, "not blank"),
        (RecolorGroup("a", "blurple"), InvalidValueError, "color='blurple'"),
        (DeleteGroup("b"), GroupError, "no group 'b'"),
        (SaveGroup("b", None), InvalidValueError, "at least one row for the group 'b'"),
    ],
)
def test_a_view_that_asks_for_what_is_no_group_changes_nothing(wish, error, said):
    w = make()
    w.groups["a"] = [1]
    before = list(w._groups)
    with pytest.raises(error, match=said):
        w._clients.carry_out(wish)
    assert w._groups == before


def test_a_selection_that_moves_on_leaves_its_group_as_it_was():
    w = make().select([1, 2])
    w.groups["a"] = w.selection
    w.select([5])
    assert w.groups["a"].tolist() == [1, 2]


def test_groups_as_a_series_of_pandas_keep_index_and_order():
    w = make(table())
    w.groups["z"], w.groups["a"] = [0, 1], [11]
    series = w.groups_to_series()
    assert isinstance(series, pd.Series)
    assert (series.name, series.index.tolist()) == ("group", INDEX)
    assert (series.cat.categories.tolist(), series.cat.ordered) == (["z", "a"], True)
    assert series.to_dict() == {**dict.fromkeys(INDEX, np.nan), "row 0": "z", "row 1": "z", "row 11": "a"}


def test_groups_as_a_series_of_polars_are_an_enum_in_their_order():
    w = make(pl.DataFrame(X))
    w.groups["z"], w.groups["a"] = [0, 1], [11]
    series = w.groups_to_series("cluster")
    assert isinstance(series, pl.Series)
    assert (series.name, series.dtype) == ("cluster", pl.Enum(["z", "a"]))
    assert series.to_list() == ["z", "z", *[None] * 9, "a"]


@pytest.mark.parametrize("given", [X, table(), pl.DataFrame(X)], ids=["numpy", "pandas", "polars"])
def test_without_groups_the_series_is_of_missing_values(given):
    series = make(given).groups_to_series()
    assert (
        len(series),
        series.is_null().sum() if isinstance(series, pl.Series) else series.isna().sum(),
    ) == (N, N)


def test_of_a_row_in_several_groups_the_last_one_counts_and_it_is_said():
    w = make()
    w.groups["a"], w.groups["b"], w.groups["c"] = [0, 1, 2], [1], [1, 2]
    with pytest.warns(OverlapWarning, match="2 rows are in several groups") as caught:
        series = w.groups_to_series()
    assert caught[0].filename == __file__
    assert series.tolist()[:3] == ["a", "c", "c"]

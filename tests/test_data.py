"""What the user gives is taken as it is, or refused with what is wrong and where."""

import math
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tsne_widget import DataError, InvalidTypeError, SelectionError
from tsne_widget.data import (
    MAX_CATEGORIES,
    MAX_NUMERIC_CATEGORIES,
    Categories,
    Scale,
    as_labels,
    as_matrix,
    as_positions,
    take_rows,
)

MISSING = [
    None,
    math.nan,
    float("nan"),
    np.float32("nan"),
    pd.NA,
    pd.NaT,
    np.datetime64("NaT"),
    Decimal("NaN"),
]


# --- the matrix ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5,), (), (3, 3, 3), (0,), (4, 1, 1)])
def test_data_that_is_not_2d_is_refused_with_its_shape(shape):
    with pytest.raises(DataError) as caught:
        as_matrix(np.zeros(shape))
    assert f"X has shape {shape}" in str(caught.value)
    assert "2-D" in str(caught.value)


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (1, 5), (2, 5), (5, 0)])
def test_data_with_too_few_rows_or_columns_is_refused_with_its_shape(shape):
    with pytest.raises(DataError) as caught:
        as_matrix(np.zeros(shape))
    assert f"X has shape {shape}" in str(caught.value)
    assert "at least 3 rows and 1 column" in str(caught.value)


@pytest.mark.parametrize(
    "X",
    [
        np.full((4, 2), "a"),
        np.full((4, 2), b"a"),
        np.zeros((4, 2), complex),
        np.zeros((4, 2), object),
        np.zeros((4, 2), "M8[s]"),
        np.zeros((4, 2), "m8[s]"),
        np.zeros(4, [("a", float), ("b", float)]),
        pd.DataFrame({"a": [1.0, 2, 3], "b": ["x", "y", "z"]}),
        [[1, None], [2, 3], [4, 5]],
        "a text",
        None,
        {1, 2, 3},
    ],
    ids=lambda X: str(getattr(X, "dtype", type(X).__name__)),
)
def test_data_that_is_not_real_numbers_is_a_type_error(X):
    with pytest.raises(InvalidTypeError, match=r"X has dtype .*: X must hold real numbers"):
        as_matrix(X)


@pytest.mark.parametrize("kind", [scipy.sparse.csr_matrix, scipy.sparse.coo_array])
def test_sparse_data_is_refused_with_what_makes_it_dense(kind):
    with pytest.raises(InvalidTypeError, match=rf"sparse {kind.__name__}.*toarray\(\)"):
        as_matrix(kind(np.eye(4)))


def test_rows_of_different_lengths_are_refused():
    with pytest.raises(DataError, match="X"):
        as_matrix([[1, 2], [3], [4, 5]])


@given(
    st.lists(
        st.tuples(st.integers(0, 5), st.integers(0, 3), st.sampled_from([math.nan, math.inf, -math.inf])),
        min_size=1,
        unique_by=lambda bad: bad[:2],
    ),
    st.sampled_from([np.float16, np.float32, np.float64]),
)
def test_values_that_are_not_finite_are_counted_and_the_first_is_located(bad, dtype):
    X = np.zeros((6, 4), dtype)
    for row, column, value in bad:
        X[row, column] = value
    row, column, _ = min(bad)
    nan = sum(math.isnan(value) for *_, value in bad)
    with pytest.raises(DataError) as caught:
        as_matrix(X)
    assert f"{nan} NaN and {len(bad) - nan} infinite values" in str(caught.value)
    assert f"row {row}, column {column}" in str(caught.value)


@pytest.mark.parametrize(
    ("dtype", "becomes"),
    [
        ("bool", "float32"),
        ("int8", "float32"),
        ("uint16", "float32"),
        ("float16", "float32"),
        ("float32", "float32"),
        (">f4", "float32"),
        ("int32", "float64"),
        ("int64", "float64"),
        ("uint64", "float64"),
        ("float64", "float64"),
    ],
)
def test_numbers_become_the_smallest_float_that_holds_them(dtype, becomes):
    X = np.array([[0, 1], [1, 0], [1, 1]], dtype)
    matrix = as_matrix(X)
    assert matrix.dtype == becomes
    assert matrix.dtype.isnative
    np.testing.assert_array_equal(matrix, X.astype(float))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contiguous_floats_are_not_copied(dtype):
    X = np.zeros((4, 3), dtype)
    assert as_matrix(X) is X


@pytest.mark.parametrize("view", [lambda X: X.T, lambda X: X[::2], lambda X: X[:, ::-1], np.asfortranarray])
def test_any_memory_layout_gives_the_same_numbers(view):
    X = view(np.arange(64.0).reshape(8, 8))
    matrix = as_matrix(X)
    assert matrix.flags.c_contiguous
    np.testing.assert_array_equal(matrix, X)


@pytest.mark.parametrize("make", [list, pd.DataFrame, lambda rows: [tuple(row) for row in rows], np.array])
def test_lists_and_frames_are_data_too(make):
    rows = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    assert as_matrix(make(rows)).tolist() == rows


# --- labels -------------------------------------------------------------------------------------------


def described(labels):
    """Return the name of each row's label, as a view would show it."""
    taken = as_labels(labels, len(labels))
    assert isinstance(taken, Categories)
    assert taken.codes.dtype == np.uint16
    assert taken.counts == np.bincount(taken.codes, minlength=len(taken.names)).tolist()
    return [taken.names[code] for code in taken.codes]


def names(labels):
    return as_labels(labels, len(labels)).names


def test_no_labels_are_no_labels():
    assert as_labels(None, 5) is None


@pytest.mark.parametrize(
    "labels", [[], ["a"], list("abcd"), np.zeros((3, 1)), np.array(3), {"a": 1}], ids=str
)
def test_labels_of_another_length_or_shape_are_refused(labels):
    with pytest.raises(DataError, match=r"labels have shape .*: there must be one for each of the 3 rows"):
        as_labels(labels, 3)


@pytest.mark.parametrize("labels", ["abc", b"abc", 3, iter("abc")], ids=str)
def test_labels_that_are_no_sequence_are_a_type_error(labels):
    with pytest.raises(InvalidTypeError, match=r"labels=.* must be a sequence of 3 labels, or None"):
        as_labels(labels, 3)


def test_labels_of_different_lengths_are_refused():
    with pytest.raises(DataError, match="labels"):
        as_labels([[1], [2, 3]], 2)


@given(st.lists(st.text(max_size=4), min_size=1, max_size=30))
def test_each_row_keeps_its_own_text(labels):
    cleaned = [label.rstrip("\0") for label in labels]
    assert described(labels) in (labels, cleaned)
    assert set(names(labels)) == set(described(labels))


@given(st.lists(st.integers(-20, 19), min_size=1, max_size=60))
def test_few_integers_are_categories_in_the_order_of_numbers(labels):
    assert described(np.array(labels)) == [str(label) for label in labels]
    assert names(labels) == [str(label) for label in sorted(set(labels))]


@pytest.mark.parametrize(
    ("labels", "shown", "order"),
    [
        ([True, False, True], ["True", "False", "True"], ["False", "True"]),
        (np.array([b"y", b"x"]), ["y", "x"], ["x", "y"]),
        ([b"y", b"x"], ["y", "x"], ["x", "y"]),
        ([b"y", None], ["y", "missing"], ["y", "missing"]),
        ([1, "a", 2.5], ["1", "a", "2.5"], ["1", "2.5", "a"]),
        ([date(2024, 5, 1), date(2023, 1, 1)], ["2024-05-01", "2023-01-01"], ["2023-01-01", "2024-05-01"]),
        (np.array(["2024-05", "2023-01"], "M8[M]"), ["2024-05", "2023-01"], ["2023-01", "2024-05"]),
        ([2.0, math.nan, 10.0], ["2", "missing", "10"], ["2", "10", "missing"]),
        ([2, None, 10], ["2", "missing", "10"], ["2", "10", "missing"]),
        ([0.5, None, 10.25], ["0.5", "missing", "10.25"], ["0.5", "10.25", "missing"]),
        (["b", math.nan, "a"], ["b", "missing", "a"], ["a", "b", "missing"]),
        (
            [2**60 + 1, None, 2**60],
            [str(2**60 + 1), "missing", str(2**60)],
            [str(2**60), str(2**60 + 1), "missing"],
        ),
        (("b", "a"), ["b", "a"], ["a", "b"]),
        (pd.Series([2, None, 10]), ["2", "missing", "10"], ["2", "10", "missing"]),
        (pd.Series([2, None, 10], dtype="Int64"), ["2", "missing", "10"], ["2", "10", "missing"]),
        (pd.Series(["b", None, "a"]), ["b", "missing", "a"], ["a", "b", "missing"]),
        (pd.Series(["b", pd.NA], dtype="string"), ["b", "missing"], ["b", "missing"]),
        (pd.Series([True, None], dtype="boolean"), ["True", "missing"], ["True", "missing"]),
        (pd.Series(["b", None, "a"], index=[9, 9, 9]), ["b", "missing", "a"], ["a", "b", "missing"]),
        (pd.Categorical(["b", None, "a"]), ["b", "missing", "a"], ["a", "b", "missing"]),
        (pd.Series([3, 1], dtype="category"), ["3", "1"], ["1", "3"]),
    ],
    ids=repr,
)
def test_labels_are_shown_as_their_owner_would_write_them(labels, shown, order):
    assert described(labels) == shown
    assert names(labels) == order


def test_moments_are_in_the_order_of_time():
    labels = pd.to_datetime(["2024-05-01", None, "2023-01-01"])
    shown = described(labels)
    assert shown[0].startswith("2024-05-01")
    assert shown[1] == "missing"
    assert names(labels)[0].startswith("2023-01-01")


@pytest.mark.parametrize("nothing", MISSING, ids=repr)
@pytest.mark.parametrize(
    "others", [["b", "a"], [datetime(2024, 1, 1), datetime(2023, 1, 1)], [True, False], [2, 1]], ids=str
)
def test_a_missing_label_is_missing_among_any_others_and_comes_last(nothing, others):
    taken = as_labels([others[0], nothing, others[1]], 3)
    assert taken.has_missing
    assert taken.names[-1] == "missing"
    assert taken.codes.tolist() == [1, 2, 0]
    assert taken.counts == [1, 1, 1]


@pytest.mark.parametrize("nothing", MISSING, ids=repr)
def test_labels_may_all_be_missing(nothing):
    taken = as_labels([nothing] * 4, 4)
    assert (taken.names, taken.counts, taken.has_missing) == (["missing"], [4], True)


def test_a_text_missing_is_not_a_missing_label():
    assert not as_labels(["missing", "a"], 2).has_missing
    assert as_labels(["missing", None], 2).names == ["missing", "missing"]


def numbers(count):
    return [value / 7 for value in range(count)]


@pytest.mark.parametrize(
    "wrap",
    [
        np.array,
        list,
        pd.Series,
        lambda values: np.array(values, np.float32),
        lambda values: np.arange(len(values)),
        lambda values: pd.Series(range(len(values)), dtype="Int64"),
    ],
)
def test_many_numbers_are_a_scale_and_few_are_categories(wrap):
    assert isinstance(as_labels(wrap(numbers(MAX_NUMERIC_CATEGORIES)), MAX_NUMERIC_CATEGORIES), Categories)
    many = wrap(numbers(MAX_NUMERIC_CATEGORIES + 1))
    taken = as_labels(many, len(many))
    assert isinstance(taken, Scale)
    np.testing.assert_allclose(taken.values, np.asarray(many, float), rtol=1e-6)
    assert (taken.low, taken.high) == (taken.values.min(), taken.values.max())


@pytest.mark.parametrize("nothing", [math.nan, None, pd.NA], ids=repr)
def test_a_missing_number_on_a_scale_is_nan(nothing):
    labels = [*numbers(50), nothing]
    taken = as_labels(labels, 51)
    assert isinstance(taken, Scale)
    assert np.flatnonzero(np.isnan(taken.values)).tolist() == [50]
    assert (taken.low, taken.high) == (0, pytest.approx(7))


def test_an_infinite_number_does_not_stretch_the_scale():
    taken = as_labels([*numbers(50), math.inf, -math.inf], 52)
    assert (taken.low, taken.high) == (0, pytest.approx(7))


def test_there_are_as_many_categories_as_codes():
    most = [f"{i:06}" for i in range(MAX_CATEGORIES)]
    taken = as_labels([*most, None], MAX_CATEGORIES + 1)
    assert taken.codes.tolist() == list(range(MAX_CATEGORIES + 1))
    with pytest.raises(DataError, match=f"{MAX_CATEGORIES + 1} distinct values: at most {MAX_CATEGORIES}"):
        as_labels([*most, "one more"], MAX_CATEGORIES + 1)


# --- positions ----------------------------------------------------------------------------------------


@given(
    hnp.arrays(
        st.sampled_from([np.int8, np.int64, np.uint8, np.uint64]),
        st.integers(0, 30),
        elements=st.integers(0, 9),
    )
)
def test_positions_are_sorted_and_each_is_there_once(rows):
    for given_rows in (rows, rows.tolist(), pd.Series(rows)):
        taken = as_positions(given_rows, 10)
        assert taken.dtype == np.int64
        assert taken.tolist() == sorted(set(rows.tolist()))


@given(hnp.arrays(bool, 10))
def test_a_mask_selects_where_it_is_true(mask):
    taken = as_positions(mask, 10)
    assert taken.dtype == np.int64
    assert [row in taken for row in range(10)] == mask.tolist()


@pytest.mark.parametrize("nothing", [None, [], (), np.empty(0), np.empty(0, int)], ids=repr)
def test_nothing_selects_nothing(nothing):
    taken = as_positions(nothing, 10)
    assert (taken.dtype, taken.size) == (np.int64, 0)


@pytest.mark.parametrize(("rows", "first"), [([0, -1, 12], -1), ([0, 10, -5], 10), ([2**40], 2**40)])
def test_a_row_that_does_not_exist_is_named(rows, first):
    with pytest.raises(SelectionError, match=f"selection holds row {first}: rows are 0 to 9"):
        as_positions(rows, 10)


@pytest.mark.parametrize("rows", [[1.0, 2.0], ["1"], [None], [1 + 0j], [object()], "3", {1, 2}], ids=repr)
def test_positions_that_are_no_integers_are_a_type_error(rows):
    with pytest.raises(InvalidTypeError, match=r"selection=.* must be integer row positions or a"):
        as_positions(rows, 10)


@pytest.mark.parametrize("rows", [[[1, 2]], 3, np.zeros((2, 2), int)], ids=repr)
def test_positions_are_1d(rows):
    with pytest.raises(DataError, match=r"selection has shape \(.*\): it must be 1-D"):
        as_positions(rows, 10)


@pytest.mark.parametrize("shape", [(9,), (11,), (10, 1), (1,)])
def test_a_mask_has_one_entry_a_row(shape):
    with pytest.raises(DataError, match=r"mask of shape \(.*\): it must have the shape \(10,\)"):
        as_positions(np.ones(shape, bool), 10)


def test_positions_of_different_lengths_are_refused():
    with pytest.raises(DataError, match="selection"):
        as_positions([[1], [2, 3]], 10)


def test_positions_are_a_copy():
    rows = np.array([1, 2, 3])
    taken = as_positions(rows, 10)
    rows[:] = 9
    assert taken.tolist() == [1, 2, 3]


# --- rows back ----------------------------------------------------------------------------------------

SOME = np.array([0, 2])


def test_rows_of_a_frame_keep_its_index_and_types():
    frame = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5]}, index=["x", "x", "y"])
    pd.testing.assert_frame_equal(take_rows(frame, SOME), frame.iloc[[0, 2]])


def test_rows_of_an_array_are_an_array_of_its_type():
    X = np.arange(6, dtype=np.int8).reshape(3, 2)
    taken = take_rows(X, SOME)
    assert taken.dtype == np.int8
    assert taken.tolist() == [[0, 1], [4, 5]]


def test_rows_of_a_list_are_an_array():
    assert take_rows([[0, 1], [2, 3], [4, 5]], SOME).tolist() == [[0, 1], [4, 5]]


def test_rows_taken_are_a_copy():
    X = np.zeros((3, 2))
    take_rows(X, SOME)[:] = 1
    assert not X.any()


def test_a_masked_array_is_refused_rather_than_unmasked():
    X = np.ma.masked_greater(np.arange(12.0).reshape(4, 3), 7)
    with pytest.raises(InvalidTypeError, match="masked"):
        as_matrix(X)


def test_text_with_numbers_is_in_the_order_of_its_numbers():
    labels = as_labels(["c10", "c9", "c1", "10", "9", "b", "", "c01"], 8)
    assert labels.names == ["", "9", "10", "b", "c01", "c1", "c9", "c10"]


def test_one_long_label_costs_no_room_for_the_others():
    import tracemalloc

    labels = ["x" * 100_000] + ["y"] * 20_000
    tracemalloc.start()
    assert as_labels(labels, len(labels)).counts == [1, 20_000]
    assert tracemalloc.get_traced_memory()[1] < 20e6
    tracemalloc.stop()

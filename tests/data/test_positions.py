"""Rows are given by positions or a mask."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from tests.conftest import in_words
from tsne_widget import DataError, InvalidTypeError, SelectionError
from tsne_widget.data import as_positions


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


@pytest.mark.parametrize("nothing", [None, [], (), np.empty(0), np.empty(0, int)], ids=in_words)
def test_nothing_selects_nothing(nothing):
    taken = as_positions(nothing, 10)
    assert (taken.dtype, taken.size) == (np.int64, 0)


@pytest.mark.parametrize(("rows", "first"), [([0, -1, 12], -1), ([0, 10, -5], 10), ([2**40], 2**40)])
def test_a_row_that_does_not_exist_is_named(rows, first):
    with pytest.raises(SelectionError, match=f"selection holds row {first}: rows are 0 to 9"):
        as_positions(rows, 10)


@pytest.mark.parametrize("rows", [[1.0, 2.0], ["1"], [None], [1 + 0j], [object()], "3", {1, 2}], ids=in_words)
def test_positions_that_are_no_integers_are_a_type_error(rows):
    with pytest.raises(InvalidTypeError, match=r"selection=.* must be integer row positions or a"):
        as_positions(rows, 10)


@pytest.mark.parametrize("rows", ["cat", ["r1", "r2"], pd.Index(["r1"]), np.array(["r1"])], ids=in_words)
def test_texts_are_no_positions_and_what_takes_them_is_said(rows):
    with pytest.raises(InvalidTypeError, match=r"for labels of rows use w.select\(index=\.\.\.\)"):
        as_positions(rows, 10)


def test_a_series_of_objects_that_are_booleans_is_a_mask():
    flags = pd.Series([True, False, True], dtype=object)
    assert as_positions(flags, 3).tolist() == [0, 2]
    with pytest.raises(DataError, match="selection is missing at position 1"):
        as_positions(pd.Series([True, None, False], dtype=object), 3)
    with pytest.raises(InvalidTypeError, match="must be integer row positions or a boolean mask"):
        as_positions(pd.Series([True, "no", False], dtype=object), 3)


@pytest.mark.parametrize("rows", [[[1, 2]], np.zeros((2, 2), int)], ids=in_words)
def test_positions_are_1d(rows):
    with pytest.raises(DataError, match=r"selection has shape \(.*\): it must be 1-D"):
        as_positions(rows, 10)


@pytest.mark.parametrize("shape", [(9,), (11,), (10, 1), (1,)])
def test_a_mask_has_one_entry_a_row(shape):
    with pytest.raises(DataError, match=r"mask of shape \(.*\): it must have shape \(10,\)"):
        as_positions(np.ones(shape, bool), 10)


def test_positions_of_different_lengths_are_refused():
    with pytest.raises(DataError, match="selection"):
        as_positions([[1], [2, 3]], 10)


def test_positions_are_a_copy():
    rows = np.array([1, 2, 3])
    taken = as_positions(rows, 10)
    rows[:] = 9
    assert taken.tolist() == [1, 2, 3]

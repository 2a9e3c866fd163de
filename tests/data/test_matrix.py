"""What is embedded are the numbers that were given, or an error that says what is wrong with them."""

import math
import tracemalloc
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from tsne_widget import DataError, InvalidTypeError
from tsne_widget.data import as_matrix, read_source


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
        np.zeros((4, 2), "M8[s]"),
        np.zeros((4, 2), "m8[s]"),
        np.zeros(4, [("a", float), ("b", float)]),
        pd.DataFrame({"a": [1.0, 2, 3], "b": ["x", "y", "z"]}),
        [[1, None], [2, 3], [4, 5]],
    ],
    ids=lambda X: str(getattr(X, "dtype", type(X).__name__)),
)
def test_data_that_is_not_real_numbers_is_a_type_error(X):
    with pytest.raises(InvalidTypeError, match=r"X has dtype .*: X must hold real numbers"):
        as_matrix(X)


@pytest.mark.parametrize(
    "X", ["a text", None, {1, 2, 3}, {"a": [1, 2, 3]}, (row for row in "abc")], ids=lambda X: type(X).__name__
)
def test_what_is_no_table_is_a_type_error_that_says_what_may_be_one(X):
    with pytest.raises(
        InvalidTypeError, match=r"X=.* is of type \w+: X must be an array, a list, a DataFrame"
    ):
        as_matrix(X)


@pytest.mark.parametrize(
    ("X", "said"),
    [
        (np.array([[1, 2], [3, "a"], [None, 4]], object), "row 1, column 1 holds 'a'"),
        ([[1, None], [2, 3], [4, 5]], "row 0, column 1 holds None"),
        ([{"a": 1}] * 3, "row 0 holds {'a': 1}"),
        (np.array([["1", "2"], ["3", "4"], ["5", "6"]], object), "row 0, column 0 holds '1'"),
        (np.array([[1, 2], [3, np.datetime64("NaT")], [5, 6]], object), "row 1, column 1 holds .*NaT"),
    ],
    ids=["text", "None", "dicts", "numbers in texts", "no moment"],
)
def test_the_first_object_that_is_no_number_is_named(X, said):
    with pytest.raises(InvalidTypeError, match=f"X has dtype object: X must hold real numbers; {said}"):
        as_matrix(X)


def test_objects_that_all_are_numbers_are_data():
    X = np.array([[1, 2.5], [True, np.float32(3)], [Decimal("4.5"), Fraction(1, 4)]], object)
    assert as_matrix(X).tolist() == [[1, 2.5], [1, 3], [4.5, 0.25]]
    with pytest.raises(DataError, match="beyond float64"):
        as_matrix(np.array([[10**400], [1], [2]], object))


@pytest.mark.parametrize("kind", [np.asarray, scipy.sparse.csr_matrix], ids=["dense", "sparse"])
def test_complex_numbers_are_refused_in_scikit_learns_words(kind):
    with pytest.raises(DataError, match="Complex data not supported: X has dtype complex128"):
        as_matrix(kind(np.eye(4, dtype=complex)))


def test_an_array_of_embeddings_in_objects_is_data():
    cells = np.empty(3, object)
    cells[:] = [np.array([1.0, 2.0]), [3, 4], (5.0, 6.0)]
    assert as_matrix(cells).tolist() == [[1, 2], [3, 4], [5, 6]]


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


def test_a_masked_array_is_refused_rather_than_unmasked():
    X = np.ma.masked_greater(np.arange(12.0).reshape(4, 3), 7)
    for masked in (X, list(X)):
        with pytest.raises(InvalidTypeError, match="X is a masked array: X must not have a mask"):
            as_matrix(masked)


def test_a_masked_array_that_masks_nothing_is_an_array():
    assert as_matrix(np.ma.array(np.ones((4, 3)))).tolist() == np.ones((4, 3)).tolist()


@pytest.mark.parametrize(
    ("X", "said"),
    [
        ([[1, 2], [3, 4], [5], [6]], "row 0 is of length 2, row 2 is of length 1"),
        ([np.zeros(3), np.zeros(3), np.zeros(4)], "row 0 is of length 3, row 2 is of length 4"),
        ([[1, 2], [3, [4, 5]], [6, 7]], "X cannot become an array"),
    ],
)
def test_the_first_row_of_another_length_is_named(X, said):
    with pytest.raises(DataError, match=said):
        as_matrix(X)


class Tensor:
    """What is no array but can be made one, as the tensors of other libraries."""

    def __init__(self, values):
        self.values = np.array(values, np.float32)

    def __array__(self, dtype=None, copy=None):
        return self.values.astype(dtype or self.values.dtype)


def test_embeddings_may_be_anything_that_makes_an_array():
    rows = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    assert as_matrix(Tensor(rows)).tolist() == rows
    assert as_matrix([np.array(row) for row in rows]).tolist() == rows


@pytest.mark.parametrize("dtype", ["int8", "int32", "float16", ">f4", ">f8", "longdouble", "bool"])
def test_numbers_are_copied_at_most_once(dtype):
    X = np.ones((20_000, 20), dtype)
    tracemalloc.start()
    matrix = as_matrix(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1.5 * matrix.nbytes  # the check for finite ones takes a quarter


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
def test_sparse_numbers_are_copied_at_most_once(form):
    X = scipy.sparse.random_array((20_000, 200), density=0.1, rng=0).asformat(form)
    tracemalloc.start()
    source = read_source(X)
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    size = source.matrix.data.nbytes + source.matrix.indices.nbytes
    assert held < 1.1 * size


# --- sparse -------------------------------------------------------------------------------------------

FORMATS = ["csr", "csc", "coo", "bsr", "lil", "dok", "dia"]


@pytest.mark.parametrize("kind", [scipy.sparse.csr_matrix, scipy.sparse.csr_array])
@pytest.mark.parametrize("form", FORMATS)
def test_sparse_data_stays_sparse_and_has_the_same_numbers(kind, form):
    dense = np.random.default_rng(0).poisson(0.5, (12, 7))
    matrix = as_matrix(kind(dense).asformat(form))
    assert isinstance(matrix, scipy.sparse.csr_array)
    assert matrix.has_canonical_format
    assert matrix.dtype == np.float64
    np.testing.assert_array_equal(matrix.toarray(), dense)


def test_sparse_rows_of_floats_are_not_copied():
    X = scipy.sparse.random_array((50, 20), density=0.2, format="csr", rng=0)
    X.sort_indices()
    assert np.shares_memory(as_matrix(X).data, X.data)


@pytest.mark.parametrize("dtype", [np.float64, np.uint8])
def test_entries_given_twice_are_added_up_and_the_user_s_matrix_stays_as_it_is(dtype):
    data = np.array([200, 100, 1, 1], dtype)
    X = scipy.sparse.csr_array((data, np.array([2, 2, 1, 0]), np.array([0, 2, 3, 4])), shape=(3, 3))
    matrix = as_matrix(X)
    assert matrix.toarray().tolist() == [[0, 0, 300], [0, 1, 0], [1, 0, 0]]
    assert X.indices.tolist() == [2, 2, 1, 0]
    assert X.data.tolist() == [200, 100, 1, 1]


def test_entries_that_are_not_finite_are_counted_and_the_first_is_located():
    dense = np.zeros((5, 4))
    dense[2, 3], dense[2, 1], dense[4, 0], dense[0, 0] = math.nan, math.inf, -math.inf, 1
    with pytest.raises(DataError, match="1 NaN and 2 infinite values, the first at row 2, column 1"):
        as_matrix(scipy.sparse.coo_array(dense))


def test_sparse_data_with_too_few_rows_is_refused():
    with pytest.raises(DataError, match=r"X has shape \(2, 5\)"):
        as_matrix(scipy.sparse.csr_array((2, 5)))

"""A frame's numeric columns are features unless others are chosen; a note lists the ignored ones."""

import datetime
import subprocess
import sys
import tracemalloc
from decimal import Decimal

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from hypothesis import given
from hypothesis import strategies as st

from tsne_widget import DataError, InvalidTypeError, InvalidValueError
from tsne_widget.data import read_source
from tsne_widget.errors import UnknownColumnError

N = 6
COLUMNS = {
    "name": [f"flower {row}" for row in range(N)],
    "length": [1.5, 2.5, 3.5, 4.5, 5.5, 6.5],
    "species": ["a", "b", None, "a", "b", "c"],
    "petals": [3, 4, 5, 3, 4, 5],
    "open": [True, False, True, True, False, False],
    "day": [datetime.date(2024, 5, day + 1) for day in range(N)],
}
LIBRARIES = [pd.DataFrame, pl.DataFrame]


@pytest.fixture(params=LIBRARIES, ids=["pandas", "polars"])
def library(request):
    return request.param


@pytest.fixture
def flowers(library):
    return library(COLUMNS)


# --- features -----------------------------------------------------------------------------------------


def test_columns_of_numbers_are_features_and_the_others_are_said(flowers):
    source = read_source(flowers)
    assert source.n == N
    assert source.feature_names == ("length", "petals")
    assert source.matrix.tolist() == [
        list(row) for row in zip(COLUMNS["length"], COLUMNS["petals"], strict=True)
    ]
    assert source.note == "2 of 6 columns are features; ignored: name, species, open, day (not numbers)"
    assert {name for name, column in source.columns.items() if column.feature} == {"length", "petals"}


def test_features_chooses_columns_in_its_own_order(flowers):
    source = read_source(flowers, features=["petals", "open"])
    assert source.feature_names == ("petals", "open")
    assert source.matrix.tolist() == [[3, 1], [4, 0], [5, 1], [3, 1], [4, 0], [5, 0]]
    assert (
        source.note == "2 of 6 columns are features; ignored: name, length, species, day (not in features=)"
    )


def test_a_column_that_is_the_labels_is_no_feature_unless_it_is_named(flowers):
    source = read_source(flowers, "petals")
    assert source.feature_names == ("length",)
    assert "petals (given as labels)" in source.note
    assert not source.columns["petals"].feature
    assert read_source(flowers, flowers["petals"]).feature_names == ("length",)
    assert read_source(flowers, {"p": "petals"}).feature_names == ("length",)
    assert read_source(flowers, "petals", features=["petals"]).feature_names == ("petals",)


def test_where_all_columns_are_features_nothing_is_said(library):
    assert read_source(library({"a": [1, 2, 3], "b": [1, 2, 4]})).note == ""


@pytest.mark.parametrize(
    ("features", "error", "said"),
    [
        (["petal"], UnknownColumnError, "features names 'petal', .*did you mean 'petals'"),
        (["petals", "name"], InvalidTypeError, "features names 'name', a column of type category"),
        (["day"], InvalidTypeError, "features names 'day', a column of type date"),
        (["petals", "petals"], DataError, "features names 'petals' twice"),
        ([], DataError, "features is empty"),
        ("petals", InvalidTypeError, "features='petals' is of type str: features must be a list"),
        (3, InvalidTypeError, "features=3 is of type int"),
        ([True, False], InvalidTypeError, "features must be a list of column names, not a mask"),
        (np.array([True, False]), InvalidTypeError, "not a mask"),
    ],
)
def test_features_that_are_none_are_errors(flowers, features, error, said):
    with pytest.raises(error, match=said):
        read_source(flowers, features=features)


def test_a_frame_without_numbers_says_so(library):
    with pytest.raises(DataError, match=r"no numeric column .*: s \(not numbers\)"):
        read_source(library({"s": ["a", "b", "c"]}))
    with pytest.raises(DataError, match=r"a \(given as labels\)"):
        read_source(library({"a": [1, 2, 3]}), "a")


@pytest.mark.parametrize(("bad", "said"), [(None, "1 missing and 0"), (float("inf"), "0 missing and 1")])
def test_a_feature_with_a_gap_is_an_error_that_names_column_and_row(library, bad, said):
    with pytest.raises(DataError, match=f"column 'b' of X has {said} infinite values, the first at row 2"):
        read_source(library({"a": [1.0, 2, 3, 4], "b": [1.0, 2, bad, 4]}))


def test_the_row_s_own_label_is_named_too():
    with pytest.raises(DataError, match=r"at row 1 \(index p1\)"):
        read_source(pd.DataFrame({"a": [1.0, None, 3]}, index=["p0", "p1", "p2"]))


def test_gaps_in_a_column_that_is_not_chosen_are_no_error(library):
    assert read_source(library({"a": [1.0, 2, 3], "b": [1.0, None, 3]}), features=["a"]).n == 3


@pytest.mark.parametrize("rows", [0, 2])
def test_a_frame_with_too_few_rows_is_refused(library, rows):
    with pytest.raises(DataError, match=r"at least 3 rows"):
        read_source(library({"a": np.arange(float(rows))}))


def test_every_kind_of_number_is_a_feature():
    frame = pd.DataFrame(
        {
            "decimal": [Decimal("1.5"), Decimal(2), Decimal(3)],
            "nullable": pd.array([1, 2, 3], dtype="Int64"),
            "float": pd.array([1.5, 2, 3], dtype="Float64"),
            "objects": np.array([1, 2.5, 3], object),
            "sparse": pd.arrays.SparseArray([0.0, 1, 0]),
            "small": np.array([1, 2, 3], np.int8),
            "text": ["1", "2", "3"],
        }
    )
    assert read_source(frame).feature_names == tuple(frame)[:-1]
    decimals = pl.DataFrame(
        {"d": [Decimal("1.5"), Decimal(2), Decimal(3)], "o": pl.Series([1, 2, 3]).cast(pl.UInt8)}
    )
    assert read_source(decimals).matrix.tolist() == [[1.5, 1], [2, 2], [3, 3]]


@given(
    st.lists(
        st.tuples(st.integers(-1000, 1000), st.floats(-1e6, 1e6), st.sampled_from(["x", "y"]), st.booleans()),
        min_size=3,
        max_size=20,
    )
)
def test_all_libraries_give_the_same_matrix_columns_and_order(rows):
    columns = dict(zip(["i", "f", "s", "b"], map(list, zip(*rows, strict=True)), strict=True))
    sources = [read_source(library(columns), "s") for library in LIBRARIES]
    array = read_source(
        np.array([columns["i"], columns["f"]], float).T, {"s": columns["s"]}, data={"b": columns["b"]}
    )
    every = np.arange(len(rows))
    for source in [*sources, array]:
        np.testing.assert_array_equal(source.matrix, array.matrix)
        assert source.colorings == ("s",)
        for name in ("s", "b"):
            mine, other = source.columns[name], array.columns[name]
            assert (mine.type, mine.kinds, mine.cells(every)) == (other.type, other.kinds, other.cells(every))
            assert mine.categories().codes.tolist() == other.categories().codes.tolist()
    for name in columns:
        pandas, polars = (source.columns[name] for source in sources)
        assert pandas.same_as(polars)
        assert pandas.order(every, True).tolist() == polars.order(every, True).tolist()


def test_numbers_that_are_small_make_a_small_matrix(library):
    small = library({"a": np.zeros(3, np.float32), "b": np.zeros(3, np.int8)})
    assert read_source(small).matrix.dtype == np.float32
    assert read_source(library({"a": np.zeros(3, np.float32), "b": np.zeros(3)})).matrix.dtype == np.float64


# --- names --------------------------------------------------------------------------------------------


def test_columns_are_copied_once(library):
    frame = library({f"c{number}": np.ones(20_000) for number in range(64)})
    read_source(frame[:3])  # what is imported late is no copy
    tracemalloc.start()
    matrix = read_source(frame).matrix
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # 16 columns in a row, what tells which values are missing, and a copy where pandas makes none on write.
    assert peak < (2.5 if library is pd.DataFrame else 1.5) * matrix.nbytes


def test_columns_that_are_not_named_by_texts_are_named_by_their_own_value():
    frame = pd.DataFrame(np.arange(12).reshape(3, 4))
    assert read_source(frame).feature_names == ("0", "1", "2", "3")
    assert read_source(frame, features=[2, 0]).matrix.tolist() == [[2, 0], [6, 4], [10, 8]]
    source = read_source(frame, 3)
    assert (source.colorings, source.feature_names) == (("3",), ("0", "1", "2"))
    assert source.column(3) is source.column("3")


@pytest.mark.parametrize("names", [["a", "a"], [1, "1"]])
def test_columns_of_the_same_name_are_refused(names):
    with pytest.raises(DataError, match="X has columns"):
        read_source(pd.DataFrame(np.zeros((3, 2)), columns=names))


@pytest.mark.parametrize("what", ["X", "data", "labels"])
def test_a_lazy_frame_is_refused_with_what_collects_it(what):
    lazy = pl.LazyFrame(COLUMNS)
    given = {"X": np.zeros((N, 2)), what: lazy}
    with pytest.raises(InvalidTypeError, match=rf"{what} is a lazy LazyFrame: .*\.collect\(\)"):
        read_source(given.pop("X"), **given)


# --- arrays -------------------------------------------------------------------------------------------


def test_columns_of_an_array_have_numbers_for_names():
    X = np.arange(12.0).reshape(4, 3)
    source = read_source(X)
    np.testing.assert_array_equal(source.matrix, X)
    assert source.feature_names == tuple(source.columns) == ("x0", "x1", "x2")
    assert source.columns["x1"].cells(np.array([0, 3])) == [1, 10]
    assert source.columns["x1"].kinds == ("scale",)
    assert source.columns["x1"].feature
    assert (source.note, source.index, source.library) == ("", None, None)


@pytest.mark.parametrize("wrap", [np.array, lambda X: scipy.sparse.coo_array(np.array(X)), list])
@pytest.mark.parametrize("features", [["x2", "x0"], [2, 0]])
def test_features_of_an_array_are_named_by_number(wrap, features):
    X = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    source = read_source(wrap(X), features=features)
    matrix = source.matrix.toarray() if scipy.sparse.issparse(source.matrix) else source.matrix
    assert matrix.tolist() == [[3, 1], [6, 4], [9, 7]]
    assert source.feature_names == ("x2", "x0")
    assert source.note == "2 of 3 columns are features; ignored: x1 (not in features=)"
    assert source.columns["x1"].cells(np.arange(3)) == [2, 5, 8]


def test_a_column_of_an_array_that_is_the_labels_is_no_feature():
    source = read_source(np.arange(12.0).reshape(4, 3), "x1")
    assert source.feature_names == ("x0", "x2")
    assert source.note == "2 of 3 columns are features; ignored: x1 (given as labels)"


def test_a_representation_is_only_for_annotated_data():
    with pytest.raises(
        InvalidValueError, match=r"use_rep='X_pca' .*None as X is of type ndarray, not an AnnData"
    ):
        read_source(np.zeros((3, 2)), use_rep="X_pca")


# --- more columns -------------------------------------------------------------------------------------


@pytest.mark.parametrize("as_data", [*LIBRARIES, dict], ids=["pandas", "polars", "dict"])
def test_data_gives_more_columns_that_are_no_features(as_data):
    source = read_source(np.zeros((N, 2)), data=as_data(COLUMNS))
    assert list(source.columns) == [*COLUMNS, "x0", "x1"]
    assert source.feature_names == ("x0", "x1")
    assert not source.columns["length"].feature


def test_columns_come_in_the_order_labels_data_x(flowers, library):
    source = read_source(flowers, {"mine": list("abcdef"), "day": "day"}, data=library({"more": range(N)}))
    assert list(source.columns) == ["mine", "day", "more", "name", "length", "species", "petals", "open"]
    assert source.colorings == ("mine", "day")


def test_x_may_be_some_columns_of_data(flowers):
    source = read_source(flowers[["length", "petals"]], "species", data=flowers)
    assert list(source.columns) == ["species", "name", "length", "petals", "open", "day"]
    assert source.feature_names == ("length", "petals")
    assert source.columns["length"].feature
    assert list(read_source(flowers, data=flowers).columns) == list(COLUMNS)


def test_two_columns_of_one_name_would_be_ambiguous(flowers, library):
    other = library({"petals": COLUMNS["petals"], "name": ["x"] * N, "day": range(N)})
    with pytest.raises(DataError, match="data and X both have columns 'name', 'day', with different values"):
        read_source(flowers, data=other)


def test_data_shows_a_feature_in_its_own_units(flowers, library):
    own = library({"length": [10.0, 20, 30, 40, 50, 60], "petals": COLUMNS["petals"]})
    source = read_source(flowers, data=own)
    assert source.columns["length"].cells(np.array([1])) == [20]
    assert source.columns["length"].feature
    assert source.features_in_data == {"length"}
    column = source.feature_names.index("length")
    np.testing.assert_allclose(source.matrix[:, column], COLUMNS["length"])


@pytest.mark.parametrize("as_data", [*LIBRARIES, dict], ids=["pandas", "polars", "dict"])
def test_data_of_another_length_is_refused_with_both(as_data):
    with pytest.raises(DataError, match=r"data.*5"):
        read_source(np.zeros((N, 2)), data=as_data({"a": range(5)}))


@pytest.mark.parametrize("data", [3, "a text", [1, 2, 3]])
def test_data_that_is_no_frame_is_a_type_error(data):
    with pytest.raises(InvalidTypeError, match=r"data=.* must be a DataFrame or a mapping"):
        read_source(np.zeros((3, 2)), data=data)


# --- rows and frames back -----------------------------------------------------------------------------

ROWS = np.array([0, 2])
NONE = np.array([], np.int64)


def test_rows_of_a_frame_keep_their_type_index_and_columns():
    frame = pd.DataFrame(COLUMNS, index=["x", "x", "y", "z", "z", "z"])
    source = read_source(frame)
    pd.testing.assert_frame_equal(source.take(ROWS), frame.iloc[[0, 2]])
    pd.testing.assert_frame_equal(source.take(NONE), frame.iloc[:0])
    polars = pl.DataFrame(COLUMNS)
    assert read_source(polars).take(ROWS).equals(polars[[0, 2]])
    assert read_source(polars).take(NONE).equals(polars[:0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda frame: frame.sort_values("a", inplace=True), "X no longer has the index"),
        (lambda frame: frame.drop("q", inplace=True), "X now has 3 rows and had 4"),
        (lambda frame: frame.reset_index(inplace=True), "X no longer has the index"),
    ],
    ids=["sorted", "dropped", "without its index"],
)
def test_rows_of_a_frame_that_was_changed_in_place_are_refused(change, said):
    frame = pd.DataFrame({"a": [4.0, 1, 3, 2]}, index=list("pqrs"))
    source = read_source(frame)
    frame["more"] = 1
    assert source.take(np.array([1])).more.tolist() == [1]
    change(frame)
    with pytest.raises(DataError, match=f"{said}.*make a new widget"):
        source.take(np.array([1]))


def test_so_are_those_of_a_series():
    embeddings = pd.Series([[4.0, 1], [3, 2], [0, 0]], index=list("prq"))
    source = read_source(embeddings)
    embeddings.sort_index(inplace=True)
    with pytest.raises(DataError, match="X no longer has the index"):
        source.take(np.array([1]))


def test_rows_are_those_of_data_where_it_is_a_frame(flowers):
    source = read_source(np.zeros((N, 2)), data=flowers)
    assert type(source.take(ROWS)) is type(flowers)
    assert list(source.take(ROWS)["name"]) == ["flower 0", "flower 2"]
    assert list(read_source(np.ones((N, 2)), data=COLUMNS).take(ROWS)["name"]) == ["flower 0", "flower 2"]


def test_rows_of_an_array_are_a_copy_of_its_type():
    X = np.arange(6, dtype=np.int8).reshape(3, 2)
    taken = read_source(X).take(ROWS)
    assert (taken.dtype, taken.tolist()) == (np.int8, [[0, 1], [4, 5]])
    taken[:] = 9
    assert X.max() == 5
    assert read_source(X.tolist()).take(ROWS).tolist() == [[0, 1], [4, 5]]


@pytest.mark.parametrize("form", ["csr", "csc", "coo"])
@pytest.mark.parametrize("kind", [scipy.sparse.csr_matrix, scipy.sparse.csr_array])
def test_rows_of_a_sparse_matrix_are_of_its_type(kind, form):
    X = kind(np.diag([1, 2, 3])).asformat(form)
    taken = read_source(X).take(ROWS)
    assert type(taken) is type(X)
    assert taken.toarray().tolist() == [[1, 0, 0], [0, 0, 3]]
    assert read_source(X).take(NONE).shape == (0, 3)


def test_results_come_in_the_user_s_library_with_his_index():
    indexed = pd.DataFrame({"a": [1, 2, 3]}, index=["x", "y", "y"])
    source = read_source(indexed)
    pd.testing.assert_frame_equal(
        source.new_frame({"u": np.array([1.5, 2, 3])}, indexed=True),
        pd.DataFrame({"u": [1.5, 2, 3]}, index=indexed.index),
    )
    assert source.new_frame({"u": [1]}, indexed=False).index.tolist() == [0]
    series = source.new_series("group", ["b", None, "a"], ["b", "a"])
    assert series.cat.categories.tolist() == ["b", "a"]
    assert series.cat.ordered
    assert series.index.tolist() == ["x", "y", "y"]
    assert series.isna().tolist() == [False, True, False]

    polars = read_source(pl.DataFrame({"a": [1, 2, 3]}))
    assert polars.new_frame({"u": [1, None]}, indexed=True).equals(pl.DataFrame({"u": [1, None]}))
    assert polars.new_series("group", ["b", None, "a"], ["b", "a"]).dtype == pl.Enum(["b", "a"])

    assert isinstance(read_source(np.zeros((3, 2))).new_frame({"u": [1]}, indexed=True), pd.DataFrame)
    with_data = read_source(np.zeros((3, 2)), data=indexed)
    assert with_data.new_series("g", [1, 2, 3]).index.tolist() == ["x", "y", "y"]


# --- what is needed -----------------------------------------------------------------------------------


EMBEDDED = np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32)


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(list(EMBEDDED)),
        pd.Series(EMBEDDED.tolist()),
        pl.Series(EMBEDDED.tolist()),
        pl.Series(EMBEDDED.tolist(), dtype=pl.List(pl.Float32)),
        pl.Series(EMBEDDED.tolist(), dtype=pl.Array(pl.Float32, 3)),
    ],
    ids=["arrays", "lists", "polars", "polars List", "polars Array"],
)
def test_a_column_of_embeddings_is_the_matrix_where_it_is_chosen(column):
    library = pd.DataFrame if isinstance(column, pd.Series) else pl.DataFrame
    frame = library({"emb": column, "text": list("abcde"), "emb 2": [1, 2, 3, 4, 5]})
    source = read_source(frame, features=["emb"])
    np.testing.assert_allclose(source.matrix, EMBEDDED, rtol=1e-6)
    assert source.feature_names == ("emb 1", "emb 2 (2)", "emb 3")
    assert source.note == "the 3 numbers in each cell of 'emb' are features"
    assert not any(source.column(name).feature for name in source.columns)
    assert read_source(frame).feature_names == ("emb 2",)
    with pytest.raises(DataError, match=r"no numeric column .*features=\['emb'\] would use the embeddings"):
        read_source(frame[["emb", "text"]])
    with pytest.raises(InvalidTypeError, match=r"'emb', a column of embeddings, .*features=\['emb'\]"):
        read_source(frame, features=["emb", "emb 2"])


@pytest.mark.parametrize("wrap", [pd.Series, pl.Series])
@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([[1.0, 2.0], [1.0, 2.0], [1.0], [1.0, 2.0]], r"different lengths: row 0 .*\(2,\), row 2 has \(1,\)"),
        ([[1.0, 2.0], None, [1.0, 2.0], None], "2 missing embeddings, the first at row 1"),
        ([[1.0, 2.0], [1.0, float("nan")], [1.0, 2.0]], "the first at row 1, column 1"),
    ],
    ids=["ragged", "missing", "NaN"],
)
def test_embeddings_that_make_no_matrix_are_refused_with_their_row(wrap, cells, said):
    frame = pd.DataFrame({"emb": cells}) if wrap is pd.Series else pl.DataFrame({"emb": cells})
    with pytest.raises(DataError, match=f"column 'emb' of X.*{said}"):
        read_source(frame, features=["emb"])


@pytest.mark.parametrize(
    "series",
    [
        pd.Series(list(EMBEDDED), index=list("pqrst"), name="emb"),
        pd.Series(EMBEDDED.tolist(), index=list("pqrst")),
        pl.Series("emb", EMBEDDED.tolist()),
        pl.Series(EMBEDDED.tolist(), dtype=pl.Array(pl.Float32, 3)),
    ],
    ids=["arrays", "lists without a name", "polars", "polars Array"],
)
def test_a_series_of_embeddings_is_data(series):
    source = read_source(series, list("abcab"))
    np.testing.assert_allclose(source.matrix, EMBEDDED, rtol=1e-6)
    assert (list(source.columns), source.note) == (["label"], "")
    name = "emb" if series.name else "embedding"
    assert source.feature_names == (f"{name} 1", f"{name} 2", f"{name} 3")
    rows = source.take(np.array([1, 3]))
    assert type(rows) is type(series)
    np.testing.assert_allclose(np.stack(rows.to_list()), EMBEDDED[[1, 3]], rtol=1e-6)
    if isinstance(rows, pd.Series):
        assert rows.index.tolist() == ["q", "s"]
        assert source.find(["s"]).tolist() == [3]
    with pytest.raises(InvalidValueError, match=r"features=.* must be None as X is a Series of embeddings"):
        read_source(series, features=[0])


def test_a_category_as_a_feature_is_refused_with_what_may_be_one(flowers):
    with pytest.raises(InvalidTypeError, match=r"'species', .*must hold numbers or booleans"):
        read_source(flowers, features=["petals", "species"])


def test_no_package_is_imported_that_the_user_does_not_use():
    script = """
import sys, numpy as np
from tsne_widget.data import read_source
source = read_source(np.eye(4), list("abca"), data={"n": [1, 2, 3, 4]}, image=np.zeros((4, 2, 2)))
source.columns["label"].categories(), source.columns["n"].scale(), source.image.of(0)
read_source(np.eye(4)).take(np.array([1]))
print([name for name in ("pandas", "polars", "anndata", "PIL", "pyarrow") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"

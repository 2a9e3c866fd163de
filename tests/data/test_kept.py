"""What the user changes in place after he gave it changes nothing, or is refused."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse

from tests.clients import PATIENCE, make
from tsne_widget import DataError, RunFailedError
from tsne_widget.data import Kept, kept, read_source

ROWS = np.array([0, 2])


@pytest.fixture
def too_large_to_copy(monkeypatch):
    monkeypatch.setattr(kept, "COPIED_BYTES", 100)


def rows_of(matrix):
    return matrix.toarray() if scipy.sparse.issparse(matrix) else np.array(matrix)


def numbers(dtype=np.float64):
    return np.random.default_rng(0).integers(0, 90, (60, 5)).astype(dtype)


KINDS = {
    "float64": numbers,
    "float32": lambda: numbers(np.float32),
    "uint8": lambda: numbers(np.uint8),
    "by columns": lambda: np.asfortranarray(numbers()),
    "every other row": lambda: np.repeat(numbers(), 2, axis=0)[::2],
    "csr": lambda: scipy.sparse.csr_array(numbers()),
    "csc": lambda: scipy.sparse.csc_array(numbers()),
    "coo": lambda: scipy.sparse.coo_array(numbers()),
    "of small integers": lambda: scipy.sparse.csr_matrix(numbers(np.uint8)),
}
CHANGES = {
    "all": lambda array: np.multiply(array, 2, out=array),
    "the order of rows": lambda array: array.__setitem__(slice(None), array[::-1].copy()),
}


def parts_of(X):
    return X.data if scipy.sparse.issparse(X) else X


@pytest.fixture(params=CHANGES)
def change(request):
    return CHANGES[request.param]


@pytest.mark.parametrize("kind", KINDS)
def test_an_array_changed_in_place_changes_nothing(kind, change):
    X = KINDS[kind]()
    before = rows_of(X).astype(float)
    source = read_source(X)
    change(parts_of(X))
    np.testing.assert_array_equal(rows_of(source.matrix), before)
    np.testing.assert_array_equal(rows_of(source.contrast_matrix), before)
    np.testing.assert_array_equal(source.column("x1").numbers(), before[:, 1])
    np.testing.assert_array_equal(rows_of(source.take(ROWS)), before[ROWS])


#: Those that are converted, so that their numbers are our own, however many there are.
CONVERTED = ("csc", "coo")


@pytest.mark.usefixtures("too_large_to_copy")
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in CONVERTED])
def test_a_large_one_is_not_copied_and_says_so(kind, change):
    X = KINDS[kind]()
    before = rows_of(X).astype(float)
    source = read_source(X)
    np.testing.assert_array_equal(rows_of(source.matrix), before)
    looked_at = source.column("x1")
    looked_at.numbers()
    change(parts_of(X))
    said = (
        r"X has changed in place since the widget was made.*Above 0.0001 MB data are not copied: give a copy"
    )
    for use in (lambda: source.take(ROWS), lambda: source.column("x2").numbers()):
        with pytest.raises(DataError, match=said):
            use()
    np.testing.assert_array_equal(looked_at.numbers(), before[:, 1])
    if kind in ("float64", "float32", "csr"):
        for attribute in ("matrix", "contrast_matrix"):
            with pytest.raises(DataError, match=said):
                getattr(source, attribute)
    else:  # converted
        np.testing.assert_array_equal(rows_of(source.matrix), before)


@pytest.mark.usefixtures("too_large_to_copy")
@pytest.mark.parametrize("kind", CONVERTED)
def test_what_was_converted_is_a_copy_already(kind, change):
    X = KINDS[kind]()
    before = rows_of(X)
    source = read_source(X)
    change(X.data)
    np.testing.assert_array_equal(rows_of(source.matrix), before)
    np.testing.assert_array_equal(rows_of(source.take(ROWS)), before[ROWS])


@pytest.mark.usefixtures("too_large_to_copy")
def test_a_list_is_never_copied_again():
    X = numbers().tolist()
    source = read_source(X)
    X[0][0] = 1e9
    assert source.matrix.max() < 90


@pytest.mark.usefixtures("too_large_to_copy")
@pytest.mark.parametrize("part", ["data", "indices", "indptr"])
def test_each_part_of_a_sparse_matrix_is_watched(part):
    X = scipy.sparse.csr_array(numbers())
    watched = Kept("X", X)
    assert watched.current() is X
    getattr(X, part)[-1] -= 1
    with pytest.raises(DataError, match="X has changed in place"):
        watched.require_unchanged()


@pytest.mark.usefixtures("too_large_to_copy")
def test_of_a_large_array_changes_of_any_column_and_of_any_row_that_is_sampled_are_noticed(monkeypatch):
    monkeypatch.setattr(kept, "SAMPLED_BYTES", 0)
    X = np.zeros((10_000, 300))
    for change in ((slice(None), 123), slice(5_000, 5_200), -1, 0):
        watched = Kept("X", X)
        X[change] += 1
        with pytest.raises(DataError, match="X has changed in place"):
            watched.require_unchanged()


# --- labels and columns -------------------------------------------------------------------------------

COLUMNS = {
    "numbers": lambda: np.linspace(0, 1, 60),
    "integers": lambda: np.arange(60),
    "booleans": lambda: np.arange(60) % 2 == 0,
    "moments": lambda: np.arange(60).astype("M8[D]"),
    "objects": lambda: np.array([*"abc"] * 20, object),
    "texts": lambda: np.array([*"abc"] * 20),
    "Series": lambda: pd.Series(np.linspace(0, 1, 60)),
    "categories": lambda: pd.Series(pd.Categorical([*"abc"] * 20)),
    "list": lambda: list(range(60)),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_changed_in_place_stay_what_they_were(kind):
    labels, column = COLUMNS[kind](), COLUMNS[kind]()
    source = read_source(numbers(), labels, data={"other": column})
    for changed in (labels, column):
        changed[:] = [changed[0]] * 60
    expected = read_source(numbers(), COLUMNS[kind](), data={"other": COLUMNS[kind]()})
    for name in source.columns:
        assert source.column(name).same_as(expected.column(name))
    assert list(source.column("other").array()) == list(expected.column("other").array())


def test_a_series_of_polars_in_the_memory_of_an_array_is_copied():
    labels, column = np.linspace(0, 1, 60), np.arange(60)
    source = read_source(numbers(), pl.Series("label", labels), data={"other": pl.Series("other", column)})
    labels[:], column[:] = 7, 7
    np.testing.assert_array_equal(source.column("label").numbers(), np.linspace(0, 1, 60))
    np.testing.assert_array_equal(source.column("other").numbers(), np.arange(60))


def test_pictures_changed_in_place_stay_what_they_were():
    pixels = np.full((60, 4, 4), 7, np.uint8)
    source = read_source(numbers(), image=pixels, data={"more": pixels})
    pixels[:] = 0
    assert set(source.image.of(3).data) == set(source.column("more").cells(ROWS)[0].data) == {7}


@pytest.mark.usefixtures("too_large_to_copy")
def test_large_pictures_say_that_they_were_changed():
    pixels = np.full((60, 4, 4), 7, np.uint8)
    source = read_source(numbers(), image=pixels)
    pixels[:] = 0
    with pytest.raises(DataError, match="image has changed in place"):
        source.image.of(3)


def frame():
    return pd.DataFrame({"a": np.arange(60.0), "b": np.arange(60) % 7, "name": [*"abc"] * 20})


def in_place(pandas):
    pandas.loc[:, "a"] = 0.0
    pandas.iloc[:, 1] = 5
    pandas.loc[1:, "name"] = "z"


def test_a_frame_changed_in_place_changes_no_column():
    X = frame()
    source = read_source(X, data=X)
    in_place(X)
    for name in source.columns:
        assert source.column(name).same_as(read_source(frame()).column(name))
    np.testing.assert_array_equal(source.matrix[:, 0], np.arange(60))


@pytest.mark.usefixtures("too_large_to_copy")
def test_a_large_frame_says_so_unless_pandas_keeps_copies_apart():
    X = frame()
    source = read_source(X)
    seen = source.column("b")
    X["more"] = 1  # no column that was there
    source.column("name")
    in_place(X)
    assert seen.same_as(read_source(frame()).column("b"))
    np.testing.assert_array_equal(source.matrix[:, 0], np.arange(60))
    if kept._copies_on_write():
        assert source.column("a").same_as(read_source(frame()).column("a"))
    else:
        with pytest.raises(DataError, match="X has changed in place"):
            source.column("a")


def test_annotated_data_changed_in_place_keep_genes_and_representation():
    anndata = pytest.importorskip("anndata")
    adata = anndata.AnnData(scipy.sparse.csr_matrix(numbers()), obsm={"X_pca": numbers()[:, :2].copy()})
    source = read_source(adata)
    adata.X.data[:] = np.log1p(adata.X.data)
    adata.obsm["X_pca"] *= 0
    np.testing.assert_array_equal(source.matrix, numbers()[:, :2])
    np.testing.assert_array_equal(rows_of(source.contrast_matrix), numbers())
    np.testing.assert_array_equal(source.column("2").numbers(), numbers()[:, 2])


@pytest.mark.usefixtures("too_large_to_copy")
def test_large_annotated_data_say_so():
    anndata = pytest.importorskip("anndata")
    adata = anndata.AnnData(scipy.sparse.csr_matrix(numbers()), obsm={"X_pca": numbers()[:, :2].copy()})
    source = read_source(adata)
    adata.X.data[:] = np.log1p(adata.X.data)
    np.testing.assert_array_equal(source.matrix, numbers()[:, :2])
    for use in (lambda: source.contrast_matrix, lambda: source.column("2").numbers()):
        with pytest.raises(DataError, match=r"X\.X has changed in place"):
            use()
    adata.obsm["X_pca"][:] = 0
    with pytest.raises(DataError, match=r"X\.obsm\['X_pca'\] has changed in place"):
        source.matrix  # noqa: B018 # a property


# --- the widget and the estimator ---------------------------------------------------------------------


@pytest.mark.usefixtures("close_widgets")
def test_a_map_is_of_what_was_given_whatever_becomes_of_it(blobs):
    X, V = blobs.copy(), np.ones(blobs.shape[1])
    w = make(X, metric="seuclidean", metric_params={"V": V}, autostart=False)
    X -= X.mean(axis=0)
    X *= 1000
    V[0] = 1e-9
    expected = make(blobs, metric="seuclidean", metric_params={"V": np.ones(len(V))}).wait(PATIENCE)
    w.start().wait(PATIENCE)
    assert w.embedding_.tobytes() == expected.embedding_.tobytes()
    np.testing.assert_array_equal(w.distances(3), expected.distances(3))
    w.perplexity = expected.perplexity = 19
    assert w.wait(PATIENCE).embedding_.tobytes() == expected.wait(PATIENCE).embedding_.tobytes()


@pytest.mark.usefixtures("close_widgets", "too_large_to_copy")
def test_what_reads_large_data_again_says_that_they_were_changed(blobs):
    X = blobs.copy()
    w = make(X, labels=np.arange(60) % 3).wait(PATIENCE).select([1, 2])
    w.distances(0)
    X *= 2
    said = "X has changed in place"
    for use in (lambda: w.distances(0), w.contrast, w.selected_rows, w.group_distances):
        with pytest.raises(DataError, match=said):
            use()
    w.restart()
    assert len(w.wait(PATIENCE).embedding_) == 60  # of neighbours that are known


@pytest.mark.usefixtures("close_widgets", "too_large_to_copy")
def test_a_map_of_large_data_that_are_changed_before_they_were_read_fails_in_words(blobs):
    X = blobs.copy()
    w = make(X, init="random", autostart=False)
    X *= 2
    with pytest.raises(RunFailedError, match="X has changed in place"):
        w.start().wait(PATIENCE)

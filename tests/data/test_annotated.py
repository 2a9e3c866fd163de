"""Of an AnnData a representation is embedded; observations and genes are columns; results go back into it."""

import sys

import anndata
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse

from tsne_widget import DataError, InvalidTypeError, InvalidValueError
from tsne_widget.data import read_new_rows, read_source
from tsne_widget.errors import MissingDependencyError, UnknownColumnError

N, GENES = 12, 7
NAMES = [f"gene{number}" for number in range(GENES)]
CELLS = [f"cell{number}" for number in range(N)]


@pytest.fixture(params=["csr", "csc", "dense"])
def adata(request):
    counts = np.random.default_rng(0).poisson(1.0, (N, GENES)).astype(np.float32)
    obs = pd.DataFrame(
        {
            "leiden": pd.Categorical(list("ab" * (N // 2)), categories=["b", "c", "a"]),
            "depth": np.arange(N) / 7,
        },
        index=CELLS,
    )
    X = counts if request.param == "dense" else scipy.sparse.csr_matrix(counts).asformat(request.param)
    made = anndata.AnnData(X=X, obs=obs, var=pd.DataFrame(index=NAMES))
    made.layers["dense"] = counts
    return made


@pytest.fixture
def with_pca(adata):
    adata.obsm["X_pca"] = np.arange(N * 3.0).reshape(N, 3)
    adata.obsm["X_scVI"] = np.ones((N, 2), np.float32)
    adata.obsm["table"] = pd.DataFrame({"u": np.zeros(N), "v": np.ones(N)}, index=CELLS)
    return adata


def dense(matrix):
    return matrix.toarray() if scipy.sparse.issparse(matrix) else matrix


def test_the_principal_components_are_embedded_where_there_are_some(with_pca):
    source = read_source(with_pca)
    np.testing.assert_array_equal(source.matrix, with_pca.obsm["X_pca"])
    assert source.feature_names == ("PC1", "PC2", "PC3")
    assert source.note == "the 3 columns of obsm['X_pca'] are features"
    assert not any(column.feature for column in source.columns.values())


def test_else_all_genes_are_and_it_is_said(adata):
    source = read_source(adata)
    np.testing.assert_array_equal(dense(source.matrix), adata.layers["dense"])
    assert source.feature_names == tuple(NAMES)
    assert source.note == "all 7 genes are features; there is no obsm['X_pca']"
    assert scipy.sparse.issparse(source.matrix) == scipy.sparse.issparse(adata.X)
    assert [name for name, column in source.columns.items() if column.feature] == NAMES


@pytest.mark.parametrize(
    ("use_rep", "names"),
    [("X", tuple(NAMES)), ("X_scVI", ("X_scVI 1", "X_scVI 2")), ("table", ("u", "v"))],
)
def test_use_rep_chooses_what_is_embedded(with_pca, use_rep, names):
    source = read_source(with_pca, use_rep=use_rep)
    assert source.feature_names == names
    assert source.matrix.shape == (N, len(names))


def test_features_are_names_of_genes(with_pca):
    source = read_source(with_pca, features=["gene3", "gene1"])
    np.testing.assert_array_equal(dense(source.matrix), with_pca.layers["dense"][:, [3, 1]])
    assert "2 of 7 columns are features; ignored: gene0, gene2" in source.note
    with pytest.raises(UnknownColumnError, match="did you mean 'gene1'"):
        read_source(with_pca, features=["Gene1"])
    with pytest.raises(InvalidValueError, match="None with use_rep='X_pca'"):
        read_source(with_pca, features=["gene3"], use_rep="X_pca")


def test_a_representation_that_is_not_there_is_an_error_that_names_those_that_are(with_pca):
    with pytest.raises(
        InvalidValueError, match=r"use_rep='X_umap' .* one of 'X', 'X_pca', 'X_scVI', 'table'"
    ):
        read_source(with_pca, use_rep="X_umap")
    with pytest.raises(InvalidTypeError, match="use_rep=3"):
        read_source(with_pca, use_rep=3)


def test_a_representation_with_gaps_is_an_error_that_names_it(adata):
    adata.obsm["X_pca"] = np.full((N, 2), np.nan)
    with pytest.raises(DataError, match=r"X.obsm\['X_pca'\] holds 24 NaN"):
        read_source(adata)


def test_observations_and_genes_are_columns(with_pca):
    source = read_source(with_pca, "leiden")
    assert list(source.columns) == ["leiden", "depth", *NAMES]
    assert source.columns["leiden"].categories().names == ["b", "a"]
    assert source.column("gene2").numbers().tolist() == with_pca.layers["dense"][:, 2].tolist()
    assert source.column("gene2").kinds == ("scale",)
    assert read_source(with_pca, "gene2").column("gene2").scale().most == with_pca.layers["dense"][:, 2].max()


def test_a_gene_that_is_the_labels_is_no_feature(adata):
    source = read_source(adata, "gene2")
    assert source.feature_names == tuple(name for name in NAMES if name != "gene2")
    assert "gene2 (given as labels)" in source.note


def test_genes_are_what_rows_are_told_apart_by(with_pca):
    source = read_source(with_pca)
    assert source.contrast_names == tuple(NAMES)
    np.testing.assert_array_equal(dense(source.contrast_matrix), with_pca.layers["dense"])
    other = read_source(np.eye(4))
    assert other.contrast_matrix is other.matrix
    assert other.contrast_names == other.feature_names


def test_no_gene_is_read_before_it_is_looked_at():
    class Counted(np.ndarray):
        read = 0

        def __getitem__(self, key):
            Counted.read += 1
            return super().__getitem__(key)

    made = anndata.AnnData(X=np.zeros((3, 30_000), np.float32), obsm={"X_pca": np.eye(3)})
    made.X = made.X.view(Counted)
    source = read_source(made)
    Counted.read = 0
    assert {column.type for column in source.columns.values()} == {"number"}
    assert {column.kinds for column in source.columns.values()} == {("scale",)}
    assert source.containing("x")[1] == ["index"]
    assert Counted.read == 0


def test_names_that_several_genes_have_get_a_number(adata):
    adata.var_names = ["A", "A", "depth", "B", "C", "D", "E"]
    source = read_source(adata)
    assert source.feature_names == ("A", "A (2)", "depth (2)", "B", "C", "D", "E")
    assert source.column("depth").numbers()[-1] == pytest.approx(11 / 7)
    assert source.column("A (2)").numbers().tolist() == adata.layers["dense"][:, 1].tolist()


def test_cells_are_found_by_name_and_come_back_as_annotated_data(with_pca):
    source = read_source(with_pca)
    assert source.find(["cell7", "cell2"]).tolist() == [2, 7]
    taken = source.take(np.array([2, 7]))
    assert isinstance(taken, anndata.AnnData)
    assert taken.obs_names.tolist() == ["cell2", "cell7"]
    assert source.take(np.array([], np.int64)).shape == (0, GENES)


def test_a_view_is_as_good(with_pca):
    source = read_source(with_pca[3:9])
    assert source.n == 6
    np.testing.assert_array_equal(source.matrix, with_pca.obsm["X_pca"][3:9])
    np.testing.assert_array_equal(dense(source.contrast_matrix), with_pca.layers["dense"][3:9])


def test_without_a_matrix_a_representation_is_still_embedded():
    made = anndata.AnnData(obs=pd.DataFrame({"a": list("xyz")}, index=list("pqr")), obsm={"X_pca": np.eye(3)})
    source = read_source(made, "a")
    assert source.feature_names == source.contrast_names == ("PC1", "PC2", "PC3")
    with pytest.raises(DataError, match="use_rep must be a key of obsm"):
        read_source(made, use_rep="X")


def test_data_in_a_file_is_refused_with_what_reads_it(adata, tmp_path):
    adata.write_h5ad(tmp_path / "cells.h5ad")
    backed = anndata.read_h5ad(tmp_path / "cells.h5ad", backed="r")
    with pytest.raises(InvalidTypeError, match=r"X\.to_memory\(\)"):
        read_source(backed)
    backed.file.close()


def test_labels_of_cells_in_another_order_are_refused(adata):
    with pytest.raises(DataError, match="labels and X have the same index in another order"):
        read_source(adata, adata.obs["leiden"].iloc[::-1])


# --- results ------------------------------------------------------------------------------------------

POINTS = np.arange(2.0 * N).reshape(N, 2)


def test_maps_are_written_into_the_user_s_own_data(adata, tmp_path):
    source = read_source(adata)
    made = source.to_anndata({"X_tsne": POINTS}, {"tsne": {"perplexity": 30.0}})
    assert made is adata
    np.testing.assert_array_equal(adata.obsm["X_tsne"], POINTS)
    assert adata.uns["tsne"] == {"perplexity": 30.0}
    adata.write_h5ad(tmp_path / "cells.h5ad")


def test_data_that_have_other_cells_by_now_are_neither_read_nor_written(adata):
    source = read_source(adata)
    adata._inplace_subset_obs(np.arange(N) != 2)
    for use in (lambda: source.take(np.array([3])), lambda: source.to_anndata({"X_tsne": POINTS}, {})):
        with pytest.raises(DataError, match="X now has 11 rows and had 12 when the widget was made"):
            use()


@pytest.mark.parametrize("library", [pd.DataFrame, pl.DataFrame])
def test_other_data_make_new_annotated_data(library, tmp_path):
    frame = library(
        {
            "length": np.arange(3.0),
            "species": ["b", None, "a"],
            "open": [True, None, False],
            "day": ["2024-01-01", "2024-01-02", "2024-01-03"],
        }
    )
    made = read_source(frame).to_anndata({"X_tsne": POINTS[:3]}, {})
    assert made.X.tolist() == [[0], [1], [2]]
    assert made.var_names.tolist() == ["length"]
    assert made.obs_names.tolist() == ["0", "1", "2"]
    assert made.obs["species"].cat.categories.tolist() == ["a", "b"]
    assert made.obs["open"].isna().tolist() == [False, True, False]
    assert list(made.obs) == ["species", "open", "day"]
    np.testing.assert_array_equal(made.obsm["X_tsne"], POINTS[:3])
    made.write_h5ad(tmp_path / "made.h5ad")


def test_new_annotated_data_keep_the_index_and_sparse_matrices():
    X = pd.DataFrame({"a": [1.0, 2, 3]}, index=["x", "y", "z"])
    assert read_source(X).to_anndata({}, {}).obs_names.tolist() == ["x", "y", "z"]
    sparse = read_source(scipy.sparse.csr_array(np.eye(3)), data={"n": [1, 2, 3]}).to_anndata({}, {})
    assert scipy.sparse.issparse(sparse.X)
    assert sparse.obs["n"].tolist() == [1, 2, 3]


def test_moments_keep_their_time_zone():
    days = pd.Series(pd.to_datetime(["2024-05-01 12:00", None, "2024-05-03 00:00"])).dt.tz_localize(
        "Europe/Berlin"
    )
    made = read_source(np.eye(3), data={"day": days}).to_anndata({}, {})
    assert made.obs["day"].iloc[0] == days[0]
    assert str(made.obs["day"].dt.tz) == "Europe/Berlin"


def test_without_the_package_there_is_an_error_that_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(MissingDependencyError, match="pip install anndata"):
        read_source(np.eye(3)).to_anndata({}, {})


def test_other_cells_are_taken_by_the_names_of_their_genes(adata):
    source = read_source(adata, features=["gene3", "gene1"])
    others = adata[[4, 2]][:, NAMES[::-1]].copy()
    given = read_new_rows(source, others, "leiden")
    np.testing.assert_array_equal(dense(given.matrix), adata.layers["dense"][[4, 2]][:, [3, 1]])
    assert given.names == ["cell4", "cell2"]
    assert given.label_texts == ["a", "a"]
    with pytest.raises(UnknownColumnError, match="X_new lacks 1 of the 2 features of the map: 'gene3'"):
        read_new_rows(source, adata[:2, :3].copy(), None)


def test_other_cells_need_the_same_representation(with_pca):
    source = read_source(with_pca)
    given = read_new_rows(source, with_pca[[5]].copy(), None)
    np.testing.assert_array_equal(given.matrix, with_pca.obsm["X_pca"][[5]])
    np.testing.assert_array_equal(read_new_rows(source, np.ones((2, 3)), None).matrix, np.ones((2, 3)))
    without = with_pca[[5]].copy()
    without.obsm["X_pca"] = without.obsm["X_pca"][:, :2]
    with pytest.raises(DataError, match="X_new has 2 columns: it must have the 3"):
        read_new_rows(source, without, None)
    del without.obsm["X_pca"]
    with pytest.raises(
        UnknownColumnError, match=r"X_new has no obsm\['X_pca'\], from which the map was made"
    ):
        read_new_rows(source, without, None)

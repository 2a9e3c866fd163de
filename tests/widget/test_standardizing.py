"""Features on one scale: maps are of the standardised features, and users see their own units."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_wine
from sklearn.decomposition import PCA
from sklearn.manifold import Isomap
from sklearn.preprocessing import StandardScaler

from tests.clients import PATIENCE, make
from tsne_widget import InvalidTypeError, InvalidValueError, IsolatedRowsWarning, ScaleWarning

pytestmark = pytest.mark.usefixtures("close_widgets")


@pytest.fixture(scope="module")
def wine():
    return load_wine(as_frame=True).data


def test_uneven_features_of_a_frame_are_said_in_the_cell_and_in_the_view(wine):
    with pytest.warns(ScaleWarning, match="proline has 99.8 % of the variance of the 13 features") as told:
        w = make(wine, autostart=False)
    assert told[0].filename == __file__
    assert w._points["doubt"] == str(told[0].message)
    assert make(wine, standardize=True, autostart=False)._points["doubt"] == ""
    assert make(wine.to_numpy(), autostart=False)._points["doubt"] == ""


def test_frames_among_the_embeddings_of_an_anndata_are_looked_at_and_its_genes_are_not(wine):
    anndata = pytest.importorskip("anndata")
    adata = anndata.AnnData(wine.to_numpy())
    adata.obsm["measured"] = wine.set_index(adata.obs_names)
    adata.obsm["embedding"] = wine.to_numpy()
    with pytest.warns(ScaleWarning, match="proline"):
        make(adata, use_rep="measured", autostart=False)
    for rep in ("X", "embedding"):
        assert make(adata, use_rep=rep, autostart=False)._points["doubt"] == ""


def test_the_map_is_that_of_standardised_features(wine):
    w = make(wine, standardize=True).wait(PATIENCE)
    other = make(StandardScaler().fit_transform(wine)).wait(PATIENCE)
    assert w.embedding_.tobytes() == other.embedding_.tobytes()
    assert w.neighbors(3, 5, "original").tolist() == other.neighbors(3, 5, "original").tolist()


def test_users_see_their_own_units(wine):
    w = make(wine, standardize=True).wait(PATIENCE)
    w.select(np.arange(20))
    pd.testing.assert_frame_equal(w.selected_rows(), wine.iloc[:20])
    first = w.contrast(np.arange(59)).iloc[0]
    assert first["feature"] == "proline"
    assert first["selected"] == pytest.approx(wine["proline"].iloc[:59].mean())


def test_new_rows_are_standardised_by_every_map(wine):
    fitted = Isomap(n_neighbors=10).fit(wine.to_numpy())
    w = make(
        wine, standardize=True, beside={"pca": "pca", "own": PCA(2), "fitted": fitted, "f": "parametric"}
    ).wait(PATIENCE)
    w.place(wine.iloc[[5, 100]])
    w.wait(PATIENCE)
    placed = w.placed
    for name, run in w.beside.items():
        at = [column for column in placed.columns if column.endswith(name)]
        size = np.abs(run.embedding_).max()
        np.testing.assert_allclose(placed[at], run.embedding_[[5, 100]], atol=0.05 * size, err_msg=name)


def test_estimators_take_rows_in_the_users_units(wine):
    fitted = Isomap(n_neighbors=10).fit(wine.to_numpy())
    w = make(wine, standardize=True, beside={"own": PCA(2), "fitted": fitted, "f": "parametric"})
    w.wait(PATIENCE)
    for name in ("own", "f"):
        run = w.beside[name]
        np.testing.assert_allclose(run.estimator_.transform(wine.to_numpy()), run.embedding_, atol=1e-4)
    assert w.beside["fitted"].estimator_ is fitted


def test_sparse_rows_are_scaled_and_stay_sparse(wine):
    X = csr_array(wine.to_numpy())
    w = make(X, standardize=True).wait(PATIENCE)
    scaled = StandardScaler(with_mean=False).fit_transform(X)
    assert w.embedding_.tobytes() == make(scaled).wait(PATIENCE).embedding_.tobytes()
    assert "X = StandardScaler(with_mean=False).fit_transform(X)" in w.recipe()


def test_the_recipe_makes_the_same_maps(wine):
    code = make(wine, standardize=True, autostart=False).recipe()
    assert "standardize=True" in code
    assert "X = StandardScaler().fit_transform(X)" in code
    assert "Scaler" not in make(wine.to_numpy(), autostart=False).recipe()


def test_what_cannot_be_standardised_is_refused(wine):
    distances = np.abs(np.subtract.outer(np.arange(9.0), np.arange(9.0)))
    with pytest.raises(InvalidValueError, match="standardize=True is not allowed: X holds distances"):
        make(distances, metric="precomputed", standardize=True)
    with pytest.raises(InvalidTypeError, match="standardize='yes'"):
        make(wine, standardize="yes")


def test_many_copies_are_said_with_their_number(blobs):
    few, many = (np.concatenate([blobs, blobs[:count]]) for count in (1, 10))
    assert make(few).wait(PATIENCE).runs[0]._of_status("doubt") == ""
    w = make(many)
    with pytest.warns(IsolatedRowsWarning, match=r"20 of \d+ rows \(\d+ %\) are copies of other rows"):
        w.wait(PATIENCE)

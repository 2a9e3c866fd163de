"""What is measured in the original space and on the maps, against scikit-learn, and the maps as tables."""

from __future__ import annotations

import sys

import anndata
import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy.sparse import csr_array
from scipy.stats import spearmanr
from sklearn.metrics import pairwise_distances

from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    MissingDependencyError,
    NotComputedError,
    PerplexityWarning,
    SelectionError,
    SeveralRunsError,
    TSNEWidget,
    UnknownColumnError,
)
from tsne_widget.parameters.axes import AXES

PATIENCE = 60  # seconds after which a test is called stuck
METRICS = ["euclidean", "cosine", "manhattan"]
KINDS = np.repeat(["a", "b", "c", "d"], 15)


pytestmark = pytest.mark.usefixtures("close_widgets")


def make(X, labels=None, **parameters):
    return TSNEWidget(
        X, labels, **{"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, **parameters}
    )


def nearest(distances, row, k):
    """Return the k nearest other rows by a row of distances, one after the other."""
    order = np.argsort(distances, kind="stable")
    return order[order != row][:k].tolist()


def between_means(X, codes, metric="euclidean"):
    means = np.array([X[codes == code].mean(axis=0) for code in np.unique(codes)])
    return pairwise_distances(means, metric=metric)[np.triu_indices(len(means), 1)]


# --- distances and neighbours in the original space ---------------------------------------------------


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_distances_and_neighbours_are_those_of_scikit_learn_in_the_metric_of_the_map(blobs, metric, form):
    w = make(form(blobs), metric=metric, autostart=False)
    expected = pairwise_distances(blobs, metric=metric)
    for row in (0, 33, 59):
        distances = w.distances(row)
        assert (distances.shape, distances.dtype, distances[row]) == ((60,), np.float32, 0)
        np.testing.assert_allclose(distances, expected[row], rtol=1e-4, atol=1e-6)
        found = w.neighbors(row, 5)
        assert (found.tolist(), found.dtype) == (nearest(expected[row], row, 5), np.int64)


def test_there_are_ten_neighbours_unless_another_number_is_wanted(blobs):
    w = make(blobs, autostart=False)
    assert len(w.neighbors(0)) == 10
    assert sorted(w.neighbors(0, 59)) == list(range(1, 60))


def test_neighbours_on_the_map_are_the_nearest_points(blobs):
    w = make(blobs).wait(PATIENCE)
    distances = pairwise_distances(w.embedding_.astype(float))
    assert w.neighbors(7, 6, space="map").tolist() == nearest(distances[7], 7, 6)
    assert w.runs[0].neighbors(7, 6).tolist() == nearest(distances[7], 7, 6)


@pytest.mark.parametrize(
    ("arguments", "error", "said"),
    [
        ((60,), SelectionError, "i=60 .*0 to 59"),
        ((-1,), SelectionError, "i=-1"),
        ((1.5,), InvalidTypeError, "i=1.5"),
        ((True,), InvalidTypeError, "i=True"),
        ((0, 60), InvalidValueError, "k=60 .*at most 59"),
        ((0, 0), InvalidValueError, "k=0"),
        ((0, 2.5), InvalidTypeError, "k=2.5"),
        ((0, 5, "data"), InvalidValueError, "space='data' .*'original' or 'map'"),
    ],
)
def test_neighbours_that_there_cannot_be_are_an_error(blobs, arguments, error, said):
    w = make(blobs, autostart=False)
    with pytest.raises(error, match=said):
        w.neighbors(*arguments)


@pytest.mark.parametrize("row", [60, -1])
def test_distances_to_a_row_that_does_not_exist_are_an_error(blobs, row):
    with pytest.raises(SelectionError, match=f"i={row}"):
        make(blobs, autostart=False).distances(row)


# --- density ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", METRICS)
def test_the_local_radius_is_the_mean_distance_to_the_ten_nearest(blobs, metric):
    w = make(blobs, metric=metric).wait(PATIENCE)
    distances = np.sort(pairwise_distances(blobs, metric=metric), axis=1)
    radius = w.local_radius()
    assert (radius.shape, radius.dtype) == ((60,), np.float32)
    np.testing.assert_allclose(radius, distances[:, 1:11].mean(axis=1), rtol=1e-3)


def test_of_few_rows_the_local_radius_is_over_all_others():
    X = np.random.default_rng(0).normal(size=(6, 2))
    w = make(X, perplexity=1.5).wait(PATIENCE)
    np.testing.assert_allclose(w.local_radius(), pairwise_distances(X).sum(axis=1) / 5, rtol=1e-4)


def test_before_the_neighbours_are_searched_there_is_no_local_radius(blobs):
    with pytest.raises(NotComputedError, match=r"wait\(\)"):
        make(blobs, autostart=False).wait(PATIENCE).local_radius()


# --- distances between groups -------------------------------------------------------------------------


@pytest.mark.parametrize("metric", METRICS)
def test_distances_between_labels_are_those_of_their_means_and_rho_is_scipy_s(blobs, metric):
    w = make(blobs, KINDS, metric=metric).wait(PATIENCE)
    found = w.group_distances()
    original, on_map = between_means(blobs, KINDS, metric), between_means(w.embedding_.astype(float), KINDS)
    assert found.names == ("a", "b", "c", "d")
    order = np.lexsort(found.pairs.T[::-1])
    np.testing.assert_allclose(found.original[order], original, rtol=1e-4)
    np.testing.assert_allclose(found.on_map[order], on_map, rtol=1e-4)
    assert found.rho == pytest.approx(spearmanr(original, on_map).statistic)
    assert (
        f"with the original space at rho = {found.rho:.2f} (only 6 pairs: too few to tell)" in found.sentence
    )


def test_what_is_said_of_distances_belongs_to_the_map_as_it_is(blobs):
    kinds = np.repeat(list("abcdef"), 10)

    def told(w):
        found = w.group_distances()
        return found.sentence.split(" agree with the original space at rho = "), f"{found.rho:.2f}"

    these = "distances between these 6 groups"
    w = make(blobs, kinds, autostart=False).wait(PATIENCE)
    (where, rho), exact = told(w)
    assert (where, rho) == (f"{these} on the initial layout", exact)
    (where, rho), exact = told(w.start().wait(PATIENCE))
    assert (where, rho) == (f"{these} on this map, which is not settled yet,", exact)
    settled = make(blobs, kinds, max_iter=5_000).wait(PATIENCE)
    assert settled.settled
    (where, rho), exact = told(settled)
    assert (where, rho) == (f"{these} on this map", exact)


def test_groups_are_compared_where_there_are_no_labels_and_by_name(blobs):
    w = make(blobs).wait(PATIENCE)
    with pytest.raises(InvalidValueError, match=r"neither labels with categories nor groups: .*by="):
        w.group_distances()
    for name in "abc":
        w.groups[name] = name == KINDS
    first = w.group_distances()
    assert (first.names, repr(w.group_distances("groups"))) == (("a", "b", "c"), repr(first))
    # Labels go before groups, and a column before what is called like it.
    data = {"half": np.repeat([0, 1], 30), "groups": np.repeat([0, 1, 2], 20)}
    w = make(blobs, KINDS, data=data).wait(PATIENCE)
    w.groups["a"] = [1]
    assert w.group_distances().names == ("a", "b", "c", "d")
    assert w.group_distances("half").names == ("0", "1")
    assert w.group_distances("groups").names == ("0", "1", "2")
    w.color_by = "half"
    assert w.group_distances().names == ("a", "b", "c", "d")  # whatever is chosen in the menu
    w = make(blobs, data=data, color_by="half").wait(PATIENCE)
    assert w.group_distances().names == ("0", "1")


def test_rows_without_a_label_are_no_group(blobs):
    labels = [None if i % 7 == 0 else kind for i, kind in enumerate(KINDS)]
    w = make(blobs, labels).wait(PATIENCE)
    found = w.group_distances()
    kept = np.arange(60) % 7 != 0
    assert found.names == ("a", "b", "c", "d")
    assert np.sort(found.original) == pytest.approx(
        np.sort(between_means(blobs[kept], KINDS[kept])), rel=1e-4
    )


def test_two_groups_have_a_distance_and_no_rank_correlation(blobs):
    w = make(blobs, np.repeat(["a", "b"], 30)).wait(PATIENCE)
    found = w.group_distances()
    assert (found.rho, len(found.pairs)) == (None, 1)
    assert "at least 3 groups" in found.sentence


@pytest.mark.parametrize(
    ("by", "error", "said"),
    [
        ("kinds", UnknownColumnError, "no column 'kinds'; did you mean 'kind'"),
        ("x0", DataError, "'x0'.* has no categories"),
        ("thing", DataError, "'thing' holds objects.* has no categories"),
        ("one", InvalidValueError, "measuring between groups needs at least two groups, found 1"),
        ("groups", InvalidValueError, "at least two groups, found 0"),
    ],
)
def test_what_makes_no_groups_is_an_error(blobs, by, error, said):
    data = {"kind": KINDS, "one": [1] * 60, "thing": [{}] * 60}
    w = make(blobs, data=data, autostart=False).wait(PATIENCE)
    with pytest.raises(error, match=said):
        w.group_distances(by)


def test_distances_between_groups_are_a_frame_in_the_user_s_library(blobs):
    for library in (pd.DataFrame, pl.DataFrame):
        given = library(dict(zip("abcde", blobs.T, strict=True)) | {"kind": KINDS})
        table = make(given, "kind").wait(PATIENCE).group_distances().to_frame()
        assert type(table) is type(given)
        assert list(table.columns) == ["a", "b", "original", "map", "rank_difference"]
        assert table.shape == (6, 5)


def test_of_several_maps_one_is_asked(blobs):
    w = make(blobs, KINDS, perplexity=[5, 8]).wait(PATIENCE)
    for ask, told in [
        (lambda: w.neighbors(3, space="map"), r"w\.runs\[0\]\.neighbors\(3\)"),
        (lambda: w.group_distances(), r"w\.runs\[0\]\.group_distances\(\)"),
    ]:
        with pytest.raises(SeveralRunsError, match=told):
            ask()
    one, other = (run.embedding_.astype(float) for run in w.runs)
    assert w.runs[1].neighbors(3, 4).tolist() == nearest(pairwise_distances(other)[3], 3, 4)
    found = w.runs[0].group_distances()
    assert np.sort(found.on_map) == pytest.approx(np.sort(between_means(one, KINDS)), rel=1e-4)
    assert w.neighbors(3, 4).tolist() == nearest(pairwise_distances(blobs)[3], 3, 4)


def test_a_map_that_is_out_of_range_has_no_neighbours(blobs):
    with pytest.warns(PerplexityWarning):
        w = make(blobs, KINDS, perplexity=[5, 100]).wait(PATIENCE)
    for ask in (lambda: w.runs[1].neighbors(0), lambda: w.runs[1].group_distances()):
        with pytest.raises(NotComputedError, match="perplexity=100"):
            ask()
    assert [one.kept.keys() for one in w._measurements.nearest_by_metric(0, 10)] == [{0}]


# --- tables -------------------------------------------------------------------------------------------


def test_a_table_of_polars_data_is_polars(blobs):
    w = make(pl.DataFrame(blobs), perplexity=[5, 8]).wait(PATIENCE)
    table = w.to_frame()
    assert isinstance(table, pl.DataFrame)
    assert table.schema == dict.fromkeys(
        ["x_perplexity_5", "y_perplexity_5", "x_perplexity_8", "y_perplexity_8"], pl.Float32
    )
    np.testing.assert_array_equal(table[:, 2:].to_numpy(), w.runs[1].embedding_)


def test_maps_are_written_into_the_user_s_annotated_matrix(blobs, tmp_path):
    adata = anndata.AnnData(blobs, obs=pd.DataFrame({"kind": KINDS}, index=[f"c{i}" for i in range(60)]))
    w = make(adata, "kind", random_state=3).wait(PATIENCE)
    assert w.to_anndata() is adata
    np.testing.assert_array_equal(adata.obsm["X_tsne"], w.embedding_)
    told = adata.uns["X_tsne"]["params"]
    assert (told["perplexity"], told["random_state"], told["metric"]) == (8, 3, "euclidean")
    adata.write_h5ad(tmp_path / "written.h5ad")
    back = anndata.read_h5ad(tmp_path / "written.h5ad")
    np.testing.assert_array_equal(back.obsm["X_tsne"], w.embedding_)
    assert back.uns["X_tsne"]["params"]["perplexity"] == 8


def test_several_maps_are_written_under_their_names(blobs, tmp_path):
    def far(one, other):
        return float(np.abs(one - other).max())

    frame = pd.DataFrame(blobs, columns=list("abcde"), index=[f"c{i}" for i in range(60)])
    w = make(frame, KINDS, perplexity=[5, 8], metric=far, init=blobs[:, :2]).wait(PATIENCE)
    adata = w.to_anndata(key_added="map")
    assert isinstance(adata, anndata.AnnData)
    assert set(adata.obsm) == {"map_perplexity_5", "map_perplexity_8"}
    np.testing.assert_array_equal(adata.obsm["map_perplexity_8"], w.runs[1].embedding_)
    assert (adata.obs_names.tolist(), adata.var_names.tolist()) == (frame.index.tolist(), list("abcde"))
    adata.write_h5ad(tmp_path / "written.h5ad")
    told = anndata.read_h5ad(tmp_path / "written.h5ad").uns["map"]["params"]
    assert list(told["perplexity"]) == [5, 8]
    assert (told["metric"], told["init"]) == ("far", "given")
    assert set(told) >= {*AXES, "early_exaggeration", "max_iter"}


@pytest.mark.parametrize(
    ("key", "error"), [(3, InvalidTypeError), (None, InvalidTypeError), ("", InvalidValueError)]
)
def test_a_key_that_no_file_would_take_is_refused(blobs, key, error):
    adata = anndata.AnnData(blobs)
    w = make(adata).wait(PATIENCE)
    with pytest.raises(error, match=f"key_added={key!r} .*: key_added must be a text"):
        w.to_anndata(key_added=key)
    assert (len(adata.obsm), len(adata.uns)) == (0, 0)


def test_without_anndata_there_is_none(blobs, monkeypatch):
    w = make(blobs, autostart=False).wait(PATIENCE)
    monkeypatch.setitem(sys.modules, "anndata", None)
    with pytest.raises(MissingDependencyError, match="pip install anndata"):
        w.to_anndata()

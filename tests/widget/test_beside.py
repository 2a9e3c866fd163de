"""Maps by other methods beside those of t-SNE: PCA through everything that a widget does with a map."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.decomposition import PCA

from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    NotRunningError,
    RunFailedError,
    SeveralRunsError,
    TSNEWidget,
)
from tsne_widget.errors import UnknownMapError
from tsne_widget.maps.pca_method import COMPUTING, PCAMethod
from tsne_widget.parameters.constants import RUNS_MAX
from tsne_widget.wire import protocol

PATIENCE = 60
pytestmark = pytest.mark.usefixtures("close_widgets")


def make(X, **parameters):
    short = {"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20}
    return TSNEWidget(X, **{**short, "beside": "pca", **parameters})


@pytest.fixture
def w(blobs):
    return make(blobs).wait(PATIENCE)


# --- the map ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_the_map_is_scikit_learns_pca(blobs, form):
    found = make(form(blobs)).wait(PATIENCE).beside["PCA"].embedding_
    expected = PCA(2, svd_solver="full").fit_transform(blobs)
    assert found.dtype == np.float32
    for column in range(2):
        sign = np.sign(found[:, column] @ expected[:, column])
        np.testing.assert_allclose(sign * found[:, column], expected[:, column], atol=1e-4)


def test_large_means_do_not_cost_its_accuracy(blobs):
    found = make(blobs + 1e6).wait(PATIENCE).runs[1].embedding_
    expected = PCA(2).fit_transform(blobs)
    np.testing.assert_allclose(np.abs(found), np.abs(expected), atol=1e-3)


def test_it_does_not_depend_on_the_number_of_threads(blobs):
    one, two = (make(blobs, n_jobs=n).wait(PATIENCE).runs[1].embedding_ for n in (1, 2))
    np.testing.assert_array_equal(one, two)


def test_it_stands_after_the_product_and_leaves_the_maps_of_t_sne_as_they_are(w, blobs):
    assert [run.method for run in w.runs] == ["t-SNE", "PCA"]
    assert w.reference == 0
    alone = make(blobs, beside=None).wait(PATIENCE)
    np.testing.assert_array_equal(w.runs[0].embedding_, alone.embedding_)


def test_it_tells_what_it_explains_and_how_many_neighbours_it_keeps(w, blobs):
    pca = w.beside["PCA"]
    explained = PCA(2).fit(blobs).explained_variance_ratio_.sum()
    assert pca.figures == {"explained variance": pytest.approx(explained, rel=1e-4)}
    assert 0 < pca.neighbors_kept_ <= 1
    assert len(pca.history) == 1
    assert (pca.status, pca.settled, pca.iteration, pca.n_iter_) == ("computed", True, 0, 0)
    assert len(w.runs[1].neighbors(3)) == 10


def test_of_equal_rows_it_explains_nothing_that_is_known():
    w = make(np.ones((9, 3)), perplexity=2).wait(PATIENCE)
    assert w.runs[1].figures == {}
    assert not w.runs[1].embedding_.any()


def test_rows_too_far_apart_for_float32_are_an_error_of_that_map_alone(blobs):
    w = make(np.concatenate([blobs, [[1e60] * 5]]), metric="cosine")
    with pytest.raises(RunFailedError, match=r"PCA failed: the rows lie too far apart.*: multiply X by a"):
        w.wait(PATIENCE)
    assert w.runs[0].n_iter_ == 60


# --- what does not concern it -------------------------------------------------------------------------


def test_what_is_for_t_sne_says_so(w):
    pca = w.runs[1]
    for name in ("kl_divergence_", "learning_rate_"):
        with pytest.raises(NotComputedError, match=f"PCA has no {name}, only t-SNE has"):
            getattr(pca, name)
    for command in (pca.step, pca.start, pca.pause, pca.resume):
        with pytest.raises(NotRunningError, match=r"restart\(\) computes it again"):
            command()
    for name in ("perplexity", "exaggeration", "random_state", "init"):
        with pytest.raises(NotComputedError, match=f"{name} does not apply to PCA"):
            setattr(pca, name, getattr(w, name))
        with pytest.raises(NotComputedError, match=f"{name} does not apply to PCA"):
            getattr(pca, name)
        assert getattr(pca.settings, name) is None
    with pytest.raises(SeveralRunsError):
        _ = w.embedding_
    assert (pca.settings.metric, w.runs[0].settings.perplexity) == ("euclidean", 8)


def test_settings_of_the_widget_are_those_of_t_sne(w):
    assert w.perplexity == 8
    w.perplexity = [5, 9]
    assert [run.title for run in w.runs] == ["t-SNE, perplexity 5", "t-SNE, perplexity 9", "PCA"]
    w.perplexity = 7
    assert [run.title for run in w.runs] == ["t-SNE, perplexity 7", "PCA"]


def test_a_restart_computes_it_again(w, monkeypatch):
    found = w.runs[1].embedding_
    made = []
    prepare = PCAMethod.prepare
    monkeypatch.setattr(PCAMethod, "prepare", lambda self: made.append(self) or prepare(self))
    w.runs[1].restart()
    w.restart().wait(PATIENCE)
    assert len(made) == 2
    np.testing.assert_array_equal(w.runs[1].embedding_, found)


def test_closing_while_it_is_computed_ends_it(blobs, monkeypatch):
    reached, go_on = threading.Event(), threading.Event()

    def slow(self):
        yield COMPUTING, None
        while True:
            reached.set()
            go_on.wait(PATIENCE)
            yield COMPUTING, 0.5

    monkeypatch.setattr(PCAMethod, "prepare", slow)
    w = make(blobs)
    assert reached.wait(PATIENCE)
    w.close()
    go_on.set()
    assert w.runs[1].status in ("computing PCA", "paused")
    other = make(blobs, beside=None).wait(PATIENCE)  # the engine has not been held up
    assert other.n_iter_ == 60


# --- which there are ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beside", "names"),
    [
        (None, []),
        ([], []),
        ("pca", ["PCA"]),
        (["pca"], ["PCA"]),
        ({"mine": "pca", "PCA": "pca"}, ["mine", "PCA"]),
    ],
)
def test_beside_may_be_a_name_a_list_or_a_dict(blobs, beside, names):
    w = make(blobs, beside=beside, autostart=False)
    assert list(w.beside) == names
    assert [run.title for run in w.runs[1:]] == names


@pytest.mark.parametrize(
    ("beside", "error", "words"),
    [
        ("umpa", InvalidValueError, "must be one of 'pca'"),
        ("tsne", InvalidValueError, "must be one of 'pca'"),
        (3, InvalidTypeError, "of type int"),
        ([3], InvalidTypeError, "a list of these"),
        ({"": "pca"}, InvalidValueError, "names are not empty"),
        (["pca", "pca"], InvalidValueError, "'PCA' twice"),
        ({"t-SNE": "pca"}, InvalidValueError, "'t-SNE' names the main maps"),
    ],
)
def test_what_is_no_method_is_an_error_at_once(blobs, beside, error, words):
    with pytest.raises(error, match=words):
        make(blobs, beside=beside)


def test_distances_have_no_principal_components(blobs):
    distances = np.linalg.norm(blobs[:, None] - blobs[None], axis=2)
    with pytest.raises(InvalidValueError, match="needs the rows of X"):
        make(distances, metric="precomputed")
    w = make(distances, metric="precomputed", beside=None, autostart=False)
    with pytest.raises(InvalidValueError, match="needs the rows of X"):
        w.beside["PCA"] = "pca"
    assert len(w.runs) == 1


def test_a_widget_shows_64_maps_in_all(blobs):
    with pytest.raises(InvalidValueError, match=f"{RUNS_MAX + 1} maps"):
        make(blobs, random_state=range(RUNS_MAX))
    w = make(blobs, beside=None, random_state=range(RUNS_MAX), autostart=False)
    with pytest.raises(InvalidValueError, match=f"{RUNS_MAX + 1} maps"):
        w.beside["PCA"] = "pca"


def test_maps_beside_come_and_go_by_name_and_the_others_stay(w):
    first = w.runs[0]
    w.beside["mine"] = "pca"
    assert list(w.beside) == ["PCA", "mine"]
    del w.beside["PCA"]
    assert [run.title for run in w.runs] == ["t-SNE, perplexity 8", "mine"]
    with pytest.raises(UnknownMapError, match="no map 'PCA' beside those of t-SNE: found mine"):
        w.beside["PCA"]
    with pytest.raises(UnknownMapError):
        del w.beside["PCA"]
    w.beside = "pca"
    assert list(w.beside) == ["PCA"]
    w.beside = None
    assert [run.title for run in w.runs] == ["perplexity 8"]
    assert w.runs == (first,)


def test_two_maps_of_one_method_are_both_computed(blobs):
    one, other = make(blobs, beside={"one": "pca", "other": "pca"}).wait(PATIENCE).beside.values()
    np.testing.assert_array_equal(one.embedding_, other.embedding_)


def test_it_is_measured_in_the_metric_of_the_first_map(blobs):
    w = make(blobs, metric=["cosine", "euclidean"]).wait(PATIENCE)
    pca = w.beside["PCA"]
    assert pca.metric == "cosine"
    kept = pca.neighbors_kept_
    with pytest.raises(InvalidValueError, match="metric does not apply to PCA"):
        pca.metric = "euclidean"
    w.compare(metric="euclidean")
    assert (w.wait(PATIENCE).beside["PCA"], pca.metric) == (pca, "euclidean")
    assert pca.neighbors_kept_ != kept


def test_another_metric_measures_it_anew_and_leaves_the_map_as_it_is(blobs):
    w = make(blobs, metric=["cosine", "euclidean"]).wait(PATIENCE)
    pca, tsne = w.beside["PCA"], w.runs[0]
    layout = w._driver.run_of(pca.id).layout

    def remeasured(of_metric):
        w.wait(PATIENCE)
        alone = make(blobs, metric=of_metric).wait(PATIENCE).beside["PCA"]
        assert (pca.metric, pca.neighbors_kept_) == (of_metric, alone.neighbors_kept_)
        assert w._driver.run_of(pca.id).layout is layout

    remeasured("cosine")
    tsne.remove()
    remeasured("euclidean")
    w.metric = "cosine"
    remeasured("cosine")


def test_a_map_that_keeps_a_metric_of_its_own_is_told_of(blobs):
    w = make(blobs, beside=["umap", "pca"], autostart=False)
    assert w._incomparable == []
    w.metric = "cosine"
    why = "UMAP in euclidean, the first map in cosine"
    assert w._incomparable == [{"words": "neighbours are counted in different metrics", "why": why}]
    w.beside["UMAP"].metric = "cosine"
    assert w._incomparable == []


def test_comparing_keeps_what_stands_beside_unless_it_is_told(w):
    pca = w.runs[1]
    w.compare(perplexity=[5, 8])
    assert w.runs[2] == pca
    w.compare(beside=[])
    assert len(w.runs) == 2
    w.compare(beside="pca")
    assert [run.method for run in w.runs] == ["t-SNE", "t-SNE", "PCA"]
    w.reference = 2
    w.compare()
    assert [run.method for run in w.runs] == ["t-SNE"]


def test_below_a_picture_stands_what_made_the_maps_and_of_which_the_caution_is(w):
    caution = "izes of clusters and gaps between them carry no meaning."
    assert w._caption == f"t-SNE and PCA of 60 rows. On t-SNE maps s{caution}"
    w.compare(beside=())
    assert w._caption == f"t-SNE of 60 rows. S{caution}"


def test_the_compare_menu_names_maps_and_methods(w):
    w._clients.carry_out(protocol.Compare({"perplexity": (5.0,)}, ()))
    assert [run.title for run in w.runs] == ["perplexity 5"]
    w._clients.carry_out(protocol.Compare({"perplexity": (5.0,)}, ("PCA",)))
    assert list(w.beside) == ["PCA"]
    w.beside["mine"] = "pca"
    w._clients.carry_out(protocol.Compare({"perplexity": (5.0,)}, ("mine",)))
    assert list(w.beside) == ["mine"]


def test_a_map_beside_is_removed_and_never_left_alone(w):
    with pytest.raises(NotRunningError, match="the last t-SNE map"):
        w.runs[0].remove()
    with pytest.raises(InvalidValueError, match="cannot be the only map"):
        w._maps.do(protocol.Keep(w.runs[1].id))
    w.runs[1].remove()
    assert not w.beside


# --- what is told of it -------------------------------------------------------------------------------


def test_stability_is_that_of_t_sne_where_there_is_one(blobs):
    w = make(blobs, init="random", random_state=[0, 1]).wait(PATIENCE)
    np.testing.assert_array_equal(w.stability(), w.stability(runs=[0, 1]))
    assert w.stability(runs=[0, 1, 2]).mean() < w.stability().mean()
    one = make(blobs).wait(PATIENCE)
    np.testing.assert_array_equal(one.stability(), one.stability(runs=[0, 1]))


def test_words_tell_it_apart(w):
    assert repr(w.runs[1]).startswith("RunHandle(PCA: computed, explained variance ")
    assert "60 rows, 2 maps: t-SNE, PCA: " in repr(w)
    assert w.runs[0].title == "t-SNE, perplexity 8"
    assert repr(w.runs[1].history[0]) == "Keyframe(iteration 0)"


def test_tables_have_its_coordinates(w):
    frame = w.to_frame()
    assert list(frame.columns) == ["x", "y", "x_pca", "y_pca"]
    np.testing.assert_array_equal(frame[["x_pca", "y_pca"]], w.runs[1].embedding_)


@pytest.mark.parametrize(
    ("beside", "suffixes"),
    [
        ({"A": "pca", "a": "pca", "a 2": "pca"}, ["_perplexity_5", "_perplexity_10", "_a", "_a_2", "_a_2_2"]),
        ({"Perplexity 5": "pca"}, ["_perplexity_5", "_perplexity_10", "_perplexity_5_2"]),
    ],
)
def test_every_map_has_its_own_columns(blobs, beside, suffixes):
    w = make(blobs, perplexity=[5, 10], beside=beside).wait(PATIENCE)
    assert list(w.to_frame().columns[::2]) == [f"x{suffix}" for suffix in suffixes]
    last = w.to_frame()[[f"x{suffixes[-1]}", f"y{suffixes[-1]}"]]
    np.testing.assert_array_equal(last, w.runs[-1].embedding_)


def test_anndata_has_its_coordinates_and_loses_no_others(blobs):
    anndata = pytest.importorskip("anndata")
    adata = anndata.AnnData(blobs)
    w = make(adata).wait(PATIENCE)
    w.to_anndata()
    np.testing.assert_array_equal(w.to_anndata().obsm["X_pca"], w.runs[1].embedding_)
    assert "X_tsne" in adata.obsm
    theirs = anndata.AnnData(blobs, obsm={"X_pca": blobs[:, :4].copy()})
    w = make(theirs).wait(PATIENCE)
    with pytest.raises(
        InvalidValueError, match=r"obsm\['X_pca'\] exists, and no map of a widget has made it"
    ):
        w.to_anndata()
    assert theirs.obsm["X_pca"].shape[1] == 4
    assert "X_tsne" not in theirs.obsm
    w.beside = {"PCA map": "pca"}
    assert "X_pca_map" in w.wait(PATIENCE).to_anndata().obsm
    with pytest.raises(InvalidValueError, match="key_added='X_pca_map' gives two maps the key 'X_pca_map'"):
        w.to_anndata("X_pca_map")


def test_anndata_keeps_a_umap_that_others_made_and_takes_ours_anew(blobs, tmp_path):
    anndata = pytest.importorskip("anndata")
    theirs = blobs[:, :2].copy()
    adata = anndata.AnnData(blobs, obsm={"X_umap": theirs})
    w = make(adata, beside=["umap", "X_umap"]).wait(PATIENCE)
    with pytest.raises(InvalidValueError, match=r"obsm\['X_umap'\] exists"):
        w.to_anndata()
    np.testing.assert_array_equal(adata.obsm["X_umap"], theirs)
    del adata.obsm["X_umap"]
    w.to_anndata().write_h5ad(tmp_path / "ours.h5ad")
    again = make(anndata.read_h5ad(tmp_path / "ours.h5ad"), beside="umap", random_state=1).wait(PATIENCE)
    ours = again.to_anndata("X_other").obsm["X_umap"]
    np.testing.assert_array_equal(ours, again.runs[1].embedding_)


def test_the_recipe_makes_it_with_scikit_learn(w, blobs):
    code = w.recipe()
    assert "beside='pca'" in code
    names = {"X": blobs, "y": None}
    exec(code[code.index("from sklearn.decomposition") :], names)
    np.testing.assert_allclose(np.abs(names["pca"]), np.abs(w.runs[1].embedding_), atol=1e-3)
    w.beside = {"mine": "pca"}
    assert "beside={'mine': 'pca'}" in w.recipe()


def test_a_picture_and_a_page_show_it(w, tmp_path):
    pytest.importorskip("matplotlib")
    picture = w.save_image(tmp_path / "maps.svg").read_text()
    assert "t-SNE and PCA of 60 rows. On t-SNE maps sizes" in picture
    assert "computed, explained variance" in picture
    page = w.save_html(tmp_path / "maps.html").read_text()
    assert "<title>t-SNE and PCA of 60 rows</title>" in page
    assert "PCA: computed, explained variance" in page


def test_the_history_is_that_of_t_sne(w):
    told, buffers = w._clients.answer(protocol.KeyframesAt(30))
    assert [frame["run"] for frame in told["runs"]] == [w.runs[0].id]
    assert len(buffers) == 1


def test_a_picture_turns_it_onto_the_reference_at_its_size(w):
    first, second = (panel.points for panel in w._pictures._panels())
    assert np.sqrt((first**2).sum(axis=1).mean()) == pytest.approx(1)
    assert np.sqrt((second**2).sum(axis=1).mean()) == pytest.approx(1)

"""UMAP beside t-SNE, in all that a user does with a map."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import pdist, squareform

from tests.clients import PATIENCE, Client
from tests.clients import make as make_whole
from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    IsolatedRowsWarning,
    NotComputedError,
    PerplexityWarning,
)
from tsne_widget.maps.methods import METHODS
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.umap.descent import Descent

pytestmark = pytest.mark.usefixtures("close_widgets")
EPOCHS = 100


@pytest.fixture(autouse=True)
def few_epochs(monkeypatch):
    """Fewer epochs than users have, for all but one test: sixty rows need no more."""
    monkeypatch.setattr("tsne_widget.umap.descent._EPOCHS_OF_FEW", EPOCHS)


def make(X, **values):
    """A widget whose t-SNE ends at once: these tests are about the other map."""
    return make_whole(X, **{"max_iter": 2, "early_exaggeration_iter": 1, **values})


@pytest.fixture
def w(blobs):
    return make(blobs, beside="umap", random_state=7).wait(PATIENCE)


@pytest.fixture
def at_start(blobs):
    """A widget whose maps have not moved."""
    return make(blobs, beside="umap", autostart=False)


@pytest.fixture
def umap(w):
    return w.beside["UMAP"]


def parts(points):
    """How far the three clouds of the rows lie apart, in units of their own extent."""
    clouds = [points[:20], points[20:40], points[40:]]
    centers = np.array([cloud.mean(axis=0) for cloud in clouds])
    extent = max(
        np.linalg.norm(cloud - center, axis=1).max() for cloud, center in zip(clouds, centers, strict=True)
    )
    return pdist(centers).min() / extent


def test_it_begins_with_the_defaults_of_umap_learn_and_the_seed_and_metric_of_t_sne(blobs, monkeypatch):
    monkeypatch.undo()
    umap = make(blobs, beside="umap", random_state=7).wait(PATIENCE).beside["UMAP"]
    assert (umap.n_neighbors, umap.min_dist, umap.init) == (15, 0.1, "spectral")
    assert (umap.random_state, umap.metric) == (7, "euclidean")
    assert (umap.status, umap.settled, umap.iteration) == ("finished", True, 500)
    assert umap.neighbors_kept_ > 0.4
    with pytest.raises(NotComputedError, match="no kl_divergence_, only t-SNE has"):
        _ = umap.kl_divergence_


def test_rows_that_belong_together_are_together(umap):
    assert parts(umap.embedding_) > 1.5


def test_the_same_seed_gives_the_same_map_for_any_number_of_threads(blobs, umap):
    again = make(blobs, beside="umap", random_state=7, n_jobs=1).wait(PATIENCE).beside["UMAP"]
    np.testing.assert_array_equal(umap.embedding_, again.embedding_)


def test_another_seed_restarts_it_and_gives_another_map(w, umap):
    before = umap.embedding_
    umap.random_state = 8
    w.wait(PATIENCE)
    assert umap.iteration == EPOCHS
    assert not np.array_equal(umap.embedding_, before)
    umap.random_state = 7
    np.testing.assert_array_equal(w.wait(PATIENCE).beside["UMAP"].embedding_, before)


def test_it_steps_pauses_and_restarts(at_start):
    w = at_start
    umap = w.beside["UMAP"]
    umap.step(3)
    w.wait(PATIENCE)
    assert (umap.iteration, umap.status, umap.settled) == (3, "paused", False)
    umap.start()
    assert w.wait(PATIENCE).beside["UMAP"].iteration == EPOCHS
    umap.restart()
    w.wait(PATIENCE)
    assert (umap.iteration, w.runs[0].iteration) == (EPOCHS, 0)


def test_after_the_end_it_does_further_epochs_that_move_it_little(w, umap):
    before = umap.embedding_
    umap.start()
    assert w.wait(PATIENCE).beside["UMAP"].iteration == 2 * EPOCHS
    moved = np.linalg.norm(umap.embedding_ - before, axis=1)
    assert 0 < np.median(moved) < before.std()


@pytest.mark.parametrize(("name", "value"), [("min_dist", 0.8), ("n_neighbors", 5)])
def test_it_continues_with_another_value_of_its_own(w, umap, name, value):
    before = umap.embedding_
    setattr(umap, name, value)
    w.wait(PATIENCE)
    assert umap.iteration == 2 * EPOCHS
    assert getattr(umap, name) == value
    after = umap.embedding_
    alike = np.corrcoef(pdist(before), pdist(after))[0, 1]
    assert alike > 0.8
    assert umap.history[-1].spec[name] == value


def test_a_larger_min_dist_spreads_near_rows(w, umap):
    def nearest():
        return np.sort(squareform(pdist(umap.embedding_)), axis=1)[:, 1].mean()

    before = nearest()
    umap.min_dist = 0.9
    w.wait(PATIENCE)
    assert nearest() > 2 * before


@pytest.mark.parametrize(
    ("name", "value", "error", "said"),
    [
        ("n_neighbors", 1, InvalidValueError, "an integer at least 2 and at most 59"),
        ("n_neighbors", 60, InvalidValueError, "an integer at least 2 and at most 59"),
        ("n_neighbors", 5.5, InvalidTypeError, "an integer at least 2"),
        ("min_dist", -0.1, InvalidValueError, "at least 0 and at most 1"),
        ("min_dist", 1.1, InvalidValueError, "at least 0 and at most 1"),
        ("min_dist", "small", InvalidTypeError, "a number at least 0"),
        ("init", "spectre", InvalidValueError, "'spectral', 'pca', 'random' or an array of shape"),
    ],
)
def test_what_it_does_not_allow_is_said_at_once(at_start, name, value, error, said):
    umap = at_start.beside["UMAP"]
    before = getattr(umap, name)
    with pytest.raises(error, match=said):
        setattr(umap, name, value)
    assert getattr(umap, name) == before


def test_a_spectral_start_is_not_for_t_sne(at_start):
    w = at_start
    with pytest.raises(InvalidValueError, match="one of 'pca', 'random' or an array"):
        w.init = "spectral"
    own = next(told for told in w._methods if told["name"] == "umap")["own"]
    of_tsne, of_umap = (
        [each["value"] for axis in axes if axis["name"] == "init" for each in axis["offered"]]
        for axes in (w._axes, own)
    )
    assert of_tsne == ["pca", "random"]
    assert of_umap == ["spectral", "pca", "random"]


@pytest.mark.parametrize("init", ["pca", "random", "given"])
def test_it_starts_where_it_is_told_to(at_start, init):
    w = at_start
    umap = w.beside["UMAP"]
    given = np.random.default_rng(0).normal(size=(60, 2))
    umap.init = given if init == "given" else init
    w.init = given if init == "given" else init
    w.wait(PATIENCE)
    start, of_tsne = umap.embedding_, w.runs[0].embedding_
    for axis in (0, 1):
        assert np.corrcoef(start[:, axis], of_tsne[:, axis])[0, 1] > 0.999
    np.testing.assert_allclose(np.ptp(start, axis=0), 10, rtol=1e-5)
    umap.start()
    assert w.wait(PATIENCE).beside["UMAP"].settled


def test_several_stand_side_by_side_each_with_values_of_its_own(blobs):
    near = {"method": "umap", "n_neighbors": 5, "init": "pca"}
    far = {"method": "umap", "n_neighbors": 40, "min_dist": 0.5}
    w = make(blobs, beside={"near": near, "far": far}).wait(PATIENCE)
    assert [(run.n_neighbors, run.min_dist, run.init) for run in w.runs[1:]] == [
        (5, 0.1, "pca"),
        (40, 0.5, "spectral"),
    ]
    assert all(run.settled for run in w.runs[1:])
    with pytest.raises(InvalidValueError, match="n_neighbors=60 is not allowed"):
        w.beside["more"] = {"method": "umap", "n_neighbors": 60}


# --- its neighbours -----------------------------------------------------------------------------------


@pytest.fixture
def searches(monkeypatch):
    """How many neighbours are searched, one entry a search."""
    searched = []

    def find(X, k, **others):
        searched.append(k)
        return find_neighbors(X, k, **others)

    monkeypatch.setattr("tsne_widget.tsne.neighbors.find_neighbors", find)
    return searched


def test_it_searches_no_neighbours_that_t_sne_knows(blobs, searches):
    w = make(blobs, beside="umap").wait(PATIENCE)
    w.beside["UMAP"].n_neighbors = 40
    w.wait(PATIENCE)
    w.beside["UMAP"].restart()
    w.wait(PATIENCE)
    assert searches == [59]


def test_one_search_finds_what_both_need(blobs, searches, monkeypatch):
    monkeypatch.setattr("tsne_widget.parameters.perplexity.NEIGHBORS_HEADROOM", 0)
    monkeypatch.setattr("tsne_widget.parameters.perplexity.FAR_NEIGHBORS", 0)
    make(blobs, perplexity=4, beside="umap").wait(PATIENCE)
    assert searches == [14]


def test_with_another_metric_it_has_other_neighbours(blobs):
    w = make(blobs, beside="umap", metric="cosine").wait(PATIENCE)
    umap = w.beside["UMAP"]
    assert umap.metric == "cosine"
    before = umap.embedding_
    umap.metric = "euclidean"
    w.wait(PATIENCE)
    assert (umap.iteration, w.metric) == (EPOCHS, "cosine")
    assert not np.array_equal(umap.embedding_, before)


def test_of_distances_it_makes_the_map_of_the_rows(blobs):
    w = make(squareform(pdist(blobs)), metric="precomputed", beside="umap", random_state=7).wait(PATIENCE)
    of_distances = w.beside["UMAP"]
    assert parts(of_distances.embedding_) > 1.5
    with pytest.raises(InvalidValueError, match="init must be 'spectral', 'random' or an array"):
        of_distances.init = "pca"


def test_given_neighbours_may_be_too_few(blobs):
    near = np.argsort(squareform(pdist(blobs)), axis=1)[:, 1:13]
    distances = np.take_along_axis(squareform(pdist(blobs)), near, axis=1)
    w = make(blobs, perplexity=4, neighbors=(near, distances), beside="umap")
    with pytest.raises(
        Exception, match="n_neighbors=15 needs 14 neighbours of each row, and neighbors= has 12"
    ):
        w.wait(PATIENCE)
    umap = w.beside["UMAP"]
    with pytest.raises(InvalidValueError, match="n_neighbors=14 needs 13 neighbours"):
        umap.n_neighbors = 14
    umap.n_neighbors = 13
    assert w.wait(PATIENCE).beside["UMAP"].settled


def test_rows_without_neighbours_cast_the_same_doubt_as_on_t_sne(blobs):
    rows = np.concatenate([blobs, np.zeros((1, 5))])
    with pytest.warns(IsolatedRowsWarning):
        w = make(rows, beside="umap", metric="cosine").wait(PATIENCE)
    first, umap = (w._maps.run_of(run.id).status.doubt for run in w.runs)
    assert first == umap != ""


# --- unusual data -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(np.ones((30, 3)), id="constant"),
        pytest.param(np.repeat(np.random.default_rng(0).normal(size=(10, 3)), 6, axis=0), id="copies"),
        pytest.param(np.arange(40.0)[:, None], id="one column"),
        pytest.param(np.concatenate([np.eye(5)[[0] * 20] + 1e6, np.eye(5)[[1] * 20]]), id="two places"),
        pytest.param(np.random.default_rng(0).normal(size=(40, 3)) * 1e15, id="huge"),
        pytest.param(np.random.default_rng(0).normal(size=(40, 3)) * 1e-15, id="tiny"),
    ],
)
@pytest.mark.parametrize("min_dist", [0.0, 1.0])
def test_unusual_rows_have_a_map(rows, min_dist):
    w = make(rows, perplexity=5, beside="umap", autostart=False)
    umap = w.beside["UMAP"]
    umap.min_dist = min_dist
    umap.step(60)
    w.wait(PATIENCE)
    points = umap.embedding_
    assert umap.iteration == 60
    assert np.isfinite(points).all()
    assert 0.1 < points.std() < 100


def test_four_rows_have_a_map_once_n_neighbors_fits(blobs):
    with pytest.warns(PerplexityWarning):
        w = make(blobs[:4], perplexity=2, beside="umap").wait(PATIENCE)
    umap = w.beside["UMAP"]
    assert umap.status == "out of range"
    with pytest.raises(
        NotComputedError, match=r"n_neighbors=15 .* an integer at least 2 and at most 3 for 4 rows"
    ):
        _ = umap.embedding_
    for n_neighbors in (3, 2):
        umap.n_neighbors = n_neighbors
        assert np.isfinite(w.wait(PATIENCE).beside["UMAP"].embedding_).all()
        assert umap.settled


def test_a_failed_map_goes_back_to_its_last_good_layout(w, umap, monkeypatch):
    rate = Descent.learning_rate
    monkeypatch.setattr(Descent, "learning_rate", np.inf)
    umap.step(1)
    with pytest.raises(Exception, match=f"diverged in epoch {EPOCHS + 1}"):
        w.wait(PATIENCE)
    monkeypatch.setattr(Descent, "learning_rate", rate)
    before = umap.embedding_
    umap.recover()
    w.wait(PATIENCE)
    np.testing.assert_array_equal(umap.embedding_, before)
    umap.resume()
    assert w.wait(PATIENCE).beside["UMAP"].settled


# --- in all else --------------------------------------------------------------------------------------


def test_a_page_sets_its_values(at_start):
    umap, client = at_start.beside["UMAP"], Client(at_start)
    for axis, value in (("n_neighbors", 20), ("min_dist", 0.25), ("init", "random"), ("random_state", 3)):
        assert client.command("change", run=umap.id, axis=axis, value=value)["error"] is None
    assert (umap.n_neighbors, umap.min_dist, umap.init, umap.random_state) == (20, 0.25, "random", 3)
    assert "spectral" in client.command("change", run=umap.id, axis="init", value="x")["error"]


def test_tables_recipes_and_pages_have_it(w, umap, tmp_path):
    umap.min_dist = 0.5
    w.wait(PATIENCE)
    np.testing.assert_array_equal(w.to_frame()[["x_umap", "y_umap"]], umap.embedding_)
    code = w.recipe()
    assert "beside='umap'" in code
    assert "w.beside['UMAP'].min_dist = 0.5" in code
    assert "UMAP(n_neighbors=15, min_dist=0.5, random_state=7).fit_transform(X)" in code
    page = w.save_html(tmp_path / "maps.html").read_text()
    assert f"UMAP: finished at iteration {2 * EPOCHS}" in page
    assert "stepped live by this widget" in page
    assert len(umap.history) > 10


def test_a_menu_says_what_it_is():
    assert METHODS["umap"].about.startswith("UMAP's objective, stepped live by this widget")

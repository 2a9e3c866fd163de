"""t-SNE once more, from another start or of a part of the rows, in all that a user does with a map."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import pdist, squareform

from tests.clients import PATIENCE, make
from tsne_widget import TSNE, InvalidTypeError, InvalidValueError, NotComputedError, PlacingWarning
from tsne_widget.tsne.optimizer import Optimizer

pytestmark = pytest.mark.usefixtures("close_widgets")
PART = {"method": "repeat", "subsample": 0.8, "random_state": 3}
NAME = "t-SNE of 80 % of the rows, seed 3"


def drawn(n, seed, share=0.8):
    """The rows, as the recipe draws them."""
    random = np.random.default_rng(seed)
    return np.sort(random.choice(n, round(share * n), replace=False))


def estimated(X, **parameters):
    """The map by the estimator."""
    values = {"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, "init": "random"}
    return TSNE(**{**values, **parameters}).fit_transform(X)


@pytest.fixture
def w(blobs):
    return make(blobs, beside=[PART, "repeat"]).wait(PATIENCE)


def test_a_map_of_a_part_is_that_of_these_rows_alone_and_the_others_have_no_place(w, blobs):
    points, rows = w.beside[NAME].embedding_, drawn(60, 3)
    assert np.isnan(np.delete(points, rows, axis=0)).all()
    np.testing.assert_array_equal(points[rows], estimated(blobs[rows], random_state=3))


def test_a_map_of_all_rows_is_that_from_another_random_start(w, blobs):
    again = w.beside["t-SNE, random start, seed 1"]
    np.testing.assert_array_equal(again.embedding_, estimated(blobs, random_state=1))


def test_the_other_maps_are_those_of_a_widget_without_repetitions(w, blobs):
    alone = make(blobs).wait(PATIENCE)
    np.testing.assert_array_equal(w.runs[0].embedding_, alone.embedding_)
    assert [run.title for run in w.runs] == ["t-SNE, perplexity 8", NAME, "t-SNE, random start, seed 1"]


def test_repetitions_follow_what_the_first_map_changes_and_have_no_such_values_of_their_own(w, blobs):
    w.perplexity = 5
    w.exaggeration = 2
    w.wait(PATIENCE)
    part, rows = w.beside[NAME], drawn(60, 3)
    assert [(run.perplexity, run.exaggeration) for run in w.runs] == [(5, 2)] * 3
    assert part.n_iter_ > 60
    with pytest.raises(InvalidValueError, match="perplexity does not apply"):
        part.perplexity = 9
    w.restart().wait(PATIENCE)
    expected = estimated(blobs[rows], random_state=3, perplexity=5, exaggeration=2)
    np.testing.assert_array_equal(part.embedding_[rows], expected)
    w.metric = "cosine"
    w.wait(PATIENCE)
    expected = estimated(blobs[rows], random_state=3, perplexity=5, exaggeration=2, metric="cosine")
    np.testing.assert_array_equal(part.embedding_[rows], expected)


def test_a_title_tells_the_values_also_after_a_change_unless_the_user_has_named_the_map(blobs):
    w = make(blobs, beside={"mine": PART}, autostart=False)
    mine = w.beside["mine"]
    mine.subsample = 0.5
    assert (mine.title, mine.subsample) == ("mine", 0.5)
    w.beside = [PART]
    part = w.runs[1]
    part.random_state, part.subsample = 9, 0.5
    assert part.title == "t-SNE of 50 % of the rows, seed 9"
    assert list(w.beside) == [part.title]
    part.subsample = 1
    part.init = "pca"
    assert part.title == "t-SNE, PCA init, seed 9"
    with pytest.raises(InvalidValueError, match="twice"):
        w.beside = [PART, PART]


def test_a_change_that_would_give_two_maps_one_name_is_refused(blobs):
    w = make(blobs, beside=[PART, {**PART, "random_state": 4}], autostart=False)
    with pytest.raises(InvalidValueError, match="every map must differ"):
        w.runs[2].random_state = 3
    assert w.runs[2].random_state == 4


def test_it_pauses_steps_and_has_a_history_without_the_rows_left_out(w):
    part = w.beside[NAME]
    part.restart().pause()
    part.step(5)
    w.wait(PATIENCE)
    before = part.n_iter_
    part.step(3)
    w.wait(PATIENCE)
    assert part.n_iter_ == before + 3
    out = np.isnan(part.embedding_[:, 0])
    assert out.sum() == 12
    assert all((np.isnan(frame.embedding[:, 0]) == out).all() for frame in part.history)


def test_a_map_of_a_part_recovers_after_a_failure(w, monkeypatch):
    part = w.beside[NAME]
    step = Optimizer.step

    def fail(self):
        if self.iteration > 65 and len(self.layout) == 48:
            raise FloatingPointError("no")
        step(self)

    monkeypatch.setattr(Optimizer, "step", fail)
    part.start()
    with pytest.raises(Exception, match="no"):
        w.wait(PATIENCE)
    monkeypatch.undo()
    part.recover()
    w.wait(PATIENCE)
    assert np.isnan(part.embedding_[:, 0]).sum() == 12
    part.start()
    w.wait(PATIENCE)
    assert part.n_iter_ > 66


def test_new_rows_have_no_place_on_a_map_of_a_part(w, blobs):
    w.place(blobs[:2])
    with pytest.warns(PlacingWarning, match="a map of a part of the rows does not place new ones"):
        w.wait(PATIENCE)


def test_neighbours_kept_are_those_among_the_rows_of_the_map(w, blobs):
    rows = drawn(60, 3)
    alone = make(blobs[rows], init="random", random_state=3).wait(PATIENCE)
    assert w.beside[NAME].neighbors_kept_ == pytest.approx(alone.runs[0].neighbors_kept_)
    np.testing.assert_allclose(w.beside[NAME].measure("kept")[rows], alone.measure("kept"))


def test_the_recipe_makes_the_same_maps_again(w, blobs):
    code = w.recipe()
    assert "beside=[{'method': 'repeat', 'subsample': 0.8, 'random_state': 3}, {'method': 'repeat'}]" in code
    assert "rows = np.sort(random.choice(len(X), round(0.8 * len(X)), replace=False))" in code
    assert "init='random', random_state=3).fit_transform(X[rows])" in code
    names: dict = {"X": blobs}
    exec(code.partition("\n\n# A similar")[0], names)
    assert [run.title for run in names["w"].runs][1:] == [run.title for run in w.runs][1:]


def test_columns_of_a_frame_have_plain_names(w):
    columns = [*w.to_frame().columns]
    assert "x_t_sne_of_80_of_the_rows_seed_3" in columns
    assert w.to_frame()["x_t_sne_of_80_of_the_rows_seed_3"].isna().sum() == 12


@pytest.mark.parametrize("kind", ["distances", "sparse", "coordinates"])
def test_a_part_of_distances_of_sparse_rows_and_of_given_coordinates(blobs, kind):
    rows, start = drawn(60, 3), np.random.default_rng(0).normal(size=(60, 2))
    if kind == "coordinates":
        w = make(blobs, beside={"part": {**PART, "init": start}}, autostart=False)
        w.step(1)
        w.wait(PATIENCE)
        moved = w.beside["part"].history[0].embedding[rows]
        expected = 1e-4 * (start - start.mean(axis=0)) / start.std(axis=0).max()
        np.testing.assert_allclose(moved, expected[rows], atol=1e-8)
        return
    X = csr_array(np.maximum(blobs, 0)) if kind == "sparse" else squareform(pdist(blobs)).astype(np.float32)
    metric = "euclidean" if kind == "sparse" else "precomputed"
    w = make(X, metric=metric, init="random", beside={"part": PART}).wait(PATIENCE)
    mine = X[rows] if kind == "sparse" else X[np.ix_(rows, rows)]
    np.testing.assert_array_equal(
        w.beside["part"].embedding_[rows], estimated(mine, random_state=3, metric=metric)
    )


@pytest.mark.parametrize("share", [0, 0.05, 1.1, "0.8", True, None])
def test_a_share_of_rows_is_a_number_up_to_all(blobs, share):
    with pytest.raises((InvalidValueError, InvalidTypeError), match=r"subsample.*at least 0.1 and at most 1"):
        make(blobs, beside=[{"method": "repeat", "subsample": share}], autostart=False)


def test_too_few_rows_for_the_perplexity_are_out_of_range(blobs):
    w = make(blobs, perplexity=15, beside=[{**PART, "subsample": 0.2}], autostart=False)
    assert w.runs[1].status in ("out of range", "initial layout")
    w.wait(PATIENCE)
    assert w.runs[1].status == "out of range"
    with pytest.raises(NotComputedError, match="for 12 rows"):
        w.runs[1].embedding_  # noqa: B018 # it raises


def test_rows_that_cannot_be_searched_are_refused_at_once(blobs):
    found = find_neighbors_of(blobs)
    w = make(blobs, neighbors=found, autostart=False)
    with pytest.raises(InvalidValueError, match=r"subsample=0.8 .* neighbors= is given"):
        w.beside = [PART]
    w.beside = ["repeat"]
    graph = csr_array(np.where(squareform(pdist(blobs)) < 100, squareform(pdist(blobs)), 0))
    w = make(graph, metric="precomputed", init="random", autostart=False)
    with pytest.raises(InvalidValueError, match=r"subsample=0.8 .* X is a graph"):
        w.beside = [PART]


def find_neighbors_of(X):
    distances = squareform(pdist(X))
    np.fill_diagonal(distances, np.inf)
    indices = np.argsort(distances, axis=1)[:, :40]
    return indices, np.take_along_axis(distances, indices, axis=1)

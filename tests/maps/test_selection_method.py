"""A map of some rows, in all that a user does with a map."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.spatial.distance import pdist, squareform

from tests.clients import PATIENCE, make
from tests.maps.test_repeat_method import estimated, find_neighbors_of
from tsne_widget import (
    DataError,
    GroupError,
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    PlacingWarning,
    SelectionError,
    TSNEWidget,
    UnknownParameterError,
)
from tsne_widget.maps.in_metric import InMetric
from tsne_widget.measures.neighborhoods import has_place

pytestmark = pytest.mark.usefixtures("close_widgets")
LABELS = np.repeat(["ant", "bee", "cow"], 20)
#: Two of the three blobs.
ROWS = np.arange(40)


@pytest.fixture
def w(blobs):
    return make(blobs, labels={"kind": LABELS}).wait(PATIENCE)


def searches(monkeypatch):
    """The number of rows of each search from now on."""
    begun = []
    begin = InMetric._begin_search

    def noted(self, k):
        begun.append(self._n)
        return begin(self, k)

    monkeypatch.setattr(InMetric, "_begin_search", noted)
    return begun


def test_it_is_the_map_of_these_rows_alone_and_the_others_have_no_place(w, blobs):
    w.selection = ROWS
    run = w.map_selection()
    w.wait(PATIENCE)
    assert run == w.runs[1]
    points = run.embedding_
    assert np.isnan(points[40:]).all()
    np.testing.assert_array_equal(points[ROWS], estimated(blobs[ROWS], init="pca"))
    assert (run.method, run.perplexity, run.init) == ("t-SNE of 40 of 60 rows", 8, "pca")


def test_neighbors_are_taken_from_those_of_all_rows_if_enough_and_the_map_is_the_same(
    blobs, monkeypatch, caplog
):
    w = make(blobs).wait(PATIENCE)
    begun = searches(monkeypatch)
    with caplog.at_level("INFO", "tsne_widget"):
        taken = w.map_selection(ROWS)
        w.wait(PATIENCE)
    assert begun == []
    assert caplog.text.count("neighbours taken from those of all rows") == 1
    anew = make(blobs, max_iter=60, autostart=False)
    before = anew.map_selection(ROWS)  # nobody has searched among all rows yet
    anew.start().wait(PATIENCE)
    assert sorted(begun) == [40, 60]
    np.testing.assert_array_equal(taken.embedding_, before.embedding_)
    assert (taken.kl_divergence_, taken.neighbors_kept_) == (before.kl_divergence_, before.neighbors_kept_)


def test_a_larger_perplexity_searches_anew_where_too_few_are_known(monkeypatch):
    X = np.random.default_rng(0).normal(size=(6_000, 4)).astype(np.float32)
    w = make(X, perplexity=5, max_iter=3, early_exaggeration_iter=1).wait(PATIENCE)
    begun = searches(monkeypatch)
    run = w.map_selection(range(30), perplexity=5)  # far from 15 of the 15 to 30 nearest are among these
    w.wait(PATIENCE)
    assert begun == [30]
    assert np.isfinite(run.embedding_[:30]).all()


def test_all_others_get_the_map_without_these(w, blobs):
    run = w.map_selection(LABELS == "cow", without=True)
    w.wait(PATIENCE)
    np.testing.assert_array_equal(run.embedding_[ROWS], estimated(blobs[ROWS], init="pca"))
    assert run.title == "all but 20 rows of cow"


def test_its_name_says_which_rows_they_are(blobs):
    kinds = np.repeat([6, 9, 0, 1, 2, 3], 10)
    w = make(blobs, labels={"digit": kinds}, perplexity=2, autostart=False)
    w.groups["upper left"] = range(30)
    titles = [
        (range(20), "20 rows of digit 6 and 9"),
        (range(10), "10 rows of digit 6"),
        (range(11), "11 rows, mostly digit 6"),
        (range(50), "50 rows"),
        ("upper left", 'group "upper left"'),
    ]
    assert [w.map_selection(rows).title for rows, _ in titles] == [title for _, title in titles]
    assert w.map_selection(range(30)) == w.map_selection("upper left")  # these rows are the group
    assert w.map_selection("upper left", without=True).title == 'all but group "upper left"'
    assert w.map_selection(range(12), name="mine").title == "mine"
    w = make(blobs, perplexity=2, autostart=False)
    assert w.map_selection(range(20)).title == "20 rows"
    assert w.map_selection(range(20, 40)).title == "20 rows 2"


def test_the_same_rows_and_parameters_have_one_map(w):
    first = w.map_selection(ROWS)
    assert w.map_selection(ROWS) == first
    other = w.map_selection(ROWS, random_state=3, init="random")
    assert (other != first, other.random_state, len(w.runs)) == (True, 3, 3)


def test_a_perplexity_too_large_is_refused_with_the_largest_possible_and_nothing_starts(w):
    with pytest.raises(InvalidValueError) as error:
        w.map_selection(range(20))
    assert str(error.value) == "perplexity=8 needs at least 25 rows; these are 20: at most 6"
    assert len(w.runs) == 1
    run = w.map_selection(range(20), perplexity=6)
    with pytest.raises(InvalidValueError, match="at most 6"):
        run.perplexity = 6.5
    run.perplexity = 4
    assert (run.perplexity, w.runs[0].perplexity) == (4, 8)
    with pytest.raises(InvalidValueError, match=r"needs at least 25 rows; these are 3: too few for any map"):
        w.map_selection(range(3))
    mixed = make(np.zeros((60, 2)) + np.arange(60)[:, None], multiscale=[9], autostart=False)
    with pytest.raises(InvalidValueError, match="multiscale=9 needs at least 28 rows; these are 27"):
        mixed.map_selection(range(27))


def test_it_follows_the_metric_and_the_exaggeration_of_the_first_map(w, blobs):
    run = w.map_selection(ROWS)
    w.metric, w.exaggeration, w.perplexity = "cosine", 2, 6
    w.restart().wait(PATIENCE)
    assert run.perplexity == 8
    expected = estimated(blobs[ROWS], init="pca", metric="cosine", exaggeration=2)
    np.testing.assert_array_equal(run.embedding_[ROWS], expected)
    with pytest.raises(InvalidValueError, match="exaggeration does not apply"):
        run.exaggeration = 3


def test_a_metric_that_depends_on_all_rows_is_computed_among_these(blobs):
    w = make(blobs, metric="seuclidean").wait(PATIENCE)
    run = w.map_selection(ROWS)
    w.wait(PATIENCE)
    np.testing.assert_array_equal(
        run.embedding_[ROWS], estimated(blobs[ROWS], init="pca", metric="seuclidean")
    )


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({}, SelectionError, "nothing is selected"),
        ({"rows": []}, SelectionError, "rows holds no rows"),
        ({"rows": range(60)}, SelectionError, "all rows, which have a map already"),
        ({"rows": range(60), "without": True}, SelectionError, "all rows are left out"),
        ({"rows": [60]}, SelectionError, "60"),
        ({"rows": "nobody"}, GroupError, "there is no group 'nobody'"),
        ({"rows": ROWS, "name": "t-SNE"}, InvalidValueError, "does not name the main maps"),
        ({"rows": ROWS, "name": 3}, InvalidTypeError, "name=3"),
        ({"rows": ROWS, "perplexity": [5, 6]}, InvalidTypeError, "a single value"),
        ({"rows": ROWS, "perplexity": "5"}, InvalidTypeError, "perplexity"),
        ({"rows": ROWS, "without": 1}, InvalidTypeError, "without"),
    ],
)
def test_what_makes_no_map_is_refused_at_once(blobs, given, error, words):
    w = make(blobs, autostart=False)
    with pytest.raises(error, match=words):
        w.map_selection(**given)
    assert len(w.runs) == 1


def test_a_name_that_another_map_has_is_refused(w):
    w.map_selection(ROWS, name="mine")
    with pytest.raises(InvalidValueError, match="name='mine' is that of another map"):
        w.map_selection(range(30), name="mine")


def test_what_is_told_of_its_neighbors_is_told_among_its_rows(w, blobs):
    run = w.map_selection(range(0, 60, 2))
    w.wait(PATIENCE)
    alone = make(blobs[::2]).wait(PATIENCE)
    assert run.neighbors_kept_ == pytest.approx(alone.runs[0].neighbors_kept_)
    for name in ("kept", "reach"):
        found = run.measure(name)
        np.testing.assert_allclose(found[::2], alone.measure(name), atol=1e-6)
        assert np.isnan(found[1::2]).all()


def test_what_may_be_read_from_it_is_as_from_a_map_of_these_rows_alone():
    X = np.random.default_rng(0).normal(size=(180, 5)) + np.repeat([0, 9, 18], 60)[:, None]
    rows = np.r_[0:60, 120:180]
    parameters = {"perplexity": 10, "max_iter": 300}
    w = make(X, **parameters).wait(PATIENCE)
    run = w.map_selection(rows)
    w.wait(PATIENCE)
    alone = make(X[rows], **parameters).wait(PATIENCE)
    told, expected = run.report(), alone.report()
    assert [one.sentence for one in told.findings] == [one.sentence for one in expected.findings]
    (gap,), (same,) = run.gaps(), alone.gaps()
    np.testing.assert_array_equal(gap.first, rows[same.first])
    np.testing.assert_array_equal(gap.second, rows[same.second])
    verdict, expected = run.verdict(range(60), range(60, 180)), alone.verdict(range(60), range(60, 120))
    assert (verdict.answer, verdict.W, verdict.sizes) == (expected.answer, expected.W, expected.sizes)
    with pytest.raises(DataError, match="none of its rows are on this map"):
        run.verdict(range(60, 120), range(60))


def test_stability_counts_the_rows_that_all_maps_have(w):
    run = w.map_selection(ROWS)
    w.wait(PATIENCE)
    found = w.stability(k=10, runs=[0, 1])
    np.testing.assert_array_equal(np.isnan(found), ~has_place(run.embedding_))
    assert np.nanmean(found) > 0.4


def test_the_nearest_of_a_row_on_it_are_counted_among_its_rows(w):
    run = w.map_selection(range(0, 60, 2))
    w.wait(PATIENCE)
    whole, part = w._measurements.nearest_by_metric(4, 10)
    assert set(whole.kept) == {0}
    assert (part.runs, [*part.kept]) == ([run.id], [run.id])
    assert (part.positions % 2 == 0).all()
    assert part.sentence == "of its 10 nearest among the 30 rows on the map are also nearest there"
    assert len(w._measurements.nearest_by_metric(5, 10)) == 1  # it is not on that map


def test_new_rows_have_no_place_on_it_and_it_says_why(w, blobs):
    w.map_selection(ROWS)
    w.place(blobs[:2])
    with pytest.warns(PlacingWarning, match="a map of a part of the rows does not place new ones"):
        w.wait(PATIENCE)


def test_it_is_removed_like_any_other_and_others_stay(w):
    run, other = w.map_selection(ROWS), w.map_selection(range(30))
    run.remove()
    assert [one.title for one in w.runs] == ["t-SNE, perplexity 8", other.title]
    w.compare()
    assert len(w.runs) == 1


def test_maps_of_given_neighbors_of_distances_and_of_graphs(blobs):
    D = squareform(pdist(blobs)).astype(np.float32)
    w = make(D, metric="precomputed", init="random").wait(PATIENCE)
    run = w.map_selection(ROWS)
    w.wait(PATIENCE)
    expected = estimated(D[np.ix_(ROWS, ROWS)], init="random", metric="precomputed")
    np.testing.assert_array_equal(run.embedding_[ROWS], expected)
    w = make(blobs, neighbors=find_neighbors_of(blobs), perplexity=5)
    run = w.map_selection(range(20), perplexity=4)
    w.wait(PATIENCE)
    assert np.isfinite(run.embedding_[:20]).all()
    with pytest.raises(InvalidValueError, match=r"perplexity=9.5 needs 28 neighbours .* some have \d+"):
        w.map_selection(range(0, 60, 2), perplexity=9.5)
    graph = csr_array(np.where(np.sort(D, axis=1)[:, [25]] >= D, D, 0))
    w = make(graph, metric="precomputed", init="random", perplexity=5)
    run = w.map_selection(range(20), perplexity=4)
    w.wait(PATIENCE)
    assert np.isfinite(run.embedding_[:20]).all()


def test_the_constructor_takes_rows_and_the_recipe_writes_them(blobs):
    w = make(blobs, labels={"kind": LABELS}, subset=LABELS == "bee", perplexity=6).wait(PATIENCE)
    assert [run.title for run in w.runs] == ["t-SNE, perplexity 6", "20 rows of bee"]
    w.map_selection(range(0, 40, 3), perplexity=3, name="thirds")
    w.map_selection([0, 1, 2, 3, 4, 5, 6, 7, 8, 20, 30, 31], perplexity=2)
    w.wait(PATIENCE)
    code = w.recipe()
    assert "rows_of_map_20_rows_of_bee = range(20, 40)" in code
    assert "rows_of_thirds = [0, 3, 6, 9," in code
    assert "= np.r_[0:9, 20, 30:32]" in code
    assert "'thirds': {'rows': rows_of_thirds, 'perplexity': 3}" in code
    assert (
        "TSNE(perplexity=6.0, metric='euclidean', init='pca', random_state=0).fit_transform(X[rows_of_map_20"
        in code
    )
    names: dict = {"X": blobs, "labels": LABELS}
    exec(code.partition("\n\n# A similar")[0], names)
    again = names["w"]
    assert [run.title for run in again.runs] == [run.title for run in w.runs]
    for run in again.runs:
        run.pause()


def test_rows_too_many_to_write_are_named_for_the_user(monkeypatch):
    X = np.random.default_rng(0).normal(size=(4_000, 2)).astype(np.float32)
    w = make(X, subset=range(0, 4_000, 2), autostart=False)
    code = w.recipe()
    assert "# Set to your own: rows_of_map_2_000_rows (the positions of 2,000 rows)." in code
    assert "subset={'2,000 rows': rows_of_map_2_000_rows}" in code


@pytest.mark.parametrize(
    ("subset", "error", "words"),
    [
        (range(60), SelectionError, "subset holds all rows"),
        ([], SelectionError, "subset holds no rows"),
        ({"a": {"perplexity": 3}}, InvalidValueError, "a dict of dicts with 'rows'"),
        ({"a": {"rows": ROWS, "metric": "cosine"}}, UnknownParameterError, "'metric'"),
        (range(20), InvalidValueError, "at most 6"),
    ],
)
def test_a_subset_that_makes_no_map_is_refused_by_the_constructor(blobs, subset, error, words):
    with pytest.raises(error, match=words):
        make(blobs, subset=subset)


def test_a_frame_of_results_has_gaps_where_rows_are_not_on_the_map(w):
    w.map_selection(ROWS)
    w.wait(PATIENCE)
    frame = w.to_frame()
    column = frame["x_40_rows_of_ant_and_bee"]
    assert column.isna().sum() == 20
    assert w.runs[1].history[0].embedding.shape == (60, 2)


def test_the_view_is_told_what_the_rows_allow(w):
    w.map_selection(ROWS)
    (own,) = w._runs[1]["own"]
    assert (own["name"], own["reach"]["high"]) == ("perplexity", 13)
    assert own["reach"]["slider"][1] == 13
    assert own["reach"]["note"]["words"] == "≈ {} neighbours of 40"


def test_a_closed_widget_makes_none(blobs):
    w = make(blobs)
    w.close()
    with pytest.raises(Exception, match="closed"):
        w.map_selection(ROWS)
    assert isinstance(w, TSNEWidget)


def test_before_it_has_a_layout_there_is_no_result(blobs):
    w = make(blobs, autostart=False)
    run = w.map_selection(ROWS)
    with pytest.raises(NotComputedError, match="not known yet"):
        run.neighbors_kept_  # noqa: B018 # it raises
    w.wait(PATIENCE)
    assert (run.status, np.isnan(run.embedding_).any(axis=1).sum()) == ("paused", 20)

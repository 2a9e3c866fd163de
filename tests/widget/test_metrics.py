"""Maps of several metrics: each is that of a widget of its own, also in what it says of its data."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import pytest

from tests.clients import PATIENCE, make
from tests.widget.test_queries import ask
from tsne_widget import InvalidValueError, NotComputedError
from tsne_widget.wire import protocol

KINDS = np.repeat(list("abc"), 20)


@pytest.fixture(scope="module")
def two(blobs):
    w = make(blobs, KINDS, metric=["euclidean", "cosine"]).wait(PATIENCE)
    yield w
    w.close()


def test_each_map_is_that_of_a_widget_of_its_own(two, blobs):
    assert [(run.title, run.metric) for run in two.runs] == [("euclidean", "euclidean"), ("cosine", "cosine")]
    assert (two.metric, two.settings.metric) == (("euclidean", "cosine"),) * 2
    for run in two.runs:
        alone = make(blobs, KINDS, metric=run.metric).wait(PATIENCE)
        assert run.embedding_.tobytes() == alone.embedding_.tobytes()
        assert (run.kl_divergence_, run.neighbors_kept_) == (
            alone.kl_divergence_,
            alone.runs[0].neighbors_kept_,
        )
        assert run.neighbors(3, 10, "original").tolist() == alone.neighbors(3, 10).tolist()
        assert run.measure("density").tobytes() == alone.local_radius().tobytes()
        assert run.measure("distance", row=3).tobytes() == alone.distances(3).tobytes()
        assert run.group_distances().original.tobytes() == alone.group_distances().original.tobytes()
        assert run.isolated_rows.tolist() == alone.isolated_rows.tolist()


def test_the_widget_as_a_whole_speaks_in_the_metric_of_the_reference(two):
    for position, run in enumerate(two.runs):
        two.reference = position
        assert two.distances(3).tobytes() == run.measure("distance", row=3).tobytes()
        assert two.neighbors(3).tolist() == run.neighbors(3, 10, "original").tolist()
        assert two.local_radius().tobytes() == run.measure("density").tobytes()
    two.reference = 0


def test_neighbours_that_a_map_keeps_are_those_in_its_metric(two):
    for run in two.runs:
        nearest = run.neighbors(3, 10, "original").tolist()
        kept = np.isin(nearest, run.neighbors(3, 10)).tolist()
        (found,) = (
            one for one in ask(two, "neighbors", row=3, k=10)[0]["by_metric"] if run.id in one["runs"]
        )
        assert (found["positions"], found["kept"]) == (nearest, {str(run.id): kept})
        assert found["sentence"] == f"of its 10 nearest by {run.metric} distance are also nearest on the map"


def test_the_share_that_a_map_keeps_is_said_with_its_metric_if_there_are_several(two):
    for run in two.runs:
        assert run._of_status("kept_in_words") == (
            f"{100 * run.neighbors_kept_:.0f} % of a point's 10 nearest neighbours in the data "
            f"by {run.metric} distance are among its 10 nearest on the map"
        )


def test_metrics_without_a_name_are_told_apart(blobs):
    def stretched(x, y, by):
        return float(np.abs(x - y).sum()) * by

    w = make(blobs, metric=[partial(stretched, by=2), partial(stretched, by=3)], autostart=False).wait(
        PATIENCE
    )
    sentences = [one["sentence"] for one in ask(w, "neighbors", row=3, k=10)[0]["by_metric"]]
    expected = [f"of its 10 nearest by {run.title} distance are also nearest on the map" for run in w.runs]
    assert sentences == expected
    assert len(set(sentences)) == 2


def test_maps_beside_are_in_the_metric_of_the_first(blobs):
    w = make(blobs, metric=["cosine", "euclidean"], beside="pca", autostart=False).wait(PATIENCE)
    assert [one["runs"] for one in ask(w, "neighbors", row=3, k=10)[0]["by_metric"]] == [[0, 2], [1]]
    w.start().wait(PATIENCE)
    assert "neighbours in the data by cosine distance are" in w.runs[2]._of_status("kept_in_words")
    w.runs[1].remove()
    w.wait(PATIENCE)
    assert "neighbours in the data are" in w.runs[1]._of_status("kept_in_words")


def test_distances_name_their_metric_only_if_the_maps_have_several(two, blobs):
    for run in two.runs:
        assert f"agree with {run.metric} distances in the original space at" in run.group_distances().sentence
    assert measured(two, "distance", row=3)["called"] == "distance (euclidean)"
    assert measured(two, "density")["called"] == "density (euclidean)"
    assert measured(two, "kept", runs=[0, 1])["called"] == "kept"
    two.reference = 1
    assert measured(two, "distance", row=3)["called"] == "distance (cosine)"
    two.reference = 0
    alone = make(blobs, KINDS, metric="cosine", autostart=False).wait(PATIENCE)
    assert "agree with the original space at" in alone.group_distances().sentence
    assert measured(alone, "distance", row=3)["called"] == "distance"


def measured(w, measure, runs=(), row=None):
    return ask(w, "measure", measure=measure, runs=list(runs), row=row, view=0)[0]


def test_tables_and_the_recipe_name_the_metric(two):
    assert list(two.to_frame())[::2] == ["x_metric_euclidean", "x_metric_cosine"]
    assert "metric=['euclidean', 'cosine']" in two.recipe()


def test_a_metric_set_later_starts_anew(blobs):
    w = make(blobs).wait(PATIENCE)
    w.metric = "cosine"
    assert (
        w.wait(PATIENCE).embedding_.tobytes()
        == make(blobs, metric="cosine").wait(PATIENCE).embedding_.tobytes()
    )
    w.runs[0].metric = "manhattan"
    assert (w.metric, w._axes[0]["offered"][-1]["value"]) == ("manhattan", "manhattan")
    w.compare(metric=["cosine", "manhattan"])
    assert [run.metric for run in w.runs] == ["cosine", "manhattan"]
    with pytest.raises(NotComputedError):
        w.runs[0].measure("density")


def test_threads_that_ask_for_distances_at_once_do_not_disturb_each_other(blobs, monkeypatch):
    w = make(blobs, autostart=False)
    other, made = threading.Event(), []
    make_space = w._measurements._new_space

    def made_slowly(spec):
        made.append(spec)
        if len(made) == 1:
            with_other = pool.submit(w.distances, 3)
            other.wait(0.2)  # in vain if it has to wait for this one
            asked.append(with_other)
        else:
            other.set()
        return make_space(spec)

    asked = []
    monkeypatch.setattr(w._measurements, "_new_space", made_slowly)
    with ThreadPoolExecutor() as pool:
        assert w.distances(3).tobytes() == asked[0].result(PATIENCE).tobytes()
    assert len(made) == 1


def test_a_function_is_called_by_its_name_and_may_stand_beside_others(blobs):
    def taxi(x, y):
        return float(np.abs(x - y).sum())

    w = make(blobs, metric=[taxi, "manhattan"], autostart=False)
    assert [run.title for run in w.runs] == ["taxi", "manhattan"]
    assert w.runs[0].metric is taxi
    w.metric = taxi
    assert len(w.runs) == 1


DISTANCES = np.abs(np.arange(12.0)[:, None] - np.arange(12.0))


@pytest.mark.parametrize(
    ("X", "given", "later", "words"),
    [
        (np.eye(12), {"metric": ["precomputed", "cosine"]}, None, "'precomputed' allows no other metric"),
        (np.eye(12), {}, "precomputed", "'precomputed' allows no other metric"),
        (DISTANCES, {"metric": "precomputed"}, "cosine", "distances"),
        (
            np.eye(12),
            {"metric": ["minkowski", "cosine"], "metric_params": {"p": 3}},
            None,
            "allows only one metric",
        ),
        (np.eye(12), {"metric": "minkowski", "metric_params": {"p": 3}}, "cosine", "allows only one metric"),
        (np.eye(12), {"metric": ["euclidean", "cosine"], "neighbors": "given"}, None, "for one metric"),
        (np.eye(12), {"neighbors": "given"}, "cosine", "for one metric"),
    ],
    ids=["beside", "later", "instead", "params", "params later", "neighbors", "neighbors later"],
)
def test_what_belongs_to_one_metric_allows_no_other(X, given, later, words):
    indices = np.array([[j for j in range(12) if j != i] for i in range(12)])
    if "neighbors" in given:
        given = {**given, "neighbors": (indices, np.sort(np.random.default_rng(0).random((12, 11))))}
    if later is None:
        with pytest.raises(InvalidValueError, match=words):
            make(X, perplexity=3, **given)
        return
    w = make(X, perplexity=3, autostart=False, **given)
    for use in (
        lambda: setattr(w, "metric", later),
        lambda: setattr(w.runs[0], "metric", later),
        lambda: w.compare(metric=[w.metric, later]),
    ):
        with pytest.raises(InvalidValueError, match=words):
            use()
        assert len(w.runs) == 1


def own(name):
    """Return a metric with a name of the user's choice."""

    def taxi(x, y):
        return float(np.abs(x - y).sum())

    taxi.__name__ = name
    return taxi


@pytest.mark.parametrize(
    ("metrics", "titles"),
    [
        ([partial(own("f")), partial(own("f"))], ["own metric", "own metric 2"]),
        ([own("euclidean"), own("euclidean")], ["own euclidean", "own euclidean 2"]),
        ([own("manhattan"), "manhattan"], ["own manhattan", "manhattan"]),
        ([own("precomputed"), "cosine"], ["own precomputed", "cosine"]),
        ([own("f"), own("f 2"), own("f")], ["f", "f 2", "f 3"]),
    ],
    ids=["partials", "euclidean twice", "manhattan", "precomputed", "a numbered name"],
)
def test_every_metric_has_its_own_name(blobs, metrics, titles):
    w = make(blobs, metric=metrics, max_iter=5).wait(PATIENCE)
    assert [run.title for run in w.runs] == titles
    assert w.to_frame().shape == (len(blobs), 2 * len(metrics))
    assert len({one["value"] for one in w._axes[0]["offered"]}) == len(w._axes[0]["offered"])
    for metric, title in zip(metrics, titles, strict=True):
        w._clients.carry_out(protocol.Change(None, "metric", title))
        assert w.metric is metric
    w.close()


def test_the_name_of_a_metric_means_nothing_to_another_axis(blobs):
    w = make(blobs, metric=own("random"), autostart=False)
    w._clients.carry_out(protocol.Change(None, "init", "random"))
    assert w.init == "random"
    w._clients.carry_out(protocol.Compare({"init": ("pca", "random")}, None))
    assert [run.init for run in w.runs] == ["pca", "random"]
    w.close()

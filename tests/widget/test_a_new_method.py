"""A method that somebody adds, in one file, is in all that a widget does with a map."""

from __future__ import annotations

import logging
from dataclasses import replace

import numpy as np
import pytest

from tests.clients import PATIENCE, Client, make
from tests.maps.toy import Spiral
from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    IsolatedRowsWarning,
    NotComputedError,
    NotRunningError,
    PerplexityWarning,
)
from tsne_widget.maps import methods
from tsne_widget.parameters.warn import warn_user

pytestmark = pytest.mark.usefixtures("close_widgets", "spiral")


@pytest.fixture
def spiral(monkeypatch):
    monkeypatch.setitem(methods.METHODS, Spiral.name, Spiral)


@pytest.fixture
def w(blobs):
    return make(blobs, beside="spiral", random_state=7).wait(PATIENCE)


def order_of(run):
    """The order of the rows on a spiral: from the middle outwards."""
    return np.argsort(np.linalg.norm(run.embedding_, axis=1)).argsort()


def expected(seed):
    return np.random.default_rng(seed).permutation(60)


def test_it_begins_with_the_seed_of_the_first_map_and_its_own_defaults(w):
    spiral = w.beside["Spiral"]
    assert (spiral.random_state, spiral.turns, spiral.metric) == (7, 3, "euclidean")
    np.testing.assert_array_equal(order_of(spiral), expected(7))
    assert (spiral.status, spiral.settled, spiral.iteration) == ("wound", True, 5)
    assert 0 < spiral.neighbors_kept_ < 1


def test_it_restarts_on_another_seed_and_no_other_map_notices(w):
    spiral, (first, _) = w.beside["Spiral"], w.runs
    before, epoch = first.embedding_, w._maps.run_of(first.id).status.epoch
    spiral.random_state = 8
    np.testing.assert_array_equal(order_of(w.wait(PATIENCE).beside["Spiral"]), expected(8))
    assert (spiral.random_state, first.random_state, w.random_state) == (8, 7, 7)
    assert w._maps.run_of(spiral.id).status.epoch == 1
    assert w._maps.run_of(first.id).status.epoch == epoch
    np.testing.assert_array_equal(first.embedding_, before)
    assert [run.title for run in w.runs] == ["t-SNE, perplexity 8", "Spiral"]


def test_it_continues_with_a_value_of_its_own_axis(w):
    spiral = w.beside["Spiral"]
    spiral.turns = 9
    w.wait(PATIENCE)
    assert (spiral.turns, spiral.iteration) == (9, 10)
    np.testing.assert_array_equal(order_of(spiral), expected(7))
    assert spiral.history[-1].spec["turns"] == 9
    assert "turns" in dir(spiral)


def test_values_are_checked_as_those_of_any_axis(w):
    first, spiral = w.runs
    for value, error in ((0, InvalidValueError), ("many", InvalidTypeError), ([1, 2], InvalidTypeError)):
        with pytest.raises(error, match="turns"):
            spiral.turns = value
    with pytest.raises(NotComputedError, match="perplexity does not apply to Spiral"):
        spiral.perplexity = 5
    with pytest.raises(InvalidValueError, match="metric does not apply to Spiral"):
        spiral.metric = "cosine"
    with pytest.raises(NotComputedError):
        _ = spiral.perplexity
    for run in (first, spiral):
        with pytest.raises(AttributeError):
            run.twists = 3
    with pytest.raises(AttributeError):
        first.turns = 3
    with pytest.raises(AttributeError):
        _ = first.turns
    assert (spiral.turns, spiral.random_state) == (3, 7)


def test_the_values_of_the_widget_are_those_of_t_sne(w):
    w.random_state = [1, 2]
    assert [run.title for run in w.runs] == ["t-SNE, seed 1", "t-SNE, seed 2", "Spiral"]
    assert w.beside["Spiral"].random_state == 7
    w.random_state = 3
    assert [run.random_state for run in w.runs] == [3, 7]
    w.compare(perplexity=[5, 8], random_state=4, beside=["spiral", "pca"])
    assert [run.random_state for run in w.runs[:3]] == [4, 4, 7]
    assert w.settings.random_state == 4


def test_a_new_one_begins_with_the_seed_that_is_compared(blobs):
    w = make(blobs, autostart=False).compare(random_state=[5, 6], beside="spiral")
    assert w.beside["Spiral"].random_state == 5


def test_a_page_sets_its_values_and_those_of_no_other_map(w):
    client, spiral = Client(w), w.beside["Spiral"]

    def change(run, value, axis="turns"):
        return client.command("change", run=run, axis=axis, value=value)["error"]

    assert change(spiral.id, 4) is None
    assert change(spiral.id, 11, "random_state") is None
    assert (spiral.turns, spiral.random_state) == (4, 11)
    assert "turns does not apply to t-SNE" in change(w.runs[0].id, 4)
    assert "turns does not apply to t-SNE" in change(None, 4)
    assert "must be" in change(spiral.id, 0)
    spiral_told = next(told for told in w._methods if told["name"] == "spiral")
    assert spiral_told["axes"] == ["random_state", "turns"]
    assert [axis["name"] for axis in spiral_told["own"]] == ["turns"]
    assert "turns" not in [axis["name"] for axis in w._axes]
    told = w._runs[-1]
    assert (told["beside"], told["values"]) == (
        True,
        {"random_state": 11, "turns": 4, "metric": "euclidean"},
    )


def test_it_has_figures_a_history_and_a_place_in_tables(w):
    spiral = w.beside["Spiral"]
    assert spiral.figures == {"openness": pytest.approx(5 / 6)}
    assert repr(spiral) == "RunHandle(Spiral: wound at iteration 5, openness 83 %)"
    assert [frame.iteration for frame in spiral.history] == [0, 1, 2, 3, 4, 5]
    frame = w.to_frame()
    np.testing.assert_array_equal(frame[["x_spiral", "y_spiral"]], spiral.embedding_)
    assert w.runs[0].history[-1].spec["perplexity"] == 8


def test_the_recipe_makes_it_again(w, blobs):
    w.beside["Spiral"].turns = 4
    code = w.recipe()
    assert "beside='spiral'" in code
    assert "w.beside['Spiral'].turns = 4" in code
    assert "w.beside['Spiral'].random_state" not in code
    assert "order = np.random.default_rng(7).permutation(len(X))" in code
    w.beside["Spiral"].random_state = 9
    assert "w.beside['Spiral'].random_state = 9" in w.recipe()


def test_a_method_with_a_metric_of_its_own_does_not_follow_that_of_t_sne(blobs, monkeypatch):
    metric = methods.METHODS["tsne"].axes[0]
    monkeypatch.setattr(Spiral, "axes", (metric, *Spiral.axes))
    w = make(blobs, beside="spiral", metric="cosine").wait(PATIENCE)
    spiral = w.beside["Spiral"]
    w.metric = "euclidean"
    assert (w.runs[0].metric, spiral.metric) == ("euclidean", "cosine")
    spiral.metric = "manhattan"
    assert (w.runs[0].metric, spiral.metric) == ("euclidean", "manhattan")


def test_it_keeps_its_values_in_a_saved_page(w, tmp_path):
    w.beside["Spiral"].turns = 4
    page = w.wait(PATIENCE).save_html(tmp_path / "maps.html").read_text()
    assert "Spiral: wound at iteration 10, openness 91 %" in page


def test_the_log_tells_what_was_prepared(blobs, caplog):
    caplog.set_level(logging.INFO, logger="tsne_widget")
    make(blobs, beside="spiral").wait(PATIENCE)
    told = [record.getMessage() for record in caplog.records if "map 1" in record.getMessage()]
    assert any("rows shuffled in" in line for line in told)
    assert any("wound after 5 iterations, openness 83 %" in line for line in told)


@pytest.fixture
def picky(monkeypatch):
    """Turns that warn above 20, that distances cannot serve, and that are too many for few rows."""

    def warn(values, n):
        if max(values) > 20:
            warn_user(f"turns={values[-1]} wind {n} rows tightly", PerplexityWarning)

    def require(values, settings, facts):
        if 13 in values:
            raise InvalidValueError(f"turns=13 needs more rows than {len(facts.matrix())}")

    seed, turns = Spiral.axes
    hooks = {"warn": warn, "require": require}
    hooks["out_of_range"] = lambda value, n: f"turns={value} are too many" if value > n else ""
    monkeypatch.setattr(Spiral, "axes", (seed, replace(turns, **hooks)))


def test_an_axis_warns_refuses_and_says_what_is_out_of_range(blobs, picky):
    w = make(blobs, beside="spiral").wait(PATIENCE)
    spiral = w.beside["Spiral"]
    with pytest.raises(InvalidValueError, match="turns=13 needs more rows than 60"):
        spiral.turns = 13
    assert spiral.turns == 3
    with pytest.warns(PerplexityWarning, match="turns=21 wind 60 rows tightly"):
        spiral.turns = 21
    with pytest.warns(PerplexityWarning):
        spiral.turns = 70
    w.wait(PATIENCE)
    assert spiral.status == "out of range"
    with pytest.raises(NotRunningError, match="'Spiral' is out of range and cannot run: turns=70 are too"):
        spiral.start()
    w.reference = 0
    with pytest.raises(InvalidValueError):
        w.reference = spiral


def test_what_is_said_of_t_sne_alone_is_not_said_of_it(blobs):
    w = make(blobs, beside="spiral", affinity="uniform").wait(PATIENCE)
    assert [run.title for run in w.runs] == ["t-SNE, perplexity 8, uniform weights", "Spiral"]
    assert [w._maps.run_of(run.id).status.doubt == "" for run in w.runs] == [True, True]
    rows = np.concatenate([blobs, np.zeros((1, 5))])
    with pytest.warns(IsolatedRowsWarning):
        w = make(rows, beside="spiral", metric="cosine").wait(PATIENCE)
    assert [w._maps.run_of(run.id).status.doubt == "" for run in w.runs] == [False, True]
    w = make(blobs, beside="spiral", random_state=[0, 1], init="random").wait(PATIENCE)
    np.testing.assert_array_equal(w.stability(), w.stability(runs=[0, 1]))

"""How far maps agree, and all of them in one table."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest

from tests.clients import PATIENCE, make
from tests.measures.test_neighborhoods import obvious_neighbors, obvious_share
from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    MissingDependencyError,
    NotComputedError,
    RunFailedError,
    StabilityWarning,
)
from tsne_widget.maps.grid import Grid
from tsne_widget.parameters.axes import AXES, check_axis
from tsne_widget.parameters.axis import Facts
from tsne_widget.parameters.defaults import DEFAULTS
from tsne_widget.widget.measurements import agree_by_construction

pytestmark = pytest.mark.usefixtures("close_widgets")


@pytest.fixture
def half_failed(blobs, monkeypatch):
    """Of whose two maps the second has no layout."""

    def broken(X, init, seed):
        if seed == 1:
            raise MemoryError("no room for a start")
        return np.zeros((60, 2), np.float32)

    monkeypatch.setattr("tsne_widget.tsne.initialization.initial_layout", broken)
    w = make(blobs, random_state=[0, 1], autostart=False)
    with pytest.raises(RunFailedError):
        w.wait(PATIENCE)
    return w


# --- stability ----------------------------------------------------------------------------------------


def test_stability_is_the_share_of_neighbours_that_all_maps_have_in_common(blobs):
    w = make(blobs, init="random", random_state=[0, 1, 2]).wait(PATIENCE)
    layouts = [run.embedding_ for run in w.runs]
    for k, runs in ((15, None), (1, [0, 1]), (59, (2, 0))):
        chosen = layouts if runs is None else [layouts[position] for position in runs]
        found = w.stability(k, runs)
        assert (found.shape, found.dtype) == ((60,), np.float64)
        np.testing.assert_allclose(found, obvious_share([obvious_neighbors(points, k) for points in chosen]))
    assert (w.stability(59) == 1).all()


def test_stability_of_seeds_that_start_alike_is_warned_of(blobs):
    w = make(blobs, random_state=[0, 1]).wait(PATIENCE)
    with pytest.warns(StabilityWarning, match="init='random'") as caught:
        w.stability()
    assert caught[0].filename == __file__
    w.compare(perplexity=[5, 8], random_state=[0, 1]).wait(PATIENCE)
    w.stability()
    with pytest.warns(StabilityWarning):
        w.stability(runs=[0, 1])


@pytest.mark.parametrize(
    ("axes", "alike"),
    [
        ({"random_state": [0, 1, 2]}, True),
        ({"random_state": [0, 1, 2], "init": ["random"]}, False),
        ({"random_state": [0, 1, 2], "init": ["pca", "random"]}, False),
        ({"perplexity": [5.0, 30.0, 100.0]}, False),
        ({"perplexity": [5.0, 30.0], "random_state": [0, 1]}, False),
        ({}, False),
    ],
)
def test_maps_that_differ_by_seed_alone_and_start_alike_agree_by_construction(axes, alike):
    values = {name: [getattr(DEFAULTS, name)] for name in AXES} | axes
    facts = Facts(500, matrix=lambda: np.eye(500))
    checked = {name: check_axis(name, value, facts) for name, value in values.items()}
    specs = [entry.spec for entry in Grid().product(checked).entries]
    assert (agree_by_construction(specs) is not None) == alike


@pytest.mark.parametrize("k", [0, 60, -1, 1.5, "15", True])
def test_neighbours_of_a_stability_are_a_number_of_other_rows(blobs, k):
    w = make(blobs, init="random", random_state=[0, 1], autostart=False)
    with pytest.raises((InvalidValueError, InvalidTypeError), match=r"k=.* and at most 59"):
        w.stability(k)


@pytest.mark.parametrize("runs", [[0], [0, 0], [0, 2], 0, ["0", "1"]])
def test_a_stability_is_of_two_maps_at_least(blobs, runs):
    w = make(blobs, init="random", random_state=[0, 1], autostart=False)
    with pytest.raises((InvalidValueError, InvalidTypeError), match="runs="):
        w.stability(runs=runs)


def test_a_stability_is_of_maps_or_of_their_positions(blobs):
    w = make(blobs, init="random", random_state=[0, 1, 2]).wait(PATIENCE)
    expected = w.stability(runs=[0, 2])
    for runs in ([w.runs[0], w.runs[2]], (w.runs[0], 2), w.runs[::2]):
        np.testing.assert_array_equal(w.stability(runs=runs), expected)


def test_a_stability_with_what_is_no_map_of_this_widget_is_refused(blobs):
    w, other = (make(blobs, init="random", random_state=[0, 1, 2], autostart=False) for _ in range(2))
    removed = w.runs[2]
    removed.remove()
    for handle in (removed, other.runs[0]):
        with pytest.raises(InvalidValueError, match=r"runs=RunHandle.* at least two positions in w.runs"):
            w.stability(runs=[0, handle])


def test_a_stability_with_a_map_that_is_not_computed_names_it(half_failed):
    words = r"w.runs\[1\] cannot be compared: .*: seed 1 failed: MemoryError"
    with pytest.raises(NotComputedError, match=words):
        half_failed.stability(runs=[0, 1])


@pytest.mark.parametrize("n", [5, 15, 16])
def test_a_stability_of_few_rows_needs_no_number_of_neighbours(n):
    X = np.random.default_rng(0).normal(size=(n, 3))
    w = make(X, perplexity=1.01, init="random", random_state=[0, 1]).wait(PATIENCE)
    np.testing.assert_array_equal(w.stability(), w.stability(min(15, n - 1)))


def test_a_stability_of_a_single_map_is_an_error(blobs):
    w = make(blobs, autostart=False).wait(PATIENCE)
    with pytest.raises(NotComputedError, match="at least two maps"):
        w.stability()


# --- a table ------------------------------------------------------------------------------------------


def test_a_table_has_the_index_of_the_data():
    frame = pd.DataFrame(np.random.default_rng(0).normal(size=(30, 3)), index=[f"row {i}" for i in range(30)])
    w = make(frame, perplexity=5).wait(PATIENCE)
    table = w.to_frame()
    assert list(table.columns) == ["x", "y"]
    assert table.index.equals(frame.index)
    assert (table.dtypes == np.float32).all()
    np.testing.assert_array_equal(table.to_numpy(), w.embedding_)


def test_a_table_names_the_maps(blobs):
    w = make(blobs, perplexity=[5, 7.5], init=["pca", "random"], random_state=[0, 1]).wait(PATIENCE)
    table = w.to_frame()
    assert table.index.equals(pd.RangeIndex(60))
    assert list(table.columns[:4]) == [
        "x_perplexity_5_seed_0_init_pca",
        "y_perplexity_5_seed_0_init_pca",
        "x_perplexity_5_seed_1_init_pca",
        "y_perplexity_5_seed_1_init_pca",
    ]
    assert table.shape == (60, 16)
    last = table[["x_perplexity_7.5_seed_1_init_random", "y_perplexity_7.5_seed_1_init_random"]]
    np.testing.assert_array_equal(last.to_numpy(), w.runs[-1].embedding_)


def test_a_table_of_a_map_that_has_no_layout_yet_names_it(half_failed):
    with pytest.raises(NotComputedError, match="there is no embedding_: seed 1 failed: MemoryError"):
        half_failed.to_frame()


def test_without_pandas_there_is_no_table(blobs, monkeypatch):
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(MissingDependencyError, match="pip install pandas"):
        make(blobs, autostart=False).wait(PATIENCE).to_frame()

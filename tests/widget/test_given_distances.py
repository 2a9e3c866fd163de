"""A widget of distances: what it makes of them, and what it says where it would take rows."""

import warnings

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from sklearn.metrics import pairwise_distances
from sklearn.neighbors import kneighbors_graph

from tests.tsne.test_isolated import ALONE, SETS
from tsne_widget import (
    TSNE,
    DataError,
    InvalidValueError,
    IsolatedRowsWarning,
    RunFailedError,
    TSNEWidget,
)

X = np.random.default_rng(7).normal(size=(120, 6)) + 3 * np.repeat(np.eye(6)[:3], 40, axis=0)
D = pairwise_distances(X)
KIND = np.repeat(["a", "b", "c"], 40)
FEW = {"metric": "precomputed", "perplexity": 9, "max_iter": 30, "early_exaggeration_iter": 10}


def widget(distances=D, **parameters):
    return TSNEWidget(distances, **{**FEW, **parameters})


def graph(k=30, rows=X):
    return kneighbors_graph(rows, k, mode="distance")


# --- the map ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("distances", [D, graph(), graph().tocoo(), pd.DataFrame(D), D.tolist()], ids=str)
def test_the_map_is_that_of_the_rows(distances):
    rows = TSNEWidget(X, **{**FEW, "metric": "euclidean"}, init="random").wait()
    w = widget(distances).wait()
    assert w.init == "random"
    np.testing.assert_allclose(w.embedding_, rows.embedding_, atol=1e-2)
    assert TSNE(**FEW).fit_transform(np.array(D) if isinstance(distances, list) else distances).shape == (
        120,
        2,
    )


def test_the_estimators_map_is_the_widgets():
    for distances in (D, graph()):
        made = TSNE(**FEW, random_state=0).fit_transform(distances)
        np.testing.assert_array_equal(made, widget(distances).wait().embedding_)


def test_what_a_map_of_rows_can_do_a_map_of_distances_can(tmp_path):
    w = widget(labels=KIND, data={"age": np.arange(120)}).wait()
    w.perplexity = 12
    w.compare(random_state=[0, 1], perplexity=[5, 12]).wait()
    assert len(w.runs) == 4
    assert w.to_frame().shape == (120, 8)
    assert w.stability().shape == (120,)
    assert w.local_radius() == pytest.approx(np.sort(D, axis=1)[:, 1:11].mean(axis=1), rel=1e-5)
    assert w.save_html(tmp_path / "map.html", columns=["age"]).stat().st_size > 10_000
    assert list(w.contrast(np.arange(40))["feature"]) == ["age", "label", "label", "label"]
    w.init = np.random.default_rng(0).normal(size=(120, 2))
    w.init = "random"


def test_the_recipe_makes_the_map_again():
    w = widget(random_state=3).wait()
    ours, *_ = w.recipe().split("\n# A similar")
    names = {"X": D}
    exec(ours, names)
    np.testing.assert_array_equal(names["w"].wait().embedding_, w.embedding_)
    assert (
        "TSNE(metric='precomputed', perplexity=9, init='random', random_state=3, max_iter=250)" in w.recipe()
    )


def test_distances_and_neighbours_are_those_given():
    w = widget()
    np.testing.assert_array_equal(w.distances(5), D[5].astype(np.float32))
    np.testing.assert_array_equal(w.neighbors(5, k=4), np.argsort(D[5])[1:5])
    known = widget(graph(30))
    np.testing.assert_array_equal(known.neighbors(5, k=4), np.argsort(D[5])[1:5])
    with pytest.raises(InvalidValueError, match="k=31 is too large: the graph in X stores 30 for row 5"):
        known.neighbors(5, k=31)
    with pytest.raises(DataError, match="distances to some neighbours only"):
        known.distances(5)


def test_a_frame_keeps_its_index_and_has_no_column_of_distances():
    names = [f"cell {i}" for i in range(120)]
    frame = pd.DataFrame(D, index=names, columns=names).assign(kind=KIND)
    w = widget(frame, labels="kind").wait()
    assert list(w.to_frame().index) == names
    assert w.color_by == "kind"
    with pytest.raises(DataError, match="color_by='cell 3' is neither a column"):
        w.color_by = "cell 3"


# --- what takes rows ----------------------------------------------------------------------------------


def test_what_takes_rows_says_that_there_are_none():
    w = widget(labels=KIND).wait()
    assert w.left_out == "X holds distances, not rows: there are no features"
    with pytest.raises(DataError, match="X holds distances, not rows: groups have no means"):
        w.group_distances()
    for change in (
        lambda: setattr(w, "init", "pca"),
        lambda: setattr(w.runs[0], "init", "pca"),
        lambda: w.compare(init=["random", "pca"]),
        lambda: widget(init="pca"),
        lambda: TSNE(**FEW, init="pca").fit(D),
    ):
        with pytest.raises(InvalidValueError, match="init='pca' is not allowed with metric='precomputed'"):
            change()
    with pytest.raises(DataError, match="no columns in which rows could differ: pass columns with data="):
        widget().contrast([1, 2, 3])


@pytest.mark.parametrize(
    ("distances", "error", "words"),
    [
        (X, InvalidValueError, r"X has shape \(120, 6\): .* must be square"),
        (-D, DataError, r"from row 0 to row 1 it is -\S+; it must be finite and not negative"),
        (np.exp(-D), DataError, "from row 0 to itself it is 1; it must be 0"),
        (D * np.arange(1, 121), DataError, "must be the same both ways"),
        (np.where(D > 8, np.inf, D), DataError, "infinite distances, the first from row .* in several parts"),
        (-graph(), DataError, r"from row 0 to row \d+ it is -\S+; it must be"),
        (pd.DataFrame(D).iloc[::-1], DataError, "columns of X are in another order than its rows"),
        (
            scipy.sparse.coo_array((np.ones(5), ([0, 1, 2, 0, 0], [1, 2, 0, 2, 1])), shape=(3, 3)),
            DataError,
            "stores the distance from row 0 to row 1 twice",
        ),
    ],
    ids=["rows", "negative", "likeness", "asymmetric", "infinite", "graph", "order", "twice"],
)
def test_what_is_no_matrix_of_distances_is_refused_at_once_by_both(distances, error, words):
    with pytest.raises(error, match=words):
        widget(distances, perplexity=1.5)
    with pytest.raises(error, match=words):
        TSNE(**{**FEW, "perplexity": 1.5}).fit(distances)


def test_parameters_of_a_metric_have_no_use():
    with pytest.raises(InvalidValueError, match=r"metric_params=\{'p': 3\} has no effect"):
        widget(metric_params={"p": 3})


def test_a_graph_with_too_few_neighbours_says_how_many_rows_have_too_few():
    few = graph(30).tolil()
    few[[7, 90], :] = 0
    few = few.tocsr()
    with pytest.raises(InvalidValueError, match=r"of row 7 the graph in X stores 0 .*: 2 rows have too few"):
        widget(few)
    w = widget(graph(30))
    with pytest.raises(
        InvalidValueError, match=r"perplexity=11 needs 33 neighbours .* stores 30 .*: 120 rows"
    ):
        w.perplexity = 11
    w.wait()
    assert w.perplexity == 9


# --- what the data say against a map ------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore:Data was converted")
def test_isolated_rows_are_said_once_and_told():
    w = TSNEWidget(SETS, **{**FEW, "metric": "jaccard", "perplexity": 5}, random_state=[0, 1])
    words = "5 of 60 rows have no neighbours under jaccard: apart .* nearer .* see w.isolated_rows"
    with pytest.warns(IsolatedRowsWarning, match=words) as caught:
        w.wait()
    assert [one.filename for one in caught if one.category is IsolatedRowsWarning] == [__file__]
    assert w.isolated_rows.tolist() == ALONE
    assert len({run._of_status("doubt") for run in w.runs}) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("error", IsolatedRowsWarning)
        w.wait()
        widget().wait()
    with pytest.warns(IsolatedRowsWarning, match="5 of 60 rows have .* the first is row 4") as caught:
        TSNE(metric="jaccard", perplexity=5, max_iter=5).fit(SETS)
    assert [one.filename for one in caught if one.category is IsolatedRowsWarning] == [__file__]


@pytest.mark.filterwarnings("ignore:Data was converted")
def test_of_several_metrics_each_doubt_names_its_metric_and_a_map():
    w = TSNEWidget(SETS, **{**FEW, "metric": ["euclidean", "jaccard", "cosine"], "perplexity": 5})
    words = "no neighbours under jaccard.*see w.runs.1..isolated_rows.*under cosine.*see w.runs.2..isolated"
    with pytest.warns(IsolatedRowsWarning, match=words):
        w.wait()
    assert [run.isolated_rows.tolist() for run in w.runs] == [[], ALONE, ALONE]

    def told():
        w.wait()
        return [run._of_status("doubt").partition("see ")[2].partition(";")[0] for run in w.runs]

    w.runs[0].remove()
    assert told() == ["w.runs[0].isolated_rows", "w.runs[1].isolated_rows"]
    w.runs[0].remove()
    assert told() == ["w.isolated_rows"]


def test_parts_of_a_graph_are_said():
    apart = X + 99 * np.repeat(np.eye(6)[:3], 40, axis=0)
    words = "the graph in X falls into 3 parts of 40 rows each, with no distances between them"
    with pytest.warns(IsolatedRowsWarning, match=words):
        widget(graph(rows=apart)).wait()
    with pytest.warns(IsolatedRowsWarning, match=words):
        TSNE(**FEW).fit(graph(rows=apart))


# --- errors without words -----------------------------------------------------------------------------


def test_an_error_of_a_metric_without_words_says_its_kind_and_its_line():
    def metric(a, b):
        if a[0] == X[70, 0]:
            raise AssertionError  # as a bare assert does, to which pytest gives words
        return float(abs(a - b).max())

    w = TSNEWidget(X, **{**FEW, "metric": metric})
    said = r"AssertionError in line \d+ of test_given_distances.py: raise AssertionError"
    with pytest.raises(RunFailedError, match=said):
        w.wait()
    assert "AssertionError in line" in w.runs[0]._of_status("reason")

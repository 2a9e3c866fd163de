"""What a page asks of the rows, from its message to the reply that is sent; a page is played by hand."""

from __future__ import annotations

import io
import json
import re
import threading
from datetime import datetime

import anndata
import numpy as np
import pandas as pd
import polars as pl
import pytest
from PIL import Image
from sklearn.metrics import pairwise_distances

from tests.clients import NUMBERS, Client, desk_of
from tsne_widget import PerplexityWarning, TSNEWidget
from tsne_widget.data.written import MINUS
from tsne_widget.widget.queries import LABELS_MAX, PAIRS_MAX
from tsne_widget.wire.parsing import LONGEST_TEXT
from tsne_widget.wire.protocol import BATCH_MAX, COLUMNS_MAX, NEIGHBORS_MAX

PATIENCE = 60  # seconds after which a test is called stuck
HTML = "<img src=x onerror=alert(1)> & <b>"
N = 60
COLUMNS = {
    "kind": ["cat", "dog", HTML, None] * 15,
    "age": [float("nan") if i % 10 == 3 else 60.0 - i for i in range(N)],
    "big": [2**60 + i for i in range(N)],
    "day": [datetime(2024, 5, 1 + i // 2) for i in range(N)],
    "young": [True, False] * 30,
    "far": [float("inf"), float("-inf"), 0.5] * 20,
    "thing": [{"no": i} for i in range(N)],
}
KINDS = np.repeat(["a", "b", "c", "d"], 15)


pytestmark = pytest.mark.usefixtures("close_widgets")


def make(X, labels=None, **parameters):
    return TSNEWidget(
        X, labels, **{"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, **parameters}
    )


@pytest.fixture
def still(blobs):
    """A widget with columns of all types whose map does not move."""
    return make(blobs, "kind", data=COLUMNS, autostart=False).wait(PATIENCE)


DENSITY = {"measure": "density", "runs": [], "row": None, "view": 0}
DISTANCE = {"measure": "distance", "runs": [], "row": 0, "view": 0}
NEAR = {"row": 0, "k": 3}


def reply_to(w, query, client="a client"):
    """Send a query and return the whole reply, which is JSON as browsers understand it, and its buffers."""
    played, number = Client(w, client), next(NUMBERS)
    played.say(type="query", client=client, id=number, query=query)
    content, buffers = played.next(lambda content: content["type"] == "reply")
    assert (content["client"], content["id"]) == (client, number)
    assert content == json.loads(json.dumps(content, allow_nan=False))
    return content, buffers or []


def ask(w, name, **query):
    content, buffers = reply_to(w, {"name": name, **query})
    assert content["error"] is None, content["error"]
    return content["result"], buffers


def refused(w, name, **query):
    content, buffers = reply_to(w, {"name": name, **query})
    assert (content["result"], list(buffers)) == (None, [])
    return content["error"]


def rows(w, chosen=None, columns=(), sort=None, offset=0, limit=BATCH_MAX):
    query = {"rows": chosen, "columns": list(columns), "offset": offset, "limit": limit}
    return ask(w, "rows", sort=sort and dict(zip(("column", "descending"), sort, strict=True)), **query)


def values(result):
    return {column["name"]: column["values"] for column in result["columns"]}


# --- rows ---------------------------------------------------------------------------------------------


def test_rows_are_told_as_json_has_them_whatever_their_types(still):
    result, buffers = rows(still, [3, 0], COLUMNS)
    assert (result["total"], result["positions"], result["index"], result["images"]) == (
        2,
        [3, 0],
        None,
        None,
    )
    assert [column["type"] for column in result["columns"]] == [
        *["category", "number", "number", "date", "boolean", "number", "object"]
    ]
    told = values(result)
    assert told["kind"] == [None, "cat"]
    assert told["age"] == [None, 60.0]
    assert told["big"] == [str(2**60 + 3), str(2**60)]
    assert told["young"] == [False, True]
    assert all(isinstance(value, str) for value in [*told["day"], *told["thing"], told["far"][0]])
    assert buffers == []


def test_text_with_html_is_told_as_it_is(still):
    assert values(rows(still, [2], ["kind"])[0]) == {"kind": [HTML]}
    assert HTML in still._labels["names"]


def test_all_that_a_page_is_told_of_half_a_surrogate_pair_can_be_sent(blobs, tmp_path):
    half = "\ud83d"
    frame = pd.DataFrame(blobs).rename(columns=str)
    frame.index = pd.Index([f"{row}{half}" for row in range(N)], name=half)
    w = make(frame, labels=[half, "whole"] * (N // 2), data={"text": [f"{half}{row}" for row in range(N)]})
    w.wait(PATIENCE).select([0, 1])
    found, _ = rows(w, None, ["label", "text"], ("text", True))
    compared, _ = ask(w, "contrast", view=0, against=None, limit=9)
    state = {name: value for name, value in w.get_state().items() if name not in ("_esm", "_css")}
    for told in (found, compared, state):
        json.dumps(told, default=lambda _: None, ensure_ascii=False).encode()  # as Jupyter packs it
    assert w.select(label=half).selection.tolist() == list(range(0, N, 2))
    w.save_html(tmp_path / "page.html", columns=["label", "text"])
    w.save_image(tmp_path / "maps.svg")


def test_the_selection_is_told_page_by_page_in_the_order_of_a_column(still):
    still.select(range(40))
    batches = [rows(still, None, ["age"], ("age", False), offset, 15)[0] for offset in (0, 15, 30, 45)]
    assert [batch["total"] for batch in batches] == [40] * 4
    positions = [position for batch in batches for position in batch["positions"]]
    missing = [3, 13, 23, 33]
    assert positions == [row for row in reversed(range(40)) if row not in missing] + missing
    assert (batches[3]["positions"], batches[3]["columns"][0]["values"]) == ([], [])
    down = rows(still, None, ["age"], ("age", True), 0, 3)[0]
    assert (down["positions"], values(down)) == ([0, 1, 2], {"age": [60.0, 59.0, 58.0]})


def test_nothing_selected_is_all_rows_or_those_that_pass_the_filter(still):
    result, _ = rows(still, None, ["age"], ("age", False), 0, 2)
    assert (result["total"], result["positions"]) == (N, [59, 58])
    still.filter(age=(1, 5))
    result, _ = rows(still, None, ["age"], ("age", False), 0, 2)
    assert (result["total"], result["positions"], values(result)) == (5, [59, 58], {"age": [1.0, 2.0]})
    still.select([3]).filter(age=None)
    assert rows(still)[0]["positions"] == [3]
    still.clear_selection().filter(age=(1, 5), kind=None, exclude={"kind": None})
    assert (rows(still)[0]["total"], rows(still)[0]["positions"]) == (0, [])


@pytest.mark.parametrize(
    "make_frame", [pd.DataFrame, pl.DataFrame, None], ids=["pandas", "polars", "AnnData"]
)
def test_rows_of_any_frame_are_told_with_their_index(blobs, make_frame):
    index = [f"row {i // 2}" for i in range(N)]  # with duplicates
    columns = dict(zip("abcde", blobs.T, strict=True)) | {"kind": COLUMNS["kind"]}
    if make_frame is None:
        given = anndata.AnnData(
            blobs, obs=pd.DataFrame({"kind": columns["kind"]}, index=[f"c{i}" for i in range(N)])
        )
        index, feature = given.obs_names.tolist(), "0"
    else:
        given = make_frame(columns)
        feature = "a"
        if make_frame is pd.DataFrame:
            given.index = pd.Index(index, name="who")
    w = make(given, "kind", autostart=False)
    result, _ = rows(w, [5, 4], ["kind", feature])
    assert result["index"] == (None if make_frame is pl.DataFrame else [index[5], index[4]])
    assert values(result) == {"kind": ["dog", "cat"], feature: [pytest.approx(v) for v in blobs[[5, 4], 0]]}


def test_a_page_asks_python_for_the_cells_of_its_rows_alone():
    n = 200_000
    frame = pd.DataFrame({"a": np.zeros(n, np.float32), "b": np.zeros(n, np.float32)})
    w = make(frame, data={"name": np.arange(n).astype(str), "rank": np.arange(n)}, autostart=False)
    asked = []
    for name in ("name", "rank"):
        column = w._source.column(name)

        def cells(positions, own=column.cells, name=name):
            asked.append((name, positions.tolist()))
            return own(positions)

        column.cells = cells
    w.select_all()
    result, _ = rows(w, None, ["name"], ("rank", True), 100, 3)
    assert (result["total"], values(result)) == (n, {"name": ["199899", "199898", "199897"]})
    assert asked == [("name", [199_899, 199_898, 199_897])]


def pictures_of(w, row):
    (picture,), buffers = rows(w, [row])[0]["images"], rows(w, [row])[1]
    return picture, [bytes(buffer) for buffer in buffers]


def test_thumbnails_go_along_as_bytes(blobs):
    gray = np.arange(N * 6, dtype=np.uint8).reshape(N, 2, 3)
    picture, (raw,) = pictures_of(make(blobs, image=gray, autostart=False), 7)
    assert picture == {"kind": "raw", "width": 3, "height": 2, "channels": 1, "buffer": 0}
    assert raw == gray[7].tobytes()


def test_a_user_s_function_draws_the_thumbnails_that_are_asked_for_and_no_others(blobs):
    asked = []

    def draw(row):
        asked.append(row)
        if row == 2:
            return None
        file = io.BytesIO()
        Image.new("RGB", (2, 2), (row, 0, 0)).save(file, "PNG")
        return file.getvalue()

    w = make(blobs, image=draw, autostart=False)
    asked.clear()
    result, buffers = rows(w, [9, 2, 5])
    assert result["images"] == [
        {"kind": "encoded", "mime": "image/png", "buffer": 0},
        None,
        {"kind": "encoded", "mime": "image/png", "buffer": 1},
    ]
    assert [Image.open(io.BytesIO(bytes(one))).getpixel((0, 0)) for one in buffers] == [(9, 0, 0), (5, 0, 0)]
    assert asked == [9, 2, 5]


def test_a_picture_that_cannot_be_drawn_hides_no_other_and_the_first_says_why(blobs):
    def draw(row):
        if row in (3, 5):
            raise ZeroDivisionError(f"no picture {row} today")
        return np.zeros((2, 2), np.uint8)

    w = make(blobs, image=draw, data={"half": [0, 1] * 30}, autostart=False)
    result, buffers = rows(w, [2, 3, 5, 6], ["half"])
    assert [picture and picture["buffer"] for picture in result["images"]] == [0, None, None, 1]
    assert (len(buffers), values(result)) == (2, {"half": [0, 1, 1, 0]})
    assert "row 3" in result["image_error"]
    assert "ZeroDivisionError: no picture 3 today" in result["image_error"]
    assert rows(w, [2, 6])[0]["image_error"] is None


def test_a_cell_whose_picture_cannot_be_drawn_is_empty_and_the_others_are_told(blobs):
    photos = [Image.new("L", (2, 2)) for _ in range(N)]
    w = make(blobs, data={"photo": photos}, autostart=False)
    photos[4].close()  # its pixels are gone
    result, _ = rows(w, [3, 4], ["photo"])
    assert [cell and cell["kind"] for cell in values(result)["photo"]] == ["raw", None]
    assert "column 'photo' of row 4 failed" in result["image_error"]


def test_an_error_that_nobody_foresaw_is_a_reply_too(still, monkeypatch):
    def broken(*_):
        raise RuntimeError("the sky fell")

    monkeypatch.setattr(still._source.column("age"), "cells", broken)
    query = {"rows": [3], "sort": None, "offset": 0, "limit": 1, "columns": ["age"]}
    assert refused(still, "rows", **query) == "RuntimeError: the sky fell"
    assert rows(still, [3], ["kind"])[0]["positions"] == [3]


def test_a_column_of_pictures_is_told_as_pictures(blobs):
    pixels = np.zeros((N, 2, 2, 3), np.uint8)
    w = make(blobs, data={"photo": pixels}, autostart=False)
    result, buffers = rows(w, [0, 1], ["photo"])
    assert [cell["buffer"] for cell in result["columns"][0]["values"]] == [0, 1]
    assert [bytes(buffer) for buffer in buffers] == [bytes(12)] * 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"columns": ["knd"]}, "no column 'knd'; did you mean 'kind'"),
        ({"sort": {"column": "knd", "descending": False}}, "no column 'knd'"),
        ({"rows": [60]}, "rows must be an integer from 0 to 59"),
        ({"rows": list(range(60)) * 4}, f"rows must be a list of 1 to {BATCH_MAX}"),
        ({"limit": BATCH_MAX + 1}, "limit"),
        ({"columns": ["kind"] * (COLUMNS_MAX + 1)}, "columns"),
        ({"offset": -1}, "offset"),
    ],
)
def test_rows_that_cannot_be_told_are_refused_with_the_reason(still, changed, said):
    query = {"rows": [1], "sort": None, "offset": 0, "limit": 1, "columns": []}
    assert said in refused(still, "rows", **{**query, **changed})


# --- what sets the selection apart --------------------------------------------------------------------


def test_a_contrast_is_told_as_python_has_it_with_distributions_and_composition(still):
    still.select(range(10))
    result, _ = ask(still, "contrast", view=0, against=None, limit=3)
    table = still.contrast()
    numbered = table[table["feature"].str.fullmatch(r"x\d+")]
    numbers = table[table["category"].isna()].drop(numbered.index)
    assert (result["selected"], result["other"]) == (10, 50)
    assert (len(result["numbers"]), result["numbers_total"]) == (3, len(numbers))
    assert (len(result["numbered"]), result["numbered_total"]) == (3, len(numbered))
    assert [one["feature"] for one in result["numbered"]] == list(numbered["feature"][:3])
    others = len(table) - len(numbers) - len(numbered)
    assert (len(result["categories"]), result["categories_total"]) == (3, others)
    assert (result["words"], result["words_total"]) == ([], 0)
    assert result["numbers"][2]["feature"] == "far"  # which has no mean
    rows_of_table = [*numbers[:2].iloc, *numbered[:3].iloc]
    for told, row in zip([*result["numbers"][:2], *result["numbered"]], rows_of_table, strict=True):
        assert told["feature"] == row["feature"]
        assert float(told["effect"].replace(MINUS, "-")) == pytest.approx(row["effect"], abs=0.005)
        assert len(told["selected_histogram"]) == len(told["other_histogram"]) == 20
        assert told["low"] != told["high"]
    assert result["labels"] == [
        {"name": "cat", "count": 3, "share": 0.3, "of": 0.2},
        {"name": "dog", "count": 3, "share": 0.3, "of": 0.2},
        {"name": HTML, "count": 2, "share": 0.2, "of": pytest.approx(2 / 15)},
        {"name": "missing", "count": 2, "share": 0.2, "of": pytest.approx(2 / 15)},
    ]


def test_effects_without_bounds_and_without_values_are_told_in_words(blobs):
    first = np.arange(N) < 10
    data = {
        "apart": np.where(first, 2.0, 1.0),
        "gone": np.where(first, np.nan, np.arange(N)),
        "infinite": np.where(first, np.inf, np.arange(N)),
        "empty": np.full(N, np.nan),
    }
    w = make(blobs, data=data, autostart=False).select(first)
    told = {one["feature"]: one for one in ask(w, "contrast", view=0, against=None, limit=20)[0]["numbers"]}
    figures = {
        name: [one[key] for key in ("effect", "selected_mean", "other_mean")] for name, one in told.items()
    }
    assert figures["apart"] == ["+∞", "2", "1"]
    assert figures["gone"][:2] == figures["infinite"][:2] == figures["empty"][:2] == ["\N{EN DASH}"] * 2
    numbered = ask(w, "contrast", view=0, against=None, limit=20)[0]["numbered"]
    assert len(numbered) == 5
    assert all(one["effect"][0] in f"+{MINUS}0" for one in numbered)


def test_a_contrast_with_a_group_is_with_its_rows_and_with_the_rest_even_where_a_group_is_called_so(still):
    still.groups["rest"] = [50, 51]
    still.select(range(10))
    assert ask(still, "contrast", view=0, against="rest", limit=1)[0]["other"] == 2
    assert ask(still, "contrast", view=0, against=None, limit=1)[0]["other"] == 50


@pytest.mark.parametrize(
    ("selected", "against", "said"),
    [
        ([], None, "nothing is selected"),
        (range(N), None, "all rows are selected"),
        ([1], "b", "no group 'b'"),
    ],
)
def test_a_contrast_with_a_side_that_has_no_rows_is_refused(still, selected, against, said):
    still.select(list(selected))
    assert said in refused(still, "contrast", view=0, against=against, limit=5)


def test_what_the_selection_is_made_of_is_told_by_the_column_that_colors(still):
    still.select([0, 2, 4])
    still.color_by = "young"
    (only,) = ask(still, "contrast", view=0, against=None, limit=1)[0]["labels"]
    assert (only["count"], only["share"], only["of"]) == (3, 1, 0.1)
    still.color_by = "density"  # the labels are those from before
    assert ask(still, "contrast", view=0, against=None, limit=1)[0]["labels"] == [only]
    for column in ("age", None):
        still.color_by = column
        assert (still.color_as == "scale") == (column is not None)
        assert ask(still, "contrast", view=0, against=None, limit=1)[0]["labels"] is None


def test_names_of_rows_are_nothing_that_a_selection_is_made_of(blobs):
    w = make(blobs, [f"name {i}" for i in range(N)], autostart=False).select(range(10))
    assert w.color_as == "categories"
    assert ask(w, "contrast", view=0, against=None, limit=5)[0]["labels"] is None


def test_of_ten_thousand_labels_those_that_the_selection_has_most_of_are_told():
    n = 20_000
    w = make(np.zeros((n, 2)), [f"name {i // 2}" for i in range(n)], autostart=False)
    w.select([*range(1000), 5000])
    result, _ = ask(w, "contrast", view=0, against=None, limit=5)
    assert len(result["labels"]) == LABELS_MAX
    assert result["labels"][0] == {"name": "name 0", "count": 2, "share": pytest.approx(2 / 1001), "of": 1.0}


# --- the original space -------------------------------------------------------------------------------


@pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])
def test_distances_to_a_row_are_told_with_their_robust_range_and_metric(blobs, metric):
    w = make(blobs, metric=metric, autostart=False)
    result, (buffer,) = ask(w, "measure", **{**DISTANCE, "row": 7})
    expected = pairwise_distances(blobs, metric=metric)[7]
    np.testing.assert_allclose(np.frombuffer(buffer, "<f4"), expected, rtol=1e-4, atol=1e-6)
    others = np.delete(expected, 7)
    assert result["low"] == result["least"]  # the nearest row has a colour of its own
    assert result == {
        "measure": "distance",
        "called": "distance",
        "runs": [],
        "row": 7,
        "parts": 1,
        "low": pytest.approx(others.min(), rel=1e-4),
        "high": pytest.approx(np.percentile(others, 98), rel=1e-4),
        "least": pytest.approx(others.min(), rel=1e-4),
        "most": pytest.approx(others.max(), rel=1e-4),
        "sentence": f"{metric} distance in the original space to row 7",
        "caution": None,
    }


def test_a_metric_of_the_user_is_told_by_its_name(blobs):
    def far(one, other):
        return float(np.abs(one - other).max())

    assert ask(make(blobs, metric=far, autostart=False), "measure", **DISTANCE)[0]["sentence"].startswith(
        "far distance"
    )


def test_neighbours_are_told_with_how_many_each_map_keeps(blobs):
    w = make(blobs, random_state=[0, 1], init="random").wait(PATIENCE)
    result, _ = ask(w, "neighbors", row=7, k=10)
    positions = w.neighbors(7, 10)
    (found,) = result["by_metric"]
    assert (result["row"], found["runs"], found["positions"]) == (7, [0, 1], positions.tolist())
    assert found["distances"] == pytest.approx(w.distances(7)[positions].tolist())
    assert found["kept"] == {
        str(run.id): [row in set(run.neighbors(7, 10)) for row in positions] for run in w.runs
    }
    assert found["sentence"] == "of its 10 nearest in the original space are also nearest on the map"


def test_neighbours_are_kept_on_maps_that_there_are(blobs):
    with pytest.warns(PerplexityWarning):
        w = make(blobs, perplexity=[5, 100]).wait(PATIENCE)
    assert ask(w, "neighbors", row=0, k=3)[0]["by_metric"][0]["kept"].keys() == {"0"}


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"row": 60, "k": 5}, "row must be an integer from 0 to 59"),
        ({"row": 0, "k": 60}, "k must be an integer from 1 to 59"),
        ({"row": 0, "k": NEIGHBORS_MAX + 1}, "k must be"),
    ],
)
def test_neighbours_that_there_cannot_be_are_refused(still, query, said):
    assert said in refused(still, "neighbors", **query)


def test_distances_that_are_no_numbers_are_refused_rather_than_sent(blobs):
    def odd(one, other):
        return float("nan") if max(one[0], other[0]) >= top else float(abs(one - other).max())

    top = float("inf")
    w = make(blobs, KINDS, metric=odd).wait(PATIENCE)
    top = -float("inf")
    assert "no value is finite" in refused(w, "measure", **DISTANCE)
    assert "NaN for rows 0" in refused(w, "neighbors", row=0, k=3)
    assert "not finite" in refused(w, "group_distances", by="labels", run=0)


def test_density_is_the_local_radius_of_python(blobs):
    w = make(blobs, autostart=False).wait(PATIENCE)
    assert "wait()" in refused(w, "measure", **DENSITY)
    w.start().wait(PATIENCE)
    result, (buffer,) = ask(w, "measure", **DENSITY)
    radius = w.local_radius()
    np.testing.assert_array_equal(np.frombuffer(buffer, "<f4"), radius)
    low, high = np.percentile(radius, (2, 98))
    assert "10 nearest" in result.pop("sentence")
    assert result == {
        "measure": "density",
        "called": "density",
        "runs": [],
        "row": None,
        "parts": 1,
        "caution": None,
        "low": pytest.approx(low),
        "high": pytest.approx(high),
        "least": pytest.approx(radius.min()),
        "most": pytest.approx(radius.max()),
    }
    assert result["least"] < result["low"] < result["high"] < result["most"]


def test_distances_between_groups_are_told_with_the_ranks_among_all_pairs(blobs):
    w = make(blobs, KINDS).wait(PATIENCE)
    result, _ = ask(w, "group_distances", by="labels", run=0)
    found = w.group_distances()
    assert (result["names"], result["rho"], result["sentence"]) == (
        list(found.names),
        found.rho,
        found.sentence,
    )
    assert result["pairs_total"] == len(result["pairs"]) == 6
    assert [(pair["a"], pair["b"]) for pair in result["pairs"]] == [
        tuple(pair) for pair in found.pairs.tolist()
    ]
    for name, distances in (("original", found.original), ("map", found.on_map)):
        assert [pair[name] for pair in result["pairs"]] == pytest.approx(distances.tolist())
        ranks = [pair[f"{name}_rank"] for pair in result["pairs"]]
        assert ranks == [1 + int((distances < own).sum()) for own in distances]


def test_distances_between_groups_are_of_the_map_that_is_asked_about(blobs):
    w = make(blobs, KINDS, perplexity=[5, 12]).wait(PATIENCE)
    for number, run in enumerate(w.runs):
        result, _ = ask(w, "group_distances", by="labels", run=number)
        assert result["sentence"] == run.group_distances().sentence
    assert w.runs[0].group_distances().sentence != w.runs[1].group_distances().sentence


def test_of_many_pairs_those_that_a_map_shows_most_wrongly_are_told():
    n = 200
    X = np.random.default_rng(0).normal(size=(n, 4))
    w = make(X, data={"code": [f"c{i // 2}" for i in range(n)]}, color_by="code").wait(PATIENCE)
    result, _ = ask(w, "group_distances", by="labels", run=0)
    assert (len(result["pairs"]), result["pairs_total"]) == (PAIRS_MAX, 100 * 99 // 2)
    wrong = [abs(pair["original_rank"] - pair["map_rank"]) for pair in result["pairs"]]
    assert wrong == sorted(wrong, reverse=True)
    assert max(pair["original_rank"] for pair in result["pairs"]) > PAIRS_MAX


def test_distances_between_groups_are_of_those_that_are_saved_whatever_columns_are_called(blobs):
    w = make(blobs, KINDS, data={"groups": [0, 1] * 30}).wait(PATIENCE)
    for name in "xyz":
        w.groups[name] = range(ord(name) - ord("x"), N, 7)
    assert ask(w, "group_distances", by="groups", run=0)[0]["names"] == ["x", "y", "z"]
    assert ask(w, "group_distances", by="labels", run=0)[0]["names"] == ["a", "b", "c", "d"]


def test_labels_are_in_a_view_those_that_it_shows(blobs):
    w = make(blobs, KINDS, data={"half": [0, 1] * 30}, color_by="half").wait(PATIENCE)
    assert ask(w, "group_distances", by="labels", run=0)[0]["names"] == ["0", "1"]
    w.color_by = "x0"  # no categories
    assert ask(w, "group_distances", by="labels", run=0)[0]["names"] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("by", "run", "said"),
    [
        ("labels", 0, "name a column with by="),
        ("groups", 0, "at least two groups, found 0"),
        ("groups", 7, "no longer part"),
    ],
)
def test_distances_between_groups_that_there_are_not_are_refused(blobs, by, run, said):
    w = make(blobs).wait(PATIENCE)
    if run:
        w.groups["a"], w.groups["b"] = [0], [1]
    assert said in refused(w, "group_distances", by=by, run=run)


# --- how values are distributed -----------------------------------------------------------------------


def distribution(w, column):
    told, (buffer,) = ask(w, "distribution", column=column)
    return told, np.frombuffer(buffer, np.uint8)


def test_numbers_are_told_in_bins_whose_ends_are_values_that_there_are(still):
    told, bins = distribution(still, "age")
    present = ~np.isnan(COLUMNS["age"])
    assert (bins[~present] == 255).all()
    for bin, ends in enumerate(told["ends"]):
        inside = np.array(COLUMNS["age"])[bins == bin]
        assert ends == ([inside.min(), inside.max()] if inside.size else None)
    assert (told["least"], told["most"], told["names"]) == (1, 60, [])


def test_times_and_large_integers_are_told_as_a_scale_has_them(still):
    day, _ = distribution(still, "day")
    assert (day["quantity"], day["origin"], day["ends"][0][0]) == ("moment", "2024-05-01", 0)
    big, _ = distribution(still, "big")
    assert (big["origin"], big["least"], big["most"]) == (str(2**60), 0, N - 1)


def test_infinite_numbers_are_in_no_bin_and_few_integers_have_one_each(blobs):
    w = make(blobs, data={"far": COLUMNS["far"], "few": [1, 2, 4] * 20}, autostart=False)
    assert set(distribution(w, "far")[1][[0, 1]]) == {254}
    told, bins = distribution(w, "few")
    assert (told["ends"], bins[:3].tolist()) == ([[1, 1], [2, 2], None, [4, 4]], [0, 1, 3])


def test_other_values_are_told_most_frequent_first(blobs):
    names = [f"t{i}" for i in range(40)] + ["often"] * 19 + [None]
    told, bins = distribution(make(blobs, data={"name": names}, autostart=False), "name")
    assert (told["names"][0], len(told["names"]), told["more"], told["ends"]) == ("often", 12, 29, [])
    assert (bins[[40, 59]].tolist(), int((bins == 254).sum())) == ([0, 255], 29)


def test_a_column_without_a_distribution_says_why(blobs):
    w = make(blobs, data={"face": list(np.zeros((N, 4, 4)))}, autostart=False)
    assert "holds pictures" in refused(w, "distribution", column="face")
    assert "there is no column 'fase'" in refused(w, "distribution", column="fase")


# --- looking for a text -------------------------------------------------------------------------------


def test_a_text_is_found_as_python_finds_it(blobs):
    frame = pd.DataFrame(blobs, index=pd.Index([f"row {i}" for i in range(N)], name="who"))
    w = make(frame, data={"kind": COLUMNS["kind"]}, autostart=False)
    result, (buffer,) = ask(w, "find", text="ROW 1", column=None)
    assert np.frombuffer(buffer, "<i4").tolist() == w.find("row 1").tolist() == [1, *range(10, 20)]
    assert (result["count"], result["searched"]) == (11, ["who", "kind"])
    assert [hit["row"] for hit in result["hits"]] == [1, *range(10, 17)]
    assert result["hits"][1] == {"row": 10, "label": "row 10", "column": "who", "value": "row 10"}
    result, (buffer,) = ask(w, "find", text="<img", column="kind")
    assert (result["count"], result["searched"]) == (15, ["kind"])
    assert result["hits"][0] == {"row": 2, "label": "row 2", "column": "kind", "value": HTML}
    assert np.frombuffer(buffer, "<i4").tolist() == list(range(2, 60, 4))
    assert ask(w, "find", text="nowhere", column=None)[0]["count"] == 0


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("", None, "text='' .*not empty"),
        ("a", "knd", "no column 'knd'"),
        ("x" * (LONGEST_TEXT + 1), None, "text must be a text of at most"),
    ],
)
def test_a_text_that_cannot_be_looked_for_is_refused(still, text, column, said):
    assert re.search(said, refused(still, "find", text=text, column=column))


# --- questions and answers ----------------------------------------------------------------------------


@pytest.mark.parametrize("query", [None, [], "rows", {}, {"name": "dance"}, {"name": ["rows"]}])
def test_what_is_no_query_is_refused_to_the_page_that_asked(still, query):
    content, _ = reply_to(still, query, client="another client")
    assert content["error"]


def test_a_question_without_a_number_is_nobody_s(still, caplog):
    client = Client(still)
    client.say(type="query", client="a client", id=None, query={"name": "neighbors", **NEAR})
    assert "refused" in caplog.text
    ask(still, "neighbors", **NEAR)


def test_questions_are_answered_in_their_order_while_the_page_goes_on(still):
    gate, client = threading.Event(), Client(still)
    desk_of(still).call(lambda: gate.wait(PATIENCE))
    for row in range(5):
        client.say(
            type="query", client="a client", id=next(NUMBERS), query={"name": "neighbors", **NEAR, "row": row}
        )
    assert client.command("undo")["error"] is None  # it waits for no question
    gate.set()
    replies = [client.next(lambda content: content["type"] == "reply")[0] for _ in range(5)]
    assert [one["result"]["row"] for one in replies] == list(range(5))
    assert sorted(one["id"] for one in replies) == [one["id"] for one in replies]


def test_what_takes_long_to_answer_holds_up_no_other_widget(still, blobs):
    other, gate, client = make(blobs, autostart=False), threading.Event(), Client(still)
    desk_of(still).call(lambda: gate.wait(PATIENCE))
    query = {"name": "neighbors", **NEAR, "row": 3}
    client.say(type="query", client="a client", id=next(NUMBERS), query=query)
    assert ask(other, "neighbors", **NEAR)[0]["row"] == 0
    gate.set()
    assert client.next(lambda content: content["type"] == "reply")[0]["result"]["row"] == 3


def test_what_is_asked_of_a_widget_that_was_closed_does_no_harm(still, blobs):
    other = make(blobs, autostart=False)
    client = Client(still)
    still.close()
    client.say(type="query", client="a client", id=1, query={"name": "neighbors", **NEAR})
    assert ask(other, "neighbors", **NEAR)[0]["row"] == 0


def test_moments_are_told_apart_from_numbers(blobs):
    days = pd.date_range("2024-05-06", periods=len(blobs))
    data = pd.DataFrame({"day": days, "number": np.arange(len(blobs))})
    w = make(blobs, data=data, autostart=False).select(np.arange(30))
    result, _ = ask(w, "contrast", view=0, against=None, limit=200)
    told = {each["feature"]: each for each in result["numbers"]}
    assert (told["day"]["selected_mean"], told["number"]["selected_mean"]) == ("2024-05-20", "14.5")
    assert (told["day"]["low"], told["number"]["low"]) == ("2024-05-06", "0.58")
    seconds = w.contrast().set_index("feature").loc["day", "selected"]
    assert seconds == days[:30].astype("int64").to_numpy().mean() / 1e9

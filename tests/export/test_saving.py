"""What a widget leaves behind: a page without Python, and the code that makes its maps."""

from __future__ import annotations

import base64
import errno
import hashlib
import io
import json
import re
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    MissingDependencyError,
    SaveError,
    TSNEWidget,
    UnknownColumnError,
    __version__,
)

PATIENCE = 60
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def widget(blobs):
    kinds = [f"kind {row % 3}{HOSTILE}" for row in range(len(blobs))]
    others = {"asked": np.arange(len(blobs)) * 7, "secret": [f"classified{row}" for row in range(len(blobs))]}
    made = TSNEWidget(
        blobs, labels={"kind": kinds}, data=others, perplexity=[5, 9], max_iter=40, autostart=False
    )
    yield made.step(2).wait(PATIENCE)
    made.close()


def saved_in(path: Path) -> dict:
    (text,) = re.findall(
        r'<script id="saved" type="application/json">(.*?)</script>', path.read_text("utf-8")
    )
    return json.loads(text)


def test_a_page_holds_the_columns_that_were_asked_for_and_no_others(widget, tmp_path):
    path = widget.save_html(tmp_path / "maps.html", columns=["asked"])
    text, saved = path.read_text("utf-8"), saved_in(path)
    assert "classified" not in text
    assert "columns in this file: kind, asked" in text
    assert [(column["name"], column["values"][:3]) for column in saved["columns"]] == [("asked", [0, 7, 14])]
    assert saved["traits"]["tooltip_columns"] == ["asked"]


def test_a_page_has_all_traits_that_the_view_reads(widget, tmp_path):
    source = (Path(__file__).parents[2] / "js" / "src" / "wire" / "traits.ts").read_text("utf-8")
    (traits,) = re.findall(r"export interface Traits \{(.*?)\n\}", source, re.DOTALL)
    read = set(re.findall(r"^  (\w+):", traits, re.MULTILINE))
    read -= {"_told", "_bundle"}  # which a page only sets, and what it is itself
    assert set(saved_in(widget.save_html(tmp_path / "maps.html"))["traits"]) == read


def test_a_page_knows_the_order_of_what_is_no_number_and_keeps_the_scale(blobs, tmp_path):
    n = len(blobs)
    data = {
        "stay": np.arange(n)[::-1].astype("m8[h]"),
        "id": [2**53 + 1 - row for row in range(n)],
        "p": np.geomspace(1e-50, 1, n),
    }
    w = (
        TSNEWidget(blobs, data=data, color_by="p", perplexity=5, max_iter=40, autostart=False)
        .step(2)
        .wait(60)
    )
    w.color_scale = "log"
    saved = saved_in(w.save_html(tmp_path / "maps.html", columns=["stay", "id", "p"]))
    w.close()
    ranks = {column["name"]: column["ranks"] for column in saved["columns"]}
    assert ranks == {"stay": list(range(n))[::-1], "id": list(range(n))[::-1], "p": None}
    assert saved["columns"][0]["values"][:2] == ["2 d 11 h", "2 d 10 h"]
    assert saved["traits"]["color_scale"] == "log"
    assert saved["traits"]["_color"]["transforms"] == ["linear", "log"]


def test_coordinates_are_those_of_the_maps(widget, tmp_path):
    saved = saved_in(widget.save_html(tmp_path / "maps.html"))
    for snapshot, run in zip(saved["traits"]["_snapshot"], widget.runs, strict=True):
        quantized = np.frombuffer(base64.b64decode(snapshot["points"]["base64"]), "<u2").reshape(-1, 2)
        points = np.array(snapshot["offset"]) + snapshot["scale"] * quantized
        assert points == pytest.approx(run.embedding_, abs=1e-4 * float(np.ptp(run.embedding_)))


def test_nothing_of_the_data_can_become_a_tag_or_a_script(widget, tmp_path):
    text = widget.save_html(tmp_path / "maps.html", columns=["kind"]).read_text("utf-8")
    assert "<img" not in text
    (code,) = re.findall(r'<script type="module">(.*?)</script>', text, re.DOTALL)
    (allowed,) = re.findall(r"script-src &#x27;sha256-([^&]+)&#x27;", text)
    assert allowed == base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()


def test_a_map_that_has_not_settled_is_said_to_be_so(widget, blobs, tmp_path):
    assert widget.save_html(tmp_path / "maps.html").read_text("utf-8").count("<li>NOT SETTLED") == 2
    settled = TSNEWidget(blobs, perplexity=9).wait(PATIENCE)
    assert "<li>NOT SETTLED" not in settled.save_html(tmp_path / "maps.html").read_text("utf-8")
    settled.close()


def test_a_file_is_written_as_a_whole_or_not_at_all(widget, tmp_path, monkeypatch):
    path = tmp_path / "maps.html"
    path.write_text("as it was")

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(SaveError, match=r"maps\.html cannot be written.*No space left") as caught:
        widget.save_html(path)
    assert isinstance(caught.value, OSError)
    assert [file.read_text() for file in tmp_path.iterdir()] == ["as it was"]


def test_what_cannot_be_saved_is_refused(widget, tmp_path):
    with pytest.raises(SaveError, match="nowhere"):
        widget.save_html(tmp_path / "nowhere" / "maps.html")
    with pytest.raises(InvalidTypeError, match="path=3"):
        widget.save_html(3)
    with pytest.raises(UnknownColumnError, match="askd"):
        widget.save_html(tmp_path / "maps.html", columns=["askd"])
    with pytest.raises(InvalidTypeError, match="columns='asked'"):
        widget.save_html(tmp_path / "maps.html", columns="asked")


def test_pictures_are_refused(blobs, tmp_path):
    pictures = list(np.zeros((len(blobs), 4, 4), np.uint8))
    widget = TSNEWidget(blobs, data={"photo": pictures}, perplexity=9, autostart=False)
    with pytest.raises(InvalidValueError, match="'photo'"):
        widget.save_html(tmp_path / "maps.html", columns=["photo"])
    widget.close()


def images_in(saved: dict) -> list[np.ndarray | None]:
    files = [one and io.BytesIO(base64.b64decode(one["data"]["base64"])) for one in saved["images"]]
    return [file and np.asarray(Image.open(file)) for file in files]


def test_a_page_holds_pictures_if_asked_for_and_says_how_many(blobs, tmp_path):
    pictures = np.random.default_rng(0).integers(0, 256, (len(blobs), 8, 6, 3), dtype=np.uint8)
    w = TSNEWidget(
        blobs, image=lambda row: pictures[row] if row else None, perplexity=9, max_iter=20, show_images=True
    ).wait(PATIENCE)
    path = w.save_html(tmp_path / "maps.html", images=True)
    saved = saved_in(path)
    assert f"pictures in this file: {len(blobs) - 1}, at most 64 pixels wide and high (less than 1 MB)" in (
        path.read_text("utf-8")
    )
    assert (saved["traits"]["_rows"]["image"], saved["traits"]["show_images"]) == (True, True)
    none, *others = images_in(saved)
    assert none is None
    np.testing.assert_array_equal(others, pictures[1:])
    saved = saved_in(w.save_html(tmp_path / "maps.html"))
    assert (saved["images"], saved["traits"]["_rows"]["image"]) == (None, False)
    w.close()


def encoded(pixels: np.ndarray, kind: str) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind)
    return file.getvalue()


def test_large_pictures_become_small_and_small_files_stay_as_they_are(blobs, tmp_path):
    noise = np.random.default_rng(0).integers(0, 256, (100, 200, 4), dtype=np.uint8)
    small = encoded(noise[:4, :4, :3], "PNG")
    kinds = [noise, encoded(noise, "PNG"), encoded(noise[..., :3], "JPEG"), small]
    w = TSNEWidget(blobs, image=lambda row: kinds[row % 4], perplexity=9, max_iter=20).wait(PATIENCE)
    saved = saved_in(w.save_html(tmp_path / "maps.html", images=True))
    w.close()
    assert [one["mime"] for one in saved["images"][:4]] == [
        "image/png",
        "image/webp",
        "image/webp",
        "image/png",
    ]
    assert [one.shape for one in images_in(saved)[:3]] == [(32, 64, 4), (32, 64, 4), (32, 64, 3)]
    assert base64.b64decode(saved["images"][3]["data"]["base64"]) == small


def test_pictures_that_cannot_be_saved_are_an_error(widget, blobs, tmp_path, monkeypatch):
    path = tmp_path / "maps.html"
    with pytest.raises(InvalidValueError, match=r"images=True .* no pictures"):
        widget.save_html(path, images=True)
    with pytest.raises(InvalidTypeError, match="images='yes'"):
        widget.save_html(path, images="yes")
    broken = encoded(np.zeros((9, 9), np.uint8), "PNG")[:40] + bytes(5000)
    w = TSNEWidget(blobs, image=lambda _: broken, perplexity=9, max_iter=20).wait(PATIENCE)
    with pytest.raises(DataError, match="picture of row 0 cannot be read"):
        w.save_html(path, images=True)
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(MissingDependencyError, match=r"tsne_widget\[image\]"):
        w.save_html(path, images=True)
    w.close()
    assert not path.exists()


def test_a_page_says_what_it_shows_and_when_it_was_saved(widget, tmp_path):
    text = widget.save_html(tmp_path / "maps.html").read_text("utf-8")
    rows = f"{len(widget.embedding_ if len(widget.runs) == 1 else widget.runs[0].embedding_):,} rows"
    assert f"<title>t-SNE of {rows}</title>" in text
    assert f"<h1>t-SNE of {rows}</h1>" in text
    assert f"2 maps of {rows} with 5 features, coloured by kind. 2 of them have not settled." in text
    assert re.search(rf"Saved on \d{{4}}-\d\d-\d\d with tsne_widget {re.escape(__version__)}\.", text)
    named = widget.save_html(tmp_path / "maps.html", title=HOSTILE, description="a\nb {title}" + HOSTILE)
    text = named.read_text("utf-8")
    escaped = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;"
    assert f"<h1>{escaped}</h1>" in text
    assert f'<p class="description">a\nb {{title}}{escaped}</p>' in text
    with pytest.raises(InvalidTypeError, match="title=3"):
        widget.save_html(tmp_path / "maps.html", title=3)
    with pytest.raises(InvalidTypeError, match="description="):
        widget.save_html(tmp_path / "maps.html", description=["a"])


def parts(recipe: str) -> tuple[str, str]:
    ours, theirs = re.split(r"\n\n(?=# (?:A similar map|Similar maps) )", recipe)
    return ours, theirs


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"exaggeration": [1, 4], "perplexity": [5, 9]},
        {"metric": "cosine", "early_exaggeration": 4, "learning_rate": 20, "exaggeration": 1.5},
        pytest.param(
            {"perplexity": [5, 9], "random_state": [0, 3], "init": "random"}, marks=pytest.mark.slow
        ),
        pytest.param({"multiscale": [4], "metric": "chebyshev"}, marks=pytest.mark.slow),
        pytest.param({"init": "coordinates"}, marks=pytest.mark.slow),
    ],
    ids=str,
)
def test_the_recipe_makes_the_same_maps_and_runs_in_scikit_learn(blobs, parameters):
    coordinates = np.random.default_rng(0).normal(size=(len(blobs), 2)).astype("float32")
    parameters = {"perplexity": 9, "max_iter": 30, **parameters}
    if parameters.get("init") == "coordinates":
        parameters["init"] = coordinates
    widget = TSNEWidget(blobs, **parameters).wait(PATIENCE)
    ours, theirs = parts(widget.recipe())
    names = {"X": blobs, "init": coordinates}
    exec(ours, names)
    again = names["w"].wait(PATIENCE)
    assert [run.embedding_.tobytes() for run in again.runs] == [
        run.embedding_.tobytes() for run in widget.runs
    ]
    exec(theirs, names)
    made = names["embeddings"] if len(widget.runs) > 1 else [names["embedding"]]
    known = {(run.perplexity, run.random_state) for run in widget.runs}  # it has no exaggeration
    assert [one.shape for one in made] == [(len(blobs), 2)] * len(known)
    for each in (widget, again):
        each.close()


def taxi(x, y):
    return float(np.abs(x - y).sum())


COORDINATES = np.random.default_rng(1).normal(size=(2, 60, 2)).astype("float32")


@pytest.mark.parametrize(
    ("parameters", "yours"),
    [
        (
            {"init": [*COORDINATES, "random"]},
            {
                "init_1": (COORDINATES[0], "init_1 (shown as 'given')"),
                "init_2": (COORDINATES[1], "init_2 (shown as 'given 2')"),
            },
        ),
        ({"metric": lambda x, y: taxi(x, y)}, {"metric": (taxi, "metric (shown as '<lambda>')")}),
        (
            {"metric": [partial(taxi), taxi, partial(taxi)]},
            {
                "metric_1": (partial(taxi), "metric_1 (shown as 'own metric')"),
                "metric_2": (partial(taxi), "metric_2 (shown as 'own metric 2')"),
                "taxi": (taxi, ""),
            },
        ),
        (
            {"metric": "seuclidean", "metric_params": {"V": np.arange(1.0, 6)}},
            {"metric_params": ({"V": np.arange(1.0, 6)}, "metric_params")},
        ),
    ],
    ids=["inits", "lambda", "metrics", "an array among the parameters"],
)
def test_the_recipe_has_a_variable_for_each_value_without_a_name(blobs, parameters, yours):
    assert blobs.shape[0] == 60
    widget = TSNEWidget(blobs, perplexity=9, max_iter=30, **parameters).wait(PATIENCE)
    ours, theirs = parts(widget.recipe())
    told = ", ".join(said for _, said in yours.values() if said)
    assert f"# Set to your own: {told}.\n" in ours
    names = {"X": blobs, **{name: value for name, (value, _) in yours.items()}}
    exec(ours, names)
    again = names["w"].wait(PATIENCE)
    assert [run.embedding_.tobytes() for run in again.runs] == [
        run.embedding_.tobytes() for run in widget.runs
    ]
    exec(theirs, names)
    assert len(names.get("embeddings", "1")) == len(widget.runs)
    for each in (widget, again):
        each.close()


def test_the_recipe_says_what_scikit_learn_has_not_and_that_maps_were_removed(blobs):
    widget = TSNEWidget(
        blobs,
        labels=range(len(blobs)),
        affinity="uniform",
        perplexity=[5, 9],
        init=["pca", "random"],
        autostart=False,
    )
    widget.runs[0].remove()
    ours, theirs = parts(widget.recipe())
    assert "labels=labels" in ours
    assert "Only 3 of these maps remained" in ours
    assert "always does 250 exaggerated iterations and has only Gaussian weights." in theirs
    widget.close()


def test_a_page_shows_new_rows_as_they_were(blobs, tmp_path):
    made = TSNEWidget(blobs, max_iter=20, perplexity=8).wait(60)
    made.place(blobs[:2] + 0.1, labels=["a", "b"], name="tomorrow").wait(60)
    path = made.save_html(tmp_path / "map.html")
    saved = saved_in(path)
    assert "new rows in this file: tomorrow, 2<" in path.read_text("utf-8")
    assert saved["traits"]["_new_rows"]["labels"] == ["a", "b"]
    told = saved["traits"]["_snapshot"][0]["placed"]
    points = np.frombuffer(base64.b64decode(told["points"]["base64"]), "<f4")
    np.testing.assert_array_equal(points.reshape(-1, 2), made.placed[["x", "y"]])
    assert told["number"] == saved["traits"]["_new_rows"]["number"]
    made.close()

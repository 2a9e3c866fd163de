"""A saved page that places new rows: what it holds, and that its function is Python's."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.clients import PATIENCE, make
from tests.export.test_saving import saved_in
from tsne_widget import InvalidTypeError, NotComputedError, ParametricTSNE
from tsne_widget.data.scales import Standard
from tsne_widget.export.functions import packed
from tsne_widget.maps.run import Run
from tsne_widget.parametric.model import MapFunction
from tsne_widget.parametric.scaling import Scaling
from tsne_widget.wire import traits

pytestmark = pytest.mark.usefixtures("close_widgets")
SAMPLES = json.loads((Path(__file__).parents[1] / "protocol" / "functions.json").read_text("utf-8"))


def numbers(told, kind):
    return np.frombuffer(base64.b64decode(told["base64"]), kind)


def unpacked(told) -> MapFunction:
    origin = numbers(told["origin"], "<f8")
    return MapFunction(
        Scaling(origin, told["scale"], told["unit"]),
        numbers(told["landmarks"], "<f4").reshape(told["count"], len(origin)),
        numbers(told["places"], "<f4").reshape(-1, 2),
        reach=told["reach"],
    )


def standard_of(told) -> Standard | None:
    if told["means"] is None:
        return None
    means, deviations = (numbers(told[name], "<f8") for name in ("means", "deviations"))
    return Standard(means, deviations, None)


def on_scale(told, rows):
    standard = standard_of(told)
    return rows if standard is None else (rows - standard.means) / standard.deviations


@pytest.fixture(scope="module")
def frame(blobs):
    return pd.DataFrame(np.asarray(blobs, np.float64), columns=[f"gene {i}" for i in range(blobs.shape[1])])


@pytest.fixture
def w(frame):
    return make(frame, beside=["parametric", "pca"]).wait(PATIENCE)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_rows_lie_where_the_samples_say(sample):
    function = unpacked(sample["function"])
    rows = on_scale(sample["function"], np.array(sample["rows"]))
    np.testing.assert_allclose(function.transform(rows), sample["positions"], rtol=1e-5, atol=1e-4)
    to_landmarks = np.linalg.norm(function.scaling(rows)[:, None] - function.landmarks[None], axis=2)
    np.testing.assert_allclose(to_landmarks.min(axis=1), sample["distances"], rtol=1e-5)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["name"])
def test_functions_are_packed_as_the_samples_are(sample):
    told = packed(0, unpacked(sample["function"]), standard_of(sample["function"]))
    encoded = {
        name: {"base64": base64.b64encode(value).decode()} if isinstance(value, bytes) else value
        for name, value in told.items()
    }
    assert encoded == sample["function"]


def test_a_page_holds_the_function_if_it_is_asked_for(w, frame, tmp_path):
    path = w.save_html(tmp_path / "maps.html", place=True)
    placing = saved_in(path)["placing"]
    assert placing["features"] == list(frame.columns)
    run = w.beside["Parametric t-SNE"]
    (told,) = placing["functions"]
    assert told["run"] == run.id
    made = unpacked(told)
    np.testing.assert_allclose(made.transform(frame.to_numpy()), run.embedding_, atol=1e-4)
    fact = f"this file places new rows on Parametric t-SNE, and for that holds {told['count']} landmarks"
    assert fact in path.read_text("utf-8")
    why = {one["run"]: one["words"] for one in placing["why_not"]}
    assert why == {
        w.runs[0].id: "no new rows: t-SNE places new rows only with Python",
        w.beside["PCA"].id: "no new rows: PCA places new rows only with Python",
    }


def test_a_page_holds_nothing_of_rows_unless_it_is_asked_for(w, tmp_path):
    path = w.save_html(tmp_path / "maps.html")
    assert saved_in(path)["placing"] is None
    assert "landmarks" not in path.read_text("utf-8").split("<script")[0]
    assert "gene 1" not in path.read_text("utf-8")


def test_no_row_of_the_data_lies_beyond_it(frame, w, tmp_path):
    (told,) = saved_in(w.save_html(tmp_path / "maps.html", place=True))["placing"]["functions"]
    function = unpacked(told)
    rows = frame.to_numpy()

    def beyond(rows):
        to_landmarks = np.linalg.norm(function.scaling(rows)[:, None] - function.landmarks[None], axis=2)
        return to_landmarks.min(axis=1) > told["reach"]

    assert not beyond(rows).any()
    near = rows + np.random.default_rng(0).normal(0, 0.01, rows.shape)
    assert not beyond(near).any()
    assert beyond(rows + 100).all()


def test_a_fitted_estimator_is_a_function_in_the_units_of_its_map(frame, tmp_path):
    fitted = ParametricTSNE(perplexity=8, max_iter=60).fit(frame)
    w = make(frame, beside={"fitted": fitted}).wait(PATIENCE)
    (told,) = saved_in(w.save_html(tmp_path / "maps.html", place=True))["placing"]["functions"]
    made = unpacked(told).transform(frame.to_numpy())
    centered = fitted.embedding_ - fitted.embedding_.mean(axis=0)
    np.testing.assert_allclose(made, centered, atol=1e-4)


def test_a_page_standardises_new_rows_as_the_map_did(frame, tmp_path):
    uneven = frame * [1, 1000, 1, 1, 0.01] + 50
    fitted = ParametricTSNE(perplexity=8, max_iter=60).fit(uneven)
    w = make(uneven, standardize=True, beside={"own": "parametric", "fitted": fitted}).wait(PATIENCE)
    told = saved_in(w.save_html(tmp_path / "maps.html", place=True))["placing"]["functions"]
    for one, name in zip(told, ("own", "fitted"), strict=True):
        placed = unpacked(one).transform(on_scale(one, uneven.to_numpy()))
        points = w.beside[name].embedding_ - w.beside[name].embedding_.mean(axis=0)
        np.testing.assert_allclose(placed - placed.mean(axis=0), points, atol=1e-3)


def test_a_function_of_other_features_is_refused(frame, tmp_path):
    fitted = ParametricTSNE(perplexity=8, max_iter=60).fit(frame.iloc[:, :3])
    w = make(frame, beside={"fitted": fitted}).wait(PATIENCE)
    with pytest.raises(NotComputedError, match="fitted: it was fitted to 3 features, and X has 5"):
        w.save_html(tmp_path / "maps.html", place=True)


def test_maps_that_are_no_functions_are_refused_with_their_reasons(frame, tmp_path):
    network = ParametricTSNE(perplexity=8, max_iter=30, hidden=(8,)).fit(frame)
    given = np.zeros((len(frame), 2)) + np.arange(len(frame))[:, None]
    w = make(frame, beside={"network": network, "mine": given}).wait(PATIENCE)
    with pytest.raises(NotComputedError) as caught:
        w.save_html(tmp_path / "maps.html", place=True)
    assert "place=True needs a map that is a function of a row, such as beside='param" in str(caught.value)
    assert "network: ParametricTSNE places new rows only with Python" in str(caught.value)
    assert "mine: given coordinates have no way to place new rows" in str(caught.value)
    with pytest.raises(InvalidTypeError, match="place=3"):
        w.save_html(tmp_path / "maps.html", place=3)
    assert not list(tmp_path.iterdir())


def test_a_map_that_moves_is_no_function(frame, tmp_path, monkeypatch):
    w = make(frame, beside="parametric", autostart=False)
    w.beside["Parametric t-SNE"].step(5)
    w.wait(PATIENCE)
    with monkeypatch.context() as moving:
        moving.setattr(Run, "resting", False)
        with pytest.raises(
            NotComputedError, match="Parametric t-SNE: the map moved while the page was saved"
        ):
            w.save_html(tmp_path / "maps.html", place=True)
    assert saved_in(w.save_html(tmp_path / "maps.html", place=True))["placing"]["functions"]


def test_the_function_is_that_of_the_layout_in_the_page(frame, w, tmp_path, monkeypatch):
    run = w._driver.run_of(w.beside["Parametric t-SNE"].id)
    told = traits.snapshot_trait

    def late(status, *others):
        return told(replace(status, iteration=status.iteration - 1), *others)

    monkeypatch.setattr(traits, "snapshot_trait", late)
    assert run.resting
    with pytest.raises(NotComputedError, match="Parametric t-SNE: the map moved while the page was saved"):
        w.save_html(tmp_path / "maps.html", place=True)

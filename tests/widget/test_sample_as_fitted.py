"""The fitted map of a sample above the density of all rows: as it was fitted, as long as it stays so."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.clients import NUMBERS, Client
from tests.placed import write_placed
from tsne_widget import (
    TSNE,
    DataError,
    InvalidTypeError,
    InvalidValueError,
    NotComputedError,
    SavingWarning,
    TSNEWidget,
    UnknownParameterError,
)
from tsne_widget.data.checksum import digest

pytestmark = pytest.mark.usefixtures("close_widgets")

PATIENCE = 60
N, ROWS = 60, 3_000
GIVEN = {"perplexity": 8, "max_iter": 120, "early_exaggeration_iter": 40, "random_state": 3}


@pytest.fixture(scope="module")
def X():
    rng = np.random.default_rng(0)
    return (8 * np.eye(4)[np.arange(N) % 4] + rng.normal(size=(N, 4))).astype(np.float32)


@pytest.fixture(scope="module")
def fitted(X):
    return TSNE(**GIVEN).fit(pd.DataFrame(X, columns=list("abcd")))


@pytest.fixture(scope="module")
def folder(fitted, tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "placed"
    rng = np.random.default_rng(1)
    points = fitted.embedding_[rng.integers(N, size=ROWS)] + rng.normal(size=(ROWS, 2))
    write_placed(path, points.astype(np.float32), sampled=N, map=digest(fitted.embedding_))
    return path


@pytest.fixture
def w(fitted, folder):
    return TSNEWidget.from_sample(fitted, folder, labels=np.arange(N) % 4)


def ask(w, *tiles):
    """Ask for tiles; return the reply's content, its buffers, and the progress that was told before."""
    client, number, told = Client(w), next(NUMBERS), []
    query = {"name": "density", "tiles": [list(tile) for tile in tiles], "view": 0}
    client.say(type="query", client=client.name, id=number, query=query)

    def look(content):
        if content["type"] == "progress":
            told.append(content["share"])
        return content["type"] == "reply"

    content, buffers = client.next(look)
    assert content["id"] == number
    return content, [bytes(buffer) for buffer in buffers], told


def test_the_map_is_there_as_fitted_before_and_after_its_neighbours_are_found(w, fitted):
    for _ in range(2):
        np.testing.assert_array_equal(w.embedding_, fitted.embedding_)
        assert w.embedding_.dtype == np.float32
        assert (w.n_iter_, w.kl_divergence_) == (fitted.n_iter_, fitted.kl_divergence_)
        assert w.status == ("settled" if fitted.settled_ else "not settled yet")
        w.wait(PATIENCE)
    assert (w.perplexity, w.random_state) == (8, 3)
    assert 0 < w.runs[0].neighbors_kept_ <= 1
    (frame,) = w.runs[0].history
    assert frame.iteration == fitted.n_iter_
    assert [column["name"] for column in w._columns if column["feature"]] == list("abcd")


def test_controls_act_and_the_map_as_fitted_stays_in_the_history(w, fitted):
    told = w._density
    w.perplexity = 12
    w.wait(PATIENCE)
    assert w.n_iter_ > fitted.n_iter_
    assert not np.array_equal(w.embedding_, fitted.embedding_)
    (frame,) = [one for one in w.runs[0].history if one.iteration == told["iteration"]]
    assert frame.epoch == told["epoch"] == 0
    span = float(np.ptp(fitted.embedding_, axis=0).max())
    np.testing.assert_allclose(frame.embedding, fitted.embedding_, atol=span / 65_535)
    w.restart().wait(PATIENCE)
    assert w.status in ("settled", "not settled yet")


def test_the_trait_says_where_the_density_belongs_and_what_it_is(w, fitted):
    told = w._density
    low, high = np.array(told["corner"]), np.array(told["corner"]) + told["side"]
    assert (low <= fitted.embedding_).all()
    assert (fitted.embedding_ <= high).all()
    assert (told["run"], told["epoch"], told["iteration"]) == (w.runs[0].id, 0, fitted.n_iter_)
    assert told["words"] == ["a sample of 60 of 3,000 rows", "the shade is the density of all"]
    assert told["elsewhere"] == "the density of 3,000 rows belongs to the map as it was fitted"


def test_tiles_are_counted_for_clients_beside_the_maps(w):
    content, buffers, told = ask(w, (0, 0, 0), (3, 0, 7), (1, 1, 0))
    result = content["result"]
    assert content["error"] is None
    assert told == sorted(told)
    assert told[-1] <= 1
    filled = [tile["filled"] for tile in result["tiles"]]
    assert [(tile["level"], tile["column"], tile["row"]) for tile in result["tiles"]] == [
        (0, 0, 0),
        (3, 0, 7),
        (1, 1, 0),
    ]
    bins, counts = np.frombuffer(buffers[0], "<u2"), np.frombuffer(buffers[1], "<u4")
    assert len(bins) == len(counts) == sum(filled)
    assert counts[: filled[0]].sum() == ROWS
    assert len(set(bins[: filled[0]])) == filled[0]
    assert result["full"] >= 1
    assert result["unlike"].endswith("rows are unlike the sample")
    assert int(result["unlike"].split()[0]) > 0


def test_an_empty_tile_has_no_buffers(w):
    content, buffers, _ = ask(w, (12, 0, 0))
    assert (content["result"]["tiles"][0]["filled"], buffers) == (0, [])


def test_files_that_lack_rows_and_widgets_without_a_density_say_so(fitted, folder, tmp_path, X):
    made = {"sampled": N, "map": digest(fitted.embedding_)}
    write_placed(tmp_path / "placed", fitted.embedding_, **made, rows=N + 1)
    broken = TSNEWidget.from_sample(fitted, tmp_path / "placed")
    assert "60 rows, and _map.json tells of 61" in ask(broken, (0, 0, 0))[0]["error"]
    plain = TSNEWidget(X, autostart=False, **GIVEN)
    assert plain._density is None
    assert "no density" in ask(plain, (0, 0, 0))[0]["error"]


def test_another_map_in_the_folder_is_no_longer_this_ones_density(fitted, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    about = {"sampled": N, "map": digest(fitted.embedding_)}
    write_placed(tmp_path / "placed", fitted.embedding_, **about)
    w = TSNEWidget.from_sample(fitted, "~/placed")
    assert "result" in ask(w, (0, 0, 0))[0]
    written = tmp_path / "placed" / "_map.json"
    (tmp_path / "other").write_text(written.read_text())
    (tmp_path / "other").replace(written)
    assert "holds another map by now" in ask(w, (4, 8, 8))[0]["error"]


def test_a_page_and_pictures_have_the_density_of_the_map_as_fitted(w, tmp_path):
    page = w.save_html(tmp_path / "map.html").read_text("utf-8")
    assert "density in this file: a sample of 60 of 3,000 rows" in page
    saved = json.loads(page.split('<script id="saved" type="application/json">')[1].split("</script>")[0])
    assert saved["traits"]["_density"]["levels"] == 0
    (tile,) = saved["density"]["result"]["tiles"]
    assert (tile["level"], tile["filled"] > 0) == (0, True)
    picture = w.save_image(tmp_path / "map.svg").read_text("utf-8")
    assert "A sample of 60 of 3,000 rows; the shade" in picture
    assert picture.count("<image") == 1
    w.step(1).wait(PATIENCE)
    picture = w.save_image(tmp_path / "map.svg").read_text("utf-8")
    assert "<image" not in picture
    assert "the shade" not in picture


def test_a_loaded_widget_has_the_density_again_if_it_is_told_where(w, X, folder, tmp_path):
    given = tmp_path / "maps.tsne", pd.DataFrame(X, columns=list("abcd")), np.arange(N) % 4
    w.save(given[0])
    loaded = TSNEWidget.load(*given, placed=folder, n_jobs=1)
    np.testing.assert_array_equal(loaded.embedding_, w.embedding_)
    assert loaded._density == w._density
    (content, buffers, _), (same, same_buffers, _) = ask(loaded, (0, 0, 0)), ask(w, (0, 0, 0))
    assert (content["result"], buffers) == (same["result"], same_buffers)
    with pytest.warns(SavingWarning, match="placed= brings it back"):
        without = TSNEWidget.load(*given)
    assert without._density is None
    without.save(given[0])  # the file still knows of it
    assert TSNEWidget.load(*given, placed=folder)._density == w._density
    write_placed(tmp_path / "placed", w.embedding_, sampled=N)
    with pytest.raises(DataError, match="were placed on another map"):
        TSNEWidget.load(*given, placed=tmp_path / "placed")
    plain = TSNEWidget(X, autostart=False, **GIVEN)
    plain.save(tmp_path / "plain.tsne")
    with pytest.raises(InvalidValueError, match="placed has no effect"):
        TSNEWidget.load(tmp_path / "plain.tsne", X, placed=folder)


def test_a_turned_map_turns_its_density_too(w, tmp_path, monkeypatch):
    from matplotlib.image import AxesImage

    w.wait(PATIENCE).beside = {"turned": w.embedding_ @ [[0.0, 1.0], [-1.0, 0.0]]}
    w.wait(PATIENCE)
    w.reference = 1
    drawn = []
    draw = AxesImage.draw
    monkeypatch.setattr(AxesImage, "draw", lambda self, *given: drawn.append(self) or draw(self, *given))
    w.save_image(tmp_path / "map.png")
    (image,) = drawn
    points = image.axes.collections[0].get_offsets()
    shown = (image.get_transform() - image.axes.transData).transform(w.runs[0].embedding_)
    order = np.lexsort(points.data.T)
    np.testing.assert_allclose(points[order], shown[np.lexsort(shown.T)], atol=1e-4)


def test_a_pipeline_shows_the_rows_as_its_map_saw_them(X, tmp_path):
    piped = make_pipeline(StandardScaler(), TSNE(**GIVEN)).fit(X)
    places = piped[-1].embedding_
    write_placed(tmp_path / "placed", places, sampled=N, map=digest(places))
    w = TSNEWidget.from_sample(
        piped, tmp_path / "placed", data={"name": [str(i) for i in range(N)]}, height=300
    )
    np.testing.assert_array_equal(w.embedding_, piped[-1].embedding_)
    assert w.height == 300


def test_what_is_no_fitted_map_of_these_rows_is_refused(X, fitted, folder):
    made = TSNEWidget.from_sample
    with pytest.raises(InvalidTypeError, match="fitted"):
        made(StandardScaler().fit(X), folder)
    with pytest.raises(NotComputedError, match="not fitted"):
        made(TSNE(), folder)
    with pytest.raises(InvalidValueError, match="n_components=1"):
        made(TSNE(1, **GIVEN).fit(X), folder)
    distances = np.linalg.norm(X[:, None] - X, axis=2)
    with pytest.raises(InvalidValueError, match="precomputed"):
        made(TSNE(metric="precomputed", **GIVEN).fit(distances), folder)
    with pytest.raises(DataError, match=r"fitted has 59 rows, and the rows in .* on a map of 60"):
        made(TSNE(**GIVEN).fit(X[1:]), folder)
    with pytest.raises(DataError, match="fitted is not the map on which the rows in"):
        made(TSNE(**{**GIVEN, "random_state": 4, "init": "random"}).fit(X), folder)
    for name in ("perplexity", "X", "standardize", "init"):
        with pytest.raises(UnknownParameterError, match=f"'{name}' is no parameter of from_sample"):
            made(fitted, folder, **{name: 5})
    with pytest.raises(UnknownParameterError, match="did you mean 'height'"):
        made(fitted, folder, heigth=5)

"""A line-up: the map among maps of noise, which only its shape tells from them."""

from __future__ import annotations

import _thread
import html
import re
import threading
from base64 import b64decode
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from sklearn.datasets import make_blobs
from sklearn.metrics import pairwise_distances

from tests.clients import ENDLESS, NUMBERS, PATIENCE, Client, make
from tsne_widget import DataError, InvalidTypeError, InvalidValueError, NotComputedError, SeveralRunsError
from tsne_widget.widget import lining_up

pytestmark = pytest.mark.usefixtures("close_widgets")

N = 90


@pytest.fixture(scope="module")
def rows() -> np.ndarray:
    """Three clumps far apart."""
    return make_blobs(N, n_features=4, centers=3, cluster_std=0.3, random_state=0)[0]


@pytest.fixture
def w(rows):
    return make(rows, max_iter=60, early_exaggeration_iter=20).wait(PATIENCE)


def within(panel: np.ndarray) -> np.ndarray:
    """Distances between the points, which neither turning nor mirroring changes; scaled alike."""
    found = pairwise_distances(panel.astype(np.float64))
    return found / found.max()


def is_map(panel: np.ndarray, w) -> bool:
    return np.allclose(within(panel), within(w.embedding_), atol=1e-4)


def test_one_panel_is_the_map_and_the_others_are_of_other_data_all_drawn_alike(w):
    lineup = w.lineup(4)
    assert len(lineup.maps) == 4
    for panel in lineup.maps:
        assert (panel.shape, panel.dtype) == ((N, 2), np.float32)
        low, high = panel.min(axis=0), panel.max(axis=0)
        assert (high - low).max() == pytest.approx(2, abs=1e-5)
        np.testing.assert_allclose(low + high, 0, atol=1e-5)
    lineup.pick(1)
    assert [is_map(panel, w) for panel in lineup.maps] == [i == lineup.answer for i in (1, 2, 3, 4)]


def test_a_seed_repeats_a_line_up_and_without_one_each_is_another(w):
    first = w.lineup(3)
    again, other = w.lineup(3, first.seed), w.lineup(3)
    first.pick(1), again.pick(1)
    assert first.answer == again.answer
    for one, same in zip(first.maps, again.maps, strict=True):
        np.testing.assert_array_equal(one, same)
    assert other.seed != first.seed
    assert not any(np.array_equal(one, panel) for one in first.maps for panel in other.maps)


def test_the_map_may_stand_anywhere(w):
    places = set()
    for seed in range(12):
        lineup = w.lineup(2, seed)
        lineup.pick(1)
        places.add(lineup.answer)
    assert places == {1, 2}


def test_the_answer_is_told_after_the_first_pick_which_alone_counts(w):
    lineup = w.lineup(3, seed=5)
    with pytest.raises(NotComputedError, match=r"pick\(number\)"):
        lineup.answer  # noqa: B018 # it raises
    assert lineup.picked is None
    right = next(i for i, panel in enumerate(lineup.maps, 1) if is_map(panel, w))
    wrong = right % 3 + 1
    told = lineup.pick(wrong)
    assert not told.found
    assert told.sentence.startswith(
        f"Panel {right} is your map. Panel {wrong} is noise: if noise can look like your map"
    )
    assert lineup.answer == right
    later = lineup.pick(right)
    assert (later.found, later.number, lineup.picked) == (False, wrong, wrong)
    assert later.sentence.startswith(f"Only the first pick counts, panel {wrong}.")
    found = w.lineup(3, seed=5).pick(right)
    assert found.found
    assert repr(found).startswith(
        f"You found it: panel {right} is your map. Chance alone finds it 1 time in 3."
    )


def test_a_pick_is_told_with_what_the_data_say(w, rows):
    told = w.lineup(2).pick(1).sentence
    assert "There is more than noise in these data" in told
    ours, theirs = re.search(
        r"λ₂ of their neighbour graph is (\S+), that of noise reaches (\S+)\.\)", told
    ).groups()
    assert float(ours) > float(theirs)
    noise = np.random.default_rng(0).normal(size=(N, 4))
    noisy = make(noise, max_iter=20, early_exaggeration_iter=5).wait(PATIENCE)
    assert "A Gaussian cloud of the same shape" in noisy.lineup(2).pick(1).sentence
    few = make(rows[:40], perplexity=5, max_iter=20, early_exaggeration_iter=5).wait(PATIENCE)
    assert "There is no answer: there are only 40 different rows" in few.lineup(2).pick(1).sentence


def test_a_notebook_shows_numbered_panels_that_tell_nothing_before_a_pick(w):
    lineup = w.lineup(3, seed=5)
    shown = lineup._repr_html_()
    assert len(shown) < 100_000
    pictures = [Image.open(BytesIO(b64decode(data))) for data in re.findall(r'base64,([^"]+)"', shown)]
    assert [picture.mode for picture in pictures] == ["LA"] * 3
    assert {picture.getextrema()[0] for picture in pictures} == {(128, 128)}
    without_pictures = re.sub(r'src="[^"]+"', "", shown)
    assert re.findall(r"<figcaption[^>]*>([^<]*)<", shown) == ["1", "2", "3"]
    assert len(set(re.findall(r"<img[^>]*style=\"([^\"]*)\"", without_pictures))) == 1
    assert "2 are of noise" in html.unescape(without_pictures)
    lineup.pick(1)
    words = re.findall(r"<figcaption[^>]*>([^<]*)<", lineup._repr_html_())
    assert words[0].endswith("your pick")
    assert [word for word in words if "your map" in word] == [words[lineup.answer - 1]]
    assert repr(lineup).startswith("Line-up of 3 maps")


def test_a_paused_map_stands_among_maps_of_as_many_iterations(rows, monkeypatch):
    w = make(rows, autostart=False, **ENDLESS)
    w.step(7).wait(PATIENCE)
    made = []
    steps = lining_up.NullMaps.steps
    monkeypatch.setattr(
        lining_up.NullMaps, "steps", lambda *args: made.append((yield from steps(*args))) or made[-1]
    )
    first = w.lineup(2, seed=1)
    w.step(5).wait(PATIENCE)
    second = w.lineup(2, seed=1)
    assert len(first.maps) == len(second.maps) == 2
    (rows_of_first, points_of_first), (rows_of_second, points_of_second) = made
    np.testing.assert_array_equal(rows_of_first, rows_of_second)
    assert not np.array_equal(points_of_first, points_of_second)


def test_long_work_says_how_far_it_is_and_an_interrupt_ends_it(w, monkeypatch, capsys):
    w.lineup(3)
    assert capsys.readouterr().out == ""
    monkeypatch.setattr(lining_up, "_QUIET_SECONDS", -1.0)
    w.lineup(3)
    said = [int(one) for one in re.findall(r"\rmaps of noise: (\d+) %", capsys.readouterr().out)]
    assert said == sorted(set(said))
    assert len(said) > 5
    steps = lining_up.NullMaps.steps

    def interrupted(*args):
        _thread.interrupt_main()
        return (yield from steps(*args))

    with monkeypatch.context() as patch:
        patch.setattr(lining_up.NullMaps, "steps", interrupted)
        with pytest.raises(KeyboardInterrupt):
            w.lineup(3)
    assert len(w.lineup(2).maps) == 2
    assert w.resume().wait(PATIENCE).runs[0].status


@pytest.mark.parametrize("metric", ["cosine", "correlation"])
def test_angles_have_noise_too(rows, metric):
    w = make(rows, metric=metric, max_iter=20, early_exaggeration_iter=5).wait(PATIENCE)
    assert len(w.lineup(2).maps) == 2


def test_each_of_several_maps_has_its_own_and_those_of_others_have_none(rows):
    given = np.random.default_rng(0).normal(size=(N, 2))
    w = make(
        rows, perplexity=[5, 20], max_iter=20, early_exaggeration_iter=5, beside={"PCA": "pca", "mine": given}
    ).wait(PATIENCE)
    with pytest.raises(SeveralRunsError):
        w.lineup()
    assert len(w.runs[1].lineup(2).maps) == 2
    pca = w.beside["PCA"].lineup(2, seed=0)
    pca.pick(1)
    assert np.allclose(within(pca.maps[pca.answer - 1]), within(w.beside["PCA"].embedding_), atol=1e-4)
    with pytest.raises(DataError, match="There is no answer: only t-SNE, UMAP and PCA can map structureless"):
        w.beside["mine"].lineup()


def test_a_map_of_a_part_of_the_rows_stands_among_maps_of_as_many(w):
    lineup = w.repeat(1, "rows").wait(PATIENCE).runs[1].lineup(3, seed=0)
    placed = [np.isfinite(panel).all(axis=1).sum() for panel in lineup.maps]
    assert placed == 3 * [np.isfinite(w.runs[1].embedding_).all(axis=1).sum()]
    assert placed[0] < N
    assert all(np.nanmax(panel) == 1 or np.nanmin(panel) == -1 for panel in lineup.maps)
    assert "base64" in lineup._repr_html_()


@pytest.mark.parametrize(
    ("metric", "why"), [("precomputed", "by the given distance"), ("manhattan", "by manhattan distance")]
)
def test_without_such_noise_the_error_says_why(rows, metric, why):
    X = pairwise_distances(rows) if metric == "precomputed" else rows
    w = make(X, metric=metric, max_iter=20, early_exaggeration_iter=5).wait(PATIENCE)
    with pytest.raises(DataError, match=f"There is no answer: {why} rows have no means"):
        w.lineup()


@pytest.mark.parametrize("n", [1, 21])
def test_it_takes_2_to_20_panels(w, n):
    with pytest.raises(
        InvalidValueError, match=rf"n={n} is not allowed: n must be an integer at least 2 and at most"
    ):
        w.lineup(n)


def test_what_is_not_allowed_is_named(w):
    with pytest.raises(InvalidTypeError, match=r"n=2\.5"):
        w.lineup(2.5)
    with pytest.raises(InvalidValueError, match="seed=-1"):
        w.lineup(seed=-1)
    lineup = w.lineup(2)
    with pytest.raises(InvalidValueError, match="number=3 is not allowed"):
        lineup.pick(3)
    with pytest.raises(InvalidTypeError, match="number='a'"):
        lineup.pick("a")
    assert lineup.picked is None


def ask(client: Client, **query) -> None:
    content = {"run": 0, "view": 0, **query}
    client.say(type="query", client=client.name, id=next(NUMBERS), query=content)


def test_a_client_hears_the_progress_and_gets_the_panels_with_what_each_pick_tells(w):
    client = Client(w)
    ask(client, name="lineup", n=3)
    shares = []

    def is_reply(content):
        shares.extend([content["share"]] if content["type"] == "progress" else [])
        return content["type"] == "reply"

    content, buffers = client.next(is_reply)
    assert content["error"] is None
    told, panels = content["result"], [np.frombuffer(one, "<f4").reshape(-1, 2) for one in buffers]
    assert shares == sorted(set(shares))
    assert 0 < shares[0] < shares[-1] <= 1
    assert [is_map(panel, w) for panel in panels] == [i == told["answer"] for i in (1, 2, 3)]
    assert (told["run"], told["epoch"], told["iteration"]) == (0, 0, 60)
    assert [one.startswith("You found it") for one in told["picks"]] == [
        i == told["answer"] for i in (1, 2, 3)
    ]
    assert "There is more than noise" in told["noise"]
    again = w.lineup(3, told["seed"])
    np.testing.assert_array_equal(again.maps, panels)


@pytest.mark.parametrize(
    ("do", "why"),
    [
        (lambda w, client: ask(client, name="drop_read", question="lineup"), "or none"),
        (lambda w, client: setattr(w, "perplexity", 9), "the map has changed|the map is moving"),
        (lambda w, client: w.close(), ""),  # a closed widget says nothing any more
        (lambda w, client: client.bye(), "the view was closed"),
    ],
    ids=["dropped", "changed", "closed", "left"],
)
def test_a_line_up_in_the_making_ends_with_whoever_wants_it(w, do, why, monkeypatch):
    begun, gate, ended = threading.Event(), threading.Event(), threading.Event()

    def endless(*_):
        try:
            while True:
                begun.set()
                yield 0.0
                assert gate.wait(PATIENCE)
        finally:
            ended.set()

    monkeypatch.setattr(lining_up.NullMaps, "steps", endless)
    client = Client(w)
    ask(client, name="lineup", n=3)
    assert begun.wait(PATIENCE)
    do(w, client)
    gate.set()
    assert ended.wait(PATIENCE)
    if why:
        content, _ = client.next(lambda content: content["type"] == "reply" and content["error"])
        assert re.search(why, content["error"])


def test_a_client_is_told_why_there_is_none(rows):
    w = make(pairwise_distances(rows), metric="precomputed", max_iter=20, early_exaggeration_iter=5)
    client = Client(w.wait(PATIENCE))
    ask(client, name="lineup", n=2)
    content, _ = client.next(lambda content: content["type"] == "reply")
    assert content["error"].startswith("There is no answer: by the given distance rows have no means")

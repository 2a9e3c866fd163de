"""Pictures drawn without a browser: what they show, what they say, and what no label can do to them."""

from __future__ import annotations

import io
import sys
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from tsne_widget import InvalidTypeError, InvalidValueError, MissingDependencyError, SaveError, TSNEWidget
from tsne_widget.data import Scale
from tsne_widget.data.colors import MISSING, PALETTES, categorical_colors
from tsne_widget.data.reading import column_of
from tsne_widget.data.written import number
from tsne_widget.export import image as module
from tsne_widget.export.image_legend import (
    ImageLegend,
    legend_of_labels,
    legend_of_scale,
    square_colors,
)
from tsne_widget.export.names import HEIGHT, Names, anchors, contrast, importance, placed, readable
from tsne_widget.export.shade import Shade
from tsne_widget.widget.pictures import pose_onto, posed

PATIENCE = 60
HOSTILE = "<script>alert(1)</script> $x^2$ & '\""
BLUE = (0, 114, 178)


@pytest.fixture
def still(blobs):
    """A widget of two maps that have begun and rest."""
    kinds = np.array(["ant", HOSTILE, "cat"])[np.arange(len(blobs)) % 3]
    made = TSNEWidget(blobs, labels={"kind": kinds}, perplexity=[5, 9], max_iter=40, autostart=False)
    yield made.step(2).wait(PATIENCE)
    made.close()


def texts(path) -> list[str]:
    """Return all that an SVG says."""
    return [element.text for element in ElementTree.parse(path).iter() if element.tag.endswith("}text")]


def share_of(picture: Image.Image, color: tuple[int, int, int]) -> float:
    far = np.abs(np.asarray(picture.convert("RGB")).astype(int) - color).max(axis=2)
    return float((far < 12).mean())


def test_a_png_has_twice_the_pixels_that_were_asked_for_and_shows_the_labels_colors(still, tmp_path):
    picture = Image.open(still.save_image(tmp_path / "maps.png", width=800))
    assert picture.size[0] == 1600
    assert share_of(picture, BLUE) > 0.0005


def test_a_dark_picture_is_dark(still, tmp_path):
    picture = Image.open(still.save_image(tmp_path / "maps.png", width=400, dark=True))
    assert share_of(picture, (17, 17, 17)) > 0.5


def test_text_says_which_maps_they_are_and_that_they_are_not_settled(still, tmp_path):
    said = texts(still.save_image(tmp_path / "maps.svg"))
    assert {"perplexity 5", "perplexity 9", "kind", "ant", "cat", "20"} <= set(said)
    assert sum("NOT SETTLED" in text for text in said) == 2
    assert any("no meaning" in text for text in said)


def test_a_settled_map_is_not_marked(blobs, tmp_path):
    widget = TSNEWidget(blobs, perplexity=8, max_iter=20_000).wait(PATIENCE)
    said = " ".join(texts(widget.save_image(tmp_path / "map.svg")))
    assert widget.settled
    assert "settled at iteration" in said
    assert "NOT" not in said
    widget.close()


def test_labels_are_text_as_they_are_written(still, tmp_path):
    path = still.save_image(tmp_path / "maps.svg")
    assert "<script" not in path.read_text("utf-8")
    assert any(HOSTILE.startswith(text[:17]) for text in texts(path) if "script" in text)


def test_each_point_is_a_shape_up_to_some_thousands_and_a_bitmap_beyond(monkeypatch, still, tmp_path):
    def drawn(path):
        found = [element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()]
        return found.count("use"), found.count("image")

    points, bitmaps = drawn(still.save_image(tmp_path / "few.svg"))
    assert (points >= 2 * still._source.n, bitmaps) == (True, 0)
    monkeypatch.setattr(module, "LARGEST_DRAWN", still._source.n - 1)
    points, bitmaps = drawn(still.save_image(tmp_path / "many.svg"))
    assert (points < still._source.n, bitmaps) == (True, 2)


def test_the_same_map_is_the_same_file(still, tmp_path):
    first, second = (still.save_image(tmp_path / f"{name}.svg").read_bytes() for name in "ab")
    assert first == second


def test_groups_color_where_they_do_in_the_view(still, tmp_path):
    still.groups.save("the first", range(20), "#aa004b")
    still.color_by = "groups"
    said = texts(still.save_image(tmp_path / "maps.svg"))
    assert {"groups", "the first", "in no group", "40"} <= set(said)
    assert share_of(Image.open(still.save_image(tmp_path / "maps.png")), (0xAA, 0, 0x4B)) > 0.0005


def test_what_was_measured_colors_where_it_does_in_the_view_and_is_told(still, tmp_path):
    still.color_by = "density"
    said = " ".join(texts(still.save_image(tmp_path / "maps.svg")))
    assert "density" in said
    assert "dense" in said
    assert "10 nearest" in said
    assert "≥" in said  # the colours end before the sparsest rows
    colors = module._colors(still._pictures.legend(False), False)
    radius = still.local_radius()
    assert colors[radius.argmin()].sum() > colors[radius.argmax()].sum()  # dense is bright
    still.color_by = "stability"
    said = " ".join(texts(still.save_image(tmp_path / "maps.svg")))
    assert f"mean {still.stability().mean():.2f}: " in said
    assert " and ".join(run.title for run in still.runs) in said.replace("  ", " ")
    assert still._pictures.legend(False).values == pytest.approx(still.stability())


def test_two_numbers_of_a_row_mix_two_colors_and_both_are_told(still, tmp_path):
    still.color_by = "distortions"
    said = texts(still.save_image(tmp_path / "maps.svg"))
    assert {"distortions", "upwards: false", "to the right: missing", "0", "1"} <= set(said)
    run = still.runs[1]
    missing, false = run.measure("distortions").T
    assert f"mean missing {missing.mean():.2f}, false {false.mean():.2f}" in " ".join(said)
    legend = still._pictures.legend(False)
    assert legend.values.shape == (2, still._source.n, 2)
    values = np.array([[0, 0], [1, 0], [0, 1], [np.nan, 1]])
    legend = ImageLegend("x", np.zeros(4, int), [], values=values, parts=("a", "b"))
    pale, blue, orange, missing = module._colors(legend, False)
    assert pale.min() > 0.8
    assert blue.argmax() == 2
    assert orange.argmax() == 0
    assert (missing * 255 == 0xB0).all()


@pytest.mark.parametrize("dark", [False, True])
def test_the_square_of_colors_is_the_views(dark):
    corners = square_colors(np.array([[0, 0], [1, 0], [0, 1], [1, 1]]), dark)
    written = ["".join(f"{round(255 * part):02x}" for part in corner) for corner in corners]
    assert written == PALETTES["square"]["dark" if dark else "light"].split()
    assert (square_colors(np.array([[0.5, 0.5]]), dark) == corners.mean(axis=0)).all()


def test_infinite_numbers_have_the_colors_of_the_ends_and_missing_ones_are_gray():
    for log in (False, True):
        legend = ImageLegend(
            "x", np.zeros(5, int), [], np.array([1, 10, np.inf, np.nan, 0]), low=1, high=10, log=log
        )
        low, high, infinite, missing, below = module._colors(legend, False)
        assert (infinite == high).all()
        assert (below == low).all()
        assert missing == pytest.approx(np.array([0xB0] * 3) / 255, abs=0.003)


def test_distances_are_to_the_one_row_that_is_selected_else_the_column_colors(still, tmp_path):
    still.color_by = "distance"
    still.select([7])
    legend = still._pictures.legend(False)
    others = np.arange(still._source.n) != 7
    assert (legend.values[others] == still.distances(7)[others]).all()
    assert legend.values[7] == legend.low == pytest.approx(legend.values[others].min())
    assert "euclidean distance in" in " ".join(texts(still.save_image(tmp_path / "maps.svg")))
    still.select([7, 8])
    assert still._pictures.legend(False).title == "kind"


def test_stability_that_says_nothing_is_told_as_such(blobs, tmp_path):
    widget = TSNEWidget(blobs, perplexity=8, random_state=[1, 2], max_iter=40, autostart=False)
    widget.step(2).wait(PATIENCE)
    widget.color_by = "stability"
    with pytest.warns(UserWarning, match="by construction"):
        said = " ".join(texts(widget.save_image(tmp_path / "maps.svg")))
    assert "almost nothing" in said
    widget.close()


def test_what_is_not_selected_stands_back(still, tmp_path):
    before = share_of(Image.open(still.save_image(tmp_path / "maps.png")), BLUE)
    still.select(label="cat")
    assert share_of(Image.open(still.save_image(tmp_path / "maps.png")), BLUE) < before / 2


def test_names_are_on_each_map_where_there_is_room(still, tmp_path):
    def named(**look):
        return texts(still.save_image(tmp_path / "maps.svg", **look)).count("ant")

    assert named() == 3  # on both maps and in the legend
    assert named(width=400) == 1
    still.show_names = False
    assert named() == 1


def test_names_stay_while_a_measure_colors_in_the_ink_of_text(still, tmp_path):
    still.color_by = "density"
    assert texts(still.save_image(tmp_path / "maps.svg")).count("ant") == 2


def test_an_anchor_is_the_densest_spot_of_the_largest_clump_not_the_mean():
    rng = np.random.default_rng(0)
    large, dense = rng.uniform(-1, 1, (60, 2)) - (5, 0), rng.uniform(-0.2, 0.2, (20, 2)) - (5, 0)
    small = rng.uniform(-1, 1, (50, 2)) + np.array([5, 3])
    others = rng.uniform(-2, 2, (100, 2)) - (0, 5)
    nowhere = np.full((1, 2), np.nan)
    points = np.concatenate([large, dense, small, others, nowhere])
    codes = np.repeat([0, 1, 2], [130, 100, 1])
    places, sizes = anchors(points, codes, 4)
    assert np.hypot(*(places[0] - (-5, 0))) < 0.3
    assert (sizes[0], sizes[2], sizes[3]) == (80, 0, 0)
    assert np.isnan(places[2:]).all()
    assert importance(places, sizes).tolist() == [1, 0]


def test_of_single_rows_those_far_apart_come_first():
    places = np.random.default_rng(0).uniform(-1, 1, (1000, 2))
    first = places[importance(places, np.ones(1000, int))[:16]]
    apart = np.linalg.norm(first[:, None] - first, axis=2)
    assert apart[np.triu_indices(16, 1)].min() > 0.15  # 16 at random have about 0.03


@pytest.mark.parametrize(("count", "rows"), [(5, 20), (400, 1)], ids=["clumps", "points"])
def test_no_two_names_overlap_and_those_that_moved_far_have_a_line(count, rows):
    points = np.random.default_rng(count).normal(size=(rows * count, 2))
    names = Names(np.arange(rows * count) % count, [f"name {i}" for i in range(count)])
    spots = placed(names, points, lambda at: 100 + 20 * at, (0, 0, 200), 3, lambda text: 6.0 * len(text))
    boxes = [(s.x - 3 * len(names.texts[s.label]), s.y - HEIGHT / 2) for s in spots]
    for i, (left, top) in enumerate(boxes):
        width = 6 * len(names.texts[spots[i].label])
        assert 0 <= left <= 200 - width
        for j in range(i):
            over = left < boxes[j][0] + 6 * len(names.texts[spots[j].label]) and boxes[j][0] < left + width
            assert not (over and abs(top - boxes[j][1]) < HEIGHT)
    assert len(spots) > 3
    assert any(spot.line for spot in spots) == (rows > 1)
    assert placed(names, points, lambda at: at, (0, 0, 100), 3, len) == []  # too small


@pytest.mark.parametrize("background", ["#ffffff", "#111111", "#808080"])
@pytest.mark.parametrize("color", ["#f0e442", "#0072b2", "#808080", "#000000"])
def test_ink_can_be_read_on_its_background(color, background):
    own, ground = (np.array(list(bytes.fromhex(one[1:]))) / 255 for one in (color, background))
    ink = np.array(readable(own, ground))
    assert contrast(ink, ground) >= 4.5
    assert contrast(own, ground) < 4.5 or (ink == own).all()


def test_a_map_that_is_out_of_range_is_empty_and_says_so(blobs, tmp_path):
    with pytest.warns(UserWarning, match="not allowed"):
        widget = TSNEWidget(blobs, perplexity=[8, 100], max_iter=20, early_exaggeration_iter=5)
    said = " ".join(texts(widget.wait(PATIENCE).save_image(tmp_path / "maps.svg")))
    assert "out of range" in said
    widget.close()


def test_numbers_are_a_scale_and_missing_ones_grey():
    values = np.array([0, 0.5, 1, 9, np.nan])
    colors = module._colors(legend_of_scale("age", Scale(values, 0.0, 1.0), "linear"), False)
    assert (255 * colors[[0, 2]]).round().astype(int).tolist() == [[68, 1, 84], [253, 231, 37]]
    assert colors[3].tolist() == colors[2].tolist()
    assert "#" + bytes((255 * colors[4]).round().astype(int).tolist()).hex() == MISSING


def test_small_numbers_have_their_colors_and_exact_ends_on_a_logarithmic_scale(blobs, tmp_path):
    p_values = np.geomspace(1e-50, 1, len(blobs))
    widget = (
        TSNEWidget(blobs, {"p": p_values}, perplexity=8, max_iter=40, autostart=False).step(2).wait(PATIENCE)
    )
    before = np.unique(module._colors(widget._pictures.legend(False), False), axis=0)
    widget.color_scale = "log"
    colors = module._colors(widget._pictures.legend(False), False)
    said = texts(widget.save_image(tmp_path / "map.svg"))
    widget.close()
    assert len(before) < 10
    assert len(np.unique(colors, axis=0)) > 50
    low, high = np.percentile(p_values, [2, 98])
    assert {f"≤ {number(low)}", f"≥ {number(high)}"} <= set(said)
    assert "e-" in number(low)
    assert any("log scale" in text for text in said)


@pytest.mark.parametrize(
    ("values", "ends"),
    [
        (1_700_000_000 + np.arange(60), ("≤ 1,700,000,001.18", "≥ 1,700,000,057.82")),
        (np.arange(60).astype("m8[h]"), ("≤ 1 h 11 min", "≥ 2 d 10 h")),
        (
            np.datetime64("2024-05-06T00:00:00") + np.arange(60).astype("m8[D]"),
            ("≤ 2024-05-07", "≥ 2024-07-02"),
        ),
        (np.linspace(1e200, 2e200, 60), ("≤ 1.02e+200", "≥ 1.98e+200")),
    ],
    ids=["Unix seconds", "durations", "moments", "large"],
)
def test_the_ends_of_a_scale_are_written_as_what_they_are(values, ends):
    scale = column_of("c", values, 60, "c").scale()
    legend = legend_of_scale("c", scale, "linear")
    panel = module.Panel("map", "settled", True, np.random.default_rng(0).normal(size=(60, 2)))
    look = {"columns": 1, "note": "", "selected": np.array([], int), "width": 600, "dark": False}
    assert set(ends) <= set(texts(io.BytesIO(module.draw([panel], legend, **look, kind="svg"))))
    assert len(np.unique(module._colors(legend, False), axis=0)) > 50


def test_colors_of_categories_stay_when_there_are_more():
    assert categorical_colors(50, False)[:8] == categorical_colors(8, False)
    assert categorical_colors(50, False)[40] == categorical_colors(1, False)[0]
    assert categorical_colors(7, True)[6] == "#f5f5f5"


def test_a_legend_that_has_no_room_says_how_many_more_there_are():
    many = [f"kind {i}" for i in range(200)]
    labels = {
        "kind": "categories",
        "name": "kind",
        "names": many,
        "counts": [1] * 200,
        "has_missing": False,
        "colors": [],
    }
    legend = legend_of_labels({**labels, "codes": np.arange(200, dtype="<u2").tobytes()}, 200, False)
    panel = module.Panel("map", "settled", True, np.random.default_rng(0).normal(size=(200, 2)))
    drawn = module.draw(
        [panel], legend, columns=1, note="", selected=np.array([], int), width=600, dark=False, kind="svg"
    )
    assert any("more" in text for text in texts(io.BytesIO(drawn)))


def test_points_are_smaller_above_a_density_by_the_rule_of_the_view():
    legend = legend_of_scale("c", column_of("c", np.arange(400.0), 400, "c").scale(), "linear")
    points = np.random.default_rng(0).normal(size=(400, 2))
    shade = Shade(np.ones((4, 4), int), 1.0, (-4, -4), 8)
    panels = [module.Panel("map", "settled", True, points, shade=below) for below in (None, shade)]
    look = {"columns": 2, "note": "", "selected": np.array([], int), "width": 900, "dark": False}
    drawn = module.drawing_of(panels, legend, **look, names=None, what="a test")
    bare, above = (one.marks[0][0].get_sizes()[0] for one in drawn.maps)
    assert above == pytest.approx(0.6**2 * bare)


def test_a_turned_map_lies_on_its_copy_whatever_its_place_size_and_hand():
    points = np.random.default_rng(0).normal(size=(50, 2))
    angle = 1.1
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    copy = 7 * (points * [-1, 1]) @ turn + 100
    here, there = (posed(one, pose_onto(one, points)) for one in (points, copy))
    assert there == pytest.approx(here)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"path": "maps.gif"}, InvalidValueError, ".png or .svg or .pdf"),
        ({"path": 3}, InvalidTypeError, "a file's path"),
        ({"path": "a.png", "width": 10}, InvalidValueError, "at least 200"),
        ({"path": "a.png", "dark": 1}, InvalidTypeError, "True or False"),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_once(still, arguments, error, words):
    with pytest.raises(error, match=words):
        still.save_image(**arguments)


def test_without_matplotlib_it_says_how_to_get_it(still, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingDependencyError, match=r"tsne_widget\[image\]"):
        still.save_image(tmp_path / "maps.png")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_an_error_with_the_path(still, tmp_path):
    with pytest.raises(SaveError, match="nowhere"):
        still.save_image(tmp_path / "nowhere" / "maps.png")


def test_without_labels_there_is_no_key():
    legend = legend_of_labels(None, 3, False)
    assert (legend.title, isinstance(legend, ImageLegend), len(legend.entries)) == ("", True, 1)


def test_new_rows_are_squares_turned_with_their_map_in_the_colors_of_their_labels(still, blobs, tmp_path):
    still.place(blobs[:4] + 0.1, labels=["ant", HOSTILE, "cat", None], name="tomorrow").wait(PATIENCE)
    before = {text for text in texts(still.save_image(tmp_path / "maps.svg")) if text.startswith("t-SNE")}
    assert before == {f"{still._caption} Squares: tomorrow, 4 rows."}
    _, second = still._pictures._panels()
    first = still._maps.run_of(still.runs[0].id).layout.points
    pose = pose_onto(still.runs[1].embedding_, first)
    placed = still.placed[["x_perplexity_9", "y_perplexity_9"]].to_numpy()
    np.testing.assert_allclose(second.squares.points, posed(placed, pose))
    legend = still._pictures.legend(dark=False)
    colors = {entry.name: entry.color for entry in legend.entries}
    assert second.squares.fills(legend) == [colors["ant"], colors[HOSTILE], colors["cat"], None]
    still.place(blobs[:2], labels=["ant", "no such"]).wait(PATIENCE)
    assert still._pictures._panels()[0].squares.fills(legend) == [None, None]
    still.place(blobs[:1], labels=["ant"]).wait(PATIENCE)
    still.color_by = "kept"
    assert still._pictures._panels()[0].squares.labels == [None]
    still.place(None).wait(PATIENCE)
    assert still._pictures._panels()[0].squares is None

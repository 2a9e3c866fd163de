"""Moving pictures of how maps came about: what frames show, their time and size, and what is refused."""

from __future__ import annotations

import sys
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageSequence

from tsne_widget import (
    InvalidTypeError,
    InvalidValueError,
    MissingDependencyError,
    NotComputedError,
    SaveError,
    TSNEWidget,
)
from tsne_widget.data.colors import categorical_colors
from tsne_widget.export.animation import Course, Timing

PATIENCE = 60
SMALL = {"width": 400, "fps": 10, "seconds": 0.8}


@pytest.fixture(scope="module")
def still():
    """A widget of two maps and one that never moves, which have begun and rest."""
    rng = np.random.default_rng(0)
    data = np.repeat(rng.normal(scale=8, size=(3, 5)), 20, axis=0) + rng.normal(size=(60, 5))
    kinds = np.repeat(["ant", "bee", "cat"], 20)
    made = TSNEWidget(
        data, labels={"kind": kinds}, perplexity=[5, 9], beside="pca", max_iter=40, autostart=False
    )
    yield made.step(12).wait(PATIENCE)
    made.close()


def frames_of(path) -> list[np.ndarray]:
    with Image.open(path) as film:
        return [np.asarray(frame.convert("RGB")).astype(int) for frame in ImageSequence.Iterator(film)]


def durations_of(path) -> list[int]:
    with Image.open(path) as film:
        return [frame.info["duration"] for frame in ImageSequence.Iterator(film)]


def differing(one: np.ndarray, other: np.ndarray) -> float:
    return float((np.abs(one - other).max(axis=2) > 60).mean())


@pytest.mark.parametrize("ending", ["gif", "webp"])
def test_it_moves_for_as_long_as_was_asked_and_ends_with_the_picture_of_now(still, tmp_path, ending):
    film = still.save_animation(tmp_path / f"map.{ending}", **SMALL)
    frames = frames_of(film)
    assert len(frames) == 8
    assert {frame.shape[1] for frame in frames} == {400}
    assert all(differing(one, other) > 0.001 for one, other in pairwise(frames))
    picture = Image.open(still.save_image(tmp_path / "now.png", width=400)).convert("RGB")
    now = np.asarray(picture.resize(frames[-1].shape[1::-1], Image.Resampling.BOX)).astype(int)
    first, last = (np.abs(frame - now).max(axis=2) for frame in (frames[0], frames[-1]))
    assert last.mean() < 0.7 * first.mean()


def test_a_gif_has_the_time_that_was_asked_for_and_holds_the_last_frame(still, tmp_path):
    film = still.save_animation(tmp_path / "map.gif", width=400, fps=15, seconds=0.8)
    times = durations_of(film)
    assert times[-1] == 1000
    assert sum(times[:-1]) == pytest.approx(1000 * 11 / 15, abs=10)


def test_all_frames_of_a_gif_share_their_colors_and_the_background_is_exact(still, tmp_path):
    light, dark = (
        frames_of(still.save_animation(tmp_path / f"{dark}.gif", dark=dark, **SMALL))
        for dark in (False, True)
    )
    for frames, ground in ((light, 255), (dark, 17)):
        assert all((frame[0, 0] == ground).all() for frame in frames)
        assert len(np.unique(np.concatenate([frame.reshape(-1, 3) for frame in frames]), axis=0)) <= 256


def test_rare_colors_of_a_gif_are_right(still, tmp_path):
    """With most rows standing back, the legend alone has the full colours of their labels."""
    still.select(label="cat")
    film = still.save_animation(tmp_path / "map.gif", **SMALL)
    still.select(None)
    for color in categorical_colors(3, dark=False):
        wanted = list(bytes.fromhex(color[1:]))
        for frame in frames_of(film):
            assert (np.abs(frame - wanted).max(axis=2) < 16).sum() > 10, color


def test_a_map_that_has_not_settled_says_so_in_each_frame(still, tmp_path):
    """Its words are bold and in the colour of warnings."""
    for frame in frames_of(still.save_animation(tmp_path / "map.gif", run=0, **SMALL)):
        assert (np.abs(frame[:45] - [179, 64, 10]).max(axis=2) < 30).sum() > 50


def test_one_map_of_several_is_alone_and_without_a_legend_has_all_the_room(still, tmp_path):
    def width_over_height(**arguments):
        frame = frames_of(still.save_animation(tmp_path / "map.gif", **SMALL, **arguments))[0]
        return frame.shape[1] / frame.shape[0]

    assert width_over_height(run=1) > width_over_height(run=still.runs[1], legend=False)
    assert width_over_height() > width_over_height(legend=False) > 1


def test_a_measure_of_each_map_colors_one_of_them_by_its_own_values(still):
    still.color_by = "kept"
    legend = still._pictures.legend(False)
    own = legend.of_panels([1]).values
    still.color_by = "kind"
    np.testing.assert_array_equal(own, legend.values[[1]])


def test_points_glide_between_keyframes_and_stay_once_their_map_has_ended():
    course = Course([0, 10, 30], lambda _: np.zeros((1, 2)), None)
    assert [course.moment(at) for at in (0, 5, 10, 25, 30, 99)] == [
        (0, 0.0),
        (0, 0.5),
        (1, 0.0),
        (1, 0.75),
        (1, 1.0),
        (1, 1.0),
    ]
    assert Course([7], lambda _: np.zeros((1, 2)), None).moment(3) == (0, 0.0)


def test_frames_last_whole_hundredths_and_add_up():
    for fps in (7, 15, 30, 50):
        times = Timing(fps, 4).durations
        assert all(time % 10 == 0 for time in times)
        assert len(times) == 4 * fps
        assert sum(times[:-1]) == pytest.approx(1000 * (4 * fps - 1) / fps, abs=10)


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"path": "map.mp4"}, InvalidValueError, ".gif or .webp"),
        ({"path": 3}, InvalidTypeError, "a file's path"),
        ({"width": 10}, InvalidValueError, "width.*at least 200"),
        ({"fps": 100}, InvalidValueError, "fps.*at most 50"),
        ({"seconds": 0}, InvalidValueError, "seconds.*above 0"),
        ({"dark": 1}, InvalidTypeError, "dark.*True or False"),
        ({"legend": "no"}, InvalidTypeError, "legend.*True or False"),
        ({"run": 3}, InvalidValueError, "run.*at most 2"),
        ({"run": "first"}, InvalidTypeError, "run"),
        ({"run": 2}, NotComputedError, "no history"),
    ],
)
def test_what_cannot_be_drawn_is_refused(still, tmp_path, monkeypatch, arguments, error, words):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error, match=words):
        still.save_animation(**{"path": "map.gif", **arguments})
    assert not list(tmp_path.iterdir())


def test_a_map_that_has_not_begun_has_no_history(tmp_path):
    widget = TSNEWidget(np.random.default_rng(0).normal(size=(20, 4)), perplexity=5, autostart=False)
    with pytest.raises(NotComputedError, match=r"no map yet|no history yet"):
        widget.save_animation(tmp_path / "map.gif")
    widget.close()


def test_a_folder_that_is_not_there_is_an_error_before_anything_is_drawn(still, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(SaveError, match="nowhere"):
        still.save_animation(tmp_path / "nowhere" / "map.gif")


@pytest.mark.parametrize("missing", ["PIL", "matplotlib"])
def test_without_what_draws_it_says_how_to_get_it(still, tmp_path, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingDependencyError, match=r"save_animation.*tsne_widget\[image\]"):
        still.save_animation(tmp_path / "map.gif")
    assert not list(tmp_path.iterdir())

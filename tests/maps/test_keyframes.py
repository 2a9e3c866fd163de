"""How a map came about: which layouts are kept, how exactly, and in how much memory."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tsne_widget import PerplexityWarning, TSNEWidget
from tsne_widget.maps.grid import Spec
from tsne_widget.maps.keyframes import QUANTIZED, Keyframe, Quantized, Recorder, at, capacity
from tsne_widget.maps.session import Play, Recover, Restart
from tsne_widget.parameters.constants import HISTORY_BYTES, HISTORY_FRAMES, HISTORY_FRAMES_LEAST
from tsne_widget.tsne.optimizer import Optimizer

SQUARE = np.array([[0, 0], [1, 1]], np.float32)


def record(recorder: Recorder, iterations) -> None:
    for iteration in iterations:
        if recorder.wants(iteration):
            recorder.take(Keyframe(0, iteration, Spec({}), {}, Quantized.of(SQUARE)))


def iterations(frames) -> list[int]:
    return [frame.iteration for frame in frames]


@pytest.mark.parametrize("scale", [1e-4, 1.0, 1e6])
def test_a_layout_is_kept_to_a_65535th_of_its_longer_side(scale):
    points = (scale * np.random.default_rng(0).normal(size=(500, 2)) + 3 * scale).astype(np.float32)
    kept = Quantized.of(points)
    assert kept.codes.nbytes == 4 * 500
    assert (
        np.abs(kept.points - points).max() <= 0.51 * np.ptp(points, axis=0).max() / QUANTIZED + 1e-6 * scale
    )


def test_points_that_are_all_one_stay_so():
    points = np.full((7, 2), 2.5, np.float32)
    assert np.array_equal(Quantized.of(points).points, points)


def test_the_first_iterations_are_all_kept_and_later_ones_further_and_further_apart():
    recorder = Recorder(1000)
    record(recorder, range(700))
    kept = iterations(recorder.frames)
    gaps = np.diff(kept)
    assert kept[:20] == list(range(20))
    assert (np.diff(gaps) >= 0).all()
    assert gaps[-1] > 20


def test_after_a_change_it_is_dense_again():
    recorder = Recorder(1000)
    record(recorder, range(500))
    recorder.note_change(499)
    record(recorder, range(500, 520))
    kept = [iteration for iteration in iterations(recorder.frames) if iteration >= 499]
    assert max(np.diff(kept)) <= 2


def test_however_long_it_goes_on_the_number_is_bounded_and_all_of_the_way_is_covered():
    recorder = Recorder(1000)
    record(recorder, range(50_000))
    kept = iterations(recorder.frames)
    assert len(kept) == HISTORY_FRAMES
    assert kept[0] == 0
    assert kept[-1] > 45_000
    # As seen from the end, no part is left out: each keyframe is at most half as old again as the one before.
    assert all(later <= 1.5 * earlier + 25 for earlier, later in pairwise(kept))


def test_memory_is_4_mb_for_10000_points_and_bounded_for_many():
    assert 4 * 10_000 * capacity(10_000) == 4_000_000
    assert 4 * 300_000 * capacity(300_000) <= HISTORY_BYTES
    assert capacity(10_000_000) == HISTORY_FRAMES_LEAST


def test_the_keyframe_of_an_iteration_is_the_newest_that_is_not_later():
    recorder = Recorder(1000)
    record(recorder, (0, 10, 20))
    assert [at(recorder.frames, iteration).iteration for iteration in (0, 9, 10, 15, 99)] == [
        0,
        0,
        10,
        10,
        20,
    ]
    assert at((), 3) is None


def test_a_run_keeps_its_way_from_the_initial_layout_to_the_map(bench):
    made = bench().until_rest()
    frames = made.run.keyframes
    first = next(layout for _, layout in made.published if layout is not None)
    assert np.allclose(frames[0].embedding, first.points, atol=1e-8)
    assert frames[-1].iteration == made.status.iteration
    assert np.abs(frames[-1].embedding - made.points).max() < 1e-4 * np.ptp(made.points)
    assert frames[-1].kl_divergence == made.status.figures["KL"]


def test_a_change_of_perplexity_goes_on_in_the_history_and_a_restart_begins_it_anew(bench):
    made = bench().until_rest()
    ended = made.status.iteration
    made.set("perplexity", 12.0).until_rest()
    frames = made.run.keyframes
    assert frames[0].iteration == 0
    assert {frame.perplexity for frame in frames if frame.iteration > ended} == {12.0}
    assert {frame.perplexity for frame in frames if frame.iteration <= ended} == {8.0}
    made.do(Restart())
    made.until(lambda status: 3 <= status.iteration < ended)
    assert iterations(made.run.keyframes)[:4] == [0, 1, 2, 3]
    assert {frame.epoch for frame in made.run.keyframes} == {made.status.epoch}


def test_python_has_the_history_of_each_map(blobs):
    widget = TSNEWidget(blobs, perplexity=[5, 8], max_iter=30, early_exaggeration_iter=10)
    widget.wait(60)
    for run in widget.runs:
        assert run.history[-1].iteration == run.n_iter_
        assert run.history[0].embedding.shape == (len(blobs), 2)
        assert run.history[0].embedding.dtype == np.float32
    assert "iteration 30" in repr(widget.runs[0].history[-1])
    widget.close()


def test_before_the_first_layout_there_is_no_history(blobs):
    with pytest.warns(PerplexityWarning):
        widget = TSNEWidget(blobs, perplexity=[8, 100])
    assert widget.runs[1].history == ()  # out of range: it never begins
    widget.close()


def test_going_back_to_the_last_good_layout_goes_back_in_the_history_too(bench, monkeypatch):
    made = bench().until(lambda status: status.iteration >= 12)
    step = Optimizer.step
    monkeypatch.setattr(Optimizer, "step", lambda optimizer: 1 / 0)
    made.session.advance()
    assert made.status.stage == "failed"
    monkeypatch.setattr(Optimizer, "step", step)
    good = made.run.layout.iteration
    made.do(Recover())
    assert iterations(made.run.keyframes)[-1] <= good
    made.do(Play()).until(lambda status: status.iteration >= good + 2)
    assert {good + 1, good + 2} <= set(iterations(made.run.keyframes))

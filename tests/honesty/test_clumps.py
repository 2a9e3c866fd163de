"""The clumps of a map are the basins of its density, and gaps lie between those side by side."""

from __future__ import annotations

import numpy as np
import pytest

from tsne_widget.honesty.beside import clump_beside
from tsne_widget.honesty.borders import borders
from tsne_widget.honesty.clumps import Clumps, clumps_in_steps
from tsne_widget.honesty.links import link
from tsne_widget.honesty.sample import NoAnswerError
from tsne_widget.measures.neighborhoods import map_neighbors_in_steps
from tsne_widget.tsne.steps import result_of


def clumps_of(points: np.ndarray, **params: float) -> Clumps:
    points = points.astype(np.float32)
    return result_of(clumps_in_steps(points, result_of(map_neighbors_in_steps(points, 15)), **params))


def discs(*centers: tuple[float, float], n: int = 300, seed: int = 0) -> np.ndarray:
    """Return even discs of radius 1, one after the other."""
    random = np.random.default_rng(seed)
    radius, turn = np.sqrt(random.random((len(centers), n))), 2 * np.pi * random.random((len(centers), n))
    around = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=-1)
    return (np.array(centers, float)[:, None] + around).reshape(-1, 2)


def test_discs_apart_are_clumps_with_gaps_between_neighbors():
    found = clumps_of(discs((0, 0), (3, 0), (6, 0)))
    assert found.count == 3
    assert [len(np.unique(found.of[start : start + 300])) for start in (0, 300, 600)] == [1, 1, 1]
    left, middle, right = found.of[[0, 300, 600]]
    assert {frozenset((gap.first, gap.second)) for gap in found.gaps} == {
        frozenset((left, middle)),
        frozenset((middle, right)),
    }
    for gap in found.gaps:
        assert gap.depth < 0.05
        at = 1.5 if left in (gap.first, gap.second) else 4.5
        (line,) = gap.lines
        assert line[:, 0] == pytest.approx(at, abs=0.35)
        assert np.ptp(line[:, 1]) > 1
        # Far from both the line ends, although nothing else bounds either clump there.
        assert np.abs(line[:, 1]).max() < 2.5


def test_the_gap_around_a_clump_is_a_closed_line():
    spiral = np.arange(4_000)
    radius, turn = 3 * np.sqrt(spiral / 4_000), spiral * np.pi * (3 - np.sqrt(5))  # even: no chance clumps
    points = np.stack([radius * np.cos(turn), radius * np.sin(turn)], axis=1)
    (gap,) = clumps_of(points[(radius < 1) | (radius > 2)]).gaps
    (line,) = gap.lines
    assert (line[0] == line[-1]).all()
    assert np.hypot(*line.T) == pytest.approx(1.5, abs=0.3)
    turns = np.diff(np.unwrap(np.arctan2(*line.T)))
    assert abs(turns.sum()) == pytest.approx(2 * np.pi)
    assert (np.sign(turns) == np.sign(turns[0])).all()  # once around, never back


def test_a_gap_may_have_several_lines():
    row = np.array([[0, 0, 2, 0, 0]] * 8 + [[1, 1, 2, 1, 1]] * 8).repeat(2, axis=0).repeat(4, axis=1)
    found = {(a, b): lines for a, b, lines in borders(row, np.zeros(row.shape))}
    assert [len(found[pair]) for pair in ((0, 1), (0, 2), (1, 2))] == [2, 2, 2]
    for line in found[0, 1]:
        assert line[:, 0] == pytest.approx(16)
        assert line[:, 1].max() < 9 or line[:, 1].min() > 11


def test_touching_discs_have_a_shallow_gap_or_none():
    bridged = clumps_of(np.concatenate([discs((0, 0), (2, 0)), discs((1, 0))]))
    assert bridged.count == 1
    assert not bridged.gaps


def test_one_disc_is_one_clump():
    assert clumps_of(discs((0, 0), n=1_000)).count == 1


def test_a_few_points_are_no_clump_of_their_own():
    found = clumps_of(np.concatenate([discs((0, 0), (5, 0)), discs((2.5, 4), n=10)]))
    assert found.count == 2


def test_rows_without_a_place_are_in_no_clump():
    points = discs((0, 0), (4, 0))
    points[[5, 400]] = np.nan
    found = clumps_of(points)
    assert found.of[[5, 400]].tolist() == [-1, -1]
    assert found.count == 2


def test_points_that_coincide_have_an_answer():
    assert clumps_of(np.repeat([[0.0, 0.0], [5.0, 5.0]], 50, axis=0)).count == 2
    assert clumps_of(np.zeros((50, 2))).count == 1


def test_the_clump_beside_is_the_one_with_most_links():
    points = discs((0, 0), (2.5, 0), (9, 0))
    found, known = clumps_of(points), link(points, 40).indices
    assert set(clump_beside(known[:, ::3], found, np.arange(300))) == set(range(300, 600))
    part = np.arange(100)
    assert set(clump_beside(known, found, part)) == set(range(100, 300))  # the rest of its own
    with pytest.raises(NoAnswerError, match="outside the group"):
        clump_beside(known, found, np.arange(900))

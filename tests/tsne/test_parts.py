"""Iterations done in parts: the same to the bit as whole ones, whatever comes in between."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tsne_widget.errors import DivergedError
from tsne_widget.tsne.affinities import joint_probabilities
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.optimizer import Optimizer
from tsne_widget.tsne.steps import result_of


@pytest.fixture
def schedule(schedule):
    return replace(schedule, early_exaggeration_iter=10, max_iter=45)


@pytest.fixture
def begin(digits, schedule, pool):
    X = digits[:200]
    neighbors = result_of(find_neighbors(X, 60, pool=pool))
    P, other = (result_of(joint_probabilities(neighbors, perplexity, pool=pool)) for perplexity in (10, 20))

    def begin(**others):
        optimizer = Optimizer(P, initial_layout(X, "pca", 0), replace(schedule, **others), pool=pool)
        return optimizer, other

    return begin


def to_the_end(optimizer):
    while optimizer.ended is None:
        optimizer.step()
    return optimizer


def test_parts_make_the_same_map_and_only_the_last_of_an_iteration_says_so(begin):
    whole, parts = to_the_end(begin()[0]), begin()[0]
    done, counts = 0, []
    while parts.ended is None:
        before = parts.layout.copy()
        counts.append(1)
        while not parts.step_part():
            counts[-1] += 1
        done += 1
        assert parts.iteration == done
        assert not np.array_equal(parts.layout, before)
    assert min(counts) == 3
    np.testing.assert_array_equal(parts.layout, whole.layout)
    assert (parts.kl_divergence, parts.ended, done) == (whole.kl_divergence, "limit", 45)


def test_a_whole_step_does_what_is_left_of_an_iteration(begin):
    whole, mixed = to_the_end(begin()[0]), begin()[0]
    while mixed.ended is None:
        mixed.step_part()
        if mixed.ended is None:
            mixed.step()
    np.testing.assert_array_equal(mixed.layout, whole.layout)


@pytest.mark.parametrize("parts", range(1, 7))
@pytest.mark.parametrize("at", [20, 44])
def test_the_state_in_the_middle_of_an_iteration_leads_to_the_same_map(begin, schedule, pool, at, parts):
    whole, cut = to_the_end(begin()[0]), begin()[0]
    while cut.iteration < at:
        cut.step()
    for _ in range(parts):
        if cut.ended is None:
            cut.step_part()
    resumed = Optimizer.resume(cut._P, cut.state, schedule, pool=pool)
    for one in (resumed, cut):
        to_the_end(one)
        np.testing.assert_array_equal(one.layout, whole.layout)
        assert one.iteration == whole.iteration
        assert one.kl_divergence == whole.kl_divergence


def test_a_change_in_the_middle_of_an_iteration_forgets_what_was_begun(begin):
    first, other = begin()
    second, _ = begin()
    for _ in range(20):
        first.step()
        second.step()
    first.step_part()
    for one in (first, second):
        one.continue_with(other)
        to_the_end(one)
    np.testing.assert_array_equal(first.layout, second.layout)


def test_a_map_that_diverges_raises_again(begin):
    optimizer, _ = begin(learning_rate=1e30)
    optimizer._layout[0] = np.inf
    before = optimizer.layout
    for _ in range(2):
        optimizer.step_part()
        with pytest.raises(DivergedError):
            optimizer.step()
    assert optimizer.layout is before
    assert optimizer.iteration == 0

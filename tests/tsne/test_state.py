"""Descents that stop, are written down, and continue: bit for bit as if they had never stopped."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from tsne_widget.parametric.landmarks import Landmarks, find_landmarks
from tsne_widget.parametric.optimizer import ParametricOptimizer
from tsne_widget.parametric.scaling import Scaling
from tsne_widget.tsne.affinities import joint_probabilities
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.optimizer import Optimizer
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.state import State
from tsne_widget.tsne.steps import result_of
from tsne_widget.umap.curve import fitted_curve
from tsne_widget.umap.descent import Descent
from tsne_widget.umap.epoch import dealt
from tsne_widget.umap.weights import fuzzy_weights

_CHANGE, _END = 90, 200


@pytest.fixture
def schedule(schedule):
    return replace(schedule, early_exaggeration_iter=60, max_iter=400)


def written_and_read(state):
    """A state as it comes back from a file."""
    assert all(type(rows) is np.ndarray and rows.flags.owndata for rows in state.arrays.values())
    return State(state.arrays, json.loads(json.dumps(state.numbers, allow_nan=False)))


class Descents:
    """t-SNE of digits, at perplexity 20 and, after a while, 40."""

    def __init__(self, X, schedule, pool, *, ordered):
        self.X, self.schedule, self.pool = X, schedule, pool
        neighbors = result_of(find_neighbors(X, 120, pool=pool))
        order = np.random.default_rng(0).permutation(len(X)) if ordered else None
        self.P, self.P_after = (
            result_of(joint_probabilities(neighbors, perplexity, pool=pool, order=some))
            for perplexity, some in ((20, None), (40, order))
        )

    def begin(self):
        return Optimizer(self.P, initial_layout(self.X, "pca", 0), self.schedule, pool=self.pool)

    def run(self, optimizer, until):
        while optimizer.iteration < until:
            optimizer.step()
            if optimizer.iteration == _CHANGE:
                optimizer.continue_with(self.P_after)
        return optimizer

    def resume(self, state, iteration):
        P = self.P if iteration < _CHANGE else self.P_after
        resumed = Optimizer.resume(P, written_and_read(state), self.schedule, pool=Pool(1))
        return self.run(resumed, _END)


def same(first, second):
    """Whether two descents are at the same place and say the same."""
    told = ("kl_divergence", "kl_change", "movement", "phase", "why", "iteration", "limit", "ended")
    first_says, second_says = ([getattr(one, name) for name in told] for one in (first, second))
    # NaN is not equal to itself, but numpy takes it so.
    np.testing.assert_equal(first_says, second_says)
    return np.array_equal(first.layout, second.layout)


@pytest.mark.parametrize("ordered", [False, True])
def test_a_resumed_descent_is_the_one_that_never_stopped(digits, schedule, pool, ordered):
    descents = Descents(digits[:400], schedule, pool, ordered=ordered)
    whole = descents.run(descents.begin(), _END)
    for cut in (0, 7, 59, 61, 89, 90, 131):
        stopped = descents.run(descents.begin(), cut)
        assert same(descents.resume(stopped.state, cut), whole), cut


def test_the_state_is_a_copy_and_the_layout_alone_is_not_enough(digits, schedule, pool):
    descents = Descents(digits[:300], schedule, pool, ordered=False)
    whole, stopped = descents.run(descents.begin(), 80), descents.run(descents.begin(), 50)
    state = stopped.state
    descents.run(stopped, 80)
    resumed = descents.run(Optimizer.resume(descents.P, state, schedule, pool=pool), 80)
    assert np.array_equal(resumed.layout, whole.layout)
    alone = Optimizer(descents.P, state.arrays["layout"], schedule, pool=pool, iteration=50)
    assert not np.allclose(descents.run(alone, 80).layout, whole.layout, rtol=0.01)
    assert state.arrays["layout"].nbytes * 3 == sum(rows.nbytes for rows in state.arrays.values())


def test_an_ended_descent_stays_ended_until_it_is_extended(digits, schedule, pool):
    descents = Descents(digits[:300], replace(schedule, max_iter=75), pool, ordered=False)
    whole = descents.run(descents.begin(), 75)
    assert whole.ended == "limit"
    resumed = Optimizer.resume(descents.P, written_and_read(whole.state), descents.schedule, pool=pool)
    assert same(resumed, whole)
    for one in (whole, resumed):
        one.extend()
        descents.run(one, 100)
    assert same(resumed, whole)
    assert resumed.limit == 75 + 75


def test_a_descent_whose_steps_were_halved_goes_on_with_short_ones(digits, schedule, pool):
    descents = Descents(digits[:300], schedule, pool, ordered=False)
    whole = descents.run(descents.begin(), 70)
    whole._halve_steps()
    resumed = Optimizer.resume(descents.P, written_and_read(whole.state), schedule, pool=pool)
    assert resumed.learning_rate == whole.learning_rate == len(whole.layout) / 8
    for one in (whole, resumed):
        descents.run(one, 85)
    assert same(resumed, whole)


def test_an_umap_goes_on(digits, pool):
    X = digits[:300].astype(np.float32)
    passes = dealt(fuzzy_weights(result_of(find_neighbors(X, 14, pool=pool)), 15, pool))
    curve, start = fitted_curve(0.1), np.random.default_rng(0).uniform(size=(300, 2)).astype(np.float32)

    def run(descent, until):
        while descent.iteration < until:
            descent.step()
            if descent.iteration == 20:
                descent.continue_with(passes, curve)
        return descent

    def begin():
        return Descent(passes, curve, start, pool=pool, seed=3)

    whole = run(begin(), 45)
    for cut in (0, 1, 19, 20, 21, 33):
        state = written_and_read(run(begin(), cut).state)
        resumed = run(Descent.resume(passes, curve, state, pool=pool, seed=3), 45)
        assert np.array_equal(resumed.layout, whole.layout), cut
        assert (resumed.limit, resumed.learning_rate) == (whole.limit, whole.learning_rate)


def test_a_parametric_map_goes_on_while_it_follows_and_while_it_learns(digits, schedule, pool):
    X = digits[:300]
    rows, start = Scaling.of(X)(X), initial_layout(X, "pca", 0)
    P = result_of(joint_probabilities(result_of(find_neighbors(X, 60, pool=pool)), 20, pool=pool))
    short = replace(schedule, max_iter=80)

    def landmarks():
        return result_of(Landmarks.among(rows, result_of(find_landmarks(rows, 60, 0)), pool))

    def run(optimizer, until):
        while optimizer.iteration < until:
            optimizer.step()
        return optimizer

    def begin():
        return ParametricOptimizer(P, landmarks(), short, start=start, pool=pool)

    whole = run(begin(), 180)
    assert whole.ended == "limit"
    for cut in (0, 30, 79, 80, 81, 120, 180):
        state = written_and_read(run(begin(), cut).state)
        resumed = ParametricOptimizer.resume(P, landmarks(), state, short, pool=pool)
        assert resumed.limit == 180
        run(resumed, 180)
        assert np.array_equal(resumed.layout, whole.layout), cut
        assert (resumed.kl_divergence, resumed.ended) == (whole.kl_divergence, "limit")

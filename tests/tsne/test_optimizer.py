from dataclasses import replace

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import reference
from tests.tsne.test_affinities import affinities_of
from tsne_widget.errors import DivergedError
from tsne_widget.tsne.imbalance import imbalance
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.optimizer import Optimizer, Schedule
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.settling import Settling


@pytest.fixture
def start(blobs):
    return initial_layout(blobs, "pca", 0)


@pytest.fixture
def schedule(schedule):
    """Long enough to settle."""
    return replace(schedule, max_iter=2000)


@pytest.fixture
def optimizer(blobs, start, schedule, pool):
    return Optimizer(affinities_of(blobs, 9, pool), start, schedule, pool=pool)


def run_to_the_end(optimizer):
    while optimizer.ended is None:
        optimizer.step()
    return optimizer


def reference_steps(P, Y, schedule, steps):
    """The same descent in float64: gains and momentum written out."""
    n = len(Y)
    Y, velocity, gains = Y.astype(np.float64), np.zeros(Y.shape), np.ones(Y.shape)
    for iteration in range(steps):
        early = iteration < schedule.early_exaggeration_iter
        exaggeration = schedule.early_exaggeration if early else schedule.exaggeration
        gradient = reference.gradient(P, Y, exaggeration)
        same = (gradient > 0) == (velocity > 0)
        gains = np.maximum(np.where(same, gains * 0.8, gains + 0.2), 0.01)
        velocity = 0.8 * velocity - n / exaggeration / (2 if early else 4) * gains * gradient
        length = np.linalg.norm(velocity, axis=1, keepdims=True)
        velocity *= np.minimum(1, 5 / np.maximum(length, 1e-300))
        Y = Y + velocity
    return Y


def test_steps_are_the_references_also_across_the_end_of_exaggeration(blobs, start, schedule, pool):
    schedule = replace(schedule, early_exaggeration_iter=8)
    P = affinities_of(blobs, 9, pool)
    optimizer = Optimizer(P, start, schedule, pool=pool)
    for _ in range(12):
        optimizer.step()
    expected = reference_steps(reference.dense(P), start, schedule, 12)
    assert optimizer.iteration == 12
    assert np.abs(optimizer.layout - expected).max() < 1e-3 * np.abs(expected).max()


def test_kl_is_of_p_without_exaggeration_and_final_at_the_end(optimizer, blobs, pool):
    P = reference.dense(affinities_of(blobs, 9, pool))
    assert np.isnan(optimizer.kl_divergence)
    for _ in range(20):
        optimizer.step()
    before = optimizer.layout.copy()
    optimizer.step()  # the step from iteration 20 checks the layout that it starts from
    assert optimizer.phase == "early exaggeration"
    assert optimizer.kl_divergence == pytest.approx(reference.kl(P, before), abs=1e-5)
    run_to_the_end(optimizer)
    assert optimizer.kl_divergence == pytest.approx(reference.kl(P, optimizer.layout), abs=1e-5)


def test_the_learning_rate_follows_the_exaggeration(optimizer, schedule, blobs, start, pool):
    assert optimizer.learning_rate == pytest.approx(120 / 12 / 2)
    for _ in range(250):
        optimizer.step()
    assert optimizer.phase == "optimising"
    assert optimizer.learning_rate == pytest.approx(120 / 4)
    P = affinities_of(blobs, 9, pool)
    assert Optimizer(P, start, replace(schedule, learning_rate=7.0), pool=pool).learning_rate == 7


@pytest.mark.parametrize(
    ("n", "early_rate", "rate", "momentum"),
    [
        (1000, 1000 / 2, 1000 / 4, 0.8),
        (1001, 1001 / 2, 1001 / 2, 0.9),
        (4999, 4999 / 2, 4999 / 2, 0.9),
        (5000, 5000 * 3 / 4, 5000 * 3 / 4, 0.95),
    ],
)
def test_many_points_take_longer_steps(schedule, n, early_rate, rate, momentum):
    assert schedule.learning_rate_in(False, n) == pytest.approx(rate)
    assert schedule.learning_rate_in(True, n) == pytest.approx(early_rate / 12)
    assert schedule.momentum_in(False, n) == momentum
    assert schedule.momentum_in(True, n) == 0.8
    exaggerated = replace(schedule, exaggeration=2)
    assert exaggerated.learning_rate_in(False, n) == pytest.approx(n / 4 / 2)
    assert exaggerated.momentum_in(False, n) == 0.8
    assert exaggerated.learning_rate_in(True, n) == pytest.approx(early_rate / 12)


def in_order(P, order):
    """The same probabilities, row r being the point order[r]."""
    D = scipy.sparse.csr_array((P.data, P.indices.astype(np.int64), P.indptr))[order][:, order].tocsr()
    D.sort_indices()
    return replace(
        P, indptr=D.indptr.astype(np.int64), indices=D.indices.astype(np.uint32), data=D.data, order=order
    )


def test_the_order_of_the_matrix_does_not_change_the_layout(blobs, start, schedule, pool):
    P = affinities_of(blobs, 9, pool)
    shuffled = in_order(P, np.random.default_rng(0).permutation(120))
    other = in_order(affinities_of(blobs, 5, pool), np.random.default_rng(1).permutation(120))
    plain, ordered = (Optimizer(matrix, start, schedule, pool=pool) for matrix in (P, shuffled))
    assert (ordered.layout == start).all()
    for optimizer in (plain, ordered):
        for _ in range(11):  # the last one begins with a check of KL
            optimizer.step()
    assert np.abs(ordered.layout - plain.layout).max() < 1e-2 * np.ptp(plain.layout)
    assert ordered.kl_divergence == pytest.approx(plain.kl_divergence, rel=1e-4)

    before = ordered.layout.copy()
    ordered.continue_with(other)
    assert (ordered.layout == before).all()
    plain.continue_with(affinities_of(blobs, 5, pool))
    for optimizer in (plain, ordered):
        optimizer.step()
    assert np.abs(ordered.layout - plain.layout).max() < 2e-2 * np.ptp(plain.layout)


def test_it_settles_and_says_why(optimizer):
    phases = []
    while optimizer.ended is None:
        optimizer.step()
        if not phases or phases[-1] != optimizer.phase:
            phases.append(optimizer.phase)
    assert optimizer.ended == "settled"
    assert optimizer.iteration < optimizer.limit
    assert phases[:2] == ["early exaggeration", "optimising"]
    assert phases[-1] == "settling"
    assert optimizer.kl_change < 1 / 5000
    assert optimizer.movement < 1 / 2000
    assert optimizer.why.startswith("KL and points hardly change")


def test_a_long_quiet_early_exaggeration_does_not_count_as_settled(blobs, start, schedule, pool):
    schedule = replace(schedule, early_exaggeration_iter=900, max_iter=1000)
    optimizer = run_to_the_end(Optimizer(affinities_of(blobs, 9, pool), start, schedule, pool=pool))
    assert optimizer.iteration > 950


def test_it_stops_at_the_limit_and_can_be_extended(blobs, start, schedule, pool):
    P = affinities_of(blobs, 9, pool)
    optimizer = run_to_the_end(Optimizer(P, start, replace(schedule, max_iter=270), pool=pool))
    assert (optimizer.ended, optimizer.iteration) == ("limit", 270)
    assert optimizer.why.startswith("KL and points still change")
    kl = optimizer.kl_divergence
    optimizer.extend()
    assert optimizer.ended is None
    assert optimizer.why == ""
    assert optimizer.limit == 540
    assert optimizer.kl_divergence == kl
    run_to_the_end(optimizer)
    assert optimizer.iteration == 540
    assert optimizer.kl_divergence < kl


def test_an_extended_settled_map_settles_again(optimizer):
    settled_at = run_to_the_end(optimizer).iteration
    optimizer.extend()
    run_to_the_end(optimizer)
    assert optimizer.ended == "settled"
    assert optimizer.iteration >= settled_at + 50


def test_another_perplexity_goes_on_from_the_layout(optimizer, blobs, schedule, pool):
    run_to_the_end(optimizer)
    at, before = optimizer.iteration, optimizer.layout.copy()
    optimizer.continue_with(affinities_of(blobs, 15, pool))
    assert optimizer.ended is None
    assert optimizer.phase == "optimising"
    assert np.isnan(optimizer.kl_divergence)
    assert optimizer.limit == at + schedule.max_iter - schedule.early_exaggeration_iter
    np.testing.assert_array_equal(optimizer.layout, before)
    optimizer.step()
    assert np.linalg.norm(optimizer.layout - before, axis=1).max() <= 5.001
    run_to_the_end(optimizer)
    assert optimizer.ended == "settled"
    P = reference.dense(affinities_of(blobs, 15, pool))
    assert reference.kl(P, optimizer.layout) < reference.kl(P, before)


def test_another_perplexity_in_early_exaggeration_leaves_the_limit(optimizer, blobs, schedule, pool):
    for _ in range(20):
        optimizer.step()
    optimizer.continue_with(affinities_of(blobs, 5, pool))
    assert optimizer.limit == schedule.max_iter


def test_p_of_other_points_is_an_error(optimizer, blobs, pool):
    with pytest.raises(ValueError, match="120 points, not 60"):
        optimizer.continue_with(affinities_of(blobs[::2], 5, pool))


def test_a_layout_that_diverges_is_an_error_and_the_last_good_one_stays(optimizer, schedule):
    for _ in range(30):
        optimizer.step()
    good = optimizer.layout.copy()
    optimizer.schedule = replace(schedule, learning_rate=np.inf)
    with pytest.raises(DivergedError, match="iteration 31"):
        optimizer.step()
    np.testing.assert_array_equal(optimizer.layout, good)
    assert optimizer.iteration == 30


def test_a_layout_is_unchanged_through_the_next_step(optimizer):
    optimizer.step()
    held = optimizer.layout
    copied = held.copy()
    optimizer.step()
    np.testing.assert_array_equal(held, copied)
    with pytest.raises(ValueError, match="read-only"):
        held[0] = 0


def test_the_given_layout_is_not_written_to(blobs, start, schedule, pool):
    before = start.copy()
    optimizer = Optimizer(affinities_of(blobs, 9, pool), start, schedule, pool=pool)
    optimizer.step()
    optimizer.step()
    np.testing.assert_array_equal(start, before)


def test_exaggeration_ends_where_it_presses_all_points_into_one(schedule, pool):
    X = np.random.default_rng(0).normal(size=(50, 5)) + 5 * (np.arange(50) < 25)[:, None]
    optimizer = Optimizer(affinities_of(X, 30, pool), initial_layout(X, "pca", 0), schedule, pool=pool)
    run_to_the_end(optimizer)
    assert optimizer.kl_divergence < 0.01
    assert np.ptp(optimizer.layout) > 1


def test_the_number_of_threads_does_not_change_a_bit(digits, schedule):
    layouts = []
    for pool in (Pool(1), Pool(2)):
        P = affinities_of(digits, 10, pool)
        optimizer = Optimizer(P, initial_layout(digits, "pca", 0), schedule, pool=pool)
        for _ in range(60):
            optimizer.step()
        layouts.append(optimizer.layout.tobytes())
    assert layouts[0] == layouts[1]


def checked(losses, *, step=1.0001, imbalance=0.01):
    """What is known after checks of these losses, where each step scales the layout."""
    Y = np.random.default_rng(0).normal(size=(10, 2)).astype(np.float32)
    settling = Settling()
    for loss in losses:
        assert not settling.settled
        settling.check(loss, loss, imbalance, Y, Y * np.float32(step))
    return settling


def test_settled_takes_three_rules_at_five_checks_in_a_row():
    assert checked([2.0] * 6).settled  # the first has no change of KL to look at
    assert not checked([2.0] * 6, step=1.01).settled
    assert not checked([2.0] * 6, imbalance=0.5).settled
    assert not checked([2.0] * 6, imbalance=0.5).near
    for change in (0.99, 1 / 0.99):
        settling = checked(2.0 * change ** np.arange(8))
        assert not settling.settled
        assert not settling.near


def test_unstable_is_what_gets_nowhere_over_100_iterations_while_points_move_and_forces_do_not_balance():
    to_and_fro = [2.0 + 0.01 * (check % 2) for check in range(11)]
    far = {"step": 1.01, "imbalance": 0.5}
    assert checked(to_and_fro, **far).unstable
    assert checked(2.0 + 0.01 * np.arange(11), **far).unstable  # it rises
    assert not checked(to_and_fro[1:], **far).unstable  # too early to tell
    assert not checked(to_and_fro, step=1.01, imbalance=0.05).unstable
    assert not checked(to_and_fro, step=1.0001, imbalance=0.5).unstable
    assert not checked(2.0 - 0.01 * np.arange(11), **far).unstable
    # What rounding does to KL is no movement.
    assert not checked([2.0 + 1e-6 * (check % 2) for check in range(11)], **far).unstable


def test_imbalance_is_what_is_left_of_the_forces_whatever_their_scale(pool):
    attraction, repulsion = np.random.default_rng(0).normal(size=(2, 50, 2)).astype(np.float32)
    rest = np.linalg.norm(2 * attraction - repulsion / 9, axis=1).sum()
    whole = np.linalg.norm(2 * attraction, axis=1).sum() + np.linalg.norm(repulsion / 9, axis=1).sum()
    assert imbalance(attraction, repulsion, 2.0, 9.0, pool) == pytest.approx(rest / whole)
    assert imbalance(attraction, attraction, 1.0, 1.0, pool) == 0
    assert imbalance(attraction, -attraction, 1.0, 1.0, pool) == pytest.approx(1)
    assert imbalance(0 * attraction, 0 * attraction, 1.0, 1.0, pool) == 0


# --- what a map says of itself --------------------------------------------------------------------------


def oscillates(optimizer):
    """Whether a map that has ended jumps about when it goes on."""
    before = optimizer.layout.astype(np.float64)
    radius = np.sqrt(np.mean((before - before.mean(axis=0)) ** 2))
    optimizer.step()
    return np.sqrt(np.mean((optimizer.layout - before) ** 2)) > 0.01 * radius


@settings(max_examples=20, deadline=None)
@given(
    n=st.sampled_from([30, 60, 120]),
    perplexity=st.sampled_from([2, 5, 9.5]),
    early_exaggeration=st.sampled_from([1, 4, 12, 30, 100]),
    early_exaggeration_iter=st.sampled_from([0, 20, 75, 250]),
    exaggeration=st.sampled_from([1, 1.1, 2, 4, 10, 30]),
    seed=st.integers(0, 3),
)
def test_no_map_ends_oscillating(n, perplexity, seed, **parameters):
    X = np.random.default_rng(seed).normal(size=(n, 6)) + 6 * (np.arange(n) % 3)[:, None]
    pool = Pool(1)
    schedule = Schedule(**parameters, learning_rate="auto", max_iter=1000)
    optimizer = Optimizer(
        affinities_of(X, perplexity, pool), initial_layout(X, "pca", seed), schedule, pool=pool
    )
    run_to_the_end(optimizer)
    assert optimizer.ended != "unstable"
    if optimizer.ended == "settled":
        assert not oscillates(optimizer)


@pytest.mark.slow
@pytest.mark.parametrize("exaggeration", [1.5, 4, 10])
def test_an_exaggerated_map_settles_where_short_steps_lead(digits, schedule, pool, exaggeration):
    P, Y = affinities_of(digits, 10, pool), initial_layout(digits, "pca", 0)
    exaggerated = replace(schedule, early_exaggeration_iter=75, exaggeration=exaggeration)
    optimizer = run_to_the_end(Optimizer(P, Y, exaggerated, pool=pool))
    assert optimizer.ended == "settled"
    small = replace(exaggerated, learning_rate=len(digits) / 8 / exaggeration)
    reached = run_to_the_end(Optimizer(P, Y, small, pool=pool))
    assert optimizer.kl_divergence < 1.03 * reached.kl_divergence
    kept = [reference.neighbor_recall(digits, each.layout) for each in (optimizer, reached)]
    assert kept[0] > 0.97 * kept[1]


@pytest.mark.parametrize("learning_rate", [1e5, 1e30])
def test_steps_that_are_too_long_are_called_unstable_and_never_settled(
    blobs, start, schedule, pool, learning_rate
):
    long = replace(schedule, learning_rate=learning_rate, max_iter=400)
    optimizer = Optimizer(affinities_of(blobs, 9, pool), start, long, pool=pool)
    phases = set()
    while optimizer.ended is None:
        optimizer.step()
        phases.add(optimizer.phase)
    assert optimizer.ended == "unstable"
    assert "unstable" in phases
    assert "lower learning_rate, which is 1e+" in optimizer.why


def test_steps_that_are_too_short_are_said_to_be(blobs, start, schedule, pool):
    short = replace(schedule, learning_rate=1e-10, max_iter=400)
    optimizer = run_to_the_end(Optimizer(affinities_of(blobs, 9, pool), start, short, pool=pool))
    assert optimizer.ended == "limit"
    assert optimizer.why.endswith("raise learning_rate, which is 1e-10")


def test_a_learning_rate_that_float32_cannot_hold_is_an_error(blobs, start, schedule, pool):
    optimizer = Optimizer(
        affinities_of(blobs, 9, pool), start, replace(schedule, learning_rate=1e300), pool=pool
    )
    with pytest.raises(DivergedError, match="lower learning_rate"):
        run_to_the_end(optimizer)


def test_neighbors_pressed_into_one_place_are_called_collapsed(blobs, start, schedule, pool):
    pressed = replace(schedule, exaggeration=1e6, max_iter=400)
    optimizer = run_to_the_end(Optimizer(affinities_of(blobs, 30, pool), start, pressed, pool=pool))
    assert optimizer.ended == "collapsed"
    assert optimizer.why.endswith("lower exaggeration, which is 1e+06")


def test_auto_halves_its_steps_where_they_are_unstable(blobs, start, schedule, pool):
    class LongSteps(Schedule):
        def learning_rate_in(self, early, n, halved=0):
            return 2e4 / 4**halved

    long = LongSteps(**vars(replace(schedule, max_iter=3000)))
    optimizer = run_to_the_end(Optimizer(affinities_of(blobs, 9, pool), start, long, pool=pool))
    assert optimizer.learning_rate < 2e4
    assert optimizer.ended == "settled"

"""What sets rows apart, against obvious ways to compute it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array, random_array

from tsne_widget.errors import InvalidValueError, SelectionError
from tsne_widget.measures.distributions import BINS, histograms
from tsne_widget.measures.effect_sizes import (
    columns_of,
    composition,
    contrast_categories,
    contrast_column,
    contrast_numbers,
    difference,
    joined,
    named_shares,
    strongest,
)

RNG = np.random.default_rng(0)
SPARSE = csr_array(random_array((500, 30), density=0.1, rng=np.random.default_rng(1)))
FORMS = {
    "float64": RNG.normal(size=(500, 7)) * 10.0 ** np.arange(-3, 4),
    "float32": RNG.normal(size=(500, 7)).astype(np.float32),
    "offset": RNG.normal(size=(500, 4)) + 1e9,
    "sparse": SPARSE,
    "sparse float32": SPARSE.astype(np.float32),
    "sparse offset": csr_array(RNG.normal(size=(500, 4)) + 1e9),
}
SELECTED, OTHER = np.arange(0, 500, 3), np.setdiff1d(np.arange(500), np.arange(0, 500, 3))


def obvious(values, selected, other):
    """The standardised mean difference, in longer numbers than float64 where there are some."""
    one, zero = (np.asarray(values)[rows].astype(np.longdouble) for rows in (selected, other))
    variances = [side.var(ddof=1) for side in (one, zero) if len(side) > 1]
    apart = one.mean() - zero.mean()
    if apart == 0:
        return 0.0
    spread = np.sqrt(sum(variances) / len(variances)) if variances else 0
    return float(apart / spread) if spread else math.copysign(math.inf, apart)


def dense(matrix):
    return matrix if isinstance(matrix, np.ndarray) else matrix.toarray()


@pytest.mark.parametrize("matrix", FORMS.values(), ids=FORMS.keys())
@pytest.mark.parametrize("block", [1, 700, 2**18])
def test_effects_means_and_deviations(matrix, block):
    found = contrast_numbers(matrix, SELECTED, OTHER, block=block)
    X = dense(matrix).astype(np.float64)
    np.testing.assert_allclose(found.effect, [obvious(x, SELECTED, OTHER) for x in X.T], rtol=1e-6)
    np.testing.assert_allclose(found.selected_mean, X[SELECTED].mean(axis=0))
    np.testing.assert_allclose(found.other_mean, X[OTHER].mean(axis=0))
    np.testing.assert_allclose(found.selected_sd, X[SELECTED].std(axis=0, ddof=1), rtol=1e-6)
    np.testing.assert_allclose(found.other_sd, X[OTHER].std(axis=0, ddof=1), rtol=1e-6)


@given(
    st.lists(st.sampled_from([0.0, 0.1, -0.3, 7.0]), min_size=3, max_size=12),
    st.integers(1, 11),
    st.sampled_from([np.asarray, csr_array]),
)
def test_effects_of_few_rows_are_the_obvious_ones(values, cut, form):
    cut = min(cut, len(values) - 1)
    rows = np.arange(len(values))
    found = contrast_numbers(form(np.array(values)[:, None]), rows[:cut], rows[cut:]).effect[0]
    assert found == pytest.approx(obvious(values, rows[:cut], rows[cut:]), abs=1e-9)


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_sides_without_variance_differ_without_bound_or_not_at_all(form):
    # Sums of 0.1 are not exact; a column that is constant must come out as such.
    left, right = np.full(50, 0.1), np.full(70, 0.3)
    matrix = np.column_stack(
        [np.concatenate([left, right]), np.concatenate([right[:50], left, left[:20]]), np.full(120, 0.1)]
    )
    found = contrast_numbers(form(matrix), np.arange(50), np.arange(50, 120))
    assert found.effect.tolist() == [-math.inf, math.inf, 0.0]
    assert (found.selected_sd == 0).all()


@pytest.mark.parametrize("form", [np.asarray, csr_array])
def test_one_row_is_measured_by_the_spread_of_the_others(form):
    values = np.array([5.0, 1, 2, 3])
    found = contrast_numbers(form(values[:, None]), np.array([0]), np.arange(1, 4))
    assert found.effect[0] == pytest.approx((5 - 2) / 1)
    assert np.isnan(found.selected_sd[0])
    turned = contrast_numbers(form(values[:, None]), np.arange(1, 4), np.array([0]))
    assert turned.effect[0] == pytest.approx(-3)
    alone = contrast_numbers(form(values[:, None]), np.array([0]), np.array([1]))
    assert alone.effect[0] == math.inf


def test_the_effect_does_not_depend_on_units_and_turns_its_sign_with_the_sides():
    X = FORMS["float64"]
    found = contrast_numbers(X, SELECTED, OTHER).effect
    np.testing.assert_allclose(contrast_numbers(X * 1000 + 5, SELECTED, OTHER).effect, found, rtol=1e-6)
    np.testing.assert_allclose(contrast_numbers(X, OTHER, SELECTED).effect, -found)


def test_the_strongest_come_first_equal_ones_in_their_order_undefined_ones_last():
    columns = np.array([[0.0, 1], [0, 1], [0, 0], [0, 0]])[:, [0, 1, 0]]
    numbers = contrast_numbers(columns, np.array([0, 1]), np.array([2, 3]))
    missing = contrast_column(np.full(4, np.nan), np.array([0, 1]), np.array([2, 3]))
    some = contrast_column(np.array([3.0, 4, 1, 2]), np.array([0, 1]), np.array([2, 3]))
    effects = joined([missing, numbers, some])
    assert effects.order.tolist() == [2, 4, 1, 3, 0]
    assert np.isnan(effects.effect[0])


def test_missing_numbers_are_left_out_on_their_side():
    values = RNG.normal(size=300)
    values[::7] = np.nan
    selected, other = np.arange(100), np.arange(100, 300)
    present = [rows[~np.isnan(values[rows])] for rows in (selected, other)]
    found = contrast_column(values, selected, other)
    assert found.effect[0] == pytest.approx(obvious(values, *present))
    assert found.selected_mean[0] == pytest.approx(np.nanmean(values[selected]))


def test_an_infinite_number_leaves_the_effect_undefined():
    values = np.array([np.inf, 1, 2, 3, 4, 5])
    found = contrast_column(values, np.arange(3), np.arange(3, 6))
    assert np.isnan(found.effect[0])
    assert found.other_mean[0] == 4


@pytest.mark.parametrize("unit", [1e-300, 1e-170, 1e170, 1e300])
def test_the_effect_of_a_column_has_no_smallest_or_largest_unit(unit):
    values = RNG.normal(size=500) + np.arange(500) / 500
    found, same = (contrast_column(values * scale, SELECTED, OTHER) for scale in (unit, 1.0))
    np.testing.assert_allclose(found.effect, same.effect)
    np.testing.assert_allclose(found.selected_mean, same.selected_mean * unit)
    np.testing.assert_allclose(found.selected_sd, same.selected_sd * unit)
    drawn, plain = (histograms(values * scale, SELECTED, OTHER) for scale in (unit, 1.0))
    assert drawn.selected.tolist() == plain.selected.tolist()
    assert drawn.high == pytest.approx(plain.high * unit)


def test_squares_that_overflow_leave_the_effect_undefined():
    found = contrast_numbers(np.array([[1e200], [2e200], [0], [0]]), np.array([0, 1]), np.array([2, 3]))
    assert np.isnan(found.effect[0])


def test_what_a_sparse_matrix_stores_twice_counts_as_its_sum():
    twice = csr_array(([1.0, 2.0, 5.0], [0, 0, 1], [0, 2, 2, 3, 3]), shape=(4, 2))
    rows = np.arange(2), np.arange(2, 4)
    np.testing.assert_array_equal(
        contrast_numbers(twice, *rows).effect, contrast_numbers(twice.toarray(), *rows).effect
    )


@pytest.mark.parametrize("matrix", [FORMS["float32"], SPARSE], ids=["dense", "sparse"])
def test_columns_are_taken_in_the_order_asked_for(matrix):
    np.testing.assert_array_equal(columns_of(matrix, [5, 0, 3]), dense(matrix).T[[5, 0, 3]])


def test_histograms_are_shares_of_each_side():
    values = RNG.normal(size=1000)
    selected, other = np.arange(100), np.arange(100, 1000)
    found = histograms(values, selected, other)
    assert (len(found.selected), len(found.other)) == (BINS, BINS)
    ends = [np.percentile(values[rows], [2, 98]) for rows in (selected, other)]
    assert found.low == min(low for low, _ in ends)
    assert found.high == max(high for _, high in ends)
    edges = np.linspace(found.low, found.high, BINS + 1)
    edges[[0, -1]] = -np.inf, np.inf
    np.testing.assert_allclose(found.selected, np.histogram(values[selected], edges)[0] / 100)
    np.testing.assert_allclose(found.other, np.histogram(values[other], edges)[0] / 900)


def test_a_few_far_values_are_in_the_end_bins():
    values = np.concatenate([RNG.uniform(size=500), [1e9, np.inf, -np.inf]])
    found = histograms(values, np.arange(200, 503), np.arange(200))
    assert 0 <= found.low < found.high <= 1
    assert found.selected.sum() == pytest.approx(1)
    assert found.selected[-1] >= 2 / 303
    assert found.selected[0] >= 1 / 303


def test_rare_values_are_not_pressed_into_one_bin():
    values = np.concatenate([np.zeros(995), [1.0, 2, 3, 4, 10]])
    found = histograms(values, np.arange(100), np.arange(100, 1000))
    assert (found.low, found.high) == (0, 10)


@pytest.mark.parametrize("value", [0.0, 0.1, -3e20])
def test_one_value_alone_is_in_the_middle(value):
    found = histograms(np.full(9, value), np.arange(4), np.arange(4, 9))
    assert found.low < value < found.high
    assert (np.flatnonzero(found.selected) == np.flatnonzero(found.other)).all()
    assert abs(np.flatnonzero(found.selected)[0] - BINS / 2) <= 1


def test_a_side_without_values_has_no_shares():
    values = np.array([np.nan, np.nan, 1, 2])
    found = histograms(values, np.arange(2), np.arange(2, 4))
    assert found.selected.tolist() == [0] * BINS
    assert found.other.sum() == 1
    nothing = histograms(values, np.arange(2), np.arange(2))
    assert nothing.low < nothing.high


def test_a_difference_has_its_name_and_its_distributions():
    X = FORMS["float64"]
    effects = contrast_numbers(X, SELECTED, OTHER)
    found = difference("height", effects, 2, X[:, 2], SELECTED, OTHER)
    assert found.feature == "height"
    assert found.effect == effects.effect[2]
    assert sum(found.selected_histogram) == pytest.approx(1)
    assert strongest([found, found]) == [found, found]


def test_categories_differ_by_their_shares():
    codes = np.array([0, 0, 1, 2, 2, 2], np.uint16)
    found = contrast_categories(codes, 4, np.array([0, 1, 2]), np.array([3, 4, 5]))
    np.testing.assert_allclose(found.selected_share, [2 / 3, 1 / 3, 0, 0])
    np.testing.assert_allclose(found.other_share, [0, 0, 1, 0])
    np.testing.assert_allclose(found.effect, [2 / 3, 1 / 3, -1, 0])
    named = named_shares("colour", ["red", "green", "blue", "none"], found)
    assert [share.category for share in named] == ["blue", "red", "green", "none"]
    assert [share.column for share in named] == ["colour"] * 4
    assert strongest(named[::-1])[0].category == "blue"


def test_the_composition_counts_the_labels_of_the_selected_rows():
    codes = np.array([0, 0, 1, 2, 2, 2], np.uint16)
    found = composition(codes, [2, 1, 3, 0], np.array([1, 3, 4, 5]))
    assert found.count.tolist() == [1, 0, 3, 0]
    np.testing.assert_allclose(found.share, [1 / 4, 0, 3 / 4, 0])
    np.testing.assert_allclose(found.of, [1 / 2, 0, 1, 0])
    assert composition(codes, [2, 1, 3, 0], np.empty(0, np.int64)).share.tolist() == [0] * 4


CONTRASTS = {
    "numbers": lambda *sides: contrast_numbers(np.ones((5, 2)), *sides),
    "sparse numbers": lambda *sides: contrast_numbers(csr_array(np.ones((5, 2))), *sides),
    "column": lambda *sides: contrast_column(np.ones(5), *sides),
    "categories": lambda *sides: contrast_categories(np.zeros(5, np.uint16), 1, *sides),
}


@pytest.mark.parametrize("contrast", CONTRASTS.values(), ids=CONTRASTS.keys())
def test_an_empty_side_or_a_row_that_does_not_exist_is_a_typed_error(contrast):
    some, none = np.arange(3), np.empty(0, np.int64)
    with pytest.raises(InvalidValueError, match="selected is empty"):
        contrast(none, some)
    with pytest.raises(InvalidValueError, match="other is empty"):
        contrast(some, none)
    with pytest.raises(SelectionError, match="other holds row 5: rows are 0 to 4"):
        contrast(some, np.array([1, 5]))

"""A parameter that is not allowed is refused with its name, its value and what is allowed."""

import math
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tsne_widget import (
    DataError,
    InvalidTypeError,
    InvalidValueError,
    PerplexityWarning,
    UnknownParameterError,
)
from tsne_widget import settings as module
from tsne_widget.settings import (
    DEFAULTS,
    LIMITS,
    check_init,
    check_perplexity,
    check_random_state,
    check_settings,
    neighbors_to_search,
    neighbors_wanted,
    reject_unknown,
    warn_if_doubtful,
)

REFUSED = (InvalidTypeError, InvalidValueError)

INSIDE = {
    "early_exaggeration": [1, 1.0, 12, 1e6],
    "early_exaggeration_iter": [0, 1, 250],
    "exaggeration": [1e-300, 0.5, 1, 8],
    "learning_rate": [1e-300, 200, 1e6, "auto"],
    "max_iter": [1, 1000, 10**9],
    "random_state": [0, 42, 2**32 - 1],
    "n_jobs": [-1, 1, 64],
    "height": [120, 4000],
}
OUTSIDE = {
    "early_exaggeration": [math.nextafter(1, 0), 0, -1],
    "early_exaggeration_iter": [-1],
    "exaggeration": [0, -1e-300],
    "learning_rate": [0, 0.0, -200],
    "max_iter": [0, -1],
    "random_state": [-1, 2**32],
    "n_jobs": [-2],
    "height": [119, 0, -120],
}
NOT_NUMBERS = [True, False, np.True_, "12", "", b"12", [1], (1,), {}, 1 + 0j, object(), np.array([1.0])]
NOT_FINITE = [math.nan, math.inf, -math.inf, np.float32("nan"), np.float64("inf")]


def each(table):
    return [pytest.param(name, value, id=f"{name}={value}") for name in table for value in table[name]]


def settings(X, **values):
    return check_settings({"perplexity": 5, **values}, X)


def test_every_limit_is_tested():
    assert INSIDE.keys() == OUTSIDE.keys() == LIMITS.keys()


@pytest.mark.parametrize(("name", "value"), each(INSIDE))
def test_a_value_just_inside_its_limit_is_taken(blobs, name, value):
    assert getattr(settings(blobs, **{name: value}), name) == value


@pytest.mark.parametrize(("name", "value"), each(OUTSIDE))
def test_a_value_just_outside_its_limit_is_refused(blobs, name, value):
    with pytest.raises(InvalidValueError) as caught:
        settings(blobs, **{name: value})
    assert f"{name}={value!r}" in str(caught.value)
    assert str(LIMITS[name]) in str(caught.value)


@pytest.mark.parametrize("name", [*LIMITS, "perplexity"])
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
def test_what_is_not_a_number_is_a_type_error(blobs, name, value):
    with pytest.raises(
        InvalidTypeError, match=rf"^{name}=.* is of type {type(value).__name__}: {name} must be "
    ):
        settings(blobs, **{name: value})


@pytest.mark.parametrize("name", [*LIMITS, "perplexity"])
@pytest.mark.parametrize("value", NOT_FINITE, ids=repr)
def test_a_number_that_is_not_finite_is_refused(blobs, name, value):
    with pytest.raises(REFUSED, match=f"{name} must be "):
        settings(blobs, **{name: value})


@pytest.mark.parametrize("name", [*LIMITS, "perplexity"])
def test_an_integer_too_large_for_a_float_is_refused(blobs, name):
    with pytest.raises(InvalidValueError, match=f"{name} must be "):
        settings(blobs, **{name: 10**400})


@pytest.mark.parametrize("name", [name for name, limit in LIMITS.items() if limit.integer])
def test_a_float_is_not_an_integer(blobs, name):
    with pytest.raises(InvalidTypeError, match=f"{name}=200.5 .* must be an integer"):
        settings(blobs, **{name: 200.5})


@pytest.mark.parametrize(
    ("name", "value", "plain"),
    [
        ("perplexity", np.float32(5), float),
        ("perplexity", np.int64(5), float),
        ("perplexity", Fraction(11, 2), float),
        ("early_exaggeration", np.float16(4), float),
        ("early_exaggeration_iter", np.uint8(7), int),
        ("max_iter", np.int32(70), int),
        ("random_state", np.uint32(2**32 - 1), int),
        ("n_jobs", np.int8(-1), int),
        ("height", np.int64(300), int),
        ("autostart", np.bool_(False), bool),
    ],
)
def test_numpy_scalars_become_plain_numbers(blobs, name, value, plain):
    taken = getattr(settings(blobs, **{name: value}), name)
    assert taken == value
    assert type(taken) is plain


def test_the_bounds_in_a_message_are_exact(blobs):
    with pytest.raises(InvalidValueError, match="at least 0 and at most 4294967295 or None"):
        settings(blobs, random_state=2**32)


def test_a_long_value_is_cut_in_the_message(blobs):
    with pytest.raises(InvalidTypeError) as caught:
        settings(blobs, height="x" * 10_000)
    assert len(str(caught.value)) < 300


def test_no_threads_at_all_is_refused(blobs):
    with pytest.raises(InvalidValueError, match=r"n_jobs=0 .*-1 .*at least 1"):
        settings(blobs, n_jobs=0)


@pytest.mark.parametrize("value", [1, "yes", None])
def test_autostart_is_true_or_false(blobs, value):
    with pytest.raises(InvalidTypeError, match=r"autostart=.*True or False"):
        settings(blobs, autostart=value)


def test_defaults_pass_their_own_limits():
    X = np.random.default_rng(0).normal(size=(200, 3))
    assert check_settings({}, X) == DEFAULTS


# --- perplexity ---------------------------------------------------------------------------------------


@given(st.integers(4, 10**6), st.floats(0, 1, exclude_min=True, exclude_max=True))
def test_a_perplexity_between_1_and_n_minus_1_is_taken(n, part):
    value = 1 + part * (n - 2)
    if 1 < value < n - 1:
        assert check_perplexity(value, n) == value


@pytest.mark.parametrize("n", [4, 5, 60, 100_000])
@pytest.mark.parametrize("value", [1, 0, -3, math.nan, math.inf, "n - 1", "n", "beyond"])
def test_a_perplexity_beyond_its_bounds_is_refused_with_the_bound_for_these_rows(n, value):
    value = {"n - 1": n - 1, "n": n, "beyond": 10 * n}.get(value, value)
    with pytest.raises(InvalidValueError) as caught:
        check_perplexity(value, n)
    assert f"perplexity={value!r}" in str(caught.value)
    assert f"above 1 and below n - 1 = {n - 1} for {n} rows" in str(caught.value)


@pytest.mark.parametrize("n", [4, 10, 31, 1000])
def test_a_perplexity_is_doubtful_above_a_third_of_the_other_rows(n):
    third = (n - 1) / 3
    with pytest.warns(PerplexityWarning, match=f"of the {n - 1} other rows"):
        warn_if_doubtful(math.nextafter(third, math.inf), n)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_if_doubtful(third, n)


def test_the_warning_points_at_the_line_of_the_caller(blobs):
    with pytest.warns(PerplexityWarning) as caught:
        settings(blobs, perplexity=50)
    # This file's line is that of `settings` above, the nearest that is not the package's own.
    assert Path(caught[0].filename) == Path(__file__)
    assert "check_settings(" in Path(__file__).read_text().splitlines()[caught[0].lineno - 1]


@given(st.floats(1.01, 1e5), st.integers(4, 10**6))
def test_a_search_finds_at_least_what_the_perplexity_wants_and_never_more_than_there_is(perplexity, n):
    wanted, searched = neighbors_wanted(perplexity, n), neighbors_to_search(perplexity, n)
    assert 1 <= wanted <= searched <= n - 1
    assert wanted in (n - 1, math.floor(3 * perplexity))


def test_a_small_map_has_neighbours_for_a_perplexity_of_100_from_the_start():
    assert neighbors_to_search(5, 5_000) == neighbors_wanted(100, 5_000)


# --- seeds --------------------------------------------------------------------------------------------


def test_no_seed_draws_one_that_can_be_used_again():
    drawn = {check_random_state(None) for _ in range(20)}
    assert len(drawn) > 1
    assert all(check_random_state(seed) == seed for seed in drawn)


# --- unknown names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("n_iter", "max_iter"),
        ("initialization", "init"),
        ("seed", "random_state"),
        ("y", "labels"),
        ("lr", "learning_rate"),
        ("perplexty", "perplexity"),
        ("early_exageration", "early_exaggeration"),
        ("maxiter", "max_iter"),
        ("label", "labels"),
        ("Perplexity", "perplexity"),
    ],
)
def test_an_unknown_keyword_names_the_one_that_was_meant(wrong, right):
    with pytest.raises(UnknownParameterError, match=f"'{wrong}' is not a parameter .*did you mean '{right}'"):
        reject_unknown({wrong: 1})


def test_a_keyword_like_no_other_is_answered_with_all_there_are():
    with pytest.raises(UnknownParameterError) as caught:
        reject_unknown({"zzz": 1})
    assert all(name in str(caught.value) for name in (*DEFAULTS.__dataclass_fields__, "labels"))


def test_the_names_of_other_packages_lead_to_parameters_that_exist():
    known = {*DEFAULTS.__dataclass_fields__, "labels"}
    assert set(module.OTHER_NAMES.values()) <= known
    assert not set(module.OTHER_NAMES) & known


# --- metric -------------------------------------------------------------------------------------------


def city(a, b):
    return np.abs(a - b).sum()


@pytest.mark.parametrize(
    ("metric", "params"),
    [
        ("euclidean", None),
        ("euclidean", {}),
        ("cosine", None),
        ("manhattan", None),
        ("minkowski", {"p": 3}),
        (city, None),
    ],
)
def test_a_metric_that_can_be_computed_is_taken(blobs, metric, params):
    assert settings(blobs, metric=metric, metric_params=params).metric == metric


@pytest.mark.parametrize("metric", ["euclidian", "", "precomputed"])
def test_an_unknown_metric_is_answered_with_those_known(blobs, metric):
    with pytest.raises(InvalidValueError, match=f"metric='{metric}' .*cosine, .*euclidean, .*or a function"):
        settings(blobs, metric=metric)


@pytest.mark.parametrize("metric", [None, 2, ["euclidean"], np.eye(3)], ids=str)
def test_a_metric_that_is_no_name_and_no_function_is_a_type_error(blobs, metric):
    with pytest.raises(InvalidTypeError, match=r"(?s)metric=.* must be a name or a function of two rows"):
        settings(blobs, metric=metric)


@pytest.mark.parametrize("params", [3, "p", [("p", 3)]])
def test_parameters_of_a_metric_are_a_dict(blobs, params):
    with pytest.raises(InvalidTypeError, match=r"metric_params=.* must be a dict"):
        settings(blobs, metric="minkowski", metric_params=params)


def test_parameters_that_the_metric_does_not_know_are_refused_at_once(blobs):
    with pytest.raises(InvalidValueError, match=r"'minkowski' with .*\{'power': 3\}") as caught:
        settings(blobs, metric="minkowski", metric_params={"power": 3})
    assert caught.value.__cause__ is not None


def test_a_metric_that_raises_is_refused_at_once(blobs):
    def broken(a, b):
        raise ZeroDivisionError("oh")

    with pytest.raises(InvalidValueError, match="oh") as caught:
        settings(blobs, metric=broken)
    assert isinstance(caught.value.__cause__, ZeroDivisionError)


def test_a_metric_that_gives_nan_is_refused_at_once(blobs):
    with pytest.raises(InvalidValueError, match="not finite"):
        settings(blobs, metric=lambda a, b: math.nan)


# --- init ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pca", "random"])
def test_an_initial_layout_may_be_named(name):
    assert check_init(name, 5) == name


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.uint32])
def test_an_initial_layout_of_any_real_numbers_becomes_float32(dtype):
    given = np.arange(10).reshape(5, 2).astype(dtype)
    taken = check_init(given, 5)
    assert taken.dtype == np.float32
    np.testing.assert_array_equal(taken, given)


def test_an_initial_layout_is_copied():
    given = np.zeros((5, 2), np.float32)
    taken = check_init(given, 5)
    given += 1
    assert not taken.any()


def test_an_initial_layout_may_be_a_list():
    assert check_init([[0, 1], [2, 3], [4, 5]], 3).tolist() == [[0, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize("shape", [(5,), (4, 2), (5, 3), (2, 5), (5, 2, 1), (0, 2)])
def test_an_initial_layout_of_another_shape_is_refused(shape):
    with pytest.raises(InvalidValueError) as caught:
        check_init(np.zeros(shape), 5)
    assert str(shape) in str(caught.value)
    assert "shape (5, 2)" in str(caught.value)


@pytest.mark.parametrize("value", ["PCA", "spectral", ""])
def test_an_unknown_name_of_an_initial_layout_is_refused(value):
    with pytest.raises(InvalidValueError, match=r"init=.*'pca', 'random' or an array of shape \(5, 2\)"):
        check_init(value, 5)


@pytest.mark.parametrize(
    "value", [None, 3 + 0j, [["a", "b"]] * 5, np.zeros((5, 2), bool), np.zeros((5, 2), complex)], ids=repr
)
def test_an_initial_layout_that_holds_no_numbers_is_a_type_error(value):
    with pytest.raises(InvalidTypeError, match=r"(?s)init=.* must be one of"):
        check_init(value, 5)


def test_an_initial_layout_with_rows_of_different_lengths_is_refused():
    with pytest.raises((DataError, *REFUSED), match="init"):
        check_init([[0, 1], [2]], 2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, 1e300])
def test_an_initial_layout_that_is_not_finite_in_float32_is_refused(bad):
    layout = np.zeros((5, 2))
    layout[3, 1] = bad
    with pytest.raises(InvalidValueError, match=r"init .*finite"):
        check_init(layout, 5)

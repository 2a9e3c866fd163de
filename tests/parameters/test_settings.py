"""A parameter that is not allowed is refused with its name, its value and what is allowed."""

import math
import warnings
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import facts_of, in_words
from tsne_widget import (
    DataError,
    InitWarning,
    InvalidTypeError,
    InvalidValueError,
    PerplexityWarning,
    UnknownParameterError,
)
from tsne_widget.data import Index
from tsne_widget.parameters import axes
from tsne_widget.parameters import checks as module
from tsne_widget.parameters.axes import AXES, check_axis
from tsne_widget.parameters.axis import Facts
from tsne_widget.parameters.checks import check_settings, reject_unknown
from tsne_widget.parameters.constants import stability_neighbors
from tsne_widget.parameters.defaults import DEFAULTS
from tsne_widget.parameters.given import plain
from tsne_widget.parameters.init import check_init
from tsne_widget.parameters.limits import LIMITS, check_align, check_runs
from tsne_widget.parameters.neighbors import check_search
from tsne_widget.parameters.perplexity import (
    check_perplexity,
    neighbors_to_search,
    neighbors_wanted,
    require_one_in_range,
    warn_if_doubtful,
    why_out_of_range,
)

REFUSED = (InvalidTypeError, InvalidValueError)

INSIDE = {
    "early_exaggeration": [1, 1.0, 12, 1e6],
    "early_exaggeration_iter": [0, 1, 250],
    "exaggeration": [1, 1.5, 8],
    "learning_rate": [1e-300, 200, 1e6, "auto"],
    "max_iter": [1, 1000, 10**9],
    "angle": [0, 0.5, 1],
    "random_state": [0, 42, 2**32 - 1],
    "n_jobs": [-100_000, -2, -1, 1, 64, 1024],
    "height": [120, 4000],
    "point_size": [1e-300, 0.5, 100, "auto"],
    "opacity": [1e-300, 0.5, 1, "auto"],
}
OUTSIDE = {
    "early_exaggeration": [math.nextafter(1, 0), 0, -1],
    "early_exaggeration_iter": [-1],
    "exaggeration": [math.nextafter(1, 0), 0.5, 0, -1],
    "learning_rate": [0, 0.0, -200],
    "max_iter": [0, -1],
    "angle": [-0.1, math.nextafter(1, 2)],
    "random_state": [-1, 2**32],
    "n_jobs": [0, 1025, 100_000],
    "height": [119, 0, -120],
    "point_size": [0, -1, math.nextafter(100, 101)],
    "opacity": [0, -0.5, math.nextafter(1, 2)],
}
NOT_NUMBERS = [True, False, np.True_, "12", "", b"12", {}, {1}, 1 + 0j, object(), np.array(1.0), iter([1])]
LISTS = [[1], (1,), np.array([1.0])]
NOT_FINITE = [math.nan, math.inf, -math.inf, np.float32("nan"), np.float64("inf")]


def each(table):
    return [pytest.param(name, value, id=f"{name}={value}") for name in table for value in table[name]]


def settings(X, **values):
    """Check parameters as the widget does where none of them is a list."""
    for name in AXES:
        if name in values:
            (values[name],) = map(plain, check_axis(name, values[name], facts_of(X, **values)))
    return check_settings({"perplexity": 5.0, **values}, X)


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
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=in_words)
def test_what_is_not_a_number_is_a_type_error(blobs, name, value):
    with pytest.raises(
        InvalidTypeError, match=rf"^{name}=.* is of type {type(value).__name__}: {name} must be "
    ):
        settings(blobs, **{name: value})


@pytest.mark.parametrize("name", [name for name in LIMITS if name not in AXES])
@pytest.mark.parametrize("value", LISTS, ids=in_words)
def test_what_is_the_same_for_all_runs_takes_no_list(blobs, name, value):
    with pytest.raises(InvalidTypeError, match=f"{name} must be "):
        settings(blobs, **{name: value})


@pytest.mark.parametrize("name", [*LIMITS, "perplexity"])
@pytest.mark.parametrize("value", NOT_FINITE, ids=in_words)
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
        warn_if_doubtful([math.nextafter(third, math.inf)], n)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_if_doubtful([third], n)


def test_the_warning_points_at_the_line_of_the_caller():
    with pytest.warns(PerplexityWarning) as caught:
        warn_if_doubtful([50.0], 60)
    assert Path(caught[0].filename) == Path(__file__)
    assert "warn_if_doubtful([50.0], 60)" in Path(__file__).read_text().splitlines()[caught[0].lineno - 1]


@pytest.mark.parametrize("perplexity", [59, 59.0, 60, 1e6])
def test_a_perplexity_that_no_map_can_have_is_warned_of_and_its_reason_is_that_of_the_error(perplexity):
    with pytest.raises(InvalidValueError) as caught:
        check_perplexity(int(perplexity), 60)
    assert why_out_of_range(float(perplexity), 60) == str(caught.value)
    with pytest.warns(PerplexityWarning, match="below n - 1 = 59 for 60 rows; that map stays empty"):
        warn_if_doubtful([float(perplexity)], 60)


def test_perplexities_that_are_doubtful_and_those_out_of_range_are_warned_of_once_each():
    with pytest.warns(PerplexityWarning) as caught:
        warn_if_doubtful([5.0, 40.0, 100.0, 50.5, 59.0], 60)
    doubtful, outside = (str(warning.message) for warning in caught)
    assert doubtful.startswith("perplexity=40, 50.5 are more than a third of the 59 other rows")
    assert outside.startswith("perplexity=100, 59 are not allowed: perplexity must be a number above 1")
    assert outside.endswith("; those maps stay empty")


@pytest.mark.parametrize(
    ("n", "advice"), [(3, ""), (4, ""), (5, "up to 1.333 is usual"), (61, "up to 20 is")]
)
def test_the_advice_on_a_perplexity_is_one_that_can_be_followed(n, advice):
    """Of a Gaussian the perplexity is above 1: for 4 rows there is none that is usual."""
    with pytest.warns(PerplexityWarning) as caught:
        warn_if_doubtful([n - 1.5], n)
    assert (advice or f"{n} rows are too few for a smaller one") in str(caught[0].message)


def test_one_perplexity_at_least_is_in_range():
    require_one_in_range([59.0, 58.0], 60)
    text = "perplexity=59, 100.5 puts every map out of range: .* above 1 and below n - 1 = 59 for 60 rows"
    with pytest.raises(InvalidValueError, match=text):
        require_one_in_range([59.0, 100.5], 60)


def test_a_perplexity_that_a_map_can_have_has_no_reason_against_it():
    assert why_out_of_range(math.nextafter(59, 0), 60) == ""


@given(st.floats(1.01, 1e5), st.integers(4, 10**6), st.booleans())
def test_a_search_finds_at_least_what_the_perplexity_wants_and_never_more_than_there_is(perplexity, n, exact):
    wanted = neighbors_wanted(perplexity, n)
    searched = neighbors_to_search(wanted, n, exact=exact)
    assert 1 <= wanted <= searched <= n - 1
    assert searched >= min(30 if exact else 10, n - 1)
    assert wanted in (n - 1, math.floor(3 * perplexity))


def test_a_small_map_has_neighbours_for_a_perplexity_of_100_from_the_start():
    assert neighbors_to_search(15, 5_000, exact=True) == neighbors_wanted(100, 5_000)


@pytest.mark.parametrize(("n", "k"), [(4, 3), (15, 14), (16, 15), (17, 15), (100_000, 15)])
def test_the_stability_is_measured_by_as_many_neighbours_as_there_are(n, k):
    assert stability_neighbors(n) == k


# --- seeds --------------------------------------------------------------------------------------------


def test_no_seed_draws_one_that_can_be_used_again():
    drawn = {check_axis("random_state", None, Facts(60))[0] for _ in range(20)}
    assert len(drawn) > 1
    assert all(check_axis("random_state", seed, Facts(60)) == (seed,) for seed in drawn)


def test_seeds_that_are_drawn_differ_from_all_others(monkeypatch):
    monkeypatch.setattr(axes, "fresh_seed", iter([7, 3, 7, 3, 9]).__next__)
    assert check_axis("random_state", [None, 7, None], Facts(60)) == (3, 7, 9)


# --- lists --------------------------------------------------------------------------------------------

SERIES = pd.Series([5, 30], index=["a", "b"])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("perplexity", [5, 30], (5.0, 30.0)),
        ("perplexity", (5, 30.5), (5.0, 30.5)),
        ("perplexity", range(5, 8), (5.0, 6.0, 7.0)),
        ("perplexity", np.array([30, 5]), (30.0, 5.0)),
        ("perplexity", np.array([5, 30.5], object), (5.0, 30.5)),
        ("perplexity", SERIES, (5.0, 30.0)),
        ("perplexity", SERIES.index.map({"a": 2, "b": 3}), (2.0, 3.0)),
        ("perplexity", [5, 1000], (5.0, 1000.0)),
        ("perplexity", [5], (5.0,)),
        ("perplexity", np.float32(5), (5.0,)),
        ("random_state", range(3), (0, 1, 2)),
        ("random_state", np.arange(3, dtype=np.uint8), (0, 1, 2)),
        ("random_state", [7], (7,)),
        ("init", ["random", "pca"], ("random", "pca")),
        ("init", ("pca",), ("pca",)),
        ("init", np.array(["pca", "random"]), ("pca", "random")),
        ("init", pd.Series(["pca", "random"]), ("pca", "random")),
    ],
    ids=in_words,
)
def test_a_list_is_checked_value_by_value(name, value, expected):
    checked = check_axis(name, value, Facts(60))
    assert checked == expected
    assert [type(one) for one in checked] == [type(one) for one in expected]


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        *[(name, empty, InvalidValueError) for name in AXES for empty in ([], (), range(0), np.array([]))],
        ("perplexity", [5, 5.0], InvalidValueError),
        ("perplexity", [5, 1], InvalidValueError),
        ("perplexity", [5, math.nan], InvalidValueError),
        ("perplexity", [5, math.inf], InvalidValueError),
        ("perplexity", [5, -3], InvalidValueError),
        ("perplexity", [5, "30"], InvalidTypeError),
        ("perplexity", [5, None], InvalidTypeError),
        ("perplexity", [5, True], InvalidTypeError),
        ("perplexity", [[5, 30]], InvalidTypeError),
        ("perplexity", [5, [30]], InvalidTypeError),
        ("perplexity", np.array([[5, 30]]), InvalidTypeError),
        ("perplexity", {5, 30}, InvalidTypeError),
        ("perplexity", {5: 30}, InvalidTypeError),
        ("perplexity", (p for p in (5, 30)), InvalidTypeError),
        ("perplexity", "5, 30", InvalidTypeError),
        ("perplexity", [59], InvalidValueError),
        ("random_state", [0, 0], InvalidValueError),
        ("random_state", [0, -1], InvalidValueError),
        ("random_state", [0, 2**32], InvalidValueError),
        ("random_state", [0, 1.0], InvalidTypeError),
        ("random_state", [0, "1"], InvalidTypeError),
        ("random_state", np.array([0.0, 1.0]), InvalidTypeError),
        ("random_state", {0, 1}, InvalidTypeError),
        ("random_state", [[0, 1]], InvalidTypeError),
        ("init", ["pca", "pca"], InvalidValueError),
        ("init", ["pca", "spectral"], InvalidValueError),
        ("init", ["pca", None], InvalidTypeError),
        ("init", ["pca", np.zeros((59, 2))], InvalidValueError),
        ("init", [np.eye(60, 2), np.eye(60, 2, dtype=int)], InvalidValueError),
        ("init", {"pca", "random"}, InvalidTypeError),
        ("init", [["pca", "random"]], (InvalidValueError, InvalidTypeError)),
        ("init", ["pca", [0, 1]], InvalidValueError),
    ],
    ids=in_words,
)
def test_a_list_with_anything_wrong_is_refused_by_its_name(name, value, error):
    with pytest.raises(error, match=name):
        check_axis(name, value, Facts(60))


@pytest.mark.parametrize(
    ("name", "allowed"),
    [
        ("perplexity", "a number or a list of numbers"),
        ("random_state", "an integer, None, or a list of these"),
        ("init", r"'pca', 'random' or an array of shape \(60, 2\), or a list of these"),
    ],
)
@pytest.mark.parametrize(
    "several", [set, frozenset, iter, dict.fromkeys, lambda v: dict(enumerate(v)).values()]
)
def test_several_values_that_are_no_list_are_answered_with_that_a_list_is_allowed(name, allowed, several):
    with pytest.raises(InvalidTypeError, match=f"{name} must be {allowed}$"):
        check_axis(name, several(["pca", "random"] if name == "init" else [5, 6]), Facts(60))


def test_a_value_given_twice_is_named():
    with pytest.raises(InvalidValueError, match=r"perplexity holds 5.0 more than once"):
        check_axis("perplexity", [5, 7, 5], Facts(60))


def test_coordinates_are_a_list_of_pairs_and_several_are_a_list_of_these():
    pairs, others = [[0, 1], [2, 3], [4, 8]], [[0, 1], [2, 3], [4, 9]]
    (one,) = check_axis("init", pairs, Facts(3, init_scale=False))
    assert one.value.tolist() == pairs
    (same,) = check_axis("init", [np.array(pairs)], Facts(3, init_scale=False))
    assert same.value.tolist() == pairs
    first, name, last = check_axis("init", [pairs, "pca", np.array(others)], Facts(3, init_scale=False))
    assert (first.value.tolist(), name, last.value.tolist()) == (pairs, "pca", others)
    several = check_axis("init", [pairs, others], Facts(3))
    assert [one.value.dtype for one in several] == [np.float32] * 2


def test_coordinates_that_are_the_same_once_they_are_scaled_are_the_same():
    places = np.random.default_rng(0).normal(size=(60, 2))
    with pytest.raises(InvalidValueError, match="the same coordinates more than once"):
        check_axis("init", [places, 2 * places + 1], Facts(60))


@pytest.mark.parametrize("value", [True, False, "selection", np.True_])
def test_maps_are_aligned_by_all_points_by_some_or_not_at_all(value):
    assert check_align(value) == value
    assert type(check_align(value)) in (bool, str)


@pytest.mark.parametrize(
    ("value", "error"), [("all", InvalidValueError), (1, InvalidTypeError), (None, InvalidTypeError)]
)
def test_another_way_to_align_is_refused(blobs, value, error):
    with pytest.raises(error, match=r"align=.* must be True, False or 'selection'"):
        settings(blobs, align=value)


@pytest.mark.parametrize("value", [[0, 2], (2, 0), range(3), np.array([1, 2])], ids=in_words)
def test_runs_to_compare_are_positions(value):
    assert check_runs(value, 3) == list(value)


@pytest.mark.parametrize(
    ("value", "error"),
    [
        ([0], InvalidValueError),
        ([], InvalidValueError),
        ([0, 0], InvalidValueError),
        ([0, 3], InvalidValueError),
        ([0, -1], InvalidValueError),
        (1, InvalidTypeError),
        ("01", InvalidTypeError),
        ([0, 1.0], InvalidTypeError),
        ([True, False], InvalidTypeError),
        ({0, 1}, InvalidTypeError),
        ([[0, 1]], InvalidTypeError),
    ],
    ids=in_words,
)
def test_runs_that_cannot_be_compared_are_refused(value, error):
    with pytest.raises(error, match=r"runs must be at least two positions in w.runs, each once, from 0 to 2"):
        check_runs(value, 3)


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
    known = {*DEFAULTS.__dataclass_fields__, *module.GIVEN}
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


@pytest.mark.parametrize("metric", ["euclidian", ""])
def test_an_unknown_metric_is_answered_with_those_known(blobs, metric):
    with pytest.raises(InvalidValueError, match=f"metric='{metric}' .*cosine, .*euclidean, .*or a function"):
        settings(blobs, metric=metric)


@pytest.mark.parametrize("metric", [None, 2, np.eye(3)], ids=str)
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
    with pytest.raises(InvalidValueError, match="gives nan from row 0 to row 0: a distance must be finite"):
        settings(blobs, metric=lambda a, b: math.nan)


def likeness(a, b):
    return float(np.exp(-(((a - b) / 10) ** 2).sum()))


def uphill(a, b):
    return np.abs(a - b).sum() * (1 + (a[0] > b[0]))


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        (lambda a, b: a[0] - b[0], r"gives -\S+ from row \d+ to row \d+: .* not negative"),
        (lambda a, b: 0.0 if (a == b).all() else math.inf, "gives inf .*must be finite"),
        (lambda a, b: 0.0 if (a == b).all() else 1e39, r"gives 1e\+39 .*below 3e38"),
        (likeness, "from row 0 to itself it is 1; it must be 0: a similarity or kernel"),
        (uphill, r"from row \d+ to row \d+ it is \S+, but \S+ back; it must be the same both ways"),
    ],
    ids=["negative", "infinite", "beyond float32", "likeness", "asymmetric"],
)
def test_a_function_that_is_no_distance_is_refused_at_once(blobs, metric, words):
    with pytest.raises(InvalidValueError, match=words):
        settings(blobs, metric=metric)


def test_rounding_is_no_reason_to_refuse_a_function(blobs):
    def angle(a, b):  # 2e-8 to itself, or NaN but for the bound
        return np.arccos(min(1.0, a @ b / np.sqrt((a @ a) * (b @ b))))

    def cosine(a, b):  # -2e-16 to some
        return 1 - a @ b / np.sqrt((a @ a) * (b @ b)) - 2e-16

    for metric in (angle, cosine):
        assert settings(blobs, metric=metric).metric is metric


def test_an_error_without_words_says_its_kind_and_its_line(blobs):
    def strict(a, b):
        raise AssertionError  # as a bare assert does, to which pytest gives words

    with pytest.raises(
        InvalidValueError, match=r"AssertionError in line \d+ of test_settings.py: raise AssertionError"
    ):
        settings(blobs, metric=strict)


# --- init ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["pca", "random"])
def test_an_initial_layout_may_be_named(name):
    assert check_init(name, 5) == name


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int8, np.uint32])
def test_an_initial_layout_of_any_real_numbers_becomes_float32(dtype):
    given = (np.arange(10).reshape(5, 2) % 7).astype(dtype)
    taken = check_init(given, 5, scale=False)
    assert taken.dtype == np.float32
    np.testing.assert_array_equal(taken, given)


def test_an_initial_layout_is_copied():
    given = np.eye(5, 2, dtype=np.float32)
    taken = check_init(given, 5, scale=False)
    given += 1
    np.testing.assert_array_equal(taken, np.eye(5, 2))


def test_an_initial_layout_may_be_a_list():
    places = [[0, 1], [2, 3], [4, 9]]
    assert check_init(places, 3, scale=False).tolist() == places


@pytest.mark.parametrize("unit", [1e-250, 1e-4, 1, 1e20, 1e250])
def test_a_given_layout_is_scaled_to_the_spread_of_pca_wherever_it_lies(unit):
    places = np.random.default_rng(0).normal(size=(50, 2)) * [1, 3]
    taken = check_init((places + 7) * unit, 50)
    assert taken.std(axis=0).max() == pytest.approx(1e-4)
    np.testing.assert_allclose(taken.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(taken, check_init(places, 50), atol=1e-9)


def test_a_wide_layout_taken_as_it_is_draws_a_warning_and_one_too_wide_is_refused():
    places = np.random.default_rng(0).normal(size=(50, 2))
    check_init(places * 9, 50, scale=False)
    with pytest.warns(InitWarning, match=r"init has a standard deviation of .*, above 10"):
        assert (check_init(places * 1000, 50, scale=False) == (places * 1000).astype(np.float32)).all()
    with pytest.raises(InvalidValueError, match=r"within 1e\+09 of 0, or KL cannot be computed in float32"):
        check_init(places * 1e20, 50, scale=False)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("place", [0.0, 5.0, 1e8 / 3])
def test_points_all_in_one_place_are_refused(scale, place):
    with pytest.raises(InvalidValueError, match="init has all points in one place"):
        check_init(np.full((5, 2), place), 5, scale=scale)


@pytest.mark.parametrize("scale", [True, False])
@pytest.mark.parametrize("direction", [[1, 0], [0, 1], [1, -1], [3, 0.1]])
def test_points_all_on_one_line_are_refused(scale, direction):
    with pytest.raises(InvalidValueError, match="init has all points on one line"):
        check_init(np.arange(5.0)[:, None] * direction + 7, 5, scale=scale)


def test_what_is_masked_is_no_start_and_no_neighbor():
    masked = np.ma.masked_array(np.eye(5, 2), mask=np.eye(5, 2) == 1)
    with pytest.raises(InvalidTypeError, match="init is a masked array"):
        check_init(masked, 5)
    with pytest.raises(InvalidTypeError, match="neighbors is a masked array"):
        check_search((np.tile([0, 1], (5, 1)), masked), 5)


def test_points_that_float32_cannot_tell_apart_are_refused_where_they_are_not_scaled():
    near = 1e8 + np.random.default_rng(0).normal(size=(50, 2))
    with pytest.raises(InvalidValueError, match="init has all points"):
        check_init(near, 50, scale=False)
    assert check_init(near, 50).std(axis=0).max() == pytest.approx(1e-4)


def test_a_frame_of_coordinates_is_aligned_by_its_index():
    rows = Index(pd.Index(list("abcd")))
    frame = pd.DataFrame([[0, 1], [2, 3], [4, 9], [5, 5]], index=list("dbca"))
    assert check_init(frame, 4, scale=False, index=rows).tolist() == [[5, 5], [2, 3], [4, 9], [0, 1]]
    with pytest.raises(DataError, match="init and the rows have indexes that share labels but differ"):
        check_init(frame.rename({"d": "e"}), 4, index=rows)


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
    "value", [None, 3 + 0j, [["a", "b"]] * 5, np.zeros((5, 2), bool), np.zeros((5, 2), complex)], ids=in_words
)
def test_an_initial_layout_that_holds_no_numbers_is_a_type_error(value):
    with pytest.raises(InvalidTypeError, match=r"(?s)init=.* must be (one of|an array)"):
        check_init(value, 5)


def test_an_initial_layout_with_rows_of_different_lengths_is_refused():
    with pytest.raises((DataError, *REFUSED), match="init"):
        check_init([[0, 1], [2]], 2)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_an_initial_layout_that_is_not_finite_is_refused(bad):
    layout = np.eye(5, 2)
    layout[3, 1] = bad
    with pytest.raises(InvalidValueError, match=r"init .*finite"):
        check_init(layout, 5)

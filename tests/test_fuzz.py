"""Whatever the numbers are, there is a typed error or a finite map: no crash, no hang, no warnings."""

from __future__ import annotations

import traceback
import warnings

import numpy as np
import pytest
import scipy.sparse
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_numpy

from tests.conftest import Bench, relaxed
from tsne_widget import TSNE, DataError, TSNEWidgetError, UnstableWarning
from tsne_widget.data import read_source

BASE = np.random.default_rng(0).normal(size=(40, 3))
METRICS = ("euclidean", "cosine", "manhattan", "correlation", "chebyshev", "canberra", "braycurtis")


@st.composite
def matrices(draw):
    """Few rows of any type and any size, some of them far off, laid out in memory in any way."""
    rows, columns = draw(st.integers(1, 24)), draw(st.integers(0, 4))
    kind = draw(st.sampled_from(["scaled", "drawn", "equal", "integers", "outlier", "mixed"]))
    n = max(rows, 1)
    X = np.resize(BASE, (n, columns))
    scale = 10.0 ** draw(st.integers(-320, 308))
    with np.errstate(over="ignore"):
        if kind == "scaled":
            X = X * scale
        elif kind == "drawn":
            dtype = draw(st.sampled_from([np.float16, np.float32, np.float64, np.dtype(">f8"), np.bool_]))
            X = draw(st_numpy.arrays(dtype, (n, columns)))
        elif kind == "equal":
            X = np.full((n, columns), scale)
        elif kind == "integers":
            dtype = draw(st_numpy.integer_dtypes() | st_numpy.unsigned_integer_dtypes())
            X = draw(st_numpy.arrays(dtype, (n, columns)))
        elif kind == "outlier" and X.size:
            X = X.copy()
            X[draw(st.integers(0, n - 1)), draw(st.integers(0, columns - 1))] = scale
        elif columns:
            X = X * 10.0 ** np.array(
                draw(st.lists(st.integers(-320, 308), min_size=columns, max_size=columns))
            )
    match draw(st.sampled_from(["C", "F", "reversed", "every second", "sparse", "read-only"])):
        case "F":
            return np.asfortranarray(X)
        case "reversed":
            return X[::-1, ::-1]
        case "every second":
            return np.repeat(X, 2, axis=0)[::2]
        case "sparse" if X.dtype.kind == "f" and X.dtype.itemsize >= 4 and X.dtype.isnative:
            return scipy.sparse.csr_array(X)
        case "read-only":
            X.flags.writeable = False
    return X


NUMBERS = st.sampled_from([0, 1, 1e-300, 1e300, -1.0, float("inf"), float("nan"), True, "auto", None, 2**70])
PARAMETERS = st.fixed_dictionaries(
    {"perplexity": st.sampled_from([1.001, 1.5, 2, 3, 5, 7.3]) | NUMBERS},
    optional={
        "metric": st.sampled_from(METRICS),
        "init": st.sampled_from(["pca", "random", "spectral"]),
        "random_state": st.integers(0, 2**32) | NUMBERS,
        "learning_rate": st.sampled_from([1e-300, 1.0, 200, 1e5, 1e300, "auto"]) | NUMBERS,
        "early_exaggeration": st.sampled_from([1, 12, 1e6, 1e300]) | NUMBERS,
        "exaggeration": st.sampled_from([0.5, 1.5, 4, 1e300]),
        "early_exaggeration_iter": st.integers(0, 9),
        "method": st.sampled_from(["auto", "exact", "mesh", "barnes_hut", "fft"]),
        "affinity": st.sampled_from(["gaussian", "uniform"]),
        "multiscale": st.none() | st.lists(st.sampled_from([1.5, 2, 4]), max_size=2),
    },
)


def quietly(compute):
    """Compute with warnings as errors, but for those that a user is meant to read."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=UserWarning, module="tsne_widget|tests")
        warnings.filterwarnings("ignore", message=".*perplexity|.*no neighbours")
        warnings.filterwarnings("ignore", category=UnstableWarning)
        return compute()


def assert_finite_or_typed(compute):
    """Compute a map: it is finite, or there is an error that is ours."""
    try:
        points = quietly(compute)
    except TSNEWidgetError:
        return
    assert points.dtype == np.float32
    assert np.isfinite(points).all()


def map_of_a_session(X, parameters):
    """Run a session to its rest; what it failed with is raised."""
    bench = Bench(read_source(X).matrix, **{"max_iter": 12, "early_exaggeration_iter": 4, **parameters})
    bench.until_rest()
    if isinstance(bench.run.error, (ValueError, ArithmeticError)):  # as wait() does, whatever it is
        assert bench.status.stage == "failed"
        assert bench.status.reason
        assert np.isfinite(bench.points).all()
        raise TSNEWidgetError(bench.status.reason)
    if bench.run.error is not None:
        raise bench.run.error
    return bench.points


@relaxed()
@given(X=matrices(), parameters=PARAMETERS)
@example(X=1e300 * BASE, parameters={"perplexity": 5})
@example(X=1e-300 * BASE, parameters={"perplexity": 5})
@example(X=1e-310 * BASE, parameters={"perplexity": 5, "metric": "cosine"})
@example(X=np.full((9, 2), 5e-324), parameters={"perplexity": 2})
@example(
    X=np.where(BASE > 0, 1.0, -1.0) * np.finfo(float).max, parameters={"perplexity": 5, "metric": "cosine"}
)
@example(X=BASE.astype(np.longdouble) * np.longdouble("1e400"), parameters={"perplexity": 5})
@example(X=(np.sign(BASE) * 3.4e38).astype(np.float32), parameters={"perplexity": 5, "metric": "chebyshev"})
@example(X=np.zeros((9, 2)), parameters={"perplexity": 2, "metric": "braycurtis"})
def test_a_session_comes_to_a_finite_map_or_a_typed_error(X, parameters):
    assert_finite_or_typed(lambda: map_of_a_session(X, parameters))


@relaxed()
@given(X=matrices(), parameters=PARAMETERS)
@example(X=1e300 * BASE, parameters={"perplexity": 5})
@example(X=np.where(BASE > 0, 1.0, -1.0) * np.finfo(float).max, parameters={"perplexity": 5})
@example(X=(np.sign(BASE) * 3.4e38).astype(np.float32), parameters={"perplexity": 5})
@example(X=-np.ones((9, 9)), parameters={"perplexity": 2, "metric": "precomputed", "init": "random"})
def test_the_estimator_comes_to_a_finite_map_or_a_typed_error(X, parameters):
    def fit():
        try:
            return TSNE(**{"max_iter": 12, "early_exaggeration_iter": 4, **parameters}).fit_transform(X)
        except ValueError as error:
            *_, (last, _) = traceback.walk_tb(error.__traceback__)
            if last.f_globals["__name__"] == "sklearn.utils.validation":  # it says of X what it says of any
                raise DataError(str(error)) from error
            raise

    assert_finite_or_typed(fit)


@pytest.mark.parametrize("size", [1e-35, 1e33, 1e299])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_rows_too_near_or_too_far_apart_are_refused_at_once_and_with_what_to_do(size, metric):
    with pytest.raises(DataError, match="multiply X by a constant"):
        Bench(size * BASE, perplexity=5, metric=metric)
    with pytest.raises(DataError, match="multiply X by a constant"):
        TSNE(perplexity=5, metric=metric).fit(size * BASE)


@pytest.mark.parametrize("size", [1e-290, 1e-20, 1e20, 1e290])
def test_directions_do_not_depend_on_the_size_of_numbers(size):
    """Rows are compared by their directions: one map, up to rounding, whatever they are multiplied by."""
    maps = [
        Bench(X, perplexity=5, metric="cosine", init="random", max_iter=5).until_rest()
        for X in (BASE, size * BASE)
    ]
    np.testing.assert_allclose(maps[1].points, maps[0].points, rtol=1e-2, atol=1e-6)


def test_a_number_beyond_all_others_is_named():
    X = BASE.copy()
    X[3, 1] = -1.5e308
    with pytest.raises(DataError, match=r"X holds -1.5e\+308: all must be within ±1e\+300"):
        read_source(X)


def test_a_metric_that_is_no_finite_number_among_the_nearest_says_so():
    bench = Bench(1e25 * BASE, perplexity=5, metric="sqeuclidean").until_rest()  # beyond float32
    assert "under metric 'sqeuclidean' a row does not have" in bench.status.reason

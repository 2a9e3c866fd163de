"""Which features decide a map by their scale, which are hardly quantities, and rows on one scale."""

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.datasets import load_breast_cancer, load_digits, load_wine
from sklearn.preprocessing import StandardScaler

from tsne_widget.data.scales import Standard, doubt_of_features

N = 200


@pytest.fixture
def even(rng):
    return {f"x{number}": rng.normal(number, 1, N) for number in range(6)}


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def doubt(columns, **told):
    matrix = np.column_stack(list(columns.values())).astype(float)
    return doubt_of_features(matrix, list(columns), **{"standardized": False, **told})


def test_even_features_cast_no_doubt(even):
    assert doubt(even) == ""
    assert doubt({"only": even["x0"] * 1e6}) == ""
    assert doubt({"only": even["x0"], "constant": np.ones(N)}) == ""


def test_a_feature_with_nearly_all_variance_is_named_with_its_share(even):
    told = doubt(even | {"income": even["x3"] * 10})
    assert told.startswith("income has 94.7 % of the variance of the 7 features: the map shows little else")
    assert "standardize=True" in told


def test_a_feature_far_wider_than_the_median_is_named_among_many(rng):
    many = {f"x{number}": rng.normal(size=N) for number in range(1000)}
    assert doubt(many | {"wide": 19 * rng.normal(size=N)}) == ""
    told = doubt(many | {"wide": 25 * rng.normal(size=N)})
    assert told.startswith("wide has ")
    assert "the map shows it more than the others" in told


def test_of_several_wide_features_those_that_hold_nearly_all_variance_are_named(even):
    told = doubt(even | {"a": even["x0"] * 1e3, "b": even["x1"] * 2e3, "c": even["x2"] * 100})
    assert told.startswith("b, a have 99.8 %")
    assert "shows little else" in told


@pytest.mark.parametrize(
    ("load", "named"),
    [(load_wine, "proline has"), (load_breast_cancer, "worst area, mean area"), (load_digits, "")],
)
def test_known_tables(load, named):
    frame = load(as_frame=True).data
    told = doubt_of_features(frame.to_numpy(float), list(frame.columns), standardized=False)
    assert told.startswith(named) if named else told == ""
    assert doubt_of_features(frame.to_numpy(float), list(frame.columns), standardized=True) == ""


def test_ids_codes_one_hot_and_constant_features_are_named_in_one_sentence(even, rng):
    kind = rng.integers(0, 3, N)
    told = doubt(
        even
        | {"id": rng.permutation(N) + 1000, "month": rng.integers(1, 13, N)}
        | {name: kind == number for number, name in enumerate(["red", "green", "blue"])}
        | {"version": np.ones(N)},
        standardized=True,
    )
    assert told == (
        "Features that are hardly quantities: id (another integer in each row, as ids have); month (few "
        "integers, as codes of categories have); red, green, blue (one-hot); version (constant); features= "
        "can leave them out"
    )


def test_flags_that_may_both_be_set_are_not_one_hot(even, rng):
    flags = {"late": rng.integers(0, 2, N), "paid": rng.integers(0, 2, N)}
    assert "one-hot" not in doubt(even | flags | {"month": rng.integers(1, 13, N)})


def test_counts_in_most_columns_are_no_codes(rng):
    assert doubt({f"word {number}": rng.poisson(3, N) for number in range(8)}) == ""


def test_large_offsets_hide_no_constant_and_make_none(even):
    assert doubt({name: values + 1e9 for name, values in even.items()}) == ""
    assert doubt(even | {"constant": np.full(N, 0.1)}) == ""


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_standardised_rows_are_those_of_the_scaler(rng, dtype):
    X = (rng.normal(size=(50, 3)) * [1, 1e3, 0] + [5, 0, 7]).astype(dtype)
    standard = Standard.of(X)
    np.testing.assert_array_equal(standard(X), StandardScaler().fit_transform(X))
    assert standard(X).dtype == dtype
    np.testing.assert_allclose((X - standard.means) / standard.deviations, standard(X), atol=1e-5)
    np.testing.assert_array_equal(standard(csr_array(X[:5])), standard(X[:5]))


def test_sparse_rows_stay_sparse_and_keep_their_mean(rng):
    X = csr_array(rng.poisson(1, (50, 4)) * [1.0, 10, 100, 0])
    standard = Standard.of(X)
    assert standard(X).format == "csr"
    np.testing.assert_allclose(standard(X).toarray().std(axis=0), [1, 1, 1, 0])
    np.testing.assert_array_equal(standard.means, 0)
    np.testing.assert_allclose(standard(X.toarray()), standard(X).toarray())

"""What the settings and the shared work make of a sparse matrix."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_array, csr_matrix

from tests.conftest import facts_of, spec_of
from tsne_widget.errors import InvalidValueError
from tsne_widget.maps.shared_work import SharedWork, Use
from tsne_widget.parameters.axes import check_axis
from tsne_widget.parameters.defaults import Settings
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.steps import result_of

X = np.random.default_rng(0).poisson(0.3, size=(80, 20)).astype(float)


@pytest.mark.parametrize("form", [csr_array, csr_matrix])
@pytest.mark.parametrize("metric", ["euclidean", "l2", "cosine", "manhattan", "cityblock", "l1"])
def test_metrics_for_sparse_rows_are_taken(form, metric):
    assert check_axis("metric", metric, facts_of(form(X), metric=metric)) == (metric,)


@pytest.mark.parametrize("metric", ["correlation", "chebyshev", "minkowski", "haversine", "magic"])
def test_a_metric_that_sparse_rows_have_not_names_those_that_they_have(metric):
    allowed = (
        "one of cityblock, cosine, euclidean, l1, l2, manhattan, precomputed or a function of two sparse rows"
    )
    with pytest.raises(
        InvalidValueError, match=f"metric='{metric}' is not allowed: metric must be {allowed}"
    ):
        check_axis("metric", metric, facts_of(csr_array(X), metric=metric))


def test_a_function_is_tried_on_sparse_rows():
    def largest(x, y):
        return abs(x - y).max()

    def for_dense_rows(x, y):
        return float(np.linalg.norm(x - y))

    (taken,) = check_axis("metric", largest, facts_of(csr_array(X), metric=largest))
    assert (taken.value, taken.name) == (largest, "largest")
    with pytest.raises(InvalidValueError, match=r"cannot be computed.*or a function of two sparse rows"):
        check_axis("metric", for_dense_rows, facts_of(csr_array(X), metric=for_dense_rows))


def test_the_shared_work_of_sparse_rows_is_that_of_dense_ones():
    spec = spec_of(perplexity=10.0)
    results = []
    for matrix in (X, csr_array(X)):
        shared_work = SharedWork(matrix, Settings(perplexity=10.0), Pool(1))
        shared_work.serve([Use(spec, perplexity=10.0, start=True)])
        P = result_of(shared_work.affinities(spec))
        results.append((shared_work.n, P, result_of(shared_work.start(spec))))
    (n, P, start), (n_sparse, P_sparse, start_sparse) = results
    assert n == n_sparse == 80
    np.testing.assert_array_equal(P.indices, P_sparse.indices)
    np.testing.assert_allclose(P.data, P_sparse.data, rtol=1e-5)
    np.testing.assert_allclose(start, start_sparse, atol=1e-9)

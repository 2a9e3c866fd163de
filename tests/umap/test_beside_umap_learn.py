"""Maps of UMAP beside those of umap-learn itself, before a release: its import and first fit take 20 seconds.

Every change is tested beside slow twins of the kernels, in `test_umap.py`.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from scipy.spatial import cKDTree
from sklearn.datasets import load_digits

from tests.clients import make
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.steps import result_of
from tsne_widget.umap.curve import fitted_curve
from tsne_widget.umap.weights import fuzzy_weights

pytestmark = [pytest.mark.release, pytest.mark.usefixtures("close_widgets")]
PATIENCE = 300


@pytest.fixture(scope="module")
def digits():
    return load_digits().data.astype(np.float32)


@pytest.fixture(scope="module")
def umap_learn():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import umap

    # numba needs as long to compile this as all of these fits take.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(umap.umap_, "fast_knn_indices", nearest_of)
        yield umap


def nearest_of(distances, k):
    """The k nearest of each row, as `umap.utils.fast_knn_indices` finds them."""
    return np.argsort(distances, axis=1, kind="stable")[:, :k].astype(np.int32)


@pytest.fixture(scope="module")
def theirs(umap_learn, digits):
    """Two seeds of umap-learn."""
    return [umap_learn.UMAP(random_state=seed, n_jobs=1).fit(digits) for seed in (0, 1)]


def near(points):
    return cKDTree(points).query(points, 11)[1][:, 1:]


def in_common(one, other):
    return np.mean([len(np.intersect1d(a, b)) for a, b in zip(one, other, strict=True)]) / 10


def widget_with(X, **values):
    """A widget whose UMAP is finished; its t-SNE never starts."""
    w = make(X, beside="umap", perplexity=10, autostart=False)
    for name, value in values.items():
        setattr(w.beside["UMAP"], name, value)
    w.beside["UMAP"].start()
    return w.wait(PATIENCE)


def ours(X, **values):
    made = widget_with(X, **values).beside["UMAP"]
    assert made.settled
    return made


def test_the_weights_and_the_curve_are_those_of_umap_learn(umap_learn, theirs, digits):
    with_threads = Pool(1)
    found = result_of(find_neighbors(digits, 14, pool=with_threads))
    difference = abs(fuzzy_weights(found, 15, with_threads) - theirs[0].graph_)
    # umap-learn computes distances with other rounding: a tie may go to another row.
    assert difference.max() < 0.01
    for min_dist in (0.0, 0.1, 0.5, 0.99):
        wanted = umap_learn.umap_.find_ab_params(1.0, min_dist)
        np.testing.assert_allclose(fitted_curve(min_dist), wanted, rtol=1e-5)


def test_a_map_keeps_as_much_and_is_as_near_to_umap_learn_as_another_seed(digits, theirs):
    neighbors = result_of(find_neighbors(digits, 10, pool=Pool(1))).indices
    one, other = (near(each.embedding_) for each in theirs)
    for init in ("spectral", "pca"):
        made = near(ours(digits, init=init).embedding_)
        kept = in_common(neighbors, made)
        assert kept > in_common(neighbors, one) - 0.01
        assert min(in_common(made, one), in_common(made, other)) > 0.9 * in_common(one, other)


@pytest.mark.parametrize(("n_neighbors", "min_dist"), [(2, 0.1), (5, 0.0), (598, 0.99)])
def test_all_values_keep_as_much_as_umap_learn(umap_learn, digits, n_neighbors, min_dist):
    X = digits[:600]
    values = {"n_neighbors": n_neighbors, "min_dist": min_dist}
    neighbors = result_of(find_neighbors(X, 10, pool=Pool(1))).indices
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = umap_learn.UMAP(random_state=0, n_jobs=1, **values).fit_transform(X)
    kept = in_common(neighbors, near(ours(X, **values).embedding_))
    assert kept > in_common(neighbors, near(wanted)) - 0.02


def test_the_recipe_makes_a_similar_map(umap_learn, digits):
    X = digits[:600]
    w = widget_with(X, n_neighbors=10, min_dist=0.2)
    code = w.recipe()
    names = {"X": X}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(code[code.index("from umap import") :], names)
    assert in_common(near(names["umap"]), near(w.beside["UMAP"].embedding_)) > 0.6

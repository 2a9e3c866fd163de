"""The whole pipeline: as good as scikit-learn's, and finite whatever the data."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.manifold import TSNE

from tests import reference
from tsne_widget.tsne import compile_kernels
from tsne_widget.tsne.embed import embed
from tsne_widget.tsne.pool import Pool


@pytest.mark.slow
def test_digits_are_as_good_as_scikit_learns(digits, schedule, pool):
    digits = digits[::4]
    optimizer = embed(digits, perplexity=30, schedule=schedule, pool=pool)
    theirs = TSNE(random_state=0).fit_transform(digits)
    P = reference.joint(digits, 30)
    assert reference.kl(P, optimizer.layout) <= reference.kl(P, theirs) + 0.01
    ours, recall = (reference.neighbor_recall(digits, Y) for Y in (optimizer.layout, theirs))
    assert ours >= recall - 0.01


def test_the_same_seed_gives_the_same_bits_and_another_one_does_not(blobs, schedule):
    def layout(seed, n_jobs=2):
        return embed(
            blobs, perplexity=9, schedule=schedule, init="random", random_state=seed, pool=Pool(n_jobs)
        ).layout.tobytes()

    assert layout(0) == layout(0) == layout(0, n_jobs=1)
    assert layout(0) != layout(1)


def test_clouds_stay_apart(blobs, schedule, pool):
    Y = embed(blobs, perplexity=9, schedule=schedule, pool=pool).layout
    neighbors = reference.nearest(reference.distances(Y), 5)
    assert np.mean(neighbors // 40 == np.arange(120)[:, None] // 40) > 0.95


def test_the_callback_sees_every_step(blobs, schedule, pool):
    seen = []
    optimizer = embed(
        blobs, perplexity=9, schedule=schedule, pool=pool, callback=lambda o: seen.append(o.iteration)
    )
    assert seen == list(range(1, optimizer.iteration + 1))


random = np.random.default_rng(0)
DEGENERATE = {
    "three rows": (np.array([[0.0], [1.0], [5.0]]), 1),
    "four rows": (np.eye(4), 2),
    "perplexity nearly n": (random.normal(size=(20, 3)), 18.5),
    "perplexity beyond what k allows": (random.normal(size=(10, 3)), 30),
    "equal rows": (np.ones((40, 3)), 10),
    "duplicates": (np.repeat(random.normal(size=(5, 3)), 20, axis=0), 10),
    "an outlier": (np.concatenate([random.normal(size=(60, 3)), [[1e9, 0, 0]]]), 10),
    "one column": (np.arange(60.0)[:, None], 10),
    "constant columns": (np.column_stack([np.arange(60), np.ones(60), np.zeros(60)]), 10),
    "integers": (random.integers(0, 4, (80, 3)), 10),
    "tiny perplexity": (random.normal(size=(30, 3)), 0.5),
}


@pytest.mark.parametrize("init", ["pca", "random"])
@pytest.mark.parametrize(("X", "perplexity"), DEGENERATE.values(), ids=DEGENERATE.keys())
def test_degenerate_data_give_a_finite_layout(X, perplexity, init, schedule, pool):
    optimizer = embed(X, perplexity=perplexity, schedule=schedule, init=init, pool=pool)
    assert np.isfinite(optimizer.layout).all()
    assert np.isfinite(optimizer.kl_divergence)
    assert optimizer.ended in ("settled", "limit")


def test_compiling_reports_progress_from_0_to_1():
    progress = list(compile_kernels())
    assert progress == sorted(progress)
    assert (progress[0], progress[-1]) == (0, 1)


_AFTER_COMPILING = """
import sys
import numpy as np
import scipy.sparse
from tsne_widget.parameters.axes import AXES
from tsne_widget.parameters.checks import check_settings
from tsne_widget.maps.grid import Spec
from tsne_widget.maps.shared_work import SharedWork
from tsne_widget.tsne.pool import Pool

X = np.random.default_rng(0).normal(size=({n}, 4))
X = {X}
settings = check_settings({parameters}, X)
spec = Spec({{name: getattr(settings, name) for name in AXES}} | {{"perplexity": 9.0}})
shared_work = SharedWork(X, settings, Pool(1))
list(shared_work.compile(spec))
known = set(sys.modules)
P = list(shared_work.affinities(spec))
from tsne_widget.tsne.repulsion import repulsion_method
repulsion_method("auto", {n}, Pool(1))
print(sorted(name for name in sys.modules.keys() - known if name.startswith("tsne_widget")))
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n", "X", "parameters"),
    [
        (300, "X", {}),
        (6000, "X", {"metric": "cosine"}),
        *(
            pytest.param(n, X, parameters, marks=pytest.mark.release)
            for n, X, parameters in (
                (300, "X", {"metric": "manhattan"}),
                (300, "X", {"metric": "chebyshev"}),
                (300, "scipy.sparse.csr_array(X)", {}),
                (300, "np.abs(X[:, :1] - X[:, 0])", {"metric": "precomputed", "init": "random"}),
            )
        ),
    ],
    ids=str,
)
def test_nothing_is_compiled_after_the_stage_of_that_name(n, X, parameters):
    code = _AFTER_COMPILING.format(n=n, X=X, parameters=parameters)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_the_package_loads_neither_anywidget_nor_numba():
    code = (
        "import sys, tsne_widget.tsne\n"
        "heavy = {'anywidget', 'traitlets', 'numba', 'sklearn', 'scipy', 'joblib'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.release
def test_the_pipeline_needs_no_widget():
    code = (
        "import sys, tsne_widget.tsne as tsne\n"
        "list(tsne.compile_kernels())\n"
        "import tsne_widget.tsne.embed\n"
        "heavy = {'anywidget', 'traitlets', 'sklearn'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)

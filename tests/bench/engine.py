"""What the engine costs and how good its maps are, beside scikit-learn's, in one process and in turns.

    python tests/bench/engine.py [--data file.npz] [--rounds 1] [--no-sklearn]

The file holds a matrix `X`; more than 50 columns are reduced to 50 by PCA. Without it: the digits, and random
data for the time of an iteration. Seconds depend on the machine and on who else uses it: compare columns.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import scipy.sparse
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.neighbors import NearestNeighbors

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from tests import reference  # noqa: E402  the line above makes it importable
from tsne_widget.run import schedule_of  # noqa: E402
from tsne_widget.settings import DEFAULTS  # noqa: E402
from tsne_widget.tsne import compile_kernels  # noqa: E402
from tsne_widget.tsne.affinities import joint_probabilities  # noqa: E402
from tsne_widget.tsne.embed import result_of  # noqa: E402
from tsne_widget.tsne.initialization import initial_layout  # noqa: E402
from tsne_widget.tsne.neighbors import find_neighbors  # noqa: E402
from tsne_widget.tsne.optimizer import Optimizer  # noqa: E402
from tsne_widget.tsne.pool import Pool  # noqa: E402

PERPLEXITY, K = 30, 90
SCHEDULE = schedule_of(DEFAULTS)


class Stopwatch:
    """Seconds of each stage, printed as they are known."""

    def __call__(self, stage, work):
        start = time.perf_counter()
        result = work()
        print(f"  {stage:<34}{time.perf_counter() - start:9.3f} s", flush=True)
        return result


def compile_times():
    """Print how long compiling takes without a cache and with one, each in a fresh process."""
    code = "import time; t = time.perf_counter(); import numba; b = time.perf_counter()\n"
    code += "import scipy.sparse; c = time.perf_counter(); from tsne_widget.tsne import compile_kernels\n"
    code += "list(compile_kernels()); d = time.perf_counter()\n"
    code += "print(f'numba {b - t:.2f} s, scipy.sparse {c - b:.2f} s, kernels {d - c:.2f} s')"
    with tempfile.TemporaryDirectory() as cache:
        for state in ("cold", "cached"):
            env = {**os.environ, "NUMBA_CACHE_DIR": cache, "PYTHONPATH": str(ROOT)}
            out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
            print(f"compiling, {state}: {out.stdout.decode().strip()}", flush=True)


def evaluator(X):
    """Return a function that gives KL and 10-NN recall of a layout, all exact and in float64."""
    distances, indices = NearestNeighbors(n_neighbors=K, algorithm="brute").fit(X.astype(float)).kneighbors()
    p = reference.conditional(distances**2, PERPLEXITY) / len(X)

    n = len(X)
    P = scipy.sparse.csr_matrix((p.ravel(), indices.ravel(), np.arange(0, n * K + 1, K)), (n, n))
    P = ((P + P.T) / 2).tocoo()
    P.data /= P.data.sum()

    def evaluate(Y):
        Y = Y.astype(float)
        Z = sum((1 / (1 + squares(Y[i : i + 500], Y))).sum() for i in range(0, n, 500)) - n
        q = 1 / (1 + ((Y[P.row] - Y[P.col]) ** 2).sum(axis=1)) / Z
        near = NearestNeighbors(n_neighbors=10, algorithm="brute").fit(Y).kneighbors()[1]
        recall = np.mean([np.isin(a, b).mean() for a, b in zip(indices[:, :10], near, strict=True)])
        return (P.data * np.log(P.data / q)).sum(), recall

    return evaluate


def squares(A, B):
    return sum((A[:, None, c] - B[None, :, c]) ** 2 for c in range(2))


def ours(X, pool):
    watch = Stopwatch()
    neighbors = watch("neighbours", lambda: result_of(find_neighbors(X, K, pool=pool)))
    P = watch("affinities", lambda: result_of(joint_probabilities(neighbors, PERPLEXITY, pool=pool)))
    Y = watch("initial layout", lambda: initial_layout(X, "pca", 0))
    optimizer = Optimizer(P, Y, SCHEDULE, pool=pool)

    def optimise():
        while optimizer.ended is None:
            optimizer.step()

    watch("optimisation", optimise)
    print(f"  {optimizer.why}")
    return optimizer.layout


def compare(name, X, pool, rounds, with_sklearn):
    print(f"\n{name}: {X.shape[0]} x {X.shape[1]}", flush=True)
    evaluate = evaluator(X)
    watch = Stopwatch()
    brute = NearestNeighbors(n_neighbors=K, algorithm="brute")
    for _ in range(rounds):
        maps = {"ours": watch("ours, all stages", lambda: ours(X, pool))}
        if with_sklearn:
            watch("scikit-learn, neighbours (brute)", lambda: brute.fit(X).kneighbors())
            maps["scikit-learn"] = watch("scikit-learn, TSNE", lambda: TSNE(random_state=0).fit_transform(X))
        for who, Y in maps.items():
            kl, recall = evaluate(Y)
            print(f"  {who:<14} KL {kl:.4f}   10-NN recall {recall:.4f}", flush=True)


def time_of_an_iteration(n, pool):
    X = np.random.default_rng(0).normal(size=(n, 10)).astype(np.float32)
    P = result_of(joint_probabilities(result_of(find_neighbors(X, K, pool=pool)), PERPLEXITY, pool=pool))
    spread = np.random.default_rng(0).normal(scale=20, size=(n, 2)).astype(np.float32)
    optimizer = Optimizer(P, spread, SCHEDULE, pool=pool)
    seconds = []
    for _ in range(50):
        start = time.perf_counter()
        optimizer.step()
        seconds.append(time.perf_counter() - start)
    print(f"  {n:>6} points: median {1e3 * np.median(seconds):7.2f} ms, best {1e3 * min(seconds):7.2f} ms")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--data", type=Path, help="an .npz file with a matrix X")
    arguments.add_argument("--rounds", type=int, default=1)
    arguments.add_argument("--no-sklearn", action="store_true", help="leave out the slow comparison")
    chosen = arguments.parse_args()

    compile_times()
    list(compile_kernels())
    pool = Pool(-1)
    print(f"\nan iteration, {pool.n_jobs} threads")
    for n in (1797, 5000, 10000):
        time_of_an_iteration(n, pool)
    compare("digits", load_digits().data.astype(np.float32), pool, chosen.rounds, not chosen.no_sklearn)
    if chosen.data:
        X = np.load(chosen.data)["X"].astype(np.float32)
        if X.shape[1] > 50:
            X = PCA(50, random_state=0).fit_transform(X)
        compare(chosen.data.stem, X, pool, chosen.rounds, not chosen.no_sklearn)


if __name__ == "__main__":
    main()

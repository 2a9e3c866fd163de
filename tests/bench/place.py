"""What new rows cost and how well they are placed.

    python tests/bench/place.py [--only widget query together] [--data file.npz] [--rows 20000 50000 200000]

widget     how long 1,000 rows take to appear on a map of 70,000 x 50. The first time also loads kernels; the
           second places other rows on the same map, the third the same rows after the map has moved.
query      the approximate search of the nearest rows beside the exact one, on one thread: recall, processor
           time a row, and the seconds and bytes of the index; also for rows twice as far out as the data.
together   a sample's map with all other rows placed on it, each by itself or in parts together, beside a map
           of all rows: 10-NN kept, share of rows whose 10 nearest on the map vote for their label, KL, and
           processor time a row. Synthetic 70,000 x 50; or the matrix `X` and labels `y` of --data, reduced
           to 50 columns by PCA.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from datasets import dataset, synthetic
from quality import NEAR, Evaluator
from scipy.spatial import cKDTree
from sklearn.datasets import make_blobs

from tsne_widget import TSNE, TSNEWidget
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.query import nearest_rows
from tsne_widget.tsne.query_index import QueryIndex
from tsne_widget.tsne.steps import result_of

ROWS, FEATURES, NEW, ITERATIONS = 70_000, 50, 1_000, 150
#: How many nearest rows `transform` uses, and how many new rows the exact search does.
NEAREST, TRUE_ROWS, QUERIES = 25, 300, 5_000
#: The shares of the rows that make the map, and in how many parts the others come.
SHARES, PARTS = (0.1, 2 / 7), (1, 4)


def widget() -> None:
    """Print the seconds of each placement, and those for which `place` itself holds the cell."""
    X, _ = make_blobs(ROWS + 2 * NEW, FEATURES, centers=40, cluster_std=3, random_state=0)
    X = X.astype(np.float32)
    widget = TSNEWidget(
        X[:ROWS], max_iter=ITERATIONS, early_exaggeration_iter=ITERATIONS // 2, beside=["pca", "umap"]
    )
    began = time.perf_counter()
    widget.wait()
    print(f"map of {ROWS:,} x {FEATURES}, {ITERATIONS} iterations: {time.perf_counter() - began:.1f} s")
    for called, rows in (
        ("first time", X[ROWS : ROWS + NEW]),
        ("other rows", X[ROWS + NEW :]),
        ("other rows again", X[ROWS : ROWS + NEW]),
    ):
        began = time.perf_counter()
        widget.place(rows)
        held = time.perf_counter() - began
        widget.wait()
        print(f"{called}: {time.perf_counter() - began:.2f} s, the cell is held for {held:.3f} s")
    run = widget.runs[0]
    run.step()
    began = time.perf_counter()
    widget.wait()
    print(f"after an iteration: {time.perf_counter() - began:.2f} s, iteration included")


def clusters(n: int) -> np.ndarray:
    """Return the set of the other benches."""
    return synthetic(n)


def ellipsoids(n: int) -> np.ndarray:
    """Return 60 Gaussian clusters of falling variance in all 50 directions."""
    random = np.random.default_rng(0)
    centers = random.normal(size=(60, FEATURES)) * 4
    spread = np.linspace(2, 0.3, FEATURES)
    return (centers[random.integers(0, 60, n)] + random.normal(size=(n, FEATURES)) * spread).astype(
        np.float32
    )


def gaussian(features: int) -> Callable[[int], np.ndarray]:
    """Return a maker of one Gaussian cloud; in 50 dimensions it has no structure that an index could use."""
    return lambda n: np.random.default_rng(0).standard_normal((n, features), np.float32)


SETS: dict[str, Callable[[int], np.ndarray]] = {
    "clusters": clusters,
    "ellipsoids": ellipsoids,
    "Gaussian 10": gaussian(10),
    "Gaussian 50": gaussian(50),
}


def query(sizes: list[int], data: Path | None) -> None:
    """Print recall and cost of the approximate search."""
    digits = dataset("digits", None)
    _query("digits", digits[:-300], digits[-300:])
    if data is not None:
        X = dataset("data", data)
        held = X[-QUERIES // 5 :]
        _query("data", X[: -QUERIES // 5], held)
        _query("data 5 times with noise", _blown_up(X[: -QUERIES // 5], 5), held)
    for n in sizes:
        for name, made in SETS.items():
            X = made(n + QUERIES)
            _query(name, X[:n], X[n:])


def _blown_up(X: np.ndarray, times: int) -> np.ndarray:
    """Return copies of the rows, moved by a third of the way to another row of the nearest few."""
    random = np.random.default_rng(0)
    near = result_of(nearest_rows(X, X, 6, pool=Pool()))
    rows = np.tile(np.arange(len(X)), times)
    other = near.indices[rows, random.integers(1, 6, len(rows))]
    return np.ascontiguousarray(
        X[rows] + random.uniform(0, 1, (len(rows), 1)).astype(np.float32) * (X[other] - X[rows])
    )


def _query(name: str, X: np.ndarray, new: np.ndarray) -> None:
    pool, index = Pool(1), QueryIndex()
    result_of(nearest_rows(X[:2], X[:5000], NEAREST, search="approximate", pool=pool))  # loads kernels
    began = time.process_time()
    made = result_of(index.of(X, False, pool))
    result_of(nearest_rows(new[:1], X, NEAREST, search="approximate", index=index, pool=pool))
    built = time.process_time() - began
    center = X.mean(axis=0)
    outside = (center + 2 * (new - center)).astype(np.float32)

    def found(rows: np.ndarray, **how: Any) -> tuple[Neighbors, float]:
        began = time.process_time()
        nearest = result_of(nearest_rows(rows, X, NEAREST, pool=pool, **how))
        return nearest, (time.process_time() - began) / len(rows) * 1e6

    told = f"{name}, {len(X):,} x {X.shape[1]}: index {built:.2f} s, {made.nbytes / 1e6:.0f} MB"
    for called, rows in (("", new), ("; twice as far out", outside)):
        true, exact = found(rows[:TRUE_ROWS])
        near, approximate = found(rows, search="approximate", index=index)
        pairs = zip(true.indices, near.indices, strict=False)
        recall = np.mean([np.isin(one, other).mean() for one, other in pairs])
        told += f"{called}: {approximate:.0f} us a row, recall {recall:.4f}, exact {exact:.0f} us"
    print(told, flush=True)


def together(data: Path | None) -> None:
    """Print how good maps of a sample with all other rows are."""
    X = dataset("data" if data else str(ROWS), data)
    y = np.load(data)["y"].astype(int) if data else None
    n, evaluator = len(X), Evaluator(X)
    print(f"{n:,} x {X.shape[1]}; {'; '.join(evaluator.notes)}", flush=True)

    def tell(called: str, Y: np.ndarray, seconds: float, rows: int) -> None:
        quality = evaluator(Y)
        label = "" if y is None else f", label {_label_share(Y, y):.4f}"
        cost = f"{seconds / rows * 1e6:.0f} us a row"
        print(f"  {called}: kept {quality.recall:.4f}{label}, KL {quality.kl:.3f}, {cost}", flush=True)

    began = time.process_time()
    full = TSNE().fit(X)
    tell("map of all rows", full.embedding_, time.process_time() - began, n)
    for share in SHARES:
        random = np.random.default_rng(1)
        sample = np.sort(random.choice(n, int(n * share), replace=False))
        rest = random.permutation(np.setdiff1d(np.arange(n), sample))
        began = time.process_time()
        fitted = TSNE().fit(X[sample])
        print(f"sample of {len(sample):,}, fitted in {time.process_time() - began:.1f} processor seconds")
        Y = np.empty((n, 2), np.float32)
        Y[sample] = fitted.embedding_
        began = time.process_time()
        Y[rest] = fitted.transform(X[rest])
        tell("each by itself", Y, time.process_time() - began, len(rest))
        for parts in PARTS:
            began = time.process_time()
            for part in np.array_split(rest, parts):
                Y[part] = fitted.transform(X[part], together=True, n_total=n)
            told = f"together, {parts} part{'s' if parts > 1 else ''}"
            tell(told, Y, time.process_time() - began, len(rest))


def _label_share(Y: np.ndarray, y: np.ndarray) -> float:
    near = cKDTree(Y).query(Y, NEAR + 1)[1]
    others = near != np.arange(len(Y))[:, None]
    others[others.all(axis=1), -1] = False
    votes = y[near[others].reshape(len(Y), NEAR)]
    return float(np.mean([np.bincount(row).argmax() == label for row, label in zip(votes, y, strict=True)]))


def main() -> None:
    """Print what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", nargs="+", choices=("widget", "query", "together"))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rows", nargs="+", type=int, default=[20_000, 50_000, 200_000, 500_000])
    args = parser.parse_args()
    asked = args.only or ("widget", "query", "together")
    if "widget" in asked:
        widget()
    if "query" in asked:
        query(args.rows, args.data)
    if "together" in asked:
        together(args.data)


if __name__ == "__main__":
    main()

"""How well maps that are functions place new rows, beside `TSNE.transform`, and what they cost, in turns.

    python tests/bench/parametric.py [--data file.npz] [--rounds 3] [--without-network]

Sets are the digits and, of a file, the matrix `X` (more than 50 columns are reduced to 50 by the components
of the training rows) with labels `y`. A fifth of the rows is new. `train` and `test` are the shares of the 10
nearest training rows that are nearest on the map, `1-NN` the share of new rows whose nearest training row on
the map has their label. Costs are processor time as multiples of `TSNE.fit`'s, medians over rounds of one
run: of fitting, and of placing the new rows.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import numpy as np
from scipy.spatial import cKDTree
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

from tsne_widget import TSNE, ParametricTSNE

K, COLUMNS, JOBS = 10, 50, 2


class Split(NamedTuple):
    """Rows and labels, of which a fifth is new."""

    seen: np.ndarray
    new: np.ndarray
    of_seen: np.ndarray
    of_new: np.ndarray


def split(X: np.ndarray, y: np.ndarray) -> Split:
    order = np.random.RandomState(0).permutation(len(X))
    seen, new = order[: len(X) * 4 // 5], order[len(X) * 4 // 5 :]
    rows = np.asarray(X, np.float32)
    if rows.shape[1] > 2 * COLUMNS:
        pca = PCA(COLUMNS, random_state=0).fit(rows[seen])
        rows = pca.transform(rows).astype(np.float32)
    return Split(rows[seen], rows[new], y[seen], y[new])


def share_kept(near: np.ndarray, on_map: np.ndarray) -> float:
    return float(np.mean([len(np.intersect1d(a, b)) / K for a, b in zip(near, on_map, strict=True)]))


def timed(do: Callable[[], Any]) -> tuple[Any, float]:
    began = time.process_time()
    return do(), time.process_time() - began


def compare(name: str, data: Split, methods: dict[str, Callable[[], Any]], rounds: int) -> None:
    rows = cKDTree(data.seen)
    near_seen, near_new = rows.query(data.seen, k=K + 1)[1][:, 1:], rows.query(data.new, k=K)[1]
    scores: dict[str, list[float]] = {}
    costs: dict[str, list[tuple[float, float]]] = {called: [] for called in methods}
    for _ in range(rounds):
        for called, make in methods.items():
            made, fitting = timed(partial(make().fit, data.seen))
            placed, placing = timed(partial(made.transform, data.new))
            costs[called].append((fitting, placing))
            there = cKDTree(made.embedding_)
            on_map = there.query(placed, k=K)[1]
            scores[called] = [
                share_kept(near_seen, there.query(made.embedding_, k=K + 1)[1][:, 1:]),
                share_kept(near_new, on_map),
                float((data.of_seen[on_map[:, 0]] == data.of_new).mean()),
                made.kl_divergence_,
            ]
    base = [fitting for fitting, _ in next(iter(costs.values()))]
    print(f"\n{name}: {len(data.seen)} rows and {len(data.new)} new ones; TSNE.fit took {median(base):.1f} s")
    print(f"{'':<32}{'train':>7}{'test':>7}{'1-NN':>7}{'KL':>7}{'fit':>8}{'place':>8}")
    for called, (train, test, label, kl) in scores.items():
        fit, place = (
            median(cost[part] / whole for cost, whole in zip(costs[called], base, strict=True))
            for part in (0, 1)
        )
        print(f"{called:<32}{train:7.3f}{test:7.3f}{label:7.3f}{kl:7.3f}{fit:7.2f}x{place:7.3f}x", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    arguments.add_argument("--data", type=Path)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--without-network", action="store_true")
    options = arguments.parse_args()
    X, y = load_digits(return_X_y=True)
    sets = {"digits": split(X, y)}
    if options.data is not None:
        with np.load(options.data) as file:
            sets[options.data.stem] = split(file["X"], file["y"])
    small = X[:200].astype(np.float32)
    TSNE(n_jobs=JOBS, max_iter=20).fit(small).transform(small[:5])  # loads the kernels
    ParametricTSNE(n_jobs=JOBS, max_iter=20).fit(small)
    for name, data in sets.items():
        methods: dict[str, Callable[[], Any]] = {
            "TSNE and transform": partial(TSNE, n_jobs=JOBS),
            "landmarks": partial(ParametricTSNE, n_jobs=JOBS),
            "landmarks, a quarter of the rows": partial(
                ParametricTSNE, landmarks=len(data.seen) // 4, n_jobs=JOBS
            ),
            "landmarks, all rows": partial(ParametricTSNE, landmarks=len(data.seen), n_jobs=JOBS),
        }
        if not options.without_network:
            network = partial(ParametricTSNE, hidden=(256, 256), max_iter=500, n_jobs=JOBS)
            methods["network, noise 0"] = partial(network, noise=0.0)
            methods["network, noise 0.2"] = network
        compare(name, data, methods, options.rounds)


if __name__ == "__main__":
    main()

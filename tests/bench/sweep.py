"""Does every parameter of the engine lead to a map as good as it should be, alone and in pairs?

    python tests/bench/sweep.py [--sizes 50 300 1797 6000] [--pairs 300] [--peer 1797] [--data mnist.npz]

Each map is compared with one that short steps lead to (1 unit of the learning rate at momentum 0.8, 4000
iterations), from the same P and start, and at the sizes of `--peer` with openTSNE's. Told are those that keep
3 % fewer neighbours or end at a KL 3 % higher, with what they say of themselves: 'settled' there would be a
silent wrong map. The last line counts them, and those that are as much better: below a thousand rows which
minimum is found is luck.
"""

from __future__ import annotations

import argparse
import itertools
import re
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from datasets import synthetic
from scipy.spatial import cKDTree
from sklearn.datasets import load_digits

from tsne_widget.errors import DivergedError
from tsne_widget.parameters.defaults import DEFAULTS, schedule_of
from tsne_widget.parameters.perplexity import neighbors_wanted
from tsne_widget.tsne.affinities import joint_probabilities
from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.nearest import Neighbors
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.optimizer import Optimizer, Schedule
from tsne_widget.tsne.ordering import locality_order
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.steps import result_of

SHORT_OF, KEPT = 0.03, 10
#: Pairs are drawn from these; a value is a number, or a multiple of the number of rows where it is a string.
VALUES: dict[str, tuple[Any, ...]] = {
    "perplexity": (2.0, 5.0, 100.0, "n/3"),
    "early_exaggeration": (1.0, 4.0, 30.0, 100.0),
    "early_exaggeration_iter": (0, 20, 250, 500),
    "exaggeration": (1.5, 2.0, 4.0, 10.0, 30.0),
    "learning_rate": (1e-10, "n/48", "n/4", "n", "10n", 1e30),
    "metric": ("cosine", "manhattan"),
    "affinity": ("uniform",),
    "multiscale": ((5.0, 100.0),),
    "init": ("random", "wide"),
    "method": ("mesh", "barnes_hut"),
}
Parameters = dict[str, Any]
_pool = Pool(-1)


class ShortSteps(Schedule):
    """One unit of n / exaggeration / 4, at momentum 0.8: what no parameter makes unstable."""

    def learning_rate_in(self, early: bool, n: int, halved: int = 0) -> float:
        """Return the learning rate."""
        return n / 4 / self.exaggeration_in(early) / 2**halved

    def momentum_in(self, early: bool, n: int, halved: int = 0) -> float:
        """Return the momentum."""
        return 0.8


@dataclass(frozen=True)
class Result:
    """A map in numbers, and what it says of itself."""

    kl: float
    kept: float
    says: str
    iterations: int

    def short_of(self, other: Result) -> str:
        """Say by what it is worse; empty where it is not."""
        kept, kl = 1 - self.kept / other.kept if other.kept else 0.0, self.kl / other.kl - 1
        said = [f"kept -{kept:.0%}"] if kept > SHORT_OF else []
        return ", ".join(said + ([f"KL +{kl:.0%}"] if kl > SHORT_OF and self.kl - other.kl > 0.01 else []))


class Rows:
    """The rows of one set, and what has been computed of them."""

    def __init__(self, X: np.ndarray):
        self.X, self.n = X, len(X)
        self._neighbors: dict[tuple[str, int], Neighbors] = {}

    def neighbors(self, metric: str, k: int) -> Neighbors:
        """Return at least k neighbours."""
        if (metric, k) not in self._neighbors:
            search = find_neighbors(self.X, k, metric=metric, metric_params=None, method="auto", pool=_pool)
            self._neighbors[metric, k] = result_of(search)
        return self._neighbors[metric, k]

    def kept(self, metric: str, Y: np.ndarray) -> float:
        """Return the share of the 10 nearest neighbours that are so on the map."""
        true = self.neighbors(metric, max(KEPT, min(self.n - 1, 90))).indices[:, :KEPT]
        rows = np.arange(self.n)[:: max(1, self.n // 5000)]
        found = cKDTree(Y).query(Y[rows], KEPT + 1)[1]
        shared = [
            len(np.intersect1d(near[near != row][:KEPT], true[row]))
            for row, near in zip(rows, found, strict=True)
        ]
        return float(np.mean(shared)) / KEPT

    def number(self, value: Any) -> Any:
        """Return a value; 'n/3' and '10n' are numbers, n that of rows."""
        times = re.fullmatch(r"(\d*)n(?:/(\d+))?", value) if isinstance(value, str) else None
        return float(times[1] or 1) * self.n / float(times[2] or 1) if times else value


def main() -> None:
    """Sweep."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--sizes", type=int, nargs="*", default=[50, 300, 1797, 6000], help="each value alone"
    )
    parser.add_argument("--pairs", type=int, nargs="*", default=[300], help="each pair of values")
    parser.add_argument("--peer", type=int, nargs="*", default=[], help="each value alone, against openTSNE")
    parser.add_argument("--data", type=Path, help="an .npz with X: its first rows instead of made ones")
    parser.add_argument("--only", nargs="*", default=list(VALUES), help="parameters")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    short = silent = better = count = 0
    for size in sorted({*given.sizes, *given.pairs, *given.peer}):
        rows = Rows(_set_of(size, given.data))
        cases = [*(_alone(rows, given.only) if size in given.sizes or size in given.peer else [])]
        cases += [*(_in_pairs(rows, given.only) if size in given.pairs else [])]
        print(f"{rows.n} rows: {len(cases)} settings", flush=True)
        for case in cases:
            began = time.perf_counter()
            ours, reference = _ours(rows, case), _short_steps(rows, case)
            peer = _opentsne(rows, case) if size in given.peer and len(case) <= 1 else None
            worse = ours.short_of(reference)
            beside = f"; openTSNE {_told(peer)}" if peer else ""
            by_peer = ours.short_of(peer) if peer else ""
            count += 1
            better += bool(reference.short_of(ours))
            short += bool(worse or by_peer)
            silent += bool(worse or by_peer) and ours.says == "settled"
            if worse or by_peer or peer:
                mark = f"  <- {worse or by_peer} [{ours.says}]" if worse or by_peer else ""
                took = time.perf_counter() - began
                print(
                    f"  {_words(case):<60} {_told(ours)}; short steps {_told(reference)}{beside}{mark} "
                    f"{took:.0f} s",
                    flush=True,
                )
    print(f"{short} of {count} are {SHORT_OF:.0%} short, {silent} of them 'settled'; {better} are better")


def _alone(rows: Rows, only: list[str]) -> Iterator[Parameters]:
    yield {}
    for name in only:
        for value in VALUES[name]:
            case = {name: rows.number(value)}
            if _possible(case, rows.n):
                yield case


def _in_pairs(rows: Rows, only: list[str]) -> Iterator[Parameters]:
    for one, other in itertools.combinations(only, 2):
        for a, b in itertools.product(VALUES[one], VALUES[other]):
            case = {one: rows.number(a), other: rows.number(b)}
            if _possible(case, rows.n):
                yield case


def _possible(case: Parameters, n: int) -> bool:
    if case.get("affinity") == "uniform" and case.get("multiscale"):
        return False
    return max([case.get("perplexity", 0.0), *case.get("multiscale", ())]) <= n / 3 + 1


def _ours(rows: Rows, case: Parameters) -> Result:
    settings = replace(DEFAULTS, **{name: value for name, value in case.items() if name != "init"})
    return _descended(rows, case, schedule_of(settings))


def _short_steps(rows: Rows, case: Parameters) -> Result:
    settings = replace(DEFAULTS, **{name: value for name, value in case.items() if name != "init"})
    schedule = replace(schedule_of(settings), learning_rate="auto", max_iter=4000)
    return _descended(rows, {**case, "method": "auto"}, ShortSteps(**vars(schedule)))


def _descended(rows: Rows, case: Parameters, schedule: Schedule) -> Result:
    metric, multiscale = case.get("metric", "euclidean"), case.get("multiscale", ())
    perplexity = min(case.get("perplexity", DEFAULTS.perplexity), (rows.n - 1) / 3)
    neighbors = rows.neighbors(metric, max(KEPT, neighbors_wanted(max(perplexity, *multiscale, 0), rows.n)))
    affinity = case.get("affinity", "gaussian")
    P = result_of(
        joint_probabilities(
            neighbors,
            perplexity,
            pool=_pool,
            affinity=affinity,
            multiscale=multiscale,
            order=result_of(locality_order(neighbors)),
        )
    )
    start = _start(rows, case.get("init", "pca"))
    optimizer = Optimizer(P, start, schedule, pool=_pool, repulsion=case.get("method", "auto"))
    try:
        while optimizer.ended is None:
            optimizer.step()
    except DivergedError:
        return Result(float("inf"), 0.0, "error", optimizer.iteration)
    kept = rows.kept(metric, optimizer.layout)
    return Result(optimizer.kl_divergence, kept, str(optimizer.ended), optimizer.iteration)


def _start(rows: Rows, init: str) -> np.ndarray:
    if init == "wide":  # principal components as they are, which `init_scale=False` takes with a warning
        return initial_layout(rows.X, "pca", 0) * np.float32(10 / 1e-4)
    return initial_layout(rows.X, init, 0)  # type: ignore[arg-type] # a name


def _opentsne(rows: Rows, case: Parameters) -> Result | None:
    """Run openTSNE with the same parameters, where it has them; its KL is that of our P for its map."""
    if {"affinity", "method", "init"} & case.keys() or not isinstance(case.get("learning_rate", 1.0), float):
        return None
    from openTSNE import TSNEEmbedding, affinity, initialization

    settings = replace(DEFAULTS, **case)
    how = {"metric": settings.metric, "method": "exact", "n_jobs": 2, "random_state": 0}
    if settings.multiscale:
        P: Any = affinity.Multiscale(
            rows.X, [min(settings.perplexity, rows.n / 3), *settings.multiscale], **how
        )
    else:
        P = affinity.PerplexityBasedNN(rows.X, min(settings.perplexity, (rows.n - 1) / 3), **how)
    start = initialization.pca(rows.X, random_state=0)
    Y: Any = TSNEEmbedding(start, P, negative_gradient_method="bh", n_jobs=2)
    rate = "auto" if settings.learning_rate == "auto" else 4 * settings.learning_rate
    early, late = settings.early_exaggeration, settings.exaggeration
    try:
        Y.optimize(250, exaggeration=early, momentum=0.8, learning_rate=rate, inplace=True)
        Y.optimize(750, exaggeration=late, momentum=0.8, learning_rate=rate, inplace=True)
    except Exception as error:  # it gives up, which is told
        return Result(float("inf"), 0.0, type(error).__name__, 0)
    return Result(float(Y.kl_divergence), rows.kept(settings.metric, np.asarray(Y)), "done", 1000)


def _set_of(size: int, data: Path | None) -> np.ndarray:
    if data is not None:
        X = np.load(data)["X"].astype(np.float32)
        return X[:size]
    if size <= 1797:
        return load_digits().data[:size].astype(np.float32)
    return synthetic(size)


def _told(result: Result) -> str:
    return f"KL {result.kl:.3f} kept {result.kept:.3f} {result.says} at {result.iterations}"


def _words(case: Parameters) -> str:
    return ", ".join(
        f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in case.items()
    )


if __name__ == "__main__":
    main()

"""UMAP beside umap-learn: CPU seconds, kept neighbours, and neighbours on the map in common, in turns.

python tests/bench/umaps.py --data mnist10k.npz

Then a fifth of the rows is placed on maps of the others: the share of the 10 nearest rows that are nearest on
the map, and the share of new rows whose nearest row on the map has their label.
"""

from __future__ import annotations

import argparse
import statistics
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
from datasets import dataset
from parametric import split
from scipy.spatial import cKDTree
from sklearn.datasets import load_digits

from tsne_widget.tsne.initialization import initial_layout
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool
from tsne_widget.tsne.query import nearest_rows
from tsne_widget.tsne.steps import result_of
from tsne_widget.umap.curve import fitted_curve
from tsne_widget.umap.descent import Descent, epochs_for
from tsne_widget.umap.epoch import dealt
from tsne_widget.umap.place import place
from tsne_widget.umap.spectral import spectral_layout
from tsne_widget.umap.start import in_square
from tsne_widget.umap.weights import fuzzy_weights, without_slight

N_NEIGHBORS, MIN_DIST, NEAREST = 15, 0.1, 10


def ours(X: np.ndarray, seed: int, pool: Pool, init: str = "spectral") -> np.ndarray:
    """Return a map as the widget makes it, on the threads of the pool."""
    neighbors = result_of(find_neighbors(X, N_NEIGHBORS - 1, pool=pool))
    weights = without_slight(fuzzy_weights(neighbors, N_NEIGHBORS, pool), epochs_for(len(X)))
    start = spectral_layout(weights) if init == "spectral" else initial_layout(X, init, seed)
    descent = Descent(dealt(weights), fitted_curve(MIN_DIST), in_square(start, seed), pool=pool, seed=seed)
    while not descent.ended:
        descent.step()
    return descent.layout


def theirs(X: np.ndarray, seed: int) -> np.ndarray:
    """Return umap-learn's map, on one thread, as it is with a seed."""
    from umap import UMAP

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = UMAP(n_neighbors=N_NEIGHBORS, min_dist=MIN_DIST, random_state=seed, n_jobs=1)
        return made.fit_transform(X)


def near(points: np.ndarray) -> np.ndarray:
    """Return the nearest of each row on a map."""
    return cKDTree(points).query(points, NEAREST + 1)[1][:, 1:]


def in_common(one: np.ndarray, other: np.ndarray) -> float:
    """Return the mean share of neighbours that two maps, or a map and the data, have in common."""
    return float(np.mean([len(np.intersect1d(a, b)) for a, b in zip(one, other, strict=True)])) / NEAREST


def compare(name: str, X: np.ndarray, rounds: int) -> None:
    """Print a line for each way to make a map of one set."""
    pool = Pool(1)
    ways: dict[str, Callable[[int], np.ndarray]] = {
        "umap-learn": lambda seed: theirs(X, seed),
        "ours": lambda seed: ours(X, seed, pool),
        "ours from PCA": lambda seed: ours(X, seed, pool, "pca"),
        "ours from random": lambda seed: ours(X, seed, pool, "random"),
    }
    maps: dict[str, list[np.ndarray]] = {way: [] for way in ways}
    seconds: dict[str, list[float]] = {way: [] for way in ways}
    for seed in range(rounds):
        for way, make in ways.items():
            started = time.process_time()
            made = make(seed)
            seconds[way].append(time.process_time() - started)
            maps[way].append(near(made))
    neighbors = result_of(find_neighbors(X, NEAREST, pool=pool)).indices
    for way, layouts in maps.items():
        kept = statistics.mean(in_common(neighbors, each) for each in layouts)
        pairs = [
            in_common(one, other)
            for number, one in enumerate(layouts)
            for other in maps["umap-learn"][: number if way == "umap-learn" else rounds]
        ]
        print(
            f"{name:<12}{len(X):>8,}  {way:<18}{kept:>6.3f}{statistics.mean(pairs):>11.3f}"
            f"{statistics.median(seconds[way]):>9.1f}",
            flush=True,
        )


def compare_new(name: str, X: np.ndarray, y: np.ndarray, rounds: int) -> None:
    """Print how well new rows are placed, on our maps and on those of umap-learn."""
    from umap import UMAP

    data, pool = split(X, y), Pool(1)
    nearest = result_of(nearest_rows(data.new, data.seen, N_NEIGHBORS, pool=pool))
    scores: dict[str, list[list[float]]] = {}
    for seed in range(rounds):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            made = UMAP(n_neighbors=N_NEIGHBORS, min_dist=MIN_DIST, random_state=seed, n_jobs=1)
            of_umap_learn = made.fit(data.seen).embedding_
            placed = made.transform(data.new)
        our_map, curve = ours(data.seen, seed, pool), fitted_curve(MIN_DIST)
        for way, layout, points in (
            ("umap-learn, its map", of_umap_learn, placed),
            ("ours, its map", of_umap_learn, place(nearest, of_umap_learn, curve, pool=pool, seed=seed)),
            ("ours, our map", our_map, place(nearest, our_map, curve, pool=pool, seed=seed)),
        ):
            on_map = cKDTree(layout).query(points, NEAREST)[1]
            kept = in_common(nearest.indices[:, :NEAREST], on_map)
            label = float((data.of_seen[on_map[:, 0]] == data.of_new).mean())
            scores.setdefault(way, []).append([kept, label])
    for way, each in scores.items():
        kept, label = np.mean(each, axis=0)
        print(f"{name:<12}{len(data.new):>8,}  {way:<20}{kept:>6.3f}{label:>8.3f}", flush=True)


def main() -> None:
    """Compare on digits, and on the matrix of a file or a synthetic set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="an .npz file with a matrix X; by default a synthetic set")
    parser.add_argument("--rounds", type=int, default=3, help="maps made each way, at least 2")
    given = parser.parse_args()
    warm = dataset("1000", None)
    theirs(warm, 0)
    print(f"{'data':<12}{'rows':>8}  {'map':<18}{'kept':>6}{'in common':>11}{'CPU s':>9}")
    compare("digits", dataset("digits", None), given.rounds)
    name = "10000" if given.data is None else "data"
    compare("synthetic" if given.data is None else given.data.stem, dataset(name, given.data), given.rounds)
    print(f"\n{'data':<12}{'new':>8}  {'placed by':<20}{'kept':>6}{'1-NN':>8}")
    compare_new("digits", *load_digits(return_X_y=True), given.rounds)
    if given.data is not None:
        with np.load(given.data) as file:
            compare_new(given.data.stem, file["X"], file["y"], given.rounds)


if __name__ == "__main__":
    main()

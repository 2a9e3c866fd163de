"""How long new rows take to appear: 1,000 rows on a map of 70,000 x 50.

The first time also loads kernels; the second places other rows on the same map, the third the same rows after
the map has moved.
"""

from __future__ import annotations

import time

import numpy as np
from sklearn.datasets import make_blobs

from tsne_widget import TSNEWidget

ROWS, FEATURES, NEW, ITERATIONS = 70_000, 50, 1_000, 150


def main() -> None:
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


if __name__ == "__main__":
    main()

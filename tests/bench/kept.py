"""What it costs that data may be changed in place: the copy below the limit, the checksum above it.

python tests/bench/kept.py
"""

from __future__ import annotations

import time

import numpy as np
import scipy.sparse

from tsne_widget.data import Kept
from tsne_widget.data import kept as module


def seconds(call) -> float:
    """Return the best of five."""
    times = []
    for _ in range(5):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)


def main() -> None:
    """Print a line for each of some data."""
    random = np.random.default_rng(0)
    data = {
        "10,000 x 50 float64": random.normal(size=(10_000, 50)),
        "70,000 x 784 float32": random.random((70_000, 784), np.float32),
        "70,000 x 784 float64": random.random((70_000, 784)),
        "1,000,000 x 100 float32": random.random((1_000_000, 100), np.float32),
        "50,000 x 10,000 sparse, 40 million": scipy.sparse.random_array(
            (50_000, 10_000), density=0.08, format="csr", dtype=np.float32, rng=0
        ),
    }
    print(f"{'data':<36}{'MB':>8}{'copied MB':>11}{'copy ms':>9}{'check ms':>10}")
    for name, X in data.items():
        parts = (X.data, X.indices, X.indptr) if scipy.sparse.issparse(X) else (X,)
        size = sum(part.nbytes for part in parts) / 1e6
        kept = Kept("X", X)
        limit, module.COPIED_BYTES = module.COPIED_BYTES, 0
        watched = Kept("X", X)
        module.COPIED_BYTES = limit
        copy = "" if kept.is_watched else f"{1000 * seconds(lambda X=X: Kept('X', X)):.0f}"
        check = 1000 * seconds(watched.require_unchanged)
        print(
            f"{name:<36}{size:>8.0f}{0 if kept.is_watched else size:>11.0f}{copy:>9}{check:>10.1f}",
            flush=True,
        )


if __name__ == "__main__":
    main()

"""How late a 10 ms ticker on the main thread is while a map is optimised."""

from __future__ import annotations

import argparse
import time

import numpy as np

from tsne_widget import TSNEWidget

TICK = 0.010


def lateness(seconds: float) -> np.ndarray:
    """Sleep to each tick and note by how many milliseconds it was missed."""
    late, due = [], time.perf_counter() + TICK
    end = due + seconds
    while due < end:
        time.sleep(max(0.0, due - time.perf_counter()))
        now = time.perf_counter()
        late.append(1000 * (now - due))
        due = max(due + TICK, now)
    return np.array(late)


def describe(name: str, late: np.ndarray) -> None:
    median, high, top = np.percentile(late, [50, 99, 100])
    print(f"{name:<34} late by {median:5.1f} ms (median) {high:5.1f} ms (p99) {top:5.1f} ms (most)")


def main() -> None:
    """Print the figures with and without a map, in turns."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=5000)
    parser.add_argument("--maps", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    X = np.random.default_rng(0).normal(size=(options.rows, 50)).astype(np.float32)
    TSNEWidget(X[:100]).wait().close()  # compiles
    for _ in range(options.rounds):
        describe("nothing running", lateness(options.seconds))
        widget = TSNEWidget(
            X, random_state=list(range(options.maps)), max_iter=10**9, early_exaggeration_iter=10**9
        )
        (*_, last) = widget.runs
        while last.status != "early exaggeration":
            time.sleep(0.01)
        first = last.iteration
        late = lateness(options.seconds)
        rate = options.seconds * 1000 / max(1, last.iteration - first)
        describe(f"{options.maps} x {options.rows} rows, {rate:.1f} ms an iteration", late)
        widget.close()


if __name__ == "__main__":
    main()

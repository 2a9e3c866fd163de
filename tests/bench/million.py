"""A million rows, from the first cell to rest: what shows when, and the longest step of each stage.

    python tests/bench/million.py [--rows 1000000] [--seeds 0] [--max-iter 1500]

A session is advanced step by step as the engine does it, in this thread and without a browser. Seconds of
processors are those of all threads; they hardly depend on who else uses the machine.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field

import numpy as np
from datasets import synthetic
from steps import Silent, Stages

from tsne_widget.maps.engine import clock
from tsne_widget.maps.grid import Grid
from tsne_widget.maps.session import Session
from tsne_widget.parameters.axes import AXES, check_axis
from tsne_widget.parameters.axis import Facts
from tsne_widget.parameters.checks import check_settings
from tsne_widget.parameters.defaults import DEFAULTS
from tsne_widget.parameters.given import plain
from tsne_widget.tsne.pool import Pool
from tsne_widget.wire.audience import Audience

#: Iterations at which KL is printed, which is known from some checks on.
TOLD = (75, 100, 200, 400, 600, 800, 1000)


@dataclass
class Moments:
    """When things happened for the first time, in seconds and in seconds of processors since the start."""

    began: tuple[float, float] = field(default_factory=lambda: (time.perf_counter(), time.process_time()))
    seen: set[str] = field(default_factory=set)

    def note(self, what: str) -> None:
        """Print the first time."""
        if what in self.seen:
            return
        self.seen.add(what)
        wall, cpu = time.perf_counter() - self.began[0], time.process_time() - self.began[1]
        print(f"{what:<40}{wall:9.2f} s{cpu:9.2f} s of processors", flush=True)


def print_map(X: np.ndarray, pool: Pool, **given: object) -> None:
    """Make a map of X and print how it went."""
    n, moments, stages = len(X), Moments(), Stages()
    print(f"\n{n:,} rows x {X.shape[1]}, {given or 'defaults'}")
    values = DEFAULTS.__dict__ | given
    axes = {name: check_axis(name, values[name], Facts(n, matrix=lambda: X)) for name in AXES}
    settings = check_settings(values | {name: plain(axis[0]) for name, axis in axes.items()}, X)
    with stages.step(lambda: "the constructor (in the cell)"):
        session = Session(
            X,
            settings,
            Grid().product(axes).entries,
            audience=Audience(clock),
            pool=pool,
            listener=Silent(),
            clock=clock,
        )
    run, first, seen = session.runs[0], None, None
    while not session.resting:
        ended = run.status.ended
        with stages.step(lambda ended=ended: "neighbours of the map" if ended else run.status.stage):
            session.advance(0.0)
        if run.error is not None:
            raise run.error
        if run.status.ended:
            moments.note("at rest")
        if run.layout is None or run.layout is seen:
            continue
        seen = run.layout
        moments.note("first layout")
        shown, placed = run.layout.points, np.isfinite(run.layout.points[:, 0])
        if first is None:
            first = shown
        elif not np.array_equal(first[placed], shown[placed]):
            moments.note("first movement")
        if placed.all():
            moments.note("all rows have a place")
        if run.status.kind == "moving":
            moments.note("all rows move")
            if run.status.iteration in TOLD:
                moments.note(
                    f"iteration {run.status.iteration}, KL {run.status.figures.get('KL', np.nan):.4f}"
                )
    told = run.status
    stages.print("the steps of each stage")
    print(f"KL {told.figures['KL']:.4f}, {told.neighbors_kept:.4f} of 10 neighbours kept, ", end="")
    print(f"{told.iteration} iterations: {told.stage}\n", flush=True)
    session.close()


def main() -> None:
    """Print a table for each seed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--max-iter", type=int, default=DEFAULTS.max_iter)
    options = parser.parse_args()
    pool = Pool()
    print_map(synthetic(110_000), pool, max_iter=20)  # loads all kernels
    X = synthetic(options.rows)
    for seed in options.seeds:
        print_map(X, pool, random_state=seed, max_iter=options.max_iter)


if __name__ == "__main__":
    main()

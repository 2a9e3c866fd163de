"""The longest single step of each stage: for so long commands and other widgets wait.

    python tests/bench/steps.py [--rows 2000 300000] [--seconds 60]

A session is advanced step by step as the engine does it. The wall-clock time of a step depends on who else
uses the machine; its processor time, of all threads, hardly does. A metric in Python, of 5 ms a call, is
searched with for some seconds only.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
from datasets import synthetic

from tsne_widget.maps.engine import clock
from tsne_widget.maps.grid import Grid
from tsne_widget.maps.run import Run
from tsne_widget.maps.session import Pause, Session
from tsne_widget.measures.measure import Context, Data, Map, measure_in_steps
from tsne_widget.measures.original_space import OriginalSpace
from tsne_widget.measures.registry import measures
from tsne_widget.parameters.axes import AXES, check_axis
from tsne_widget.parameters.axis import Facts
from tsne_widget.parameters.checks import check_settings
from tsne_widget.parameters.defaults import DEFAULTS
from tsne_widget.parameters.given import plain
from tsne_widget.tsne.pool import Pool
from tsne_widget.wire.audience import Audience

ITERATIONS, DONE = 150, object()
CALL_SECONDS = 0.005


class Stages:
    """The steps of each stage: how many, and the longest, in seconds and in seconds of processors."""

    def __init__(self) -> None:
        self.steps: dict[str, list[tuple[float, float]]] = {}

    @contextmanager
    def step(self, stage: Callable[[], str]) -> Iterator[None]:
        """Time a step; what stage it belonged to is asked for afterwards."""
        wall, cpu = time.perf_counter(), time.process_time()
        yield
        taken = time.perf_counter() - wall, time.process_time() - cpu
        self.steps.setdefault(stage(), []).append(taken)

    def print(self, title: str) -> None:
        """Print a line a stage."""
        print(f"\n{title}")
        print(f"{'':<28}{'steps':>8}{'all, s':>9}{'longest, ms':>13}{'of processors':>15}{'median':>9}")
        for stage, steps in self.steps.items():
            wall, cpu = np.array(steps).T
            longest = f"{1e3 * wall.max():13.1f}{1e3 * cpu.max():15.1f}{1e3 * np.median(wall):9.1f}"
            print(f"{stage:<28}{len(steps):>8}{wall.sum():9.2f}{longest}", flush=True)


class Silent:
    """Hears what a session tells."""

    def publish(self, run: Run) -> None:
        """Take news."""

    def forget(self, run: int) -> None:
        """Forget a run."""


def session_of(X: np.ndarray, pool: Pool, metric: object = "euclidean") -> Session:
    """Return a session that makes a map."""
    given = DEFAULTS.__dict__ | {"metric": metric}
    axes = {
        name: check_axis(name, given[name], Facts(len(X), matrix=lambda: X, metric=metric)) for name in AXES
    }
    first = {name: plain(values[0]) for name, values in axes.items()}
    settings = check_settings({**first, "max_iter": ITERATIONS}, X)
    entries = Grid().product(axes).entries
    return Session(X, settings, entries, audience=Audience(clock), pool=pool, listener=Silent(), clock=clock)


def advance(session: Session, stages: Stages, stage: Callable[[], str], seconds: float) -> None:
    """Advance to the end, or for some seconds."""
    end = time.perf_counter() + seconds
    while not session.resting and time.perf_counter() < end:
        with stages.step(stage):
            session.advance(0.0)


def print_stages(n: int, pool: Pool, seconds: float) -> None:
    """Print all stages of a map of so many rows, and what is measured of it, in a thread of its own."""
    X, stages = synthetic(n), Stages()
    with stages.step(lambda: "the constructor (in the cell)"):
        session = session_of(X, pool)
    run = session.runs[0]

    def stage() -> str:
        return "neighbours of the map" if run.status.ended else run.status.stage

    advance(session, stages, stage, seconds)
    with stages.step(lambda: "a command"):
        session.handle(Pause())
    known = session.shared_work.known_in(run.spec)
    neighbors = known and known.neighbors
    if run.layout is not None and neighbors is not None:
        space = OriginalSpace(X)
        data = Data("euclidean", lambda: neighbors, lambda: space, pool)
        P = known.known_affinities(run.spec["perplexity"])
        shown = tuple(Map(number, "", run.layout.points, data, lambda: P) for number in range(2))
        for measure in measures().values():
            maps = {"map": shown[:1], "maps": shown}.get(measure.needs, ())
            steps = measure_in_steps(measure, Context(n, data, maps, 7 if measure.needs == "row" else None))
            more: object = steps
            while more is not DONE:
                with stages.step(lambda name=measure.name: f"measuring {name}"):
                    more = next(steps, DONE)
    with stages.step(lambda: "close"):
        session.close()
    stages.print(f"{n:,} rows x {X.shape[1]}, a map")


def print_call_stage(n: int, pool: Pool, seconds: float) -> None:
    """Print the search with a slow metric in Python."""

    def slow(x: np.ndarray, y: np.ndarray) -> float:
        time.sleep(CALL_SECONDS)
        return float(np.abs(x - y).sum())

    session, stages = session_of(synthetic(n), pool, slow), Stages()
    run = session.runs[0]
    advance(session, stages, lambda: run.status.stage, seconds)
    session.close()
    stages.print(f"{n:,} rows, a metric of {1e3 * CALL_SECONDS:.0f} ms a call, for {seconds:.0f} s")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000, 300_000])
    parser.add_argument("--seconds", type=float, default=600.0, help="for a stage at most")
    options = parser.parse_args()
    pool = Pool()
    advance(session_of(synthetic(500), pool), Stages(), lambda: "", np.inf)
    for n in options.rows:
        print_stages(n, pool, options.seconds)
    print_call_stage(2_000, pool, min(10.0, options.seconds))


if __name__ == "__main__":
    main()

"""A map made by each kind of executor: frames, what the way there costs, a change, a killed worker.

    python tests/bench/executors.py [--only process dask ...] [--set 10000] [--data mnist.npz]

One map of 320 iterations with a change of perplexity at 120, by two workers of one thread each; the same map
made here by one thread, just before. Then the same again, but the worker is killed at 160. 'same' says
whether the bits are those of the map made here. Ray is measured if it is installed.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from datasets import dataset

from tsne_widget import TSNEWidget
from tsne_widget.maps import workers
from tsne_widget.tsne.slices import Slice

FIRST, CHANGE, LAST = 10, 120, 320
KILLED_AT = 160
KINDS = ("process", "loky", "dask", "ipyparallel", "ray")


@contextmanager
def executor(kind: str) -> Iterator[Any]:
    """Start an executor of two workers."""
    if kind == "process":
        yield lambda: ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn"))
    elif kind == "loky":
        from loky import get_reusable_executor

        yield lambda: get_reusable_executor(2, timeout=60)
        get_reusable_executor().shutdown(kill_workers=True)
    elif kind == "dask":
        from distributed import Client, LocalCluster

        quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
        with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:
            yield client
    elif kind == "ipyparallel":
        import ipyparallel

        with ipyparallel.Cluster(n=2, log_level=logging.ERROR) as client:
            yield client.load_balanced_view()
    else:
        import ray

        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=400_000_000)

        class RayExecutor(Executor):
            """The futures of Ray as those of an executor, as docs/scale.md has it."""

            def submit(self, fn: Callable[..., Any], /, *args: Any) -> Future[Any]:
                future: Future[Any] = ray.remote(fn).remote(*args).future()
                return future

        yield RayExecutor()
        ray.shutdown()


class Watched:
    """What comes back of a map's slices: when, and from which process."""

    def __init__(self) -> None:
        self.times: list[float] = []
        self._real = workers.Workers._note

    def __enter__(self) -> Watched:
        def note(*given: Any) -> None:
            self._real(*given)
            if isinstance(given[1].answer, Slice):
                self.times.append(time.perf_counter())

        workers.Workers._note = note  # type: ignore[method-assign]
        return self

    def __exit__(self, *error: object) -> None:
        workers.Workers._note = self._real  # type: ignore[method-assign]


def busiest() -> psutil.Process:
    """Return the one of this process's offspring that has worked most in the last moment."""
    children = psutil.Process().children(recursive=True)
    before = {child: sum(child.cpu_times()[:2]) for child in children if child.is_running()}
    time.sleep(0.3)
    return max(before, key=lambda child: sum(child.cpu_times()[:2]) - before[child])


def begin(X: np.ndarray, given: Any) -> TSNEWidget:
    # Elsewhere a task has one thread by default, and the search for neighbours here has all.
    n_jobs = 1 if given is None else -1
    widget = TSNEWidget(X, executor=given, n_jobs=n_jobs, max_iter=LAST, autostart=False)
    widget.step(FIRST)
    widget.wait()
    return widget


def finish(widget: TSNEWidget, meanwhile: Callable[[], None] = lambda: None) -> tuple[float, float]:
    """Do the rest; return the seconds, and those from a change of perplexity to its first layout."""
    began = time.perf_counter()
    widget.step(CHANGE - FIRST)
    widget.wait()
    changed = time.perf_counter()
    widget.perplexity = 50
    widget.step(LAST - CHANGE)
    while widget.n_iter_ == CHANGE:
        time.sleep(0.001)
    shown = time.perf_counter() - changed
    meanwhile()
    widget.wait()
    return time.perf_counter() - began, shown


def measure(kind: str, X: np.ndarray) -> None:
    here = begin(X, None)
    alone, _ = finish(here)
    with executor(kind) as given, Watched() as watched:
        there = begin(X, given)
        there.close()
        there = begin(X, given)  # the workers have compiled what they need
        watched.times.clear()
        seconds, shown = finish(there)
        frames = len(watched.times)
        same = np.array_equal(here.embedding_, there.embedding_)
        there.close()
        lost = begin(X, given)
        killed = [0.0]

        def kill() -> None:
            while lost.n_iter_ < KILLED_AT:
                time.sleep(0.005)
            victim = busiest()
            os.kill(victim.pid, signal.SIGKILL)
            killed[0] = time.perf_counter()

        finish(lost, kill)
        after = [moment for moment in watched.times if moment > killed[0] + 0.05]
        again = np.array_equal(here.embedding_, lost.embedding_)
        lost.close()
    print(
        f"{kind:12s} {frames / seconds:9.1f} {alone:9.1f} {seconds:9.1f} {shown:11.2f} "
        f"{after[0] - killed[0] if after else float('nan'):11.2f}   {same}, {again}",
        flush=True,
    )
    here.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", nargs="*", default=KINDS, choices=KINDS)
    parser.add_argument("--set", default="10000")
    parser.add_argument("--data", type=Path)
    given = parser.parse_args()
    X = dataset("data" if given.data else given.set, given.data)
    print("executor     frames/s   alone s  remote s  perplexity  after kill  same, same after a kill")
    for kind in given.only:
        try:
            measure(kind, X)
        except ImportError as error:
            print(f"{kind:12s} {error}")


if __name__ == "__main__":
    main()

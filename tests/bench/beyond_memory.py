"""Rows beyond memory on a cluster of two processes: seconds, memory, and whether a killed worker costs rows.

    python tests/bench/beyond_memory.py [--rows 2000000] [--sample 20000] [--partitions 20] [--folder DIR]

Writes Parquet files of 50 columns, draws a sample, makes its map and places all rows; when two fifths of the
files are written, one worker is killed. Then compares the first and the last partition with what this process
gets, and processor time a row with that of this process.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dask
import dask.dataframe as dd
import numpy as np
import pandas as pd
import psutil
from dask.distributed import Client, LocalCluster

from tsne_widget import TSNE, distributed

FEATURES, CLUSTERS = 50, 60
NAMES = [f"x{number}" for number in range(FEATURES)]


def write_rows(folder: Path, rows: int, partitions: int) -> None:
    """Write rows in clusters, whose spread differs from column to column."""
    centers = np.random.default_rng(0).normal(size=(CLUSTERS, FEATURES)) * 4
    folder.mkdir(parents=True)
    for number in range(partitions):
        rng = np.random.default_rng([7, number])
        label = rng.integers(0, CLUSTERS, rows // partitions)
        X = centers[label] + rng.normal(size=(len(label), FEATURES)) * np.linspace(2, 0.3, FEATURES)
        frame = pd.DataFrame(X.astype(np.float32), columns=NAMES).assign(label=label.astype(np.int16))
        frame.to_parquet(folder / f"part.{number}.parquet")


@contextmanager
def peak() -> Iterator[list[int]]:
    """Watch the memory of our child processes; the one entry is the most that any of them had, in bytes."""
    most, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.1):
            for child in psutil.Process().children(recursive=True):
                with suppress(psutil.Error):  # it has just ended
                    most[0] = max(most[0], child.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        ended.set()
        thread.join()


def kill_in_the_middle(pid: int, folder: Path, partitions: int) -> None:
    """Kill a process once two fifths of the files are there."""
    while len(list(folder.glob("*/part.*.parquet"))) < 0.4 * partitions:
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    print("   one worker killed", flush=True)


def processor_seconds(pids: list[int]) -> float:
    """Return the processor time of processes so far."""
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def same_as_here(data: Path, placed: Path, number: int, fitted: TSNE) -> tuple[bool, float]:
    """Tell whether a partition has the bits of this process, and the seconds of processors a row here."""
    X = pd.read_parquet(data / f"part.{number}.parquet")[NAMES]
    fitted.set_params(n_jobs=1).transform(X[:1000])  # loads kernels
    began = time.process_time()
    Y = fitted.transform(X)
    cost = (time.process_time() - began) / len(X)
    there = pd.read_parquet(placed / f"part.{number:05d}.parquet").sort_values("row")
    return np.array_equal(there[["x", "y"]], Y), cost


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--sample", type=int, default=20_000)
    parser.add_argument("--partitions", type=int, default=20)
    parser.add_argument("--folder", type=Path, help="keeps the rows for the next time")
    told = parser.parse_args()
    folder = told.folder or Path(tempfile.mkdtemp())
    data, map_ = folder / f"rows_{told.rows}_{told.partitions}", folder / "map"
    if not data.exists():
        write_rows(data, told.rows, told.partitions)
    # Dask gives a worker up if it is not there again after 15 s, which it may not be on a busy machine.
    dask.config.set({"distributed.deploy.lost-worker-timeout": "120s"})
    quiet = {"dashboard_address": None, "silence_logs": logging.CRITICAL}
    with LocalCluster(n_workers=2, threads_per_worker=1, **quiet) as cluster, Client(cluster) as client:
        began = time.perf_counter()
        sampled = distributed.sample(data, told.sample, keep=["label"])
        print(f"sample of {len(sampled):,} of {told.rows:,}: {time.perf_counter() - began:.1f} s", flush=True)
        began = time.perf_counter()
        fitted = distributed.fit(sampled, random_state=0)
        print(f"its map: {time.perf_counter() - began:.1f} s, KL {fitted.kl_divergence_:.3f}", flush=True)

        few = pd.read_parquet(data / "part.0.parquet")[NAMES][: told.rows // told.partitions // 4]
        dask.compute(*[dask.delayed(fitted.transform)(few[:1000], pure=False) for _ in range(4)])
        workers = list(client.run(os.getpid).values())
        before = processor_seconds(workers)
        lone = distributed.place(dd.from_pandas(few, npartitions=2), fitted, folder / "few", overwrite=True)
        cost = (processor_seconds(workers) - before) / len(lone)

        threading.Thread(
            target=kill_in_the_middle, args=(workers[0], map_, told.partitions), daemon=True
        ).start()
        began = time.perf_counter()
        with peak() as most:
            placed = distributed.place(data, fitted, map_, keep=["label"], overwrite=True)
        seconds = time.perf_counter() - began
        there, labels = placed.compute(), pd.read_parquet(data, columns=["label"]).label
        print(
            f"placed {told.rows:,} x {FEATURES} with a worker killed: {seconds:.0f} s, at most "
            f"{most[0] / 1e6:.0f} MB in a worker; {len(there):,} rows are there, with their labels: "
            f"{there.label.value_counts().sort_index().equals(labels.value_counts().sort_index())}",
            flush=True,
        )
    print(json.loads((map_ / "_map.json").read_text("utf-8")) | {"features": "...", "partitions": "..."})
    size = sum(file.stat().st_size for file in map_.iterdir())
    print(f"{size / told.rows:.1f} bytes a row")
    for number in (0, told.partitions - 1):
        same, here = same_as_here(data, map_, number, fitted)
        print(f"partition {number} has the bits of this process: {same}")
    print(f"processor time a row: {1e6 * cost:.0f} µs on the cluster, {1e6 * here:.0f} µs here")


if __name__ == "__main__":
    main()

"""What the engine costs and how good its maps are, beside its peers', in turns, on two threads.

    python tests/bench/engine.py [--sets digits data 70000 300000 1000000] [--data file.npz] [--rounds 3]
                                 [--peers opentsne-fft opentsne-bh sklearn h2pack]
                                 [--searches our-exact our-approximate usearch ...] [--json file.json]

Sets are the digits, the matrix `X` of a file (more than 50 columns are reduced to 50 by PCA), and synthetic
ones of so many rows. Each run has a process of its own, which does a small map first; `cold s` is how long it
took to import and to compile for that. Every method does 250 iterations exaggerated 12 times and 500 more;
beside them stands our default schedule. Barnes-Hut runs up to 20,000 rows unless it is asked for by name, and
above `--whole-up-to` openTSNE does a few iterations only. Seconds depend on the machine and on who else uses
it: compare figures of one run. Parts of all this: `--only cold iterations neighbours maps`.
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
import time
from dataclasses import asdict
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from alone import FailedError, run_alone
from coldstart import print_cold_starts
from datasets import dataset
from peers import (
    FFT,
    METHODS,
    OPTIMIZATION,
    OURS,
    OURS_BY_DEFAULT,
    SAMPLED_METHODS,
    SEARCHES,
    THREADS,
    Method,
    our_optimizer,
)
from quality import Evaluator, K
from report import machine, markdown, median_of, print_table, ratios, versions

PEERS = [key for key in METHODS if not key.startswith("ours")]
SECTIONS = ("cold", "iterations", "neighbours", "maps")


def print_iterations() -> dict[str, list[float]]:
    """Print the time of an iteration of ours by each repulsion, of points that lie as at the end of a run."""
    print("an iteration of ours, ms (median, best)")
    figures: dict[str, list[float]] = {}
    for n in (1797, 5000, 10000):
        X = np.random.default_rng(0).normal(size=(n, 10)).astype(np.float32)
        spread = np.random.default_rng(0).normal(scale=20, size=(n, 2)).astype(np.float32)
        for repulsion in ("auto", "exact", "mesh", "barnes_hut"):
            try:
                optimizer = our_optimizer(X, spread, repulsion)
            except (KeyError, ValueError, ImportError) as error:
                print(f"  {n:>6} points, {repulsion:<12} not there: {error}")
                continue
            ms = []
            for _ in range(50):
                start = time.perf_counter()
                optimizer.step()
                ms.append(1e3 * (time.perf_counter() - start))
            figures[f"{n} {repulsion}"] = [float(np.median(ms)), min(ms)]
            print(f"  {n:>6} points, {repulsion:<12}{np.median(ms):9.2f}{min(ms):9.2f}", flush=True)
    return figures


class Comparison:
    """Methods on one set, in turns.

    Parameters
    ----------
    X : ndarray of shape (n, d), float32
        The data.
    options : argparse.Namespace
        What the command was given.
    folder : Path
        Where the child processes find the data and leave their results.
    """

    def __init__(self, X: np.ndarray, options: argparse.Namespace, folder: Path):
        self.options, self.folder = options, folder
        self.n = len(X)
        np.save(folder / "X.npy", X)
        start = time.perf_counter()
        self.evaluate = Evaluator(X)
        notes = f" ({'; '.join(self.evaluate.notes)})" if self.evaluate.notes else ""
        print(f"  evaluator ready after {time.perf_counter() - start:.0f} s{notes}", flush=True)
        self.reports: dict[str, list[dict[str, Any]]] = {}
        self._failed: set[str] = set()

    def print_searches(self) -> dict[str, Any]:
        """Print the time of the neighbours alone, and return it."""
        print(f"  {K} neighbours alone, s (recall, MB taken)")
        asked = self.options.searches
        for _ in range(self.options.rounds):
            for key, method in SEARCHES.items():
                if key in asked if asked is not None else self.n <= method.up_to:
                    self._run("search", key, method)
        medians = self._medians(SEARCHES)
        for name, report in medians.items():
            megabytes = report["peak_mb"] - report["before_mb"]
            print(
                f"  {name:<30}{report['seconds']['total']:9.3f}   ({report['recall']:.4f}, {megabytes:.0f})",
                flush=True,
            )
        return medians

    def print_maps(self) -> dict[str, Any]:
        """Print all figures of the maps, and return them."""
        methods = self._methods()
        for turn in range(self.options.rounds):
            shift = turn % len(methods)
            for key, (kind, method) in [*list(methods.items())[shift:], *list(methods.items())[:shift]]:
                self._run(kind, key, method)
        medians = self._medians({key: method for key, (_, method) in methods.items()})
        print_table(medians)
        peers = [name for name in medians if not name.startswith("ours")]
        for ours in (OURS, OURS_BY_DEFAULT):
            for line in ratios(medians, ours, peers):
                print(f"  {line}")
        self._print_times_to(medians)
        for name, report in medians.items():
            for key in ("why", "left_out"):
                if report.get(key):
                    print(f"  {name}: {report[key]}")
        return {"medians": medians, "rounds": self.reports, "notes": self.evaluate.notes}

    def _methods(self) -> dict[str, tuple[str, Method]]:
        asked = self.options.peers
        chosen: dict[str, tuple[str, Method]] = {}
        for key, method in METHODS.items():
            if key in PEERS and (key not in asked if asked is not None else self.n > method.up_to):
                continue
            sampled = self.n > self.options.whole_up_to and key in SAMPLED_METHODS
            chosen[key] = ("sampled", SAMPLED_METHODS[key]) if sampled else ("whole", method)
        return chosen

    def _run(self, kind: str, key: str, method: Method) -> None:
        """Run a method once and judge its result; what fails is said, and not tried again."""
        if method.name in self._failed:
            return
        if find_spec(method.package) is None:
            print(f"  {method.name}: not installed")
            self._failed.add(method.name)
            return
        try:
            report, result = run_alone(kind, key, self.folder, self.options.limit)
        except FailedError as error:
            print(f"  {method.name}: {error}", flush=True)
            self._failed.add(method.name)
            return
        if kind == "search":
            report["recall"] = self.evaluate.search_recall(result)
        elif kind == "whole":
            report |= asdict(self.evaluate(result))
            if key.startswith("ours"):
                self._after_ours(report, result)
        self.reports.setdefault(method.name, []).append(report)

    def _after_ours(self, report: dict[str, Any], layout: np.ndarray) -> None:
        """Keep what later methods are given, and the way that KL went."""
        np.savez(
            self.folder / "given.npz",
            indices=self.evaluate.indices,
            distances=np.sqrt(self.evaluate.squared),
            layout=layout,
        )
        times = json.loads((self.folder / "snapshots.json").read_text())
        path = self.folder / f"way-{len(list(self.folder.glob('way-*')))}"
        (self.folder / "snapshots.bin").rename(path)
        report["way"] = {"file": str(path), "times": times}

    def _medians(self, methods: dict[str, Method]) -> dict[str, Any]:
        names = [method.name for method in methods.values() if method.name in self.reports]
        return {name: median_of(self.reports[name]) for name in names}

    def _print_times_to(self, medians: dict[str, Any]) -> None:
        """Print after which time of optimisation ours has the KL that openTSNE has at its end."""
        target = medians.get(FFT)
        for name in (OURS, OURS_BY_DEFAULT):
            seconds = []
            for report in self.reports.get(name, []):
                way = report.pop("way")
                if target is not None:
                    seconds.append(self._seconds_to(target["kl"], way))
                Path(way["file"]).unlink()
            if not seconds:
                continue
            median = medians[name]["seconds_to_kl_of_opentsne"] = float(np.median(seconds))
            if math.isinf(median):
                print(f"  {name}: does not get to KL {target['kl']:.4f} of {FFT}")
                continue
            sooner = target["seconds"][OPTIMIZATION] / median
            print(
                f"  {name}: KL {target['kl']:.4f} of {FFT} after {median:.2f} s of optimisation, "
                f"{sooner:.1f} x sooner"
            )

    def _seconds_to(self, kl: float, way: dict[str, Any]) -> float:
        """Find by bisection, since KL falls, the first of the layouts kept every 10 iterations that has it.

        KL of a layout in early exaggeration is far above that of any finished one.
        """
        layouts = np.memmap(way["file"], np.float32, "r").reshape(-1, self.n, 2)
        low, high = -1, len(layouts)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.evaluate.kl(layouts[middle]) <= kl else (middle, high)
        return way["times"][high][1] if high < len(layouts) else math.inf


def main() -> None:
    """Print all figures that were asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sets", nargs="+", help="default: digits, and data if there is a file")
    parser.add_argument("--data", type=Path, help="an .npz file with a matrix X")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--peers", nargs="*", choices=PEERS, help="default: all that the rows allow")
    parser.add_argument("--searches", nargs="*", choices=SEARCHES, help="default: all that the rows allow")
    parser.add_argument("--only", nargs="+", choices=SECTIONS, default=SECTIONS)
    parser.add_argument("--whole-up-to", type=int, default=300_000, metavar="ROWS")
    parser.add_argument("--limit", type=float, default=3600, metavar="SECONDS", help="of one run")
    parser.add_argument("--json", type=Path, help="where to write all figures")
    options = parser.parse_args()

    everything = {**METHODS, **SEARCHES}.values()
    where = machine() | {"versions": versions(dict.fromkeys(method.distribution for method in everything))}
    print(", ".join(f"{key} {value}" for key, value in where.items() if key != "versions"))
    print(", ".join(f"{key} {value or 'not installed'}" for key, value in where["versions"].items()))
    figures: dict[str, Any] = {"machine": where, "sets": {}}
    if "cold" in options.only:
        figures["cold"] = print_cold_starts(options.rounds)
    if "iterations" in options.only:
        figures["iterations"] = print_iterations()
    if {"neighbours", "maps"} & set(options.only):
        for name in options.sets or (["digits", "data"] if options.data else ["digits"]):
            compare(name, options, figures["sets"])
            write(figures, options.json)
    write(figures, options.json)
    if "maps" in options.only:
        names = [method.name for method in [*METHODS.values(), *SAMPLED_METHODS.values()]]
        seen = {name for result in figures["sets"].values() for name in result["medians"]}
        print("\n" + markdown(figures["sets"], where, [name for name in names if name in seen]))


def compare(name: str, options: argparse.Namespace, sets: dict[str, Any]) -> None:
    """Print the figures of one set and add them to those of all."""
    X = dataset(name, options.data)
    title = f"{options.data.stem if name == 'data' else name}, {len(X):,} x {X.shape[1]}"
    print(f"\n{title}; {THREADS} threads", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(X, options, Path(folder))
        searches = comparison.print_searches() if "neighbours" in options.only else {}
        maps = comparison.print_maps() if "maps" in options.only else {}
    sets[title] = {**maps, "searches": searches}


def write(figures: dict[str, Any], path: Path | None) -> None:
    """Write the figures, after each set: a long run that is broken off has not been for nothing."""
    if path is not None:
        path.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()

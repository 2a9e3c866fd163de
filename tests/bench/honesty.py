"""What the widget says of data with known truth, and what it costs.

The first table is the calibration: for each case, user and perplexity how often two groups are called apart,
hang together by a thin place, or are joined, and the least W; then how often data are called more than noise.
The second has the seconds for each answer, the longest slice, and the neighbours known.

    python tests/bench/honesty.py [--seeds 20] [--only calibration|noise|seconds]
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.datasets import load_digits

sys.path[:0] = [str(Path(__file__).parents[1])]

from calibration.cases import CLOSE, DIRECTED, NOISE, ONE, SEVERAL, beside_the_origin  # noqa: E402
from calibration.user import clearest_gap, cores, halves  # noqa: E402

from tsne_widget import TSNE, TSNEWidget  # noqa: E402
from tsne_widget.honesty.noise import noise_in_steps  # noqa: E402
from tsne_widget.honesty.sample import NoAnswerError, Sampled  # noqa: E402
from tsne_widget.honesty.verdict import verdict_in_steps  # noqa: E402
from tsne_widget.tsne.steps import result_of  # noqa: E402

USERS = {"gap": clearest_gap, "halves": halves, "cores": cores}
ANSWERS = ("apart", "thin", "joined", "unknown")


def calibration(seeds: int) -> None:
    """Print the verdicts on clouds and groups."""
    print(f"{'case':26s} {'user':7s} {'perp.':>5s}  apart  thin joined unknown  least W")
    for name, case in {**ONE, **SEVERAL, **CLOSE}.items():
        one = name in ONE
        for perplexity in (30, 8) if one else (30,):
            told: dict[str, list[tuple[str, float]]] = {user: [] for user in USERS}
            for seed in range(seeds):
                rows = case(seed)
                points = TSNE(perplexity=perplexity, random_state=seed).fit_transform(rows)
                for user in USERS if one else ("gap", "cores"):
                    told[user].append(verdict(rows, points, USERS[user], "euclidean"))
            for user, found in told.items():
                if found:
                    show(name, user, perplexity, found)
    for name in ("Gaussian in 10-d", "Gaussian in 50-d", "power law", "heavy tails", "exponential"):
        directions(name, beside_the_origin(ONE[name]), seeds)
    for name, case in DIRECTED.items():
        directions(name, beside_the_origin(case, 4), seeds)


def directions(name: str, case: Callable[[int], np.ndarray], seeds: int) -> None:
    """Print the verdicts under the cosine distance."""
    found = []
    for seed in range(seeds):
        rows = case(seed)
        points = TSNE(random_state=seed, metric="cosine").fit_transform(rows)
        found.append(verdict(rows, points, clearest_gap, "cosine"))
    show(f"{name}, cosine", "gap", 30, found)


def verdict(rows: np.ndarray, points: np.ndarray, user: Any, metric: str) -> tuple[str, float]:
    sampled = Sampled(rows, metric, {})
    known = sampled.take(np.arange(len(rows))).links().indices
    try:
        found = result_of(verdict_in_steps(sampled, known, *user(points)))
    except NoAnswerError:
        return "unknown", np.nan
    return found.answer, found.W


def show(name: str, user: str, perplexity: float, found: list[tuple[str, float]]) -> None:
    counts = Counter(answer for answer, _ in found)
    told = "".join(f"{counts[answer]:7d}" for answer in ANSWERS)
    least = np.nanmin([ratio for _, ratio in found])
    print(f"{name:34s} {user:7s} {perplexity:3.0f} {told}   {least:5.2f}", flush=True)


def noise(seeds: int) -> None:
    """Print how often data are called more than noise."""
    cases: dict[str, Any] = {name: ONE[name] for name in NOISE}
    cases["more columns than rows"] = lambda seed: np.random.default_rng(seed).standard_normal((80, 100))
    more = {**SEVERAL, **CLOSE, **{name: case for name, case in ONE.items() if name not in NOISE}}
    for heading, some in (("noise", cases), ("more than noise", more)):
        print(f"\ncalled more than noise, {heading}")
        for name, case in some.items():
            tell_noise(name, case, "euclidean", seeds)
    for name in NOISE:
        tell_noise(f"{name}, cosine", beside_the_origin(ONE[name]), "cosine", seeds)


def tell_noise(name: str, case: Callable[[int], np.ndarray], metric: str, seeds: int) -> None:
    rows = (case(seed) for seed in range(seeds))
    found = [result_of(noise_in_steps(Sampled(one, metric, {}), len(one))) for one in rows]
    more, uneven = sum(one.structure for one in found), sum(one.uneven for one in found)
    print(f"{name:34s} {more:3d} of {seeds}, uneven {uneven:3d}", flush=True)


def seconds() -> None:
    """Print the seconds for each answer, the map being known."""
    random = np.random.default_rng(0)
    digits = load_digits().data
    kinds = random.integers(0, 12, 70_000)
    clusters = random.standard_normal((70_000, 50)) + 1.2 * random.standard_normal((12, 50))[kinds]
    for name, rows in (("digits", digits), ("clusters", clusters[:10_000]), ("clusters", clusters)):
        w = TSNEWidget(rows).wait(900)
        moment = w._readings._moment(w.runs[0])
        group = np.flatnonzero(result_of(moment.clumps()).of == 0)
        print(f"\n{name}, {len(rows):,} x {rows.shape[1]}: seconds, longest slice")
        clock("the line (fits, torn, quick noise)", w._readings._about_the_map(moment, w.runs[0].id))
        clock("clumps", moment._find_clumps())
        clock("noise, 3,000 rows", noise_in_steps(moment.sampled, len(rows)))
        clock("all gaps", moment._judge_gaps())
        clock("one or two, one clump", moment.verdict(named("", group)))
        print(f"   gaps: {[gap.answer for gap in w.gaps()]}")
        w.close()


def named(name: str, rows: np.ndarray) -> Any:
    from tsne_widget.widget.moment import NamedRows

    return NamedRows(name, rows)


def clock(name: str, steps: Generator[Any, None, Any]) -> None:
    began = before = time.perf_counter()
    longest = 0.0
    for _ in steps:
        now = time.perf_counter()
        longest, before = max(longest, now - before), now
    longest = max(longest, time.perf_counter() - before)
    print(f"   {name:36s} {time.perf_counter() - began:6.2f}  {longest:5.2f}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--only", choices=["calibration", "noise", "seconds"])
    chosen = parser.parse_args()
    if chosen.only in (None, "calibration"):
        calibration(chosen.seeds)
    if chosen.only in (None, "noise"):
        noise(chosen.seeds)
    if chosen.only in (None, "seconds"):
        seconds()

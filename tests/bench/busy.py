"""How many times longer a map takes on a busy machine than alone: ours and openTSNE, in turns.

    python tests/bench/busy.py [--rows 10000] [--loops 16] [--rounds 3] [--with ours opentsne-fft ...]
                               [--other-checkout PATH]

The machine is made busy by endless loops in a session of their own, as another program would. Every method
has a process of its own, which has compiled before, and two threads; `ours-alone` has one. So few iterations
are done that the maps are not finished: KL and 10-NN recall only tell that the same was done. With a path to
another checkout of this repository its engine is measured beside this one, as `ours-other`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import peers
from datasets import synthetic
from quality import Evaluator

EARLY, LATER = 50, 100
METHODS = {
    "ours": peers.ours,
    "ours-alone": peers.ours,
    "ours-other": peers.ours,
    "opentsne-fft": peers.opentsne("fft"),
    "opentsne-bh": peers.opentsne("bh"),
}
LOOPS = """
import os
for _ in range({others}):
    if os.fork() == 0:
        break
while True:
    pass
"""


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Have so many endless loops beside."""
    if not loops:
        yield
        return
    command = [sys.executable, "-c", LOOPS.format(others=loops - 1)]
    leader = subprocess.Popen(command, start_new_session=True)
    time.sleep(1.0)
    try:
        yield
    finally:
        os.killpg(leader.pid, signal.SIGKILL)
        leader.wait()


def seconds_of(method: str, folder: Path, loops: int, checkout: str | None) -> tuple[float, np.ndarray]:
    """Return the seconds that a method takes in a process of its own, and the map."""
    env = dict(os.environ)
    if method == "ours-other" and checkout:
        env["PYTHONPATH"] = checkout
    command = [sys.executable, __file__, "--child", method, str(folder)]
    with subprocess.Popen(
        command, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdout.readline()  # it is ready
        with busy(loops):
            child.stdin.write("\n")
            child.stdin.flush()
            seconds = json.loads(child.stdout.readline())
    return seconds, np.load(folder / "map.npy")


def child(method: str, folder: Path) -> None:
    """Compile, say so, wait for a line, make the map, and tell the seconds."""
    if method == "ours-alone":
        peers.THREADS = 1
    X = np.load(folder / "X.npy")
    run = METHODS[method]
    run(X[:600], peers.Work(10, 5, warms=len(X)))
    print("ready", flush=True)
    sys.stdin.readline()
    work = peers.Work(EARLY, LATER)
    start = time.perf_counter()
    layout = run(X, work)
    seconds = time.perf_counter() - start
    np.save(folder / "map.npy", layout)
    print(json.dumps(seconds), flush=True)


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--loops", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--with", dest="methods", nargs="+", choices=METHODS, default=["ours", "opentsne-fft"]
    )
    parser.add_argument("--other-checkout")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(options.child[0], Path(options.child[1]))
        return
    methods = options.methods + (["ours-other"] if options.other_checkout else [])
    X = synthetic(options.rows)
    evaluate = Evaluator(X)
    took: dict[tuple[str, int], list[float]] = {}
    maps: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        np.save(folder / "X.npy", X)
        for _ in range(options.rounds):
            for loops in (0, options.loops):
                for method in methods:
                    seconds, maps[method] = seconds_of(method, folder, loops, options.other_checkout)
                    took.setdefault((method, loops), []).append(seconds)
    print(f"{options.rows:,} rows, {EARLY + LATER} iterations, {options.loops} loops")
    print(f"{'':<16}{'alone, s':>10}{'busy, s':>10}{'ratio':>8}{'KL':>9}{'10-NN':>8}")
    for method in methods:
        alone, beside = (statistics.median(took[method, loops]) for loops in (0, options.loops))
        quality = evaluate(maps[method])
        print(
            f"{method:<16}{alone:>10.2f}{beside:>10.2f}{beside / alone:>8.2f}"
            f"{quality.kl:>9.4f}{quality.recall:>8.4f}"
        )


if __name__ == "__main__":
    main()

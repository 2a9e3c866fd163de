"""What a user waits for in a new process: the import, compiling, and 5,000 points until they move."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from typing import Any

ROWS = 5_000
_IMPORT = "import time; t = time.perf_counter(); import tsne_widget; print(time.perf_counter() - t)"
_COMPILE = """
import time
a = time.perf_counter()
import numba
b = time.perf_counter()
import scipy.sparse
c = time.perf_counter()
from tsne_widget.tsne import compile_kernels
list(compile_kernels())
print(b - a, c - b, time.perf_counter() - c)
"""
_START = f"""
import time
a = time.perf_counter()
from tsne_widget import TSNEWidget
b = time.perf_counter()
import numpy as np
X = np.random.default_rng(0).normal(size=({ROWS}, 50)).astype("float32")
c = time.perf_counter()
w = TSNEWidget(X)
def when(iterations):
    while w.iteration < iterations:
        time.sleep(0.001)
    return b - a + time.perf_counter() - c
print(b - a, when(1), when(10))
w.close()
"""


def print_cold_starts(rounds: int) -> dict[str, Any]:
    """Print and return seconds: cold is with an empty cache of numba, cached with a full one, in turns."""
    figures: dict[str, Any] = {"import_s": min(_seconds(_IMPORT)[0] for _ in range(3 + 2 * rounds))}
    print(f"import tsne_widget: {figures['import_s']:.2f} s (best)")
    with tempfile.TemporaryDirectory() as warm:
        _seconds(_START, warm)
        for _ in range(rounds):
            for state in ("cold", "cached"):
                with tempfile.TemporaryDirectory() as cold:
                    cache = cold if state == "cold" else warm
                    figures.setdefault(f"{state}_start", []).append(_seconds(_START, cache))
                with tempfile.TemporaryDirectory() as cold:
                    cache = cold if state == "cold" else warm
                    figures.setdefault(f"{state}_compile", []).append(_seconds(_COMPILE, cache))
    for state in ("cold", "cached"):
        numba, scipy, kernels = map(statistics.median, zip(*figures[f"{state}_compile"], strict=True))
        print(f"compiling, {state}: numba {numba:.2f} s, scipy.sparse {scipy:.2f} s, kernels {kernels:.2f} s")
    for state in ("cold", "cached"):
        imported, first, tenth = map(statistics.median, zip(*figures[f"{state}_start"], strict=True))
        print(
            f"{ROWS:,} points, {state}: first iteration after {first:.2f} s, tenth after {tenth:.2f} s, "
            f"of which the import {imported:.2f} s"
        )
    return figures


def _seconds(code: str, cache: str | None = None) -> list[float]:
    """Run code in a new process and return the numbers that it prints."""
    env = os.environ | ({"NUMBA_CACHE_DIR": cache} if cache else {})
    out = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True, text=True)
    return [float(number) for number in out.stdout.split()]

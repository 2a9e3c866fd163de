"""One method in a process of its own: nothing else in its memory, and all that is compiled, compiled before.

    python tests/bench/alone.py KIND METHOD FOLDER

The folder has `X.npy`; the child writes `result.npy` and `report.json` there.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from peers import METHODS, SAMPLED_METHODS, SEARCHES, THREADS, Method, Work

KINDS = {"whole": METHODS, "sampled": SAMPLED_METHODS, "search": SEARCHES}
WARM_UP_ROWS, WARM_UP_ITERATIONS = 500, (10, 5)
_STATUS, _CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class FailedError(RuntimeError):
    """A method that did not get to its end."""


def run_alone(kind: str, method: str, folder: Path, limit: float) -> tuple[dict[str, Any], np.ndarray]:
    """Run a method on `X.npy` of a folder; return its report and its result.

    Parameters
    ----------
    kind : "whole", "sampled" or "search"
        Which table of `peers` has the method.
    method : str
        Its key there.
    folder : Path
        Also holds `given.npz` for sampled methods. `snapshots.bin` and `snapshots.json` are left there.
    limit : float
        Seconds after which it is given up.

    Raises
    ------
    FailedError
        With the last lines that it wrote.
    """
    names = ("OMP", "OPENBLAS", "MKL", "NUMBA")
    env = os.environ | {f"{name}_NUM_THREADS": str(THREADS) for name in names}
    command = [sys.executable, __file__, kind, method, str(folder)]
    try:
        done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=limit)
    except subprocess.TimeoutExpired:
        raise FailedError(f"not ready after {limit:.0f} s") from None
    if done.returncode:
        raise FailedError("; ".join(done.stderr.strip().splitlines()[-2:]) or f"exit {done.returncode}")
    report = json.loads((folder / "report.json").read_text())
    return report, np.load(folder / "result.npy")


def main(kind: str, key: str, folder: Path) -> None:
    """Do the job."""
    method = KINDS[kind][key]
    start = time.perf_counter()
    import_module(method.package)
    imported = time.perf_counter()
    _warm_up(method, np.load(folder / "X.npy", mmap_mode="r"))
    warm = time.perf_counter()

    X = np.load(folder / "X.npy")
    _forget_peak()
    before = _peak_megabytes()
    with open(folder / "snapshots.bin", "wb") as file:
        snapshots: list[tuple[int, float]] = []

        def snapshot(iterations: int, seconds: float, layout: np.ndarray) -> None:
            snapshots.append((iterations, seconds))
            file.write(layout.astype(np.float32).tobytes())

        work = Work(snapshot=snapshot)
        if (folder / "given.npz").exists() and kind == "sampled":
            work.given = np.load(folder / "given.npz")
        result = method.run(X, work)
    peak = _peak_megabytes()
    np.save(folder / "result.npy", np.asarray(result))
    (folder / "snapshots.json").write_text(json.dumps(snapshots))
    report = {
        "seconds": {**work.seconds, "total": sum(work.seconds.values())},
        "peak_mb": peak,
        "before_mb": before,
        "import_s": imported - start,
        "warm_up_s": warm - imported,
        **work.figures,
    }
    (folder / "report.json").write_text(json.dumps(report))


def _warm_up(method: Method, X: np.ndarray) -> None:
    rows = np.random.default_rng(0).choice(len(X), min(len(X), WARM_UP_ROWS), replace=False)
    method.run(np.ascontiguousarray(X[np.sort(rows)]), Work(*WARM_UP_ITERATIONS, warms=len(X)))


def _forget_peak() -> None:
    """Let the peak of the memory begin anew where the system can: compiling does not count."""
    with contextlib.suppress(OSError):
        _CLEAR.write_text("5")


def _peak_megabytes() -> float:
    """Return the peak of the resident memory in MiB.

    Not `ru_maxrss` where it can be helped: on Linux a child begins with that of its parent.
    """
    if _STATUS.exists():
        lines = _STATUS.read_text().splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], Path(sys.argv[3]))

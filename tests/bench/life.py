"""What widgets leave behind: 100 made and closed in a loop, and one that sends 10,000 frames to a JupyterLab.

python tests/bench/life.py [--widgets 100] [--rows 1000] [--frames 10000]
"""

from __future__ import annotations

import argparse
import gc
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
import psutil
from comm import get_comm_manager
from ipywidgets.widgets.widget import _instances

from tsne_widget import TSNEWidget
from tsne_widget.maps.engine import engine

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import Lab, Notebook, browser

MB = 1e6
ENDLESS = """
import gc, os
import numpy as np
from tsne_widget import TSNEWidget
X = np.random.default_rng(0).normal(size=({rows}, 50)).astype("float32")
w = TSNEWidget(X, labels=np.arange({rows}) % 10, max_iter=10**9, early_exaggeration_iter=10**9, height=200,
               n_jobs=1)
w
"""
SENT = "w._driver.session._listener._stream._sent"
#: Seconds between two looks at how many frames were sent.
GLANCE = 2.0


def print_row(*cells: object) -> None:
    print("".join(f"{cell:>14}" for cell in cells), flush=True)


def print_loop(widgets: int, rows: int) -> None:
    """Make widgets, have them iterate, and close them; print what there is after some of them."""
    print(f"{widgets} widgets of {rows} x 50, made, run and closed one after the other:")
    print_row("closed", "threads", "comms", "widgets", "sessions", "memory MB")
    rng = np.random.default_rng(0)
    for number in range(1, widgets + 1):
        w = TSNEWidget(rng.normal(size=(rows, 50)).astype(np.float32), labels=np.arange(rows) % 10)
        w.step(50).wait()
        w.close()
        del w
        if number in (1, widgets // 10, widgets // 2, widgets):
            gc.collect()
            counts = threading.active_count(), len(get_comm_manager().comms), len(_instances)
            memory = psutil.Process().memory_info().rss / MB
            print_row(number, *counts, len(engine()._sessions), f"{memory:.0f}")


def page_figures(cdp) -> tuple[str, int, int]:
    """Return the page's heap in MB, DOM nodes and listeners, after its garbage was collected."""
    for _ in range(3):
        cdp.send("HeapProfiler.collectGarbage")
    metrics = {each["name"]: each["value"] for each in cdp.send("Performance.getMetrics")["metrics"]}
    heap = f"{metrics['JSHeapUsedSize'] / MB:.1f}"
    return heap, int(metrics["Nodes"]), int(metrics["JSEventListeners"])


def print_stream(frames: int, rows: int) -> None:
    """Show a map that never ends, and print the memory of all three after some frames."""
    print(f"{frames:,} frames of {rows:,} rows in JupyterLab:")
    print_row("frames", "kernel MB", "server MB", "page heap MB", "nodes", "listeners", "frames/s")
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        lab = Lab(Path(folder, "lab"))
        page = chromium.new_page(viewport={"width": 800, "height": 600})
        page.emulate_media(reduced_motion="reduce")  # else drawing between frames takes most of the time
        notebook = Notebook(page, lab, lab.write("bench.ipynb", [ENDLESS.format(rows=rows)]))
        notebook.run(0)
        notebook.wait_for("Number(d.drawn) > 5")
        kernel = psutil.Process(notebook.python("os.getpid()"))
        server = psutil.Process(lab.pid)
        cdp = page.context.new_cdp_session(page)
        cdp.send("Performance.enable")
        last, at = notebook.python(SENT), time.perf_counter()
        for mark in (frames // 10, frames // 2, frames):
            while (sent := notebook.python(SENT)) < mark:
                page.wait_for_timeout(1000 * GLANCE)
            rate = (sent - last) / (time.perf_counter() - at)
            notebook.do("gc.collect()")
            memory = [f"{process.memory_info().rss / MB:.0f}" for process in (kernel, server)]
            print_row(sent, *memory, *page_figures(cdp), f"{rate:.0f}")
            last, at = notebook.python(SENT), time.perf_counter()
        notebook.close()
        lab.close()


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--widgets", type=int, default=100, help="0 leaves them out")
    parser.add_argument("--rows", type=int, default=1000)
    parser.add_argument("--frames", type=int, default=10_000, help="0 leaves them out")
    options = parser.parse_args()
    if options.widgets:
        print_loop(options.widgets, options.rows)
    if options.frames:
        print_stream(options.frames, options.rows)


if __name__ == "__main__":
    main()

"""What a user waits for in a real JupyterLab: first picture, first movement, slider to effect, frame rate.

python tests/bench/view.py [--rounds 2] [--repeats 10] [--rows 1797 5000]
"""

from __future__ import annotations

import argparse
import gzip
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import Lab, Notebook, browser

#: Milliseconds in which a map of very many rows has to begin to move.
LONG_WAIT = 600_000
BUNDLE = Path(__file__).parents[2] / "tsne_widget" / "static" / "bundle.js"
IMPORTS = "from sklearn.datasets import load_digits\nfrom tsne_widget import TSNEWidget"
DIGITS = "X, y = load_digits(return_X_y=True)\nw = TSNEWidget(X, labels=y)\nw"
ENDLESS = """
import numpy as np
from tsne_widget import TSNEWidget
X = np.random.default_rng(0).normal(size=({n}, 50)).astype("float32")
w = TSNEWidget(X, labels=np.arange({n}) % 10, max_iter=10**9, early_exaggeration_iter=10**9)
w
"""
#: Runs a cell and notes when the state attributes reach what is looked for, in milliseconds.
TIMELINE = """async (index) => {
    const panel = window.jupyterapp.shell.currentWidget;
    panel.content.activeCellIndex = index;
    const began = performance.now();
    window.lastRun = window.jupyterapp.commands.execute('notebook:run-cell');
    const times = {};
    const wanted = { picture: d => d.drawn === '0', moving: d => Number(d.drawn) > 0 };
    while (Object.keys(times).length < 2) {
        await new Promise(requestAnimationFrame);
        const views = document.querySelectorAll('.tsne-widget');
        const data = views[views.length - 1]?.dataset;
        for (const [name, reached] of Object.entries(wanted))
            if (data && !(name in times) && reached(data)) times[name] = performance.now() - began;
        if (times.moving && !times.picture) times.picture = times.moving;
    }
    return times;
}"""
#: Moves the slider and returns after how many milliseconds the map runs with the new perplexity.
SLIDE = """async (position) => {
    const root = document.querySelector('.tsne-widget');
    const slider = root.querySelector('.tw-slider');
    const epoch = root.dataset.epoch;
    slider.value = position;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const began = performance.now();
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    while (root.dataset.epoch === epoch) await new Promise(done => setTimeout(done, 1));
    return performance.now() - began;
}"""
FRAMES = """async (seconds) => {
    const data = document.querySelector('.tsne-widget').dataset;
    const [frames, iteration, began] = [Number(data.frames), Number(data.iteration), performance.now()];
    await new Promise(done => setTimeout(done, 1000 * seconds));
    const passed = (performance.now() - began) / 1000;
    return [(Number(data.frames) - frames) / passed, (Number(data.iteration) - iteration) / passed];
}"""


def first_picture(lab: Lab, chromium, *, imported: bool) -> dict[str, float]:
    """Time a new kernel's first map; with `imported` the packages were imported in a cell before."""
    cells = [IMPORTS, DIGITS] if imported else [f"{IMPORTS}\n{DIGITS}"]
    notebook = open_in(lab, chromium, cells)
    if imported:
        notebook.run(0)
    times = notebook.page.evaluate(TIMELINE, len(cells) - 1)
    close(notebook)
    return times


def slides(notebook: Notebook, repeats: int) -> list[float]:
    """Time several moves of the slider, there and back."""
    return [notebook.page.evaluate(SLIDE, 500 + 20 * (turn % 7)) for turn in range(1, repeats + 1)]


def open_in(lab: Lab, chromium, cells: list[str]) -> Notebook:
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    return Notebook(page, lab, lab.write("bench.ipynb", cells))


def close(notebook: Notebook) -> None:
    notebook.page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
    notebook.page.close()


def print_first_pictures(chromium, rounds: int) -> None:
    """Print the times with kernels to be compiled, and with kernels in the cache, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        warm = Path(folder, "warm")
        timed_pictures(chromium, warm, imported=True)  # fills the cache
        for turn in range(rounds):
            for imported in (False, True):
                cold = Path(folder, f"cold-{turn}-{imported}")
                for name, cache in (("cold compile", cold), ("cached compile", warm)):
                    times = timed_pictures(chromium, cache, imported=imported)
                    print(
                        f"{name}, imports {'before' if imported else 'in the cell'}: "
                        f"first picture {times['picture']:.0f} ms, first movement {times['moving']:.0f} ms"
                    )


def timed_pictures(chromium, cache: Path, *, imported: bool) -> dict[str, float]:
    """Time a map in a new JupyterLab whose kernels are cached in a folder."""
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder, "lab"), NUMBA_CACHE_DIR=str(cache))
        try:
            return first_picture(lab, chromium, imported=imported)
        finally:
            lab.close()


def print_steering(chromium, sizes: list[int], repeats: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder, "lab"))
        for n in sizes:
            notebook = open_in(lab, chromium, [ENDLESS.format(n=n), "import time; time.sleep(30)"])
            notebook.page.set_default_timeout(LONG_WAIT)
            notebook.run(0)
            notebook.wait_for("Number(d.drawn) > 5")
            frames, iterations = notebook.page.evaluate(FRAMES, 5)
            print(f"{n} rows: {frames:.1f} frames a second, {iterations:.0f} iterations a second")
            for name in ("idle", "during a busy cell"):
                if name != "idle":
                    notebook.start(1)
                late = slides(notebook, repeats)
                print(
                    f"{n} rows: slider to effect, {name}: {statistics.median(late):.0f} ms (median), "
                    f"{max(late):.0f} ms (most of {repeats})"
                )
            close(notebook)
        lab.close()


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=2, help="of first pictures; 0 leaves them out")
    parser.add_argument("--repeats", type=int, default=10, help="moves of the slider")
    parser.add_argument("--rows", type=int, nargs="*", default=[1797, 5000], help="of maps that are steered")
    options = parser.parse_args()
    size = BUNDLE.stat().st_size
    print(f"bundle: {size / 1000:.0f} KB, {len(gzip.compress(BUNDLE.read_bytes())) / 1000:.0f} KB compressed")
    with browser() as chromium:
        if options.rounds:
            print_first_pictures(chromium, options.rounds)
        print_steering(chromium, options.rows, options.repeats)


if __name__ == "__main__":
    main()

"""What a grid costs: its work beside that of single maps, its frame rate, and how soon its controls act.

    python tests/bench/grid.py [--data file.npz] [--iterations 150] [--rounds 2] [--views 16x2000 3x10000]

The file holds a matrix `X`; more than 50 columns are reduced to 50 by PCA. Without it: Gaussian clusters.
Grid and single maps run in turns in one process; compare them with each other, not with another day.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from sklearn.datasets import make_blobs
from sklearn.decomposition import PCA

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import Lab, browser
from view import LONG_WAIT, close, open_in

from tsne_widget import TSNEWidget
from tsne_widget.tsne import compile_kernels
from tsne_widget.tsne.embed import result_of
from tsne_widget.tsne.neighbors import find_neighbors
from tsne_widget.tsne.pool import Pool

PERPLEXITIES = [5, 30, 100]
ENDLESS = """
from sklearn.datasets import make_blobs
from tsne_widget import TSNEWidget
X, y = make_blobs({n}, n_features=50, centers=20, cluster_std=4, random_state=0)
w = TSNEWidget(
    X.astype("float32"), labels=y, random_state=list(range({maps})), init="random", max_iter=10**9,
    early_exaggeration_iter=10**9,
)
w
"""
#: Frames drawn and iterations of the slowest map, a second.
RATES = """async (seconds) => {
    const data = document.querySelector('.tsne-widget').dataset;
    const [frames, drawn, began] = [Number(data.frames), Number(data.drawn), performance.now()];
    await new Promise(done => setTimeout(done, 1000 * seconds));
    const passed = (performance.now() - began) / 1000;
    return [(Number(data.frames) - frames) / passed, (Number(data.drawn) - drawn) / passed];
}"""
#: Moves the perplexity slider and returns after how many milliseconds each map has been told of it.
SLIDE = """async (position) => {
    const slider = document.querySelector('.tsne-widget .tw-slider');
    const panels = [...document.querySelectorAll('.tsne-widget .tw-panel')];
    const before = panels.map(panel => panel.dataset.epoch);
    slider.value = position;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    const began = performance.now();
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    const times = [];
    while (times.filter(Boolean).length < panels.length) {
        await new Promise(done => setTimeout(done, 1));
        panels.forEach((panel, i) => {
            if (!times[i] && panel.dataset.epoch !== before[i]) times[i] = performance.now() - began;
        });
    }
    return [Math.min(...times), Math.max(...times)];
}"""
#: Presses the play button and returns after how many milliseconds no map plays, or all do.
PRESS = """async (playing) => {
    const root = document.querySelector('.tsne-widget');
    const began = performance.now();
    root.querySelector('.tw-toolbar button').click();
    const stage = playing ? /optimising|exaggeration/ : /paused/;
    while (![...root.querySelectorAll('.tw-panel')].every(panel => stage.test(panel.dataset.stage)))
        await new Promise(done => setTimeout(done, 1));
    return performance.now() - began;
}"""


def seconds(work) -> float:
    """Time a piece of work."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def listed(times: list[float]) -> str:
    """Join seconds by commas."""
    return ", ".join(f"{time:.2f}" for time in times)


def print_work(X: np.ndarray, iterations: int, rounds: int) -> None:
    """Print the seconds of a grid beside those of its maps alone, with as many iterations each.

    A map alone is timed from its initial layout to its end with the neighbours known, so that the search is
    counted once, as in the grid.
    """
    print(f"{len(X)} rows, perplexities {PERPLEXITIES}, {iterations} iterations each", flush=True)
    fixed = {"max_iter": iterations, "early_exaggeration_iter": iterations}
    pool = Pool(-1)
    alone = TSNEWidget(X, perplexity=max(PERPLEXITIES), **fixed).wait()

    def again(perplexity: float) -> None:
        alone.perplexity = perplexity
        alone.restart().wait()

    grids, singles, searches = [], [], []
    for _ in range(rounds):
        grids.append(seconds(lambda: TSNEWidget(X, perplexity=PERPLEXITIES, **fixed).wait().close()))
        singles.append([seconds(lambda p=p: again(p)) for p in PERPLEXITIES])
        searches.append(seconds(lambda: result_of(find_neighbors(X, 3 * max(PERPLEXITIES), pool=pool))))
        print(
            f"  grid {grids[-1]:.2f} s; maps alone {listed(singles[-1])} s, one search {searches[-1]:.2f} s",
            flush=True,
        )
    for name, of in (("median", statistics.median), ("best", min)):
        apart = sum(of(times) for times in zip(*singles, strict=True)) + of(searches)
        print(
            f"  {name}: grid {of(grids):.2f} s, three optimisations and one search {apart:.2f} s, "
            f"ratio {of(grids) / apart:.2f}"
        )
    alone.close()


def print_view(chromium, maps: int, n: int, repeats: int) -> None:
    """Print how a grid of maps that never settle moves in JupyterLab, and how soon its controls act."""
    with tempfile.TemporaryDirectory() as folder:
        lab = Lab(Path(folder, "lab"))
        notebook = open_in(lab, chromium, [ENDLESS.format(n=n, maps=maps), "import time; time.sleep(120)"])
        notebook.page.set_default_timeout(LONG_WAIT)
        notebook.run(0)
        notebook.wait_for(f"d.maps === '{maps}' && Number(d.drawn) > 5")
        frames, iterations = notebook.page.evaluate(RATES, 8)
        print(
            f"{maps} maps of {n}: {frames:.1f} frames a second, {iterations:.0f} iterations a second each",
            flush=True,
        )
        positions = itertools.count(400, 10)
        for name in ("idle", "during a busy cell"):
            if name != "idle":
                notebook.start(1)
            slides = [notebook.page.evaluate(SLIDE, next(positions)) for _ in range(repeats)]
            presses = [notebook.page.evaluate(PRESS, bool(turn % 2)) for turn in range(repeats)]
            first, last = zip(*slides, strict=True)
            print(
                f"  {name}: slider to effect on the first map {statistics.median(first):.0f} ms, on all "
                f"{statistics.median(last):.0f} ms (most {max(last):.0f}); play or pause on all "
                f"{statistics.median(presses):.0f} ms (most {max(presses):.0f})",
                flush=True,
            )
        close(notebook)
        lab.close()


def main() -> None:
    """Print all figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, help="an .npz file with a matrix X")
    parser.add_argument("--iterations", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=8)
    parser.add_argument("--views", type=_maps_and_rows, nargs="*", default=[(16, 2_000), (3, 10_000)])
    parser.add_argument("--no-work", action="store_true", help="leave out what needs no browser")
    options = parser.parse_args()
    list(compile_kernels())
    if options.data:
        X = np.load(options.data)["X"].astype(np.float32)
        X = PCA(50, random_state=0).fit_transform(X) if X.shape[1] > 50 else X
    else:
        X = make_blobs(10_000, n_features=50, centers=20, cluster_std=4, random_state=0)[0].astype(np.float32)
    if not options.no_work:
        print_work(X, options.iterations, options.rounds)
    if options.views:
        with browser() as chromium:
            for maps, rows in options.views:
                print_view(chromium, maps, rows, options.repeats)


def _maps_and_rows(text: str) -> tuple[int, int]:
    maps, rows = text.split("x")
    return int(maps), int(rows)


if __name__ == "__main__":
    main()

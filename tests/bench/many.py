"""Many widgets shown by one cell while the machine is busy: does each of them hear the kernel?

python tests/bench/many.py [--widgets 24] [--rounds 10] [--loops 3] [--saved 10]

Prints for each round how many views stay deaf, then the size of a notebook that is saved with its widgets.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "browser"))

from lab import ENDED, Lab, Notebook, browser
from playwright.sync_api import TimeoutError as TooLate

#: Milliseconds after which a view that has not been told that its map has ended is called deaf.
LONG_WAIT = 120_000
SHOWN_BY_ONE_CELL = """
import numpy as np
from IPython.display import display
from tsne_widget import TSNEWidget
X = np.random.default_rng(0).normal(size=(200, 5))
for _ in range({widgets}):
    display(TSNEWidget(X, labels=np.arange(200) % 3, perplexity=10, max_iter=60, height=120))
"""
HEARD = f"""() => [...document.querySelectorAll('.tsne-widget')].filter(({{ dataset: d }}) =>
    d.connection === 'live' && ({ENDED.replace(" && d.drawn === d.iteration", "")})).length"""
SAVE = """async () => {
    const { commands } = window.jupyterapp;
    await commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState');
    await commands.execute('docmanager:save');
    await commands.execute('@jupyter-widgets/jupyterlab-manager:saveWidgetState');
}"""


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Keep processors busy with endless loops."""
    others = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(loops)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


@dataclass
class Shown:
    """What became of widgets that a cell has shown: how many hear, how many did so late, after how long."""

    notebook: Notebook
    hear: int
    mended: int
    seconds: float


def show(chromium, lab: Lab, name: str, widgets: int) -> Shown:
    """Show widgets by the only cell of a new notebook."""
    page = chromium.new_page(viewport={"width": 1280, "height": 1200})
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    notebook = Notebook(page, lab, lab.write(name, [SHOWN_BY_ONE_CELL.format(widgets=widgets)]))
    began = time.monotonic()
    notebook.start(0)
    with suppress(TooLate):
        page.wait_for_function(f"() => ({HEARD})() === {widgets}", timeout=LONG_WAIT)
    seconds = time.monotonic() - began
    mended = sum("was deaf and hears again" in text for text in said)
    return Shown(notebook, page.evaluate(HEARD), mended, seconds)


def print_rounds(chromium, lab: Lab, widgets: int, rounds: int, loops: int) -> None:
    print(f"{widgets} widgets shown by one cell beside {loops} endless loops:")
    deaf = []
    for number in range(rounds):
        with busy(loops):
            shown = show(chromium, lab, f"many-{number}.ipynb", widgets)
        deaf.append(widgets - shown.hear)
        told = f"{deaf[-1]} deaf, {shown.mended} had been, {shown.seconds:.1f} s"
        print(f"round {number + 1:2}: {told}, load {os.getloadavg()[0]:.0f}", flush=True)
        shown.notebook.close()
    print(f"deaf in {sum(map(bool, deaf))} of {rounds} rounds, {sum(deaf)} widgets in all")


def print_size(chromium, lab: Lab, widgets: int) -> None:
    notebook = show(chromium, lab, "saved.ipynb", widgets).notebook
    notebook.page.evaluate(SAVE)
    size = (lab.root / notebook.name).stat().st_size
    print(f"a notebook saved with {widgets} widgets: {size / 1000:,.0f} kB")
    notebook.close()


def main() -> None:
    """Print all of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--widgets", type=int, default=24)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--loops", type=int, default=3, help="endless loops beside it")
    parser.add_argument("--saved", type=int, default=10, help="widgets of the notebook that is saved")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        lab = Lab(Path(folder, "lab"))
        print_rounds(chromium, lab, options.widgets, options.rounds, options.loops)
        print_size(chromium, lab, options.saved)
        lab.close()


if __name__ == "__main__":
    main()

"""A real JupyterLab and a page in it, as a user has them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as TooLate

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    # WebGL in software is dear enough; the pages around it are put together without.
    "--disable-gpu-compositing",
    # A name that is not localhost: over plain http browsers keep some functions from such pages.
    "--host-resolver-rules=MAP another.test 127.0.0.1",
]
#: All maps have ended, and the last layout is drawn.
ENDED = "(d.stage === 'settled' || d.stage === 'not settled yet') && d.drawn === d.iteration"
#: Resolves once an element has not moved for a few frames: JupyterLab scrolls after a cell has run.
STANDS_STILL = """async element => {
    const place = () => JSON.stringify(element.getBoundingClientRect());
    for (let last = '', still = 0; still < 4;) {
        await new Promise(requestAnimationFrame);
        still = place() === last ? still + 1 : 0;
        last = place();
    }
}"""
#: What a pointer would meet in place of an element, as a dialog; marimo has it in a shadow root.
WHAT_LIES_OVER = """(element, [x, y]) => {
    const hit = element.getRootNode().elementFromPoint(x, y);
    return hit === element ? '' : (hit?.outerHTML ?? 'something else');
}"""
#: Milliseconds after which a state that was waited for is called missing.
PATIENCE = 60_000


def find_chromium() -> str | None:
    """Return $CHROMIUM, else a browser on PATH; None leaves it to Playwright's own."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


@contextmanager
def browser():
    """Start a headless Chromium; that none is found is an error."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


class Lab:
    """A running JupyterLab server with a folder, settings and kernels of its own.

    Parameters
    ----------
    folder : Path
        Everything that it writes goes there.
    **environment
        Variables for the server and its kernels.
    """

    #: The Python module that is the server, where its notebooks are, and what answers once it is up.
    module, place, health = "jupyterlab", "lab/tree/{name}?reset", "api"

    def __init__(self, folder: Path, **environment: str):
        self.root = folder / "notebooks"
        self._settings = folder / "settings"
        self.root.mkdir(parents=True)
        self.use_theme("JupyterLab Light")
        self._write_setting("notification", {"fetchNews": "false", "checkForUpdates": False})
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{free.getsockname()[1]}"
        self._log = (folder / "server.log").open("w")
        self._process = subprocess.Popen(
            self._command(),
            env=self._environment(folder) | environment,
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )
        self._wait_until_up()

    @property
    def pid(self) -> int:
        """Of the server's process."""
        return self._process.pid

    def use_theme(self, name: str) -> None:
        """Set the theme of pages opened from now on."""
        self._write_setting("themes", {"theme": name})

    def write(self, name: str, cells: list[str]) -> str:
        """Write a notebook and return its name."""
        # Plain JSON: importing nbformat takes 4 s. Without a kernel's name JupyterLab would ask for one.
        notebook = {
            "cells": [_code_cell(number, cell) for number, cell in enumerate(cells)],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.root / name).write_text(json.dumps(notebook))
        return name

    def close(self) -> None:
        """Stop the server and its kernels."""
        self._process.terminate()
        self._process.wait(20)
        self._log.close()

    def _write_setting(self, name: str, values: dict[str, Any]) -> None:
        path = self._settings / "@jupyterlab" / "apputils-extension" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))

    def _command(self) -> list[str]:
        return [
            *(sys.executable, "-m", self.module, "--no-browser", "--allow-root", "--expose-app-in-browser"),
            f"--ServerApp.port={self.url.rpartition(':')[2]}",
            "--ServerApp.ip=127.0.0.1",
            "--ServerApp.allow_remote_access=True",
            f"--ServerApp.root_dir={self.root}",
            "--IdentityProvider.token=",
        ]

    def _environment(self, folder: Path) -> dict[str, str]:
        own = {
            "JUPYTERLAB_SETTINGS_DIR": self._settings,
            "JUPYTERLAB_WORKSPACES_DIR": folder / "workspaces",
            "JUPYTER_CONFIG_DIR": folder / "config",
            "JUPYTER_RUNTIME_DIR": folder / "runtime",
            "IPYTHONDIR": folder / "ipython",
        }
        return {**os.environ, **{name: str(path) for name, path in own.items()}}

    def _wait_until_up(self) -> None:
        # There is no event to wait for: the server is another process. One that ended is not waited for.
        deadline = time.monotonic() + 5 * PATIENCE / 1000
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/{self.health}", timeout=1).close()
                return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.1)


def _code_cell(number: int, source: str) -> dict[str, Any]:
    about = {"cell_type": "code", "id": f"cell-{number}", "metadata": {}}
    return {**about, "source": source, "execution_count": None, "outputs": []}


class Notebook:
    """A notebook open in a page.

    Attributes
    ----------
    errors : list of str
        What went wrong in our part of the page.
    presses : deque of str
        What became of the last times that a pointer pressed on a map, as the view tells those who debug.
    """

    def __init__(self, page: Page, lab: Lab, name: str, host: str = "127.0.0.1"):
        self.page, self.name = page, name
        self.errors: list[str] = []
        self.presses: deque[str] = deque(maxlen=10)
        page.on("pageerror", lambda error: self.errors.extend(_ours(error)))
        page.on("console", lambda said: self.errors.extend(_refusals(said.text)))
        page.on("console", lambda said: self.presses.extend(_presses(said.text)))
        self._url = f"{lab.url}/{lab.place.format(name=name)}".replace("127.0.0.1", host)
        page.set_default_timeout(PATIENCE)
        self.open()

    def open(self) -> None:
        """Load the page, again too, and wait for the kernel."""
        self.page.goto(self._url)
        self.page.wait_for_function(
            """() => {
                const panel = window.jupyterapp?.shell?.currentWidget;
                const kernel = panel?.sessionContext?.session?.kernel;
                return panel?.content?.widgets?.length && kernel?.connectionStatus === 'connected'
                    && kernel.status === 'idle';
            }"""
        )

    def fill(self, *cells: str) -> None:
        """Put other cells in place of all there are, whose widgets go."""
        self.page.evaluate(
            """(cells) => {
                const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
                // An empty notebook would be given a cell by JupyterLab.
                model.insertCells(0, cells.map((source) => ({ cell_type: 'code', source })));
                model.deleteCellRange(cells.length, model.cells.length);
            }""",
            cells,
        )
        expect(self.widgets()).to_have_count(0)

    def show(self, code: str, until: str = "d.drawn !== '' && d.still === 'true'") -> None:
        """Run code in the only cell and wait for what it shows."""
        self.fill(code)
        self.run(0)
        self.wait_for(until)

    def begin(self, code: str) -> None:
        """Begin to run code in a further cell and do not wait for it."""
        count = self.page.evaluate(
            """(code) => {
                const model = window.jupyterapp.shell.currentWidget.content.model.sharedModel;
                model.insertCell(model.cells.length, { cell_type: 'code', source: code });
                return model.cells.length;
            }""",
            code,
        )
        self.start(count - 1)

    def do(self, code: str) -> None:
        """Execute statements in the notebook's kernel, without a cell."""
        self._execute(code)

    def _execute(self, code: str, **expressions: str) -> dict[str, Any]:
        """Execute statements and return what expressions are then; a kernel may never answer."""
        reply = self.page.evaluate(
            """async ([code, user_expressions, patience]) => {
                const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
                const request = kernel.requestExecute({ code, store_history: false, user_expressions });
                const late = new Promise((_, fail) =>
                    setTimeout(() => fail(new Error(`no answer to ${code}`)), patience));
                return (await Promise.race([request.done, late])).content;
            }""",
            [code, expressions, 3 * PATIENCE],
        )
        if reply["status"] != "ok":
            raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")
        return reply["user_expressions"]

    def close(self) -> None:
        """End the kernel and close the page."""
        self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()")
        self.page.close()

    def start(self, cell: int) -> None:
        """Begin to run a cell and do not wait for it."""
        self.page.evaluate(
            """async (index) => {
                const panel = window.jupyterapp.shell.currentWidget;
                panel.content.activeCellIndex = index;
                panel.content.deselectAll();
                window.running = true;
                window.lastRun = window.jupyterapp.commands.execute('notebook:run-cell');
                window.lastRun.finally(() => { window.running = false; });
            }""",
            cell,
        )

    @property
    def running(self) -> bool:
        """Whether the cell that was started last still runs."""
        return self.page.evaluate("() => window.running")

    def finish(self) -> None:
        """Wait for the cell that was started last."""
        self.page.wait_for_function("() => !window.running", timeout=3 * PATIENCE)

    def run(self, cell: int) -> None:
        """Run a cell to its end."""
        self.start(cell)
        self.finish()

    def python(self, expression: str) -> Any:
        """Evaluate an expression in the kernel, once all that the browser changed has arrived there.

        A model sends one change at a time and holds the next back until the kernel is done with it. When the
        kernel has answered once, that change is done with, and what was held back has been sent.
        """
        self._execute("")
        value = self._execute("import json", value=f"json.dumps({expression})")["value"]
        if value["status"] != "ok":
            raise RuntimeError(f"{value['ename']}: {value['evalue']}")
        return json.loads(eval(value["data"]["text/plain"]))

    def expect(self, expression: str, value: Any) -> None:
        """Ask Python until an expression has a value: what the browser did may be on its way still."""
        deadline = time.monotonic() + PATIENCE / 1000
        while (found := self.python(expression)) != value:
            assert time.monotonic() < deadline, f"{expression} is {found!r}, not {value!r}"

    def widgets(self) -> Locator:
        """All views of the widget in the page."""
        return self.page.locator(".tsne-widget")

    def widget(self, number: int = 0) -> Locator:
        """One view of the widget."""
        return self.widgets().nth(number)

    def wait_for(self, condition: str, number: int = 0) -> None:
        """Wait until a view's state attributes, `d`, meet a condition in JavaScript."""
        with self.explained():
            self.page.wait_for_function(
                f"""(number) => {{
                    const d = document.querySelectorAll('.tsne-widget')[number]?.dataset;
                    return d !== undefined && ({condition});
                }}""",
                arg=number,
            )

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Have what is waited for in vain tell what became of the pointer."""
        try:
            yield
        except TooLate as error:
            presses = "\n".join(self.presses) or "none"
            raise TooLate(f"{error}\nThe last presses on a map:\n{presses}") from error

    def panels(self) -> Locator:
        """All panels of the first view, in order."""
        return self.widget().locator(".tw-panel")

    def panel(self, run: int) -> Locator:
        """One panel of the first view."""
        return self.widget().locator(f".tw-panel[data-run='{run}']")

    def wait_for_panel(self, run: int, condition: str) -> None:
        """Wait until a panel's state attributes, `d`, meet a condition in JavaScript."""
        self.page.wait_for_function(
            f"""(run) => {{
                const d = document.querySelector(`.tsne-widget .tw-panel[data-run="${{run}}"]`)?.dataset;
                return d !== undefined && ({condition});
            }}""",
            arg=run,
        )

    def state(self, number: int = 0) -> dict[str, str]:
        """Return a view's state attributes."""
        return self.widget(number).evaluate("element => ({...element.dataset})")


def _ours(error) -> list[str]:
    """Return the error's text if it came from our bundle, which runs from a blob; JupyterLab has its own."""
    return [f"{error}\n{error.stack}"] if "blob:" in (error.stack or "") else []


def _refusals(text: str) -> list[str]:
    """Return what the view tells the console of a message that it has refused: Python sends none such."""
    return [text] if text.startswith("tsne_widget: ") and " refused: " in text else []


def _presses(text: str) -> list[str]:
    """Return what the view tells the console of a press, see `js/src/scatter/gestures.ts`."""
    return [text] if text.startswith("tsne_widget: ") and " pressed at " in text else []


def map_area(notebook: Notebook, run: int | None = None) -> dict[str, float]:
    """Where the map lies on the page: the whole canvas, or that of one run without the panel's bar."""
    canvas = notebook.widget().locator("canvas.tw-canvas")
    canvas.evaluate(STANDS_STILL)
    if run is None:
        area = canvas.bounding_box()
        assert area is not None
        return dict(area)
    panel = notebook.panel(run)
    box = panel.bounding_box()
    assert box is not None
    bars = sum(bar.bounding_box()["height"] for bar in panel.locator(".tw-bar, .tw-second, .tw-morph").all())
    return {"x": box["x"], "y": box["y"] + bars, "width": box["width"], "height": box["height"] - bars}


def circle(
    notebook: Notebook, box: dict[str, float], *, modifiers: tuple[str, ...] = (), run: int | None = None
) -> None:
    """Draw a rectangle with the lasso: left, top, right, bottom as parts of the map from 0 to 1."""
    area = map_area(notebook, run)
    corners = [("left", "top"), ("right", "top"), ("right", "bottom"), ("left", "bottom")]
    points = [(area["x"] + box[x] * area["width"], area["y"] + box[y] * area["height"]) for x, y in corners]
    mouse, keyboard = notebook.page.mouse, notebook.page.keyboard
    over = notebook.widget().locator("canvas.tw-canvas").evaluate(WHAT_LIES_OVER, points[0])
    assert not over, f"over the map lies {over}"
    for key in modifiers:
        keyboard.down(key)
    mouse.move(*points[0])
    mouse.down()
    for point in [*points[1:], points[0]]:
        mouse.move(*point, steps=12)
    mouse.up()
    for key in modifiers:
        keyboard.up(key)

"""One browser, one JupyterLab and one notebook for all tests; a page and a kernel of its own where needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from lab import Lab, Notebook, browser

DIGITS = """
from sklearn.datasets import load_digits
from tsne_widget import TSNEWidget
X, y = load_digits(return_X_y=True)
w = TSNEWidget(X, labels=y)
w
"""

#: Goes on for as long as a test can take.
ENDLESS = """
import numpy as np
from tsne_widget import TSNEWidget
rng = np.random.default_rng(0)
X = (rng.normal(size=(12, 20)).repeat(100, axis=0) + 0.2 * rng.normal(size=(1200, 20))).astype("float32")
w = TSNEWidget(X, labels=np.arange(1200) % 3, max_iter=10_000_000, early_exaggeration_iter=10_000_000)
w
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium():
    with browser() as started:
        yield started


@pytest.fixture(scope="session")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    started = Lab(tmp_path_factory.mktemp("lab"))
    yield started
    started.close()


class Desk:
    """The page that tests share, opened for the first: opening one takes 5 to 10 s, other cells a moment."""

    def __init__(self, chromium, lab: Lab):
        self._chromium, self._lab = chromium, lab
        self._open: Notebook | None = None
        self._number = count()

    def own(self, *, touch: bool = False, script: str = "", **where: str) -> Notebook:
        """Open a notebook of its own, in a page that runs a script before all others."""
        page = self._chromium.new_page(viewport={"width": 1280, "height": 1200}, has_touch=touch)
        page.add_init_script(script)
        name = self._lab.write(f"notebook-{next(self._number)}.ipynb", ["'nothing yet'"])
        return Notebook(page, self._lab, name, **where)

    def shared(self) -> Notebook:
        """Return the one that all use."""
        self._open = self._open or self.own()
        return self._open

    def clear(self) -> None:
        """Take away what a test has left in it."""
        notebook = self.shared()
        notebook.page.mouse.up()
        notebook.fill("'nothing yet'")
        notebook.do("import ipywidgets; ipywidgets.Widget.close_all()")

    def give_up(self) -> None:
        """Close it; the next test has a new one."""
        if self._open:
            self._open.close()
            self._open = None


@pytest.fixture(scope="session")
def desk(chromium, lab: Lab) -> Iterator[Desk]:
    desk = Desk(chromium, lab)
    yield desk
    desk.give_up()


@pytest.fixture
def page(desk: Desk, request: pytest.FixtureRequest) -> Iterator[Notebook]:
    """The notebook that tests share, empty; an error in the page fails the test."""
    failed = request.session.testsfailed
    notebook = desk.shared()
    yield notebook
    errors, notebook.errors[:] = notebook.errors[:], []
    if request.session.testsfailed > failed:
        desk.give_up()
    else:
        desk.clear()
    assert not errors


@pytest.fixture
def open_notebook(page: Notebook) -> Callable[..., Notebook]:
    """Put cells into the notebook that tests share."""

    def fill(*cells: str) -> Notebook:
        page.fill(*cells)
        return page

    return fill


@pytest.fixture
def open_own(desk: Desk) -> Iterator[Callable[..., Notebook]]:
    """Open a page and a kernel for one test: one that changes or ends them, or wants another kind of page."""
    opened: list[Notebook] = []

    def open_with(*cells: str, **kind) -> Notebook:
        opened.append(desk.own(**kind))
        opened[-1].fill(*cells)
        return opened[-1]

    yield open_with
    errors = [error for notebook in opened for error in notebook.errors]
    for notebook in opened:
        notebook.close()
    assert not errors

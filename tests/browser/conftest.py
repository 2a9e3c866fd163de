"""One browser and one JupyterLab for all tests; a notebook, a page and a kernel for each."""

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


def ours(error) -> list[str]:
    """Return the error's text if it came from our bundle, which runs from a blob; JupyterLab has its own."""
    return [f"{error}\n{error.stack}"] if "blob:" in (error.stack or "") else []


@pytest.fixture
def open_notebook(chromium, lab: Lab) -> Iterator[Callable[..., Notebook]]:
    """Open a notebook with the given cells in a page of its own; an error in the page fails the test."""
    pages, errors, number = [], [], count()

    def make(*cells: str, width: int = 1280, height: int = 900, touch: bool = False, **where) -> Notebook:
        page = chromium.new_page(viewport={"width": width, "height": height}, has_touch=touch)
        page.on("pageerror", lambda error: errors.extend(ours(error)))
        pages.append(page)
        name = lab.write(f"notebook-{next(number)}.ipynb", list(cells))
        return Notebook(page, lab, name, **where)

    yield make
    for page in pages:
        page.evaluate("() => window.jupyterapp.serviceManager.sessions.shutdownAll()")
        page.close()
    assert not errors

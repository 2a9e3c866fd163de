"""Other maps beside t-SNE: further panels, turned and linked as the others."""

from __future__ import annotations

import re

import pytest
from actions import open_menu
from lab import circle

BESIDE = """
from sklearn.datasets import load_digits
from tsne_widget import TSNEWidget
X, y = load_digits(return_X_y=True)
w = TSNEWidget(X[::3], labels=y[::3], beside="pca", max_iter=300)
w
"""
COMPUTED = "d.stage === 'computed'"
FITS = """
import threading
from sklearn.base import BaseEstimator
go_on = threading.Event()
class Slow(BaseEstimator):
    def fit_transform(self, X):
        go_on.wait(60)
        return X[:, :2]
class Failing(BaseEstimator):
    def fit_transform(self, X):
        raise ValueError("I do not like these rows")
w.beside = {"slow": Slow(), "bad": Failing()}
"""


def test_pca_stands_beside_t_sne_turned_linked_and_without_its_controls(open_notebook):
    notebook = open_notebook()
    notebook.show(BESIDE, "d.maps === '2' && d.playing === 'false' && d.drawn !== '' && d.still === 'true'")
    notebook.wait_for_panel(1, COMPUTED)
    titles = notebook.panels().locator(".tw-title strong").all_inner_texts()
    assert titles == ["t-SNE", "PCA"]
    assert "variance" in notebook.panel(1).inner_text()
    assert "KL" not in notebook.panel(1).inner_text()

    # Turned onto the reference, at whose size it is drawn: the menu says how well it fits.
    turned = "[panel.points for panel in w._pictures._panels()]"
    fits = notebook.python(f"float(sum(a * b for a, b in zip(*[m.ravel() for m in {turned}])) / len(y[::3]))")
    shown = notebook.panel(1).get_attribute("data-correlation")
    assert float(shown) == pytest.approx(fits, abs=0.01)
    notebook.panel(1).get_by_role("button", name="Menu of PCA").click()
    menu = notebook.panel(1).locator(".tw-popover")
    assert "fits t-SNE" in menu.inner_text()
    assert "do not concern PCA" in menu.inner_text()
    assert menu.locator("input, select").count() == 0
    assert menu.get_by_role("button", name="Play").count() == 0
    notebook.page.keyboard.press("Escape")

    # Linked: what is circled on it lies there on the turned map, and is selected on both.
    circle(notebook, {"left": 0.5, "right": 0.98, "top": 0.02, "bottom": 0.98}, run=1)
    notebook.wait_for("Number(d.selected) > 50")
    x = "w._pictures._panels()[1].points[:, 0]"
    low, high = notebook.python(f"[float({x}[w.selection].min()), float({x}.max())]")
    assert low > -0.25 * high

    # It leaves and comes back by the compare menu.
    compare = open_menu(notebook, "Compare several maps side by side")
    compare.get_by_label("PCA", exact=True).last.uncheck()
    compare.get_by_role("button", name="show 1 map").click()
    notebook.wait_for("d.maps === '1'")
    notebook.expect("list(w.beside)", [])

    # Estimators are fitted meanwhile, in turn; each panel says what it waits for, or what went wrong.
    notebook.do(FITS)
    slow, bad = notebook.python("[run.id for run in w.beside.values()]")
    notebook.wait_for_panel(slow, "d.stage === 'fitting Slow'")
    notebook.page.get_by_text(re.compile(r"^fitting Slow, \d+ s$")).wait_for()
    notebook.page.get_by_text("fitting Failing after another fit", exact=True).wait_for()
    notebook.do("go_on.set()")
    notebook.wait_for_panel(slow, "d.stage === 'fitted'")
    notebook.wait_for_panel(bad, "d.stage === 'failed'")
    assert (
        "while Failing was fitted: ValueError: I do not like these rows" in notebook.panel(bad).inner_text()
    )

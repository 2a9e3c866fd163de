"""What is drawn, circled and steered in JupyterLab is so in other hosts."""

from __future__ import annotations

import pytest
from actions import QUARTERS
from conftest import DIGITS
from hosts import Marimo, MarimoNotebook, Notebook7
from lab import ENDED, Notebook, circle
from playwright.sync_api import expect
from test_map import assert_all_colors_drawn, pixels, use_theme

pytestmark = pytest.mark.release

BOX = {"left": 0.05, "top": 0.05, "right": 0.5, "bottom": 0.5}

#: A widget as it is and as marimo wraps it, and what the wrapped one tells the cells that depend on it.
CELLS = [
    ("", "import marimo as mo" + DIGITS.rstrip(), "mo, w, X, TSNEWidget"),
    ("mo, w", "wrapped = mo.ui.anywidget(w)\nwrapped", "wrapped,"),
    (
        "mo, wrapped",
        "rows, told = len(wrapped.selection), len(wrapped.value['selection']) // 4\n"
        "mo.md(f'<span id=told>{rows} rows, {told} told</span>')",
        "",
    ),
    (
        "mo, X, TSNEWidget",
        "mo.hstack([TSNEWidget(X[:99], autostart=False) for _ in range(2)], widths='equal')",
        "",
    ),
]


@pytest.fixture
def notebook7(chromium, tmp_path):
    server = Notebook7(tmp_path)
    page = chromium.new_page(viewport={"width": 1280, "height": 1000})
    notebook = Notebook(page, server, server.write("digits.ipynb", [DIGITS]))
    yield notebook
    notebook.close()
    server.close()
    assert not notebook.errors


@pytest.fixture(scope="module")
def marimo(chromium, tmp_path_factory):
    server = Marimo(tmp_path_factory.mktemp("marimo"))
    server.use_theme("dark")
    page = chromium.new_page(viewport={"width": 1280, "height": 1000})
    notebook = MarimoNotebook(page, server, server.write("digits.py", CELLS))
    yield notebook
    notebook.close()
    server.close()
    assert not notebook.errors


def set_perplexity(notebook: Notebook, value: str) -> None:
    field = notebook.widget().get_by_label("perplexity as a number")
    field.fill(value)
    field.press("Enter")


def test_notebook_7(notebook7):
    notebook7.run(0)
    assert_all_colors_drawn(notebook7)
    assert notebook7.state()["delivery"] == "pushed"
    circle(notebook7, BOX)
    notebook7.wait_for("Number(d.selected) > 0")
    notebook7.expect("len(w.selection)", int(notebook7.state()["selected"]))
    set_perplexity(notebook7, "12")
    notebook7.wait_for(f"d.perplexity === '12' && {ENDED}")
    assert notebook7.python("[w.perplexity, w.iteration]") == [12, int(notebook7.state()["drawn"])]
    use_theme(notebook7, "dark")


def test_marimo(marimo):
    assert_all_colors_drawn(marimo)
    assert [marimo.state()[name] for name in ("delivery", "theme")] == ["pushed", "dark"]
    told = marimo.page.locator("#told")
    assert told.inner_text() == "0 rows, 0 told"
    circle(marimo, BOX)
    marimo.wait_for("Number(d.selected) > 0")
    count = marimo.state()["selected"]
    told.filter(has_text=f"{count} rows, {count} told").wait_for()  # the cell has run again
    marimo.wait_for(f"d.selected === '{count}'", number=1)
    set_perplexity(marimo, "12")
    marimo.wait_for(f"d.perplexity === '12' && {ENDED}")


def test_in_marimo_s_output_of_bounded_height_all_of_the_widget_is_in_sight(marimo):
    box = marimo.widget().evaluate(
        """widget => {
            let element = widget.getRootNode().host;
            while (getComputedStyle(element).overflowY !== 'auto') element = element.parentElement;
            return [element.scrollHeight - element.clientHeight, element.clientHeight];
        }"""
    )
    assert box[0] <= 1
    assert box[1] > 400


def test_in_marimo_s_stacks_maps_share_the_width(marimo):
    expect(marimo.widgets()).to_have_count(4)
    rooms = [marimo.widget(number).bounding_box()["width"] for number in range(4)]
    assert rooms[2] == rooms[3] == pytest.approx(rooms[0] / 2, abs=8)


def test_colors_of_vs_code_go_before_the_light_ones_that_ipywidgets_brings_there(page):
    page.show(QUARTERS + "w = TSNEWidget(X, **asleep)\nw")
    page.page.evaluate(
        """() => {
            document.documentElement.style.setProperty('--vscode-editor-background', '#102030');
            document.body.classList.add('vscode-dark');
        }"""
    )
    page.wait_for("d.theme === 'dark' && d.still === 'true'")
    assert pixels(page)[2, 2].tolist() == [0x10, 0x20, 0x30]
    page.page.evaluate(
        """() => {
            document.documentElement.style.removeProperty('--vscode-editor-background');
            document.body.classList.remove('vscode-dark');
        }"""
    )
    page.wait_for("d.theme === 'light'")

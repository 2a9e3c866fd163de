"""New rows on the maps: squares that the pointer finds and that follow the maps."""

from __future__ import annotations

PLACED = """
from sklearn.datasets import load_digits
from tsne_widget import TSNEWidget
X, y = load_digits(return_X_y=True)
w = TSNEWidget(X[:600], labels=y[:600], beside="pca", max_iter=200)
w.place(X[600:608], labels=y[600:608], name="tomorrow")
w
"""
#: How many squares the panels show.
COUNTS = """[...document.querySelectorAll('.tsne-widget .tw-squares')].map((pane) =>
    (pane.querySelector('path').getAttribute('d') ?? '').split('M').length - 1)"""
#: The middle of the first new row's square on the page, on the last panel.
MIDDLE = """() => {
    const pane = [...document.querySelectorAll('.tsne-widget .tw-squares')].at(-1);
    const d = [...pane.querySelectorAll('path')].at(-1).getAttribute('d');
    const [, x, y, side] = d.match(/M([-\\d.]+) ([-\\d.]+)h([\\d.]+)/).map(Number);
    const { left, top } = document.querySelector('.tsne-widget canvas.tw-canvas').getBoundingClientRect();
    const [dx, dy] = ['x', 'y'].map((name) => Number(pane.getAttribute(name)));
    return [left + dx + x + side / 2, top + dy + y + side / 2];
}"""


def test_new_rows_lie_on_every_map_and_lead_to_the_rows_nearest_to_them(open_notebook):
    notebook = open_notebook()
    notebook.show(PLACED, "d.maps === '2' && d.playing === 'false' && d.drawn !== '' && d.still === 'true'")
    notebook.page.wait_for_function(f"{COUNTS}.join() === '8,8'")
    legend = notebook.widget().get_by_role("region", name="New rows")
    assert legend.inner_text().split() == ["tomorrow", "8"]

    # A square under the pointer tells of itself, and a click on it selects the rows nearest to it.
    notebook.page.mouse.move(*notebook.page.evaluate(MIDDLE))
    notebook.wait_for("d.newRow && !d.hover")
    row = int(notebook.state()["newRow"])
    tooltip = notebook.widget().locator(".tw-tooltip")
    nearest = notebook.python(f"int(w.placed['nearest'][{row}])")
    assert f"new row {row}" in tooltip.inner_text()
    assert f"row {nearest} · " in tooltip.inner_text()
    notebook.page.mouse.click(*notebook.page.evaluate(MIDDLE))
    notebook.wait_for("d.selected === '5'")
    assert nearest in notebook.python("w.selection.tolist()")

    # They leave a map that moves, and are there again when it rests.
    notebook.do("w.perplexity = 12")
    notebook.page.wait_for_function(f"{COUNTS}.join() === '8'")
    notebook.wait_for("d.playing === 'false'")
    notebook.page.wait_for_function(f"{COUNTS}.join() === '8,8'")

    # The view hides and shows them; Python takes them away.
    legend.get_by_role("button").click()
    notebook.page.wait_for_function(f"{COUNTS}.length === 0")
    legend.get_by_role("button").click()
    notebook.page.wait_for_function(f"{COUNTS}.join() === '8,8'")
    notebook.do("w.place(None)")
    notebook.page.wait_for_function(f"{COUNTS}.length === 0")
    assert legend.count() == 0

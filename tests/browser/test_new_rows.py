"""New rows on the maps: squares that the pointer finds and that follow the maps."""

from __future__ import annotations

from actions import QUARTERS, TOP_LEFT, place_of
from lab import circle

#: Two new rows that equal rows of the data lie where these lie.
PLACED = (
    QUARTERS
    + """
w = TSNEWidget(X, labels=kind, **asleep)
w.place(X[[0, 70]], labels=["cat", "dog"], name="tomorrow")
w
"""
)
SHOWN = "document.querySelector('.tsne-widget canvas.tw-squares').dataset.shown"


def test_new_rows_lie_on_the_map_and_lead_to_the_rows_nearest_to_them(open_notebook):
    notebook = open_notebook()
    notebook.show(PLACED)
    notebook.page.wait_for_function(f"{SHOWN} === '2'")
    legend = notebook.widget().get_by_role("region", name="New rows")
    assert legend.inner_text().split() == ["tomorrow", "2"]

    # A square under the pointer tells of itself, and a click on it selects the rows nearest to it.
    notebook.page.mouse.move(*place_of(notebook, 70))
    notebook.wait_for("d.newRow === '1' && !d.hover")
    told = notebook.widget().locator("[data-new-row='1']").inner_text()
    assert told.startswith("dog")
    assert "row 70 · bee at 0" in told
    notebook.page.mouse.click(*place_of(notebook, 70))
    notebook.wait_for("d.selected === '5'")
    assert 70 in notebook.python("w.selection.tolist()")
    notebook.expect("w.selected_placed", [1])
    circle(notebook, TOP_LEFT)
    notebook.expect("w.selected_placed", [0])

    # They leave a map that moves, and are there again when it rests.
    notebook.do("w.start()")
    notebook.page.wait_for_function(f"{SHOWN} === ''")
    notebook.do("w.pause()")
    notebook.page.wait_for_function(f"{SHOWN} === '2'")

    # The view hides and shows them; Python takes them away.
    legend.get_by_role("button").click()
    notebook.page.wait_for_function(f"{SHOWN} === ''")
    legend.get_by_role("button").click()
    notebook.page.wait_for_function(f"{SHOWN} === '2'")
    notebook.do("w.place(None)")
    notebook.page.wait_for_function(f"{SHOWN} === ''")
    assert legend.count() == 0

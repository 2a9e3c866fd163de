"""A notebook that was saved with its widgets shows the maps without their kernel."""

from __future__ import annotations

import json

import pytest
from actions import LEFT, QUARTERS, place_of, select_box
from lab import Notebook, map_area
from test_map import near, pixels

pytestmark = pytest.mark.release

#: Turns saving of widgets on and off.
SAVE = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
#: A grid, a map of which nothing is saved, and one of many rows. Names of the second's labels are in no cell.
WIDGETS = (
    QUARTERS
    + """
w = TSNEWidget(X, labels=kind, perplexity=[20, 30], **asleep)
unsaved = TSNEWidget(X, labels=['xyz' + 'zyx' + k for k in kind], save_state=False, height=260, **asleep)
Z = rng.normal(size=(50_000, 4)).astype("float32")
many = TSNEWidget(Z, labels=np.arange(50_000) % 30, init=Z[:, :2], autostart=False, height=260)
display(w, unsaved, many)
"""
)
BLUE = (0, 114, 178)


def reopen(notebook: Notebook) -> None:
    """Save a notebook with its widgets, end its kernel, and open it with one that knows nothing."""
    notebook.page.evaluate(
        """async (save) => {
            const { commands, shell } = window.jupyterapp;
            await commands.execute(save);
            await commands.execute('docmanager:save');
            await commands.execute(save);
            await shell.currentWidget.sessionContext.shutdown();
        }""",
        SAVE,
    )
    # ipywidgets' manager says that there is no such widget if the kernel connects before it has read the
    # notebook, as one that is slow to start may. Users load the page again.
    for _ in range(3):
        notebook.open()
        missing = notebook.page.get_by_text("model not found")
        missing.or_(notebook.widgets()).first.wait_for()
        if missing.count() == 0:
            break


def saved_bytes(lab, notebook: Notebook, number: int) -> int:
    """Return the size of what a notebook has saved of one of our widgets, but for the code of the view."""
    metadata = json.loads((lab.root / notebook.name).read_text())["metadata"]
    models = metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"]
    ours = models[notebook.ids[number]]
    del ours["state"]["_esm"]
    return len(json.dumps(ours))


@pytest.fixture(scope="module")
def reopened(desk):
    """A notebook of three widgets, saved, and opened without the kernel that made them."""
    notebook = desk.own()
    notebook.show(WIDGETS)
    notebook.place, notebook.area = place_of(notebook, 0, run=0), map_area(notebook, 0)
    for number in (1, 2):
        notebook.widget(number).scroll_into_view_if_needed()
        notebook.wait_for("d.drawn === '0' && d.still === 'true'", number)
    assert near(pixels(notebook, 1), BLUE) > 200
    notebook.ids = notebook.python("[each.model_id for each in (w, unsaved, many)]")
    reopen(notebook)
    yield notebook
    notebook.close()
    assert not notebook.errors


def test_maps_are_shown_colored_and_can_be_circled(reopened):
    notebook, place, area = reopened, reopened.place, reopened.area
    notebook.wait_for("d.maps === '2' && d.drawn === '0' && d.connection === 'absent' && d.still === 'true'")
    assert near(pixels(notebook), BLUE) > 200
    assert notebook.widget().locator(".tw-entry .tw-count").all_inner_texts() == ["60"] * 4
    assert "opened without its kernel" in notebook.widget().inner_text()
    now = map_area(notebook, 0)
    notebook.page.mouse.move(now["x"] + place[0] - area["x"], now["y"] + place[1] - area["y"])
    notebook.wait_for("d.hover === '0'")
    assert notebook.widget().locator(".tw-tooltip").inner_text().split() == ["ant", "row", "0"]
    select_box(notebook, LEFT, run=0)
    notebook.wait_for("d.selected === '120'")
    # What needs a kernel says so, and does nothing.
    assert notebook.widget().get_by_role("button", name="Play").is_disabled()


def test_without_saved_state_nothing_of_the_rows_is_in_the_file(reopened, lab):
    assert "xyzzyx" not in (lab.root / reopened.name).read_text()
    assert saved_bytes(lab, reopened, 1) < 12_500  # what axes, measures and methods there are
    reopened.wait_for("d.connection === 'absent'", 1)
    said = reopened.widget(1).locator(".tw-waiting").inner_text()
    assert "nothing of the map was saved (save_state=False)" in said
    assert "run the cell to show the map" in said


def test_what_is_saved_of_many_rows_is_small(reopened, lab):
    assert 50_000 * 4 < saved_bytes(lab, reopened, 2) < 1_000_000

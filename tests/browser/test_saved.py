"""A notebook that was saved with its widgets shows the maps without their kernel."""

from __future__ import annotations

import json

from actions import LEFT, QUARTERS, place_of, select_box
from lab import Notebook, map_area
from test_map import near, pixels

#: Turns saving of widgets on and off.
SAVE = "@jupyter-widgets/jupyterlab-manager:saveWidgetState"
GRID = QUARTERS + "w = TSNEWidget(X, labels=kind, perplexity=[20, 30], **asleep)\nw"
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


def saved_bytes(lab, notebook: Notebook) -> int:
    """Return the size of what a notebook has saved of our widget, but for the code of the view."""
    metadata = json.loads((lab.root / notebook.name).read_text())["metadata"]
    models = metadata["widgets"]["application/vnd.jupyter.widget-state+json"]["state"].values()
    (ours,) = (model for model in models if "_points" in model["state"])
    del ours["state"]["_esm"]
    return len(json.dumps(ours))


def test_maps_are_shown_coloured_and_can_be_circled(open_own):
    notebook = open_own()
    notebook.show(GRID)
    place, area = place_of(notebook, 0, run=0), map_area(notebook, 0)
    reopen(notebook)
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


def test_without_saved_state_nothing_of_the_rows_is_in_the_file(open_own, lab):
    notebook = open_own()
    notebook.show(
        QUARTERS
        + "w = TSNEWidget(X, labels=['xyz' + 'zyx' + k for k in kind], save_state=False, **asleep)\nw"
    )
    notebook.wait_for("document.querySelectorAll('.tw-entry').length === 4")
    assert near(pixels(notebook), BLUE) > 200
    reopen(notebook)
    assert "xyzzyx" not in (lab.root / notebook.name).read_text()
    assert saved_bytes(lab, notebook) < 6_000  # what axes, measures and methods there are
    notebook.wait_for("d.connection === 'absent'")
    said = notebook.widget().locator(".tw-waiting").inner_text()
    assert "nothing of the map was saved (save_state=False)" in said
    assert "run the cell to show the map" in said


def test_what_is_saved_of_many_rows_is_small(open_own, lab):
    notebook = open_own()
    notebook.show(
        "import numpy as np\nfrom tsne_widget import TSNEWidget\n"
        "X = np.random.default_rng(0).normal(size=(50_000, 4)).astype('float32')\n"
        "w = TSNEWidget(X, labels=np.arange(50_000) % 30, init=X[:, :2], autostart=False)\nw"
    )
    reopen(notebook)
    assert 50_000 * 4 < saved_bytes(lab, notebook) < 1_000_000

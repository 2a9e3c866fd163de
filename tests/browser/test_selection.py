"""The rows that were circled are the rows in Python."""

from __future__ import annotations

import numpy as np
import pytest
from conftest import DIGITS, ENDLESS
from lab import ENDED, circle, map_area

LEFT_TOP = {"left": 0.05, "top": 0.05, "right": 0.5, "bottom": 0.5}
RIGHT_BOTTOM = {"left": 0.5, "top": 0.5, "right": 0.95, "bottom": 0.95}
HEAR_LASSO = """element => {
    window.lassos = [];
    element.addEventListener('tsne-lasso', event => {
        const { vertices, rows, iteration } = event.detail;
        window.lassos.push({ vertices: [...vertices], rows: [...rows], iteration });
    });
}"""


def inside(points: np.ndarray, vertices: np.ndarray) -> np.ndarray:
    """Even-odd test of points (n, 2) in a polygon (m, 2), one edge after the other."""
    result = np.zeros(len(points), bool)
    x, y = points.astype(np.float64).T
    for (x0, y0), (x1, y1) in zip(vertices, np.roll(vertices, -1, axis=0), strict=True):
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            result ^= crosses & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return np.flatnonzero(result)


@pytest.fixture
def settled(open_notebook):
    notebook = open_notebook(
        DIGITS, "seen = []\nw.observe(lambda change: seen.append(change['new']), 'selection')"
    )
    notebook.run(0)
    notebook.run(1)
    notebook.wait_for(f"{ENDED} && d.still === 'true'")
    return notebook


def test_rows_circled_are_rows_in_python(settled):
    settled.widget().evaluate(HEAR_LASSO)
    circle(settled, LEFT_TOP)
    settled.wait_for("Number(d.selected) > 0")
    lasso = settled.page.evaluate("() => window.lassos[0]")
    points = np.array(settled.python("w.embedding_.tolist()"), np.float32)
    expected = inside(points, np.array(lasso["vertices"]).reshape(-1, 2)).tolist()
    assert len(expected) > 50
    settled.expect("w.selection.tolist()", expected)
    assert settled.python("str(w.selection.dtype)") == "int64"
    assert settled.python("(w.selected_rows() == X[w.selection]).all().item()")
    assert settled.python("[rows.tolist() for rows in seen]") == [expected]
    assert f"{len(expected)} rows selected" in settled.widget().inner_text()
    # They get a map of their own, and from there one comes to fewer of them.
    settled.widget().get_by_role("button", name="map of these").click()
    settled.wait_for_panel(1, "d.stage === 'settled' && d.drawn !== ''")
    placed = "np.flatnonzero(np.isfinite(w.runs[1].embedding_[:, 0])).tolist()"
    settled.do("import numpy as np")
    assert settled.python(placed) == expected
    circle(settled, {"left": 0, "top": 0, "right": 1, "bottom": 0.5}, run=1)
    settled.wait_for(f"Number(d.selected) < {len(expected)}")
    settled.expect(f"0 < len(w.selection) and set(w.selection.tolist()) < set({placed})", True)


def test_shift_adds_alt_removes_escape_clears(settled):
    circle(settled, LEFT_TOP)
    settled.wait_for("Number(d.selected) > 0")
    settled.expect("len(w.selection)", int(settled.state()["selected"]))
    first = settled.python("w.selection.tolist()")
    circle(settled, RIGHT_BOTTOM, modifiers=("Shift",))
    settled.wait_for(f"Number(d.selected) > {len(first)}")
    settled.expect("len(w.selection)", int(settled.state()["selected"]))
    both = settled.python("w.selection.tolist()")
    assert set(first) < set(both)
    circle(settled, LEFT_TOP, modifiers=("Alt",))
    settled.wait_for(f"Number(d.selected) < {len(both)}")
    settled.expect("w.selection.tolist()", sorted(set(both) - set(first)))
    settled.page.keyboard.press("Escape")
    settled.wait_for("d.selected === '0'")
    settled.expect("w.selection.tolist()", [])
    assert settled.python("w.selected_rows().shape") == [0, 64]


def test_what_counts_is_the_picture_that_was_circled(open_notebook):
    """The map moves on while the lasso is drawn, and the rows are those of the picture at its beginning."""
    again = ENDLESS.replace("labels=np", "autostart=False, labels=np").replace("w = ", "again = ")
    notebook = open_notebook(ENDLESS, again)
    notebook.run(0)
    notebook.wait_for("Number(d.drawn) > 30")
    notebook.widget().evaluate(HEAR_LASSO)
    area = map_area(notebook)
    middle = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2
    mouse = notebook.page.mouse
    mouse.move(middle[0], middle[1])
    mouse.down()
    mouse.move(middle[0] - 200, middle[1] - 60, steps=5)
    now = int(notebook.state()["iteration"])
    notebook.wait_for(f"Number(d.iteration) > {now + 100}")
    mouse.move(middle[0] - 20, middle[1] - 220, steps=5)
    mouse.up()
    notebook.wait_for("Number(d.selected) > 0")
    lasso = notebook.page.evaluate("() => window.lassos[0]")
    assert lasso["iteration"] < now + 100
    notebook.run(1)
    notebook.python("w.pause().iteration")
    iteration = lasso["iteration"]
    points = np.array(notebook.python(f"again.step({iteration}).wait().embedding_.tolist()"), np.float32)
    expected = inside(points, np.array(lasso["vertices"]).reshape(-1, 2)).tolist()
    assert lasso["rows"] == expected
    notebook.expect("w.selection.tolist()", expected)


def test_a_lasso_reaches_a_busy_kernel(open_notebook):
    notebook = open_notebook(
        ENDLESS,
        "import time\nbegan = time.time()\n"
        "while len(w.selection) == 0 and time.time() - began < 60:\n    time.sleep(.002)\n"
        "arrived = len(w.selection)",
    )
    notebook.run(0)
    notebook.wait_for("Number(d.drawn) > 5")
    notebook.start(1)
    circle(notebook, {"left": 0.2, "top": 0.2, "right": 0.8, "bottom": 0.8})
    notebook.finish()
    assert notebook.python("arrived") > 0


def test_python_selects_and_the_rest_is_dimmed(settled):
    from test_map import near, pixels

    blue = (0, 114, 178)  # label 0
    before = near(pixels(settled), blue)
    settled.python("w.select(y == 1).selection.size")
    settled.wait_for(f"d.selected === '{settled.python('int((y == 1).sum())')}'")
    assert near(pixels(settled), blue) < before / 4
    settled.python("w.select(None).selection.size")
    settled.wait_for("d.selected === '0'")
    assert near(pixels(settled), blue) > before / 2


def test_a_click_selects_one_and_a_click_beside_it_none(open_notebook):
    notebook = open_notebook(
        "import numpy as np\nfrom tsne_widget import TSNEWidget\n"
        "start = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [.5, .5]])\n"
        "w = TSNEWidget(np.eye(5), perplexity=2, init=start, autostart=False)\nw"
    )
    notebook.run(0)
    notebook.wait_for("d.drawn === '0' && d.still === 'true'")
    canvas = notebook.widget().locator("canvas.tw-canvas")
    canvas.click()
    notebook.wait_for("d.selected === '1'")
    notebook.expect("w.selection.tolist()", [4])
    area = canvas.bounding_box()
    canvas.click(position={"x": area["width"] / 2, "y": area["height"] / 4})
    notebook.wait_for("d.selected === '0'")

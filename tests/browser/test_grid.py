"""Several maps side by side: aligned, linked, compared."""

from __future__ import annotations

import io

import numpy as np
import pytest
from actions import pick_color, turn_wheel
from conftest import ENDLESS
from lab import ENDED, circle, map_area
from PIL import Image
from test_selection import HEAR_LASSO, inside

GRID = """
from sklearn.datasets import load_digits
from tsne_widget import TSNEWidget
X, y = load_digits(return_X_y=True)
X, y = X[::3], y[::3]
w = TSNEWidget(X, labels=y, {})
w
"""
THREE = GRID.format("perplexity=[5, 30, 100]")


def endless(parameters: str) -> str:
    """Return a cell with a grid that moves for as long as a test can take."""
    return ENDLESS.replace("labels=np", f"{parameters}, labels=np")


#: Two starts at rest, one the other turned by 75 degrees, mirrored, scaled and moved.
TURNED = """
import numpy as np
from tsne_widget import TSNEWidget
rng = np.random.default_rng(0)
start = rng.normal(size=(300, 2)) * [3, 1] + rng.integers(0, 2, size=(300, 1)) * [4, 1]
angle = np.deg2rad(75)
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) @ np.diag([-1, 1])
X = rng.normal(size=(300, 5))
w = TSNEWidget(X, labels=np.arange(300) % 3, init=[start, 2.5 * start @ turn + 7], init_scale=False,
    autostart=False)
w
"""


def panel_pixels(notebook, run: int) -> np.ndarray:
    picture = notebook.page.screenshot(clip=map_area(notebook, run))
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def painted(image: np.ndarray) -> np.ndarray:
    """Tell which pixels are of points: those of a colour."""
    return image.max(axis=2) - image.min(axis=2) > 60


def alike(a: np.ndarray, b: np.ndarray) -> float:
    """Return the share of the painted pixels of two pictures that are painted in both."""
    height, width = min(a.shape[0], b.shape[0]), min(a.shape[1], b.shape[1])
    a, b = painted(a[:height, :width]), painted(b[:height, :width])
    return (a & b).sum() / max(1, (a | b).sum())


@pytest.fixture
def three(open_notebook):
    notebook = open_notebook(THREE)
    notebook.run(0)
    notebook.wait_for(f"d.maps === '3' && {ENDED} && d.still === 'true'")
    return notebook


def title(notebook, run: int):
    return notebook.panel(run).locator(".tw-title")


def menu(notebook, run: int):
    """Open a panel's menu."""
    notebook.panel(run).get_by_role("button", name="Menu of").click()
    return notebook.panel(run).locator(".tw-popover")


def test_three_perplexities_are_three_maps(three):
    assert [text.split("\n")[0] for text in three.panels().locator(".tw-title strong").all_inner_texts()] == [
        "perplexity 5",
        "perplexity 30",
        "perplexity 100",
    ]
    pictures = [panel_pixels(three, run) for run in range(3)]
    for picture in pictures:
        assert painted(picture).sum() > 2000
    assert alike(pictures[0], pictures[1]) < 0.6
    assert alike(pictures[1], pictures[2]) < 0.6
    assert three.python("[run.perplexity for run in w.runs]") == [5, 30, 100]
    assert three.python("len({run.embedding_.tobytes() for run in w.runs})") == 3
    for run in (1, 2):
        assert float(three.panel(run).get_attribute("data-correlation")) > 0.5
    assert "KL cannot be compared between perplexities" in three.widget().inner_text()


def test_all_move_together(open_notebook):
    notebook = open_notebook(endless("random_state=[0, 1, 2, 3], init=['pca', 'random']"))
    notebook.run(0)
    notebook.wait_for("d.maps === '8' && Number(d.drawn) > 0")
    first = int(notebook.state()["drawn"])
    notebook.wait_for(f"Number(d.drawn) > {first + 20}")  # the least of all
    # All at one moment: they move.
    iterations = notebook.panels().evaluate_all("panels => panels.map(each => Number(each.dataset.drawn))")
    assert max(iterations) < 2 * min(iterations)
    headers = notebook.widget().locator(".tw-header").all_inner_texts()
    assert headers == ["seed 0", "seed 1", "seed 2", "seed 3", "PCA init", "random init"]


@pytest.mark.parametrize("run", [pytest.param(0, marks=pytest.mark.release), 2])
def test_rows_circled_in_one_map_are_rows_in_all_and_in_python(open_notebook, run):
    """The kernel is busy: highlighting needs it not, and Python has the rows before the cell ends."""
    notebook = open_notebook(
        THREE,
        "import time\nbegan = time.time()\n"
        "while len(w.selection) == 0 and time.time() - began < 60:\n    time.sleep(.002)\n"
        "arrived = w.selection.tolist()",
    )
    notebook.run(0)
    notebook.wait_for(f"d.maps === '3' && {ENDED} && d.still === 'true'")
    before = [painted(panel_pixels(notebook, each)).sum() for each in range(3)]
    notebook.widget().evaluate(HEAR_LASSO.replace("vertices: [", "run: event.detail.run, vertices: ["))
    notebook.start(1)
    circle(notebook, {"left": 0.1, "top": 0.1, "right": 0.5, "bottom": 0.55}, run=run)
    notebook.wait_for("Number(d.selected) > 0")
    notebook.finish()
    lasso = notebook.page.evaluate("() => window.lassos[0]")
    assert lasso["run"] == run
    points = np.array(notebook.python(f"w.runs[{run}].embedding_.tolist()"), np.float32)
    expected = inside(points, np.array(lasso["vertices"]).reshape(-1, 2)).tolist()
    assert 20 < len(expected) < 500
    assert notebook.python("arrived") == expected
    for each in range(3):
        assert painted(panel_pixels(notebook, each)).sum() < 0.85 * before[each]


def test_hovering_shows_the_row_in_all_maps(three):
    area = map_area(three, 1)
    for step in range(40):
        three.page.mouse.move(area["x"] + area["width"] * (0.2 + step / 80), area["y"] + area["height"] / 2)
        if three.state().get("hover"):
            break
    three.wait_for("d.hover !== ''")
    rings = three.widget().locator(".tw-map svg g")
    assert rings.count() == 3
    places = sorted(rings.nth(number).bounding_box()["x"] for number in range(3))
    for run, x in enumerate(places):  # one in each panel
        box = three.panel(run).bounding_box()
        assert box["x"] <= x <= box["x"] + box["width"]


def test_the_legend_isolates_in_all_maps(three):
    before = [painted(panel_pixels(three, run)).sum() for run in range(3)]
    three.widget().locator(".tw-entry").nth(1).click()
    three.wait_for("d.isolated === '1' && d.still === 'true'")
    for run in range(3):
        assert painted(panel_pixels(three, run)).sum() < before[run] / 2


def test_a_title_enlarges_its_map_and_gives_it_back(three):
    small = three.panel(1).bounding_box()["width"]
    title(three, 1).click()
    three.wait_for("d.focus === '1'")
    assert three.panel(1).bounding_box()["width"] > 1.5 * small
    assert three.panel(0).bounding_box()["width"] < small
    title(three, 2).focus()
    three.page.keyboard.press("Enter")
    three.wait_for("d.focus === '2'")
    three.page.keyboard.press("Escape")
    three.wait_for("d.focus === ''")
    assert three.panel(2).bounding_box()["width"] == pytest.approx(small, abs=2)


@pytest.mark.release
def test_a_morph_goes_from_one_map_to_another_and_marks_who_travels_furthest(three):
    title(three, 1).click()
    three.wait_for("d.focus === '1'")
    bar = three.panel(1).locator(".tw-morph")
    bar.locator("select").select_option(label="perplexity 100")
    slider = bar.locator("input[type=range]")
    pictures = []
    for t in ("0", "0.5", "1"):
        slider.fill(t)
        three.wait_for("d.still === 'true'")
        three.page.wait_for_function("() => new Promise(done => setTimeout(() => done(true), 300))")
        pictures.append(panel_pixels(three, 1))
    assert alike(pictures[0], pictures[1]) < 0.7
    assert alike(pictures[0], pictures[2]) < 0.7
    bar.get_by_label("mark the").check()
    bar.get_by_role("button", name="select them").click()
    three.wait_for("Number(d.selected) > 0")
    # The same in numpy: both maps centred, of equal size, one turned onto the other.
    layouts = [np.array(three.python(f"w.runs[{run}].embedding_.tolist()")) for run in range(3)]
    shown = [layout - layout.mean(axis=0) for layout in layouts]
    shown = [layout / np.sqrt((layout**2).sum(axis=1).mean()) for layout in shown]
    for run in (1, 2):
        u, _, vt = np.linalg.svd(shown[run].T @ shown[0])
        shown[run] = shown[run] @ u @ vt
    travel = np.linalg.norm(shown[1] - shown[2], axis=1)
    expected = np.sort(np.argsort(-travel)[: int(np.ceil(0.05 * len(travel)))])
    selected = three.python("w.selection.tolist()")
    assert len(selected) == len(expected)
    assert len(set(selected) & set(expected.tolist())) >= 0.9 * len(expected)
    # Escape gives up one thing after the other.
    three.page.keyboard.press("Escape")
    assert bar.locator("input[type=range]").count() == 0
    assert three.state()["focus"] == "1"
    three.page.keyboard.press("Escape")
    three.wait_for("d.selected === '0' && d.focus === '1'")
    three.page.keyboard.press("Escape")
    three.wait_for("d.focus === ''")


def test_the_compare_menu_makes_a_grid_and_takes_it_back(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for("d.maps === '1' && Number(d.iteration) > 0")
    widget = notebook.widget()
    widget.get_by_role("button", name="Compare several").click()
    dialog = widget.get_by_role("dialog", name="Compare several")
    dialog.get_by_role("button", name="5, 30, 100").click()
    dialog.get_by_label("seeds").fill("2")
    dialog.get_by_role("button", name="show 6 maps").click()
    notebook.wait_for("d.maps === '6' && Number(d.drawn) > 0")
    assert notebook.python("[(r.perplexity, r.random_state) for r in w.runs]") == [
        [perplexity, seed] for perplexity in (5, 30, 100) for seed in (0, 1)
    ]
    assert notebook.python("[list(w.perplexity), list(w.random_state)]") == [[5, 30, 100], [0, 1]]
    # The map there was is among them, and went on.
    before = int(notebook.panel(0).get_attribute("data-drawn"))
    notebook.wait_for_panel(0, f"Number(d.drawn) > {before}")
    widget.get_by_role("button", name="Compare several").click()
    dialog.get_by_label("perplexities").fill("5, 5")
    assert "twice" in dialog.get_by_role("alert").inner_text()
    assert dialog.get_by_role("button", name="show").is_disabled()
    dialog.get_by_role("button", name="back to one").click()
    notebook.wait_for("d.maps === '1'")
    assert notebook.python("[w.perplexity, w.random_state]") == [30, 0]
    notebook.wait_for(f"Number(d.drawn) > {before}")


@pytest.mark.release
def test_maps_of_two_metrics_stand_side_by_side(open_notebook):
    notebook = open_notebook(endless("metric=['euclidean', 'cosine'], exaggeration=[1, 4]"))
    notebook.run(0)
    notebook.wait_for("d.maps === '4' && Number(d.drawn) > 0")
    headers = notebook.widget().locator(".tw-header").all_inner_texts()
    assert headers == ["exaggeration 1", "exaggeration 4", "euclidean", "cosine"]
    assert "between metrics and exaggerations" in notebook.widget().inner_text()
    menu(notebook, 0).get_by_label("metric").select_option("cosine")
    assert "another map" in notebook.panel(0).locator(".tw-popover").get_by_role("alert").inner_text()
    notebook.page.keyboard.press("Escape")
    widget = notebook.widget()
    widget.get_by_role("button", name="Compare several").click()
    dialog = widget.get_by_role("dialog", name="Compare several")
    dialog.get_by_label("exaggerations").fill("2")
    dialog.get_by_label("euclidean").uncheck()
    dialog.get_by_role("button", name="show 1 map").click()
    notebook.wait_for("d.maps === '1' && Number(d.drawn) > 0")
    assert notebook.python("[w.metric, w.exaggeration, w.runs[0].metric]") == ["cosine", 2, "cosine"]


def test_python_makes_a_grid_and_takes_it_back(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for("Number(d.iteration) > 0")
    notebook.python("len(w.compare(perplexity=[5, 30]).runs)")
    notebook.wait_for("d.maps === '2' && Number(d.drawn) > 0")
    iteration = int(notebook.panel(0).get_attribute("data-drawn"))
    notebook.python("len(w.compare().runs)")
    notebook.wait_for(f"d.maps === '1' && Number(d.drawn) > {iteration} && d.perplexity === '30'")


def test_a_perplexity_out_of_range_says_so_and_the_others_run(open_notebook):
    notebook = open_notebook(GRID.format("perplexity=[5, 5000]"))
    notebook.run(0)
    notebook.wait_for_panel(0, "d.stage === 'settled'")
    alert = notebook.panel(1).get_by_role("alert")
    assert "Out of range" in alert.inner_text()
    assert "perplexity=5000" in alert.inner_text()
    assert notebook.python("w.wait(60).runs[0].settled")


@pytest.mark.release
def test_a_turned_copy_is_turned_back(open_notebook):
    notebook = open_notebook(TURNED)
    notebook.run(0)
    notebook.wait_for("d.maps === '2' && d.drawn === '0' && d.still === 'true'")
    notebook.wait_for_panel(1, "d.mirrored === 'true' && Number(d.correlation) > 0.999")
    assert alike(panel_pixels(notebook, 0), panel_pixels(notebook, 1)) > 0.8
    notebook.python("setattr(w, 'align', False)")
    notebook.wait_for_panel(1, "d.mirrored === 'false'")
    notebook.wait_for("d.still === 'true'")
    assert alike(panel_pixels(notebook, 0), panel_pixels(notebook, 1)) < 0.5
    notebook.widget().get_by_role("button", name="Turn the maps").click()
    notebook.widget().get_by_label("fit all points").check()
    notebook.wait_for_panel(1, "d.mirrored === 'true'")
    notebook.wait_for("d.still === 'true'")
    notebook.expect("w.align", True)
    assert alike(panel_pixels(notebook, 0), panel_pixels(notebook, 1)) > 0.8
    # For the eye only: in Python it lies as it was given.
    assert notebook.python("np.allclose(w.runs[1].embedding_, 2.5 * start @ turn + 7, atol=1e-4)")


def test_a_panels_menu_is_about_that_map_alone(open_notebook):
    notebook = open_notebook(endless("perplexity=[5, 30, 100]"))
    notebook.run(0)
    notebook.wait_for("d.maps === '3' && Number(d.drawn) > 0")
    menu(notebook, 1).get_by_role("button", name="Pause").click()
    notebook.wait_for_panel(1, "d.stage === 'paused'")
    notebook.page.keyboard.press("Escape")
    rested = int(notebook.panel(1).get_attribute("data-drawn"))
    other = int(notebook.panel(2).get_attribute("data-drawn"))
    notebook.wait_for_panel(2, f"Number(d.drawn) > {other + 10}")
    assert int(notebook.panel(1).get_attribute("data-drawn")) == rested
    menu(notebook, 0).get_by_role("button", name="remove").click()
    notebook.wait_for("d.maps === '2'")
    assert notebook.python("[run.perplexity for run in w.runs]") == [30, 100]
    other = int(notebook.panel(2).get_attribute("data-drawn"))
    notebook.wait_for_panel(2, f"Number(d.drawn) > {other + 10} && d.epoch === '0'")
    # The toolbar is about all.
    notebook.widget().get_by_role("group", name="Map controls").get_by_role("button", name="Pause").click()
    notebook.wait_for("d.stage === 'paused'")
    notebook.widget().get_by_role("group", name="Map controls").get_by_role("button", name="Play").click()
    notebook.wait_for_panel(1, f"Number(d.drawn) > {rested}")
    menu(notebook, 2).get_by_role("button", name="keep only this one").click()
    notebook.wait_for("d.maps === '1' && d.perplexity === '100'")


def test_cameras_are_linked_until_they_are_set_free(three):
    def zooms() -> list[float]:
        three.wait_for("d.still === 'true'")
        return [float(three.panel(run).get_attribute("data-zoom")) for run in range(3)]

    area = map_area(three, 0)
    three.page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    turn_wheel(three, -400)
    three.wait_for_panel(2, "Number(d.zoom) > 1.3")
    first, second, third = zooms()
    assert second == pytest.approx(first, rel=0.02)
    assert third == pytest.approx(first, rel=0.02)
    three.widget().get_by_role("button", name="Move and zoom all maps together").click()
    before = [panel_pixels(three, run) for run in range(3)]
    three.page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    turn_wheel(three, -400)
    three.wait_for_panel(0, f"Number(d.zoom) > {1.3 * first}")
    three.wait_for("d.still === 'true'")
    for run in (1, 2):
        assert (panel_pixels(three, run) == before[run]).all()
    # Keys are then about the map that is pointed at.
    area = map_area(three, 2)
    three.page.mouse.move(area["x"] + 5, area["y"] + 5)
    zoom = float(three.panel(2).get_attribute("data-zoom"))
    three.widget().locator(".tw-map").press("+")
    three.wait_for_panel(2, f"Number(d.zoom) > {1.2 * zoom}")
    three.wait_for("d.still === 'true'")
    inner = (slice(4, -4), slice(4, -4))  # the map is focused now, and framed
    assert (panel_pixels(three, 1)[inner] == before[1][inner]).all()


def test_stability_colors_the_maps_and_is_told_by_label_and_selection(three):
    pick_color(three, "stability across maps")
    three.wait_for("d.measured === 'stability,0,1,2'")
    legend = three.widget().locator(".tw-legend")
    by_label = [float(text) for text in legend.locator(".tw-entry .tw-share").all_inner_texts()]
    expected = three.python("[float(w.stability()[y == label].mean()) for label in range(10)]")
    assert by_label == pytest.approx(expected, abs=0.006)
    three.python("w.select(y == 3).selection.size")
    three.wait_for("Number(d.selected) > 0")
    assert f"mean stability {expected[3]:.2f}" in legend.locator(".tw-selected").inner_text()
    assert "all 3 maps" in legend.inner_text()
    title(three, 0).click()
    three.panel(0).locator(".tw-morph select").select_option(label="perplexity 30")
    three.wait_for("d.measured === 'stability,0,1'")
    both = three.python("float(w.stability(runs=[0, 1]).mean())")
    assert f"{both:.2f}" in legend.inner_text()


def test_agreement_by_construction_is_called_so(open_notebook):
    notebook = open_notebook(GRID.format("random_state=[0, 1, 2]"))
    notebook.run(0)
    notebook.wait_for(f"d.maps === '3' && {ENDED}")
    pick_color(notebook, "stability across maps")
    notebook.wait_for("d.measured === 'stability,0,1,2'")
    note = notebook.widget().locator(".tw-legend").get_by_role("note")
    assert "means almost nothing" in note.inner_text()
    note.get_by_role("button", name="start at random").click()
    notebook.expect("[w.init, len(w.runs)]", ["random", 3])
    notebook.wait_for("d.drawn !== '' && d.measured.split(',').length === 4")
    assert notebook.widget().locator(".tw-legend").get_by_role("note").count() == 0


def test_a_reload_shows_the_grid_again(three):
    before = [panel_pixels(three, run) for run in range(3)]
    three.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")
    three.open()
    three.wait_for("d.maps === '3' && d.drawn !== '' && d.still === 'true'")
    for run in range(3):
        assert alike(before[run], panel_pixels(three, run)) > 0.5

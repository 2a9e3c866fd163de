"""What a user does to a map, its menus and its drawer, and a map where every row's place is known."""

from __future__ import annotations

from lab import Notebook, map_area
from playwright.sync_api import Locator

#: Four clusters of 60 rows, one in each quarter, symmetric to the middle; nothing moves, so that a test knows
#: where each row is. Row 0 is the ant furthest to the left and above, which stands alone. No two are so close
#: that a pixel beside the one is the other.
QUARTERS = """
import numpy as np
from tsne_widget import TSNEWidget

rng = np.random.default_rng(0)
cells = np.stack(np.meshgrid(*2 * [np.linspace(-1, 1, 8)]), axis=-1).reshape(-1, 2)
half = np.concatenate([middle + rng.permutation(cells)[:60] for middle in ([-5, 3], [5, 3])])
half += rng.uniform(-0.08, 0.08, size=half.shape)
half[0] = [-8, 4.5]
start = np.concatenate([half, -half[::-1]])
kind = np.repeat(["ant", "bee", "cat", "dog"], 60)
X = np.column_stack([start, rng.normal(size=(240, 3))])
asleep = {"init": start, "autostart": False}
"""
ANTS, BEES, CATS, DOGS = (list(range(60 * kind, 60 * kind + 60)) for kind in range(4))
#: The quarters of the map, as `circle` takes them.
TOP_LEFT, TOP_RIGHT, BOTTOM_LEFT, BOTTOM_RIGHT = (
    {"left": x, "top": y, "right": x + 0.49, "bottom": y + 0.49}
    for y in (0.005, 0.505)
    for x in (0.005, 0.505)
)
LEFT, RIGHT, TOP = (
    {"left": left, "top": 0.005, "right": right, "bottom": bottom}
    for left, right, bottom in ((0.005, 0.495, 0.995), (0.505, 0.995, 0.995), (0.005, 0.995, 0.495))
)


def place_of(notebook: Notebook, row: int, run: int | None = None) -> tuple[float, float]:
    """Return where on the page a row's point is, of a map symmetric to 0 that is fitted as by `camera.ts`."""
    points = f"w.runs[{run or 0}].embedding_"
    x, y, half_width, half_height = notebook.python(f"[*{points}[{row}].tolist(), *{points}.max(0).tolist()]")
    area = map_area(notebook, run)
    width, height = area["width"], area["height"]
    margin = max(10, 0.05 * min(width, height))
    scale = min((width / 2 - margin) / half_width, (height / 2 - margin) / half_height)
    return area["x"] + width / 2 + scale * x, area["y"] + height / 2 - scale * y


def point_at(notebook: Notebook, row: int, run: int | None = None) -> None:
    """Move the pointer onto a row's point, once the page stands still; the map's place is asked for then."""
    place, area = place_of(notebook, row, run), map_area(notebook)
    notebook.widget().locator("canvas.tw-canvas").hover(
        position={"x": place[0] - area["x"], "y": place[1] - area["y"]}
    )
    notebook.wait_for(f"d.hover === '{row}'")


def click_on(notebook: Notebook, row: int, *modifiers: str, run: int | None = None) -> None:
    """Click on a row's point."""
    for key in modifiers:
        notebook.page.keyboard.down(key)
    notebook.page.mouse.click(*place_of(notebook, row, run))
    for key in modifiers:
        notebook.page.keyboard.up(key)


def press(notebook: Notebook, key: str) -> None:
    """Press a key on the map."""
    notebook.widget().locator(".tw-map").press(key)


def open_menu(notebook: Notebook, label: str) -> Locator:
    """Open one of the widget's menus and return it."""
    notebook.widget().get_by_role("button", name=label).click()
    return notebook.page.locator(".tsne-widget .tw-popover:popover-open").last


def selected(notebook: Notebook, rows: list[int]) -> None:
    """Wait until these rows are selected, in the view and in Python."""
    notebook.wait_for(f"d.selected === '{len(rows)}'")
    notebook.expect("w.selection.tolist()", rows)


def drag(notebook: Notebook, box: dict[str, float], *modifiers: str, run: int | None = None) -> None:
    """Drag from the left top of a box to its right bottom, which are parts of the map from 0 to 1."""
    area = map_area(notebook, run)
    mouse, keyboard = notebook.page.mouse, notebook.page.keyboard
    for key in modifiers:
        keyboard.down(key)
    mouse.move(area["x"] + box["left"] * area["width"], area["y"] + box["top"] * area["height"])
    mouse.down()
    mouse.move(area["x"] + box["right"] * area["width"], area["y"] + box["bottom"] * area["height"], steps=6)
    mouse.up()
    for key in modifiers:
        keyboard.up(key)


def select_box(notebook: Notebook, box: dict[str, float], *modifiers: str, run: int | None = None) -> None:
    """Select what lies in a rectangle."""
    button = notebook.widget().get_by_role("button", name="Rectangle:")
    if button.get_attribute("aria-pressed") == "false":
        button.click()
    drag(notebook, box, *modifiers, run=run)


def pick_color(notebook: Notebook, choice: str) -> None:
    """Choose what colours the points: a column, or something else by its words."""
    menu = open_menu(notebook, "What colours the points")
    menu.get_by_role("option").filter(has=notebook.page.get_by_text(choice, exact=True)).click()


def open_drawer(notebook: Notebook, tab: str = "rows") -> Locator:
    """Show a tab of the drawer and wait for its answer."""
    drawer = notebook.widget().locator(".tw-drawer")
    if drawer.count() == 0:
        notebook.widget().get_by_role("button", name="Selected rows, what").click()
    drawer.locator(f"[role='tab'][data-tab='{tab}']").click()
    return answered(notebook)


def answered(notebook: Notebook, state: str = "") -> Locator:
    """Wait until the drawer shows what was asked for, in a state such as "[data-batch='2']"; return it."""
    drawer = notebook.widget().locator(".tw-drawer")
    drawer.and_(notebook.page.locator(f"[data-answered='true']{state}")).wait_for()
    return drawer


def drawer_rows(notebook: Notebook) -> list[int]:
    """Return the rows that the drawer's table shows, in order."""
    rows = notebook.widget().locator(".tw-rows tbody tr")
    return rows.evaluate_all("rows => rows.map(row => Number(row.dataset.row))")


def next_seed(notebook: Notebook) -> None:
    """Take the next seed, also where the init leaves it little to change."""
    notebook.widget().get_by_role("button", name="Next seed").click()
    notebook.widget().get_by_role("button", name="next seed all the same").click()


def turn_wheel(notebook: Notebook, pixels: int) -> None:
    """Turn the wheel with Ctrl, which zooms the map under the pointer."""
    notebook.page.keyboard.down("Control")
    notebook.page.mouse.wheel(0, pixels)
    notebook.page.keyboard.up("Control")

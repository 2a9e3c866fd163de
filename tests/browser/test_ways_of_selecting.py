"""Each way of selecting in the view gives the rows that were meant, in Python too."""

from __future__ import annotations

import pytest
from actions import (
    ANTS,
    BEES,
    BOTTOM_RIGHT,
    CATS,
    DOGS,
    LEFT,
    QUARTERS,
    TOP,
    TOP_LEFT,
    TOP_RIGHT,
    click_on,
    drag,
    open_menu,
    press,
    select_box,
    selected,
)
from lab import circle

ALL = list(range(240))
WHOLE = {"left": 0.005, "top": 0.005, "right": 0.995, "bottom": 0.995}
ALONE = QUARTERS + "w = TSNEWidget(X, labels=kind, **asleep)\nw"
TWO = QUARTERS + "w = TSNEWidget(X, labels=kind, perplexity=[20, 30], **asleep)\nw"
#: Rows with an index and texts: 'bee' is a kind, and a part of what is said of the first three rows.
TABLE = QUARTERS + (
    "import pandas as pd\n"
    "df = pd.DataFrame(X, columns=list('abcde'), index=[f'cell-{row}' for row in range(240)])\n"
    "df['kind'] = kind\n"
    "df['note'] = ['Beetle found'] * 3 + [f'nothing about {row}' for row in range(3, 240)]\n"
    "w = TSNEWidget(df, labels='kind', **asleep)\nw"
)


@pytest.fixture
def quarters(page):
    page.show(ALONE)
    return page


def choose(notebook, item: str) -> None:
    """Choose an item of the selection menu."""
    open_menu(notebook, "Selection:").get_by_role("button", name=item).click()


def choose_operation(notebook, name: str) -> None:
    open_menu(notebook, "Selection:").get_by_label(name).check()
    notebook.page.keyboard.press("Escape")  # closes the menu, and nothing else


def entry(notebook, name: str):
    return notebook.widget().locator(f".tw-legend [data-label='{name}']")


def select_label(notebook, name: str, *modifiers: str) -> None:
    """Press the button that appears where the pointer is on a label."""
    entry(notebook, name).hover()
    entry(notebook, name).get_by_role("button", name=f"Select {name}").click(modifiers=modifiers)


def test_a_rectangle_selects_what_lies_in_it(quarters):
    select_box(quarters, TOP_LEFT)
    selected(quarters, ANTS)
    select_box(quarters, BOTTOM_RIGHT, "Shift")
    selected(quarters, ANTS + DOGS)
    press(quarters, "r")  # gives the mode up again: a drag moves the map
    drag(quarters, TOP_LEFT)
    quarters.wait_for("d.following === 'false' && d.selected === '120'")


def test_a_filter_of_the_drawer_lets_only_its_rows_be_circled(quarters):
    quarters.widget().get_by_role("button", name="Selected rows, what").click()
    bars = quarters.widget().locator(".tw-filters [data-distribution]").first
    bars.locator("[data-value='bee']").click()
    quarters.wait_for("d.filtered === '60' && d.still === 'true'")
    quarters.expect("w.filtered.tolist()", BEES)
    select_box(quarters, WHOLE)
    selected(quarters, BEES)
    quarters.widget().locator(".tw-filtered [aria-pressed='false']").click()
    quarters.wait_for("d.filtered === '180'")
    quarters.widget().locator(".tw-filtered").get_by_text("select them").click()
    selected(quarters, sorted(ANTS + CATS + DOGS))
    for _ in range(2):  # the selection, and the condition that was turned around
        press(quarters, "Control+z")
    quarters.wait_for("d.filtered === '60'")


def test_clicks_select_points_one_by_one(quarters):
    click_on(quarters, 0)
    selected(quarters, [0])
    click_on(quarters, 239, "Shift")
    selected(quarters, [0, 239])
    click_on(quarters, 0, "Alt")
    selected(quarters, [239])
    quarters.page.mouse.click(
        *(quarters.widget().locator(".tw-map").bounding_box()[side] + 3 for side in "xy")
    )
    selected(quarters, [])


def test_the_legend_isolates_without_selecting_and_selects_without_isolating(quarters):
    entry(quarters, "ant").locator(".tw-entry").click()
    quarters.wait_for("d.isolated === '1' && d.selected === '0'")
    entry(quarters, "dog").locator(".tw-entry").click(modifiers=["Shift"])
    quarters.wait_for("d.isolated === '2' && d.selected === '0'")
    select_label(quarters, "ant")
    selected(quarters, ANTS)
    select_label(quarters, "bee", "Shift")
    selected(quarters, ANTS + BEES)
    select_label(quarters, "ant", "Alt")
    selected(quarters, BEES)
    assert quarters.state()["isolated"] == "2"


def test_everything_with_these_labels(quarters):
    click_on(quarters, 0)
    click_on(quarters, 239, "Shift")
    selected(quarters, [0, 239])
    choose(quarters, "everything with these labels")
    selected(quarters, ANTS + DOGS)


def test_all_none_and_invert_by_keys_and_by_the_menu(quarters):
    press(quarters, "Control+a")
    selected(quarters, ALL)
    press(quarters, "Escape")
    selected(quarters, [])
    circle(quarters, TOP_LEFT)
    selected(quarters, ANTS)
    press(quarters, "i")
    selected(quarters, BEES + CATS + DOGS)
    choose(quarters, "invert")
    selected(quarters, ANTS)
    choose(quarters, "select all")
    selected(quarters, ALL)
    choose(quarters, "select none")
    selected(quarters, [])


#: What the left half and then the upper half select.
OPERATIONS = [
    ((), "new selection", ANTS + BEES),
    (("Shift",), "add to it", ANTS + BEES + CATS),
    (("Alt",), "remove from it", CATS),
    (("Shift", "Alt"), "keep what is in both", ANTS),
]


def test_keys_say_what_a_rectangle_does_with_the_selection(quarters):
    for keys, _, expected in OPERATIONS:
        select_box(quarters, LEFT)
        selected(quarters, ANTS + CATS)
        select_box(quarters, TOP, *keys)
        selected(quarters, expected)


def test_the_menu_says_what_a_rectangle_does_where_no_key_does(quarters):
    for _, name, expected in OPERATIONS:
        quarters.do(f"w.select({ANTS + CATS})")
        quarters.wait_for("d.selected === '120'")
        choose_operation(quarters, name)
        assert quarters.state()["selected"] == "120"
        select_box(quarters, TOP)
        selected(quarters, expected)
    # A label and a click do the same, and keys come first.
    select_label(quarters, "ant")
    selected(quarters, ANTS)
    select_box(quarters, TOP_RIGHT, "Shift")
    selected(quarters, ANTS + BEES)
    click_on(quarters, 0)
    selected(quarters, [0])


def test_undo_and_redo_go_through_what_the_view_and_python_selected(quarters):
    circle(quarters, TOP_LEFT)
    selected(quarters, ANTS)
    quarters.do("w.select(label='bee')")
    selected(quarters, BEES)
    click_on(quarters, 239)
    selected(quarters, [239])
    for key, rows in [("z", BEES), ("z", ANTS), ("Shift+z", BEES), ("z", ANTS), ("z", []), ("y", ANTS)]:
        press(quarters, f"Control+{key}")
        selected(quarters, rows)
    menu = open_menu(quarters, "Selection:")
    menu.get_by_role("button", name="redo").click()
    selected(quarters, BEES)
    menu.get_by_role("button", name="undo").click()
    menu.get_by_role("button", name="undo").click()
    selected(quarters, [])
    assert menu.get_by_role("button", name="undo").is_disabled()
    quarters.do("w.redo().redo().redo()")
    selected(quarters, [239])
    assert menu.get_by_role("button", name="redo").is_disabled()


def test_what_python_selects_is_shown(page):
    page.show(TABLE)
    for selection, rows in [
        ("label=['cat', 'dog']", CATS + DOGS),
        ("index='cell-77', mode='add'", [77, *CATS, *DOGS]),
        ("mask=df.a > 0, mode='intersect'", [77, *DOGS]),
        ("[239], mode='remove'", [77, *DOGS[:-1]]),
    ]:
        page.do(f"w.select({selection})")
        page.wait_for(f"d.selected === '{len(rows)}'")
        assert page.python("w.selection.tolist()") == rows
    assert "60 rows selected" in page.widget().locator(".tw-selected").inner_text()


def search(notebook, text: str, found: str):
    """Type a text into the search and wait until it says how many rows were found."""
    box = notebook.page.locator(".tsne-widget .tw-search")
    if not box.is_visible():
        open_menu(notebook, "Find rows by text")
    box.get_by_label("Text to find").fill(text)
    box.get_by_text(found, exact=True).wait_for()
    return box


def search_in(notebook, place: str, found: str) -> None:
    """Choose in which column is looked for what was typed."""
    box = notebook.page.locator(".tsne-widget .tw-search")
    box.get_by_role("button", name="Column to search").click()
    notebook.page.get_by_role("option", name=place).click()
    box.get_by_text(found, exact=True).wait_for()


def test_texts_and_index_labels_are_found(page):
    page.show(TABLE)
    box = search(page, "bee", "63 rows")
    search_in(page, "note", "3 rows")
    box.get_by_label("Text to find").press("Enter")
    selected(page, [0, 1, 2])
    # What was chosen stays, until all is looked through again.
    box = search(page, "CELL-77", "no row")
    assert box.get_by_role("button", name="select", exact=True).is_disabled()
    search_in(page, "index and all text columns", "1 row")
    box.get_by_label("Text to find").press("Shift+Enter")
    selected(page, [0, 1, 2, 77])
    # Enter at once, before the answer is there.
    menu = open_menu(page, "Find rows by text")
    field, box = menu.get_by_label("Text to find").bounding_box(), menu.bounding_box()
    assert field["x"] - box["x"] == box["x"] + box["width"] - field["x"] - field["width"]
    menu.get_by_label("Text to find").fill("cell-101")
    page.page.keyboard.press("Enter")
    selected(page, [101])


@pytest.mark.parametrize("how", ["search", "key", "menu"])
def test_zooming_to_rows_shows_these_and_what_is_around(page, how):
    page.show(TABLE)
    if how == "search":
        search(page, "dog", "60 rows").get_by_role("button", name="select and zoom").click()
    else:
        page.do("w.select(label='dog')")
        page.wait_for("d.selected === '60'")
        press(page, "z") if how == "key" else choose(page, "zoom to the selection")
    page.wait_for("d.outside === '180' && d.still === 'true'")
    select_box(page, WHOLE)
    selected(page, DOGS)
    press(page, "f")
    page.wait_for("d.outside === '0' && d.following === 'true'")


def test_in_a_grid_any_map_selects_for_all(page):
    page.show(TWO, "d.maps === '2' && d.drawn === '0' && d.still === 'true'")
    press(page, "r")
    drag(page, TOP_LEFT, run=1)
    selected(page, ANTS)
    click_on(page, 239, "Shift", run=0)
    selected(page, [*ANTS, 239])
    select_label(page, "dog")
    selected(page, DOGS)
    press(page, "z")
    for run in (0, 1):
        page.wait_for_panel(run, "Number(d.zoom) > 1.5")
    page.wait_for("d.still === 'true'")
    drag(page, WHOLE, run=0)
    selected(page, DOGS)

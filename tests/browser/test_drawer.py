"""The drawer shows the selected rows, what sets them apart, and answers while Python is busy."""

from __future__ import annotations

import re

import pytest
from actions import (
    ANTS,
    BEES,
    QUARTERS,
    TOP,
    TOP_LEFT,
    answered,
    drawer_rows,
    open_drawer,
    place_of,
    point_at,
    select_box,
    selected,
)
from lab import map_area

#: A row's picture is as bright as its position; ages are in no order, some are missing.
TABLE = (
    QUARTERS
    + """
import pandas as pd
df = pd.DataFrame(X, columns=list("abcde"), index=[f"cell-{row}" for row in range(240)])
df["kind"] = kind
df["age"] = np.where(np.arange(240) % 7 == 3, np.nan, np.arange(240) * 37 % 101)
df["note"] = ["word " * 40 + "end", *(f"short {row}" for row in range(1, 240))]
bright = np.arange(240, dtype="uint8")[:, None, None].repeat(8, 1).repeat(8, 2)
w = TSNEWidget(df, labels="kind", features=list("abcde"), image=bright, **asleep)
w
"""
)
#: Keeps the kernel busy until a single row is selected.
BUSY = """
import time
print("busy now", flush=True)
began = time.time()
while len(w.selection) != 1 and time.time() - began < 60:
    time.sleep(.002)
"""


@pytest.fixture
def table(page):
    page.show(TABLE)
    return page


def headers(notebook):
    return [text.strip() for text in notebook.widget().locator(".tw-rows thead th").all_inner_texts()]


def select(notebook, rows: str) -> None:
    """Select rows in Python and wait for the view."""
    notebook.do(f"w.select({rows})")
    notebook.wait_for(f"d.selected === '{notebook.python('len(w.selection)')}'")


def brightness(notebook, pictures) -> list[int]:
    return pictures.evaluate_all(
        "all => all.map(each => each.getContext('2d').getImageData(0, 0, 1, 1).data[0])"
    )


def ring(notebook) -> tuple[float, float]:
    """Where on the page the ring of the marked row is."""
    circle = notebook.widget().locator(".tw-map > svg > g circle").last
    circle.wait_for(state="attached")
    box = circle.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_nothing_selected_says_how(table):
    table.widget().get_by_role("button", name="Rows that are selected").click()
    drawer = table.widget().locator(".tw-drawer")
    assert "no rows are selected: draw around points on the map" in drawer.inner_text()
    drawer.get_by_role("tab", name="what sets them apart").click()
    assert "no rows are selected: select some to see" in drawer.inner_text()
    select_box(table, TOP_LEFT)
    drawer.get_by_role("tab", name="rows").click()
    answered(table, "[data-rows='60']")
    assert drawer_rows(table) == ANTS[:50]


def test_rows_come_page_by_page(table):
    select(table, f"{ANTS + BEES}")
    drawer = open_drawer(table)
    for button, page, rows in [
        (None, 1, range(0, 50)),
        ("Rows after", 2, range(50, 100)),
        ("Last rows", 3, range(100, 120)),
        ("Rows before", 2, range(50, 100)),
        ("First rows", 1, range(0, 50)),
    ]:
        if button:
            drawer.get_by_role("button", name=button).click()
        answered(table, f"[data-page='{page}']")
        assert drawer_rows(table) == list(rows)
        assert f"rows {rows[0] + 1}\N{EN DASH}{rows[-1] + 1} of 120" in drawer.inner_text()
    drawer.get_by_role("button", name="Last rows").click()
    answered(table, "[data-page='3']")
    select(table, "label='dog'")  # other rows are shown from the first on
    answered(table, "[data-page='1'][data-rows='60']")
    assert drawer_rows(table) == list(range(180, 230))


def test_a_header_sorts_all_selected_rows(table):
    select(table, f"{ANTS + BEES}")
    drawer = open_drawer(table)
    age = drawer.get_by_role("columnheader", name="age")
    for direction in ("ascending", "descending"):
        age.get_by_role("button").click()
        drawer.locator(f"th[aria-sort='{direction}']").wait_for()
        answered(table)
        expected = table.python(
            f"df.reset_index().iloc[w.selection].sort_values('age', ascending={direction == 'ascending'}, "
            "kind='stable', na_position='last').index[:50].tolist()"
        )
        assert drawer_rows(table) == expected
    drawer.get_by_role("button", name="Last rows").click()
    answered(table, "[data-page='3']")
    assert drawer.locator(".tw-rows tbody tr").last.locator("[aria-label='missing']").count() == 1
    age.get_by_role("button").click()  # as the rows are, from the first on
    answered(table, "[data-page='1']")
    assert drawer_rows(table) == ANTS[:50]


def test_columns_are_chosen(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table)
    assert drawer.get_by_role("table", name="Selected rows").count() == 1
    assert headers(table) == ["index", "image", "kind", "age", "note", *"abcde"]
    drawer.get_by_role("button", name="Columns of the table: 8 of 8 columns", exact=True).click()
    option = table.page.locator(".tw-popover:popover-open .tw-option")
    for name in "abde":
        option.and_(table.page.locator(f"[data-value='{name}']")).click()
    table.page.keyboard.type("NOT")
    assert option.all_inner_texts()[0].split() == ["✓", "note", "text"]
    table.page.keyboard.press("Enter")
    answered(table)
    drawer.get_by_role("columnheader", name="note").wait_for(state="detached")
    assert headers(table) == ["index", "image", "kind", "age", "c"]
    # The picker closes on Escape, the drawer with the next one.
    table.page.keyboard.press("Escape")
    assert drawer.count() == 1
    assert table.state()["selected"] == "60"


def test_a_row_is_marked_on_the_map_and_a_point_in_the_table(table):
    select(table, f"{ANTS + BEES}")
    drawer = open_drawer(table)
    drawer.locator("tr[data-row='2']").hover()
    assert ring(table) == pytest.approx(place_of(table, 2), abs=1.5)
    drawer.locator("tr[data-row='3']").hover()
    drawer.get_by_role("tab", name="rows").hover()
    table.widget().locator(".tw-map > svg > g").wait_for(state="detached")
    point_at(table, 44)  # below what is in sight
    row = drawer.locator("tr[data-hovered]")
    row.wait_for()
    assert row.get_attribute("data-row") == "44"
    inside, box = row.bounding_box(), drawer.bounding_box()
    assert box["y"] < inside["y"] < box["y"] + box["height"]
    point_at(table, 239)  # is not selected
    row.wait_for(state="detached")


def test_pictures_stand_in_the_table(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table)
    pictures = drawer.locator("tbody canvas.tw-picture")
    assert brightness(table, pictures) == ANTS[:50]
    assert pictures.first.bounding_box()["width"] == 32  # 8 pixels, four times as large


def test_a_column_can_hold_pictures(page):
    page.show(
        TABLE.replace(
            "w = ", "df['photo'] = list(255 - bright)\ndf.loc['cell-1', 'photo'] = None\nw = "
        ).replace("image=bright, ", "")
    )
    select(page, f"{ANTS}")
    drawer = open_drawer(page)
    assert headers(page) == ["index", "kind", "age", "note", "photo", *"abcde"]
    pictures = drawer.locator("td.tw-of-image canvas.tw-picture")
    assert brightness(page, pictures) == [255 - row for row in ANTS[:50] if row != 1]
    missing = drawer.locator("tr[data-row='1'] td.tw-of-image [aria-label='missing']")
    assert missing.count() == 1


def test_long_texts_are_wrapped_and_told_in_full(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table)
    long, short = (drawer.locator(f"tr[data-row='{row}'] td:nth-of-type(4) .tw-cell") for row in (0, 1))
    assert short.inner_text() == "short 1"
    assert long.get_attribute("title") == "word " * 40 + "end"
    assert long.bounding_box()["height"] > 2 * short.bounding_box()["height"]
    assert long.bounding_box()["width"] < 300


def test_what_sets_rows_apart_is_what_python_says(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table, "contrast")
    shown = drawer.locator("tr[data-feature]:not([data-category])")
    found = table.python("w.contrast().query('category.isna()')[['feature', 'effect']].values.tolist()")
    assert shown.evaluate_all("rows => rows.map(row => row.dataset.feature)") == [name for name, _ in found]
    effects = [
        float(text.replace("\N{MINUS SIGN}", "-"))
        for text in shown.locator("td:nth-child(2)").all_inner_texts()
    ]
    assert effects == pytest.approx([effect for _, effect in found], abs=0.006)
    assert drawer.locator("svg.tw-distribution path.tw-here").count() == len(found)
    category = drawer.locator("tr[data-category]").first
    assert category.evaluate("row => [row.dataset.feature, row.dataset.category]") == table.python(
        "w.contrast().query('category.notna()')[['feature', 'category']].values.tolist()[0]"
    )
    # Read without scrolling, also where the head of the drawer has no room for it.
    note = drawer.get_by_text("no p-values: the rows were chosen by looking").and_(
        table.page.locator(":visible")
    )
    inside, box = note.bounding_box(), drawer.bounding_box()
    assert box["y"] <= inside["y"]
    assert inside["y"] + inside["height"] <= box["y"] + box["height"]


def test_what_sets_rows_apart_is_seen_on_a_narrow_page(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table, "contrast")
    table.page.set_viewport_size({"width": 700, "height": 1200})
    parts = drawer.locator(".tw-circular:visible, table.tw-facts, .tw-contrast")
    # One below the other, no part beside what is in sight.
    table.page.wait_for_function(
        """() => {
            const box = document.querySelector('.tw-contrast');
            return box.clientWidth < 640 && box.scrollWidth === box.clientWidth;
        }"""
    )
    note, first = (parts.nth(number).bounding_box() for number in (1, 2))
    assert note["y"] + note["height"] <= first["y"] < note["y"] + note["height"] + 20
    table.page.set_viewport_size({"width": 1280, "height": 1200})


def test_rows_are_compared_with_a_group_and_by_label(table):
    table.do(f"w.groups['<b>flyers</b>'] = {BEES}")
    select(table, f"{ANTS[:30] + BEES[:10]}")
    drawer = open_drawer(table, "contrast")
    made_of = drawer.locator("tr[data-label]")
    assert [re.split(r"\s*\t\s*|\n", text) for text in made_of.all_inner_texts()] == [
        ["ant", "30", "75 %", "50 %"],
        ["bee", "10", "25 %", "17 %"],
    ]
    drawer.get_by_label("compared with").select_option(label="<b>flyers</b>")
    drawer.locator("[data-contrast='<b>flyers</b>']").wait_for()
    answered(table)
    first = table.python("w.contrast(against='<b>flyers</b>').iloc[0]['feature']")
    assert drawer.locator("tr[data-feature]").first.get_attribute("data-feature") == first
    assert "50 rows" in drawer.inner_text()  # 10 of the group's are selected


def test_the_drawer_closes_and_the_selection_stays(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table)
    drawer.get_by_role("tab", name="rows").press("ArrowRight")
    answered(table, "[data-tab='contrast']")
    table.page.keyboard.press("Escape")
    drawer.wait_for(state="detached")
    assert table.state()["selected"] == "60"
    table.page.keyboard.press("Escape")  # on the map now
    selected(table, [])
    table.widget().get_by_role("button", name="Rows that are selected").click()
    drawer.get_by_role("button", name="Close the drawer").click()
    drawer.wait_for(state="detached")


def test_the_drawer_answers_while_a_cell_runs(table):
    select(table, f"{ANTS}")
    # Asked before Python is busy, within the map: the page may scroll meanwhile.
    place, area = place_of(table, 239), map_area(table)
    last = {"x": place[0] - area["x"], "y": place[1] - area["y"]}
    table.begin(BUSY)
    table.page.locator(".jp-OutputArea-output", has_text="busy now").wait_for()
    drawer = open_drawer(table)
    assert drawer_rows(table) == ANTS[:50]
    drawer.get_by_role("button", name="Rows after").click()
    answered(table, "[data-page='2']")
    assert drawer_rows(table) == ANTS[50:]
    open_drawer(table, "contrast")
    assert drawer.locator("tr[data-feature]").count() > 3
    open_drawer(table, "distances")
    assert drawer.locator("[data-rho]").count() == 1
    select_box(table, TOP)  # other rows too, which Python has to know first
    open_drawer(table)
    answered(table, "[data-rows='120']")
    assert table.running
    table.widget().locator("canvas.tw-canvas").click(position=last)
    table.finish()
    selected(table, [239])


def test_the_drawer_is_about_all_maps(page):
    page.show(
        TABLE.replace("**asleep", "perplexity=[20, 30], **asleep"),
        "d.maps === '2' && d.drawn === '0' && d.still === 'true'",
    )
    select_box(page, TOP_LEFT, run=1)
    selected(page, ANTS)
    drawer = open_drawer(page)
    drawer.locator("tr[data-row='2']").hover()
    rings = page.widget().locator(".tw-map > svg > g")
    rings.nth(1).wait_for(state="attached")
    assert rings.count() == 2
    open_drawer(page, "distances")
    drawer.get_by_role("combobox").last.select_option(label="all maps")
    for run in (0, 1):
        told = drawer.locator(f"tr[data-run='{run}'][data-told='true']")
        told.wait_for()
        assert page.python(f"w.runs[{run}].group_distances().sentence") in told.inner_text()

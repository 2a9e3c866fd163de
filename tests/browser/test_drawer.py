"""The drawer shows the selected rows, what sets them apart, and answers while Python is busy."""

from __future__ import annotations

import re

import pytest
from actions import (
    ANTS,
    BEES,
    CATS,
    QUARTERS,
    TOP,
    answered,
    drawer_rows,
    open_drawer,
    place_of,
    point_at,
    select_box,
    selected,
)
from axe import violations
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


def test_rows_and_what_sets_them_apart_are_what_python_says(table):
    table.do(f"w.groups['flyers'] = {BEES + CATS}")
    select_box(table, TOP)
    selected(table, ANTS + BEES)
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
    answered(table, "[data-batch='3']")
    assert drawer.locator(".tw-rows tbody tr").last.locator("[aria-label='missing']").count() == 1
    open_drawer(table, "contrast")
    shown = drawer.locator("tr[data-feature]:not([data-category])")
    found = table.python("w.contrast().query('category.isna()')[['feature', 'effect']].values.tolist()")
    assert shown.evaluate_all("rows => rows.map(row => row.dataset.feature)") == [name for name, _ in found]
    effects = [
        float(text.replace("\N{MINUS SIGN}", "-"))
        for text in shown.locator("td:nth-child(2)").all_inner_texts()
    ]
    assert effects == pytest.approx([effect for _, effect in found], abs=0.006)
    category = drawer.locator("tr[data-category]").first
    assert category.evaluate("row => [row.dataset.feature, row.dataset.category]") == table.python(
        "w.contrast().query('category.notna()')[['feature', 'category']].values.tolist()[0]"
    )
    drawer.get_by_label("compared with").select_option(label="flyers")
    drawer.locator("[data-contrast='flyers']").wait_for()
    answered(table)
    first = table.python("w.contrast(against='flyers').iloc[0]['feature']")
    assert drawer.locator("tr[data-feature]").first.get_attribute("data-feature") == first


def test_pictures_and_long_texts_have_their_place_in_the_table(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table)
    pictures = drawer.locator("tbody canvas.tw-picture")
    assert brightness(table, pictures) == ANTS[:50]
    assert pictures.first.bounding_box()["width"] == 32  # 8 pixels, four times as large
    long, short = (drawer.locator(f"tr[data-row='{row}'] td:nth-of-type(4) .tw-cell") for row in (0, 1))
    assert short.inner_text() == "short 1"
    assert long.bounding_box()["height"] > 2 * short.bounding_box()["height"]
    assert long.bounding_box()["width"] < 300
    # Escape closes an open picker, and neither the drawer nor the selection.
    drawer.get_by_role("button", name="Columns of the table").click()
    table.page.locator(".tw-popover:popover-open .tw-option").first.wait_for()
    table.page.keyboard.press("Escape")
    assert drawer.count() == 1
    assert table.state()["selected"] == "60"


def test_why_there_are_no_p_values_is_read_without_scrolling_on_a_narrow_page_too(table):
    select(table, f"{ANTS}")
    drawer = open_drawer(table, "contrast")
    note = drawer.get_by_text("no p-values: the rows were chosen by looking").and_(
        table.page.locator(":visible")
    )
    inside, box = note.bounding_box(), drawer.bounding_box()
    assert box["y"] <= inside["y"]
    assert inside["y"] + inside["height"] <= box["y"] + box["height"]
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
    answered(table, "[data-batch='2']")
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


def test_one_click_makes_small_maps_and_tells_what_stays_together_and_another_takes_them_away(page):
    page.show(QUARTERS + "w = TSNEWidget(X, labels=kind, max_iter=60, early_exaggeration_iter=20)\nw")
    page.do("w.wait()")
    page.widget().get_by_role("button", name="Compare several").click()
    page.widget().get_by_role("button", name="is it luck?").click()
    luck = page.widget().get_by_role("region", name="Is it luck?")
    luck.get_by_label("of 80 % of the rows").check()
    luck.get_by_label("how many maps").fill("2")
    luck.get_by_role("button", name="make the maps").click()
    page.wait_for("d.maps === '3' && d.playing === 'false' && d.still === 'true'")
    luck.and_(page.page.locator("[data-repetitions='2']")).locator("[data-held='ant']").wait_for()
    page.do("w.wait()")
    answered(page)
    told = page.python("dict(zip(*w.holds_together()[['group', 'mean']].T.to_numpy().tolist()))")
    for name in ("ant", "bee", "cat", "dog"):
        mean = luck.locator(f"[data-held='{name}']").get_attribute("data-mean")
        assert float(mean) == pytest.approx(told[name])
    large, *small = (map_area(page, run) for run in (0, 1, 2))
    assert large["width"] * large["height"] > 3 * sum(area["width"] * area["height"] for area in small)
    luck.get_by_role("button", name="remove the 2 small maps").click()
    page.wait_for("d.maps === '1'")
    assert page.python("[run.title for run in w.runs]") == ["perplexity 30"]


def test_what_may_be_read_is_what_python_says_and_its_gaps_lie_between_the_clusters(table):
    table.do("w.step().wait()")  # only then are the neighbours known
    drawer = open_drawer(table, "reading")
    drawer.get_by_role("button", name="compare with noise").click()
    drawer.locator("[data-finding='torn']").get_by_text("On a map of a structureless cloud").wait_for()
    said = table.python("{one.question: one.sentence for one in w.report().findings}")
    for question in ("fits", "torn"):
        assert drawer.locator(f"[data-finding='{question}'] p").first.inner_text() == said[question]
    select(table, f"{ANTS}")
    drawer.locator("[data-finding='apart'][data-tone='good']").wait_for()
    assert table.python("w.verdict(w.selection).answer") == "apart"
    drawer.get_by_role("button", name="draw all gaps").click()
    key = table.widget().locator(".tw-gaps-key")
    key.wait_for()
    assert key.get_attribute("data-gaps") == str(table.python("len(w.gaps())"))
    area = map_area(table)
    boxes = [path.bounding_box() for path in table.widget().locator(".tw-map .tw-lines path").all()]
    assert len(boxes) >= 8  # four gaps, each with a rim
    # The clusters are symmetric to the middle of the map.
    for box in boxes:
        x = (box["x"] + box["width"] / 2 - area["x"]) / area["width"]
        y = (box["y"] + box["height"] / 2 - area["y"]) / area["height"]
        assert min(abs(x - 0.5), abs(y - 0.5)) < 0.05
    pick_from_a_line_up(table, drawer)
    table.do("w.step()")
    key.wait_for(state="detached")


def pick_from_a_line_up(notebook, drawer) -> None:
    """Have six panels made over the real wire, and pick the second by the keyboard."""
    drawer.get_by_role("button", name="line up with 5 maps of noise").click()
    lineup = notebook.widget().get_by_role("dialog", name="Line-up")
    lineup.get_by_role("button", name="Panel 1").and_(notebook.page.locator(":focus")).wait_for()
    assert violations(notebook.page) == []
    inked = lineup.locator("canvas").evaluate_all(
        """all => all.map(canvas => {
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return data.some((value, i) => i % 4 < 3 && value < 200);
        })"""
    )
    assert inked == 6 * [True]
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("Enter")
    told = lineup.and_(notebook.page.locator("[data-picked='2']")).get_by_role("status").inner_text()
    (seed,) = re.findall(r"seed=(\d+)", told)
    notebook.do(f"told = w.lineup(seed={seed}).pick(2).sentence")
    assert " ".join(told.split()).startswith(notebook.python("told"))
    notebook.page.keyboard.press("Escape")
    lineup.wait_for(state="detached")
    assert notebook.page.evaluate("document.activeElement.className") == "tw-map"

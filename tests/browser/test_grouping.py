"""Groups of rows are saved, named, coloured and deleted in the view, and Python has the same ones."""

from __future__ import annotations

import pytest
from actions import (
    ANTS,
    BEES,
    CATS,
    DOGS,
    QUARTERS,
    TOP_LEFT,
    TOP_RIGHT,
    click_on,
    pick_colour,
    select_box,
    selected,
)
from test_map import near, pixels

SHOWN = QUARTERS + "w = TSNEWidget(X, labels=kind, **asleep)\nw"
HTML = "<b>bold</b><img src=x onerror=window.hacked=1>"


@pytest.fixture
def quarters(page):
    page.show(SHOWN)
    return page


def group(notebook, name: str):
    return notebook.widget().get_by_role("region", name="Groups").locator(f".tw-row[data-group='{name}']")


def aside(notebook, name: str, button: str):
    """Return a button that appears where the pointer is on a group."""
    group(notebook, name).hover()
    return group(notebook, name).get_by_role("button", name=button)


def save_as(notebook, name: str) -> None:
    notebook.widget().get_by_role("button", name="save as group").click()
    field = notebook.widget().get_by_label("Name of the group")
    field.fill(name)
    field.press("Enter")


def save_in_python(notebook, *, groups: str, count: int) -> None:
    notebook.do(groups)
    notebook.wait_for(f"d.groups === '{count}'")


def test_a_selection_is_saved_with_a_name(quarters):
    select_box(quarters, TOP_LEFT)
    save_as(quarters, "upper left")
    quarters.wait_for("d.groups === '1'")
    assert quarters.python("{name: rows.tolist() for name, rows in w.groups.items()}") == {"upper left": ANTS}
    assert group(quarters, "upper left").inner_text().split("\n") == ["upper left", "60"]
    click_on(quarters, 239)
    selected(quarters, [239])
    save_as(quarters, "")  # without a name it has the next free one
    quarters.wait_for("d.groups === '2'")
    quarters.widget().get_by_role("button", name="save as group").click()
    quarters.page.keyboard.type("not this")
    quarters.page.keyboard.press("Escape")  # gives up the name alone
    assert quarters.state()["selected"] == "1"
    assert quarters.python("list(w.groups)") == ["upper left", "group 1"]


def test_a_click_on_a_group_selects_its_rows(quarters):
    save_in_python(quarters, groups=f"w.groups['a'] = {ANTS}; w.groups['b'] = {BEES}", count=2)
    entry = "button.tw-entry"
    group(quarters, "a").locator(entry).click()
    selected(quarters, ANTS)
    group(quarters, "b").locator(entry).click(modifiers=["Shift"])
    selected(quarters, ANTS + BEES)
    group(quarters, "a").locator(entry).click(modifiers=["Alt"])
    selected(quarters, BEES)
    # The rows of a group stay what they are, whatever is selected.
    assert quarters.python("w.groups['a'].tolist()") == ANTS


def test_a_group_is_renamed_recoloured_and_deleted_in_the_view(quarters):
    save_in_python(quarters, groups=f"w.groups['a'] = {ANTS}; w.groups['b'] = {BEES}", count=2)
    aside(quarters, "a", "Rename a").click()
    name = quarters.widget().get_by_label("New name of a")
    name.fill("queens")
    name.press("Enter")
    quarters.expect("list(w.groups)", ["queens", "b"])
    group(quarters, "queens").get_by_label("Colour of queens").fill("#ff0080")
    quarters.expect("w.groups.color('queens')", "#ff0080")
    aside(quarters, "b", "Delete the group b").click()
    asked = group(quarters, "b")
    asked.get_by_role("button", name="keep").click()
    aside(quarters, "b", "Delete the group b").click()
    assert quarters.python("len(w.groups)") == 2
    asked.get_by_role("button", name="delete", exact=True).click()
    quarters.wait_for("d.groups === '1'")
    quarters.expect("{name: rows.tolist() for name, rows in w.groups.items()}", {"queens": ANTS})


def test_keys_go_on_with_the_map_after_a_name_was_given_or_a_question_answered(quarters):
    focused = quarters.widget().locator(".tw-map:focus")
    keys = quarters.page.keyboard
    save_in_python(quarters, groups=f"w.groups['a'] = {ANTS}", count=1)
    select_box(quarters, TOP_RIGHT)
    quarters.wait_for("d.selected === '60'")
    quarters.widget().get_by_role("button", name="save as group").click()
    keys.press("Escape")
    focused.wait_for()
    for key in ("Enter", "Escape"):
        aside(quarters, "a", "Rename a").focus()
        keys.press("Enter")
        quarters.widget().get_by_label("New name of a").and_(quarters.page.locator(":focus")).wait_for()
        keys.press(key)
        focused.wait_for()
    for key in ("Enter", "Escape"):
        aside(quarters, "a", "Delete the group a").focus()
        keys.press("Enter")
        group(quarters, "a").locator("button:focus", has_text="keep").wait_for()
        keys.press(key)
        focused.wait_for()
    selected(quarters, BEES)
    aside(quarters, "a", "Delete the group a").focus()
    keys.press("Enter")
    group(quarters, "a").locator("button:focus", has_text="keep").wait_for()
    keys.press("Shift+Tab")
    keys.press("Enter")
    focused.wait_for()
    quarters.wait_for("d.groups === '0'")


def test_a_name_that_is_taken_is_refused_in_words(quarters):
    save_in_python(quarters, groups=f"w.groups['a'] = {ANTS}; w.groups['b'] = {BEES}", count=2)
    aside(quarters, "a", "Rename a").click()
    name = quarters.widget().get_by_label("New name of a")
    name.fill("b")
    name.press("Enter")
    alert = quarters.widget().get_by_role("alert")
    alert.wait_for()
    assert "there is already a group 'b'" in alert.inner_text()
    assert quarters.python("[w.groups['a'].tolist(), w.groups['b'].tolist()]") == [ANTS, BEES]


def test_what_python_does_to_groups_is_shown(quarters):
    save_in_python(quarters, groups=f"w.groups.save('a', {ANTS}, '#123456')", count=1)
    swatch = group(quarters, "a").get_by_label("Colour of a")
    assert swatch.input_value() == "#123456"
    quarters.do("w.groups.recolor('a', '#abcdef')")
    quarters.do(f"w.groups.rename('a', 'z'); w.groups['z'] = {DOGS[:7]}")
    group(quarters, "z").get_by_text("7", exact=True).wait_for()
    assert group(quarters, "z").get_by_label("Colour of z").input_value() == "#abcdef"
    assert group(quarters, "a").count() == 0
    quarters.do("del w.groups['z']")
    quarters.wait_for("d.groups === '0'")


def test_groups_colour_the_points(quarters):
    pick_colour(quarters, "groups")
    quarters.wait_for("d.colour === 'groups'")
    legend = quarters.widget().locator(".tw-legend")
    assert "no group yet" in legend.inner_text()
    red, green = (255, 0, 0), (0, 200, 0)
    save_in_python(
        quarters,
        groups=f"w.groups.save('r', {ANTS + BEES}, '#ff0000'); w.groups.save('g', {BEES}, '#00c800')",
        count=2,
    )
    legend.get_by_text("120 rows are in none; where groups overlap the later one shows").wait_for()
    quarters.wait_for("d.still === 'true'")
    image = pixels(quarters)
    left, right = image[:, : image.shape[1] // 2], image[:, image.shape[1] // 2 :]
    assert near(left, red) > 300
    assert near(right, red) == 0
    assert near(left, green) == 0
    assert near(right, green) > 300
    assert quarters.python("w.color_by") == "groups"
    assert quarters.python("w.groups_to_series().value_counts().to_dict()") == {"r": 60, "g": 60}


def test_html_in_a_name_is_text(quarters):
    select_box(quarters, TOP_LEFT)
    save_as(quarters, HTML)
    quarters.expect("list(w.groups)", [HTML])
    quarters.widget().get_by_role("region", name="Groups").get_by_text(HTML).wait_for()
    assert quarters.page.evaluate("() => [document.querySelector('img[src=x]'), window.hacked]") == [
        None,
        None,
    ]


def test_groups_are_of_all_maps(page):
    page.show(
        SHOWN.replace("**asleep", "perplexity=[20, 30], **asleep"),
        "d.maps === '2' && d.drawn === '0' && d.still === 'true'",
    )
    select_box(page, TOP_LEFT, run=1)
    save_as(page, "everywhere")
    page.wait_for("d.groups === '1'")
    assert page.python("w.groups['everywhere'].tolist()") == ANTS
    page.do(f"w.select({CATS})")
    page.wait_for("d.selected === '60'")
    group(page, "everywhere").locator("button.tw-entry").click()
    selected(page, ANTS)

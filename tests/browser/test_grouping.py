"""Groups of rows are saved, named, coloured and deleted in the view, and Python has the same ones."""

from __future__ import annotations

import pytest
from actions import (
    ANTS,
    BEES,
    QUARTERS,
    TOP_LEFT,
    click_on,
    pick_color,
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


def test_a_selection_is_saved_named_colored_and_deleted_as_a_group(quarters):
    select_box(quarters, TOP_LEFT)
    save_as(quarters, "upper left")
    quarters.wait_for("d.groups === '1'")
    assert quarters.python("{name: rows.tolist() for name, rows in w.groups.items()}") == {"upper left": ANTS}
    assert group(quarters, "upper left").inner_text().split("\n") == ["upper left", "60"]
    aside(quarters, "upper left", "Rename upper left").click()
    name = quarters.widget().get_by_label("New name of upper left")
    name.fill("queens")
    name.press("Enter")
    quarters.expect("list(w.groups)", ["queens"])
    group(quarters, "queens").get_by_label("Colour of queens").fill("#ff0080")
    quarters.expect("w.groups.color('queens')", "#ff0080")
    click_on(quarters, 239)
    selected(quarters, [239])
    group(quarters, "queens").locator("button.tw-entry").click()
    selected(quarters, ANTS)
    # On the button that loses nothing is the focus, and the one before it deletes.
    aside(quarters, "queens", "Delete the group queens").focus()
    quarters.page.keyboard.press("Enter")
    group(quarters, "queens").locator("button:focus", has_text="keep").wait_for()
    quarters.page.keyboard.press("Shift+Tab")
    quarters.page.keyboard.press("Enter")
    quarters.wait_for("d.groups === '0'")
    quarters.expect("len(w.groups)", 0)
    quarters.widget().locator(".tw-map:focus").wait_for()


def test_groups_color_the_points(quarters):
    pick_color(quarters, "groups")
    quarters.wait_for("d.color === 'groups'")
    legend = quarters.widget().locator(".tw-legend")
    assert "no group yet" in legend.inner_text()
    red, green = (255, 0, 0), (0, 200, 0)
    save_in_python(
        quarters,
        groups=f"w.groups.save('r', {ANTS + BEES}, '#ff0000'); w.groups.save('g', {BEES}, '#00c800')",
        count=2,
    )
    legend.get_by_text("120 rows are in no group; where groups overlap, the later one shows").wait_for()
    quarters.wait_for("d.still === 'true'")
    image = pixels(quarters)
    left, right = image[:, : image.shape[1] // 2], image[:, image.shape[1] // 2 :]
    assert near(left, red) > 300
    assert near(right, red) == 0
    assert near(left, green) == 0
    assert near(right, green) > 300
    assert quarters.python("w.color_by") == "groups"
    assert quarters.python("w.groups_to_series().value_counts().to_dict()") == {"r": 60, "g": 60}


def test_clumps_are_found_and_accepted_as_groups(quarters):
    widget = quarters.widget()
    widget.get_by_role("button", name="find clumps").click()
    widget.locator("[data-suggested='4']").wait_for()
    assert quarters.python("len(w.groups)") == 0
    quarters.expect("sorted(map(len, w.suggestions.values()))", [60] * 4)
    first = widget.locator("[data-suggestion]").first
    first.locator(".tw-entry").click()
    quarters.wait_for("d.selected === '60'")
    widget.get_by_role("button", name="accept all").click()
    quarters.wait_for("d.groups === '4'")
    widget.locator("[data-suggested]").wait_for(state="detached")

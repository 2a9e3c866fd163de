"""Markup in labels, names, values and the index is text, wherever it is shown, and never run."""

from __future__ import annotations

from actions import ANTS, BEES, QUARTERS, open_drawer, open_menu, pick_colour, point_at

IMAGE = "<img src=x onerror=window.hacked=1>"
SCRIPT = "<script>window.hacked=1</script>"
HOSTILE = (
    QUARTERS
    + f"""
import pandas as pd
image, script = {IMAGE!r}, {SCRIPT!r}
df = pd.DataFrame(X, columns=["a", script, "c", "d", "e"])
df.index = pd.Index([f"{{row}} {{image}}" for row in range(240)], name=image)
df[image] = np.where(kind == "ant", image, np.where(kind == "bee", script, kind))
df["note"] = [f"{{script}} {{row}}" for row in range(240)]
df["thing"] = [{{image: script}} for _ in range(240)]
# Ants lie where cats should: pairs that the map shows wrongly are told by name.
asleep["init"] = start[np.r_[120:180, 60:120, 0:60, 180:240]]
w = TSNEWidget(df, labels=image, tooltip_columns=["note", "thing", script], **asleep)
w.groups[image], w.groups[script], w.groups["c"] = {ANTS}, {BEES}, [239]
w
"""
)


def assert_text(notebook, place, *texts: str) -> None:
    """Assert that a place shows these texts as they are, and that nothing was made of them."""
    place.first.wait_for()
    shown = place.first.inner_text()
    for text in texts:
        assert text in shown
    made = notebook.page.evaluate(
        "() => [document.querySelectorAll('img[src=x], .tsne-widget script').length, window.hacked ?? null]"
    )
    assert made == [0, None]


def test_markup_is_text_wherever_it_is_shown(page):
    page.show(HOSTILE)
    widget = page.widget()
    assert_text(page, widget.locator(".tw-legend"), IMAGE, SCRIPT)
    assert_text(page, widget.get_by_role("region", name="Groups"), IMAGE, SCRIPT)
    point_at(page, 0)
    tooltip = widget.locator(".tw-tooltip[data-complete='true']")
    assert_text(page, tooltip, IMAGE, f"0 {IMAGE}", f"{SCRIPT} 0", SCRIPT)
    # The columns to choose from, and a column of such a name that colours.
    assert_text(page, open_menu(page, "What colours the points"), IMAGE, SCRIPT)
    page.page.keyboard.press("Escape")
    pick_colour(page, SCRIPT)
    page.wait_for(f"d.column === '{SCRIPT}'")
    assert_text(page, widget.locator(".tw-colouring"), SCRIPT)
    pick_colour(page, IMAGE)
    page.wait_for(f"d.column === '{IMAGE}'")


def test_markup_is_text_in_the_drawer(page):
    page.show(HOSTILE)
    page.do(f"w.select({ANTS[:30] + BEES[:10]})")
    page.wait_for("d.selected === '40'")
    drawer = open_drawer(page)
    head, body = drawer.locator("thead"), drawer.locator("tbody")
    assert_text(page, head, IMAGE, SCRIPT)
    assert_text(page, body, f"0 {IMAGE}", f"{SCRIPT} 0", SCRIPT)
    open_drawer(page, "contrast")
    assert_text(page, drawer, IMAGE, SCRIPT)
    drawer.get_by_label("compared with").select_option(label=SCRIPT)
    drawer.locator(f"[data-contrast='{SCRIPT}']").wait_for()
    assert_text(page, drawer, SCRIPT)
    open_drawer(page, "distances")
    assert_text(page, drawer, IMAGE)
    drawer.get_by_role("combobox").first.select_option("groups")
    drawer.locator("[data-rho]", has_text="3 groups").wait_for()
    assert_text(page, drawer)


def test_markup_is_text_in_the_search_and_in_what_is_refused(page):
    page.show(HOSTILE)
    menu = open_menu(page, "Find rows by text")
    menu.get_by_label("Text to find").fill(IMAGE)
    page.page.locator(".tw-search[data-found='240']").wait_for()
    menu.get_by_role("button", name="Column to search").click()
    assert_text(page, page.page.locator(".tw-columns"), IMAGE)
    page.page.keyboard.press("Escape")
    page.page.keyboard.press("Escape")
    groups = page.widget().get_by_role("region", name="Groups")
    groups.get_by_text("c", exact=True).hover()
    groups.get_by_role("button", name="Rename c").click()
    field = page.widget().get_by_label("New name of c")
    field.fill(IMAGE)
    field.press("Enter")
    assert_text(page, page.widget().get_by_role("alert"), IMAGE)

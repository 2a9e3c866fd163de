"""Everything by keyboard, in words, in the system's colours and on a narrow page; axe finds no fault."""

from __future__ import annotations

import pytest
from actions import QUARTERS, open_drawer, open_menu, press
from axe import violations
from playwright.sync_api import expect
from test_map import pixels, use_theme

TABLE = (
    QUARTERS
    + """
import pandas as pd
df = pd.DataFrame(X, columns=list("vwxyz"))
df["name"], df["kind"] = [f"animal {row}" for row in range(240)], kind
"""
)
ONE = (
    TABLE
    + "w = TSNEWidget(df, labels='kind', **asleep)\nw.groups['a'] = range(30)\nw.select(range(40, 90))\nw"
)
TWO = TABLE + "w = TSNEWidget(df, labels='kind', perplexity=[20, 30], **asleep)\nw.select(range(40, 90))\nw"
MENUS = ["Compare several", "Selection:", "Find rows", "What colours", "How points look", "Keys"]
BREAK = """
from tsne_widget.tsne.optimizer import Optimizer
step = Optimizer.step
def fail(self):
    raise MemoryError("no room")
Optimizer.step = fail
"""
#: What of our controls lies beside the widget.
OUTSIDE = """root => [...root.querySelectorAll('button, input, select')].filter(element => {
    const box = element.getBoundingClientRect(), whole = root.getBoundingClientRect();
    return box.width && !element.closest('.tw-scroll, .tw-asides')
        && (box.left < whole.left - 1 || box.right > whole.right + 1);
}).map(element => element.outerHTML)"""


def focused(notebook) -> str:
    """Name what has the focus."""
    return notebook.page.evaluate(
        """() => {
            const element = document.activeElement;
            const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent;
            return element.classList.contains('tw-map') ? 'map' : label ?? element.textContent;
        }"""
    )


@pytest.mark.parametrize("theme", [pytest.param("light", marks=pytest.mark.release), "dark"])
def test_axe_finds_no_fault_with_a_map_its_menus_and_its_drawer(page, theme):
    page.show(ONE)
    use_theme(page, theme)
    try:
        assert violations(page.page) == []
        for label in MENUS:
            menu = open_menu(page, label)
            assert violations(page.page) == [], label
            page.page.keyboard.press("Escape")
            menu.wait_for(state="hidden")
        for tab in ("rows", "contrast", "distances", "reading"):
            open_drawer(page, tab)
            assert violations(page.page) == [], tab
        page.widget().locator(".tw-entry").nth(1).click()
        page.wait_for("d.isolated === '1'")
        assert violations(page.page) == []
    finally:
        use_theme(page, "light")


def test_axe_finds_no_fault_with_a_grid_and_a_map_that_failed(page):
    page.show(TWO)
    assert violations(page.page) == []
    menu = open_menu(page, "Menu of perplexity 20")
    assert violations(page.page) == []
    page.page.keyboard.press("Escape")
    menu.wait_for(state="hidden")
    page.do(BREAK + "w.start()")
    page.wait_for("d.stage === 'failed'")
    page.do("Optimizer.step = step")
    assert violations(page.page) == []


def test_from_a_failed_map_one_goes_back_to_the_last_good_layout_and_on(page):
    page.show(TABLE + "w = TSNEWidget(df, labels='kind', perplexity=20, init=start).wait()\nw")
    before = page.python("[w.iteration, w.embedding_.tolist()]")
    page.do(BREAK + "w.start()")
    page.wait_for("d.stage === 'failed'")
    page.do("Optimizer.step = step")
    words = page.widget().get_by_role("alert").inner_text()
    assert f"in iteration {before[0] + 1}, there was not enough memory: close" in words
    assert "MemoryError: no room" in words
    page.widget().get_by_role("button", name="back to last good layout").press("Enter")
    page.wait_for(f"d.stage === 'paused' && d.drawn === '{before[0]}'")
    assert page.python("[w.iteration, w.embedding_.tolist()]") == before
    expect(page.widget().locator(".tw-map")).to_be_focused()  # the button is gone
    page.page.keyboard.press("Space")
    page.wait_for(f"Number(d.drawn) > {before[0]}")


def test_everything_is_reached_by_tab_in_the_order_in_which_it_stands(page):
    page.show(ONE)
    page.widget().get_by_role("button", name="Play").focus()
    reached = []
    while "tw-entry" not in (page.page.evaluate("() => document.activeElement.className") or ""):
        reached.append(focused(page))
        page.page.keyboard.press("Tab")
    names = ["Play", "One step", "Restart", "perplexity", "perplexity as", "seed", "Next seed", "init"]
    names += ["More parameters"]
    names += ["Compare", "Lasso", "Rectangle", "Pan", "Selection:", "Find rows", "Selected rows"]
    names += ["Save", "Keys", "map", "Zoom in", "Zoom out", "Fit", "Full screen"]
    names += ["What colours", "How points look"]
    assert [name[: len(told)] for name, told in zip(reached, names, strict=False)] == names
    visible = page.page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle")
    assert visible == "solid"


def test_rows_are_selected_by_keyboard_and_menus_give_the_focus_back(page):
    page.show(ONE)
    label = page.widget().get_by_role("button", name="Select cat")
    label.focus()
    page.page.keyboard.press("Enter")
    page.expect("w.selection.tolist()", list(range(120, 180)))
    find = page.widget().get_by_role("button", name="Find rows by text")
    find.focus()
    page.page.keyboard.press("Enter")
    page.page.keyboard.type("animal 23")
    page.page.locator(".tw-search[data-found='11']").wait_for()
    page.page.keyboard.press("Escape")
    expect(find).to_be_focused()
    page.page.keyboard.press("Enter")
    page.page.keyboard.type("animal 23\n")
    page.expect("w.selection.tolist()", [23, *range(230, 240)])
    expect(page.widget().locator(".tw-map")).to_be_focused()
    page.page.keyboard.press("Control+a")
    page.wait_for("d.selected === '240'")
    page.page.keyboard.press("Escape")
    page.wait_for("d.selected === '0'")
    page.page.keyboard.press("?")
    keys = page.page.locator(".tw-keys")
    keys.wait_for()
    assert "invert the selection" in keys.inner_text()
    page.page.keyboard.press("Escape")
    keys.wait_for(state="hidden")
    expect(page.widget().locator(".tw-map")).to_be_focused()


def test_what_the_map_shows_and_how_it_is_is_said_in_words(page):
    page.show(ONE)
    picture = page.widget().get_by_role("img", name="240 points, coloured by kind, 50 rows selected")
    assert picture.evaluate("element => element.tagName") == "CANVAS"
    assert page.widget().get_by_role("application", name="Map of 240 points").count() == 1
    live = page.widget().locator("[aria-live='polite']").last
    assert live.inner_text() == "paused. 50 rows selected."
    page.do("w.select([1])")
    page.wait_for("d.selected === '1'")
    assert live.inner_text() == "paused. 1 row selected."


def test_as_little_moves_as_the_system_asks_for_from_then_on(page):
    page.show(ONE)

    def pictures(key: str) -> int:
        """Press a key that moves the camera; count the pictures until it has come."""
        page.wait_for("d.still === 'true'")
        before = int(page.state()["frames"])
        press(page, key)
        page.wait_for(f"Number(d.frames) > {before} && d.still === 'true'")
        return int(page.state()["frames"]) - before

    assert pictures("z") > 4
    page.page.emulate_media(reduced_motion="reduce")
    try:
        assert pictures("f") <= 2
        assert pictures("z") <= 2
    finally:
        page.page.emulate_media(reduced_motion="no-preference")
    assert pictures("f") > 4


def test_a_map_that_stands_still_has_the_background_of_the_page(page):
    page.show(ONE)  # made before it is in the page, and drawn once
    assert pixels(page)[2, 2].min() > 240


def test_in_the_systems_colors_what_is_pressed_and_focused_is_told(page):
    page.show(ONE)
    page.page.emulate_media(forced_colors="active")
    try:
        button = page.widget().get_by_role("button", name="Lasso:")
        color = "element => getComputedStyle(element).backgroundColor"
        other = page.widget().get_by_role("button", name="Rectangle:")
        assert button.evaluate(color) != other.evaluate(color)
        swatches = page.widget().locator(".tw-entry i")
        colors = [swatches.nth(number).evaluate(color) for number in range(1, 4)]
        assert len(set(colors)) == 3
        page.widget().get_by_role("button", name="Restart from the beginning").focus()
        page.page.keyboard.press("Shift+Tab")
        outline = page.page.evaluate("() => getComputedStyle(document.activeElement).outline")
        assert "solid 2px" in outline
    finally:
        page.page.emulate_media(forced_colors="none")


def nothing_outside(page, width: int) -> None:
    """Wait until the panels have taken their places, as they do once the size is known."""
    inside = f"width => (root => root.clientWidth <= width && ({OUTSIDE})(root).length === 0)"
    page.page.wait_for_function(inside + "(document.querySelector('.tsne-widget'))", arg=width)


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_lies_outside_on_a_narrow_page(page, width):
    """320 CSS pixels are a phone, and a page of 1280 at 400 %."""
    page.show(TWO)
    widget = page.widget()
    widget.evaluate("(element, width) => { element.parentElement.style.width = `${width}px`; }", width)
    nothing_outside(page, width)
    assert widget.evaluate("root => root.scrollWidth <= root.clientWidth")
    for tab in ("rows", "distances"):
        open_drawer(page, tab)
        assert widget.evaluate(OUTSIDE) == []
    status = widget.locator(".tw-status > span:visible")
    assert status.evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth + 1)")
    assert widget.locator(".tw-map").bounding_box()["height"] > 250
    assert violations(page.page) == []


def test_at_200_percent_all_is_there_and_sharp(page):
    """Zoom of the browser halves the page's CSS pixels, and each becomes two by two."""
    page.show(TWO)
    session = page.page.context.new_cdp_session(page.page)
    seen = {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False}
    session.send("Emulation.setDeviceMetricsOverride", seen)
    try:
        page.wait_for("d.still === 'true'")
        nothing_outside(page, 640)
        canvas = page.widget().get_by_role("img")
        sharp = "canvas => [canvas.width / canvas.clientWidth, canvas.height / canvas.clientHeight]"
        assert canvas.evaluate(sharp) == pytest.approx([2, 2], rel=0.01)
        button = page.widget().get_by_role("button", name="What colours")
        button.scroll_into_view_if_needed()
        menu = open_menu(page, "What colours")
        box = menu.bounding_box()
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 640
        assert 0 <= box["y"] <= box["y"] + box["height"] <= 450
        assert violations(page.page) == []
        page.page.keyboard.press("Escape")
    finally:
        session.send("Emulation.clearDeviceMetricsOverride")
        session.detach()

"""A page that was saved works from the disk, offline, and runs nothing but its own code."""

from __future__ import annotations

from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest
from axe import violations
from lab import STANDS_STILL
from sklearn.datasets import load_iris

from tsne_widget import TSNEWidget

HOSTILE = "<img src=x onerror='window.hacked = true'>"
#: Where four rows lie, in the corners.
CORNERS = np.array([[-1, 1], [1, 1], [-1, -1], [1, -1]], float)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    start = np.concatenate([CORNERS, 0.5 * CORNERS])
    widget = TSNEWidget(
        np.eye(8),
        labels={"kind" + HOSTILE: [f"{name}{HOSTILE}" for name in "abcdabcd"]},
        data={"size": [5, 3, None, 7, 1, 2, 4, 6], "secret": list("qrstuvwx")},
        image=np.arange(8 * 16, dtype=np.uint8).reshape(8, 4, 4),
        perplexity=[1.5, 2],
        init=start,
        early_exaggeration_iter=3,
        autostart=False,
    )
    widget.step(9).wait()
    path = tmp_path_factory.mktemp("page") / "maps.html"
    widget.save_html(path, columns=["size"], images=True, title=HOSTILE)
    widget.close()
    return path


@contextmanager
def opened(chromium, path):
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    errors: list[str] = []
    page.goto(path.as_uri())
    page.locator(".tsne-widget[data-maps='2'][data-still='true']").wait_for()
    yield page
    assert page.evaluate("() => window.hacked") is None
    context.close()
    assert not errors


@pytest.fixture
def page(chromium, saved):
    with opened(chromium, saved) as page:
        page.locator(".tsne-widget[data-drawn='9'][data-still='true']").wait_for()
        yield page


def on_map(page, run: int, x: float, y: float) -> tuple[float, float]:
    """Return a place on the page by its share of a panel's width and height."""
    panel = page.locator(f".tw-panel[data-run='{run}']")
    panel.evaluate(STANDS_STILL)
    box = panel.bounding_box()
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def to_start(page) -> None:
    """Go to the initial layout, in which the place of every row is known."""
    page.get_by_role("slider", name="history").press("Home")
    page.locator(".tsne-widget[data-past='0'][data-still='true']").wait_for()


def test_maps_are_circled_and_pointed_at_in_all_panels(page):
    to_start(page)
    page.locator(".tsne-widget[data-names='8']").wait_for()  # of four labels on two maps
    page.mouse.move(*on_map(page, 0, 0.01, 0.1))
    page.mouse.down()
    for x, y in [(0.01, 0.99), (0.49, 0.99), (0.49, 0.1), (0.01, 0.1)]:
        page.mouse.move(*on_map(page, 0, x, y), steps=8)
    page.mouse.up()
    page.locator(".tsne-widget[data-selected='4']").wait_for()
    page.get_by_role("button", name="Selected rows").click()
    table = page.locator(".tw-rows")
    table.get_by_role("columnheader", name="size").get_by_role("button").click()
    page.locator(".tw-drawer[data-answered='true']").wait_for()
    rows = table.locator("tbody tr")
    assert rows.evaluate_all("rows => rows.map(row => Number(row.dataset.row))") == [4, 6, 0, 2]
    rows.nth(2).hover()
    assert page.locator(".tw-map svg g").count() == 2


def test_labels_are_text_and_the_tooltip_tells_the_columns_asked_for(page):
    assert page.locator(".tw-legend .tw-entry").count() == 4
    assert HOSTILE in page.locator(".tw-legend").inner_text()
    assert page.title() == page.locator("h1").inner_text() == HOSTILE
    assert "2 of them have not settled" in page.locator("header").inner_text()
    assert "NOT SETTLED" in held(page)
    page.get_by_role("button", name="Find rows by text").click()
    page.get_by_label("Text to find").fill("secret")
    page.get_by_text("no row", exact=True).wait_for()


def test_no_other_script_runs_and_nothing_is_fetched(page):
    ran = page.evaluate(
        """async () => {
            const script = document.createElement('script');
            script.textContent = 'window.hacked = true';
            document.body.append(script);
            const image = new Image();
            const failed = new Promise(done => { image.onerror = () => done('refused'); });
            image.src = 'https://example.org/pixel.png';
            return [window.hacked ?? 'nothing', await failed];
        }"""
    )
    assert ran == ["nothing", "refused"]


def held(page) -> str:
    """Open what the page says of its file, and return that."""
    page.get_by_text("What this file holds").click()
    return page.locator("details[open]").inner_text()


def test_what_needs_python_is_absent(page):
    assert page.get_by_role("button", name="Play").count() == 0
    assert page.locator(".tsne-widget :disabled").count() == 0
    assert "saved without Python" in page.locator(".tw-status").inner_text()


def test_the_history_is_in_the_page(page):
    to_start(page)
    assert "history in this file: 20 of 20 keyframes" in held(page)
    page.get_by_role("slider", name="history").press("End")
    page.locator(".tsne-widget[data-past=''][data-drawn='9']").wait_for()


def test_a_link_leads_to_what_it_was_made_of_in_a_window_of_another_size(page):
    page.get_by_role("button", name="How points look").click()
    page.get_by_text("pictures in place of points").click()
    page.keyboard.press("Escape")
    page.locator(".tw-panel[data-run='1'][data-pictures='8']").wait_for()
    page.locator(".tw-map").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("+")
    page.locator(".tw-panel[data-zoom='1.25']").first.wait_for()
    page.get_by_role("button", name="Copy a link").click()
    page.locator(".tw-link-told").wait_for()
    link = page.url
    other = page.context.new_page()
    other.set_viewport_size({"width": 900, "height": 700})
    other.goto(link)
    view = other.locator(".tsne-widget[data-selected='8']")
    view.locator(".tw-panel[data-run='1'][data-zoom^='1.25']").wait_for()
    bounds = view.bounding_box()
    assert bounds["y"] + bounds["height"] == pytest.approx(700 - 30, abs=20)  # it fills the window
    other.evaluate("location.hash = '#rows=8'")
    other.get_by_role("alert").get_by_text("it names row 8, and there are 8").wait_for()
    assert view.count() == 1
    other.evaluate("location.hash = '#rows=2,5-6'")
    other.locator(".tsne-widget[data-selected='3']").wait_for()


def test_axe_finds_no_fault_with_a_saved_page(page):
    assert violations(page) == []
    page.mouse.click(*on_map(page, 0, 0.5, 0.97))
    page.get_by_role("button", name="Selected rows").click()
    assert violations(page) == []


#: What pages put a widget into that asks how wide it wants to be, or that it has to share.
HOLDERS = [
    "display: flex",
    "display: flex; flex-direction: column; align-items: center",
    "display: grid; justify-items: start",
    "display: inline-block",
    "display: table-cell",
    "float: left",
    "width: max-content",
]


@pytest.mark.parametrize("style", HOLDERS)
def test_what_asks_how_wide_the_view_wants_to_be_is_told_640_pixels(page, style):
    width = page.evaluate(
        """style => {
            const holder = document.body.appendChild(document.createElement('div'));
            holder.style.cssText = style;
            holder.append(document.getElementById('view'));
            return document.querySelector('.tsne-widget').offsetWidth;
        }""",
        style,
    )
    grows = style == "display: flex"
    assert width == pytest.approx(1280 - 32 if grows else 640, abs=4)


def test_two_holders_of_equal_width_share_a_page_that_is_narrower_than_both(page):
    widths = page.evaluate(
        """() => {
            const row = document.body.appendChild(document.createElement('div'));
            row.style.cssText = 'display: flex; width: 900px';
            const holders = [0, 1].map(() => row.appendChild(document.createElement('div')));
            for (const holder of holders) holder.style.flex = '1 1 0%';
            const view = document.getElementById('view');
            holders[0].append(view);
            holders[1].append(view.cloneNode(true));
            return [...document.querySelectorAll('.tsne-widget')].map(({ offsetWidth }) => offsetWidth);
        }"""
    )
    assert widths == [450, 450]


#: Drops a file on the maps, as the pointer would.
DROP = """([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    const drop = new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true });
    document.querySelector('.tw-map').dispatchEvent(drop);
}"""


def test_pasted_rows_and_dropped_files_are_squares_on_the_parametric_map(chromium, tmp_path):
    flowers = load_iris(as_frame=True).data
    kinds = np.repeat(["setosa", "versicolor", "virginica"], 50)
    widget = TSNEWidget(flowers, labels={"kind": kinds}, beside="parametric", max_iter=250).wait(120)
    path = widget.save_html(tmp_path / "maps.html", place=True)
    widget.close()
    with opened(chromium, path) as page:
        assert "holds 75 landmarks of the data" in held(page)
        page.get_by_role("button", name="Place new rows on the map").click()
        pasted = flowers.iloc[[3, 120]].assign(kind=["setosa", "virginica"], note="x")
        page.get_by_label("Rows as CSV").fill(pasted[pasted.columns[::-1]].to_csv(index=False))
        assert violations(page) == []
        page.get_by_role("button", name="place them").click()
        shows_squares(page, 2)
        legend = page.get_by_role("region", name="New rows")
        assert legend.inner_text().split() == ["pasted", "rows", "2", "not", "used:", "note"]
        why = page.locator(".tw-panel[data-run='0'] .tw-placing").inner_text()
        assert why == "no new rows: t-SNE places new rows only with Python"

        page.evaluate(DROP, ["wrong.csv", "1,2,3,4\n5,6,abc,8"])
        failed = page.get_by_role("alert")
        failed.get_by_text('row 1, column "petal length (cm)": "abc" is not a number').wait_for()
        assert violations(page) == []
        assert legend.inner_text().startswith("pasted rows")

        far = pd.DataFrame([[1, 1, 1, 1], [99, 99, 99, 99], [6, 3, 5, 2]])
        page.evaluate(DROP, ["week 48.csv", far.to_csv(index=False, header=False, sep=";")])
        shows_squares(page, 3)
        assert failed.count() == 0
        assert " ".join(legend.inner_text().split()) == "week 48.csv 3 2 lie beyond the data"


def shows_squares(page, count: int) -> None:
    page.locator(f"canvas.tw-squares[data-shown='{count}']").wait_for(state="attached")

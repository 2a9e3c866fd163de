"""Code in labels, names, values and the index does not run, whatever it is written to break out of."""

from __future__ import annotations

import json

import pytest
from actions import ANTS, BEES, QUARTERS, open_drawer, open_menu, pick_color, point_at
from lab import STANDS_STILL

from tsne_widget import TSNEWidget

HACK = "window.hacked=(window.hacked||0)+1"
#: Ends of an element, an attribute, a comment, a text in a script; a link, a line of JavaScript, a style.
HOSTILE = {
    "element": f"</script></style></textarea><script>{HACK}</script>",
    "attribute": f"\"'><img src=x onerror={HACK}><svg onload={HACK}>",
    "comment": f"--><!--<script>{HACK}//",
    "link": f"javascript:{HACK}",
    "line": f"\u2028\u2029{HACK}//",
    "text": f"'+({HACK})+\"`${{{HACK}}}",
    "style": "red;background:url(javascript:window.hacked=1)",
}
SAMPLES = list(HOSTILE.values())
FRAME = (
    QUARTERS
    + f"""
import pandas as pd
texts = {SAMPLES!r}
df = pd.DataFrame(X, columns=["a", texts[0], texts[1], "d", "e"])
df.index = pd.Index([f"{{row}} {{texts[row % 7]}}" for row in range(240)], name=texts[1])
df[texts[3]] = [texts[row // 60 + 3] if row < 180 else texts[0] for row in range(240)]
df[texts[2]] = [f"{{texts[row % 7]}} {{row}}" for row in range(240)]
df["thing"] = [{{texts[0]: [texts[1]]}} for _ in range(240)]
w = TSNEWidget(df, labels=texts[3], tooltip_columns=[texts[2], "thing", texts[0]], **asleep)
for number, text in enumerate(texts):
    w.groups[text] = [number, number + 60]
w
"""
)


def nothing_ran(notebook, place, *texts: str) -> None:
    """Assert that a place shows these texts, that they ran nowhere in the page and made no element of it."""
    place.first.wait_for()
    shown = place.first.evaluate("element => element.textContent")
    for text in texts:
        assert text in shown
    made = notebook.page.evaluate(
        """() => [
            window.hacked ?? null,
            document.querySelectorAll('img[src=x], .tsne-widget script, svg[onload]').length,
            [...document.querySelectorAll('.tsne-widget *')].flatMap(element => [...element.attributes])
                .filter(({ name, value }) => /^on/.test(name) || /^(src|href|action)$/.test(name)
                    && /^javascript:/.test(value)).length,
        ]"""
    )
    assert made == [None, 0, 0]


def test_nothing_runs_on_the_map_and_beside_it(page):
    page.show(FRAME)
    widget = page.widget()
    nothing_ran(page, widget.locator(".tw-legend"), HOSTILE["link"], HOSTILE["line"], HOSTILE["element"])
    nothing_ran(page, widget.get_by_role("region", name="Groups"), *SAMPLES)
    tooltip = widget.locator(".tw-tooltip[data-complete='true']")
    for row in (0, 1):  # of which each has another text in its index and its column
        point_at(page, row)
        nothing_ran(page, tooltip, HOSTILE["comment"], f"{row} {SAMPLES[row]}", f"{SAMPLES[row]} {row}")
    for column in (HOSTILE["element"], HOSTILE["attribute"], HOSTILE["link"]):
        nothing_ran(page, open_menu(page, "What colours the points"), column)
        page.page.keyboard.press("Escape")
        pick_color(page, column)
        page.wait_for(f"d.column === {json.dumps(column)}")
        nothing_ran(page, widget.locator(".tw-coloring"))


def test_nothing_runs_in_the_drawer_and_in_the_search(page):
    page.show(FRAME)
    page.do(f"w.select({ANTS[:20] + BEES[:20]})")
    page.wait_for("d.selected === '40'")
    drawer = open_drawer(page)
    nothing_ran(page, drawer.locator("thead"), *(HOSTILE[name] for name in ("element", "attribute", "link")))
    nothing_ran(page, drawer.locator("tbody"), *SAMPLES)
    open_drawer(page, "contrast")
    nothing_ran(page, drawer, HOSTILE["link"], HOSTILE["element"])
    open_drawer(page, "distances")
    nothing_ran(page, drawer, HOSTILE["text"])
    menu = open_menu(page, "Find rows by text")
    for text in SAMPLES:
        menu.get_by_label("Text to find").fill(text)
        found = page.python(f"len(w.find({text!r}))")
        page.page.locator(f".tw-search[data-found='{found}'][data-loading='false']").wait_for()
        nothing_ran(page, menu)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    rows = [SAMPLES[row % 7] for row in range(14)]
    data = {text: [f"{other} {row}" for row, other in enumerate(rows)] for text in SAMPLES}
    labels = {SAMPLES[0] + SAMPLES[2]: rows}
    X = [[float(row == column) for column in range(14)] for row in range(14)]
    widget = TSNEWidget(X, labels=labels, data=data, perplexity=3, max_iter=30)
    for text in SAMPLES:
        widget.groups[text] = [1, 2]
    path = widget.wait().save_html(tmp_path_factory.mktemp("page") / "maps.html", columns=SAMPLES)
    widget.close()
    return path


def test_nothing_runs_in_a_page_that_was_saved(chromium, saved):
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(saved.as_uri())
    page.locator(".tsne-widget[data-drawn='30'][data-still='true']").wait_for()
    legend, groups = page.locator(".tw-legend"), page.get_by_role("region", name="Groups")
    for text in SAMPLES:
        assert text in legend.evaluate("element => element.textContent")
        assert text in groups.evaluate("element => element.textContent")
    page.locator(".tw-panel").evaluate(STANDS_STILL)
    groups.get_by_text(HOSTILE["comment"]).click()
    page.locator(".tsne-widget[data-selected='2']").wait_for()
    page.get_by_role("button", name="Selected rows").click()
    page.locator(".tw-drawer[data-answered='true']").wait_for()
    assert f"{SAMPLES[1]} 1" in page.locator(".tw-rows").evaluate("element => element.textContent")
    assert page.evaluate("() => [window.hacked ?? null, document.scripts.length]") == [None, 2]
    context.close()
    assert not errors

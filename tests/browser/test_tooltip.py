"""What the tooltip tells of the point that is pointed at, and which columns it tells."""

from __future__ import annotations

from actions import QUARTERS, point_at

TABLE = (
    QUARTERS
    + """
import pandas as pd
df = pd.DataFrame(X, columns=list("abcde"), index=[f"cell-{row}" for row in range(240)])
df["kind"], df["age"], df["seen"] = kind, np.arange(240.0), pd.Timestamp("2024-05-01")
df.loc["cell-0", "age"] = np.nan
bright = np.arange(240, dtype="uint8")[:, None, None, None].repeat(8, 1).repeat(4, 2).repeat(3, 3)
w = TSNEWidget(df, labels="kind", features=list("abcde"), image=bright, **asleep)
w
"""
)


def told(notebook, row: int, run: int | None = None) -> list[str]:
    """Point at a row and return what the tooltip says of it once all is known."""
    point_at(notebook, row, run)
    tooltip = notebook.widget().locator(f".tw-tooltip[data-row='{row}'][data-complete='true']")
    tooltip.wait_for()
    return tooltip.inner_text().split()


def test_a_tooltip_tells_label_row_index_columns_and_picture(page):
    page.show(TABLE)
    assert told(page, 0) == ["ant", "row", "0", "·", "cell-0", "age", "\N{EN DASH}", "seen", "2024-05-01"]
    assert told(page, 77) == ["bee", "row", "77", "·", "cell-77", "age", "77", "seen", "2024-05-01"]
    picture = page.widget().locator(".tw-tooltip canvas.tw-picture")
    pixel = picture.evaluate("each => [...each.getContext('2d').getImageData(0, 0, 1, 1).data]")
    assert pixel == [77, 77, 77, 255]
    box = picture.bounding_box()
    assert (box["width"], box["height"]) == (48, 96)
    page.page.mouse.move(2, 2)
    page.widget().locator(".tw-tooltip").wait_for(state="detached")


def test_in_a_grid_a_tooltip_stands_at_the_map_that_is_pointed_at(page):
    page.show(
        TABLE.replace("**asleep", "perplexity=[20, 30], **asleep"),
        "d.maps === '2' && d.drawn === '0' && d.still === 'true'",
    )
    for run in (1, 0):
        assert told(page, 77, run)[:5] == ["bee", "row", "77", "·", "cell-77"]
        tooltip, panel = page.widget().locator(".tw-tooltip").bounding_box(), page.panel(run).bounding_box()
        middle = tooltip["x"] + tooltip["width"] / 2
        assert panel["x"] < middle < panel["x"] + panel["width"]

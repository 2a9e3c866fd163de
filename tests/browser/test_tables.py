"""Rows come back as they were given, with their own types and their own index."""

from __future__ import annotations

from actions import ANTS, QUARTERS, TOP_LEFT, drawer_rows, open_drawer, press, select_box, selected

TABLE = """
import pandas as pd
names = pd.Index([f"cell-{row}" for row in range(240)], name="cell")
table = pd.DataFrame(X, columns=list("abcde"), index=names).assign(kind=kind)
w = TSNEWidget(table, labels="kind", **asleep)
w
"""


def test_circled_rows_come_back_as_they_were_given(page):
    page.show(QUARTERS + TABLE)
    assert page.state()["column"] == "kind"
    select_box(page, TOP_LEFT)
    selected(page, ANTS)
    page.do("rows = w.selected_rows()")
    assert page.python("rows.equals(table.iloc[:60])")
    open_drawer(page)
    table = page.widget().locator(".tw-rows")
    heads = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    assert heads == ["cell", "kind", *"abcde"]
    assert drawer_rows(page) == ANTS[:50]
    cells = table.locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert cells[:4] == ["cell-0", "ant", "-8.000", "4.500"]
    press(page, "Escape")
    selected(page, [])
    page.do("rows = w.selected_rows()")
    assert page.python("rows.equals(table.iloc[:0])")

"""Rows come back as they were given: pandas, polars and AnnData with their own types and their own index."""

from __future__ import annotations

import pytest
from actions import ANTS, QUARTERS, TOP_LEFT, drawer_rows, open_drawer, press, select_box, selected

NAMES = "columns, names = list('abcde'), [f'cell-{row}' for row in range(240)]\n"
WIDGET = "w = TSNEWidget(table, labels='kind', **asleep)\nw"
PANDAS = (
    "import pandas as pd\n"
    "table = pd.DataFrame(X, columns=columns, index=pd.Index(names, name='cell')).assign(kind=kind)\n"
)
POLARS = "import polars as pl\ntable = pl.DataFrame(X, schema=columns).with_columns(kind=pl.Series(kind))\n"
ANNDATA = (
    "import anndata, pandas as pd\n"
    "obs = pd.DataFrame({'kind': pd.Categorical(kind)}, index=names)\n"
    "table = anndata.AnnData(X, obs=obs, var=pd.DataFrame(index=columns))\n"
)


@pytest.mark.parametrize(
    ("frame", "same", "empty", "heads", "first"),
    [
        (
            PANDAS,
            "rows.equals(table.iloc[:60])",
            "rows.equals(table.iloc[:0])",
            ["cell", "kind", *"abcde"],
            ["cell-0", "ant", "-8.000", "4.500"],
        ),
        (
            POLARS,
            "rows.equals(table[:60])",
            "rows.equals(table[:0])",
            ["row", "kind", *"abcde"],
            ["0", "ant", "-8.000", "4.500"],
        ),
        (
            ANNDATA,
            "type(rows) is anndata.AnnData and rows.obs_names.tolist() == names[:60]"
            " and bool((rows.X == X[:60]).all()) and rows.obs['kind'].tolist() == ['ant'] * 60",
            "type(rows) is anndata.AnnData and rows.shape == (0, 5)",
            ["index", "kind", *"abcde"],
            ["cell-0", "ant", "-8.000", "4.500"],
        ),
    ],
    ids=["pandas", "polars", "anndata"],
)
def test_circled_rows_come_back_as_they_were_given(page, frame, same, empty, heads, first):
    page.show(QUARTERS + NAMES + frame + WIDGET)
    assert page.state()["column"] == "kind"
    select_box(page, TOP_LEFT)
    selected(page, ANTS)
    page.do("rows = w.selected_rows()")
    assert page.python(same)
    open_drawer(page)
    table = page.widget().locator(".tw-rows")
    assert [text.strip() for text in table.locator("thead th").all_inner_texts()] == heads
    assert drawer_rows(page) == ANTS[:50]
    cells = table.locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert cells[: len(first)] == first
    press(page, "Escape")
    selected(page, [])
    page.do("rows = w.selected_rows()")
    assert page.python(empty)


@pytest.mark.parametrize(
    "table",
    [
        "import pandas as pd\n"
        "kinds = pd.Series(np.where(kind == 'bee', None, kind))\n"
        "table = pd.DataFrame(X, columns=columns)\n"
        "table['kind'] = pd.Categorical(kinds, categories=['dog', 'bee', 'cat', 'ant'])\n",
        "import polars as pl\n"
        "kinds = pl.Series([None if name == 'bee' else name for name in kind.tolist()], dtype=pl.String)\n"
        "kinds = kinds.cast(pl.Enum(['dog', 'bee', 'cat', 'ant']))\n"
        "table = pl.DataFrame(X, schema=columns).with_columns(kind=kinds)\n",
    ],
    ids=["pandas", "polars"],
)
def test_the_legend_keeps_the_order_of_categories_and_counts_the_missing(page, table):
    page.show(QUARTERS + NAMES + table + WIDGET)
    entries = page.widget().locator(".tw-legend .tw-entry")
    texts = [text.split() for text in entries.all_inner_texts()]
    assert texts == [["dog", "60"], ["cat", "60"], ["ant", "60"], ["missing", "60"]]
    grey = entries.last.locator("i").evaluate("element => getComputedStyle(element).backgroundColor")
    red, green, blue = (int(part) for part in grey[4:-1].split(","))
    assert max(red, green, blue) - min(red, green, blue) < 20


def test_rows_of_one_label_are_told_apart(page):
    page.show(QUARTERS + NAMES + PANDAS.replace("names,", "['same'] * 240,") + WIDGET)
    select_box(page, TOP_LEFT)
    selected(page, ANTS)
    assert page.python("w.selected_rows().equals(table.iloc[:60])")
    page.do("w.select(index='same')")
    page.wait_for("d.selected === '240'")


def test_a_frame_of_data_stands_beside_an_array(page):
    data = "data = pd.DataFrame({'kind': kind, 'age': range(240)}, index=names)\n"
    widget = "w = TSNEWidget(X, labels='kind', data=data, **asleep)\nw"
    page.show(QUARTERS + NAMES + "import pandas as pd\n" + data + widget)
    select_box(page, TOP_LEFT)
    selected(page, ANTS)
    assert page.python("w.selected_rows().equals(data.iloc[:60])")
    open_drawer(page)
    heads = page.widget().locator(".tw-rows thead th").all_inner_texts()
    assert [text.strip() for text in heads][:3] == ["index", "kind", "age"]

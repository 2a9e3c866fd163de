"""What colours the points, chosen in the view or in Python, and how they look."""

from __future__ import annotations

import re

import numpy as np
import pytest
from actions import QUARTERS, open_menu, pick_color, point_at
from test_map import near, pixels

TABLE = (
    QUARTERS
    + """
import pandas as pd
df = pd.DataFrame(X, columns=list("abcde")).assign(kind=kind, few=np.arange(240) % 5, thing=[object()] * 240)
df.loc[0, "c"] = 1000.0
w = TSNEWidget(df, labels="kind", features=list("abde"), **asleep)
w
"""
)


@pytest.fixture
def table(page):
    page.show(TABLE)
    return page


def legend(notebook):
    return notebook.widget().locator(".tw-legend")


def bar(notebook) -> list[float]:
    """Return the ends of the colour bar."""
    ends = legend(notebook).locator(".tw-colorbar span")
    ends.first.wait_for()
    return [float(re.sub(r"[^-.0-9]", "", text)) for text in ends.all_inner_texts()]


def robust(notebook, values: str) -> object:
    """Return what the ends of a colour bar of some values in Python are."""
    return pytest.approx(notebook.python(f"np.percentile({values}, [2, 98]).tolist()"), rel=1e-3)


def colors(notebook) -> int:
    """Count the colours on the map that are painted with more than a few pixels."""
    image = pixels(notebook) // 8
    found, counts = np.unique(image.reshape(-1, 3), axis=0, return_counts=True)
    return int(((counts > 30) & (np.ptp(found, axis=1) > 4)).sum())


def test_numbers_have_a_color_bar_of_a_robust_range(table):
    pick_color(table, "c")
    table.wait_for("d.column === 'c' && d.color === 'labels' && d.still === 'true'")
    assert bar(table) == robust(table, "df.c")
    assert "1,000" in legend(table).locator(".tw-colorbar").get_attribute("title")
    assert "≥" in legend(table).locator(".tw-colorbar").inner_text()
    assert colors(table) > 10
    assert table.python("[w.color_by, w.color_as]") == ["c", "scale"]


def test_density_is_told_once_the_neighbours_are_known(table):
    pick_color(table, "density in the original space")
    table.wait_for("d.color === 'density'")
    legend(table).get_by_text("the neighbours have not been searched yet").wait_for()
    table.do("w.step(1).wait(60)")
    assert bar(table) == robust(table, "w.local_radius()")
    assert "mean euclidean distance to the 10 nearest neighbours" in legend(table).inner_text()
    assert table.python("w.color_by") == "density"


def test_a_key_colors_by_the_distance_to_what_is_pointed_at(table):
    table.widget().locator(".tw-map").focus()
    point_at(table, 0)
    table.page.keyboard.down("d")
    for row in (0, 239):
        point_at(table, row)
        table.wait_for("d.color === 'distance'")
        legend(table).get_by_text(
            f"euclidean distance in the original space to row {row}", exact=True
        ).wait_for()
        others = f"np.delete(w.distances({row}), {row})"
        expected = table.python(f"[float({others}.min()), float(np.percentile({others}, 98))]")
        assert bar(table) == pytest.approx(expected, rel=1e-3)
    table.wait_for("d.still === 'true'")
    assert colors(table) > 10
    table.page.keyboard.up("d")
    table.wait_for("d.color === 'labels'")
    assert table.python("w.color_by") == "kind"  # it was for the eye alone
    pick_color(table, "distance to the point under the pointer")
    table.wait_for("d.color === 'distance'")
    table.expect("w.color_by", "distance")
    point_at(table, 77)
    legend(table).get_by_text("original space to row 77").wait_for()


def test_size_opacity_and_names_are_set_in_the_menu_and_in_python(table):
    blue = (0, 114, 178)  # ants
    table.do("w.point_size, w.opacity = 3, 1")
    menu = open_menu(table, "How points look")
    for name, value in [("size", "3 px"), ("opacity", "1 ")]:
        menu.locator(".tw-amount", has_text=name).get_by_text(value.strip()).wait_for()
    table.wait_for("d.still === 'true'")
    small = near(pixels(table), blue)
    menu.get_by_role("slider", name="size").fill("8")
    table.expect("w.point_size", 8)
    table.wait_for("d.still === 'true'")
    assert near(pixels(table), blue) > 2 * small
    menu.get_by_role("slider", name="opacity").fill("0.1")
    table.expect("w.opacity", 0.1)
    table.wait_for("d.still === 'true'")
    assert near(pixels(table), blue) < small
    for name in ("size", "opacity"):
        menu.locator(".tw-amount", has_text=name).get_by_label("automatic").check()
    table.expect("[w.point_size, w.opacity]", ["auto", "auto"])
    table.wait_for("d.names === '4'")
    menu.get_by_label("names on the map").uncheck()
    table.wait_for("d.names === '0'")
    table.expect("w.show_names", False)
    table.do("w.show_names, w.name_by = True, 'few'")
    table.wait_for("d.names === '5'")


def test_the_key_needs_no_click_on_the_map_before(table):
    """JupyterLab deletes a cell on the same key where nobody takes it first."""
    table.page.locator(".jp-InputPrompt").first.click()  # the notebook has the keys now
    cells = "() => window.jupyterapp.shell.currentWidget.content.widgets.length"
    before = table.page.evaluate(cells)
    point_at(table, 77)
    for _ in range(3):  # as a held key repeats
        table.page.keyboard.down("d")
    table.wait_for("d.color === 'distance'")
    table.page.keyboard.up("d")
    table.wait_for("d.color === 'labels'")
    assert table.page.evaluate(cells) == before

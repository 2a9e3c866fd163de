"""In what holds other widgets, the map takes the width that there is, or its share."""

from __future__ import annotations

import pytest
from actions import QUARTERS
from lab import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.release

SHOW = (
    QUARTERS
    + """
import ipywidgets as W
def t(**layout):
    return TSNEWidget(X, height=160, layout=W.Layout(**layout), **asleep)
def b():
    return W.Button(description="a button")
def output():
    output = W.Output()
    output.append_display_data(t())
    return output
def show(name, container):
    container.add_class("in-" + name)
    display(container)
"""
)
#: What holds maps, and how wide they are in parts of it; or in pixels, above 1.
CONTAINERS = {
    "hbox-of-one": ("W.HBox([t()])", [1]),
    "hbox-of-two": ("W.HBox([t(), t()])", [1 / 2, 1 / 2]),
    "hbox-of-a-map-of-300": ("W.HBox([t(width='300px'), b()])", [300]),
    "hbox-of-boxes": ("W.HBox([W.VBox([b(), t()]), W.VBox([t()])])", [1 / 2, 1 / 2]),
    "hbox-of-outputs": ("W.HBox([output(), output()])", [1 / 2, 1 / 2]),
    "box": ("W.Box([t()])", [1]),
    "vbox": ("W.VBox([t(), b()])", [1]),
    "vbox-that-centers": ("W.VBox([t()], layout=W.Layout(align_items='center'))", [640]),
    "grid": ("W.GridBox([t(), t()], layout=W.Layout(grid_template_columns='1fr 1fr'))", [1 / 2, 1 / 2]),
    "app": ("W.AppLayout(left_sidebar=b(), center=t(), right_sidebar=b())", [1 / 2]),
    "two-by-two": ("W.TwoByTwoLayout(top_left=t(), top_right=b(), bottom_right=t())", [1 / 2, 1 / 2]),
    "tab": ("W.Tab([t()])", [1]),
    "accordion": ("W.Accordion([t()], selected_index=0)", [1]),
    "stack": ("W.Stack([t()], selected_index=0)", [1]),
    "output": ("output()", [1]),
    "interactive": ("W.interactive(lambda k: display(t()), k=(1, 3))", [1]),
    "320-pixels": ("W.Box([t()], layout=W.Layout(width='320px'))", [1]),
    "less-than-two-maps": ("W.HBox([t(), t()], layout=W.Layout(width='360px'))", [240, 240]),
}
#: Borders and padding of a tab, an accordion or an output.
AROUND = 40


def widths(notebook: Notebook, name: str) -> tuple[float, list[float]]:
    """Return how wide a container is, and the maps in it."""
    return notebook.page.locator(f".in-{name}").evaluate(
        "box => [box.clientWidth, [...box.querySelectorAll('.tsne-widget')].map(map => map.offsetWidth)]"
    )


@pytest.fixture(scope="module")
def contained(desk):
    notebook = desk.shared()
    shown = [f"show({name!r}, {code})" for name, (code, _) in CONTAINERS.items()]
    notebook.fill("\n".join([SHOW, *shown]))
    notebook.run(0)
    expect(notebook.widgets()).to_have_count(sum(len(parts) for _, parts in CONTAINERS.values()))
    yield notebook
    desk.clear()


@pytest.mark.parametrize("name", CONTAINERS)
def test_maps_have_the_width_that_there_is_or_share_it(contained, name):
    room, found = widths(contained, name)
    expected = [part if part > 1 else part * room for part in CONTAINERS[name][1]]
    assert room > 300
    assert found == pytest.approx(expected, abs=AROUND if name in {"tab", "accordion"} else 8)


def test_a_button_beside_a_map_keeps_its_width(page):
    page.show(SHOW + "show('row', W.HBox([t(), b()]))")
    button = page.page.locator(".in-row .widget-button").bounding_box()
    room, [map_width] = widths(page, "row")
    assert button["width"] == 148
    assert map_width + 148 == pytest.approx(room, abs=8)


def test_a_map_in_a_tab_that_was_hidden_at_first_is_drawn_when_it_is_seen(page):
    page.fill(SHOW + "show('tab', W.Tab([b(), t()], titles=['first', 'second']))")
    page.run(0)
    expect(page.widgets()).to_have_count(1)
    assert widths(page, "tab")[1] == [0]
    page.page.get_by_role("tab", name="second").click()
    page.wait_for("d.drawn === '0' && d.still === 'true'")
    room, found = widths(page, "tab")
    assert found == pytest.approx([room], abs=AROUND)

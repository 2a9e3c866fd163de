"""The original space beside the map: lines to true neighbours, and how far distances agree."""

from __future__ import annotations

import re

import pytest
from actions import (
    QUARTERS,
    click_on,
    open_drawer,
    place_of,
    selected,
)
from lab import map_area

ALONE = QUARTERS + "w = TSNEWidget(X, labels=kind, **asleep)\nw"
TWO = QUARTERS + "w = TSNEWidget(X, labels=kind, init=[start, rng.permutation(start)], autostart=False)\nw"


def joined(notebook, pane: int = 0) -> list[tuple[float, float]]:
    """Where on the page the points are to which lines go, in order."""
    area = map_area(notebook)
    ink = notebook.widget().locator(".tw-map > svg > svg > svg").nth(pane)
    left, top = (float(ink.get_attribute(side) or 0) for side in "xy")
    # A ring begins at its right: half a turn, and another.
    rings = re.findall(
        r"M([\d.-]+) ([\d.-]+)a([\d.]+)", ink.locator("path.tw-rays-ends").last.get_attribute("d")
    )
    return [(area["x"] + left + float(x) - float(r), area["y"] + top + float(y)) for x, y, r in rings]


def kept(notebook, row: int) -> list[int]:
    """Return how many of 10 neighbours the view says each map has kept."""
    told = notebook.widget().locator(f"[data-kept='{row}']")
    told.wait_for()
    assert "nearest in the original space are also nearest on the map" in told.inner_text()
    return [int(text.split()[0]) for text in told.locator(".tw-share").all_inner_texts()]


def agreeing(notebook, row: int, run: int = 0) -> int:
    return notebook.python(f"len(set(w.neighbors({row})) & set(w.runs[{run}].neighbors({row}, 10)))")


def test_lines_join_a_point_to_its_neighbours(page):
    page.show(ALONE)
    for row in (77, 0):
        click_on(page, row)
        selected(page, [row])
        on_map = page.python(f"len(set(w.neighbors({row})) & set(w.neighbors({row}, space='map')))")
        assert kept(page, row) == [on_map]
        places = [place_of(page, other) for other in page.python(f"w.neighbors({row}).tolist()")]
        found = joined(page)
        assert len(found) == len(places) == 10
        for place, expected in zip(found, places, strict=True):
            assert place == pytest.approx(expected, abs=1)
    page.do("w.select([0, 1])")  # of several rows there are none
    page.widget().locator("[data-kept]").wait_for(state="detached")
    page.widget().locator(".tw-map > svg > svg > svg").wait_for(state="detached")


def test_lines_are_in_all_maps_and_each_keeps_its_own(page):
    page.show(TWO, "d.maps === '2' && d.drawn === '0' && d.still === 'true'")
    page.do("w.align = False")
    click_on(page, 77, run=0)
    selected(page, [77])
    counts = [agreeing(page, 77, run) for run in (0, 1)]
    assert counts[0] != counts[1]  # or nothing would be told apart
    assert kept(page, 77) == counts
    assert [len(joined(page, pane)) for pane in (0, 1)] == [10, 10]


def test_distances_between_labels_are_what_python_says(page):
    page.show(ALONE)
    drawer = open_drawer(page, "distances")
    rho = drawer.locator("[data-rho]").get_attribute("data-rho")
    assert float(rho) == pytest.approx(page.python("w.group_distances().rho"))
    assert page.python("w.group_distances().sentence") in drawer.inner_text()

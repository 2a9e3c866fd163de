"""A measure that somebody adds, in one file of Python, is in all that the view shows and saves."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pytest
from actions import open_menu, pick_color
from lab import ENDED, map_area
from PIL import Image
from playwright.sync_api import expect
from scipy.ndimage import minimum_filter

TOY = (Path(__file__).parents[1] / "measures" / "toy.py").read_text("utf-8")
ADDED = """
from tsne_widget.measures import registry
before = registry.MEASURES
registry.MEASURES = (*registry.MEASURES, Remoteness())
"""
GRID = """
from sklearn.datasets import load_digits
from tsne_widget import TSNEWidget
X, y = load_digits(return_X_y=True)
X, y = X[::6], y[::6]
w = TSNEWidget(X, labels=y, perplexity=[5, 30], max_iter=300)
w
"""


def panel_pixels(notebook, run: int) -> np.ndarray:
    picture = notebook.page.screenshot(clip=map_area(notebook, run))
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def brightness_by_distance(image: np.ndarray) -> tuple[float, float]:
    """Return how yellow the coloured pixels are in the middle of a picture and towards its rim."""
    height, width = image.shape[:2]
    y, x = np.mgrid[:height, :width]
    apart = np.hypot(x - width / 2, y - height / 2) / (min(height, width) / 2)
    colored = np.ptp(image, axis=2) > 60
    yellow = image[..., 0] + image[..., 1] - image[..., 2]
    return float(yellow[colored & (apart < 0.4)].mean()), float(yellow[colored & (apart > 0.75)].mean())


def assert_colored_by_numbers(picture: Path) -> None:
    """A picture names the measure and has the many colours of a scale; of labels there are ten."""
    svg = picture.read_text("utf-8")
    assert "remoteness" in svg
    assert len(set(re.findall(r"fill(?:=\"|: )(#\w+)", svg))) > 50


@pytest.mark.release
def test_a_measure_of_one_file_is_in_the_menu_the_colors_the_legend_and_what_is_saved(
    open_notebook, chromium, tmp_path
):
    notebook = open_notebook("'nothing yet'")
    notebook.do(TOY + ADDED)
    notebook.show(GRID, f"d.maps === '2' && {ENDED}")
    plain = [panel_pixels(notebook, run) for run in (0, 1)]

    # In the menu, and as a colour: each map by its own numbers, the middle dark and the rim bright.
    pick_color(notebook, "remoteness on each map")
    notebook.wait_for("d.measured === 'remoteness,0,1' && d.still === 'true'")
    assert notebook.python("w.color_by") == "remoteness"
    for run in (0, 1):
        image = panel_pixels(notebook, run)
        assert (image != plain[run]).any()
        middle, rim = brightness_by_distance(image)
        assert rim > middle + 20

    # In the legend: ends, sentence, means of the maps and of the labels.
    legend = notebook.widget().locator(".tw-legend")
    assert "middle" in legend.locator(".tw-colorbar").inner_text()
    legend.get_by_text("1 is the map's radius").wait_for()
    means = notebook.python("[float(run.measure('remoteness').mean()) for run in w.runs]")
    told = legend.locator("[data-means=remoteness] .tw-share").all_inner_texts()
    assert [float(text) for text in told] == pytest.approx(means, abs=0.006)
    by_label = [float(text) for text in legend.locator(".tw-entry .tw-share").all_inner_texts()]
    expected = notebook.python(
        "[float(sum(run.measure('remoteness')[y == k].mean() for run in w.runs) / 2) for k in range(10)]"
    )
    assert by_label == pytest.approx(expected, abs=0.011)
    notebook.do("w.select([7])")
    expect(legend.locator("[data-mean=remoteness] .tw-share").first).to_have_text(re.compile(r"^\d\.\d+$"))
    notebook.do("w.select([])")

    # In the tooltip: the number of the point on that map.
    inside = minimum_filter(np.ptp(panel_pixels(notebook, 0), axis=2), 5) > 60  # of a point
    y, x = np.argwhere(inside)[0].tolist()
    area = map_area(notebook, 0)
    notebook.page.mouse.move(area["x"] + x, area["y"] + y)
    notebook.wait_for("d.hover")
    value = notebook.python(f"float(w.runs[0].measure('remoteness')[{notebook.state()['hover']}])")
    tooltip = notebook.widget().locator(".tw-tooltip").inner_text().split()
    assert float(tooltip[tooltip.index("remoteness") + 1]) == pytest.approx(value, abs=0.006)

    # In a picture that the view saves, in one that Python draws, and in a page without either.
    menu = open_menu(notebook, "Save as a picture")
    with notebook.page.expect_download() as download:
        menu.get_by_role("button", name="SVG").click()
    assert_colored_by_numbers(Path(download.value.path()))
    folder = str(tmp_path)
    notebook.do(f"w.save_image({folder + '/maps.svg'!r}); w.save_html({folder + '/maps.html'!r})")
    assert_colored_by_numbers(tmp_path / "maps.svg")
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto((tmp_path / "maps.html").as_uri())
    page.locator(".tsne-widget[data-measured='remoteness,0,1'][data-still='true']").wait_for()
    saved = page.locator(".tw-legend")
    assert saved.locator("[data-means=remoteness] .tw-share").all_inner_texts() == told
    assert "1 is the map's radius" in saved.inner_text()
    context.close()
    notebook.do("registry.MEASURES = before")  # other tests have the same kernel

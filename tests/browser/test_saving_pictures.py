"""Pictures, drawings and pages are saved from the view's menu, and say what they show."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from actions import QUARTERS, open_menu, press
from lab import Notebook
from PIL import Image

HOSTILE = "<script>alert(1)</script> & \\x01 ]]>"
MAPS = (
    QUARTERS
    + f"names = {{'ant': '{HOSTILE}'}}\n"
    + "w = TSNEWidget(X, labels=[names.get(k, k) for k in kind], perplexity=[20, 30], **asleep)\nw"
)
GREEN = (0, 158, 115)


def saved(page: Notebook, kind: str, folder: Path) -> Path:
    menu = open_menu(page, "Save as a picture")
    with page.page.expect_download() as download:
        menu.get_by_role("button", name=kind).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    menu.wait_for(state="hidden")
    return path


def texts_in(path: Path) -> list[ElementTree.Element]:
    return [element for element in ElementTree.parse(path).iter() if element.tag.endswith("}text")]


def said(path: Path) -> list[str]:
    return [element.text for element in texts_in(path)]


@pytest.fixture
def maps(page):
    page.show(MAPS)
    return page


def test_a_drawing_has_a_shape_for_each_point_and_labels_are_text_in_it(maps, tmp_path):
    path = saved(maps, "SVG", tmp_path)
    tags = [element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()]
    assert tags.count("circle") == 2 * 240
    assert "script" not in tags
    told = said(path)
    assert any(text.startswith("<script>") for text in told)
    assert {"bee", "cat", "60"} <= set(told)
    assert told.count("bee") == 3  # on both maps and in the legend
    assert any("NOT SETTLED" in text for text in told)
    assert sum(text.startswith(("perplexity 20 *", "perplexity 30 *")) for text in told) == 2
    # JupyterLab's muted color is a transparent black.
    fills = {element.text: element.get("fill") for element in texts_in(path)}
    plain, muted = ([int(part) for part in re.findall(r"\d+", fills[text])] for text in ("bee", "60"))
    assert max(plain) + 50 < min(muted) < 200


def test_a_picture_has_the_colors_and_the_size_of_the_view(maps, tmp_path):
    picture = Image.open(saved(maps, "PNG", tmp_path)).convert("RGB")
    area = maps.widget().locator("canvas.tw-canvas").bounding_box()
    assert picture.size[0] > 2 * area["width"]
    far = np.abs(np.asarray(picture).astype(int) - GREEN).max(axis=2)
    assert (far < 12).sum() > 2000


def test_what_is_selected_stands_out_in_a_picture_as_on_the_map(maps, tmp_path):
    maps.do("w.select(label='bee')")
    maps.wait_for("d.selected === '60' && d.still === 'true'")
    picture = Image.open(saved(maps, "PNG", tmp_path)).convert("RGB")
    far = np.abs(np.asarray(picture.crop((0, 0, picture.size[0] - 420, 10_000))).astype(int) - GREEN)
    assert (far.max(axis=2) < 12).sum() < 100


def test_a_moment_of_the_past_is_marked_as_such(page, tmp_path):
    page.show(
        QUARTERS + "w = TSNEWidget(X, labels=kind, perplexity=20, max_iter=60)\nw",
        until="d.stage === 'not settled yet' && d.still === 'true' && d.drawn === d.iteration",
    )
    press(page, "[")
    page.wait_for("d.past !== '' && d.still === 'true'")
    told = said(saved(page, "SVG", tmp_path))
    past = page.state()["past"]
    assert any(f"NOT SETTLED: history, as it was at iteration {past}" in text for text in told)


def test_a_page_is_made_by_python_and_works_by_itself(maps, tmp_path, chromium):
    path = saved(maps, "HTML", tmp_path)
    page = chromium.new_page()
    page.goto(path.as_uri())
    page.locator(".tsne-widget[data-maps='2'][data-connection='saved'][data-still='true']").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as a picture").click()
        page.get_by_role("button", name="SVG").click()
    download.value.save_as(tmp_path / "again.svg")
    assert any(text.startswith("perplexity 20") for text in said(tmp_path / "again.svg"))
    page.close()

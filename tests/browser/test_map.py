"""The map appears, moves, follows and is seen."""

from __future__ import annotations

import io

import numpy as np
import pytest
from conftest import DIGITS, ENDLESS
from lab import ENDED
from PIL import Image


def pixels(notebook, number: int = 0) -> np.ndarray:
    picture = notebook.widget(number).locator("canvas.tw-canvas").screenshot()
    return np.asarray(Image.open(io.BytesIO(picture)).convert("RGB")).astype(int)


def near(image: np.ndarray, color: tuple[int, int, int]) -> int:
    """Count the pixels of a colour."""
    return int((np.abs(image - color).max(axis=2) < 40).sum())


@pytest.mark.release
def test_one_line_shows_data_organising_itself(open_own):
    notebook = open_own(DIGITS)  # a kernel that has compiled would be past it
    notebook.start(0)
    notebook.wait_for("d.drawn === '0'")  # the initial layout is drawn before the first iteration
    assert_it_moves_and_settles(notebook)


def test_a_map_moves_from_its_initial_layout_until_it_settles(open_notebook):
    notebook = open_notebook(DIGITS.replace("labels=y", "labels=y, autostart=False"))
    notebook.run(0)
    notebook.wait_for("d.drawn === '0'")
    notebook.do("w.start()")
    assert_it_moves_and_settles(notebook)


def assert_it_moves_and_settles(notebook) -> None:
    notebook.wait_for("Number(d.drawn) > 0")
    first = int(notebook.state()["drawn"])
    notebook.wait_for(f"Number(d.drawn) > {first}")
    notebook.wait_for(ENDED)  # the last frame always arrives
    assert notebook.python("w.iteration") == int(notebook.state()["drawn"])
    assert notebook.python("w.settled")


def assert_all_colors_drawn(notebook) -> None:
    notebook.wait_for(ENDED)
    notebook.wait_for("d.still === 'true'")
    image = pixels(notebook)
    swatches = notebook.widget().locator(".tw-entry i")
    assert swatches.count() == 10
    for number in range(10):
        css = swatches.nth(number).evaluate("element => getComputedStyle(element).backgroundColor")
        red, green, blue = (int(part) for part in css[4:-1].split(","))
        assert near(image, (red, green, blue)) > 200, css


def test_points_are_drawn_in_their_colors(open_notebook):
    notebook = open_notebook(DIGITS)
    notebook.run(0)
    assert_all_colors_drawn(notebook)
    assert notebook.state()["renderer"] == "webgl2"


#: A browser without WebGL, until it is given back: other tests have the same page.
TAKE_WEBGL = """() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (kind, ...options) {
        return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...options);
    };
    window.giveWebglBack = () => { HTMLCanvasElement.prototype.getContext = getContext; };
}"""


def test_without_webgl_canvas_2d_draws_the_same(open_notebook):
    notebook = open_notebook(DIGITS)
    notebook.page.evaluate(TAKE_WEBGL)
    notebook.run(0)
    assert_all_colors_drawn(notebook)
    assert notebook.state()["renderer"] == "canvas2d"
    notebook.page.evaluate("() => window.giveWebglBack()")


def test_the_legend_counts_and_isolates(open_notebook):
    notebook = open_notebook(DIGITS)
    notebook.run(0)
    notebook.wait_for(ENDED)
    entries = notebook.widget().locator(".tw-entry")
    counts = [int(text) for text in entries.locator(".tw-count").all_inner_texts()]
    assert counts == notebook.python("[int(c) for c in __import__('numpy').bincount(y)]")
    notebook.wait_for("d.still === 'true'")
    before = near(pixels(notebook), (0, 114, 178))
    entries.nth(1).click()  # isolates another label: the first stands back
    notebook.wait_for("d.isolated === '1'")
    assert near(pixels(notebook), (0, 114, 178)) < before / 4
    entries.nth(0).click(modifiers=["Shift"])
    notebook.wait_for("d.isolated === '2'")
    assert near(pixels(notebook), (0, 114, 178)) > before / 2


def test_hovering_names_label_and_row(open_notebook):
    notebook = open_notebook(
        "import numpy as np\nfrom tsne_widget import TSNEWidget\n"
        "start = np.array([[0, 0], [1, 0], [0, 1], [1, 1], [.5, .5]])\n"
        "w = TSNEWidget(np.eye(5), labels=list('abcde'), perplexity=2, init=start, autostart=False)\nw"
    )
    notebook.run(0)
    notebook.wait_for("d.drawn === '0' && d.still === 'true'")
    notebook.widget().locator("canvas.tw-canvas").hover()  # its middle
    tooltip = notebook.widget().locator(".tw-tooltip")
    tooltip.wait_for()
    assert tooltip.inner_text().split() == ["e", "row", "4"]


def test_the_view_follows_the_theme(open_notebook):
    notebook = open_notebook(DIGITS)
    notebook.run(0)
    notebook.wait_for(ENDED)
    notebook.wait_for("d.still === 'true'")
    assert pixels(notebook)[2, 2].min() > 240
    use_theme(notebook, "dark")
    image = pixels(notebook)
    assert image[2, 2].max() < 40
    assert near(image, (0, 114, 178)) > 200  # JupyterLab has hidden the points for a moment
    use_theme(notebook, "light")  # the next tests have the same page
    assert pixels(notebook)[2, 2].min() > 240


def use_theme(notebook, name: str) -> None:
    notebook.page.evaluate(
        "theme => window.jupyterapp.commands.execute('apputils:change-theme', { theme })",
        f"JupyterLab {name.title()}",
    )
    notebook.wait_for(f"d.theme === '{name}'")
    # Meanwhile JupyterLab shows a splash and hides all else.
    notebook.page.locator("#jupyterlab-splash").wait_for(state="detached")
    notebook.widget().wait_for()


def test_a_failure_is_said_and_a_restart_is_offered(open_notebook):
    notebook = open_notebook(
        ENDLESS,
        "from tsne_widget.tsne.optimizer import Optimizer\nstep = Optimizer.step\n"
        "def fail(self):\n    raise FloatingPointError('<b>it</b> broke')\n"
        "Optimizer.step = fail",
        "Optimizer.step = step",
    )
    notebook.run(0)
    notebook.wait_for("Number(d.drawn) > 5")
    notebook.run(1)
    notebook.wait_for("d.stage === 'failed'")
    words = notebook.widget().locator(".tw-failed").inner_text()
    assert "FloatingPointError: <b>it</b> broke" in words
    notebook.run(2)
    notebook.widget().get_by_role("button", name="restart", exact=True).click()
    notebook.wait_for("d.stage === 'early exaggeration'")


@pytest.mark.release
def test_a_server_that_is_not_localhost_shows_the_map_over_plain_http(open_own):
    notebook = open_own(DIGITS, host="another.test")
    assert not notebook.page.evaluate("() => window.isSecureContext")
    notebook.run(0)
    notebook.wait_for("Number(d.drawn) > 0")


@pytest.mark.release
def test_more_maps_than_a_page_has_webgl_contexts(open_notebook):
    """Chromium keeps 16: maps that nobody sees hold none, those that are seen draw with WebGL."""
    notebook = open_notebook(
        "import numpy as np\nfrom tsne_widget import TSNEWidget\n"
        "X = np.random.default_rng(0).normal(size=(60, 4))\n"
        "for _ in range(20):\n"
        "    display(TSNEWidget(X, labels=[0] * 60, perplexity=5, autostart=False, height=260))"
    )
    notebook.run(0)
    drawn = "d.drawn === '0' && d.renderer === 'webgl2' && d.still === 'true'"

    def assert_drawn(number: int) -> None:
        notebook.wait_for(drawn, number=number)
        assert near(pixels(notebook, number), (0, 114, 178)) > 100, number

    for number in [*range(20), 0]:
        notebook.widget(number).scroll_into_view_if_needed()
        assert_drawn(number)
    # Others on the page want all there are, and those that are seen draw nothing meanwhile.
    seen = notebook.page.evaluate(TAKE_ALL_CONTEXTS)
    assert 0 in seen
    for number in seen:
        assert_drawn(number)
    notebook.page.evaluate("() => window.giveAllBack()")


#: Makes as many contexts as there can be, and returns which maps have theirs back after it was taken.
TAKE_ALL_CONTEXTS = """async () => {
    const maps = [...document.querySelectorAll('.tsne-widget')];
    const seen = maps.filter(map => map.dataset.renderer === 'webgl2');
    const back = seen.map(map => new Promise(done => map.querySelector('.tw-canvas')
        .addEventListener('webglcontextrestored', done, { once: true })));
    const others = Array.from({ length: 16 }, () => document.createElement('canvas').getContext('webgl2'));
    const switches = others.map(other => other.getExtension('WEBGL_lose_context'));
    for (const other of others) other.flush();
    window.giveAllBack = () => switches.forEach((each, i) => others[i].isContextLost() || each.loseContext());
    await Promise.all(back);
    return seen.map(map => maps.indexOf(map));
}"""

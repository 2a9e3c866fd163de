"""Every control acts at once, also while a cell runs; what cannot act says so."""

from __future__ import annotations

import pytest
from actions import next_seed, turn_wheel
from conftest import DIGITS, ENDLESS
from lab import ENDED

#: Polls while the kernel is busy and notes when the map's perplexity, seed and selection have changed.
BUSY = """
import time
seen = []
began = time.time()
while time.time() - began < 60 and len(seen) < 4:
    now = (w.random_state, float(w._driver.session.runs[0].status.values["perplexity"]))
    if not seen or seen[-1] != now:
        seen.append(now)
    time.sleep(.002)
"""


def set_slider(notebook, position: int) -> None:
    """Move the perplexity slider as a drag does: input events, then change."""
    notebook.widget().locator(".tw-toolbar .tw-slider").evaluate(
        """(slider, position) => {
            slider.value = position;
            slider.dispatchEvent(new Event('input', { bubbles: true }));
            slider.dispatchEvent(new Event('change', { bubbles: true }));
        }""",
        position,
    )


def button(notebook, name: str):
    return notebook.widget().get_by_role("button", name=name)


def test_play_pause_step_restart(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for("Number(d.drawn) > 5")
    button(notebook, "Pause").click()
    notebook.wait_for("d.stage === 'paused' && d.drawn === d.iteration")
    paused = int(notebook.state()["iteration"])
    assert notebook.python("w.iteration") == paused
    button(notebook, "One step").click()
    notebook.wait_for(f"d.iteration === '{paused + 1}' && d.stage === 'paused'")
    button(notebook, "Play").click()
    notebook.wait_for(f"Number(d.iteration) > {paused + 5}")
    button(notebook, "Restart from the beginning").click()
    notebook.wait_for("d.epoch === '1' && d.playing === 'true' && Number(d.iteration) > 0")


def test_perplexity_goes_on_and_a_seed_starts_anew(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for("Number(d.iteration) > 20")
    before = int(notebook.state()["iteration"])
    set_slider(notebook, 800)
    notebook.wait_for(f"d.epoch === '1' && Number(d.iteration) > {before}")
    notebook.expect("w.perplexity", float(notebook.state()["perplexity"]))
    assert float(notebook.state()["perplexity"]) > 30
    notebook.python("w.pause().perplexity")
    notebook.wait_for("d.stage === 'paused'")
    next_seed(notebook)
    notebook.wait_for("d.random_state === '1' && d.iteration === '0'")
    notebook.expect("w.random_state", 1)
    assert notebook.state()["stage"] == "paused"


def test_python_steers_the_view(open_notebook):
    notebook = open_notebook(ENDLESS, "w.perplexity = 12.5; w.random_state = 7; w.init = 'random'")
    notebook.run(0)
    notebook.wait_for("Number(d.iteration) > 5")
    notebook.run(1)
    notebook.wait_for("d.perplexity === '12.5' && d.random_state === '7'")
    widget = notebook.widget()
    assert widget.get_by_label("perplexity as a number").input_value() == "12.5"
    assert widget.get_by_label("seed", exact=True).input_value() == "7"
    assert widget.get_by_label("init").input_value() == "random"


def test_controls_act_while_a_cell_runs(open_notebook):
    notebook = open_notebook(ENDLESS, BUSY)
    notebook.run(0)
    notebook.wait_for("Number(d.iteration) > 5")
    notebook.start(1)
    set_slider(notebook, 900)
    notebook.wait_for("d.epoch === '1' && Number(d.perplexity) > 30")  # the loop that uses it runs already
    next_seed(notebook)
    notebook.wait_for("d.random_state === '1'")
    assert notebook.running
    set_slider(notebook, 300)
    notebook.finish()
    perplexities = [state[1] for state in notebook.python("seen")]
    assert perplexities[0] == 30
    assert perplexities[-1] < 30


def test_a_refused_value_is_said(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for("Number(d.iteration) > 5")
    field = notebook.widget().get_by_label("perplexity as a number")
    field.select_text()
    notebook.page.keyboard.type("5000\n")
    warning = notebook.widget().get_by_role("alert")
    warning.wait_for()
    assert "perplexity=5000" in warning.inner_text()
    assert "below n - 1 = 1199" in warning.inner_text()
    assert notebook.python("w.perplexity") == 30
    assert field.input_value() == "30"  # what is in force, not what was asked for


def test_keys_on_the_map(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for("Number(d.iteration) > 5")
    canvas = notebook.widget().locator(".tw-map")
    canvas.focus()
    canvas.press(" ")
    notebook.wait_for("d.stage === 'paused' && d.following === 'true'")
    canvas.press("ArrowLeft")
    notebook.wait_for("d.following === 'false'")
    canvas.press("f")
    notebook.wait_for("d.following === 'true'")
    canvas.press("l")
    pan = button(notebook, "Pan")
    assert pan.get_attribute("aria-pressed") == "true"
    assert notebook.widgets().count() == 1  # the notebook's own keys did nothing


def test_pan_and_zoom_by_pointer(open_notebook):
    notebook = open_notebook(DIGITS)
    notebook.run(0)
    notebook.wait_for(f"{ENDED} && d.still === 'true'")
    canvas = notebook.widget().locator("canvas.tw-canvas")
    canvas.hover()
    notebook.page.mouse.wheel(0, -4)
    notebook.widget().get_by_text("and the wheel zoom").wait_for()  # it scrolls the notebook
    assert notebook.state()["following"] == "true"
    turn_wheel(notebook, -400)
    notebook.wait_for("d.following === 'false' && Number(d.outside) > 0")
    button(notebook, "Fit").click()
    notebook.wait_for("d.following === 'true' && d.outside === '0'")
    button(notebook, "Pan").click()
    canvas.hover()
    notebook.page.mouse.down()
    area = canvas.bounding_box()
    notebook.page.mouse.move(area["x"] + area["width"], area["y"], steps=5)
    notebook.page.mouse.up()
    notebook.wait_for("d.following === 'false' && Number(d.outside) > 0")
    assert notebook.state()["selected"] == "0"


@pytest.mark.release
def test_two_fingers_zoom_and_one_pans(open_own):
    notebook = open_own(DIGITS, touch=True)
    notebook.run(0)
    notebook.wait_for(f"{ENDED} && d.still === 'true'")
    button(notebook, "Pan").click()
    session = notebook.page.context.new_cdp_session(notebook.page)
    area = notebook.widget().locator("canvas.tw-canvas").bounding_box()
    x, y = area["x"] + area["width"] / 2, area["y"] + area["height"] / 2

    def touch(kind: str, *points: tuple[float, float]) -> None:
        fingers = [{"x": px, "y": py, "id": number} for number, (px, py) in enumerate(points)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})

    touch("touchStart", (x - 20, y), (x + 20, y))
    for apart in (40, 80, 120):
        touch("touchMove", (x - apart, y), (x + apart, y))
    touch("touchEnd")
    notebook.wait_for("d.following === 'false' && Number(d.outside) > 0")
    button(notebook, "Fit").click()
    notebook.wait_for("d.following === 'true' && d.outside === '0'")
    touch("touchStart", (x, y))
    for moved in (40, 120, 240):
        touch("touchMove", (x + moved, y))
    touch("touchEnd")
    notebook.wait_for("d.following === 'false' && Number(d.outside) > 0")

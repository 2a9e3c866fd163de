"""What becomes of a map when its page, its cell, its kernel or the line between them goes, and comes back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from actions import LEFT, QUARTERS, RIGHT, drag, press, select_box
from cable import Cable
from conftest import DIGITS, ENDLESS
from lab import ENDED, PATIENCE, Notebook, map_area
from playwright.sync_api import expect

pytestmark = pytest.mark.release

MOVING = "Number(d.drawn) > 20"
#: A map that nobody looks at sleeps after 2 s, and pages are heard often.
IMPATIENT = """
import tsne_widget.wire.audience, tsne_widget.wire.traits
patience = tsne_widget.wire.audience.ABSENCE_SECONDS, tsne_widget.wire.traits.HEARTBEAT_SECONDS
tsne_widget.wire.audience.ABSENCE_SECONDS, tsne_widget.wire.traits.HEARTBEAT_SECONDS = 2, .3
"""
PATIENT = "tsne_widget.wire.audience.ABSENCE_SECONDS, tsne_widget.wire.traits.HEARTBEAT_SECONDS = patience"
#: Has the engine work for another map, and tells whether the first one has moved meanwhile.
STANDS_STILL = """
other = TSNEWidget(X[:100], perplexity=5, autostart=False)
before = w.iteration
other.step(50).wait(60).close()
stands_still = w.iteration == before
"""


@pytest.fixture
def impatient(page: Notebook) -> Iterator[Callable[..., Notebook]]:
    """Put cells into the shared notebook, whose maps fall asleep soon."""
    page.do(IMPATIENT)

    def fill(*cells: str) -> Notebook:
        page.fill(*cells)
        return page

    yield fill
    page.do(PATIENT)


def save(notebook: Notebook) -> None:
    notebook.page.evaluate("() => window.jupyterapp.commands.execute('docmanager:save')")


def delete_cell(notebook: Notebook, cell: int) -> None:
    notebook.page.evaluate(
        "cell => window.jupyterapp.shell.currentWidget.content.model.sharedModel.deleteCell(cell)", cell
    )


def clear_output(notebook: Notebook, cell: int) -> None:
    notebook.page.evaluate(
        """(cell) => {
            window.jupyterapp.shell.currentWidget.content.activeCellIndex = cell;
            return window.jupyterapp.commands.execute('notebook:clear-cell-output');
        }""",
        cell,
    )


def falls_asleep(notebook: Notebook) -> None:
    """Wait until the map `w` sleeps, and see that it does not move any more."""
    notebook.expect("w._driver.session.asleep", True)
    notebook.do(STANDS_STILL)
    assert notebook.python("stands_still")
    assert notebook.python("w.status") == "paused"


# --- reload, a second page, two views -------------------------------------------------------------------


def test_a_reload_brings_back_all_that_belongs_to_the_widget(open_notebook):
    notebook = open_notebook(DIGITS.replace("labels=y", "labels={'digit': y, 'odd': y % 2 == 1}"))
    notebook.run(0)
    notebook.wait_for(ENDED)
    notebook.do(
        "w.perplexity = 12.5; w.wait(); w.select([1, 2, 3]); w.groups['mine'] = w.selection\n"
        "w.color_by = 'odd'; w.opacity = .5"
    )
    notebook.wait_for(f"{ENDED} && d.selected === '3' && d.groups === '1' && d.column === 'odd'")
    before, legend = notebook.state(), notebook.widget().locator(".tw-legend").inner_text()
    save(notebook)
    notebook.open()
    notebook.wait_for(f"d.drawn === '{before['iteration']}' && d.connection === 'live'")
    after = notebook.state()
    for what in ("selected", "groups", "column", "color", "perplexity", "random_state", "stage", "epoch"):
        assert after[what] == before[what], what
    widget = notebook.widget()
    assert "mine" in legend
    assert widget.locator(".tw-legend").inner_text() == legend
    assert widget.get_by_label("perplexity as a number").input_value() == "12.5"


def test_a_reload_of_a_running_map_goes_on(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for(MOVING)
    save(notebook)
    before = int(notebook.state()["iteration"])
    notebook.open()
    notebook.wait_for(f"Number(d.drawn) > {before}")


def test_two_views_are_both_live_and_one_goes_on_without_the_other(impatient):
    notebook = impatient(ENDLESS, "w")
    notebook.run(0)
    notebook.run(1)
    for number in (0, 1):
        notebook.wait_for(MOVING, number=number)
    notebook.do("w.select([1, 2, 3])")
    for number in (0, 1):
        notebook.wait_for("d.selected === '3'", number=number)
    delete_cell(notebook, 0)
    notebook.wait_for("document.querySelectorAll('.tsne-widget').length === 1")
    before = notebook.python("w.iteration")
    notebook.do("import time; time.sleep(2.5)")  # the kernel's own time: longer than a map stays awake alone
    notebook.wait_for(f"Number(d.drawn) > {before} && d.stage !== 'paused'")


def test_a_second_browser_shows_the_same_and_each_speaks_for_itself(impatient, chromium, lab):
    first = impatient(ENDLESS)
    first.run(0)
    first.wait_for(MOVING)
    save(first)
    context = chromium.new_context(viewport={"width": 1280, "height": 1200})
    second = Notebook(context.new_page(), lab, first.name)
    second.wait_for(MOVING)
    first.expect("len(w._driver.session.audience._clients)", 2)
    reached = first.python("w.iteration")
    for notebook in (first, second):
        notebook.wait_for(f"Number(d.drawn) > {reached}")
    first.do("clients = w._driver.session.audience._clients.values()")
    assert len(set(first.python("[client.acknowledged > 0 for client in clients]"))) == 1
    select_box(second, {"left": 0.005, "top": 0.005, "right": 0.6, "bottom": 0.995})
    second.wait_for("Number(d.selected) > 0")
    first.wait_for(f"d.selected === '{second.state()['selected']}'")
    first.do("w.select([5])")
    second.wait_for("d.selected === '1'")
    context.close()
    first.expect("len(w._driver.session.audience._clients)", 1)
    before = int(first.state()["iteration"])
    first.wait_for(f"Number(d.drawn) > {before}")
    assert second.errors == []


# --- the cell -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["cleared", "deleted", "run again"])
def test_a_map_whose_output_is_gone_sleeps_and_wakes_when_it_is_shown(impatient, how):
    notebook = impatient(ENDLESS, "shown = w", "shown")
    notebook.run(0)
    notebook.run(1)
    notebook.wait_for(MOVING)
    if how == "cleared":
        clear_output(notebook, 0)
    elif how == "deleted":
        delete_cell(notebook, 0)
    else:
        notebook.run(0)  # which makes another map: `shown` has lost its only view
        notebook.do("w.pause(); new, w = w, shown")
    falls_asleep(notebook)
    iteration = notebook.python("w.iteration")
    cells = notebook.page.evaluate("() => window.jupyterapp.shell.currentWidget.content.widgets.length")
    notebook.run(cells - 1)
    number = notebook.widgets().count() - 1
    notebook.wait_for(f"Number(d.drawn) > {iteration}", number=number)


def test_a_closed_widget_has_no_view_and_says_so(open_notebook):
    notebook = open_notebook(ENDLESS, "w.close()", "w")
    notebook.run(0)
    notebook.wait_for(MOVING)
    notebook.run(1)
    expect(notebook.widgets()).to_have_count(0)
    notebook.run(2)
    output = notebook.page.locator(".jp-OutputArea-output").last
    assert "TSNEWidget(1200 rows, closed" in output.inner_text()
    notebook.do("from tsne_widget.maps.engine import engine")
    assert notebook.python("[w._driver.session in engine()._sessions]") == [False]


# --- the kernel -----------------------------------------------------------------------------------------

#: The connection of the page to its kernel.
KERNEL = "window.jupyterapp.shell.currentWidget.sessionContext.session.kernel"


def test_an_interrupt_ends_the_cell_that_waits_and_the_map_goes_on(open_notebook):
    notebook = open_notebook(ENDLESS, "print('it waits')\nw.wait()")
    notebook.run(0)
    notebook.wait_for(MOVING)
    notebook.start(1)
    # What comes before the kernel has begun with the cell interrupts nothing.
    expect(notebook.page.locator(".jp-OutputArea-output", has_text="it waits")).to_be_visible(
        timeout=PATIENCE
    )
    notebook.page.evaluate(f"() => {KERNEL}.interrupt()")
    notebook.finish()
    assert "KeyboardInterrupt" in notebook.page.locator(".jp-OutputArea-output").last.inner_text()
    iteration = notebook.python("w.iteration")
    notebook.wait_for(f"Number(d.drawn) > {iteration} && d.connection === 'live'")


ENDS = {
    "died": f"() => {{ {KERNEL}.requestExecute({{ code: 'import os; os.kill(os.getpid(), 9)' }}) }}",
    "restarted": f"() => {KERNEL}.restart()",
    "shut down": "() => window.jupyterapp.shell.currentWidget.sessionContext.shutdown()",
}


@pytest.mark.parametrize("how", ENDS)
def test_a_kernel_that_is_gone_is_said_and_the_map_stays_to_look_at(open_own, how):
    notebook = open_own(QUARTERS + "w = TSNEWidget(X, labels=kind, **asleep)\nw")
    notebook.run(0)
    notebook.wait_for("d.drawn === '0' && d.still === 'true'")
    notebook.page.evaluate(ENDS[how])
    notebook.wait_for("d.connection === 'lost'")
    if how == "died":
        notebook.page.locator(".jp-Dialog .jp-mod-accept").click()  # JupyterLab says so, too
    widget = notebook.widget()
    assert "the kernel is gone" in widget.inner_text()
    assert widget.get_by_role("button", name="Restart from the beginning").is_disabled()
    area = map_area(notebook)
    assert area["width"] > 200
    select_box(notebook, {"left": 0.005, "top": 0.005, "right": 0.495, "bottom": 0.995})
    notebook.wait_for("d.selected === '120'")
    notebook.page.mouse.wheel(0, -400)
    notebook.wait_for("d.following === 'false'")


# --- the page is not looked at, or cut off --------------------------------------------------------------


def test_a_view_that_is_scrolled_away_stops_drawing(open_notebook):
    notebook = open_notebook(ENDLESS, *["'far below\\n' * 3"] * 30)
    notebook.run(0)
    notebook.wait_for(MOVING)
    notebook.page.evaluate("() => document.querySelector('.jp-WindowedPanel-outer').scrollBy(0, 5000)")
    notebook.wait_for("d.visible === 'false'")
    frames, iteration = int(notebook.state()["frames"]), int(notebook.state()["iteration"])
    notebook.wait_for(f"Number(d.iteration) > {iteration}")  # news still comes, though rarely
    assert int(notebook.state()["frames"]) <= frames + 1


#: Says that the tab is in the background, as no headless browser does by itself.
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def test_a_map_in_a_hidden_tab_goes_on_and_is_current_when_it_is_seen_again(open_notebook):
    notebook = open_notebook(ENDLESS)
    notebook.run(0)
    notebook.wait_for(MOVING)
    notebook.page.evaluate(HIDE, True)
    notebook.expect("w._driver.session.audience.visible", False)
    iteration = notebook.python("w.iteration")
    notebook.wait_for(f"Number(d.iteration) > {iteration}")  # told, though rarely
    notebook.page.evaluate(HIDE, False)
    notebook.expect("w._driver.session.audience.visible", True)
    iteration = notebook.python("w.iteration")
    notebook.wait_for(f"Number(d.drawn) > {iteration}")


#: Leaves a file as soon as the map sleeps: a page that is out of reach cannot be asked.
TELL = """
import pathlib, threading, time
def tell():
    while not w._driver.session.asleep:
        time.sleep(.01)
    pathlib.Path("asleep").touch()
threading.Thread(target=tell, daemon=True).start()
"""


@pytest.fixture
def sleeping(lab) -> Iterator[Callable[[], None]]:
    """Wait until the map sleeps that `TELL` watches."""
    sign = lab.root / "asleep"

    def wait() -> None:
        deadline = time.monotonic() + PATIENCE / 1000
        while not sign.exists():
            assert time.monotonic() < deadline, "the map does not fall asleep"
            time.sleep(0.05)  # the kernel can be asked by its files only

    yield wait
    sign.unlink(missing_ok=True)


def test_a_connection_that_was_cut_comes_back_and_nothing_is_lost(chromium, lab, sleeping):
    """As when a laptop is shut: the server goes on talking to nobody, and the page asks in vain."""
    cable = Cable(lab)
    page = chromium.new_page(viewport={"width": 1280, "height": 1200})
    notebook = Notebook(page, cable, lab.write("cut.ipynb", [IMPATIENT, ENDLESS]))
    notebook.run(0)
    notebook.run(1)
    notebook.wait_for(MOVING)
    notebook.do(TELL)
    notebook.widget().get_by_role("button", name="Rectangle:").click()
    cable.mute()
    drag(notebook, LEFT)  # that it has arrived is not heard
    notebook.wait_for("Number(d.selected) > 0")
    notebook.wait_for("d.connection === 'silent'")
    assert "no answer from the kernel" in notebook.widget().inner_text()
    cable.pull()
    drag(notebook, RIGHT)
    notebook.wait_for("Number(d.selected) > 0")
    selected = int(notebook.state()["selected"])
    sleeping()
    cable.plug()
    notebook.page.evaluate(f"() => {{ {KERNEL}.reconnect(); }}")  # which JupyterLab does after a while
    iteration = notebook.python("w.iteration")
    notebook.wait_for(f"Number(d.drawn) > {iteration} && d.connection === 'live'")
    notebook.expect("len(w.selection)", selected)
    notebook.wait_for(f"d.selected === '{selected}'")
    notebook.widget().get_by_role("button", name="Pause").click()
    notebook.wait_for("d.stage === 'paused'")
    press(notebook, "Escape")  # and from now on it is as it was
    notebook.wait_for("d.selected === '0'")
    notebook.expect("len(w.selection)", 0)
    notebook.close()
    cable.close()
    assert notebook.errors == []


def test_a_cut_too_short_to_be_told_loses_no_selection(chromium, lab):
    """The host waits in vain to hear that the first selection has arrived, and would keep the second."""
    cable = Cable(lab)
    page = chromium.new_page(viewport={"width": 1280, "height": 1200})
    notebook = Notebook(page, cable, lab.write("short.ipynb", [ENDLESS]))
    notebook.run(0)
    notebook.wait_for(MOVING)
    notebook.do("w.pause()")
    notebook.wait_for("d.stage === 'paused'")
    notebook.widget().get_by_role("button", name="Rectangle:").click()
    cable.mute()
    drag(notebook, LEFT)
    notebook.wait_for("Number(d.selected) > 0")
    before = notebook.state()["selected"]
    cable.pull()
    cable.plug()
    notebook.page.evaluate(f"() => {{ {KERNEL}.reconnect(); }}")
    notebook.expect("len(w.selection)", int(before))
    press(notebook, "Control+a")
    notebook.expect("len(w.selection) == w._source.n", True)
    assert notebook.state()["connection"] == "live"
    notebook.close()
    cable.close()
    assert notebook.errors == []

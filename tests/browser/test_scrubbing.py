"""Users see how a map came about: back by keyframes and a slider, and on to now."""

from __future__ import annotations

from actions import LEFT, press, select_box
from lab import ENDED

GRID = """
import numpy as np
from tsne_widget import TSNEWidget
rng = np.random.default_rng(0)
X = np.repeat(10 * rng.normal(size=(3, 4)), 40, axis=0) + rng.normal(size=(120, 4))
w = TSNEWidget(X, labels=np.repeat(["a", "b", "c"], 40), perplexity=[5, 10], max_iter=200)
w
"""
AT_REST = f"{ENDED} && d.still === 'true'"


def slider(notebook):
    return notebook.widget().get_by_role("slider", name="history")


def test_keys_and_slider_go_through_the_history_of_all_maps(page):
    page.show(GRID, until=AT_REST)
    moments = page.python("sorted({frame.iteration for run in w.runs for frame in run.history})")
    press(page, "[")
    page.wait_for(f"d.past === '{moments[-2]}' && d.still === 'true'")
    press(page, "[")
    page.wait_for(f"d.past === '{moments[-3]}'")
    press(page, "]")
    page.wait_for(f"d.past === '{moments[-2]}'")
    slider(page).fill("0")
    page.wait_for("d.past === '0'")
    assert "as they were at iteration 0" in page.widget().locator(".tw-status").inner_text()
    assert slider(page).get_attribute("aria-valuetext") == "iteration 0"
    slider(page).press("End")
    page.wait_for("d.past === '' && d.drawn === d.iteration")


def test_what_is_circled_in_the_past_is_where_it_was_then(page):
    page.show(GRID, until=AT_REST)
    page.widget().evaluate(
        "view => view.addEventListener('tsne-lasso', ({ detail }) => { window.lasso = detail; })"
    )
    page.do("moment = w.runs[1].history[40]")
    slider(page).focus()
    page.page.wait_for_function("() => document.querySelector('.tw-history input').max !== '1000'")
    moments = page.python("sorted({frame.iteration for run in w.runs for frame in run.history})")
    iteration = page.python("moment.iteration")
    slider(page).fill(str(moments.index(iteration)))
    page.wait_for(f"d.past === '{iteration}' && d.still === 'true'")
    select_box(page, LEFT, run=1)
    page.wait_for("d.selected !== '0'")
    lasso = page.page.evaluate("() => ({ ...window.lasso, vertices: [...window.lasso.vertices] })")
    assert lasso["iteration"] == iteration
    page.do(f"from matplotlib.path import Path; circled = Path(np.array({lasso['vertices']}).reshape(-1, 2))")
    page.do("within = np.flatnonzero(circled.contains_points(moment.embedding))")
    page.expect("w.selection.tolist() == within.tolist()", True)


def test_a_moment_that_cannot_be_told_is_said_and_the_maps_stay_as_they_are(page):
    page.show(GRID, until=AT_REST)
    page.do(
        """
from tsne_widget.widget.queries import Queries
told = Queries._keyframes_at
def fail(self, iteration):
    raise MemoryError("no room")
Queries._keyframes_at = fail
"""
    )
    press(page, "[")
    page.widget().get_by_role("alert").get_by_text("history: ").wait_for()
    page.do("Queries._keyframes_at = told")
    assert "as they were" not in page.widget().locator(".tw-status").inner_text()
    assert page.widget().get_attribute("data-past") == ""
    page.widget().get_by_role("button", name="back to now").click()
    page.widget().get_by_role("alert").wait_for(state="detached")
    press(page, "[")
    page.wait_for("d.past !== ''")


def test_steering_the_map_shows_it_as_it_is_now(page):
    page.show(GRID, until=AT_REST)
    press(page, "[")
    page.wait_for("d.past !== ''")
    page.widget().get_by_role("button", name="Restart from the beginning").click()
    page.wait_for(f"d.past === '' && d.epoch === '1' && {AT_REST}")
    page.wait_for("d.drawn === d.iteration")

"""Where a host drops what threads send, or what comes for widgets that begin late, maps live all the same."""

from __future__ import annotations

import pytest
from actions import drawer_rows, next_seed, open_drawer
from conftest import DIGITS
from lab import ENDED, circle

pytestmark = pytest.mark.release

#: As in Colab: only what is sent by the thread that handles a cell or a message arrives.
DEAF = """
import threading
from ipykernel.comm.comm import BaseComm as Comm
publish, dropped = Comm.publish_msg, set()
def publish_of_handlers(self, *args, **keywords):
    name = threading.current_thread().name
    if name == "MainThread" or name.startswith("subshell"):
        publish(self, *args, **keywords)
    else:
        dropped.add(name)
Comm.publish_msg = publish_of_handlers
"""


def test_a_map_lives_settles_and_is_circled_though_no_thread_is_heard(open_own):
    notebook = open_own(DEAF + DIGITS)
    notebook.run(0)
    notebook.wait_for("d.delivery === 'pulled' && Number(d.drawn) > 0")
    first = int(notebook.state()["drawn"])
    notebook.wait_for(f"Number(d.drawn) > {first}")  # it moves, and does not only end
    notebook.wait_for(f"{ENDED} && d.still === 'true'")
    assert notebook.python("w.iteration") == int(notebook.state()["drawn"])
    assert notebook.python("'tsne-widget-sender' in dropped")

    circle(notebook, {"left": 0.05, "top": 0.05, "right": 0.5, "bottom": 0.5})
    notebook.wait_for("Number(d.selected) > 0")
    notebook.expect("len(w.selection)", int(notebook.state()["selected"]))
    open_drawer(notebook)
    assert drawer_rows(notebook)[:5] == notebook.python("w.selection[:5].tolist()")
    drawer = open_drawer(notebook, "contrast")
    assert drawer.locator(".tw-contrast").count() == 1

    next_seed(notebook)
    notebook.expect("w.random_state", 1)
    notebook.wait_for(f"d.random_state === '1' && {ENDED}")
    assert notebook.python("w.iteration") == int(notebook.state()["drawn"])
    notebook.do("w.perplexity = 12")  # of Python, while the page asks at its leisure
    notebook.wait_for(f"d.perplexity === '12' && {ENDED}")
    assert notebook.python("w.iteration") == int(notebook.state()["drawn"])


#: anywidget gives a widget 2 s to begin. Here it has none, as where the browser is busy for so long.
NO_TIME = """
window.late = 0;
const timeout = AbortSignal.timeout;
AbortSignal.timeout = (milliseconds) => {
    if (milliseconds !== 2000) return timeout.call(AbortSignal, milliseconds);
    window.late++;
    const controller = new AbortController();
    queueMicrotask(() => controller.abort());
    return controller.signal;
};
"""
EIGHT = """
from IPython.display import display
from sklearn.datasets import load_iris
from tsne_widget import TSNEWidget
X, y = load_iris(return_X_y=True)
shown = [TSNEWidget(X, labels=y, max_iter=100, height=200) for _ in range(8)]
for w in shown:
    display(w)
"""


def test_widgets_of_one_cell_that_began_too_late_all_hear_and_share_their_code(open_own):
    notebook = open_own(EIGHT, script=NO_TIME)
    page, said = notebook.page, []
    page.on("console", lambda message: said.append(message.text))
    notebook.run(0)
    for number in range(8):
        notebook.wait_for("d.connection === 'live' && d.iteration === '100' && d.playing === 'false'", number)
    # Older versions of anywidget have no such limit.
    assert sum("anywidget made a widget deaf" in text for text in said) == page.evaluate("() => window.late")
    assert page.evaluate("() => globalThis[Symbol.for('tsne_widget')].size") == 1
    notebook.do("shown[7].selection = [3, 4]")
    notebook.wait_for("d.selected === '2'", 7)
    circle(notebook, {"left": 0.005, "top": 0.005, "right": 0.995, "bottom": 0.995})
    notebook.wait_for("d.selected === '150'")
    notebook.expect("len(shown[0].selection)", 150)

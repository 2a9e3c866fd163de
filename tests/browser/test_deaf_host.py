"""Where a host drops what threads send, a map lives all the same."""

from __future__ import annotations

from actions import drawer_rows, open_drawer
from conftest import DIGITS
from lab import ENDED, circle

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

    notebook.widget().get_by_role("button", name="Next seed").click()
    notebook.expect("w.random_state", 1)
    notebook.wait_for(f"d.seed === '1' && {ENDED}")
    assert notebook.python("w.iteration") == int(notebook.state()["drawn"])
    notebook.do("w.perplexity = 12")  # of Python, while the page asks at its leisure
    notebook.wait_for(f"d.perplexity === '12' && {ENDED}")
    assert notebook.python("w.iteration") == int(notebook.state()["drawn"])

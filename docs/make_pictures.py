"""Make the pictures of README from the real widget: JupyterLab in a headless Chromium, as the tests drive it.

`make pictures` makes all of them; names choose some: `python docs/make_pictures.py tour grid`.
"""

from __future__ import annotations

import base64
import io
import math
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "browser"))
from actions import answered, open_drawer  # noqa: E402 - a folder of the tests
from lab import ENDED, STANDS_STILL, Lab, Notebook, browser, map_area  # noqa: E402

#: The frames of the moving picture: at most so many in a second; its quality, and its width in pixels.
FPS, QUALITY, WIDTH = 10, 62, 860
#: The shortest and the longest that a frame of the moving picture stays, in milliseconds.
SHORTEST, LONGEST = 1000 / FPS, 1500.0
#: A headless browser has no pointer to see.
POINTER = """
const arrow = document.createElement('div');
arrow.innerHTML = `<svg width="22" height="22" viewBox="0 0 22 22"><path d="M3 2 L3 17 L7 13.5
  L10 20 L12.8 18.8 L9.8 12.5 L15 12 Z" fill="#222" stroke="#fff" stroke-width="1.4"/></svg>`;
Object.assign(arrow.style, { position: 'fixed', zIndex: 2147483647, pointerEvents: 'none', left: '-50px' });
document.body.append(arrow);
document.addEventListener('pointermove', (event) => {
  arrow.style.left = `${event.clientX - 3}px`;
  arrow.style.top = `${event.clientY - 2}px`;
}, true);
"""
#: Only the notebook: no menus, sidebars or tabs around it.
ONLY_CELLS = """
.jp-Toolbar, .jp-Notebook-footer, .jp-cell-toolbar, .jp-Collapser { display: none !important }
.jp-Notebook { padding: 8px 8px 8px 0 !important }
"""
#: Gives a browser without a graphics card time to draw what the optimisation does.
SLOWLY = """
import time
from tsne_widget.maps.session import Session
advance = Session.advance
def slowly(session):
    advance(session, 0.006)
    time.sleep(0.06)
Session.advance = slowly
"""
DIGITS = """from sklearn.datasets import load_digits
from tsne_widget import TSNEWidget

X, y = load_digits(return_X_y=True)
"""
TUMOURS = """from sklearn.datasets import load_breast_cancer
from tsne_widget import TSNEWidget

raw = load_breast_cancer(as_frame=True)
tumours = raw.data.round(4)
tumours.insert(0, "diagnosis", raw.target.map({0: "malignant", 1: "benign"}))
tumours.index = [f"T{number:03}" for number in range(1, len(tumours) + 1)]
w = TSNEWidget(tumours, labels="diagnosis", standardize=True, height=360)
w
"""


@contextmanager
def notebook(width: int, height: int) -> Iterator[Notebook]:
    """Open an empty notebook whose kernel has compiled what maps need."""
    with tempfile.TemporaryDirectory() as folder, browser() as chromium:
        lab = Lab(Path(folder))
        page = chromium.new_page(viewport={"width": width, "height": height})
        opened = Notebook(page, lab, lab.write("pictures.ipynb", ["'nothing yet'"]))
        page.add_style_tag(content=ONLY_CELLS)
        page.evaluate("() => { jupyterapp.shell.collapseLeft(); jupyterapp.shell.collapseRight(); }")
        opened.do(f"import numpy as np\n{DIGITS}TSNEWidget(X, max_iter=20).wait().close()")
        yield opened
        opened.close()
        lab.close()


def cells(opened: Notebook) -> dict[str, float]:
    """Return where the cells are on the page."""
    boxes = [cell.bounding_box() for cell in opened.page.locator(".jp-Notebook .jp-Cell").all()]
    first, last = boxes[0], boxes[-1]
    assert first is not None
    assert last is not None
    top, bottom = first["y"], last["y"] + last["height"]
    return {"x": first["x"] + 24, "y": top - 6, "width": first["width"] - 16, "height": bottom - top + 10}


def places(opened: Notebook, rows: str, at: int = 0) -> list[tuple[float, float]]:
    """Return where on the page rows are, on the map at a position, which is fitted and not turned."""
    points = f"w.runs[{at}].embedding_"
    low, high = (opened.python(f"{points}.{end}(axis=0).tolist()") for end in ("min", "max"))
    some = opened.python(f"{points}[{rows}].reshape(-1, 2).tolist()")
    area = map_area(opened, opened.python(f"w.runs[{at}].id"))
    width, height = area["width"], area["height"]
    margin = max(10, 0.05 * min(width, height))
    scale = min((width / 2 - margin) * 2 / (high[0] - low[0]), (height / 2 - margin) * 2 / (high[1] - low[1]))
    middle = [(high[axis] + low[axis]) / 2 for axis in (0, 1)]
    return [
        (
            area["x"] + width / 2 + scale * (x - middle[0]),
            area["y"] + height / 2 - scale * (y - middle[1]),
        )
        for x, y in some
    ]


def around(points: Sequence[tuple[float, float]], room: float = 14) -> list[tuple[float, float]]:
    """Return an ellipse around places, but for the few that lie far off."""
    (left, top), (right, bottom) = np.percentile(points, [4, 96], axis=0)
    x, y, a, b = (
        (left + right) / 2,
        (top + bottom) / 2,
        0.7 * (right - left) + room,
        0.7 * (bottom - top) + room,
    )
    turns = [math.tau * i / 36 - math.pi / 2 for i in range(37)]
    return [(x + a * math.cos(turn), y + b * math.sin(turn)) for turn in turns]


def lasso(opened: Notebook, path: list[tuple[float, float]], *, steps: int = 1) -> None:
    """Draw around something."""
    mouse = opened.page.mouse
    mouse.move(*path[0], steps=8)
    mouse.down()
    for place in path:
        mouse.move(*place, steps=steps)
    mouse.up()


class Film:
    """Records a page as its user sees it."""

    def __init__(self, opened: Notebook):
        self._page = opened.page
        #: Each frame with the milliseconds since the one before.
        self._frames: list[tuple[float, bytes]] = []
        self._last, self._speed = -math.inf, 0.0
        self._session = opened.page.context.new_cdp_session(opened.page)
        self._session.on("Page.screencastFrame", self._take)

    def _take(self, told: dict[str, Any]) -> None:
        self._session.send("Page.screencastFrameAck", {"sessionId": told["sessionId"]})
        time = told["metadata"]["timestamp"]
        since = 1000 * (time - self._last) / (self._speed or 1)
        if self._speed and since >= SHORTEST:
            self._frames.append((min(since, LONGEST), base64.b64decode(told["data"])))
            self._last = time

    @contextmanager
    def on(self, speed: float = 1) -> Iterator[None]:
        """Record what happens meanwhile, to be shown so many times as fast."""
        self._speed = speed
        self._session.send("Page.startScreencast", {"format": "jpeg", "quality": 95})
        yield
        self._page.wait_for_timeout(400)
        self._speed = 0.0
        self._session.send("Page.stopScreencast")

    def save(self, path: Path, box: dict[str, float]) -> None:
        """Write what was recorded of a part of the page."""
        at = (box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"])
        height = round(WIDTH * box["height"] / box["width"])
        pictures = [
            Image.open(io.BytesIO(data)).convert("RGB").crop([round(edge) for edge in at])
            for _, data in self._frames
        ]
        first, *others = [one.resize((WIDTH, height), Image.Resampling.LANCZOS) for one in pictures]
        durations = [*(round(since) for since, _ in self._frames[1:]), round(LONGEST)]
        first.save(
            path, save_all=True, append_images=others, duration=durations, loop=0, quality=QUALITY, method=4
        )
        size = f"{sum(durations) / 1000:.1f} s, {path.stat().st_size:,} bytes"
        print(f"{path.name}: {len(pictures)} frames, {size}", flush=True)


def tour(path: Path) -> None:
    """Show data that organise themselves, a circle that is rows in Python, a grid, its stability, and D."""
    with notebook(1040, 1000) as opened:
        page = opened.page
        opened.fill(
            f"{DIGITS}w = TSNEWidget(X, labels=y, height=400)\nw",
            "from collections import Counter\nCounter(y[w.selection].tolist())",
            "w.compare(perplexity=[5, 30, 100]);",
            'w.color_by = "stability"',
        )
        page.evaluate(POINTER)
        film = Film(opened)
        page.mouse.move(700, 500)
        opened.do(SLOWLY)
        with film.on(speed=4):
            page.wait_for_timeout(1500)
            opened.run(0)
            opened.wait_for(f"{ENDED} && d.still === 'true'")
        opened.do("Session.advance = advance")
        with film.on():
            page.wait_for_timeout(300)
            lasso(opened, around(places(opened, "y == 6")), steps=2)
            page.wait_for_timeout(500)
            opened.run(1)
            page.wait_for_timeout(1300)
        with film.on(speed=3):
            opened.run(2)
            opened.wait_for(f"d.maps === '3' && {ENDED} && d.still === 'true'")
        with film.on(speed=1.5):
            page.wait_for_timeout(1000)
            opened.run(3)
            opened.wait_for("d.measured.startsWith('stability')")
            page.wait_for_timeout(1300)
            opened.do("w.color_by = 'label'; w.select(None)")
            opened.widget().locator(".tw-map").focus()
            page.mouse.move(*places(opened, "np.flatnonzero(y == 5)[10]", 1)[0], steps=12)
            opened.wait_for("d.hover !== ''")
            page.keyboard.down("d")
            opened.wait_for("d.color === 'distance'")
            page.wait_for_timeout(1000)
            page.mouse.move(*places(opened, "np.flatnonzero(y == 1)[10]", 1)[0], steps=12)
            page.wait_for_timeout(1000)
        page.keyboard.up("d")
        film.save(path, cells(opened))


def still(opened: Notebook, path: Path, box: dict[str, float] | None = None) -> None:
    """Write what is on the page, by default the widget."""
    opened.widget().evaluate(STANDS_STILL)
    box = box or opened.widget().bounding_box()
    assert box is not None
    picture = Image.open(io.BytesIO(opened.page.screenshot(clip=box)))  # type: ignore[arg-type] # a box
    picture.convert("RGB").save(path, optimize=True)
    print(f"{path.name}: {picture.size}, {path.stat().st_size:,} bytes")


def grid(path: Path) -> None:
    """Show three perplexities, and a digit circled in all."""
    with notebook(1180, 900) as opened:
        opened.show(f"{DIGITS}w = TSNEWidget(X, labels=y, perplexity=[5, 30, 100], height=420)\nw", ENDED)
        opened.wait_for(f"{ENDED} && d.still === 'true'")
        lasso(opened, around(places(opened, "y == 6", 0), 8))
        opened.page.mouse.move(600, 880)
        still(opened, path)


def inspect(path: Path) -> None:
    """Show tumours that were selected, and what sets them apart."""
    with notebook(1080, 1000) as opened:
        opened.show(TUMOURS, f"{ENDED} && d.still === 'true'")
        opened.do("w.select(label='malignant')")
        open_drawer(opened, "contrast")
        still(opened, path)


def reading(path: Path) -> None:
    """Show the gaps of a map, and what may be read."""
    with notebook(1180, 1200) as opened:
        opened.show(
            f"{DIGITS}w = TSNEWidget(X, labels=y, perplexity=50, height=430)\nw",
            f"{ENDED} && d.still === 'true'",
        )
        drawer = open_drawer(opened, "reading")
        drawer.get_by_role("button", name="draw all gaps").click()
        opened.widget().locator(".tw-gaps-key").wait_for()
        answered(opened)
        opened.page.mouse.move(5, 5)
        still(opened, path)


PICTURES = {"tour.webp": tour, "grid.png": grid, "inspect.png": inspect, "reading.png": reading}

if __name__ == "__main__":
    for name, make in PICTURES.items():
        if not sys.argv[1:] or Path(name).stem in sys.argv[1:]:
            make(HERE / name)

"""The density of all rows below the map of a sample: drawn below the points, finer as one zooms in."""

from __future__ import annotations

import numpy as np
from actions import turn_wheel
from lab import map_area
from test_map import near, pixels

#: All rows are spread evenly over the square that the sample fills, some in each bin of level 2.
SAMPLE = """
import json, os, tempfile
import numpy as np, pyarrow as pa, pyarrow.parquet as pq
from tsne_widget import TSNE, TSNEWidget
from tsne_widget.data.checksum import digest
rng = np.random.default_rng(0)
X = (8 * np.eye(4)[np.arange(80) % 4] + rng.normal(size=(80, 4))).astype("float32")
fitted = TSNE(perplexity=8, max_iter=100, early_exaggeration_iter=50, random_state=0).fit(X)
Y = fitted.embedding_
low, high = Y.min(axis=0), Y.max(axis=0)
grid = np.linspace(0, 1, 1200)
x, y = np.meshgrid(low[0] + (high[0] - low[0]) * grid, low[1] + (high[1] - low[1]) * grid)
folder = tempfile.mkdtemp()
columns = {"x": x.ravel(), "y": y.ravel(), "distance": np.zeros(x.size)}
table = pa.table({name: pa.array(values, pa.float32()) for name, values in columns.items()})
pq.write_table(table, os.path.join(folder, "part.0.parquet"))
extent = [float(np.float32(v)) for v in (x.min(), x.max(), y.min(), y.max())]
told = {"version": 1, "rows": x.size, "sampled": 80, "map": digest(Y), "threshold": 1.0, "extent": extent}
with open(os.path.join(folder, "_map.json"), "w") as file:
    json.dump(told, file)
w = TSNEWidget.from_sample(fitted, folder)
w
"""
LEVEL = "document.querySelector('.tsne-widget canvas.tw-density').dataset.level"
BLUE = (0, 114, 178)


def shaded(notebook) -> float:
    """The share of the map that is grey."""
    image = pixels(notebook)
    grey = (np.ptp(image, axis=2) < 6) & (image[..., 0] > 90) & (image[..., 0] < 240)
    return float(grey.mean())


def test_the_density_of_all_rows_lies_below_the_points_until_the_map_moves(open_notebook):
    notebook = open_notebook()
    notebook.show(SAMPLE)
    key = notebook.widget().locator(".tw-density-key")
    notebook.page.wait_for_function(f"{LEVEL} === '0'")
    notebook.widget().locator(".tw-density-key", has_text="the shade is the density of all").wait_for()
    assert key.inner_text().startswith("a sample of 80 of 1,440,000 rows")
    assert shaded(notebook) > 0.2  # the map is a square in a wide panel
    assert pixels(notebook)[5, 5].min() > 240
    assert near(pixels(notebook), BLUE) > 200

    area = map_area(notebook)
    notebook.page.mouse.move(area["x"] + area["width"] / 2, area["y"] + area["height"] / 2)
    for _ in range(12):
        turn_wheel(notebook, -120)
        if notebook.page.evaluate(f"Number({LEVEL})") > 1:
            break
    notebook.page.wait_for_function(f"{LEVEL} === '2'")
    notebook.wait_for("d.still === 'true'")
    assert shaded(notebook) > 0.8

    notebook.do("w.step(1)")
    notebook.page.wait_for_function(f"{LEVEL} === ''")
    assert shaded(notebook) < 0.1
    assert key.inner_text() == "the density of 1,440,000 rows belongs to the map as it was fitted"

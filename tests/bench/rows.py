"""Seconds until a page has what it asks of a million rows: pages of the table, contrasts, distances, colours.

Run it as `python tests/bench/rows.py [rows]`. No map is computed: what is measured does not depend on one.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from tsne_widget import TSNEWidget
from tsne_widget.wire import protocol

FEATURES = 50


def table(n: int) -> pd.DataFrame:
    """Make a column of each type."""
    rng = np.random.default_rng(0)
    seconds = rng.integers(0, 10**7, n)
    return pd.DataFrame(
        {
            "name": np.char.add("row ", np.arange(n).astype(str)),
            "kind": rng.choice(list("abcdefghij"), n),
            "age": rng.integers(0, 90, n),
            "when": pd.Timestamp("2020-01-01") + pd.to_timedelta(seconds, unit="s"),
            "score": rng.normal(size=n),
        }
    )


def told(what: str, work: Callable[[], Any]) -> Any:
    """Time the first and the second time, which finds what was computed for the first."""
    seconds = []
    for _ in range(2):
        began = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - began)
    print(f"{what:<44}{seconds[0]:>8.3f}{seconds[1]:>8.3f}")
    return result


def main() -> None:
    """Print a line for each question."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    n = parser.parse_args().rows
    X = np.random.default_rng(1).normal(size=(n, FEATURES)).astype(np.float32)
    data = table(n)
    print(f"{n:,} rows, {FEATURES} features, seconds{'first':>18}{'again':>8}")

    def picture(row: int) -> np.ndarray:
        return np.full((8, 8), row % 256, np.uint8)

    w = told("widget", lambda: TSNEWidget(X, "kind", data=data, image=picture, autostart=False))
    told("select all", w.select_all)

    def ask(what: str, query: protocol.Lookup) -> None:
        def answer() -> int:
            result, buffers = w._clients.answer(query)
            return len(json.dumps(result, allow_nan=False)) + sum(memoryview(b).nbytes for b in buffers)

        size = told(what, answer)
        print(f"{'':<44}{size / 1e6:>8.2f} MB cross")

    columns = tuple(data)
    ask("page of 50 rows with pictures", protocol.Rows(None, None, n // 2, 50, columns))
    ask("page of 50, sorted by a number", protocol.Rows(None, ("age", True), n // 2, 50, columns))
    ask("page of 50, sorted by a text", protocol.Rows(None, ("name", False), n // 2, 50, columns))
    ask("find a text", protocol.Find("99999", None))
    told("distances to a row", lambda: w.measure("distance", row=7))
    told("select a label", lambda: w.select(label="c"))
    ask("contrast of a tenth with the rest", protocol.Contrasted(None, 20))
    for name in ("kind", "age", "when", "score"):
        told(f"colour by {name}", lambda name=name: setattr(w, "color_by", name))
    told("undo", w.undo)


if __name__ == "__main__":
    main()

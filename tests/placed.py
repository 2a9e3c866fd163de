"""Writes rows on a map into Parquet files, as `distributed.place` does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq


def write_placed(
    path: Path, points: np.ndarray, *, sampled: int, parts: int = 3, group: int = 500, **described
) -> np.ndarray:
    """Write points, float32 of shape (n, 2), along a Morton curve; return the distances of the rows.

    `group` is the rows of a row group, and `described` replaces what the sidecar tells.
    """
    path.mkdir()
    distances = np.random.default_rng(0).exponential(size=len(points)).astype(np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    for number, rows in enumerate(np.array_split(np.arange(len(points)), parts)):
        cells = ((points[rows] - low) / np.maximum(high - low, 1e-9) * 1023).astype(np.int64)
        rows = rows[np.argsort(_interleaved(cells), kind="stable")]
        columns = {"x": points[rows, 0], "y": points[rows, 1], "distance": distances[rows], "row": rows}
        pq.write_table(pa.table(columns), path / f"part.{number}.parquet", row_group_size=group)
    extent = [low[0], high[0], low[1], high[1]]
    told = {"version": 1, "rows": len(points), "sampled": sampled, "map": "", "threshold": 2.0}
    told |= {"extent": [float(value) for value in extent], **described}
    (path / "_map.json").write_text(json.dumps(told))
    return distances


def _interleaved(cells: np.ndarray) -> np.ndarray:
    code = np.zeros(len(cells), np.int64)
    for bit in range(10):
        code |= ((cells[:, 0] >> bit & 1) << 2 * bit) | ((cells[:, 1] >> bit & 1) << 2 * bit + 1)
    return code

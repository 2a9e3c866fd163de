"""The messages that Python sends; `news`, `replies` and `bytes` in `js/src/wire/` mirror them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ..data import Column
from ..data.distributions import distribution_of
from ..data.placed_rows import Tile
from ..data.suggestions import Suggestion
from ..honesty.findings import Finding, Found, FoundGap
from ..honesty.luck import Luck
from ..maps.keyframes import Keyframe, Quantized
from ..maps.methods import method_of
from ..maps.placing import Placed
from ..maps.status import Layout, Status
from ..measures.measure import Measured
from ..measures.neighborhoods import Nearest


def place(quantized: Quantized) -> dict[str, Any]:
    """Return the origin and the step of a layout's integer codes, and whether rows lack a place."""
    return {"offset": list(quantized.offset), "scale": quantized.scale, "gaps": quantized.gaps}


def news_message(
    sequence: int, news: Sequence[tuple[Status | None, Layout | Placed | None]]
) -> tuple[dict[str, Any], list[Any]]:
    """Return the status of runs, the layouts of those that moved, and new rows placed on those that rest.

    Each layout is one float32 buffer: x and y of each point in turn. The buffers of new rows come after those
    of all layouts, see `placed_buffers`.
    """
    placed = [heavy for _, heavy in news if isinstance(heavy, Placed)]
    layouts = [heavy if isinstance(heavy, Layout) else None for status, heavy in news if status is not None]
    statuses = (asdict(status) for status, _ in news if status is not None)
    runs = [
        {"status": status, "layout": _moment(layout)}
        for status, layout in zip(statuses, layouts, strict=True)
    ]
    buffers = [_float32(layout.points) for layout in layouts if layout is not None]
    buffers += [buffer for rows in placed for buffer in placed_buffers(rows)]
    told = [{"run": rows.run, **placed_result(rows)} for rows in placed]
    return {"type": "news", "seq": sequence, "runs": runs, "placed": told}, buffers


def placed_result(rows: Placed) -> dict[str, Any]:
    """Describe new rows on a layout; where they are travels in buffers."""
    return {
        "epoch": rows.epoch,
        "iteration": rows.iteration,
        "number": rows.number,
        "count": len(rows.points),
        "nearest": rows.nearest.indices.shape[1],
        "reach": rows.reach,
    }


def placed_buffers(rows: Placed) -> tuple[memoryview, memoryview, memoryview]:
    """Encode the positions of new rows as float32, the rows nearest to each as int32, and their distances."""
    return (
        _float32(rows.points),
        position_buffer(rows.nearest.indices),
        _float32(rows.nearest.distances),
    )


def _moment(layout: Layout | None) -> dict[str, int] | None:
    return None if layout is None else {"epoch": layout.epoch, "iteration": layout.iteration}


def _float32(values: np.ndarray) -> memoryview:
    return np.ascontiguousarray(values, dtype="<f4").data


def answer_message(client: str, request: int, error: str | None = None) -> dict[str, Any]:
    """Tell a client that its command was accepted, or why not."""
    return {"type": "answer", "client": client, "id": request, "error": error}


def reply_message(
    client: str,
    query: int,
    error: str | None = None,
    result: Any = None,
    buffers: Sequence[Any] = (),
) -> tuple[dict[str, Any], list[Any]]:
    """Answer a client's question, or say why there is no answer."""
    content = {"type": "reply", "client": client, "id": query, "error": error, "result": result}
    return content, list(buffers)


def progress_message(client: str, query: int, share: float) -> dict[str, Any]:
    """Tell a client how far the answer to its question is."""
    return {"type": "progress", "client": client, "id": query, "share": share}


def float_buffer(values: np.ndarray) -> memoryview:
    """Encode numbers as float32."""
    return _float32(values)


def code_buffer(quantized: Quantized) -> memoryview:
    """Encode quantized coordinates as uint16: x and y of each point in turn."""
    return np.ascontiguousarray(quantized.codes, dtype="<u2").data


def position_buffer(positions: np.ndarray) -> memoryview:
    """Encode row positions as int32."""
    return np.ascontiguousarray(positions, dtype="<i4").data


def suggestions_result(
    told: Mapping[str, Any], found: Sequence[Suggestion]
) -> tuple[dict[str, Any], list[Any]]:
    """Describe suggested groups; `told` is what they are a reading of. One buffer has all their rows."""
    groups = [{"name": one.name, "count": len(one.rows), "why": one.why} for one in found]
    rows = [position_buffer(np.concatenate([one.rows for one in found]))] if found else []
    return {**told, "groups": groups}, rows


def distribution_result(column: Column) -> tuple[dict[str, Any], list[Any]]:
    """Describe how the values of a column are distributed; the bin of each row is one byte."""
    found = distribution_of(column)
    told: dict[str, Any] = {"least": 0.0, "most": 0.0, "quantity": "number", "origin": None}
    if found.ends:
        scale = column.scale()
        told = {name: getattr(scale, name) for name in told}
    told |= {"column": column.name, "ends": found.ends, "names": found.names, "more": found.more}
    return told, [found.codes.data]


def keyframe_result(run: int, frame: Keyframe) -> dict[str, Any]:
    """Describe a run's keyframe; its coordinates travel in a buffer."""
    return {
        "run": run,
        "epoch": frame.epoch,
        "iteration": frame.iteration,
        "words": method_of(frame.spec).written(frame.figures),
        **place(frame.layout),
    }


def density_result(
    counted: Mapping[Tile, np.ndarray], full: float, unlike: str, far: str
) -> tuple[dict[str, Any], list[Any]]:
    """Describe how many rows are in the bins of tiles, and say how many are unlike the sample: how `far`.

    One buffer has the bins that hold rows, uint16, and one how many they hold, uint32, of one tile after
    another; there are no buffers if all tiles are empty.
    """
    filled = [np.flatnonzero(counts) for counts in counted.values()]
    held = [counts.ravel()[bins] for counts, bins in zip(counted.values(), filled, strict=True)]
    tiles = [{**tile._asdict(), "filled": len(bins)} for tile, bins in zip(counted, filled, strict=True)]
    result = {"tiles": tiles, "full": full, "unlike": unlike, "far": far}
    if not any(len(bins) for bins in filled):
        return result, []
    return result, [np.concatenate(filled).astype("<u2").data, np.concatenate(held).astype("<u4").data]


def measure_result(found: Measured) -> tuple[dict[str, Any], list[Any]]:
    """Describe measured values; they travel in a buffer for each map that was measured alone, or in one.

    The two numbers of a measure with parts have a buffer each.
    """
    caution = found.caution
    told = {
        "measure": found.measure.name,
        "called": found.called,
        "runs": list(found.runs),
        "row": found.row,
        "parts": max(1, len(found.measure.parts)),
        **asdict(found.span),
        "sentence": found.sentence,
        "caution": caution
        and {"text": caution.text, "axis": caution.axis, "value": caution.value, "action": caution.action},
    }
    columns = (column for values in found.values for column in np.atleast_2d(values.T))
    return told, [float_buffer(column) for column in columns]


def read_result(question: str, found: Found) -> tuple[dict[str, Any], list[Any]]:
    """Describe what was found about a map; the linked pairs of rows travel in one buffer, if any."""
    told = {
        "question": question,
        "run": found.run,
        "epoch": found.epoch,
        "iteration": found.iteration,
        "findings": [_finding(one) for one in found.findings],
        "advice": found.advice and _finding(found.advice),
        "seconds": _finite(found.seconds),
        "gaps": [_gap(one) for one in found.gaps],
        "links": len(found.links),
    }
    return told, [position_buffer(found.links)] if len(found.links) else []


def lineup_result(
    run: int, layout: Layout, maps: Sequence[np.ndarray], told: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Any]]:
    """Describe a map among maps of noise, with a buffer each; `told` is where it stands, and words."""
    moment = {"run": run, "epoch": layout.epoch, "iteration": layout.iteration}
    return {**moment, **told}, [_float32(points) for points in maps]


def _finding(one: Finding) -> dict[str, Any]:
    return {**asdict(one), "values": _finite(one.values)}


def _gap(one: FoundGap) -> dict[str, Any]:
    return {
        "answer": one.answer,
        "sentence": one.sentence,
        "values": _finite(one.values),
        "lines": [line.astype(float).tolist() for line in one.lines],
        "first": len(one.first),
        "second": len(one.second),
    }


def _finite(values: Mapping[str, float]) -> dict[str, float]:
    """Leave out what JSON cannot hold."""
    return {name: float(value) for name, value in values.items() if math.isfinite(value)}


def neighbors_result(row: int, found: Sequence[Nearest]) -> dict[str, Any]:
    """Describe the nearest rows of a row in each metric of the maps."""
    by_metric = [
        {
            "sentence": one.sentence,
            "runs": one.runs,
            "positions": one.positions.tolist(),
            "distances": one.distances.astype(float).tolist(),
            "kept": {str(run): kept.tolist() for run, kept in one.kept.items()},
        }
        for one in found
    ]
    return {"row": row, "by_metric": by_metric}


def together_result(found: Luck, most: int) -> dict[str, Any]:
    """Describe how far groups hold together, at most so many."""
    return {
        "maps": [{"run": run, "title": title} for run, title in found.maps.items()],
        "in_words": found.in_words,
        "groups": [
            {
                "name": held.name,
                "kind": held.kind,
                "rows": held.rows,
                "here": _or_none(held.here),
                "values": [_or_none(value) for value in held.values],
                "mean": _or_none(held.mean),
                "verdict": held.verdict,
                "words": held.in_words(found.in_words),
            }
            for held in found.held[:most]
        ],
        "groups_total": len(found.held),
    }


def _or_none(value: float) -> float | None:
    """Return a number as JSON has it, which has no NaN."""
    return None if math.isnan(value) else value


def alive_message(
    client: str, *, sent: int | None = None, told: int | None = None, known: int | None = None
) -> dict[str, Any]:
    """Acknowledge a client's heartbeat: at once, or through the sender's thread after the news `sent`.

    `told` is the number of the newest traits that the client says it has set, `known` that of the newest that
    arrived.
    """
    return {"type": "alive", "client": client, "sent": sent, "told": told, "known": known}


def bundle_message(digest: str, text: str) -> dict[str, Any]:
    """Send the view's code to a client that has not found its model."""
    return {"type": "bundle", "hash": digest, "text": text}

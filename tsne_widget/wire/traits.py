"""The traits that describe a widget to its clients; `js/src/wire/traits.ts` mirrors them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from ..data import Categories, Scale
from ..data.filters import Among, Condition, Filter, Range
from ..data.groups import Group
from ..data.placed_rows import BINS, LEVELS, PlacedRows
from ..honesty.findings import QUESTIONS
from ..maps.grid import Grid, Spec
from ..maps.keyframes import Quantized
from ..maps.method import Method
from ..maps.methods import axis_of, method_of
from ..maps.placing import Placed
from ..maps.status import Layout, Status
from ..maps.titles import incomparable, short_title, title
from ..measures.measure import Measure
from ..parameters.axes import AXES
from ..parameters.axis import Axis, Facts
from ..parameters.constants import (
    ADVICE_ROWS,
    ALIGN_ROWS,
    HEARTBEAT_SECONDS,
    LINEUP_PANELS,
    NAMES_SHOWN,
    NEIGHBORS_LISTED,
    NEIGHBORS_PER_PERPLEXITY,
    PICTURES_SHOWN,
    READING_SECONDS_PER_ROW,
    REPETITIONS,
    RUNS_MAX,
)
from ..parameters.given import on_the_wire
from .news import place, placed_buffers, placed_result

#: The most characters of a name that we send; '…' replaces the rest.
LONGEST_NAME = 200
#: The traits that a saved page also has.
TRAITS_OF_A_SAVED_PAGE = (
    *("height", "align", "point_size", "opacity", "color_scale", "_points", "_labels", "_groups", "_limits"),
    *("show_names", "name_by", "_names", "show_images"),
    *(
        "_axes",
        "_methods",
        "_runs",
        "_caption",
        "_incomparable",
        "_reference",
        "_color",
        "_measures",
        "_suggested",
        "_filter",
        "_new_rows",
        "_density",
        "selected_placed",
    ),
)


def points_trait(
    n: int, features: int, note: str, doubt: str, weights: str, known: str, *, saved: bool = True
) -> dict[str, Any]:
    """Describe the data behind the points.

    `doubt` says which features decide the maps unduly, if any; `weights` names the neighbour weights if they
    are unusual; `saved` says whether a notebook keeps the maps.
    """
    told = {"note": note, "doubt": doubt, "weights": weights, "known": known, "saved": saved}
    return {"n": n, "features": features, **told}


def knowledge(matrix: Any, distances: bool) -> str:
    """Return whether X holds rows, all distances between them, or a graph of distances to some neighbours."""
    if not distances:
        return "rows"
    return "distances" if isinstance(matrix, np.ndarray) else "graph"


def labels_trait(
    name: str | None, encoding: Categories | Scale | None, colors: Sequence[str | int] = ()
) -> dict[str, Any] | None:
    """Describe the encoding of the column that colours the points; None if there is none.

    `colors` are the user's: of a scale evenly spaced ones, of categories see `palette.encoded`.
    """
    if name is None or encoding is None:
        return None
    if isinstance(encoding, Scale):
        return {
            "kind": "scale",
            "name": _short(name),
            "low": encoding.low,
            "high": encoding.high,
            "least": encoding.least,
            "most": encoding.most,
            "quantity": encoding.quantity,
            "origin": encoding.origin,
            "colors": list(colors),
            "values": encoding.values.astype(encoding.values.dtype.newbyteorder("<"), copy=False).tobytes(),
        }
    return {
        "kind": "categories",
        "name": _short(name),
        "names": [_short(name) for name in encoding.names],
        "counts": encoding.counts,
        "has_missing": encoding.has_missing,
        "colors": list(colors),
        "codes": encoding.codes.astype("<u2").tobytes(),
    }


def unsaved_labels_trait(version: int) -> dict[str, Any]:
    """Make a client ask for the labels, because a notebook would save them if they were a trait."""
    return {"kind": "unsaved", "version": version}


def columns_trait(columns: Iterable[Any]) -> list[dict[str, Any]]:
    """Describe the columns of the rows."""
    return [{"name": column.name, "type": column.type, "feature": column.feature} for column in columns]


def rows_trait(index: str | None, image: bool) -> dict[str, Any]:
    """Describe what each row has besides its columns."""
    return {"index": index, "image": image}


def color_trait(
    mode: str, column: str | None, kinds: Sequence[str], transforms: Sequence[str] = ()
) -> dict[str, Any]:
    """Describe what colours the points, the kinds its column allows, and the transforms of its numbers."""
    return {"mode": mode, "column": column, "kinds": list(kinds), "transforms": list(transforms)}


def measures_trait(measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """List the measures in menu order, with how the view shows each."""
    return [
        {
            "name": measure.name,
            "label": measure.label,
            "description": measure.description,
            "needs": measure.needs,
            "heading": measure.heading,
            "parts": list(measure.parts),
            "transform": measure.transform,
            "ends": list(measure.ends),
            "bright_first": measure.bright_first,
            "by_label": measure.by_label,
            "joined": measure.joined,
        }
        for measure in measures
    ]


def groups_trait(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """List the groups in order, with their rows as int32."""
    return [
        {"name": group.name, "color": group.color, "rows": group.rows.astype("<i4").tobytes()}
        for group in groups
    ]


def filter_trait(filter: Filter | None) -> dict[str, Any] | None:
    """Describe which rows stand out: the conditions, and one bit for each row, the lowest first."""
    if filter is None:
        return None
    mask = filter.mask
    return {
        "any": filter.any,
        "conditions": [_condition(one) for one in filter.conditions],
        "count": int(mask.sum()),
        "bits": np.packbits(mask, bitorder="little").tobytes(),
    }


def unsaved_filter_trait(told: dict[str, Any]) -> dict[str, Any]:
    """Return a filter without values of the data, because a notebook would save them."""
    left_out = {"range": None, "values": None}
    conditions = [{**one, **left_out, "words": f"{one['column']}: some values"} for one in told["conditions"]]
    return {**told, "conditions": conditions}


def _condition(one: Condition) -> dict[str, Any]:
    test = one.test
    return {
        "column": one.column,
        "range": [test.low, test.high] if isinstance(test, Range) else None,
        "values": list(test.names) if isinstance(test, Among) else None,
        "negated": one.negated,
        "words": one.words,
    }


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def limits_trait() -> dict[str, Any]:
    """Return the limits and words that the view must know, so that each is defined only once."""
    return {
        "heartbeat_seconds": HEARTBEAT_SECONDS,
        "runs_max": RUNS_MAX,
        "neighbors_listed": NEIGHBORS_LISTED,
        "align_rows": ALIGN_ROWS,
        "neighbors_per_perplexity": NEIGHBORS_PER_PERPLEXITY,
        "repetitions": REPETITIONS,
        "lineup_panels": LINEUP_PANELS,
        "names_shown": NAMES_SHOWN,
        "pictures_shown": PICTURES_SHOWN,
        "advice_rows": ADVICE_ROWS,
        "reading_seconds_per_row": READING_SECONDS_PER_ROW,
        "questions": QUESTIONS,
    }


def axes_trait(facts: Facts, grid: Grid) -> list[dict[str, Any]]:
    """List the axes in panel order, with the values that the view offers for each."""
    return [_axis(axis, facts, _values(grid, axis.name)) for axis in AXES.values()]


def _values(grid: Grid, name: str) -> Iterable[Any]:
    """Return the values of the t-SNE maps; others may have values that t-SNE cannot have."""
    return (entry.spec.values[name] for entry in grid.of_tsne)


def _axis(axis: Axis, facts: Facts, shown: Iterable[Any] = ()) -> dict[str, Any]:
    offered = axis.offered(facts)
    if axis.kind == "choice":  # a menu must also list the values of the maps shown
        offered = tuple(dict.fromkeys((*offered, *shown)))
    return {
        "name": axis.name,
        "label": axis.label,
        "plural": axis.plural,
        "kind": axis.kind,
        "head": axis.head,
        "restarts": axis.on_change == "restart",
        "in_toolbar": axis.in_toolbar,
        "offered": [{"value": on_the_wire(value), "text": axis.text(value)} for value in offered],
        "reach": None if axis.reach is None else asdict(axis.reach(facts)),
        "needs": None if axis.needs is None else asdict(axis.needs),
    }


def methods_trait(methods: Iterable[type[Method]], facts: Facts) -> list[dict[str, Any]]:
    """List the methods that can map the data: their axes, what they follow, their figures."""
    return [
        {
            "name": method.name,
            "label": method.label,
            "live": method.live,
            "offered": method.offered,
            "small": method.small,
            "is_function": method.is_function,
            "about": method.about,
            "axes": [axis.name for axis in method.axes],
            "own": [_axis(axis, facts) for axis in method.axes if axis is not AXES.get(axis.name)],
            "follows": list(method.follows),
            "figures": [
                {
                    "name": figure.name,
                    "short": figure.short or figure.name,
                    "meaning": figure.meaning,
                }
                for figure in method.told
                if figure.shown
            ],
        }
        for method in methods
        if not (facts.distances and method.takes_rows)
    ]


def runs_trait(facts: Facts, grid: Grid) -> list[dict[str, Any]]:
    """List the runs in panel order, with the titles and values that tell them apart.

    `own` has the axes that differ from those of the method's other maps.
    """
    return [
        {
            "run": run,
            "method": spec.method,
            "beside": bool(spec.name),
            "made_by": method_of(spec).label_of(spec),
            "title": title(grid, run),
            "short": short_title(grid, run),
            "values": {name: on_the_wire(value) for name, value in spec.values.items()},
            "words": {name: axis_of(spec, name).text(value) for name, value in spec.values.items()},
            "own": [_axis(axis, facts) for axis in _own_axes(spec)],
        }
        for run, spec in grid.entries
    ]


def _own_axes(spec: Spec) -> list[Axis]:
    bound = ((axis, axis_of(spec, axis.name)) for axis in method_of(spec).axes)
    return [own for axis, own in bound if own is not axis]


def incomparable_trait(grid: Grid) -> list[dict[str, str]]:
    """List the figures that cannot be compared between these maps, in words, and why."""
    return [{"words": words, "why": why} for words, why in incomparable(grid)]


def new_rows_trait(
    number: int, count: int, name: str, names: Sequence[str] | None, labels: Sequence[str | None] | None
) -> dict[str, Any]:
    """Describe new rows, by their number: their name, and what each is called and labelled, if known."""
    return {
        "number": number,
        "count": count,
        "name": _short(name),
        "names": None if names is None else [_short(one) for one in names],
        "labels": None if labels is None else [None if one is None else _short(one) for one in labels],
    }


def density_trait(
    placed: PlacedRows, run: int, iteration: int, words: tuple[str, str], elsewhere: str
) -> dict[str, Any]:
    """Describe the density of all rows below the map of a sample, as it was when it began.

    `words` say what the points are, and the shade; and `elsewhere` that the map is another by now.
    """
    return {
        "rows": placed.rows,
        "corner": list(placed.corner),
        "side": placed.side,
        "bins": BINS,
        "levels": LEVELS,
        "run": run,
        "epoch": 0,
        "iteration": iteration,
        "words": list(words),
        "elsewhere": elsewhere,
    }


def snapshot_trait(status: Status, layout: Layout, placed: Placed | None = None) -> dict[str, Any]:
    """Pack a run at rest, two bytes per coordinate, for a reload, a saved notebook or an export.

    New rows on it keep four bytes per coordinate.
    """
    quantized = Quantized.of(layout.points)
    points = {**place(quantized), "points": quantized.codes.tobytes()}
    return {"status": asdict(status), **points, "placed": placed and _placed_trait(placed)}


def _placed_trait(placed: Placed) -> dict[str, Any]:
    buffers = (buffer.tobytes() for buffer in placed_buffers(placed))
    return {**placed_result(placed), **dict(zip(("points", "rows", "distances"), buffers, strict=True))}

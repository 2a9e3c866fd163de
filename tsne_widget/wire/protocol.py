"""Every name and byte that crosses; `js/src/wire/protocol.ts` mirrors it in the same order.

State is traits, events are messages, arrays are buffers. Samples of all messages and of an encoded layout
stand in `tests/protocol/` and are read by the tests of both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from ..data import Categories, Scale
from ..data.groups import Group
from ..errors import InvalidValueError, shortened
from ..maps.grid import Grid, short_title, title
from ..maps.keyframes import Keyframe, Quantised
from ..maps.method import Method
from ..maps.session import Pause, Play, Recover, Restart, RunCommand, Step
from ..maps.status import Layout, Status
from ..measures.measure import Measure, Measured
from ..measures.registry import measures
from ..parameters.axes import AXES
from ..parameters.axis import Axis, Facts
from ..parameters.constants import HEARTBEAT_SECONDS, RUNS_MAX
from ..parameters.given import on_the_wire

#: Characters of a label that cross; more are shown by '…'.
LONGEST_NAME = 200
#: Characters of a text that may come from a page, such as the name of a column.
LONGEST_TEXT = 10_000
#: Rows, and columns, of a page of the table at most.
PAGE_MAX, COLUMNS_MAX = 200, 200
#: Neighbours that a page may ask for.
NEIGHBORS_MAX = 100

#: Traits that a page may set; all others are Python's to tell.
TRAITS_OF_PAGES = (
    "selection",
    "align",
    "height",
    "tooltip_columns",
    "point_size",
    "opacity",
    "color_scale",
    "_reference",
)
#: Traits that a saved page has, too.
TRAITS_OF_A_SAVED_PAGE = (
    *("height", "align", "point_size", "opacity", "color_scale", "_points", "_labels", "_groups", "_limits"),
    *("_axes", "_methods", "_runs", "_reference", "_colour", "_measures"),
)
#: What colours the points besides measures: a column, or groups.
COLOUR_MODES = ("labels", "groups")
#: As what a column colours.
KINDS = ("categories", "scale")
#: How its numbers go to colours.
TRANSFORMS = ("linear", "log")


class ProtocolError(InvalidValueError):
    """A message from the browser is not one that was agreed on."""


# --- traits ---------------------------------------------------------------------------------------


def points_trait(
    n: int, features: int, note: str, weights: str, known: str, *, saved: bool = True
) -> dict[str, Any]:
    """Tell what is known of the points before they move.

    `weights` names those of neighbours if unusual; `saved` tells whether a notebook keeps the maps.
    """
    return {"n": n, "features": features, "note": note, "weights": weights, "known": known, "saved": saved}


def knowledge(matrix: Any, distances: bool) -> str:
    """Tell what X holds: rows, all distances between them, or those to some neighbours."""
    if not distances:
        return "rows"
    return "distances" if isinstance(matrix, np.ndarray) else "graph"


def labels_trait(name: str | None, encoding: Categories | Scale | None) -> dict[str, Any] | None:
    """Tell how the column that colours is encoded; None where nothing does."""
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
            "values": encoding.values.astype(encoding.values.dtype.newbyteorder("<"), copy=False).tobytes(),
        }
    return {
        "kind": "categories",
        "name": _short(name),
        "names": [_short(name) for name in encoding.names],
        "counts": encoding.counts,
        "has_missing": encoding.has_missing,
        "codes": encoding.codes.astype("<u2").tobytes(),
    }


def unsaved_labels_trait(version: int) -> dict[str, Any]:
    """Tell a page to ask for the labels: what is a trait would be saved with the notebook."""
    return {"kind": "unsaved", "version": version}


def columns_trait(columns: Iterable[Any]) -> list[dict[str, Any]]:
    """Tell what columns the rows have."""
    return [{"name": column.name, "type": column.type, "feature": column.feature} for column in columns]


def rows_trait(index: str | None, image: bool) -> dict[str, Any]:
    """Tell what there is of each row besides its columns."""
    return {"index": index, "image": image}


def colour_trait(
    mode: str, column: str | None, kinds: Sequence[str], transforms: Sequence[str] = ()
) -> dict[str, Any]:
    """Tell what colours, as what its column can, and how its numbers may go to colours."""
    return {"mode": mode, "column": column, "kinds": list(kinds), "transforms": list(transforms)}


def measures_trait(measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """Tell which measures there are, in the order of the menu, and how each is shown."""
    return [
        {
            "name": measure.name,
            "label": measure.label,
            "description": measure.description,
            "needs": measure.needs,
            "ends": list(measure.ends),
            "bright_first": measure.bright_first,
            "by_label": measure.by_label,
        }
        for measure in measures
    ]


def groups_trait(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """Tell the groups in their order; rows as int32."""
    return [
        {"name": group.name, "color": group.color, "rows": group.rows.astype("<i4").tobytes()}
        for group in groups
    ]


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def limits_trait() -> dict[str, Any]:
    """Tell what the view needs to know, so that no limit stands twice."""
    return {"heartbeat_seconds": HEARTBEAT_SECONDS, "runs_max": RUNS_MAX}


def axes_trait(facts: Facts, grid: Grid) -> list[dict[str, Any]]:
    """Tell what may differ between runs, in the order of the panels, and what the view offers of it."""
    return [_axis(axis, facts, grid) for axis in AXES.values()]


def _axis(axis: Axis, facts: Facts, grid: Grid) -> dict[str, Any]:
    offered = axis.offered(facts)
    if axis.kind == "choice":  # what is shown can be kept
        offered = tuple(dict.fromkeys((*offered, *grid.distinct(axis.name))))
    return {
        "name": axis.name,
        "label": axis.label,
        "plural": axis.plural,
        "kind": axis.kind,
        "head": axis.head,
        "restarts": axis.on_change == "restart",
        "in_toolbar": axis.in_toolbar,
        "kl": axis.kl,
        "offered": [{"value": on_the_wire(value), "text": axis.text(value)} for value in offered],
        "reach": None if axis.reach is None else asdict(axis.reach(facts)),
        "needs": None if axis.needs is None else asdict(axis.needs),
    }


def methods_trait(methods: Iterable[type[Method]], *, distances: bool) -> list[dict[str, Any]]:
    """Tell what can make a map of rows, or of distances, and the figures of each that are shown."""
    return [
        {
            "name": method.name,
            "label": method.label,
            "live": method.live,
            "axes": list(method.axes),
            "figures": [
                {"name": figure.name, "meaning": figure.meaning, "share": figure.share}
                for figure in method.told
                if figure.shown
            ],
        }
        for method in methods
        if not (distances and method.takes_rows)
    ]


def runs_trait(grid: Grid) -> list[dict[str, Any]]:
    """Tell which runs there are, in the order of the panels, and what tells them apart, in words too."""
    return [
        {
            "run": run,
            "method": spec.method,
            "title": title(grid, run),
            "short": short_title(grid, run),
            "values": {name: on_the_wire(value) for name, value in spec.values.items()},
            "words": {name: AXES[name].text(value) for name, value in spec.values.items()},
        }
        for run, spec in grid.entries
    ]


def snapshot_trait(status: Status, layout: Layout) -> dict[str, Any]:
    """Pack a run at rest, two bytes a coordinate: for a reload, a saved notebook and an export."""
    quantised = Quantised.of(layout.points)
    return {"status": asdict(status), **_place(quantised), "points": quantised.codes.tobytes()}


def _place(quantised: Quantised) -> dict[str, Any]:
    return {"offset": list(quantised.offset), "scale": quantised.scale}


# --- Python to browser ------------------------------------------------------------------------------


def news_message(
    sequence: int, news: Sequence[tuple[Status, Layout | None]]
) -> tuple[dict[str, Any], list[Any]]:
    """Tell how runs are, and the layouts of those that moved.

    For each layout there is one buffer: float32, x and y of each point in turn.
    """
    runs = [{"status": asdict(status), "layout": _moment(layout)} for status, layout in news]
    buffers = [_float32(layout.points) for _, layout in news if layout is not None]
    return {"type": "news", "seq": sequence, "runs": runs}, buffers


def _moment(layout: Layout | None) -> dict[str, int] | None:
    return None if layout is None else {"epoch": layout.epoch, "iteration": layout.iteration}


def _float32(values: np.ndarray) -> memoryview:
    return np.ascontiguousarray(values, dtype="<f4").data


def answer_message(page: str, request: int, error: str | None = None) -> dict[str, Any]:
    """Say to one page that its command is accepted, or why not."""
    return {"type": "answer", "page": page, "id": request, "error": error}


def reply_message(
    page: str,
    query: int,
    error: str | None = None,
    result: Any = None,
    buffers: Sequence[Any] = (),
) -> tuple[dict[str, Any], list[Any]]:
    """Answer a question of one page, or say why there is no answer."""
    content = {"type": "reply", "page": page, "id": query, "error": error, "result": result}
    return content, list(buffers)


def float_buffer(values: np.ndarray) -> memoryview:
    """Encode numbers as float32."""
    return _float32(values)


def code_buffer(quantised: Quantised) -> memoryview:
    """Encode quantised coordinates as uint16: x and y of each point in turn."""
    return np.ascontiguousarray(quantised.codes, dtype="<u2").data


def position_buffer(positions: np.ndarray) -> memoryview:
    """Encode row positions as int32."""
    return np.ascontiguousarray(positions, dtype="<i4").data


def keyframe_result(run: int, frame: Keyframe) -> dict[str, Any]:
    """Tell what a keyframe of a run is; its coordinates, two bytes each, are a buffer."""
    return {
        "run": run,
        "epoch": frame.epoch,
        "iteration": frame.iteration,
        "perplexity": frame.perplexity,
        "figures": dict(frame.figures),
        **_place(frame.layout),
    }


def measure_result(found: Measured) -> tuple[dict[str, Any], list[Any]]:
    """Tell what was measured; the values are one buffer, or one for each map that was measured by itself."""
    caution = found.caution
    told = {
        "measure": found.measure.name,
        "runs": list(found.runs),
        "row": found.row,
        **asdict(found.span),
        "sentence": found.sentence,
        "caution": caution
        and {"text": caution.text, "axis": caution.axis, "value": caution.value, "action": caution.action},
    }
    return told, [float_buffer(values) for values in found.values]


def alive_message(
    page: str, *, sent: int | None = None, told: int | None = None, known: int | None = None
) -> dict[str, Any]:
    """Say that the kernel has heard a page: at once, or by the sender's thread after the news `sent`.

    Once the page had `told` traits up to this number of its own, those up to `known` had arrived.
    """
    return {"type": "alive", "page": page, "sent": sent, "told": told, "known": known}


def bundle_message(digest: str, text: str) -> dict[str, Any]:
    """Hand over the view's code to a page that has not found its model."""
    return {"type": "bundle", "hash": digest, "text": text}


# --- browser to Python ------------------------------------------------------------------------------


@dataclass(frozen=True)
class AskForBundle:
    """A page lacks the view's code."""


@dataclass(frozen=True)
class Hello:
    """A page has come and has nothing yet."""

    page: str
    visible: bool


@dataclass(frozen=True)
class Alive:
    """A page is still there; `seq` is the newest message that it has received, `told` its newest `_told`."""

    page: str
    visible: bool
    seq: int
    told: int


@dataclass(frozen=True)
class Ack:
    """A page has received all messages up to `seq`."""

    page: str
    visible: bool
    seq: int


@dataclass(frozen=True)
class Pull:
    """A page that gets nothing unless it asks wants what is newer than message `seq`."""

    page: str
    visible: bool
    seq: int


@dataclass(frozen=True)
class Bye:
    """A page shows no view any more."""

    page: str


@dataclass(frozen=True)
class Change:
    """Set one of `AXES` of one run, or of all; a choice by its name."""

    run: int | None
    axis: str
    value: Any


@dataclass(frozen=True)
class Compare:
    """Show the maps of all combinations of some values of `AXES`; choices by their names.

    `beside` names what stands beside them: maps, or methods by what they are called; None: what does now.
    """

    values: Mapping[str, tuple[Any, ...]]
    beside: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Keep:
    """Go back to one map, this one."""

    run: int


@dataclass(frozen=True)
class Remove:
    """Go on without a map."""

    run: int


@dataclass(frozen=True)
class Undo:
    """Go back to the selection before."""


@dataclass(frozen=True)
class Redo:
    """Go forward to the selection that was taken back."""


@dataclass(frozen=True)
class Colour:
    """Colour by one of `COLOUR_MODES`, or a measure; for "labels" a column, as `kind` if it can be both."""

    mode: str
    column: str | None
    kind: str | None


@dataclass(frozen=True)
class SaveGroup:
    """Save the selection under a name; None finds one."""

    group: str | None
    color: str | None


@dataclass(frozen=True)
class RenameGroup:
    """Give a group another name."""

    group: str
    to: str


@dataclass(frozen=True)
class RecolorGroup:
    """Give a group another colour."""

    group: str
    color: str


@dataclass(frozen=True)
class DeleteGroup:
    """Forget a group; its rows stay."""

    group: str


@dataclass(frozen=True)
class SetTrait:
    """Set one of `TRAITS_OF_PAGES`, where the trait itself may not arrive; a selection by a list of rows."""

    trait: str
    value: Any


#: What changes the maps.
MapWish = RunCommand | Change | Compare | Keep | Remove
#: What changes how rows are selected, grouped and coloured.
RowWish = Undo | Redo | Colour | SaveGroup | RenameGroup | RecolorGroup | DeleteGroup | SetTrait
#: What a user may ask for in a view.
Wish = MapWish | RowWish


@dataclass(frozen=True)
class Request:
    """A wish of the user on one page, to be answered."""

    page: str
    id: int
    wish: Wish


@dataclass(frozen=True)
class Rows:
    """Show some rows, or those that are selected, in the order of a column: a page of them."""

    rows: tuple[int, ...] | None
    sort: tuple[str, bool] | None
    offset: int
    limit: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Contrasted:
    """Tell what sets the selection apart from a group; None: from the rest."""

    against: str | None
    limit: int


@dataclass(frozen=True)
class MeasureRows:
    """Tell a number for each row: of the data, from one row, or of the maps of some runs."""

    measure: str
    runs: tuple[int, ...]
    row: int | None


@dataclass(frozen=True)
class NeighborsOf:
    """Tell the nearest rows of one in the original space."""

    row: int
    k: int


@dataclass(frozen=True)
class Find:
    """Look for a text in a column; None: in the rows' own labels and all columns of text."""

    text: str
    column: str | None


@dataclass(frozen=True)
class BetweenGroups:
    """Compare the distances between labels or groups with those on a map."""

    by: str
    run: int


@dataclass(frozen=True)
class ShownLabels:
    """Tell how the column that colours is encoded; its bytes are the buffer."""


@dataclass(frozen=True)
class History:
    """Tell at which iterations there are keyframes."""


@dataclass(frozen=True)
class Past:
    """Tell how each map was at an iteration, as far as a keyframe knows."""

    iteration: int


@dataclass(frozen=True)
class SavedPage:
    """Make the page that shows the maps without Python; its bytes are the buffer."""

    columns: tuple[str, ...]


#: What is answered in one go.
Lookup = Rows | Contrasted | NeighborsOf | Find | BetweenGroups | ShownLabels | History | Past | SavedPage
Query = Lookup | MeasureRows


@dataclass(frozen=True)
class Question:
    """A query of one page, to be replied to."""

    page: str
    id: int
    query: Query


Message = AskForBundle | Hello | Alive | Ack | Pull | Bye | Request | Question


def parse_message(content: Any, n: int) -> Message:
    """Check a message from the browser.

    Raises
    ------
    ProtocolError
        It is malformed.
    TSNEWidgetError
        It is a command with a value that is not allowed.
    """
    if not isinstance(content, Mapping):
        raise ProtocolError(f"a message must be an object, not {type(content).__name__}")
    match content.get("type"):
        case "bundle":
            return AskForBundle()
        case "hello":
            return Hello(_page(content), _flag(content, "visible"))
        case "alive":
            seq, told = _count(content, "seq"), _count(content, "told")
            return Alive(_page(content), _flag(content, "visible"), seq, told)
        case "ack":
            return Ack(_page(content), _flag(content, "visible"), _count(content, "seq"))
        case "pull":
            return Pull(_page(content), _flag(content, "visible"), _count(content, "seq"))
        case "bye":
            return Bye(_page(content))
        case "command":
            return Request(_page(content), _count(content, "id"), _wish(content, n))
        case "query":
            return Question(_page(content), _count(content, "id"), _query(_object(content, "query"), n))
        case other:
            raise ProtocolError(f"type={shortened(other)} is an unknown message type")


def sender_of(content: Any) -> tuple[str, int] | None:
    """Return the page and the number of a command or query, even of one that is refused; else None."""
    try:
        return _page(content), _count(content, "id")
    except (ProtocolError, AttributeError):
        return None


def check_traits(state: Any) -> None:
    """Check what a page would set, all but the values themselves.

    Raises
    ------
    ProtocolError
        A trait is not a page's to set, or has more entries than it may.
    """
    if not isinstance(state, Mapping):
        raise ProtocolError(f"traits must be an object, not {type(state).__name__}")
    for name in state:
        if name not in (*TRAITS_OF_PAGES, "_told"):
            raise ProtocolError(f"{shortened(name)} is not a trait that a page may set")
    if isinstance(state.get("tooltip_columns"), list):
        _texts(state, "tooltip_columns")
    if "_told" in state:
        told_trait(state["_told"])


def told_trait(value: Any) -> tuple[str, int]:
    """Return which page has set traits, and the number, of its own, of the newest."""
    if not isinstance(value, Mapping) or set(value) != {"page", "number"}:
        raise ProtocolError("_told must be an object of page and number")
    return _page(value), _count(value, "number")


def _wish(content: Mapping[str, Any], n: int) -> Wish:
    match content.get("name"):
        case "play":
            return Play(_run_or_all(content))
        case "pause":
            return Pause(_run_or_all(content))
        case "step":
            return Step(_count(content, "value", low=1), _run_or_all(content))
        case "restart":
            return Restart(_run_or_all(content))
        case "recover":
            return Recover(_run_or_all(content))
        case "change":
            axis = _one_of(content, "axis", tuple(AXES))
            return Change(_run_or_all(content), axis, _axis_value(axis, _present(content, "value")))
        case "compare":
            beside = None if _present(content, "beside") is None else _texts(content, "beside")
            return Compare(_axes_values(_object(content, "values")), beside)
        case "keep":
            return Keep(_count(content, "run"))
        case "remove":
            return Remove(_count(content, "run"))
        case "set":
            return SetTrait(_one_of(content, "trait", TRAITS_OF_PAGES), _present(content, "value"))
        case "undo":
            return Undo()
        case "redo":
            return Redo()
        case "colour":
            return Colour(
                _one_of(content, "mode", (*COLOUR_MODES, *measures())),
                _text_or_none(content, "column"),
                _one_of(content, "kind", (None, *KINDS)),
            )
        case "save_group":
            return SaveGroup(_text_or_none(content, "group"), _text_or_none(content, "color"))
        case "rename_group":
            return RenameGroup(_text(content, "group"), _text(content, "to"))
        case "recolor_group":
            return RecolorGroup(_text(content, "group"), _text(content, "color"))
        case "delete_group":
            return DeleteGroup(_text(content, "group"))
        case other:
            raise ProtocolError(f"name={shortened(other)} is an unknown command")


def _query(content: Mapping[str, Any], n: int) -> Query:
    match content.get("name"):
        case "rows":
            return Rows(
                _rows(content, n),
                _sort(content),
                _count(content, "offset"),
                _count(content, "limit", high=PAGE_MAX, low=1),
                _texts(content, "columns"),
            )
        case "contrast":
            return Contrasted(_text_or_none(content, "against"), _count(content, "limit", low=1))
        case "measure":
            return _measure(content, n)
        case "neighbors":
            return NeighborsOf(
                _count(content, "row", high=n - 1),
                _count(content, "k", high=min(n - 1, NEIGHBORS_MAX), low=1),
            )
        case "find":
            return Find(_text(content, "text"), _text_or_none(content, "column"))
        case "group_distances":
            return BetweenGroups(_one_of(content, "by", ("labels", "groups")), _count(content, "run"))
        case "labels":
            return ShownLabels()
        case "history":
            return History()
        case "page":
            return SavedPage(_texts(content, "columns"))
        case "past":
            return Past(_count(content, "iteration"))
        case other:
            raise ProtocolError(f"name={shortened(other)} is an unknown query")


def _object(content: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = content.get(name)
    if not isinstance(value, Mapping):
        raise ProtocolError(f"{name} must be an object, not {type(value).__name__}")
    return value


def _rows(content: Mapping[str, Any], n: int) -> tuple[int, ...] | None:
    value = _present(content, "rows")
    if value is None:
        return None
    if not isinstance(value, list) or not 1 <= len(value) <= PAGE_MAX:
        raise ProtocolError(f"rows must be a list of 1 to {PAGE_MAX}, or null for the selection")
    return tuple(_count({"rows": row}, "rows", high=n - 1) for row in value)


def _sort(content: Mapping[str, Any]) -> tuple[str, bool] | None:
    if _present(content, "sort") is None:
        return None
    sort = _object(content, "sort")
    return _text(sort, "column"), _flag(sort, "descending")


def _text(content: Mapping[str, Any], name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise ProtocolError(f"{name} must be a text of at most {LONGEST_TEXT} characters")
    return value


def _text_or_none(content: Mapping[str, Any], name: str) -> str | None:
    return None if _present(content, name) is None else _text(content, name)


def _present(content: Mapping[str, Any], name: str) -> Any:
    if name not in content:
        raise ProtocolError(f"{name} must be present, even if null")
    return content[name]


def _texts(content: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = content.get(name)
    if not isinstance(value, list) or len(value) > COLUMNS_MAX:
        raise ProtocolError(f"{name} must be a list of at most {COLUMNS_MAX} texts")
    return tuple(_text({name: text}, name) for text in value)


def _one_of(content: Mapping[str, Any], name: str, allowed: tuple[Any, ...]) -> Any:
    value = _present(content, name)
    if not any(value is one or (isinstance(value, str) and value == one) for one in allowed):
        raise ProtocolError(f"{name} must be one of {', '.join(map(str, allowed))}")
    return value


def _page(content: Mapping[str, Any]) -> str:
    page = content.get("page")
    if not isinstance(page, str) or not 1 <= len(page) <= 64:
        raise ProtocolError("page must be a text of 1 to 64 characters")
    return page


def _flag(content: Mapping[str, Any], name: str) -> bool:
    value = content.get(name)
    if not isinstance(value, bool):
        raise ProtocolError(f"{name} must be true or false")
    return value


def _axes_values(values: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    if not values or not values.keys() <= AXES.keys():
        raise ProtocolError(f"values must have names of {', '.join(AXES)}, at least one")
    return {name: tuple(_axis_value(name, value) for value in _list(values, name)) for name in values}


def _axis_value(name: str, value: Any) -> Any:
    """Return a value of the type that an axis has; whether it is allowed is checked with the data."""
    match AXES[name].kind:
        case "choice":
            return _text({name: value}, name)
        case "seed":
            return _count({name: value}, name)
        case "number":
            if isinstance(value, bool) or not isinstance(value, (int, float)):
                raise ProtocolError(f"{name} must be a number")
            return value


def _list(content: Mapping[str, Any], name: str, least: int = 1) -> list[Any]:
    value = content.get(name)
    if not isinstance(value, list) or not least <= len(value) <= RUNS_MAX:
        raise ProtocolError(f"{name} must be a list of {least} to {RUNS_MAX}")
    return value


def _run_or_all(content: Mapping[str, Any]) -> int | None:
    if "run" in content and content["run"] is None:
        return None
    return _count(content, "run")


def _measure(content: Mapping[str, Any], n: int) -> MeasureRows:
    name = _one_of(content, "measure", tuple(measures()))
    needs = measures()[name].needs
    runs = tuple(_count({"runs": run}, "runs") for run in _list(content, "runs", least=0))
    least, most = {"map": (1, RUNS_MAX), "maps": (2, RUNS_MAX)}.get(needs, (0, 0))
    if len(set(runs)) < len(runs) or not least <= len(runs) <= most:
        raise ProtocolError(f"runs must be {least} to {most} for {name}, each once")
    row = _present(content, "row")
    if needs == "row":
        row = _count(content, "row", high=n - 1)
    elif row is not None:
        raise ProtocolError(f"row must be null for {name}")
    return MeasureRows(name, runs, row)


def _count(content: Mapping[str, Any], name: str, high: int = 2**53, low: int = 0) -> int:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ProtocolError(f"{name} must be an integer from {low} to {high}")
    return value

"""Every name and byte that crosses to the browser; `js/src/protocol.ts` is the mirror, in the same order.

State is traits, events are messages, arrays are buffers. Samples of all messages and of an encoded layout
stand in `tests/protocol/` and are read by the tests of both sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .arrangement import Arrangement
from .data import Categories, Scale
from .errors import InvalidValueError
from .run import Layout, Status
from .session import Pause, Play, Restart, RunCommand, Step
from .settings import (
    COMPARE_PERPLEXITIES,
    HEARTBEAT_SECONDS,
    INITS,
    LIMITS,
    NEIGHBORS_PER_PERPLEXITY,
    RUNS_MAX,
    check_perplexity,
)

#: Steps of a quantised coordinate.
QUANTISED = 65_535
#: Characters of a label that cross; more are shown by '…'.
LONGEST_NAME = 200


class ProtocolError(InvalidValueError):
    """A message from the browser is not one that was agreed on."""


# --- traits ---------------------------------------------------------------------------------------


def points_trait(n: int, labels: Categories | Scale | None) -> dict[str, Any]:
    """Tell what is known of the points before they move: their number and their labels."""
    if labels is None:
        return {"n": n, "labels": None}
    if isinstance(labels, Scale):
        scale = {"kind": "scale", "low": labels.low, "high": labels.high, "values": labels.values.tobytes()}
        return {"n": n, "labels": scale}
    categories = {
        "kind": "categories",
        "names": [_short(name) for name in labels.names],
        "counts": labels.counts,
        "has_missing": labels.has_missing,
        "codes": labels.codes.tobytes(),
    }
    return {"n": n, "labels": categories}


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"


def limits_trait(n: int) -> dict[str, Any]:
    """Tell what the controls need to know, so that no limit stands twice."""
    return {
        "perplexity_max": n - 1,
        "neighbors_per_perplexity": NEIGHBORS_PER_PERPLEXITY,
        "random_state_max": LIMITS["random_state"].high,
        "heartbeat_seconds": HEARTBEAT_SECONDS,
        "runs_max": RUNS_MAX,
        "compare_perplexities": list(COMPARE_PERPLEXITIES),
    }


def runs_trait(arrangement: Arrangement, name: Callable[[Any], str]) -> list[dict[str, Any]]:
    """Tell which runs there are, in the order of the panels; `name` names an init."""
    return [
        {
            "run": run,
            "perplexity": spec.perplexity,
            "random_state": spec.random_state,
            "init": name(spec.init),
        }
        for run, spec in arrangement.entries
    ]


def init_trait(init: Any, name: Callable[[Any], str]) -> str | list[str]:
    """Name an initial layout, or each of several; coordinates stay in Python."""
    return [name(one) for one in init] if isinstance(init, tuple) else name(init)


def snapshot_trait(status: Status, layout: Layout) -> dict[str, Any]:
    """Pack a run at rest, two bytes a coordinate: for a reload, a saved notebook and an export."""
    low = layout.points.min(axis=0).astype(np.float64)
    span = float((layout.points - low).max()) or 1.0
    quantised = np.round((layout.points - low) * (QUANTISED / span)).astype(np.uint16)
    return {
        "status": asdict(status),
        "offset": low.tolist(),
        "scale": span / QUANTISED,
        "points": quantised.tobytes(),
    }


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


def stability_message(runs: Sequence[int], k: int, share: np.ndarray) -> tuple[dict[str, Any], list[Any]]:
    """Tell what share of its k neighbours each point has in common on some maps: one buffer, float32."""
    return {"type": "stability", "runs": list(runs), "k": k}, [_float32(share)]


def answer_message(request: int, error: str | None = None) -> dict[str, Any]:
    """Say that a command is accepted, or why not."""
    return {"type": "answer", "id": request, "error": error}


def alive_message(page: str) -> dict[str, Any]:
    """Say that the kernel has heard a page."""
    return {"type": "alive", "page": page}


# --- browser to Python ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hello:
    """A page has come and has nothing yet."""

    page: str
    visible: bool


@dataclass(frozen=True)
class Alive:
    """A page is still there; `seq` is the newest message that it has received."""

    page: str
    visible: bool
    seq: int


@dataclass(frozen=True)
class Ack:
    """A page has received all messages up to `seq`."""

    page: str
    visible: bool
    seq: int


@dataclass(frozen=True)
class Bye:
    """A page shows no view any more."""

    page: str


@dataclass(frozen=True)
class Change:
    """Set one of `AXES` of one run, or of all; an init by its name."""

    run: int | None
    name: str
    value: Any


@dataclass(frozen=True)
class Compare:
    """Show the maps of all combinations; inits by their names."""

    perplexity: tuple[float, ...]
    random_state: tuple[int, ...]
    init: tuple[str, ...]


@dataclass(frozen=True)
class Keep:
    """Go back to one map, this one."""

    run: int


@dataclass(frozen=True)
class Remove:
    """Go on without a map."""

    run: int


@dataclass(frozen=True)
class Stability:
    """Measure how far some maps agree."""

    runs: tuple[int, ...]


#: What a user may ask for in a view.
Wish = RunCommand | Change | Compare | Keep | Remove | Stability


@dataclass(frozen=True)
class Request:
    """A wish of the user, to be answered."""

    id: int
    wish: Wish


Message = Hello | Alive | Ack | Bye | Request


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
        case "hello":
            return Hello(_page(content), _flag(content, "visible"))
        case "alive":
            return Alive(_page(content), _flag(content, "visible"), _count(content, "seq"))
        case "ack":
            return Ack(_page(content), _flag(content, "visible"), _count(content, "seq"))
        case "bye":
            return Bye(_page(content))
        case "command":
            return Request(_count(content, "id"), _wish(content, n))
        case other:
            raise ProtocolError(f"type={other!r} is not a message that is known")


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
        case "perplexity":
            return Change(_run_or_all(content), "perplexity", check_perplexity(content.get("value"), n))
        case "random_state":
            return Change(_run_or_all(content), "random_state", _seed(content.get("value")))
        case "init":
            return Change(_run_or_all(content), "init", _init(content.get("value"), "value"))
        case "compare":
            return Compare(
                tuple(check_perplexity(value, n, alone=False) for value in _list(content, "perplexity")),
                tuple(_seed(value) for value in _list(content, "random_state")),
                tuple(_init(value, "init") for value in _list(content, "init")),
            )
        case "keep":
            return Keep(_count(content, "run"))
        case "remove":
            return Remove(_count(content, "run"))
        case "stability":
            return Stability(_several_runs(content))
        case other:
            raise ProtocolError(f"name={other!r} is not a command that is known")


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


def _seed(value: Any) -> int:
    checked = LIMITS["random_state"].check("random_state", value)
    if checked is None:
        raise ProtocolError("random_state must be given")
    return checked


def _init(value: Any, name: str) -> str:
    if not isinstance(value, str) or not (value in INITS or re.fullmatch(r"given( [0-9]{1,9})?", value)):
        raise ProtocolError(
            f"{name} must be one of {', '.join(INITS)}, or the name of coordinates that were given"
        )
    return value


def _list(content: Mapping[str, Any], name: str) -> list[Any]:
    value = content.get(name)
    if not isinstance(value, list) or not 1 <= len(value) <= RUNS_MAX:
        raise ProtocolError(f"{name} must be a list of 1 to {RUNS_MAX}")
    return value


def _run_or_all(content: Mapping[str, Any]) -> int | None:
    if "run" in content and content["run"] is None:
        return None
    return _count(content, "run")


def _several_runs(content: Mapping[str, Any]) -> tuple[int, ...]:
    runs = tuple(_count({"runs": run}, "runs") for run in _list(content, "runs"))
    if len(set(runs)) < len(runs) or len(runs) < 2:
        raise ProtocolError("runs must be at least two, each once")
    return runs


def _count(content: Mapping[str, Any], name: str, high: int = 2**53, low: int = 0) -> int:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ProtocolError(f"{name} must be an integer from {low} to {high}")
    return value

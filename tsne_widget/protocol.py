"""Every name and byte that crosses to the browser; `js/src/protocol.ts` is the mirror, in the same order.

State is traits, events are messages, arrays are buffers. Samples of all messages and of an encoded layout
stand in `tests/protocol/` and are read by the tests of both sides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from .data import Categories, Scale
from .errors import InvalidValueError
from .run import Layout, Status
from .session import Command, Pause, Play, Restart, SetInit, SetPerplexity, SetRandomState, Step
from .settings import HEARTBEAT_SECONDS, INITS, LIMITS, NEIGHBORS_PER_PERPLEXITY, check_perplexity

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
    }


def init_trait(init: Any, _widget: Any = None) -> str:
    """Name an initial layout; coordinates stay in Python."""
    return init if isinstance(init, str) else "given"


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


def status_message(status: Status, sequence: int) -> tuple[dict[str, Any], list[Any]]:
    """Tell how a run is."""
    return {"type": "status", "seq": sequence, "status": asdict(status)}, []


def frame_message(status: Status, layout: Layout, sequence: int) -> tuple[dict[str, Any], list[Any]]:
    """Tell how a run is, and its layout: one buffer of float32, x and y of each point in turn."""
    content = {
        "type": "frame",
        "seq": sequence,
        "status": asdict(status),
        "iteration": layout.iteration,
        "epoch": layout.epoch,
    }
    return content, [np.ascontiguousarray(layout.points, dtype="<f4").data]


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
class Request:
    """A command of the user, to be answered."""

    id: int
    command: Command


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
            return Request(_count(content, "id"), _command(content, n))
        case other:
            raise ProtocolError(f"type={other!r} is not a message that is known")


def _command(content: Mapping[str, Any], n: int) -> Command:
    match content.get("name"):
        case "play":
            return Play()
        case "pause":
            return Pause()
        case "step":
            return Step(_count(content, "value", low=1))
        case "restart":
            return Restart()
        case "perplexity":
            return SetPerplexity(check_perplexity(content.get("value"), n))
        case "random_state":
            return SetRandomState(_seed(content.get("value")))
        case "init":
            return SetInit(_one_of(content, "value", INITS))
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


def _one_of(content: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = content.get(name)
    if value not in allowed:
        raise ProtocolError(f"{name} must be one of {', '.join(allowed)}")
    return str(value)


def _count(content: Mapping[str, Any], name: str, high: int = 2**53, low: int = 0) -> int:
    value = content.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ProtocolError(f"{name} must be an integer from {low} to {high}")
    return value

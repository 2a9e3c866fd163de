"""Every message that a client sends, and every word it may choose from; `js/src/wire/protocol.ts` mirrors it.

State is traits (`traits.py`), events are messages, arrays are buffers (`news.py`). `tests/protocol/`
holds samples of all of them, which the tests of both sides read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import InvalidValueError
from ..maps.session import RunCommand

#: Rows, and columns, of a batch of the table at most.
BATCH_MAX, COLUMNS_MAX = 200, 200
#: Neighbours that a client may ask for.
NEIGHBORS_MAX = 100
#: Traits that a client may set; all others are Python's to tell.
TRAITS_OF_CLIENTS = (
    "selection",
    "align",
    "height",
    "tooltip_columns",
    "point_size",
    "opacity",
    "color_scale",
    "_reference",
)
#: What colours the points besides measures: a column, or groups.
COLOR_MODES = ("labels", "groups")
#: As what a column colours.
KINDS = ("categories", "scale")
#: How its numbers go to colours.
TRANSFORMS = ("linear", "log")


class ProtocolError(InvalidValueError):
    """A message from the browser is not one that was agreed on."""


@dataclass(frozen=True)
class AskForBundle:
    """A client lacks the view's code."""


@dataclass(frozen=True)
class Hello:
    """A client has come and has nothing yet."""

    client: str
    visible: bool


@dataclass(frozen=True)
class Alive:
    """A client is still there; `seq` is the newest message that it has, `told` its newest `_told`."""

    client: str
    visible: bool
    seq: int
    told: int


@dataclass(frozen=True)
class Ack:
    """A client has received all messages up to `seq`."""

    client: str
    visible: bool
    seq: int


@dataclass(frozen=True)
class Pull:
    """A client that gets nothing unless it asks wants what is newer than message `seq`."""

    client: str
    visible: bool
    seq: int


@dataclass(frozen=True)
class Bye:
    """A client shows no view any more."""

    client: str


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
class Color:
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
    """Set one of `TRAITS_OF_CLIENTS`, as the trait itself may not arrive; a selection as a list of rows."""

    trait: str
    value: Any


#: What changes the maps.
MapWish = RunCommand | Change | Compare | Keep | Remove
#: What changes how rows are selected, grouped and coloured.
RowWish = Undo | Redo | Color | SaveGroup | RenameGroup | RecolorGroup | DeleteGroup | SetTrait
#: What a user may ask for in a view.
Wish = MapWish | RowWish


@dataclass(frozen=True)
class Request:
    """A wish of the user in one client, to be answered."""

    client: str
    id: int
    wish: Wish


@dataclass(frozen=True)
class Rows:
    """Show some rows, or those that are selected, in the order of a column: a batch of them."""

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
class Keyframes:
    """Tell at which iterations there are keyframes."""


@dataclass(frozen=True)
class KeyframesAt:
    """Tell how each map was at an iteration, as far as a keyframe knows."""

    iteration: int


@dataclass(frozen=True)
class SavedPage:
    """Make the page that shows the maps without Python; its bytes are the buffer."""

    columns: tuple[str, ...]


#: What is answered in one go.
Lookup = (
    Rows | Contrasted | NeighborsOf | Find | BetweenGroups | ShownLabels | Keyframes | KeyframesAt | SavedPage
)
Query = Lookup | MeasureRows


@dataclass(frozen=True)
class Question:
    """A query of one client, to be replied to."""

    client: str
    id: int
    query: Query


Message = AskForBundle | Hello | Alive | Ack | Pull | Bye | Request | Question

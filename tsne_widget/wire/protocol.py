"""Every message that a client may send; `js/src/wire/protocol.ts` mirrors it.

State is traits (`traits.py`), events are messages, arrays are buffers (`news.py`). `tests/protocol/`
holds samples of all of them, which both test suites read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..data.filters import Among, Range
from ..data.placed_rows import Tile
from ..errors import InvalidValueError
from ..maps.session import RunCommand

#: The most rows and columns in one batch of the table.
BATCH_MAX, COLUMNS_MAX = 200, 200
#: The most tiles of a density that a client may ask for at once.
TILES_MAX = 16
#: The most neighbours that a client may ask for.
NEIGHBORS_MAX = 100
#: The most values that a condition of a client may name.
VALUES_MAX = 1_000
#: The traits that a client may set; Python sets all others.
TRAITS_OF_CLIENTS = (
    "selection",
    "selected_placed",
    "align",
    "height",
    "tooltip_columns",
    "height",
    "point_size",
    "opacity",
    "color_scale",
    "show_names",
    "name_by",
    "show_images",
    "_reference",
)
#: What can colour the points besides measures.
COLOR_MODES = ("labels", "groups")
#: How a column can colour the points.
KINDS = ("categories", "scale")
#: What can be asked about what may be read from a map.
READ_QUESTIONS = ("map", "noise", "torn", "gaps", "group", "verdict")
#: What can be dropped: these, line-ups, and looking for clumps.
DROPPABLE = (*READ_QUESTIONS, "lineup", "clumps")
#: Where clumps are looked for.
PLACES = ("map", "data")
#: What names rows to ask about.
SUBJECTS = ("selection", "group", "label")
#: How a scale maps numbers to colours.
TRANSFORMS = ("linear", "log")


class ProtocolError(InvalidValueError):
    """A message from the browser does not follow the protocol."""


@dataclass(frozen=True)
class AskForBundle:
    """A client asks for the view's code."""


@dataclass(frozen=True)
class Hello:
    """A client has arrived and has received nothing yet."""

    client: str
    visible: bool


@dataclass(frozen=True)
class Alive:
    """A client's heartbeat; `seq` is the newest message it has received, `told` its newest `_told`."""

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
    """A client that receives nothing unless it asks wants everything newer than message `seq`."""

    client: str
    visible: bool
    seq: int


@dataclass(frozen=True)
class Bye:
    """A client no longer shows the widget."""

    client: str


@dataclass(frozen=True)
class Change:
    """Set an axis of one run, or of all; a choice is given by name."""

    run: int | None
    axis: str
    value: Any


@dataclass(frozen=True)
class Compare:
    """Show a map for each combination of axis values; choices are given by name.

    `beside` names the methods and other maps to show beside them; None keeps those shown now.
    """

    values: Mapping[str, tuple[Any, ...]]
    beside: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Repeat:
    """Show so many repetitions of the first map in place of those shown; 0 removes them."""

    count: int
    kind: str


@dataclass(frozen=True)
class MapSelection:
    """Give the selected rows a map of their own, or all others; None takes the first map's perplexity."""

    without: bool
    perplexity: float | None


@dataclass(frozen=True)
class Keep:
    """Keep this map and remove all others."""

    run: int


@dataclass(frozen=True)
class Remove:
    """Remove a map."""

    run: int


@dataclass(frozen=True)
class Undo:
    """Go back to the previous selection or filter."""


@dataclass(frozen=True)
class Redo:
    """Restore the selection or filter that was undone."""


@dataclass(frozen=True)
class Color:
    """Color by one of `COLOR_MODES` or a measure; "labels" takes a column, and `kind` if it can be both."""

    mode: str
    column: str | None
    kind: str | None


@dataclass(frozen=True)
class SaveGroup:
    """Save the selection as a group; None lets Python choose the name."""

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
    """Delete a group; its rows stay."""

    group: str


@dataclass(frozen=True)
class FilterColumn:
    """Have rows stand out by a condition on a column in place of those it has; None drops these.

    Without a column, None drops the rows that Python has given.
    """

    column: str | None
    test: Range | Among | None


@dataclass(frozen=True)
class DropCondition:
    """Drop a condition of the filter, counted from 0."""

    condition: int


@dataclass(frozen=True)
class TurnCondition:
    """Turn a condition of the filter into its opposite."""

    condition: int


@dataclass(frozen=True)
class JoinConditions:
    """Have rows pass the filter that meet any of its conditions, or only those that meet all."""

    any: bool


@dataclass(frozen=True)
class ClearFilter:
    """Have all rows stand out."""


@dataclass(frozen=True)
class AcceptSuggestions:
    """Save suggested groups; None means all."""

    names: tuple[str, ...] | None


@dataclass(frozen=True)
class RenameSuggestion:
    """Give a suggested group another name."""

    group: str
    to: str


@dataclass(frozen=True)
class MergeSuggestions:
    """Make one suggested group of several."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class DropSuggestions:
    """Dismiss suggested groups; None means all."""

    names: tuple[str, ...] | None


@dataclass(frozen=True)
class SetTrait:
    """Set one of `TRAITS_OF_CLIENTS` if the trait itself may not arrive; a selection is a list of rows."""

    trait: str
    value: Any


#: Wishes that change the maps.
MapWish = RunCommand | Change | Compare | Repeat | MapSelection | Keep | Remove
#: Wishes that change how rows are selected and grouped.
RowWish = Undo | Redo | SaveGroup | RenameGroup | RecolorGroup | DeleteGroup
#: Wishes that change which rows stand out.
FilterWish = FilterColumn | DropCondition | TurnCondition | JoinConditions | ClearFilter
#: Wishes that change suggested groups.
SuggestionWish = AcceptSuggestions | RenameSuggestion | MergeSuggestions | DropSuggestions
#: Everything a user may ask for in a view.
Wish = MapWish | RowWish | FilterWish | SuggestionWish | Color | SetTrait


@dataclass(frozen=True)
class Request:
    """A user's wish from one client; Python answers it."""

    client: str
    id: int
    wish: Wish


@dataclass(frozen=True)
class Rows:
    """Show a batch of rows, sorted by a column.

    None means the selection; if nothing is selected, all rows that pass the filter.
    """

    rows: tuple[int, ...] | None
    sort: tuple[str, bool] | None
    offset: int
    limit: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Contrasted:
    """Contrast the selection with a group; None means with all other rows.

    It replaces the previous question of the same `view` in the client's tab.
    """

    against: str | None
    limit: int
    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What a newer question about the same replaces."""
        return "contrast", self.view


@dataclass(frozen=True)
class MeasureRows:
    """Compute a measure for each row: from the data, from one row, or from the maps of some runs.

    It replaces the previous question of the same `view` in the client's tab.
    """

    measure: str
    runs: tuple[int, ...]
    row: int | None
    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What a newer question about the same replaces."""
        return "measure", self.view


@dataclass(frozen=True)
class Subject:
    """Rows to ask about: the selection, or a group or label by name."""

    of: str
    name: str | None


@dataclass(frozen=True)
class Read:
    """Tell what may be read from a map: one of `READ_QUESTIONS`.

    "group" is about `first`, "verdict" about `first` and `second`, which is None for the clump beside it. It
    replaces the previous such question of the same `view` in the client's tab about the same map.
    """

    question: str
    run: int
    first: Subject | None
    second: Subject | None
    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What a newer question about the same replaces."""
        return "read", self.question, self.run, self.view


@dataclass(frozen=True)
class LineUp:
    """A map among maps of noise, n in all; it replaces what the view asked for before of the map."""

    run: int
    n: int
    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What a newer question about the same replaces."""
        return "read", "lineup", self.run, self.view


@dataclass(frozen=True)
class FindClumps:
    """Suggest the clumps of a map, or of the "data" in its metric, to all clients.

    It replaces what the view asked for before of the map.
    """

    on: str
    run: int
    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What a newer question about the same replaces."""
        return "read", "clumps", self.run, self.view


@dataclass(frozen=True)
class DropRead:
    """Stop answering what a view has asked about what may be read from a map.

    "lineup" drops a line-up, and "clumps" looking for clumps.
    """

    question: str
    run: int
    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What it drops."""
        return "read", self.question, self.run, self.view


@dataclass(frozen=True)
class NeighborsOf:
    """Find the nearest neighbours of a row in the original space."""

    row: int
    k: int


@dataclass(frozen=True)
class Find:
    """Search a column for a text; None searches the row labels and all text columns."""

    text: str
    column: str | None


@dataclass(frozen=True)
class Distributed:
    """Show how the values of a column are distributed."""

    column: str


@dataclass(frozen=True)
class BetweenGroups:
    """Compare the distances between labels or groups in the data with those on a map."""

    by: str
    run: int


@dataclass(frozen=True)
class ShownLabels:
    """Send the encoding of the column that colours the points; its codes are the buffer."""


@dataclass(frozen=True)
class Suggested:
    """Send the suggested groups; their rows are the buffer."""


@dataclass(frozen=True)
class ShownNames:
    """Send the encoding of the column that names points, if it is not the one that colours."""


@dataclass(frozen=True)
class Keyframes:
    """List the iterations that have keyframes."""


@dataclass(frozen=True)
class KeyframesAt:
    """Send the keyframes of each map around an iteration."""

    iteration: int


@dataclass(frozen=True)
class SavedPage:
    """Make a page that shows the maps without Python; its bytes are the buffer."""

    columns: tuple[str, ...]
    place: bool
    images: bool


@dataclass(frozen=True)
class Together:
    """Compute how far labels, groups and the selection hold together on repetitions of the map.

    It replaces the previous question of the same `view` in the client's tab.
    """

    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What a newer question about the same replaces."""
        return "together", self.view


@dataclass(frozen=True)
class Density:
    """Count the placed rows in the bins of some tiles.

    It replaces the previous question of the same `view` in the client's tab.
    """

    tiles: tuple[Tile, ...]
    view: int

    @property
    def topic(self) -> tuple[Any, ...]:
        """What a newer question about the same replaces."""
        return "density", self.view


#: Queries that are answered in one step.
Lookup = (
    Rows
    | NeighborsOf
    | Find
    | Distributed
    | BetweenGroups
    | ShownLabels
    | ShownNames
    | Suggested
    | Keyframes
    | KeyframesAt
    | SavedPage
)
#: Queries that are answered in steps: between two of them others have their turn, and any can be dropped.
Stepwise = Contrasted | MeasureRows | Together | Read | LineUp | FindClumps | Density
Query = Lookup | Stepwise | DropRead


@dataclass(frozen=True)
class Question:
    """A query from one client; Python replies to it."""

    client: str
    id: int
    query: Query


Message = AskForBundle | Hello | Alive | Ack | Pull | Bye | Request | Question

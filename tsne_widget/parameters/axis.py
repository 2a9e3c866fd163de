"""The seam of axes: what something that may differ between the maps of a widget declares of itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..data import Index
from .given import Given, Names
from .limits import several_of


@dataclass(frozen=True)
class Facts:
    """What values are checked against.

    Attributes
    ----------
    n : int
        Rows of the data.
    distances : bool
        Whether the data are distances, not rows.
    index : Index or None
        Labels of the rows, in whose order a frame of coordinates is brought.
    init_scale : bool
        Whether coordinates are scaled.
    affinity : str
        How neighbours are weighted.
    matrix : ndarray or CSR array, optional
        The checked data.
    metric_params : mapping or None
        Keyword arguments of the metric.
    neighbors : object
        How neighbours are found, or these themselves.
    metric : object
        The metric that the widget was made with; None where there were several.
    names : Names
        What was given before.
    """

    n: int
    distances: bool = False
    index: Index | None = None
    init_scale: bool = True
    affinity: str = "gaussian"
    matrix: Any = None
    metric_params: Any = None
    neighbors: Any = "auto"
    metric: Any = None
    names: Names = field(default_factory=Names)


@dataclass(frozen=True)
class Reach:
    """What numbers a control offers.

    Attributes
    ----------
    low, high : float, float or None
        The smallest and the largest value that makes a map; None: there is no largest.
    allowed, in_range : str
        What follows 'must be', of a value below `low` and of one above `high`.
    slider : tuple of float
        From where to where a slider goes, on a logarithmic scale.
    note : Note or None
        What the control says of a value.
    """

    low: float
    high: float | None = None
    allowed: str = ""
    in_range: str = ""
    slider: tuple[float, float] | None = None
    note: Note | None = None


@dataclass(frozen=True)
class Note:
    """A sentence about a value.

    Attributes
    ----------
    words : str
        With a place for a count: `per` for each unit of the value, `most` at most.
    usual, beyond : float, str
        The largest value that is usual, and what is said of a larger one.
    """

    words: str
    per: int
    most: int
    usual: float
    beyond: str = ""


@dataclass(frozen=True)
class Needs:
    """Without a value of another axis this one changes next to nothing."""

    axis: str
    value: str
    hint: str
    sentence: str
    offer: str


@dataclass(frozen=True)
class Axis:
    """A parameter that may differ between maps.

    Attributes
    ----------
    name : str
        Of the parameter, the trait and the keyword of `compare`.
    label, plural : str
        What users read in menus and in the names of columns.
    kind : {"number", "choice", "seed"}
        What sets it in the view.
    decides : {"start", "neighbors", "affinities", "descent"}
        What of a map depends on it; more than one axis may decide the same.
    check : callable
        Takes a list of values and the facts; returns the values or raises.
    allowed : callable
        Says which values the facts allow, a list among them.
    together : callable
        Raises where some values cannot stand side by side.
    title, short, head : str
        How a value stands in a title, in a short one, and above a column of maps.
    offered : callable
        Returns the values that the view offers: names to choose from, numbers to begin with.
    reach : callable or None
        Returns what numbers the view offers.
    in_toolbar : bool
        Whether all maps' value is set above them; each map's own menu has every axis.
    kl : str
        Why KL does not compare between the values; empty where it does.
    needs : Needs or None
        Without what it changes next to nothing.
    words : mapping
        What names are called in a title, where that is not the name.
    several : callable
        Returns the values of a list, None for a single value.
    """

    name: str
    label: str
    plural: str
    kind: Literal["number", "choice", "seed"]
    decides: Literal["start", "neighbors", "affinities", "descent"]
    check: Callable[[list[Any], Facts], list[Any]]
    allowed: Callable[[Facts], str]
    title: str
    short: str
    head: str
    together: Callable[[Sequence[Any], Facts], None] = lambda values, facts: None
    offered: Callable[[Facts], Sequence[Any]] = lambda facts: ()
    reach: Callable[[Facts], Reach] | None = None
    in_toolbar: bool = True
    kl: str = ""
    needs: Needs | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    several: Callable[[Any], list[Any] | None] = several_of

    @property
    def on_change(self) -> Literal["continue", "restart"]:
        """What becomes of a map when the value changes."""
        return "continue" if self.decides in ("affinities", "descent") else "restart"

    def text(self, value: Any) -> str:
        """Write a value for people: '12.5', 'PCA', 'given 2'."""
        name = name_of(value)
        return self.words.get(name, name)


def name_of(value: Any) -> str:
    """Write a value so that it can be read again, or what it is called."""
    if isinstance(value, Given):
        return value.name
    return number_text(value) if isinstance(value, float) else str(value)


def number_text(number: float) -> str:
    """Write a number so short that it can be read again."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)

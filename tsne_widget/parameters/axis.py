"""The seam of axes: what a parameter that may differ between maps declares about itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from ..data import Index
from .defaults import Settings
from .given import Given, Names
from .limits import several_of


@dataclass(frozen=True)
class Facts:
    """The facts that values are checked against.

    Attributes
    ----------
    n : int
        Rows of the data.
    distances : bool
        Whether the data are distances, not rows.
    index : Index or None
        Labels of the rows; coordinates in a frame are put into their order.
    init_scale : bool
        Whether coordinates are scaled.
    affinity : str
        How neighbours are weighted.
    matrix : callable
        Returns the checked data, which a closed widget releases.
    metric_params : mapping or None
        Keyword arguments of the metric.
    neighbors : object
        How to find neighbours, or the neighbours themselves.
    metric : object
        The metric that the widget was made with; None if there were several.
    embeddings : callable
        Returns the embeddings of the rows that came with X, by name.
    names : mapping
        The unnamed values given so far, by axis.
    """

    n: int
    distances: bool = False
    index: Index | None = None
    init_scale: bool = True
    affinity: str = "gaussian"
    matrix: Callable[[], Any] = lambda: None
    metric_params: Any = None
    neighbors: Any = "auto"
    metric: Any = None
    embeddings: Callable[[], Mapping[str, Any]] = dict
    names: Mapping[str, Names] = field(default_factory=lambda: defaultdict(Names))


@dataclass(frozen=True)
class Reach:
    """The numbers that a control offers.

    Attributes
    ----------
    low, high : float, float or None
        The smallest and the largest value that make a map; None if there is no largest.
    allowed, in_range : str
        The words after 'must be' for a value below `low`, and for one above `high`.
    slider : tuple of float
        The ends of the slider, on a logarithmic scale unless it begins at 0.
    step : float or None
        What the slider's values are multiples of; by default 0.1 below 10, and 1 from there.
    note : Note or None
        What the control says about a value.
    """

    low: float
    high: float | None = None
    allowed: str = ""
    in_range: str = ""
    slider: tuple[float, float] | None = None
    step: float | None = None
    note: Note | None = None


@dataclass(frozen=True)
class Note:
    """A sentence about a value.

    Attributes
    ----------
    words : str
        They may hold a place for a count: `per` for each unit of the value, but at most `most`.
    usual, beyond : float or None, str
        The largest usual value, if some are unusual, and the words that follow for larger ones.
    """

    words: str
    per: int = 0
    most: int = 0
    usual: float | None = None
    beyond: str = ""


@dataclass(frozen=True)
class Needs:
    """The value of another axis without which this one changes almost nothing."""

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
        The name of the parameter, the trait and the keyword of `compare`.
    label, plural : str
        The words in menus and in the names of columns.
    kind : {"number", "choice", "seed"}
        The kind of control in the view.
    decides : {"start", "neighbors", "affinities", "descent"}
        The part of a map that depends on it; several axes may decide the same part.
    check : callable
        Takes a list of values and the facts; returns the values or raises.
    allowed : callable
        Returns which values the facts allow, in words.
    together : callable
        Raises if some values cannot stand side by side.
    require : callable
        Raises if the data, with the settings that all maps share, cannot serve values that a user gives.
    warn : callable
        Warns of values that a user gives.
    out_of_range : callable
        Returns why n rows cannot have a map with a value; empty if they can.
    title, short, head : str
        The form of a value in a title, in a short title, and above a column of maps.
    offered : callable
        Returns the values that the view offers: names to choose from, numbers to start with.
    reach : callable or None
        Returns the numbers that the view offers.
    in_toolbar : bool
        Whether the toolbar sets the value of all maps; each map's own menu has every axis.
    incomparable : mapping
        Why figures of maps cannot be compared between values, by figure.
    needs : Needs or None
        The value of another axis that it needs to change anything.
    words : mapping
        The words for names in a title, if they differ from the name.
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
    require: Callable[[Sequence[Any], Settings, Facts], None] = lambda values, settings, facts: None
    warn: Callable[[Sequence[Any], int], None] = lambda values, n: None
    out_of_range: Callable[[Any, int], str] = lambda value, n: ""
    offered: Callable[[Facts], Sequence[Any]] = lambda facts: ()
    reach: Callable[[Facts], Reach] | None = None
    in_toolbar: bool = True
    incomparable: Mapping[str, str] = field(default_factory=dict)
    needs: Needs | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    several: Callable[[Any], list[Any] | None] = several_of

    @property
    def on_change(self) -> Literal["continue", "restart"]:
        """What happens to a map when the value changes."""
        return "continue" if self.decides in ("affinities", "descent") else "restart"

    def text(self, value: Any) -> str:
        """Write a value for people: '12.5', 'PCA', 'given 2'."""
        name = name_of(value)
        return self.words.get(name, name)


def name_of(value: Any) -> str:
    """Write a value in a form that can be read again, or its name."""
    if isinstance(value, Given):
        return value.name
    return number_text(value) if isinstance(value, float) else str(value)


def number_text(number: float) -> str:
    """Write a number in the shortest form that can be read again."""
    short = f"{number:g}"
    return short if float(short) == number else repr(number)

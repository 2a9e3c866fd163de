"""The seam of axes: what may differ between the maps of a widget. To add one is an entry of `AXES`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set, ValuesView
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..data import Index
from ..errors import InvalidValueError, invalid_type
from .given import Given, Names
from .init import check_init, inits_allowed, require_rows
from .limits import LIMITS, require_distinct, several_of
from .perplexity import check_perplexity


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
    names : Names
        What was given before.
    """

    n: int
    distances: bool = False
    index: Index | None = None
    init_scale: bool = True
    names: Names = field(default_factory=Names)


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
    title, short, head : str
        How a value stands in a title, in a short one, and above a column of maps.
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


def _check_perplexities(values: list[Any], facts: Facts) -> list[float]:
    return [check_perplexity(value, facts.n, alone=len(values) == 1) for value in values]


def _check_inits(values: list[Any], facts: Facts) -> list[Any]:
    checked = [check_init(value, facts.n, scale=facts.init_scale, index=facts.index) for value in values]
    if facts.distances:
        require_rows(checked)
    return [init if isinstance(init, str) else facts.names.known(init) for init in checked]


def _several_inits(value: Any) -> list[Any] | None:
    # Coordinates are a list too: of pairs.
    values = several_of(value)
    several = values is not None and (not values or any(map(_is_an_init, values)))
    return values if several else None


def _is_an_init(value: Any) -> bool:
    try:
        return isinstance(value, str) or np.ndim(value) == 2
    except ValueError:  # its rows differ in length
        return False


def _check_seeds(values: list[Any], _facts: Facts) -> list[int]:
    checked = [LIMITS["random_state"].check("random_state", value) for value in values]
    for position, seed in enumerate(checked):
        while seed is None or (values[position] is None and checked.count(seed) > 1):
            seed = checked[position] = fresh_seed()
    return checked


def fresh_seed() -> int:
    """Draw a seed from the operating system; short enough to be read and typed again."""
    return int(np.random.default_rng().integers(1_000_000))


#: By name, in the order of the panels: the last one changes fastest.
AXES = {
    axis.name: axis
    for axis in (
        Axis(
            name="perplexity",
            label="perplexity",
            plural="perplexities",
            kind="number",
            decides="affinities",
            check=_check_perplexities,
            allowed=lambda facts: "a number or a list of numbers",
            title="perplexity {}",
            short="{}",
            head="perplexity {}",
        ),
        Axis(
            name="init",
            label="init",
            plural="inits",
            kind="choice",
            decides="start",
            check=_check_inits,
            allowed=lambda facts: f"{inits_allowed(facts.n)}, or a list of these",
            title="{}",
            short="{}",
            head="{} init",
            words={"pca": "PCA"},
            several=_several_inits,
        ),
        Axis(
            name="random_state",
            label="seed",
            plural="seeds",
            kind="seed",
            decides="start",
            check=_check_seeds,
            allowed=lambda facts: "an integer, None, or a list of these",
            title="seed {}",
            short="s{}",
            head="seed {}",
        ),
    )
}
#: In the order in which titles name them: choices come last.
SPOKEN = tuple(sorted(AXES.values(), key=lambda axis: axis.kind == "choice"))


def check_axis(name: str, value: Any, facts: Facts) -> tuple[Any, ...]:
    """Check a value, or a list of values, of what may differ between the runs.

    Parameters
    ----------
    name : str
        One of `AXES`.
    value : object
        One value, or several: a list, a tuple, a range or a 1-D array. A perplexity among several may be
        too large for the rows: that run is then out of range. Seeds that are None are drawn.
    facts : Facts

    Returns
    -------
    tuple
        The values, each once; of length 1 where one value was given. What has no name of its own is `Given`.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        With the parameter's name, the value and what is allowed.
    """
    axis = AXES[name]
    # Sets and dicts have no order, and what is read once is gone then.
    if isinstance(value, (Set, Mapping, ValuesView, Iterator)):
        raise invalid_type(name, value, axis.allowed(facts))
    values = axis.several(value)
    if values is None:
        values = [value]
    if not values:
        raise InvalidValueError(f"{name} is an empty list: {name} must be a value or a list of at least one")
    checked = axis.check(values, facts)
    require_distinct(name, checked)
    return tuple(checked)

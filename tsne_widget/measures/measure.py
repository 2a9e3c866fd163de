"""The seam of measures: a number for every row, what it may be computed from, and how it is told."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np

from ..data.encodings import ROBUST
from ..errors import InvalidValueError
from ..parameters import axis
from ..tsne.nearest import Neighbors
from .original_space import OriginalSpace

#: One value per row of the data, or of the distances to one row; of each map; or of several maps together.
Needs: TypeAlias = Literal["data", "row", "map", "maps"]
#: Work in slices of about 20 ms; it may be dropped after each.
Steps: TypeAlias = Generator[None, None, np.ndarray]


@dataclass(frozen=True, eq=False)
class Data:
    """The rows in one metric, looked up when a measure asks.

    Attributes
    ----------
    metric : str
        What to call it.
    neighbors : callable
        Returns the nearest rows of each row; NotComputedError before they are searched.
    space : callable
        Returns distances between any rows.
    """

    metric: str
    neighbors: Callable[[], Neighbors]
    space: Callable[[], OriginalSpace]


@dataclass(frozen=True, eq=False)
class Map:
    """One map as it is now, what tells it from the others, and the data in its metric."""

    run: int
    title: str
    points: np.ndarray
    data: Data


@dataclass(frozen=True, eq=False)
class Context:
    """What a measure may look at.

    Attributes
    ----------
    n : int
        How many rows there are.
    data : Data
        The rows in the metric of the reference, or of the one map that was asked.
    maps : tuple of Map
        One where the measure needs "map", two or more where it needs "maps".
    row : int or None
        From which it measures, where it needs "row".
    lacking : Needs or None
        What the maps would need to differ; None where they do not agree by construction.
    """

    n: int
    data: Data
    maps: tuple[Map, ...] = ()
    row: int | None = None
    lacking: axis.Needs | None = None


@dataclass(frozen=True)
class Span:
    """Colours go from `low` to `high`; values from `least` to `most`."""

    low: float
    high: float
    least: float
    most: float


@dataclass(frozen=True)
class Caution:
    """Why values say less than they seem to.

    Attributes
    ----------
    text : str
        A sentence.
    warning : type of Warning
        What Python warns with.
    axis, value : str
        What maps to compare instead.
    action : str
        What a button that does so says.
    """

    text: str
    warning: type[Warning]
    axis: str
    value: Any
    action: str


class Measure(ABC):
    """A number for each row. A subclass in a file of its own, and its line in the registry, is all it takes.

    Attributes
    ----------
    name : str
        What `color_by` and `measure()` call it, and what a legend is headed with.
    label : str
        What the colour menu says.
    description : str
        A sentence for `w.measures`.
    needs : {"data", "row", "map", "maps"}
    low, high : float or None
        Where colours begin and end; None: where the 2nd and the 98th percentile are.
    ends : (str, str)
        What the ends of the scale mean.
    by_label : bool
        Whether the mean over rows means something.
    bright_first : bool
        Whether the low end is the bright one.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    needs: ClassVar[Needs]
    low: ClassVar[float | None] = None
    high: ClassVar[float | None] = None
    ends: ClassVar[tuple[str, str]] = ("", "")
    by_label: ClassVar[bool] = True
    bright_first: ClassVar[bool] = False

    @abstractmethod
    def steps(self, context: Context) -> Steps:
        """Return a value for each row, in slices; NaN is missing."""

    @abstractmethod
    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Say what the values are; of several maps, one by one, they have the shape (maps, n_samples)."""

    def caution(self, context: Context) -> Caution | None:
        """Say why the values mean little, where they do."""
        return None

    def span(self, values: np.ndarray, context: Context) -> Span:
        """Return where colours, and values, begin and end."""
        return span_of(values, self.low, self.high)


@dataclass(frozen=True, eq=False)
class Measured:
    """The values of a measure, and how to tell them.

    Attributes
    ----------
    runs : tuple of int
        The maps that were measured; empty where the measure looks at the data alone.
    values : tuple of ndarray, each of shape (n_samples,)
        One, or one for each map where the measure needs "map".
    """

    measure: Measure
    runs: tuple[int, ...]
    row: int | None
    values: tuple[np.ndarray, ...]
    span: Span
    sentence: str
    caution: Caution | None


def measure_in_steps(measure: Measure, context: Context) -> Generator[None, None, Measured]:
    """Measure what the context holds; it may be dropped between steps."""
    values = []
    if measure.needs == "map":
        for one in context.maps:
            values.append((yield from measure.steps(replace(context, maps=(one,), data=one.data))))
    else:
        values.append((yield from measure.steps(context)))
    together = np.stack(values) if measure.needs == "map" and len(values) > 1 else values[0]
    return Measured(
        measure,
        tuple(one.run for one in context.maps),
        context.row,
        tuple(values),
        measure.span(together, context),
        measure.sentence(together, context),
        measure.caution(context),
    )


def span_of(values: np.ndarray, low: float | None = None, high: float | None = None) -> Span:
    """Return where values begin and end, and where colours do unless it is given.

    Raises
    ------
    InvalidValueError
        None of them is finite.
    """
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise InvalidValueError("no value is finite")
    robust = np.percentile(finite, ROBUST)
    return Span(
        float(robust[0] if low is None else low),
        float(robust[1] if high is None else high),
        float(finite.min()),
        float(finite.max()),
    )

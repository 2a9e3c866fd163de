"""The seam of measures: a number or two for each row, their inputs, and how to present them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

import numpy as np

from ..data.encodings import ROBUST
from ..errors import InvalidValueError
from ..parameters import axis
from ..tsne.nearest import Neighbors
from ..tsne.pool import Pool
from .original_space import OriginalSpace

if TYPE_CHECKING:
    from ..tsne.affinities import Affinities

#: The input of a measure: the data, the distances to one row, each map by itself, or several maps together.
Needs: TypeAlias = Literal["data", "row", "map", "maps"]
#: The headings in the colour menu.
READABLE, IN_THE_DATA = "may I read this?", "in the data"
#: Work in slices of about 20 ms; the caller may abandon it after any slice.
Steps: TypeAlias = Generator[None, None, np.ndarray]


@dataclass(frozen=True, eq=False)
class Data:
    """The rows in one metric, computed when a measure asks for them.

    Attributes
    ----------
    metric : str
        The metric's name for users.
    neighbors : callable
        Returns the nearest rows of each row; raises NotComputedError before they are known.
    space : callable
        Returns distances between any rows.
    pool : Pool
        Runs kernels, such as a search among other data.
    """

    metric: str
    neighbors: Callable[[], Neighbors]
    space: Callable[[], OriginalSpace]
    pool: Pool = field(default_factory=lambda: Pool(1))


@dataclass(frozen=True, eq=False)
class Map:
    """One map as it is now.

    Attributes
    ----------
    run, title : int, str
    points : ndarray of shape (n, 2)
        Its layout.
    data : Data
        The data in its metric. On a map of a part of the rows, `neighbors` are those among that part.
    affinities : callable or None
        Returns its P; None if it is not made from P.
    made_of : int or None
        How many rows it is made of; None: all.
    """

    run: int
    title: str
    points: np.ndarray
    data: Data
    affinities: Callable[[], Affinities] | None = None
    made_of: int | None = None


@dataclass(frozen=True, eq=False)
class Context:
    """The inputs of a measure.

    Attributes
    ----------
    n : int
        The number of rows.
    data : Data
        The rows in the metric of the map to measure, or of the reference map.
    maps : tuple of Map
        One map if the measure needs "map", at least two if it needs "maps".
    row : int or None
        The row from which to measure, if the measure needs "row".
    lacking : Needs or None
        The axis value that would make the maps differ; None unless they agree by construction.
    several_metrics : bool
        Whether the maps of the widget are in several metrics.
    beside : dict
        What the steps of the measure find out besides the values, for its sentence and its range.
    """

    n: int
    data: Data
    maps: tuple[Map, ...] = ()
    row: int | None = None
    lacking: axis.Needs | None = None
    several_metrics: bool = False
    beside: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Span:
    """Colours span `low` to `high`, values span `least` to `most`."""

    low: float
    high: float
    least: float
    most: float


@dataclass(frozen=True)
class Caution:
    """A warning that the values mean less than they seem to.

    Attributes
    ----------
    text : str
        The warning, in a sentence.
    warning : type of Warning
        The class of the Python warning.
    axis, value : str
        The axis and the value of the maps to compare instead.
    action : str
        The text of a button that does so.
    """

    text: str
    warning: type[Warning]
    axis: str
    value: Any
    action: str


class Measure(ABC):
    """A number or two for each row. Adding one takes a subclass in its own file and a line in the registry.

    Attributes
    ----------
    name : str
        The name for `color_by` and `measure()`, and the legend's heading.
    label : str
        The text in the colour menu.
    description : str
        The sentence in `w.measures`.
    needs : {"data", "row", "map", "maps"}
    heading : str
        The heading in the colour menu; measures with the same one follow each other.
    parts : tuple of str
        The names of the two numbers of a row, which mix two colours; empty for one number.
    low, high : float or None
        The ends of the colour scale; None means the 2nd and the 98th percentile.
    transform : {"linear", "log"}
        Whether equal steps of colour are equal differences or equal ratios; values are above 0 for "log".
    ends : (str, str)
        The words at the ends of the scale.
    by_label : bool
        Whether a mean over rows is meaningful.
    bright_first : bool
        Whether the low end is bright.
    joined : int
        To how many nearest rows in the data lines join the row under the pointer, or else the only selected
        one, while the measure colours.
    """

    name: ClassVar[str]
    label: ClassVar[str]
    description: ClassVar[str]
    needs: ClassVar[Needs]
    heading: ClassVar[str] = ""
    parts: ClassVar[tuple[str, ...]] = ()
    low: ClassVar[float | None] = None
    high: ClassVar[float | None] = None
    transform: ClassVar[Literal["linear", "log"]] = "linear"
    ends: ClassVar[tuple[str, str]] = ("", "")
    by_label: ClassVar[bool] = True
    bright_first: ClassVar[bool] = False
    joined: ClassVar[int] = 0

    @abstractmethod
    def steps(self, context: Context) -> Steps:
        """Compute a value for each row, or the columns of `parts`, in slices; NaN means missing."""

    @abstractmethod
    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Describe the values; those of several maps, each measured by itself, are stacked."""

    def caution(self, context: Context) -> Caution | None:
        """Return why the values mean little; None if they do not."""
        return None

    def span(self, values: np.ndarray, context: Context) -> Span:
        """Return the range of the colours and of the values."""
        return span_of(values, self.low, self.high)


@dataclass(frozen=True, eq=False)
class Measured:
    """The values of a measure, and how to present them.

    Attributes
    ----------
    called : str
        The name of the measure; if it is in one of several metrics, also the name of that.
    runs : tuple of int
        The measured maps; empty if the measure uses only the data.
    values : tuple of ndarray, each of shape (n_samples,), or (n_samples, 2) if the measure has parts
        One array, or one for each map if the measure needs "map".
    """

    measure: Measure
    called: str
    runs: tuple[int, ...]
    row: int | None
    values: tuple[np.ndarray, ...]
    span: Span
    sentence: str
    caution: Caution | None


def measure_in_steps(measure: Measure, context: Context) -> Generator[None, None, Measured]:
    """Apply a measure in steps; the caller may abandon it between two steps."""
    values = []
    if measure.needs == "map":
        for one in context.maps:
            values.append((yield from measure.steps(replace(context, maps=(one,), data=one.data))))
    else:
        values.append((yield from measure.steps(context)))
    together = np.stack(values) if measure.needs == "map" and len(values) > 1 else values[0]
    in_metric = (
        f" ({context.data.metric})" if context.several_metrics and measure.needs in ("data", "row") else ""
    )
    return Measured(
        measure,
        measure.name + in_metric,
        tuple(one.run for one in context.maps),
        context.row,
        tuple(values),
        measure.span(together, context),
        measure.sentence(together, context),
        measure.caution(context),
    )


def span_of(values: np.ndarray, low: float | None = None, high: float | None = None) -> Span:
    """Return the range of the values, and of the colours unless it is given.

    Raises
    ------
    InvalidValueError
        No value is finite.
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

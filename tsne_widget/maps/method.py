"""The seam between a run and the mathematics that makes its map.

A method is one file beside this one and one line in `methods.py`. The run plays, pauses, records and
publishes; the method does the work.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..errors import NotComputedError
from ..parameters.axes import AXES
from ..parameters.axis import Axis
from ..parameters.defaults import Settings
from ..tsne.state import State
from .grid import Spec
from .placing import Placer
from .shared_work import SharedWork, Use
from .work import Progress

if TYPE_CHECKING:
    from ..parametric.model import MapFunction
    from ..tsne.nearest import Neighbors

#: Work in slices. The first `next` does no work: it only names the first stage.
Slices = Generator[Progress, None, None]


@dataclass(frozen=True)
class Figure:
    """A number that a method reports about its map.

    Attributes
    ----------
    name : str
        Its key in `Method.figures`, and its name in the view.
    meaning : str
        Its meaning, in a few words.
    share : bool
        Whether it is a share of 1, shown in percent.
    shown : bool
        Whether the view shows it.
    short : str
        Its name in a panel beside other maps; by default `name`.
    """

    name: str
    meaning: str
    share: bool = False
    shown: bool = True
    short: str = ""

    def in_words(self, value: float) -> str:
        """Write a value: '0.737', '29 %'."""
        return f"{value:.0%}".replace("%", " %") if self.share else f"{value:.3f}"


class Method(ABC):
    """Makes one map, in slices of about 20 ms; it knows nothing of threads, epochs or clients.

    A live method runs by itself, one iteration at a time, and can be paused. Any other method computes its
    map in `prepare`, once and for all.

    Parameters
    ----------
    spec : Spec
        The checked parameters of this map.
    settings : Settings
        The checked parameters that all maps have in common.
    shared_work : SharedWork
        The results that maps of the same data share.
    """

    #: Its name in the registry and on the wire.
    name: ClassVar[str]
    #: Its name for users.
    label: ClassVar[str]
    #: Whether it runs by itself; play, pause and step concern only such maps.
    live: ClassVar[bool]
    #: Whether users may ask for it by its name.
    offered: ClassVar[bool] = True
    #: Whether its maps are functions of a row, so that a saved page can place new rows on them.
    is_function: ClassVar[bool] = False
    #: A sentence about it for the map's menu, if its name does not say it all.
    about: ClassVar[str] = ""
    #: Whether the view shows its maps in small panels, after the others.
    small: ClassVar[bool] = False
    #: Whether the names that its maps have unless users name them tell values, and so change with them.
    named_by_values: ClassVar[bool] = False
    #: Its parameters that may differ between maps: entries of `AXES`, or axes of its own. One of its own
    #: replaces the entry of the same name, which must be of the same kind and decide the same part.
    axes: ClassVar[tuple[Axis, ...]] = ()
    #: The first values of axes; others begin as in the first t-SNE map.
    defaults: ClassVar[Mapping[str, Any]] = {}
    #: The axes that decide its maps, with the values that the first t-SNE map has at the time.
    follows: ClassVar[tuple[str, ...]] = ()
    #: Whether it needs rows, not distances between them.
    takes_rows: ClassVar[bool] = False
    #: Whether it takes new rows in the user's own units also where the maps standardise the features.
    in_own_units: ClassVar[bool] = False
    #: Whether the rows may be sparse.
    takes_sparse: ClassVar[bool] = True
    #: The numbers it reports, the most telling one first.
    told: ClassVar[tuple[Figure, ...]]

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        self.spec, self.settings, self.shared_work = spec, settings, shared_work

    @classmethod
    def label_of(cls, spec: Spec) -> str:
        """Return the name for users of what made a map."""
        return cls.label

    @classmethod
    def name_of(cls, spec: Spec) -> str:
        """Return the name of a map beside t-SNE, unless users name it."""
        return cls.label

    @classmethod
    def short_name_of(cls, spec: Spec) -> str:
        """Return a short form of that name, for a small panel."""
        return cls.name_of(spec)

    @classmethod
    def axis(cls, name: str) -> Axis:
        """Return an axis that concerns its maps; the metric measures each map, whatever made it."""
        return next((axis for axis in cls.axes if axis.name == name), None) or AXES[name]

    @classmethod
    def axis_of(cls, spec: Spec, name: str) -> Axis:
        """Return the same as it concerns one map, which may be of fewer rows than others."""
        return cls.axis(name)

    @classmethod
    def spec_beside(cls, name: str, first: Spec) -> Spec:
        """Return the spec of a new map beside the t-SNE maps, of which `first` is the first."""
        own = {axis.name: cls.defaults.get(axis.name, first.values.get(axis.name)) for axis in cls.axes}
        metric = tuple(axis.name for axis in AXES.values() if axis.decides == "neighbors")
        follows = tuple(each for each in dict.fromkeys((*metric, *cls.follows)) if each not in own)
        return Spec(own, cls.name, name, follows).following(first)

    @classmethod
    def twin_of(cls, spec: Spec) -> Spec | None:
        """Return the spec of such a map of other data, of all their rows; None if they can have none."""
        return spec if cls.offered else None

    @classmethod
    def use(cls, spec: Spec, n: int) -> Use | None:
        """Return the shared work that a map of n rows needs as long as it is shown; None if it needs none."""
        return None

    @classmethod
    def out_of_range(cls, spec: Spec, n: int) -> str:
        """Return why n rows cannot have such a map; empty if they can."""
        whys = (axis.out_of_range(spec.values[axis.name], n) for axis in cls.axes)
        return next(filter(None, whys), "")

    @classmethod
    def written(cls, figures: Mapping[str, float]) -> dict[str, str]:
        """Write the figures that are shown and known, by name."""
        known = [figure for figure in cls.told if figure.shown and figure.name in figures]
        return {figure.name: figure.in_words(figures[figure.name]) for figure in known}

    @classmethod
    def figures_in_words(cls, figures: Mapping[str, float]) -> str:
        """Say the figures that are shown and known: 'KL 0.737'."""
        return ", ".join(f"{name} {text}" for name, text in cls.written(figures).items())

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return Python code that makes a map of X without this package, if possible."""
        return []

    # --- work ---------------------------------------------------------------------------------------

    @abstractmethod
    def prepare(self) -> Slices:
        """Do everything before the first iteration; a method that is not live does all its work here."""

    def step(self) -> None:
        """Do one iteration. If it raises, `layout` stays what it was."""
        raise AssertionError(f"{self.label} does no iterations")

    def advance(self, most: int | None) -> int:
        """Do an iteration, or more if it is done elsewhere, but at most so many; return how many."""
        self.step()
        return 1

    def close(self) -> None:  # noqa: B027 # most methods do all their work here
        """Order no more work that is done elsewhere."""

    def continue_with(self, spec: Spec) -> Slices | None:
        """Continue from the current layout with other parameters; None if the map has to restart."""
        return None

    def go_back_to(self, points: np.ndarray, iteration: int, limit: int) -> Slices | None:
        """Continue from a kept layout, with everything else new; None if there is no way back."""
        return None

    def resume(self, state: State, points: np.ndarray, iteration: int, limit: int) -> Slices | None:
        """Continue from the `state` of another such method as that would have; None if there is no way.

        `points`, `iteration` and `limit` are those that it showed.
        """
        return None

    def extend(self) -> None:
        """Resume work after an end."""
        raise AssertionError(f"{self.label} does no iterations")

    def placer(self) -> Placer:
        """Return what places new rows on the present layout, in another thread and while the map moves on.

        Raises
        ------
        NotComputedError
            There is no way to place them.
        """
        raise NotComputedError(f"{self.label_of(self.spec)} has no way to place new rows")

    def now_in_words(self, *, preparing: bool) -> str:
        """Return what the method is doing, for the error message if it fails."""
        return f"while {self.label} was computed"

    # --- the map ------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def layout(self) -> np.ndarray | None:
        """The current layout, float32 of shape (n, 2), valid until the next step; None at first."""

    @property
    def state(self) -> State | None:
        """A copy of all that `resume` needs; None if it cannot, or has not begun yet."""
        return None

    @property
    def as_given(self) -> np.ndarray | None:
        """The coordinates as others have made them, which `layout` centres; None if the layout is ours."""
        return None

    @property
    def rows(self) -> np.ndarray | None:
        """The rows that the map is made of, ascending; None: all. Any thread may ask."""
        return None

    @property
    def sample(self) -> np.ndarray | None:
        """The rows that have a place, as long as the map is one of a sample; None: all that it is made of."""
        return None

    def neighbors(self, spec: Spec) -> Neighbors | None:
        """Return the nearest rows of each row among those of the map; None before they are known.

        Any thread may ask. `spec` is the map's now, whose metric need not concern the method.
        """
        known = self.shared_work.known_in(spec)
        return None if known is None else known.neighbors

    @property
    def estimator(self) -> Any:
        """The fitted estimator that makes the map; None if none does. Any thread may ask."""
        return None

    @property
    def function(self) -> MapFunction | None:
        """The present layout as a function with landmarks; None if it is none. Any thread may ask."""
        return None

    @property
    @abstractmethod
    def ready(self) -> bool:
        """Whether it can iterate; for a method that is not live, whether the map is computed."""

    @property
    def waits(self) -> bool:
        """Whether its next iterations are done elsewhere, and the engine only looks from time to time."""
        return False

    @property
    def iteration(self) -> int:
        """Iterations done."""
        return 0

    @property
    def limit(self) -> int:
        """The iteration at which it ends if it has not settled before."""
        return 0

    @property
    @abstractmethod
    def phase(self) -> str:
        """The current phase, or how it ended, in a few words."""

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether it is done."""

    @property
    @abstractmethod
    def settled(self) -> bool:
        """Whether it is done and reached its goal, as opposed to a limit or an error."""

    @property
    def why(self) -> str:
        """Why it ended, in a sentence; empty if there is nothing to say."""
        return ""

    @property
    def advice(self) -> str:
        """What would help a map that ended without reaching its goal; empty if nothing would."""
        return ""

    @property
    def may_go_on(self) -> bool:
        """Whether it ended at a limit, and going on beyond it would make a better map."""
        return False

    @property
    @abstractmethod
    def figures(self) -> Mapping[str, float]:
        """The known figures of `told`, by name; all are finite."""

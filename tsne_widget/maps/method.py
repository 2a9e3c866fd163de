"""What makes a map: the seam between a run and the mathematics.

A method is one file beside this one and one line in `methods.py`. The run plays, pauses, records and
publishes; the method does the work.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from ..parameters.defaults import Settings
from .grid import Spec
from .shared_work import SharedWork
from .work import Progress

#: Work in slices. The first `next` does none: it only says what is about to be done.
Slices = Generator[Progress, None, None]


@dataclass(frozen=True)
class Figure:
    """A number that a method tells of its map.

    Attributes
    ----------
    name : str
        Its key in `Method.figures`, and what the view calls it.
    meaning : str
        What it is, in a few words.
    share : bool
        Whether it is a share of 1, which is shown in percent.
    shown : bool
        Whether the view shows it.
    """

    name: str
    meaning: str
    share: bool = False
    shown: bool = True

    def in_words(self, value: float) -> str:
        """Return the figure with its name: 'KL 0.737', 'explained variance 29 %'."""
        return f"{self.name} {value:.0%}".replace("%", " %") if self.share else f"{self.name} {value:.3f}"


class Method(ABC):
    """Makes one map, in slices of about 20 ms; it knows nothing of threads, epochs or pages.

    A live method goes on by itself, one iteration at a time, and may be paused. Any other computes its map
    once and for all in `prepare`.

    Parameters
    ----------
    spec : Spec
        Checked parameters of this map alone.
    settings : Settings
        Checked parameters of all maps.
    shared_work : SharedWork
        What maps of the same data share.
    """

    #: By which name the registry and the wire know it.
    name: ClassVar[str]
    #: What users call it.
    label: ClassVar[str]
    #: Whether it goes on by itself; play, pause and step are about such maps alone.
    live: ClassVar[bool]
    #: Which of the axes of a grid concern it.
    axes: ClassVar[tuple[str, ...]] = ()
    #: Whether it takes rows, and not distances between them.
    takes_rows: ClassVar[bool] = False
    #: The numbers it tells, the most telling one first.
    told: ClassVar[tuple[Figure, ...]]

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        self.spec, self.settings, self.shared_work = spec, settings, shared_work

    @classmethod
    def out_of_range(cls, spec: Spec, n: int) -> str:
        """Say why there can be no such map of n rows; empty where there can."""
        return ""

    @classmethod
    def figures_in_words(cls, figures: Mapping[str, float]) -> str:
        """Say the figures that are shown and known: 'KL 0.737'."""
        known = [figure for figure in cls.told if figure.shown and figure.name in figures]
        return ", ".join(figure.in_words(figures[figure.name]) for figure in known)

    @classmethod
    def code(cls, name: str) -> list[str]:
        """Return lines of Python that make the map `name` of X without this package; none where none does."""
        return []

    # --- work ---------------------------------------------------------------------------------------

    @abstractmethod
    def prepare(self) -> Slices:
        """Do all that comes before the first iteration; of what is not live, all there is to do."""

    def step(self) -> None:
        """Do one iteration. Where it raises, `layout` stays what it was."""
        raise AssertionError(f"{self.label} does no iterations")

    def continue_with(self, spec: Spec) -> Slices | None:
        """Go on from the present layout with other parameters; None: the map has to start anew."""
        return None

    def go_back_to(self, points: np.ndarray, iteration: int, limit: int) -> Slices | None:
        """Go on from a layout that was kept, with everything else new; None: there is no way back."""
        return None

    def extend(self) -> None:
        """Take up the work again after an end."""
        raise AssertionError(f"{self.label} does no iterations")

    def now_in_words(self, *, preparing: bool) -> str:
        """Say what is being done, for who learns that it failed."""
        return f"while {self.label} was computed"

    # --- the map ------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def layout(self) -> np.ndarray | None:
        """The present layout, float32 of shape (n, 2), good until the next step; None before there is one."""

    @property
    @abstractmethod
    def ready(self) -> bool:
        """Whether it can do an iteration; of what is not live, whether the map is there."""

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
        """What it does, or how it has ended, in a word or a few."""

    @property
    @abstractmethod
    def ended(self) -> bool:
        """Whether it is done."""

    @property
    @abstractmethod
    def settled(self) -> bool:
        """Whether it is done and the map is what it should be."""

    @property
    def why(self) -> str:
        """Why it has ended, in a sentence; empty where there is nothing to say."""
        return ""

    @property
    @abstractmethod
    def figures(self) -> Mapping[str, float]:
        """What is known of the numbers in `told`, by name; finite."""

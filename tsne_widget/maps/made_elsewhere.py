"""What the methods have in common whose maps others have made: users, or estimators."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np

from ..errors import DataError, NotComputedError
from .estimator_placer import function_by, placer_by
from .method import Method
from .placing import Placer

if TYPE_CHECKING:
    from ..parametric.model import MapFunction


class Made(NamedTuple):
    """Coordinates of the rows, and the fitted estimator that has made them; None if none has."""

    estimator: Any
    points: np.ndarray


class MadeElsewhere(Method):
    """Shows coordinates as they are, centred; a row whose coordinates are NaN has no place."""

    live = False
    offered = False
    told = ()
    #: The state of the map once it is there, in one word.
    there: ClassVar[str]

    _points: np.ndarray | None = None
    _missing = 0

    @property
    @abstractmethod
    def made(self) -> Made | None:
        """What is shown; None before it is known."""

    def _show(self, points: np.ndarray) -> None:
        self._points = _centered(points)
        self._missing = int(np.isnan(self._points[:, 0]).sum())

    def placer(self) -> Placer:
        """Return the `transform` of the estimator that has made the coordinates."""
        label, made = self.label_of(self.spec), self.made
        if made is None:
            raise NotComputedError(f"{label} has not been fitted yet")
        if made.estimator is None:
            raise NotComputedError("given coordinates have no way to place new rows")
        return placer_by(made.estimator, label, made.points, own_units=self.in_own_units)

    @property
    def function(self) -> MapFunction | None:
        """The function of a fitted `ParametricTSNE`."""
        return None if self.made is None else function_by(*self.made)

    @property
    def as_given(self) -> np.ndarray | None:
        """The coordinates as they came."""
        return None if self.made is None else self.made.points

    @property
    def estimator(self) -> Any:
        """The fitted estimator that has made them."""
        return None if self.made is None else self.made.estimator

    @property
    def layout(self) -> np.ndarray | None:
        """The centred coordinates."""
        return self._points

    @property
    def ready(self) -> bool:
        """Whether the coordinates are there."""
        return self._points is not None

    ended = settled = ready

    @property
    def phase(self) -> str:
        """The state of the map, and how many rows lack a place."""
        if not self._missing:
            return self.there
        return (
            f"{self.there} ({self._missing:,} {'row lacks' if self._missing == 1 else 'rows lack'} a place)"
        )

    @property
    def why(self) -> str:
        """How many rows are not drawn; empty if all are."""
        if self._points is None or not self._missing:
            return ""
        return f"{self._missing:,} of {len(self._points):,} rows are not drawn: their coordinates are NaN"

    @property
    def figures(self) -> dict[str, float]:
        """Nothing is known of how the map was made; the share of neighbours kept is told of every map."""
        return {}


def _centered(points: np.ndarray) -> np.ndarray:
    """Return coordinates around their mean, as float32, which would lose those far from 0.

    Raises
    ------
    DataError
        They lie too far apart for float32.
    """
    wide = points.astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        layout = (wide - np.nanmean(wide, axis=0)).astype(np.float32)
    if (np.isfinite(layout) != np.isfinite(wide)).any():
        raise DataError("the coordinates lie too far apart for float32: multiply them by a small constant")
    return np.ascontiguousarray(layout)

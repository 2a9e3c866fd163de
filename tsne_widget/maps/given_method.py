"""Coordinates that users already have, as a method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError, NotComputedError
from .estimator_placer import function_by, placer_by
from .grid import Spec
from .method import Method, Slices
from .origin import GivenPoints
from .placing import Placer
from .stages import Stage

if TYPE_CHECKING:
    from ..parametric.model import MapFunction

READING = Stage("reading coordinates")


class GivenMethod(Method):
    """Shows a map that exists."""

    name = "given"
    label = "given coordinates"
    live = False
    offered = False
    told = ()

    _points: np.ndarray | None = None

    @classmethod
    def label_of(cls, spec: Spec) -> str:
        """Return the name of the estimator that had them, or say that they are given."""
        origin = _origin(spec)
        return cls.label if origin.estimator is None else origin.label

    def prepare(self) -> Slices:
        """Centre the coordinates."""
        yield READING, None
        self._points = centered(_origin(self.spec).points)

    def placer(self) -> Placer:
        """Return the `transform` of the estimator that had the coordinates."""
        origin = _origin(self.spec)
        if origin.estimator is None:
            raise NotComputedError("given coordinates have no way to place new rows")
        return placer_by(origin.estimator, origin.label, origin.points)

    @property
    def function(self) -> MapFunction | None:
        """The function of a fitted `ParametricTSNE` that had the coordinates."""
        origin = _origin(self.spec)
        return function_by(origin.estimator, origin.points)

    @property
    def as_given(self) -> np.ndarray:
        """The coordinates as the user gave them."""
        return _origin(self.spec).points

    @property
    def estimator(self) -> Any:
        """The fitted estimator that had them."""
        return _origin(self.spec).estimator

    @property
    def layout(self) -> np.ndarray | None:
        """The centred coordinates."""
        return self._points

    @property
    def ready(self) -> bool:
        """Whether the coordinates were read."""
        return self._points is not None

    ended = settled = ready

    @property
    def phase(self) -> str:
        """The state of the map, in one word."""
        return with_gaps("given", self._points)

    @property
    def why(self) -> str:
        """How many rows have no place, if some have none."""
        return why_gaps(self._points)

    @property
    def figures(self) -> dict[str, float]:
        """Nothing is known of how the map was made."""
        return {}


def with_gaps(state: str, points: np.ndarray | None) -> str:
    """Add to a state that rows have no place."""
    missing = _missing(points)
    return (
        f"{state} ({missing:,} {'row lacks' if missing == 1 else 'rows lack'} a place)" if missing else state
    )


def why_gaps(points: np.ndarray | None) -> str:
    """Say how many rows are not drawn; empty if all are."""
    missing = _missing(points)
    if not missing:
        return ""
    assert points is not None
    return f"{missing:,} of {len(points):,} rows are not drawn: their coordinates are NaN"


def _missing(points: np.ndarray | None) -> int:
    return 0 if points is None else int(np.isnan(points[:, 0]).sum())


def centered(points: np.ndarray) -> np.ndarray:
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


def _origin(spec: Spec) -> GivenPoints:
    assert isinstance(spec.origin, GivenPoints)
    return spec.origin

"""Coordinates that users already have, as a method."""

from __future__ import annotations

from .grid import Spec
from .made_elsewhere import Made, MadeElsewhere
from .method import Slices
from .origin import GivenPoints
from .stages import Stage

READING = Stage("reading coordinates")


class GivenMethod(MadeElsewhere):
    """Shows a map that exists."""

    name = "given"
    label = "given coordinates"
    there = "given"
    in_own_units = True

    @classmethod
    def label_of(cls, spec: Spec) -> str:
        """Return the name of the estimator that had them, or say that they are given."""
        origin = _origin(spec)
        return cls.label if origin.estimator is None else origin.label

    def prepare(self) -> Slices:
        """Centre the coordinates."""
        yield READING, None
        self._show(self.made.points)

    @property
    def made(self) -> Made:
        """What the user gave."""
        origin = _origin(self.spec)
        return Made(origin.estimator, origin.points)


def _origin(spec: Spec) -> GivenPoints:
    assert isinstance(spec.origin, GivenPoints)
    return spec.origin

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
        return origin.label if origin.estimator is not None or origin.lost else cls.label

    def prepare(self) -> Slices:
        """Centre the coordinates."""
        yield READING, None
        self._show(self.made.points)

    @property
    def why(self) -> str:
        """How many rows are not drawn, and whether the estimator is lost."""
        lost = _origin(self.spec).lost
        said = f"{lost} made it, and was not saved with it: it places no new rows" if lost else ""
        return "; ".join(filter(None, [super().why, said]))

    @property
    def made(self) -> Made:
        """What the user gave."""
        origin = _origin(self.spec)
        return Made(origin.estimator, origin.points)


def _origin(spec: Spec) -> GivenPoints:
    assert isinstance(spec.origin, GivenPoints)
    return spec.origin

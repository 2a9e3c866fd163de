"""The registry of methods that can make a map."""

from __future__ import annotations

from ..parameters.axis import Axis
from .estimator_method import EstimatorMethod
from .given_method import GivenMethod
from .grid import Grid, Spec
from .method import Method
from .parametric_method import ParametricMethod
from .pca_method import PCAMethod
from .repeat_method import RepeatMethod
from .selection_method import SelectionMethod
from .tsne_method import TSNEMethod
from .umap_method import UMAPMethod

#: Methods by name. The first makes a widget's main maps; the others may stand beside them.
METHODS: dict[str, type[Method]] = {
    method.name: method
    for method in (
        TSNEMethod,
        PCAMethod,
        UMAPMethod,
        ParametricMethod,
        RepeatMethod,
        SelectionMethod,
        GivenMethod,
        EstimatorMethod,
    )
}


def method_of(spec: Spec) -> type[Method]:
    """Return the method that makes a map."""
    return METHODS[spec.method]


def axis_of(spec: Spec, name: str) -> Axis:
    """Return an axis that concerns a map."""
    return method_of(spec).axis_of(spec, name)


def all_axes() -> dict[str, Axis]:
    """Return the axes of all methods, by name."""
    return {axis.name: axis for method in METHODS.values() for axis in method.axes}


def renamed(grid: Grid, run: int, before: Spec) -> Grid:
    """Return a grid in which a changed map's name tells its new values, if it told those before."""
    spec = grid.spec(run)
    method = method_of(spec)
    if not method.named_by_values or before.name != method.name_of(before):
        return grid
    return grid.rename(run, method.name_of(spec))

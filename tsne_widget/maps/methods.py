"""The registry of methods that can make a map."""

from __future__ import annotations

from ..parameters.axis import Axis
from .estimator_method import EstimatorMethod
from .given_method import GivenMethod
from .grid import Spec
from .method import Method
from .parametric_method import ParametricMethod
from .pca_method import PCAMethod
from .tsne_method import TSNEMethod
from .umap_method import UMAPMethod

#: Methods by name. The first makes a widget's main maps; the others may stand beside them.
METHODS: dict[str, type[Method]] = {
    method.name: method
    for method in (TSNEMethod, PCAMethod, UMAPMethod, ParametricMethod, GivenMethod, EstimatorMethod)
}


def method_of(spec: Spec) -> type[Method]:
    """Return the method that makes a map."""
    return METHODS[spec.method]


def axis_of(spec: Spec, name: str) -> Axis:
    """Return an axis that concerns a map."""
    return method_of(spec).axis(name)


def all_axes() -> dict[str, Axis]:
    """Return the axes of all methods, by name."""
    return {axis.name: axis for method in METHODS.values() for axis in method.axes}

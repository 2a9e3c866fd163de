"""The registry of methods that can make a map."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..errors import InvalidValueError, invalid_type, invalid_value, shortened
from ..parameters.axis import Axis
from .grid import Spec
from .method import Method
from .pca_method import PCAMethod
from .tsne_method import TSNEMethod

#: Methods by name. The first makes a widget's main maps; the others may stand beside them.
METHODS: dict[str, type[Method]] = {method.name: method for method in (TSNEMethod, PCAMethod)}


def method_of(spec: Spec) -> type[Method]:
    """Return the method that makes a map."""
    return METHODS[spec.method]


def axis_of(spec: Spec, name: str) -> Axis:
    """Return an axis that concerns a map."""
    return method_of(spec).axis(name)


def all_axes() -> dict[str, Axis]:
    """Return the axes of all methods, by name."""
    return {axis.name: axis for method in METHODS.values() for axis in method.axes}


def check_beside(beside: Any, first: Spec, *, distances: bool) -> tuple[Spec, ...]:
    """Check which maps stand beside the t-SNE maps.

    Parameters
    ----------
    beside : str, list of str, mapping or None
        Names of methods; a mapping gives the names of their maps, otherwise maps are named after the method.
    first : Spec
        The first t-SNE map, whose values new maps begin with.
    distances : bool
        Whether X holds distances, not rows.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        The method does not exist, a name occurs twice or names the main maps, or a method needs rows but X
        holds distances.
    """
    names = [*METHODS][1:]
    allowed = f"one of {', '.join(map(repr, names))}, a list of these, or a dict of these by name"
    several = () if beside is None else [beside] if isinstance(beside, str) else beside
    if not isinstance(several, (Mapping, Sequence)):
        raise invalid_type("beside", beside, allowed)
    specs: dict[str, Spec] = {}
    pairs = several.items() if isinstance(several, Mapping) else ((None, method) for method in several)
    for called, method in pairs:
        if not isinstance(method, str) or not isinstance(called, str | None):
            raise invalid_type("beside", beside, allowed)
        if method not in names or called == "":
            raise invalid_value("beside", beside, allowed)
        name = METHODS[method].label if called is None else called
        if name == METHODS["tsne"].label:
            raise InvalidValueError(f"beside={shortened(beside)}: {name!r} names the main maps")
        if name in specs:
            raise InvalidValueError(f"beside has {name!r} twice: each map must have its own name")
        if distances and METHODS[method].takes_rows:
            raise InvalidValueError(
                f"beside={method!r} needs the rows of X: metric='precomputed' gives only distances"
            )
        specs[name] = METHODS[method].spec_beside(name, first)
    return tuple(specs.values())

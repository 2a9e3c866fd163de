"""Read what stands beside the t-SNE maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse

from ..errors import InvalidValueError, invalid_type, invalid_value, shortened
from ..parameters.axes import check_values
from ..parameters.axis import Facts
from ..parameters.given import unused
from .grid import Spec
from .method import Method
from .methods import METHODS
from .origin import GivenEstimator, GivenPoints, Origin, is_estimator, origin_of


def check_beside(
    beside: Any, first: Spec, facts: Facts, shown: Mapping[str, Spec] | None = None
) -> tuple[Spec, ...]:
    """Check which maps stand beside the t-SNE maps.

    Parameters
    ----------
    beside : object
        One thing to make a map of, a list, or a mapping of names to these: the name of a method, the key of
        an embedding that came with X, coordinates, an estimator, or a mapping with a method and values of its
        parameters. Without a name, a map is named after what made it.
    first : Spec
        The first t-SNE map, whose values new maps begin with.
    facts : Facts
    shown : mapping of Spec, optional
        The maps that stand there already, by name; what makes the same map again keeps its values.

    Raises
    ------
    InvalidTypeError, InvalidValueError, DataError
        Something makes no map, a name occurs twice or names the main maps, or a method needs rows but X holds
        distances.
    """
    reader = _Reader(first, facts, shown or {})
    if beside is None:
        return ()
    if isinstance(beside, Mapping):
        for name, value in beside.items():
            if not isinstance(name, str):
                raise invalid_type("beside", beside, "a dict whose keys are names of maps")
            if not name:
                raise invalid_value("beside", beside, "a dict whose names are not empty")
            reader.read(name, value, f"beside[{name!r}]")
    elif isinstance(beside, Sequence) and not isinstance(beside, str):
        for position, value in enumerate(beside):
            reader.read(None, value, f"beside[{position}]")
    else:
        reader.read(None, beside)
    return tuple(reader.specs.values())


class _Reader:
    """Makes a spec of each thing, under its name."""

    def __init__(self, first: Spec, facts: Facts, shown: Mapping[str, Spec]):
        self._first, self._facts, self._shown = first, facts, shown
        self.specs: dict[str, Spec] = {}

    def read(self, called: str | None, value: Any, where: str = "beside") -> None:
        if isinstance(value, Spec):
            spec = value
        elif isinstance(value, Mapping):
            spec = self._with_values(where, called, value)
        elif isinstance(value, str):
            spec = self._named(where, called, value)
        elif isinstance(value, type) or np.iterable(value) or is_estimator(value):
            spec = self._of_origin(called, origin_of(where, value, self._facts))
        else:
            raise invalid_type(where, value, self._allowed)
        if spec.name == METHODS["tsne"].label:
            raise InvalidValueError(f"beside={shortened(value)}: {spec.name!r} names the main maps")
        if spec.name in self.specs:
            raise InvalidValueError(
                f"beside has {spec.name!r} twice: a dict gives each map a name of its own"
            )
        self.specs[spec.name] = spec

    def _named(self, where: str, called: str | None, name: str) -> Spec:
        """Read the name of a method, or else the key of an embedding."""
        if name in _offered():
            return self._of_method(METHODS[name], called)
        embeddings = self._facts.embeddings()
        if name not in embeddings:
            raise invalid_value(where, name, self._allowed)
        origin = origin_of(f"obsm[{name!r}]", embeddings[name], self._facts)
        assert isinstance(origin, GivenPoints)
        return self._of_origin(called or name, replace(origin, key=name))

    def _with_values(self, where: str, called: str | None, given: Mapping[Any, Any]) -> Spec:
        """Read a method with values of its parameters."""
        values = dict(given)
        method = values.pop("method", None)
        if not isinstance(method, str) or method not in _offered():
            raise invalid_value(f"{where}['method']", method, f"one of {', '.join(map(repr, _offered()))}")
        spec = self._of_method(METHODS[method], called)
        axes = {axis.name: axis for axis in METHODS[method].axes}
        for name, value in values.items():
            if name not in axes:
                known = ", ".join(map(repr, axes)) or "none"
                raise InvalidValueError(f"{where} has {name!r}, which is no parameter of {method!r}: {known}")
            (checked, *more) = check_values(axes[name], value, self._facts)
            if more:
                raise invalid_type(f"{where}[{name!r}]", value, "a single value, as this is one map")
            spec = spec.with_value(name, checked)
        return spec if called is not None else replace(spec, name=self._name_for(spec))

    def _of_method(self, method: type[Method], called: str | None) -> Spec:
        if self._facts.distances and method.takes_rows:
            raise InvalidValueError(
                f"beside={method.name!r} needs the rows of X: metric='precomputed' gives only distances"
            )
        if not method.takes_sparse and scipy.sparse.issparse(self._facts.matrix()):
            raise InvalidValueError(
                f"beside={method.name!r} needs dense rows, and X is sparse: reduce X first, for example by "
                "TruncatedSVD"
            )
        new = method.spec_beside(called or "", self._first)
        name = self._name_for(new) if called is None else called
        shown = self._shown.get(name)
        if shown is not None and shown.method == method.name:
            return shown
        return replace(new, name=name)

    def _name_for(self, spec: Spec) -> str:
        others = [name for name, other in self.specs.items() if other.method != spec.method]
        return unused(METHODS[spec.method].name_of(spec), others)

    def _of_origin(self, called: str | None, origin: Origin) -> Spec:
        name = unused(origin.label, self.specs) if called is None else called
        shown = self._shown.get(name)
        if shown is not None and origin.makes_the_same_as(shown.origin):
            return shown
        method = METHODS["estimator" if isinstance(origin, GivenEstimator) else "given"]
        return replace(method.spec_beside(name, self._first), origin=origin)

    @property
    def _allowed(self) -> str:
        names = [*_offered(), *self._facts.embeddings()]
        return (
            f"one of {', '.join(map(repr, names))}, an array of shape ({self._facts.n}, 2), an estimator, a "
            "list of these, or a dict of these by name"
        )


def _offered() -> list[str]:
    """Return the names of the methods that users may ask for by name."""
    return [name for name, method in METHODS.items() if method.offered][1:]

"""What users give to make a map: coordinates, an estimator, or some of the rows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ..data.coordinates import points_of
from ..errors import InvalidTypeError, InvalidValueError
from ..parameters.axis import Facts
from .written import written

#: How an estimator says that it takes distances, not rows.
PRECOMPUTED = "precomputed"


@dataclass(frozen=True, eq=False)
class Origin:
    """What a map beside t-SNE was made of; compared by identity.

    Attributes
    ----------
    value : object
        What the user gave.
    label : str
        What made the map, in a word or two: 'UMAP', 'given'.
    """

    value: Any
    label: str

    def makes_the_same_as(self, other: Origin | None) -> bool:
        """Tell whether two origins make the same map."""
        return False


@dataclass(frozen=True, eq=False)
class GivenPoints(Origin):
    """A finished map.

    Attributes
    ----------
    points : ndarray of shape (n, 2), float32 or float64
        Its coordinates; a row without a place is NaN.
    estimator : object or None
        The fitted estimator that had them.
    key : str
        Their key in `obsm`; empty if they come from elsewhere.
    lost : str
        The class of the estimator that had them, which a file of maps did not hold; empty if there was none.
    """

    points: np.ndarray
    estimator: Any = None
    key: str = ""
    lost: str = ""

    def makes_the_same_as(self, other: Origin | None) -> bool:
        """Tell whether the other has the same coordinates from the same place."""
        return (
            isinstance(other, GivenPoints)
            and (self.key, self.estimator) == (other.key, other.estimator)
            and np.array_equal(self.points, other.points, equal_nan=True)
        )


@dataclass(frozen=True, eq=False)
class GivenEstimator(Origin):
    """An estimator to fit.

    Attributes
    ----------
    unfitted : object
        A clone, which later changes of the user's own do not reach.
    begun : list of Fit
        The fit that the user's cell has done for the map, until the map takes it.
    """

    unfitted: Any
    begun: list[Any] = field(default_factory=list)

    def makes_the_same_as(self, other: Origin | None) -> bool:
        """Tell whether the other is the same estimator, with the same parameters as when it was given."""
        return (
            isinstance(other, GivenEstimator)
            and self.value is other.value
            and _are_alike(self.unfitted, other.unfitted)
        )


@dataclass(frozen=True, eq=False)
class ChosenRows(Origin):
    """Some rows, which get a t-SNE map of their own.

    Attributes
    ----------
    rows : ndarray of shape (m,), int64
        Their positions, ascending.
    n : int
        How many rows the data have.
    most_neighbors : int
        How many neighbours of each of them can be known among them.
    """

    rows: np.ndarray
    n: int
    most_neighbors: int

    def makes_the_same_as(self, other: Origin | None) -> bool:
        """Tell whether the other is of the same rows."""
        return isinstance(other, ChosenRows) and np.array_equal(self.rows, other.rows)


def _are_alike(one: Any, other: Any) -> bool:
    import joblib

    try:
        return bool(joblib.hash(one) == joblib.hash(other))  # also of arrays among the parameters
    except Exception:  # whatever has no pickle
        return written(one).code == written(other).code


def origin_of(name: str, value: Any, facts: Facts) -> Origin:
    """Return what a value of `beside` makes a map of.

    Raises
    ------
    InvalidTypeError, InvalidValueError, DataError
        It is neither coordinates of the rows nor an estimator that makes two columns.
    """
    if isinstance(value, type):
        raise InvalidTypeError(f"{name} is the class {value.__name__}: give an instance, {value.__name__}()")
    if not is_estimator(value):
        return GivenPoints(value, "given", points_of(name, value, facts.n, facts.index))
    label = type(value).__name__
    fitted = getattr(value, "embedding_", None)
    if fitted is not None:
        rows = len(fitted)
        if rows != facts.n:
            raise InvalidValueError(
                f"{name} is {label}, fitted to {rows:,} rows, and X has {facts.n:,}: fit it to X, or give "
                "one that is not fitted"
            )
        points = points_of(f"{name}.embedding_", fitted, facts.n)
        return GivenPoints(value, label, points, estimator=value)
    _require_two_columns(name, value)
    if facts.distances:
        _require_distances_taken(name, value)
    from sklearn.base import clone

    return GivenEstimator(value, label, clone(value, safe=False))


def came_with_rows(origin: Origin | None) -> bool:
    """Tell whether coordinates are an embedding that came with X."""
    return isinstance(origin, GivenPoints) and bool(origin.key)


def is_estimator(value: Any) -> bool:
    """Tell whether a value can be fitted to rows."""
    return callable(getattr(value, "fit_transform", None)) or callable(getattr(value, "fit", None))


def mapper_of(estimator: Any) -> Any:
    """Return the estimator that makes the columns: of a pipeline, its last step."""
    steps = getattr(estimator, "steps", None)
    return mapper_of(steps[-1][1]) if isinstance(steps, list) and steps else estimator


def parameters_of(estimator: Any) -> dict[str, Any]:
    """Return the parameters of the estimator that makes the columns."""
    get = getattr(mapper_of(estimator), "get_params", None)
    return dict(get(deep=False)) if callable(get) else {}


def _require_two_columns(name: str, estimator: Any) -> None:
    parameters = parameters_of(estimator)
    columns = parameters.get("n_components", 2)
    if columns is None or (isinstance(columns, (int, np.integer)) and columns != 2):
        raise InvalidValueError(
            f"{name} is {type(estimator).__name__} with n_components={columns}, and a map needs 2: set "
            "n_components=2, or give two of its columns"
        )


def _require_distances_taken(name: str, estimator: Any) -> None:
    values = parameters_of(estimator).values()
    if not any(isinstance(value, str) and value == PRECOMPUTED for value in values):
        raise InvalidValueError(
            f"{name} is {type(estimator).__name__}, which takes rows, but X holds distances: set its metric, "
            "affinity or dissimilarity to 'precomputed' if it can take them"
        )

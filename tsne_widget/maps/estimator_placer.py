"""Place new rows by the `transform` of a fitted estimator, or by its function."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.coordinates import points_of
from ..errors import NotComputedError
from .fitting import WHY_NOT_ASIDE, may_run_aside
from .placing import NewRows, Placer

if TYPE_CHECKING:
    from ..parametric.model import MapFunction


def placer_by(estimator: Any, label: str, as_given: np.ndarray, *, own_units: bool) -> Placer:
    """Return what places rows by an estimator's `transform`.

    Parameters
    ----------
    estimator : object
        Fitted to the rows of the data.
    label : str
        Its name in errors.
    as_given : ndarray of shape (n, 2)
        Its coordinates of the data, which the layout centres.
    own_units : bool
        Whether it takes rows in the user's own units, as the user has fitted it, where the maps standardise.

    Raises
    ------
    NotComputedError
        It has no `transform`, or it must not run beside other work.
    """
    if not callable(getattr(estimator, "transform", None)):
        raise NotComputedError(f"{label} has no transform, so there is no way to place new rows")
    if not may_run_aside(estimator):
        raise NotComputedError(
            f"{label} cannot place new rows here: {WHY_NOT_ASIDE}; with the package tbb it can"
        )
    center = _center_of(as_given)

    def transform(rows: NewRows) -> np.ndarray:
        result = estimator.transform(rows.as_given if own_units else rows.matrix)
        return points_of(f"the result of {label}.transform", result, len(rows)) - center

    return transform


def function_by(estimator: Any, as_given: np.ndarray) -> MapFunction | None:
    """Return the function that a fitted `ParametricTSNE` is, in the units of the layout; None for others."""
    function = getattr(estimator, "function_", None)
    if function is None:
        return None
    from ..parametric.model import MapFunction

    if not isinstance(function, MapFunction) or function.places is None:
        return None
    return replace(function, places=(function.places - _center_of(as_given)).astype(np.float32))


def _center_of(as_given: np.ndarray) -> np.ndarray:
    center: np.ndarray = np.nanmean(as_given.astype(np.float64), axis=0)
    return center

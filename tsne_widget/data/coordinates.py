"""Turn coordinates that users give into those that a map starts from, or is."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..errors import InvalidValueError, invalid_type
from ..tsne.initialization import SPREAD
from .index import Index, index_of_rows
from .matrix import as_array

#: Farther apart than this, weights 1 / (1 + d^2) and their squares underflow float32, and KL is lost.
FARTHEST = 1e9
#: If the second direction is below this share of the first, float32 sees a line.
_THINNEST = 1e-6
#: The rounding error of coordinates in float32, as a share of their spread.
_ROUNDING = 1e-6


def coordinates_of(
    name: str, places: Any, n: int, columns: int = 2, *, scale: bool, index: Index | None = None
) -> np.ndarray:
    """Return the coordinates that a map starts from.

    Parameters
    ----------
    name : str
        Their name in errors.
    places : array-like or DataFrame of shape (n, columns)
        Finite numbers. A frame whose index has the labels of the rows in another order is reordered.
    n : int
        How many rows there must be.
    columns : {2, 1}
        2 for a plane, 1 for a line.
    scale : bool
        Whether to centre them and scale them to PCA's standard deviation, 1e-4 in the wider direction
        (Kobak & Berens 2019); otherwise they stay as they are.
    index : Index, optional
        Labels of the rows.

    Returns
    -------
    ndarray of shape (n, columns), float32
        A new array.

    Raises
    ------
    InvalidTypeError, InvalidValueError, DataError
        They are not finite numbers of this shape; all points coincide or, in a plane, lie on one line, where
        forces would keep them; or they are not scaled and reach beyond `FARTHEST`.
    """
    allowed = f"an array of shape ({n}, {columns})"
    array = as_array(name, places)
    if array.dtype.kind not in "iuf":
        raise invalid_type(name, places, allowed)
    if array.shape != (n, columns):
        raise InvalidValueError(f"{name} has shape {array.shape}: {name} must be {allowed}")
    array = _in_order(name, places, array, index).astype(np.float64)
    if not np.isfinite(array).all():
        raise InvalidValueError(f"{name} holds NaN or infinite coordinates: all must be finite")
    _require_extended(name, array)
    if scale:
        return _scaled(array).astype(np.float32)
    if (np.ptp(array, axis=0) > FARTHEST).any() or (np.abs(array) > FARTHEST).any():
        raise InvalidValueError(
            f"{name} reaches from {array.min():.3g} to {array.max():.3g}: with init_scale=False all must lie "
            f"within {FARTHEST:g} of 0, or KL cannot be computed in float32"
        )
    layout = array.astype(np.float32)
    _require_extended(name, layout.astype(np.float64))
    return layout


def points_of(name: str, places: Any, n: int, index: Index | None = None) -> np.ndarray:
    """Return the coordinates of a map that the user already has.

    Parameters
    ----------
    name : str
        Their name in errors.
    places : array-like or DataFrame of shape (n, 2)
        Numbers; a row of NaN has no place. A frame whose index has the labels of the rows in another order
        is reordered.
    n : int
        How many rows there must be.
    index : Index, optional
        Labels of the rows.

    Returns
    -------
    ndarray of shape (n, 2), float32 or float64
        A new array; a row without a place is NaN in both columns.

    Raises
    ------
    InvalidTypeError, InvalidValueError, DataError
        They are not numbers of this shape, some are infinite, or no row has a place.
    """
    allowed = f"an array of shape ({n}, 2)"
    array = as_array(name, places)
    if array.dtype.kind not in "iuf":
        raise invalid_type(name, places, allowed)
    if array.ndim == 2 and array.shape[0] == n and array.shape[1] > 2:
        raise InvalidValueError(
            f"{name} has {array.shape[1]} columns, and a map needs 2: choose two of them, such as [:, :2]"
        )
    if array.shape != (n, 2):
        raise InvalidValueError(f"{name} has shape {array.shape}: {name} must be {allowed}")
    array = _in_order(name, places, array, index)
    points = np.array(array, np.float32 if array.dtype == np.float32 else np.float64, order="C")
    if np.isinf(points).any():
        raise InvalidValueError(f"{name} holds infinite coordinates; only NaN may stand for a missing place")
    points[np.isnan(points).any(axis=1)] = np.nan
    if np.isnan(points).all():
        raise InvalidValueError(f"{name} is NaN in every row: at least one row must have a place")
    return points


def _in_order(name: str, places: Any, array: np.ndarray, index: Index | None) -> np.ndarray:
    other = index_of_rows(places)
    order = index.order_of(other, name, "the rows") if index is not None and other is not None else None
    return array if order is None else array[order]


def _require_extended(name: str, places: np.ndarray) -> None:
    places = _unit(places)
    if not places.any():
        raise InvalidValueError(
            f"{name} has all points in one place, where no force separates them: they must differ"
        )
    if places.shape[1] == 2 and len(places) > 2:
        wide, thin = np.linalg.svd(places, compute_uv=False)
        if thin <= _THINNEST * wide:
            raise InvalidValueError(
                f"{name} has all points on one line, and no force moves them off it: add a little noise"
            )


def _scaled(places: np.ndarray) -> np.ndarray:
    """Return places centred and with PCA's spread; places that already are stay unchanged to the bit."""
    unit = _unit(places)
    factor = SPREAD / unit.std(axis=0).max()
    scaled = unit * factor
    return places if np.allclose(places, scaled, rtol=0, atol=_ROUNDING * SPREAD) else scaled


def _unit(places: np.ndarray) -> np.ndarray:
    """Return places minus their mean, scaled to magnitude 1; zeros if they differ only by rounding."""
    largest = np.abs(places).max()
    if largest == 0:
        return places
    centered = places / largest
    centered = centered - centered.mean(axis=0)
    reach = np.abs(centered).max()
    return centered / reach if reach > 1e-12 else np.zeros_like(centered)

"""The pictures of the rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..errors import DataError, InvalidTypeError, TSNEWidgetError, invalid_type
from ..failure import error_in_words
from .kept import Kept
from .missing import is_missing
from .pictures import Picture, bounds_of, is_picture_shape, picture_of

_SHAPES = "(n, h, w), (n, h, w, 3) or (n, h, w, 4)"


class Images:
    """A picture for each row, made on demand.

    Parameters
    ----------
    name : str
        Their name in errors.
    get : callable
        Returns the picture of row i (see `pictures.ALLOWED`), or None.
    n : int
    bounds : (float, float), optional
        The values of black and white in all pictures.
    """

    def __init__(
        self, name: str, get: Callable[[int], Any], n: int, bounds: tuple[float, float] | None = None
    ):
        self._name, self._get, self._n, self._bounds = name, get, n, bounds

    def __len__(self) -> int:
        return self._n

    def of(self, position: int) -> Picture | None:
        """Return the picture of a row; None if it has none.

        Raises
        ------
        DataError, InvalidTypeError
            The row does not hold a picture, or the user's function failed; the message names the row.
        """
        name = f"{self._name} of row {position}"
        try:
            value = self._get(int(position))
            return None if is_missing(value) else picture_of(name, value, self._bounds)
        except TSNEWidgetError:
            raise
        except Exception as error:
            raise DataError(f"{name} failed: {error_in_words(error)}") from error


def images_of(image: Any, n: int, name: str = "image") -> Images:
    """Check the source of pictures for n rows.

    Parameters
    ----------
    image : array, Kept, sequence or callable
        An array of shape (n, h, w), (n, h, w, 3) or (n, h, w, 4), or a kept one; numbers other than uint8 and
        bool are drawn from its smallest to its largest finite value. Or a sequence of pictures,
        bytes or paths; or a function of the row's position that returns one of these or None.

    Raises
    ------
    DataError, InvalidTypeError
        Its shape is wrong; the message says what it must be.
    """
    if callable(image):
        return Images(name, image, n)
    if isinstance(image, Kept):
        return _of_array(name, image, n)
    if isinstance(image, (list, tuple)) or _holds_objects(image):
        return _of_sequence(name, image, n)
    if isinstance(image, (bytes, os.PathLike)) or not hasattr(image, "__array__"):
        raise invalid_type(
            name, image, f"an array of shape {_SHAPES}, a function of the row, or a column's name"
        )
    return _of_array(name, Kept(name, np.asarray(image)), n)


def _of_array(name: str, kept: Kept, n: int) -> Images:
    pixels: np.ndarray = kept.numbers
    if pixels.dtype.kind not in "biuf":
        raise InvalidTypeError(f"{name} has dtype {pixels.dtype}: it must hold numbers")
    if pixels.ndim < 3 or not is_picture_shape(pixels.shape[1:]):
        channels_first = pixels.ndim == 4 and pixels.shape[1] in (1, 3, 4)
        hint = "; numpy.moveaxis(image, 1, -1) puts the channels last" if channels_first else ""
        raise DataError(f"{name} has shape {pixels.shape}: it must be {_SHAPES} with n = {n}{hint}")
    if len(pixels) != n:
        raise DataError(f"{name} has {len(pixels)} pictures: it must have one for each of the {n} rows of X")
    bounds = None if pixels.dtype == np.uint8 else bounds_of(pixels)
    return Images(name, lambda row: kept.current()[row], n, bounds)


def _of_sequence(name: str, pictures: Sequence[Any], n: int) -> Images:
    if len(pictures) != n:
        raise DataError(
            f"{name} has {len(pictures)} pictures: it must have one for each of the {n} rows of X"
        )
    return Images(name, list(pictures).__getitem__, n)


def _holds_objects(image: Any) -> bool:
    return isinstance(image, np.ndarray) and image.dtype.kind in "OU" and image.ndim == 1

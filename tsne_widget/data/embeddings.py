"""A column of a frame each of whose cells holds several numbers, such as an embedding -> a matrix."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import DataError
from .matrix import as_matrix


def holds_embeddings(series: nw.Series[Any]) -> bool:
    """Tell whether the cells of a Series hold 1-D arrays or lists of numbers, by the first that is there."""
    dtype = series.dtype
    if dtype not in (nw.Array, nw.List, nw.Object):
        return False
    present = series.drop_nulls().head(1).to_list()
    if not present or isinstance(present[0], (str, bytes)) or not hasattr(present[0], "__len__"):
        return False
    try:
        first = np.asarray(present[0])
    except ValueError:  # it is ragged in itself
        return False
    return first.ndim == 1 and first.size > 0 and first.dtype.kind in "iuf"


def matrix_of(name: str, series: nw.Series[Any]) -> np.ndarray:
    """Return the numbers of a column of embeddings.

    Parameters
    ----------
    name : str
        How errors name the column.
    series : Series

    Returns
    -------
    ndarray of float32 or float64, shape (n_samples, length of an embedding)

    Raises
    ------
    DataError, InvalidTypeError
        Names the first row that has none, or one of another length, or numbers that are not finite.
    """
    missing = series.is_null().to_numpy()
    if missing.any():
        raise DataError(
            f"{name} has {missing.sum()} missing embeddings, the first at row {missing.argmax()}: "
            "fill or drop these rows"
        )
    cells = [np.asarray(cell) for cell in series.to_numpy()]
    for row, cell in enumerate(cells):
        if cell.shape != cells[0].shape:
            raise DataError(
                f"{name} holds embeddings of different lengths: row 0 has the shape {cells[0].shape}, "
                f"row {row} {cell.shape}"
            )
    return np.asarray(as_matrix(np.stack(cells), name))

"""A column of a frame with several numbers in each cell, such as an embedding -> a matrix."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v2 as nw
import numpy as np

from ..errors import DataError
from .matrix import as_matrix


def holds_embeddings(series: nw.Series[Any]) -> bool:
    """Tell whether the cells of a Series hold 1-D arrays or lists of numbers, by the first present one."""
    dtype = series.dtype
    if dtype not in (nw.Array, nw.List, nw.Object):
        return False
    present = series.drop_nulls().head(1).to_list()
    if not present or isinstance(present[0], (str, bytes)) or not hasattr(present[0], "__len__"):
        return False
    try:
        first = np.asarray(present[0])
    except ValueError:  # the cell itself is ragged
        return False
    return first.ndim == 1 and first.size > 0 and first.dtype.kind in "iuf"


def matrix_of(name: str, series: nw.Series[Any]) -> np.ndarray:
    """Return the numbers of a column of embeddings.

    Parameters
    ----------
    name : str
        The column's name in errors.
    series : Series

    Returns
    -------
    ndarray of float32 or float64, shape (n_samples, length of an embedding)

    Raises
    ------
    DataError, InvalidTypeError
        An embedding is missing, has another length or is not finite; the message names the first row.
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
                f"{name} holds embeddings of different lengths: row 0 has shape {cells[0].shape}, "
                f"row {row} has {cell.shape}"
            )
    return np.asarray(as_matrix(np.stack(cells), name))

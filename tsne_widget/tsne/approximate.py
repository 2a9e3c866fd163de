"""Which cells a row looks into, when it does not look into all that could hold a neighbour."""

from __future__ import annotations

import numpy as np

from .cells import CELL

#: Cells whose centres are nearest to a row; with so many, 97 % of 90 neighbours of a million rows are found.
_CELLS_OF_A_ROW = 80
#: Rows of a cell choose among so many times more, those nearest to the centre of their own.
_CHOICE = 8
# Where many neighbours are wanted the cells must hold several times as many rows.
_ROWS_PER_NEIGHBOUR = 8
_ROUNDING = np.float32(1.0001)


def cells_of_a_row(k: int) -> int:
    """Return how many cells each row looks into for k neighbours."""
    return max(_CELLS_OF_A_ROW, -(-_ROWS_PER_NEIGHBOUR * (k + 1) // CELL))


def choice_of(wanted: int) -> int:
    """Return among how many cells the rows of one choose."""
    return _CHOICE * wanted


def reach(to_centres: np.ndarray, wanted: int) -> np.ndarray:
    """Return the distance to a centre up to which each row looks into a cell.

    Parameters
    ----------
    to_centres : ndarray of shape (rows, cells), float32
        The distances, or their squares, of rows to centres.
    wanted : int
        How many cells a row looks into.

    Returns
    -------
    ndarray of shape (rows,), float32
        In the units of `to_centres`; infinite if there are no more cells than wanted.
    """
    rows, cells = to_centres.shape
    if cells <= wanted:
        return np.full(rows, np.inf, np.float32)
    return np.partition(to_centres, wanted - 1, axis=1)[:, wanted - 1] * _ROUNDING

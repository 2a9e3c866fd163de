"""Choose the cells that a row looks into in an approximate search, which may miss some neighbours."""

from __future__ import annotations

import numpy as np

from .cells import CELL

#: How many of the nearest cells a row looks into; 80 find 97 % of 90 neighbours of a million rows.
_CELLS_OF_A_ROW = 80
#: The rows of a cell choose among this many times more cells, those nearest to the centre of their own.
_CHOICE = 8
# If many neighbours are wanted, the cells must hold several times as many rows.
_ROWS_PER_NEIGHBOR = 8
_ROUNDING = np.float32(1.0001)


def cells_of_a_row(k: int) -> int:
    """Return how many cells each row looks into for k neighbours."""
    return max(_CELLS_OF_A_ROW, -(-_ROWS_PER_NEIGHBOR * (k + 1) // CELL))


def choice_of(wanted: int) -> int:
    """Return how many cells the rows of a cell choose among."""
    return _CHOICE * wanted


def reach(to_centers: np.ndarray, wanted: int) -> np.ndarray:
    """Return the largest distance from each row to the centre of a cell that it looks into.

    Parameters
    ----------
    to_centres : ndarray of shape (rows, cells), float32
        The distances, or squared distances, from rows to centres.
    wanted : int
        How many cells a row looks into.

    Returns
    -------
    ndarray of shape (rows,), float32
        In the units of `to_centres`; infinite if there are no more cells than wanted.
    """
    rows, cells = to_centers.shape
    if cells <= wanted:
        return np.full(rows, np.inf, np.float32)
    return np.partition(to_centers, wanted - 1, axis=1)[:, wanted - 1] * _ROUNDING

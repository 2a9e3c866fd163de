"""Find the clump of a map that lies beside a group of rows."""

from __future__ import annotations

import numpy as np

from .clumps import Clumps
from .links import LINKS
from .sample import NoAnswerError
from .verdict import FEWEST


def clump_beside(known: np.ndarray, clumps: Clumps, group: np.ndarray) -> np.ndarray:
    """Return the rows of the clump to which a group has most links, without the group itself.

    It may be the rest of the clump in which the group lies. To compare a group with the rows most linked to
    it would be circular; clumps are those of the map.

    Parameters
    ----------
    known : ndarray of shape (n_samples, k)
        The nearest rows of every row in the data.
    group : ndarray of int
        Positions.

    Raises
    ------
    NoAnswerError
        No clump has enough rows outside the group.
    """
    inside = np.zeros(len(known), bool)
    inside[group] = True
    outside = ~inside & (clumps.of >= 0)
    rows = np.bincount(clumps.of[outside], minlength=clumps.count)
    linked = known[group, :LINKS].ravel()
    links = np.bincount(clumps.of[linked[outside[linked]]], minlength=clumps.count)
    links = np.where(rows < FEWEST, -1, links)
    if links.max() < 0:
        raise NoAnswerError(f"no clump beside it has {FEWEST} rows outside the group")
    return np.flatnonzero((clumps.of == links.argmax()) & outside)

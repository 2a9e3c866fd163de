"""How dark a density is; `js/src/scatter/shade.ts` has the same formula."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

#: The opacity of bins with as many rows as are drawn in full, and the fewest rows that these are: single rows
#: stay quiet where bins are small.
MOST, FULL_LEAST = 0.42, 4.0


@dataclass(frozen=True, eq=False)
class Shade:
    """The density of rows on a square of a map.

    Attributes
    ----------
    counts : ndarray of shape (bins, bins), int
        The rows in each bin, from the bottom up.
    full : float
        The rows in a bin that is drawn in full.
    corner : tuple of float
        The lower left corner of the square, in the units of the map.
    side : float
        The side of the square.
    center, turn : tuple of float, ndarray of shape (2, 2)
        How the map is moved and turned for display: ``(points - center) @ turn``.
    """

    counts: np.ndarray
    full: float
    corner: tuple[float, float]
    side: float
    center: tuple[float, float] = (0.0, 0.0)
    turn: np.ndarray = field(default_factory=lambda: np.eye(2))

    @property
    def opacities(self) -> np.ndarray:
        """The opacity of each bin, float of the shape of `counts`."""
        full = max(self.full, FULL_LEAST)
        return MOST * np.minimum(1, np.log1p(self.counts) / np.log1p(full))

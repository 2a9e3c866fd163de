"""Compute how far a layout reaches."""

from typing import NamedTuple

import numpy as np
from numba import float32, float64, int64, types

from .kernel import kernel
from .pool import Pool


class Extent(NamedTuple):
    """The smallest and the largest coordinates of some points; NaN if one is not finite."""

    left: float
    right: float
    low: float
    high: float

    @property
    def span(self) -> float:
        """The longer side."""
        return max(self.right - self.left, self.high - self.low)

    @property
    def finite(self) -> bool:
        """Whether all coordinates are."""
        return bool(np.isfinite(self).all())


@kernel(types.UniTuple(float64, 4)(int64, int64, float32[:, ::1]))
def _extent(start, stop, Y):
    left, right, low, high = np.inf, -np.inf, np.inf, -np.inf
    finite = 0.0
    for i in range(start, stop):
        x, y = float64(Y[i, 0]), float64(Y[i, 1])
        finite += 0.0 * x + 0.0 * y
        left, right = min(left, x), max(right, x)
        low, high = min(low, y), max(high, y)
    return left + finite, right + finite, low + finite, high + finite


def extent(Y: np.ndarray, pool: Pool) -> Extent:
    """Return how far the points Y, float32 of shape (n, 2), n at least 1, reach."""
    left, right, low, high = zip(*pool.run(_extent, len(Y), Y, grain=16384), strict=True)
    # np.min keeps a NaN wherever it stands.
    return Extent(float(np.min(left)), float(np.max(right)), float(np.min(low)), float(np.max(high)))

"""Compute repulsion by the sum over all pairs: O(n^2), but fully vectorised.

A pair takes about 0.13 ns on one thread (AVX-512), so for a few thousand points this is also the fastest way.
"""

from collections.abc import Generator

import numpy as np
from numba import float32, float64, int64, void

from ..kernel import kernel
from ..pool import Pool
from .signature import Repulsion

_ZERO, _ONE = np.float32(0), np.float32(1)

# A row's sum includes the point's own 1; below this, too few digits remain after subtracting it.
_LONELY = np.float32(1.01)


@kernel(void(int64, int64, float32[::1], float32[::1], float32[:, ::1], float64[::1]), reordered=True)
def _repel(start, stop, x, y, force, z):
    for i in range(start, stop):
        xi, yi = x[i], y[i]
        force_x, force_y, weight = _ZERO, _ZERO, _ZERO
        for j in range(len(x)):  # j = i adds 1 to the weight and nothing to the force
            dx, dy = xi - x[j], yi - y[j]
            w = _ONE / (_ONE + dx * dx + dy * dy)
            weight += w
            force_x += w * w * dx
            force_y += w * w * dy
        force[i, 0], force[i, 1] = force_x, force_y
        z[i] = weight - _ONE
        if weight < _LONELY:
            z[i] = 0.0
            for j in range(len(x)):
                dx, dy = xi - x[j], yi - y[j]
                z[i] += _ONE / (_ONE + dx * dx + dy * dy) if j != i else _ZERO


class ExactRepulsion(Repulsion):
    """The sum over all pairs, in float32; see `Repulsion` for the signature."""

    def __init__(self, n: int, pool: Pool):
        self._pool = pool
        self._columns = np.empty((2, n), np.float32)
        self._z = np.empty(n)

    def steps(self, Y: np.ndarray, force: np.ndarray) -> Generator[None, None, float]:
        """Write the sums over all pairs into `force` and return Z, in one step."""
        yield from ()
        self._columns[:] = Y.T
        self._pool.run(_repel, len(Y), *self._columns, force, self._z)
        return float(self._z.sum())

"""Measure how far a layout is from a balance of attraction and repulsion."""

import numpy as np
from numba import float32, float64, int64, types

from .kernel import kernel
from .pool import Pool


@kernel(types.UniTuple(float64, 2)(int64, int64, float32[:, ::1], float32[:, ::1], float64, float64))
def _rest(start, stop, attraction, repulsion, exaggeration, inverse_z):
    rest, whole = 0.0, 0.0
    for i in range(start, stop):
        ax, ay = exaggeration * attraction[i, 0], exaggeration * attraction[i, 1]
        rx, ry = inverse_z * repulsion[i, 0], inverse_z * repulsion[i, 1]
        rest += np.hypot(ax - rx, ay - ry)
        whole += np.hypot(ax, ay) + np.hypot(rx, ry)
    return rest, whole


def imbalance(
    attraction: np.ndarray, repulsion: np.ndarray, exaggeration: float, Z: float, pool: Pool
) -> float:
    """Return the net force on all points as a share of the acting forces, which is 0 at a minimum.

    Unlike the norm of the gradient, it depends neither on the number of points nor on their scale. Unlike the
    movement of points, it does not depend on the learning rate.

    Parameters
    ----------
    attraction, repulsion : ndarray of shape (n, 2), float32
        As `attraction` and a `Repulsion` write them.
    exaggeration : float
        The factor on the attraction.
    Z : float
        As the `Repulsion` returns it.
    pool : Pool
        The threads.

    Returns
    -------
    float
        From 0 to 1; 0 if no force acts.
    """
    inverse_z = 1 / Z if Z > 0 else 0.0
    parts = pool.run(_rest, len(attraction), attraction, repulsion, exaggeration, inverse_z, grain=16384)
    rest, whole = (sum(part) for part in zip(*parts, strict=True))
    return rest / whole if whole > 0 else 0.0

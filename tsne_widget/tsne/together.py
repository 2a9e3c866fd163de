r"""Place the new points of one part together on a fixed map: they attract and repel one another too.

Points that `transform.place` has placed each by itself crowd: none makes room for another. Here the new
points of a part descend the KL divergence of the map of all rows, of which the map at hand shows n, and the
part m. Each of the n stands for all rows that are not in the part,

.. math:: c = (N - m) / n

of them, where N counts all rows. A new point i is repelled by :math:`\sum_{j new} w_{ij}^2 (y_i - y_j) -
\tfrac12 c \nabla \phi(y_i)`, divided by the Z of all N rows, where :math:`\phi` is the potential of the map.
It is attracted to its neighbours in the part with a weight of m / N, and with the rest to those on the map,
which stand for the neighbours in other parts: with less, parts would drift away from one another. The map is
not stretched to make room for N points, which improves neither its KL nor the neighbours that it keeps.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numba import float32, float64, int64, void

from .affinities import joint_probabilities
from .attraction import attraction
from .kernel import kernel
from .nearest import Neighbors
from .pool import Pool
from .repulsion import repulsion_method
from .steps import at
from .transform import Field, attracting

_LEAST_PERPLEXITY = 5.0
_MOMENTUM_EARLY, _EARLY, _MOMENTUM, _LEAST_GAIN, _LONGEST_STEP = 0.5, 20, 0.8, 0.01, 5.0


@kernel(
    void(
        int64, int64, float32[:, ::1], float32[:, :, ::1], float32[:, ::1], float64, float32[:, ::1], float64,
        float32[:, ::1], float64, float32[:, ::1], float64, float64, float64[:, ::1], float64[:, ::1],
    ),
    reordered=True,
)  # fmt: skip
def _descend(
    start, stop, points, places, p, share, pull, pull_share, gradient, stands_for, push, per_z, momentum,
    velocity, gains,
):  # fmt: skip
    """Move points one step; see the module for what attracts and repels them."""
    slope = np.empty(2)
    for i in range(start, stop):
        slope[0] = slope[1] = 0.0
        for j in range(p.shape[1]):
            dx = float64(points[i, 0]) - places[i, j, 0]
            dy = float64(points[i, 1]) - places[i, j, 1]
            pw = p[i, j] / (1.0 + dx * dx + dy * dy)
            slope[0] += pw * dx
            slope[1] += pw * dy
        for c in range(2):
            repulsion = push[i, c] - 0.5 * stands_for * gradient[i, c]
            slope[c] = share * slope[c] + pull_share * pull[i, c] - per_z * repulsion
            turned = slope[c] * velocity[i, c] > 0.0
            gains[i, c] = max(gains[i, c] * 0.8 if turned else gains[i, c] + 0.2, _LEAST_GAIN)
            velocity[i, c] = momentum * velocity[i, c] - gains[i, c] * slope[c]
        length = np.sqrt(velocity[i, 0] * velocity[i, 0] + velocity[i, 1] * velocity[i, 1])
        shortened = _LONGEST_STEP / length if length > _LONGEST_STEP else 1.0
        for c in range(2):
            velocity[i, c] *= shortened
            points[i, c] += velocity[i, c]


def neighbors_among_new(m: int, total: int, perplexity: float) -> int:
    """Return how many of the m new rows `place_together` needs to know for each of them."""
    return min(m - 1, int(3 * _perplexity_among_new(m, total, perplexity)))


def _perplexity_among_new(m: int, total: int, perplexity: float) -> float:
    """Return the perplexity that reaches as far among m rows as `perplexity` among all of them."""
    return max(_LEAST_PERPLEXITY, perplexity * m / total)


def place_together(
    start: np.ndarray,
    nearest: Neighbors,
    among_new: Neighbors,
    Y: np.ndarray,
    *,
    perplexity: float,
    perplexity_of_map: float,
    total: int,
    max_iter: int,
    field: Field,
    repulsion: str = "auto",
    angle: float = 0.5,
    pool: Pool,
) -> Generator[float, None, np.ndarray]:
    """Return the places of the new points of one part, as a generator of the progress made.

    They depend on all rows of the part; the same part gets the same places, bit for bit, for any number of
    threads.

    Parameters
    ----------
    start : ndarray of shape (m, 2), float32
        Where they begin: the places of `transform.place`. At least 2.
    nearest : Neighbors
        The rows of the map nearest to each new row, at least ``3 * perplexity`` of them.
    among_new : Neighbors
        The nearest neighbours of each new row among the others, as `neighbors_among_new` has it.
    Y : ndarray of shape (n, 2), float32
        The map.
    perplexity : float
        The effective number of neighbours on the map.
    perplexity_of_map : float
        The perplexity that a map of all rows would have.
    total : int
        The number N of all rows: those of the map and of all parts, at least n + m.
    max_iter : int
        The number of iterations.
    field : Field
        The effect of the map's points.
    repulsion, angle
        How the new points repel one another, see `repulsion_method`.
    pool : Pool
        The threads.

    Yields
    ------
    float
        Progress, from 0 to 1.

    Returns
    -------
    ndarray of shape (m, 2), float32
        The places.
    """
    m, n = len(start), len(Y)
    points, Y = (np.array(rows, np.float32, order="C") for rows in (start, Y))
    places, p = attracting(nearest, Y, perplexity, pool)
    P = yield from at(
        0.0, joint_probabilities(among_new, _perplexity_among_new(m, total, perplexity_of_map), pool=pool)
    )
    share = 1 - m / total
    stands_for = (total - m) / n
    among_map = float(field(Y)[0].sum(dtype=np.float64))
    repel = repulsion_method(repulsion, m, pool, angle)
    pull, push = np.empty_like(points), np.empty_like(points)
    velocity, gains = np.zeros(points.shape), np.ones(points.shape)
    for iteration in range(max_iter):
        yield iteration / max_iter
        attraction(P, points, pull, pool)
        of_new = repel(points, push)
        potential, gradient = field(points)
        both = float(potential.sum(dtype=np.float64))
        Z = stands_for * (stands_for * among_map + 2 * both) + of_new
        momentum = _MOMENTUM_EARLY if iteration < _EARLY else _MOMENTUM
        pool.run(
            _descend, m, points, places, p, share, pull, m * m / total, gradient, stands_for, push,
            total / Z, momentum, velocity, gains,
        )  # fmt: skip
    yield 1.0
    return points

"""Place new points on a fixed map (Poličar, Stražar & Zupan 2023, as in openTSNE).

A new point starts at the median of its nearest rows' places and descends its own KL divergence, between its
conditional probabilities and the weights of all points of the map, which sum to 1 for this point alone. New
points do not affect one another, so a place depends only on the new row and the map.

The numbers are openTSNE's, in its units, where the gradient has no factor 4: a learning rate of 0.1, which
suits p that sum to 1 per point; momentum 0.8; exaggeration 1.5; and gradients of at most 0.25, because a
point that starts on another one would be thrown off the map.
"""

from collections.abc import Generator
from typing import Protocol

import numpy as np
from numba import float32, float64, int64, void

from .conditional import probabilities_of_new_rows
from .kernel import kernel
from .nearest import Neighbors
from .pool import Pool

#: The default perplexity and iterations, and the number of neighbours whose median a point starts at.
PERPLEXITY, MAX_ITER, MEDIAN_OF = 5.0, 250, 25

_LEARNING_RATE, _MOMENTUM, _EXAGGERATION, _LONGEST_GRADIENT, _LEAST_GAIN = 0.1, 0.8, 1.5, 0.25, 0.01
_PAIRS_PER_STEP = 1e8  # about 10 ms
#: From this many points on, a mesh is worth compiling.
_MESH_FROM = 5_000
_ZERO, _ONE = np.float32(0), np.float32(1)


class Field(Protocol):
    """The effect of the points of a fixed map on a point at any place."""

    def __call__(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        r"""Return the potential and its gradient at some places, each independently.

        Parameters
        ----------
        points : ndarray of shape (m, 2), float32
            The places.

        Returns
        -------
        potential : ndarray of shape (m,), float32
            :math:`\phi(y) = \sum_j 1 / (1 + |y - y_j|^2)` over all points of the map.
        gradient : ndarray of shape (m, 2), float32
            :math:`\nabla \phi(y) = -2 \sum_j w_j^2 (y - y_j)`.
        """
        ...


@kernel(
    void(int64, int64, float32[:, ::1], float32[::1], float32[::1], float32[::1], float32[:, ::1]),
    reordered=True,
)
def _sum_over_all(start, stop, points, x, y, potential, gradient):
    for i in range(start, stop):
        xi, yi = points[i, 0], points[i, 1]
        total, along_x, along_y = _ZERO, _ZERO, _ZERO
        for j in range(len(x)):
            dx, dy = xi - x[j], yi - y[j]
            w = _ONE / (_ONE + dx * dx + dy * dy)
            total += w
            along_x -= w * w * dx
            along_y -= w * w * dy
        potential[i] = total
        gradient[i, 0], gradient[i, 1] = along_x + along_x, along_y + along_y


class ExactField:
    """The sum over all points of the map; see `Field`."""

    def __init__(self, Y: np.ndarray, pool: Pool):
        self._x, self._y = np.ascontiguousarray(Y.T, np.float32)
        self._pool = pool

    def __call__(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Add up the weights, and their gradients, of all points."""
        potential, gradient = np.empty(len(points), np.float32), np.empty_like(points)
        self._pool.run(_sum_over_all, len(points), points, self._x, self._y, potential, gradient, grain=16)
        return potential, gradient


def field_of(Y: np.ndarray, pool: Pool) -> Field:
    """Return the field of a map: the sum over all points if they are few, otherwise interpolated on a mesh.

    Parameters
    ----------
    Y : ndarray of shape (n, 2), float32
        The map.
    pool : Pool
        The threads.
    """
    Y = np.array(Y, np.float32, order="C")  # kernels refuse read-only arrays, as other processes get them
    exact = ExactField(Y, pool)
    if len(Y) < _MESH_FROM:
        return exact
    from .repulsion.mesh import MeshField

    try:
        return MeshField(Y, exact, pool)
    except ValueError:  # a point lies far from all others
        return exact


@kernel(
    void(
        int64, int64, float32[:, ::1], float32[:, :, ::1], float32[:, ::1], float32[::1], float32[:, ::1],
        float64[:, ::1], float64[:, ::1],
    ),
    reordered=True,
)  # fmt: skip
def _descend(start, stop, points, places, p, potential, gradient, velocity, gains):
    """Move points one step by exaggeration * sum_j p_j w_j (y - y_j) + gradient / (2 * potential)."""
    pull = np.empty(2)
    for i in range(start, stop):
        pull[0] = pull[1] = 0.0
        for j in range(p.shape[1]):
            dx = float64(points[i, 0]) - places[i, j, 0]
            dy = float64(points[i, 1]) - places[i, j, 1]
            pw = p[i, j] / (1.0 + dx * dx + dy * dy)
            pull[0] += pw * dx
            pull[1] += pw * dy
        for c in range(2):
            pull[c] = _EXAGGERATION * pull[c] + 0.5 * gradient[i, c] / potential[i]
        length = np.sqrt(pull[0] * pull[0] + pull[1] * pull[1])
        shortened = _LONGEST_GRADIENT / length if length > _LONGEST_GRADIENT else 1.0
        for c in range(2):
            slope = shortened * pull[c]
            turned = slope * velocity[i, c] > 0.0
            gains[i, c] = gains[i, c] * 0.8 + _LEAST_GAIN if turned else gains[i, c] + 0.2
            velocity[i, c] = _MOMENTUM * velocity[i, c] - _LEARNING_RATE * gains[i, c] * slope
            points[i, c] += velocity[i, c]


def neighbors_used(n: int, perplexity: float) -> int:
    """Return how many of the n rows of a map `place` needs to know for each new row."""
    return min(n, max(MEDIAN_OF, int(3 * perplexity)))


def attracting(
    nearest: Neighbors, Y: np.ndarray, perplexity: float, pool: Pool
) -> tuple[np.ndarray, np.ndarray]:
    """Return the places on the map that attract each new point, of shape (m, k, 2), and their p, (m, k)."""
    k = min(nearest.indices.shape[1], max(1, int(3 * perplexity)))
    columns, p = probabilities_of_new_rows(nearest, len(Y), perplexity, k, pool)
    return Y[columns], p


def place(
    nearest: Neighbors, Y: np.ndarray, *, perplexity: float, max_iter: int, field: Field, pool: Pool
) -> Generator[float, None, np.ndarray]:
    """Return the places of new points on a map, as a generator of the progress made.

    A new row that equals a row of the data, to a millionth of the distance to its neighbours, gets the place
    of that row; if it equals several, the median of their places.

    Parameters
    ----------
    nearest : Neighbors
        The rows of the data nearest to each new row, of shape (m, k), with k as `neighbors_used` has it. If
        a row has fewer known neighbours, its last distances are infinite.
    Y : ndarray of shape (n, 2), float32
        The map.
    perplexity : float
        The effective number of neighbours of a new point.
    max_iter : int
        The number of iterations.
    field : Field
        The effect of the map's points.
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
    m = len(nearest.indices)
    result = np.empty((m, 2), np.float32)
    size = int(np.clip(_PAIRS_PER_STEP / len(Y), 64, 16384)) if isinstance(field, ExactField) else 16384
    for first in range(0, m, size):
        rows = slice(first, first + size)
        some = Neighbors(nearest.indices[rows], nearest.distances[rows])
        descent = _Descent(some, Y, perplexity, field, pool)
        for iteration in range(max_iter):
            yield (first + len(descent.points) * iteration / max_iter) / m
            descent.step()
        result[rows] = descent.result()
    yield 1.0
    return result


class _Descent:
    """New points during their descent."""

    def __init__(self, nearest: Neighbors, Y: np.ndarray, perplexity: float, field: Field, pool: Pool):
        self._field, self._pool = field, pool
        places, distances = Y[nearest.indices], nearest.distances
        known, same = np.isfinite(distances), nearest.equal()
        self._is_known = same.any(axis=1)
        self._known_places = _median(places[self._is_known], same[self._is_known])
        known[:, MEDIAN_OF:] = False
        self.points = _median(places, known)
        self._places, self._p = attracting(nearest, Y, perplexity, pool)
        self._velocity, self._gains = np.zeros(self.points.shape), np.ones(self.points.shape)

    def step(self) -> None:
        """Do one iteration."""
        potential, gradient = self._field(self.points)
        self._pool.run(
            _descend, len(self.points), self.points, self._places, self._p, potential, gradient,
            self._velocity, self._gains,
        )  # fmt: skip

    def result(self) -> np.ndarray:
        """Return the places of the points; rows of the data keep theirs."""
        result = self.points.copy()
        result[self._is_known] = self._known_places
        return result


def _median(places: np.ndarray, counted: np.ndarray) -> np.ndarray:
    """Return the median, by coordinate, of those of the (m, k, 2) places that count."""
    ordered = np.where(counted[:, :, None], places, np.inf)
    ordered.sort(axis=1)
    count = counted.sum(axis=1)[:, None, None]
    middle = np.concatenate([(count - 1) // 2, count // 2], axis=1)
    return np.take_along_axis(ordered, middle, axis=1).mean(axis=1).astype(np.float32)

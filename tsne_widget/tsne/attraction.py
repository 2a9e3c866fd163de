"""The sums over the entries of P: attraction, and the KL divergence."""

import math

import numpy as np
from numba import float32, float64, int64, uint32, void

from .affinities import Affinities
from .kernel import kernel
from .pool import Pool

_ZERO, _ONE = np.float32(0), np.float32(1)
_INPUT = int64, int64, float32[:, ::1], int64[::1], uint32[::1], float32[::1]  # a range, Y and P


@kernel(void(*_INPUT, float32[:, ::1]), reordered=True)
def _attract(start, stop, Y, indptr, indices, p, force):
    for i in range(start, stop):
        xi, yi = Y[i, 0], Y[i, 1]
        force_x, force_y = _ZERO, _ZERO
        for entry in range(indptr[i], indptr[i + 1]):
            j = indices[entry]
            dx, dy = xi - Y[j, 0], yi - Y[j, 1]
            pw = p[entry] / (_ONE + dx * dx + dy * dy)
            force_x += pw * dx
            force_y += pw * dy
        force[i, 0], force[i, 1] = force_x, force_y


@kernel(void(*_INPUT, float64[::1]), reordered=True)
def _stress(start, stop, Y, indptr, indices, p, stress):
    for i in range(start, stop):
        xi, yi = Y[i, 0], Y[i, 1]
        total = 0.0
        for entry in range(indptr[i], indptr[i + 1]):
            j = indices[entry]
            dx, dy = xi - Y[j, 0], yi - Y[j, 1]
            total += p[entry] * math.log(_ONE + dx * dx + dy * dy)
        stress[i] = total


def attraction(P: Affinities, Y: np.ndarray, force: np.ndarray, pool: Pool) -> None:
    r"""Write :math:`\sum_j p_{ij} w_{ij} (y_i - y_j)` into `force` (van der Maaten 2014, equation 8).

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points.
    Y : ndarray of shape (n, 2), float32
        The layout.
    force : ndarray of shape (n, 2), float32
        Where the sums go.
    pool : Pool
        The threads.
    """
    pool.run(_attract, len(Y), Y, P.indptr, P.indices, P.data, force)


def kl_divergence(P: Affinities, Y: np.ndarray, Z: float, pool: Pool) -> float:
    r"""Return KL(P || Q), for P that sums to 1.

    It is :math:`\sum p \log p + \sum p \log(1 + |y_i - y_j|^2) + \log Z`, because :math:`q = w / Z`.

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points, without exaggeration.
    Y : ndarray of shape (n, 2), float32
        The layout.
    Z : float
        The sum of the weights of all pairs of this layout, as `Repulsion` returns it.
    pool : Pool
        The threads.
    """
    stress = np.empty(len(Y))
    pool.run(_stress, len(Y), Y, P.indptr, P.indices, P.data, stress)
    return float(P.negative_entropy + stress.sum() + (math.log(Z) if Z > 0 else -math.inf))

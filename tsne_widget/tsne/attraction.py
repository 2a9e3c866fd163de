"""Compute the sums over the entries of P: attraction, and the KL divergence.

With large data an iteration spends most of its time here, mostly on fetching the other points. So kernels
first fetch the places of a row's points, each x and y in one load, into a buffer that stays in the cache;
vector units then sum them up. Unsigned positions save a test for negative ones.
"""

import math

import numpy as np
from numba import float32, float64, int32, int64, uint32, uint64, void

from .affinities import Affinities
from .kernel import kernel
from .pool import Pool

_ZERO, _ONE, _TWO = np.float32(0), np.float32(1), uint64(2)
_BUFFER = 1024  # entries fetched at once
# A range of rows, the places (x and y as one number of 64 bits), P, and a buffer of places; we pass places
# and buffer also as coordinates, because views take long to compile.
_INPUT = (
    *(int64, int64, uint64[::1], float32[::1]),
    *(int64[::1], uint32[::1], float32[::1]),
    *(uint64[::1], float32[::1]),
)

# The bits of a float32 are 2^23 (127 + exponent) + mantissa; mantissas are counted from the root of a half.
_MANTISSA, _ROOT = np.int32(23), np.float32(math.sqrt(0.5)).view(np.int32)
# ln x = 2 (t + t^3 / 3 + t^5 / 5 + ...) with t = (x - 1) / (x + 1), here |t| < 0.172.
_T1, _T3, _T5, _T7, _T9 = (np.float32(2 / odd) for odd in (1, 3, 5, 7, 9))
_LN2 = np.float32(math.log(2))


@kernel(void(*_INPUT, float32[:, ::1]), reordered=True)
def _attract(start, stop, places, here, indptr, indices, p, fetched, xy, force):
    size = uint64(len(fetched))
    for i in range(uint64(start), uint64(stop)):
        xi, yi = here[_TWO * i], here[_TWO * i + uint64(1)]
        force_x, force_y = _ZERO, _ZERO
        entry, end = uint64(indptr[i]), uint64(indptr[i + uint64(1)])
        while entry < end:
            count = end - entry if end - entry < size else size
            for e in range(count):
                fetched[e] = places[indices[entry + e]]
            for e in range(count):
                dx, dy = xi - xy[_TWO * e], yi - xy[_TWO * e + uint64(1)]
                pw = p[entry + e] / (_ONE + dx * dx + dy * dy)
                force_x += pw * dx
                force_y += pw * dy
            entry += count
        force[i, 0], force[i, 1] = force_x, force_y


@kernel(void(*_INPUT, float32[::1], int32[::1], int32[::1], float64[::1]), reordered=True)
def _stress(start, stop, places, here, indptr, indices, p, fetched, xy, x, bits, exponent, stress):
    size = uint64(len(fetched))
    for i in range(uint64(start), uint64(stop)):
        xi, yi = here[_TWO * i], here[_TWO * i + uint64(1)]
        total = _ZERO
        entry, end = uint64(indptr[i]), uint64(indptr[i + uint64(1)])
        while entry < end:
            count = end - entry if end - entry < size else size
            for e in range(count):
                fetched[e] = places[indices[entry + e]]
            for e in range(count):
                dx, dy = xi - xy[_TWO * e], yi - xy[_TWO * e + uint64(1)]
                x[e] = _ONE + dx * dx + dy * dy
            # We compute the logarithm ourselves: the C library's would keep the loop from being vectorised.
            for e in range(count):
                exponent[e] = (bits[e] - _ROOT) >> _MANTISSA
                bits[e] -= exponent[e] << _MANTISSA
            for e in range(count):
                t = (x[e] - _ONE) / (x[e] + _ONE)
                tt = t * t
                series = t * (_T1 + tt * (_T3 + tt * (_T5 + tt * (_T7 + tt * _T9))))
                total += p[entry + e] * (exponent[e] * _LN2 + series)
            entry += count
        stress[i] = total


def attraction(P: Affinities, Y: np.ndarray, force: np.ndarray, pool: Pool) -> None:
    r"""Write :math:`\sum_j p_{ij} w_{ij} (y_i - y_j)` into `force` (van der Maaten 2014, equation 8).

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points.
    Y : ndarray of shape (n, 2), float32
        The layout, its rows those of P.
    force : ndarray of shape (n, 2), float32
        Receives the sums.
    pool : Pool
        The threads.
    """
    pool.run(_attract_rows, len(Y), Y, P, force)


def stress(P: Affinities, Y: np.ndarray, pool: Pool) -> float:
    r"""Return :math:`\sum p_{ij} \log(1 + |y_i - y_j|^2)`, the part of KL(P || Q) that attraction lowers.

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points, without exaggeration.
    Y : ndarray of shape (n, 2), float32
        The layout, its rows those of P.
    pool : Pool
        The threads.
    """
    sums = np.empty(len(Y))
    pool.run(_stress_of_rows, len(Y), Y, P, sums)
    return float(sums.sum())


def kl_divergence(P: Affinities, stress: float, Z: float) -> float:
    r"""Return KL(P || Q), for P that sums to 1.

    It is :math:`\sum p \log p + \sum p \log(1 + |y_i - y_j|^2) + \log Z`, because :math:`q = w / Z`.

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points, without exaggeration.
    stress : float
        What `stress` returns for a layout.
    Z : float
        The sum of the weights of all pairs of this layout, as `Repulsion` returns it.
    """
    return P.negative_entropy + stress + (math.log(Z) if Z > 0 else -math.inf)


def _attract_rows(start: int, stop: int, Y: np.ndarray, P: Affinities, force: np.ndarray) -> None:
    _attract(start, stop, *_input(Y, P), force)


def _stress_of_rows(start: int, stop: int, Y: np.ndarray, P: Affinities, sums: np.ndarray) -> None:
    x = np.empty(_BUFFER, np.float32)
    _stress(start, stop, *_input(Y, P), x, x.view(np.int32), np.empty(_BUFFER, np.int32), sums)


def _input(Y: np.ndarray, P: Affinities) -> tuple[np.ndarray, ...]:
    """Return the kernels' arguments after the range, with a new buffer."""
    fetched = np.empty(_BUFFER, np.uint64)
    places = Y.view(np.uint64).ravel(), Y.ravel()
    return *places, P.indptr, P.indices, P.data, fetched, fetched.view(np.float32)

"""From neighbours to the joint probabilities P (van der Maaten & Hinton 2008, section 2)."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
import scipy.sparse
from numba import float32, float64, int64, void

from .kernel import kernel
from .neighbors import Neighbors
from .pool import Pool

_ROWS_PER_STEP = 2048


@dataclass(frozen=True)
class Affinities:
    """The joint probabilities p_ij of n points: a symmetric sparse matrix (CSR) that sums to 1.

    Attributes
    ----------
    indptr : ndarray of shape (n + 1,), int64
        Row i has the entries ``indptr[i] .. indptr[i + 1] - 1``.
    indices : ndarray of shape (entries,), uint32
        The columns, ascending in each row.
    data : ndarray of shape (entries,), float32
        The probabilities, all above 0.
    perplexity : float
        The perplexity they were computed for.
    negative_entropy : float
        The sum of p log p, the part of the KL divergence that no layout changes.
    """

    indptr: np.ndarray
    indices: np.ndarray
    data: np.ndarray
    perplexity: float
    negative_entropy: float

    @property
    def n(self) -> int:
        """The number of points."""
        return len(self.indptr) - 1


@kernel(void(int64, int64, float32[:, ::1], float64, float64[:, ::1]))
def _conditional(start, stop, distances, entropy, p):
    """Find for each row the beta at which exp(-beta d^2) has the wanted entropy, by Newton's method.

    H(beta) = log S + beta E, with S the sum of the weights and E the mean of d^2 under them, falls with
    dH/dbeta = -beta V, V the variance. A step that leaves the bracket is replaced by bisection.
    """
    k = p.shape[1]
    squares = np.empty(k)
    for i in range(start, stop):
        for j in range(k):
            squares[j] = float64(distances[i, j]) ** 2 - float64(distances[i, 0]) ** 2
        middle = min(k - 1, int64(np.exp(entropy)))
        while middle < k - 1 and squares[middle] == 0.0:
            middle += 1
        scale = squares[middle]  # so that beta is near 1
        if scale == 0.0 or np.log(k) <= entropy:  # all equally far, or too few: they share
            p[i, :] = 1.0 / k
            continue
        low, high, beta = 0.0, np.inf, 1.0
        for _ in range(100):
            total, first, second = 0.0, 0.0, 0.0
            for j in range(k):
                square = squares[j] / scale
                weight = np.exp(-beta * square)
                p[i, j] = weight
                total += weight
                first += weight * square
                second += weight * square * square
            first /= total
            variance = second / total - first * first
            excess = np.log(total) + beta * first - entropy
            if abs(excess) < 1e-7:
                break
            if excess > 0.0:
                low = beta
            else:
                high = beta
            newton = beta + excess / (beta * variance) if beta * variance > 0.0 else np.inf
            if low < newton < min(high, 8.0 * beta):
                beta = newton
            elif high == np.inf:
                beta *= 8.0
            else:
                beta = 0.5 * (low + high)
            if beta > 1e15 or high - low < 1e-12 * beta:
                break
        p[i, :] /= total


def joint_probabilities(
    neighbors: Neighbors, perplexity: float, *, pool: Pool
) -> Generator[float, None, Affinities]:
    """Return the joint probabilities at a perplexity, as a generator of the progress made.

    Each point looks at its first ``floor(3 * perplexity)`` neighbours, or at all there are. Where these are
    too few for the perplexity, or all equally far, they get equal shares. Distances of every metric are
    squared, as scikit-learn and openTSNE do.

    Parameters
    ----------
    neighbors : Neighbors
        The nearest neighbours.
    perplexity : float
        The effective number of neighbours of a point.
    pool : Pool
        The threads.

    Yields
    ------
    float
        Progress, from 0 to 1.

    Returns
    -------
    Affinities
        The joint probabilities (p_j|i + p_i|j) / 2n.
    """
    n, known = neighbors.indices.shape
    k = max(1, min(known, int(3 * perplexity)))
    conditional = np.empty((n, k))
    for start in range(0, n, _ROWS_PER_STEP):
        yield 0.7 * start / n
        rows = slice(start, start + _ROWS_PER_STEP)
        distances = np.ascontiguousarray(neighbors.distances[rows, :k])
        pool.run(_conditional, len(distances), distances, np.log(perplexity), conditional[rows], grain=64)
    yield 0.7
    # int64 until the end: scipy would copy the indices to one type of its choice anyhow.
    P = scipy.sparse.csr_matrix(
        (conditional.ravel(), neighbors.indices[:, :k].ravel().astype(np.int64), np.arange(n + 1) * k), (n, n)
    )
    yield 0.8
    P = P + P.T
    yield 0.9
    P.data = (P.data / P.data.sum()).astype(np.float32)
    P.eliminate_zeros()
    P.sort_indices()
    data = P.data.astype(np.float64)
    negative_entropy = float((data * np.log(data)).sum())
    yield 1.0
    return Affinities(
        P.indptr.astype(np.int64), P.indices.astype(np.uint32), P.data, perplexity, negative_entropy
    )

"""The fuzzy weights between neighbours (McInnes, Healy & Melville 2018, algorithms 2 and 3)."""

from __future__ import annotations

import numpy as np
from numba import float32, float64, int64, void
from scipy.sparse import csr_array

from ..tsne.kernel import kernel
from ..tsne.nearest import Neighbors
from ..tsne.pool import Pool

# The numbers of umap-learn.
_BISECTIONS, _TOLERANCE, _LEAST_WIDTH = 64, 1e-5, 1e-3


@kernel(void(int64, int64, float32[:, ::1], float32[:, ::1]))
def _memberships(start, stop, distances, memberships):
    """Weight the neighbours of each row by exp(-(d - rho) / sigma).

    rho is the distance to the nearest row at another place, so each row has a neighbour of weight 1. With
    sigma the weights add up to log2 of the number of neighbours, which counts the row itself.
    """
    others = distances.shape[1]
    target = np.log2(float64(others + 1))
    for i in range(start, stop):
        rho, total = 0.0, 0.0
        for d in distances[i]:
            total += d
            if rho == 0.0:
                rho = float64(d)
        low, high = 0.0, np.inf
        sigma = total / others - rho
        if sigma <= 0.0:
            sigma = 1.0
        for _ in range(_BISECTIONS):
            held = 0.0
            for d in distances[i]:
                held += np.exp(-max(d - rho, 0.0) / sigma)
            if abs(held - target) < _TOLERANCE:
                break
            if held > target:
                high = sigma
                sigma = (low + high) / 2
            else:
                low = sigma
                sigma = 2 * sigma if high == np.inf else (low + high) / 2
        sigma = max(sigma, _LEAST_WIDTH * total / (others + 1))
        for a in range(others):
            beyond = distances[i, a] - rho
            memberships[i, a] = np.exp(-beyond / sigma) if beyond > 0.0 else 1.0


def one_sided_weights(distances: np.ndarray, pool: Pool) -> np.ndarray:
    """Return the weights of the neighbours of each row, by itself: from 0 to 1, the nearest 1.

    Parameters
    ----------
    distances : ndarray of shape (n, k), float32
        The distances of the neighbours, ascending, without the row itself.
    pool : Pool
        The threads.
    """
    distances = np.ascontiguousarray(distances)
    memberships = np.empty_like(distances)
    pool.run(_memberships, len(distances), distances, memberships)
    return memberships


def fuzzy_weights(neighbors: Neighbors, n_neighbors: int, pool: Pool) -> csr_array:
    """Return the symmetric weights between rows, from 0 to 1, as float32 of shape (n, n).

    Parameters
    ----------
    neighbors : Neighbors
        At least ``n_neighbors - 1`` of each row.
    n_neighbors : int
        How many neighbours weigh, including the row itself as in umap-learn.
    pool : Pool
        The threads.
    """
    n, others = len(neighbors.indices), n_neighbors - 1
    memberships = one_sided_weights(neighbors.distances[:, :others], pool)
    columns = neighbors.indices[:, :others].astype(np.int32).ravel()
    one = csr_array((memberships.ravel(), columns, np.arange(0, n * others + 1, others)), shape=(n, n))
    other = one.T.tocsr()
    return (one + other - one * other).tocsr()


def without_slight(weights: csr_array, epochs: int) -> csr_array:
    """Return the weights that are drawn at least once in so many epochs."""
    kept = weights.copy()
    kept.data[kept.data < kept.data.max() / epochs] = 0
    kept.eliminate_zeros()
    return kept

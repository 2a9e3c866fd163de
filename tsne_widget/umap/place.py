"""New rows on a fixed map, as umap-learn's `transform` places them (McInnes, Healy & Melville 2018).

A new row starts at the weighted mean of the places of its nearest rows and descends its own cross entropy.
Its weights are those that a row of the data gives its neighbours. The learning rate falls to 0 from a start
lower than umap-learn's, because rows drawn at random then disturb the places less. This table is of a fifth
of the rows placed on maps of umap-learn (3 of digits, 1 of MNIST): the share of the 10 nearest rows that are
nearest on the map, and the share of new rows whose nearest row on the map has their label.

===================== ========== ===========
first learning rate   digits     MNIST
===================== ========== ===========
umap-learn, 0.25      .462 .980  .238 .896
0.25                  .476 .975  .257 .918
**0.1**               .483 .979  .262 .920
0.05                  .487 .976  .264 .914
===================== ========== ===========
"""

from __future__ import annotations

import numpy as np

from ..tsne.nearest import Neighbors
from ..tsne.pool import Pool
from .curve import Curve
from .descent import epochs_for
from .epoch import descend_alone
from .weights import one_sided_weights

_RATE = 0.1
_EPOCHS_SHARE = 3  # a third of the map's epochs, as in umap-learn
_GRAIN = 16


def place(nearest: Neighbors, Y: np.ndarray, curve: Curve, *, pool: Pool, seed: int) -> np.ndarray:
    """Return the places of new rows on a map, each of which depends on the row and the map alone.

    A new row that equals a row of the data gets the place of that row; if it equals several, their mean.

    Parameters
    ----------
    nearest : Neighbors
        The rows of the data nearest to each new row: `n_neighbors` of them, as in umap-learn.
    Y : ndarray of shape (n, 2), float32
        The map.
    curve : Curve
        The weight of a distance on the map.
    pool : Pool
        The threads.
    seed : int
        The seed of the rows drawn at random.

    Returns
    -------
    ndarray of shape (m, 2), float32
    """
    equal = nearest.equal()
    known = equal.any(axis=1, keepdims=True)
    weights = np.where(known, equal, one_sided_weights(nearest.distances, pool)).astype(np.float32)
    shares = weights / weights.sum(axis=1, keepdims=True)
    points = (shares[:, :, None] * Y[nearest.indices]).sum(axis=1)
    # Along an edge of weight 0, nothing moves.
    rates = np.where(known, np.float32(0), weights)
    pool.run(
        descend_alone, len(points), points, Y, nearest.indices, rates, epochs_for(len(Y)) // _EPOCHS_SHARE,
        *curve, _RATE, np.random.default_rng(seed).integers(2**64, dtype=np.uint64), grain=_GRAIN,
    )  # fmt: skip
    return points

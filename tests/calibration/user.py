"""A user who circles what a map shows: the two sides of its clearest gap."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

from tsne_widget.honesty.clumps import Clumps, clumps_in_steps
from tsne_widget.measures.neighborhoods import map_neighbors_in_steps
from tsne_widget.tsne.steps import result_of


def clearest_gap(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows on both sides of the clearest gap of a map; of a map without any, its halves."""
    neighbors = result_of(map_neighbors_in_steps(points, 15))
    clumps = result_of(clumps_in_steps(points, neighbors, gap=1.0, least=0.05))
    second = _sides(clumps)[clumps.of] if clumps.count > 1 else _halves(points)
    return np.flatnonzero(~second), np.flatnonzero(second)


def _sides(clumps: Clumps) -> np.ndarray:
    """Join the clumps over the shallowest gaps until two are left; tell which are on the second side."""
    side = np.arange(clumps.count)
    for gap in sorted(clumps.gaps, key=lambda one: -one.depth):
        if len(np.unique(side)) == 2:
            break
        side[side == side[gap.second]] = side[gap.first]
    return side == side[-1]


def _halves(points: np.ndarray) -> np.ndarray:
    found: np.ndarray = KMeans(2, n_init=4, random_state=0).fit_predict(points)
    return found == 1

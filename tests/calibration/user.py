"""Users who circle what a map shows: the two sides of its clearest gap, its halves, or two cores."""

from __future__ import annotations

import numpy as np
from sklearn.cluster import KMeans

from tsne_widget.honesty.clumps import Clumps, clumps_in_steps
from tsne_widget.measures.neighborhoods import map_neighbors_in_steps
from tsne_widget.tsne.steps import result_of


def clearest_gap(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows on both sides of the clearest gap of a map; of a map without any, its halves."""
    clumps = result_of(clumps_in_steps(points, _neighbors(points), gap=1.0, least=0.05))
    if clumps.count == 1:
        return halves(points)
    second = _sides(clumps)[clumps.of]
    return np.flatnonzero(~second), np.flatnonzero(second)


def halves(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows of two halves of a map."""
    found = KMeans(2, n_init=4, random_state=0).fit_predict(points)
    return np.flatnonzero(found == 0), np.flatnonzero(found == 1)


def cores(points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows on both sides of the clearest gap without those in thin places: a fifth."""
    farthest = points[_neighbors(points)[:, -1]]
    radius = np.linalg.norm(farthest - points, axis=1)
    dense = radius < np.quantile(radius, 0.8)
    first, second = clearest_gap(points)
    return first[dense[first]], second[dense[second]]


def _neighbors(points: np.ndarray) -> np.ndarray:
    return result_of(map_neighbors_in_steps(points, 15))


def _sides(clumps: Clumps) -> np.ndarray:
    """Join the clumps over the shallowest gaps until two are left; tell which are on the second side."""
    side = np.arange(clumps.count)
    for gap in sorted(clumps.gaps, key=lambda one: -one.depth):
        if len(np.unique(side)) == 2:
            break
        side[side == side[gap.second]] = side[gap.first]
    return side == side[-1]

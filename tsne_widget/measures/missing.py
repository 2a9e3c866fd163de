"""Measure how many of a row's nearest rows in the data are nowhere near it on a map."""

from __future__ import annotations

import numpy as np

from ..parameters.constants import FAR_NEIGHBORS, KEPT_NEIGHBORS
from ..tsne.nearest import Neighbors
from .measure import READABLE, Context, Measure, Steps
from .neighborhoods import (
    chances_in_words,
    map_neighbors_in_steps,
    metrics_in_words,
    require_farther_rows,
    shared_in_steps,
)


class Missing(Measure):
    """The share of a row's 10 nearest rows that are not even among its 30 nearest on the map."""

    name = "missing"
    label = "missing neighbours"
    description = "the share of a row's 10 nearest rows that are not even among its 30 nearest on the map"
    needs = "map"
    heading = READABLE
    low, high = 0.0, 1.0
    ends = ("none", "all")

    def steps(self, context: Context) -> Steps:
        """Return the share of each row's neighbours that the map shows nowhere near it."""
        (one,) = context.maps
        require_farther_rows(self.name, one.points)
        far = yield from map_neighbors_in_steps(one.points, FAR_NEIGHBORS)
        return (yield from missing_in_steps(one.data.neighbors(), far))

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the numbers of neighbours, the metrics, and the value that chance would give."""
        k = min(KEPT_NEIGHBORS, context.maps[0].data.neighbors().indices.shape[1])
        return (
            f"the share of a row's {k} nearest rows {metrics_in_words(context.maps)} that are not even among "
            f"its {FAR_NEIGHBORS} nearest on the map "
            f"({chances_in_words(context, lambda others: 1 - FAR_NEIGHBORS / others)})"
        )


def missing_in_steps(neighbors: Neighbors, far: np.ndarray) -> Steps:
    """Return the share of each row's nearest rows that are not among the `far` neighbours on the map."""
    kept = yield from shared_in_steps([neighbors.indices[:, :KEPT_NEIGHBORS], far])
    return 1 - kept

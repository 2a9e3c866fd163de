"""Measure how many of a row's nearest neighbours in the data a map keeps."""

from __future__ import annotations

import numpy as np

from ..parameters.constants import KEPT_NEIGHBORS
from ..tsne.nearest import Neighbors
from .measure import READABLE, Context, Measure, Steps
from .neighborhoods import chances_in_words, map_neighbors_in_steps, metrics_in_words, shared_in_steps


class Kept(Measure):
    """The share of a row's 10 nearest rows that are among its 10 nearest on the map."""

    name = "kept"
    label = "10 nearest kept by the map"
    description = "the share of a row's 10 nearest rows that are among its 10 nearest on the map"
    needs = "map"
    heading = READABLE
    low, high = 0.0, 1.0
    ends = ("lost", "kept")

    def steps(self, context: Context) -> Steps:
        """Return the share of each row's neighbours that the map keeps."""
        (one,) = context.maps
        return kept_in_steps(one.data.neighbors(), one.points)

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the number of neighbours, the metrics, and the value that chance would give."""
        k = neighbors_kept(context.maps[0].data.neighbors())
        return (
            f"the share of a row's {k} nearest rows {metrics_in_words(context.maps)} that are among its "
            f"{k} nearest on the map ({chances_in_words(context, lambda others: k / others)})"
        )


def kept_in_words(share: float, k: int, metric: str) -> str:
    """Say which mean share of k neighbours a map keeps; the metric is empty if it need not be told."""
    by_metric = f" by {metric} distance" if metric else ""
    return (
        f"{100 * share:.0f} % of a point's {k} nearest neighbours in the data{by_metric} are among its "
        f"{k} nearest on the map"
    )


def neighbors_kept(neighbors: Neighbors) -> int:
    """Return how many neighbours the share counts: 10, or as many as are known."""
    return min(KEPT_NEIGHBORS, neighbors.indices.shape[1])


def kept_in_steps(neighbors: Neighbors, points: np.ndarray) -> Steps:
    """Return the share of each row's nearest rows that a map keeps, in steps of 10 to 50 ms."""
    k = neighbors_kept(neighbors)
    on_the_map = yield from map_neighbors_in_steps(points, k)
    return (yield from shared_in_steps([neighbors.indices[:, :k], on_the_map]))

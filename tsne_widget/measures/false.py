"""Measure how many of a row's nearest rows on a map are nowhere near it in the data."""

from __future__ import annotations

import numpy as np

from ..errors import InvalidValueError
from ..parameters.constants import FAR_NEIGHBORS, KEPT_NEIGHBORS, NEIGHBORS_PER_PERPLEXITY
from ..tsne.nearest import Neighbors
from .measure import READABLE, Context, Measure, Steps
from .neighborhoods import (
    chances_in_words,
    map_neighbors_in_steps,
    metrics_in_words,
    require_farther_rows,
    shared_in_steps,
)


class False_(Measure):
    """The share of a row's 10 nearest rows on the map that are not even among its 30 nearest in the data."""

    name = "false"
    label = "false neighbours"
    description = "the share of a row's 10 nearest on the map that are not even among its 30 nearest rows"
    needs = "map"
    heading = READABLE
    low, high = 0.0, 1.0
    ends = ("none", "all")

    def steps(self, context: Context) -> Steps:
        """Return the share of each row's map neighbours that are nowhere near it in the data."""
        (one,) = context.maps
        require_farther_rows(self.name, one.points)
        near = yield from map_neighbors_in_steps(one.points, KEPT_NEIGHBORS)
        return (yield from false_in_steps(self.name, one.data.neighbors(), near))

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the numbers of neighbours, the metrics, and the value that chance would give."""
        return (
            f"the share of a row's {KEPT_NEIGHBORS} nearest rows on the map that are not even among its "
            f"{FAR_NEIGHBORS} nearest {metrics_in_words(context.maps)} "
            f"({chances_in_words(context, lambda others: 1 - FAR_NEIGHBORS / others)})"
        )


def false_in_steps(name: str, neighbors: Neighbors, near: np.ndarray) -> Steps:
    """Return the share of each row's `near` neighbours on the map that are not among its 30 in the data.

    Raises
    ------
    InvalidValueError
        Fewer than 30 are known; it names the measure.
    """
    known = neighbors.indices.shape[1]
    if known < FAR_NEIGHBORS:
        raise InvalidValueError(
            f"{name!r} needs the {FAR_NEIGHBORS} nearest rows of each row, and {known} are known: give as "
            f"many in neighbors= or in the graph, or set a perplexity of at least "
            f"{FAR_NEIGHBORS // NEIGHBORS_PER_PERPLEXITY}"
        )
    found = yield from shared_in_steps([near, neighbors.indices[:, :FAR_NEIGHBORS]])
    return 1 - found

"""Measure both ways in which a map distorts neighbourhoods, in two colours."""

from __future__ import annotations

import numpy as np

from ..parameters.constants import FAR_NEIGHBORS, KEPT_NEIGHBORS
from .false import false_in_steps
from .measure import READABLE, Context, Measure, Steps
from .missing import missing_in_steps
from .neighborhoods import (
    chances_in_words,
    map_neighbors_in_steps,
    metrics_in_words,
    require_farther_rows,
)


class Distortions(Measure):
    """Missing and false neighbours together, as CheckViz shows them (Lespinats & Aupetit 2011)."""

    name = "distortions"
    label = "missing and false neighbours"
    description = "'missing' and 'false' in two colours: how a map distorts the neighbourhood of a row"
    needs = "map"
    heading = READABLE
    parts = ("missing", "false")
    low, high = 0.0, 1.0

    def steps(self, context: Context) -> Steps:
        """Return both shares of each row."""
        (one,) = context.maps
        require_farther_rows(self.name, one.points)
        neighbors = one.data.neighbors()
        far = yield from map_neighbors_in_steps(one.points, FAR_NEIGHBORS)
        false = yield from false_in_steps(self.name, neighbors, far[:, :KEPT_NEIGHBORS])
        missing = yield from missing_in_steps(neighbors, far)
        return np.column_stack([missing, false])

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the numbers of neighbours, the metrics, and the value that chance would give."""
        k, far, by = KEPT_NEIGHBORS, FAR_NEIGHBORS, metrics_in_words(context.maps)
        return (
            f"missing are those of a row's {k} nearest rows {by} that are not even among its {far} nearest "
            "on the map; false are the reverse "
            f"({chances_in_words(context, lambda others: 1 - far / others)} each)"
        )

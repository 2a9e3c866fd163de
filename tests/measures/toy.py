"""A measure as somebody would add one: this file and a line in the registry."""

from __future__ import annotations

import numpy as np

from tsne_widget.measures.measure import Context, Measure, Steps


class Remoteness(Measure):
    """How far a point lies from the middle of its map."""

    name = "remoteness"
    label = "remoteness on each map"
    description = "the distance of a point from the middle of its map, in radii of the map"
    needs = "map"
    ends = ("middle", "rim")

    def steps(self, context: Context) -> Steps:
        """Return the distance of each point from the mean of all."""
        (one,) = context.maps
        apart = one.points - one.points.mean(axis=0)
        yield
        squared = (apart.astype(np.float64) ** 2).sum(axis=1)
        return np.sqrt(squared / squared.mean())

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Say what it is."""
        return "how far a point lies from the middle of its map; 1 is the map's radius"

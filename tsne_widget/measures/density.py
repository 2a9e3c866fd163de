"""Measure how dense the data are around each row."""

from __future__ import annotations

import numpy as np

from ..parameters.constants import DENSITY_NEIGHBORS
from ..parameters.limits import Limit
from ..tsne.nearest import Neighbors
from .measure import IN_THE_DATA, Context, Measure, Steps


class Density(Measure):
    """The mean distance to the nearest rows, small where the data are dense."""

    name = "density"
    label = "density in the original space"
    description = "the mean distance of a row to its 10 nearest rows: small where the data are dense"
    needs = "data"
    heading = IN_THE_DATA
    ends = ("dense", "sparse")
    by_label = False
    # A small radius means high density, and high is bright everywhere else.
    bright_first = True

    def steps(self, context: Context) -> Steps:
        """Return the local radius of each row."""
        neighbors = context.data.neighbors()
        yield
        return local_radius(neighbors.distances, neighbors_of_density(neighbors))

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the metric and the number of neighbours."""
        k = neighbors_of_density(context.data.neighbors())
        return (
            f"mean {context.data.metric} distance to the {k} nearest neighbours in the original space; small "
            "means dense. The map itself does not show density"
        )


def neighbors_of_density(neighbors: Neighbors) -> int:
    """Return how many neighbours the density averages over: 10, or as many as are known."""
    return min(DENSITY_NEIGHBORS, neighbors.distances.shape[1])


def local_radius(neighbor_distances: np.ndarray, k: int) -> np.ndarray:
    """Return the mean distance of each row to its nearest neighbours: small where the data are dense.

    After the local radius of Narayan, Berger & Cho (2021, densMAP), which is a weighted mean of squares.

    Parameters
    ----------
    neighbor_distances : ndarray of shape (n_samples, at least k)
        Distances to the neighbours, nearest first: `Neighbors.distances`.
    k : int
        The number of neighbours to average over.

    Returns
    -------
    ndarray of shape (n_samples,), float32
        In the units of the metric.

    Raises
    ------
    InvalidTypeError, InvalidValueError
        Fewer than k neighbours are known.
    """
    k = Limit(1, neighbor_distances.shape[1], integer=True).check("k", k)
    return neighbor_distances[:, :k].mean(axis=1, dtype=np.float64).astype(np.float32)

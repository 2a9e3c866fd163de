"""From data to a layout: the whole pipeline."""

from collections.abc import Callable, Generator
from typing import Literal, TypeVar

import numpy as np

from .affinities import joint_probabilities
from .initialization import Init, initial_layout
from .neighbors import Metric, find_neighbors
from .optimizer import Optimizer, Schedule
from .pool import Pool

Result = TypeVar("Result")


def result_of(stage: Generator[float, None, Result]) -> Result:
    """Run a stage of the pipeline to its end, whatever its progress, and return what it returns."""
    while True:
        try:
            next(stage)
        except StopIteration as end:
            return end.value


def embed(
    X: np.ndarray,
    *,
    perplexity: float,
    schedule: Schedule,
    metric: Metric = "euclidean",
    metric_params: dict | None = None,
    init: Init = "pca",
    random_state: int = 0,
    repulsion: Literal["exact"] = "exact",
    pool: Pool,
    callback: Callable[[Optimizer], None] | None = None,
) -> Optimizer:
    """Return the optimizer of the rows of X after it has ended.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        The data, finite numbers, at least 3 rows.
    perplexity : float
        The effective number of neighbours of a point.
    schedule : Schedule
        How the optimisation goes.
    metric, metric_params
        See `find_neighbors`.
    init, random_state
        See `initial_layout`.
    repulsion : str
        The name of a method in `tsne_widget.tsne.repulsion`.
    pool : Pool
        The threads.
    callback : callable, optional
        Called with the optimizer after each step.

    Returns
    -------
    Optimizer
        It has the layout, the KL divergence, and why it ended.
    """
    k = max(1, min(X.shape[0] - 1, int(3 * perplexity)))
    neighbors = result_of(find_neighbors(X, k, metric=metric, metric_params=metric_params, pool=pool))
    P = result_of(joint_probabilities(neighbors, perplexity, pool=pool))
    Y = initial_layout(X, init, random_state)
    optimizer = Optimizer(P, Y, schedule, pool=pool, repulsion=repulsion)
    while optimizer.ended is None:
        optimizer.step()
        if callback is not None:
            callback(optimizer)
    return optimizer

"""The whole pipeline, from data to a layout."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .affinities import Affinities, joint_probabilities
from .from_sample import FromSample
from .initialization import Init, initial_layout
from .nearest import Neighbors
from .neighbors import Metric, find_neighbors
from .optimizer import Optimizer, Schedule
from .ordering import locality_order
from .pool import Pool
from .steps import result_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def embed(
    X: np.ndarray | csr_array,
    *,
    perplexity: float,
    schedule: Schedule,
    metric: Metric = "euclidean",
    metric_params: dict | None = None,
    init: Init = "pca",
    random_state: int = 0,
    neighbors: Any = "auto",
    affinity: Any = "gaussian",
    multiscale: Sequence[float] = (),
    repulsion: str = "auto",
    angle: float = 0.5,
    sample: int = 0,
    pool: Pool,
    tell: Callable[[str], None] = lambda stage: None,
    callback: Callable[[Optimizer], None] = lambda optimizer: None,
    found: Callable[[Neighbors], None] = lambda neighbors: None,
) -> Optimizer:
    """Optimise a map of the rows of X, and return the optimizer once it has ended.

    Parameters
    ----------
    X : ndarray or CSR array of shape (n, d)
        The data, finite numbers, at least 3 rows.
    perplexity : float
        The effective number of neighbours of a point.
    schedule : Schedule
        How to optimise.
    metric, metric_params
        See `find_neighbors`.
    init, random_state
        See `initial_layout`.
    neighbors : {"auto", "exact", "approximate"} or Neighbors
        How to search neighbours, see `find_neighbors`; or known neighbours.
    affinity, multiscale
        See `joint_probabilities`.
    repulsion : str
        The name of a method in `tsne_widget.tsne.repulsion`.
    angle : float
        The angle of Barnes-Hut.
    sample : int
        The size of the sample whose map the map of all rows starts from, see `from_sample`; 0 for none.
    pool : Pool
        The threads.
    tell : callable
        Called with the name of each stage as it begins.
    callback : callable
        Called with the optimizer after each step; an exception from it ends the optimisation.
    found : callable
        Called with the neighbours that the search found.

    Returns
    -------
    Optimizer
        It holds the layout, the KL divergence, and the reason why it ended.
    """
    P, Y = prepared(
        X,
        perplexity=perplexity,
        metric=metric,
        metric_params=metric_params,
        init=init,
        random_state=random_state,
        neighbors=neighbors,
        affinity=affinity,
        multiscale=multiscale,
        repulsion=repulsion,
        angle=angle,
        sample=sample,
        pool=pool,
        tell=tell,
        found=found,
    )
    optimizer = Optimizer(P, Y, schedule, pool=pool, repulsion=repulsion, angle=angle)
    tell("optimising")
    while optimizer.ended is None:
        optimizer.step()
        callback(optimizer)
    return optimizer


def prepared(
    X: np.ndarray | csr_array,
    *,
    perplexity: float,
    metric: Metric = "euclidean",
    metric_params: dict | None = None,
    init: Init = "pca",
    random_state: int = 0,
    neighbors: Any = "auto",
    affinity: Any = "gaussian",
    multiscale: Sequence[float] = (),
    repulsion: str = "auto",
    angle: float = 0.5,
    sample: int = 0,
    pool: Pool,
    tell: Callable[[str], None] = lambda stage: None,
    found: Callable[[Neighbors], None] = lambda neighbors: None,
) -> tuple[Affinities, np.ndarray]:
    """Return what an optimizer needs: the joint probabilities, and the initial layout; see `embed`."""
    tell("initial layout")
    k = max(1, min(X.shape[0] - 1, int(3 * max(perplexity, *multiscale, 0.0))))
    leader = None
    if sample:
        leader = FromSample(
            X,
            sample,
            metric=metric,
            metric_params=metric_params,
            init=init,
            random_state=random_state,
            repulsion=repulsion,
            angle=angle,
            pool=pool,
        )
        result_of(leader.begin())
        tell(f"a sample of {sample:,} rows")
        result_of(leader.organize())
    else:
        Y = initial_layout(X, init, random_state)
    if not isinstance(neighbors, Neighbors):
        tell("finding neighbours")
        neighbors = result_of(
            find_neighbors(X, k, metric=metric, metric_params=metric_params, method=neighbors, pool=pool)
        )
        found(neighbors)
    if leader is not None:
        tell("following the sample")
        Y = result_of(leader.lead(neighbors, k))
    tell("perplexity")
    order = result_of(locality_order(neighbors))
    P = result_of(
        joint_probabilities(
            neighbors, perplexity, pool=pool, affinity=affinity, multiscale=multiscale, order=order
        )
    )
    return P, Y

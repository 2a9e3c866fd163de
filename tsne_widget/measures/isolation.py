"""Measure how isolated each row is in the data, and how isolated rows of noise would be."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np

from ..honesty.null import GaussianNull
from ..parameters.constants import LINKED_NEIGHBORS, NULL_DRAWS, NULL_NUMBERS_MAX, NULL_ROWS
from ..tsne.metrics import has_own_search
from ..tsne.nearest import Neighbors
from ..tsne.pool import one_blas_thread
from .measure import IN_THE_DATA, Context, Data, Measure, Span, Steps, span_of
from .neighborhoods import blocks
from .original_space import OriginalSpace
from .reach import linked, ratio

#: The seed of the draws, so that the threshold of the same data is always the same.
_SEED = 0
#: The name of the threshold in a space, which keeps it, and in a context.
_THRESHOLD = "isolation of noise"


class Isolation(Measure):
    """How far a row is from its nearest rows, in the distance that is usual among those."""

    name = "isolation"
    label = "isolation in the data"
    description = "how many times as far a row is from its 15 nearest rows as those are from theirs"
    needs = "data"
    heading = IN_THE_DATA
    low = 1.0
    ends = ("like its neighbours", "isolated")

    def steps(self, context: Context) -> Steps:
        """Return the isolation of each row, once its threshold is known too."""
        found = yield from isolation_in_steps(context.data.neighbors())
        space = context.data.space()
        if not why_no_null(space):
            if _THRESHOLD not in space.remembered:
                space.remembered[_THRESHOLD] = yield from _threshold_in_steps(space, context.data)
            context.beside[_THRESHOLD] = space.remembered[_THRESHOLD]
        return found

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the threshold and how many rows exceed it, or say why there is none."""
        k, threshold = linked(context.data.neighbors().indices), context.beside.get(_THRESHOLD)
        what = (
            f"how many times as far a row is from its {k} nearest by {context.data.metric} distance as those "
            "are from theirs; "
        )
        if threshold is None:
            why = why_no_null(context.data.space())
            return f"{what}how far that goes by chance is unknown, because {why}"
        count = int((values > threshold).sum())
        rows = f"{count:,} {'row is' if count == 1 else 'rows are'}"
        return f"{what}noise of this shape reaches {threshold:.3g}, and {rows} beyond"

    def span(self, values: np.ndarray, context: Context) -> Span:
        """End at the threshold: rows beyond are brightest."""
        threshold = context.beside.get(_THRESHOLD)
        span = span_of(values, self.low, threshold and float(f"{threshold:.3g}"))
        return span if span.high > span.low else span_of(values, self.low, max(span.most, 2 * span.low))


def isolation_in_steps(neighbors: Neighbors) -> Steps:
    """Return how far each row is from its nearest rows, over the median of that among these rows.

    A simplified local outlier factor (Breunig et al. 2000), with mean distances.

    Parameters
    ----------
    neighbors : Neighbors
        The nearest rows of each row; the first 15 count.

    Returns
    -------
    ndarray of shape (n_samples,), float64
        1 if both distances are 0, infinite if only that of the neighbours is.
    """
    k, n = linked(neighbors.indices), len(neighbors.indices)
    radius = np.empty(n)
    for rows in blocks(n):
        radius[rows] = neighbors.distances[rows, :k].mean(axis=1, dtype=np.float64)
    yield
    isolation = np.empty(n)
    for rows in blocks(n):
        isolation[rows] = ratio(radius[rows], np.median(radius[neighbors.indices[rows, :k]], axis=1))
        yield
    return isolation


def why_no_null(space: OriginalSpace) -> str:
    """Return why noise of the same shape cannot tell how isolated rows are by chance; empty if it can."""
    matrix = space.matrix
    if space.metric == "precomputed":
        return "X holds distances: there is no noise of the same shape"
    if not isinstance(matrix, np.ndarray):
        return "X is sparse: noise of the same shape would not be"
    if not has_own_search(matrix, space.metric, space.given):
        return "it takes a search in noise, which this metric makes slow"
    if matrix.size > NULL_NUMBERS_MAX:
        return f"it takes draws as large as X, and X has more than {NULL_NUMBERS_MAX:,} numbers"
    return ""


def _threshold_in_steps(space: OriginalSpace, data: Data) -> Generator[Any, None, float]:
    """Return the mean of the largest isolation in some draws of noise with the mean and covariance of X."""
    from ..tsne.neighbors import find_neighbors

    random, largest = np.random.default_rng(_SEED), []
    k = min(LINKED_NEIGHBORS, space.n - 1)
    # Threads of BLAS would wait for those of the map's kernels.
    with one_blas_thread():
        null = GaussianNull(space.matrix)
    yield
    for _ in range(max(1, min(NULL_DRAWS, NULL_ROWS // space.n))):
        with one_blas_thread():
            drawn = null.draw(random)
        yield
        neighbors = yield from find_neighbors(drawn, k, metric=space.metric, method="exact", pool=data.pool)
        largest.append((yield from isolation_in_steps(neighbors)).max())
    return float(np.mean(largest))

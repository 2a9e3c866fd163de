"""From neighbours to the joint probabilities P (van der Maaten & Hinton 2008, section 2)."""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

import numpy as np

from .conditional import conditional
from .nearest import Neighbors
from .pool import Kernel, Pool
from .steps import next_size
from .symmetric import count, merge, pair, send

Affinity = Literal["gaussian", "uniform"]

_FIRST_ROWS = 256
_GRAIN = 64  # fewer rows are not worth waking a thread


@dataclass(frozen=True)
class Affinities:
    """The joint probabilities p_ij of n points: a symmetric sparse matrix (CSR) that sums to 1.

    Attributes
    ----------
    indptr : ndarray of shape (n + 1,), int64
        Row r has the entries ``indptr[r] .. indptr[r + 1] - 1``.
    indices : ndarray of shape (entries,), uint32
        The columns, ascending in each row.
    data : ndarray of shape (entries,), float32
        The probabilities, all above 0.
    perplexity : float
        The perplexity, or the first of several; the number of neighbours if uniform.
    negative_entropy : float
        The sum of p log p, the part of the KL divergence that no layout changes.
    order : None or ndarray of shape (n,), int64
        Row and column r belong to the point ``order[r]``; None if they are the points in order.
    bandwidths : None or ndarray of shape (n,), float32
        The width sigma of the Gaussian around each point, in the units of the distances, for `perplexity`; by
        point, whatever the order. Infinite if all neighbours share equally, 0 if only ties count.
    """

    indptr: np.ndarray
    indices: np.ndarray
    data: np.ndarray
    perplexity: float
    negative_entropy: float
    order: np.ndarray | None = None
    bandwidths: np.ndarray | None = None

    @property
    def n(self) -> int:
        """The number of points."""
        return len(self.indptr) - 1


def joint_probabilities(
    neighbors: Neighbors,
    perplexity: float,
    *,
    pool: Pool,
    multiscale: Sequence[float] = (),
    affinity: Affinity = "gaussian",
    order: np.ndarray | None = None,
    warm: np.ndarray | None = None,
) -> Generator[float, None, Affinities]:
    """Return the joint probabilities at a perplexity, as a generator of the progress made.

    Each point uses its first ``floor(3 * perplexity)`` neighbours, or all if fewer are known. If these are
    too few for the perplexity, or all equally far, they get equal shares. Distances of every metric are
    squared, as in scikit-learn and openTSNE.

    Besides the neighbours and the result, it needs 8 bytes for each neighbour that it uses.

    Parameters
    ----------
    neighbors : Neighbors
        The nearest neighbours, without repeats in a row; no point is its own neighbour.
    perplexity : float
        The effective number of neighbours of a point.
    pool : Pool
        The threads.
    multiscale : sequence of float
        Further perplexities. Conditional probabilities are computed for each and then averaged: the
        perplexity combination of FIt-SNE and of Kobak & Berens (2019), openTSNE's ``Multiscale`` (not its
        ``MultiscaleMixture``, which adds the Gaussians before it normalises). As in openTSNE, all of them use
        the ``floor(3 * largest)`` nearest neighbours.
    affinity : {"gaussian", "uniform"}
        "uniform" gives the ``round(perplexity)`` nearest neighbours equal shares, as openTSNE's ``Uniform``
        does; it does not allow `multiscale`.
    order : ndarray of shape (n,), int64, optional
        A permutation of the points in which to store the matrix; see `locality_order`.
    warm : ndarray of shape (n,), float32, optional
        The `Affinities.bandwidths` of another perplexity, to start from; they do not affect the result.

    Yields
    ------
    float
        Progress, from 0 to 1, after each 10 to 50 ms of work.

    Returns
    -------
    Affinities
        The joint probabilities (p_j|i + p_i|j) / 2n, without values below float32's normal numbers.

    Raises
    ------
    ValueError
        If `multiscale` is given for uniform affinities.
    """
    n, known = neighbors.indices.shape
    perplexities = np.array([perplexity, *multiscale], dtype=np.float64)
    wanted = int(3 * perplexities.max())
    if affinity == "uniform":
        if len(multiscale):
            raise ValueError("uniform affinities have no perplexity to mix with others")
        wanted = round(perplexity)
        perplexities[:] = known  # not below the number of neighbours: they share
    k = max(1, min(known, wanted))
    rows = np.arange(n) if order is None else np.ascontiguousarray(order, dtype=np.int64)
    rank = np.empty(n, np.uint32)
    rank[rows] = np.arange(n, dtype=np.uint32)
    begin = np.zeros(n, np.float32) if warm is None else np.ascontiguousarray(warm, dtype=np.float32)
    columns, p = np.empty((n, k), np.uint32), np.empty((n, k), np.float32)
    sums, bandwidths = np.empty(n), np.empty(n, np.float32)
    steps = _Steps(pool, n)
    yield from steps.until(
        0.4, conditional, perplexities, rows, rank, neighbors.indices, neighbors.distances, begin, columns, p,
        sums, bandwidths,
    )  # fmt: skip
    factor = 0.5 / sums.sum()
    yield from steps.until(0.7, pair, factor, columns, p)
    own, incoming = np.empty(n, np.int64), np.zeros(n, np.int64)
    yield from steps.until(0.75, count, factor, columns, p, own, incoming, alone=True)
    indptr = np.zeros(n + 1, np.int64)
    np.cumsum(own + incoming, out=indptr[1:])
    indices, data = np.empty(indptr[-1], np.uint32), np.empty(indptr[-1], np.float32)
    yield from steps.until(0.85, send, columns, p, indptr[1:] - incoming, indices, data, alone=True)
    yield from steps.until(1.0, merge, columns, p, incoming, indptr, indices, data, sums)
    perplexity = float(k if affinity == "uniform" else perplexity)
    return Affinities(indptr, indices, data, perplexity, float(sums.sum()), order, bandwidths)


def conditional_probabilities(distances: np.ndarray, perplexity: float, *, pool: Pool) -> np.ndarray:
    """Return p_j|i for rows whose neighbours come from another set of rows.

    Parameters
    ----------
    distances : ndarray of shape (m, k), float32
        The distances to the k nearest, ascending in each row.
    perplexity : float
        The effective number of neighbours.
    pool : Pool
        The threads.

    Returns
    -------
    ndarray of shape (m, k), float32
        The probabilities, which sum to 1 in each row.
    """
    m, k = distances.shape
    places = np.arange(max(m, k))
    columns = np.tile(places[:k].astype(np.uint32), (m, 1))  # ascending: nothing changes its place
    p, sums, bandwidths = np.empty((m, k), np.float32), np.empty(m), np.empty(m, np.float32)
    pool.run(
        conditional, m, np.array([perplexity], dtype=np.float64), places, places.astype(np.uint32), columns,
        np.ascontiguousarray(distances, dtype=np.float32), np.zeros(m, np.float32), columns, p, sums,
        bandwidths, grain=_GRAIN,
    )  # fmt: skip
    return p


class _Steps:
    """Run kernels over n rows, about 20 ms' worth at a time, and report the progress.

    Their number does not affect the results; it depends on the neighbours, on the machine, and on whether the
    memory written to is fresh.
    """

    def __init__(self, pool: Pool, n: int):
        self._pool, self._n = pool, n
        self._progress = 0.0

    def until(self, end: float, kernel: Kernel, *args: Any, alone: bool = False) -> Iterator[float]:
        """Run a kernel, on one thread if `alone`; after it the progress is `end`."""
        begin, start, rows = self._progress, 0, _FIRST_ROWS
        yield begin
        while start < self._n:
            began = time.perf_counter()
            stop = min(start + rows, self._n)
            if alone:
                kernel(start, stop, *args)
            else:
                self._pool.run(partial(_shifted, kernel, start), stop - start, *args, grain=_GRAIN)
            start = stop
            self._progress = begin + (end - begin) * stop / self._n
            rows = max(_GRAIN, next_size(rows, time.perf_counter() - began))
            yield self._progress


def _shifted(kernel: Kernel, by: int, start: int, stop: int, *args: Any) -> None:
    kernel(by + start, by + stop, *args)

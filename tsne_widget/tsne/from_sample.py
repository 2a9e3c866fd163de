"""Start the map of many rows from the map of a sample of them (Kobak & Berens 2019).

The sample has a map within seconds, long before the neighbours of all rows are known. Each other row then
follows to the nearest sampled row among its neighbours. If there is none, it follows its nearest neighbour
that has found one, and so on. So this needs no further distances, except for rows that no path along
neighbours joins to the sample.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .initialization import JITTER, SPREAD, initial_layout
from .metrics import Metric
from .schedule import Schedule

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from .nearest import Neighbors
    from .pool import Pool

#: The perplexity of the sample's map, whatever that of the map of all rows: maps at several perplexities have
#: the same start, and a sample shows only coarse structure anyway.
PERPLEXITY = 30.0
_NEIGHBORS = 90
#: Enough for a start: the sample's map need not settle.
_SCHEDULE = Schedule(
    early_exaggeration=12.0,
    early_exaggeration_iter=75,
    exaggeration=1.0,
    learning_rate="auto",
    max_iter=400,
)
#: A row follows one of this many nearest neighbours, however many are known.
MOST_FOLLOWED = 90
_ROWS_AT_ONCE = 2**16  # 5 to 20 ms
_ROWS_JOINED = 2**13  # to the sample by distances, at a time


class FromSample:
    """A start for the map of all rows.

    Parameters
    ----------
    X : ndarray or CSR array of shape (n, d)
        The data, finite numbers.
    count : int
        The size of the sample, more than 90 and less than n. Rows are drawn by the seed, without replacement.
    metric, metric_params
        See `neighbors.find_neighbors`.
    init : {"pca", "random"}
        How the sample starts; see `initial_layout`.
    random_state : int
        The seed.
    repulsion : str
        The name of a method in `tsne_widget.tsne.repulsion`.
    angle : float
        The angle of Barnes-Hut.
    pool : Pool
        The threads.

    Attributes
    ----------
    rows : ndarray of shape (count,), int64
        The rows drawn, ascending.
    places : ndarray of shape (count, 2), float32, or None
        Their newest layout; it stays unchanged until the iteration after the next. None before the first.
    iteration, limit : int
        How many iterations have led to it, and the most there will be.
    """

    def __init__(
        self,
        X: np.ndarray | csr_array,
        count: int,
        *,
        metric: Metric = "euclidean",
        metric_params: Mapping[str, Any] | None = None,
        init: Any = "pca",
        random_state: int = 0,
        repulsion: str = "auto",
        angle: float = 0.5,
        pool: Pool,
    ):
        n = X.shape[0]
        self.rows = np.sort(np.random.default_rng(random_state).choice(n, count, replace=False))
        self.places: np.ndarray | None = None
        self._begun: np.ndarray | None = None
        self.iteration, self.limit = 0, _SCHEDULE.max_iter
        self._X, self._sample, self._pool = X, X[self.rows], pool
        self._metric: dict[str, Any] = {"metric": metric, "metric_params": metric_params}
        self._init, self._seed = init, random_state
        self._repulsion: dict[str, Any] = {"repulsion": repulsion, "angle": angle}

    def begin(self) -> Generator[float, None, None]:
        """Make the start of the sample, as a generator of the progress made; it needs no kernels."""
        yield 0.0
        self._begun = self.places = initial_layout(self._sample, self._init, self._seed)
        yield 1.0

    def organize(self) -> Generator[float, None, None]:
        """Make the sample's map, as a generator of the progress made, each about 20 ms of work or less."""
        from .affinities import joint_probabilities
        from .neighbors import find_neighbors
        from .optimizer import Optimizer

        assert self._begun is not None
        search = find_neighbors(self._sample, _NEIGHBORS, **self._metric, pool=self._pool)
        neighbors = yield from _silently(search)
        P = yield from _silently(joint_probabilities(neighbors, PERPLEXITY, pool=self._pool))
        optimizer = Optimizer(P, self._begun, _SCHEDULE, pool=self._pool, **self._repulsion)
        while optimizer.ended is None:
            optimizer.step()
            self.places, self.iteration = optimizer.layout, optimizer.iteration
            yield self.iteration / self.limit

    def lead(self, neighbors: Neighbors, k: int) -> Generator[float, None, np.ndarray]:
        """Return the start of all rows, as a generator of the progress made.

        Parameters
        ----------
        neighbors : Neighbors
            The nearest neighbours of all rows.
        k : int
            How many of them to look at, if so many are known: more than `MOST_FOLLOWED` are of no use.

        Yields
        ------
        float
            Progress, from 0 to 1, after each 10 to 50 ms of work.

        Returns
        -------
        ndarray of shape (n, 2), float32
            Each row at the place of the sampled row that leads it: the sample's map, centred and shrunk to
            the standard deviation of an initial layout in the wider direction, with noise of 1 % of this so
            that rows in one place can part.
        """
        leaders = yield from self._leaders(neighbors, k)
        assert self.places is not None
        places = self.places.astype(np.float64)
        places -= places.mean(axis=0)
        places *= SPREAD / places.std(axis=0).max()
        random, start = np.random.default_rng(self._seed), np.empty((len(leaders), 2), np.float32)
        for first in range(0, len(leaders), _ROWS_AT_ONCE):
            led = places[leaders[first : first + _ROWS_AT_ONCE]]
            start[first : first + _ROWS_AT_ONCE] = led + random.normal(scale=JITTER, size=led.shape)
            yield 1.0
        return start

    def _leaders(self, neighbors: Neighbors, k: int) -> Generator[float, None, np.ndarray]:
        """Return the position in the sample of the row that leads each row."""
        from .hop import hop  # only here: it compiles
        from .query import nearest_rows

        n, pool = self._X.shape[0], self._pool
        k = min(k, MOST_FOLLOWED, neighbors.indices.shape[1])
        leaders = np.full(n, -1, np.int32)
        leaders[self.rows] = np.arange(len(self.rows))
        rows, led = np.flatnonzero(leaders < 0), True
        while led and len(rows):
            found = np.empty(len(rows), np.int32)
            for first in range(0, len(rows), _ROWS_AT_ONCE):
                some = slice(first, first + _ROWS_AT_ONCE)
                pool.run(hop, len(rows[some]), k, rows[some], neighbors.indices, leaders, found[some])
                yield 1 - len(rows) / n
            leaders[rows] = found
            led = bool((found >= 0).any())
            rows = rows[found < 0]
        for first in range(0, len(rows), _ROWS_JOINED):
            alone = rows[first : first + _ROWS_JOINED]
            query = nearest_rows(self._X[alone], self._sample, 1, **self._metric, pool=pool)
            leaders[alone] = (yield from _silently(query)).indices[:, 0]
        return leaders


def _silently(steps: Generator[Any, None, Any]) -> Generator[float, None, Any]:
    """Run steps whose own progress says nothing about the whole."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        yield 0.0

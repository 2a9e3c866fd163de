"""Maps of structureless data, made just as a map of the widget is made."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np

from ..data import Source
from ..honesty.null import GaussianNull
from ..honesty.sample import NoAnswerError, Sampled
from ..maps.engine import engine
from ..maps.twin import has_twins, twin_in_steps
from .map_set import MapSet

#: The most numbers in the data, and the most rows and columns at once, of which structureless data are drawn:
#: 800 MB and some seconds.
NUMBERS_MAX, SIDE_MAX = 100_000_000, 3_000


class NullMaps:
    """Makes maps of structureless data with exactly the mean and the covariance of the rows."""

    def __init__(self, source: Source, maps: MapSet):
        self._source, self._maps = source, maps

    def steps(
        self, run: int, sampled: Sampled, seed: int
    ) -> Generator[float, None, tuple[np.ndarray, np.ndarray]]:
        """Draw as many structureless rows as there are, and map them as a map of the widget.

        A map that has not ended is compared with maps of as many iterations.

        Yields
        ------
        float
            Progress, from 0 to 1.

        Returns
        -------
        rows : ndarray of shape (n_samples, d), float64
        points : ndarray of shape (n_samples, 2), float32

        Raises
        ------
        NoAnswerError
            The map is not by a method of ours, or there are no such data in its metric.
        """
        spec = self._maps.grid.spec(run)
        if not has_twins(spec):
            raise NoAnswerError("only t-SNE, UMAP and PCA can map structureless data")
        n, d = sampled.n, self._source.matrix.shape[1]
        if n * d > NUMBERS_MAX or min(n, d) > SIDE_MAX:
            raise NoAnswerError(
                f"{n:,} rows of {d:,} features are too many to draw structureless data like them: reduce the "
                "features first, for example by PCA"
            )
        places = sampled.places(np.arange(n))
        yield 0.0
        null = GaussianNull(places, on_sphere=sampled.on_sphere)
        yield 0.0
        rows = null.draw(np.random.default_rng(seed))
        yield 0.0
        pool = engine().pool.limited_to(self._maps.given.n_jobs)
        points = yield from twin_in_steps(rows, spec, self._maps.given, seed, pool, self._unfinished(run))
        return rows, points

    def _unfinished(self, run: int) -> int | None:
        """Return how many iterations a map has made that has not ended; None if it has."""
        known = self._maps.run_of(run)
        return known.status.iteration if known is not None and not known.status.ended else None

"""What the maps in one metric share: the neighbours, and P for each perplexity."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..parameters.defaults import Settings
from ..parameters.doubt import copies_among, doubt_in_words, isolated_rows, parts_of
from ..parameters.neighbors import known_neighbors, require_enough, require_known
from ..parameters.perplexity import neighbors_to_search, neighbors_wanted
from .executors import Shared
from .stages import FINDING_NEIGHBORS, FITTING
from .work import Progress, Work, WorkAside

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from ..tsne.nearest import Neighbors

_NONE = np.empty(0, np.int64)


class InMetric:
    """Finds neighbours in one metric, step by step, and fits P to them; each result is computed once.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data.
    settings : Settings
        The settings, with this metric.
    pool : Pool
        Runs the kernels.
    require_unchanged : callable
        Raises if the user has changed the matrix.
    """

    def __init__(
        self,
        matrix: np.ndarray | csr_array,
        settings: Settings,
        pool: Any,
        require_unchanged: Callable[[], None],
    ):
        self._matrix, self._settings, self._pool = matrix, settings, pool
        self._n, self._check = matrix.shape[0], require_unchanged
        self._search: Work | None = None
        self._search_k = 0
        self._most_wanted = self._searched_elsewhere = 0
        given = settings.neighbors
        #: The neighbours of all rows, or None before they are known. Any thread may read them.
        self.neighbors: Any = None if isinstance(given, str) else given
        #: The rows known to have no neighbours; any thread may read them.
        self.isolated = _NONE
        self._parts: np.ndarray | None = None
        self._copies = 0
        self._ordering: Work | None = None
        self._affinities: dict[float, Work] = {}
        self._sent: Shared | None = None
        self._bandwidths: np.ndarray | None = None

    def serve(self, perplexities: Iterable[float], neighbors: int = 0) -> None:
        """Note the perplexities and the number of neighbours that one search must serve; drop other P."""
        wanted = set(perplexities)
        self._most_wanted = max(neighbors, *map(self.wanted_by, wanted), 0)
        self._affinities = {p: P for p, P in self._affinities.items() if p in wanted}

    def sent(self, perplexity: float) -> Generator[Progress, None, Shared]:
        """Find the neighbours from which workers compute P for a perplexity."""
        yield from self.search(perplexity)
        if self._sent is None or self._sent.neighbors is not self.neighbors:
            self._sent = Shared(self.neighbors)
        return self._sent

    def search_as_before(self, found: int) -> None:
        """Search for as many neighbours as another session has found: an approximate search depends on it."""
        self._searched_elsewhere = max(self._searched_elsewhere, found)

    @property
    def found(self) -> int:
        """How many neighbours of each row a search has found; 0 before, and if they were given."""
        searched = self.neighbors is not None and isinstance(self._settings.neighbors, str)
        return int(self.neighbors.indices.shape[1]) if searched else self._searched_elsewhere

    def affinities(self, perplexity: float) -> Generator[Progress, None, Any]:
        """Compute P for a perplexity, searching for neighbours only if too few are known."""
        yield from self.search(perplexity)
        if self._ordering is None:
            self._ordering = Work(partial(_walk, self.neighbors))
        for _ in self._ordering.finish(FITTING):
            yield FITTING, 0.0
        if perplexity not in self._affinities:
            self._affinities[perplexity] = Work(
                partial(
                    _fit,
                    self.neighbors,
                    perplexity,
                    pool=self._pool,
                    multiscale=self._settings.multiscale,
                    affinity=self._settings.affinity,
                    order=self._ordering.result,
                    warm=self._bandwidths,
                )
            )
        P = yield from self._affinities[perplexity].finish(FITTING)
        self._bandwidths = P.bandwidths
        return P

    def search(self, perplexity: float) -> Generator[Progress, None, Any]:
        """Find as many neighbours as P needs, unless so many are known."""
        require_known(self._settings, self._matrix, perplexity)
        yield from self._find(self.wanted_by(perplexity))
        return self.neighbors

    def nearest(self, count: int, asked: str) -> Generator[Progress, None, Any]:
        """Find at least `count` neighbours of each row, searching only if fewer are known.

        Raises
        ------
        InvalidValueError
            Fewer are given; `asked` names the parameter that needs them, and its value.
        """
        require_enough(self._settings, self._matrix, count, asked)
        yield from self._find(count)
        return self.neighbors

    def take(self, known: Neighbors) -> bool:
        """Take neighbours found elsewhere if they are enough for the perplexities; tell whether they are."""
        if self.neighbors is not None or known.indices.shape[1] < self._most_wanted:
            return False
        self.neighbors = known
        return True

    def known_affinities(self, perplexity: float) -> Any:
        """Return P for a perplexity to any thread; None before it is computed."""
        work = self._affinities.get(perplexity)
        return work.result if work is not None and work.done else None

    def doubt(self, where: str) -> str:
        """Return why the neighbours cast doubt on the maps and `where` to find the rows, or ""."""
        return doubt_in_words(self.isolated, self._n, self._parts, self._settings, where, self._copies)

    def wanted_by(self, perplexity: float) -> int:
        """Return how many neighbours P needs."""
        return neighbors_wanted(max(perplexity, *self._settings.multiscale, 0.0), self._n)

    def _find(self, wanted: int) -> Generator[Progress, None, None]:
        settings = self._settings
        while self.neighbors is None or self.neighbors.indices.shape[1] < wanted:
            search = self._search
            if search is None or self._search_k < wanted:
                known = known_neighbors(settings, self._matrix)
                most = max(self._to_search(max(wanted, self._most_wanted)), self._searched_elsewhere)
                search = self._begin_search(most if known is None else min(most, known[0]))
            search.step()
            if search.done:
                self.neighbors, self._search = search.result, None
                self.isolated = isolated_rows(self.neighbors, settings)
                self._copies = copies_among(self.neighbors)
                self._parts = parts_of(self._matrix, settings)
            yield FINDING_NEIGHBORS, search.progress

    def _to_search(self, wanted: int) -> int:
        from ..tsne.neighbors import is_exact

        method = self._settings.neighbors
        exact = isinstance(method, str) and is_exact(method, self._n)
        return neighbors_to_search(wanted, self._n, exact=exact)

    def _begin_search(self, k: int) -> Work:
        work = WorkAside if callable(self._settings.metric) else Work
        self._search_k = k
        self._search = work(partial(_search, self._matrix, k, self._settings, self._pool, self._check))
        return self._search


def _search(
    matrix: Any, k: int, settings: Settings, pool: Any, require_unchanged: Callable[[], None]
) -> Generator[float, None, Any]:
    from ..tsne.neighbors import find_neighbors

    metric, params, method = settings.metric, settings.metric_params, settings.neighbors
    require_unchanged()
    found = yield from find_neighbors(
        matrix, k, metric=metric, metric_params=params, method=method, pool=pool
    )
    require_unchanged()
    return found


def _walk(neighbors: Any) -> Generator[float, None, np.ndarray | None]:
    from ..tsne.ordering import locality_order

    return locality_order(neighbors)


def _fit(neighbors: Any, perplexity: float, **settings: Any) -> Generator[float, None, Any]:
    from ..tsne.affinities import joint_probabilities

    return joint_probabilities(neighbors, perplexity, **settings)

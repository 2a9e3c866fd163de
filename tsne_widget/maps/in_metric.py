"""What the maps in one metric share: the neighbours, and P for each perplexity."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..measures.kept import kept_in_steps
from ..parameters.defaults import Settings
from ..parameters.doubt import doubt_in_words, isolated_rows, parts_of
from ..parameters.neighbors import require_known
from ..parameters.perplexity import neighbors_to_search, neighbors_wanted
from .work import Progress, Work, WorkAside, guarded

if TYPE_CHECKING:
    from scipy.sparse import csr_array

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
    require_unchanged : callable, optional
        Raises if the user has changed the matrix.
    """

    def __init__(
        self,
        matrix: np.ndarray | csr_array,
        settings: Settings,
        pool: Any,
        require_unchanged: Callable[[], None] | None,
    ):
        self._matrix, self._settings, self._pool = matrix, settings, pool
        self._n, self._require_unchanged = matrix.shape[0], require_unchanged
        self._search: Work | None = None
        self._search_k = 0
        self._largest_perplexity = 0.0
        given = settings.neighbors
        #: The neighbours of all rows, or None before they are known. Any thread may read them.
        self.neighbors: Any = None if isinstance(given, str) else given
        #: The rows known to have no neighbours; any thread may read them.
        self.isolated = _NONE
        self._parts: np.ndarray | None = None
        self._ordering: Work | None = None
        self._affinities: dict[float, Work] = {}
        self._bandwidths: np.ndarray | None = None

    def serve(self, perplexities: Iterable[float]) -> None:
        """Note the perplexities that one search must serve; drop P for all others."""
        wanted = set(perplexities)
        self._largest_perplexity = max(wanted, default=0.0)
        self._affinities = {p: P for p, P in self._affinities.items() if p in wanted}

    def affinities(self, perplexity: float) -> Generator[Progress, None, Any]:
        """Compute P for a perplexity, searching for neighbours only if too few are known."""
        yield from self._neighbors_for(perplexity)
        while not (ordering := self._order()).done:
            ordering.step()
            yield "perplexity", 0.0
        while not (computing := self._computing(perplexity, ordering.result)).done:
            computing.step()
            yield "perplexity", computing.progress
        self._bandwidths = computing.result.bandwidths
        return computing.result

    def kept_share(self, points: np.ndarray) -> Generator[None, None, float] | None:
        """Measure, in steps, the share of nearest neighbours that a map keeps; None before they are known."""
        return None if self.neighbors is None else _mean_kept(self.neighbors, points)

    def doubt(self, where: str) -> str:
        """Return why the neighbours cast doubt on the maps and `where` to find the rows, or ""."""
        return doubt_in_words(self.isolated, self._n, self._parts, self._settings, where)

    def _neighbors_for(self, perplexity: float) -> Generator[Progress, None, None]:
        settings = self._settings
        wanted = neighbors_wanted(max(perplexity, *settings.multiscale, 0.0), self._n)
        known = require_known(settings, self._matrix, perplexity)
        while self.neighbors is None or self.neighbors.indices.shape[1] < wanted:
            search = self._search
            if search is None or search.failed or self._search_k < wanted:
                largest = max(perplexity, self._largest_perplexity, *settings.multiscale)
                most = neighbors_to_search(largest, self._n)
                search = self._begin_search(most if known is None else min(most, known))
            search.step()
            if search.done:
                self.neighbors, self._search = search.result, None
                self.isolated = isolated_rows(self.neighbors, settings)
                self._parts = parts_of(self._matrix, settings)
            yield "finding neighbours", search.progress

    def _begin_search(self, k: int) -> Work:
        from ..tsne.neighbors import find_neighbors

        searching = find_neighbors(
            self._matrix,
            k,
            metric=self._settings.metric,
            metric_params=self._settings.metric_params,
            method=self._settings.neighbors,
            pool=self._pool,
        )
        work = WorkAside if callable(self._settings.metric) else Work
        self._search, self._search_k = work(guarded(searching, self._require_unchanged)), k
        return self._search

    def _order(self) -> Work:
        from ..tsne.ordering import locality_order

        if self._ordering is None or self._ordering.failed:
            self._ordering = Work(locality_order(self.neighbors))
        return self._ordering

    def _computing(self, perplexity: float, order: np.ndarray | None) -> Work:
        from ..tsne.affinities import joint_probabilities

        known = self._affinities.get(perplexity)
        if known is None or known.failed:
            known = Work(
                joint_probabilities(
                    self.neighbors,
                    perplexity,
                    pool=self._pool,
                    multiscale=self._settings.multiscale,
                    affinity=self._settings.affinity,  # type: ignore[arg-type] # checked by settings
                    order=order,
                    warm=self._bandwidths,
                )
            )
            self._affinities[perplexity] = known
        return known


def _mean_kept(neighbors: Any, points: np.ndarray) -> Generator[None, None, float]:
    share = yield from kept_in_steps(neighbors, points)
    return float(share.mean())

"""What all runs of one widget share: neighbours once, P once a perplexity, a start once an init and seed."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import numpy as np

from .settings import Settings, neighbors_to_search, neighbors_wanted

#: A stage's name and how far it is, from 0 to 1, or None where that is not known.
Progress = tuple[str, float | None]


class Groundwork:
    """Prepares runs, step by step; every result is made once and kept.

    All methods belong to the engine thread. The generators yield the stage and its progress, and may be
    dropped at any time; a search that is under way goes on for whoever asks next.

    Parameters
    ----------
    matrix : ndarray of shape (n_samples, n_features)
        The checked data.
    settings : Settings
        The metric is taken from it.
    pool : Pool
        Runs the kernels.
    """

    def __init__(self, matrix: np.ndarray, settings: Settings, pool: Any):
        self._matrix, self._settings, self.pool = matrix, settings, pool
        self._search: Generator[float, None, Any] | None = None
        self._search_k = 0
        self._search_progress = 0.0
        self._neighbors: Any = None
        self._affinities: dict[float, Any] = {}
        self._starts: dict[tuple[Any, int], np.ndarray] = {}

    def start(self, init: Any, random_state: int) -> np.ndarray:
        """Return the initial layout, float32 of shape (n_samples, 2)."""
        from .tsne.initialization import initial_layout

        key = (init if isinstance(init, str) else id(init), random_state)
        if key not in self._starts:
            self._starts = {key: initial_layout(self._matrix, init, random_state)}
        return self._starts[key]

    def compile(self) -> Generator[Progress, None, None]:
        """Load the kernels, compiling them on first use."""
        from .tsne.compilation import compile_kernels

        yield "compiling", None
        for progress in compile_kernels():
            yield "compiling", progress

    def affinities(self, perplexity: float) -> Generator[Progress, None, Any]:
        """P for a perplexity, with a search for neighbours only where those known are too few."""
        from .tsne.affinities import joint_probabilities

        if perplexity not in self._affinities:
            yield from self._neighbors_for(perplexity)
            computing = joint_probabilities(self._neighbors, perplexity, pool=self.pool)
            self._affinities[perplexity] = yield from _named("perplexity", computing)
        return self._affinities[perplexity]

    def keep_only(self, perplexities: set[float]) -> None:
        """Forget P of perplexities that no run uses."""
        self._affinities = {p: P for p, P in self._affinities.items() if p in perplexities}

    def _neighbors_for(self, perplexity: float) -> Generator[Progress, None, None]:
        n = len(self._matrix)
        wanted = neighbors_wanted(perplexity, n)
        while self._neighbors is None or self._neighbors.indices.shape[1] < wanted:
            if self._search is None or self._search_k < wanted:
                self._begin_search(neighbors_to_search(perplexity, n))
            try:
                self._search_progress = next(self._search)  # type: ignore[arg-type]
            except StopIteration as finished:
                self._neighbors, self._search = finished.value, None
            except BaseException:
                self._search = None
                raise
            yield "finding neighbours", self._search_progress

    def _begin_search(self, k: int) -> None:
        from .tsne.neighbors import find_neighbors

        self._search_k, self._search_progress = k, 0.0
        self._search = find_neighbors(
            self._matrix,
            k,
            metric=self._settings.metric,
            metric_params=self._settings.metric_params,
            pool=self.pool,
        )


def _named(stage: str, computing: Generator[float, None, Any]) -> Generator[Progress, None, Any]:
    while True:
        try:
            yield stage, next(computing)
        except StopIteration as finished:
            return finished.value

"""What all runs of one widget share: neighbours once, P once a perplexity, a start once an init and seed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from ..measures.kept import kept_in_steps
from ..parameters.defaults import Settings
from ..parameters.doubt import doubt_in_words, isolated_rows, parts_of
from ..parameters.neighbors import require_known
from ..parameters.perplexity import neighbors_to_search, neighbors_wanted, why_out_of_range
from ..tsne.steps import result_of
from .grid import Spec

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_NONE = np.empty(0, np.int64)
#: Seconds for which a run waits at a time for what another thread does.
_GLANCE_SECONDS = 0.002
#: Seconds after which a step of a user's function is left to itself; it is meant to take 0.02.
_STEP_SECONDS = 0.05
#: A stage's name and how far it is, from 0 to 1, or None where that is not known.
Progress = tuple[str, float | None]


class SharedWork:
    """Prepares runs, step by step; every result is made once and kept while a run uses it.

    All methods belong to the engine thread. The generators yield the stage and its progress, and may be
    dropped at any time; what is under way goes on for whoever asks next.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data.
    settings : Settings
        The metric is taken from it.
    pool : Pool
        Runs the kernels.
    require_unchanged : callable, optional
        Raises where the matrix is no longer the one that was given.
    """

    def __init__(
        self,
        matrix: np.ndarray | csr_array,
        settings: Settings,
        pool: Any,
        require_unchanged: Callable[[], None] | None = None,
    ):
        self.pool = pool
        self._require_unchanged = require_unchanged
        self.n = matrix.shape[0]
        self._matrix: Any = matrix
        self._settings = settings
        self._search: _Work | None = None
        self._search_k = 0
        self._largest_perplexity = 0.0
        given = settings.neighbors
        self._neighbors: Any = None if isinstance(given, str) else given
        self._isolated = _NONE
        #: What the neighbours say against every map; empty before they are known.
        self.doubt = ""
        self._ordering: _Work | None = None
        self._affinities: dict[float, _Work] = {}
        self._bandwidths: np.ndarray | None = None
        self._starts: dict[tuple[Any, ...], np.ndarray] = {}
        self._directions: _Work | None = None
        self._loading: _Loading | None = None

    def serve(self, specs: Iterable[Spec]) -> None:
        """Note what runs there are, so that one search is enough for all; forget what none uses."""
        specs = list(specs)
        known = {spec["perplexity"] for spec in specs}
        perplexities = {perplexity for perplexity in known if not why_out_of_range(perplexity, self.n)}
        starts = {spec.start for spec in specs}
        self._largest_perplexity = max(perplexities, default=0.0)
        self._affinities = {p: P for p, P in self._affinities.items() if p in perplexities}
        self._starts = {key: start for key, start in self._starts.items() if key in starts}

    def release(self) -> None:
        """Let go of the data and of all that was made of them: nothing will be prepared any more."""
        self._matrix = self._neighbors = self._bandwidths = None
        self._search = self._ordering = self._directions = self._loading = self._require_unchanged = None
        self._affinities, self._starts = {}, {}

    def directions(self, spec: Spec) -> Generator[Progress, None, None]:
        """Find the main directions of the data, where the initial layout is made of them."""
        if _is_pca(spec["init"]):
            while not (finding := self._finding_directions()).done:
                finding.step()
                yield "initial layout", finding.progress

    def start(self, spec: Spec) -> np.ndarray:
        """Return the initial layout, float32 of shape (n_samples, 2); the main directions are kept."""
        from ..tsne.initialization import initial_layout

        if spec.start not in self._starts:
            result_of(self.directions(spec))
            init = self._finding_directions().result if _is_pca(spec["init"]) else spec["init"]
            self._starts[spec.start] = initial_layout(self._matrix, init, spec["random_state"])
        return self._starts[spec.start]

    def compile(self) -> Generator[Progress, None, None]:
        """Load the kernels, compiling them on first use, in a thread aside: some take seconds each."""
        yield "compiling", None
        if self._loading is None or self._loading.error is not None:
            self._loading = _Loading(self._settings, self._matrix)
        while not self._loading.ended.wait(_GLANCE_SECONDS):
            yield "compiling", self._loading.progress
        if self._loading.error is not None:
            raise self._loading.error
        yield "compiling", 1.0

    def affinities(self, perplexity: float) -> Generator[Progress, None, Any]:
        """P for a perplexity, with a search for neighbours only where those known are too few."""
        yield from self._neighbors_for(perplexity)
        while not (ordering := self._order()).done:
            ordering.step()
            yield "perplexity", 0.0
        while not (computing := self._computing(perplexity, ordering.result)).done:
            computing.step()
            yield "perplexity", computing.progress
        self._bandwidths = computing.result.bandwidths
        return computing.result

    @property
    def neighbors(self) -> Any:
        """The neighbours of all rows; None while they are not known. They may be read by any thread."""
        return self._neighbors

    @property
    def isolated(self) -> np.ndarray:
        """The rows that have no neighbours, as far as they are known; may be read by any thread."""
        return self._isolated

    def kept_share(self, points: np.ndarray) -> Generator[None, None, float] | None:
        """Measure, step by step, the share of the nearest neighbours that a map keeps; None if not known."""
        return None if self._neighbors is None else _mean_kept(self._neighbors, points)

    def _neighbors_for(self, perplexity: float) -> Generator[Progress, None, None]:
        settings = self._settings
        wanted = neighbors_wanted(max(perplexity, *settings.multiscale, 0.0), self.n)
        known = require_known(settings, self._matrix, perplexity)
        while self._neighbors is None or self._neighbors.indices.shape[1] < wanted:
            search = self._search
            if search is None or search.failed or self._search_k < wanted:
                largest = max(perplexity, self._largest_perplexity, *settings.multiscale)
                most = neighbors_to_search(largest, self.n)
                search = self._begin_search(most if known is None else min(most, known))
            search.step()
            if search.done:
                self._neighbors, self._search = search.result, None
                self._see_what_is_doubtful()
            yield "finding neighbours", search.progress

    def _see_what_is_doubtful(self) -> None:
        self._isolated = isolated_rows(self._neighbors, self._settings)
        parts = parts_of(self._matrix, self._settings)
        self.doubt = doubt_in_words(
            self._isolated, self.n, parts, self._settings, "w.isolated_rows tells which"
        )

    def _begin_search(self, k: int) -> _Work:
        from ..tsne.neighbors import find_neighbors

        searching = find_neighbors(
            self._matrix,
            k,
            metric=self._settings.metric,
            metric_params=self._settings.metric_params,
            method=self._settings.neighbors,
            pool=self.pool,
        )
        aside = callable(self._settings.metric)
        self._search, self._search_k = self._reading(searching, aside=aside), k
        return self._search

    def _finding_directions(self) -> _Work:
        from ..tsne.initialization import principal_components

        if self._directions is None or self._directions.failed:
            self._directions = self._reading(principal_components(self._matrix))
        return self._directions

    def _reading(self, steps: Generator[float, None, Any], *, aside: bool = False) -> _Work:
        """Return work that reads the data, which must be the same from its beginning to its end."""
        work = _WorkAside if aside else _Work
        return work(_guarded(steps, self._require_unchanged) if self._require_unchanged else steps)

    def _order(self) -> _Work:
        from ..tsne.ordering import locality_order

        if self._ordering is None or self._ordering.failed:
            self._ordering = _Work(locality_order(self._neighbors))
        return self._ordering

    def _computing(self, perplexity: float, order: np.ndarray | None) -> _Work:
        from ..tsne.affinities import joint_probabilities

        known = self._affinities.get(perplexity)
        if known is None or known.failed:
            known = _Work(
                joint_probabilities(
                    self._neighbors,
                    perplexity,
                    pool=self.pool,
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


def _guarded(steps: Generator[float, None, Any], check: Callable[[], None]) -> Generator[float, None, Any]:
    check()
    result = yield from steps
    check()
    return result


def _is_pca(init: Any) -> bool:
    return isinstance(init, str) and init == "pca"  # coordinates are compared one by one


class _Loading:
    """A thread that loads the kernels, and goes on when nobody waits any more: others will need them."""

    def __init__(self, settings: Settings, matrix: np.ndarray | csr_array):
        self.progress = 0.0
        self.error: BaseException | None = None
        self.ended = threading.Event()
        threading.Thread(
            target=self._load, args=(settings, matrix), name="tsne-widget-compiling", daemon=True
        ).start()

    def _load(self, settings: Settings, matrix: np.ndarray | csr_array) -> None:
        from ..tsne.compilation import compile_kernels, load
        from ..tsne.neighbors import modules_of

        try:
            given = not isinstance(settings.neighbors, str)
            searches = [] if given else modules_of(matrix, settings.metric, settings.metric_params)
            for self.progress in compile_kernels(settings.method, matrix.shape[0], searches):
                pass
        except BaseException as error:  # it belongs to who waits
            self.error = error
        finally:
            self.ended.set()
        load("scipy.spatial")  # of which the neighbours of the map are found once it rests


class _Work:
    """What several runs may wait for: whoever has a turn does a step of it."""

    def __init__(self, steps: Generator[float, None, Any]):
        self._steps = steps
        self.progress = 0.0
        self.done = self.failed = False
        self.result: Any = None

    def step(self) -> None:
        """Go on; an exception is for who asked, and the next one begins anew."""
        try:
            self._go_on()
        except BaseException:
            self.failed = True
            raise

    def _go_on(self) -> None:
        try:
            self.progress = next(self._steps)
        except StopIteration as finished:
            self.result, self.done = finished.value, True


class _WorkAside(_Work):
    """The same where a step calls a user's function, which may take any time: then nobody waits for its end.

    Each step has a thread, so that nothing goes on unless somebody asks for it. As long as a step takes no
    longer than others do it is waited for: two threads in Python at once hinder each other.
    """

    _ended: threading.Event | None = None
    _error: BaseException | None = None

    def _go_on(self) -> None:
        patience = _GLANCE_SECONDS
        if self._ended is None:
            self._ended, patience = threading.Event(), _STEP_SECONDS
            threading.Thread(
                target=self._take_step, args=(self._ended,), name="tsne-widget-metric", daemon=True
            ).start()
        if self._ended.wait(patience):
            self._ended, error = None, self._error
            if error is not None:
                raise error

    def _take_step(self, ended: threading.Event) -> None:
        try:
            super()._go_on()
        except BaseException as error:  # it belongs to who waits
            self._error = error
        finally:
            ended.set()

"""What all runs of one widget share: neighbours once a metric, a start once an init and seed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..parameters.defaults import Settings
from ..parameters.perplexity import why_out_of_range
from ..tsne.steps import result_of
from .grid import Spec
from .in_metric import InMetric
from .work import GLANCE_SECONDS, Progress, Work, guarded

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from ..tsne.initialization import PrincipalComponents


class SharedWork:
    """Prepares runs, step by step; every result is made once and kept while a run uses it.

    All methods belong to the engine thread, but for `known_in`. The generators yield the stage and its
    progress, and may be dropped at any time; what is under way goes on for whoever asks next.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data.
    settings : Settings
        What all runs have in common.
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
        self._metrics: dict[tuple[Any, ...], InMetric] = {}
        self._starts: dict[tuple[Any, ...], np.ndarray] = {}
        self._directions: Work | None = None
        self._components: Work | None = None
        self._loading: dict[tuple[Any, ...], _Loading] = {}

    def serve(self, specs: Iterable[Spec]) -> None:
        """Note what runs there are, so that one search a metric is enough; forget what none uses."""
        specs = [spec for spec in specs if "perplexity" in spec.values]
        self._metrics = {spec.part("neighbors"): self.in_metric(spec) for spec in specs}
        for key, work in self._metrics.items():
            perplexities = {spec["perplexity"] for spec in specs if spec.part("neighbors") == key}
            work.serve(each for each in perplexities if not why_out_of_range(each, self.n))
        starts = {spec.start for spec in specs}
        self._starts = {key: start for key, start in self._starts.items() if key in starts}

    def release(self) -> None:
        """Let go of the data and of all that was made of them: nothing will be prepared any more."""
        self._matrix = self._directions = self._components = self._require_unchanged = None
        self._metrics, self._starts, self._loading = {}, {}, {}

    def in_metric(self, spec: Spec) -> InMetric:
        """Return what the maps in the metric of a run share."""
        key = spec.part("neighbors")
        if key not in self._metrics:
            settings = replace(self._settings, metric=spec["metric"])
            self._metrics[key] = InMetric(self._matrix, settings, self.pool, self._require_unchanged)
        return self._metrics[key]

    def known_in(self, spec: Spec) -> InMetric | None:
        """Return the same, for any thread to read; None where there is no such map any more."""
        return self._metrics.get(spec.part("neighbors"))

    @property
    def searched(self) -> int:
        """In how many metrics the neighbours are known."""
        return sum(work.neighbors is not None for work in self._metrics.values())

    def doubt(self, spec: Spec) -> str:
        """Say what the neighbours say against a run's map; empty before they are known."""
        known = self.known_in(spec)
        where = "w.isolated_rows" if len(self._metrics) == 1 else "isolated_rows of this map"
        return "" if known is None else known.doubt(f"{where} tells which")

    def directions(self, spec: Spec) -> Generator[Progress, None, None]:
        """Find the main directions of the data, where the initial layout is made of them."""
        if _is_pca(spec["init"]):
            while not (finding := self._finding_directions()).done:
                finding.step()
                yield "initial layout", finding.progress

    def principal_components(self, stage: str) -> Generator[Progress, None, PrincipalComponents]:
        """Find the principal components of the data, exactly: not only to start from; each time anew."""
        if self._components is not None and self._components.done:
            self._components = None
        while not (finding := self._finding_components()).done:
            finding.step()
            yield stage, finding.progress
        found: PrincipalComponents = finding.result
        return found

    def start(self, spec: Spec) -> np.ndarray:
        """Return the initial layout, float32 of shape (n_samples, 2); the main directions are kept."""
        from ..tsne.initialization import initial_layout

        if spec.start not in self._starts:
            result_of(self.directions(spec))
            init = self._finding_directions().result if _is_pca(spec["init"]) else spec["init"]
            self._starts[spec.start] = initial_layout(self._matrix, init, spec["random_state"])
        return self._starts[spec.start]

    def compile(self, spec: Spec) -> Generator[Progress, None, None]:
        """Load the kernels, compiling them on first use, in a thread aside: some take seconds each."""
        yield "compiling", None
        key = spec.part("neighbors")
        loading = self._loading.get(key)
        if loading is None or loading.error is not None:
            settings = replace(self._settings, metric=spec["metric"])
            loading = self._loading[key] = _Loading(settings, self._matrix)
        while not loading.ended.wait(GLANCE_SECONDS):
            yield "compiling", loading.progress
        if loading.error is not None:
            raise loading.error
        yield "compiling", 1.0

    def affinities(self, spec: Spec) -> Generator[Progress, None, Any]:
        """P for a run."""
        return (yield from self.in_metric(spec).affinities(spec["perplexity"]))

    def _finding_components(self) -> Work:
        self._components = self._finding(self._components, exact=True)
        return self._components

    def _finding_directions(self) -> Work:
        self._directions = self._finding(self._directions, exact=False)
        return self._directions

    def _finding(self, known: Work | None, *, exact: bool) -> Work:
        """Return what finds the directions in which the rows vary most; begun anew where it failed."""
        from ..tsne.initialization import principal_components

        if known is not None and not known.failed:
            return known
        return Work(guarded(principal_components(self._matrix, exact=exact), self._require_unchanged))


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

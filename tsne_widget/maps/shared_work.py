"""What the runs of one widget share: neighbours for each metric, a start for each init and seed."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..parameters.defaults import Settings
from ..parameters.metric import is_precomputed
from ..parameters.sample import rows_sampled
from .grid import Spec
from .in_metric import InMetric
from .sampled_start import SampledStart
from .stages import COMPILING, INITIAL_LAYOUT, Stage
from .work import GLANCE_SECONDS, Progress, Work

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from ..tsne.initialization import PrincipalComponents
    from .executors import Shared
    from .workers import Workers


@dataclass(frozen=True)
class Use:
    """What a map needs of the shared work.

    Attributes
    ----------
    spec : Spec
        The parameters of the map; it needs the neighbours in its metric.
    perplexity : float or None
        The perplexity for which it needs P.
    start : bool
        Whether it needs the initial layout.
    neighbors : int
        How many neighbours of each row it needs, besides those that P needs.
    """

    spec: Spec
    perplexity: float | None = None
    start: bool = False
    neighbors: int = 0


class SharedWork:
    """Prepares runs, step by step; it computes each result once and keeps it while a run uses it.

    Only the engine's thread may call the methods, except `known_in`. The generators yield the stage and its
    progress. A caller may abandon them at any time; the next caller continues the work under way.

    Parameters
    ----------
    matrix : ndarray or CSR array of shape (n_samples, n_features)
        The checked data.
    settings : Settings
        The parameters that all runs have in common.
    pool : Pool
        Runs the kernels.
    require_unchanged : callable, optional
        Raises if the user has changed the matrix.
    workers : Workers, optional
        Who makes the t-SNE maps, if not this process.
    """

    def __init__(
        self,
        matrix: np.ndarray | csr_array,
        settings: Settings,
        pool: Any,
        require_unchanged: Callable[[], None] = lambda: None,
        workers: Workers | None = None,
    ):
        self.pool, self.workers = pool, workers
        self._require_unchanged = require_unchanged
        self.n = matrix.shape[0]
        self._matrix: Any = matrix
        self._settings = settings
        self._metrics: dict[tuple[Any, ...], InMetric] = {}
        #: The metrics of the runs.
        self._keys: list[tuple[Any, ...]] = []
        self._starts: dict[tuple[Any, ...], np.ndarray] = {}
        self._sampled: dict[tuple[Any, ...], SampledStart] = {}
        self._directions: Any = self._finding_components(exact=False)
        self._components: Any = self._finding_components(exact=True)
        self._loading: dict[tuple[Any, ...], _Loading] = {}

    def serve(self, uses: Sequence[Use]) -> None:
        """Note what the current runs use, in panel order: one search per metric serves all. Drop the rest."""
        self._metrics = {use.spec.part("neighbors"): self.in_metric(use.spec) for use in uses}
        self._keys = [use.spec.part("neighbors") for use in uses]
        for key, work in self._metrics.items():
            served = [use for use in uses if use.spec.part("neighbors") == key]
            perplexities = (use.perplexity for use in served if use.perplexity is not None)
            work.serve(perplexities, max(use.neighbors for use in served))
        starts = {use.spec.part("start") for use in uses if use.start}
        self._starts = {key: start for key, start in self._starts.items() if key in starts}
        sampled = {use.spec.part("start", "neighbors") for use in uses if use.start}
        self._sampled = {key: start for key, start in self._sampled.items() if key in sampled}

    def release(self) -> None:
        """Release the data and everything computed from it; nothing can be prepared afterwards."""
        self._matrix = self._directions = self._components = None
        self._metrics, self._starts, self._sampled, self._loading = {}, {}, {}, {}
        if self.workers is not None:
            self.workers.close()

    def in_metric(self, spec: Spec) -> InMetric:
        """Return what the maps in a run's metric share."""
        key = spec.part("neighbors")
        if key not in self._metrics:
            settings = self._settings_in(spec)
            self._metrics[key] = InMetric(self._matrix, settings, self.pool, self._require_unchanged)
        return self._metrics[key]

    def known_in(self, spec: Spec) -> InMetric | None:
        """Return the same to any thread; None if no map has this metric any more."""
        return self._metrics.get(spec.part("neighbors"))

    def rows(self) -> Any:
        """Return the data; raise if the user has changed them."""
        self._require_unchanged()
        return self._matrix

    def of(self, rows: np.ndarray) -> SharedWork:
        """Return the shared work of some rows, which has a copy of them; any thread may ask.

        Neighbours that the user has given are those among these rows.
        """
        self._require_unchanged()
        part, settings = self._matrix[rows], self._settings
        if is_precomputed(settings.metric):
            part = part[:, rows]
        if not isinstance(settings.neighbors, str):
            settings = replace(settings, neighbors=settings.neighbors.among(rows))
        return SharedWork(part, settings, self.pool, self._require_unchanged, self.workers)

    @property
    def searched(self) -> int:
        """The number of metrics in which the neighbours are known."""
        return sum(work.neighbors is not None for work in self._metrics.values())

    def doubt(self, spec: Spec) -> str:
        """Return why the neighbours cast doubt on a run's map; empty if they do not, or are unknown."""
        known, key = self.known_in(spec), spec.part("neighbors")
        if known is None:
            return ""
        where = f"w.runs[{self._keys.index(key)}]" if self._several_metrics else "w"
        return known.doubt(f"see {where}.isolated_rows")

    def metric_told(self, spec: Spec) -> str:
        """Return the name of a run's metric if the runs have several; empty if they have one."""
        return spec.written["metric"] if self._several_metrics else ""

    @property
    def _several_metrics(self) -> bool:
        return len(set(self._keys)) > 1

    def principal_components(self, stage: Stage) -> Generator[Progress, None, PrincipalComponents]:
        """Find the exact principal components of the data, anew on each call."""
        if self._components.done:
            self._components = self._finding_components(exact=True)
        found: PrincipalComponents = yield from self._components.finish(stage)
        return found

    def start(self, spec: Spec) -> Generator[Progress, None, np.ndarray]:
        """Make the initial layout, float32 of shape (n_samples, 2); keep the main directions."""
        from ..tsne.initialization import initial_layout

        key, init = spec.part("start"), spec["init"]
        if isinstance(init, str) and init == "pca":
            init = yield from self._directions.finish(INITIAL_LAYOUT)
        if key not in self._starts:
            self._starts[key] = initial_layout(self._matrix, init, spec["random_state"])
        return self._starts[key]

    def sampled_start(self, spec: Spec) -> SampledStart | None:
        """Return the sample that leads to the start of a run; None if it starts at once, or has been led."""
        settings = self._settings_in(spec)
        count, key = rows_sampled(settings, self._matrix, spec["init"]), spec.part("start", "neighbors")
        if count and key not in self._sampled:
            self._sampled[key] = SampledStart(
                self._matrix, count, settings, spec, self.pool, self._require_unchanged
            )
        return self._sampled[key] if count and self.led(spec) is None else None

    def led(self, spec: Spec) -> np.ndarray | None:
        """Return the start that a sample has led to for a run of t-SNE; None if none has, or not yet."""
        start = self._sampled.get(spec.part("start", "neighbors"))
        followed = self.in_metric(spec).wanted_by(spec["perplexity"])
        return None if start is None else start.led(followed)

    def lead(self, start: SampledStart, spec: Spec) -> Generator[Progress, None, np.ndarray]:
        """Find the neighbours of all rows while a sample moves, and return the start that it leads to."""
        known, perplexity = self.in_metric(spec), spec["perplexity"]
        return (yield from start.lead(known.search(perplexity), known.wanted_by(perplexity)))

    def compile(self, spec: Spec, *further: str) -> Generator[Progress, None, None]:
        """Load the kernels in another thread: on first use some take seconds to compile.

        `further` are modules that a method needs besides those of t-SNE.
        """
        yield COMPILING, None
        key = (*spec.part("neighbors"), *further)
        loading = self._loading.get(key)
        if loading is None or loading.error is not None:
            loading = self._loading[key] = _Loading(self._settings_in(spec), self._matrix, further)
        while not loading.ended.wait(GLANCE_SECONDS):
            yield COMPILING, loading.progress
        if loading.error is not None:
            raise loading.error
        yield COMPILING, 1.0

    def nearest(self, spec: Spec, count: int, asked: str) -> Generator[Progress, None, Any]:
        """Find at least `count` neighbours of each row in a run's metric; see `InMetric.nearest`."""
        return (yield from self.in_metric(spec).nearest(count, asked))

    def sent(self, spec: Spec) -> Generator[Progress, None, Shared]:
        """Find the neighbours that workers need for a run's perplexity."""
        return (yield from self.in_metric(spec).sent(spec["perplexity"]))

    def affinities(self, spec: Spec) -> Generator[Progress, None, Any]:
        """Compute P for a run."""
        return (yield from self.in_metric(spec).affinities(spec["perplexity"]))

    def _settings_in(self, spec: Spec) -> Settings:
        return replace(self._settings, metric=spec["metric"])

    def _finding_components(self, *, exact: bool) -> Work:
        return Work(partial(_components, self._matrix, exact, self._require_unchanged))


def _components(
    matrix: Any, exact: bool, require_unchanged: Callable[[], None]
) -> Generator[float, None, PrincipalComponents]:
    from ..tsne.initialization import principal_components

    require_unchanged()
    found = yield from principal_components(matrix, exact=exact)
    require_unchanged()
    return found


class _Loading:
    """A thread that loads the kernels, even when nobody waits any more: others will need them."""

    def __init__(self, settings: Settings, matrix: np.ndarray | csr_array, further: Sequence[str]):
        self.progress = 0.0
        self.error: BaseException | None = None
        self.ended = threading.Event()
        threading.Thread(
            target=self._load, args=(settings, matrix, further), name="tsne-widget-compiling", daemon=True
        ).start()

    def _load(self, settings: Settings, matrix: np.ndarray | csr_array, further: Sequence[str]) -> None:
        from ..tsne.compilation import compile_kernels, load
        from ..tsne.neighbors import modules_of

        try:
            given = not isinstance(settings.neighbors, str)
            searches = [] if given else modules_of(matrix, settings.metric, settings.metric_params)
            for self.progress in compile_kernels(settings.method, matrix.shape[0], searches, further):
                pass
        except BaseException as error:  # the caller that waits raises it
            self.error = error
        finally:
            self.ended.set()
        load("scipy.spatial")  # finds the neighbours on a map at rest

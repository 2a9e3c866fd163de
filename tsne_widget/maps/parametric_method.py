"""Parametric t-SNE as a method: landmarks follow points that move as in t-SNE, and then learn."""

from __future__ import annotations

import math
import threading
from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import NotComputedError
from ..parameters.defaults import DEFAULTS, Settings
from ..parametric import METRICS
from .grid import Spec
from .method import Figure, Slices
from .placing import Placer
from .stages import Stage
from .tsne_method import TSNEMethod
from .work import WorkAside
from .written import variable, written_value

if TYPE_CHECKING:
    from ..parametric.landmarks import Landmarks
    from ..parametric.model import MapFunction
    from ..parametric.scaling import Scaling
    from ..parametric_estimator import ParametricTSNE

FINDING_LANDMARKS = Stage("finding landmarks", done="landmarks found")

#: They take seconds to load; among them are kernels.
_MODULES = (
    "sklearn.cluster",
    "tsne_widget.parametric.optimizer",
    "tsne_widget.parametric.model",
    "tsne_widget.parametric_estimator",
)
#: The axes that are parameters of `ParametricTSNE`.
_OF_ESTIMATOR = ("perplexity", "exaggeration", "metric", "init", "random_state")


class ParametricMethod(TSNEMethod):
    """Trains a map that is a function of a row; see `ParametricTSNE`, whose map it is bit for bit."""

    name = "parametric"
    label = "Parametric t-SNE"
    takes_rows = True
    is_function = True
    takes_sparse = False
    may_go_elsewhere = False
    sampled = False
    told = (Figure("KL", "Kullback-Leibler divergence"),)

    _finding: WorkAside | None = None

    def __init__(self, *given: Any):
        super().__init__(*given)
        self._lock = threading.Lock()

    @classmethod
    def out_of_range(cls, spec: Spec, n: int) -> str:
        """Return why there can be no such map: the perplexity, or the metric."""
        why = super().out_of_range(spec, n)
        return why or _why_not_in(spec["metric"], spec.written["metric"])

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return the code that makes the same map by the estimator; other packages do not have it."""
        values = {**{name: spec.values[name] for name in _OF_ESTIMATOR}, "max_iter": settings.max_iter}
        changed = {name: value for name, value in values.items() if value != getattr(DEFAULTS, name)}
        given = [f"{name}={written_value(name, value)}" for name, value in changed.items()]
        return [
            f"# {spec.name}; other packages do not make it.",
            "from tsne_widget import ParametricTSNE",
            "",
            f"{variable(spec.name)} = ParametricTSNE({', '.join(given)}).fit_transform(X)",
        ]

    def advance(self, most: int | None) -> int:
        """Do an iteration, which is none of parts."""
        self.step()
        return 1

    def step(self) -> None:
        """Do one iteration."""
        with self._lock:
            super().step()

    @property
    def figures(self) -> dict[str, float]:
        """KL at the latest check."""
        kl = math.nan if self._optimizer is None else float(self._optimizer.kl_divergence)
        return {"KL": kl} if math.isfinite(kl) else {}

    @property
    def phase(self) -> str:
        """The phase of the points, or "learning", or how it ended."""
        with self._lock:
            return super().phase

    @property
    def function(self) -> MapFunction | None:
        """The present map as a function of a row; None before there is one. Any thread may ask."""
        from ..parametric.model import MapFunction

        if self._optimizer is None:
            return None
        with self._lock:
            self._optimizer.follow()
            return MapFunction.learned(self._scaling, self._optimizer.learner)

    def placer(self) -> Placer:
        """Return the present map as a function."""
        function = self.function
        if function is None:
            raise NotComputedError("the map is not a function yet")
        return lambda rows: function.transform(rows.matrix, pool=self.shared_work.pool)

    @property
    def estimator(self) -> ParametricTSNE | None:
        """The present map as a fitted estimator; None before there is one."""
        function = self.function
        if function is None:
            return None
        from ..parametric_estimator import ParametricTSNE

        return ParametricTSNE.of(
            function,
            self._optimizer.layout.copy(),
            kl_divergence=float(self._optimizer.kl_divergence),
            n_iter=self.iteration,
            max_iter=self.settings.max_iter,
            n_jobs=self.settings.n_jobs,
            **{name: self.spec[name] for name in _OF_ESTIMATOR},
        )

    def _make_optimizer(self) -> Slices:
        rows = self.shared_work.rows()
        yield from self.shared_work.compile(self.spec, *_MODULES)
        P = yield from self.shared_work.affinities(self.spec)
        if self._finding is None:
            unit, seed = self.spec["metric"] == "cosine", self.spec["random_state"]
            self._finding = WorkAside(partial(_landmarks, rows, unit, seed, self.shared_work.pool))
        self._scaling, landmarks = yield from self._finding.finish(FINDING_LANDMARKS)
        from ..parametric.optimizer import ParametricOptimizer

        if self._resumed is not None:
            resumed = ParametricOptimizer.resume(P, landmarks, self._resumed, self._schedule, **self._forces)
            self._take_up(resumed, P, self._schedule)
            return
        assert self._start is not None
        optimizer = ParametricOptimizer(
            P,
            landmarks,
            self._schedule,
            start=self._start,
            iteration=self._start_iteration,
            **self._forces,
        )
        if self._start_iteration:
            optimizer.limit = self._start_limit
        self._optimizer = optimizer


def _why_not_in(metric: Any, called: str) -> str:
    if isinstance(metric, str) and metric in METRICS:
        return ""
    return f"metric={called!r}: a map that is a function of a row follows 'euclidean' or 'cosine' distance"


def _landmarks(
    rows: np.ndarray, unit: bool, seed: int, pool: Any
) -> Generator[float, None, tuple[Scaling, Landmarks]]:
    from ..parametric.landmarks import Landmarks, find_landmarks, landmarks_for
    from ..parametric.scaling import Scaling

    scaling = Scaling.of(rows, unit=unit)
    scaled = scaling(rows)
    points = yield from find_landmarks(scaled, landmarks_for(len(rows)), seed)
    return scaling, (yield from Landmarks.among(scaled, points, pool))

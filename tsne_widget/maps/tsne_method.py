"""t-SNE as a method: from the shared work to the optimizer."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from ..errors import NotComputedError
from ..parameters.axes import AXES
from ..parameters.axis import Axis
from ..parameters.constants import WHOLE_ITERATIONS_ROWS
from ..parameters.defaults import Settings, schedule_of
from ..tsne.schedule import Schedule
from ..tsne.slices import begun
from ..tsne.state import State
from ..tsne.steps import result_of
from .descent_method import CHANGING, DescentMethod
from .grid import Spec
from .method import Figure, Slices
from .placing import NewRows, Placer
from .remote import RemoteOptimizer
from .sampled_start import FOLLOWING, SampledStart
from .shared_work import SharedWork, Use
from .stages import EXAGGERATING, FITTING, INITIAL_LAYOUT, sent_to
from .work import Progress
from .workers import Workers

if TYPE_CHECKING:
    from ..tsne.nearest import Neighbors

_UNSTABLE = "unstable: lower learning_rate"
#: How an optimization ends, in words.
ENDINGS = {
    "settled": "settled",
    "limit": "not settled yet",
    "unstable": _UNSTABLE,
    "collapsed": "collapsed: lower exaggeration",
}
#: The words for phases that have a different name.
PHASES = {"unstable": _UNSTABLE}


class TSNEMethod(DescentMethod):
    """Gradient descent on the KL divergence, one iteration a step."""

    name = "tsne"
    label = "t-SNE"
    axes = tuple(AXES.values())
    #: Whether workers may make it, if there are any.
    may_go_elsewhere: ClassVar[bool] = True
    #: Whether the map of a sample leads the way to a map of many rows.
    sampled: ClassVar[bool] = True
    told: ClassVar[tuple[Figure, ...]] = (
        Figure("KL", "Kullback-Leibler divergence"),
        Figure("learning rate", "the current one, in scikit-learn's units", shown=False),
    )

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        super().__init__(spec, settings, shared_work)
        # What shows before the start, if a sample leads the way to it.
        self._sampled: SampledStart | None = None
        self._compiled = False

    @classmethod
    def use(cls, spec: Spec, n: int) -> Use:
        """Return what t-SNE needs: its start, and P for a perplexity in range."""
        return Use(spec, None if cls.out_of_range(spec, n) else spec["perplexity"], start=True)

    def prepare(self) -> Slices:
        """Make the initial layout, then everything that the optimizer needs."""
        yield INITIAL_LAYOUT, None
        if self.sampled:
            self._sampled = self.shared_work.sampled_start(self.spec)
        if self._sampled is None:
            self._start = yield from self._initial_layout()
        else:
            yield from self._sampled.begin()
        yield INITIAL_LAYOUT, 1.0
        yield from self._make_optimizer()

    def advance(self, most: int | None) -> int:
        """Do an iteration, or as many as workers have done meanwhile; with many rows, a part of one."""
        if isinstance(self._optimizer, RemoteOptimizer):
            return self._optimizer.advance(most)
        if self.shared_work.n <= WHOLE_ITERATIONS_ROWS:
            return super().advance(most)
        return int(self._optimizer.step_part())

    def close(self) -> None:
        """Order no more slices of workers."""
        if isinstance(self._optimizer, RemoteOptimizer):
            self._optimizer.close()

    def go_back_to(self, points: np.ndarray, iteration: int, limit: int) -> Slices | None:
        """Continue with a new optimizer, whose momentum and gains are fresh too."""
        if np.isnan(points).any():  # a sample is no place to go on from
            return self.prepare()
        return super().go_back_to(points, iteration, limit)

    def placer(self) -> Placer:
        """Return what `TSNE.transform` does, on a copy of the layout."""
        if self.layout is None:
            raise NotComputedError("there is no layout yet")
        if self.sample is not None:
            raise NotComputedError("only a sample of the rows has a place yet")
        return _TSNEPlacer(self.layout.copy(), self.shared_work.pool)

    def now_in_words(self, *, preparing: bool) -> str:
        """Return what the method is doing, for the error message if it fails."""
        if preparing:
            return "before the first iteration" if self.iteration == 0 else "while the perplexity was fitted"
        elsewhere = isinstance(self._optimizer, RemoteOptimizer)
        return f"after iteration {self.iteration}" if elsewhere else f"in iteration {self.iteration + 1}"

    @property
    def layout(self) -> np.ndarray | None:
        """The optimizer's layout, or the one from which it will start, or that of a sample."""
        return super().layout if self._sampled is None else self._sampled.layout

    @property
    def sample(self) -> np.ndarray | None:
        """The rows of the sample that shows; None afterwards."""
        return None if self._sampled is None else self._sampled.rows

    def neighbors(self, spec: Spec) -> Neighbors | None:
        """Return the nearest rows of each row; None as long as a sample shows."""
        return None if self._sampled is not None else super().neighbors(spec)

    @property
    def state(self) -> State | None:
        """The optimizer's state, or the one that it will resume; workers may have a change on its way."""
        state, optimizer = super().state, self._optimizer
        ordered = isinstance(optimizer, RemoteOptimizer) and optimizer.changing
        return state.with_number(CHANGING, True) if state is not None and ordered else state

    @property
    def waits(self) -> bool:
        """Whether a worker makes the next iterations."""
        return isinstance(self._optimizer, RemoteOptimizer) and self._optimizer.waits

    @property
    def iteration(self) -> int:
        """Iterations done, on a sample as long as that shows."""
        return super().iteration if self._sampled is None else self._sampled.iteration

    @property
    def limit(self) -> int:
        """The iteration at which it ends if it has not settled before."""
        return super().limit if self._sampled is None else self._sampled.limit

    @property
    def phase(self) -> str:
        """The optimizer's phase, or how it ended."""
        ended, phase = self._optimizer.ended, self._optimizer.phase
        return PHASES.get(phase, phase) if ended is None else ENDINGS[ended]

    @property
    def ended(self) -> bool:
        """Whether the optimizer has ended."""
        return self._optimizer is not None and self._optimizer.ended is not None

    @property
    def settled(self) -> bool:
        """Whether the map has settled."""
        return self.ended and self._optimizer.ended == "settled"

    @property
    def why(self) -> str:
        """Why the optimizer ended."""
        return self._optimizer.why

    @property
    def advice(self) -> str:
        """What the optimizer advises."""
        return self._optimizer.advice if self.ended else ""

    @property
    def may_go_on(self) -> bool:
        """Whether more iterations would make a better map."""
        return self.ended and self._optimizer.may_go_on

    @property
    def figures(self) -> dict[str, float]:
        """KL at the latest check, and the learning rate."""
        if self._optimizer is None:
            return {}
        kl, rate = float(self._optimizer.kl_divergence), float(self._optimizer.learning_rate)
        return {"KL": kl, "learning rate": rate} if math.isfinite(kl) else {"learning rate": rate}

    def _initial_layout(self) -> Generator[Progress, None, np.ndarray]:
        led = self.shared_work.led(self.spec) if self.sampled else None
        return (yield from self.shared_work.start(self.spec)) if led is None else led

    def _make_optimizer(self) -> Slices:
        if self._sampled is not None:
            yield from self._follow_sample(self._sampled)
        workers = self.shared_work.workers
        if workers is None or workers.gone or not self.may_go_elsewhere:
            yield from self._make_optimizer_here()
        else:
            yield from self._make_optimizer_of(workers)

    def _follow_sample(self, sampled: SampledStart) -> Slices:
        yield from self.shared_work.compile(self.spec, *sampled.modules)
        self._start = yield from self.shared_work.lead(sampled, self.spec)
        self._sampled, self._compiled = None, True
        yield FOLLOWING, 1.0

    def _make_optimizer_of(self, workers: Workers) -> Slices:
        data = yield from self.shared_work.sent(self.spec)
        assert self._start is not None
        state = self._resumed or begun(self._start, self._start_iteration, self._start_limit)
        problem = data, self.spec["perplexity"]
        optimizer = RemoteOptimizer(workers, *problem, self.settings, self._schedule, state)
        if self._changing:
            optimizer.continue_with(*problem, self._schedule)
        sending = sent_to(workers.name)
        while not optimizer.prepare():
            yield sending, None
        self._changing = False
        self._take_up(optimizer)

    def _make_optimizer_here(self) -> Slices:
        if not self._compiled:
            yield from self.shared_work.compile(self.spec)
        P = yield from self.shared_work.affinities(self.spec)
        from ..tsne.optimizer import Optimizer  # it takes seconds to load the first time

        if self._resumed is not None:
            self._take_up(
                Optimizer.resume(P, self._resumed, self._schedule, **self._forces), P, self._schedule
            )
            return
        assert self._start is not None
        optimizer = Optimizer(P, self._start, self._schedule, iteration=self._start_iteration, **self._forces)
        optimizer.limit = self._start_limit
        self._optimizer = optimizer

    def _change(self, changed: Sequence[Axis]) -> Slices:
        fitting = any(axis.decides == "affinities" for axis in changed)
        yield FITTING if fitting else EXAGGERATING, None
        if isinstance(self._optimizer, RemoteOptimizer):
            data = yield from self.shared_work.sent(self.spec)
            self._optimizer.continue_with(data, self.spec["perplexity"], self._schedule)
        else:
            P = yield from self.shared_work.affinities(self.spec)
            self._optimizer.continue_with(P, self._schedule)

    @property
    def _forces(self) -> dict[str, Any]:
        """How the optimizer computes forces."""
        settings = self.settings
        return {"pool": self.shared_work.pool, "repulsion": settings.method, "angle": settings.angle}

    @property
    def _schedule(self) -> Schedule:
        return replace(schedule_of(self.settings), exaggeration=self.spec["exaggeration"])


class _TSNEPlacer:
    """Lets new rows descend on a fixed layout."""

    def __init__(self, Y: np.ndarray, pool: Any):
        self._layout, self._pool = Y, pool

    def __call__(self, rows: NewRows) -> np.ndarray:
        """Return the positions, as `TSNE.transform` does by default."""
        from ..tsne import transform

        Y, n = self._layout, len(self._layout)
        if n / 3 < transform.PERPLEXITY:
            raise NotComputedError(
                f"placing needs at least {math.ceil(3 * transform.PERPLEXITY)} rows of data: there are {n}"
            )
        nearest = rows.nearest(transform.neighbors_used(n, transform.PERPLEXITY))
        field = transform.field_of(Y, self._pool)
        return result_of(
            transform.place(
                nearest,
                Y,
                perplexity=transform.PERPLEXITY,
                max_iter=transform.MAX_ITER,
                field=field,
                pool=self._pool,
            )
        )

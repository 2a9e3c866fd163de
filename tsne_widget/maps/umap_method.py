"""UMAP's objective as a method, stepped live."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..errors import NotComputedError
from ..parameters.axis import Axis
from ..parameters.defaults import Settings
from ..parameters.metric import is_precomputed
from ..umap.start import in_square
from .descent_method import DescentMethod
from .grid import Spec
from .method import Figure, Slices
from .placing import NewRows, Placer
from .shared_work import SharedWork, Use
from .stages import INITIAL_LAYOUT, Stage
from .umap_axes import MIN_DIST, N_NEIGHBORS, UMAP_AXES
from .work import Progress, WorkAside
from .written import variable, written_value

WEIGHING = Stage("weights", "weighting the neighbours", "neighbours weighted")
CURVE = Stage("optimising", short=True)
_MODULES = (
    "scipy.optimize",
    "tsne_widget.umap.spectral",
    "tsne_widget.umap.descent",
    "tsne_widget.umap.weights",
    "tsne_widget.umap.place",
)


class UMAPMethod(DescentMethod):
    """Stochastic gradient descent on UMAP's cross entropy, one epoch a step.

    It has the weights, the curve, the steps and the numbers of umap-learn, but kernels of its own, because
    `umap.UMAP` cannot be stepped. Its maps differ from those of umap-learn about as two seeds do.
    """

    name = "umap"
    label = "UMAP"
    about = "UMAP's objective, stepped live by this widget; umap.UMAP() is umap-learn itself"
    axes = UMAP_AXES
    defaults = {"n_neighbors": N_NEIGHBORS, "min_dist": MIN_DIST, "init": "spectral"}  # noqa: RUF012 # constant
    told = (Figure("learning rate", "the current one, from 1 down to 0", shown=False),)

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        super().__init__(spec, settings, shared_work)
        self._passes: Any = None
        self._start_limit = 0

    @classmethod
    def use(cls, spec: Spec, n: int) -> Use:
        """Return what UMAP needs: neighbours, and a start unless it is spectral."""
        if cls.out_of_range(spec, n):
            return Use(spec)
        return Use(spec, start=not _is_spectral(spec), neighbors=spec["n_neighbors"] - 1)

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return the code that makes a similar map with umap-learn."""
        names = ("n_neighbors", "min_dist", "random_state")
        given = [f"{name}={spec[name]!r}" for name in names]
        if spec["metric"] != "euclidean":
            given.append(f"metric={written_value('metric', spec.values['metric'])}")
        if not _is_spectral(spec):
            given.append(f"init={written_value('init', spec.values['init'])}")
        return [
            f"# {spec.name}; a similar map by umap-learn (another local minimum).",
            "from umap import UMAP",
            "",
            f"{variable(spec.name)} = UMAP({', '.join(given)}).fit_transform(X)",
        ]

    def prepare(self) -> Slices:
        """Make the start, as far as it is known before the neighbours; then everything else."""
        if not _is_spectral(self.spec):
            yield INITIAL_LAYOUT, None
            places = yield from self.shared_work.start(self.spec)
            self._start = in_square(places, self.spec["random_state"])
            yield INITIAL_LAYOUT, 1.0
        yield from self._make_optimizer()

    def placer(self) -> Placer:
        """Return the descent of new rows on a copy of the layout, as umap-learn's `transform` does it."""
        if self.layout is None:
            raise NotComputedError("there is no layout yet")
        return partial(_placed, Y=self.layout.copy(), spec=self.spec, pool=self.shared_work.pool)

    def now_in_words(self, *, preparing: bool) -> str:
        """Return what the method is doing, for the error message if it fails."""
        return "before the next epoch" if preparing else f"in epoch {self.iteration + 1}"

    @property
    def phase(self) -> str:
        """The state of the descent."""
        return "finished" if self.ended else "optimising"

    @property
    def ended(self) -> bool:
        """Whether all epochs are done."""
        return self._optimizer is not None and self._optimizer.ended

    @property
    def settled(self) -> bool:
        """Whether all epochs are done: UMAP has no other end."""
        return self.ended

    @property
    def why(self) -> str:
        """Why it ended."""
        return "all epochs are done, and the learning rate has fallen to 0"

    @property
    def figures(self) -> dict[str, float]:
        """The learning rate."""
        return {} if self._optimizer is None else {"learning rate": self._optimizer.learning_rate}

    def _make_optimizer(self) -> Slices:
        yield from self.shared_work.compile(self.spec, *_MODULES)
        weights = yield from self._weigh()
        if self._start is None:
            layout = yield from self._spectral_layout(weights)
            self._start = in_square(layout, self.spec["random_state"])
            yield INITIAL_LAYOUT, 1.0
        from ..umap.curve import fitted_curve
        from ..umap.descent import Descent

        curve = fitted_curve(self.spec["min_dist"])
        how: dict[str, Any] = {"pool": self.shared_work.pool, "seed": self.spec["random_state"]}
        if self._resumed is None:
            how |= {"epoch": self._start_iteration, "limit": self._start_limit}
            self._optimizer = Descent(self._passes, curve, self._start, **how)
            return
        self._take_up(Descent.resume(self._passes, curve, self._resumed, **how), self._passes, curve)

    def _change(self, changed: Sequence[Axis]) -> Slices:
        weigh = any(axis.decides == "affinities" for axis in changed)
        yield WEIGHING if weigh else CURVE, None
        if weigh:
            yield from self._weigh()
        from ..umap.curve import fitted_curve

        self._optimizer.continue_with(self._passes, fitted_curve(self.spec["min_dist"]))

    def _weigh(self) -> Generator[Progress, None, Any]:
        """Weight the neighbours, and deal the edges out to passes; return the weights."""
        count = self.spec["n_neighbors"]
        neighbors = yield from self.shared_work.nearest(self.spec, count - 1, f"n_neighbors={count}")
        work = WorkAside(partial(_weights, neighbors, count, self.shared_work.pool))
        weights, self._passes = yield from work.finish(WEIGHING)
        return weights

    def _spectral_layout(self, weights: Any) -> Generator[Progress, None, np.ndarray]:
        places = None
        if not is_precomputed(self.spec["metric"]):
            places = yield from self.shared_work.start(self.spec.with_value("init", "pca"))
        return (yield from WorkAside(partial(_spectral_layout, weights, places)).finish(INITIAL_LAYOUT))


def _is_spectral(spec: Spec) -> bool:
    init = spec["init"]
    return isinstance(init, str) and init == "spectral"


def _weights(neighbors: Any, count: int, pool: Any) -> Generator[float | None, None, Any]:
    from ..umap.descent import epochs_for
    from ..umap.epoch import dealt
    from ..umap.weights import fuzzy_weights, without_slight

    yield None
    weights = without_slight(fuzzy_weights(neighbors, count, pool), epochs_for(len(neighbors.indices)))
    yield None
    return weights, dealt(weights)


def _placed(rows: NewRows, *, Y: np.ndarray, spec: Spec, pool: Any) -> np.ndarray:
    from ..umap.curve import fitted_curve
    from ..umap.place import place

    nearest, curve = rows.nearest(spec["n_neighbors"]), fitted_curve(spec["min_dist"])
    return place(nearest, Y, curve, pool=pool, seed=spec["random_state"])


def _spectral_layout(weights: Any, places: np.ndarray | None) -> Generator[float | None, None, np.ndarray]:
    from ..umap.spectral import spectral_layout

    yield None
    return spectral_layout(weights, places)

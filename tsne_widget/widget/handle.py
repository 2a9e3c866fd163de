"""One map of a widget, as Python users see it."""

from __future__ import annotations

from typing import Any, Generic, Literal, Protocol, TypeVar

import numpy as np

from ..errors import NotComputedError
from ..failure import error_in_words
from ..honesty.findings import FoundGap
from ..honesty.report import Report
from ..honesty.verdict import Verdict
from ..maps.grid import Grid, Spec
from ..maps.keyframes import Keyframe
from ..maps.methods import method_of
from ..maps.run import Run
from ..maps.session import Pause, Play, Recover, Restart, Resume, RunCommand, Step
from ..maps.status import Layout
from ..measures.group_distances import GroupDistances
from ..parameters.axes import AXES
from ..parameters.constants import LINEUP_PANELS, STEP_ITERATIONS
from ..parameters.defaults import Settings
from ..parameters.limits import Limit
from ..wire.protocol import Remove
from .lineup import LineUp

Value = TypeVar("Value")


class Relations(Protocol):
    """What can be told of one map and the data."""

    def neighbors(self, i: Any, k: int | None, space: Any, run: RunHandle) -> np.ndarray:
        """Return the nearest rows of a row on one map, or in the original space in its metric."""

    def isolated_rows(self, spec: Spec) -> np.ndarray:
        """Return the rows that have no neighbours in the metric of a map."""

    def distances_between(self, run: RunHandle, by: str | None) -> GroupDistances:
        """Compare distances between labels or groups on one map with those in the original space."""


class Measurer(Protocol):
    """What can be measured of one map."""

    def measure_on(self, run: RunHandle, name: Any, row: Any) -> np.ndarray:
        """Return a value for each row."""


class MapReadings(Protocol):
    """What may be read from one map."""

    def verdict(self, run: RunHandle, a: Any, b: Any) -> Verdict:
        """Tell whether two groups are apart in the data."""

    def gaps(self, run: RunHandle) -> tuple[FoundGap, ...]:
        """Tell of each gap of a map whether the data have it."""

    def report(self, run: RunHandle, by: str | None) -> Report:
        """Tell what may be read."""

    def lineup(self, run: RunHandle, n: Any, seed: Any) -> LineUp:
        """Put a map among maps of noise."""


class Owner(Protocol):
    """What a handle needs from its widget's maps."""

    grid: Grid
    n_rows: int
    relations: Relations
    measurer: Measurer
    readings: MapReadings

    @property
    def closed(self) -> bool:
        """Whether the widget is closed."""

    def run_of(self, run: int) -> Run | None:
        """Return a run by its id; None until the engine has taken it up."""

    def title_of(self, run: int) -> str:
        """Return the title that tells a run from the others."""

    def settings_of(self, spec: Spec) -> Settings:
        """Return the parameters of a run; an axis that does not apply to it is None."""

    def for_given_rows(self, spec: Spec, estimator: Any) -> Any:
        """Return an estimator that takes rows in the user's own units."""

    def change(self, run: int, name: str, value: Any) -> None:
        """Set a parameter of a run."""

    def do(self, wish: RunCommand | Remove) -> None:
        """Do what the user asks for."""


class _AxisOfMap(Generic[Value]):
    """A parameter of one map that may differ between the maps of its widget."""

    def __init__(self, doc: str):
        self.__doc__ = f"""{doc}

        Raises
        ------
        NotComputedError
            It does not apply to the map's method.
        InvalidValueError, InvalidTypeError
            When set: it is not allowed, or another map of the widget would be the same.
        """

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, handle: RunHandle | None, _owner: type) -> Value:
        if handle is None:
            return self  # type: ignore[return-value] # of the class: help() asks for it
        value: Value = handle._axis(self._name)
        return value

    def __set__(self, handle: RunHandle, value: Value | None) -> None:
        handle._axis(self._name)  # it applies
        handle._owner.change(handle.id, self._name, value)


class RunHandle:
    """One map of a widget, from `w.runs`; it stays valid when others come and go.

    Any use of a removed map raises NotRunningError, and so does any command to a map out of range.
    """

    __slots__ = ("_owner", "_run")

    def __init__(self, owner: Owner, run: int):
        self._owner, self._run = owner, run

    @property
    def id(self) -> int:
        """The number that the map keeps for life."""
        return self._run

    # --- parameters ---------------------------------------------------------------------------------

    metric = _AxisOfMap[Any](
        "Name of the metric, or a function of two rows; if you set it, the map restarts."
    )
    perplexity = _AxisOfMap[float](
        "Effective number of neighbours; if you set it, the map continues from the current layout."
    )
    random_state = _AxisOfMap[int](
        "Seed from 0 to 2**32 - 1; if you set it, the map restarts, and None draws one."
    )
    exaggeration = _AxisOfMap[float](
        "Factor on the attraction; if you set it, the map continues from the current layout."
    )
    init = _AxisOfMap[Any]("Initial layout: 'pca', 'random' or coordinates; if you set it, the map restarts.")

    @property
    def method(self) -> str:
        """What made the map: 't-SNE', 'PCA', the class of an estimator."""
        return method_of(self._spec).label_of(self._spec)

    @property
    def settings(self) -> Settings:
        """The parameters in force: the widget's, with this map's values of what may differ between maps.

        One that does not apply to the map's method, such as PCA's perplexity, is None.
        """
        return self._owner.settings_of(self._spec)

    @property
    def title(self) -> str:
        """What tells this map from the others of the widget: 'perplexity 5', 'seed 1, PCA', ..."""
        return self._owner.title_of(self._run)

    # --- results ------------------------------------------------------------------------------------

    @property
    def embedding_(self) -> np.ndarray:
        """The current layout: float32 of shape (n_samples, 2), a copy.

        Coordinates that you gave, or that an estimator returned, are as they came: float32 or float64, NaN
        where a row has no place.
        """
        layout = self._computed("embedding_", self._result("layout"))
        return (layout.points if layout.as_given is None else layout.as_given).copy()

    @property
    def estimator_(self) -> Any:
        """The fitted estimator that makes the map: a clone of the one that you gave.

        Of `beside="parametric"` it is a `ParametricTSNE`, the map as it is now. With ``standardize=True`` it
        is the last step of a `Pipeline`, which takes rows in your own units.

        Raises
        ------
        NotComputedError
            No estimator makes this map, or its fit has not ended.
        """
        found = self._result("estimator")
        if found is None and self._result("layout") is not None and not why_empty(self):
            raise NotComputedError(
                f"{self.title} has no estimator_: no estimator makes it, or it is being fitted"
            )
        return self._owner.for_given_rows(self._spec, self._computed("estimator_", found))

    @property
    def figures(self) -> dict[str, float]:
        """The figures that its method reports about the map, as far as they are known: {'KL': 0.74, ...}."""
        return dict(self._of_status("figures") or {})

    @property
    def kl_divergence_(self) -> float:
        """Kullback-Leibler divergence of the layout, without exaggeration; of t-SNE alone."""
        return self._figure("kl_divergence_", "KL")

    @property
    def n_iter_(self) -> int:
        """Iterations done."""
        return self._computed("n_iter_", self._result("layout")).iteration

    @property
    def learning_rate_(self) -> float:
        """The learning rate in force, in scikit-learn's units; of t-SNE alone."""
        return self._figure("learning_rate_", "learning rate")

    @property
    def neighbors_kept_(self) -> float:
        """Share of a point's 10 nearest neighbours that the map keeps as such, from 0 to 1.

        The mean over all points, known once the map rests and the neighbours have been searched.
        """
        return self._computed("neighbors_kept_", self._of_status("neighbors_kept"))

    @property
    def history(self) -> tuple[Keyframe, ...]:
        """How the map came about since its last start, initial layout first; empty before that.

        Keyframes are a few iterations apart at first and after a change of perplexity, then farther and
        farther: at most 100, fewer if more than 160,000 rows would fill memory. Each takes four bytes a row.
        The last one of a map that has ended is the map.
        """
        return self._result("keyframes") or ()

    def neighbors(
        self, i: int, k: int | None = None, space: Literal["original", "map"] = "map"
    ) -> np.ndarray:
        """Return the positions of a row's nearest rows, nearest first; see the widget's.

        On this map, or in the original space in the metric of this map.
        """
        return self._owner.relations.neighbors(i, k, space, self)

    @property
    def isolated_rows(self) -> np.ndarray:
        """The rows that have no neighbours in the metric of this map; see the widget's."""
        return self._owner.relations.isolated_rows(self._spec)

    def measure(self, name: str, *, row: int | None = None) -> np.ndarray:
        """Return a number for each row, for this map and its metric; see `TSNEWidget.measure`.

        Raises
        ------
        InvalidValueError
            Also if the measure compares maps.
        """
        return self._owner.measurer.measure_on(self, name, row)

    def group_distances(self, by: str | None = None) -> GroupDistances:
        """Compare the distances between labels, or groups, on this map with those in the original space.

        See `TSNEWidget.group_distances`.
        """
        return self._owner.relations.distances_between(self, by)

    def verdict(self, a: Any, b: Any = None) -> Verdict:
        """Tell whether two groups are apart in the data, by this map's metric; see `TSNEWidget.verdict`."""
        return self._owner.readings.verdict(self, a, b)

    def gaps(self) -> tuple[FoundGap, ...]:
        """Tell of each gap of this map whether the data have it; see `TSNEWidget.gaps`."""
        return self._owner.readings.gaps(self)

    def report(self, by: str | None = None) -> Report:
        """Tell what may be read from this map, and what not; see `TSNEWidget.report`."""
        return self._owner.readings.report(self, by)

    def lineup(self, n: int = LINEUP_PANELS, seed: int | None = None) -> LineUp:
        """Put this map among maps of noise, in random order, to pick from; see `TSNEWidget.lineup`."""
        return self._owner.readings.lineup(self, n, seed)

    @property
    def status(self) -> str:
        """The state of the map, in the words of the view: 'optimising', 'settled', 'out of range', ..."""
        return self._of_status("stage") or "initial layout"

    @property
    def settled(self) -> bool:
        """Whether the map has come to rest by itself."""
        return bool(self._of_status("settled"))

    @property
    def iteration(self) -> int:
        """Iterations done; 0 before the first."""
        return self._of_status("iteration") or 0

    # --- commands -----------------------------------------------------------------------------------

    def start(self) -> RunHandle:
        """Start or continue; a map that has ended runs until it settles again, or for `max_iter` more."""
        return self._do(Play(self._run))

    def pause(self) -> RunHandle:
        """Pause after the current iteration, keeping momentum and gains."""
        return self._do(Pause(self._run))

    def resume(self) -> RunHandle:
        """Continue after a pause; a map that has ended stays as it is."""
        return self._do(Resume(self._run))

    def step(self, n: int = STEP_ITERATIONS) -> RunHandle:
        """Do n more iterations, then pause."""
        return self._do(Step(Limit(1, integer=True).check("n", n), self._run))

    def restart(self) -> RunHandle:
        """Restart from the initial layout, with the current parameters."""
        return self._do(Restart(self._run))

    def recover(self) -> RunHandle:
        """Return to the last good layout after a failure, and pause there.

        `resume()` continues from there: with fresh momentum, or as before if only workers were lost.

        Raises
        ------
        NotRunningError
            The map has not failed, or it has no layout to return to.
        """
        return self._do(Recover(self._run))

    def remove(self) -> None:
        """Remove the map from its widget.

        Raises
        ------
        NotRunningError
            It is the last one.
        InvalidValueError
            All others are out of range.
        """
        self._do(Remove(self._run))

    def __getattr__(self, name: str) -> Any:
        """Return a parameter that only the map's method has."""
        if hasattr(type(self), name) or name not in self._own:
            return object.__getattribute__(self, name)  # it raises what it raised before
        return self._axis(name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a parameter, also one that only the map's method has."""
        if hasattr(type(self), name) or name not in self._own:
            super().__setattr__(name, value)
        else:
            self._owner.change(self._run, name, value)

    def __dir__(self) -> list[str]:
        """List also the parameters that only the map's method has."""
        return [*super().__dir__(), *(self._own if self._run in self._owner.grid.runs else [])]

    def __repr__(self) -> str:
        if self._run not in self._owner.grid.runs:
            return "RunHandle(removed)"
        return f"RunHandle({in_words(self)})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RunHandle) and (self._owner, self._run) == (other._owner, other._run)

    def __hash__(self) -> int:
        return hash((id(self._owner), self._run))

    # --- inside -------------------------------------------------------------------------------------

    @property
    def _spec(self) -> Spec:
        return self._owner.grid.spec(self._run)

    @property
    def _own(self) -> list[str]:
        """The parameters that only the map's method has."""
        return [name for name in self._spec.values if name not in AXES]

    def _do(self, wish: RunCommand | Remove) -> RunHandle:
        self._owner.do(wish)
        return self

    def _axis(self, name: str) -> Any:
        if name not in self._spec.values:
            raise NotComputedError(f"{name} does not apply to {self.title}")
        return self._spec[name]

    def _figure(self, result: str, name: str) -> float:
        method = method_of(self._spec)
        if name not in [figure.name for figure in method.told]:
            raise NotComputedError(f"{self.title} has no {result}, only t-SNE has; see figures")
        return self._computed(result, self.figures.get(name))

    def _of_status(self, name: str) -> Any:
        return getattr(self._result("status"), name, None)

    @property
    def _failed(self) -> bool:
        return self._of_status("kind") == "failed"

    @property
    def _why_never(self) -> str:
        """Say why nothing more will be known of the map as it is; empty if it goes on."""
        if self._failed:
            return f"{self.title} failed: {error_in_words(self._result('error'))}"
        return f"{self.title} was closed before" if self._owner.closed else ""

    def _result(self, name: str) -> Any:
        """Return a fact about the run; None until the engine has taken it up."""
        self._owner.grid.spec(self._run)  # it is there
        return getattr(self._owner.run_of(self._run), name, None)

    def _computed(self, name: str, value: Any) -> Any:
        if value is not None:
            return value
        why = why_empty(self) or self._why_never
        if why:
            raise NotComputedError(f"there is no {name}: {why}")
        raise NotComputedError(f"{name} of {self.title!r} is not known yet: wait() waits for it")


def in_words(handle: RunHandle) -> str:
    """Say which map it is, and its state."""
    return f"{handle.title}: {state_in_words(handle)}"


def state_in_words(handle: RunHandle) -> str:
    """Say the state of a map."""
    method = method_of(handle._spec)
    at = f" at iteration {handle.iteration}" if method.live else ""
    return ", ".join(filter(None, [handle.status + at, method.figures_in_words(handle.figures)]))


def unsettled_mark(handle: RunHandle) -> str:
    """Return the mark for an unsettled map; empty if it settled, or never starts."""
    return "" if handle.settled or why_empty(handle) else "NOT SETTLED: "


def why_empty(handle: RunHandle) -> str:
    """Say why a map is out of range; empty if it is not."""
    return method_of(handle._spec).out_of_range(handle._spec, handle._owner.n_rows)


def layout_of(handle: RunHandle) -> np.ndarray:
    """Return the newest layout of a map, float32, NaN where a row has no place; never to be changed."""
    return newest_layout(handle).points


def newest_layout(handle: RunHandle) -> Layout:
    """Return the same with its moment; raise NotComputedError if there is none."""
    layout: Layout = handle._computed("embedding_", handle._result("layout"))
    return layout

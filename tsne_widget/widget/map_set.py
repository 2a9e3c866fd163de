"""The maps of a widget: which there are, how they change, which is the reference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..data import Source, copied_params
from ..errors import InvalidValueError, NotRunningError, SeveralRunsError, invalid_type, invalid_value
from ..maps.beside import check_beside
from ..maps.estimator_method import fit_in_this_thread
from ..maps.grid import Grid, Spec
from ..maps.methods import method_of, renamed
from ..maps.session import Arrange, Recover, Restart, RunCommand
from ..maps.titles import caption, title
from ..parameters.axes import AXES, check_axis, check_values
from ..parameters.axis import Axis, Facts
from ..parameters.checks import check_settings
from ..parameters.defaults import Settings
from ..parameters.given import plain
from ..parameters.init import default_init
from ..parameters.limits import Limit, check_yes_or_no, several_of
from ..parameters.perplexity import weights_in_words
from ..wire import protocol, traits
from .driver import Driver
from .handle import MapReadings, Measurer, Relations, RunHandle, why_empty

#: An axis, and the values that a user gives.
GivenValues = tuple[Axis, Sequence[Any]]


class MapSet:
    """The maps of a widget.

    Parameters
    ----------
    shown : object
        The widget's traits.
    driver : Driver
        Sends commands to the session.
    source : Source
        The data.
    given : mapping
        All parameters as the user gave them; they are checked here.

    Attributes
    ----------
    grid : Grid
        Which maps there are.
    given : Settings
        All parameters as the user gave them; some may have changed since.
    first_reference : int
        The map that others are aligned with at first.
    relations, measurer, readings : object
        The parts that compute numbers for a handle; set once the widget is put together.
    """

    relations: Relations
    measurer: Measurer
    readings: MapReadings

    def __init__(self, shown: Any, driver: Driver, source: Source, given: Mapping[str, Any]):
        self._shown, self._driver, self._source = shown, driver, source
        self.n_rows, self.run_of = source.n, driver.run_of
        params = copied_params(given["metric_params"])
        metrics = several_of(given["metric"]) or [given["metric"]]
        self.facts = Facts(
            source.n,
            source.distances,
            source.index,
            check_yes_or_no("init_scale", given["init_scale"]),
            given["affinity"],
            lambda: source.matrix,
            params,
            given["neighbors"],
            metrics[0] if len(metrics) == 1 else None,
            lambda: source.embeddings,
        )
        init = default_init(given["metric"]) if given["init"] is None else given["init"]
        axes = {name: self._check_axis(name, {**given, "init": init}[name]) for name in AXES}
        self.grid = Grid().product(axes)
        things = self._things(given["beside"])
        self.grid = self.grid.with_beside(check_beside(things, self.grid.of_tsne[0].spec, self.facts))
        first = {name: plain(values[0]) for name, values in axes.items()}
        settings = {name: value for name, value in given.items() if name != "beside"}
        self.given = check_settings({**settings, **first, "metric_params": params}, source.matrix)
        self._check_grid(self.grid, [(AXES[name], values) for name, values in axes.items()])
        self.first_reference = self.in_range[0]
        self._fit_in_cell(spec for _, spec in self.grid.entries)

    def restore(self, grid: Grid, reference: int) -> None:
        """Be the maps of another widget of the same data, before there are any others."""
        self.grid, self.first_reference = grid, reference
        first = {name: plain(value) for name, value in grid.spec(grid.of_tsne[0].run).values.items()}
        self.given = replace(self.given, **{name: first[name] for name in AXES})

    # --- which there are ----------------------------------------------------------------------------

    @property
    def handles(self) -> tuple[RunHandle, ...]:
        """A handle of each map, in the order of the panels."""
        return tuple(RunHandle(self, run) for run in self.grid.runs)

    def for_given_rows(self, spec: Spec, estimator: Any) -> Any:
        """Return an estimator that takes rows in the user's own units: behind the scaler, if there is one."""
        standard = self._source.standard
        if standard is None or method_of(spec).in_own_units:
            return estimator
        from sklearn.pipeline import make_pipeline

        return make_pipeline(standard.scaler, estimator)

    @property
    def closed(self) -> bool:
        """Whether the widget is closed."""
        return self._driver.closed

    @property
    def beside(self) -> dict[str, Spec]:
        """The maps beside t-SNE, by name."""
        return {name: entry.spec for name, entry in self.grid.beside.items()}

    @property
    def live(self) -> list[RunHandle]:
        """The maps that iterate, and so have a history."""
        return [run for run in self.handles if method_of(self.grid.spec(run.id)).live]

    @property
    def in_range(self) -> list[int]:
        """The ids of the maps in range."""
        return [run.id for run in self.handles if not why_empty(run)]

    def only(self, name: str) -> RunHandle:
        """Return the only map; raise SeveralRunsError if there are several, which could all have `name`."""
        handles = self.handles
        if len(handles) > 1:
            raise SeveralRunsError(f"the widget shows {len(handles)} maps: ask w.runs[0].{name}")
        return handles[0]

    def with_layouts(self) -> list[RunHandle]:
        """Return the maps that have a layout."""
        return [run for run in self.handles if hasattr(run, "n_iter_")]

    def title_of(self, run: int) -> str:
        """Return the title that tells a run from the others."""
        of_tsne = not self.grid.spec(run).name
        words = title(self.grid, run), weights_in_words(self.given) if of_tsne else ""
        return ", ".join(filter(None, words))

    def settings_of(self, spec: Spec) -> Settings:
        """Return the parameters of a run; an axis that does not apply to it is None."""
        return replace(self.settings, **{name: plain(spec.values.get(name)) for name in AXES})

    @property
    def settings(self) -> Settings:
        """All parameters in force; a tuple of the distinct values if maps differ."""
        names = ("align", "height", "point_size", "opacity", "advice", "show_names", "show_images")
        looks = {name: getattr(self._shown, name) for name in names}
        return replace(self.given, **self.axes, **looks)

    @property
    def axes(self) -> dict[str, Any]:
        """The value of each axis, or a tuple of the distinct ones if maps differ."""
        distinct = {name: tuple(map(plain, self.grid.distinct(name))) for name in AXES}
        return {name: values[0] if len(values) == 1 else values for name, values in distinct.items()}

    @property
    def traits(self) -> dict[str, Any]:
        """The traits that tell clients about the maps."""
        return {
            "_axes": traits.axes_trait(self.facts, self.grid),
            "_runs": traits.runs_trait(self.facts, self.grid),
            "_caption": caption(self.grid, self.n_rows),
            "_incomparable": traits.incomparable_trait(self.grid),
        }

    @property
    def status(self) -> str:
        """The state of the maps: one word if they agree, else how many are in each state."""
        words = Counter(run.status for run in self.handles)
        if len(words) == 1:
            return next(iter(words))
        return ", ".join(f"{count} {word}" for word, count in words.most_common())

    def rows_of(self, run: int) -> np.ndarray | None:
        """Return the rows that a map is made of; None: all."""
        known = self.run_of(run)
        return None if known is None else known.rows

    def position_of(self, name: str, value: Any, allowed: str) -> Any:
        """Return the position of a map of this widget; return anything but a map as it is."""
        if not isinstance(value, RunHandle):
            return value
        if value not in self.handles:
            raise invalid_value(name, value, allowed)
        return self.handles.index(value)

    @property
    def reference_spec(self) -> Spec:
        """The spec of the reference, whose metric is that of the widget as a whole."""
        return self.grid.spec(self._shown._reference)

    # --- the reference ------------------------------------------------------------------------------

    @property
    def reference(self) -> int:
        """Position of the map that the others are aligned with."""
        return self.grid.runs.index(self._shown._reference)

    def set_reference(self, position: Any) -> None:
        """Align the others with the map at a position, or with one of `handles`."""
        with self._driver.lock:
            runs = self.grid.runs
            limit = Limit(0, len(runs) - 1, integer=True)
            position = self.position_of("reference", position, f"{limit}, or one of w.runs")
            self._shown._reference = runs[limit.check("reference", position)]

    def check_reference(self, run: Any) -> int:
        """Return the id of a run that is in range."""
        if type(run) is not int or run not in self.in_range:
            raise invalid_value("reference", run, f"a map in range, one of the runs {self.in_range}")
        return run

    # --- changes ------------------------------------------------------------------------------------

    def compare(self, values: Mapping[str, Any], beside: Any = None, *, quiet: bool = False) -> None:
        """Show a map for each combination of values, and those beside; without any, the reference alone."""
        with self._driver.lock:
            self._driver.require_open()
            given = {
                name: self._check_axis(name, value) for name, value in values.items() if value is not None
            }
            grid = self.grid
            if beside is not None:
                first = grid.of_tsne[0].spec
                for name, some in given.items():
                    first = first.with_value(name, some[0])
                grid = grid.with_beside(check_beside(self._things(beside), first, self.facts, self.beside))
            if given:
                grid = grid.product(given)
            elif beside is None:
                of_tsne = [entry.run for entry in grid.of_tsne if entry.run in self.in_range]
                reference = self._shown._reference
                grid = grid.keep(reference if reference in of_tsne else of_tsne[0])
            self._rearrange(grid, [(AXES[name], some) for name, some in given.items()], quiet)

    def begin_with(self, spec: Spec) -> None:
        """Let one more map stand beside those of t-SNE from the start."""
        self.grid = self.grid.with_beside((*self.beside.values(), spec))

    def set_beside(self, beside: Any) -> None:
        """Replace the maps beside those of t-SNE."""
        self.compare({}, () if beside is None else beside)

    def change(self, run: int | None, name: str, value: Any, *, quiet: bool = False) -> None:
        """Set an axis of one map, or of all; several values for all are combined with those of other axes."""
        with self._driver.lock:
            self._driver.require_open()
            spec = self.grid.of_tsne[0].spec if run is None else self.grid.spec(run)
            axis = _axis_of(spec, name)
            values = check_values(axis, value, self.facts)
            if len(values) > 1 and run is not None:
                raise invalid_type(name, value, "a single value, as this is one map")
            if len(values) > 1:
                grid = self.grid.product({name: values})
            elif run is None:
                grid = self.grid.change_all(name, values[0])
            else:
                grid = renamed(self.grid.change_one(run, name, values[0]), run, spec)
            self._rearrange(grid, [(axis, values)], quiet)

    def do(self, wish: RunCommand | protocol.Keep | protocol.Remove, *, in_cell: bool = True) -> None:
        """Do what the user asks for, in a cell or in a view."""
        with self._driver.lock:
            self._driver.require_open()
            match wish:
                case protocol.Keep(run):
                    self._rearrange(self.grid.keep(run))
                case protocol.Remove(run):
                    self._rearrange(self.grid.remove(run))
                case Recover(run):
                    self._require_way_back(run)
                    self._driver.send(wish)
                case _:
                    if wish.run is not None:
                        self._require_possible(wish.run, wish)
                    if in_cell and isinstance(wish, Restart):
                        self._fit_in_cell(spec for run, spec in self.grid.entries if wish.run in (None, run))
                    self._driver.send(wish)

    # --- inside -------------------------------------------------------------------------------------

    def _rearrange(self, grid: Grid, given: Sequence[GivenValues] = (), quiet: bool = False) -> None:
        """Replace the grid, and show it in the traits; `given` are the values that the user gave."""
        self._check_grid(grid, given, quiet)
        self._fit_in_cell(spec for run, spec in grid.entries if run not in self.grid.runs)
        self.grid = grid
        in_range, reference = self.in_range, self._shown._reference
        reference = reference if reference in in_range else in_range[0]
        self._shown._show_maps(self.axes, {**self.traits, "_reference": reference})
        self._driver.send(Arrange(grid.entries))

    def _check_grid(self, grid: Grid, given: Sequence[GivenValues], quiet: bool = False) -> None:
        """Refuse values that do not go together, or that the data cannot serve; warn of those given."""
        for name, axis in AXES.items():
            axis.together(grid.distinct(name), self.facts)
        for axis, values in given:
            axis.require(values, self.given, self.facts)
        if not quiet:
            for axis, values in given:
                axis.warn(values, self.n_rows)

    def _fit_in_cell(self, specs: Iterable[Spec]) -> None:
        """Fit those estimators now that must not be fitted beside the user's cells."""
        for spec in specs:
            fit_in_this_thread(spec, lambda: self._source.matrix)

    def _things(self, beside: Any) -> Any:
        """Return what makes maps, in place of the maps of a widget."""
        if isinstance(beside, Mapping):
            return {name: self._thing(value) for name, value in beside.items()}
        return [*map(self._thing, beside)] if isinstance(beside, (list, tuple)) else self._thing(beside)

    def _thing(self, value: Any) -> Any:
        """Return the spec of a map beside our t-SNE maps, the coordinates of any other map."""
        if not isinstance(value, RunHandle):
            return value
        ours = value in self.handles and value.id in [run for run, _ in self.grid.beside.values()]
        return self.grid.spec(value.id) if ours else value.embedding_

    def _require_possible(self, run: int, wish: RunCommand) -> None:
        why = why_empty(RunHandle(self, run))
        if why:
            raise NotRunningError(f"the map {self.title_of(run)!r} is out of range and cannot run: {why}")
        if not method_of(self.grid.spec(run)).live and not isinstance(wish, Restart):
            raise NotRunningError(
                f"{self.title_of(run)} does no iterations: restart() computes it again, nothing else moves it"
            )

    def _require_way_back(self, run: int | None) -> None:
        failed = [one for one in self.handles if run in (None, one.id) and one._failed]
        if not failed:
            raise NotRunningError("no map has failed: there is nothing to recover from")
        for one in failed:
            known = self.run_of(one.id)
            if not method_of(self.grid.spec(one.id)).live:
                raise NotRunningError(f"{one.title} has no way back: restart() computes it again")
            if known is None or known.layout is None:
                raise NotRunningError(f"{one.title!r} failed before it had a layout: use restart()")

    def _check_axis(self, name: str, value: Any) -> tuple[Any, ...]:
        return check_axis(name, value, self.facts)


def _axis_of(spec: Spec, name: str) -> Axis:
    """Return an axis that may be set on a map."""
    method = method_of(spec)
    if name not in [axis.name for axis in method.axes]:
        raise InvalidValueError(f"{name} does not apply to {spec.name or method.label_of(spec)}")
    return method.axis_of(spec, name)

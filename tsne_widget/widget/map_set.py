"""The part of the widget that has maps: which there are, in which order, and onto which they are turned."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import traitlets

from ..data import Source
from ..errors import NotComputedError, NotRunningError, closed, invalid_type, invalid_value
from ..maps.grid import Coordinates, Grid, Spec, title
from ..maps.run import Run
from ..maps.session import Session
from ..parameters.axes import AXES, check_axis
from ..parameters.defaults import DEFAULTS, Settings
from ..parameters.init import INITS, require_rows_for
from ..parameters.limits import Limit, check_align
from ..parameters.neighbors import require_known
from ..parameters.perplexity import require_one_in_range, warn_if_doubtful, weights_in_words, why_out_of_range
from ..wire import protocol
from .handle import RunHandle, why_empty
from .traits import Axis, Checked

if TYPE_CHECKING:
    import numpy as np
    from typing_extensions import Self

    from ..data import Source
    from ..measures.group_distances import GroupDistances


class Arranging(traitlets.HasTraits):
    """The maps of a widget, and what tells them apart."""

    n_rows: int
    #: Held while traits are set by a thread.
    state_lock: threading.RLock
    grid: Grid
    #: Parameters that are traits of other parts.
    height: Any
    point_size: Any
    opacity: Any
    # What close() and the observers look at must exist even where the constructor raises.
    _session: Session | None = None
    _closed = _quiet = False
    _settings: Settings
    #: As it was given, which inits are checked against before `_settings` are there.
    _metric: Any
    _source: Source
    _coordinates: Coordinates
    _init_scale: bool

    perplexity: Any = Axis(DEFAULTS.perplexity).tag(sync=True)
    random_state: Any = Axis(DEFAULTS.random_state).tag(sync=True)
    init: Any = Axis(DEFAULTS.init).tag(
        sync=True, to_json=lambda init, widget: protocol.init_trait(init, widget._coordinates.name)
    )
    align: Any = Checked(DEFAULTS.align, lambda _, value: check_align(value)).tag(sync=True)
    _runs: Any = traitlets.List().tag(sync=True)
    _reference: Any = Checked(0, lambda widget, run: widget._check_reference(run)).tag(sync=True)

    def compare(self, *, perplexity: Any = None, random_state: Any = None, init: Any = None) -> Self:
        """Show a map for each combination of some values; without any, go back to the reference alone.

        Where the reference is out of range, `compare()` goes back to the first map that is not.
        Maps that are there already go on undisturbed; the others begin, unless all that there are rest before
        their end.

        Parameters
        ----------
        perplexity : float or list of float, optional
            As in the constructor. What is not given stays as it is in the widget, with all its distinct
            values.
        random_state : int or list of int or None, optional
            As in the constructor; a None in a list draws a seed.
        init : str, array of shape (n_samples, 2), or list of these, optional
            As in the constructor.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            A value is not allowed, or there would be more than 64 maps or none in range; nothing has changed.
        """
        values = {"perplexity": perplexity, "random_state": random_state, "init": init}
        with self.state_lock:
            self._require_open()
            given = {
                name: self._check_axis(name, value) for name, value in values.items() if value is not None
            }
            if given:
                axes = {name: self.grid.distinct(name) for name in AXES}
                self._rearrange(self.grid.product({**axes, **given}), given.get("perplexity", ()))
            else:
                self._rearrange(self.grid.keep(self._reference))
        return self

    @property
    def runs(self) -> tuple[RunHandle, ...]:
        """A handle of each map, in the order of the panels."""
        return tuple(RunHandle(self, run) for run in self.grid.runs)

    @property
    def reference(self) -> int:
        """Position in `runs` of the map onto which the others are turned; the first in range unless set.

        It may be set to a position or to one of `runs`.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            When set: this widget has no such map, or it is out of range.
        """
        return self.grid.runs.index(self._reference)

    @reference.setter
    def reference(self, position: int | RunHandle) -> None:
        with self.state_lock:
            runs = self.grid.runs
            limit = Limit(0, len(runs) - 1, integer=True)
            position = self._position("reference", position, f"{limit}, or one of w.runs")
            self._reference = runs[limit.check("reference", position)]

    @property
    def settings(self) -> Settings:
        """All parameters as they are in force; a tuple of the distinct values where maps differ."""
        shown = {name: getattr(self, name) for name in ("align", "height", "point_size", "opacity")}
        return replace(self._settings, **self._shown_axes(), **shown)

    # --- traits -------------------------------------------------------------------------------------

    def set_axis(self, name: str, value: Any) -> None:
        """Set one of `AXES`: a value on all runs, or several, each combined with those of the others."""
        if self._session is None:  # the constructor has checked it
            self._show_axis(name, value)
            return
        with self.state_lock:
            self._require_open()
            values = self._check_axis(name, value)
            if len(values) == 1:
                grid = self.grid.change_all(name, values[0])
            else:
                axes = {other: self.grid.distinct(other) for other in AXES}
                grid = self.grid.product({**axes, name: values})
            self._rearrange(grid, values if name == "perplexity" else ())

    # --- what the handles ask for ---------------------------------------------------------------------

    def run_of(self, run: int) -> Run | None:
        """Return a run by its id; None while the engine has not taken it up."""
        return next((known for known in self._session_set_up().runs if known.number == run), None)

    def title_of(self, run: int) -> str:
        """Return what tells a run from the others."""
        words = title(self.grid, run, self._coordinates.name), weights_in_words(self._settings)
        return ", ".join(filter(None, words))

    def settings_of(self, spec: Spec) -> Settings:
        """Return all parameters of a run."""
        axes = {name: getattr(spec, name) for name in AXES}
        return replace(self.settings, **axes)

    def do(self, wish: protocol.Wish) -> None:
        """Do what the user asks for in a view or by a handle."""
        raise NotImplementedError

    def neighbors_of(self, run: RunHandle, i: int, k: int | None) -> np.ndarray:
        """Return the nearest rows of a row on one map."""
        raise NotImplementedError

    def distances_between(self, run: RunHandle, by: str | None) -> GroupDistances:
        """Compare the distances between labels or groups on one map with those in the original space."""
        raise NotImplementedError

    # --- inside -------------------------------------------------------------------------------------

    def _rearrange(self, grid: Grid, perplexities: Sequence[float] = ()) -> None:
        """Have other runs, and show so in the traits; `perplexities` are those that the user gave."""
        self._mind_the_range(grid, perplexities)
        self.grid = grid
        with self.hold_trait_notifications():
            self._runs = protocol.runs_trait(grid, self._coordinates.name)
            if self._reference not in self._in_range:
                self._reference = self._in_range[0]
            for name, value in self._shown_axes().items():
                self._show_axis(name, value)

    def _mind_the_range(self, grid: Grid, perplexities: Sequence[float]) -> None:
        """Refuse an grid without a map to show; check and warn of perplexities of the user."""
        require_one_in_range(grid.distinct("perplexity"), self.n_rows)
        for perplexity in perplexities:
            if not why_out_of_range(perplexity, self.n_rows):
                require_known(self._settings, self._source.matrix, perplexity)
        if not self._quiet:
            warn_if_doubtful(perplexities, self.n_rows)

    def _require_in_range(self, run: int) -> None:
        why = why_empty(RunHandle(self, run))
        if why:
            raise NotRunningError(f"the map {self.title_of(run)!r} is out of range and never runs: {why}")

    @property
    def _in_range(self) -> list[int]:
        return [run.id for run in self.runs if not why_empty(run)]

    def _shown_axes(self) -> dict[str, Any]:
        distinct = {name: self.grid.distinct(name) for name in AXES}
        return {name: values[0] if len(values) == 1 else values for name, values in distinct.items()}

    def _show_axis(self, name: str, value: Any) -> None:
        getattr(type(self), name).show(self, value)

    def _check_axis(self, name: str, value: Any) -> tuple[Any, ...]:
        values = check_axis(name, value, self.n_rows, init_scale=self._init_scale, index=self._source.index)
        if name != "init":
            return values
        require_rows_for(values, self._metric)
        return tuple(map(self._coordinates.known, values))

    def _change(self, run: int | None, name: str, value: Any) -> None:
        if run is None:
            self.set_axis(name, value)
            return
        values = self._check_axis(name, value)
        if len(values) > 1:
            raise invalid_type(name, value, "a single value: this is one map")
        grid = self.grid.change_one(run, name, values[0], self._coordinates.name)
        self._rearrange(grid, values if name == "perplexity" else ())

    def _check_reference(self, run: Any) -> int:
        if type(run) is not int or run not in self._in_range:
            raise invalid_value("reference", run, f"a map that is in range, one of the runs {self._in_range}")
        return run

    def _position(self, name: str, value: Any, allowed: str) -> Any:
        """Return the position of a map of this widget; what is no map is left to be checked."""
        if not isinstance(value, RunHandle):
            return value
        if value not in self.runs:
            raise invalid_value(name, value, allowed)
        return self.runs.index(value)

    @contextmanager
    def _quietly(self) -> Generator[None, None, None]:
        # The view itself says that a perplexity is doubtful; a warning would print nowhere.
        with self.state_lock:
            self._quiet = True
            try:
                yield
            finally:
                self._quiet = False

    def _with_inits(self, wish: protocol.Wish) -> protocol.Wish:
        """Replace the names of inits by what they stand for."""
        match wish:
            case protocol.Change(_, "init", name):
                return replace(wish, value=self._init_named(name))
            case protocol.Compare(init=names):
                return replace(wish, init=tuple(map(self._init_named, names)))
        return wish

    def _init_named(self, name: str) -> Any:
        try:
            return name if name in INITS else self._coordinates.named(name)
        except KeyError:
            raise protocol.ProtocolError(f"init={name!r} names no coordinates that were given") from None

    def _session_set_up(self) -> Session:
        if self._session is None:
            raise NotComputedError("the widget has not been set up")
        return self._session

    def _require_open(self) -> None:
        if self._closed:
            raise closed()

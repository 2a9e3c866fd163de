"""The anywidget: traits in, commands out, results as properties."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from . import protocol
from .agreement import map_neighbors, shared
from .arrangement import Arrangement, Coordinates, Spec, column_suffix, summary, title
from .data import as_labels, as_matrix, take_rows
from .engine import clock, engine
from .errors import (
    MissingDependencyError,
    NotComputedError,
    NotRunningError,
    RunFailedError,
    SeveralRunsError,
    StabilityWarning,
    invalid_type,
    invalid_value,
)
from .handle import RunHandle, in_words, require_layout, why_empty
from .line import Line
from .run import Run
from .session import Arrange, Command, Measure, Pause, Play, Restart, Resume, Session, Step
from .settings import (
    AXES,
    DEFAULTS,
    INITS,
    LIMITS,
    STEP_ITERATIONS,
    Limit,
    Settings,
    check_align,
    check_axis,
    check_runs,
    check_settings,
    reject_unknown,
    require_one_in_range,
    runs_allowed,
    stability_neighbors,
    warn_if_doubtful,
    warn_user,
)
from .traits import Axis, Checked, RowPositions


class TSNEWidget(anywidget.AnyWidget):
    """A map of X that organises itself by t-SNE, to be watched, steered and circled; or several side by side.

    The optimisation runs in a thread of its own: the constructor returns at once, and so does every
    command. All parameters after `labels` are keywords, named as in scikit-learn.

    `perplexity`, `init` and `random_state` may be lists, tuples, ranges or 1-D arrays: then there is a map
    for each combination, 64 at most, in this order, `random_state` changing fastest; see `runs`.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers, at least 3 rows. Duplicates and constant columns are legal.
    labels : sequence of length n_samples, optional
        Colours the points: categories, or a scale for numbers with more than 40 distinct values.
        None, NaN and NaT are missing labels.
    perplexity : float or list of float
        Effective number of neighbours of a point, above 1 and below n_samples - 1. May be set again at
        any time: the map goes on from the present layout. In a list some may be too large for the rows, but
        not all: such a map is 'out of range' and stays empty.
    early_exaggeration : float
        Factor on the attraction at first, at least 1.
    early_exaggeration_iter : int
        Iterations with that factor.
    exaggeration : float
        Factor on the attraction afterwards; above 1 draws clusters together.
    learning_rate : float or "auto"
        In scikit-learn's units. "auto" is n_samples / (4 x exaggeration) in each phase.
    max_iter : int
        Iterations at most; the map stops earlier when it has settled.
    metric : str or callable
        "euclidean", "cosine", or any other of `sklearn.metrics.pairwise_distances` but "precomputed".
    metric_params : dict, optional
        Keyword arguments of the metric.
    init : {"pca", "random"} or array of shape (n_samples, 2), or list of these
        Initial layout. May be set again at any time: the map starts anew.
    random_state : int or None, or list of these
        Seed from 0 to 2**32 - 1; None draws one, readable afterwards. May be set again at any time:
        the map starts anew.
    n_jobs : int
        Threads; -1 for all processors. The layout does not depend on it.
    autostart : bool
        Whether to run at once; else `start()`, `step()` or the play button does it.
    height : int
        Height of the view in CSS pixels.
    align : bool or "selection"
        Whether maps are turned and mirrored onto the reference: by all points, by those selected, or not.
        May be set again at any time.

    Raises
    ------
    DataError, InvalidValueError, InvalidTypeError, UnknownParameterError
        In the user's cell, before anything is started.

    Warns
    -----
    PerplexityWarning
        For perplexities above (n_samples - 1) / 3, and for those of several that are out of range.

    References
    ----------
    L. van der Maaten, G. Hinton: Visualizing Data using t-SNE. JMLR 9, 2008.
    """

    # What close() and the observers look at must exist even where the constructor raises.
    _session: Session | None = None
    _closed = _quiet = False

    _esm = Path(__file__).parent / "static" / "widget.js"

    perplexity: Any = Axis(DEFAULTS.perplexity).tag(sync=True)
    random_state: Any = Axis(DEFAULTS.random_state).tag(sync=True)
    init: Any = Axis(DEFAULTS.init).tag(
        sync=True, to_json=lambda init, widget: protocol.init_trait(init, widget._coordinates.name)
    )
    align: Any = Checked(DEFAULTS.align, lambda _, value: check_align(value)).tag(sync=True)
    height = traitlets.Int(DEFAULTS.height).tag(sync=True)
    selection = RowPositions()
    _points = traitlets.Dict().tag(sync=True)
    _limits = traitlets.Dict().tag(sync=True)
    _runs: Any = traitlets.List().tag(sync=True)
    _reference: Any = Checked(0, lambda widget, run: widget._check_reference(run)).tag(sync=True)
    snapshot: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        X: Any,
        labels: Any = None,
        *,
        perplexity: Any = DEFAULTS.perplexity,
        early_exaggeration: float = DEFAULTS.early_exaggeration,
        early_exaggeration_iter: int = DEFAULTS.early_exaggeration_iter,
        exaggeration: float = DEFAULTS.exaggeration,
        learning_rate: float | str = DEFAULTS.learning_rate,
        max_iter: int = DEFAULTS.max_iter,
        metric: Any = DEFAULTS.metric,
        metric_params: Any = DEFAULTS.metric_params,
        init: Any = DEFAULTS.init,
        random_state: Any = DEFAULTS.random_state,
        n_jobs: int = DEFAULTS.n_jobs,
        autostart: bool = DEFAULTS.autostart,
        height: int = DEFAULTS.height,
        align: bool | str = DEFAULTS.align,
        **others: Any,
    ):
        given = {name: value for name, value in locals().items() if name in Settings.__dataclass_fields__}
        of_the_host = {name: others.pop(name) for name in ("layout",) if name in others}
        reject_unknown(others)
        matrix = as_matrix(X)
        self.n_rows = len(matrix)
        checked_labels = as_labels(labels, self.n_rows)
        self._coordinates = Coordinates()
        axes = {name: self._check_axis(name, given[name]) for name in AXES}
        self.arrangement = Arrangement().product(axes)
        first = {name: values[0] for name, values in axes.items()}
        self._settings = check_settings({**given, **first}, matrix)
        self._mind_the_range(self.arrangement, axes["perplexity"])
        self._X = X
        self.state_lock = threading.RLock()
        super().__init__(
            **self._shown_axes(),
            _runs=protocol.runs_trait(self.arrangement, self._coordinates.name),
            _reference=self._in_range[0],
            align=self._settings.align,
            height=self._settings.height,
            _points=protocol.points_trait(self.n_rows, checked_labels),
            _limits=protocol.limits_trait(self.n_rows),
            **of_the_host,
        )
        _answer_in_the_callers_subshell(self.comm)
        self._begin(matrix)

    def _begin(self, matrix: np.ndarray) -> None:
        line = Line(self)
        self.on_msg(line.take)
        self._session = Session(
            matrix,
            self._settings,
            self.arrangement.entries,
            audience=line.audience,
            pool=engine().pool.limited_to(self._settings.n_jobs),
            listener=line,
            clock=clock,
        )
        engine().add(self._session)

    # --- commands -----------------------------------------------------------------------------------

    def start(self) -> TSNEWidget:
        """Begin, or go on; past an end, until the map settles anew or `max_iter` more iterations are done."""
        return self._command(Play())

    def pause(self) -> TSNEWidget:
        """Rest after the present iteration; momentum and gains are kept."""
        return self._command(Pause())

    def resume(self) -> TSNEWidget:
        """Go on after a pause; a map that has ended stays as it is."""
        return self._command(Resume())

    def step(self, n: int = STEP_ITERATIONS) -> TSNEWidget:
        """Do n iterations more, then pause."""
        return self._command(Step(Limit(1, integer=True).check("n", n)))

    def restart(self) -> TSNEWidget:
        """Start anew from the initial layout, with perplexity and seed as they are now."""
        return self._command(Restart())

    def compare(self, *, perplexity: Any = None, random_state: Any = None, init: Any = None) -> TSNEWidget:
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
                axes = {name: self.arrangement.distinct(name) for name in AXES}
                self._rearrange(self.arrangement.product({**axes, **given}), given.get("perplexity", ()))
            else:
                self._rearrange(self.arrangement.keep(self._reference))
        return self

    def wait(self, timeout: float | None = None) -> TSNEWidget:
        """Block until all maps have ended or are paused; `settled` tells which. Needs no display.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at most; without limit by default.

        Raises
        ------
        WaitTimeoutError
            After `timeout` seconds; the map goes on.
        RunFailedError
            An optimisation failed; its last good layout is kept, and all others have come to rest.
        """
        if timeout is not None:
            timeout = Limit(0).check("timeout", timeout)
        session = self._living_session()
        engine().wait(session, timeout)
        self._living_session()
        failed = session.failed
        if failed is not None:
            which = f" of {self.title_of(failed.number)!r}" if len(session.runs) > 1 else ""
            raise RunFailedError(f"the optimisation{which} failed: {failed.error}") from failed.error
        return self

    def close(self) -> None:
        """Stop the work and remove the views; results stay readable."""
        if not self._closed and self._session is not None:
            self._closed = True
            engine().remove(self._session)
        super().close()

    def select(self, rows: Any) -> TSNEWidget:
        """Select rows: positions in any order, a boolean mask, or None for nothing.

        Raises
        ------
        SelectionError, DataError, InvalidTypeError
            Naming the first row that does not exist; the selection stays as it was.
        """
        self.selection = rows
        return self

    def selected_rows(self) -> Any:
        """Return the selected rows of X: a DataFrame with its index where X is one, else an array."""
        return take_rows(self._X, self.selection)

    # --- the maps -----------------------------------------------------------------------------------

    @property
    def runs(self) -> tuple[RunHandle, ...]:
        """A handle of each map, in the order of the panels."""
        return tuple(RunHandle(self, run) for run in self.arrangement.runs)

    @property
    def reference(self) -> int:
        """Position in `runs` of the map onto which the others are turned; the first in range unless set.

        It may be set to a position or to one of `runs`.

        Raises
        ------
        InvalidValueError, InvalidTypeError
            When set: this widget has no such map, or it is out of range.
        """
        return self.arrangement.runs.index(self._reference)

    @reference.setter
    def reference(self, position: int | RunHandle) -> None:
        with self.state_lock:
            runs = self.arrangement.runs
            limit = Limit(0, len(runs) - 1, integer=True)
            position = self._position("reference", position, f"{limit}, or one of w.runs")
            self._reference = runs[limit.check("reference", position)]

    def stability(self, k: int | None = None, runs: Any = None) -> np.ndarray:
        """Return for each point the share of its nearest neighbours on a map that are so on all of them.

        By chance it is ``(k / (n_samples - 1)) ** (maps - 1)``. Of maps that differ in their seed alone and
        start from the same layout it says next to nothing: they are nearly the same by construction.

        Parameters
        ----------
        k : int, optional
            Neighbours of a point, from 1 to n_samples - 1.
            By default 15, or n_samples - 1 where that is less.
        runs : sequence of int or of RunHandle, optional
            Positions in `runs`, or maps from it, two at least; by default all maps that have a layout.

        Returns
        -------
        ndarray of float64, shape (n_samples,)
            From 0 to 1: the size of the intersection of the sets of k neighbours, over k.

        Raises
        ------
        NotComputedError
            A map has no layout, or fewer than two have.
        InvalidValueError, InvalidTypeError
            For `k` and `runs`.

        Warns
        -----
        StabilityWarning
            The maps differ in their seed alone and start from the same layout.
        """
        limit = Limit(1, self.n_rows - 1, integer=True)
        k = stability_neighbors(self.n_rows) if k is None else limit.check("k", k)
        chosen = self._with_a_layout() if runs is None else self._chosen(runs)
        layouts = [run.embedding_ for run in chosen]
        _warn_if_alike(chosen)
        return shared([map_neighbors(points, k) for points in layouts])

    # --- results ------------------------------------------------------------------------------------

    @property
    def embedding_(self) -> np.ndarray:
        """The present layout: float32 of shape (n_samples, 2), a copy."""
        return self._only_run("embedding_").embedding_

    @property
    def kl_divergence_(self) -> float:
        """Kullback-Leibler divergence of the layout, without exaggeration."""
        return self._only_run("kl_divergence_").kl_divergence_

    @property
    def n_iter_(self) -> int:
        """Iterations done."""
        return self._only_run("n_iter_").n_iter_

    @property
    def learning_rate_(self) -> float:
        """The learning rate in force, in scikit-learn's units."""
        return self._only_run("learning_rate_").learning_rate_

    @property
    def iteration(self) -> int:
        """Iterations done; 0 before the first."""
        return self._only_run("iteration").iteration

    @property
    def status(self) -> str:
        """How the map is, in the words of the view: 'optimising', 'settled', 'paused', ...

        Of several maps the word if it is the same for all, else how many there are of each:
        '2 settled, 1 optimising'.
        """
        words = Counter(run.status for run in self.runs)
        if len(words) == 1:
            return next(iter(words))
        return ", ".join(f"{count} {word}" for word, count in words.most_common())

    @property
    def settled(self) -> bool:
        """Whether the map, or each of several that is not out of range, has come to rest by itself."""
        return all(run.settled for run in self.runs if not why_empty(run))

    @property
    def settings(self) -> Settings:
        """All parameters as they are in force; a tuple of the distinct values where maps differ."""
        return replace(self._settings, **self._shown_axes(), align=self.align, height=self.height)

    def to_frame(self) -> Any:
        """Return the maps as a pandas DataFrame with the index of X.

        Returns
        -------
        DataFrame of float32
            Columns 'x' and 'y'; of several maps a pair for each that names what tells it from the others,
            such as 'x_perplexity_5' or 'x_perplexity_5_seed_1_init_pca'. A map that is out of range is NaN.

        Raises
        ------
        NotComputedError
            A map has no layout yet.
        MissingDependencyError
            pandas is not installed.
        """
        try:
            pd = import_module("pandas")
        except ImportError as error:
            raise MissingDependencyError("to_frame() needs pandas: pip install pandas") from error
        nowhere = np.full((self.n_rows, 2), np.nan, np.float32)
        columns = {}
        for run in self.runs:
            points = nowhere if why_empty(run) else run.embedding_
            suffix = column_suffix(self.arrangement, run.id, self._coordinates.name)
            columns[f"x{suffix}"], columns[f"y{suffix}"] = points.T
        index = self._X.index if hasattr(self._X, "iloc") else pd.RangeIndex(self.n_rows)
        return pd.DataFrame(columns, index=index)

    def __repr__(self) -> str:
        if self._session is None:
            return "TSNEWidget()"
        if len(self.arrangement.runs) > 1:
            maps = summary(self.arrangement, self._coordinates.name)
            return f"TSNEWidget({self.n_rows} rows, {maps}: {self.status})"
        (run,) = self.runs
        return f"TSNEWidget({self.n_rows} rows, {in_words(run)})"

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
                arrangement = self.arrangement.change_all(name, values[0])
            else:
                axes = {other: self.arrangement.distinct(other) for other in AXES}
                arrangement = self.arrangement.product({**axes, name: values})
            self._rearrange(arrangement, values if name == "perplexity" else ())

    @traitlets.validate("height")
    def _validate_height(self, proposal: Any) -> int:
        return LIMITS["height"].check("height", proposal["value"])

    @traitlets.observe("_runs")
    def _runs_changed(self, _change: Any) -> None:
        # The views know of new runs before the first news of them.
        if self._session is not None:
            if self._holding_sync:
                self.send_state("_runs")
            self._command(Arrange(self.arrangement.entries))

    def set_state(self, sync_data: Any) -> None:
        """Take traits from the browser; one thread at a time, as notifications are held meanwhile."""
        with self.state_lock:
            super().set_state(sync_data)

    # --- what the line asks for -----------------------------------------------------------------------

    @property
    def asleep(self) -> bool:
        """Whether a map rests because nobody looks."""
        return self._session is not None and self._session.asleep

    @property
    def run_ids(self) -> list[int]:
        """The runs in the order of their panels."""
        return self.arrangement.runs

    def wake(self) -> None:
        """Go on: somebody looks."""
        engine().wake(self._living_session())

    def carry_out(self, wish: protocol.Wish) -> None:
        """Do what the user asked for in a view; settings change as traits, so that Python sees them."""
        with self._quietly():
            self.do(self._with_inits(wish))

    # --- what the handles ask for ---------------------------------------------------------------------

    def run_of(self, run: int) -> Run | None:
        """Return a run by its id; None while the engine has not taken it up."""
        return next((known for known in self._session_set_up().runs if known.number == run), None)

    def title_of(self, run: int) -> str:
        """Return what tells a run from the others."""
        return title(self.arrangement, run, self._coordinates.name)

    def settings_of(self, spec: Spec) -> Settings:
        """Return all parameters of a run."""
        axes = {name: getattr(spec, name) for name in AXES}
        return replace(self.settings, **axes)

    def do(self, wish: protocol.Wish) -> None:
        """Do what the user asks for in a view or by a handle."""
        with self.state_lock:
            self._require_open()
            match wish:
                case protocol.Change(run, name, value):
                    self._change(run, name, value)
                case protocol.Compare(perplexity, random_state, init):
                    self.compare(perplexity=perplexity, random_state=random_state, init=init)
                case protocol.Keep(run):
                    self._rearrange(self.arrangement.keep(run))
                case protocol.Remove(run):
                    self._rearrange(self.arrangement.remove(run))
                case protocol.Stability(runs):
                    self._measure(runs)
                case _:
                    if wish.run is not None:
                        self._require_in_range(wish.run)
                    self._command(wish)

    # --- inside -------------------------------------------------------------------------------------

    def _session_set_up(self) -> Session:
        if self._session is None:
            raise NotComputedError("the widget has not been set up")
        return self._session

    def _only_run(self, name: str) -> RunHandle:
        runs = self.runs
        if len(runs) > 1:
            raise SeveralRunsError(f"the widget shows {len(runs)} maps: ask w.runs[0].{name}")
        return runs[0]

    def _rearrange(self, arrangement: Arrangement, perplexities: Sequence[float] = ()) -> None:
        """Have other runs, and show so in the traits; `perplexities` are those that the user gave."""
        self._mind_the_range(arrangement, perplexities)
        self.arrangement = arrangement
        with self.hold_trait_notifications():
            self._runs = protocol.runs_trait(arrangement, self._coordinates.name)
            if self._reference not in self._in_range:
                self._reference = self._in_range[0]
            for name, value in self._shown_axes().items():
                self._show_axis(name, value)

    def _mind_the_range(self, arrangement: Arrangement, perplexities: Sequence[float]) -> None:
        """Refuse an arrangement without any map to show; warn of perplexities that the user gave."""
        require_one_in_range(arrangement.distinct("perplexity"), self.n_rows)
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
        distinct = {name: self.arrangement.distinct(name) for name in AXES}
        return {name: values[0] if len(values) == 1 else values for name, values in distinct.items()}

    def _show_axis(self, name: str, value: Any) -> None:
        getattr(type(self), name).show(self, value)

    def _check_axis(self, name: str, value: Any) -> tuple[Any, ...]:
        values = check_axis(name, value, self.n_rows)
        return tuple(map(self._coordinates.known, values)) if name == "init" else values

    def _change(self, run: int | None, name: str, value: Any) -> None:
        if run is None:
            self.set_axis(name, value)
            return
        values = self._check_axis(name, value)
        if len(values) > 1:
            raise invalid_type(name, value, "a single value: this is one map")
        arrangement = self.arrangement.change_one(run, name, values[0], self._coordinates.name)
        self._rearrange(arrangement, values if name == "perplexity" else ())

    def _check_reference(self, run: Any) -> int:
        if type(run) is not int or run not in self._in_range:
            raise invalid_value("reference", run, f"a map that is in range, one of the runs {self._in_range}")
        return run

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

    def _measure(self, runs: tuple[int, ...]) -> None:
        for run in runs:
            require_layout(RunHandle(self, run))
        self._command(Measure(runs, stability_neighbors(self.n_rows)))

    def _position(self, name: str, value: Any, allowed: str) -> Any:
        """Return the position of a map of this widget; what is no map is left to be checked."""
        if not isinstance(value, RunHandle):
            return value
        if value not in self.runs:
            raise invalid_value(name, value, allowed)
        return self.runs.index(value)

    def _chosen(self, runs: Any) -> list[RunHandle]:
        """Return the maps that the user wants compared; NotComputedError where one has no layout."""
        count = len(self.runs)
        if isinstance(runs, (list, tuple)):
            runs = [self._position("runs", run, runs_allowed(count)) for run in runs]
        positions = check_runs(runs, count)
        for position in positions:
            try:
                require_layout(self.runs[position])
            except NotComputedError as error:
                raise NotComputedError(f"w.runs[{position}] cannot be compared: {error}") from None
        return [self.runs[position] for position in positions]

    def _with_a_layout(self) -> list[RunHandle]:
        chosen = [run for run in self.runs if hasattr(run, "n_iter_")]
        if len(chosen) < 2:
            raise NotComputedError(
                f"stability() compares two maps at least: of this widget's {len(chosen)} have a layout"
            )
        return chosen

    def _require_open(self) -> None:
        if self._closed:
            raise NotRunningError("the widget is closed: make a new one to go on")

    def _living_session(self) -> Session:
        self._require_open()
        assert self._session is not None
        return self._session

    def _command(self, command: Command) -> TSNEWidget:
        engine().put(self._living_session(), command)
        return self


def _warn_if_alike(runs: list[RunHandle]) -> None:
    """Warn where maps differ in their seed alone and do not start from it."""
    alike = len({run.perplexity for run in runs}) == 1
    inits = {run.init if isinstance(run.init, str) else id(run.init) for run in runs}
    if alike and len(inits) == 1 and "random" not in inits:
        warn_user(
            "these maps differ in their seed alone and start from the same layout, so that they are nearly "
            "the same by construction: init='random' tells how stable they are",
            StabilityWarning,
        )


def _answer_in_the_callers_subshell(comm: Any) -> None:
    # ipykernel 7.4 routes a comm's replies to the subshell of whoever published last. Our threads publish
    # all the time and have none, so that a slider would wait for the running cell.
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default

"""The anywidget: traits in, commands out, results as properties."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from . import protocol
from .data import as_labels, as_matrix, take_rows
from .engine import clock, engine
from .errors import NotComputedError, NotRunningError, RunFailedError
from .line import Line
from .run import Run
from .session import (
    Command,
    Pause,
    Play,
    Restart,
    Resume,
    Session,
    SetInit,
    SetPerplexity,
    SetRandomState,
    Step,
)
from .settings import (
    DEFAULTS,
    LIMITS,
    STEP_ITERATIONS,
    Limit,
    Settings,
    check_init,
    check_perplexity,
    check_random_state,
    check_settings,
    reject_unknown,
    warn_if_doubtful,
)
from .traits import RowPositions

log = logging.getLogger(__name__)


class TSNEWidget(anywidget.AnyWidget):
    """A map of X that organises itself by t-SNE, to be watched, steered and circled.

    The optimisation runs in a thread of its own: the constructor returns at once, and so does every
    command. All parameters after `labels` are keywords, named as in scikit-learn.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite numbers, at least 3 rows. Duplicates and constant columns are legal.
    labels : sequence of length n_samples, optional
        Colours the points: categories, or a scale for numbers with more than 40 distinct values.
        None, NaN and NaT are missing labels.
    perplexity : float
        Effective number of neighbours of a point, above 1 and below n_samples - 1. May be set again at
        any time: the map goes on from the present layout.
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
    init : {"pca", "random"} or array of shape (n_samples, 2)
        Initial layout. May be set again at any time: the map starts anew.
    random_state : int or None
        Seed from 0 to 2**32 - 1; None draws one, readable afterwards. May be set again at any time:
        the map starts anew.
    n_jobs : int
        Threads; -1 for all processors. The layout does not depend on it.
    autostart : bool
        Whether to run at once; else `start()`, `step()` or the play button does it.
    height : int
        Height of the view in CSS pixels.

    Raises
    ------
    DataError, InvalidValueError, InvalidTypeError, UnknownParameterError
        In the user's cell, before anything is started.

    Warns
    -----
    PerplexityWarning
        For a perplexity above (n_samples - 1) / 3.

    References
    ----------
    L. van der Maaten, G. Hinton: Visualizing Data using t-SNE. JMLR 9, 2008.
    """

    # What close() and the observers look at must exist even where the constructor raises.
    _session: Session | None = None
    _closed = _quiet = False

    _esm = Path(__file__).parent / "static" / "widget.js"

    # Not Any, which takes None without asking the validators below.
    perplexity: Any = traitlets.TraitType(DEFAULTS.perplexity).tag(sync=True)
    random_state: Any = traitlets.TraitType(DEFAULTS.random_state).tag(sync=True)
    init: Any = traitlets.TraitType(DEFAULTS.init).tag(sync=True, to_json=protocol.init_trait)
    height = traitlets.Int(DEFAULTS.height).tag(sync=True)
    selection = RowPositions()
    _points = traitlets.Dict().tag(sync=True)
    _limits = traitlets.Dict().tag(sync=True)
    snapshot: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        X: Any,
        labels: Any = None,
        *,
        perplexity: float = DEFAULTS.perplexity,
        early_exaggeration: float = DEFAULTS.early_exaggeration,
        early_exaggeration_iter: int = DEFAULTS.early_exaggeration_iter,
        exaggeration: float = DEFAULTS.exaggeration,
        learning_rate: float | str = DEFAULTS.learning_rate,
        max_iter: int = DEFAULTS.max_iter,
        metric: Any = DEFAULTS.metric,
        metric_params: Any = DEFAULTS.metric_params,
        init: Any = DEFAULTS.init,
        random_state: int | None = DEFAULTS.random_state,
        n_jobs: int = DEFAULTS.n_jobs,
        autostart: bool = DEFAULTS.autostart,
        height: int = DEFAULTS.height,
        **others: Any,
    ):
        given = {name: value for name, value in locals().items() if name in Settings.__dataclass_fields__}
        of_the_host = {name: others.pop(name) for name in ("layout",) if name in others}
        reject_unknown(others)
        matrix = as_matrix(X)
        self.n_rows = len(matrix)
        checked_labels = as_labels(labels, self.n_rows)
        self._settings = check_settings(given, matrix)
        self._X = X
        self.state_lock = threading.RLock()
        super().__init__(
            perplexity=self._settings.perplexity,
            random_state=self._settings.random_state,
            init=self._settings.init,
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
            audience=line.audience,
            pool=engine().pool.limited_to(self._settings.n_jobs),
            publish=line.publish,
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

    def wait(self, timeout: float | None = None) -> TSNEWidget:
        """Block until the map has ended or is paused; `settled` tells which. Needs no display.

        Parameters
        ----------
        timeout : float, optional
            Seconds to wait at most; without limit by default.

        Raises
        ------
        WaitTimeoutError
            After `timeout` seconds; the map goes on.
        RunFailedError
            The optimisation failed; the last good layout is kept.
        """
        if timeout is not None:
            timeout = Limit(0).check("timeout", timeout)
        session = self._living_session()
        engine().wait(session, timeout)
        self._living_session()
        if session.error is not None:
            raise RunFailedError(f"the optimisation failed: {session.error}") from session.error
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

    # --- results ------------------------------------------------------------------------------------

    @property
    def embedding_(self) -> np.ndarray:
        """The present layout: float32 of shape (n_samples, 2), a copy."""
        return _computed(self._run.layout, "embedding_").points.copy()

    @property
    def kl_divergence_(self) -> float:
        """Kullback-Leibler divergence of the layout, without exaggeration."""
        return _computed(self._run.status.kl, "kl_divergence_")

    @property
    def n_iter_(self) -> int:
        """Iterations done."""
        return _computed(self._run.layout, "n_iter_").iteration

    @property
    def learning_rate_(self) -> float:
        """The learning rate in force, in scikit-learn's units."""
        return _computed(self._run.status.learning_rate, "learning_rate_")

    @property
    def status(self) -> str:
        """How the map is, in the words of the view: 'optimising', 'settled', 'paused', ..."""
        return self._run.status.stage

    @property
    def settled(self) -> bool:
        """Whether the map has come to rest by itself."""
        return self._run.status.settled

    @property
    def iteration(self) -> int:
        """Iterations done; 0 before the first."""
        return self._run.status.iteration

    @property
    def settings(self) -> Settings:
        """All parameters as they are in force."""
        return replace(
            self._settings, perplexity=self.perplexity, random_state=self.random_state, init=self.init
        )

    def __repr__(self) -> str:
        if self._session is None:
            return "TSNEWidget()"
        status = self._run.status
        kl = "" if status.kl is None else f", KL {status.kl:.3f}"
        where = f"{status.stage} at iteration {status.iteration}{kl}"
        return f"TSNEWidget({self.n_rows} rows, perplexity {self.perplexity:g}: {where})"

    # --- traits -------------------------------------------------------------------------------------

    @traitlets.validate("perplexity")
    def _validate_perplexity(self, proposal: Any) -> float:
        self._require_open()
        checked = check_perplexity(proposal["value"], self.n_rows)
        if self._session is not None and not self._quiet:
            warn_if_doubtful(checked, self.n_rows)
        return checked

    @traitlets.validate("random_state")
    def _validate_random_state(self, proposal: Any) -> int:
        self._require_open()
        return check_random_state(proposal["value"])

    @traitlets.validate("height")
    def _validate_height(self, proposal: Any) -> int:
        return LIMITS["height"].check("height", proposal["value"])

    @traitlets.observe("perplexity")
    def _perplexity_changed(self, change: Any) -> None:
        if self._session is not None:
            self._command(SetPerplexity(change["new"]))

    @traitlets.observe("random_state")
    def _random_state_changed(self, change: Any) -> None:
        if self._session is not None:
            self._command(SetRandomState(change["new"]))

    @traitlets.validate("init")
    def _validate_init(self, proposal: Any) -> Any:
        self._require_open()
        return check_init(proposal["value"], self.n_rows)

    @traitlets.observe("init")
    def _init_changed(self, change: Any) -> None:
        if self._session is not None:
            self._command(SetInit(change["new"]))

    def set_state(self, sync_data: Any) -> None:
        """Take traits from the browser; one thread at a time, as notifications are held meanwhile."""
        with self.state_lock:
            super().set_state(sync_data)

    # --- what the line asks for -----------------------------------------------------------------------

    @property
    def asleep(self) -> bool:
        """Whether the map rests because nobody looks."""
        return self._session is not None and self._session.asleep

    def wake(self) -> None:
        """Go on: somebody looks."""
        engine().wake(self._living_session())

    def carry_out(self, command: Command) -> None:
        """Do what the user asked for in a view; settings change as traits, so that Python sees them."""
        match command:
            case SetPerplexity(value):
                self._set_quietly("perplexity", value)
            case SetRandomState(value):
                self._set_quietly("random_state", value)
            case SetInit(value):
                self._set_quietly("init", value)
            case _:
                self._command(command)

    def _set_quietly(self, name: str, value: Any) -> None:
        # The view itself says that a perplexity is doubtful; a warning would print nowhere.
        with self.state_lock:
            self._quiet = True
            try:
                setattr(self, name, value)
            finally:
                self._quiet = False

    # --- inside -------------------------------------------------------------------------------------

    @property
    def _run(self) -> Run:
        if self._session is None:
            raise NotComputedError("the widget has not been set up")
        return self._session.runs[0]

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


def _computed(value: Any, name: str) -> Any:
    if value is None:
        raise NotComputedError(f"{name} is not known yet: wait() waits for it")
    return value


def _answer_in_the_callers_subshell(comm: Any) -> None:
    # ipykernel 7.4 routes a comm's replies to the subshell of whoever published last. Our threads publish
    # all the time and have none, so that a slider would wait for the running cell.
    if hasattr(comm, "_reply_subshell_for"):
        comm._reply_subshell_for = lambda data, default: default

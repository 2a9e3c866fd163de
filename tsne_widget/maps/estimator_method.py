"""An estimator with scikit-learn's interface as a method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import scipy.sparse

from ..data.coordinates import points_of
from ..errors import BlockingFitWarning, DataError, InvalidTypeError, NotRunningError
from ..parameters.defaults import Settings
from ..parameters.warn import warn_user
from .fitting import WHY_NOT_ASIDE, Fit, fitter, may_run_aside
from .grid import Spec
from .made_elsewhere import Made, MadeElsewhere
from .method import Slices
from .origin import GivenEstimator, mapper_of, parameters_of
from .stages import Stage
from .written import variable, written

#: Iterations of openTSNE between two calls of its callback.
_CALLBACK_EVERY = 10
#: The parameters by which umap-learn and openTSNE tell their progress.
_OF_PROGRESS = frozenset({"tqdm_kwds", "callbacks", "callbacks_every_iters"})

_WHY_IN_CELL = f"{WHY_NOT_ASIDE}; with the package tbb, maps are fitted while you work on"


class EstimatorMethod(MadeElsewhere):
    """Fits a clone of the user's estimator, in another thread."""

    name = "estimator"
    label = "estimator"
    there = "fitted"
    made: Made | None = None

    @classmethod
    def label_of(cls, spec: Spec) -> str:
        """Return the name of the estimator's class."""
        return _origin(spec).label

    @classmethod
    def code(cls, spec: Spec, settings: Settings) -> list[str]:
        """Return the code that fits it without this package."""
        unfitted, name = _origin(spec).unfitted, variable(spec.name)
        made = written(unfitted, name)
        result = ".fit_transform(X)" if hasattr(unfitted, "fit_transform") else ".fit(X)"
        return [f"# {spec.name}.", *made.imports, "", f"{name}_map = {made.code}{result}"]

    def prepare(self) -> Slices:
        """Wait for the fit; it is dropped if nobody waits any more."""
        label = self.label_of(self.spec)
        stage = Stage(f"fitting {label}", done=f"{label} fitted", aside=True)
        yield stage, None
        origin = _origin(self.spec)
        fit = origin.begun.pop() if origin.begun else self._begin(origin)
        try:
            while not fit.ended.is_set():
                yield replace(stage, waiting=_in_words(label, fit.seconds)), fit.progress
            if fit.error is not None:
                raise fit.error
            made: Made = fit.result
        finally:
            if not fit.ended.is_set():
                fitter().drop(fit)
        self._show(made.points)
        self.made = made

    def now_in_words(self, *, preparing: bool) -> str:
        """Return what the method is doing, for the error message if it fails."""
        return f"while {self.label_of(self.spec)} was fitted"

    def _begin(self, origin: GivenEstimator) -> Fit:
        if not may_run_aside(origin.unfitted):
            raise NotRunningError(
                f"only a cell can fit {origin.label} here, by w.beside[{self.spec.name!r}].restart(): "
                f"{_WHY_IN_CELL}"
            )
        fit = fit_of(origin, self.shared_work.rows)
        fitter().add(fit)
        return fit


def fit_of(origin: GivenEstimator, rows: Callable[[], Any]) -> Fit:
    """Return the fit of an estimator to some rows, which it reads when it begins."""

    def work(tell: Callable[[float], None]) -> Made:
        from sklearn.base import clone

        estimator = clone(origin.unfitted, safe=False)
        with_progress(estimator, tell)
        X = rows().copy()  # an estimator may write into it
        if callable(getattr(estimator, "fit_transform", None)):
            result = estimator.fit_transform(X)
        else:
            result = estimator.fit(X)
        own = getattr(estimator, "embedding_", None)
        if result is estimator or own is not None:
            result = own
        # openTSNE's fit returns the map, which is also what places new rows.
        elif not hasattr(estimator, "fit_transform") and hasattr(result, "transform"):
            estimator = result
        without_progress(estimator, origin.unfitted)
        return Made(estimator, _two_columns(origin, result, X.shape[0]))

    return Fit(work)


def fit_in_this_thread(spec: Spec, rows: Callable[[], Any]) -> None:
    """Fit an estimator here and now if it must not be fitted beside the user's cells; say so."""
    origin = spec.origin
    if isinstance(origin, GivenEstimator) and not may_run_aside(origin.unfitted):
        warn_user(f"this cell waits until {origin.label} is fitted: {_WHY_IN_CELL}", BlockingFitWarning)
        fit = fit_of(origin, rows)
        fit.run()
        origin.begun.append(fit)


def with_progress(estimator: Any, tell: Callable[[float], None]) -> None:
    """Have an estimator tell its progress, if it has a public way and the user has not taken it.

    umap-learn draws a bar of tqdm into any file; openTSNE calls functions.
    """
    estimator, parameters = mapper_of(estimator), parameters_of(estimator)
    if "tqdm_kwds" in parameters and parameters["tqdm_kwds"] is None and not parameters.get("verbose"):
        bar = {"file": _Bar(tell), "disable": False, "bar_format": "{percentage}", "mininterval": 0.1}
        estimator.tqdm_kwds = bar
    if "callbacks_every_iters" in parameters and parameters.get("callbacks") is None:
        total = parameters.get("n_iter", 0) + parameters.get("early_exaggeration_iter", 0)
        estimator.callbacks_every_iters = _CALLBACK_EVERY
        estimator.callbacks = _Callback(tell, total)


def without_progress(estimator: Any, unfitted: Any) -> None:
    """Give an estimator back the parameters that `with_progress` has set, so that it can be pickled."""
    theirs = parameters_of(unfitted)
    for name in _OF_PROGRESS & theirs.keys() & parameters_of(estimator).keys():
        setattr(mapper_of(estimator), name, theirs[name])
    # openTSNE's map keeps them for more iterations.
    kept = getattr(estimator, "gradient_descent_params", {})
    kept.update({name: theirs[name] for name in kept.keys() & theirs.keys() & _OF_PROGRESS})


class _Bar:
    """A file in which tqdm writes how many percent are done."""

    def __init__(self, tell: Callable[[float], None]):
        self._tell = tell

    def write(self, text: str) -> None:
        try:
            percent = float(text.strip())
        except ValueError:
            return
        self._tell(percent / 100)

    def flush(self) -> None:
        """Do nothing: nothing is kept back."""


class _Callback:
    """Counts the calls of openTSNE, which numbers the iterations of each phase anew."""

    def __init__(self, tell: Callable[[float], None], total: int):
        self._tell, self._total, self._done = tell, max(total, 1), 0

    def __call__(self, iteration: int, error: float, embedding: Any) -> None:
        self._done += _CALLBACK_EVERY
        self._tell(min(1.0, self._done / self._total))


def _two_columns(origin: GivenEstimator, result: Any, n: int) -> np.ndarray:
    if scipy.sparse.issparse(result):
        raise InvalidTypeError(
            f"{origin.label} returned a sparse matrix: a map needs an array of two columns"
        )
    if result is None:
        raise DataError(f"{origin.label} returned nothing, and it has no embedding_")
    shape = np.shape(result)
    if len(shape) == 2 and shape[0] == n and shape[1] != 2:
        raise DataError(
            f"{origin.label} returned {shape[1]} columns, and a map needs 2: ask it for two, or give two of "
            "its columns as coordinates"
        )
    return points_of(f"the result of {origin.label}", result, n)


def _in_words(label: str, seconds: float | None) -> str:
    if seconds is None:
        return f"fitting {label} after another fit"
    return f"fitting {label}, {int(seconds)} s"


def _origin(spec: Spec) -> GivenEstimator:
    assert isinstance(spec.origin, GivenEstimator)
    return spec.origin

"""Fits of estimators, one at a time, in threads of their own."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

#: The layers on which parallel kernels may run at once, and numba's modules of them.
_POOLS = {"tbb": "numba.np.ufunc.tbbpool", "omp": "numba.np.ufunc.omppool"}
_SAFE_LAYERS = frozenset(_POOLS)
#: Why it matters.
WHY_NOT_ASIDE = "numba's threading layer 'workqueue' would end this process if two of its kernels ran at once"
#: Packages whose estimators run no parallel kernels of numba.
_WITHOUT_NUMBA = frozenset({"sklearn", "tsne_widget"})


class Fit:
    """One fit. Nothing can stop an estimator, so a dropped fit runs on and its result is forgotten.

    Parameters
    ----------
    work : callable
        Takes a function to which it tells its progress, from 0 to 1, and which raises `Dropped` once nobody
        wants the result; returns the result.
    """

    def __init__(self, work: Callable[[Callable[[float], None]], Any]):
        self._work: Callable[[Callable[[float], None]], Any] | None = work
        self._began: float | None = None
        self._dropped = False
        self.ended = threading.Event()
        #: From 0 to 1; None if the estimator does not tell.
        self.progress: float | None = None
        self.result: Any = None
        self.error: BaseException | None = None

    @property
    def seconds(self) -> float | None:
        """How long the fit has run; None while it waits for another."""
        return None if self._began is None else time.monotonic() - self._began

    def run(self) -> None:
        """Do the work in this thread."""
        assert self._work is not None
        self._began = time.monotonic()
        try:
            self.result = self._work(self._note)
        except BaseException as error:  # whoever waits raises it, also the SystemExit of an estimator
            self.error = error
        finally:
            self._work = None  # it holds the data
            self.ended.set()
        if self._dropped:
            self.result = self.error = None

    def drop(self) -> None:
        """Forget the result."""
        self._dropped = True
        self.result = self.error = None

    def _note(self, progress: float) -> None:
        self.progress = progress
        if self._dropped:
            raise Dropped


class Dropped(BaseException):
    """Nobody wants the result of a fit any more; no `except Exception` of an estimator may catch it."""


class Fitter:
    """Runs fits in turn. One that was dropped while it ran does not hold up the next."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Fit] = deque()
        self._running: Fit | None = None

    def add(self, fit: Fit) -> None:
        """Run a fit after those before it."""
        with self._lock:
            self._waiting.append(fit)
            self._begin_next()

    def drop(self, fit: Fit) -> None:
        """Forget a fit, whether it waits, runs or has ended."""
        fit.drop()
        with self._lock:
            if fit in self._waiting:
                self._waiting.remove(fit)
            elif fit is self._running:
                self._running = None
                self._begin_next()

    def _begin_next(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._waiting.popleft()
            threading.Thread(
                target=self._run, args=(self._running,), name="tsne-widget-fitting", daemon=True
            ).start()

    def _run(self, fit: Fit) -> None:
        fit.run()
        with self._lock:
            if fit is self._running:
                self._running = None
                self._begin_next()


def may_run_aside(estimator: Any) -> bool:
    """Tell whether a fit can run beside others, and beside what the user's cells do.

    Two parallel kernels of numba at once end the process if its threading layer is "workqueue". scikit-learn
    has no such kernels.
    """
    return {type(each).__module__.split(".")[0] for each in _parts_of(estimator)} <= _WITHOUT_NUMBA or (
        _threading_layer() in _SAFE_LAYERS
    )


def _parts_of(estimator: Any) -> list[Any]:
    get = getattr(estimator, "get_params", None)
    values = get(deep=True).values() if callable(get) else ()
    return [estimator, *(value for value in values if hasattr(value, "fit"))]


def _threading_layer() -> str:
    """Return numba's threading layer, or the one that it would take."""
    import numba

    config: Any = numba.config
    try:
        return str(numba.threading_layer())
    except ValueError:  # no parallel kernel has run yet
        wanted = str(config.THREADING_LAYER)
    if wanted in _POOLS or wanted == "workqueue":
        return wanted
    order = [layer for layer in config.THREADING_LAYER_PRIORITY if layer in _POOLS]
    return next(filter(_is_there, order), "workqueue")


def _is_there(layer: str) -> bool:
    try:
        import_module(_POOLS[layer])
    except ImportError:
        return False
    return True


@cache
def fitter() -> Fitter:
    """Return this process's only fitter."""
    return Fitter()


if hasattr(os, "register_at_fork"):
    # Threads do not survive a fork.
    os.register_at_fork(after_in_child=fitter.cache_clear)

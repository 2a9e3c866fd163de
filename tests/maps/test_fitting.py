"""Fits of estimators: in turn, never in the way, forgotten once nobody wants them."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading

import pytest
from sklearn.decomposition import PCA
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tsne_widget.maps import fitting
from tsne_widget.maps.fitting import Dropped, Fit, Fitter, may_run_aside

PATIENCE = 60


class Gate:
    """A work that tells when it begins, and ends when it is let."""

    def __init__(self, result="done"):
        self.reached, self.go_on, self.result = threading.Event(), threading.Event(), result

    def __call__(self, tell):
        self.reached.set()
        assert self.go_on.wait(PATIENCE)
        tell(1.0)
        return self.result


def test_fits_run_one_after_another():
    fitter, gates = Fitter(), [Gate("one"), Gate("two")]
    fits = [Fit(gate) for gate in gates]
    for fit in fits:
        fitter.add(fit)
    assert gates[0].reached.wait(PATIENCE)
    assert fits[1].seconds is None
    assert not gates[1].reached.is_set()
    for gate, fit in zip(gates, fits, strict=True):
        gate.go_on.set()
        assert fit.ended.wait(PATIENCE)
    assert [fit.result for fit in fits] == ["one", "two"]
    assert [fit.progress for fit in fits] == [1.0, 1.0]


def test_a_fit_that_was_dropped_does_not_hold_up_the_next():
    fitter, never, gate = Fitter(), Gate(), Gate()
    dropped, waiting, fit = Fit(never), Fit(Gate()), Fit(gate)
    for each in (dropped, waiting, fit):
        fitter.add(each)
    assert never.reached.wait(PATIENCE)
    fitter.drop(waiting)
    fitter.drop(dropped)
    assert gate.reached.wait(PATIENCE)
    gate.go_on.set()
    assert fit.ended.wait(PATIENCE)
    assert not waiting.ended.is_set()
    never.go_on.set()
    assert dropped.ended.wait(PATIENCE)
    assert (dropped.result, dropped.error) == (None, None)


def test_an_estimator_that_tells_its_progress_learns_that_it_was_dropped():
    stopped = threading.Event()
    gate = Gate()

    def work(tell):
        gate.reached.set()
        gate.go_on.wait(PATIENCE)
        try:
            tell(0.5)
        except Exception:  # as estimators do; it does not catch Dropped
            pytest.fail("caught")
        except Dropped:
            stopped.set()
            raise

    fitter, fit = Fitter(), Fit(work)
    fitter.add(fit)
    assert gate.reached.wait(PATIENCE)
    fitter.drop(fit)
    gate.go_on.set()
    assert stopped.wait(PATIENCE)
    assert fit.ended.wait(PATIENCE)
    assert fit.error is None


@pytest.mark.parametrize("error", [ValueError("bad"), SystemExit(3), KeyboardInterrupt()])
def test_no_error_of_an_estimator_ends_more_than_its_fit(error):
    def work(tell):
        raise error

    fitter, fit, after = Fitter(), Fit(work), Fit(lambda tell: 1)
    fitter.add(fit)
    fitter.add(after)
    assert fit.ended.wait(PATIENCE)
    assert fit.error is error
    assert after.ended.wait(PATIENCE)


class OfOthers:
    """An estimator that might run parallel kernels of numba."""

    def fit_transform(self, X):
        return X[:, :2]


@pytest.mark.parametrize(("layer", "aside"), [("tbb", True), ("omp", True), ("workqueue", False)])
def test_what_may_use_numba_runs_aside_only_where_its_kernels_may_meet(monkeypatch, layer, aside):
    monkeypatch.setattr(fitting, "_threading_layer", lambda: layer)
    assert may_run_aside(OfOthers()) is aside
    assert may_run_aside(make_pipeline(StandardScaler(), PCA(2)))


@pytest.mark.release
def test_kernels_that_must_not_meet_do_not_meet(tmp_path):
    """On numba's layer "workqueue" two parallel kernels at once end the process."""
    script = textwrap.dedent(
        """
        import threading, warnings
        import numba, numpy as np
        from numba import njit, prange
        from tsne_widget import RunFailedError, TSNEWidget
        from tsne_widget.errors import BlockingFitWarning
        from tsne_widget.maps.session import Restart

        assert numba.config.THREADING_LAYER == "workqueue"

        @njit(parallel=True)
        def total(X):
            sums = np.zeros(len(X))
            for i in prange(len(X)):
                for _ in range(20):
                    sums[i] += np.sqrt(np.abs(X[i])).sum()
            return sums.sum()

        class Parallel:
            def fit_transform(self, X):
                self.thread = threading.current_thread()
                for _ in range(20):
                    total(X)
                return X[:, :2]

        X = np.random.default_rng(0).normal(size=(3000, 20))
        total(X)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            w = TSNEWidget(X, max_iter=5, beside={"one": Parallel(), "two": Parallel()})
        assert [w.category for w in caught].count(BlockingFitWarning) == 2, caught
        for _ in range(100):
            total(X)  # what the user does next
        w.wait(100)
        main = threading.main_thread()
        assert all(run.estimator_.thread is main for run in w.beside.values())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            w.restart().wait(100)
        assert w.beside["one"].status == "fitted"
        w._maps.do(Restart(w.beside["one"].id), in_cell=False)  # from a view
        try:
            w.wait(100)
        except RunFailedError as error:
            assert "only a cell can fit Parallel here" in str(error), error
        else:
            raise AssertionError("it was fitted")
        print("survived")
        """
    )
    path = tmp_path / "script.py"
    path.write_text(script)
    found = subprocess.run(
        [sys.executable, str(path)],
        env={**os.environ, "NUMBA_THREADING_LAYER": "workqueue"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert (found.returncode, found.stdout.strip()) == (0, "survived"), found.stderr

"""What the tests of several modules need: data with clusters, clocks that stand still, a bare session."""

from __future__ import annotations

import itertools
import re
import time
from collections.abc import Callable
from typing import Any

import hypothesis
import numpy as np
import pytest
from ipywidgets import Widget

from tsne_widget.maps.grid import Grid, Spec
from tsne_widget.maps.in_metric import InMetric
from tsne_widget.maps.run import Run
from tsne_widget.maps.session import Arrange, Session
from tsne_widget.maps.status import Layout, Status
from tsne_widget.parameters.axes import AXES, check_axis
from tsne_widget.parameters.axis import Facts
from tsne_widget.parameters.checks import check_settings
from tsne_widget.parameters.defaults import DEFAULTS, Settings
from tsne_widget.parameters.given import plain
from tsne_widget.parameters.metric import is_precomputed
from tsne_widget.tsne.pool import Pool
from tsne_widget.widget import driver
from tsne_widget.wire import connection
from tsne_widget.wire.audience import Audience

# A slow machine is not an error, and a test leaves no files behind. What passes once passes always; only full
# runs try other examples each time, and print how to try again what has failed.
UNTIMED = hypothesis.settings(deadline=None, database=None)
hypothesis.settings.register_profile("quick", UNTIMED, max_examples=100, derandomize=True)
hypothesis.settings.register_profile("full", UNTIMED, max_examples=1_000, derandomize=False, print_blob=True)


def pytest_configure() -> None:
    """Fuzz quickly, unless ``--hypothesis-profile`` says otherwise, which is read after this."""
    hypothesis.settings.load_profile("quick")


@pytest.fixture
def close_widgets():
    """End the widgets that a test has left."""
    yield
    Widget.close_all()


def in_words(value: object) -> str:
    """Name a test's parameter, in each process alike: addresses differ, and the order of sets."""
    value = sorted(value, key=repr) if isinstance(value, (set, frozenset)) else value
    return re.sub(r" at 0x\w+", "", repr(value))[:60]


def thorough() -> bool:
    """Whether all of the fuzz was asked for."""
    return hypothesis.settings.get_current_profile_name() == "full"


def relaxed() -> hypothesis.settings:
    """Return settings for properties whose examples are dear, or all share their fixtures."""
    checks = hypothesis.HealthCheck
    return hypothesis.settings(suppress_health_check=[checks.function_scoped_fixture, checks.too_slow])


#: Seconds that a piece of work takes by a bench's clock.
TICK = 0.005


class Clock:
    """A clock that goes on when it is told to, and by `tick` whenever it is read."""

    def __init__(self, tick: float = 0.0):
        self.now = 1000.0
        self._tick = tick

    def __call__(self) -> float:
        self.now += self._tick
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += seconds


def checked(X: np.ndarray, **parameters: Any) -> tuple[Settings, Grid]:
    """Check parameters as the widget does; those that may be lists make several runs."""
    given = {name: parameters.get(name, getattr(DEFAULTS, name)) for name in AXES}
    facts = facts_of(X, **parameters)
    axes = {name: check_axis(name, value, facts) for name, value in given.items()}
    first = {name: plain(values[0]) for name, values in axes.items()}
    return check_settings({**parameters, **first}, X), Grid().product(axes)


def facts_of(matrix: Any, **parameters: Any) -> Facts:
    """Return what parameters of rows are checked against, where there is one metric."""
    metric = parameters.get("metric", DEFAULTS.metric)
    return Facts(
        matrix.shape[0],
        distances=is_precomputed(metric),
        init_scale=parameters.get("init_scale", DEFAULTS.init_scale),
        matrix=lambda: matrix,
        metric_params=parameters.get("metric_params"),
        neighbors=parameters.get("neighbors", "auto"),
        metric=metric,
    )


def spec_of(**values: Any) -> Spec:
    """Return what tells a map from others, with the defaults of what is not given."""
    return Spec({name: values.get(name, getattr(DEFAULTS, name)) for name in AXES})


def in_metric(session: Session) -> InMetric:
    """Return what the maps share that have the metric of the first one."""
    return session.shared_work.in_metric(session.runs[0].spec)


class Bench:
    """A session without threads and without Jupyter, and all that it has told; `run` is its first run."""

    def __init__(self, X: np.ndarray, **parameters: Any):
        self.published: list[tuple[Status, Layout | None]] = []
        self.forgotten: list[int] = []
        self.clock = Clock(tick=TICK)
        self.audience = Audience(self.clock)
        settings, self.grid = checked(X, **parameters)
        self.session = Session(
            X,
            settings,
            self.grid.entries,
            audience=self.audience,
            pool=Pool(1),
            listener=self,
            clock=self.clock,
        )

    @property
    def run(self) -> Run:
        return self.session.runs[0]

    def named(self, number: int) -> Run:
        """Return a run by its id."""
        (run,) = (run for run in self.session.runs if run.number == number)
        return run

    @property
    def status(self) -> Status:
        return self.run.status

    @property
    def points(self) -> np.ndarray:
        assert self.run.layout is not None
        return self.run.layout.points

    def do(self, *commands: Any) -> Bench:
        for command in commands:
            self.session.handle(command)
        return self

    def arrange(self, grid: Grid) -> Bench:
        """Have the runs of another grid."""
        self.grid = grid
        return self.do(Arrange(grid.entries))

    def set(self, name: str, value: Any) -> Bench:
        """Set a parameter of all runs."""
        return self.arrange(self.grid.change_all(name, value))

    def once(self) -> Bench:
        """Do the smallest piece of work: one step of a preparation, or one iteration, of each run."""
        self.session.advance(0.0)
        return self

    def until(self, reached: Callable[[Status], bool]) -> Bench:
        """Advance until a status is reached; that it never is fails the test."""
        for _ in itertools.takewhile(lambda _: not reached(self.status), range(20_000)):
            assert not self.session.resting, f"rests as {self.status}"
            self.session.advance()
        assert reached(self.status), self.status
        return self

    def until_rest(self) -> Bench:
        return self.until(lambda _: self.session.resting)

    def publish(self, run: Run) -> None:
        self.published.append((run.status, run.layout))

    def forget(self, run: int) -> None:
        self.forgotten.append(run)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def shifted(monkeypatch):
    """Put the clocks of widgets made from now on forward."""
    offset = [0.0]

    def clock():
        return time.monotonic() + offset[0]

    for module in (connection, driver):
        monkeypatch.setattr(module, "clock", clock)

    def forward(seconds):
        offset[0] += seconds

    return forward


@pytest.fixture(scope="session")
def blobs() -> np.ndarray:
    """Sixty rows in three clusters."""
    rng = np.random.default_rng(7)
    centers = 8 * rng.normal(size=(3, 5))
    return np.repeat(centers, 20, axis=0) + rng.normal(size=(60, 5))


@pytest.fixture(scope="session")
def bench(blobs: np.ndarray) -> Callable[..., Bench]:
    """Make a session on the blobs, short unless told otherwise."""

    def make(X: np.ndarray = blobs, **parameters: Any) -> Bench:
        chosen = {"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, **parameters}
        return Bench(X, **chosen)

    return make

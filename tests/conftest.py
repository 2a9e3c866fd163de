"""What the tests of several modules need: data with clusters, clocks that stand still, a bare session."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import hypothesis
import numpy as np
import pytest

from tsne_widget.audience import Audience
from tsne_widget.run import Layout, Run, Status
from tsne_widget.session import Session
from tsne_widget.settings import check_settings
from tsne_widget.tsne.pool import Pool

# A slow machine is not an error, and a test leaves no files behind.
hypothesis.settings.register_profile("untimed", deadline=None, database=None)
hypothesis.settings.load_profile("untimed")

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


class Bench:
    """A session without threads and without Jupyter, and all that it has published."""

    def __init__(self, X: np.ndarray, **parameters: Any):
        self.published: list[tuple[Status, Layout | None]] = []
        self.clock = Clock(tick=TICK)
        self.audience = Audience(self.clock)
        self.session = Session(
            X,
            check_settings(parameters, X),
            audience=self.audience,
            pool=Pool(1),
            publish=self._publish,
            clock=self.clock,
        )
        self.run = self.session.runs[0]

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

    def once(self) -> Bench:
        """Do the smallest piece of work: one step of a preparation, or one iteration."""
        self.session.advance(1.5 * TICK)
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

    def _publish(self, run: Run) -> None:
        self.published.append((run.status, run.layout))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def blobs() -> np.ndarray:
    """Sixty rows in three clusters."""
    rng = np.random.default_rng(7)
    centres = 8 * rng.normal(size=(3, 5))
    return np.repeat(centres, 20, axis=0) + rng.normal(size=(60, 5))


@pytest.fixture(scope="session")
def bench(blobs: np.ndarray) -> Callable[..., Bench]:
    """Make a session on the blobs, short unless told otherwise."""

    def make(X: np.ndarray = blobs, **parameters: Any) -> Bench:
        chosen = {"perplexity": 8, "max_iter": 60, "early_exaggeration_iter": 20, **parameters}
        return Bench(X, **chosen)

    return make

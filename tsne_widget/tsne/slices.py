"""Slices of a map that is made elsewhere: what is ordered of a worker, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Literal

import numpy as np

from .schedule import Schedule
from .state import State

Change = Literal["continue", "extend"]
#: The version of this package.
VERSION = version("tsne_widget")


@dataclass(frozen=True)
class Problem:
    """The map that a slice is part of.

    Attributes
    ----------
    data : str
        The name of the neighbours, unique for each set of them.
    perplexity, multiscale, affinity
        See `joint_probabilities`.
    schedule, repulsion, angle
        See `Optimizer`.
    n_jobs : int
        The threads of the worker.
    """

    data: str
    perplexity: float
    multiscale: tuple[float, ...]
    affinity: Literal["gaussian", "uniform"]
    schedule: Schedule
    repulsion: str
    angle: float
    n_jobs: int


@dataclass(frozen=True)
class Order:
    """A slice to be done.

    Attributes
    ----------
    changes : tuple of "continue" and "extend"
        What happens before the first iteration; see `Optimizer.continue_with` and `extend`.
    count : int or None
        The most iterations; 0 only prepares the worker.
    seconds : float
        The time after which no iteration begins, except the first.
    version : str
        The version of this package that the worker must have.
    """

    problem: Problem
    changes: tuple[Change, ...]
    count: int | None
    seconds: float
    version: str


@dataclass(frozen=True, eq=False)
class Slice:
    """A slice that is done.

    Attributes
    ----------
    state : State
        To continue from, anywhere.
    told : Told
        What the optimizer says about itself.
    """

    state: State
    told: Told


@dataclass(frozen=True)
class Told:
    """What an optimizer says about itself, see there."""

    kl_divergence: float
    learning_rate: float
    phase: str
    why: str
    advice: str
    may_go_on: bool

    @classmethod
    def by(cls, optimizer: Any) -> Told:
        """Ask an optimizer."""
        return cls(**{name: getattr(optimizer, name) for name in cls.__dataclass_fields__})


@dataclass(frozen=True)
class Absent:
    """The answer of a worker that does not have the neighbours: they have to be sent along."""


@dataclass(frozen=True)
class Failure:
    """The answer of a worker whose work raised an error; errors of the executor itself are raised."""

    error: BaseException


def begun(layout: np.ndarray, iteration: int, limit: int) -> State:
    """Return the state of a map that starts from a layout, to which `iteration` steps have led."""
    return State({"layout": layout}, {"iteration": iteration, "limit": limit, "ended": None})

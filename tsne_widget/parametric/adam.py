"""Adam (Kingma & Ba 2015), with a rate that falls along half a cosine."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ..tsne.state import State

_FIRST, _SECOND, _TINY = 0.9, 0.999, np.float32(1e-8)
_LAST_RATE = 0.02  # of the first


class Adam:
    """Changes parameters in place, step by step.

    Parameters
    ----------
    parameters : sequence of ndarray, float32
        What it changes.
    rate : float
        The length of the first steps.
    steps : int
        The number of steps in which the rate falls to 1/50; it stays there.
    """

    def __init__(self, parameters: Sequence[np.ndarray], rate: float, steps: int):
        self._parameters, self._rate, self._steps = parameters, rate, steps
        self._means = [np.zeros_like(each) for each in parameters]
        self._squares = [np.zeros_like(each) for each in parameters]
        self._done = 0

    @classmethod
    def resume(cls, parameters: Sequence[np.ndarray], rate: float, state: State) -> Adam:
        """Continue from the `state` of another, whose parameters had these values."""
        resumed = cls(parameters, rate, state.numbers["steps"])
        resumed._done = state.numbers["done"]
        for name, moments in (("mean", resumed._means), ("square", resumed._squares)):
            for number, moment in enumerate(moments):
                moment[:] = state.arrays[f"{name}.{number}"]
        return resumed

    @property
    def state(self) -> State:
        """A copy of all that `resume` needs, besides the parameters."""
        moments = {"mean": self._means, "square": self._squares}
        arrays = {f"{name}.{k}": each.copy() for name, some in moments.items() for k, each in enumerate(some)}
        return State(arrays, {"steps": self._steps, "done": self._done})

    def step(self, gradients: Sequence[np.ndarray]) -> None:
        """Move against the gradients."""
        turn = math.cos(math.pi * min(self._done / self._steps, 1))
        rate = self._rate * (_LAST_RATE + (1 - _LAST_RATE) * (1 + turn) / 2)
        self._done += 1
        length = np.float32(rate * math.sqrt(1 - _SECOND**self._done) / (1 - _FIRST**self._done))
        moments = zip(self._parameters, gradients, self._means, self._squares, strict=True)
        for parameter, gradient, mean, square in moments:
            mean += np.float32(1 - _FIRST) * (gradient - mean)
            square += np.float32(1 - _SECOND) * (gradient * gradient - square)
            parameter -= length * mean / (np.sqrt(square) + _TINY)

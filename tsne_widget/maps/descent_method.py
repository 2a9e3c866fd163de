"""What methods have in common whose map descends step by step, and can be resumed from its state."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..parameters.axis import Axis
from ..parameters.defaults import Settings
from ..tsne.state import State
from .grid import Spec
from .method import Method, Slices
from .shared_work import SharedWork

#: The number in a state that says whether other parameters were on their way.
CHANGING = "changing"


class DescentMethod(Method):
    """A method with an optimizer, which does one iteration a step.

    The optimizer has `layout`, `iteration`, `limit`, `state`, `step`, `extend` and `continue_with`. It is
    made at the end of the preparation, and when the map goes on from a kept layout or from a state.
    """

    live = True

    def __init__(self, spec: Spec, settings: Settings, shared_work: SharedWork):
        super().__init__(spec, settings, shared_work)
        self._optimizer: Any = None
        # Where the optimizer will start; None before that is known.
        self._start: np.ndarray | None = None
        self._start_iteration, self._start_limit = 0, settings.max_iter
        # The state that the optimizer will resume; None if there is none, and once it has.
        self._resumed: State | None = None
        # Whether the optimizer is about to get other parameters.
        self._changing = False

    @abstractmethod
    def _make_optimizer(self) -> Slices:
        """Make the optimizer, from `_resumed` if there is one, else at `_start`, with all that it needs."""

    @abstractmethod
    def _change(self, changed: Sequence[Axis]) -> Slices:
        """Let the optimizer continue with the values that `spec` has now."""

    def step(self) -> None:
        """Do one iteration."""
        self._optimizer.step()

    def continue_with(self, spec: Spec) -> Slices | None:
        """Continue from the current layout; None if the start itself changes."""
        changed, self.spec = [self.axis(name) for name in spec.changed(self.spec)], spec
        if any(axis.on_change == "restart" for axis in changed):
            return None
        if self._resumed is not None:
            self._changing = True
            return self._make_optimizer()
        if self._optimizer is None:
            return self._make_optimizer() if self._start_iteration else None
        return self._take_change(changed)

    def go_back_to(self, points: np.ndarray, iteration: int, limit: int) -> Slices | None:
        """Continue with a new optimizer, whose momentum is new too."""
        self._start, self._start_iteration, self._start_limit = points, iteration, limit
        return self._make_optimizer()

    def resume(self, state: State, points: np.ndarray, iteration: int, limit: int) -> Slices | None:
        """Continue with an optimizer that is in the state of another."""
        self._resumed, self._changing = state, state.numbers[CHANGING]
        return self.go_back_to(points, iteration, limit)

    def extend(self) -> None:
        """Continue until it ends again."""
        self._optimizer.extend()

    @property
    def layout(self) -> np.ndarray | None:
        """The optimizer's layout, or the one from which it will start."""
        return self._start if self._optimizer is None else self._optimizer.layout

    @property
    def state(self) -> State | None:
        """The optimizer's state, or the one that it will resume."""
        state = self._resumed if self._optimizer is None else self._optimizer.state
        return state and state.with_number(CHANGING, self._changing)

    @property
    def ready(self) -> bool:
        """Whether the optimizer exists."""
        return self._optimizer is not None

    @property
    def iteration(self) -> int:
        """Iterations done."""
        return self._start_iteration if self._optimizer is None else self._optimizer.iteration

    @property
    def limit(self) -> int:
        """The iteration at which it ends if it has not settled before."""
        return self._start_limit if self._optimizer is None else self._optimizer.limit

    def _take_up(self, optimizer: Any, *values: Any) -> None:
        """Go on with a resumed optimizer, and with other values if it was about to get some."""
        if self._changing:
            optimizer.continue_with(*values)
        self._optimizer, self._resumed, self._changing = optimizer, None, False

    def _take_change(self, changed: Sequence[Axis]) -> Slices:
        self._changing = True
        yield from self._change(changed)
        self._changing = False

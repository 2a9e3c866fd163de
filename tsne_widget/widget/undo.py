"""What was selected and filtered before, to go back to."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sized
from typing import Generic, TypeVar

State = TypeVar("State", bound=Sized)

#: The most states that are kept, and the most rows in all of them together.
STEPS = 100
ROWS = 20_000_000


class Undo(Generic[State]):
    """The states that undo and redo return to, as long as they have rows; the oldest are forgotten first."""

    def __init__(self, steps: int = STEPS, rows: int = ROWS):
        self._steps, self._rows = steps, rows
        self._past: deque[State] = deque()
        self._future: list[State] = []

    @property
    def sizes(self) -> tuple[int, int]:
        """How many steps there are back and forward."""
        return len(self._past), len(self._future)

    @property
    def states(self) -> tuple[tuple[State, ...], tuple[State, ...]]:
        """What undo returns to, the oldest first, and what redo returns to, the nearest last."""
        return tuple(self._past), tuple(self._future)

    def restore(self, past: Iterable[State], future: Iterable[State]) -> None:
        """Take the states of another back."""
        self._past, self._future = deque(past), list(future)

    def note(self, before: State) -> None:
        """Keep the state that a new one has replaced; there is nothing to redo from a new one."""
        self._future.clear()
        self._past.append(before)
        while len(self._past) > self._steps or sum(map(len, self._past)) > self._rows:
            self._past.popleft()

    def back(self, now: State) -> State | None:
        """Return what was before `now`; None at the beginning."""
        if not self._past:
            return None
        self._future.append(now)
        return self._past.pop()

    def forward(self, now: State) -> State | None:
        """Return what came after `now`; None at the end."""
        if not self._future:
            return None
        self._past.append(now)
        return self._future.pop()

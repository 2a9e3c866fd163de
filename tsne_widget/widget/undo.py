"""Past selections, to go back to."""

from __future__ import annotations

from collections import deque

import numpy as np

#: The most selections that are kept, and the most rows in all of them together.
STEPS = 100
ROWS = 20_000_000


class Undo:
    """The selections that undo and redo return to; the oldest are forgotten first."""

    def __init__(self, steps: int = STEPS, rows: int = ROWS):
        self._steps, self._rows = steps, rows
        self._past: deque[np.ndarray] = deque()
        self._future: list[np.ndarray] = []

    @property
    def sizes(self) -> tuple[int, int]:
        """How many steps there are back and forward."""
        return len(self._past), len(self._future)

    def note(self, before: np.ndarray) -> None:
        """Keep the selection that a new one has replaced; there is nothing to redo from a new one."""
        self._future.clear()
        self._past.append(before)
        while len(self._past) > self._steps or sum(map(len, self._past)) > self._rows:
            self._past.popleft()

    def back(self, now: np.ndarray) -> np.ndarray | None:
        """Return what was before `now`; None at the beginning."""
        if not self._past:
            return None
        self._future.append(now)
        return self._past.pop()

    def forward(self, now: np.ndarray) -> np.ndarray | None:
        """Return what came after `now`; None at the end."""
        if not self._future:
            return None
        self._past.append(now)
        return self._future.pop()

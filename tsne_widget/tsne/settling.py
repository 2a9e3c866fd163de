"""Judge whether a descent has settled, and whether it is unstable.

A layout has settled when, check after check, KL hardly falls, the points hardly move, and the forces on them
balance. The bound on KL is opt-SNE's (Belkina et al. 2019). Alone it stops too early: the digits pass it at
KL 0.753, while the second rule waits for 0.736; after 4000 iterations they reach 0.729. The third rule guards
against learning rates so small that nothing moves: layouts that settled by the other rules had an imbalance
of at most 0.03, or 0.05 with 70,000 points; layouts that had hardly moved from the start had 0.6 to 0.8.

A descent is unstable when, over 100 iterations, KL rose by a third of its falls, while points moved and the
forces did not balance. Sound descents lost up to 0.3 of their falls, by the rounding of mesh and Barnes-Hut,
but only in their last iterations, when points moved by less than 1/2000. Descents with steps that were too
long lost 0.33 and more, at an imbalance of 0.15 to 0.9.
"""

from __future__ import annotations

import math
from collections import deque
from itertools import pairwise

import numpy as np

from .state import State

CHECK_EVERY = 10
_CHECKS = 5
_KL_CHANGE = 1 / 5000
_MOVEMENT = 1 / 2000
_IMBALANCE, _OF_UNSTABLE = 0.3, 0.1
_NEAR = 3.0
_CHECKS_BACK = 10
_RISES = 1 / 3  # of the falls
_ROUNDING = 1e-4  # of KL
_NUMBERS = ("kl", "kl_change", "movement", "imbalance")


class Settling:
    """The course of a descent, as far as it decides whether the descent has settled.

    Attributes
    ----------
    kl : float
        KL at the latest check; NaN before the first.
    kl_change : float
        The share of KL by which the loss fell per iteration between the last two checks; NaN while unknown.
    movement : float
        How far the points moved in the latest checked iteration, as a share of the map's radius (both are
        root mean squares); NaN while unknown.
    imbalance : float
        The net share of the forces at the latest check, see `imbalance`; NaN while unknown.
    """

    def __init__(self) -> None:
        self.kl = float("nan")
        self.look_afresh()

    def look_afresh(self) -> None:
        """Forget everything except KL."""
        self.kl_change = self.movement = self.imbalance = float("nan")
        self._quiet_checks = 0
        self._losses: deque[float] = deque(maxlen=_CHECKS_BACK + 1)

    @property
    def state(self) -> State:
        """What `resume` needs; unknown numbers are None."""
        known = {name: _known(getattr(self, name)) for name in _NUMBERS}
        return State({}, {**known, "quiet_checks": self._quiet_checks, "losses": [*map(float, self._losses)]})

    @classmethod
    def resume(cls, state: State) -> Settling:
        """Go on from a state."""
        resumed = cls()
        for name in _NUMBERS:
            known = state.numbers[name]
            setattr(resumed, name, math.nan if known is None else known)
        resumed._quiet_checks = state.numbers["quiet_checks"]
        resumed._losses.extend(state.numbers["losses"])
        return resumed

    @property
    def near(self) -> bool:
        """Whether the measures are within 3 times their bounds."""
        return self._below(_NEAR)

    @property
    def settled(self) -> bool:
        """Whether the measures were below their bounds at 5 checks in a row."""
        return self._quiet_checks >= _CHECKS

    @property
    def slow(self) -> bool:
        """Whether KL hardly changed at the latest check although the forces do not balance."""
        return abs(self.kl_change) < _KL_CHANGE and not self.balanced

    @property
    def balanced(self) -> bool:
        """Whether the forces balanced at the latest check, as well as in a settled layout."""
        return self.imbalance < _IMBALANCE

    @property
    def unstable(self) -> bool:
        """Whether the loss rose over the last 100 iterations, or rose and fell without progress."""
        moves = self.movement > 2 * _MOVEMENT and self.imbalance > _OF_UNSTABLE
        if len(self._losses) <= _CHECKS_BACK or not moves:
            return False
        rises = [after - before for before, after in pairwise(self._losses)]
        risen, fallen = sum(max(rise, 0.0) for rise in rises), sum(max(-rise, 0.0) for rise in rises)
        return risen > _ROUNDING * self.kl and risen >= _RISES * fallen

    def check(self, kl: float, loss: float, imbalance: float, before: np.ndarray, after: np.ndarray) -> None:
        """Check one iteration; called for one in every 10.

        Parameters
        ----------
        kl, loss, imbalance : float
            KL, the minimised loss and the imbalance of the forces, for the layout `before`.
        before, after : ndarray of shape (n, 2), float32
            The layouts before and after the iteration.
        """
        if self._losses:
            change = (self._losses[-1] - loss) / CHECK_EVERY
            self.kl_change = change / kl if kl > 0 else 0.0
        self.kl, self.imbalance = kl, imbalance
        radius = _root_mean_square(before - before.mean(axis=0))
        self.movement = _root_mean_square(after - before) / radius if radius > 0 else 0.0
        self._quiet_checks = self._quiet_checks + 1 if self._below(1.0) else 0
        self._losses.append(loss)

    def _below(self, factor: float) -> bool:
        quiet = abs(self.kl_change) < factor * _KL_CHANGE and self.movement < factor * _MOVEMENT
        return quiet and self.balanced


def _root_mean_square(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(x), dtype=np.float64)))


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None

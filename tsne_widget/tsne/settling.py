"""When a layout has settled: KL hardly falls and the points hardly move, check after check.

The bound on KL is opt-SNE's (Belkina et al. 2019). By itself it stops too early: the digits pass it at KL
0.753, and it takes the second rule to wait for 0.736, of 0.729 that they reach after 4000 iterations. The
norm of the gradient is no rule, since it depends on the number of points.
"""

import numpy as np

CHECK_EVERY = 10
_CHECKS = 5
_KL_CHANGE = 1 / 5000
_MOVEMENT = 1 / 2000
_NEAR = 3.0


class Settling:
    """What is known of how a layout settles.

    Attributes
    ----------
    kl : float
        KL at the latest check; NaN before the first.
    kl_change : float
        By what part of itself KL fell per iteration between the last two checks; NaN while unknown.
    movement : float
        How far the points moved in the latest checked iteration, in parts of the radius of the map (both are
        root mean squares); NaN while unknown.
    """

    def __init__(self) -> None:
        self.kl = float("nan")
        self._kl_iteration = 0
        self.look_afresh()

    def look_afresh(self) -> None:
        """Forget what led up to now, but not KL."""
        self.kl_change = self.movement = float("nan")
        self._quiet_checks = 0

    @property
    def near(self) -> bool:
        """Whether both measures are within 3 times of their bounds."""
        return self._below(_NEAR)

    @property
    def settled(self) -> bool:
        """Whether both measures were below their bounds at 5 checks in a row."""
        return self._quiet_checks >= _CHECKS

    def check(self, iteration: int, kl: float, before: np.ndarray, after: np.ndarray) -> None:
        """Take in one checked iteration, from the layout `before`, which has this KL, to the one `after`."""
        self.note_kl(iteration, kl)
        radius = _root_mean_square(before - before.mean(axis=0))
        self.movement = _root_mean_square(after - before) / radius if radius > 0 else 0.0
        self._quiet_checks = self._quiet_checks + 1 if self._below(1.0) else 0

    def note_kl(self, iteration: int, kl: float) -> None:
        """Take in the KL of the layout at an iteration."""
        if iteration > self._kl_iteration:
            self.kl_change = (self.kl - kl) / (iteration - self._kl_iteration) / kl if kl > 0 else 0.0
        self.kl, self._kl_iteration = kl, iteration

    def _below(self, factor: float) -> bool:
        return self.kl_change < factor * _KL_CHANGE and self.movement < factor * _MOVEMENT


def _root_mean_square(x: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(x), dtype=np.float64)))

r"""Gradient descent on the KL divergence: momentum, gains, schedule, and when to stop.

**Learning rate.** The gradient has its factor 4, as in scikit-learn; openTSNE leaves it out, so the same step is
4 times as large a learning rate there. "auto" is n / exaggeration / 4 in each phase (in openTSNE's units
n / exaggeration; Belkina et al. 2019), where scikit-learn keeps max(n / 12 / 4, 50) in both. Measured, KL of
the same P after 500 and after 1000 iterations, 250 of them exaggerated 12 times, perplexity 30, PCA:

=================================== =========== ============ =========== ============ ============
learning rate, momentum after 250   n = 50      150 (iris)   1797        2500         10,000
=================================== =========== ============ =========== ============ ============
max(n / 48, 50), 0.8                0.318 0.077 0.131 0.128  0.825 0.741 1.377 1.270  1.955 1.695
n / 48 then n / 4, 0.8                          0.127 0.125  0.766 0.737 1.288 1.254  1.786 1.664
**n / 48 then n / 4, 0.9**          0.083 0.079 0.128 0.126  0.758 0.734 1.284 1.254  1.734 1.631
n / 48 then n / 8, 0.9                          0.130 0.126  0.763 0.733 1.288 1.256  1.743 1.629
n / 48 then n / 2, 0.8                          0.129 0.126  0.767 0.738 1.291 1.260  1.789 1.666
n / 48 then n / 4, 0.95                         0.212 0.124  0.751 0.738 1.286 1.266  1.714 1.641
=================================== =========== ============ =========== ============ ============

(1797: digits; 2500 and 10,000: MNIST reduced to 50 by PCA; 50: random, perplexity 16, and there momentum 0.9 in
the first row.) A rate of n / 4 in the exaggerated phase as well ends worse (digits 0.755, MNIST 2500 1.403), and
a lower bound of 50 makes small maps explode. 100 exaggerated iterations do as well as 250 (digits 0.728, MNIST
2500 1.264, 10,000 1.624 after 1000).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import float32, float64, int64, void

from .affinities import Affinities
from .attraction import attraction, kl_divergence
from .kernel import kernel
from .pool import Pool
from .repulsion import repulsion_method

Phase = Literal["early exaggeration", "optimising", "settling"]
Ended = Literal["settled", "limit"]

_MOMENTUM_EARLY, _MOMENTUM = 0.5, 0.9
_COLLAPSED = 1e-4
_CHECK_EVERY = 10
_CHECKS_TO_SETTLE = 5
_SETTLED_KL = 1 / 5000
_SETTLED_MOVEMENT = 1 / 2000
_SETTLING = 3.0


class DivergedError(ArithmeticError):
    """A coordinate of the layout is not finite any more."""


@dataclass(frozen=True)
class Schedule:
    """How the optimisation goes.

    Attributes
    ----------
    early_exaggeration : float
        The factor of the attraction in the first phase.
    early_exaggeration_iter : int
        How many iterations that phase has.
    exaggeration : float
        The factor of the attraction afterwards; 1 is t-SNE.
    learning_rate : float or "auto"
        In scikit-learn's units, which are a quarter of openTSNE's: the gradient has its factor 4 here. "auto"
        is n / exaggeration / 4 in each phase (Belkina et al. 2019), and at least 50.
    max_iter : int
        The iteration at which to stop if the layout has not settled before.
    """

    early_exaggeration: float
    early_exaggeration_iter: int
    exaggeration: float
    learning_rate: float | Literal["auto"]
    max_iter: int


@kernel(
    void(
        int64, int64, float32[:, ::1], float32[:, ::1], float32[:, ::1], float64, float64, float64, float64,
        float32[:, ::1], float32[:, ::1], float32[:, ::1],
    ),
)  # fmt: skip
def _descend(
    start, stop, Y, attraction, repulsion, exaggeration, inverse_z, rate, momentum, velocity, gains, Y_next
):
    """Move the rows one step: gains of Jacobs (1988) as van der Maaten & Hinton (2008) use them."""
    for i in range(start, stop):
        for c in range(2):
            gradient = 4.0 * (exaggeration * attraction[i, c] - inverse_z * repulsion[i, c])
            same = (gradient > 0.0) == (velocity[i, c] > 0.0)
            gain = gains[i, c] * 0.8 if same else gains[i, c] + 0.2
            gains[i, c] = max(gain, 0.01)
            velocity[i, c] = momentum * velocity[i, c] - rate * gains[i, c] * gradient
        length = np.sqrt(velocity[i, 0] ** 2 + velocity[i, 1] ** 2)
        if length > 5.0:
            velocity[i, 0] *= 5.0 / length
            velocity[i, 1] *= 5.0 / length
        Y_next[i, 0] = Y[i, 0] + velocity[i, 0]
        Y_next[i, 1] = Y[i, 1] + velocity[i, 1]


class Optimizer:
    """One optimisation that goes on step by step and that can be changed on the way.

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points.
    Y : ndarray of shape (n, 2), float32
        The layout to start from; it is copied.
    schedule : Schedule
        How to go on.
    pool : Pool
        The threads.
    repulsion : str
        The name of a method in `tsne_widget.tsne.repulsion`.

    Attributes
    ----------
    iteration : int
        How many steps have been done.
    limit : int
        The iteration at which the optimisation ends if it has not settled before.
    kl_change : float
        By what part of itself KL fell per iteration between the last two checks; NaN while unknown. Settled
        means below 1/5000 (Belkina et al. 2019, opt-SNE).
    movement : float
        How far the points moved in the latest checked step, in parts of the radius of the map (both are root
        mean squares); NaN while unknown. Settled means below 1/2000.
    ended : None, "settled" or "limit"
        Why the optimisation has ended, if it has. `step` still goes on if called.
    """

    def __init__(
        self, P: Affinities, Y: np.ndarray, schedule: Schedule, *, pool: Pool, repulsion: str = "exact"
    ):
        n = P.n
        self.schedule = schedule
        self.iteration = 0
        self.limit = schedule.max_iter
        self._P = P
        self._exaggerate_until = schedule.early_exaggeration_iter
        self._pool = pool
        self._repulsion = repulsion_method(repulsion, n, pool)
        self.ended: Ended | None = None
        self._layout = np.array(Y, dtype=np.float32, order="C")
        self._next = np.empty_like(self._layout)
        self._attracted, self._repelled = np.empty_like(self._layout), np.empty_like(self._layout)
        self._collapsed = _COLLAPSED * _span(self._layout)
        self._velocity, self._gains = np.zeros_like(self._layout), np.ones_like(self._layout)
        self._checked: tuple[int, float] | None = None
        self._look_afresh()

    @property
    def layout(self) -> np.ndarray:
        """The current layout, shape (n, 2), float32, not to be written to.

        Two buffers take turns: the array is complete and unchanged until the step after the next one begins.
        Whoever keeps it longer, or reads it in another thread, copies it.
        """
        view = self._layout.view()
        view.flags.writeable = False
        return view

    @property
    def phase(self) -> Phase:
        """Where the optimisation is; "settling" when it is within 3 times of the bounds of settled."""
        if self._exaggerating:
            return "early exaggeration"
        near = self.kl_change < _SETTLING * _SETTLED_KL and self.movement < _SETTLING * _SETTLED_MOVEMENT
        return "settling" if near else "optimising"

    @property
    def kl_divergence(self) -> float:
        """KL(P || Q), of P without exaggeration, at the latest check; NaN before the first.

        Checks are made every 10 iterations, before the step, and of the last layout when it ends.
        """
        return self._checked[1] if self._checked else float("nan")

    @property
    def learning_rate(self) -> float:
        """The learning rate in force for the next step, in scikit-learn's units."""
        if self.schedule.learning_rate != "auto":
            return self.schedule.learning_rate
        return self._P.n / self._exaggeration / 4

    @property
    def why(self) -> str:
        """Why it ended, in a sentence; empty while it has not."""
        if self.ended is None:
            return ""
        last = (
            f"KL fell by {self.kl_change:.4%} of itself and the points moved by {self.movement:.3%} of the "
            "radius in each of the last iterations"
        )
        if self.ended == "settled":
            return f"settled after {self.iteration} iterations: {last}"
        return f"stopped at the limit of {self.limit} iterations: {last}"

    def step(self) -> None:
        """Do one iteration.

        Raises
        ------
        DivergedError
            If a coordinate is not finite afterwards; `layout` stays what it was before.
        """
        Y = self._layout
        attraction(self._P, Y, self._attracted, self._pool)
        Z = self._repulsion(Y, self._repelled)
        checked = self.iteration % _CHECK_EVERY == 0
        if checked:
            self._check_kl(Z)
        self._pool.run(
            _descend, len(Y), Y, self._attracted, self._repelled,
            self._exaggeration, 1 / Z if Z > 0 else 0.0, self.learning_rate,
            _MOMENTUM_EARLY if self._exaggerating else _MOMENTUM,
            self._velocity, self._gains, self._next, grain=16384,
        )  # fmt: skip
        if not np.isfinite(self._next).all():
            raise DivergedError(f"the layout diverged in iteration {self.iteration + 1}: lower learning_rate")
        self._layout, self._next = self._next, self._layout
        self.iteration += 1
        if self._exaggerating and _span(self._layout) < self._collapsed:
            self._exaggerate_until = self.iteration
        if checked:
            self._check_movement()
        if self.ended is None and self.iteration >= self.limit:
            self._end("limit")

    def continue_with(self, P: Affinities) -> None:
        """Go on from the current layout with other joint probabilities of the same points."""
        if P.n != self._P.n:
            raise ValueError(f"P must have {self._P.n} points, not {P.n}")
        self._P = P
        self._checked = None
        early = min(self.iteration, self.schedule.early_exaggeration_iter)
        self.limit = max(self.limit, self.iteration + self.schedule.max_iter - early)
        self._look_afresh()

    def extend(self) -> None:
        """Go on after an end, for up to `max_iter` more iterations."""
        self.limit = self.iteration + self.schedule.max_iter
        self._look_afresh()

    @property
    def _exaggerating(self) -> bool:
        return self.iteration < self._exaggerate_until

    @property
    def _exaggeration(self) -> float:
        return self.schedule.early_exaggeration if self._exaggerating else self.schedule.exaggeration

    def _look_afresh(self) -> None:
        self.ended = None
        self.kl_change = self.movement = float("nan")
        self._quiet_checks = 0

    def _check_kl(self, Z: float) -> None:
        kl, before = kl_divergence(self._P, self._layout, Z, self._pool), self._checked
        if before and before[0] < self.iteration:
            self.kl_change = (before[1] - kl) / (self.iteration - before[0]) / kl if kl > 0 else 0.0
        self._checked = (self.iteration, kl)

    def _check_movement(self) -> None:
        """Compare the layout with the one before, and see whether it has settled."""
        radius = np.sqrt(np.mean((self._layout - self._layout.mean(axis=0)) ** 2, dtype=np.float64))
        moved = np.sqrt(np.mean((self._layout - self._next) ** 2, dtype=np.float64))
        self.movement = float(moved / radius) if radius > 0 else 0.0
        quiet = self.kl_change < _SETTLED_KL and self.movement < _SETTLED_MOVEMENT
        self._quiet_checks = self._quiet_checks + 1 if quiet and not self._exaggerating else 0
        if self.ended is None and self._quiet_checks >= _CHECKS_TO_SETTLE:
            self._end("settled")

    def _end(self, reason: Ended) -> None:
        self.ended = reason
        self._check_kl(self._repulsion(self._layout, self._repelled))


def _span(Y: np.ndarray) -> float:
    return float(max(np.ptp(Y[:, 0]), np.ptp(Y[:, 1])))  # np.ptp with an axis is 40 times as slow

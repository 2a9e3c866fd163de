"""Gradient descent on the KL divergence: momentum, gains, schedule, and when to stop."""

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

_MOMENTUM_EARLY, _MOMENTUM = 0.5, 0.8
_LEAST_LEARNING_RATE = 50.0
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
    kl_divergence : float
        KL(P || Q), of P without exaggeration, at the latest check (every 10 iterations); NaN before the first.
    kl_change : float
        By what part of itself KL fell per iteration between the last two checks; NaN while unknown. Settled
        means below 1/5000 (Belkina et al. 2019, opt-SNE).
    movement : float
        How far the points moved in the latest checked step, as root mean square, in parts of the map's radius;
        NaN while unknown. Settled means below 1/2000.
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
        self._pool = pool
        self._repulsion = repulsion_method(repulsion, n, pool)
        self.ended: Ended | None = None
        self._layout = np.array(Y, dtype=np.float32, order="C")
        self._next = np.empty_like(self._layout)
        self._attracted, self._repelled = np.empty_like(self._layout), np.empty_like(self._layout)
        self._velocity, self._gains = np.zeros_like(self._layout), np.ones_like(self._layout)
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
    def learning_rate(self) -> float:
        """The learning rate in force for the next step, in scikit-learn's units."""
        if self.schedule.learning_rate != "auto":
            return self.schedule.learning_rate
        return max(self._P.n / self._exaggeration / 4, _LEAST_LEARNING_RATE)

    @property
    def why(self) -> str:
        """Why it ended, in a sentence; empty while it has not."""
        if self.ended is None:
            return ""
        state = f"KL fell by {self.kl_change:.1e} of itself an iteration, the points moved by {self.movement:.1e} of the radius"
        return f"{self.ended} after {self.iteration} iterations: {state}"

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
        if checked:
            self._check_movement()
        if self.ended is None and self.iteration >= self.limit:
            self.ended = "limit"

    def continue_with(self, P: Affinities) -> None:
        """Go on from the current layout with other joint probabilities of the same points."""
        if P.n != self._P.n:
            raise ValueError(f"P must have {self._P.n} points, not {P.n}")
        self._P = P
        early = min(self.iteration, self.schedule.early_exaggeration_iter)
        self.limit = max(self.limit, self.iteration + self.schedule.max_iter - early)
        self._look_afresh()

    def extend(self) -> None:
        """Go on after an end, for up to `max_iter` more iterations."""
        self.limit = self.iteration + self.schedule.max_iter
        self._look_afresh()

    @property
    def _exaggerating(self) -> bool:
        return self.iteration < self.schedule.early_exaggeration_iter

    @property
    def _exaggeration(self) -> float:
        return self.schedule.early_exaggeration if self._exaggerating else self.schedule.exaggeration

    def _look_afresh(self) -> None:
        self.ended = None
        self.kl_divergence = self.kl_change = self.movement = float("nan")
        self._quiet_checks = 0

    def _check_kl(self, Z: float) -> None:
        kl = kl_divergence(self._P, self._layout, Z, self._pool)
        self.kl_change = (self.kl_divergence - kl) / _CHECK_EVERY / kl
        self.kl_divergence = kl

    def _check_movement(self) -> None:
        """Compare the layout with the one before, and see whether it has settled."""
        radius = np.sqrt(np.mean((self._layout - self._layout.mean(axis=0)) ** 2, dtype=np.float64))
        moved = np.sqrt(np.mean((self._layout - self._next) ** 2, dtype=np.float64))
        self.movement = float(moved / radius) if radius > 0 else 0.0
        quiet = self.kl_change < _SETTLED_KL and self.movement < _SETTLED_MOVEMENT
        self._quiet_checks = self._quiet_checks + 1 if quiet and not self._exaggerating else 0
        if self.ended is None and self._quiet_checks >= _CHECKS_TO_SETTLE:
            self.ended = "settled"

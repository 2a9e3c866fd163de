"""Gradient descent on the KL divergence, step by step."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal

import numpy as np
from numba import float32, float64, int64, void

from ..errors import DivergedError
from .affinities import Affinities
from .attraction import attraction, kl_divergence, stress
from .extent import extent
from .imbalance import imbalance
from .kernel import kernel
from .ordering import back_in_place, in_order
from .pool import Pool
from .repulsion import repulsion_method
from .schedule import Schedule
from .settling import CHECK_EVERY, Settling
from .state import State

__all__ = ["Optimizer", "Schedule"]

Phase = Literal["early exaggeration", "optimising", "settling", "unstable"]
Ended = Literal["settled", "limit", "unstable", "collapsed"]

_COLLAPSED = 1e-4  # of the span at the start
_IN_ONE_PLACE = 1e-3  # mean of log(1 + d^2) over pairs of neighbours
_NOTHING_REPELS = 0.99  # imbalance
_LONGEST_STEP = 5.0


@kernel(
    void(
        int64, int64, float32[:, ::1], float32[:, ::1], float32[:, ::1], float64, float64, float64, float64,
        float32[:, ::1], float32[:, ::1], float32[:, ::1],
    ),
)  # fmt: skip
def _descend(
    start, stop, Y, attraction, repulsion, exaggeration, inverse_z, rate, momentum, velocity, gains, Y_next
):
    """Move the rows one step, with the gains of Jacobs (1988) as in van der Maaten & Hinton (2008).

    The gradient is 4 (exaggeration * attraction - repulsion / Z) (van der Maaten 2014, equation 8).
    """
    for i in range(start, stop):
        for c in range(2):
            gradient = 4.0 * (exaggeration * attraction[i, c] - inverse_z * repulsion[i, c])
            same = (gradient > 0.0) == (velocity[i, c] > 0.0)
            gain = gains[i, c] * 0.8 if same else gains[i, c] + 0.2
            gains[i, c] = max(gain, 0.01)
            velocity[i, c] = momentum * velocity[i, c] - rate * gains[i, c] * gradient
        # We use float64, because a step whose square overflowed would count as length 0.
        length = np.sqrt(float64(velocity[i, 0]) ** 2 + float64(velocity[i, 1]) ** 2)
        if length > _LONGEST_STEP:
            velocity[i, 0] *= _LONGEST_STEP / length
            velocity[i, 1] *= _LONGEST_STEP / length
        Y_next[i, 0] = Y[i, 0] + velocity[i, 0]
        Y_next[i, 1] = Y[i, 1] + velocity[i, 1]


class Optimizer:
    """An optimisation that runs step by step and whose settings can change on the way.

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points.
    Y : ndarray of shape (n, 2), float32
        The layout to start from; it is copied.
    schedule : Schedule
        How to optimise.
    pool : Pool
        The threads.
    repulsion : str
        The name of a method in `tsne_widget.tsne.repulsion`.
    angle : float
        The angle of Barnes-Hut.
    iteration : int
        How many steps have led to `Y`, if it is not the start.

    Attributes
    ----------
    iteration : int
        How many steps have been done.
    limit : int
        The iteration at which the optimisation ends if it has not settled before.
    ended : None, "settled", "limit", "unstable" or "collapsed"
        Why the optimisation has ended, if it has: "unstable" at the limit if its last 100 iterations made no
        progress; "collapsed" if exaggeration presses neighbours into one place. A call of `step` still
        continues it.
    """

    def __init__(
        self,
        P: Affinities,
        Y: np.ndarray,
        schedule: Schedule,
        *,
        pool: Pool,
        repulsion: str = "auto",
        angle: float = 0.5,
        iteration: int = 0,
    ):
        n = P.n
        self.schedule = schedule
        self.iteration = iteration
        self.limit = schedule.max_iter
        self._P = P
        self._exaggerate_until = schedule.early_exaggeration_iter
        self._pool = pool
        self._repulsion = repulsion_method(repulsion, n, pool, angle)
        self.ended: Ended | None = None
        self._layout = in_order(np.array(Y, dtype=np.float32, order="C"), P.order)
        self._shown: np.ndarray | None = None
        self._next = np.empty_like(self._layout)
        self._attracted, self._repelled = np.empty_like(self._layout), np.empty_like(self._layout)
        self._collapsed = _COLLAPSED * extent(self._layout, pool).span
        self._velocity, self._gains = np.zeros_like(self._layout), np.ones_like(self._layout)
        self._settling = Settling()
        self._halved = 0
        # The rest of an iteration under way, and whether it only has to find out how the map has ended.
        self._parts: Generator[None, None, None] | None = None
        self._ending = False

    @classmethod
    def resume(
        cls,
        P: Affinities,
        state: State,
        schedule: Schedule,
        *,
        pool: Pool,
        repulsion: str = "auto",
        angle: float = 0.5,
    ) -> Optimizer:
        """Continue from the `state` of another optimizer, bit for bit as it would have continued.

        Everything else has to be as it was there, except the threads and the order in which P is stored.
        """
        numbers = state.numbers
        resumed = cls(
            P,
            state.of_points("layout", P.n),
            schedule,
            pool=pool,
            repulsion=repulsion,
            angle=angle,
            iteration=numbers["iteration"],
        )
        resumed._velocity = in_order(state.of_points("velocity", P.n), P.order)
        resumed._gains = in_order(state.of_points("gains", P.n), P.order)
        resumed.limit, resumed.ended = numbers["limit"], numbers["ended"]
        resumed._exaggerate_until = numbers["exaggerate_until"]
        resumed._collapsed, resumed._halved = numbers["collapsed"], numbers["halved"]
        resumed._settling = Settling.resume(state.part("settling"))
        return resumed

    @property
    def state(self) -> State:
        """A copy of all that `resume` needs: 24 bytes a point, and some numbers.

        It is that before an iteration under way, which changes nothing until its last part.
        """
        self._finish_end()
        rows = {"layout": self._layout, "velocity": self._velocity, "gains": self._gains}
        own = State(
            {name: _copied(values, self._P.order) for name, values in rows.items()},
            {
                "iteration": self.iteration,
                "limit": self.limit,
                "ended": self.ended,
                "exaggerate_until": self._exaggerate_until,
                "collapsed": float(self._collapsed),
                "halved": self._halved,
            },
        )
        return own.joined_by(settling=self._settling.state)

    @property
    def layout(self) -> np.ndarray:
        """The current layout, shape (n, 2), float32; do not write to it.

        Two buffers alternate, so the array stays unchanged until the step after the next one begins.
        Copy it to keep it longer, or to read it in another thread.
        """
        if self._shown is None:
            self._shown = back_in_place(self._layout, self._P.order)
            self._shown.flags.writeable = False
        return self._shown

    @property
    def phase(self) -> Phase:
        """The phase of the optimisation; "settling" means within 3 times the bounds for settled.

        "unstable" means that the last 100 iterations made no progress at a learning rate that the user gave.
        """
        if self._settling.unstable:
            return "unstable"
        if self._exaggerating:
            return "early exaggeration"
        return "settling" if self._settling.near else "optimising"

    @property
    def kl_divergence(self) -> float:
        """KL(P || Q) for P without exaggeration, at the latest check; NaN before the first.

        A check happens before every 10th iteration, and on the last layout when the optimisation ends.
        """
        return self._settling.kl

    @property
    def kl_change(self) -> float:
        """The share by which KL fell per iteration between the last two checks; NaN while unknown.

        With exaggerated attraction the optimisation minimises another loss, and this is the change of that.
        """
        return self._settling.kl_change

    @property
    def movement(self) -> float:
        """How far the points moved in the last checked step, as a share of the radius; NaN while unknown."""
        return self._settling.movement

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step, in scikit-learn's units."""
        return self.schedule.learning_rate_in(self._exaggerating, self._P.n, self._halved)

    @property
    def why(self) -> str:
        """The reason why it ended, in a sentence; empty until then.

        The figures are `kl_change` and `movement`.
        """
        figures = f"by {self.kl_change:.2g} and {self.movement:.2g} an iteration"
        match self.ended:
            case None:
                return ""
            case "settled":
                return f"KL and points hardly change any more ({figures})"
            case "unstable":
                return (
                    f"KL no longer falls, and points move back and forth ({figures}): "
                    f"lower learning_rate, which is {self.learning_rate:.3g}"
                )
            case "collapsed":
                return (
                    "attraction presses neighbours into one place: "
                    f"lower exaggeration, which is {self.schedule.exaggeration:g}"
                )
        if self._settling.slow:
            unbalanced = "KL hardly falls, though the forces on the points do not balance"
            return f"{unbalanced} ({figures}): {self.advice}"
        return f"KL and points still change ({figures}): {self.advice}"

    @property
    def advice(self) -> str:
        """What helps a map that has stopped at its limit; empty for any other."""
        if self.ended != "limit":
            return ""
        slow = f"raise learning_rate, which is {self.learning_rate:.3g}"
        return slow if self._settling.slow else "going on may help"

    @property
    def may_go_on(self) -> bool:
        """Whether more iterations would make a better map."""
        return self.ended == "limit" and not self._settling.slow

    def step(self) -> None:
        """Do one iteration, or what is left of it.

        Raises
        ------
        DivergedError
            If a coordinate is not finite afterwards; `layout` then stays unchanged.
        """
        while not self.step_part():
            pass

    def step_part(self) -> bool:
        """Do a part of an iteration; return whether it is done. For errors see `step`."""
        self._parts = self._parts or self._in_parts()
        try:
            for _ in self._parts:
                return False
        except BaseException:
            self._parts, self._ending = None, False
            raise
        self._parts = None
        return True

    def _in_parts(self) -> Generator[None, None, None]:
        """Do one iteration. Until the points move, it changes nothing but the forces."""
        Y, early = self._layout, self._exaggerating
        attraction(self._P, Y, self._attracted, self._pool)
        yield
        Z = yield from self._repulsion.steps(Y, self._repelled)
        yield
        checked = self.iteration % CHECK_EVERY == 0
        if checked:
            kl, loss, _ = self._divergence(Y, Z, early)
            exaggeration = self.schedule.exaggeration_in(early)
            rest = imbalance(self._attracted, self._repelled, exaggeration, Z, self._pool)
            yield
        self._pool.run(
            _descend, len(Y), Y, self._attracted, self._repelled,
            self.schedule.exaggeration_in(early), 1 / Z if Z > 0 else 0.0,
            self.learning_rate, self.schedule.momentum_in(early, len(Y), self._halved),
            self._velocity, self._gains, self._next, grain=16384,
        )  # fmt: skip
        reach = extent(self._next, self._pool)
        if not reach.finite:
            raise DivergedError(f"the layout diverged in iteration {self.iteration + 1}: lower learning_rate")
        if checked:
            self._settling.check(kl, loss, rest, Y, self._next)
        self._layout, self._next, self._shown = self._next, self._layout, None
        self.iteration += 1
        if self._settling.unstable and self.schedule.learning_rate == "auto":
            self._halve_steps()
        if early:
            self._watch_for_collapse(reach.span)
            if not self._exaggerating:
                self._settling.look_afresh()
                self._halved = 0
        yield from self._see_whether_it_ends()

    def _finish_end(self) -> None:
        if self._ending and self._parts is not None:
            for _ in self._parts:
                pass

    def continue_with(self, P: Affinities, schedule: Schedule | None = None) -> None:
        """Continue from the current layout with other joint probabilities of the same points.

        The limit moves to allow as much time to settle as after early exaggeration.
        """
        if P.n != self._P.n:
            raise ValueError(f"P must have {self._P.n} points, not {P.n}")
        self._finish_end()
        self._parts = None
        self._rearrange(self._P.order, P.order)
        self._P = P
        self.schedule = schedule or self.schedule
        self._settling = Settling()
        self._halved = 0
        self.ended = None
        early = min(self.iteration, self.schedule.early_exaggeration_iter)
        self.limit = max(self.limit, self.iteration + self.schedule.max_iter - early)

    def extend(self) -> None:
        """Continue after the end, until it settles again or for `max_iter` more iterations."""
        self._finish_end()
        self._settling.look_afresh()
        self.ended = None
        self.limit = self.iteration + self.schedule.max_iter

    @property
    def _exaggerating(self) -> bool:
        return self.iteration < self._exaggerate_until

    def _rearrange(self, before: np.ndarray | None, after: np.ndarray | None) -> None:
        """Reorder all state from the row order of one matrix to that of another."""
        if before is after:
            return
        self._layout, self._velocity, self._gains = (
            in_order(back_in_place(rows, before), after)
            for rows in (self._layout, self._velocity, self._gains)
        )
        self._shown = None

    def _watch_for_collapse(self, span: float) -> None:
        """End early exaggeration if it presses all points into one.

        This happens if most points are neighbours of most others, for example at perplexity 30 with 50
        points. All directions then shrink, by up to 10 times in each step, until float32 cannot tell points
        apart.
        """
        if span < self._collapsed:
            self._exaggerate_until = self.iteration

    def _halve_steps(self) -> None:
        """Continue at half the pace, without the momentum of the longer steps."""
        self._halved += 1
        self._velocity.fill(0)
        self._gains.fill(1)
        self._settling.look_afresh()

    def _see_whether_it_ends(self) -> Generator[None, None, None]:
        ended: Ended
        if self.ended is None and self._settling.settled and not self._exaggerating:
            ended = "settled"
        elif self.ended is None and self.iteration >= self.limit:
            ended = "unstable" if self._settling.unstable else "limit"
        else:
            return
        self._ending = True
        yield
        Z = yield from self._repulsion.steps(self._layout, self._repelled)
        yield
        kl, _, pulled = self._divergence(self._layout, Z, self._exaggerating)
        self._settling.kl = kl
        if self.schedule.exaggeration > 1 and (
            pulled < _IN_ONE_PLACE or self._settling.imbalance > _NOTHING_REPELS
        ):
            ended = "collapsed"
        self.ended, self._ending = ended, False

    def _divergence(self, Y: np.ndarray, Z: float, early: bool) -> tuple[float, float, float]:
        """Return KL for P without exaggeration, the minimised loss, and the stress.

        KL and loss are the same without exaggeration.
        """
        pulled = stress(self._P, Y, self._pool)
        kl = kl_divergence(self._P, pulled, Z)
        return kl, kl + (self.schedule.exaggeration_in(early) - 1) * pulled, pulled


def _copied(rows: np.ndarray, order: np.ndarray | None) -> np.ndarray:
    """Return a copy of rows, in the order of the points."""
    placed = back_in_place(rows, order)
    return placed if order is not None else placed.copy()

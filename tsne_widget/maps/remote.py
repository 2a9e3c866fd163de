"""A t-SNE map that workers make, slice by slice; here is only its newest state."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np

from ..parameters.defaults import Settings
from ..tsne.schedule import Schedule
from ..tsne.slices import VERSION, Change, Order, Problem, Slice, Told
from ..tsne.state import State
from .executors import Shared
from .workers import Ticket, Workers

#: A slice is late if it takes so many times as long as it should, and so many seconds.
_LATE, _LATE_SECONDS = 5.0, 2.0
#: What is known before a worker has answered.
_NOTHING = Told(math.nan, math.nan, phase="", why="", advice="", may_go_on=False)


class RemoteOptimizer:
    """An `Optimizer` at the end of a wire: it has the same names, but `advance` in place of `step`.

    A change acts on the state that is shown: a slice that is under way is dropped and ordered anew. So a map
    is always the one that a local optimizer would have made with the same changes at the same iterations.

    Parameters
    ----------
    workers : Workers
        Who makes it.
    data : Shared
        The neighbours.
    perplexity : float
        The perplexity; others of `settings` do not count.
    settings : Settings
        The parameters that all maps have in common.
    schedule : Schedule
        How to optimise.
    state : State
        Where it begins; see `slices.begun`.
    """

    def __init__(
        self,
        workers: Workers,
        data: Shared,
        perplexity: float,
        settings: Settings,
        schedule: Schedule,
        state: State,
    ):
        self._workers, self._settings = workers, settings
        self._data, self._problem = data, self._problem_of(data, perplexity, schedule)
        self.state = state
        self._told = _NOTHING
        self._changes: tuple[Change, ...] = ()
        self._ticket: Ticket | None = None
        self._urgent = True
        self.ended: Any = state.numbers["ended"]
        self.limit: int = state.numbers["limit"]

    # --- work ---------------------------------------------------------------------------------------

    def prepare(self) -> bool:
        """Let a worker prepare, without an iteration; tell whether that is done."""
        self._take()
        prepared = self._told is not _NOTHING
        if not prepared and self._ticket is None:
            self._order(0)
        return prepared

    def advance(self, most: int | None) -> int:
        """Take what has come back and order more; return how many iterations are new.

        Parameters
        ----------
        most : int or None
            The most iterations to do.
        """
        if self._ticket is not None and not _within(self._ticket.order.count, most):
            self._drop()
        before = self.iteration
        self._take()
        done = self.iteration - before
        left = None if most is None else most - done
        if self._ticket is None and self.ended is None and left != 0:
            self._order(left)
        return done

    def continue_with(self, data: Shared, perplexity: float, schedule: Schedule) -> None:
        """Continue from the current layout with another perplexity or exaggeration."""
        self._drop()
        self._data, self._problem = data, self._problem_of(data, perplexity, schedule)
        self._change("continue")

    def extend(self) -> None:
        """Continue after the end; see `Optimizer.extend`."""
        self._drop()
        self._change("extend")
        self.limit = self.iteration + self._problem.schedule.max_iter

    def close(self) -> None:
        """Order nothing more."""
        self._drop()

    def _change(self, change: Change) -> None:
        self._changes = (*(known for known in self._changes if known != change), change)
        self._urgent, self.ended = True, None

    def _order(self, count: int | None) -> None:
        seconds = 0.0 if self._changes else self._workers.seconds  # a change shows at once
        order = Order(self._problem, self._changes, count, seconds, VERSION)
        self._ticket = self._workers.order(order, self.state, self._data, urgent=self._urgent)

    def _take(self) -> None:
        ticket = self._ticket
        if ticket is None or not ticket.over:
            return
        self._ticket = None
        if ticket.error is not None:
            raise ticket.error
        assert ticket.answer is not None
        self._show(ticket.answer)

    def _show(self, done: Slice) -> None:
        self.state, self._told = done.state, done.told
        self.state.arrays["layout"].flags.writeable = False
        self._changes, self._urgent = (), False
        self.ended, self.limit = done.state.numbers["ended"], done.state.numbers["limit"]

    def _drop(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None

    def _problem_of(self, data: Shared, perplexity: float, schedule: Schedule) -> Problem:
        settings = self._settings
        return Problem(
            data.key,
            perplexity,
            tuple(settings.multiscale),
            settings.affinity,
            schedule,
            settings.method,
            settings.angle,
            settings.n_jobs if settings.n_jobs > 0 else 1,
        )

    # --- how it is ----------------------------------------------------------------------------------

    @property
    def waits(self) -> bool:
        """Whether a slice is under way, and nothing has come back."""
        return self._ticket is not None and not self._ticket.over

    @property
    def changing(self) -> bool:
        """Whether other parameters are on their way to a worker."""
        return "continue" in self._changes

    @property
    def layout(self) -> np.ndarray:
        """The newest layout, float32 of shape (n, 2); it never changes."""
        layout: np.ndarray = self.state.arrays["layout"]
        return layout

    @property
    def iteration(self) -> int:
        """Iterations done."""
        iteration: int = self.state.numbers["iteration"]
        return iteration

    @property
    def phase(self) -> str:
        """The phase of the optimisation, and where it runs; or what it waits for, if a worker is late."""
        ticket, name = self._ticket, self._workers.name
        if self.ended is not None or self._told is _NOTHING:
            return self._told.phase
        if ticket is not None and not ticket.over and time.monotonic() - ticket.since > self._patience:
            return f"waiting for a worker of {name}"
        return f"{self._told.phase} on {name}"

    @property
    def _patience(self) -> float:
        return max(_LATE_SECONDS, _LATE * self._workers.seconds)

    @property
    def kl_divergence(self) -> float:
        """See `Optimizer`."""
        return self._told.kl_divergence

    @property
    def learning_rate(self) -> float:
        """See `Optimizer`."""
        return self._told.learning_rate

    @property
    def why(self) -> str:
        """See `Optimizer`."""
        return self._told.why

    @property
    def advice(self) -> str:
        """See `Optimizer`."""
        return self._told.advice

    @property
    def may_go_on(self) -> bool:
        """See `Optimizer`."""
        return self._told.may_go_on


def _within(count: int | None, most: int | None) -> bool:
    return most is None or (count is not None and count <= most)

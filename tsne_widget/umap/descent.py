"""Stochastic gradient descent on UMAP's cross entropy, an epoch at a time.

A new map begins at the learning rate 1. A finished map with another `min_dist` or other weights continues
at a lower rate: it moves less and finds as much. This table is of a finished map of digits (n_neighbors 15,
min_dist 0.1) after 500 more epochs with new values. It gives the share of the 10 nearest neighbours that it
keeps, the share of its own in common with new maps of umap-learn, and its correlation with the map before:

=================== ============== ============== =============== =============
from                min_dist 0.5   min_dist 0     n_neighbors 50  n_neighbors 5
=================== ============== ============== =============== =============
a new map           .476 .644      .495 .697      .457 .623       .509 .723
1                   .473 .668 .93  .499 .705 .96  .460 .629 .87   .513 .723 .97
0.5                 .482 .680 .95  .502 .712 .98  .466 .648 .90   .516 .745 .98
**0.25**            .480 .690 .99  .504 .727 .99  .471 .654 .95   .521 .763 .99
0.1                 .483 .706 1.0  .506 .741 1.0  .474 .666 .99   .525 .776 1.0
two umap-learn      .472 .679      .491 .698      .450 .631       .512 .752
=================== ============== ============== =============== =============

At 0.1 traces of other values remain: from n_neighbors 2 to 15, a map then has .674 in common with new maps of
the widget. At 0.25 it has .717, as new maps have with each other (.715).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import DivergedError
from ..tsne.extent import extent
from ..tsne.pool import Pool
from ..tsne.state import State
from .curve import Curve
from .epoch import Edges, step_along

_CONTINUED = 0.25
_FEW_ROWS, _EPOCHS_OF_FEW, _EPOCHS_OF_MANY = 10_000, 500, 200


def epochs_for(n: int) -> int:
    """Return how many epochs n rows get, as in umap-learn."""
    return _EPOCHS_OF_FEW if n <= _FEW_ROWS else _EPOCHS_OF_MANY


class Descent:
    """A descent that goes on epoch by epoch; its edges and its curve may change on the way.

    The learning rate falls from 1 to 0 over the epochs; then the descent has ended. `continue_with` and
    `extend` do as many epochs again from the current layout, at 0.25 or the current rate if that is higher.

    Parameters
    ----------
    passes : sequence of Edges
        The edges of each pass of an epoch, see `dealt`.
    curve : Curve
        The weight of a distance on the map.
    Y : ndarray of shape (n, 2), float32
        The layout to start from; it is copied.
    pool : Pool
        The threads.
    seed : int
        The seed of the rows drawn at random.
    epoch, limit : int
        How many epochs have led to `Y`, if it is not the start, and the epoch at which it ends.
    """

    def __init__(
        self,
        passes: Sequence[Edges],
        curve: Curve,
        Y: np.ndarray,
        *,
        pool: Pool,
        seed: int,
        epoch: int = 0,
        limit: int = 0,
    ):
        self.epochs = epochs_for(len(Y))
        self.iteration, self.limit = epoch, limit or epoch + self.epochs
        self._highest = 1.0 if self.limit <= self.epochs else _CONTINUED
        self._passes, self._curve, self._pool, self._seed = passes, curve, pool, seed
        self._layout = np.array(Y, dtype=np.float32, order="C")
        self._spare = np.empty_like(self._layout), np.empty_like(self._layout)

    @classmethod
    def resume(cls, passes: Sequence[Edges], curve: Curve, state: State, *, pool: Pool, seed: int) -> Descent:
        """Continue from the `state` of another descent, bit for bit as it would have continued."""
        numbers = state.numbers
        resumed = cls(
            passes,
            curve,
            state.of_points("layout", len(passes[0].indptr) - 1),
            pool=pool,
            seed=seed,
            epoch=numbers["iteration"],
            limit=numbers["limit"],
        )
        resumed._highest = numbers["highest"]
        return resumed

    @property
    def state(self) -> State:
        """A copy of all that `resume` needs: 8 bytes a point, and some numbers."""
        numbers = {"iteration": self.iteration, "limit": self.limit, "highest": self._highest}
        return State({"layout": self._layout.copy()}, numbers)

    @property
    def layout(self) -> np.ndarray:
        """The current layout; do not write to it. It is valid until the next step."""
        return self._layout

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next epoch; 0 after the last."""
        return self._highest * max(0.0, (self.limit - self.iteration) / self.epochs)

    @property
    def ended(self) -> bool:
        """Whether all epochs are done."""
        return self.iteration >= self.limit

    def step(self) -> None:
        """Do one epoch.

        Raises
        ------
        DivergedError
            If a coordinate is not finite afterwards; `layout` then stays unchanged.
        """
        read, spare = self._layout, self._spare
        random = np.random.default_rng((self._seed, self.iteration))
        for number, edges in enumerate(self._passes):
            write, seed = spare[number % 2], random.integers(2**64, dtype=np.uint64)
            self._pool.run(
                step_along,
                len(read),
                read,
                *edges,
                self.iteration,
                *self._curve,
                self.learning_rate,
                seed,
                write,
            )
            read = write
        if not extent(read, self._pool).finite:
            raise DivergedError(f"the layout diverged in epoch {self.iteration + 1}")
        # The number of passes is even: the last wrote into the second.
        self._layout, self._spare = read, (spare[0], self._layout)
        self.iteration += 1

    def continue_with(self, passes: Sequence[Edges], curve: Curve) -> None:
        """Continue from the current layout with other edges or another curve."""
        self._passes, self._curve = passes, curve
        self.extend()

    def extend(self) -> None:
        """Do as many epochs again from the current layout."""
        self._highest = max(self.learning_rate, _CONTINUED)
        self.limit = self.iteration + self.epochs

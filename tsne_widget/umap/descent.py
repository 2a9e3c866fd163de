"""Stochastic gradient descent on UMAP's cross entropy, an epoch at a time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import DivergedError
from ..tsne.extent import extent
from ..tsne.pool import Pool
from .curve import Curve
from .epoch import Edges, step_along

_FEW_ROWS, _EPOCHS_OF_FEW, _EPOCHS_OF_MANY = 10_000, 500, 200


def epochs_for(n: int) -> int:
    """Return how many epochs n rows get, as in umap-learn."""
    return _EPOCHS_OF_FEW if n <= _FEW_ROWS else _EPOCHS_OF_MANY


class Descent:
    """A descent that goes on epoch by epoch; its edges and its curve may change on the way.

    The learning rate falls from 1 to 0 over the epochs; then the descent has ended. `continue_with` and
    `extend` raise it again, from the current layout.

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
        self.epoch, self.limit = epoch, limit or epoch + self.epochs
        self._passes, self._curve, self._pool, self._seed = passes, curve, pool, seed
        self._layout = np.array(Y, dtype=np.float32, order="C")
        self._spare = np.empty_like(self._layout), np.empty_like(self._layout)

    @property
    def layout(self) -> np.ndarray:
        """The current layout; do not write to it. It is valid until the next step."""
        return self._layout

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next epoch; 0 after the last."""
        return max(0.0, (self.limit - self.epoch) / self.epochs)

    @property
    def ended(self) -> bool:
        """Whether all epochs are done."""
        return self.epoch >= self.limit

    def step(self) -> None:
        """Do one epoch.

        Raises
        ------
        DivergedError
            If a coordinate is not finite afterwards; `layout` then stays unchanged.
        """
        read, spare = self._layout, self._spare
        random = np.random.default_rng((self._seed, self.epoch))
        for number, edges in enumerate(self._passes):
            write, seed = spare[number % 2], random.integers(2**64, dtype=np.uint64)
            self._pool.run(
                step_along, len(read), read, *edges, self.epoch, *self._curve, self.learning_rate, seed, write
            )
            read = write
        if not extent(read, self._pool).finite:
            raise DivergedError(f"the layout diverged in epoch {self.epoch + 1}")
        # The number of passes is even: the last wrote into the second.
        self._layout, self._spare = read, (spare[0], self._layout)
        self.epoch += 1

    def continue_with(self, passes: Sequence[Edges], curve: Curve) -> None:
        """Continue from the current layout with other edges or another curve."""
        self._passes, self._curve = passes, curve
        self.extend()

    def extend(self) -> None:
        """Do all epochs again from the current layout."""
        self.limit = self.epoch + self.epochs

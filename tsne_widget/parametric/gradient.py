"""The gradient of the KL divergence by all points, for maps that a model makes."""

from __future__ import annotations

import numpy as np

from ..tsne.affinities import Affinities
from ..tsne.attraction import attraction, kl_divergence, stress
from ..tsne.ordering import back_in_place, in_order
from ..tsne.pool import Pool
from ..tsne.repulsion import repulsion_method


class Gradient:
    """Computes the gradient of KL(P || Q), or KL itself, for any places of n points.

    Parameters
    ----------
    P : Affinities
        The joint probabilities of n points.
    pool : Pool
        The threads.
    repulsion, angle
        See `Optimizer`.
    """

    def __init__(self, P: Affinities, *, pool: Pool, repulsion: str = "auto", angle: float = 0.5):
        self.P, self._pool = P, pool
        self._repulsion = repulsion_method(repulsion, P.n, pool, angle)
        self._attracted, self._repelled = (np.empty((P.n, 2), np.float32) for _ in "ar")

    def __call__(self, Y: np.ndarray, exaggeration: float = 1.0) -> np.ndarray:
        """Return n times the gradient, whose size hardly depends on n, float32 of shape (n, 2).

        The gradient is 4 (exaggeration * attraction - repulsion / Z) (van der Maaten 2014, equation 8).
        """
        Y = in_order(np.ascontiguousarray(Y, np.float32), self.P.order)
        attraction(self.P, Y, self._attracted, self._pool)
        Z = self._repulsion(Y, self._repelled)
        inverse = np.float32(1 / Z if Z > 0 else 0)
        forces = np.float32(exaggeration) * self._attracted - inverse * self._repelled
        return back_in_place(np.float32(4 * self.P.n) * forces, self.P.order)

    def kl(self, Y: np.ndarray) -> float:
        """Return KL(P || Q), for P without exaggeration."""
        Y = in_order(np.ascontiguousarray(Y, np.float32), self.P.order)
        Z = self._repulsion(Y, self._repelled)
        return kl_divergence(self.P, stress(self.P, Y, self._pool), Z)

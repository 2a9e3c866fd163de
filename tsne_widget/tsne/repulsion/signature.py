"""The signature that all ways to compute repulsion share."""

from typing import Protocol

import numpy as np


class Repulsion(Protocol):
    """A way to compute the repulsion of all points from one another.

    An instance serves one number of points and one optimizer, because it keeps buffers between calls.
    """

    def __call__(self, Y: np.ndarray, force: np.ndarray) -> float:
        r"""Write :math:`\sum_j w_{ij}^2 (y_i - y_j)` into `force` and return Z.

        Here :math:`w_{ij} = 1 / (1 + |y_i - y_j|^2)` and :math:`Z = \sum_{i \ne j} w_{ij}`. The caller
        divides by Z (van der Maaten 2014, equation 8).

        Parameters
        ----------
        Y : ndarray of shape (n, 2), float32
            The layout.
        force : ndarray of shape (n, 2), float32
            Receives the sums.

        Returns
        -------
        float
            Z; NaN if a coordinate is not finite.
        """
        ...

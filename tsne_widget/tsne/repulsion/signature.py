"""The signature that all ways to compute repulsion share."""

from abc import ABC, abstractmethod
from collections.abc import Generator

import numpy as np

from ..steps import result_of


class Repulsion(ABC):
    """A way to compute the repulsion of all points from one another.

    An instance serves one number of points and one optimizer, because it keeps buffers between calls.
    """

    @abstractmethod
    def steps(self, Y: np.ndarray, force: np.ndarray) -> Generator[None, None, float]:
        r"""Write :math:`\sum_j w_{ij}^2 (y_i - y_j)` into `force` and return Z, in steps.

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

    def __call__(self, Y: np.ndarray, force: np.ndarray) -> float:
        """Do all steps."""
        return result_of(self.steps(Y, force))

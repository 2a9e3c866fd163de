"""Draw structureless data: one Gaussian cloud with exactly the mean and the covariance of some rows."""

from __future__ import annotations

import numpy as np

from ..tsne.metrics import unit_rows

#: Directions whose variance is below this share of the largest are left out: they are rounding.
_ROUNDING = 1e-10
#: How often covariance and lengths are imposed in turn: then variances are right to a percent.
_TURNS = 5


class GaussianNull:
    """Draws Gaussian data with exactly the mean and the covariance of some rows (Langsrud 2005).

    Draws from a normal distribution with that covariance would vary about it, and so spread the spectrum a
    second time: with hardly more rows than columns, they look less like one cloud than the data.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite numbers, n at least 2.
    on_sphere : bool
        Whether the rows, and so the draws, have length 1.

    References
    ----------
    Ø. Langsrud (2005). Rotation tests. Statistics and Computing 15, 53-60.
    """

    def __init__(self, rows: np.ndarray, *, on_sphere: bool = False):
        self._on_sphere = on_sphere
        self._mean = rows.mean(axis=0, dtype=np.float64)
        centered = rows - self._mean
        n, d = centered.shape
        self._n = n
        if d < n:
            squares, directions = np.linalg.eigh(centered.T @ centered)
            kept = squares > squares.max(initial=0) * _ROUNDING
            self._lengths, self._directions = np.sqrt(squares[kept]), directions[:, kept].T
        else:
            squares, sides = np.linalg.eigh(centered @ centered.T)
            kept = squares > squares.max(initial=0) * _ROUNDING
            self._lengths = np.sqrt(squares[kept])
            self._directions = (sides[:, kept] / self._lengths).T @ centered

    def draw(self, random: np.random.Generator) -> np.ndarray:
        """Return a draw, float64 of shape (n, d); on the sphere its mean and covariance are nearly the same.

        There lengths and covariance are imposed in turns: a Gaussian cloud that is only divided by its
        lengths has lost its shape, and neighbour graphs tell it from one cloud on the sphere.
        """
        drawn = self._shaped(random.standard_normal((self._n, len(self._lengths))))
        if not self._on_sphere:
            return drawn
        drawn = unit_rows(drawn, centered=False)
        for _ in range(_TURNS):
            drawn = unit_rows(self._shaped((drawn - self._mean) @ self._directions.T), centered=False)
        return drawn

    def _shaped(self, noise: np.ndarray) -> np.ndarray:
        """Return rows of exactly this mean and covariance from some noise in their directions."""
        if not len(self._lengths):
            return np.tile(self._mean, (self._n, 1))
        sides, triangle = np.linalg.qr(noise - noise.mean(axis=0))
        sides *= np.sign(np.diagonal(triangle))  # or LAPACK's choice of signs would favour some rows
        return self._mean + (sides * self._lengths) @ self._directions

"""Draw structureless data: one Gaussian cloud with exactly the mean and the covariance of some rows."""

from __future__ import annotations

import numpy as np

#: Directions whose variance is below this share of the largest are left out: they are rounding.
_ROUNDING = 1e-10


class GaussianNull:
    """Draws Gaussian data with exactly the mean and the covariance of some rows (Langsrud 2005).

    Draws from a normal distribution with that covariance would vary about it, and so spread the spectrum a
    second time: with hardly more rows than columns, they look less like one cloud than the data.

    Parameters
    ----------
    rows : ndarray of shape (n, d)
        Finite numbers, n at least 2.

    References
    ----------
    Ø. Langsrud (2005). Rotation tests. Statistics and Computing 15, 53-60.
    """

    def __init__(self, rows: np.ndarray):
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
        """Return a draw, float64 of shape (n, d)."""
        if not len(self._lengths):
            return np.tile(self._mean, (self._n, 1))
        noise = random.standard_normal((self._n, len(self._lengths)))
        noise -= noise.mean(axis=0)
        sides, triangle = np.linalg.qr(noise)
        sides *= np.sign(np.diagonal(triangle))  # or LAPACK's choice of signs would favour some rows
        return self._mean + (sides * self._lengths) @ self._directions


def gaussian_like(rows: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Return one draw of Gaussian data with exactly the mean and the covariance of some rows."""
    return GaussianNull(rows).draw(random)

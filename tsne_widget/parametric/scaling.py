"""The scale on which a model sees rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ..tsne.metrics import row_lengths, rows_divided


@dataclass(frozen=True)
class Scaling:
    """Centres rows and divides them by one number, so that float32 holds rows far from zero.

    Attributes
    ----------
    origin : ndarray of shape (d,), float64
        The mean of the rows.
    scale : float
        Their standard deviation over all columns; 1 if they are all equal.
    unit : bool
        Whether each row is first divided by its length: Euclidean distances then order pairs of rows as
        cosine distances do.
    """

    origin: np.ndarray
    scale: float
    unit: bool = False

    @classmethod
    def of(cls, X: np.ndarray, *, unit: bool = False) -> Scaling:
        """Return the scaling that suits the rows of X."""
        rows = _divided_by_length(X) if unit else np.asarray(X, np.float64)
        origin = rows.mean(axis=0)
        with np.errstate(over="ignore"):
            largest = float(np.abs(rows - origin).max())
        # Dividing first keeps squares from overflowing.
        scale = largest * float(np.sqrt(np.square((rows - origin) / (largest or 1)).mean()))
        return cls(origin, scale or 1.0, unit)

    def __call__(self, X: np.ndarray) -> np.ndarray:
        """Return rows as a model sees them, float32; infinite where they are too far away."""
        rows = _divided_by_length(X) if self.unit else X
        with np.errstate(over="ignore"):
            return ((rows - self.origin) / self.scale).astype(np.float32)


def _divided_by_length(X: np.ndarray) -> np.ndarray:
    return rows_divided(X, row_lengths(X))

"""The square in which UMAP starts."""

from __future__ import annotations

import numpy as np

#: The side of the square, and the standard deviation of the noise that parts rows at the same place.
SIDE, _NOISE = 10.0, 1e-4


def in_square(places: np.ndarray, random_state: int) -> np.ndarray:
    """Scale a layout to a square, each axis by itself as umap-learn does, with a little noise.

    Returns
    -------
    ndarray of shape (n, 2), float32
        A new array.
    """
    centered = places - places.mean(axis=0, dtype=np.float64)
    largest = np.abs(centered).max()
    if largest > 0:
        centered *= SIDE / largest
    centered += np.random.default_rng(random_state).normal(scale=_NOISE, size=centered.shape)
    low, high = centered.min(axis=0), centered.max(axis=0)
    return (SIDE * (centered - low) / (high - low)).astype(np.float32, order="C")

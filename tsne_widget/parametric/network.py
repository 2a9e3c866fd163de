"""The network of van der Maaten (2009), in numpy: layers of rectified units, and a plane of outputs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from ..tsne.pool import one_blas_thread
from .adam import Adam

_RATE, _SMALL_START = 1e-3, 0.1
_ROWS_AT_ONCE = 4096


class Network:
    """Maps rows to the plane; `forward` and `backward` are all that training needs.

    Parameters
    ----------
    layers : sequence of ndarray, float32
        Weights and biases by turns, from the first layer to the last.
    noise : float
        The standard deviation of what `forward` adds to rows while it learns, in units of the rows'.
    seed : int
        Draws the noise.
    """

    def __init__(self, layers: Sequence[np.ndarray], *, noise: float = 0.0, seed: int = 0):
        self.layers = list(layers)
        self._noise, self._random = noise, np.random.default_rng([seed, 1])
        self._inputs: list[np.ndarray] = []

    @classmethod
    def drawn(cls, columns: int, hidden: Sequence[int], *, noise: float, seed: int) -> Network:
        """Return a network with weights drawn as He et al. (2015)."""
        random, sizes = np.random.default_rng(seed), (columns, *hidden, 2)
        layers = []
        for before, after in pairwise(sizes):
            drawn = random.standard_normal((before, after)) * np.sqrt(2 / before)
            layers += [drawn.astype(np.float32), np.zeros(after, np.float32)]
        layers[-2] *= np.float32(_SMALL_START)
        return cls(layers, noise=noise, seed=seed)

    def copy(self) -> Network:
        """Return a network that maps rows as this one does now, without what it needs to learn."""
        return Network([layer.copy() for layer in self.layers])

    def begin(self, steps: int) -> None:
        """Begin to learn, in so many steps."""
        self._adam = Adam(self.layers, _RATE, steps)

    def forward(self, X: np.ndarray) -> np.ndarray:
        """Return the map of rows with noise, to learn from."""
        if self._noise:
            drawn = self._random.standard_normal(X.shape, np.float32)
            X = X + np.float32(self._noise) * drawn
        self._inputs = []
        with one_blas_thread():
            for weights, bias in self._pairs():
                self._inputs.append(X)
                X = X @ weights + bias
                if weights is not self.layers[-2]:
                    np.maximum(X, 0, out=X)
        return X

    def backward(self, gradient: np.ndarray) -> None:
        """Learn from the gradient of the loss by the map that `forward` returned last."""
        gradients: list[np.ndarray] = []
        with one_blas_thread():
            for inputs, (weights, _) in zip(self._inputs[::-1], self._pairs()[::-1], strict=True):
                gradients = [inputs.T @ gradient, gradient.sum(axis=0), *gradients]
                if weights is not self.layers[0]:
                    gradient = (gradient @ weights.T) * (inputs > 0)
            self._adam.step(gradients)

    def place(self, X: np.ndarray) -> np.ndarray:
        """Return the map of rows, which does not depend on what other rows there are."""
        # The order in which BLAS sums depends on where a row stands, so we round only after float64.
        placed = np.empty((len(X), 2), np.float32)
        layers = Network([layer.astype(np.float64) for layer in self.layers])
        for first in range(0, len(X), _ROWS_AT_ONCE):
            rows = slice(first, first + _ROWS_AT_ONCE)
            placed[rows] = layers.forward(X[rows].astype(np.float64))
        return placed

    def _pairs(self) -> list[tuple[np.ndarray, np.ndarray]]:
        return list(zip(self.layers[::2], self.layers[1::2], strict=True))

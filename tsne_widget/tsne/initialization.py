"""The layout that the optimisation starts from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from .pool import one_blas_thread

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Init = Literal["pca", "random"] | np.ndarray

# Small enough that no two points start far apart, as van der Maaten (2014, section 3) has it.
_SPREAD = 1e-4
_JITTER = 0.01 * _SPREAD
_POWER_ITERATIONS = 8


def initial_layout(X: np.ndarray | csr_array, init: Init, random_state: int) -> np.ndarray:
    """Return a layout of the rows of X to start from.

    Parameters
    ----------
    X : ndarray or CSR array of shape (n, d)
        The data; for `init="pca"` finite numbers. A sparse one is never made dense.
    init : "pca", "random" or an array of shape (n, 2)
        The two main directions of the data, the first scaled to a standard deviation of 1e-4 (Kobak & Berens
        2019) and shaken by 1 % of this so that equal rows can part; points drawn from a normal distribution
        of standard deviation 1e-4; or the layout itself, which is used as it is.
    random_state : int
        The seed.

    Returns
    -------
    ndarray of shape (n, 2), float32
        A new array.

    Raises
    ------
    ValueError
        If `init` is none of these, or an array of another shape or with values that are not finite.
    """
    random = np.random.default_rng(random_state)
    shape = (X.shape[0], 2)
    if isinstance(init, str) and init == "pca":
        layout = _principal_components(X) + random.normal(scale=_JITTER, size=shape)
    elif isinstance(init, str) and init == "random":
        layout = random.normal(scale=_SPREAD, size=shape)
    elif isinstance(init, str):
        raise ValueError(f"init must be 'pca', 'random' or an array, not {init!r}")
    else:
        layout = np.asarray(init)
        if layout.shape != shape:
            raise ValueError(f"init must have the shape {shape}, not {layout.shape}")
    layout = np.array(layout, dtype=np.float32, order="C")
    if not np.isfinite(layout).all():
        raise ValueError("init must be finite: it has NaN or infinity in it")
    return layout


def _principal_components(X: np.ndarray | csr_array) -> np.ndarray:
    """Return the first two principal components, float64; the second is zero where X has only one column.

    By subspace iteration from random directions (Halko, Martinsson & Tropp 2011, algorithm 4.4). It costs a
    few products with X, and spares the first frame the import of scikit-learn.
    """
    n, d = X.shape
    components = np.zeros((n, 2))
    centred = _centred(X) if isinstance(X, np.ndarray) else _CentredSparse.of(X)
    if centred is None:
        return components
    directions = np.random.default_rng(0).normal(size=(d, min(d, 12))).astype(np.float32)
    # BLAS rounds differently with another number of threads, and the seed alone decides the picture.
    with one_blas_thread():
        for _ in range(_POWER_ITERATIONS):
            directions = np.linalg.qr(centred.T @ (centred @ directions))[0]
        projected = (centred @ directions).astype(np.float64)
        _, axes = np.linalg.eigh(projected.T @ projected)
        axes = axes[:, :-3:-1]
        loadings = directions @ axes
        signs = np.sign(np.take_along_axis(loadings, np.abs(loadings).argmax(axis=0)[None], axis=0))
        components[:, : axes.shape[1]] = projected @ axes * signs
    return components * (_SPREAD / components[:, 0].std())


def _centred(X: np.ndarray) -> np.ndarray | None:
    """Return X less its mean, float32 of magnitude 1; None where all rows are equal."""
    if (X[0] == X).all():  # less their mean they need not be 0
        return None
    centred = X - X.mean(axis=0, dtype=np.float64)
    return (centred / np.abs(centred).max()).astype(np.float32)


class _CentredSparse:
    """A sparse matrix less its mean, as far as products go: (X - 1 m') v = X v - 1 (m' v).

    In float64, since what the mean adds is taken away again. `T` is the same transposed, as of an array.
    """

    def __init__(self, X: csr_array, mean: np.ndarray, transposed: bool = False):
        self._X, self._mean, self._transposed = X, mean, transposed

    @classmethod
    def of(cls, X: csr_array) -> _CentredSparse | None:
        """Return X, scaled to magnitude 1 and centred; None where all rows are equal."""
        largest = abs(X).max()
        if (X.max(axis=0) != X.min(axis=0)).nnz == 0:
            return None
        scaled = type(X)((X.data / np.float64(largest), X.indices, X.indptr), shape=X.shape)
        return cls(scaled, np.asarray(scaled.sum(axis=0)).ravel() / X.shape[0])

    @property
    def T(self) -> _CentredSparse:
        return _CentredSparse(self._X.T, self._mean, not self._transposed)

    def __matmul__(self, vectors: np.ndarray) -> np.ndarray:
        product = self._X @ vectors
        if self._transposed:
            return product - np.outer(self._mean, vectors.sum(axis=0))
        return product - self._mean @ vectors

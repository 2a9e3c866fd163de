"""The layout that the optimisation starts from."""

from typing import Literal

import numpy as np

from .pool import one_blas_thread

Init = Literal["pca", "random"] | np.ndarray

# Small enough that no two points start far apart, as van der Maaten (2014, section 3) has it.
_SPREAD = 1e-4
_JITTER = 0.01 * _SPREAD
_POWER_ITERATIONS = 8


def initial_layout(X: np.ndarray, init: Init, random_state: int) -> np.ndarray:
    """Return a layout of the rows of X to start from.

    Parameters
    ----------
    X : ndarray of shape (n, d)
        The data; for `init="pca"` finite numbers.
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
    if isinstance(init, str) and init == "pca":
        layout = _principal_components(X) + random.normal(scale=_JITTER, size=(len(X), 2))
    elif isinstance(init, str) and init == "random":
        layout = random.normal(scale=_SPREAD, size=(len(X), 2))
    elif isinstance(init, str):
        raise ValueError(f"init must be 'pca', 'random' or an array, not {init!r}")
    else:
        layout = np.asarray(init)
        if layout.shape != (len(X), 2):
            raise ValueError(f"init must have the shape {(len(X), 2)}, not {layout.shape}")
    layout = np.array(layout, dtype=np.float32, order="C")
    if not np.isfinite(layout).all():
        raise ValueError("init must be finite: it has NaN or infinity in it")
    return layout


def _principal_components(X: np.ndarray) -> np.ndarray:
    """Return the first two principal components, float64; the second is zero where X has only one column.

    By subspace iteration from random directions (Halko, Martinsson & Tropp 2011, algorithm 4.4). It costs a
    few products with X, and spares the first frame the import of scikit-learn.
    """
    centred = X - X.mean(axis=0, dtype=np.float64)
    largest = np.abs(centred).max()
    components = np.zeros((len(X), 2))
    if largest == 0:
        return components
    centred = (centred / largest).astype(np.float32)
    d = X.shape[1]
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

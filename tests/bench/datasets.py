"""What the engines are compared on: digits, a matrix in a file, synthetic sets of any size."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits
from sklearn.decomposition import PCA

COLUMNS = 50
CLUSTERS, CURVES, SHARE_OF_CURVES = 40, 4, 0.08


def dataset(name: str, file: Path | None) -> np.ndarray:
    """Return "digits", "data" (the matrix `X` of an .npz file), or a synthetic set of that many rows.

    Returns
    -------
    ndarray of shape (n, d), float32
        More than 50 columns of a file are reduced to 50 by PCA.
    """
    if name == "digits":
        return load_digits().data.astype(np.float32)
    if name != "data":
        return synthetic(int(name))
    if file is None:
        raise SystemExit("the set 'data' needs --data file.npz")
    X = np.load(file)["X"].astype(np.float32)
    return PCA(COLUMNS, random_state=0).fit_transform(X) if X.shape[1] > COLUMNS else X


def synthetic(n: int) -> np.ndarray:
    """Return Gaussian clusters of varied size and covariance and a few curves, shape (n, 50), float32.

    Sizes differ up to about 20 times. A cluster has 4 to 20 directions of falling variance and a little noise
    in all others, as data have after PCA. Always the same for the same n.
    """
    random = np.random.default_rng(0)
    shares = np.r_[
        (1 - SHARE_OF_CURVES) * _normalized(random.uniform(0.05, 1.0, CLUSTERS)),
        SHARE_OF_CURVES * _normalized(np.ones(CURVES)),
    ]
    bounds = np.round(n * np.r_[0, np.cumsum(shares)]).astype(int)
    X = np.empty((n, COLUMNS), np.float32)
    for part, (start, stop) in enumerate(pairwise(bounds)):
        make = _cluster if part < CLUSTERS else _curve
        X[start:stop] = make(stop - start, random)
    random.shuffle(X)
    return X


def _cluster(n: int, random: np.random.Generator) -> np.ndarray:
    directions = random.integers(4, 21)
    scales = random.uniform(1, 4) * np.arange(1, directions + 1) ** -0.5
    axes = np.linalg.qr(random.normal(size=(COLUMNS, directions)))[0]
    points = random.standard_normal((n, directions), np.float32) @ (scales[:, None] * axes.T).astype(
        np.float32
    )
    return points + _noise(n, random) + random.normal(scale=1.5, size=COLUMNS).astype(np.float32)


def _curve(n: int, random: np.random.Generator) -> np.ndarray:
    frequency, phase = random.uniform(0.5, 3, COLUMNS), random.uniform(0, 2 * np.pi, COLUMNS)
    along = random.uniform(0, 2 * np.pi, (n, 1)).astype(np.float32)
    waves = np.sin(along * frequency.astype(np.float32) + phase.astype(np.float32))
    return 2.5 * waves + _noise(n, random)


def _noise(n: int, random: np.random.Generator) -> np.ndarray:
    return np.float32(0.2) * random.standard_normal((n, COLUMNS), np.float32)


def _normalized(shares: np.ndarray) -> np.ndarray:
    return shares / shares.sum()

"""The initial layout of the optimisation."""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from .metrics import BLOCK, rows_at_once
from .pool import one_blas_thread
from .steps import result_of

if TYPE_CHECKING:
    from scipy.sparse import csr_array


#: The standard deviation of the first column, small enough that no two points start far apart, as in van der
#: Maaten (2014, section 3).
SPREAD = 1e-4
JITTER = 0.01 * SPREAD
_POWER_ITERATIONS = 8
#: Exact directions take at most this many iterations, or until their numbers change by at most the second.
_MOST_ITERATIONS, _STILL = 300, 2e-5
#: Numbers in a block, which takes about 10 ms.
_NUMBERS = 2**21


def initial_layout(X: np.ndarray | csr_array, init: Init, random_state: int) -> np.ndarray:
    """Return an initial layout of the rows of X.

    Parameters
    ----------
    X : ndarray or CSR array of shape (n, d)
        The data, finite if `init="pca"`. A sparse matrix is never made dense.
    init : "pca", "random", PrincipalComponents or an array of shape (n, 2)
        "pca" takes the two main directions of the data, the first scaled to a standard deviation of 1e-4
        (Kobak & Berens 2019), with noise of 1 % of this so that equal rows can part. "random" draws points
        from a normal distribution of standard deviation 1e-4. Or the principal components if they are known;
        or the layout itself, which stays unchanged (see `data.coordinates` for what users give).
    random_state : int
        The seed.

    Returns
    -------
    ndarray of shape (n, 2), float32
        A new array.

    Raises
    ------
    ValueError
        If `init` is none of these, or an array of the wrong shape or with values that are not finite.
    """
    random = np.random.default_rng(random_state)
    shape = (X.shape[0], 2)
    if isinstance(init, str) and init == "pca":
        init = result_of(principal_components(X))
    if isinstance(init, PrincipalComponents):
        layout = init.places + random.normal(scale=JITTER, size=shape)
    elif isinstance(init, str) and init == "random":
        layout = random.normal(scale=SPREAD, size=shape)
    elif isinstance(init, str):
        raise ValueError(f"init must be 'pca', 'random' or an array, not {init!r}")
    else:
        layout = np.asarray(init)
        if layout.shape != shape:
            raise ValueError(f"init must have the shape {shape}, not {layout.shape}")
    layout = np.array(layout, dtype=np.float32, order="C")
    if not np.isfinite(layout).all():
        raise ValueError("init must be finite, but it holds NaN or infinity")
    return layout


@dataclass(frozen=True)
class PrincipalComponents:
    """The first two principal components of some rows.

    Attributes
    ----------
    places : ndarray of shape (n, 2), float64
        The first column has the standard deviation of an initial layout. The second is zero if the rows have
        only one column; both are zero if all rows are equal.
    scale : float
        `places` times this gives the scores: the centred rows along both directions.
    explained : float
        The share of the rows' variance that both explain; NaN if not requested, or if all rows are equal.
    center : ndarray of shape (d,), or None
        The mean of the rows; None if all rows are equal.
    directions : ndarray of shape (d, 2), or None
        Both directions; the scores of any rows are ``(rows - center) @ directions``.
    """

    places: np.ndarray
    scale: float = 0.0
    explained: float = math.nan
    center: np.ndarray | None = None
    directions: np.ndarray | None = None

    def scores(self, rows: np.ndarray | csr_array) -> np.ndarray:
        """Return the scores of any rows, float64 of shape (m, 2); 0 if all rows of the data are equal."""
        if self.center is None or self.directions is None:
            return np.zeros((rows.shape[0], 2))
        with one_blas_thread():
            if isinstance(rows, np.ndarray):
                return (rows - self.center) @ self.directions
            return rows @ self.directions - self.center @ self.directions


def principal_components(
    X: np.ndarray | csr_array, *, exact: bool = False
) -> Generator[float, None, PrincipalComponents]:
    """Return the principal components of the rows of X, as a generator of the progress made.

    It uses subspace iteration from random directions (Halko, Martinsson & Tropp 2011, algorithm 4.4). This
    costs a few products with X, and the first frame need not wait for the import of scikit-learn.

    Parameters
    ----------
    X : ndarray or CSR array of shape (n, d)
        The data, finite numbers. A sparse matrix is never made dense.
    exact : bool
        Whether to iterate until the directions stand still, and to compute the variance that they explain. A
        few iterations are enough for an initial layout; they differ only if no direction stands out.

    Yields
    ------
    float
        Progress, from 0 to 1, after each 10 to 50 ms of work.
    """
    n, d = X.shape
    places = np.zeros((n, 2))
    blocks = [X[rows] for rows in _blocks(X, _NUMBERS)] if isinstance(X, np.ndarray) else _sparse_blocks(X)
    yield 0.0
    found_rows = yield from _centered(blocks) if isinstance(X, np.ndarray) else _centered_sparse(blocks, n)
    if found_rows is None:
        return PrincipalComponents(places)
    centered, mean, largest = found_rows
    directions = np.random.default_rng(0).normal(size=(d, min(d, 12))).astype(np.float32)
    most, found = _MOST_ITERATIONS if exact else _POWER_ITERATIONS, None
    for done in range(most):
        total: Any = 0
        for block in centered:
            # BLAS rounds differently with other numbers of threads, but only the seed may matter.
            with one_blas_thread():
                total = total + block.T @ (block @ directions)
            yield (1 + done) / (2 + most)
        with one_blas_thread():
            before, found = found, _main_directions(directions, total) if exact else None
            directions = np.linalg.qr(total)[0]
        if before is not None and found is not None and np.abs(found - before).max() < _STILL:
            break
    projected = []
    for block in centered:
        with one_blas_thread():
            projected.append((block @ directions).astype(np.float64))
        yield (1 + most) / (2 + most)
    with one_blas_thread():
        squares, axes = np.linalg.eigh(sum(part.T @ part for part in projected))
        squares, axes = squares[:-3:-1], axes[:, :-3:-1]
        loadings = directions @ axes
        signs = np.sign(np.take_along_axis(loadings, np.abs(loadings).argmax(axis=0)[None], axis=0))
        places[:, : axes.shape[1]] = np.concatenate([part @ axes for part in projected]) * signs
        loadings = np.pad(loadings * signs, ((0, 0), (0, 2 - axes.shape[1])))
    scale = places[:, 0].std() / SPREAD
    # If data lie far from 0, rounding may push it a little above 1.
    explained = float(np.minimum(squares.sum() / sum(map(_squares, centered)), 1)) if exact else math.nan
    return PrincipalComponents(places / scale, float(scale * largest), explained, mean, loadings)


Init = Literal["pca", "random"] | np.ndarray | PrincipalComponents


def _blocks(X: np.ndarray | csr_array, numbers: int) -> list[slice]:
    size, n = rows_at_once(X, numbers), X.shape[0]
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def _main_directions(directions: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Return the two main directions within a subspace, float64; `total` holds the subspace's images."""
    _, axes = np.linalg.eigh((directions.T @ total).astype(np.float64))
    found = directions @ axes[:, :-3:-1]
    signs = np.sign(np.take_along_axis(found, np.abs(found).argmax(axis=0)[None], axis=0))
    return found * signs / np.linalg.norm(found, axis=0)


def _squares(block: np.ndarray | _CenteredSparse) -> float:
    """Return the sum of the squares of a block."""
    if isinstance(block, _CenteredSparse):
        return block.squares
    rows = (block[rows] for rows in _blocks(block, BLOCK))
    return float(sum(np.einsum("ij,ij->", each, each, dtype=np.float64) for each in rows))


def _centered(
    blocks: list[np.ndarray],
) -> Generator[float, None, tuple[list[np.ndarray], np.ndarray, float] | None]:
    """Return X minus its mean, float32 of magnitude 1, in blocks; the mean, and its magnitude.

    None if X is constant.
    """
    first, equal, total, n = blocks[0][0], True, np.float64(0), 0
    for block in blocks:
        equal = equal and bool((block == first).all())
        total, n = total + block.sum(axis=0, dtype=np.float64), n + len(block)
        yield 0.0
    if equal:  # minus their mean they need not be exactly 0
        return None
    mean, largest = np.asarray(total / n), 0.0
    for block in blocks:
        largest = max(largest, *(np.abs(block[rows] - mean).max() for rows in _blocks(block, BLOCK)))
        yield 0.0
    centered = []
    for block in blocks:
        centered.append(np.empty(block.shape, np.float32))
        for rows in _blocks(block, BLOCK):
            centered[-1][rows] = (block[rows] - mean) / largest
        yield 0.0
    return centered, mean, float(largest)


def _sparse_blocks(X: csr_array) -> list[csr_array]:
    """Return the rows of a sparse matrix in blocks that share its memory."""
    blocks = []
    for rows in _blocks(X, _NUMBERS):
        first, end = X.indptr[rows.start], X.indptr[rows.stop]
        parts = X.data[first:end], X.indices[first:end], X.indptr[rows.start : rows.stop + 1] - first
        blocks.append(type(X)(parts, shape=(rows.stop - rows.start, X.shape[1])))
    return blocks


def _centered_sparse(
    blocks: list[csr_array], n: int
) -> Generator[float, None, tuple[list[_CenteredSparse], np.ndarray, float] | None]:
    """Return the blocks, scaled to magnitude 1 and centred; their mean, and their magnitude.

    None if all rows are equal.
    """
    lowest, highest, total = (np.full(blocks[0].shape[1], start) for start in (np.inf, -np.inf, 0.0))
    for block in blocks:
        lowest = np.minimum(lowest, block.min(axis=0).toarray().ravel())
        highest = np.maximum(highest, block.max(axis=0).toarray().ravel())
        yield 0.0
    if (lowest == highest).all():
        return None
    largest = np.float64(max(np.abs(lowest).max(), np.abs(highest).max()))
    scaled = []
    for block in blocks:
        parts = block.data / largest, block.indices, block.indptr
        scaled.append(type(block)(parts, shape=block.shape))
        total = total + np.asarray(scaled[-1].sum(axis=0)).ravel()
        yield 0.0
    return [_CenteredSparse(block, total / n) for block in scaled], total / n * largest, float(largest)


class _CenteredSparse:
    """A sparse matrix minus its mean, for products only: (X - 1 m') v = X v - 1 (m' v).

    It uses float64 because the two terms cancel. `T` is its transpose, as for an array.
    """

    def __init__(self, X: csr_array, mean: np.ndarray, transposed: bool = False):
        self._X, self._mean, self._transposed = X, mean, transposed

    @property
    def T(self) -> _CenteredSparse:
        return _CenteredSparse(self._X.T, self._mean, not self._transposed)

    @property
    def squares(self) -> float:
        """The sum of the squares of all numbers."""
        rows, columns = self._X.shape[0], np.asarray(self._X.sum(axis=0)).ravel()
        of_mean = rows * self._mean @ self._mean - 2 * columns @ self._mean
        return float((self._X.data**2).sum() + of_mean)

    def __matmul__(self, vectors: np.ndarray) -> np.ndarray:
        product = self._X @ vectors
        if self._transposed:
            return product - np.outer(self._mean, vectors.sum(axis=0))
        return product - self._mean @ vectors

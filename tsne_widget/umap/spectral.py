"""The shape of a graph, as a layout to start from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array, diags_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import ArpackError, eigsh

from ..errors import DataError
from ..tsne.pool import one_blas_thread

#: Up to this many rows the eigenvectors are computed densely.
_FEW = 100
_TOLERANCE = 1e-4


def spectral_layout(weights: csr_array, places: np.ndarray | None = None) -> np.ndarray:
    """Lay out a graph by the two smoothest eigenvectors of its normalized Laplacian.

    Parts of the graph without an edge between them are laid out one by one.

    Parameters
    ----------
    weights : csr_array of shape (n, n)
        Symmetric weights.
    places : ndarray of shape (n, 2), optional
        Places whose means are the places of the parts; by default parts lie on a circle.

    Returns
    -------
    ndarray of shape (n, 2), float64

    Raises
    ------
    DataError
        The eigenvectors cannot be found.
    """
    count, part_of = connected_components(weights, directed=False)
    # BLAS rounds differently with other numbers of threads.
    with one_blas_thread():
        if count == 1:
            return _eigenvectors(weights)
        centers = _centers(part_of, count, places)
        layout = np.empty((weights.shape[0], 2))
        for part, (rows, inner) in enumerate(_parts(weights, part_of)):
            inside = _eigenvectors(inner)
            distances = np.hypot(*(centers - centers[part]).T)
            room = distances[distances > 0].min() / 2
            layout[rows] = centers[part] + inside * (room / max(np.abs(inside).max(), np.finfo(float).tiny))
        return layout


def _parts(weights: csr_array, part_of: np.ndarray) -> Iterator[tuple[np.ndarray, csr_array]]:
    """Return the rows of each part and the weights between them."""
    order = np.argsort(part_of, kind="stable")
    ordered = weights[order][:, order]
    ends = np.cumsum(np.bincount(part_of))
    for start, end in zip([0, *ends[:-1]], ends, strict=True):
        first, last = ordered.indptr[start], ordered.indptr[end]
        inner = ordered.data[first:last], ordered.indices[first:last] - start
        size = end - start
        yield (
            order[start:end],
            csr_array((*inner, ordered.indptr[start : end + 1] - first), shape=(size, size)),
        )


def _centers(part_of: np.ndarray, count: int, places: np.ndarray | None) -> np.ndarray:
    if places is not None:
        sizes = np.bincount(part_of)
        centers = np.stack([np.bincount(part_of, column) / sizes for column in places.T], axis=1)
        if np.ptp(centers, axis=0).any():
            return centers
    angles = 2 * np.pi * np.arange(count) / count
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _eigenvectors(weights: csr_array) -> np.ndarray:
    """Return the two eigenvectors after the trivial one; zeros where a graph has fewer."""
    n = weights.shape[0]
    degrees = np.sqrt(weights.sum(axis=1, dtype=np.float64))
    scale = 1 / np.where(degrees > 0, degrees, 1)
    # The largest eigenvalues are the smallest of the Laplacian, 1 minus this, and quicker to find.
    if n <= _FEW:
        found = np.linalg.eigh(scale[:, None] * weights.toarray() * scale)[1][:, -2:-4:-1]
    else:
        diagonal = diags_array(scale)
        found = _largest((diagonal @ weights.astype(np.float64) @ diagonal).tocsr(), degrees)
    signs = np.sign(np.take_along_axis(found, np.abs(found).argmax(axis=0)[None], axis=0))
    layout = np.zeros((n, 2))
    layout[:, : found.shape[1]] = found * signs
    return layout


def _largest(normalized: csr_array, degrees: np.ndarray) -> np.ndarray:
    n = len(degrees)
    try:
        values, vectors = eigsh(
            normalized,
            3,
            which="LA",
            v0=degrees + np.random.default_rng(0).normal(scale=degrees.mean(), size=n),
            ncv=min(n, max(20, int(np.sqrt(n)))),
            tol=_TOLERANCE,
            maxiter=5 * n,
        )
    except ArpackError as error:
        raise DataError(
            f"the graph of neighbours has no eigenvectors to start from ({error}): use init='pca' or 'random'"
        ) from error
    return vectors[:, np.argsort(values)[-2::-1]]

"""Find the rows of the data nearest to new rows that a user gives, with errors in the user's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import DataError, InvalidValueError, shortened
from .matrix import as_rows, is_sparse

if TYPE_CHECKING:
    from ..tsne.nearest import Neighbors
    from ..tsne.pool import Pool
    from ..tsne.query_index import QueryIndex


def nearest_by_metric(
    new: Any,
    data: Any,
    k: int,
    *,
    metric: Any,
    params: Any,
    search: Any,
    index: QueryIndex,
    pool: Pool,
    called: str,
    made_by: str,
) -> Neighbors:
    """Return the k rows of the data nearest to each new row.

    Parameters
    ----------
    new, data : ndarray or sparse matrix
        Checked numbers with the same columns; one may be sparse and the other dense.
    k : int
        The number of nearest rows.
    metric, params : object
        The metric and its parameters.
    search : str or Neighbors
        How to search, see `nearest_rows`; known neighbours of the data mean "auto".
    index : QueryIndex
        Keeps the index of the data.
    pool : Pool
        The threads.
    called, made_by : str
        The name of the new rows, and of what took the data, in errors.

    Raises
    ------
    DataError
        A row is too far away for float32 to hold its distances.
    """
    from ..tsne.query import nearest_rows
    from ..tsne.steps import result_of

    if is_sparse(data) != is_sparse(new):
        from scipy.sparse import csr_array

        new = csr_array(new) if is_sparse(data) else new.toarray()
    new = as_rows(new) if is_sparse(new) else new
    how = search if isinstance(search, str) else "auto"
    found: Neighbors = result_of(
        nearest_rows(new, data, k, metric=metric, metric_params=params, search=how, index=index, pool=pool)
    )
    lost = ~np.isfinite(found.distances).all(axis=1)
    if lost.any():
        raise DataError(
            f"row {lost.argmax()} of {called} is too far from the rows of {made_by} for float32 to hold the "
            f"distance under metric={shortened(metric)}: leave it out, or multiply X by a small constant "
            "before"
        )
    return found


def neighbors_among(
    new: Any, data: Any, k: int, *, metric: Any, params: Any, search: Any, pool: Pool, called: str
) -> Neighbors:
    """Return the k nearest neighbours of each new row among the other new rows; see `nearest_by_metric`.

    A metric computes its parameters from the data, as for distances between new rows and data.

    Raises
    ------
    DataError
        The rows have no distances that float32 can hold.
    """
    from ..tsne.metrics import params_of_all_rows
    from ..tsne.neighbors import find_neighbors
    from ..tsne.steps import result_of

    how: Any = search if isinstance(search, str) else "auto"
    told = params_of_all_rows(data, metric) | dict(params or {})
    rows = as_rows(new) if is_sparse(new) else new
    try:
        found: Neighbors = result_of(
            find_neighbors(rows, k, metric=metric, metric_params=told, method=how, pool=pool)
        )
    except ValueError as error:
        raise DataError(f"{called} cannot be placed together: {error}") from error
    return found


def nearest_by_distances(distances: Any, k: int, *, called: str, made_by: str) -> Neighbors:
    """Return the k nearest rows by given distances of shape (n_new, n_samples); see `nearest_by_metric`."""
    from ..tsne.nearest import Neighbors

    distances = checked_distances(distances, called=called, made_by=made_by)
    nearest = np.argsort(distances, axis=1, kind="stable")[:, :k]
    found = np.take_along_axis(distances, nearest, axis=1).astype(np.float32)
    return Neighbors(nearest.astype(np.uint32), found)


def checked_distances(distances: Any, *, called: str, made_by: str) -> np.ndarray:
    """Return distances from new rows to all rows; raise if some are missing, negative or not finite."""
    if is_sparse(distances):
        raise InvalidValueError(
            f"{called} is sparse: with metric='precomputed' new rows need their distances to all rows of "
            f"{made_by}"
        )
    with np.errstate(over="ignore"):
        wrong = ~np.isfinite(distances.astype(np.float32)) | (distances < 0)
    if wrong.any():
        row, column = np.argwhere(wrong)[0]
        raise DataError(
            f"precomputed distances must be finite and not negative: the distance from row {row} of {called} "
            f"to row {column} of {made_by} is {distances[row, column]}"
        )
    return distances

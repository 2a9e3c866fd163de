"""Check how neighbours are found, and whether given neighbours suffice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..data.matrix import as_array
from ..errors import (
    InvalidValueError,
    invalid_type,
)
from ..tsne.distances import stored_counts
from .defaults import Settings
from .limits import check_one_of
from .metric import is_precomputed
from .perplexity import neighbors_wanted

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SEARCHES = ("auto", "exact", "approximate")


def known_neighbors(settings: Settings, matrix: np.ndarray | csr_array) -> tuple[int, str] | None:
    """Return the fewest neighbours given for a row, and by whom; None if they are searched."""
    if not isinstance(settings.neighbors, str):
        return settings.neighbors.indices.shape[1], "neighbors= has"
    if not is_precomputed(settings.metric) or isinstance(matrix, np.ndarray):
        return None
    counts = stored_counts(matrix)
    row = int(counts.argmin())
    return int(counts[row]), f"of row {row} the graph in X stores"


def require_known(settings: Settings, matrix: np.ndarray | csr_array, perplexity: float) -> None:
    """Raise InvalidValueError if too few neighbours are given for a perplexity or one it is mixed with."""
    wanted = neighbors_wanted(max(perplexity, *settings.multiscale, 0.0), matrix.shape[0])
    require_enough(settings, matrix, wanted, f"perplexity={perplexity:g}")


def require_enough(settings: Settings, matrix: np.ndarray | csr_array, wanted: int, asked: str) -> None:
    """Raise if neighbours are given, and fewer than wanted.

    Raises
    ------
    InvalidValueError
        It begins with the parameter that needs them and its value, which are `asked`.
    """
    found = known_neighbors(settings, matrix)
    if found is None or found[0] >= wanted:
        return
    known, teller = found
    hint = f"kneighbors(X, n_neighbors={wanted + 1}), which counts the row, gives enough"
    if teller != "neighbors= has":
        short = int((stored_counts(matrix) < wanted).sum())
        rows = "1 row has" if short == 1 else f"{short} rows have"
        hint = f"{rows} too few; leave them out, store more, or lower {asked.partition('=')[0]}"
    raise InvalidValueError(
        f"{asked} needs {wanted} neighbours of each row, and {teller} {known} besides the row itself: {hint}"
    )


def require_searched(asked: str, neighbors: Any, distances: bool, matrix: np.ndarray | csr_array) -> None:
    """Raise InvalidValueError if a part of the rows would have no search of its own.

    Neighbours that are given are those among all rows: too few of them are in the part.
    """
    if not isinstance(neighbors, str):
        raise InvalidValueError(f"{asked} needs a search among those rows, and neighbors= is given")
    if distances and not isinstance(matrix, np.ndarray):
        raise InvalidValueError(f"{asked} needs all distances between those rows, and X is a graph")


def check_search(value: Any, n: int) -> Any:
    """Check how neighbours are found: a name, or arrays, which are returned as `Neighbors`."""
    allowed = f"one of {', '.join(map(repr, SEARCHES))} or a pair (indices, distances) of shape ({n}, k) each"
    if isinstance(value, str):
        return check_one_of("neighbors", value, SEARCHES, allowed)
    if not isinstance(value, (tuple, list)) or len(value) != 2:
        raise invalid_type("neighbors", value, allowed)
    from ..tsne.precomputed import given_neighbors

    indices, distances = (as_array("neighbors", part) for part in value)
    try:
        return given_neighbors(indices, distances, n)
    except ValueError as error:
        raise InvalidValueError(f"neighbors cannot be used: {error}") from error

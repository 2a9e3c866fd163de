"""Doubts about a map that follow from the neighbours in the data, in words for its reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .defaults import Settings
from .metric import is_precomputed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from ..tsne.nearest import Neighbors


#: Copies are told of if they are more than this share of the rows.
_MANY_COPIES = 0.05


def doubt_in_words(
    isolated: np.ndarray, n: int, parts: np.ndarray | None, settings: Settings, where: str, copies: int = 0
) -> str:
    """Return a sentence on rows without neighbours, parts without distances and many copies; or "".

    Parameters
    ----------
    isolated : ndarray of int64
        Rows that have no neighbours.
    n : int
        How many rows there are.
    parts : ndarray of int64 or None
        The sizes of the parts of a given graph, the largest first.
    settings : Settings
        With the metric.
    where : str
        How the reader finds these rows.
    copies : int
        How many rows are at distance 0 from another.
    """
    said = []
    if len(isolated):
        have, them, their = ("has", "it", "its") if len(isolated) == 1 else ("have", "them", "their")
        among = (
            "among the given distances" if is_precomputed(settings.metric) else f"under {_named(settings)}"
        )
        said.append(
            f"{len(isolated):,} of {n:,} rows {have} no neighbours {among}: apart from copies, no row is "
            f"nearer to {them} than any other. {their.capitalize()} place on the map means nothing; {where}"
        )
    if parts is not None and len(parts) > 1:
        least, most = int(parts[-1]), int(parts[0])
        sizes = f"{least:,} rows each" if least == most else f"{least:,} to {most:,} rows"
        said.append(
            f"the graph in X falls into {len(parts):,} parts of {sizes}, with no distances between "
            "them: where they lie relative to each other means nothing"
        )
    if copies > _MANY_COPIES * n:
        said.append(
            f"{copies:,} of {n:,} rows ({100 * copies / n:.0f} %) are copies of other rows, at distance 0 "
            f"{_within(settings)}: copies lie close together on any map, which says nothing of the others"
        )
    return "; ".join(said)


def parts_of(matrix: np.ndarray | csr_array, settings: Settings) -> np.ndarray | None:
    """Return the sizes of the parts of the user's graph, the largest first; None for other data."""
    if isinstance(matrix, np.ndarray) or not is_precomputed(settings.metric):
        return None
    from ..tsne.distances import parts

    return parts(matrix)


def isolated_rows(neighbors: Neighbors, settings: Settings) -> np.ndarray:
    """Return the positions of the rows without neighbours; none if the user gave the neighbours."""
    from ..tsne.neighbors import isolated

    return isolated(neighbors, settings.metric)


def copies_among(neighbors: Neighbors) -> int:
    """Return how many rows have another row at distance 0."""
    return int((neighbors.distances[:, 0] == 0).sum())


def _within(settings: Settings) -> str:
    return "in X" if is_precomputed(settings.metric) else f"under {_named(settings)}"


def _named(settings: Settings) -> str:
    metric: Any = settings.metric
    return metric if isinstance(metric, str) else getattr(metric, "__name__", "its metric")

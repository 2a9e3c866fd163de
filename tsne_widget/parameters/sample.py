"""Decide which maps start from the map of a sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ..tsne.metrics import has_own_search
from . import constants
from .defaults import Settings
from .metric import is_precomputed

if TYPE_CHECKING:
    from scipy.sparse import csr_array


def rows_sampled(settings: Settings, matrix: np.ndarray | csr_array, init: Any) -> int:
    """Return the size of the sample whose map the map of all rows starts from; 0 if it does without.

    It does without if there are few rows; if users give the start, or the neighbours; and if a search among
    the sample would not be quick, because our own kernels do not know the metric.
    """
    searched = isinstance(init, str) and isinstance(settings.neighbors, str)
    if matrix.shape[0] <= constants.SAMPLED_ABOVE_ROWS or not searched or is_precomputed(settings.metric):
        return 0
    known = has_own_search(matrix, settings.metric, settings.metric_params)
    return constants.SAMPLE_ROWS if known else 0

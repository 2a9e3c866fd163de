"""Check which metrics the data allow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import (
    DataError,
    InvalidValueError,
    invalid_type,
    invalid_value,
)
from ..failure import error_in_words
from ..tsne.distances import first_wrong, why_no_distances, why_no_matrix
from ..tsne.metrics import FARTHEST, NEAREST, for_scikit_learn, params_of_all_rows, reach_of
from .defaults import Settings
from .given import plain

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from .axis import Facts

#: How many rows a metric is tried on, in both directions.
ROWS_TRIED = 5


def is_precomputed(metric: Any) -> bool:
    """Tell whether X holds distances instead of rows; a list of one metric counts as that metric."""
    if isinstance(metric, (list, tuple)) and len(metric) == 1:
        (metric,) = metric
    return isinstance(metric, str) and metric == "precomputed"


def metric_called(metric: Any) -> str:
    """Return the name of a metric in titles; that of a function is never one that scikit-learn knows."""
    if isinstance(metric, str):
        return metric
    from sklearn.neighbors import VALID_METRICS

    name = getattr(metric, "__name__", "own metric")
    return f"own {name}" if name in {*VALID_METRICS["brute"], "precomputed"} else name


def why_one_metric(facts: Facts) -> str:
    """Say why the widget can have only its first metric; empty if it can have others."""
    if facts.distances:
        return "X holds distances"
    if isinstance(facts.metric_params, Mapping) and facts.metric_params:
        return f"metric_params={facts.metric_params!r} allows only one metric"
    if not isinstance(facts.neighbors, str):
        return "neighbors= holds the neighbours for one metric"
    return ""


def require_metrics_together(metrics: Sequence[Any], facts: Facts) -> None:
    """Raise InvalidValueError for several metrics, or another one, if only the first is possible."""
    names = [metric_called(plain(metric)) for metric in metrics]
    if "precomputed" in names and not (facts.distances and len(names) == 1):
        raise InvalidValueError(
            f"metric={_listed(names)}: 'precomputed' allows no other metric, now or later, because X "
            "then holds distances, not rows"
        )
    why = why_one_metric(facts)
    if why and (len(names) > 1 or plain(metrics[0]) != facts.metric):
        raise InvalidValueError(f"metric={_listed(names)} is not allowed: {why}")


def _listed(names: Sequence[str]) -> str:
    return repr(names[0]) if len(names) == 1 else repr(list(names))


def require_metric(settings: Settings, matrix: np.ndarray | csr_array) -> None:
    """Raise if the settings' distances cannot be computed, or float32 cannot hold them."""
    check_metric(settings.metric, settings.metric_params, matrix)
    check_reach(settings, matrix)


def check_metric(metric: Any, params: Any, matrix: np.ndarray | csr_array) -> None:
    """Raise if a metric cannot be computed on the data, or does not give distances."""
    if params is not None and not isinstance(params, Mapping):
        raise invalid_type("metric_params", params, "a dict of keyword arguments for the metric, or None")
    if not isinstance(metric, str) and not callable(metric):
        raise invalid_type("metric", metric, "a name or a function of two rows")
    if is_precomputed(metric):
        _check_distances(params, matrix)
    elif params or callable(metric) or metric not in ("euclidean", "cosine"):
        _try_metric(metric, dict(params or {}), matrix)


def _check_distances(params: Any, matrix: np.ndarray | csr_array) -> None:
    if params:
        raise InvalidValueError(
            f"metric_params={params!r} has no effect with metric='precomputed': X already holds the distances"
        )
    if matrix.shape[0] != matrix.shape[1]:
        raise InvalidValueError(
            f"X has shape {matrix.shape}: with metric='precomputed' X must be square and hold "
            "the distances between all rows"
        )
    wrong = why_no_matrix(matrix)
    if wrong:
        raise DataError(f"X does not hold distances, which metric='precomputed' needs: {wrong}")


def check_reach(settings: Settings, matrix: np.ndarray | csr_array) -> None:
    """Raise if rows lie too far apart, or too near, for float32 to hold their squared distances."""
    if not isinstance(settings.neighbors, str):  # given neighbours are not searched
        return
    reach = reach_of(matrix, settings.metric, settings.metric_params)
    if reach and not NEAREST < reach < FARTHEST:
        raise DataError(
            f"X has rows that lie {reach:.1e} apart: under metric={settings.metric!r} the farthest must be "
            f"{NEAREST:g} to {FARTHEST:g} apart; multiply X by a constant, or leave out rows that are far off"
        )


def _try_metric(metric: Any, params: dict[str, Any], matrix: np.ndarray | csr_array) -> None:
    from sklearn.metrics import pairwise_distances
    from sklearn.neighbors import VALID_METRICS, VALID_METRICS_SPARSE

    dense = isinstance(matrix, np.ndarray)
    known = sorted(set((VALID_METRICS if dense else VALID_METRICS_SPARSE)["brute"]) | {"precomputed"})
    rows = "two rows" if dense else "two sparse rows, as X is sparse"
    allowed = f"one of {', '.join(known)} or a function of {rows}"
    if isinstance(metric, str) and metric not in known:
        raise invalid_value("metric", metric, allowed)
    tried = np.unique(np.linspace(0, matrix.shape[0] - 1, ROWS_TRIED).astype(int))
    some = for_scikit_learn(matrix[tried])
    # For a function scikit-learn computes one direction only, unless it is given other rows.
    others = {"Y": some.copy()} if callable(metric) else {}
    try:
        # They include variances, which a few rows cannot give.
        params = params_of_all_rows(matrix, metric) | params
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # see below
            distances = pairwise_distances(some, metric=metric, **others, **params)
    except Exception as error:
        hint = "" if dense else f"; metric must be {allowed}"
        raise InvalidValueError(
            f"metric={metric!r} with metric_params={params!r} cannot be computed on these rows: "
            f"{error_in_words(error)}{hint}"
        ) from error
    # A named metric may exceed float32, as only the nearest have to fit in it.
    tame = (
        distances if callable(metric) else np.minimum(distances, 1, where=distances < np.inf, out=+distances)
    )
    place = first_wrong(tame)
    if place is not None:
        row, column = tried[list(place)]
        raise InvalidValueError(
            f"metric={metric!r} gives {distances[place]:g} from row {row} to row {column}: "
            "a distance must be finite, below 3e38, and not negative"
        )
    wrong = why_no_distances(distances, tried) if callable(metric) else ""
    if wrong:
        raise InvalidValueError(f"metric={metric!r} is not a distance: {wrong}")

"""Check what a map starts from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from ..data import Index
from ..data.coordinates import coordinates_of
from ..errors import (
    InitWarning,
    InvalidValueError,
    invalid_type,
)
from .defaults import DEFAULTS
from .limits import check_one_of
from .metric import is_precomputed
from .warn import warn_user

INITS = ("pca", "random")
#: Unscaled coordinates with a standard deviation above this cause a warning, as in openTSNE.
INIT_SPREAD_MAX = 10.0


def check_init(
    init: Any,
    n: int,
    *,
    scale: bool = True,
    index: Index | None = None,
    names: Sequence[str] = INITS,
) -> Any:
    """Check an initial layout, a name or coordinates (see `coordinates_of`); warn if it lies far apart.

    Parameters
    ----------
    init : str or array-like of shape (n, 2)
    n : int
        Rows of the data.
    scale : bool
        Whether coordinates are scaled.
    index : Index, optional
        Labels of the rows; a frame is put into their order.
    names : sequence of str
        The names that the method knows.
    """
    allowed = f"one of {inits_allowed(n, names)}"
    if isinstance(init, str):
        return check_one_of("init", init, names, allowed)
    if init is None:
        raise invalid_type("init", init, allowed)
    layout = coordinates_of("init", init, n, scale=scale, index=index)
    warn_if_wide(layout)
    return layout


def warn_if_wide(layout: np.ndarray) -> None:
    """Warn of coordinates that seldom lead to a good map, as openTSNE does."""
    widest = float(layout.std(axis=0, dtype=np.float64).max())
    if widest > INIT_SPREAD_MAX:
        warn_user(
            f"init has a standard deviation of {widest:.3g}, above {INIT_SPREAD_MAX:g}: points so far apart "
            "hardly attract each other, and the map may stay poor; init_scale=True scales it",
            InitWarning,
        )


def inits_allowed(n: int, names: Sequence[str] = INITS) -> str:
    """Say which inits `n` rows allow."""
    return f"{', '.join(map(repr, names))} or an array of shape ({n}, 2)"


def default_init(metric: Any) -> str:
    """Return the default initial layout: distances have no principal components."""
    return "random" if is_precomputed(metric) else DEFAULTS.init


def inits_for(distances: bool, names: Sequence[str] = INITS) -> tuple[str, ...]:
    """Return the names of initial layouts that are possible; `distances` says whether X holds distances."""
    return tuple(name for name in names if name != "pca" or not distances)


def require_rows(inits: Sequence[Any], names: Sequence[str] = INITS) -> None:
    """Raise InvalidValueError for inits that need rows, as X holds distances."""
    if any(isinstance(init, str) and init == "pca" for init in inits):
        others = ", ".join(map(repr, inits_for(True, names)))
        raise InvalidValueError(
            "init='pca' is not allowed with metric='precomputed', which has no columns: "
            f"init must be {others} or an array"
        )

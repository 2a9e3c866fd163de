"""Make a map of other data just as a map of the widget is made, for comparison."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

import numpy as np

from ..parameters.defaults import Settings
from ..parameters.given import plain
from ..tsne.pool import Pool
from .grid import Spec
from .methods import method_of
from .shared_work import SharedWork

#: The share of the work that comes before the first iteration, for its progress.
_PREPARING = 0.2


def has_twins(spec: Spec) -> bool:
    """Tell whether other data can have such a map: one by a method of ours."""
    return method_of(spec).twin_of(spec) is not None


def twin_in_steps(
    rows: np.ndarray, spec: Spec, settings: Settings, seed: int, pool: Pool, most: int | None = None
) -> Generator[float, None, np.ndarray]:
    """Make a map of some rows with the parameters of another map, and yield the progress made.

    Parameters
    ----------
    rows : ndarray of shape (n, d), float64
        As many rows as the other map has, so that its parameters are in range.
    spec, settings : Spec, Settings
        The parameters of the other map. Coordinates to start from, and known neighbours, are of other data
        and do not count.
    seed : int
        The seed of the map.
    most : int, optional
        The iterations after which to stop; by default the map makes all of them.

    Returns
    -------
    ndarray of shape (n, 2), float32
    """
    spec = method_of(spec).twin_of(spec) or spec
    if not isinstance(plain(spec.values.get("init")), str):
        spec = spec.with_value("init", "pca")
    spec = spec.with_value("random_state", seed) if "random_state" in spec.values else spec
    shared = SharedWork(np.ascontiguousarray(rows), replace(settings, neighbors="auto"), pool)
    kind = method_of(spec)
    use = kind.use(spec, len(rows))
    if use is not None:
        shared.serve([use])
    method = kind(spec, settings, shared)
    for _, progress in method.prepare():
        yield _PREPARING * (progress or 0.0)
    while kind.live and not method.ended and (most is None or method.iteration < most):
        method.step()
        last = method.limit if most is None else min(method.limit, most)
        yield _PREPARING + (1 - _PREPARING) * method.iteration / max(last, 1)
    assert method.layout is not None
    return method.layout.copy()

"""Measure how far maps agree on the neighbours of each point."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..errors import StabilityWarning
from ..parameters.constants import stability_neighbors
from .measure import READABLE, Caution, Context, Measure, Steps
from .neighborhoods import chance_in_words, has_place, map_neighbors_in_steps, shared_in_steps

AGREE_BY_CONSTRUCTION = (
    "these maps differ only in their seed and start from the same layout: they are nearly the same by "
    "construction, and their agreement means almost nothing; init='random' shows how stable they are"
)


class Stability(Measure):
    """The share of a point's nearest map neighbours that all maps have in common."""

    name = "stability"
    label = "stability across maps"
    description = "the share of a point's 15 nearest map neighbours that are the same on all maps"
    needs = "maps"
    heading = READABLE
    low, high = 0.0, 1.0

    def steps(self, context: Context) -> Steps:
        """Return the share of neighbours that all maps have in common."""
        layouts = [one.points for one in context.maps]
        return stability_in_steps(layouts, stability_neighbors(context.n))

    def sentence(self, values: np.ndarray, context: Context) -> str:
        """Name the number of neighbours, the maps, and the value that chance would give."""
        k, maps = stability_neighbors(context.n), context.maps
        common = int(_on_all([one.points for one in maps]).sum())
        chance = (k / max(common - 1, k)) ** (len(maps) - 1)
        which = " and ".join(one.title for one in maps) if len(maps) == 2 else f"all {len(maps)} maps"
        return (
            f"the share of a point's {k} nearest map neighbours that are the same on {which} "
            f"({chance_in_words(chance)})"
        )

    def caution(self, context: Context) -> Caution | None:
        """Warn if the maps agree because they share their start."""
        needs = context.lacking
        if needs is None:
            return None
        return Caution(AGREE_BY_CONSTRUCTION, StabilityWarning, needs.axis, needs.value, needs.offer)


def stability_in_steps(layouts: Sequence[np.ndarray], k: int) -> Steps:
    """Return the share of each point's k nearest neighbours that all maps have in common.

    Only points with a place on all maps count, as neighbours too: others are not lost but absent.
    """
    neighbors, common = [], _on_all(layouts)[:, None]
    for points in layouts:
        neighbors.append((yield from map_neighbors_in_steps(np.where(common, points, np.nan), k)))
    return (yield from shared_in_steps(neighbors))


def _on_all(layouts: Sequence[np.ndarray]) -> np.ndarray:
    """Tell which points have a place on all maps."""
    return np.logical_and.reduce([has_place(points) for points in layouts])

"""The original space beside the map: distances, neighbours, how dense it is, and how far groups are."""

from .given import GivenDistances
from .groups import GROUPS_MAX, GroupDistances, MapState, group_distances
from .space import OriginalSpace, check_row, local_radius, neighbors_on_map

__all__ = [
    "GROUPS_MAX",
    "GivenDistances",
    "GroupDistances",
    "MapState",
    "OriginalSpace",
    "check_row",
    "group_distances",
    "local_radius",
    "neighbors_on_map",
]

"""Repulsion: the sum over all pairs of points, computed in several ways with one signature."""

from ..few import FEW_ROWS
from ..pool import Pool
from .signature import Repulsion

REPULSIONS = ("auto", "exact", "mesh", "barnes_hut")
#: From this many points on, a mesh may be faster than Barnes-Hut; see `auto`.
_MESH_FROM = 20_000


def suited_to(n: int) -> str:
    """Return the method that "auto" means for n points, or "auto" if that depends on the map."""
    if n <= FEW_ROWS:
        return "exact"
    return "barnes_hut" if n < _MESH_FROM else "auto"


def repulsion_method(name: str, n: int, pool: Pool, angle: float = 0.5) -> Repulsion:
    """Return the method called `name`, one of `REPULSIONS`, for `n` points.

    Parameters
    ----------
    name : str
        "exact" is the sum over all pairs; "mesh" and "barnes_hut" approximate it in less time; "auto" takes
        the fastest for n points, and with many points chooses for the map in each iteration.
    n : int
        The number of points.
    pool : Pool
        The threads.
    angle : float
        The angle of Barnes-Hut, from 0 (exact) to 1 (coarse); also used if a map is too wide for a mesh.

    Raises
    ------
    ValueError
        If there is no method with this name.
    """
    # Imported only here: each compiles kernels that the others do not use.
    match suited_to(n) if name == "auto" else name:
        case "exact":
            from .exact import ExactRepulsion

            return ExactRepulsion(n, pool)
        case "barnes_hut":
            from .barnes_hut import BarnesHutRepulsion

            return BarnesHutRepulsion(n, pool, angle)
        case "mesh":
            from .mesh import MeshRepulsion

            return MeshRepulsion(n, pool, angle)
        case "auto":
            from .auto import AutoRepulsion

            return AutoRepulsion(n, pool, angle)
    raise ValueError(f"repulsion must be one of {REPULSIONS}, not {name!r}")

"""Choose the fastest way to compute repulsion for the number of points and the size of the map.

The cost of the sum over all pairs grows with the square of the number of points, that of Barnes-Hut little
faster than their number, and that of the mesh with their number and the area of the map, which grows as it
unfolds. Milliseconds per iteration (two threads, 2.6 GHz, AVX-512) on small and on large maps, and the error
of the forces (root mean square):

============= =========== ============= ===========
points        exact       Barnes-Hut    mesh
============= =========== ============= ===========
3,000         0.6   0.6   0.5    0.6    0.7    1.8
10,000        6.5   6.5   1.8    1.7    1.3    5.2
70,000                    18.5   12.5   6.0   13.1
error         0           0.02 to 0.07 %  0 to 0.6 %
============= =========== ============= ===========

We use the exact sum for up to `FEW_ROWS` points, Barnes-Hut below 20,000, and above that whatever suits the
map in each iteration. Constants decide, not measurements at run time, so the same call always makes the same
decisions and gives the same layout.
"""

import math
from collections.abc import Generator

import numpy as np

from ..extent import Extent, extent
from ..pool import Pool
from .barnes_hut import BarnesHutRepulsion
from .mesh import Mesh, MeshRepulsion
from .signature import Repulsion

# Nanoseconds per point and level of the tree; and per point, node and iteration of the mesh. Only their
# ratios matter.
_LEVEL, _POINT, _NODE, _ITERATION = 13.0, 78.0, 11.0, 400_000.0


class AutoRepulsion(Repulsion):
    """Barnes-Hut, or a mesh if that is faster; see `Repulsion` for the signature."""

    def __init__(self, n: int, pool: Pool, angle: float = 0.5):
        self._n, self._pool = n, pool
        self._tree = BarnesHutRepulsion(n, pool, angle)
        self._mesh = MeshRepulsion(n, pool, angle)

    def steps(self, Y: np.ndarray, force: np.ndarray) -> Generator[None, None, float]:
        """Write the forces into `force` and return Z, in steps."""
        mesh = self._mesh_is_faster(extent(Y, self._pool))
        return (yield from (self._mesh if mesh else self._tree).steps(Y, force))

    def _mesh_is_faster(self, reach: Extent) -> bool:
        if not reach.finite or reach.span == 0:
            return False
        mesh = Mesh.over(reach)
        if mesh is None:
            return False
        nodes = mesh.rows * mesh.columns
        return _ITERATION + _POINT * self._n + _NODE * nodes < _LEVEL * self._n * math.log2(self._n)

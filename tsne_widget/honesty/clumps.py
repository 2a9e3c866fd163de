"""Find the clumps that a map shows, and the gaps between them."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from .borders import borders

#: Two clumps are two if the density between them is at most this share of the lower peak. At 0.8 the chances
#: of an even disc of 5,000 points make five clumps of it, at 0.7 one; at 0.6 two clumps of digits become one.
GAP = 0.7
#: The least share of the rows in a clump.
LEAST = 0.03
#: Cells along the longer side of the map, and the fewest across the width of the kernel.
_CELLS, _CELLS_PER_WIDTH = 160, 4
#: Cells whose density is below this share of the highest belong to no clump at first.
_FLOOR = 1e-4
#: Which map neighbour is as far away as the kernel is wide.
_NEIGHBOR = 15


@dataclass(frozen=True, eq=False)
class Gap:
    """A gap of a map between two clumps beside each other.

    Attributes
    ----------
    first, second : int
        The numbers of the clumps.
    depth : float
        The highest density between them as a share of the lower peak; 0 if nothing lies between.
    lines : list of ndarray of shape (m, 2)
        Points along the middle of the gap, in order, in the units of the map; there may be several lines,
        and a closed one ends where it begins.
    """

    first: int
    second: int
    depth: float
    lines: list[np.ndarray]


@dataclass(frozen=True, eq=False)
class Clumps:
    """The clumps of a map.

    Attributes
    ----------
    of : ndarray of shape (n,), int64
        The clump of each row; -1 for a row without a place.
    count : int
    gaps : list of Gap
        The gaps between clumps that lie side by side, the deepest first.
    """

    of: np.ndarray
    count: int
    gaps: list[Gap]

    def rows(self, clump: int) -> np.ndarray:
        """Return the rows of a clump."""
        return np.flatnonzero(self.of == clump)


def clumps_in_steps(
    points: np.ndarray, neighbors: np.ndarray, gap: float = GAP, least: float = LEAST
) -> Generator[None, None, Clumps]:
    """Find the clumps of a map as basins of its density, from the peaks down.

    Parameters
    ----------
    points : ndarray of shape (n, 2)
        A layout; rows without a place are NaN.
    neighbors : ndarray of shape (n, at least 15)
        The nearest rows of every row on the map.
    """
    from scipy.ndimage import distance_transform_edt, gaussian_filter

    placed = np.flatnonzero(~np.isnan(points).any(axis=1))
    at = points[placed].astype(np.float64)
    farthest = points[neighbors[placed, min(_NEIGHBOR, neighbors.shape[1]) - 1]]
    width = float(np.median(np.linalg.norm(farthest - at, axis=1)))
    low, extent = at.min(axis=0), np.ptp(at, axis=0)
    size = max(extent.max() / _CELLS, width / _CELLS_PER_WIDTH) or 1.0
    margin = 4 * width + 2 * size
    low, shape = low - margin, np.ceil((extent + 2 * margin) / size).astype(int)
    cell = np.ravel_multi_index(tuple(((at - low) / size).astype(int).T), shape)
    count = np.bincount(cell, minlength=shape.prod())
    density = gaussian_filter(count.reshape(shape).astype(np.float64), width / size, mode="constant")
    yield
    basins = _Basins(density, count, gap, least * len(placed))
    yield from basins.flood()
    found = basins.numbered().reshape(shape)
    far, nearest = distance_transform_edt(found < 0, return_indices=True)
    everywhere = found[tuple(nearest)]
    yield
    of = np.full(len(points), -1, np.int64)
    of[placed] = everywhere.ravel()[cell]
    gaps = [
        Gap(a, b, basins.depth(a, b), [low + line * size for line in lines])
        for a, b, lines in borders(everywhere, far)
    ]
    return Clumps(of, int(found.max()) + 1, sorted(gaps, key=lambda one: one.depth))


class _Basins:
    """Floods the cells of a density from its peaks down; basins that no gap parts become one."""

    def __init__(self, density: np.ndarray, count: np.ndarray, gap: float, least: float):
        self._width = density.shape[1]
        self._density, self._count = density.ravel(), count
        self._gap, self._least = gap, least
        self._basin = np.full(density.size, -1)
        self._parent: list[int] = []
        self._peak: list[float] = []
        self._rows: list[int] = []
        #: The highest density between two basins.
        self._saddle: dict[tuple[int, int], float] = {}
        self._numbers: dict[int, int] = {}

    def flood(self) -> Generator[None, None, None]:
        density, basin, w = self._density.tolist(), self._basin.tolist(), self._width
        order = np.argsort(-self._density, kind="stable")
        order = order[self._density[order] > self._density.max() * _FLOOR].tolist()
        around = (-w - 1, -w, -w + 1, -1, 1, w - 1, w, w + 1)
        for done, cell in enumerate(order):
            if done % 4096 == 4095:
                yield
            here = density[cell]
            near = {self._root(basin[cell + step]) for step in around if basin[cell + step] >= 0}
            if not near:
                self._parent.append(len(self._parent))
                self._peak.append(here)
                self._rows.append(int(self._count[cell]))
                basin[cell] = len(self._parent) - 1
                continue
            highest, *others = sorted(near, key=self._peak.__getitem__, reverse=True)
            for other in others:
                self._meet(highest, other, here)
            basin[cell] = self._root(highest)
            self._rows[basin[cell]] += int(self._count[cell])
        self._basin = np.array(basin)

    def _meet(self, higher: int, lower: int, density: float) -> None:
        """Make two basins one unless there is a gap between them."""
        if (
            min(self._rows[higher], self._rows[lower]) >= self._least
            and density <= self._gap * self._peak[lower]
        ):
            self._saddle.setdefault((min(higher, lower), max(higher, lower)), density)
            return
        self._parent[lower] = higher
        self._rows[higher] += self._rows[lower]

    def _root(self, basin: int) -> int:
        while self._parent[basin] != basin:
            self._parent[basin] = basin = self._parent[self._parent[basin]]
        return basin

    def numbered(self) -> np.ndarray:
        """Return the clump of each cell, the largest first; -1 where there is none.

        Basins that are too small, and touch no other, belong to none.
        """
        roots = np.array([self._root(basin) for basin in range(len(self._parent))])
        large = sorted(
            {r for r in roots.tolist() if self._rows[r] >= self._least}, key=lambda r: -self._rows[r]
        )
        large = large or [max(set(roots.tolist()), key=self._rows.__getitem__)]
        self._numbers = {root: number for number, root in enumerate(large)}
        of_basin = np.array([self._numbers.get(root, -1) for root in roots.tolist()] + [-1])
        return of_basin[self._basin]

    def depth(self, first: int, second: int) -> float:
        """Return the highest density between two clumps as a share of the lower peak."""
        between = 0.0
        for (a, b), density in self._saddle.items():
            if {self._numbers.get(self._root(a)), self._numbers.get(self._root(b))} == {first, second}:
                between = max(between, density)
        peaks = {number: self._peak[root] for root, number in self._numbers.items()}
        return between / min(peaks[first], peaks[second])

"""Cut rows into cells of equal size whose rows lie close together.

A tree of cuts makes the cells. Each part is cut across the line between the centres of its two clusters
(Forgy 1965, a few steps from two distant rows), at the row that makes both sides whole multiples of a cell.
Cuts keep the order of rows, so the rows of a cell ascend.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np
from numba import float32, int64, void

from .kernel import kernel
from .pool import Pool

#: Rows of a cell: a block of this many times this many distances stays in the second-level cache.
CELL = 256
_SAMPLED = 256  # rows that decide where a part is cut
_FOR_CENTER = 32  # rows whose median is the centre of a cell
_ROWS_PER_STEP = 2**16
_CELLS_PER_STEP = 512


@dataclass(frozen=True)
class Cells:
    """Rows in the order of their cells. The last cell may be short; its panel ends in rows infinitely far.

    Attributes
    ----------
    points : ndarray of shape (n, d), float32
        The rows.
    order : ndarray of shape (n,), int64
        Their positions in the data.
    centres : ndarray of shape (cells, d), float32
        The median of some rows of each cell, which an outlier does not move.
    panels : ndarray of shape (cells, d, CELL), float32
        The rows of each cell minus its centre, feature by feature.
    ids : ndarray of shape (cells, CELL), int64
        `order`, cell by cell.
    """

    points: np.ndarray
    order: np.ndarray
    centers: np.ndarray
    panels: np.ndarray
    ids: np.ndarray

    def rows(self, cell: int) -> np.ndarray:
        """Return the positions in `points` of the rows of a cell."""
        return np.arange(cell * CELL, min((cell + 1) * CELL, len(self.points)))


def cut_into_cells(points: np.ndarray, pool: Pool) -> Generator[float, None, Cells]:
    """Return the cells of some rows, as a generator of the progress made.

    Parameters
    ----------
    points : ndarray of shape (n, d), float32, C-contiguous
        Finite numbers whose squares have finite sums.
    pool : Pool
        The threads.

    Yields
    ------
    float
        Progress, from 0 to 1, after each 10 to 50 ms of work.

    Returns
    -------
    Cells
        The cells; their `points` are a copy.
    """
    n, d = points.shape
    cells = -(-n // CELL)
    order = np.arange(n)
    levels = max(1, cells - 1).bit_length()
    for level, parts in enumerate(_parts(cells)):
        for _ in _cut(points, order, np.minimum(np.multiply(parts, CELL), n), pool):
            yield level / (levels + 1)
    ordered = np.empty_like(points)
    for start in range(0, n, _ROWS_PER_STEP):
        pool.run(_gather, min(_ROWS_PER_STEP, n - start), start, points, order, ordered)
        yield levels / (levels + 1)
    centers = np.empty((cells, d), np.float32)
    panels = np.zeros((cells, d, CELL), np.float32)
    for start in range(0, cells, _CELLS_PER_STEP):
        pool.run(_fill, min(_CELLS_PER_STEP, cells - start), start, ordered, centers, panels, grain=8)
        yield levels / (levels + 1)
    ids = np.full((cells, CELL), n)
    ids.reshape(-1)[:n] = order
    return Cells(ordered, order, centers, panels, ids)


def _parts(cells: int) -> Generator[list[tuple[int, int, int]], None, None]:
    """Yield the parts to cut on each level of the tree: first cell, first of the right side, end."""
    parts = [(0, cells)]
    while parts := [part for part in parts if part[1] - part[0] > 1]:
        cut = [(first, (first + end) // 2, end) for first, end in parts]
        yield cut
        parts = [side for first, middle, end in cut for side in ((first, middle), (middle, end))]


def _cut(points: np.ndarray, order: np.ndarray, parts: np.ndarray, pool: Pool) -> Generator[None, None, None]:
    """Cut the parts of one level: rows on the near side of the cut come first in `order`."""
    axes = np.empty((len(parts), points.shape[1]), np.float32)
    heights = np.empty(len(order), np.float32)
    for start in range(0, len(parts), _CELLS_PER_STEP):
        some = slice(start, start + _CELLS_PER_STEP)
        pool.run(_find_axes, len(parts[some]), points, order, parts[some], axes[some], grain=1)
        yield
    first, end = parts[0, 0], parts[-1, 2]
    for start in range(first, end, _ROWS_PER_STEP):
        rows = min(_ROWS_PER_STEP, end - start)
        pool.run(_project, rows, start, points, order, parts, axes, heights)
        yield
    for start in range(0, len(parts), _CELLS_PER_STEP):
        some = slice(start, start + _CELLS_PER_STEP)
        pool.run(_divide, len(parts[some]), heights, order, parts[some], grain=1)
        yield


@kernel(int64(float32[:, ::1], int64[::1], float32[::1]), reordered=True)
def _farthest(points, rows, here):
    """Find the row that is farthest from a place."""
    found, most = rows[0], np.float32(-1)
    for row in rows:
        total = np.float32(0)
        for feature in range(len(here)):
            difference = points[row, feature] - here[feature]
            total += difference * difference
        if total > most:
            found, most = row, total
    return found


@kernel(
    void(int64, int64, float32[:, ::1], int64[::1], int64[:, ::1], float32[:, ::1]),
    reordered=True,
)
def _find_axes(start, stop, points, order, parts, axes):
    """Find the line between the centres of the two clusters of each part, from a sample of its rows."""
    d = points.shape[1]
    centers, sums = np.empty((2, d), np.float32), np.empty((2, d))
    sample = np.empty(2 * _SAMPLED, np.int64)
    for part in range(start, stop):
        first, end = parts[part, 0], parts[part, 2]
        step = max(1, (end - first) // _SAMPLED)
        sampled = 0
        for place in range(first, end, step):
            sample[sampled] = order[place]
            sampled += 1
        # Loops instead of slices, which take ten times as long to compile.
        one_end = _farthest(points, sample[:sampled], points[sample[0]])
        other_end = _farthest(points, sample[:sampled], points[one_end])
        for f in range(d):
            centers[0, f], centers[1, f] = points[one_end, f], points[other_end, f]
        for _ in range(4):
            on_second = 0
            for f in range(d):
                sums[0, f] = sums[1, f] = 0.0
            for s in range(sampled):
                row = sample[s]
                nearer = np.float32(0)
                for f in range(d):
                    apart, other = points[row, f] - centers[0, f], points[row, f] - centers[1, f]
                    nearer += apart * apart - other * other
                side = 1 if nearer > 0 else 0
                on_second += side
                for f in range(d):
                    sums[side, f] += points[row, f]
            if on_second == 0 or on_second == sampled:
                break
            for f in range(d):
                centers[0, f] = sums[0, f] / (sampled - on_second)
                centers[1, f] = sums[1, f] / on_second
        # Scaled to keep the sum of products from overflowing.
        longest = np.float32(0)
        for f in range(d):
            axes[part, f] = centers[1, f] - centers[0, f]
            longest = max(longest, abs(axes[part, f]))
        for f in range(d):
            axes[part, f] /= longest if longest > 0 else np.float32(1)


@kernel(
    void(int64, int64, int64, float32[:, ::1], int64[::1], int64[:, ::1], float32[:, ::1], float32[::1]),
    reordered=True,
)
def _project(start, stop, offset, points, order, parts, axes, heights):
    """Compute how far each row lies along the line of its part."""
    part = 0
    for place in range(start + offset, stop + offset):
        while part + 1 < len(parts) and parts[part, 2] <= place:
            part += 1
        row, axis = points[order[place]], axes[part]
        total = np.float32(0)
        for f in range(len(axis)):
            total += row[f] * axis[f]
        heights[place] = total


@kernel(float32(float32[::1], int64))
def _of_rank(values, rank):
    """Return the value of a rank, and reorder the values (Hoare 1961)."""
    left, right = 0, len(values) - 1
    while left < right:
        pivot = values[(left + right) // 2]
        low, high = left, right
        while low <= high:
            while values[low] < pivot:
                low += 1
            while values[high] > pivot:
                high -= 1
            if low <= high:
                values[low], values[high] = values[high], values[low]
                low += 1
                high -= 1
        if rank <= high:
            right = high
        elif rank >= low:
            left = low
        else:
            break
    return values[rank]


@kernel(void(int64, int64, float32[::1], int64[::1], int64[:, ::1]))
def _divide(start, stop, heights, order, parts):
    """Move the lower rows of each part to its front; both sides keep their order."""
    for part in range(start, stop):
        first, middle, end = parts[part, 0], parts[part, 1], parts[part, 2]
        at_cut = _of_rank(heights[first:end].copy(), middle - first)
        level = middle - first  # how many rows exactly on the cut belong to the front
        for place in range(first, end):
            level -= heights[place] < at_cut
        rows = order[first:end].copy()
        front, back = first, middle
        for place in range(first, end):
            height = heights[place]
            in_front = height < at_cut
            if height == at_cut and level > 0:
                level -= 1
                in_front = True
            if in_front:
                order[front] = rows[place - first]
                front += 1
            else:
                order[back] = rows[place - first]
                back += 1


@kernel(void(int64, int64, int64, float32[:, ::1], int64[::1], float32[:, ::1]))
def _gather(start, stop, offset, points, order, ordered):
    for place in range(start + offset, stop + offset):
        for f in range(points.shape[1]):
            ordered[place, f] = points[order[place], f]


@kernel(void(int64, int64, int64, float32[:, ::1], float32[:, ::1], float32[:, :, ::1]))
def _fill(start, stop, offset, points, centers, panels):
    """Find the centre of each cell, and write its rows minus the centre, feature by feature."""
    sample = np.empty(_FOR_CENTER, np.float32)
    for cell in range(start + offset, stop + offset):
        first = cell * CELL
        size = min(CELL, len(points) - first)
        sampled = min(_FOR_CENTER, size)
        for f in range(points.shape[1]):
            for place in range(sampled):
                sample[place] = points[first + place * size // sampled, f]
            center = _of_rank(sample[:sampled], sampled // 2)
            centers[cell, f] = center
            for place in range(size):
                panels[cell, f, place] = points[first + place, f] - center

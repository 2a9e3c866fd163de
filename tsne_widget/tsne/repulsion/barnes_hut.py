r"""Compute repulsion by a tree of cells in O(n log n), with the `angle` that users of scikit-learn know.

A cell of size s at distance d from a point represents its points if s / d < `angle` (Barnes and Hut 1986;
for t-SNE van der Maaten 2014, section 4.2). Four things differ from scikit-learn's and openTSNE's quadtrees:

- The tree halves the points, not the plane: a cell is cut at the median along its longer side. Leaves hold
  equally many points (up to one), the points of a cell are a range of the sorted points, and the children of
  cell i are the cells 2 i and 2 i + 1. So outliers and duplicates do not deepen the tree, and no links exist.
- The size of a cell is sqrt(2) times the distance from its centre of mass to the farthest corner of the box
  around its points. This is the side of a square whose centre of mass is in the middle, and up to twice that
  if the mass lies in a corner, where errors are larger (Salmon and Warren 1994).
- Points walk in groups of at most 64 neighbours; d is the distance from the centre of the cell to the nearest
  place of the group's box (Barnes 1990). A walk gathers lists of cells and of points; then vector units sum
  all pairs of the group and the lists, as in the exact method.
- A cell acts through its mass m at its centre and through its second moments: with u = y - centre,
  w = 1 / (1 + u^2), M = sum of (y_j - centre)(y_j - centre)^T and its trace T, its potential is

  .. math:: \phi = m w - T w^2 + 4 w^3 u^T M u,

  and its force is half the negative gradient of that. The first moments about the centre are 0, so the error
  is of third order. At angle 0.5 it is 0.1 % of the force (root mean square, 70,000 points in 40 clusters on
  a span of 200), while masses alone leave about 2 %.

It needs 20 bytes per point, at most 11 more for its share of the cells, and 4 more while sorting.
"""

from collections.abc import Generator

import numpy as np
from numba import boolean, float32, float64, int64, types, uint32, void

from ..kernel import kernel
from ..pool import Pool
from .signature import Repulsion

_LEAF = 16  # the most points in a leaf
_GROUP_LEVELS = 2  # a group is a cell this many levels above the leaves
_SHARED_LEVELS = 4  # all threads halve the cells at the top of the tree together, one level at a time
_LIST = 1024  # cells or points summed at once: a list stays in the first-level cache

# We fill lists up to whole rounds of the vectorised loops, whose remainders would be processed one by one.
_ROUND = 64

# A place so far from all points that the weight is 0, but no difference of coordinates overflows.
_BEYOND = np.float32(1.9e38)
_FAR, _SHRINK = np.float32(1e37), np.float32(0.2)

# We drop second moments above this, as their products would overflow; the cell's weight is then below 1e-20.
_LARGEST_MOMENT = 1e30

# Multiples of the golden ratio have evenly spread fractions; these are in 32 bits.
_GOLDEN, _32_BITS = 2654435769, 2**32 - 1

_SQRT2 = np.float32(2**0.5)

# The parts of a cell: columns of `cells`, rows of the list of far cells.
_X, _Y, _SIZE, _MASS, _XX, _XY, _YY = range(7)

_ZERO, _ONE, _TWO, _FOUR, _TWELVE = (np.float32(number) for number in (0, 1, 2, 4, 12))


@kernel(int64(float32[::1], float32[::1], uint32[::1], float32))
def _divide(key, other, order, pivot):
    """Move the points whose key is below `pivot` to the front; return their number."""
    below = 0
    for i in range(len(key)):  # without a branch, which would be mispredicted for every second point
        k, o, row = key[i], other[i], order[i]
        key[i], other[i], order[i] = key[below], other[below], order[below]
        key[below], other[below], order[below] = k, o, row
        below += int64(k < pivot)
    return below


@kernel(void(float32[::1], float32[::1], uint32[::1], int64))
def _select(key, other, order, middle):
    """Move points until none before `middle` has a larger key than one after it (Hoare's quickselect)."""
    first, end, draw = 0, len(key), 0
    while end - first > 1:
        # Pivots come from scattered places: fixed ones make ordered points, such as a ring, quadratic.
        draw += 3 * _GOLDEN
        a = key[first + ((draw & _32_BITS) * (end - first) >> 32)]
        b = key[first + ((draw + _GOLDEN & _32_BITS) * (end - first) >> 32)]
        c = key[first + ((draw + 2 * _GOLDEN & _32_BITS) * (end - first) >> 32)]
        pivot = max(min(a, b), min(max(a, b), c))
        k, o, rows = key[first:end], other[first:end], order[first:end]
        border = first + _divide(k, o, rows, pivot)
        if border == first:  # the pivot is the smallest key: divide behind all its equals
            border = first + _divide(k, o, rows, np.nextafter(pivot, _BEYOND))
            if middle < border:
                return
        if middle < border:
            end = border
        else:
            first = border


@kernel(types.UniTuple(float32, 2)(float32[::1]))
def _range(values):
    low, high = values[0], values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
    return low, high


@kernel(void(int64, int64, int64, int64, float32[:, ::1], uint32[::1]))
def _halve(start, stop, level, last_level, points, order):
    """Sort the points of cells ``start .. stop - 1`` of a level into their descendants at `last_level`."""
    n = points.shape[1]
    for descent in range(last_level - level):
        cells = 1 << (level + descent)
        for cell in range(start << descent, stop << descent):
            first, end = cell * n // cells, (cell + 1) * n // cells
            middle = (2 * cell + 1) * n // (2 * cells) - first
            x, y, rows = points[0, first:end], points[1, first:end], order[first:end]
            left, right = _range(x)
            low, high = _range(y)
            if right - left >= high - low:
                _select(x, y, rows, middle)
            else:
                _select(y, x, rows, middle)


@kernel(void(int64, int64, float32[:, ::1], float32[:, ::1], float32[:, ::1]))
def _measure_leaves(start, stop, points, cells, boxes):
    n, leaves = points.shape[1], len(cells) // 2
    for leaf in range(start, stop):
        first, end = leaf * n // leaves, (leaf + 1) * n // leaves
        x, y = points[0, first:end], points[1, first:end]
        cell, box = cells[leaves + leaf], boxes[leaves + leaf]
        box[0], box[1] = _range(x)
        box[2], box[3] = _range(y)
        center_x, center_y = 0.0, 0.0
        for i in range(len(x)):
            center_x += x[i]
            center_y += y[i]
        center_x /= len(x)
        center_y /= len(x)
        xx, xy, yy = 0.0, 0.0, 0.0
        for i in range(len(x)):
            dx, dy = x[i] - center_x, y[i] - center_y
            xx += dx * dx
            xy += dx * dy
            yy += dy * dy
        cell[_X], cell[_Y], cell[_MASS] = center_x, center_y, len(x)
        cell[_XX], cell[_XY], cell[_YY] = xx, xy, yy


@kernel(void(float32[:, ::1], float32[:, ::1]))
def _measure_parents(cells, boxes):
    """Combine children, from the leaves' parents to the root; moments by the parallel axis theorem."""
    for i in range(len(cells) // 2 - 1, 0, -1):
        a, b, cell = cells[2 * i], cells[2 * i + 1], cells[i]
        p, q, box = boxes[2 * i], boxes[2 * i + 1], boxes[i]
        box[0], box[1], box[2], box[3] = min(p[0], q[0]), max(p[1], q[1]), min(p[2], q[2]), max(p[3], q[3])
        mass = a[_MASS] + float64(b[_MASS])
        share, reduced = b[_MASS] / mass, a[_MASS] * b[_MASS] / mass
        dx, dy = b[_X] - float64(a[_X]), b[_Y] - float64(a[_Y])
        cell[_X], cell[_Y], cell[_MASS] = a[_X] + share * dx, a[_Y] + share * dy, mass
        cell[_XX] = a[_XX] + b[_XX] + reduced * dx * dx
        cell[_XY] = a[_XY] + b[_XY] + reduced * dx * dy
        cell[_YY] = a[_YY] + b[_YY] + reduced * dy * dy


@kernel(int64(float32[:, ::1], int64, int64, float32[:, ::1], int64))
def _append(points, first, end, near, count):
    """Append a range of the points to a list; return its length."""
    for i in range(end - first):  # assigning a slice would take numba 2 s to compile
        near[_X, count + i], near[_Y, count + i] = points[_X, first + i], points[_Y, first + i]
    return count + end - first


@kernel(int64(float32[:, ::1], int64))
def _filled(places, count):
    """Fill a list up to whole rounds with places of no weight; return its length."""
    end = (count + _ROUND - 1) // _ROUND * _ROUND
    places[_X, count:end] = _BEYOND
    return end


@kernel(void(float32[::1], float32[::1], float32[:, ::1], int64, boolean, float64[:, ::1]), reordered=True)
def _add_near(x, y, near, count, own, sums):
    """Add the sums over a list of points; if `own`, the first points are the group itself."""
    end = _filled(near, count)
    for i in range(len(x)):
        if own:
            near[_X, i] = _BEYOND  # a point has no weight for itself
        force_x, force_y, weight = _ZERO, _ZERO, _ZERO
        for j in range(end):
            dx, dy = x[i] - near[_X, j], y[i] - near[_Y, j]
            w = _ONE / (_ONE + dx * dx + dy * dy)
            weight += w
            force_x += w * w * dx
            force_y += w * w * dy
        sums[i, 0] += force_x
        sums[i, 1] += force_y
        sums[i, 2] += weight
        if own:
            near[_X, i] = x[i]


@kernel(void(float32[::1], float32[::1], float32[:, ::1], int64, float64[:, ::1]), reordered=True)
def _add_far(x, y, far, count, sums):
    """Add the sums over a list of cells."""
    end = _filled(far, count)
    for i in range(len(x)):
        force_x, force_y, weight = _ZERO, _ZERO, _ZERO
        for j in range(end):
            dx, dy = x[i] - far[_X, j], y[i] - far[_Y, j]
            w = _ONE / (_ONE + dx * dx + dy * dy)
            # Multiplying distances by w first keeps the products within float32.
            a, b = w * dx, w * dy
            ma, mb = far[_XX, j] * a + far[_XY, j] * b, far[_XY, j] * a + far[_YY, j] * b
            q, t = a * ma + b * mb, w * (far[_XX, j] + far[_YY, j])
            weight += w * (far[_MASS, j] - t + _FOUR * q)
            along = far[_MASS, j] - _TWO * t + _TWELVE * q
            force_x += w * (along * a - _FOUR * w * ma)
            force_y += w * (along * b - _FOUR * w * mb)
        sums[i, 0] += force_x
        sums[i, 1] += force_y
        sums[i, 2] += weight


_TREE = float32[:, ::1], uint32[::1], float32[:, ::1], float32[:, ::1]  # points, order, cells, boxes


@kernel(void(int64, int64, float64, int64, *_TREE, float32[:, ::1], float64[::1]))
def _repel(start, stop, angle, groups, points, order, cells, boxes, force, z):
    """Let groups ``start .. stop - 1`` walk through the tree, and write their points' forces and weights."""
    n, leaves = points.shape[1], len(cells) // 2
    near, far = np.zeros((2, _LIST + 2 * _ROUND), np.float32), np.zeros((7, _LIST + _ROUND), np.float32)
    sums = np.empty((n // groups + 1, 3))
    for group in range(start, stop):
        first, end = group * n // groups, (group + 1) * n // groups
        x, y, box = points[0, first:end], points[1, first:end], boxes[groups + group]
        left, right, low, high = float64(box[0]), float64(box[1]), float64(box[2]), float64(box[3])
        sums[:] = 0.0
        near_count, far_count, own = _append(points, first, end, near, 0), 0, True

        # All other points lie below the siblings of the group's ancestors, so no cell holds its own points.
        ancestor = groups + group
        while ancestor > 1:
            top = ancestor ^ 1
            i = top
            while True:
                cell = cells[i]
                dx, dy = (
                    max(left - cell[_X], cell[_X] - right, 0.0),
                    max(low - cell[_Y], cell[_Y] - high, 0.0),
                )
                reach = angle * angle * (dx * dx + dy * dy)
                if float64(cell[_SIZE]) ** 2 < reach or cell[_SIZE] == 0:
                    for part in range(7):
                        far[part, far_count] = cell[part]
                    far_count += 1
                    if far_count == _LIST:
                        _add_far(x, y, far, far_count, sums)
                        far_count = 0
                elif i < leaves:
                    i = 2 * i
                    continue
                else:
                    leaf = i - leaves
                    near_count = _append(
                        points, leaf * n // leaves, (leaf + 1) * n // leaves, near, near_count
                    )
                    if near_count >= _LIST:
                        _add_near(x, y, near, near_count, own, sums)
                        near_count, own = 0, False
                while i & 1 and i != top:
                    i >>= 1
                if i == top:
                    break
                i += 1
            ancestor >>= 1

        _add_near(x, y, near, near_count, own, sums)
        _add_far(x, y, far, far_count, sums)
        for j in range(len(x)):
            row = order[first + j]
            force[row, 0], force[row, 1] = sums[j, 0], sums[j, 1]
            z[first + j] = sums[j, 2]


class BarnesHutRepulsion(Repulsion):
    """The sum over cells of a tree; see `Repulsion` for the signature.

    Parameters
    ----------
    n : int
        How many points there are.
    pool : Pool
        The threads.
    angle : float
        From 0 to 1: a cell of size s at distance d is summarised if s / d is smaller. At 0 the result is the
        sum over all pairs.
    """

    def __init__(self, n: int, pool: Pool, angle: float = 0.5):
        self._pool, self._angle = pool, angle
        self._depth = max(0, (-(-n // _LEAF) - 1).bit_length())
        self._points = np.empty((2, n), np.float32)
        self._order = np.empty(n, np.uint32)
        self._cells = np.zeros((2 << self._depth, 7), np.float32)
        self._boxes = np.zeros((2 << self._depth, 4), np.float32)
        self._z = np.empty(n)

    def steps(self, Y: np.ndarray, force: np.ndarray) -> Generator[None, None, float]:
        """Write the sums over all pairs into `force` and return Z, in steps; NaN if a place is not finite."""
        self._points[:] = Y.T
        extremes = self._points.min(), self._points.max()
        if not np.isfinite(extremes).all():
            force.fill(np.nan)
            return np.nan
        if max(-extremes[0], extremes[1]) > _FAR:
            _draw_in(self._points)
        self._sort()
        yield
        self._measure()
        yield
        groups = 1 << max(0, self._depth - _GROUP_LEVELS)
        tree = self._points, self._order, self._cells, self._boxes
        self._pool.run(_repel, groups, self._angle, groups, *tree, force, self._z, grain=8)
        return float(self._z.sum())

    def _sort(self) -> None:
        """Sort the points by leaf."""
        self._order[:] = np.arange(len(self._order), dtype=np.uint32)
        shared = min(_SHARED_LEVELS, self._depth)
        for level in range(shared):
            self._pool.run(_halve, 1 << level, level, level + 1, self._points, self._order, grain=1)
        self._pool.run(_halve, 1 << shared, shared, self._depth, self._points, self._order, grain=1)

    def _measure(self) -> None:
        """Compute the mass, centre, size and moments of all cells."""
        cells, boxes = self._cells, self._boxes
        self._pool.run(_measure_leaves, len(cells) // 2, self._points, cells, boxes)
        _measure_parents(cells, boxes)
        farthest_x = np.maximum(cells[:, _X] - boxes[:, 0], boxes[:, 1] - cells[:, _X])
        farthest_y = np.maximum(cells[:, _Y] - boxes[:, 2], boxes[:, 3] - cells[:, _Y])
        cells[:, _SIZE] = _SQRT2 * np.hypot(farthest_x, farthest_y)
        cells[np.maximum(cells[:, _XX], cells[:, _YY]) > _LARGEST_MOMENT, _XX:] = 0


def _draw_in(points: np.ndarray) -> None:
    """Shrink coordinates beyond 1e37 so that no difference overflows; weights there are 0 either way."""
    beyond = np.abs(points) > _FAR
    places = points[beyond]
    points[beyond] = _SHRINK * places + np.copysign((1 - _SHRINK) * _FAR, places)

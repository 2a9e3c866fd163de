"""The kernel of `cell_index`: new rows look into the cells that may hold one of their nearest rows."""

import numpy as np
from numba import float32, int64, uint32, void

from .cells import CELL
from .kernel import kernel
from .search import replace_farthest

#: Rows that look into a cell while it is in the cache.
_BLOCK = 32
#: The nearest cells come first, which leaves few others.
_FIRST = 8
_CHUNK = 64  # features in one go: with the rows of a cell they stay in the cache
_NOT_FULL = 0x7FFFFFFF
_TWO = np.float32(2)


@kernel(void(float32[:, ::1], int64[::1], int64, float32[:, :, ::1], int64, float32[:, ::1]), reordered=True)
def _compare(shifted, active, count, panels, cell, keys):
    """Compute the squared distances of some rows from those of a cell, for one row like for another."""
    panel = panels[cell]
    d = panel.shape[0]
    for first in range(0, d, _CHUNK):
        for a in range(count):
            here, key = shifted[active[a]], keys[active[a]]
            if first == 0:
                for c in range(CELL):
                    key[c] = 0
            for f in range(first, min(first + _CHUNK, d), 4):
                p0, p1, p2, p3 = panel[f], panel[f + 1], panel[f + 2], panel[f + 3]
                x0, x1, x2, x3 = here[f], here[f + 1], here[f + 2], here[f + 3]
                for c in range(CELL):
                    a0, a1, a2, a3 = x0 - p0[c], x1 - p1[c], x2 - p2[c], x3 - p3[c]
                    key[c] += (a0 * a0 + a1 * a1) + (a2 * a2 + a3 * a3)


@kernel(float32(float32[::1], uint32[::1], float32, int64[::1]))
def _push(key, ids, bound, heap):
    """Push the near keys into a heap; return the key at its root, or infinity before it is full."""
    bits = key.view(np.int32)
    for first in range(0, CELL, 32):
        near = 0
        for c in range(first, first + 32):
            near += key[c] <= bound
        if near == 0:
            continue
        for c in range(first, first + 32):
            if key[c] > bound or key[c] == np.inf:
                continue
            entry = (int64(bits[c]) << 32) | int64(ids[c])
            if entry < heap[0]:
                replace_farthest(heap, entry)
                if heap[0] >> 32 != _NOT_FULL:
                    bound = np.int32(heap[0] >> 32).view(np.float32)
    return bound


@kernel(void(float32[::1], int64, float32[::1], float32, int64[::1]), reordered=True)
def _bound_cells(squared, count, radii, cosine, first):
    """Turn squared distances from the centres into bounds on those from the rows; note the nearest cells."""
    for f in range(len(first)):
        first[f] = np.int64(2**63 - 1)
    bits = squared.view(np.int32)
    for cell in range(count):
        entry = (int64(bits[cell]) << 32) | cell
        if entry < first[0]:
            replace_farthest(first, entry)
    for cell in range(count):
        along = np.sqrt(squared[cell]) * cosine
        reached = min(along, radii[cell])
        squared[cell] += reached * (reached - _TWO * along)


@kernel(
    void(
        int64, int64, int64[::1], float32[:, ::1], float32, float32[:, ::1], float32[:, :, ::1], float32[::1],
        float32[:, :, ::1], uint32[:, ::1], int64[:, ::1],
    )
)  # fmt: skip
def seek(start, stop, order, points, cosine, centers, center_panels, radii, panels, ids, heaps):
    """Push the nearest rows of the data into the heaps of the points ``order[start] .. order[stop - 1]``.

    A row skips a cell whose rows, at an angle of at most this cosine from the direction towards it, are all
    farther than those in its full heap. An entry of a heap has the bits of a squared distance in the upper
    half and the position of a row in the data in the lower one.
    """
    cells, d = centers.shape
    bounds = np.empty((_BLOCK, len(center_panels) * CELL), np.float32)
    keys = np.empty((_BLOCK, CELL), np.float32)
    here, shifted = np.empty((_BLOCK, d), np.float32), np.empty((_BLOCK, d), np.float32)
    active, every, farthest = np.empty(_BLOCK, np.int64), np.arange(_BLOCK), np.empty(_BLOCK, np.float32)
    nearest = np.empty((_BLOCK, min(_FIRST, cells)), np.int64)
    for begin in range(start, stop, _BLOCK):
        rows = min(_BLOCK, stop - begin)
        for r in range(rows):
            farthest[r] = np.inf
            for f in range(d):
                here[r, f] = points[order[begin + r], f]
        for some in range(len(center_panels)):
            _compare(here, every, rows, center_panels, some, keys)
            for r in range(rows):
                for c in range(CELL):
                    bounds[r, some * CELL + c] = keys[r, c]
        for r in range(rows):
            _bound_cells(bounds[r], cells, radii, cosine, nearest[r])
            nearest[r].sort()
        for turn in range(nearest.shape[1]):
            for r in range(rows):
                cell = nearest[r, turn] & 0xFFFFFFFF
                if bounds[r, cell] <= farthest[r]:
                    active[0] = r
                    for f in range(d):
                        shifted[r, f] = here[r, f] - centers[cell, f]
                    _compare(shifted, active, 1, panels, cell, keys)
                    farthest[r] = _push(keys[r], ids[cell], farthest[r], heaps[order[begin + r]])
                bounds[r, cell] = np.inf
        for cell in range(cells):
            count = 0
            for r in range(rows):
                if bounds[r, cell] <= farthest[r] and bounds[r, cell] != np.inf:
                    active[count] = r
                    count += 1
                    for f in range(d):
                        shifted[r, f] = here[r, f] - centers[cell, f]
            if count == 0:
                continue
            _compare(shifted, active, count, panels, cell, keys)
            for a in range(count):
                r = active[a]
                farthest[r] = _push(keys[r], ids[cell], farthest[r], heaps[order[begin + r]])

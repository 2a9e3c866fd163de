"""Kernels of the search through cells: which rows look into a cell, comparing, and keeping the nearest.

A key is a squared distance, or with `manhattan` the sum of absolute differences. Heaps are as in
`search.keep_nearest`.
"""

import numpy as np
from numba import boolean, float32, int64, void

from .cells import CELL
from .kernel import kernel
from .search import replace_farthest

_CHUNK = 64  # features in one go: with the rows of a cell they stay in the second-level cache
_NOT_FULL = 0x7FFFFFFF  # upper half of what heaps are filled with
_ROUNDED_DOWN = np.float32(0.9999)


@kernel(
    void(float32[:, ::1], float32[::1], int64[::1], int64[:, ::1], boolean, float32[:, ::1]),
    reordered=True,
)
def compute_directly(points, excess, rows, candidates, manhattan, keys):
    """Compute the keys of each row and its candidates without cancellation."""
    for row in range(len(rows)):
        here = points[rows[row]]
        for c in range(candidates.shape[1]):
            there = points[candidates[row, c]]
            total = np.float32(0)
            if manhattan:
                for f in range(len(here)):
                    total += abs(here[f] - there[f])
            else:
                for f in range(len(here)):
                    apart = here[f] - there[f]
                    total += apart * apart
            keys[row, c] = total + (excess[rows[row]] + excess[candidates[row, c]])


@kernel(
    int64(
        float32[:, ::1],
        float32[::1],
        float32,
        int64,
        boolean,
        float32[::1],
        float32[::1],
        int64[:, ::1],
        float32[:, ::1],
        float32[::1],
        int64[::1],
        float32[::1],
    ),
    reordered=True,
)
def near_enough(
    here, center, radius, first_row, manhattan, reach, farthest, heaps, shifted, lengths, active, scale
):
    """Find the rows that may have a neighbour in a cell, and shift them to its centre.

    Returns their number. `shifted`, `lengths` and `active` receive the rows, their keys to the centre, and
    their positions; `scale` receives the greatest key so far. `first_row` is the cell's first row in the
    data.
    """
    count = 0
    for row in range(len(here)):
        length = np.float32(0)
        if manhattan:
            for f in range(len(center)):
                apart = here[row, f] - center[f]
                shifted[count, f] = apart
                length += abs(apart)
        else:
            for f in range(len(center)):
                apart = here[row, f] - center[f]
                shifted[count, f] = apart
                length += apart * apart
        if length > reach[row]:
            continue
        if heaps[row, 0] >> 32 != _NOT_FULL:
            gap = (length if manhattan else np.sqrt(length)) * _ROUNDED_DOWN - radius
            if gap > 0 and (gap if manhattan else gap * gap) > farthest[row]:
                continue
            # Nothing is nearer than 0, and among ties the first rows win.
            if farthest[row] == 0 and first_row > heaps[row, 0] & 0xFFFFFFFF:
                continue
        lengths[count] = length
        active[count] = row
        scale[row] = max(scale[row], length)
        count += 1
    return count


@kernel(void(float32[:, ::1], int64, float32[:, ::1], boolean, float32[:, ::1]), reordered=True)
def compare(shifted, count, panel, manhattan, keys):
    """Compute the products of rows with those of a cell, or the manhattan distances.

    It handles two rows and four features at once, so that vector units do more than load and store. If the
    number of rows is odd, it computes one row more.
    """
    d = panel.shape[0]
    for first in range(0, d, _CHUNK):
        for a in range(0, count, 2):
            here, also = shifted[a], shifted[a + 1]
            key, also_key = keys[a], keys[a + 1]
            if first == 0:
                for c in range(CELL):
                    key[c] = 0
                    also_key[c] = 0
            for f in range(first, min(first + _CHUNK, d), 4):
                p0, p1, p2, p3 = panel[f], panel[f + 1], panel[f + 2], panel[f + 3]
                x0, x1, x2, x3 = here[f], here[f + 1], here[f + 2], here[f + 3]
                y0, y1, y2, y3 = also[f], also[f + 1], also[f + 2], also[f + 3]
                if manhattan:
                    for c in range(CELL):
                        key[c] += abs(x0 - p0[c]) + abs(x1 - p1[c]) + abs(x2 - p2[c]) + abs(x3 - p3[c])
                        also_key[c] += abs(y0 - p0[c]) + abs(y1 - p1[c]) + abs(y2 - p2[c]) + abs(y3 - p3[c])
                else:
                    for c in range(CELL):
                        key[c] += x0 * p0[c] + x1 * p1[c] + x2 * p2[c] + x3 * p3[c]
                        also_key[c] += y0 * p0[c] + y1 * p1[c] + y2 * p2[c] + y3 * p3[c]


@kernel(
    void(
        float32[:, ::1],
        int64,
        int64[::1],
        float32,
        float32[::1],
        float32[::1],
        int64[::1],
        int64[::1],
        float32[::1],
        int64[:, ::1],
    )
)
def keep_near(keys, count, active, factor, lengths, lengths_there, ids, own, farthest, heaps):
    """Push the keys, times a factor and with two lengths added, into the heaps of the active rows.

    Most runs of 32 keys hold no near one, which vector units test quickly.
    """
    bits = keys.view(np.int32)
    for a in range(count):
        row = active[a]
        heap, key, bound = heaps[row], keys[a], farthest[row]
        for first in range(0, CELL, 32):
            near = 0
            for c in range(first, first + 32):
                key[c] = factor * key[c] + (lengths_there[c] + lengths[a])
                near += key[c] <= bound
            if near == 0:
                continue
            for c in range(first, first + 32):
                # Beyond the last row of a cell keys are infinite.
                if key[c] > bound or key[c] == np.inf or ids[c] == own[row]:
                    continue
                entry = (max(int64(bits[a, c]), 0) << 32) | ids[c]
                if entry < heap[0]:
                    replace_farthest(heap, entry)
                    if heap[0] >> 32 != _NOT_FULL:
                        bound = np.int32(heap[0] >> 32).view(np.float32)
        farthest[row] = bound


@kernel(
    void(
        float32[:, ::1],
        int64[::1],
        int64[::1],
        float32[::1],
        boolean,
        float32[::1],
        float32[::1],
        int64[:, ::1],
        float32[::1],
        float32[:, ::1],
        float32[::1],
        float32[:, :, ::1],
        float32[:, ::1],
        int64[:, ::1],
    )
)
def look_into(
    here, own, visits, excess, manhattan, reach, farthest, heaps, scale, centers, radii, panels, lengths, ids
):
    """Let rows look into cells, one cell after another; each row pushes what is near into its heap."""
    rows, d = here.shape
    shifted, here_lengths = np.zeros((rows + 1, d), np.float32), np.empty(rows, np.float32)
    active = np.empty(rows, np.int64)
    keys = np.empty((rows + 1, CELL), np.float32)
    factor = np.float32(1 if manhattan else -2)
    for cell in visits:
        count = near_enough(
            here,
            centers[cell],
            radii[cell],
            ids[cell, 0],
            manhattan,
            reach,
            farthest,
            heaps,
            shifted,
            here_lengths,
            active,
            scale,
        )
        if count == 0:
            continue
        for a in range(count):
            here_lengths[a] = 0 if manhattan else here_lengths[a] + excess[active[a]]
        compare(shifted, count, panels[cell], manhattan, keys)
        keep_near(keys, count, active, factor, here_lengths, lengths[cell], ids[cell], own, farthest, heaps)

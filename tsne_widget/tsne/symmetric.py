"""Turn conditional into joint probabilities, p_ij = (p_j|i + p_i|j) / 2n, in place.

An entry is mutual if both points are neighbours of each other; both places then get the sum. The other
entries are marked by a minus sign, counted, and also written into the row of the other point.
"""

import numpy as np
from numba import float32, float64, int64, uint32, void

from .kernel import kernel

_LEAST_P = np.float64(np.finfo(np.float32).tiny)  # smaller ones have few digits, and slow the processor down
_SCANNED = 128  # scanning this many is faster than bisecting them


@kernel(float32(float32, float32, float64))
def _joint(one, other, factor):
    joint = (float64(one) + float64(other)) * factor
    return float32(joint if joint >= _LEAST_P else 0.0)


@kernel(int64(uint32[::1], uint32))
def _scan(columns, wanted):
    """Return the place of a column, or -1; it has no branches, so that it is vectorised."""
    after = uint32(0)
    for a in range(len(columns)):
        after = max(after, uint32(a + 1) if columns[a] == wanted else uint32(0))
    return int64(after) - 1


@kernel(int64(uint32[::1], uint32))
def _find(columns, wanted):
    """Return the place of a column among ascending columns, or -1."""
    low, size = 0, len(columns)
    while size > _SCANNED:
        half = size >> 1
        if columns[low + half] <= wanted:
            low += half
        size -= half
    at = _scan(columns[low : low + size], wanted)
    return low + at if at >= 0 else -1


@kernel(void(int64, int64, float64, uint32[:, ::1], float32[:, ::1]))
def pair(start, stop, factor, columns, p):
    """Replace conditional probabilities by joint ones, looking only from lower rows to higher rows.

    In a mutual pair the lower row gets the joint probability and the higher row its negative, as a sign that
    it was found: nothing else touches these two places. A lower row that finds no counterpart marks its
    entry. `count` handles entries that no lower row has found.
    """
    for r in range(start, stop):
        for a in range(p.shape[1]):
            other = int64(columns[r, a])
            if other < r:
                continue
            back = _find(columns[other], uint32(r))
            if back < 0:
                p[r, a] = -_joint(p[r, a], float32(0), factor)
            else:
                p[r, a] = _joint(p[r, a], p[other, back], factor)
                p[other, back] = -p[r, a]


@kernel(void(int64, int64, float64, uint32[:, ::1], float32[:, ::1], int64[::1], int64[::1]))
def count(start, stop, factor, columns, p, own, incoming):
    """Finish the work of `pair`; count the entries that rows have themselves and that they get from others.

    It is not safe for several threads.
    """
    for r in range(start, stop):
        entries = 0
        for a in range(p.shape[1]):
            if columns[r, a] < r:
                p[r, a] = -p[r, a] if p[r, a] < 0.0 else -_joint(p[r, a], float32(0), factor)
            if p[r, a] != 0.0:
                entries += 1
            if p[r, a] < 0.0:
                incoming[columns[r, a]] += 1
        own[r] = entries


@kernel(void(int64, int64, uint32[:, ::1], float32[:, ::1], int64[::1], uint32[::1], float32[::1]))
def send(start, stop, columns, p, places, indices, data):
    """Write the marked entries also into the rows of the other points; not safe for several threads."""
    for r in range(start, stop):
        for a in range(p.shape[1]):
            if p[r, a] < 0.0:
                place = places[columns[r, a]]
                indices[place] = r
                data[place] = -p[r, a]
                places[columns[r, a]] = place + 1


@kernel(
    void(
        int64, int64, uint32[:, ::1], float32[:, ::1], int64[::1], int64[::1], uint32[::1], float32[::1],
        float64[::1],
    )
)  # fmt: skip
def merge(start, stop, columns, p, incoming, indptr, indices, data, p_log_p):
    """Merge the rows' own entries with received ones, which wait at the rows' ends; sum p log p.

    Both parts ascend. Writing cannot overtake the waiting entries, because the own entries fill the gap
    exactly.
    """
    k = p.shape[1]
    for r in range(start, stop):
        a, waiting, end = 0, indptr[r + 1] - incoming[r], indptr[r + 1]
        total = 0.0
        for to in range(indptr[r], end):
            while a < k and p[r, a] == 0.0:
                a += 1
            if waiting == end or (a < k and columns[r, a] < indices[waiting]):
                indices[to], data[to] = columns[r, a], abs(p[r, a])
                a += 1
            else:
                indices[to], data[to] = indices[waiting], data[waiting]
                waiting += 1
            if indices[to] > r:  # the other half is the same
                total += 2.0 * data[to] * np.log(float64(data[to]))
        p_log_p[r] = total

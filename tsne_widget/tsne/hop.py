"""Follow the nearest neighbour that is already led; see `from_sample`."""

from numba import int32, int64, uint32, void

from .kernel import kernel


@kernel(void(int64, int64, int64, int64[::1], uint32[:, ::1], int32[::1], int32[::1]))
def hop(start, stop, k, rows, indices, leaders, found):
    """Find, for each row, the leader of the nearest of its k neighbours that has one, or -1."""
    for r in range(start, stop):
        row = rows[r]
        found[r] = -1
        for a in range(k):
            leader = leaders[indices[row, a]]
            if leader >= 0:
                found[r] = leader
                break
